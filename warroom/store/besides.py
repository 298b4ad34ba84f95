"""What a decision gets to know besides the rules and the incident (`Duty`): read in its own transaction, when asked.

Most decisions never ask who was paged lately or what else happened this week, so nothing of it is read until they do.
Every answer is one look into an index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, overload

from sqlalchemy import Connection, bindparam, select

from warroom.domain.desk import Desk
from warroom.domain.duty import LOOK_BACK, Duty, Recent
from warroom.store import tables as t
from warroom.store.codec import decode_desk, from_us, to_us

INCIDENT, OUTBOX, DESK, TURN = (t.table(m) for m in (t.IncidentRow, t.OutboxRow, t.DeskRow, t.TurnRow))

_DESK = select(DESK.c.state)
_LOCKED_DESK = _DESK.with_for_update()
_TURNS = select(TURN.c.turns).where(TURN.c.policy == bindparam("policy"))
_PAGES = (
    select(OUTBOX.c.incident, OUTBOX.c.created_at)
    .where(
        OUTBOX.c.recipient == bindparam("person"),
        OUTBOX.c.created_at >= bindparam("since"),
        OUTBOX.c.kind == "page",
        OUTBOX.c.incident != bindparam("number"),
    )
    .distinct()
    .order_by(OUTBOX.c.created_at)
)
_PAGED = select(OUTBOX.c.recipient).where(OUTBOX.c.created_at >= bindparam("since"), OUTBOX.c.kind == "page").distinct()
_RECENT = (
    select(
        INCIDENT.c.key,
        INCIDENT.c.declared_at,
        INCIDENT.c.severity,
        INCIDENT.c.service,
        INCIDENT.c.title,
        INCIDENT.c.live,
        INCIDENT.c.room,
    )
    .where(
        INCIDENT.c.declared_at >= bindparam("since"),
        INCIDENT.c.id != bindparam("number"),
        INCIDENT.c.provider.is_(None),
    )
    .order_by(INCIDENT.c.declared_at, INCIDENT.c.id)
)

_decoded = lru_cache(maxsize=64)(decode_desk)
"""Desks decoded before, by what stands in the row: every decision asks for the same one."""


def desk(c: Connection, *, locked: bool = False) -> Desk:
    """What stands on the desk; `locked` for a transaction that will change it."""
    return _decoded(c.execute(_LOCKED_DESK if locked else _DESK).scalar_one())


def duty(c: Connection, number: int, now: datetime) -> Duty:
    """What stands besides the rules for the incident of that number (0: none yet) at `now`.

    Its mappings read on the connection when they are asked: they are good for this transaction only.
    """
    standing = desk(c)
    since = to_us(now - LOOK_BACK)
    return Duty(
        standing.overrides,
        standing.absences,
        standing.swaps,
        _Pages(c, number, since),
        _Turns(c),
        _RecentIncidents(c, number, since),
    )


class _Pages(Mapping[str, tuple[datetime, ...]]):
    """By person, when they were paged for other incidents; one moment for all channels of a page."""

    def __init__(self, c: Connection, number: int, since: int) -> None:
        self._c, self._number, self._since = c, number, since
        self._known: dict[str, tuple[datetime, ...]] = {}

    def __getitem__(self, person: str) -> tuple[datetime, ...]:
        if person not in self._known:
            asked = {"person": person, "since": self._since, "number": self._number}
            self._known[person] = tuple(from_us(row.created_at) for row in self._c.execute(_PAGES, asked))
        return self._known[person]

    def __iter__(self) -> Iterator[str]:
        return iter([str(row.recipient) for row in self._c.execute(_PAGED, {"since": self._since})])

    def __len__(self) -> int:
        return len(list(iter(self)))


class _Turns(Mapping[str, int]):
    """By policy, how many escalations have begun under it; none for one that never ran."""

    def __init__(self, c: Connection) -> None:
        self._c = c

    def __getitem__(self, policy: str) -> int:
        return int(self._c.execute(_TURNS, {"policy": policy}).scalar() or 0)

    def __iter__(self) -> Iterator[str]:
        return iter([str(row.policy) for row in self._c.execute(select(TURN.c.policy))])

    def __len__(self) -> int:
        return len(list(iter(self)))


class _RecentIncidents(Sequence[Recent]):
    """Incidents declared lately, oldest first; read as a whole when the first of them is asked for."""

    def __init__(self, c: Connection, number: int, since: int) -> None:
        self._c, self._number, self._since = c, number, since
        self._rows: tuple[Recent, ...] | None = None

    def _all(self) -> tuple[Recent, ...]:
        if self._rows is None:
            rows = self._c.execute(_RECENT, {"since": self._since, "number": self._number})
            self._rows = tuple(_recent(row) for row in rows)
        return self._rows

    @overload
    def __getitem__(self, index: int) -> Recent: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Recent]: ...
    def __getitem__(self, index: int | slice) -> Recent | Sequence[Recent]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())


def _recent(row: Any) -> Recent:
    return Recent(
        row.key,
        from_us(row.declared_at),
        row.severity,
        row.service,
        row.title,
        bool(row.live),
        _labels(row.room),
    )


def _labels(room: str) -> Mapping[str, str]:
    """The labels in a stored room, without decoding the rest of it; none where the row is damaged."""
    try:
        labels = json.loads(room)["incident"].get("labels") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {str(key): str(value) for key, value in labels.items()}
