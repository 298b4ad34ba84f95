"""What a decision gets to know besides the rules and the incident (`Duty`): read in its own transaction, when asked.

Most decisions never ask who was paged lately or what else happened this week, so nothing of it is read until they do.
Every answer is one look into an index; what may be long is read from its end, as far as somebody looks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from warroom.domain.desk import Desk
from warroom.domain.duty import LOOK_BACK, Duty, Pages, Recent
from warroom.domain.fatigue import A_DAY
from warroom.domain.repeating import Earlier, kind_of
from warroom.store import earlier
from warroom.store import tables as t
from warroom.store.codec import decode_desk, from_us, maybe_from, to_us
from warroom.store.lazily import Latest, Lazy, Value

INCIDENT, OUTBOX, DESK, TURN = (t.table(m) for m in (t.IncidentRow, t.OutboxRow, t.DeskRow, t.TurnRow))
ROLE, ATTENDANCE = t.table(t.RoleRow), t.table(t.AttendanceRow)

_DESK = select(DESK.c.state)
_LOCKED_DESK = _DESK.with_for_update()
_TURNS = select(TURN.c.turns).where(TURN.c.policy == bindparam("policy"))
# In no other order than an index has: of thousands of the same moment none has to be sorted.
_PAGES = (
    select(OUTBOX.c.created_at, OUTBOX.c.incident)
    .where(
        OUTBOX.c.recipient == bindparam("person"), OUTBOX.c.created_at >= bindparam("since"), OUTBOX.c.kind == "page"
    )
    .order_by(OUTBOX.c.created_at.desc())
    .limit(bindparam("most"))
)
_MOMENTS = (
    select(OUTBOX.c.created_at)
    .where(
        OUTBOX.c.recipient == bindparam("person"),
        OUTBOX.c.created_at > bindparam("since"),
        OUTBOX.c.created_at <= bindparam("until"),
        OUTBOX.c.kind == "page",
        OUTBOX.c.incident != bindparam("but"),
    )
    .distinct()
    .order_by(OUTBOX.c.created_at)
)
_PAGED = select(OUTBOX.c.recipient).where(OUTBOX.c.created_at >= bindparam("since"), OUTBOX.c.kind == "page").distinct()
_ATTENDED = (
    select(ATTENDANCE.c.since, ATTENDANCE.c.until)
    .where(
        ATTENDANCE.c.person == bindparam("person"),
        ATTENDANCE.c.incident != bindparam("but"),
        or_(ATTENDANCE.c.until.is_(None), ATTENDANCE.c.until >= bindparam("since")),
    )
    .order_by(ATTENDANCE.c.since)
)
_HELD = (
    select(ROLE.c.holder, func.count().label("times"))
    .where(ROLE.c.role == bindparam("role"), ROLE.c.incident != bindparam("but"), ROLE.c.holder != "")
    .group_by(ROLE.c.holder)
)
_RECENT = (
    select(*earlier.KNOWN)
    .where(INCIDENT.c.declared_at >= bindparam("since"), INCIDENT.c.provider.is_(None))
    .order_by(INCIDENT.c.declared_at.desc())
    .limit(bindparam("most"))
)
_ROOMS = select(INCIDENT.c.id, INCIDENT.c.room).where(INCIDENT.c.id.in_(bindparam("numbers", expanding=True)))

TOGETHER = 100
"""The labels of how many incidents are read at once, when they are asked for."""

_decoded = lru_cache(maxsize=64)(decode_desk)
"""Desks decoded before, by what stands in the row: every decision asks for the same one."""


def desk(c: Connection, *, locked: bool = False) -> Desk:
    """What stands on the desk; `locked` for a transaction that will change it."""
    return _decoded(c.execute(_LOCKED_DESK if locked else _DESK).scalar_one())


def duty(c: Connection, number: int, now: datetime, *, before_conduct: bool = False) -> Duty:
    """What stands besides the rules for the incident of that number (0: none yet) at `now`; `before_conduct` for a file
    before schema 4, which may only be read.

    Its mappings read on the connection when they are asked: they are good for this transaction only.
    """
    return Besides(c, now, before_conduct=before_conduct).duty(number)


class Besides:
    """What stands besides the rules for all decisions of one transaction, each of which knows of those before it.

    What was decided and is not written yet has to be told (`decided`).
    """

    def __init__(self, c: Connection, now: datetime, *, before_conduct: bool = False) -> None:
        self._c, self._since, self._day = c, to_us(now - LOOK_BACK), to_us(now - A_DAY)
        self._before_conduct = before_conduct
        self._desk = desk(c)
        self._pages: dict[str, _PagesOf] = {}
        self._turns = Counter[str]()
        self._rows: dict[int, Mapping[str, Any]] = {}
        self._recent = Latest(c, _RECENT, {"since": self._since}, self._known)
        self._places: dict[int, int] = {}
        self._numbers: list[int] = []
        self._labels: dict[int, Mapping[str, str]] = {}

    def duty(self, number: int) -> Duty:
        """For the decision on one incident (0: none yet)."""
        standing = self._desk
        pages: Any = _Pages(self, number)
        return Duty(
            standing.overrides,
            standing.absences,
            standing.swaps,
            pages,
            _Turns(self),
            _Earlier(self, number),
            _Asked(lambda person: self.attended(person, number)),
            _Asked(lambda role: self.held(role, number)),
        )

    def decided(self, row: Mapping[str, Any], messages: Iterable[Mapping[str, Any]], turns: Mapping[str, int]) -> None:
        """Take in what a decision will write: the row of its incident, its messages, and the turns that it took."""
        self._rows[row["id"]] = row
        self._turns.update(turns)
        for message in messages:
            if message["kind"] == "page":
                self.pages(message["recipient"]).decided(message["created_at"], message["incident"])

    def pages(self, person: str) -> _PagesOf:
        """All pages of one person."""
        known = self._pages.get(person)
        if known is None:
            known = self._pages[person] = _PagesOf(self._c, person, self._since)
        return known

    def paged(self) -> list[str]:
        """Everybody who was paged."""
        rows = self._c.execute(_PAGED, {"since": self._since})
        decided = (person for person, pages in self._pages.items() if pages.fresh)
        return list(dict.fromkeys((*(str(row.recipient) for row in rows), *decided)))

    def turns(self, policy: str) -> int:
        """How many escalations have begun under a policy."""
        written = int(self._c.execute(_TURNS, {"policy": policy}).scalar() or 0)
        return written + self._turns[policy]

    def policies(self) -> list[str]:
        """Every policy under which an escalation has begun."""
        rows = self._c.execute(select(TURN.c.policy))
        return list(dict.fromkeys((*(str(row.policy) for row in rows), *self._turns)))

    def attended(self, person: str, but: int) -> tuple[tuple[datetime, datetime | None], ...]:
        """When somebody was in the room of another incident than `but` within the last day, oldest first."""
        if self._before_conduct:
            return ()
        rows = self._c.execute(_ATTENDED, {"person": person, "but": but, "since": self._day})
        return tuple((from_us(row.since), maybe_from(row.until)) for row in rows)

    def held(self, role: str, but: int) -> Mapping[str, int]:
        """By person, in how many other incidents than `but` they held a role last."""
        return {str(row.holder): int(row.times) for row in self._c.execute(_HELD, {"role": role, "but": but})}

    def recent(self, but: int) -> Iterator[Recent]:
        """Incidents declared lately without the one of number `but`, the latest first."""
        for number, recent in self._recent:
            if number != but:
                decided = self._rows.get(number)
                yield recent if decided is None else _recent(decided, _labels(decided["room"]))

    def times(self, but: int, same: str, kinds: frozenset[str], since: datetime, until: datetime) -> int | None:
        """How many other incidents than `but` of these kinds were declared within that time; None where the database
        cannot count them."""
        written = earlier.times(self._c, same, kinds, since, until, {but, *self._rows})
        if written is None:
            return None
        return written + sum(1 for _ in self._decided(but, same, kinds, since, until))

    def served(self, but: int, kinds: frozenset[str], since: datetime, until: datetime) -> Iterator[Recent]:
        """The other incidents than `but` of these services that were declared within that time, oldest first."""
        rows = earlier.served(self._c, kinds, since, until, {but, *self._rows})
        return earlier.in_order(
            (self._known(row)[1] for row in rows), self._decided(but, "service", kinds, since, until)
        )

    def named(self, but: int, key: str) -> Recent | None:
        """The incident with that key, unless it is `but`, or was declared before what is looked back at."""
        row = earlier.named(self._c, key, self._since)
        if row is None or row.id == but:
            return None
        decided = self._rows.get(row.id)
        return self._known(row)[1] if decided is None else _recent(decided, _labels(decided["room"]))

    def _decided(
        self, but: int, same: str, kinds: frozenset[str], since: datetime, until: datetime
    ) -> Iterator[Recent]:
        """Those of these kinds of which something was decided that is not written yet."""
        for number in sorted(earlier.written(self._c, self._rows.keys() - {but}, since, until)):
            recent = _recent(self._rows[number], _labels(self._rows[number]["room"]))
            if kind_of(same, recent) in kinds:
                yield recent

    def _known(self, row: Any) -> tuple[int, Recent]:
        number = int(row.id)
        if number not in self._places:
            self._places[number] = len(self._numbers)
            self._numbers.append(number)
        return number, _recent(row._mapping, _LabelsOf(self, number))

    def labels(self, number: int) -> Mapping[str, str]:
        """The labels of an incident that was declared lately: they stand in its room, which is read with the next
        ones', since who asks for one asks for more."""
        if number not in self._labels:
            # The same ones whether they are asked for from the latest on or from the oldest.
            first = self._places[number] // TOGETHER * TOGETHER
            wanted = self._numbers[first : first + TOGETHER]
            rows = self._c.execute(_ROOMS, {"numbers": wanted})
            self._labels |= dict.fromkeys(wanted, _NO_LABELS) | {row.id: _labels(row.room) for row in rows}
        return self._labels[number]


