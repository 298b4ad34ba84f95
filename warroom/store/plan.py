"""The rows that decisions write, worked out before the first of them is touched, and written many decisions at once.

Statements are compiled once for each kind of database and get the rows of a whole transaction in one call a table: that
costs a third of giving them to SQLAlchemy row by row, and all of it would be spent while the lock is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from warroom.domain.book import Rulebook
from warroom.domain.core import Entry
from warroom.domain.room import Room
from warroom.store import tables as t
from warroom.store.chain import seal
from warroom.store.codec import encode, maybe_us, to_us
from warroom.store.projection import Children, Row, changes, incident_row, messages_of, touched, turns_of, update_of
from warroom.valueclass import dataclass
from warroom.words import tr

EVENT, INCIDENT, ROLE, PAGE = (t.table(m) for m in (t.EventRow, t.IncidentRow, t.RoleRow, t.PageRow))
UPDATE, DEADLINE, OUTBOX, HEAD = (t.table(m) for m in (t.UpdateRow, t.DeadlineRow, t.OutboxRow, t.HeadRow))
TURN, ATTENDANCE = t.table(t.TurnRow), t.table(t.AttendanceRow)

_KEYS = {table: [column.name for column in table.primary_key.columns] for table in (ROLE, PAGE, DEADLINE, ATTENDANCE)}
_NEVER_CHANGED = frozenset(("id", "key", "provider", "source_id", "declared_at"))
"""Columns of an incident that stand from its first event on; leaving them alone spares their indexes. When it was
declared can be corrected, which is rare enough for a statement of its own."""

_HEAD = select(HEAD.c.seq, HEAD.c.hash, HEAD.c.incidents, HEAD.c.rulebook).with_for_update()
_MOVE_HEAD = (
    update(HEAD)
    .where(HEAD.c.seq == bindparam("old"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"), incidents=bindparam("new_incidents"))
)
_REDATE = update(INCIDENT).where(INCIDENT.c.id == bindparam("k")).values(declared_at=bindparam("at"))
_NEXT_TURN = update(TURN).where(TURN.c.policy == bindparam("name")).values(turns=TURN.c.turns + bindparam("more"))


class Conflict(Exception):
    """Somebody else wrote between our read and our write; the transaction was rolled back and may be tried again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows that one decision writes.

    `before` is None for an incident that begins; `children` are those of its rows that may differ, before and after.
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
    turns: dict[str, int]


def plan(number: int, before: Room | None, steps: Iterable[tuple[Entry, Room]], book: Rulebook) -> Plan:
    """What is written when an incident goes from `before` on through `steps`: each entry with the room after it."""
    room, version = before, 0 if before is None else before.version
    entries: list[Entry] = []
    events: list[Row] = []
    updates: list[Row] = []
    messages: list[Row] = []
    for entry, room in steps:
        version += 1
        entries.append(entry)
        events.append(event_row(number, version, entry))
        row = update_of(number, version, entry)
        if row is not None:
            updates.append(row)
        messages.extend(messages_of(number, version, room, entry, book))
    assert room is not None
    return Plan(
        number,
        before,
        room,
        tuple(entries),
        incident_row(number, room, book),
        touched(number, before, room),
        events,
        updates,
        messages,
        turns_of(entries),
    )


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


# Statements ----------------------------------------------------------------------------------------------------------


class _Prepared:
    """A statement for rows of one shape: called with rows it is carried out for each, and tells how many rows of the
    database that touched. Values reach the driver as they are: numbers, texts, booleans and None.

    A parameter called `key_X` takes the value of the row's `X`.
    """

    def __init__(self, make: Callable[[list[str]], Any]) -> None:
        """`make` gives the statement for rows that have these columns."""
        self._make = make
        self._made: dict[tuple[str, ...], tuple[str, Callable[[Row], Any]]] = {}

    def __call__(self, c: Connection, rows: Sequence[Row]) -> int:
        shape = (c.dialect.name, c.dialect.driver, *rows[0])
        sql, values = self._made.get(shape) or self._compile(c, shape)
        return c.exec_driver_sql(sql, [values(row) for row in rows]).rowcount

    def _compile(self, c: Connection, shape: tuple[str, ...]) -> tuple[str, Callable[[Row], Any]]:
        compiled = self._make(list(shape[2:])).compile(dialect=c.dialect)
        names = compiled.positiontup or list(compiled.params)
        pick = itemgetter(*(name.removeprefix("key_") for name in names))
        values: Callable[[Row], Any] = pick if len(names) > 1 else lambda row: (pick(row),)
        if compiled.positiontup is None:
            values = lambda row: dict(zip(names, pick(row), strict=True))  # noqa: E731
        made = self._made[shape] = str(compiled), values
        return made


