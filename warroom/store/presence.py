"""Who is there: one row per process that keeps the timers going. It tells people; nothing is decided by it.

Times are the machine's own and never the room's: a process in a room whose clock runs faster is no sooner dead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from warroom.store import schema
from warroom.store import tables as t
from warroom.store.codec import from_us, to_us
from warroom.store.database import Database

PRESENCE = t.table(t.PresenceRow)
BEAT = timedelta(seconds=5)
"""How often a process says that it is there."""
GONE = timedelta(seconds=16)
"""After how long without a word it is taken for dead: three beats missed."""
FORGET = timedelta(days=1)

_BEAT = (
    update(PRESENCE)
    .where(PRESENCE.c.id == bindparam("the_id"))
    .values(seen_at=bindparam("seen"), lag_us=bindparam("lag"), note=bindparam("note"))
)
_PRESENT = select(PRESENCE).where(PRESENCE.c.seen_at >= bindparam("since")).order_by(PRESENCE.c.started_at)


def arrive(database: Database, row: dict[str, Any]) -> None:
    """Enter a process, in place of what it left behind when it could not say goodbye.

    `row` has the columns of `PresenceRow`. Rows older than a day are swept. Raises `TooNew` in a newer program's file.
    """
    old = PRESENCE.c.seen_at < row["seen_at"] - FORGET // timedelta(microseconds=1)
    with database.write() as c:
        schema.may_write(c, database)
        c.execute(delete(PRESENCE).where(old | (PRESENCE.c.id == row["id"])))
        c.execute(insert(PRESENCE), row)


def beat(database: Database, identity: str, *, now: datetime, lag: timedelta, note: str) -> bool:
    """Say that a process is there; False when its row was swept meanwhile."""
    values = {
        "the_id": identity,
        "seen": to_us(now),
        "lag": lag // timedelta(microseconds=1),
        "note": note,
    }
    with database.write() as c:
        return c.execute(_BEAT, values).rowcount == 1


def leave(database: Database, identity: str) -> None:
    """Take a process out, since it ends."""
    with database.write() as c:
        c.execute(delete(PRESENCE).where(PRESENCE.c.id == identity))


def present(c: Any, now: datetime) -> list[Any]:
    """The rows of all processes seen within the last ten minutes, the latest arrival last; `c` is a connection."""
    return list(c.execute(_PRESENT, {"since": to_us(now - timedelta(minutes=10))}))


def is_alive(row: Any, now: datetime) -> bool:
    """Whether that process has given a sign of life lately."""
    return now - from_us(row.seen_at) < GONE
