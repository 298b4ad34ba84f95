"""Escalation (R5): the ladder of one incident as a state, what an event makes of it, and what falls due.

Two timers run for a level once it was paged. The acknowledge timeout asks "did anybody see it": when it runs out the
level is paged again (`repeat` times) and then the next one. The resolve timeout asks "is it being fixed": when it runs
out the next level is brought in whether or not the page was acknowledged. Acknowledging stops the first, not the
second. An acknowledgement is a lease: it lapses when nobody writes anything into the incident's record for a time, and
a status that does not change brings in the next level. After the last level the policy starts over (`cycles`), then its
last level is paged on and on, or another policy goes on, or it is exhausted: that pages whoever `then` names and is an
alarm until somebody acknowledges. A level that does not apply, is refused, or reaches nobody is passed at once, with
the reason.

What is decided on the ladder stands in `ladder` (what time does), `ladder_acts` (what people do) and `checkpoint`; its
events and commands in `ladder_events` and `ladder_commands`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from warroom.domain.core import ENGINE, Deadline, Event, Postponed
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
from warroom.domain.ladder_words import describe, describe_pages
from warroom.domain.policy import Ask, Otherwise, PageTo, TargetKind

__all__ = [
    "Acknowledge",
    "Acknowledged",
    "AcknowledgementLapsed",
    "CallOff",
    "CheckpointAsked",
    "CheckpointSettled",
    "Confirm",
    "Decline",
    "Escalate",
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
    "PagedBesides",
    "Refuse",
    "Repage",
    "Resume",
    "Settled",
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
]


class Phase(StrEnum):
    """Where the ladder stands as a whole."""

    NONE = "none"
    WAITING = "waiting"
    RUNNING = "running"
    EXHAUSTED = "exhausted"
    STOPPED = "stopped"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True)
class Paged:
    """What became of one level in one cycle. `times`: how many pages of it this line stands for."""

    level: int
    cycle: int
    at: datetime
    why: Why
    pages: tuple[PageTo, ...] = ()
    repeat: int = 0
    acked_by: str = ""
    acked_at: datetime | None = None
    nobody: str = ""
    times: int = 1
    accountable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snooze:
    """A pause with an end and a reason. When it is over, what was left of each timer goes on; a first page that waits
    for its hours (`start_at`) goes out when it would have, or then if that has passed."""

    until: datetime
    by: str
    reason: str
    start_at: datetime | None = None
    ack_left: timedelta | None = None
    resolve_left: timedelta | None = None
    confirm_left: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """Somebody who declined the page of a level: they are not paged on it again while it finds others."""

    level: int
    cycle: int
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The question that the page of `level` waits for: who was asked, until when, and what if nobody answers."""

    level: int
    cycle: int
    why: Why
    pages: tuple[PageTo, ...]
    due: datetime
    otherwise: Otherwise


@dataclass(frozen=True, slots=True)
class BeforeAck:
    """What an acknowledgement stopped, for taking it back."""

    start_at: datetime | None = None
    ack_left: timedelta | None = None
    exhausted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """The ladder of one incident. `level` counts from 1; 0 means that nobody was paged yet.

    All moments are absolute. `start_at` is armed while the first page (of `start_level`) waits for paging hours. The
    first `earlier` items of the history belong to escalations before this one, those up to `switched` to a policy that
    this one went on from (its levels may have other numbers); `tried` names the policies that
    ran in this escalation. `turn`: where levels begin that page one after the other. `declined` and `confirmed` (level
    numbers) hold for this escalation, `besides` are those who were paged by hand. `warn`: how long before the next
    level's page its people are told, `warned` that they were, `warn_from` not before when. `lapses` and `stalled` are
    figures of the severity; `status` is the incident's, as the ladder last saw it; `label` is that of the level.
    """

    phase: Phase = Phase.NONE
    policy: str = ""
    cycle: int = 1
    level: int = 0
    repeat: int = 0
    since: datetime | None = None
    start_at: datetime | None = None
    ack_due: datetime | None = None
    resolve_due: datetime | None = None
    acked_by: str = ""
    acked_at: datetime | None = None
    snooze: Snooze | None = None
    history: tuple[Paged, ...] = ()
    earlier: int = 0
    switched: int = 0
    exhausted_at: datetime | None = None
    tried: tuple[str, ...] = ()
    start_level: int = 1
    start_why: Why = Why.START
    turn: int = 0
    ask: Ask | None = None
    checkpoint: Checkpoint | None = None
    confirmed: tuple[int, ...] = ()
    declined: tuple[Declined, ...] = ()
    besides: tuple[str, ...] = ()
    repeats: int = 0
    warn: timedelta | None = None
    warned: bool = False
    warn_from: datetime | None = None
    lapses: timedelta | None = None
    lapse_due: datetime | None = None
    stalled: tuple[StallAfter, ...] = ()
    stalled_due: datetime | None = None
    status: str = ""
    label: str = ""
    before_ack: BeforeAck | None = None

    @property
    def resting(self) -> bool:
        """Whether somebody has acknowledged and the ladder waits for them."""
        return self.phase is Phase.RUNNING and bool(self.acked_by) and self.snooze is None and self.checkpoint is None

    @property
    def last(self) -> Paged | None:
        """What was paged last under this policy; None where nobody was, or the level reached nobody."""
        if len(self.history) <= self.earlier or self.history[-1].nobody:
            return None
        return self.history[-1]

    @property
    def asked(self) -> tuple[str, ...]:
        """The people on whom the page of the current level rests: paged last, and not declined."""
        if self.last is None:
            return ()
        gone = self.gone(self.level)
        people = (page.to for page in self.last.pages if not page.target.startswith(TargetKind.CHANNEL))
        return tuple(dict.fromkeys(person for person in people if person not in gone))

    @property
    def own(self) -> tuple[Paged, ...]:
        """What was paged and passed over under the policy that runs, its levels numbered as it does."""
        return self.history[max(self.earlier, self.switched) :]

    def gone(self, level: int) -> frozenset[str]:
        """Who declined the page of a level."""
        return frozenset(each.person for each in self.declined if each.level == level)

    def times_paged(self, level: int) -> int:
        """How often a level was paged under this policy."""
        return sum(each.times for each in self.own if each.level == level and not each.nobody)

    def leads_on(self) -> datetime | None:
        """When the next level comes in if nobody does anything; None where only a person can bring it in."""
        acks = self.ack_due if self.repeat >= self.repeats else None
        return min((at for at in (acks, self.resolve_due) if at is not None), default=None)


