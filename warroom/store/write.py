"""The one write path: whatever a person, an importer or time asks for goes through `Writer`.

One transaction: lock, load the room, decide, append the events, update the rows, the deadlines and the outbox, and last
of all the head. Locks are taken in that order everywhere: incident, deadline, outbox, head. Every write says which
version it rests on, so that no update is lost on any database.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, Command, Context, Entry
from warroom.domain.desk import Desk, RulesPublished, decide_desk, evolve_desk
from warroom.domain.incident import Declare
from warroom.domain.moving import MoveToRules
from warroom.domain.room import Room, Tick, decision
from warroom.domain.rules import HOLD, LookAtHold
from warroom.domain.watch import Watch
from warroom.store import besides, due, schema
from warroom.store import plan as plans
from warroom.store import tables as t
from warroom.store.codec import decode_room, encode_desk
from warroom.store.database import Database
from warroom.store.other_incidents import NoSuchIncident, completed, locked, plans_for_others
from warroom.store.plan import DEADLINE, EVENT, HEAD, INCIDENT, OUTBOX, PAGE, ROLE, TURN, UPDATE, Conflict, Plan
from warroom.store.revisions import load_book
from warroom.valueclass import dataclass
from warroom.words import tr

__all__ = [
    "BATCH",
    "DEADLINE",
    "DESK",
    "DESK_NUMBER",
    "EVENT",
    "HEAD",
    "INCIDENT",
    "OUTBOX",
    "PAGE",
    "ROLE",
    "SLICE_S",
    "TURN",
    "UPDATE",
    "Conflict",
    "DeskOutcome",
    "NoSuchIncident",
    "Outcome",
    "TickReport",
    "Writer",
]

DESK_NUMBER = 0
"""Under which number the desk's events stand in the record; incidents count from 1."""
BATCH = 100
"""How many incidents one transaction of the engine moves on at most, so that a person never waits for a storm."""
SLICE_S = 0.025
"""After how long such a transaction takes up no further incident, in seconds: with many engines on a busy machine a
person stands in line behind one such slice of each."""

DESK = t.table(t.DeskRow)

# In the order of their numbers, so that two engines on a database that locks rows cannot wait for each other.
_BY_NUMBER = (
    select(INCIDENT.c.id, INCIDENT.c.room)
    .where(INCIDENT.c.id.in_(bindparam("numbers", expanding=True)))
    .order_by(INCIDENT.c.id)
    .with_for_update()
)
_BY_SOURCE = (
    select(INCIDENT.c.id, INCIDENT.c.room)
    .where(INCIDENT.c.provider == bindparam("p"), INCIDENT.c.source_id == bindparam("s"))
    .with_for_update()
)
_IN_FORCE = update(HEAD).values(rulebook=bindparam("revision"))
_MOVE_DESK = (
    update(DESK)
    .where(DESK.c.version == bindparam("old_version"))
    .values(version=bindparam("new_version"), state=bindparam("new_state"))
)
_ROOM_OF = select(INCIDENT.c.room).where(INCIDENT.c.id == bindparam("k")).with_for_update()
_HELD = (
    select(DEADLINE.c.incident)
    .where(DEADLINE.c.name == bindparam("name"), text("name LIKE 'hold:%'"))
    .order_by(DEADLINE.c.incident)
)


