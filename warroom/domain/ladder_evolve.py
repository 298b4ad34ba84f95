"""What an event makes of the ladder (R5): the only place where its state changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from warroom.domain.core import ENGINE, Event, Postponed
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
    StatusStalled,
    Unacknowledged,
    Why,
)
from warroom.domain.ladder_state import (
    ACK,
    CONFIRM,
    LAPSE,
    RESOLVE,
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
)


def evolve(state: Escalation, event: Event, at: datetime, actor: str, status: str = "") -> Escalation:
    """The ladder after `event`; `status` is the incident's after it. Events of other topics leave it as it is, but for
    what keeps an acknowledgement alive: anything that a person does, and a status that moves on."""
    after = _evolve(state, event, at, actor) if type(event) in _OWN else state
    if not after.acked_by or after.phase is not Phase.RUNNING:
        if after.lapse_due is None and after.stalled_due is None:
            return after
        return replace(after, lapse_due=None, stalled_due=None)
    anew = after.acked_at != state.acked_at or isinstance(event, SnoozeEnded | EscalationSwitched)
    if anew or (after.lapses is not None and actor != ENGINE):
        after = replace(after, lapse_due=None if after.lapses is None else at + after.lapses)
    if anew or status != after.status:
        wait = next((each.after for each in after.stalled if each.status == status), None)
        after = replace(after, stalled_due=None if wait is None else at + wait, status=status)
    return after


_OWN = frozenset(
    {
        *(EscalationPlanned, EscalationExhausted, EscalationSwitched, EscalationStopped, EscalationCalledOff),
        *(EscalationResumed, LevelPaged, LevelSkipped, LevelAnnounced, Acknowledged, Unacknowledged),
        *(AcknowledgementLapsed, StatusStalled, PageDeclined, CheckpointAsked, CheckpointSettled),
        *(Snoozed, SnoozeEnded, PagedBesides, Postponed),
    }
)
"""The events that change the ladder itself."""


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
