"""Messages on their way out (R9): written with the decision that caused them, delivered at least once.

A message is queued, claimed (sending), then sent or failed. Who claims it has a lease; when the lease runs out without
a result, nobody knows whether it went out: it is shown as unknown and tried again under the same idempotency key. One
that cannot be delivered is given up. Where many pages for one receiver wait, the first of them carries the others,
which are bundled and share its fate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, update

from warroom.domain.routes import Bundling, lane_of
from warroom.store import schema
from warroom.store import tables as t
from warroom.store.codec import from_us, to_us
from warroom.store.database import Database
from warroom.valueclass import dataclass

OUTBOX = t.table(t.OutboxRow)

LEASE = timedelta(seconds=30)
"""How long a claimed message may take before its fate is unknown."""
BACK_OFF = (1, 5, 15, 60, 300)
"""Seconds before the second, third, ... try; the last one repeats."""
MOST_TRIES = 20
"""After so many tries a message has failed for good."""
AT_ONCE = 20
"""How many messages are claimed in one transaction."""
IN_BUNDLE = 250
"""How many messages one other carries at most."""
LOOK_BACK = timedelta(hours=1)
"""Messages older than that do not count when it is asked how many a receiver got lately."""

WAITING = ("queued", "failed", "unknown")
PENDING = (*WAITING, "sending")
TROUBLED = ("failed", "unknown", "given up")
NEVER = to_us(datetime.max.replace(tzinfo=from_us(0).tzinfo))
"""When a bundled message is due by itself, as long as its fate is open."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message to be sent now. `id` is its idempotency key, `lane` the way it takes, `bundle` what it carries."""

    id: str
    incident: int
    kind: str
    to: str
    via: str
    address: str
    subject: str
    body: str
    created_at: datetime
    tries: int
    maybe_twice: bool
    action: str = "message"
    dedup: str = ""
    lane: str = ""
    bundle: tuple[Claimed, ...] = ()

    @property
    def key(self) -> str:
        """The key of its incident."""
        return self.id.rsplit("/", 2)[0]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one try: `error` is "" when the message went out.

    `final`: trying again is of no use. `wait`: the least time until the next try, real time; None for the usual one.
    `unsure`: it may have arrived all the same.
    """

    error: str = ""
    final: bool = False
    wait: timedelta | None = None
    unsure: bool = False


SENT = Fate()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a process may take: at most `most` messages, nothing of the lanes that are `closed` to it, and of others no
    more than `space` says, or `width` where it says nothing.

    `per_minute` (by lane) and `bundling` limit what one receiver gets.
    """

    closed: frozenset[str] = frozenset()
    most: int = AT_ONCE
    space: Mapping[str, int] = field(default_factory=dict)
    width: int = AT_ONCE
    per_minute: Mapping[str, int] = field(default_factory=dict)
    bundling: Bundling | None = None


ANYTHING = Terms()

_DUE = (OUTBOX.c.state.in_(PENDING)) & (OUTBOX.c.next_at <= bindparam("now"))
_OPEN = OUTBOX.c.destination.not_in(bindparam("closed", expanding=True))
_NEXT = select(func.min(OUTBOX.c.next_at)).where(OUTBOX.c.state.in_(PENDING))
_NEXT_OPEN = _NEXT.where(_OPEN)
# Pages before updates and notices: somebody waits to be woken.
_CLAIMABLE = (
    select(OUTBOX)
    .where(_DUE, _OPEN)
    .order_by(case((OUTBOX.c.kind.in_(("update", "notice")), 1), else_=0), OUTBOX.c.next_at, OUTBOX.c.id)
    .limit(AT_ONCE)
    .with_for_update()
)
_SAME = (OUTBOX.c.recipient == bindparam("to")) & (OUTBOX.c.via == bindparam("by"))
_FRESH = (
    select(OUTBOX)
    .where(_SAME, OUTBOX.c.state == "queued", OUTBOX.c.kind == "page", OUTBOX.c.tries == 0)
    .where(OUTBOX.c.next_at <= bindparam("now"))
    .order_by(OUTBOX.c.created_at, OUTBOX.c.id)
    .limit(IN_BUNDLE)
    .with_for_update()
)
_LATELY = select(OUTBOX.c.state, OUTBOX.c.sent_at).where(
    _SAME,
    OUTBOX.c.created_at > bindparam("old"),
    OUTBOX.c.bundle == "",
    ((OUTBOX.c.state == "sent") & (OUTBOX.c.sent_at > bindparam("since"))) | (OUTBOX.c.state == "sending"),
)
_PUT_OFF = (
    update(OUTBOX)
    .where(_SAME, OUTBOX.c.state.in_(WAITING), OUTBOX.c.next_at < bindparam("until"))
    .values(next_at=bindparam("until"))
)
_BUNDLE = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="bundled", bundle=bindparam("head"), next_at=NEVER)
)
_CARRIED = select(OUTBOX).where(OUTBOX.c.recipient == bindparam("to"), OUTBOX.c.bundle == bindparam("head"))
_BEFORE = select(OUTBOX.c.id, OUTBOX.c.state, OUTBOX.c.next_at).where(
    OUTBOX.c.recipient == bindparam("to"),
    OUTBOX.c.destination == bindparam("lane"),
    OUTBOX.c.dedup == bindparam("same"),
    OUTBOX.c.state.in_(PENDING),
)


