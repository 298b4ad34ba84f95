"""Escalation (R5): the ladder of one incident, what happens on it, and what falls due.

Two timers run for a level once it was paged. The acknowledge timeout asks "did anybody see it": when it runs out the
level is paged again (`repeat` times) and then the next one. The resolve timeout asks "is it being fixed": when it runs
out the next level is brought in whether or not the page was acknowledged. Acknowledging stops the first, not the
second. After the last level the policy starts over (`cycles`), then it is exhausted: that pages whoever `then` names
and is an alarm until somebody acknowledges. A level on which nobody can be reached is passed at once, with the reason.
What is decided on the ladder stands in `warroom.domain.ladder`, policies in `warroom.domain.policy`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from warroom.domain.core import Command, Deadline, Event, Postponed, happens
from warroom.domain.policy import PageTo


class Phase(StrEnum):
    """Where the ladder stands as a whole."""

    NONE = "none"
    WAITING = "waiting"
    RUNNING = "running"
    EXHAUSTED = "exhausted"
    STOPPED = "stopped"


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


@dataclass(frozen=True, slots=True)
class Paged:
    """What became of one level in one cycle."""

    level: int
    cycle: int
    at: datetime
    why: Why
    pages: tuple[PageTo, ...] = ()
    repeat: int = 0
    acked_by: str = ""
    acked_at: datetime | None = None
    nobody: str = ""


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


@dataclass(frozen=True, slots=True)
class Escalation:
    """The ladder of one incident. `level` counts from 1; 0 means that nobody was paged yet.

    All moments are absolute. `start_at` is armed while the first page waits for paging hours. The first `earlier`
    items of the history belong to policies that ran before this one.
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
    exhausted_at: datetime | None = None


# Commands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Acknowledge(Command):
    """Somebody has seen the page and is on it. `seen` is the level that was current when they looked."""

    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Escalate(Command):
    """Bring in the next level now, or the one that is named, or page a person without moving the ladder."""

    names = ("person",)
    lines = ("reason",)

    reason: str = ""
    person: str = ""
    seen: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class SnoozeEscalation(Command):
    """Let the ladder rest until a moment, with a reason. A second snooze replaces the first."""

    lines = ("reason",)

    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wake(Command):
    """End a snooze before its time."""


# Events --------------------------------------------------------------------------------------------------------------


@happens("escalation_planned")
@dataclass(frozen=True, slots=True)
class EscalationPlanned(Event):
    """A policy begins (or begins anew); its first level is paged at `start_at`."""

    policy: str
    start_at: datetime
    why: Why = Why.START


@happens("level_paged")
@dataclass(frozen=True, slots=True)
class LevelPaged(Event):
    """A level was paged, for the first time in this cycle or again (`repeat` > 0)."""

    level: int
    cycle: int
    repeat: int
    why: Why
    pages: tuple[PageTo, ...]
    ack_due: datetime | None
    resolve_due: datetime | None


@happens("level_skipped")
@dataclass(frozen=True, slots=True)
class LevelSkipped(Event):
    """Nobody on a level could be reached; the next one is paged at once."""

    level: int
    cycle: int
    why: Why
    nobody: str


@happens("acknowledged")
@dataclass(frozen=True, slots=True)
class Acknowledged(Event):
    """A page was seen."""

    level: int
    by: str


@happens("escalation_exhausted")
@dataclass(frozen=True, slots=True)
class EscalationExhausted(Event):
    """Nobody is left to page. `pages` went to whom the policy names as the last."""

    policy: str
    why: Why
    pages: tuple[PageTo, ...] = ()


@happens("escalation_switched")
@dataclass(frozen=True, slots=True)
class EscalationSwitched(Event):
    """A milder severity brought another policy: the ladder goes on there without paging anybody anew."""

    policy: str
    level: int
    ack_due: datetime | None
    resolve_due: datetime | None
    start_at: datetime | None = None


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


@happens("escalation_stopped")
@dataclass(frozen=True, slots=True)
class EscalationStopped(Event):
    """Nobody needs to be paged any more."""

    reason: str


@happens("paged_besides")
@dataclass(frozen=True, slots=True)
class PagedBesides(Event):
    """Somebody was paged without moving the ladder: by hand."""

    pages: tuple[PageTo, ...]
    why: Why
    reason: str = ""


# Evolve --------------------------------------------------------------------------------------------------------------


