"""The card of a handover (R4): all that the next holder has to know, put together from the room.

It is filled from what is on the record, as plain text that the holder edits before it goes out; who receives it reads
it back. Nothing is in it that is not in the room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warroom.domain import escalation
from warroom.domain.core import Context
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import Escalation, Phase
from warroom.domain.fatigue import Tired
from warroom.domain.fatigue import span as length
from warroom.domain.policy import Last, Policy
from warroom.domain.record import TheoryState, Verdict
from warroom.domain.roles import LEAD
from warroom.domain.succession import Standing, span_of_control
from warroom.valueclass import dataclass
from warroom.words import plain

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room

MOST = 12
"""How many lines of one kind a card has; what is left out is counted."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a card; `due` None where nothing is."""

    text: str
    who: str = ""
    due: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class HandoverCard:
    """How things stand, for whoever takes a role over at `at`."""

    key: str
    title: str
    role: str
    role_title: str
    holder: str
    since: datetime | None
    at: datetime
    severity: str
    status: str
    status_since: datetime
    impact: str
    known: tuple[Item, ...] = ()
    unknown: tuple[Item, ...] = ()
    running: tuple[Item, ...] = ()
    pending: tuple[Item, ...] = ()
    duties: tuple[Item, ...] = ()
    people: tuple[Item, ...] = ()
    updates: tuple[Item, ...] = ()
    escalation: tuple[Item, ...] = ()
    risks: tuple[Item, ...] = ()


def card(
    room: Room,
    book: Rulebook,
    now: datetime,
    duty: Duty = NOTHING_BESIDES,
    role: str = LEAD,
    standing: Standing | None = None,
) -> HandoverCard:
    """The card for handing `role` over at `now`, filled from the room. `standing`: what weighs on everybody, where
    that is known already."""
    standing = standing or Standing(room, Context(now, "", book, duty))
    with plain():  # it is sent, and stands on the record
        return _card(room, book, now, role, standing)


def _card(room: Room, book: Rulebook, now: datetime, role: str, standing: Standing) -> HandoverCard:
    incident, state, spec = room.incident, room.roles.get(role), book.role(role)
    return HandoverCard(
        incident.key,
        incident.title,
        role,
        spec.title,
        state.holder,
        state.since,
        now,
        incident.severity,
        incident.status.value,
        incident.status_since,
        incident.impact or incident.summary,
        tuple(_known(room)),
        tuple(_unknown(room)),
        tuple(_running(room, now)),
        tuple(Item(each.text, each.whom, each.due, _late(each.due, now)) for each in room.record.pending),
        tuple(Item(duty_) for duty_ in spec.duties if state.ticked(duty_) is None),
        tuple(_people(room, book)),
        tuple(_updates(room, now)),
        tuple(_escalation(room, book)),
        tuple(_risks(room, standing)),
    )


