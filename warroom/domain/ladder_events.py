"""What happens on the ladder of an incident (R5), as events for the record. How they read: `ladder_words`."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from warroom.domain.core import Event, happens
from warroom.domain.policy import Ask, Otherwise, PageTo, PassedOver
from warroom.valueclass import dataclass


class Why(StrEnum):
    """What brought a level in, or a page out."""

    START = "start"
    ACK_TIMEOUT = "acknowledge timeout"
    RESOLVE_TIMEOUT = "resolve timeout"
    BY_HAND = "by hand"
    NOBODY = "nobody on the level before"
    UPDATE = "update overdue"
    ROLE = "role vacant"
    RAISED = "severity raised"
    LAPSED = "acknowledgement lapsed"
    STALLED = "status unchanged"
    DECLINED = "page declined"
    STAY = "still nobody"
    FALLBACK = "policy ended"
    RESUMED = "resumed"
    RULE = "by rule"
    UNDELIVERED = "page not delivered"


class Settled(StrEnum):
    """How the question of a checkpoint ended."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TIMEOUT = "no answer in time"
    NOBODY = "nobody to ask"


@dataclass(frozen=True, slots=True)
class StallAfter:
    """In this stage of the incident, how long its status may stay the same before the next level comes in."""

    status: str
    after: timedelta


@happens("escalation_planned")
@dataclass(frozen=True, slots=True)
class EscalationPlanned(Event):
    """A policy begins (or begins anew); `level` is paged first, at `start_at`.

    `turn`: where those levels begin that page one after the other. `lapses` and `stalled` are the severity's figures,
    `confirm` a question that has to be answered before the first page.
    """

    policy: str
    start_at: datetime
    why: Why = Why.START
    level: int = 1
    turn: int = 0
    lapses: timedelta | None = None
    stalled: tuple[StallAfter, ...] = ()
    confirm: Ask | None = None


@happens("level_paged")
@dataclass(frozen=True, slots=True)
class LevelPaged(Event):
    """A level was paged, for the first time in this cycle or again (`repeat` > 0).

    `repeats`: how often it is paged again before the next one. `warn`: how long before the next level's page its
    people are told. `accountable` answers for the level; `consulted` and `informed` got a word and no page.
    """

    level: int
    cycle: int
    repeat: int
    why: Why
    pages: tuple[PageTo, ...]
    ack_due: datetime | None
    resolve_due: datetime | None
    repeats: int = 0
    warn: timedelta | None = None
    passed: tuple[PassedOver, ...] = ()
    accountable: tuple[str, ...] = ()
    consulted: tuple[PageTo, ...] = ()
    informed: tuple[PageTo, ...] = ()
    label: str = ""


@happens("level_skipped")
@dataclass(frozen=True, slots=True)
class LevelSkipped(Event):
    """A level was passed over, as `nobody` says why: it does not apply, was refused, or reaches nobody. The next one is
    paged at once."""

    level: int
    cycle: int
    why: Why
    nobody: str
    passed: tuple[PassedOver, ...] = ()


@happens("level_announced")
@dataclass(frozen=True, slots=True)
class LevelAnnounced(Event):
    """The next level is paged at `at` if nobody does anything; level 0: nobody is left then. `pages` were told."""

    level: int
    cycle: int
    at: datetime
    pages: tuple[PageTo, ...] = ()


@happens("acknowledged")
@dataclass(frozen=True, slots=True)
class Acknowledged(Event):
    """A page was seen. `taken_from`: who had acknowledged before, "" if nobody."""

    level: int
    by: str
    taken_from: str = ""
    reason: str = ""


@happens("unacknowledged")
@dataclass(frozen=True, slots=True)
class Unacknowledged(Event):
    """An acknowledgement was taken back; `first`: it was the incident's first. The timers that go on are named (of a
    ladder that rests, what is left of them then), and `exhausted_at` where the policy had ended before it."""

    level: int
    before: str
    reason: str = ""
    first: bool = False
    start_at: datetime | None = None
    ack_due: datetime | None = None
    exhausted_at: datetime | None = None
    ack_left: timedelta | None = None