class _PagesOf:
    """When one person was paged and for which incident; one moment for all channels of a page."""

    def __init__(self, c: Connection, person: str, since: int) -> None:
        self._c, self._person, self._since = c, person, since
        asked = {"person": person, "since": since}
        self._written = Latest(c, _PAGES, asked, lambda row: (from_us(row.created_at), int(row.incident)))
        self.fresh: list[tuple[datetime, int]] = []

    def decided(self, at: int, incident: int) -> None:
        """Take in a page that is not written yet."""
        page = from_us(at), incident
        if page not in self.fresh[-1:]:
            self.fresh.append(page)

    def moments(self, but: int, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """Each moment after `since` and up to `until` at which the person was paged for another incident than `but`."""
        asked = {"person": self._person, "since": max(to_us(since), self._since - 1), "until": to_us(until), "but": but}
        fresh = {at for at, incident in self.fresh if incident != but and since < at <= until}
        return tuple(sorted(fresh.union(from_us(row.created_at) for row in self._c.execute(_MOMENTS, asked))))

    def latest(self, but: int) -> Iterator[datetime]:
        """When the person was paged for another incident than `but`, the latest first."""
        for at, incident in reversed(self.fresh):
            if incident != but:
                yield at
        for at, incident in self._written:
            if incident != but:
                yield at


class _Earlier(Lazy[Recent], Earlier):
    """Other incidents that were declared lately; what is asked of them is answered from an index where there is one."""

    def __init__(self, besides: Besides, number: int) -> None:
        super().__init__(lambda: besides.recent(number))
        self._besides, self._number = besides, number

    def times(self, same: str, kinds: frozenset[str], since: datetime, until: datetime) -> int:
        counted = self._besides.times(self._number, same, kinds, since, until)
        return super().times(same, kinds, since, until) if counted is None else counted

    def alike(self, same: str, kinds: frozenset[str], since: datetime, until: datetime) -> Iterator[Recent]:
        if same == "service":
            return self._besides.served(self._number, kinds, since, until)
        return super().alike(same, kinds, since, until)

    def named(self, key: str) -> Recent | None:
        return self._besides.named(self._number, key)


class _PagesBesides(Lazy[datetime], Pages):
    """When one person was paged for other incidents than one."""

    def __init__(self, pages: _PagesOf, but: int) -> None:
        super().__init__(lambda: pages.latest(but))
        self._pages, self._but = pages, but

    def moments(self, since: datetime, until: datetime) -> tuple[datetime, ...]:
        return self._pages.moments(self._but, since, until)


class _Pages(Mapping[str, Sequence[datetime]]):
    """By person, when they were paged for other incidents, oldest first."""

    def __init__(self, besides: Besides, number: int) -> None:
        self._besides, self._number = besides, number

    def __getitem__(self, person: str) -> Sequence[datetime]:
        return _PagesBesides(self._besides.pages(person), self._number)

    def __iter__(self) -> Iterator[str]:
        return iter(self._besides.paged())

    def __len__(self) -> int:
        return len(self._besides.paged())


class _Asked(Mapping[str, Value]):
    """By name what is read when it is asked for, and not before. Who is in it nobody asks."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        self._read = read
        self._known: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class _Turns(Mapping[str, int]):
    """By policy, how many escalations have begun under it; none for one that never ran."""

    def __init__(self, besides: Besides) -> None:
        self._besides = besides

    def __getitem__(self, policy: str) -> int:
        return self._besides.turns(policy)

    def __iter__(self) -> Iterator[str]:
        return iter(self._besides.policies())

    def __len__(self) -> int:
        return len(self._besides.policies())


class _LabelsOf(Mapping[str, str]):
    """The labels of one incident."""

    def __init__(self, besides: Besides, number: int) -> None:
        self._besides, self._number = besides, number

    def __getitem__(self, name: str) -> str:
        return self._besides.labels(self._number)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._besides.labels(self._number))

    def __len__(self) -> int:
        return len(self._besides.labels(self._number))


def _recent(row: Mapping[Any, Any], labels: Mapping[str, str]) -> Recent:
    return Recent(
        row["key"],
        from_us(row["declared_at"]),
        row["severity"],
        row["service"],
        row["title"],
        bool(row["live"]),
        labels,
    )


_NO_LABELS: Mapping[str, str] = {}
_HEAD = '{"incident":'
_incident = json.JSONDecoder().raw_decode
"""Reads the incident alone, with which a stored room begins; what follows it is many times as long."""


def _labels(room: str) -> Mapping[str, str]:
    """The labels in a stored room, without decoding the rest of it; none where the row is damaged."""
    try:
        incident = _incident(room, len(_HEAD))[0] if room.startswith(_HEAD) else json.loads(room)["incident"]
        labels = incident.get("labels") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return _NO_LABELS
    return {str(key): str(value) for key, value in labels.items()}