def _late(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now


def _known(room: Room) -> Iterator[Item]:
    for theory in room.record.theories:
        if theory.state is TheoryState.CONFIRMED:
            yield Item(theory.text, theory.by)
    for theory in room.record.theories:
        if theory.state is TheoryState.REFUTED:
            yield Item(f"not this: {theory.text}", theory.by)
    for change in room.record.changes:
        yield Item(f"changed: {change.text}" + (" (taken back)" if change.undone_at else ""), change.by)


def _unknown(room: Room) -> Iterator[Item]:
    incident = room.incident
    if incident.started_at is None:
        yield Item("when the impact began")
    if not incident.impact:
        yield Item("how many it reaches" if incident.summary else "what the impact is: nobody has written it down")
    for theory in room.record.open_theories:
        tests = [test.text for test in theory.experiments if test.verdict is Verdict.RUNNING]
        yield Item(f"whether {theory.text}" + (f" (being tested: {'; '.join(tests)})" if tests else ""), theory.by)


def _running(room: Room, now: datetime) -> Iterator[Item]:
    tasks = [task for task in room.record.tasks if task.open]
    for task in sorted(tasks, key=lambda task: (task.due is None, task.due or task.at)):
        yield Item(task.text, task.owner or "nobody", task.due, _late(task.due, now))


def _people(room: Room, book: Rulebook) -> Iterator[Item]:
    here = dict.fromkeys((*_holders(room), *room.people.here()))
    for login in here:
        held = [_title(room, book, name, login) for name in room.roles.of(login)]
        yield Item(login, ", ".join(held))


def _holders(room: Room) -> Iterator[str]:
    for state in room.roles.by_name.values():
        yield from state.people


def _title(room: Room, book: Rulebook, role: str, login: str) -> str:
    deputy = login in room.roles.get(role).deputies
    return f"{book.role(role).title}{' (deputy)' if deputy else ''}"


def _updates(room: Room, now: datetime) -> Iterator[Item]:
    open_ = [(stream.due, name) for name, stream in room.comms.streams.items() if stream.due is not None]
    for due, name in sorted(open_):
        yield Item(f"{name} update", "", due, due <= now)


def _escalation(room: Room, book: Rulebook) -> Iterator[Item]:
    state = room.escalation
    if room.incident.watched:
        return
    timers = [timer for timer in escalation.due(state) if timer.name != escalation.WARN]
    for timer in sorted(timers, key=lambda timer: timer.at)[:1]:
        by = f", acknowledged by {state.acked_by}" if state.acked_by else ""
        what = _what_comes(state, book.policies.get(state.policy), timer.name)
        yield Item(f"{state.policy}: {what}{by}", "", timer.at)


def _what_comes(state: Escalation, policy: Policy | None, timer: str) -> str:
    """What a timer of the ladder does when it runs out."""
    if timer == escalation.SNOOZE:
        return "the snooze ends"
    if timer == escalation.CONFIRM and state.checkpoint is not None:
        return f"level {state.checkpoint.level} waits for a yes"
    if timer == escalation.START:
        return f"level {state.start_level} is next"
    again = f"level {state.level} is paged again"
    if timer == escalation.LAPSE or (timer == escalation.ACK and state.repeat < state.repeats):
        return again
    if policy is not None and state.level < len(policy.levels):
        return f"level {state.level + 1} is next"
    if policy is not None and state.cycle < policy.cycles:
        return "level 1 is next"
    return again if policy is not None and policy.last is Last.STAY else "the last resort is next"


def _risks(room: Room, standing: Standing) -> Iterator[Item]:
    now, book = standing.context.now, standing.context.book
    if room.escalation.phase is Phase.EXHAUSTED:
        yield Item("nobody is left to page: the policy is exhausted")
    for name, state in room.roles.by_name.items():
        if state.required and not state.holder:
            yield Item(f"no {book.role(name).title}", "", state.due, _late(state.due, now))
    for name, stream in room.comms.streams.items():
        if stream.due is not None and stream.due <= now:
            yield Item(f"the {name} update is late by {length(now - stream.due)}")
    for login in room.people.here():
        tired = standing.fatigue(login)
        if tired.level(now) is not Tired.NO:
            yield Item(f"{login} is tired: {tired.why(now)}")
    nobody = sum(1 for task in room.record.tasks if task.open and not task.owner)
    if nobody:
        yield Item(f"{nobody} {'task has' if nobody == 1 else 'tasks have'} no owner")
    span = span_of_control(room, standing.context)
    if span is not None and span.over:
        yield Item(f"{span.count} people report to the incident manager (more than {span.most}): split the work")


# As text -------------------------------------------------------------------------------------------------------------


def text(made: HandoverCard) -> str:
    """The card as plain lines, for the holder to edit; times are UTC."""
    return "\n".join(_lines(made))


def _lines(made: HandoverCard) -> Iterator[str]:
    held = f", held by {made.holder} for {length(made.at - made.since)}" if made.holder and made.since else ""
    yield f"{made.key} {made.severity} {made.title}"
    yield f"Role: {made.role_title}{held}"
    yield f"State: {made.status} for {length(made.at - made.status_since)} at {made.at:%H:%M} UTC"
    if made.impact:
        yield f"Impact: {made.impact}"
    yield from _section("Known", made.known)
    yield from _section("Not known", made.unknown)
    yield from _section("Running", made.running)
    yield from _section("To be decided", made.pending)
    yield from _section("Next updates", made.updates)
    yield from _section("Next escalation", made.escalation)
    yield from _section("Risks", made.risks)
    yield from _section("In the room", made.people)
    yield from _section("Duties still open", made.duties)


def _section(title: str, items: Sequence[Item]) -> Iterator[str]:
    if not items:
        return
    yield f"{title}:"
    yield from (f"- {_item(item)}" for item in items[:MOST])
    if len(items) > MOST:
        yield f"- and {len(items) - MOST} more"


def _item(item: Item) -> str:
    due = f"{'LATE since' if item.late else 'by'} {item.due:%H:%M}" if item.due else ""
    return " · ".join(part for part in (item.text, item.who, due) if part)


def sections(made: HandoverCard) -> Iterable[tuple[str, tuple[Item, ...]]]:
    """The parts of a card that are lists, by the names that they have for programs."""
    return (
        ("known", made.known),
        ("unknown", made.unknown),
        ("running", made.running),
        ("pending", made.pending),
        ("updates", made.updates),
        ("escalation", made.escalation),
        ("risks", made.risks),
        ("duties", made.duties),
        ("people", made.people),
    )
