"""A room in which it is a time of our choice: who is on call, and with it who is asked first, depends on it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from warroom.clock import Clock
from warroom.store import tables as t
from warroom.store.codec import to_us
from warroom.store.database import Database

MIDDAY = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
"""A Tuesday at work: no handover is near, and neither is another day, another year, or a change of clocks."""


def midday() -> Clock:
    """The clock of a room in which it is MIDDAY now, and in which a second takes a second."""
    return Clock(datetime.now(UTC), MIDDAY, 1.0)


def begin_at(path: Path, at: datetime) -> None:
    """From now on it is `at` in the room of this file, and a second there takes a second; programs that are opened on
    it from here on go by that."""
    with Database.open(path, login="test") as database, database.write() as c:
        values = {"clock_real": to_us(datetime.now(UTC)), "clock_room": to_us(at), "clock_speed": 1.0}
        c.execute(update(t.table(t.MetaRow)).values(values))
