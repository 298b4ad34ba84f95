"""Did it reach them? What became of the pages of an incident, and of messages that nobody can send: pure functions over
rows of the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from warroom.domain.escalation import Escalation
from warroom.domain.routes import Delivery, Integration, lane_words
from warroom.store.codec import from_us, maybe_from
from warroom.valueclass import dataclass
from warroom.words import tr, trn

NOBODY_AFTER = timedelta(seconds=10)
"""After how long it is said that nobody takes a message."""


class Reached(StrEnum):
    """How far a message has come. `ACKNOWLEDGED`: its receiver has answered. `ON_RECORD`: the record of the incident,
    which is all that is known of the past, says that it was to go out, and not that it was lost."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # and tried again
    UNKNOWN = "unknown"  # nobody knows whether it went out; it is tried again
    GIVEN_UP = "given up"
    BUNDLED = "bundled"  # another one carries it
    ACKNOWLEDGED = "acknowledged"
    ON_RECORD = "on record"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The latest page to one person by one way. `sent_at` is None as long as it has not gone out."""

    to: str
    via: str
    state: Reached
    at: datetime
    sent_at: datetime | None
    tries: int
    error: str
    message: str


def delivery_of(rows: Iterable[Any], escalation: Escalation) -> tuple[Delivered, ...]:
    """By person and way, in the order in which they were paged first, the latest page of one incident.

    `rows` are its rows of the outbox. A page counts as acknowledged when its receiver acknowledged after it.
    """
    latest: dict[tuple[str, str], Any] = {}
    for row in rows:
        if row.kind != "page":
            continue
        key, before = (row.recipient, row.via), latest.get((row.recipient, row.via))
        if before is None or (row.created_at, _order(row.id)) >= (before.created_at, _order(before.id)):
            latest[key] = row
    answers = _answers(escalation)
    return tuple(
        Delivered(
            row.recipient,
            row.via,
            _state(row, answers),
            from_us(row.created_at),
            maybe_from(row.sent_at),
            row.tries,
            row.error,
            row.id,
        )
        for row in latest.values()
    )


def _order(key: str) -> tuple[int, int]:
    _, version, n = key.rsplit("/", 2)
    return int(version), int(n)


def _answers(escalation: Escalation) -> dict[str, datetime]:
    """By person, when they acknowledged last."""
    answers: dict[str, datetime] = {}
    given = [(paged.acked_by, paged.acked_at) for paged in escalation.history]
    for who, at in (*given, (escalation.acked_by, escalation.acked_at)):
        if who and at is not None:
            answers[who] = max(at, answers.get(who, at))
    return answers


def _state(row: Any, answers: Mapping[str, datetime]) -> Reached:
    answered = answers.get(row.recipient)
    if answered is not None and answered >= from_us(row.created_at):
        return Reached.ACKNOWLEDGED
    return Reached(row.state)


def unsent(
    queues: Mapping[str, tuple[int, datetime]], rules: Delivery | None, now: datetime, pace: float = 1.0
) -> tuple[str, ...]:
    """What is to be said of lanes whose messages nobody takes: "sms: 3 messages wait since 10:02 UTC; no running
    warroom has TWILIO_TOKEN".

    `queues` is what `warroom.store.outbox_read.queues` finds; `pace` is how fast the room's time runs.
    """
    out = []
    for lane, (count, since) in sorted(queues.items()):
        if now - since < NOBODY_AFTER * pace:
            continue
        place = rules.at(lane) if rules is not None else None
        needs = ", ".join(dict.fromkeys(each.removeprefix("env:") for each in needed(place))) if place else ""
        waits = trn("1 message waits", "{count} messages wait", count).format(count=count)
        why = tr("no running warroom has {needs}").format(needs=needs) if needs else tr("no running warroom sends them")
        out.append(
            tr("{lane}: {waits} since {since:%H:%M} UTC; {why}").format(
                lane=lane_words(lane), waits=waits, since=since, why=why
            )
        )
    return tuple(out)


def needed(place: object) -> tuple[str, ...]:
    """The references to secrets of a route or an integration."""
    import re

    if isinstance(place, Integration):
        return (place.key,)
    templates = getattr(place, "to", ())
    found = [name for template in templates for name in re.findall(r"\$\{([^{}]*)\}", template)]
    sign = getattr(place, "sign", "")
    return (*found, *([sign] if sign else []))
