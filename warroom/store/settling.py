"""What became of messages that were claimed (R9), written down: sent, to be tried again, given up; or given back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from warroom.store import schema
from warroom.store.codec import to_us
from warroom.store.database import Database
from warroom.store.outbox import BACK_OFF, MOST_TRIES, NEVER, OUTBOX, TROUBLED, Claimed, Fate

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
        maybe_twice=OUTBOX.c.maybe_twice | bindparam("unsure"),
        claimed_by="",
    )
)
_SET_CARRIED = (
    update(OUTBOX)
    .where(OUTBOX.c.recipient == bindparam("to"), OUTBOX.c.bundle == bindparam("head"), OUTBOX.c.state == "bundled")
    .values(state=bindparam("new_state"), next_at=bindparam("next"), sent_at=bindparam("sent"), error=bindparam("why"))
)
_RELEASE = (
    update(OUTBOX)
    .where(OUTBOX.c.recipient == bindparam("to"), OUTBOX.c.bundle == bindparam("head"), OUTBOX.c.state == "bundled")
    .values(state="queued", next_at=bindparam("next"), bundle="")
)
_GIVE_BACK = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("the_id"), OUTBOX.c.claimed_by == bindparam("mine"))
    .values(state="queued", next_at=bindparam("next"), tries=bindparam("tried"), claimed_by="")
)


def settle(
    database: Database,
    who: str,
    results: Iterable[tuple[Claimed, Fate]],
    now: datetime,
    *,
    untried: Sequence[Claimed] = (),
    pace: float = 1.0,
) -> None:
    """Write down what became of claimed messages.

    `untried` ones are given back as if they had never been taken. `pace` as in `claim`.
    """
    with database.write() as c:
        for message in untried:
            c.execute(_GIVE_BACK, {"the_id": message.id, "mine": who, "next": to_us(now), "tried": message.tries - 1})
            if message.bundle and message.tries == 1:
                c.execute(_RELEASE, {"to": message.to, "head": message.id, "next": to_us(now)})
        for message, fate in results:
            if not fate.error:
                values = {"new_state": "sent", "next": to_us(now), "sent": to_us(now), "why": ""}
            else:
                usual = timedelta(seconds=BACK_OFF[min(message.tries, len(BACK_OFF)) - 1])
                wait = usual if fate.wait is None else fate.wait
                state = "given up" if fate.final or message.tries >= MOST_TRIES else "failed"
                values = {"new_state": state, "next": to_us(now + wait * pace), "sent": None, "why": fate.error}
            mine = {"the_id": message.id, "mine": who, "tried": message.tries, "unsure": fate.unsure}
            settled = c.execute(_SET, {**mine, **values}).rowcount == 1
            if settled and message.bundle and values["new_state"] != "failed":
                carried = "bundled" if not fate.error else "given up"
                c.execute(_SET_CARRIED, {"to": message.to, "head": message.id, **values, "new_state": carried})


def again(database: Database, key: str, now: datetime) -> str | None:
    """Let a message that did not go out be tried anew from now on; returns the state it was in, None for no such one.

    One that is sent, bundled or on its way is left as it is.
    """
    with database.write() as c:
        schema.may_write(c, database)
        row = c.execute(select(OUTBOX).where(OUTBOX.c.id == key).with_for_update()).first()
        if row is not None and row.state in ("queued", *TROUBLED):
            held = (OUTBOX.c.recipient == row.recipient) & (OUTBOX.c.bundle == key)
            carries = c.execute(update(OUTBOX).where(held).values(state="bundled", next_at=NEVER, error="")).rowcount
            # Of a bundle that was given up it goes by itself. What carries others is not new, or others would carry it.
            c.execute(
                update(OUTBOX)
                .where(OUTBOX.c.id == key)
                .values(
                    state="queued",
                    next_at=to_us(now),
                    tries=1 if carries else 0,
                    error="",
                    claimed_by="",
                    bundle="",
                )
            )
        return None if row is None else str(row.state)
