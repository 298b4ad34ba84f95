"""What people do on the ladder of an incident (R5): acknowledge, decline, bring in somebody, pause, call off, answer.

Each act that two people could do at the same time says what its author saw (`seen`): the second one is told.
"""

from __future__ import annotations

from datetime import timedelta

from warroom.domain import checkpoint
from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.escalation import (
    Acknowledge,
    Acknowledged,
    BeforeAck,
    CallOff,
    Confirm,
    Decline,
    Escalate,
    EscalationCalledOff,
    EscalationResumed,
    PagedBesides,
    PageDeclined,
    Phase,
    Refuse,
    Repage,
    Resume,
    Settled,
    Snoozed,
    SnoozeEscalation,
    TakeOver,
    Unacknowledge,
    Unacknowledged,
    Why,
)
from warroom.domain.kept_words import kept
from warroom.domain.ladder import advance, fallback, first, go_on_after, page, upcoming, wake_up
from warroom.domain.ladder_paging import A_MINUTE, find, policy_in_force, record_page, resolve_again, timer
from warroom.domain.policy import PageTo, Target, TargetKind
from warroom.domain.reach import Reach
from warroom.words import tr

REPAGED_WITHIN = timedelta(minutes=1)
"""A level that was paged within this time is not paged again by hand: two people had the same thought."""


def _stale(d: Decision, seen: int | None, then: str) -> None:
    level = d.room.escalation.level
    if seen is not None and seen != level:
        raise Stale(tr("level {level} was paged since you looked; {then}").format(level=level, then=then))


def _called_off(d: Decision) -> None:
    if d.room.escalation.phase is Phase.CALLED_OFF:
        raise Refused(tr("the escalation was called off: resume it, or name a person to page"))


# Acknowledging -------------------------------------------------------------------------------------------------------


def acknowledge(d: Decision, command: Acknowledge) -> None:
    """Stop the acknowledge timer; refused when nothing is waiting for an acknowledgement."""
    state = d.room.escalation
    _stale(d, command.seen, tr("press again if you mean that one"))
    _nothing_runs(d, tr("nothing to acknowledge"))
    if state.acked_by:
        raise Refused(
            tr("already acknowledged by {acked_by} at {acked_at:%H:%M} UTC: take it over if you mean to").format(
                acked_by=state.acked_by, acked_at=state.acked_at
            )
        )
    d.record(Acknowledged(state.level, d.context.actor))


def take_over(d: Decision, command: TakeOver) -> None:
    """Acknowledge in place of whoever did."""
    state = d.room.escalation
    _nothing_runs(d, tr("nothing to take over"))
    if command.seen is not None and command.seen != state.acked_by:
        raise Stale(
            tr("{acked_by} has it since you looked; look again before you take it over").format(
                acked_by=state.acked_by or tr("nobody")
            )
        )
    if state.acked_by == d.context.actor:
        raise Refused(tr("{acked_by} has it already").format(acked_by=state.acked_by))
    d.record(Acknowledged(state.level, d.context.actor, state.acked_by, command.reason))


def _nothing_runs(d: Decision, what: str) -> None:
    phase = d.room.escalation.phase
    if phase in (Phase.NONE, Phase.STOPPED, Phase.CALLED_OFF):
        called_off = phase is Phase.CALLED_OFF
        why = tr("the escalation was called off") if called_off else tr("no escalation runs for this incident")
        raise Refused(f"{what}: {why}")


def unacknowledge(d: Decision, command: Unacknowledge) -> None:
    """Take an acknowledgement back: what it stopped goes on, with a minute at least."""
    state = d.room.escalation
    _nothing_runs(d, tr("nothing to take back"))
    if command.seen is not None and command.seen != state.acked_by:
        raise Stale(
            tr("{acked_by} has it since you looked; look again before you take it back").format(
                acked_by=state.acked_by or tr("nobody")
            )
        )
    if not state.acked_by:
        raise Refused(tr("nobody has acknowledged: there is nothing to take back"))
    before = state.before_ack or _unknown_before(d)
    start_at = ack_due = ack_left = None
    if before.exhausted_at is None:
        left = None if before.ack_left is None else max(before.ack_left, A_MINUTE)
        ack_due, ack_left = (timer(d, left), None) if state.snooze is None else (None, left)
        if before.start_at is not None:
            start_at = d.in_hours(max(before.start_at, d.now + A_MINUTE))
    first = d.room.incident.acknowledged_at == state.acked_at
    d.record(
        Unacknowledged(
            state.level, state.acked_by, command.reason, first, start_at, ack_due, before.exhausted_at, ack_left
        )
    )


