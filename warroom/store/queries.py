"""What the screens and the command line read. Every function takes an open read connection and leaves it open; nothing
here counts or skips through the record: it is looked up by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, or_, select

from warroom.domain.core import Entry
from warroom.domain.room import Room
from warroom.store import tables as t
from warroom.store.codec import decode, from_us, maybe_from, to_us
from warroom.store.db_errors import DatabaseError
from warroom.store.decoded import Decoded
from warroom.words import tr

INCIDENT, EVENT, UPDATE, OUTBOX, HEAD, META = (
    t.table(m) for m in (t.IncidentRow, t.EventRow, t.UpdateRow, t.OutboxRow, t.HeadRow, t.MetaRow)
)

CHANGES = (
    "status_changed", "severity_changed", "update_skipped", "stream_opened", "stream_timed", "stream_ended",
)  # fmt: skip
"""The kinds of entries that the gap timeline shows besides the updates."""

_SEQ = select(HEAD.c.seq)
_ROOM = select(INCIDENT.c.id, INCIDENT.c.key, INCIDENT.c.room)
_LIVE = _ROOM.where(INCIDENT.c.live).order_by(INCIDENT.c.id)
_ON_BOARD = _ROOM.where(
    or_(INCIDENT.c.live, (INCIDENT.c.status == "resolved") & INCIDENT.c.provider.is_(None))
).order_by(INCIDENT.c.id)
_OVER_SINCE = select(func.max(func.coalesce(INCIDENT.c.resolved_at, INCIDENT.c.closed_at))).where(~INCIDENT.c.live)
_PAGES = (
    select(OUTBOX.c.recipient, OUTBOX.c.created_at, OUTBOX.c.incident)
    .where(OUTBOX.c.kind == "page", OUTBOX.c.created_at >= bindparam("since"))
    .distinct()
    .subquery()
)
_PAGED = (
    select(_PAGES.c.recipient, func.count().label("pages"))
    .group_by(_PAGES.c.recipient)
    .order_by(func.count().desc(), _PAGES.c.recipient)
    .limit(bindparam("most"))
)
_PAGES_NEWEST = (
    select(_PAGES.c.recipient, _PAGES.c.created_at)
    .order_by(_PAGES.c.created_at.desc(), _PAGES.c.recipient)
    .limit(bindparam("most"))
)
_DECLARED = (
    select(INCIDENT.c.declared_at, INCIDENT.c.severity)
    .where(INCIDENT.c.declared_at >= bindparam("since"), INCIDENT.c.provider.is_(None))
    .order_by(INCIDENT.c.declared_at.desc())
    .limit(bindparam("most"))
)
_ALL = _ROOM.order_by(INCIDENT.c.id)
_NAMED = select(INCIDENT.c.key, INCIDENT.c.title, INCIDENT.c.status).where(
    INCIDENT.c.key.in_(bindparam("keys", expanding=True))
)
_ONE = _ROOM.where(INCIDENT.c.key == bindparam("k"))
_UPDATES = (
    select(UPDATE)
    .where(UPDATE.c.incident == bindparam("n"), UPDATE.c.version > bindparam("after"))
    .order_by(UPDATE.c.posted_at, UPDATE.c.version)
)
_OLD_UPDATES = (
    select(*(c for c in UPDATE.c if c.name not in ("was_due", "reviewer", "corrects")))
    .where(UPDATE.c.incident == bindparam("n"), UPDATE.c.version > bindparam("after"))
    .order_by(UPDATE.c.posted_at, UPDATE.c.version)
)
_ALL_UPDATES = select(UPDATE.c.incident, UPDATE.c.audience, UPDATE.c.posted_at).order_by(
    UPDATE.c.incident, UPDATE.c.version
)
_LATEST = (
    select(EVENT).where(EVENT.c.incident == bindparam("n")).order_by(EVENT.c.version.desc()).limit(bindparam("most"))
)
_BETWEEN = (
    select(EVENT)
    .where(
        EVENT.c.incident == bindparam("n"), EVENT.c.version > bindparam("after"), EVENT.c.version < bindparam("before")
    )
    .order_by(EVENT.c.version.desc())
    .limit(bindparam("most"))
)
_AT: Any = bindparam("at")
_OF = EVENT.c.incident == INCIDENT.c.id
# Of our own incidents the record says when they were what: their times may be corrected later. What was imported was
# written down in one go, and has the provider's times.
_BEGUN = or_(
    INCIDENT.c.provider.is_(None) & exists().where(_OF, EVENT.c.version == 1, EVENT.c.at <= _AT),
    INCIDENT.c.provider.is_not(None) & (INCIDENT.c.declared_at <= _AT),
)
_NOT_OVER = or_(
    INCIDENT.c.live,
    INCIDENT.c.provider.is_(None) & exists().where(_OF, EVENT.c.at > _AT),
    INCIDENT.c.provider.is_not(None) & (INCIDENT.c.resolved_at > _AT),
)
_AROUND = select(INCIDENT.c.id).where(_BEGUN).order_by(INCIDENT.c.id)
_WHOLE = select(EVENT).where(EVENT.c.incident == bindparam("n")).order_by(EVENT.c.version)
_SINCE = select(EVENT).where(EVENT.c.seq > bindparam("after")).order_by(EVENT.c.seq).limit(bindparam("most"))
_BY_NUMBER = _ROOM.where(INCIDENT.c.id == bindparam("k"))
_CHANGES = (
    select(EVENT)
    .where(EVENT.c.incident == bindparam("n"), EVENT.c.version > bindparam("after"), EVENT.c.kind.in_(CHANGES))
    .order_by(EVENT.c.version)
)
_OLD_MESSAGES = (
    select(*(c for c in OUTBOX.c if c.name not in ("action", "dedup", "destination", "bundle")))
    .where(OUTBOX.c.incident == bindparam("n"))
    .order_by(OUTBOX.c.created_at, OUTBOX.c.id)
)
_MESSAGES = select(OUTBOX).where(OUTBOX.c.incident == bindparam("n")).order_by(OUTBOX.c.created_at, OUTBOX.c.id)
_LATEST_MESSAGES = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.incident == bindparam("n"))
    .order_by(OUTBOX.c.created_at.desc(), OUTBOX.c.id.desc())
    .limit(bindparam("most"))
)
_SHOWN = or_(
    OUTBOX.c.kind == "page", OUTBOX.c.state.in_(("failed", "unknown", "given up")), OUTBOX.c.id.in_(_LATEST_MESSAGES)
)
_TROUBLE = select(OUTBOX.c.state, func.count()).where(OUTBOX.c.state.in_(("failed", "unknown", "given up")))
_TROUBLE = _TROUBLE.group_by(OUTBOX.c.state)


class Damaged(DatabaseError):
    """The row of an incident does not hold what it should; the record does."""


_DECODED = Decoded(2048)


def seq(c: Connection) -> int:
    """The number of the latest event."""
    return int(c.execute(_SEQ).scalar_one())


def rulebook_in_force(c: Connection) -> str:
    """The revision under which new incidents begin."""
    return str(c.execute(select(HEAD.c.rulebook)).scalar_one())


def room_name(c: Connection) -> str:
    """What this room is called."""
    return str(c.execute(select(META.c.room)).scalar_one())


def live(c: Connection) -> list[tuple[int, Room]]:
    """Every incident whose impact is not over, with its number, oldest first."""
    return [_room(row) for row in c.execute(_LIVE)]


def on_board(c: Connection) -> tuple[list[tuple[int, Room]], list[str]]:
    """What the board shows: every live incident, and our own resolved ones until they are closed; and behind them the
    keys of those whose rows cannot be read, since one of them must not hide the others."""
    rooms, damaged = [], []
    for row in c.execute(_ON_BOARD):
        try:
            rooms.append(_room(row))
        except Damaged:
            damaged.append(str(row.key))
    return rooms, damaged


def over_since(c: Connection) -> datetime | None:
    """When the impact of the incident that ended last was over; None where none ever was."""
    found = c.execute(_OVER_SINCE).scalar_one()
    return None if found is None else from_us(int(found))


def paged_since(c: Connection, since: datetime, most: int) -> list[tuple[str, int]]:
    """Who was paged how often since then, whoever most first: a page by several ways is one."""
    return [(str(row.recipient), int(row.pages)) for row in c.execute(_PAGED, {"since": to_us(since), "most": most})]


def pages_since(c: Connection, since: datetime, most: int) -> list[tuple[str, datetime]]:
    """The newest pages since then, at most `most`: who was paged, and when; a page by several ways is one."""
    found = c.execute(_PAGES_NEWEST, {"since": to_us(since), "most": most})
    return [(str(row.recipient), from_us(row.created_at)) for row in found]


def declared_since(c: Connection, since: datetime, most: int) -> list[tuple[datetime, str]]:
    """Our own incidents that were declared since then, the newest first, at most `most`: when, and what severity they
    have now."""
    found = c.execute(_DECLARED, {"since": to_us(since), "most": most})
    return [(from_us(row.declared_at), str(row.severity)) for row in found]


def beyond(c: Connection, *, over: bool, watched: bool, keys: Sequence[str], most: int) -> list[Room]:
    """What the board does not show: the newest incidents that are over (`over`), those of them that are watched
    (`watched`), and some by key, or by its number; at most `most` of each."""
    found: dict[int, Room] = {}
    hidden = _ROOM.where(~INCIDENT.c.live).order_by(INCIDENT.c.id.desc()).limit(most)
    asked = []
    if over:
        asked.append(hidden)
    if watched:
        asked.append(hidden.where(INCIDENT.c.provider.is_not(None)))
    if keys:
        numbers = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 18]
        named = func.upper(INCIDENT.c.key).in_([key.upper() for key in keys])
        asked.append(_ROOM.where(or_(named, INCIDENT.c.id.in_(numbers))).limit(most))
    for query in asked:
        for row in c.execute(query):
            try:
                number, room = _room(row)
            except Damaged:
                continue
            found[number] = room
    return list(found.values())


def everything(c: Connection, *, over: bool = True) -> Iterator[tuple[int, Room]]:
    """Every incident, or those alone whose impact is not `over`, oldest first; decoded one by one."""
    for row in c.execute(_ALL if over else _LIVE):
        yield _room(row)


def one(c: Connection, key: str) -> tuple[int, Room] | None:
    """The incident of that key, or None."""
    row = c.execute(_ONE, {"k": key}).first()
    return None if row is None else _room(row)


def named(c: Connection, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Title and stage of incidents, by key; those that are not there are left out."""
    if not keys:
        return {}
    return {row.key: (str(row.title), str(row.status)) for row in c.execute(_NAMED, {"keys": list(keys)})}