# Evolve --------------------------------------------------------------------------------------------------------------


def evolve(state: Escalation, event: Event, at: datetime, actor: str, status: str = "") -> Escalation:
    """The ladder after `event`; `status` is the incident's after it. Events of other topics leave it as it is, but for
    what keeps an acknowledgement alive: anything that a person does, and a status that moves on."""
    after = _evolve(state, event, at, actor)
    if after.phase is Phase.NONE:
        return after
    if not after.acked_by or after.phase is not Phase.RUNNING:
        if after.lapse_due is None and after.stalled_due is None and after.status == status:
            return after
        return replace(after, lapse_due=None, stalled_due=None, status=status)
    anew = after.acked_at != state.acked_at or isinstance(event, SnoozeEnded | EscalationSwitched)
    if anew or (after.lapses is not None and actor != ENGINE):
        after = replace(after, lapse_due=None if after.lapses is None else at + after.lapses)
    if anew or status != after.status:
        wait = next((each.after for each in after.stalled if each.status == status), None)
        after = replace(after, stalled_due=None if wait is None else at + wait, status=status)
    return after


def _evolve(state: Escalation, event: Event, at: datetime, actor: str) -> Escalation:
    match event:
        case EscalationPlanned():
            return _planned(state, event, at)
        case Postponed(name, to):
            return _postponed(state, name, to)
        case LevelPaged():
            return _paged(state, event, at)
        case LevelSkipped():
            return _skipped(state, event, at)
        case LevelAnnounced():
            return replace(state, warned=True, warn_from=None)
        case Acknowledged():
            return _acknowledged(state, event, at)
        case Unacknowledged():
            return _unacknowledged(state, event)
        case AcknowledgementLapsed():
            return replace(state, acked_by="", acked_at=None, lapse_due=None, before_ack=None)
        case StatusStalled():
            return replace(state, stalled_due=event.again_at)
        case PageDeclined() if event.level:
            return replace(state, declined=(*state.declined, Declined(event.level, event.cycle, event.person, at)))
        case CheckpointAsked():
            asked = Checkpoint(event.level, event.cycle, event.why, event.pages, event.due, event.otherwise)
            return replace(state, phase=Phase.RUNNING, start_at=None, ack_due=None, snooze=None, checkpoint=asked)
        case CheckpointSettled():
            sure = (event.level,) if event.how is Settled.CONFIRMED else ()
            return replace(state, phase=Phase.RUNNING, checkpoint=None, ask=None, confirmed=(*state.confirmed, *sure))
        case EscalationExhausted():
            return replace(_at_rest(state, Phase.EXHAUSTED), acked_by="", acked_at=None, exhausted_at=at)
        case EscalationSwitched():
            return _switched(state, event)
        case Snoozed():
            return _snoozed(state, event, at, actor)
        case SnoozeEnded():
            checkpoint = state.checkpoint
            if checkpoint is not None and event.confirm_due is not None:
                checkpoint = replace(checkpoint, due=event.confirm_due)
            return replace(
                state,
                snooze=None,
                start_at=event.start_at,
                ack_due=event.ack_due,
                resolve_due=event.resolve_due,
                checkpoint=checkpoint,
            )
        case EscalationStopped():
            return _at_rest(state, Phase.STOPPED)
        case EscalationCalledOff():
            return _at_rest(state, Phase.CALLED_OFF)
        case EscalationResumed():
            return replace(
                state,
                phase=Phase.WAITING,
                start_at=event.start_at,
                start_level=event.level,
                start_why=Why.RESUMED,
                acked_by="",
                acked_at=None,
            )
        case PagedBesides():
            return replace(state, besides=tuple(dict.fromkeys((*state.besides, *(page.to for page in event.pages)))))
        case _:
            return state


