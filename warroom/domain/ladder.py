"""What is decided on the ladder of an incident (R5): begin, bring in the next level, acknowledge, snooze, stop.

State and events stand in `warroom.domain.escalation`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.escalation import (
    ACK,
    RESOLVE,
    SNOOZE,
    START,
    Acknowledge,
    Acknowledged,
    Escalate,
    EscalationExhausted,
    EscalationPlanned,
    EscalationStopped,
    EscalationSwitched,
    LevelPaged,
    LevelSkipped,
    PagedBesides,
    Phase,
    Snooze,
    Snoozed,
    SnoozeEnded,
    SnoozeEscalation,
    Why,
)
from warroom.domain.policy import Level, Policy, Target, TargetKind


def begin(d: Decision, *, why: Why = Why.START, resting: Snooze | None = None) -> None:
    """Start the policy of the incident's severity; page the first level at once if the hours allow it.

    `resting`: a snooze that goes on; the first page waits for its end.
    """
    spec = d.book.severity(d.room.incident.severity)
    policy = d.book.policies.get(spec.policy)
    if policy is None:
        return
    start_at = d.in_hours(d.now)
    d.record(EscalationPlanned(policy.name, start_at, why))
    if resting is not None:
        d.record(Snoozed(resting.until, resting.reason))
    elif start_at <= d.now:
        _page(d, 1, 1, why)


def advance(d: Decision, why: Why) -> None:
    """Bring in what comes after the current level: the next one, the next cycle, or the end of the policy."""
    state, policy = d.room.escalation, _policy(d)
    if state.level < len(policy.levels):
        _page(d, state.level + 1, state.cycle, why)
    elif state.cycle < policy.cycles:
        _page(d, 1, state.cycle + 1, why)
    else:
        d.record(EscalationExhausted(policy.name, why, d.reach(policy.then).pages))


def can_advance(d: Decision) -> bool:
    """Whether a level may be brought in because something else is late (an update, a role): not while the ladder moves
    by itself, since somebody is asked already, and not when no level is left."""
    state, policy = d.room.escalation, d.book.policies.get(d.room.escalation.policy)
    if policy is None or state.phase is not Phase.RUNNING or state.snooze is not None or not state.acked_by:
        return False
    return state.level < len(policy.levels) or state.cycle < policy.cycles


def _page(d: Decision, level: int, cycle: int, why: Why, repeat: int = 0) -> None:
    policy = _policy(d)
    while True:
        spec = policy.levels[level - 1]
        found = d.reach(spec.targets, spec.via)
        if found.pages:
            break
        d.record(LevelSkipped(level, cycle, why, found.nobody))
        why = Why.NOBODY
        if level < len(policy.levels):
            level += 1
        elif cycle < policy.cycles:
            level, cycle = 1, cycle + 1
        else:
            advance(d, why)
            return
        repeat = 0
    state = d.room.escalation
    resolve_due = state.resolve_due if repeat else _timer(d, spec.resolve_timeout)
    d.record(LevelPaged(level, cycle, repeat, why, found.pages, _timer(d, spec.ack_timeout), resolve_due))


def _timer(d: Decision, delay: timedelta | None) -> datetime | None:
    return None if delay is None else d.in_hours(d.after(delay))


def _policy(d: Decision) -> Policy:
    try:
        return d.book.policies[d.room.escalation.policy]
    except KeyError:
        raise Refused("no escalation policy runs for this incident: page a person by name") from None


def fire(d: Decision, name: str) -> None:
    """Take the step of a timer that ran out."""
    state = d.room.escalation
    if name == START:
        _page(d, 1, 1, Why.START)
    elif name == ACK:
        spec = _policy(d).levels[state.level - 1]
        # After a stand-still the time to resolve may be over as well: then the next level is due, and no repeat.
        unresolved = state.resolve_due is not None and state.resolve_due <= d.now
        if state.repeat < spec.repeat and not unresolved:
            _page(d, state.level, state.cycle, Why.ACK_TIMEOUT, state.repeat + 1)
        else:
            advance(d, Why.ACK_TIMEOUT)
    elif name == RESOLVE:
        advance(d, Why.RESOLVE_TIMEOUT)
    elif name == SNOOZE:
        _wake(d, early=False)


def acknowledge(d: Decision, command: Acknowledge) -> None:
    """Stop the acknowledge timer; refused when nothing is waiting for an acknowledgement."""
    state = d.room.escalation
    if command.seen is not None and command.seen != state.level:
        raise Stale(f"level {state.level} was paged since you looked; press again if you mean that one")
    if state.phase in (Phase.NONE, Phase.STOPPED):
        raise Refused("nothing to acknowledge: no escalation runs for this incident")
    if state.acked_by:
        raise Refused(f"already acknowledged by {state.acked_by} at {state.acked_at:%H:%M} UTC")
    d.record(Acknowledged(state.level, d.context.actor))


def escalate(d: Decision, command: Escalate) -> None:
    """By hand: the next level now, or one more person besides."""
    state = d.room.escalation
    if command.person:
        found = d.reach((Target(TargetKind.PERSON, command.person),))
        if not found.pages:
            raise Refused(f"{command.person} cannot be paged: {found.nobody}")
        d.record(PagedBesides(found.pages, Why.BY_HAND, command.reason))
        return
    if command.seen is not None and command.seen != state.level:
        raise Stale(f"level {state.level} was paged since you looked; press again to go beyond it")
    if state.phase in (Phase.NONE, Phase.STOPPED):
        raise Refused("no escalation runs for this incident: name a person to page, or reopen it")
    policy = _policy(d)
    if command.level is not None:
        if not 1 <= command.level <= len(policy.levels):
            raise Refused(f"{policy.name} has the levels 1 to {len(policy.levels)}, and no level {command.level}")
        _page(d, command.level, state.cycle, Why.BY_HAND)
        return
    if state.phase is Phase.EXHAUSTED or (state.level >= len(policy.levels) and state.cycle >= policy.cycles):
        raise Refused(f"there is no level after this one in {policy.name}: name a person to page")
    if state.phase is Phase.WAITING:
        _page(d, 1, 1, Why.BY_HAND)
    else:
        advance(d, Why.BY_HAND)


def snooze(d: Decision, command: SnoozeEscalation) -> None:
    """Rest until a moment ahead of now."""
    state = d.room.escalation
    d.ahead(command.until, "the end of a snooze")
    if state.phase not in (Phase.WAITING, Phase.RUNNING):
        raise Refused("nothing to snooze: no timer of the escalation runs")
    if not command.reason:
        raise Refused("say why: a snooze needs a reason")
    d.record(Snoozed(command.until, command.reason))


def wake(d: Decision) -> None:
    """End a snooze now."""
    if d.room.escalation.snooze is None:
        raise Refused("this incident is not snoozed")
    _wake(d, early=True)


def _wake(d: Decision, *, early: bool) -> None:
    resting = d.room.escalation.snooze
    if resting is None:
        return

    def resumed(left: timedelta | None) -> datetime | None:
        return None if left is None else d.in_hours(d.after(left))

    start_at = None if resting.start_at is None else d.in_hours(max(resting.start_at, d.now))
    d.record(SnoozeEnded(early, start_at, resumed(resting.ack_left), resumed(resting.resolve_left)))


def stop(d: Decision, reason: str) -> None:
    """The incident is over: nobody is paged any more."""
    if d.room.escalation.phase in (Phase.WAITING, Phase.RUNNING, Phase.EXHAUSTED):
        d.record(EscalationStopped(reason))


def reassess(d: Decision, *, raised: bool) -> None:
    """Follow a changed severity. Worse: its policy begins at once, whoever acknowledged or snoozed before. Milder: the
    ladder goes on under the new policy from where it is, with that policy's timers counted from the last page."""
    state = d.room.escalation
    spec = d.book.severity(d.room.incident.severity)
    policy = d.book.policies.get(spec.policy)
    if policy is None:
        stop(d, "the severity has no policy")
        return
    if raised or state.phase is not Phase.RUNNING:
        # Nothing ran so far where the severity before had no policy.
        begin(d, why=Why.RAISED if raised else Why.START, resting=None if raised else state.snooze)
        return
    level, since = min(state.level, len(policy.levels)), state.since or d.now
    # Acknowledged before the first page, no level was paged yet: there is nothing to time.
    timers = policy.levels[level - 1] if level else Level("", ())

    def again(delay: timedelta | None) -> datetime | None:
        return None if delay is None else d.in_hours(max(since + delay, d.now + timedelta(minutes=1)))

    ack_due = None if state.acked_by else again(timers.ack_timeout)
    d.record(EscalationSwitched(policy.name, level, ack_due, again(timers.resolve_timeout)))
    if state.snooze is not None:
        d.record(Snoozed(state.snooze.until, state.snooze.reason))
