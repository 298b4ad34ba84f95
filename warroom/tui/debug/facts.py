"""The facts: versions, terminal, settings, room, engines, messages. Pure of Textual; nothing in them is secret.

Each part is gathered by itself, and one that cannot be says why: what is broken is just what is looked for here.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from warroom import __version__
from warroom.clock import REAL
from warroom.domain.text import cell_width, clean_line, fit
from warroom.language import language
from warroom.words import mark, tr

Row = tuple[str, str]

_LIBRARIES: Final = ("textual", "rich", "sqlmodel", "SQLAlchemy", "click", "pydantic", "watchfiles")
_TERMINAL: Final = (
    "TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION", "TMUX",
    "STY", "SSH_TTY", "LANG", "LC_ALL", "NO_COLOR", "WARROOM_LINK", "TEXTUAL_FPS",
)  # fmt: skip
"""What of the environment says which terminal this is; nothing else of it is ever shown."""
_ONLY_THAT: Final = frozenset({"TMUX", "STY", "SSH_TTY", "WT_SESSION"})
"""Of these only that they are set: what they say names sockets and sessions."""

_PROGRAM, _TERM, _OWN, _ROOM, _DUTY, _OUT = (
    mark("Program"),
    mark("Terminal"),
    mark("Settings"),
    mark("Room"),
    mark("Engines"),
    mark("Messages"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known, part by part: (heading, rows of name and value)."""

    parts: tuple[tuple[str, tuple[Row, ...]], ...] = ()

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Part, name and value of each."""
        for part, rows in self.parts:
            for name, value in rows:
                yield part, name, value

    def value(self, name: str) -> str:
        """The value of that name; "" where there is none."""
        return next((value for _, each, value in self.rows() if each == name), "")


@dataclass(frozen=True, slots=True)
class Live:
    """What only a running screen knows, already in words, by part."""

    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


def gather(target: str, actor: str, live: Live | None = None, environment: Mapping[str, str] = os.environ) -> Facts:
    """All facts about this process and the room at `target`, which is opened for reading, and made by nobody."""
    more = live.rows if live is not None else {}
    room: dict[str, tuple[Row, ...]] = {}

    def of_room() -> Iterable[Row]:
        room.update(_room(target, actor))
        return room[_ROOM]

    parts = (
        (_PROGRAM, _program),
        (_TERM, lambda: _terminal(environment)),
        (_OWN, _settings),
        (_ROOM, of_room),
        (_DUTY, lambda: room.get(_DUTY, ())),
        (_OUT, lambda: room.get(_OUT, ())),
    )
    home = str(Path.home())
    made = []
    for name, make in parts:
        rows = (*_safely(make), *more.get(name, ()))
        if rows:
            made.append((tr(name), tuple((row, _short(value, home)) for row, value in rows)))
    made += [(tr(name), tuple(rows)) for name, rows in more.items() if name not in dict(parts)]
    return Facts(tuple(made))


def text(facts: Facts) -> Iterator[str]:
    """The facts as lines that can be sent to somebody."""
    wide = max((cell_width(name) for _, name, _ in facts.rows()), default=0)
    for number, (part, rows) in enumerate(facts.parts):
        if number:
            yield ""
        yield part
        for name, value in rows:
            yield f"  {fit(name, wide)}  {value}"


def _safely(make: Callable[[], Iterable[Row]]) -> tuple[Row, ...]:
    try:
        return tuple(make())
    except Exception as error:  # that it cannot be read is what has to be known
        return ((tr("cannot be read"), clean_line(f"{type(error).__name__}: {error}", 300)),)


def _short(value: str, home: str) -> str:
    cleaned = clean_line(value, 400)
    return cleaned.replace(home, "~") if len(home) > 1 else cleaned


def _program() -> Iterator[Row]:
    yield "warroom", __version__
    yield "Python", f"{platform.python_version()} {platform.python_implementation()}"
    yield tr("system"), f"{platform.system()} {platform.release()} {platform.machine()}"
    for name in _LIBRARIES:
        try:
            yield name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield name, tr("not installed")
    yield "SQLite", _sqlite()
    yield tr("language"), language()


def _sqlite() -> str:
    from warroom.store.db_driver import library_is_fixed, load_driver

    driver = load_driver()
    good = library_is_fixed(tuple(driver.sqlite_version_info))
    told = tr("may share a WAL file") if good else tr("must not write a WAL file that others share")
    return f"{driver.sqlite_version} ({driver.__name__}): {told}"


def _terminal(environment: Mapping[str, str]) -> Iterator[Row]:
    for name in _TERMINAL:
        if name in environment:
            yield name, tr("set") if name in _ONLY_THAT else environment[name] or '""'
    streams = (("stdin", sys.__stdin__), ("stdout", sys.__stdout__), ("stderr", sys.__stderr__))
    yield tr("terminals"), ", ".join(name for name, each in streams if each is not None and each.isatty()) or "—"
    yield tr("encoding"), getattr(sys.__stdout__, "encoding", None) or "—"
    for _, each in streams:
        if each is not None and each.isatty():
            size = os.get_terminal_size(each.fileno())
            yield tr("size"), f"{size.columns}x{size.lines}"
            break


def _settings() -> Iterator[Row]:
    from warroom.preferences.load import PreferencesError, read_preferences, settings_path, site_paths

    for name, path in ((tr("file"), settings_path()), *((tr("of this machine"), each) for each in site_paths())):
        yield name, f"{path}" if path.exists() else f"{path} ({tr('is not there')})"
    try:
        read = read_preferences()
    except PreferencesError as error:
        for problem in error.problems:
            yield tr("wrong"), str(problem)
        return
    from warroom.preferences.known import leaves, written

    yield (
        tr("chosen"),
        ", ".join(".".join(path) for path, value in leaves(read.preferences) if read.origin(path)) or "—",
    )
    for problem in read.warnings:
        yield tr("wrong"), str(problem)
    own = read.preferences
    yield tr("theme"), own.theme or tr("as the terminal is")
    yield tr("link"), own.link
    yield tr("mouse"), written(own.mouse)


def _room(target: str, actor: str) -> Mapping[str, tuple[Row, ...]]:
    from warroom.rulebook.load import seed_rulebook
    from warroom.service.session import Session
    from warroom.store import outbox_read

    shown = target.rpartition("@")[2] if "://" in target else target
    if "://" not in target and not Path(target).exists():
        return {_ROOM: ((tr("database"), f"{shown} ({tr('is not there')})"),)}
    with Session(target, actor=actor, seed=seed_rulebook, readonly=True, create=False) as session:
        facts = session.database.facts()
        now, view, kept = session.clock(), session.board(), outbox_read.listing(session.database, most=1000)
        seq, schema = session.seq(), session.standing.schema_version
    rows: list[Row] = [
        (tr("database"), str(facts.path or shown)),
        (tr("kind"), f"{facts.backend} {facts.library_version} ({facts.driver})"),
        (tr("journal"), f"{facts.journal_mode}, synchronous {facts.synchronous}"),
        (tr("schema"), str(schema)),
        (tr("size of it"), _sizes(facts.path)),
        (tr("file system"), facts.filesystem or "—"),
        *((tr("may be used by ({name})").format(name=name), told) for name, told in facts.places()),
        (tr("events"), str(seq)),
        (tr("incidents"), tr("{count} live").format(count=len(view.lines))),
        (tr("room's time"), f"{now:%Y-%m-%d %H:%M:%S} UTC" + _speed(session.room_clock.speed)),
        *((tr("mind"), told) for told in facts.warnings),
    ]
    engines = tuple(
        (
            each.name,
            tr("{kind}, process {pid}, seen {seconds} s ago, late by {lag} ms{gone}").format(
                kind=tr(each.kind),
                pid=each.pid,
                seconds=max(0, int((REAL() - each.seen_at).total_seconds())),
                lag=round(each.lag.total_seconds() * 1000),
                gone="" if each.alive else f", {each.note or tr('gone')}",
            ),
        )
        for each in view.engines
    ) or ((tr("none"), tr("nothing fires until one is started: warroom engine")),)
    return {_ROOM: tuple(rows), _DUTY: engines, _OUT: tuple(_messages(kept))}


def _messages(kept: Sequence[object]) -> Iterator[Row]:
    states: dict[str, int] = {}
    errors: list[tuple[datetime | None, str, str]] = []
    for each in kept:
        state = str(getattr(each, "state", ""))
        states[state] = states.get(state, 0) + 1
        if error := str(getattr(each, "error", "")):
            errors.append((getattr(each, "next_at", None), state, error))
    yield (
        tr("of the latest {count}").format(count=len(kept)),
        ", ".join(f"{count} {tr(state)}" for state, count in sorted(states.items())) or "—",
    )
    for _, state, error in errors[:3]:  # newest first
        yield tr("last error"), f"{tr(state)}: {clean_line(error, 200)}"


def _sizes(path: Path | None) -> str:
    if path is None:
        return "—"
    found = []
    for end in ("", "-wal", "-journal"):
        file = Path(f"{path}{end}")
        if file.exists():
            found.append(f"{end or tr('file')} {file.stat().st_size / 1024:,.0f} KiB")
    return ", ".join(found)


def _speed(speed: float) -> str:
    return "" if speed == 1 else f", {speed:g}x"
