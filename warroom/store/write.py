"""The one write path: whatever a person, an importer or time asks for goes through `Writer`.

One transaction: lock, load the room, decide, append the events, update the rows, the deadlines and the outbox, and last
of all the head. Locks are taken in that order everywhere: incident, deadline, outbox, head. Every write says which
version it rests on, so that no update is lost on any database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, Command, Context, Entry, Refused
from warroom.domain.desk import Desk, RulesPublished, decide_desk, evolve_desk
from warroom.domain.duty import Duty
from warroom.domain.incident import Declare
from warroom.domain.room import Room, Tick, decide, evolve
from warroom.domain.watch import Watch
from warroom.rulebook.convert import from_json
from warroom.store import besides, schema
from warroom.store import tables as t
from warroom.store.chain import seal
from warroom.store.codec import decode_room, encode, encode_desk, from_us, maybe_us, to_us
from warroom.store.database import Database
from warroom.store.projection import Children, Row, changes, children_of, incident_row, messages_of, turns_of, update_of

DESK_NUMBER = 0
"""Under which number the desk's events stand in the record; incidents count from 1."""
BATCH = 100
"""How many incidents one transaction of the engine moves on at most, so that a person never waits for a storm."""
SLICE_S = 0.025
"""After how long such a transaction takes up no further incident, in seconds: with many engines on a busy machine a
person stands in line behind one such slice of each."""

EVENT, INCIDENT, ROLE, PAGE = (t.table(m) for m in (t.EventRow, t.IncidentRow, t.RoleRow, t.PageRow))
UPDATE, DEADLINE, OUTBOX, HEAD = (t.table(m) for m in (t.UpdateRow, t.DeadlineRow, t.OutboxRow, t.HeadRow))
RULEBOOK, DESK, TURN = (t.table(m) for m in (t.RulebookRow, t.DeskRow, t.TurnRow))