def _insert(table: Table) -> _Prepared:
    return _Prepared(lambda columns: insert(table).values({name: bindparam(name) for name in columns}).inline())


def _update(table: Table) -> _Prepared:
    keys = _KEYS[table]
    return _Prepared(
        lambda columns: (
            update(table)
            .where(*(table.c[name] == bindparam(f"key_{name}") for name in keys))
            .values({name: bindparam(name) for name in columns if name not in keys})
        )
    )


def _delete(table: Table) -> _Prepared:
    return _Prepared(lambda columns: delete(table).where(*(table.c[n] == bindparam(f"key_{n}") for n in columns)))


_CHILDREN = ((ROLE, "role"), (PAGE, "page"), (DEADLINE, "deadline"), (ATTENDANCE, "attendance"))
_INSERT = {table: _insert(table) for table in (INCIDENT, ROLE, PAGE, UPDATE, DEADLINE, ATTENDANCE, OUTBOX, EVENT)}
_UPDATE = {table: _update(table) for table in _KEYS}
_DELETE = {table: _delete(table) for table in _KEYS}
_MOVE_INCIDENT = _Prepared(
    lambda columns: (
        update(INCIDENT)
        .where(INCIDENT.c.id == bindparam("key_id"), INCIDENT.c.version == bindparam("old"))
        .values({name: bindparam(name) for name in columns if name != "old" and name not in _NEVER_CHANGED})
    )
)


# Writing -------------------------------------------------------------------------------------------------------------


def carry_out(c: Connection, plans: Sequence[Plan]) -> int:
    """Write what was decided, on different incidents; returns the number of the last event.

    Locks are taken in the order incident, deadline, outbox, head. Raises `Conflict` (or IntegrityError) when any of
    the incidents is not what its plan rests on; which one it is only a transaction with that plan alone can tell.
    """
    begun = [each.row for each in plans if each.before is None]
    moved = [each.row | {"old": each.before.version} for each in plans if each.before is not None]
    if begun:
        _INSERT[INCIDENT](c, begun)
    if moved and _MOVE_INCIDENT(c, moved) != len(moved):
        names = [each.room.incident.key for each in plans]
        if len(names) == 1:
            raise Conflict(tr("{incident} changed while it was being written").format(incident=names[0]))
        raise Conflict(tr("an incident changed while it was being written"))
    for each in plans:
        if each.before is not None and each.before.incident.declared_at != each.room.incident.declared_at:
            c.execute(_REDATE, {"k": each.number, "at": each.row["declared_at"]})
    for table, kind in _CHILDREN:
        inserted: list[Row] = []
        updated: list[Row] = []
        deleted: list[Row] = []
        for each in plans:
            more, other, gone = changes(*(getattr(children, kind) for children in each.children))
            inserted += more
            updated += other
            deleted += [dict(zip(_KEYS[table], key, strict=True)) for key in gone]
        if deleted:
            _DELETE[table](c, deleted)
        if updated:
            _UPDATE[table](c, updated)
        if inserted:
            _INSERT[table](c, inserted)
    if updates := [row for each in plans for row in each.updates]:
        _INSERT[UPDATE](c, updates)
    _count_turns(c, plans)
    if messages := [row for each in plans for row in each.messages]:
        _INSERT[OUTBOX](c, messages)
    return append(c, [row for each in plans for row in each.events], new_incidents=len(begun))


def _count_turns(c: Connection, plans: Sequence[Plan]) -> None:
    turns = Counter[str]()
    for each in plans:
        turns.update(each.turns)
    for policy, more in sorted(turns.items()):
        if c.execute(_NEXT_TURN, {"name": policy, "more": more}).rowcount == 0:
            c.execute(insert(TURN), {"policy": policy, "turns": more})


def head(c: Connection) -> Any:
    """The head row (seq, hash, incidents, rulebook), locked until the transaction ends."""
    return c.execute(_HEAD).one()


def append(c: Connection, events: list[Row], *, new_incidents: int = 0) -> int:
    """Put events on the record, sealed and numbered, and move the head: the last thing in every transaction."""
    last = head(c)
    seq, hashed = int(last.seq), str(last.hash)
    for row in events:
        seq += 1
        hashed = seal(hashed, seq, **row)
        row["seq"], row["hash"] = seq, hashed
    _INSERT[EVENT](c, events)
    incidents = last.incidents + new_incidents
    moved = c.execute(_MOVE_HEAD, {"old": last.seq, "new_seq": seq, "new_hash": hashed, "new_incidents": incidents})
    if moved.rowcount != 1:
        raise Conflict(tr("the record grew while it was being written"))
    return seq
