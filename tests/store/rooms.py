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
from warroom.rulebook.convert import Loaded, revision_of
from warroom.rulebook.load import read_rulebook
from warroom.store import schema, sqlite, write
from warroom.store import tables as t
from warroom.store.database import Database
from warroom.store.write import Writer

Dump = dict[str, list[tuple[Any, ...]]]

TABLES = (
    *(t.MetaRow, t.HeadRow, t.EventRow, t.RulebookRow, t.IncidentRow, t.RoleRow, t.PageRow, t.UpdateRow),
    *(t.DeadlineRow, t.OutboxRow, t.PresenceRow),
)
PROJECTED = ("incident", "role", "page", "comms_update", "deadline")

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
    write._books[named.revision] = named
    return named, schema.Rules(named.revision, content, named.room)


@contextmanager
def room(path: Path, book: Rulebook = BOOK, clock: Hands | None = None) -> Iterator[tuple[Writer, Rulebook, Hands]]:
    """A room at `path`, made if it is not there, in which `book` is in force from now on."""
    hands = clock or Hands()
    named, rules = published(book)
    with Database.open(path, login="tester") as database:
        schema.prepare(database, lambda: rules, login="tester", now=hands)
        with database.write() as c:
            schema.publish(c, rules, "tester", hands())
            schema.put_in_force(c, rules.revision)
        yield Writer(database), named, hands


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


def quick_rules(ack: str = "1s", levels: int = 5, repeat: int = 3, resolve: str = "9s", cycles: int = 20) -> Loaded:
    """A checked rulebook of which nearly everything falls due every second or so, for tests that run in real time.

    SEV1 pages without end, SEV2 pages nobody and only has to be told about every hour.
    """
    text = f"""
room: {{name: quick, prefix: Q}}
severities:
  SEV1:
    rank: 1
    glyph: ◆
    title: critical
    major: true
    policy: storm
    cadence:
      internal: {{first: 2s, every: 3s}}
    roles: {{incident-manager: 2s}}
  SEV2:
    rank: 2
    glyph: ▲
    title: quiet
    major: false
    cadence:
      internal: {{first: 1h, every: 1h}}
role_defaults: {{remind_every: 2s, remind_times: 100, offer_lapses: 2s}}
roles:
  incident-manager: {{title: incident manager, pool: [oncall:first]}}
policies:
  storm:
    levels:
""" + "".join(
        f"""
      - label: level {number}
        targets: [oncall:first, "channel:#level{number}"]
        ack_timeout: {ack}
        resolve_timeout: {resolve}
        repeat: {repeat}
"""
        for number in range(1, levels + 1)
    )
    rest = f"""
    cycles: {cycles}
    then: ["channel:#last"]
people:
  ada: {{name: Ada, contacts: {{chat: "@ada"}}}}
oncall: {{first: [ada]}}
teams: {{}}
chat_rooms:
  "#last": the last resort
""" + "".join(f'  "#level{number}": level {number}\n' for number in range(1, levels + 1))
    tail = """
channels:
  internal: {title: internal, audience: internal}
reminders:
  - {after: 0s, to: [role:incident-manager]}
  - {after: 2s, to: [level:next]}
watch: {channel: internal, cadence: 30m}
"""
    return read_rulebook({"quick.yaml": (text + rest + tail).encode()})
