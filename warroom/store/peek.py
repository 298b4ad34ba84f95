"""A glance at a room's file: which incidents there are and what the rules in force name, for whoever types a command.

It costs a few milliseconds, where opening the room costs a few hundred: the file is read by SQLite itself, without the
libraries that everything else here stands on. It makes no file, waits for nobody for long, and knows nothing rather
than something wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from warroom.valueclass import dataclass

_WAIT_S = 0.1
_MOST = 200
_INCIDENTS = (
    "SELECT key, severity, title, status FROM incident "
    "ORDER BY status IN ('resolved', 'closed'), CASE WHEN status IN ('resolved', 'closed') THEN -id ELSE rank END, id "
    "LIMIT ?"
)
_BOOK = "SELECT content FROM rulebook WHERE revision = (SELECT rulebook FROM head)"


@dataclass(frozen=True, slots=True)
class Glance:
    """What was seen: incidents as (key, severity, title, status), live ones first, the worst in front, then the others,
    the newest in front; and the rules in force as they are kept."""

    incidents: tuple[tuple[str, str, str, str], ...] = ()
    book: Mapping[str, Any] = field(default_factory=dict)


def glance(target: str, *, incidents: bool = True, book: bool = True) -> Glance:
    """Look at the room at `target`, a path or its URL; nothing at all where that cannot be done. Never raises."""
    try:
        return _look(target, incidents, book)
    except Exception:  # a damaged file, another program's, one that is locked, one of a later version
        return Glance()


def _look(target: str, incidents: bool, book: bool) -> Glance:
    if (path := _file_of(target)) is None:
        return Glance()
    with closing(_connect(path)) as connection:
        lines = connection.execute(_INCIDENTS, (_MOST,)).fetchall() if incidents else ()
        row = connection.execute(_BOOK).fetchone() if book else None
    rules = json.loads(row[0]) if row is not None else {}
    return Glance(
        tuple((str(key), str(severity), str(title), str(status)) for key, severity, title, status in lines),
        rules if isinstance(rules, dict) else {},
    )


@dataclass(frozen=True, slots=True)
class LiveLine:
    """A live incident as its file has it: `rank` is its severity's (1 = worst), `due` the earliest moment at which
    something falls due, in microseconds UTC; None where nothing does."""

    key: str
    severity: str
    rank: int
    title: str
    status: str
    lead: str
    due: int | None


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What is live in a room: the first lines, how many there are in all, the faces of severities (name to glyph), and
    the room's clock as (real moment, moment in the room, speed) where its time is not the machine's."""

    room: str
    lines: tuple[LiveLine, ...]
    live: int
    glyphs: Mapping[str, str]
    clock: tuple[int, int, float] | None


_LIVE = (
    "SELECT i.key, i.severity, i.rank, i.title, i.status, i.lead, "
    "(SELECT min(d.due_at) FROM deadline d WHERE d.incident = i.id) AS due "
    "FROM incident i WHERE i.live ORDER BY i.rank, due IS NULL, due, i.id LIMIT ?"
)


def first_look(target: str, most: int) -> FirstLook | None:
    """The `most` gravest live incidents of the room at `target`; None where nothing can be said. Never raises."""
    try:
        if (path := _file_of(target)) is None:
            return None
        with closing(_connect(path)) as connection:
            row = connection.execute("SELECT room, clock_real, clock_room, clock_speed FROM meta").fetchone()
            lines = connection.execute(_LIVE, (most,)).fetchall()
            live = connection.execute("SELECT count(*) FROM incident WHERE live").fetchone()[0]
            rules = json.loads(connection.execute(_BOOK).fetchone()[0])
        glyphs = {str(name): str(each.get("glyph", "")) for name, each in rules.get("severities", {}).items()}
        clock = (row[1], row[2], row[3]) if row[1] is not None and row[3] else None
        return FirstLook(str(row[0]), tuple(LiveLine(*line) for line in lines), live, glyphs, clock)
    except Exception:  # as with a glance
        return None


def _file_of(target: str) -> str | None:
    if target.startswith("sqlite:///"):
        target = target.removeprefix("sqlite:///").partition("?")[0]
    if "://" in target or not os.path.isfile(target):  # noqa: PTH113 - no object is needed to ask
        return None
    return os.path.abspath(target)  # noqa: PTH100


def _connect(path: str) -> Any:
    driver: Any = import_module("pysqlite3" if find_spec("pysqlite3") is not None else "sqlite3")
    # A file that nobody has open is read as it stands: in its own mode SQLite would make a journal beside it.
    still = not any(Path(path + end).exists() for end in ("-wal", "-journal"))
    return driver.connect(
        f"file:{quote(path)}?mode=ro{'&immutable=1' if still else ''}", uri=True, timeout=_WAIT_S, isolation_level=None
    )
