"""Checking a room: the seal on the record, the file itself, and that every row says what the events say (R11).

`examine` reads only. `rebuild` throws the projections away and makes them anew from the events, in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from warroom.rulebook.convert import revision_of
from warroom.store import schema
from warroom.store import tables as t
from warroom.store.codec import UnknownEvent, decode_desk, encode_desk, encode_room
from warroom.store.database import Database, DatabaseError
from warroom.store.plan import ATTENDANCE
from warroom.store.projection import Row, children_of, incident_row
from warroom.store.queries import rulebook_in_force
from warroom.store.replay import Replay, content_of, replayed
from warroom.store.revisions import RULEBOOK
from warroom.store.write import (
    DEADLINE,
    DESK,
    HEAD,
    INCIDENT,
    OUTBOX,
    PAGE,
    ROLE,
    TURN,
    UPDATE,
)
from warroom.valueclass import dataclass
from warroom.words import mark, tr, trn

SHOWN = 20
"""How many findings of one kind are spelled out; the others are counted."""

_CHILDREN = {"role": ROLE, "page": PAGE, "deadline": DEADLINE, "attendance": ATTENDANCE}
"""The tables that hang on an incident, by the names that they have among its rows."""
_ROWS = {
    "incident": mark("rows of incident"),
    "role": mark("rows of role"),
    "page": mark("rows of page"),
    "deadline": mark("rows of deadline"),
    "attendance": mark("rows of attendance"),
    "comms_update": mark("rows of comms_update"),
    "policy_turn": mark("rows of policy_turn"),
}
"""What the check of a table is called."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked. `good` False: something is wrong, and `what` says what and what to do."""

    check: str
    good: bool
    what: str


def examine(database: Database) -> list[Finding]:
    """Every check, in an order in which they explain each other.

    Of a file of an older schema only what has been the same from the beginning: the record and the rules.
    """
    found = list(_facts(database))
    standing = schema.standing(database)
    older = standing.schema_version < t.SCHEMA_VERSION
    words = tr("schema {version}, this program knows {known}").format(
        version=standing.schema_version, known=t.SCHEMA_VERSION
    )
    found.append(Finding(mark("schema"), standing.writable, _older(standing.schema_version) if older else words))
    try:
        with database.read() as c:
            replay = replayed(c)
            found.extend(_chain(c, replay))
            found.append(_rules(c, replay))
            if older:
                return found
            found.extend(_projections(c, replay))
            found.append(_outbox(c, replay))
    except (UnknownEvent, DatabaseError) as error:
        found.append(Finding(mark("record"), False, str(error)))
    return found


def _older(version: int) -> str:
    """What to do with a file that has not been moved forward: its tables are not yet those that can be checked."""
    return tr(
        "schema {version}, this program knows {known}: open the room once with a command that "
        "writes, or the board, and it is moved forward (a copy is kept); its tables can be "
        "checked and made anew after that"
    ).format(version=version, known=t.SCHEMA_VERSION)


def _facts(database: Database) -> Iterator[Finding]:
    facts = database.facts()
    yield Finding(
        mark("library"),
        facts.fixed_library or facts.journal_mode != "wal",
        tr(
            "{backend} {version} by {driver}, journal {journal}, synchronous {synchronous}, file system {filesystem}"
        ).format(
            backend=facts.backend,
            version=facts.library_version,
            driver=facts.driver,
            journal=facts.journal_mode,
            synchronous=facts.synchronous,
            filesystem=facts.filesystem,
        ),
    )
    permissions = ", ".join(f"{name} {who}" for name, who in facts.places())
    yield Finding(mark("permissions"), True, permissions or tr("not a file"))
    for warning in facts.warnings:
        yield Finding(mark("advice"), True, warning)
    try:
        wrong = database.integrity()
    except DatabaseError as error:
        wrong = [str(error)]
    yield Finding(mark("integrity"), not wrong, "; ".join(wrong) if wrong else tr("every page of the file is sound"))


