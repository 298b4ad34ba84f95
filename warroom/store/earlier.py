"""What happened before, asked of the database by its indexes: how many of a kind, the oldest of them, one by its key.

In a storm thousands of incidents are declared within the time that a rule looks back, and every decision asks.
Services, by which rules group and count, have an index of their own; titles and severities are counted by the database;
only who asks for a label has the incidents read one after the other, since labels stand in the stored room alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import merge
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, or_, select, text

from warroom.domain.duty import Recent
from warroom.domain.matching import spaced
from warroom.store import tables as t
from warroom.store.codec import to_us

INCIDENT = t.table(t.IncidentRow)
FEW: Final = 64
"""How many incidents of a kind are read first; four times as many every time somebody goes on."""

KNOWN: Final = (
    INCIDENT.c.id,
    INCIDENT.c.key,
    INCIDENT.c.declared_at,
    INCIDENT.c.severity,
    INCIDENT.c.service,
    INCIDENT.c.title,
    INCIDENT.c.live,
)
"""What is known of an incident that was declared lately."""

_SINCE = (INCIDENT.c.provider.is_(None), INCIDENT.c.declared_at.between(bindparam("since"), bindparam("until")))
_OTHERS = INCIDENT.c.id.not_in(bindparam("but", expanding=True))
_SERVED = INCIDENT.c.service.in_(bindparam("services", expanding=True))
# A service is the same one however it is written. From one spelling the index is asked for the next: as many looks as
# there are services, however many incidents they have.
_SERVICES = text(
    "WITH RECURSIVE spelt(name) AS (SELECT min(service) FROM incident UNION ALL SELECT (SELECT min(service) "
    "FROM incident WHERE service > spelt.name) FROM spelt WHERE spelt.name IS NOT NULL) "
    "SELECT name FROM spelt WHERE name IS NOT NULL"
)
_COUNT = select(func.count()).where(*_SINCE, _SERVED)
_COUNT_OWN = _COUNT.where(INCIDENT.c.id.in_(bindparam("but", expanding=True)))
_ALIKE = (
    select(*KNOWN)
    .where(*_SINCE, _OTHERS, _SERVED, or_(INCIDENT.c.declared_at > bindparam("since"), INCIDENT.c.id > bindparam("id")))
    .order_by(INCIDENT.c.declared_at, INCIDENT.c.id)
    .limit(bindparam("most"))
)
_COUNTS = {
    same: select(column, func.count().label("times")).where(*_SINCE, _OTHERS).group_by(column)
    for same, column in (("title", INCIDENT.c.title), ("severity", INCIDENT.c.severity))
}
_NAMED = select(*KNOWN).where(
    INCIDENT.c.key == bindparam("key"), INCIDENT.c.provider.is_(None), INCIDENT.c.declared_at >= bindparam("since")
)
_WRITTEN = select(INCIDENT.c.id).where(*_SINCE, INCIDENT.c.id.in_(bindparam("numbers", expanding=True)))

Row = Mapping[str, Any]


def written(c: Connection, numbers: Iterable[int], since: datetime, until: datetime) -> set[int]:
    """Which of these incidents stand in the database, are no imported ones, and were declared within that time."""
    asked = {"numbers": list(numbers), "since": to_us(since), "until": to_us(until)}
    return {int(row.id) for row in c.execute(_WRITTEN, asked)} if asked["numbers"] else set()


def times(
    c: Connection, same: str, kinds: frozenset[str], since: datetime, until: datetime, but: Iterable[int]
) -> int | None:
    """How many incidents of these kinds were declared within that time, without those of the numbers `but`; None where
    the database cannot count them."""
    asked: dict[str, Any] = {"since": to_us(since), "until": to_us(until), "but": list(but)}
    if same == "service":
        services = _spelt(c, kinds)
        if not services:
            return 0
        asked["services"] = services
        # What is left out is counted by itself: the index alone says how many there are, but not which.
        own = int(c.execute(_COUNT_OWN, asked).scalar_one())
        del asked["but"]
        return int(c.execute(_COUNT, asked).scalar_one()) - own
    if same in _COUNTS:
        counts = c.execute(_COUNTS[same], asked)
        return sum(int(row.times) for row in counts if spaced(row[0]) in kinds)
    return None


def served(c: Connection, kinds: frozenset[str], since: datetime, until: datetime, but: Iterable[int]) -> Iterator[Any]:
    """The rows (`KNOWN`) of the incidents of these services, oldest first, read as far as somebody looks."""
    services, most = _spelt(c, kinds), FEW
    asked = {"since": to_us(since), "until": to_us(until), "but": list(but), "services": services, "id": -1}
    while services:
        rows = c.execute(_ALIKE, {**asked, "most": most}).all()
        yield from rows
        if len(rows) < most:
            return
        asked["since"], asked["id"] = rows[-1].declared_at, rows[-1].id
        most *= 4


def named(c: Connection, key: str, since: int) -> Any:
    """The row (`KNOWN`) of the incident with that key; None where it was declared before `since`, or is imported."""
    return c.execute(_NAMED, {"key": key, "since": since}).one_or_none()


def in_order(rows: Iterator[Recent], decided: Iterable[Recent]) -> Iterator[Recent]:
    """Both, oldest first."""
    ready = sorted(decided, key=_declared_at)
    return merge(rows, ready, key=_declared_at) if ready else chain(rows)


def _declared_at(recent: Recent) -> datetime:
    return recent.declared_at


def _spelt(c: Connection, kinds: frozenset[str]) -> list[str]:
    """The services that are meant, as they are written somewhere."""
    return [name for (name,) in c.execute(_SERVICES) if spaced(name) in kinds]
