"""The room: one incident with everything that belongs to it, and the three functions that all of warroom rests on.

`decide(room, command, context)` says what happens, `evolve(room, entry)` what the room is afterwards, `due(room)` what
falls due when. Countdown, forecast, engine, drill and tests all run these, with another clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter

from warroom.domain import (
    attending,
    chatrooms,
    clocks,
    comms,
    correcting,
    declaring,
    delivery,
    escalation,
    incident,
    ladder,
    ladder_acts,
    links,
    links_words,
    moving,
    people,
    proposals,
    record,
    record_words,
    recording,
    recording_tasks,
    reviewing,
    roles,
    roles_deciding,
    rules,
    undoing,
    updates,
    watch,
)
from warroom.domain.book import Rulebook
from warroom.domain.comms import Comms
from warroom.domain.core import (
    ENGINE,
    Command,
    Context,
    Deadline,
    Decision,
    Entry,
    Event,
    Postponed,
    Refused,
)
from warroom.domain.delivery import Delivering
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import Escalation
from warroom.domain.incident import Incident
from warroom.domain.links import Links
from warroom.domain.people import People
from warroom.domain.record import Recorded
from warroom.domain.roles import Roles
from warroom.domain.status_words import DAY_CLOCK, deadline_word, moment
from warroom.valueclass import dataclass
from warroom.words import tr

STEPS_AT_ONCE = 64
"""How many timer steps one decision takes at most; the rest follow in the next, so that no transaction grows long."""

_AT_AND_NAME = attrgetter("at", "name")


@dataclass(frozen=True, slots=True)
class Room:
    """One incident and what happens around it. `version` is the number of entries folded into it."""

    incident: Incident
    escalation: Escalation = field(default_factory=Escalation)
    roles: Roles = field(default_factory=Roles)
    comms: Comms = field(default_factory=Comms)
    delivery: Delivering = field(default_factory=Delivering)
    record: Recorded = field(default_factory=Recorded)
    links: Links = field(default_factory=Links)
    people: People = field(default_factory=People)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Tick(Command):
    """Time has passed: take every step that fell due."""


def evolve(room: Room | None, entry: Entry) -> Room:
    """The room after one more entry of its record; None stands for the room before the first one."""
    event, at = entry.event, entry.at
    if isinstance(event, incident.Declared | watch.Watched):
        if room is not None:
            raise ValueError(f"{room.incident.key} began twice")
        if isinstance(event, watch.Watched):
            return Room(watch.begin(event), version=1)
        return Room(incident.begin(event, at, entry.actor), links=links.evolve(Links(), event), version=1)
    if room is None:
        raise ValueError(f"the record does not begin with an incident, but with {event.kind}")
    now = incident.evolve(room.incident, event, at, entry.actor)
    held = roles.evolve(room.roles, event, at, entry.actor)
    return replace(
        room,
        incident=now,
        escalation=escalation.evolve(room.escalation, event, at, entry.actor, now.status.value),
        roles=held,
        comms=proposals.evolve(comms.evolve(room.comms, event, at), event, at, entry.actor, room.version + 1),
        delivery=delivery.evolve(room.delivery, event, room.version + 1),
        record=record.evolve(room.record, event, at, entry.actor, room.version + 1),
        links=links.evolve(room.links, event),
        people=people.evolve(room.people, event, at, entry.actor, held, live=now.live),
        version=room.version + 1,
    )


def fold(entries: Iterable[Entry], room: Room | None = None) -> Room | None:
    """The room that a record makes, from nothing or on top of `room`."""
    for entry in entries:
        room = evolve(room, entry)
    return room


def due(room: Room) -> tuple[Deadline, ...]:
    """Everything that falls due by itself, the earliest first. Nothing is due once the incident is closed."""
    global _asked_lately
    for known, answer in _asked_lately:
        if known is room:
            return answer
    if room.incident.watched:
        return ()
    pending = (
        *escalation.due(room.escalation),
        *roles.due(room.roles),
        *people.due(room.people),
        *comms.due(room.comms),
        *proposals.due(room.comms),
        *rules.due(room.incident),
        *(record.due(room.record) if room.incident.closed_at is None else ()),
    )
    answer = tuple(sorted(pending, key=_AT_AND_NAME))
    _asked_lately = ((room, answer), *_asked_lately[:7])
    return answer


_asked_lately: tuple[tuple[Room, tuple[Deadline, ...]], ...] = ()
"""The rooms that were asked about last: one step asks about the same ones up to three times."""


def decide(room: Room | None, command: Command, context: Context) -> tuple[Entry, ...]:
    """What follows from a command, as entries for the record; empty when nothing does.

    Raises `Refused` (or `Stale`) with a message for the person when the command cannot be carried out as things stand.
    """
    return tuple(decision(room, command, context).entries)


def decision(room: Room | None, command: Command, context: Context) -> Decision:
    """What `decide` decides, with the room after each entry, for whoever needs it at every step. Raises as it does."""
    if room is None and not isinstance(command, incident.Declare | watch.Watch):
        raise Refused(tr("there is no such incident"))
    d = Decision(context, room, evolve)
    _carry_out(d, command)
    reviewing.follow(d)
    attending.follow(d)
    delivery.follow(d)
    if isinstance(command, undoing.TakeBack) and room is not None:
        d.record(undoing.TakenBack(command.entry, room.version + 1, command.about))
    return d


def _carry_out(d: Decision, command: Command) -> None:
    match command:
        case Tick():
            _tick(d)
        case incident.Declare():
            declaring.declare(d, command)
        case watch.Watch():
            watch.watch(d, command)
        case incident.SetStatus():
            declaring.set_status(d, command)
        case incident.SetSeverity():
            declaring.set_severity(d, command)
        case incident.Amend():
            declaring.amend(d, command)
        case incident.Assess():
            declaring.assess(d, command)
        case incident.CountCases():
            correcting.count_cases(d, command)
        case links.AddLink():
            links.add(d, command)
        case links.RemoveLink():
            links.remove(d, command)
        case links.Relate():
            links.relate(d, command)
        case links.Unrelate():
            links.unrelate(d, command)
        case links.FollowChild():
            links.follow_child(d, command)
        case incident.Merge():
            declaring.merge(d, command)
        case incident.Absorb():
            declaring.absorb(d, command)
        case moving.MoveToRules():
            moving.move(d, command)
        case rules.LiftHold():
            declaring.lift_hold(d, command)
        case rules.LookAtHold():
            declaring.look_at_hold(d, early=True)
        case escalation.Acknowledge():
            ladder_acts.acknowledge(d, command)
        case escalation.TakeOver():
            ladder_acts.take_over(d, command)
        case escalation.Unacknowledge():
            ladder_acts.unacknowledge(d, command)
        case escalation.Decline():
            ladder_acts.decline(d, command)
        case escalation.Escalate():
            ladder_acts.escalate(d, command)
        case escalation.Repage():
            ladder_acts.repage(d, command)
        case escalation.SnoozeEscalation():
            ladder_acts.snooze(d, command)
        case escalation.Wake():
            ladder_acts.wake(d)
        case escalation.CallOff():
            ladder_acts.call_off(d, command)
        case escalation.Resume():
            ladder_acts.resume(d, command)
        case escalation.Confirm():
            ladder_acts.confirm(d, command)
        case escalation.Refuse():
            ladder_acts.refuse(d, command)
        case roles.RoleCommand() | people.PeopleCommand():
            roles_deciding.carry_out(d, command)
        case comms.PostUpdate():
            updates.post(d, command)
        case comms.SkipUpdate():
            clocks.skip(d, command)
        case proposals.ProposalCommand():
            reviewing.carry_out(d, command)
        case record.RecordCommand():
            recording.carry_out(d, command)
        case delivery.ReportDelivery():
            delivery.report(d, command)
        case undoing.TakeBack():
            if command.what is not None:
                _carry_out(d, command.what)
        case _:
            raise Refused(tr("{name} is not something that can be asked for").format(name=type(command).__name__))


_AT_ONCE = frozenset(("hold", "review", "send", *roles_deciding.AT_ONCE))
"""Steps that wait for no paging hours."""


def _tick(d: Decision) -> None:
    for _ in range(STEPS_AT_ONCE):
        pending = due(d.room)
        if not pending or pending[0].at > d.now:
            return
        first = pending[0]
        d.due = first.at
        topic = first.name.partition(":")[0]
        version = d.room.version
        opening = d.in_hours(d.now)
        if opening > d.now and topic not in _AT_ONCE and first.name != escalation.SNOOZE:
            d.record(Postponed(first.name, opening))
        elif topic == "escalation":
            ladder.fire(d, first.name)
        elif topic in roles_deciding.TOPICS:
            roles_deciding.fire(d, first.name)
        elif topic == "hold":
            declaring.look_at_hold(d)
        elif topic in ("review", "send"):
            reviewing.fire(d, first.name)
        elif topic in ("task", "decision"):
            recording_tasks.fire(d, first.name)
        else:
            clocks.fire(d, first.name)
        if d.room.version == version:
            raise RuntimeError(f"the step {first.name} of {d.room.incident.key} changed nothing")


def foresee(room: Room, book: Rulebook, duty: Duty = NOTHING_BESIDES, start: datetime | None = None) -> Iterator[Entry]:
    """What will happen, and when, if nobody does anything: the same decisions, with the clock put forward.

    What is overdue already is taken up at `start`, None for as if it had been in time. Ends when nothing is due any
    more; whoever asks may stop earlier.
    """
    now = start
    while pending := due(room):
        now = pending[0].at if now is None else max(now, pending[0].at)
        taken = decide(room, Tick(), Context(now, ENGINE, book, duty))
        yield from taken
        room = fold(taken, room) or room


def forecast(room: Room, book: Rulebook, steps: int = 24, duty: Duty = NOTHING_BESIDES) -> tuple[Entry, ...]:
    """The next `steps` entries that will follow by themselves if nobody does anything."""
    return tuple(islice(foresee(room, book, duty), steps))


_IN_WORDS = (
    incident,
    watch,
    escalation,
    roles,
    people,
    comms,
    proposals,
    delivery,
    rules,
    record_words,
    links_words,
    chatrooms,
    undoing,
)


def describe(event: Event) -> str:
    """An event in the words of the record."""
    for topic in _IN_WORDS:
        words: str = topic.describe(event)
        if words:
            return words
    if isinstance(event, Postponed):
        return tr("{name} waits until {to} UTC: nobody is disturbed before").format(
            name=deadline_word(event.name), to=moment(event.to, DAY_CLOCK)
        )
    return event.kind.replace("_", " ")