def _planned(state: Escalation, event: EscalationPlanned, at: datetime) -> Escalation:
    return Escalation(
        phase=Phase.WAITING,
        policy=event.policy,
        since=at,
        start_at=event.start_at,
        history=state.history,
        earlier=len(state.history),
        tried=(*state.tried, event.policy) if event.why is Why.FALLBACK else (event.policy,),
        start_level=event.level,
        turn=event.turn,
        ask=event.confirm,
        besides=state.besides,
        lapses=event.lapses,
        stalled=event.stalled,
        status=state.status,
    )


def _postponed(state: Escalation, name: str, to: datetime) -> Escalation:
    if name == START:
        return replace(state, start_at=to)
    if name == ACK:
        return replace(state, ack_due=to)
    if name == RESOLVE:
        return replace(state, resolve_due=to)
    if name == LAPSE:
        return replace(state, lapse_due=to)
    if name == STALLED:
        return replace(state, stalled_due=to)
    if name == WARN:
        return replace(state, warn_from=to)
    if name == CONFIRM and state.checkpoint is not None:
        return replace(state, checkpoint=replace(state.checkpoint, due=to))
    return state


def _at_rest(state: Escalation, phase: Phase) -> Escalation:
    return replace(
        state,
        phase=phase,
        start_at=None,
        ack_due=None,
        resolve_due=None,
        snooze=None,
        exhausted_at=None,
        checkpoint=None,
        before_ack=None,
    )


def _paged(state: Escalation, event: LevelPaged, at: datetime) -> Escalation:
    history = state.history
    if event.repeat and state.last and (state.last.level, state.last.cycle) == (event.level, event.cycle):
        again = replace(state.last, repeat=event.repeat, pages=event.pages, times=state.last.times + 1)
        history = (*history[:-1], again)
    else:
        paged = Paged(event.level, event.cycle, at, event.why, event.pages, event.repeat, accountable=event.accountable)
        history = (*history, paged)
    return replace(
        state,
        phase=Phase.RUNNING,
        level=event.level,
        cycle=event.cycle,
        repeat=event.repeat,
        since=at,
        start_at=None,
        ack_due=event.ack_due,
        resolve_due=event.resolve_due,
        acked_by="",
        acked_at=None,
        snooze=None,
        exhausted_at=None,
        history=history,
        ask=None,
        checkpoint=None,
        repeats=event.repeats,
        warn=event.warn,
        warned=False,
        warn_from=None,
        label=event.label,
        before_ack=None,
    )


def _skipped(state: Escalation, event: LevelSkipped, at: datetime) -> Escalation:
    skipped = Paged(event.level, event.cycle, at, event.why, nobody=event.nobody)
    return replace(
        state,
        phase=Phase.RUNNING,
        level=event.level,
        cycle=event.cycle,
        repeat=0,
        since=at,
        start_at=None,
        ack_due=None,
        resolve_due=None,
        acked_by="",
        acked_at=None,
        snooze=None,
        history=(*state.history, skipped),
        checkpoint=None,
        before_ack=None,
    )


def _acknowledged(state: Escalation, event: Acknowledged, at: datetime) -> Escalation:
    history = state.history
    # Before the first page of this policy, and after a level that nobody could be paged on, there is nothing to mark.
    if state.level and state.last is not None:
        history = (*history[:-1], replace(history[-1], acked_by=event.by, acked_at=at))
    before, checkpoint = state.before_ack, state.checkpoint
    if not event.taken_from:
        left = max(state.ack_due - at, timedelta(0)) if state.ack_due else None
        start_at = state.start_at
        if state.snooze is not None:
            left, start_at = state.snooze.ack_left, state.snooze.start_at
        if checkpoint is not None and checkpoint.why not in _ANYWAY:
            # Whom to bring in because nobody answered is not a question any more.
            checkpoint, left = None, timedelta(0)
        before = BeforeAck(start_at, left, state.exhausted_at)
    snooze = state.snooze and replace(state.snooze, ack_left=None, start_at=None)
    return replace(
        state,
        phase=Phase.RUNNING,
        start_at=None,
        ack_due=None,
        acked_by=event.by,
        acked_at=at,
        snooze=snooze,
        exhausted_at=None,
        history=history,
        checkpoint=checkpoint,
        warned=False,
        warn_from=None,
        before_ack=before,
    )