@happens("acknowledgement_lapsed")
@dataclass(frozen=True, slots=True)
class AcknowledgementLapsed(Event):
    """Nobody did anything for `after`: the acknowledgement of `by` counts no more. `pages`: how `by` was told."""

    level: int
    by: str
    after: timedelta
    pages: tuple[PageTo, ...] = ()


@happens("status_stalled")
@dataclass(frozen=True, slots=True)
class StatusStalled(Event):
    """The status has not changed since `since`; the next level comes in (`escalated`), or `pages` were told that no
    level is left. `again_at`: when that is looked at again."""

    status: str
    since: datetime
    escalated: bool
    again_at: datetime | None = None
    pages: tuple[PageTo, ...] = ()


@happens("page_declined")
@dataclass(frozen=True, slots=True)
class PageDeclined(Event):
    """A person who was paged cannot take it. Level 0: they had been paged by hand, besides the ladder."""

    level: int
    cycle: int
    person: str
    reason: str = ""


@happens("checkpoint_asked")
@dataclass(frozen=True, slots=True)
class CheckpointAsked(Event):
    """Before `level` is paged, `pages` are asked to confirm or refuse by `due`; then `otherwise` applies."""

    level: int
    cycle: int
    why: Why
    pages: tuple[PageTo, ...]
    due: datetime
    otherwise: Otherwise
    passed: tuple[PassedOver, ...] = ()


@happens("checkpoint_settled")
@dataclass(frozen=True, slots=True)
class CheckpointSettled(Event):
    """The question was answered, or is not waited for any longer; `proceeds`: the level is paged."""

    level: int
    cycle: int
    how: Settled
    proceeds: bool
    reason: str = ""


@happens("escalation_exhausted")
@dataclass(frozen=True, slots=True)
class EscalationExhausted(Event):
    """Nobody is left to page. `pages` went to whom the policy names as the last."""

    policy: str
    why: Why
    pages: tuple[PageTo, ...] = ()
    passed: tuple[PassedOver, ...] = ()


@happens("escalation_switched")
@dataclass(frozen=True, slots=True)
class EscalationSwitched(Event):
    """A milder severity, or other rules, brought another policy: the ladder goes on there without paging anew."""

    policy: str
    level: int
    ack_due: datetime | None
    resolve_due: datetime | None
    start_at: datetime | None = None
    cycle: int = 1
    repeat: int = 0
    repeats: int = 0
    warn: timedelta | None = None
    lapses: timedelta | None = None
    stalled: tuple[StallAfter, ...] = ()


@happens("snoozed")
@dataclass(frozen=True, slots=True)
class Snoozed(Event):
    """The ladder rests until `until`."""

    until: datetime
    reason: str


@happens("snooze_ended")
@dataclass(frozen=True, slots=True)
class SnoozeEnded(Event):
    """The ladder goes on with what was left of each timer."""

    early: bool
    start_at: datetime | None
    ack_due: datetime | None
    resolve_due: datetime | None
    confirm_due: datetime | None = None


@happens("escalation_stopped")
@dataclass(frozen=True, slots=True)
class EscalationStopped(Event):
    """Nobody needs to be paged any more."""

    reason: str


@happens("escalation_called_off")
@dataclass(frozen=True, slots=True)
class EscalationCalledOff(Event):
    """A person stopped the escalation while the incident goes on."""

    level: int
    reason: str


@happens("escalation_resumed")
@dataclass(frozen=True, slots=True)
class EscalationResumed(Event):
    """What was called off begins again: `level` is paged at `start_at`."""

    level: int
    start_at: datetime
    reason: str = ""


@happens("paged_besides")
@dataclass(frozen=True, slots=True)
class PagedBesides(Event):
    """Somebody was paged without moving the ladder: by hand, or because a policy ended."""

    pages: tuple[PageTo, ...]
    why: Why
    reason: str = ""
    passed: tuple[PassedOver, ...] = ()
