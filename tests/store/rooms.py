"""Rooms on real files for the tests of the write path: made quickly, with invented rules, and read back whole."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.support.books import BOOK, T0
from warroom.domain.book import Rulebook
from warroom.rulebook.convert import revision_of
from warroom.store import revisions, schema, sqlite
from warroom.store import tables as t
from warroom.store.database import Database
from warroom.store.write import Writer

Dump = dict[str, list[tuple[Any, ...]]]

TABLES = (
    *(t.MetaRow, t.HeadRow, t.EventRow, t.RulebookRow, t.IncidentRow, t.RoleRow, t.PageRow, t.UpdateRow),
    *(t.DeadlineRow, t.AttendanceRow, t.OutboxRow, t.PresenceRow),
)
PROJECTED = ("incident", "role", "page", "comms_update", "deadline", "attendance")

_counter = itertools.count(1)


@dataclass
class Hands:
    """A clock that stands still until a test moves it."""

    now: datetime = T0

    def __call__(self) -> datetime:
        return self.now

    def seconds_until(self, at: datetime) -> float:
        return (at - self.now).total_seconds()

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def published(book: Rulebook) -> tuple[Rulebook, schema.Rules]:
    """An invented rulebook as a revision that a database can hold.

    The domain's values have no files behind them, so they are put where revisions that were read once are kept.
    """
    content = json.dumps({"invented": next(_counter)})
    named = replace(book, revision=revision_of(content))
    revisions._books[named.revision] = named
    return named, schema.Rules(named.revision, content, named.room)


@contextmanager
def room(path: Path, book: Rulebook = BOOK, clock: Hands | None = None) -> Iterator[tuple[Writer, Rulebook, Hands]]:
    """A room at `path`, made if it is not there, in which `book` is in force from now on."""
    hands = clock or Hands()
    named, rules = published(book)
    with Database.open(path, login="tester") as database:
        schema.prepare(database, lambda: rules, login="tester", now=hands)
        writer = Writer(database)
        writer.publish(rules, actor="tester", now=hands)
        yield writer, named, hands


def dump(database: Database, *tables: str) -> Dump:
    """Every row of every table (or of those named), in the order of their keys."""
    out: Dump = {}
    with database.read() as c:
        for model in TABLES:
            table = t.table(model)
            if not tables or table.name in tables:
                rows = c.execute(select(table).order_by(*table.primary_key.columns)).all()
                out[table.name] = [tuple(row) for row in rows]
    return out


def raw(path: Path) -> Any:
    """The file as another program sees it, which knows neither gate nor rules."""
    return sqlite.load_driver().connect(str(path), isolation_level=None)
