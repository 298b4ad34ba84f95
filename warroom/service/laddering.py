"""From the state of an escalation to the panel that shows it: each level, each page's fate, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.conditions import words
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import Escalation, EscalationExhausted, LevelPaged, LevelSkipped, Paged, Phase, Why
from warroom.domain.kept_words import kept
from warroom.domain.policy import Last, Otherwise, Policy
from warroom.domain.room import Room, due, foresee
from warroom.domain.rules import policy_of
from warroom.service.delivering import Delivered, delivery_of
from warroom.service.keeping import Memory
from warroom.views import Fate, LadderView, LevelLine, LevelState, NextPage, PageState, Question
from warroom.views.incidents import ENDS
from warroom.words import tr

FORESEEN = 150
"""How many entries are looked ahead for the ladder: more than any default policy needs until it is exhausted."""


def held_back(room: Room) -> bool:
    """Whether a rule keeps people from being paged. No escalation runs then."""
    return bool(room.incident.held) and room.incident.live


def next_page(room: Room, policy: Policy | None) -> NextPage:
    """What the escalation will do next."""
    state = room.escalation
    if held_back(room):
        hold = room.incident.hold
        return NextPage(
            PageState.HELD, hold.key if hold else "", hold.due if hold else None, reason=kept(room.incident.held)
        )
    match state.phase:
        case Phase.NONE:
            return NextPage(PageState.NONE, reason=tr("imported, it is only watched") if room.incident.watched else "")
        case Phase.STOPPED:
            return NextPage(PageState.STOPPED)
        case Phase.CALLED_OFF:
            return NextPage(PageState.CALLED_OFF, f"L{state.level}")
        case Phase.EXHAUSTED:
            return NextPage(PageState.EXHAUSTED, "all", state.exhausted_at, state.since)
    if state.snooze is not None:
        return NextPage(PageState.SNOOZED, f"L{state.level}", state.snooze.until, reason=state.snooze.reason)
    if state.checkpoint is not None:
        return NextPage(
            PageState.ASKING, f"L{state.checkpoint.level}", state.checkpoint.due, state.since, tr("confirm")
        )
    if state.phase is Phase.WAITING:
        return NextPage(PageState.WAITING, f"L{state.start_level}", state.start_at, state.since, tr("paging hours"))
    acked = bool(state.acked_by)
    timers = [
        (at, why)
        for at, why in (
            (state.ack_due, Why.ACK_TIMEOUT),
            (state.resolve_due, Why.RESOLVE_TIMEOUT),
            (state.lapse_due if acked else None, Why.LAPSED),
            (state.stalled_due if acked else None, Why.STALLED),
        )
        if at is not None
    ]
    if not timers or policy is None:
        return NextPage(PageState.ACKED if acked else PageState.NONE, f"L{state.level}")
    at, why = min(timers, key=lambda timer: timer[0])
    return NextPage(
        PageState.ACKED if acked else PageState.DUE, _after(state, policy, why), at, state.since, tr(why.value)
    )


def _after(state: Escalation, policy: Policy, why: Why) -> str:
    if why is Why.LAPSED or (why is Why.ACK_TIMEOUT and state.repeat < state.repeats):
        return f"L{state.level}"
    if state.level < len(policy.levels):
        return f"L{state.level + 1}"
    if state.cycle < policy.cycles:
        return "L1"
    return f"L{state.level}" if policy.last is Last.STAY else ENDS


def ladder(
    room: Room,
    book: Rulebook,
    now: datetime,
    duty: Duty = NOTHING_BESIDES,
    messages: Sequence[Any] = (),
    in_force: str = "",
    memory: Memory | None = None,
    happened: object = None,
) -> LadderView:
    """The escalation panel: what became of each level, and when the others come if nobody does anything.

    `messages` are the incident's rows of the outbox, `in_force` the revision under which new incidents begin. What
    `memory` has is taken while `happened`, which stands for all else that happened in the room, is the same object.
    """
    state = room.escalation
    policy = book.policies.get(state.policy or (policy_of(room.incident, book) if held_back(room) else ""))
    if policy is None:
        return LadderView(next=next_page(room, None))
    pending = due(room)
    # What is overdue is taken up at `now`; what comes in time does not depend on it.
    until = pending[0].at if pending else None
    if memory is None or happened is None or (until is not None and now >= until):
        expected, empty, end = _expected(room, book, duty, now)
    else:
        basis = room, book, happened
        expected, empty, end = memory.get(
            "expected", basis, lambda _: _expected(room, book, duty, now), now=now, until=until
        )
    paged = {p.level: p for p in state.history[state.earlier :] if p.cycle == state.cycle}
    fates = delivery_of(messages, state)
    levels = [
        _level(number, policy, paged.get(number), expected.get(number), empty.get(number, ""), state, fates)
        for number in range(1, len(policy.levels) + 1)
    ]
    if state.phase in (Phase.WAITING, Phase.RUNNING) or held_back(room):
        _mark_next(levels)
    if state.phase is Phase.EXHAUSTED:
        end = state.exhausted_at
    own = room.incident.revision
    return LadderView(
        policy=policy.name,
        revision=own[:4],
        cycle=state.cycle,
        cycles=policy.cycles,
        next=next_page(room, policy),
        levels=tuple(levels),
        level=state.level,
        then=_then(policy, state),
        then_at=end,
        acked_by=state.acked_by if state.phase is Phase.RUNNING else "",
        lapses_at=state.lapse_due if state.resting else None,
        asked=state.asked if not state.acked_by else (),
        question=_question(state),
        newer_rules=in_force[:4] if in_force and in_force != own and room.incident.live else "",
    )


def _question(state: Escalation) -> Question | None:
    asked = state.checkpoint
    if asked is None or state.snooze is not None:
        return None
    people = tuple(dict.fromkeys(page.to for page in asked.pages))
    otherwise = tr("paged all the same") if asked.otherwise is Otherwise.PROCEED else tr("passed over")
    return Question(asked.level, people, asked.due, otherwise)


def _then(policy: Policy, state: Escalation) -> str:
    """What comes after the last level, in words."""
    if policy.last is Last.STAY:
        return tr("the last level again and again")
    parts = [" ".join(target.name for target in policy.then)] if policy.then else []
    if policy.fallback and policy.fallback not in state.tried:
        parts.append(tr("policy {fallback}").format(fallback=policy.fallback))
    return ", ".join(parts) or tr("nobody is left")


def _expected(
    room: Room, book: Rulebook, duty: Duty, now: datetime
) -> tuple[dict[int, datetime], dict[int, str], datetime | None]:
    """When each level of this cycle is paged (again), why one will be passed over, and when the policy ends, if nobody
    does anything."""
    state, levels, empty = room.escalation, dict[int, datetime](), dict[int, str]()
    if held_back(room):
        # When what it was grouped with is over nobody knows; a time that is up is known.
        if room.incident.hold is None or room.incident.hold.key:
            return levels, empty, None
        state = Escalation()  # it begins anew
    elif state.phase not in (Phase.WAITING, Phase.RUNNING):
        return levels, empty, None
    for entry in islice(foresee(room, book, duty, now), FORESEEN):
        match entry.event:
            case LevelPaged() if entry.event.cycle == state.cycle:
                levels.setdefault(entry.event.level, entry.at)
            case LevelSkipped() if entry.event.cycle == state.cycle:
                empty.setdefault(entry.event.level, entry.event.nobody)
            case LevelPaged():
                break
            case EscalationExhausted():
                return levels, empty, entry.at
    return levels, empty, None


def _mark_next(levels: list[LevelLine]) -> None:
    """The level whose page comes next is marked: of those that were not paged yet the one due first."""
    waiting = [n for n, level in enumerate(levels) if level.state is LevelState.LATER and level.due is not None]
    if waiting:
        first = min(waiting, key=lambda n: (levels[n].due, n))
        levels[first] = replace(levels[first], state=LevelState.NEXT)


def _level(
    number: int,
    policy: Policy,
    paged: Paged | None,
    due: datetime | None,
    empty: str,
    state: Escalation,
    fates: Sequence[Delivered],
) -> LevelLine:
    spec = policy.levels[number - 1]
    if paged is None:
        only = tr("only where {words}").format(words=words(spec.when)) if spec.when is not None else ""
        return LevelLine(
            number,
            spec.label,
            LevelState.LATER,
            tuple(target.name for target in spec.targets),
            spec.via,
            repeats=spec.repeat,
            due=due,
            note=tr("will be passed over: {empty}").format(empty=kept(empty)) if empty and due is None else only,
        )
    current = number == state.level and state.phase is Phase.RUNNING
    kind = LevelState.EMPTY if paged.nobody else LevelState.CURRENT if current else LevelState.DONE
    people = {(page.to, page.via) for page in paged.pages}
    return LevelLine(
        number,
        spec.label,
        kind,
        tuple(dict.fromkeys(page.to for page in paged.pages)),
        tuple(dict.fromkeys(page.via for page in paged.pages)),
        paged.at,
        paged.repeat,
        spec.repeat,
        paged.acked_by,
        paged.acked_at,
        due if current else None,
        kept(paged.nobody) or tr(paged.why.value),
        tuple(Fate(each.to, each.via, each.state.value, each.error) for each in fates if (each.to, each.via) in people),
        tuple(sorted(state.gone(number))),
    )
