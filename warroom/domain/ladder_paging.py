"""Paging one level of a ladder (R5): whether it applies, whom it reaches, who else hears of it, what is timed then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from warroom.domain.conditions import Condition, facts_of, holds, words
from warroom.domain.core import Decision, Refused
from warroom.domain.escalation import LevelPaged, Why
from warroom.domain.policy import Ask, Level, Mode, PageTo, Policy, Target, TargetKind
from warroom.domain.reach import Reach
from warroom.words import plain, tr

A_MINUTE = timedelta(minutes=1)
"""What is left at least of a timer that goes on under other circumstances: nobody is paged in the same breath."""


def find(d: Decision, spec: Level, level: int, cycle: int, *, by_hand: bool = False) -> Reach:
    """Whom the page of a level reaches now. Who declined on it is not asked again, except in a later cycle, or by hand,
    when nobody else is left; and not in the same breath."""
    state = d.room.escalation
    turn = state.turn + state.times_paged(level) if spec.mode is Mode.ROUND_ROBIN else None
    gone = state.gone(level)
    found = d.reach(spec.targets, spec.via, turn=turn, avoid=gone)
    said = [each for each in state.declined if each.level == level]
    lately = any(each.cycle == cycle or d.now - each.at < A_MINUTE for each in said)
    if gone and not _people(found) and (by_hand or not lately):
        return d.reach(spec.targets, spec.via, turn=turn)
    if gone and not _people(found) and lately:
        return Reach((), found.passed)  # a chat room alone is not who was to answer
    return found


def _people(found: Reach) -> bool:
    return any(not each.target.startswith(TargetKind.CHANNEL) for each in found.pages)


def record_page(
    d: Decision,
    spec: Level,
    level: int,
    cycle: int,
    why: Why,
    found: Reach,
    ack_due: datetime | None,
    resolve_due: datetime | None,
    repeat: int = 0,
) -> None:
    """Let a level have been paged, with a word to those who are consulted and informed when it is the first time."""
    consulted: tuple[PageTo, ...] = ()
    informed: tuple[PageTo, ...] = ()
    if (spec.consulted or spec.informed) and not d.room.escalation.times_paged(level):
        known = {each.to for each in found.pages}
        consulted = _others(d, spec.consulted, known)
        informed = _others(d, spec.informed, known | {each.to for each in consulted})
    accountable = tuple(dict.fromkeys(p.to for p in d.reach(spec.accountable).pages)) if spec.accountable else ()
    d.record(
        LevelPaged(
            level,
            cycle,
            repeat,
            why,
            found.pages,
            ack_due,
            resolve_due,
            spec.repeat,
            warning(d, level, cycle),
            found.passed,
            accountable,
            consulted,
            informed,
            spec.label,
        )
    )


def _others(d: Decision, targets: tuple[Target, ...], known: set[str]) -> tuple[PageTo, ...]:
    return tuple(each for each in d.reach(targets).pages if each.to not in known) if targets else ()


def warning(d: Decision, level: int, cycle: int) -> timedelta | None:
    """How long before the level after this one people are told of it."""
    policy = policy_in_force(d)
    if all(each.warn is None for each in policy.levels):
        return None
    steps = (policy.levels[following - 1] for following, _ in after(policy, level, cycle))
    return next((spec.warn for spec in steps if not unfit(d, spec.when)), None)


def question(d: Decision, spec: Level) -> Ask | None:
    """What has to be confirmed before a level is paged as things stand; None where nothing has to be."""
    own = spec.confirm if not unfit(d, spec.confirm_when) else None
    return own or d.room.escalation.ask


def unfit(d: Decision, condition: Condition | None) -> str:
    """Why something does not apply to the incident now; "" where it does."""
    if condition is None or holds(condition, facts_of(d.room.incident, d.context)):
        return ""
    with plain():
        return f"it is for {words(condition)}"


def timer(d: Decision, delay: timedelta | None) -> datetime | None:
    """When a timer runs out that begins now; None where there is none."""
    return None if delay is None else d.in_hours(d.after(delay))


def resolve_again(d: Decision, spec: Level) -> datetime | None:
    state = d.room.escalation
    if state.snooze is not None and state.snooze.resolve_left is not None:
        return timer(d, state.snooze.resolve_left)
    return state.resolve_due or timer(d, spec.resolve_timeout)


def policy_in_force(d: Decision) -> Policy:
    """The policy that the ladder runs under; raises `Refused` where there is none."""
    try:
        return d.book.policies[d.room.escalation.policy]
    except KeyError:
        raise Refused(tr("no escalation policy runs for this incident: page a person by name")) from None


def after(policy: Policy, level: int, cycle: int) -> Iterator[tuple[int, int]]:
    """The levels, each with its cycle, that come after one."""
    while level < len(policy.levels) or cycle < policy.cycles:
        level, cycle = (level + 1, cycle) if level < len(policy.levels) else (1, cycle + 1)
        yield level, cycle


def holders(d: Decision) -> tuple[Target, ...]:
    """Who has the current level: whoever acknowledged, else all who were asked; and the incident manager."""
    from warroom.domain.roles import LEAD  # roles bring in levels, and levels find who holds a role

    state = d.room.escalation
    people = [state.acked_by] if state.acked_by else list(state.asked)
    rooms = () if state.acked_by or state.last is None else (each.to for each in state.last.pages)
    return (
        *(Target(TargetKind.PERSON, each) for each in dict.fromkeys((*people, d.room.roles.holder(LEAD))) if each),
        *(Target(TargetKind.CHANNEL, each) for each in dict.fromkeys(rooms) if each.startswith("#")),
    )
