"""Messages on their way out (R9): written with the decision that caused them, delivered at least once.

A message is queued, claimed (sending), then sent or failed. Who claims it has a lease; when the lease runs out without
a result, nobody knows whether it went out: it is shown as unknown and tried again under the same idempotency key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update

from warroom.store import schema
from warroom.store import tables as t
from warroom.store.codec import from_us, to_us
from warroom.store.database import Database

OUTBOX = t.table(t.OutboxRow)

LEASE = timedelta(seconds=30)
"""How long a claimed message may take before its fate is unknown."""
BACK_OFF = (1, 5, 15, 60, 300)
"""Seconds before the second, third, ... try; the last one repeats."""
MOST_TRIES = 20
"""After so many tries a message has failed for good."""
AT_ONCE = 20
"""How many messages are claimed in one transaction."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message to be sent now. `id` is its idempotency key."""

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


_WAITING = or_(
    OUTBOX.c.state.in_(("queued", "failed", "unknown")) & (OUTBOX.c.next_at <= bindparam("now")),
    (OUTBOX.c.state == "sending") & (OUTBOX.c.next_at <= bindparam("now")),
)
_PENDING = select(func.min(OUTBOX.c.next_at)).where(OUTBOX.c.state.in_(("queued", "failed", "unknown", "sending")))
_CLAIMABLE = select(OUTBOX).where(_WAITING).order_by(OUTBOX.c.next_at, OUTBOX.c.id).limit(AT_ONCE).with_for_update()
_SET = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id == bindparam("the_id"),
        # Or its lease ran out, and nobody has taken it since: better late than twice.
        (OUTBOX.c.claimed_by == bindparam("mine"))
        | ((OUTBOX.c.state == "unknown") & (OUTBOX.c.tries == bindparam("tried"))),
    )
    .values(
        state=bindparam("new_state"),
        next_at=bindparam("next"),
        sent_at=bindparam("sent"),
        error=bindparam("why"),
        claimed_by="",
    )
)
_GIVE_BACK = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("the_id"), OUTBOX.c.claimed_by == bindparam("mine"))
    .values(state="queued", next_at=bindparam("next"), tries=bindparam("tried"), claimed_by="")
)


def next_at(database: Database) -> datetime | None:
    """When the next message wants to be sent (or its lease runs out), read without a lock; None: nothing to do."""
    with database.read() as c:
        us = c.execute(_PENDING).scalar()
    return None if us is None else from_us(us)


def claim(database: Database, who: str, now: datetime, *, lease: timedelta = LEASE, pace: float = 1.0) -> list[Claimed]:
    """Take messages to send; `who` names this process uniquely. A message whose lease ran out turns unknown first,
    and is taken in the next pass, so that it can be seen.

    `lease` is real time, `now` the room's, which runs `pace` times as fast. Raises `TooNew` in a newer program's file.
    """
    out = []
    with database.write() as c:
        schema.may_write(c, database)
        for row in c.execute(_CLAIMABLE, {"now": to_us(now)}).all():
            if row.state == "sending":
                c.execute(
                    update(OUTBOX)
                    .where(OUTBOX.c.id == row.id)
                    .values(
                        state="unknown",
                        claimed_by="",
                        maybe_twice=True,
                        next_at=to_us(now + timedelta(seconds=BACK_OFF[0]) * pace),
                        error="the sender ended before it could tell whether this went out",
                    )
                )
                continue
            c.execute(
                update(OUTBOX)
                .where(OUTBOX.c.id == row.id)
                .values(state="sending", claimed_by=who, tries=row.tries + 1, next_at=to_us(now + lease * pace))
            )
            out.append(
                Claimed(
                    row.id,
                    row.incident,
                    row.kind,
                    row.recipient,
                    row.via,
                    row.address,
                    row.subject,
                    row.body,
                    from_us(row.created_at),
                    row.tries + 1,
                    row.maybe_twice,
                )
            )
    return out


def settle(
    database: Database,
    who: str,
    results: list[tuple[Claimed, str]],
    now: datetime,
    *,
    untried: Sequence[Claimed] = (),
    pace: float = 1.0,
) -> None:
    """Write down what became of claimed messages: each with "" for sent, or with what went wrong.

    `untried` ones are given back as if they had never been taken. `pace` as in `claim`.
    """
    with database.write() as c:
        for message in untried:
            c.execute(_GIVE_BACK, {"the_id": message.id, "mine": who, "next": to_us(now), "tried": message.tries - 1})
        for message, error in results:
            if not error:
                values = {"new_state": "sent", "next": to_us(now), "sent": to_us(now), "why": ""}
            else:
                wait = BACK_OFF[min(message.tries, len(BACK_OFF)) - 1]
                state = "failed" if message.tries < MOST_TRIES else "given up"
                again = to_us(now + timedelta(seconds=wait) * pace)
                values = {"new_state": state, "next": again, "sent": None, "why": error}
            c.execute(_SET, {"the_id": message.id, "mine": who, "tried": message.tries, **values})
