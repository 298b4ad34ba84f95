"""Checking a room: the seal on the record, the file itself, and that every row says what the events say (R11).

`examine` reads only. `rebuild` throws the projections away and makes them anew from the events, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from warroom.domain.book import Rulebook
from warroom.domain.messages import outgoing
from warroom.domain.room import Room, evolve
from warroom.store import schema
from warroom.store import tables as t
from warroom.store.chain import GENESIS, seal
from warroom.store.codec import UnknownEvent
from warroom.store.database import Database
from warroom.store.projection import Row, children_of, incident_row, update_of
from warroom.store.queries import entry_of
from warroom.store.write import DEADLINE, EVENT, HEAD, INCIDENT, OUTBOX, PAGE, ROLE, UPDATE, load_book

PAGE_OF_EVENTS = 2000
SHOWN = 20
"""How many findings of one kind are spelled out; the others are counted."""

_NEXT = select(EVENT).where(EVENT.c.seq > bindparam("after")).order_by(EVENT.c.seq).limit(PAGE_OF_EVENTS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked. `good` False: something is wrong, and `what` says what and what to do."""

    check: str
    good: bool
    what: str


@dataclass(slots=True)
class _Replay:
    """The room of every incident as the record has it, with what else is projected from single events."""

    rooms: dict[int, Room] = field(default_factory=dict)
    updates: dict[tuple[int, int], Row] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    seq: int = 0
    hash: str = GENESIS
    broken: list[str] = field(default_factory=list)


def examine(database: Database) -> list[Finding]:
    """Every check, in an order in which they explain each other."""
    found = list(_facts(database))
    standing = schema.standing(database)
    found.append(
        Finding("schema", standing.writable, f"schema {standing.schema_version}, this program knows {t.SCHEMA_VERSION}")
    )
    with database.read() as c:
        try:
            replay = _replay(c)
        except UnknownEvent as error:
            return [*found, Finding("record", False, str(error))]
        found.extend(_chain(c, replay))
        found.extend(_projections(c, replay))
        found.append(_outbox(c, replay))
    return found


def _facts(database: Database) -> Iterator[Finding]:
    facts = database.facts()
    yield Finding(
        "library",
        facts.fixed_library or facts.journal_mode != "wal",
        f"{facts.backend} {facts.library_version} by {facts.driver}, journal {facts.journal_mode}, "
        f"synchronous {facts.synchronous}, file system {facts.filesystem}",
    )
    permissions = ", ".join(f"{name} {mode}" for name, mode in facts.permissions.items())
    yield Finding("permissions", True, permissions or "not a file")
    for warning in facts.warnings:
        yield Finding("advice", True, warning)
    wrong = database.integrity()
    yield Finding("integrity", not wrong, "; ".join(wrong) if wrong else "every page of the file is sound")


def events(c: Connection) -> Iterator[Any]:
    """All rows of the record in order, in pages, never by offset."""
    after = 0
    while rows := c.execute(_NEXT, {"after": after}).all():
        yield from rows
        after = rows[-1].seq


def _replay(c: Connection) -> _Replay:
    out = _Replay()
    books: dict[int, Rulebook] = {}
    for row in events(c):
        out.seq += 1
        sealed = seal(out.hash, row.seq, row.incident, row.version, row.kind, row.at, row.due, row.actor, row.data)
        if row.seq != out.seq:
            out.broken.append(f"event {out.seq} is missing")
            out.seq = row.seq
        if sealed != row.hash:
            out.broken.append(f"event {row.seq} (incident {row.incident}, {row.kind}) is not what was sealed")
        out.hash = row.hash
        entry = entry_of(row)
        try:
            room = evolve(out.rooms.get(row.incident), entry)
        except (ValueError, KeyError) as error:
            out.broken.append(f"event {row.seq} does not follow from those before it: {error}")
            continue
        out.rooms[row.incident] = room
        if row.version != room.version:
            out.broken.append(f"event {row.seq} says version {row.version} of incident {row.incident}")
        update = update_of(row.incident, row.version, entry)
        if update is not None:
            out.updates[row.incident, row.version] = update
        book = books.get(row.incident)
        if book is None:
            book = books[row.incident] = load_book(c, room.incident.revision)
        for n, _ in enumerate(outgoing(room, entry, book), 1):
            out.messages[f"{room.incident.key}/{row.version}/{n}"] = row.incident
    return out