def _chain(c: Connection, replay: Replay) -> Iterator[Finding]:
    head = c.execute(select(HEAD)).one()
    broken = [*replay.broken, *replay.unreadable]
    if head.seq > replay.seq:
        broken.append(
            tr("the record ends at event {seq}, its head says {head}: its end was cut off").format(
                seq=replay.seq, head=head.seq
            )
        )
    elif head.seq < replay.seq:
        broken.append(
            tr("the record goes on to event {seq}, its head says {head}: something was put behind it").format(
                seq=replay.seq, head=head.seq
            )
        )
    elif head.hash != replay.hash:
        broken.append(tr("the seal of the last event, {head}, is not the one that its head has").format(head=head.seq))
    if head.incidents != replay.newest:
        broken.append(
            tr("the latest incident is number {newest}, the head says {incidents}").format(
                newest=replay.newest, incidents=head.incidents
            )
        )
    what = _some(broken) or trn(
        "{count} event, sealed; the last is {count} {hash}",
        "{count} events, sealed; the last is {count} {hash}",
        replay.seq,
    ).format(count=replay.seq, hash=replay.hash[:16])
    yield Finding(mark("record"), not broken, what)


def _rules(c: Connection, replay: Replay) -> Finding:
    wrong = list(replay.lost.values())
    revisions = set()
    for row in c.execute(select(RULEBOOK.c.revision, RULEBOOK.c.content)):
        revisions.add(row.revision)
        if revision_of(row.content) != row.revision:
            wrong.append(
                tr("revision {revision} is not what was published under that name").format(revision=row.revision)
            )
    in_force = rulebook_in_force(c)
    if replay.in_force and replay.in_force != in_force:
        wrong.append(
            tr("revision {in_force} is in force, and {published} was the last to be published").format(
                in_force=in_force, published=replay.in_force
            )
        )
    if in_force not in revisions:
        wrong.append(tr("revision {in_force} is in force, and not there").format(in_force=in_force))
    wrong.extend(
        tr("{key} began under revision {revision}, which is not there").format(
            key=room.incident.key, revision=room.incident.revision
        )
        for room in replay.rooms.values()
        if room.incident.revision not in revisions
    )
    sound = trn(
        "{count} revision, {in_force} is in force", "{count} revisions, {in_force} is in force", len(revisions)
    ).format(count=len(revisions), in_force=in_force)
    return Finding(mark("rules"), not wrong, _some(wrong) or sound)


def _projections(c: Connection, replay: Replay) -> Iterator[Finding]:
    expected: dict[str, dict[tuple[Any, ...], Row]] = {n: {} for n in ("incident", *_CHILDREN)}
    for number, room in replay.rooms.items():
        children = children_of(number, room)
        if number not in replay.lost:
            expected["incident"][(number,)] = incident_row(number, room, replay.books[number])
        for name in _CHILDREN:
            expected[name].update(getattr(children, name))
    for name, table in (("incident", INCIDENT), *_CHILDREN.items()):
        yield _compare(c, name, table, expected[name], frozenset(replay.lost) if name == "incident" else frozenset())
    yield _compare(c, "comms_update", UPDATE, dict(replay.updates))
    yield _compare(c, "policy_turn", TURN, {(name,): {"policy": name, "turns": n} for name, n in replay.turns.items()})
    yield _desk(c, replay)


def _desk(c: Connection, replay: Replay) -> Finding:
    row = c.execute(select(DESK)).one_or_none()
    try:
        good = row is not None and row.version == replay.desk.version and decode_desk(row.state) == replay.desk
    except ValueError:
        good = False
    if good:
        events_ = replay.desk.version
        what = trn("{count} event of the desk", "{count} events of the desk", events_).format(count=events_)
    else:
        what = tr("{what}: run warroom doctor --rebuild").format(what=tr("is not what its events say"))
    return Finding(mark("row of desk"), good, what)


