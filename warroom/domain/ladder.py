"""What time does on the ladder of an incident (R5): begin, bring in the next level, warn, lapse, come to an end.

State stands in `escalation`, what people do in `ladder_acts`, questions to people in `checkpoint`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.domain import checkpoint
from warroom.domain.core import Decision
from warroom.domain.escalation import (
    ACK,
    CONFIRM,
    LAPSE,
    RESOLVE,
    SNOOZE,
    STALLED,
    START,
    WARN,
    AcknowledgementLapsed,
    Checkpoint,
    Escalation,
    EscalationExhausted,
    EscalationPlanned,
    EscalationStopped,
    EscalationSwitched,
    LevelAnnounced,
    LevelSkipped,
    PagedBesides,
    Phase,
    Settled,
    Snooze,
    Snoozed,
    SnoozeEnded,
    StallAfter,
    StatusStalled,
    Why,
)
from warroom.domain.ladder_paging import (
    A_MINUTE,
    after,
    find,
    holders,
    policy_in_force,
    question,
    record_page,
    resolve_again,
    timer,
    unfit,
)
from warroom.domain.policy import Ask, Last, Level, Mode, Policy, Target, TargetKind
from warroom.domain.rules import policy_of

# Begin ---------------------------------------------------------------------------------------------------------------


def begin(
    d: Decision, *, why: Why = Why.START, resting: Snooze | None = None, level: int = 0, confirm: Ask | None = None
) -> None:
    """Start the incident's policy; page its first level at once if the hours allow it.

    `resting`: a snooze that goes on; the first page waits for its end. `level`: straight to that one (the last, if
    there are fewer), else to the one that a rule chose. `confirm`: a question before the first page.
    """
    policy = d.book.policies.get(policy_of(d.room.incident, d.book))
    if policy is None:
        return
    start_at = d.in_hours(d.now)
    plan(d, policy, start_at, why, level or d.room.incident.start_level, confirm)
    if resting is not None:
        d.record(Snoozed(resting.until, resting.reason))
    elif start_at <= d.now:
        page(d, first(d), 1, why)


def plan(
    d: Decision,
    policy: Policy,
    at: datetime,
    why: Why = Why.START,
    level: int = 1,
    confirm: Ask | None = None,
) -> None:
    """Let a policy begin whose first page goes out at `at`; it is for the caller to page, or for time."""
    in_turn = any(each.mode is Mode.ROUND_ROBIN for each in policy.levels)
    turn = d.context.duty.turns.get(policy.name, 0) if in_turn else 0
    first = min(max(level, 1), len(policy.levels))
    lapses, stalled = _figures(d)
    d.record(EscalationPlanned(policy.name, at, why, first, turn, lapses, stalled, confirm))


def _figures(d: Decision) -> tuple[timedelta | None, tuple[StallAfter, ...]]:
    spec = d.book.severity(d.room.incident.severity)
    return spec.ack_lapses, tuple(StallAfter(status, after) for status, after in spec.stalled.items())


def first(d: Decision) -> int:
    """The level that is paged first; under other rules than it was planned with there may be fewer."""
    return min(d.room.escalation.start_level, len(policy_in_force(d).levels))


# The next level ------------------------------------------------------------------------------------------------------


def advance(d: Decision, why: Why) -> None:
    """Bring in what comes after the current level: the next one, the next cycle, or the end of the policy."""
    state, policy = d.room.escalation, policy_in_force(d)
    if state.checkpoint is not None:
        return  # somebody is asked about it already
    step = next(after(policy, _stands(state), state.cycle), None)
    if step is not None:
        page(d, *step, why)
    else:
        _end(d, why)


def _stands(state: Escalation) -> int:
    """The level after which the ladder goes on: the current one, or before the first page the one before the first."""
    return state.level or state.start_level - 1


def upcoming(d: Decision) -> tuple[int, int] | None:
    """The next level that applies as things stand, with its cycle; None where the policy ends."""
    state, policy = d.room.escalation, policy_in_force(d)
    for level, cycle in after(policy, _stands(state), state.cycle):
        if not unfit(d, policy.levels[level - 1].when):
            return level, cycle
    return None


def can_advance(d: Decision) -> bool:
    """Whether a level may be brought in because something else is late (an update, a role): not while the ladder moves
    by itself, since somebody is asked already, and not when no level is left."""
    state = d.room.escalation
    if not state.resting or state.policy not in d.book.policies:
        return False
    return upcoming(d) is not None or fallback(d) is not None


def why_it_stays(d: Decision) -> str:
    """Why no level may be brought in because something else is late, in words for the record; "" where one may."""
    state = d.room.escalation
    match state.phase:
        case Phase.NONE:
            return "there is no escalation"
        case Phase.EXHAUSTED:
            return "the escalation is exhausted"
        case Phase.STOPPED:
            return "the escalation has ended"
        case Phase.CALLED_OFF:
            return "the escalation was called off"
        case _ if state.snooze is not None:
            return "the escalation is snoozed"
        case _ if state.checkpoint is not None:
            return "somebody is asked about the next level already"
        case _ if not state.resting:
            return "the ladder moves by itself"
        case _:
            return "" if can_advance(d) else "no level is left"


def fallback(d: Decision) -> Policy | None:
    """The policy that goes on when this one ends; None where there is none, or it has run in this escalation."""
    state = d.room.escalation
    other = d.book.policies.get(policy_in_force(d).fallback)
    return None if other is None or other.name == state.policy or other.name in state.tried else other


def page(d: Decision, level: int, cycle: int, why: Why, *, insist: bool = False, keep: bool = False) -> None:
    """Page a level, or the first one after it that applies, is not held back and can be reached.

    `insist`: the level is in already, or a person wants it: neither its condition nor its checkpoint is looked at.
    `keep`: its time to resolve goes on instead of beginning anew.
    """
    while True:
        policy = policy_in_force(d)
        spec = policy.levels[level - 1]
        not_for_it = "" if insist else unfit(d, spec.when)
        if not_for_it:
            d.record(LevelSkipped(level, cycle, why, not_for_it))
        else:
            found = find(d, spec, level, cycle, by_hand=insist and why is Why.BY_HAND)
            if found.pages:
                if insist or checkpoint.passes(d, level, cycle, why, question(d, spec)):
                    resolve_due = resolve_again(d, spec) if keep else timer(d, spec.resolve_timeout)
                    record_page(d, spec, level, cycle, why, found, timer(d, spec.ack_timeout), resolve_due)
                    return
                if d.room.escalation.checkpoint is not None:
                    return
            else:
                d.record(LevelSkipped(level, cycle, why, found.nobody, found.passed))
                why = Why.NOBODY
        insist = keep = False
        step = next(after(policy, level, cycle), None)
        if step is not None:
            level, cycle = step
        elif _end(d, why, go_on=False):
            level, cycle, why = d.room.escalation.start_level, 1, Why.FALLBACK
        else:
            return


def _end(d: Decision, why: Why, *, go_on: bool = True) -> bool:
    """The policy has no level left: page the last one again, go on under another, or tell that nobody is left.

    True where another policy was planned and is to be paged; with `go_on` it is paged here.
    """
    policy = policy_in_force(d)
    if policy.last is Last.STAY and _stay(d, policy, why):
        return False
    other, found = fallback(d), d.reach(policy.then)
    if other is None:
        d.record(EscalationExhausted(policy.name, why, found.pages, found.passed))
        return False
    if found.pages:
        d.record(PagedBesides(found.pages, Why.FALLBACK, f"policy {policy.name} has ended", found.passed))
    plan(d, other, d.now, Why.FALLBACK)
    if go_on:
        page(d, 1, 1, Why.FALLBACK)
    return True


def _stay(d: Decision, policy: Policy, why: Why) -> bool:
    """Page the level that was paged last once more; False where it reaches nobody any longer."""
    state = d.room.escalation
    last = next((each for each in reversed(state.own) if not each.nobody), None)
    level, repeat = (last.level, last.repeat + 1) if last else (0 if state.last is None else state.level, 1)
    if not level:
        return False
    if why is Why.UNDELIVERED:
        return True  # its own timer pages it again: what cannot be delivered is not sent in a circle
    spec = policy.levels[level - 1]
    found = find(d, spec, level, state.cycle)
    if found.pages:
        ack_due, resolve_due = timer(d, policy.stay_every or spec.ack_timeout), timer(d, spec.resolve_timeout)
        record_page(d, spec, level, state.cycle, Why.STAY, found, ack_due, resolve_due, repeat)
    return bool(found.pages)


# Time ----------------------------------------------------------------------------------------------------------------


def fire(d: Decision, name: str) -> None:
    """Take the step of a timer that ran out."""
    state = d.room.escalation
    if name == START:
        page(d, first(d), state.cycle, state.start_why, insist=state.level > 0)
    elif name == ACK:
        _unanswered(d)
    elif name == RESOLVE:
        advance(d, Why.RESOLVE_TIMEOUT)
    elif name == SNOOZE:
        wake_up(d, early=False)
    elif name == CONFIRM:
        go_on_after(d, *checkpoint.settle(d, Settled.TIMEOUT))
    elif name == LAPSE:
        _lapse(d)
    elif name == STALLED:
        _stalled(d)
    elif name == WARN:
        _warn(d)


def _unanswered(d: Decision) -> None:
    state = d.room.escalation
    if not state.level:
        page(d, first(d), state.cycle, Why.START)  # an acknowledgement before the first page was taken back
        return
    spec = policy_in_force(d).levels[state.level - 1]
    # After a stand-still the time to resolve may be over as well: then the next level is due, and no repeat.
    unresolved = state.resolve_due is not None and state.resolve_due <= d.now
    if state.repeat >= spec.repeat or unresolved:
        advance(d, Why.ACK_TIMEOUT)
        return
    found = find(d, spec, state.level, state.cycle)
    if not found.pages:
        d.record(LevelSkipped(state.level, state.cycle, Why.ACK_TIMEOUT, found.nobody, found.passed))
        advance(d, Why.NOBODY)
        return
    ack_due = timer(d, spec.ack_timeout)
    record_page(d, spec, state.level, state.cycle, Why.ACK_TIMEOUT, found, ack_due, state.resolve_due, state.repeat + 1)


def go_on_after(d: Decision, asked: Checkpoint, refused: str) -> None:
    """Page the level that a question was about, or with `refused` pass it over."""
    if not refused:
        page(d, asked.level, asked.cycle, asked.why, insist=True)
        return
    d.record(LevelSkipped(asked.level, asked.cycle, asked.why, refused))
    advance(d, asked.why)


def _lapse(d: Decision) -> None:
    state = d.room.escalation
    # Whoever is paged again with the level needs no word besides.
    told = () if state.acked_by in state.asked else d.reach((Target(TargetKind.PERSON, state.acked_by),)).pages
    d.record(AcknowledgementLapsed(state.level, state.acked_by, state.lapses or timedelta(0), told))
    if state.level:
        page(d, state.level, state.cycle, Why.LAPSED, insist=True, keep=True)
    else:
        page(d, first(d), state.cycle, Why.LAPSED)


def _stalled(d: Decision) -> None:
    state, incident = d.room.escalation, d.room.incident
    if can_advance(d):
        d.record(StatusStalled(incident.status, incident.status_since, escalated=True))
        advance(d, Why.STALLED)
        return
    wait = next((each.after for each in state.stalled if each.status == incident.status), None)
    told = d.reach(holders(d)).pages
    d.record(StatusStalled(incident.status, incident.status_since, False, timer(d, wait), told))


def _warn(d: Decision) -> None:
    at = d.room.escalation.leads_on() or d.now
    level, cycle = upcoming(d) or (0, d.room.escalation.cycle)
    # After a stand-still the page itself is due: a warning of it would only be noise.
    told = d.reach(holders(d)).pages if at > d.now else ()
    d.record(LevelAnnounced(level, cycle, at, told))


def wake_up(d: Decision, *, early: bool) -> None:
    """Let the timers go on that a snooze has stopped."""
    resting = d.room.escalation.snooze
    if resting is None:
        return

    start_at = None if resting.start_at is None else d.in_hours(max(resting.start_at, d.now))
    left = (resting.ack_left, resting.resolve_left, resting.confirm_left)
    d.record(SnoozeEnded(early, start_at, *(timer(d, each) for each in left)))


def stop(d: Decision, reason: str) -> None:
    """The incident is over: nobody is paged any more."""
    if d.room.escalation.phase not in (Phase.NONE, Phase.STOPPED):
        d.record(EscalationStopped(reason))


# Another severity, other rules ---------------------------------------------------------------------------------------


def reassess(d: Decision, *, raised: bool) -> None:
    """Follow a changed severity. Worse: its policy begins at once, whoever acknowledged, snoozed or called off before.
    Milder: the ladder goes on under the new policy from where it is, with that policy's timers counted from the last
    page."""
    state = d.room.escalation
    policy = d.book.policies.get(policy_of(d.room.incident, d.book))
    if policy is None:
        stop(d, "the severity has no policy")
        return
    nobody_yet = state.phase is Phase.RUNNING and not state.level and not state.acked_by
    if raised or nobody_yet or state.phase not in (Phase.RUNNING, Phase.CALLED_OFF):
        # Nothing ran so far where the severity before had no policy.
        begin(d, why=Why.RAISED if raised else Why.START, resting=None if raised else state.snooze)
        return
    switch(d, policy, min(state.level, len(policy.levels)))


def switch(d: Decision, policy: Policy, level: int, cycle: int = 1, repeat: int = 0) -> None:
    """Go on under `policy` at a level without paging anybody, with its timers counted from the last page."""
    state = d.room.escalation
    since = state.since or d.now
    # Acknowledged before the first page, no level was paged yet: there is nothing to time.
    timers = policy.levels[level - 1] if level else Level("", ())
    lapses, stalled = _figures(d)

    def again(delay: timedelta | None) -> datetime | None:
        if delay is None or state.phase is not Phase.RUNNING:
            return None
        return d.in_hours(max(since + delay, d.now + A_MINUTE))

    ack_due = None if state.acked_by else again(timers.ack_timeout)
    planned = state.start_at or (state.snooze and state.snooze.start_at)
    start_at = d.in_hours(max(planned, d.now + A_MINUTE)) if planned else None
    # Who is told before the next level, by the policy that goes on.
    steps = (policy.levels[following - 1] for following, _ in after(policy, level, cycle))
    warn = next((spec.warn for spec in steps if not unfit(d, spec.when)), None)
    d.record(
        EscalationSwitched(
            policy.name,
            level,
            ack_due,
            again(timers.resolve_timeout),
            start_at,
            cycle,
            repeat,
            timers.repeat,
            warn,
            lapses,
            stalled,
        )
    )
    if state.snooze is not None:
        d.record(Snoozed(state.snooze.until, state.snooze.reason))
