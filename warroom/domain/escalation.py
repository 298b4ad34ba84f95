"""Escalation (R5): what its parts are called, in one place.

Two timers run for a level once it was paged. The acknowledge timeout asks "did anybody see it": when it runs out the
level is paged again (`repeat` times) and then the next one. The resolve timeout asks "is it being fixed": when it runs
out the next level is brought in whether or not the page was acknowledged. Acknowledging stops the first, not the
second. An acknowledgement is a lease: it lapses when nobody writes anything into the incident's record for a time, and
a status that does not change brings in the next level. After the last level the policy starts over (`cycles`), then its
last level is paged on and on, or another policy goes on, or it is exhausted: that pages whoever `then` names and is an
alarm until somebody acknowledges. A level that does not apply, is refused, or reaches nobody is passed at once, with
the reason.

The state of a ladder and what falls due on it stand in `ladder_state`, what events make of it in `ladder_evolve`, its
events and commands in `ladder_events` and `ladder_commands`, their words in `ladder_words`. What is decided stands in
`ladder` (what time does), `ladder_acts` (what people do) and `checkpoint`.
"""

from __future__ import annotations

from warroom.domain.ladder_commands import (
    Acknowledge,
    CallOff,
    Confirm,
    Decline,
    Escalate,
    Refuse,
    Repage,
    Resume,
    SnoozeEscalation,
    TakeOver,
    Unacknowledge,
    Wake,
)
from warroom.domain.ladder_events import (
    Acknowledged,
    AcknowledgementLapsed,
    CheckpointAsked,
    CheckpointSettled,
    EscalationCalledOff,
    EscalationExhausted,
    EscalationPlanned,
    EscalationResumed,
    EscalationStopped,
    EscalationSwitched,
    LevelAnnounced,
    LevelPaged,
    LevelSkipped,
    PagedBesides,
    PageDeclined,
    Settled,
    Snoozed,
    SnoozeEnded,
    StallAfter,
    StatusStalled,
    Unacknowledged,
    Why,
)
from warroom.domain.ladder_evolve import evolve
from warroom.domain.ladder_state import (
    ACK,
    CONFIRM,
    LAPSE,
    RESOLVE,
    SNOOZE,
    STALLED,
    START,
    WARN,
    BeforeAck,
    Checkpoint,
    Declined,
    Escalation,
    Paged,
    Phase,
    Snooze,
    due,
)
from warroom.domain.ladder_words import describe, describe_pages

__all__ = [
    "ACK",
    "CONFIRM",
    "LAPSE",
    "RESOLVE",
    "SNOOZE",
    "STALLED",
    "START",
    "WARN",
    "Acknowledge",
    "Acknowledged",
    "AcknowledgementLapsed",
    "BeforeAck",
    "CallOff",
    "Checkpoint",
    "CheckpointAsked",
    "CheckpointSettled",
    "Confirm",
    "Decline",
    "Declined",
    "Escalate",
    "Escalation",
    "EscalationCalledOff",
    "EscalationExhausted",
    "EscalationPlanned",
    "EscalationResumed",
    "EscalationStopped",
    "EscalationSwitched",
    "LevelAnnounced",
    "LevelPaged",
    "LevelSkipped",
    "PageDeclined",
    "Paged",
    "PagedBesides",
    "Phase",
    "Refuse",
    "Repage",
    "Resume",
    "Settled",
    "Snooze",
    "SnoozeEnded",
    "SnoozeEscalation",
    "Snoozed",
    "StallAfter",
    "StatusStalled",
    "TakeOver",
    "Unacknowledge",
    "Unacknowledged",
    "Wake",
    "Why",
    "describe",
    "describe_pages",
    "due",
    "evolve",
]