def _compare(
    c: Connection, name: str, table: Any, expected: dict[tuple[Any, ...], Row], unknown: frozenset[int] = frozenset()
) -> Finding:
    keys = [column.name for column in table.primary_key.columns]
    wrong = []
    seen = set()
    for row in c.execute(select(table)).mappings():
        key = tuple(row[k] for k in keys)
        seen.add(key)
        if key[0] in unknown:
            continue
        if key not in expected:
            wrong.append(tr("{name} {key} has no event").format(name=name, key=key))
        elif dict(row) != expected[key]:
            differs = sorted(k for k in expected[key] if row[k] != expected[key][k])
            wrong.append(tr("{name} {key} differs in {differs}").format(name=name, key=key, differs=", ".join(differs)))
    wrong.extend(tr("{name} {key} is missing").format(name=name, key=key) for key in expected if key not in seen)
    if wrong:
        what = tr("{what}: run warroom doctor --rebuild").format(what=_some(wrong))
    else:
        rows = len(expected)
        what = trn("{count} row as the events have them", "{count} rows as the events have them", rows).format(
            count=rows
        )
    return Finding(_ROWS.get(name, name), not wrong, what)


def _outbox(c: Connection, replay: Replay) -> Finding:
    wrong, states, missing = [], Counter[str](), set(replay.messages)
    for row in c.execute(select(OUTBOX)).mappings():
        key = row["id"]
        states[row["state"]] += 1
        missing.discard(key)
        if row["incident"] in replay.lost:
            continue
        if key not in replay.messages:
            wrong.append(tr("message {key} has no event").format(key=key))
        elif replay.messages[key] != content_of(row):
            wrong.append(tr("message {key} is not what was decided").format(key=key))
    wrong += [tr("message {key} is missing").format(key=key) for key in sorted(missing)]
    counted = ", ".join(f"{count} {tr(state)}" for state, count in sorted(states.items())) or tr("no messages")
    return Finding(mark("outbox"), not wrong, _some(wrong) or counted)


def _some(problems: list[str]) -> str:
    shown = "; ".join(problems[:SHOWN])
    more = len(problems) - SHOWN
    return tr("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown


def rebuild(database: Database, progress: Callable[[str], None] = lambda _: None) -> int:
    """Make every projected row anew from the events; returns the number of incidents.

    The record itself, the outbox, presence and the rules are left alone. Raises `ValueError` and changes nothing when
    the file is of an older schema, the record does not fold or rules are missing; a broken seal is no hindrance, since
    the rows are no truer than the record either way.
    """
    with database.write() as c:
        schema.may_write(c, database)
        version = c.execute(select(schema.META.c.schema_version)).scalar_one()
        if version < t.SCHEMA_VERSION:
            raise ValueError(_older(version))
        incidents, events = remake(c)
        progress(
            trn("{count} incident from {events} events", "{count} incidents from {events} events", incidents).format(
                count=incidents, events=events
            )
        )
    return incidents


def remake(c: Connection, *, without_rules: bool = False) -> tuple[int, int]:
    """Make every projected row anew within a transaction; gives how many incidents, from how many events.

    Raises `ValueError` before anything is written when the record does not fold, or when rules are missing. With
    `without_rules` the row of an incident whose rules cannot be read keeps what rests on them.
    """
    try:
        replay = replayed(c)
    except UnknownEvent as error:
        raise ValueError(str(error)) from error
    lost = replay.lost
    hindrance = [*replay.unreadable, *(() if without_rules else lost.values())]
    if hindrance:
        raise ValueError(_some(hindrance))
    for table in (*_CHILDREN.values(), UPDATE):
        c.execute(delete(table))
    c.execute(delete(INCIDENT).where(INCIDENT.c.id.not_in(list(lost))))
    for number, room in replay.rooms.items():
        if number in lost:
            c.execute(update(INCIDENT).where(INCIDENT.c.id == number).values(room=encode_room(room)))
        else:
            c.execute(insert(INCIDENT), [incident_row(number, room, replay.books[number])])
        children = children_of(number, room)
        for name, table in _CHILDREN.items():
            if rows := getattr(children, name):
                c.execute(insert(table), list(rows.values()))
    if replay.updates:
        c.execute(insert(UPDATE), list(replay.updates.values()))
    c.execute(delete(DESK))
    c.execute(insert(DESK), {"id": 1, "version": replay.desk.version, "state": encode_desk(replay.desk)})
    c.execute(delete(TURN))
    if replay.turns:
        c.execute(insert(TURN), [{"policy": name, "turns": n} for name, n in replay.turns.items()])
    return len(replay.rooms), replay.seq