class _Broken(Exception):
    """The rows of one incident contradict each other, so that its step cannot be written; it was rolled back.

    `number` is None where several were written at once, and which of them it was is not known yet."""

    def __init__(self, number: int | None, reason: str) -> None:
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
        self._reach = BATCH  # how many incidents the next tick looks at: about as many as it can take

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
        found: tuple[int, Room] | None = None
        if isinstance(command, Watch):
            row = c.execute(_BY_SOURCE, {"p": command.provider, "s": command.source_id}).first()
            found = None if row is None else (int(row.id), decode_room(row.room))
        elif not isinstance(command, Declare):
            found = locked(c, key)
        # The other incident that a command names is locked before the head, as everywhere.
        command = completed(c, command)
        if found is not None:
            number, room = found
            book = self.book(c, room.incident.revision)
        else:
            assert isinstance(command, Declare | Watch)
            head = plans.head(c)
            number, room = int(head.incidents) + 1, None
            book = self.book(c, head.rulebook)
            command = replace(command, key=f"{book.prefix}-{number}")
        if isinstance(command, MoveToRules):
            book = self.book(c, command.revision)
        plan = self._decided(c, number, room, command, Context(now, actor, book, besides.duty(c, number, now)))
        if plan is None:
            assert room is not None
            return Outcome(room.incident.key, number, (), room, 0)
        others = plans_for_others(c, command, (room, plan.room), actor, now, lambda revision: self.book(c, revision))
        # The number of the last event of this incident: those of the others come after it.
        seq = plans.carry_out(c, [plan, *others]) - sum(len(other.entries) for other in others)
        outcome = Outcome(plan.room.incident.key, number, plan.entries, plan.room, seq)
        if room is not None and room.incident.live and not plan.room.incident.live:
            self._release(c, plan.room.incident.key, now)
        return outcome

    def _release(self, c: Connection, key: str, now: datetime) -> None:
        """An incident is over: those that a rule grouped with it are looked at now, one after the other, since a later
        one may join an earlier one."""
        for number in [int(row.incident) for row in c.execute(_HELD, {"name": f"{HOLD}{key}"})]:
            room = decode_room(c.execute(_ROOM_OF, {"k": number}).scalar_one())
            book = self.book(c, room.incident.revision)
            context = Context(now, ENGINE, book, besides.duty(c, number, now))
            plan = self._decided(c, number, room, LookAtHold(), context)
            if plan is not None:
                plans.carry_out(c, [plan])

    def _decided(
        self, c: Connection, number: int, room: Room | None, command: Command, context: Context
    ) -> Plan | None:
        decided = decision(room, command, context)
        if not decided.entries:
            return None
        return plans.plan(number, room, zip(decided.entries, decided.rooms, strict=True), context.book)

    # The desk ------------------------------------------------------------------------------------------------------

    def at_desk(self, command: Command, *, actor: str, now: Callable[[], datetime]) -> DeskOutcome:
        """Carry out a command that belongs to no incident: overrides, absences, swaps. Raises as `execute` does."""
        with self.database.write() as c:
            schema.may_write(c, self.database)
            moment = now()
            context = Context(moment, actor, self.book(c, plans.head(c).rulebook))
            desk = besides.desk(c, locked=True)
            return self._at_desk(c, desk, decide_desk(desk, command, context))

    def publish(self, rules: schema.Rules, *, actor: str, now: Callable[[], datetime]) -> DeskOutcome:
        """Put a revision of the rules in force for incidents that begin from now on; running ones keep theirs.

        Publishing what is in force already changes nothing.
        """
        with self.database.write() as c:
            schema.may_write(c, self.database)
            moment, before = now(), str(plans.head(c).rulebook)
            desk = besides.desk(c, locked=True)
            if before == rules.revision:
                return DeskOutcome((), desk, 0)
            schema.publish(c, rules, actor, moment)
            c.execute(_IN_FORCE, {"revision": rules.revision})
            c.execute(update(schema.META).values(room=rules.room))
            return self._at_desk(c, desk, (Entry(moment, actor, RulesPublished(rules.revision, before)),))

    def _at_desk(self, c: Connection, desk: Desk, entries: tuple[Entry, ...]) -> DeskOutcome:
        rows, after = [], desk
        for entry in entries:
            after = evolve_desk(after, entry)
            rows.append(plans.event_row(DESK_NUMBER, after.version, entry))
        moved = c.execute(
            _MOVE_DESK, {"old_version": desk.version, "new_version": after.version, "new_state": encode_desk(after)}
        )
        if moved.rowcount != 1:
            raise Conflict(tr("the desk changed while it was being written"))
        return DeskOutcome(entries, after, plans.append(c, rows))

    # Time ----------------------------------------------------------------------------------------------------------

    def next_due(self, skip: frozenset[int] = frozenset()) -> datetime | None:
        """When the next step falls due, read without any lock; None when nothing is armed.

        `skip` names incidents to leave alone.
        """
        with self.database.read() as c:
            return due.first(c, skip)

    def tick(self, now: Callable[[], datetime], skip: frozenset[int] = frozenset()) -> TickReport:
        """Take the steps that fell due, of up to `BATCH` incidents and for about `SLICE_S`; what is left follows in
        the next call. `skip` names incidents to leave alone."""
        failed: list[tuple[int, str]] = []
        together = True
        while True:
            try:
                with _uncollected(), self.database.write() as c:
                    schema.may_write(c, self.database)
                    return self._tick(c, now(), skip, failed, together)
            except _Broken as broken:
                if broken.number is None:
                    together = False
                else:
                    failed.append((broken.number, broken.reason))

    def _tick(
        self,
        c: Connection,
        moment: datetime,
        skip: frozenset[int],
        failed: list[tuple[int, str]],
        together: bool,
    ) -> TickReport:
        """One transaction of the engine: everything is decided and then written `together`, or, when that failed, each
        incident by itself, to learn which one it was."""
        began = time.monotonic()
        numbers, more = due.numbers(c, moment, skip | {number for number, _ in failed}, self._reach)
        rooms = {int(row.id): row.room for row in c.execute(_BY_NUMBER, {"numbers": numbers})} if numbers else {}
        stands = besides.Besides(c, moment)
        done: list[Plan] = []
        unknown = []
        for number in numbers:
            if done and time.monotonic() - began > SLICE_S:
                more = True
                self._reach = min(self._reach, len(done) + len(done) // 4 + 1)
                break
            try:
                plan = self._step(c, number, rooms.get(number), moment, stands)
            except SQLAlchemyError:
                raise
            except Exception as error:  # whatever is wrong with one incident, the others are not held up by it
                unknown.append((number, f"{type(error).__name__}: {error}"))
                continue
            if plan is None:
                continue
            done.append(plan)
            if together:
                stands.decided(plan.row, plan.messages, plan.turns)
            else:
                _carry_out(c, [plan])
                stands = besides.Besides(c, moment)
        else:
            self._reach = min(2 * self._reach, BATCH)
        if together and done:
            _carry_out(c, done)
        failed += unknown
        late = [entry.late.total_seconds() for plan in done for entry in plan.entries if entry.late is not None]
        steps = sum(len(plan.entries) for plan in done)
        return TickReport(steps, max((0.0, *late)), more, tuple(failed))

    def _step(
        self, c: Connection, number: int, data: str | None, now: datetime, stands: besides.Besides
    ) -> Plan | None:
        """Decide one incident's step, None when there is none (any more); nothing is written yet, so that whatever
        fails here leaves no trace."""
        if data is None:
            raise LookupError(
                tr("incident {number} has a deadline and no row: run warroom doctor").format(number=number)
            )
        room = decode_room(data)
        book = self.book(c, room.incident.revision)
        decided = decision(room, Tick(), Context(now, ENGINE, book, stands.duty(number)))
        if not decided.entries:
            # On a database that lets two write at once, another engine may have taken the step since we looked.
            if not due.still(c, number, now):
                return None
            raise LookupError(
                tr("{key} has a deadline that is none of its own: run warroom doctor").format(key=room.incident.key)
            )
        return plans.plan(number, room, zip(decided.entries, decided.rooms, strict=True), book)

    # Rules ---------------------------------------------------------------------------------------------------------

    def book(self, c: Connection, revision: str) -> Rulebook:
        """The rules of a revision, as they were published into this database."""
        return load_book(c, revision)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let Python look for garbage afterwards: it takes up to a tenth of a second in a large program, in which all the
    others would wait for the lock; and what a tick makes is needed until its end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _carry_out(c: Connection, done: list[Plan]) -> None:
    """Write what the engine decided. Raises `_Broken`; what this transaction did so far is then rolled back, and done
    again without the incident that it was."""
    try:
        plans.carry_out(c, done)
    except (IntegrityError, Conflict) as error:
        if len(done) > 1:
            raise _Broken(None, str(error)) from error
        (plan,) = done
        reason = tr("{key}: its rows contradict each other ({error})").format(key=plan.room.incident.key, error=error)
        raise _Broken(plan.number, reason) from error
