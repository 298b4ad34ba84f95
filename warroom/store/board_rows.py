"""The rows of the incidents that a board shows, so that a look reads what changed and not the whole room again.

Every function takes an open read connection and leaves it open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, case, func, null, or_, select

from warroom.store import tables as t
from warroom.valueclass import dataclass

INCIDENT, EVENT, DEADLINE = (t.table(m) for m in (t.IncidentRow, t.EventRow, t.DeadlineRow))
SOONEST = 2_000
"""Among how many of the deadlines that fall due first it is looked for the most urgent incidents."""
AT_ONCE = 500
"""How many incidents one statement names: far below what any database takes."""

SHOWN = or_(INCIDENT.c.live, (INCIDENT.c.status == "resolved") & INCIDENT.c.provider.is_(None))
"""What stands on the board: every live incident, and our own resolved ones until they are closed."""

_ROW = select(INCIDENT.c.id, INCIDENT.c.key, case((SHOWN, INCIDENT.c.room), else_=null()).label("room"))
_THESE = _ROW.where(INCIDENT.c.id.in_(bindparam("numbers", expanding=True)))
_BEHIND = _ROW.where(INCIDENT.c.id > bindparam("after")).order_by(INCIDENT.c.id).limit(bindparam("most"))
_ALL = select(INCIDENT.c.id).where(SHOWN).order_by(INCIDENT.c.live.desc(), INCIDENT.c.rank, INCIDENT.c.id)
_TALLY = select(INCIDENT.c.rank, func.count()).where(INCIDENT.c.live).group_by(INCIDENT.c.rank)
_WORST = select(INCIDENT.c.id).where(INCIDENT.c.live).order_by(INCIDENT.c.rank).limit(bindparam("most"))
_soonest = (
    select(DEADLINE.c.incident, DEADLINE.c.due_at).order_by(DEADLINE.c.due_at).limit(bindparam("soonest")).subquery()
)
_URGENT = (
    select(INCIDENT.c.id)
    .join(_soonest, _soonest.c.incident == INCIDENT.c.id)
    .where(INCIDENT.c.live)
    .group_by(INCIDENT.c.id, INCIDENT.c.rank)
    .order_by(INCIDENT.c.rank, func.min(_soonest.c.due_at), INCIDENT.c.id)
    .limit(bindparam("most"))
)
# Not "distinct": that would be looked up in the index by incident, all of which would be read.
_TOUCHED = select(EVENT.c.incident).where(EVENT.c.seq > bindparam("after")).order_by(EVENT.c.seq)


@dataclass(frozen=True, slots=True)
class Shown:
    """The row of one incident: its whole state as JSON, None where it is not on the board (any more)."""

    number: int
    key: str
    room: str | None


def these(c: Connection, numbers: Sequence[int]) -> list[Shown]:
    """The rows of these incidents, in no order; one that is not there is left out."""
    out: list[Shown] = []
    for start in range(0, len(numbers), AT_ONCE):
        out += _shown(c.execute(_THESE, {"numbers": list(numbers[start : start + AT_ONCE])}))
    return out


def behind(c: Connection, after: int, most: int) -> list[Shown]:
    """The rows of at most so many incidents behind number `after`, in the order of their numbers, shown or not."""
    return _shown(c.execute(_BEHIND, {"after": after, "most": most}))


def numbers(c: Connection) -> list[int]:
    """The numbers of all that the board shows: what is live first, the worst severity first."""
    return list(c.execute(_ALL).scalars())


def urgent(c: Connection, most: int) -> list[int]:
    """The numbers of live incidents that a person should see first, at most about twice so many: of the deadlines that
    fall due next those of the worst severities, and some of the worst severity. Looked up, whatever the room's size."""
    soon = c.execute(_URGENT, {"soonest": SOONEST, "most": most}).scalars()
    return list(dict.fromkeys((*soon, *c.execute(_WORST, {"most": most}).scalars())))


def tally(c: Connection) -> dict[int, int]:
    """How many incidents are live, by the rank of their severity."""
    return {int(rank): int(count) for rank, count in c.execute(_TALLY)}


def touched(c: Connection, after: int) -> list[int]:
    """The numbers of the incidents (0: the desk) to which something happened behind event `after`."""
    return list(dict.fromkeys(c.execute(_TOUCHED, {"after": after}).scalars()))


def _shown(rows: Iterable[tuple[int, str, str | None]]) -> list[Shown]:
    return [Shown(int(number), str(key), room) for number, key, room in rows]