def by_number(c: Connection, number: int) -> tuple[int, Room] | None:
    """The incident of that number, or None."""
    row = c.execute(_BY_NUMBER, {"k": number}).first()
    return None if row is None else _room(row)


def _room(row: Any) -> tuple[int, Room]:
    try:
        number = int(row.id)
        return number, _DECODED.room(number, row.room)
    except ValueError as error:
        raise Damaged(
            tr("the row of {key} cannot be read: warroom doctor --rebuild makes it anew from the record").format(
                key=row.key
            )
        ) from error


def updates(c: Connection, number: int, *, after: int = 0, old: bool = False) -> list[Any]:
    """The updates of one incident behind its entry `after`, as rows of `comms_update`, in the order in which they were
    posted; `old` for a file before schema 4, whose rows have no more than it had."""
    return list(c.execute(_OLD_UPDATES if old else _UPDATES, {"n": number, "after": after}))


def post_times(c: Connection) -> Iterator[tuple[int, list[tuple[str, int]]]]:
    """Of every incident that has updates, oldest first, its number, and for whom they were and when they were posted
    (microseconds since the epoch), in the record's order; one incident after the other is read."""
    for number, rows in groupby(c.execute(_ALL_UPDATES), lambda row: int(row.incident)):
        yield number, [(str(row.audience), int(row.posted_at)) for row in rows]