_BY_KEY = select(INCIDENT.c.id, INCIDENT.c.room).where(INCIDENT.c.key == bindparam("k")).with_for_update()
_BY_ID = select(INCIDENT.c.id, INCIDENT.c.room).where(INCIDENT.c.id == bindparam("k")).with_for_update()
_BY_SOURCE = (
    select(INCIDENT.c.id, INCIDENT.c.room)
    .where(INCIDENT.c.provider == bindparam("p"), INCIDENT.c.source_id == bindparam("s"))
    .with_for_update()
)
_HEAD = select(HEAD.c.seq, HEAD.c.hash, HEAD.c.incidents, HEAD.c.rulebook).with_for_update()
_MOVE_HEAD = (
    update(HEAD)
    .where(HEAD.c.seq == bindparam("old"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"), incidents=bindparam("new_incidents"))
)
_IN_FORCE = update(HEAD).values(rulebook=bindparam("revision"))
_MOVE_DESK = (
    update(DESK)
    .where(DESK.c.version == bindparam("old_version"))
    .values(version=bindparam("new_version"), state=bindparam("new_state"))
)
_NEXT_TURN = update(TURN).where(TURN.c.policy == bindparam("name")).values(turns=TURN.c.turns + bindparam("more"))
_MOVE_INCIDENT = (
    update(INCIDENT)
    .where(INCIDENT.c.id == bindparam("the_id"), INCIDENT.c.version == bindparam("old_version"))
    .values({c.name: bindparam(c.name) for c in INCIDENT.c if c.name != "id"})
)
_NEXT_DUE = select(func.min(DEADLINE.c.due_at))
_NEXT_DUE_BUT = select(func.min(DEADLINE.c.due_at)).where(DEADLINE.c.incident.not_in(bindparam("skip", expanding=True)))
_DUE = (
    select(DEADLINE.c.incident, func.min(DEADLINE.c.due_at).label("first"))
    .where(DEADLINE.c.due_at <= bindparam("now"))
    .group_by(DEADLINE.c.incident)
    .order_by("first", DEADLINE.c.incident)
    .limit(bindparam("most"))
)
_STILL_DUE = select(DEADLINE.c.name).where(DEADLINE.c.incident == bindparam("k"), DEADLINE.c.due_at <= bindparam("now"))


class Conflict(Exception):
    """Somebody else wrote between our read and our write; the transaction was rolled back and may be tried again."""


class NoSuchIncident(Refused):
    """There is no incident of that key in this room."""


class _Broken(Exception):
    """The rows of one incident contradict each other, so that its step cannot be written; it was rolled back."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(number, reason)
        self.number, self.reason = number, reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: the incident's key and number, its entries, the room after it, and the last event's number.

    `entries` is empty when nothing followed.
    """

    key: str
    number: int
    entries: tuple[Entry, ...]
    room: Room
    seq: int


@dataclass(frozen=True, slots=True)
class DeskOutcome:
    """What a command did on the desk: its entries, the desk after it, and the last event's number."""

    entries: tuple[Entry, ...]
    desk: Desk
    seq: int


@dataclass(frozen=True, slots=True)
class TickReport:
    """What one pass of the engine did. `lag_s` is by how much its latest step came after it fell due, in seconds;
    `more` says that others may be waiting.

    `failed` holds incidents that could not be moved on, with the reason; the others are not held up by them.
    """

    steps: int = 0
    lag_s: float = 0.0
    more: bool = False
    failed: tuple[tuple[int, str], ...] = ()


class Writer:
    """Carries out commands and timer steps on one database. Belongs to one thread, as its database does."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # Commands ------------------------------------------------------------------------------------------------------

    def execute(self, command: Command, *, key: str = "", actor: str, now: Callable[[], datetime]) -> Outcome:
        """Carry out a command on the incident `key`; `Declare` and `Watch` need none.

        `now` is read once the lock is held, so that the record's times are in the record's order. Raises `Refused`
        (nothing was done) and the database's own errors (nothing was done either).
        """
        with self.database.write() as c:
            schema.may_write(c, self.database)
            return self._execute(c, command, key, actor, now())

    def execute_all(self, commands: Iterable[Command], *, actor: str, now: Callable[[], datetime]) -> list[Outcome]:
        """Carry out many commands that need no key (an import) in one transaction: all of them or none."""
        with self.database.write() as c:
            schema.may_write(c, self.database)
            return [self._execute(c, command, "", actor, now()) for command in commands]

    def _execute(self, c: Connection, command: Command, key: str, actor: str, now: datetime) -> Outcome:
        found: Any = None
        if isinstance(command, Watch):
            found = c.execute(_BY_SOURCE, {"p": command.provider, "s": command.source_id}).first()
        elif not isinstance(command, Declare):
            found = c.execute(_BY_KEY, {"k": key}).first()
            if found is None:
                raise NoSuchIncident(f"there is no incident {key} here: see warroom list --all")
        if found is not None:
            number, room = int(found.id), decode_room(found.room)
            book = self.book(c, room.incident.revision)
        else:
            assert isinstance(command, Declare | Watch)
            head = c.execute(_HEAD).one()
            number, room = int(head.incidents) + 1, None
            book = self.book(c, head.rulebook)
            command = replace(command, key=f"{book.prefix}-{number}")
        entries = decide(room, command, Context(now, actor, book, besides.duty(c, number, now)))
        if not entries:
            assert room is not None
            return Outcome(room.incident.key, number, (), room, 0)
        plan = _plan(number, room, entries, book)
        return Outcome(plan.room.incident.key, number, entries, plan.room, self._carry_out(c, plan))

    # The desk ------------------------------------------------------------------------------------------------------

    def at_desk(self, command: Command, *, actor: str, now: Callable[[], datetime]) -> DeskOutcome:
        """Carry out a command that belongs to no incident: overrides, absences, swaps. Raises as `execute` does."""
        with self.database.write() as c:
            schema.may_write(c, self.database)
            moment = now()
            context = Context(moment, actor, self.book(c, c.execute(_HEAD).one().rulebook))
            desk = besides.desk(c, locked=True)
            return self._at_desk(c, desk, decide_desk(desk, command, context))

    def publish(self, rules: schema.Rules, *, actor: str, now: Callable[[], datetime]) -> DeskOutcome:
        """Put a revision of the rules in force for incidents that begin from now on; running ones keep theirs.

        Publishing what is in force already changes nothing.
        """
        with self.database.write() as c:
            schema.may_write(c, self.database)
            moment, before = now(), str(c.execute(_HEAD).one().rulebook)
            desk = besides.desk(c, locked=True)
            if before == rules.revision:
                return DeskOutcome((), desk, 0)
            schema.publish(c, rules, actor, moment)
            c.execute(_IN_FORCE, {"revision": rules.revision})
            return self._at_desk(c, desk, (Entry(moment, actor, RulesPublished(rules.revision, before)),))

    def _at_desk(self, c: Connection, desk: Desk, entries: tuple[Entry, ...]) -> DeskOutcome:
        rows, after = [], desk
        for entry in entries:
            after = evolve_desk(after, entry)
            rows.append(event_row(DESK_NUMBER, after.version, entry))
        moved = c.execute(
            _MOVE_DESK, {"old_version": desk.version, "new_version": after.version, "new_state": encode_desk(after)}
        )
        if moved.rowcount != 1:
            raise Conflict("the desk changed while it was being written")
        return DeskOutcome(entries, after, self._seal(c, rows, new_incident=False))

    # Time ----------------------------------------------------------------------------------------------------------

    def next_due(self, skip: frozenset[int] = frozenset()) -> datetime | None:
        """When the next step falls due, read without any lock; None when nothing is armed.

        `skip` names incidents to leave alone.
        """
        with self.database.read() as c:
            us = (c.execute(_NEXT_DUE_BUT, {"skip": sorted(skip)}) if skip else c.execute(_NEXT_DUE)).scalar()
        return None if us is None else from_us(us)

    def tick(self, now: Callable[[], datetime], skip: frozenset[int] = frozenset()) -> TickReport:
        """Take the steps that fell due, of up to `BATCH` incidents and for about `SLICE_S`; what is left follows in
        the next call. `skip` names incidents to leave alone."""
        failed: list[tuple[int, str]] = []
        while True:
            try:
                with self.database.write() as c:
                    schema.may_write(c, self.database)
                    return self._tick(c, now(), skip | {number for number, _ in failed}, failed)
            except _Broken as broken:
                failed.append((broken.number, broken.reason))

    def _tick(self, c: Connection, moment: datetime, skip: frozenset[int], failed: list[tuple[int, str]]) -> TickReport:
        rows = c.execute(_DUE, {"now": to_us(moment), "most": BATCH + len(skip)}).all()
        steps, lag, more = 0, 0.0, len(rows) >= BATCH
        began = time.monotonic()
        for number in [int(row.incident) for row in rows if row.incident not in skip][:BATCH]:
            if steps and time.monotonic() - began > SLICE_S:
                more = True
                break
            found, duty = c.execute(_BY_ID, {"k": number}).first(), besides.duty(c, number, moment)
            try:
                plan = self._step(c, number, found and found.room, moment, duty)
            except SQLAlchemyError:
                raise
            except Exception as error:  # whatever is wrong with one incident, the others are not held up by it
                failed.append((number, f"{type(error).__name__}: {error}"))
                continue
            if plan is None:
                continue
            try:
                self._carry_out(c, plan)
            except (IntegrityError, Conflict) as error:
                # Rolls back what this transaction did so far; it is done again without this incident.
                raise _Broken(number, f"{plan.room.incident.key}: its rows contradict each other ({error})") from error
            steps += len(plan.events)
            lag = max([lag, *(e.late.total_seconds() for e in plan.entries if e.late is not None)])
        return TickReport(steps, lag, more, tuple(failed))

    def _step(self, c: Connection, number: int, data: str | None, now: datetime, duty: Duty) -> _Plan | None:
        """Decide one incident's step, None when there is none (any more); nothing is written yet, so that whatever
        fails here leaves no trace."""
        if data is None:
            raise LookupError(f"incident {number} has a deadline and no row: run warroom doctor")
        room = decode_room(data)
        book = self.book(c, room.incident.revision)
        entries = decide(room, Tick(), Context(now, ENGINE, book, duty))
        if not entries:
            # On a database that lets two write at once, another engine may have taken the step since we looked.
            if c.execute(_STILL_DUE, {"k": number, "now": to_us(now)}).first() is None:
                return None
            raise LookupError(f"{room.incident.key} has a deadline that is none of its own: run warroom doctor")
        return _plan(number, room, entries, book)

    # The transaction's second half ---------------------------------------------------------------------------------

    def _carry_out(self, c: Connection, plan: _Plan) -> int:
        """Write what was decided; returns the number of the last event."""
        if plan.before is None:
            c.execute(insert(INCIDENT), [plan.row])
        else:
            values = {name: value for name, value in plan.row.items() if name != "id"}
            moved = c.execute(_MOVE_INCIDENT, {**values, "the_id": plan.number, "old_version": plan.before.version})
            if moved.rowcount != 1:
                raise Conflict(f"{plan.room.incident.key} changed while it was being written")
        old, new = plan.children
        for table, was, becomes in (
            (ROLE, old.role, new.role),
            (PAGE, old.page, new.page),
            (DEADLINE, old.deadline, new.deadline),
        ):
            write_changes(c, table, *changes(was, becomes))
        if plan.updates:
            c.execute(insert(UPDATE), plan.updates)
        for policy, more in turns_of(plan.entries).items():
            if c.execute(_NEXT_TURN, {"name": policy, "more": more}).rowcount == 0:
                c.execute(insert(TURN), {"policy": policy, "turns": more})
        if plan.messages:
            c.execute(insert(OUTBOX), plan.messages)
        return self._seal(c, plan.events, new_incident=plan.before is None)

    def _seal(self, c: Connection, events: list[Row], *, new_incident: bool) -> int:
        head = c.execute(_HEAD).one()
        seq, hashed = int(head.seq), str(head.hash)
        for row in events:
            seq += 1
            hashed = seal(hashed, seq, **row)
            row["seq"], row["hash"] = seq, hashed
        c.execute(insert(EVENT), events)
        incidents = head.incidents + 1 if new_incident else head.incidents
        moved = c.execute(_MOVE_HEAD, {"old": head.seq, "new_seq": seq, "new_hash": hashed, "new_incidents": incidents})
        if moved.rowcount != 1:
            raise Conflict("the record grew while it was being written")
        return seq

    # Rules ---------------------------------------------------------------------------------------------------------

    def book(self, c: Connection, revision: str) -> Rulebook:
        """The rules of a revision, as they were published into this database."""
        return load_book(c, revision)


@dataclass(frozen=True, slots=True)
class _Plan:
    """All rows that one decision writes, worked out before the first of them is touched.

    `before` is None for an incident that begins; `children` are its rows before and after.
    """

    number: int
    before: Room | None
    room: Room
    entries: tuple[Entry, ...]
    row: Row
    children: tuple[Children, Children]
    events: list[Row]
    updates: list[Row]
    messages: list[Row]


def _plan(number: int, before: Room | None, entries: tuple[Entry, ...], book: Rulebook) -> _Plan:
    room, version = before, 0 if before is None else before.version
    events: list[Row] = []
    updates: list[Row] = []
    messages: list[Row] = []
    for entry in entries:
        room, version = evolve(room, entry), version + 1
        events.append(event_row(number, version, entry))
        row = update_of(number, version, entry)
        if row is not None:
            updates.append(row)
        messages.extend(messages_of(number, version, room, entry, book))
    assert room is not None
    children = children_of(number, before), children_of(number, room)
    return _Plan(number, before, room, entries, incident_row(number, room, book), children, events, updates, messages)


def event_row(number: int, version: int, entry: Entry) -> Row:
    """An entry as a row of the record, but for its number and seal."""
    return {
        "incident": number,
        "version": version,
        "kind": entry.event.kind,
        "at": to_us(entry.at),
        "due": maybe_us(entry.due),
        "actor": str(entry.actor),
        "data": encode(entry.event),
    }


def load_book(c: Connection, revision: str) -> Rulebook:
    """The rules of a revision; raises `Refused` when the database does not hold it."""
    book = _books.get(revision)
    if book is None:
        content = c.execute(select(RULEBOOK.c.content).where(RULEBOOK.c.revision == revision)).scalar()
        if content is None:
            raise Refused(f"this room does not hold revision {revision} of the rules: run warroom doctor")
        book = _books[revision] = from_json(content).book
    return book


_books: dict[str, Rulebook] = {}
"""Revisions are immutable and named by their content, so that they may be kept for as long as the process lives."""


def write_changes(
    c: Connection, table: Any, inserted: list[Row], updated: list[Row], deleted: list[tuple[Any, ...]]
) -> None:
    """Write one table's changes with prebuilt statements."""
    insertion, changing, deletion = _statements(table)
    if deleted:
        c.execute(deletion, [{f"k{n}": part for n, part in enumerate(key)} for key in deleted])
    if updated:
        names = [column.name for column in table.primary_key.columns]
        c.execute(changing, [{**row, **{f"k{n}": row[name] for n, name in enumerate(names)}} for row in updated])
    if inserted:
        c.execute(insertion, inserted)


@lru_cache
def _statements(table: Any) -> tuple[Any, Any, Any]:
    keys = list(table.primary_key.columns)
    is_row = [column == bindparam(f"k{n}") for n, column in enumerate(keys)]
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in table.c if column not in keys}
    return insert(table), update(table).where(*is_row).values(values), delete(table).where(*is_row)