_ANYWAY = frozenset({Why.RESOLVE_TIMEOUT, Why.BY_HAND, Why.UPDATE, Why.ROLE, Why.STALLED, Why.RESUMED})
"""What brings a level in although somebody has acknowledged the one before."""


def _unacknowledged(state: Escalation, event: Unacknowledged) -> Escalation:
    history, snooze = state.history, state.snooze
    if state.last is not None and state.last.acked_by:
        history = (*history[:-1], replace(history[-1], acked_by="", acked_at=None))
    if snooze is not None:
        snooze = replace(snooze, ack_left=event.ack_left, start_at=event.start_at)
    return replace(
        state,
        phase=Phase.EXHAUSTED if event.exhausted_at else Phase.WAITING if event.start_at else Phase.RUNNING,
        acked_by="",
        acked_at=None,
        start_at=event.start_at if snooze is None else None,
        ack_due=event.ack_due,
        exhausted_at=event.exhausted_at,
        snooze=None if event.exhausted_at else snooze,
        history=history,
        warned=False,
        before_ack=None,
    )


def _switched(state: Escalation, event: EscalationSwitched) -> Escalation:
    snooze = state.snooze
    if snooze is not None:
        # What was left of the timers before belongs to the other policy.
        snooze = replace(snooze, start_at=None, ack_left=None, resolve_left=None, confirm_left=None)
    gone = (each for each in state.declined if each.level == state.level)
    return replace(
        state,
        policy=event.policy,
        level=event.level,
        cycle=event.cycle,
        repeat=event.repeat,
        start_at=event.start_at,
        ack_due=event.ack_due,
        resolve_due=event.resolve_due,
        snooze=snooze,
        switched=len(state.history),
        tried=state.tried if event.policy in state.tried else (*state.tried, event.policy),
        checkpoint=None,
        confirmed=(),
        declined=tuple(replace(each, level=event.level, cycle=event.cycle) for each in gone),
        repeats=event.repeats,
        warn=event.warn,
        warned=False,
        warn_from=None,
        lapses=event.lapses,
        stalled=event.stalled,
        before_ack=None,
    )


def _snoozed(state: Escalation, event: Snoozed, at: datetime, actor: str) -> Escalation:
    def left(due: datetime | None, before: timedelta | None) -> timedelta | None:
        return before if due is None else max(due - at, timedelta(0))

    old = state.snooze or Snooze(event.until, actor, event.reason)
    snooze = Snooze(
        event.until,
        actor,
        event.reason,
        state.start_at or old.start_at,
        left(state.ack_due, old.ack_left),
        left(state.resolve_due, old.resolve_left),
        # The question keeps its own time; while it rests, `due` does not name it.
        old.confirm_left if state.snooze else left(state.checkpoint.due if state.checkpoint else None, None),
    )
    return replace(state, snooze=snooze, start_at=None, ack_due=None, resolve_due=None)


# Due -----------------------------------------------------------------------------------------------------------------

START, ACK, RESOLVE, SNOOZE = "escalation:start", "escalation:ack", "escalation:resolve", "escalation:snooze"
CONFIRM, LAPSE, STALLED, WARN = "escalation:confirm", "escalation:lapse", "escalation:stalled", "escalation:warn"


def due(state: Escalation) -> tuple[Deadline, ...]:
    """What falls due on the ladder, by itself, if nobody does anything."""
    if state.phase not in (Phase.WAITING, Phase.RUNNING):
        return ()
    if state.snooze is not None:
        return (Deadline(state.snooze.until, SNOOZE),)
    if state.checkpoint is not None:
        return (Deadline(state.checkpoint.due, CONFIRM),)
    armed = (
        (state.start_at, START),
        (state.ack_due, ACK),
        (state.resolve_due, RESOLVE),
        (state.lapse_due, LAPSE),
        (state.stalled_due, STALLED),
        (_warn_at(state), WARN),
    )
    return tuple(Deadline(at, name) for at, name in armed if at is not None)


def _warn_at(state: Escalation) -> datetime | None:
    leads_on = None if state.warn is None or state.warned else state.leads_on()
    if state.warn is None or leads_on is None or state.since is None:
        return None
    return max(leads_on - state.warn, state.since, state.warn_from or state.since)