def next_at(database: Database, closed: frozenset[str] = frozenset()) -> datetime | None:
    """When the next message wants to be sent (or its lease runs out), read without a lock; None: nothing to do.

    Messages of lanes that are `closed` are left out.
    """
    with database.read() as c:
        us = (c.execute(_NEXT_OPEN, {"closed": sorted(closed)}) if closed else c.execute(_NEXT)).scalar()
    return None if us is None else from_us(us)


def claim(
    database: Database,
    who: str,
    now: datetime,
    *,
    lease: timedelta = LEASE,
    pace: float = 1.0,
    terms: Terms = ANYTHING,
) -> list[Claimed]:
    """Take messages to send; `who` names this process uniquely. A message whose lease ran out turns unknown first,
    and is taken in the next pass, so that it can be seen.

    `lease` is real time, `now` the room's, which runs `pace` times as fast. Raises `TooNew` in a newer program's file.
    """
    with database.write() as c:
        schema.may_write(c, database)
        return _Claim(c, who, now, lease, pace, terms).run()


class _Claim:
    """One transaction in which messages are taken."""

    def __init__(self, c: Connection, who: str, now: datetime, lease: timedelta, pace: float, terms: Terms) -> None:
        self.c, self.who, self.now, self.lease, self.pace, self.terms = c, who, now, lease, pace, terms
        self.space = dict(terms.space)
        self.closed = set(terms.closed) | {lane for lane, left in self.space.items() if left <= 0}
        self.rested: set[tuple[str, str]] = set()
        self.bundled = 0
        self.taken: list[Claimed] = []

    def run(self) -> list[Claimed]:
        """Whatever changes is not due any more or in a lane that is closed from then on, so this ends."""
        most = min(AT_ONCE, self.terms.most)
        # After a large bundle others get the lock; the rest follows in the next pass.
        while len(self.taken) < most and self.bundled < IN_BUNDLE - 1:
            rows = self.c.execute(_CLAIMABLE, {"now": to_us(self.now), "closed": sorted(self.closed)}).all()
            changed: set[str] = set()
            for row in rows[: most - len(self.taken)]:
                if row.id not in changed and self.bundled < IN_BUNDLE - 1:
                    changed |= self._look(row)
            if not changed:
                break
        return self.taken

    def _look(self, row: Any) -> set[str]:
        """Deal with one message; returns the ids of those that have changed."""
        lane = row.destination or lane_of(row.kind, row.via)
        if not row.destination:  # an older program wrote it
            self._change(row.id, destination=lane)
        if lane in self.closed:
            return set() if row.destination else {row.id}
        if row.state == "sending":
            self._change(
                row.id,
                state="unknown",
                claimed_by="",
                maybe_twice=True,
                next_at=self._ahead(timedelta(seconds=BACK_OFF[0])),
                error="the sender ended before it could tell whether this went out",
            )
            return {row.id}
        if row.action != "message" and (until := self._predecessor(row, lane)) is not None:
            self._change(row.id, next_at=until)
            return {row.id}
        if (row.recipient, row.via) in self.rested:
            return set()
        return self._take(row, lane)

    def _take(self, row: Any, lane: str) -> set[str]:
        who = {"to": row.recipient, "by": row.via}
        limit, bundling = self.terms.per_minute.get(lane), self.terms.bundling
        if limit is not None and (until := self._full(who, limit, timedelta(minutes=1))) is not None:
            return self._put_off(row, until)
        others: list[Any] = []
        if bundling is not None and row.kind == "page" and row.state == "queued" and not row.tries:
            fresh = self.c.execute(_FRESH, {**who, "now": to_us(self.now)}).all()
            if (until := self._full(who, bundling.most, bundling.within)) is not None:
                return self._put_off(row, until)
            if len(self._lately(who, bundling.within)) + len(fresh) > bundling.most:
                # Whoever waited longest carries the others, so that it does not matter which row was seen first.
                row, others = fresh[0], list(fresh[1:])
        if others:
            self.c.execute(_BUNDLE, {"ids": [each.id for each in others], "head": row.id})
            self.bundled += len(others)
            self.rested.add((row.recipient, row.via))
        self._change(row.id, state="sending", claimed_by=self.who, tries=row.tries + 1, next_at=self._ahead(self.lease))
        carried = self.c.execute(_CARRIED, {"to": row.recipient, "head": row.id}).all() if row.kind == "page" else ()
        bundle = tuple(claimed_of(each) for each in sorted(carried, key=lambda each: (each.created_at, each.id)))
        self.taken.append(claimed_of(row, lane=lane, tries=row.tries + 1, bundle=bundle))
        self.space[lane] = self.space.get(lane, self.terms.width) - 1
        if self.space[lane] <= 0:
            self.closed.add(lane)
        return {row.id, *(each.id for each in others)}

    def _predecessor(self, row: Any, lane: str) -> int | None:
        """When to look again while an earlier word about the same incident is on its way: a receiver that hears
        "resolved" before "triggered" would keep the alert for good."""
        found = self.c.execute(_BEFORE, {"to": row.recipient, "lane": lane, "same": row.dedup}).all()
        soon = self._ahead(timedelta(seconds=1))
        earlier = [soon if e.state == "sending" else e.next_at for e in found if _order(e.id) < _order(row.id)]
        return max(min(earlier), soon) if earlier else None

    def _lately(self, who: Mapping[str, str], within: timedelta) -> list[int]:
        """When this receiver got something within the last time, oldest first; what is being sent counts as now."""
        since, old = self.now - within * self.pace, self.now - (LOOK_BACK + within) * self.pace
        found = self.c.execute(_LATELY, {**who, "since": to_us(since), "old": to_us(old)}).all()
        return sorted(to_us(self.now) if each.state == "sending" else int(each.sent_at) for each in found)

    def _full(self, who: Mapping[str, str], most: int, within: timedelta) -> int | None:
        """Until when this receiver has got enough; None when there is room."""
        lately = self._lately(who, within)
        return None if len(lately) < most else lately[len(lately) - most] + round(within / _MICRO * self.pace) + 1

    def _put_off(self, row: Any, until: int) -> set[str]:
        """Let this receiver rest: nothing goes there before `until`."""
        self.c.execute(_PUT_OFF, {"to": row.recipient, "by": row.via, "until": until})
        self.rested.add((row.recipient, row.via))
        return {row.id}

    def _ahead(self, real: timedelta) -> int:
        return to_us(self.now + real * self.pace)

    def _change(self, key: str, **values: Any) -> None:
        self.c.execute(update(OUTBOX).where(OUTBOX.c.id == key).values(**values))


_MICRO = timedelta(microseconds=1)


def _order(key: str) -> tuple[int, int]:
    """Where a message stands among those of its incident."""
    _, version, n = key.rsplit("/", 2)
    return int(version), int(n)


def claimed_of(row: Any, *, lane: str = "", tries: int | None = None, bundle: tuple[Claimed, ...] = ()) -> Claimed:
    """A row of the table as a message."""
    return Claimed(
        row.id,
        row.incident,
        row.kind,
        row.recipient,
        row.via,
        row.address,
        row.subject,
        row.body,
        from_us(row.created_at),
        row.tries if tries is None else tries,
        row.maybe_twice,
        row.action,
        row.dedup,
        lane or row.destination or lane_of(row.kind, row.via),
        bundle,
    )
