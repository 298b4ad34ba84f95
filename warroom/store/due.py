"""Which incidents have something due, and when the next of them has: read from the deadlines' own table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from warroom.store.codec import from_us, to_us
from warroom.store.plan import DEADLINE

DEADLINES_EACH = 3
"""How many deadlines of an incident are looked at when many are due: what is left of them follows in the next pass."""

_NEXT = select(func.min(DEADLINE.c.due_at))
_NEXT_BUT = _NEXT.where(DEADLINE.c.incident.not_in(bindparam("skip", expanding=True)))
_DUE = (
    select(DEADLINE.c.incident)
    .where(DEADLINE.c.due_at <= bindparam("now"))
    .order_by(DEADLINE.c.due_at)
    .limit(bindparam("most"))
)
_DUE_BUT = _DUE.where(DEADLINE.c.incident.not_in(bindparam("skip", expanding=True)))
_STILL_DUE = select(DEADLINE.c.name).where(DEADLINE.c.incident == bindparam("k"), DEADLINE.c.due_at <= bindparam("now"))


def first(c: Connection, skip: frozenset[int]) -> datetime | None:
    """When the next step falls due, of incidents that `skip` does not name; None when nothing is armed."""
    us = (c.execute(_NEXT_BUT, {"skip": sorted(skip)}) if skip else c.execute(_NEXT)).scalar()
    return None if us is None else from_us(us)


def numbers(c: Connection, moment: datetime, skip: frozenset[int], most: int) -> tuple[list[int], bool]:
    """The numbers of up to `most` incidents with something due at `moment`, the oldest first, without those of `skip`;
    and whether there may be more."""
    asked = {"now": to_us(moment), "most": most * DEADLINES_EACH}
    rows = c.execute(_DUE_BUT, {**asked, "skip": sorted(skip)}) if skip else c.execute(_DUE, asked)
    found = [int(number) for number in rows.scalars()]
    each = list(dict.fromkeys(found))
    return each[:most], len(found) == asked["most"] or len(each) >= most


def still(c: Connection, number: int, now: datetime) -> bool:
    """Whether an incident has something due at `now`."""
    return c.execute(_STILL_DUE, {"k": number, "now": to_us(now)}).first() is not None