def latest(c: Connection, number: int, most: int) -> list[tuple[int, int, Entry]]:
    """The last entries of one incident as (event number, version, entry), oldest first."""
    rows = list(c.execute(_LATEST, {"n": number, "most": most}))
    return [(int(row.seq), int(row.version), entry_of(row)) for row in reversed(rows)]


def between(c: Connection, number: int, after: int, before: int | None, most: int) -> list[tuple[int, int, Entry]]:
    """The entries of one incident behind its entry `after` and before its entry `before` (None: to the end), the last
    `most` of them, as (event number, version, entry), oldest first."""
    behind = before if before is not None else 1 << 62
    rows = list(c.execute(_BETWEEN, {"n": number, "after": after, "before": behind, "most": most}))
    return [(int(row.seq), int(row.version), entry_of(row)) for row in reversed(rows)]


def around(c: Connection, moment: datetime, *, over: bool) -> list[int]:
    """The numbers of the incidents that had begun by `moment`; without `over` but for those that were over by then for
    good. Of the others some may not have been live all the same: something happened later."""
    asked = _AROUND if over else _AROUND.where(_NOT_OVER)
    return [int(row.id) for row in c.execute(asked, {"at": to_us(moment)})]


def whole(c: Connection, number: int) -> Iterator[tuple[int, int, Entry]]:
    """The whole record of one incident, oldest first, as (event number, version, entry); read as it is asked for."""
    for row in c.execute(_WHOLE, {"n": number}):
        yield int(row.seq), int(row.version), entry_of(row)