def _chain(c: Connection, replay: _Replay) -> Iterator[Finding]:
    head = c.execute(select(HEAD)).one()
    if (head.seq, head.hash) != (replay.seq, replay.hash) and not replay.broken:
        replay.broken.append(f"the record ends at event {replay.seq}, its head says {head.seq}: its end was cut off")
    what = _some(replay.broken) or f"{replay.seq} events, sealed; the last is {replay.seq} {replay.hash[:16]}"
    yield Finding("record", not replay.broken, what)


def _projections(c: Connection, replay: _Replay) -> Iterator[Finding]:
    expected: dict[str, dict[tuple[Any, ...], Row]] = {n: {} for n in ("incident", "role", "page", "deadline")}
    for number, room in replay.rooms.items():
        children = children_of(number, room)
        book = load_book(c, room.incident.revision)
        expected["incident"][(number,)] = incident_row(number, room, book)
        expected["role"].update(children.role)
        expected["page"].update(children.page)
        expected["deadline"].update(children.deadline)
    for name, table in (("incident", INCIDENT), ("role", ROLE), ("page", PAGE), ("deadline", DEADLINE)):
        yield _compare(c, name, table, expected[name])
    yield _compare(c, "comms_update", UPDATE, dict(replay.updates))


def _compare(c: Connection, name: str, table: Any, expected: dict[tuple[Any, ...], Row]) -> Finding:
    keys = [column.name for column in table.primary_key.columns]
    wrong = []
    seen = set()
    for row in c.execute(select(table)).mappings():
        key = tuple(row[k] for k in keys)
        seen.add(key)
        if key not in expected:
            wrong.append(f"{name} {key} has no event")
        elif dict(row) != expected[key]:
            differs = sorted(k for k in expected[key] if row[k] != expected[key][k])
            wrong.append(f"{name} {key} differs in {', '.join(differs)}")
    wrong.extend(f"{name} {key} is missing" for key in expected if key not in seen)
    what = _some(wrong) or f"{len(expected)} rows as the events have them"
    return Finding(f"rows of {name}", not wrong, f"{what}: run warroom doctor --rebuild" if wrong else what)


def _outbox(c: Connection, replay: _Replay) -> Finding:
    there = set(c.execute(select(OUTBOX.c.id)).scalars())
    wrong = [f"message {key} was never written" for key in replay.messages if key not in there]
    wrong += [f"message {key} has no event" for key in there if key not in replay.messages]
    states: dict[str, int] = {}
    for state in c.execute(select(OUTBOX.c.state)).scalars():
        states[state] = states.get(state, 0) + 1
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "no messages"
    return Finding("outbox", not wrong, _some(wrong) or counted)


def _some(problems: list[str]) -> str:
    more = f" and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    return "; ".join(problems[:SHOWN]) + more


def rebuild(database: Database, progress: Callable[[str], None] = lambda _: None) -> int:
    """Make every projected row anew from the events; returns the number of incidents.

    The record itself, the outbox, presence and the rules are left alone. Raises `ValueError` and changes nothing when
    the record does not fold; a broken seal is no hindrance, since the rows are no truer than the record either way.
    """
    with database.write() as c:
        replay = _replay(c)
        folds = [problem for problem in replay.broken if "does not follow" in problem]
        if folds:
            raise ValueError(_some(folds))
        for table in (ROLE, PAGE, DEADLINE, UPDATE, INCIDENT):
            c.execute(delete(table))
        for number, room in replay.rooms.items():
            c.execute(insert(INCIDENT), [incident_row(number, room, load_book(c, room.incident.revision))])
            children = children_of(number, room)
            for table, rows in ((ROLE, children.role), (PAGE, children.page), (DEADLINE, children.deadline)):
                if rows:
                    c.execute(insert(table), list(rows.values()))
        if replay.updates:
            c.execute(insert(UPDATE), list(replay.updates.values()))
        progress(f"{len(replay.rooms)} incidents from {replay.seq} events")
    return len(replay.rooms)