def _unknown_before(d: Decision) -> BeforeAck:
    """What an acknowledgement stopped where nobody wrote it down: as if the level were paged now."""
    state, policy = d.room.escalation, policy_in_force(d)
    if not 0 < state.level <= len(policy.levels):
        return BeforeAck(start_at=d.now)
    return BeforeAck(ack_left=policy.levels[state.level - 1].ack_timeout)


def decline(d: Decision, command: Decline) -> None:
    """ "Not me": the page rests on the others, else moves on at once to who comes next, else to the next level."""
    state, who = d.room.escalation, command.person or d.context.actor
    _stale(d, command.seen, tr("look again before you decline"))
    last = state.last
    if state.phase is not Phase.RUNNING or last is None or who not in state.asked:
        if who in state.besides:
            d.record(PageDeclined(0, state.cycle, who, command.reason))
            return
        raise Refused(_not_asked(d, who))
    if state.acked_by:
        own = state.acked_by == who
        has = tr("take your acknowledgement back first") if own else tr("{who} has it").format(who=state.acked_by)
        raise Refused(tr("level {level} was acknowledged: {has}").format(level=state.level, has=has))
    state = d.record(PageDeclined(state.level, state.cycle, who, command.reason)).escalation
    if state.asked or state.snooze is not None or state.checkpoint is not None:
        return  # others are still asked; or the ladder moves on later, without them
    spec = policy_in_force(d).levels[state.level - 1]
    found = find(d, spec, state.level, state.cycle)
    if found.pages:
        ack_due, resolve_due = timer(d, spec.ack_timeout), resolve_again(d, spec)
        record_page(d, spec, state.level, state.cycle, Why.DECLINED, found, ack_due, resolve_due)
    else:
        advance(d, Why.DECLINED)


def _not_asked(d: Decision, who: str) -> str:
    state = d.room.escalation
    if who in state.gone(state.level) and state.level:
        return tr("{who} has declined level {level} already").format(who=who, level=state.level)
    if state.phase is Phase.EXHAUSTED:
        return tr("the policy is exhausted, nobody is asked any more: name a person to page")
    asked = ", ".join(state.asked) if state.phase is Phase.RUNNING else ""
    if not asked:
        return tr("{who} is not paged now").format(who=who)
    return tr("{who} is not paged now: level {level} asks {asked}").format(who=who, level=state.level, asked=asked)


# Bringing in somebody ------------------------------------------------------------------------------------------------


def escalate(d: Decision, command: Escalate) -> None:
    """By hand: the next level now, the one that is named, or somebody besides."""
    state = d.room.escalation
    if command.person:
        found = _reach_besides(d, command)
        d.record(PagedBesides(found.pages, Why.BY_HAND, command.reason, found.passed))
        return
    _stale(d, command.seen, tr("press again to go beyond it"))
    _called_off(d)
    if d.room.incident.held:
        held = d.room.incident.held
        raise Refused(
            tr("nobody is paged for this incident ({held}): lift that, or name a person to page").format(
                held=kept(held)
            )
        )
    if state.phase in (Phase.NONE, Phase.STOPPED):
        raise Refused(tr("no escalation runs for this incident: name a person to page, or reopen it"))
    policy = policy_in_force(d)
    if command.level is not None:
        if not 1 <= command.level <= len(policy.levels):
            raise Refused(
                tr("{name} has the levels 1 to {count}, and no level {level}").format(
                    name=policy.name, count=len(policy.levels), level=command.level
                )
            )
        page(d, command.level, state.cycle, Why.BY_HAND, insist=True)
    elif state.checkpoint is not None:
        page(d, state.checkpoint.level, state.checkpoint.cycle, Why.BY_HAND, insist=True)
    elif state.phase is Phase.WAITING:
        page(d, first(d), state.cycle, Why.BY_HAND)
    elif state.phase is Phase.EXHAUSTED or (upcoming(d) is None and fallback(d) is None):
        raise Refused(tr("there is no level after this one in {name}: name a person to page").format(name=policy.name))
    else:
        advance(d, Why.BY_HAND)