def since(c: Connection, seq: int, most: int) -> list[tuple[int, Entry]]:
    """The entries behind event `seq`, of all incidents (and of the desk, number 0), oldest first: at most `most`."""
    return [(int(row.incident), entry_of(row)) for row in c.execute(_SINCE, {"after": seq, "most": most})]


def changes(c: Connection, number: int, *, after: int = 0) -> list[Entry]:
    """The changes of status and severity of one incident behind its entry `after`, the updates that were skipped, and
    when the rules set a clock of silence, oldest first."""
    return [entry_of(row) for row in c.execute(_CHANGES, {"n": number, "after": after})]


def messages(c: Connection, number: int, *, old: bool = False, most: int | None = None) -> list[Any]:
    """The outgoing messages of one incident as rows of `outbox`, oldest first; `old` for a file before schema 3, whose
    rows have no more than it had. With `most`: every page, what is in trouble, and of the rest only what is among the
    latest so many, since an incident of days has reminders without end."""
    statement = _OLD_MESSAGES if old else _MESSAGES
    if most is None:
        return list(c.execute(statement, {"n": number}))
    return list(c.execute(statement.where(_SHOWN), {"n": number, "most": most}))


def trouble(c: Connection) -> dict[str, int]:
    """How many outgoing messages are in trouble, by state."""
    return {str(state): int(count) for state, count in c.execute(_TROUBLE)}


def entry_of(row: Any) -> Entry:
    """The entry that a row of `event` holds."""
    return Entry(from_us(row.at), row.actor, decode(row.kind, row.data), maybe_from(row.due))


def told(
    c: Connection, kinds: Iterable[str], since: datetime, *, watched: bool
) -> Iterator[tuple[Room, tuple[Entry, ...]]]:
    """Our own incidents (or those that are `watched`) that were open at some time after `since`, each with the entries
    of its record that are of these kinds, oldest first."""
    ours = INCIDENT.c.provider.is_not(None) if watched else INCIDENT.c.provider.is_(None)
    still = or_(INCIDENT.c.closed_at.is_(None), INCIDENT.c.closed_at >= to_us(since))
    chosen = select(INCIDENT.c.id).where(ours, still)
    asked = (
        select(EVENT)
        .where(EVENT.c.incident.in_(chosen), EVENT.c.kind.in_(tuple(kinds)))
        .order_by(EVENT.c.incident, EVENT.c.version)
    )
    for number, rows in groupby(c.execute(asked), key=lambda row: int(row.incident)):
        entries = tuple(entry_of(row) for row in rows)
        found = by_number(c, number)
        if found is not None:
            yield found[1], entries
