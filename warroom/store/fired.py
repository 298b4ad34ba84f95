"""Which rules have changed something about the incidents of late: counted in the rows, not in the record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from warroom.store import tables as t
from warroom.store.codec import to_us

INCIDENT = t.table(t.IncidentRow)

_ROOMS = (
    select(INCIDENT.c.room)
    .where(INCIDENT.c.declared_at >= bindparam("since"), INCIDENT.c.provider.is_(None))
    .order_by(INCIDENT.c.declared_at.desc())
    .limit(bindparam("most"))
)
_HEAD = '{"incident":'
_value_at = json.JSONDecoder().raw_decode


def rules_fired(c: Connection, since: datetime, most: int) -> tuple[Counter[str], int]:
    """How many incidents each rule has changed something about, by its name; and of how many that was counted: the
    latest `most` of our own that were declared since. Each rule fires at most once for an incident."""
    found = Counter[str]()
    counted = 0
    for row in c.execute(_ROOMS, {"since": to_us(since), "most": most}):
        counted += 1
        found.update(_applied(row.room))
    return found, counted


def _applied(room: str) -> Iterable[str]:
    """The rules in a stored room; none where the row is damaged. The incident stands first, and the rest of a room is
    many times as long: only that is decoded."""
    try:
        incident = _value_at(room, len(_HEAD))[0] if room.startswith(_HEAD) else json.loads(room)["incident"]
        return tuple(str(rule) for rule in incident.get("rules_applied") or ())
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
