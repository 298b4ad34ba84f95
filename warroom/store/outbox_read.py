"""What is on its way and what has become of it: looking at the outbox, which changes nothing in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from warroom.store.codec import from_us, maybe_from, to_us
from warroom.store.database import Database
from warroom.store.outbox import NEVER, OUTBOX, PENDING, TROUBLED, Claimed, claimed_of
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """A message and what has become of it so far."""

    message: Claimed
    state: str
    next_at: datetime
    sent_at: datetime | None
    error: str
    bundle: str

    @property
    def pending(self) -> bool:
        """Whether it may still go out."""
        return self.state in PENDING or (self.state == "bundled" and self.sent_at is None)


_OVERDUE = (
    select(OUTBOX)
    .where(OUTBOX.c.kind == "page", OUTBOX.c.created_at <= bindparam("before"))
    .where(
        or_(
            OUTBOX.c.state.in_(("failed", "unknown")),  # what is being sent tells its fate in a moment
            # What was held back on purpose has been due only since then: its receiver got enough before.
            (OUTBOX.c.state == "queued") & ((OUTBOX.c.tries > 0) | (OUTBOX.c.next_at <= bindparam("before"))),
            (OUTBOX.c.state == "bundled") & (OUTBOX.c.next_at >= NEVER),
        )
    )
    .order_by(OUTBOX.c.created_at, OUTBOX.c.id)
    .limit(5000)
)
_OF_PAGE = select(OUTBOX).where(
    OUTBOX.c.recipient == bindparam("to"),
    OUTBOX.c.created_at >= bindparam("since"),
    OUTBOX.c.dedup == bindparam("page"),
)
_QUEUES = (
    select(OUTBOX.c.destination, func.count(), func.min(OUTBOX.c.created_at))
    .where(OUTBOX.c.state == "queued", OUTBOX.c.tries == 0, OUTBOX.c.next_at <= bindparam("now"))
    .group_by(OUTBOX.c.destination)
)
_ALL = select(OUTBOX).order_by(OUTBOX.c.created_at.desc(), OUTBOX.c.id.desc()).limit(bindparam("most"))


def kept(row: Any) -> Kept:
    """A row of the table as a value."""
    return Kept(claimed_of(row), row.state, from_us(row.next_at), maybe_from(row.sent_at), row.error, row.bundle)


def overdue(database: Database, before: datetime) -> list[Kept]:
    """Pages that should have gone out at `before` or earlier and have not, oldest first."""
    with database.read() as c:
        return [kept(row) for row in c.execute(_OVERDUE, {"before": to_us(before)})]


def of_page(database: Database, message: Claimed) -> list[Kept]:
    """Everything that went to the same person because of the same entry, this message included."""
    since = to_us(message.created_at - timedelta(days=1))
    with database.read() as c:
        rows = c.execute(_OF_PAGE, {"to": message.to, "since": since, "page": message.dedup}).all()
    return [kept(row) for row in rows]


def queues(database: Database, now: datetime) -> dict[str, tuple[int, datetime]]:
    """By lane, how many messages wait that nobody has taken yet, and since when the oldest of them."""
    with database.read() as c:
        return {str(lane): (int(n), from_us(oldest)) for lane, n, oldest in c.execute(_QUEUES, {"now": to_us(now)})}


def listing(database: Database, *, troubled: bool = False, most: int = 1000) -> list[Kept]:
    """The latest messages, newest first; with `troubled` only those that failed or may have."""
    query = _ALL.where(OUTBOX.c.state.in_(TROUBLED)) if troubled else _ALL
    with database.read() as c:
        return [kept(row) for row in c.execute(query, {"most": most})]