def _reach_besides(d: Decision, command: Escalate) -> Reach:
    kind, colon, name = command.person.partition(":")
    known = colon and kind in list(TargetKind) and kind != TargetKind.LEVEL
    target = Target(TargetKind(kind), name) if known else Target(TargetKind.PERSON, command.person)
    found = d.reach((target,), (command.via,) if command.via else (), by_hand=True)
    if not found.pages:
        raise Refused(tr("{person} cannot be paged: {nobody}").format(person=command.person, nobody=kept(found.nobody)))
    pages: tuple[PageTo, ...] = found.pages
    if command.via and all(each.via != command.via for each in pages):
        ways = ", ".join(dict.fromkeys(each.via for each in pages))
        raise Refused(
            tr("{person} has no {via}: page by {ways}, or by their own order").format(
                person=command.person, via=command.via, ways=ways
            )
        )
    return found


def repage(d: Decision, command: Repage) -> None:
    """Page the current level again now."""
    state = d.room.escalation
    _stale(d, command.seen, tr("look again before you page it once more"))
    _called_off(d)
    if state.phase not in (Phase.RUNNING, Phase.EXHAUSTED) or not state.level:
        raise Refused(tr("no level was paged yet: escalate to page the first one now"))
    if state.since is not None and d.now - state.since < REPAGED_WITHIN and state.last is not None:
        raise Refused(
            tr("level {level} was paged at {since:%H:%M:%S} UTC: give them a minute").format(
                level=state.level, since=state.since
            )
        )
    found = find(d, policy_in_force(d).levels[state.level - 1], state.level, state.cycle, by_hand=True)
    if not found.pages:
        raise Refused(
            tr("nobody on level {level} can be paged: {nobody}").format(level=state.level, nobody=kept(found.nobody))
        )
    page(d, state.level, state.cycle, Why.BY_HAND, insist=True, keep=True)


# Pausing and stopping ------------------------------------------------------------------------------------------------


def snooze(d: Decision, command: SnoozeEscalation) -> None:
    """Rest until a moment ahead of now."""
    state = d.room.escalation
    d.ahead(command.until, tr("the end of a snooze"))
    if state.phase not in (Phase.WAITING, Phase.RUNNING):
        raise Refused(tr("nothing to snooze: no timer of the escalation runs"))
    if not command.reason:
        raise Refused(tr("say why: a snooze needs a reason"))
    d.record(Snoozed(command.until, command.reason))


def wake(d: Decision) -> None:
    """End a snooze now."""
    if d.room.escalation.snooze is None:
        raise Refused(tr("this incident is not snoozed"))
    wake_up(d, early=True)


def call_off(d: Decision, command: CallOff) -> None:
    """Stop the escalation while the incident goes on."""
    state = d.room.escalation
    _nothing_runs(d, tr("nothing to call off"))
    _stale(d, command.seen, tr("look again before you call it off"))
    if not command.reason:
        raise Refused(tr("say why: a reason is needed to call an escalation off"))
    d.record(EscalationCalledOff(state.level, command.reason))


def resume(d: Decision, command: Resume) -> None:
    """Begin again what was called off, at its level, as soon as the hours allow it."""
    state = d.room.escalation
    if state.phase is not Phase.CALLED_OFF:
        raise Stale(tr("the escalation is not called off (any more): it is {phase}").format(phase=tr(state.phase)))
    level = min(state.level or first(d), len(policy_in_force(d).levels))
    start_at = d.in_hours(d.now)
    d.record(EscalationResumed(level, start_at, command.reason))
    if start_at <= d.now:
        page(d, level, state.cycle, Why.RESUMED, insist=state.level > 0)


# Answering -----------------------------------------------------------------------------------------------------------


def confirm(d: Decision, command: Confirm) -> None:
    """The level that waits may be paged, and is."""
    checkpoint.may_answer(d, command.seen)
    go_on_after(d, *checkpoint.settle(d, Settled.CONFIRMED, command.reason))


def refuse(d: Decision, command: Refuse) -> None:
    """The level that waits is passed over."""
    checkpoint.may_answer(d, command.seen)
    if not command.reason:
        raise Refused(tr("say why: a reason is needed to refuse"))
    go_on_after(d, *checkpoint.settle(d, Settled.REFUSED, command.reason))