def evolve(state: Escalation, event: Event, at: datetime, actor: str) -> Escalation:
    """The ladder after `event`; events of other topics leave it as it is."""
    match event:
        case EscalationPlanned():
            return Escalation(
                phase=Phase.WAITING,
                policy=event.policy,
                since=at,
                start_at=event.start_at,
                history=state.history,
                earlier=len(state.history),
            )
        case Postponed(name, to) if name == START:
            return replace(state, start_at=to)
        case Postponed(name, to) if name == ACK:
            return replace(state, ack_due=to)
        case Postponed(name, to) if name == RESOLVE:
            return replace(state, resolve_due=to)
        case LevelPaged():
            return _paged(state, event, at)
        case LevelSkipped():
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
                history=(*state.history, skipped),
            )
        case Acknowledged():
            return _acknowledged(state, event, at)
        case EscalationExhausted():
            return replace(
                state,
                phase=Phase.EXHAUSTED,
                start_at=None,
                ack_due=None,
                resolve_due=None,
                snooze=None,
                acked_by="",
                acked_at=None,
                exhausted_at=at,
            )
        case EscalationSwitched():
            return replace(
                state,
                policy=event.policy,
                level=event.level,
                cycle=1,
                repeat=0,
                start_at=event.start_at,
                ack_due=event.ack_due,
                resolve_due=event.resolve_due,
                # What was left of the timers before belongs to the other policy.
                snooze=state.snooze and replace(state.snooze, start_at=None, ack_left=None, resolve_left=None),
            )
        case Snoozed():
            return _snoozed(state, event, at, actor)
        case SnoozeEnded():
            return replace(
                state,
                snooze=None,
                start_at=event.start_at,
                ack_due=event.ack_due,
                resolve_due=event.resolve_due,
            )
        case EscalationStopped():
            return replace(
                state,
                phase=Phase.STOPPED,
                start_at=None,
                ack_due=None,
                resolve_due=None,
                snooze=None,
                exhausted_at=None,
            )
        case _:
            return state


def _paged(state: Escalation, event: LevelPaged, at: datetime) -> Escalation:
    paged = Paged(event.level, event.cycle, at, event.why, event.pages, event.repeat)
    history = state.history
    if event.repeat and history and (history[-1].level, history[-1].cycle) == (event.level, event.cycle):
        history = (*history[:-1], replace(history[-1], repeat=event.repeat, pages=event.pages))
    else:
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
    )


def _acknowledged(state: Escalation, event: Acknowledged, at: datetime) -> Escalation:
    history = state.history
    # Before the first page of this policy, and after a level that nobody could be paged on, there is nothing to mark.
    if history and state.level and not history[-1].nobody:
        history = (*history[:-1], replace(history[-1], acked_by=event.by, acked_at=at))
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
    )
    return replace(state, snooze=snooze, start_at=None, ack_due=None, resolve_due=None)


# Due -----------------------------------------------------------------------------------------------------------------

START, ACK, RESOLVE, SNOOZE = "escalation:start", "escalation:ack", "escalation:resolve", "escalation:snooze"


def due(state: Escalation) -> tuple[Deadline, ...]:
    """What falls due on the ladder, by itself, if nobody does anything."""
    if state.phase not in (Phase.WAITING, Phase.RUNNING):
        return ()
    if state.snooze is not None:
        return (Deadline(state.snooze.until, SNOOZE),)
    armed = ((state.start_at, START), (state.ack_due, ACK), (state.resolve_due, RESOLVE))
    return tuple(Deadline(at, name) for at, name in armed if at is not None)


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case EscalationPlanned():
            return f"policy {event.policy} starts" + ("" if event.why is Why.START else f" ({event.why})")
        case LevelPaged():
            again = f", repeat {event.repeat}" if event.repeat else ""
            cycle = f", cycle {event.cycle}" if event.cycle > 1 else ""
            return f"L{event.level} {describe_pages(event.pages)} ({event.why}{again}{cycle})"
        case LevelSkipped():
            return f"L{event.level} passed over: {event.nobody}"
        case Acknowledged():
            return f"L{event.level} acknowledged" if event.level else "acknowledged before the first page"
        case EscalationExhausted():
            last = f"; last resort {describe_pages(event.pages)}" if event.pages else ""
            return f"policy {event.policy} is exhausted ({event.why}){last}"
        case EscalationSwitched():
            return f"escalation goes on under {event.policy}, level {event.level}"
        case Snoozed():
            return f"until {event.until:%Y-%m-%d %H:%M} UTC: {event.reason}"
        case SnoozeEnded():
            return "woken early" if event.early else "snooze is over"
        case EscalationStopped():
            return event.reason
        case PagedBesides():
            return f"{describe_pages(event.pages)} ({event.why})" + (f": {event.reason}" if event.reason else "")
        case _:
            return ""


def describe_pages(pages: tuple[PageTo, ...]) -> str:
    """ "mina by sms chat, li by mail"."""
    people: dict[str, list[str]] = {}
    for page in pages:
        people.setdefault(page.to, []).append(page.via)
    return ", ".join(f"{to} by {' '.join(via)}" for to, via in people.items())
