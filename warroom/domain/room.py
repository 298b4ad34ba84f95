"""The room: one incident with everything that belongs to it, and the three functions that all of warroom rests on.

`decide(room, command, context)` says what happens, `evolve(room, entry)` what the room is afterwards, `due(room)` what
falls due when. Countdown, forecast, engine, drill and tests all run these, with another clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter

from warroom.domain import (
    clocks,
    comms,
    declaring,
    delivery,
    escalation,
    incident,
    ladder,
    ladder_acts,
    moving,
    record,
    roles,
    rules,
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
from warroom.domain.roles import Roles

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
        return Room(incident.begin(event, at, entry.actor), version=1)
    if room is None:
        raise ValueError(f"the record does not begin with an incident, but with {event.kind}")
    now = incident.evolve(room.incident, event, at)
    return replace(
        room,
        incident=now,
        escalation=escalation.evolve(room.escalation, event, at, entry.actor, now.status.value),
        roles=roles.evolve(room.roles, event, at, entry.actor),
        comms=comms.evolve(room.comms, event, at),
        delivery=delivery.evolve(room.delivery, event, room.version + 1),
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
        *comms.due(room.comms),
        *rules.due(room.incident),
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
        raise Refused("there is no such incident")
    d = Decision(context, room, evolve)
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
        case roles.AssignRole():
            roles.assign(d, command)
        case roles.OfferRole():
            roles.offer(d, command)
        case roles.AcceptRole():
            roles.accept(d, command)
        case roles.EndOffer():
            roles.end_offer(d, command)
        case roles.LeaveRole():
            roles.leave(d, command)
        case comms.PostUpdate():
            updates.post(d, command)
        case record.AddNote():
            record.note(d, command)
        case delivery.ReportDelivery():
            delivery.report(d, command)
        case _:
            raise Refused(f"{type(command).__name__} is not something that can be asked for")
    delivery.follow(d)
    return d


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
        if opening > d.now and topic not in ("offer", "hold") and first.name != escalation.SNOOZE:
            d.record(Postponed(first.name, opening))
        elif topic == "escalation":
            ladder.fire(d, first.name)
        elif topic in ("role", "offer"):
            roles.fire(d, first.name)
        elif topic == "hold":
            declaring.look_at_hold(d)
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


def describe(event: Event) -> str:
    """An event in the words of the record."""
    for topic in (incident, watch, escalation, roles, comms, delivery, rules, record):
        words: str = topic.describe(event)
        if words:
            return words
    if isinstance(event, Postponed):
        return f"{event.name.replace(':', ' ')} waits until {event.to:%a %H:%M} UTC: nobody is disturbed before"
    return event.kind.replace("_", " ")


_SHORT = {
    "level_paged": "paged",
    "paged_besides": "paged",
    "level_skipped": "nobody",
    "level_announced": "warning",
    "acknowledgement_lapsed": "lapsed",
    "status_stalled": "stalled",
    "page_declined": "declined",
    "unacknowledged": "unacked",
    "checkpoint_asked": "confirm?",
    "checkpoint_settled": "confirm",
    "escalation_called_off": "stopped",
    "escalation_resumed": "escalation",
    "escalation_planned": "escalation",
    "escalation_exhausted": "EXHAUSTED",
    "escalation_switched": "escalation",
    "escalation_stopped": "stopped",
    "snooze_ended": "woken",
    "status_changed": "status",
    "severity_changed": "severity",
    "stream_opened": "channel",
    "stream_timed": "cadence",
    "stream_ended": "channel",
    "update_posted": "update",
    "update_missed": "overdue",
    "role_required": "role",
    "role_released": "role",
    "role_assigned": "role",
    "role_offered": "offer",
    "role_offer_ended": "offer",
    "role_vacated": "role",
    "role_missed": "vacant",
    "rules_moved": "rules",
    "rule_applied": "rule",
    "hold_lifted": "paging",
    "hold_kept": "held",
    "page_failed": "UNSENT",
    "send_failed": "unsent",
    "alerted": "alert",
}


def short_kind(event: Event) -> str:
    """An event's kind in one word for a list: "paged", "update", or a note's own kind."""
    if isinstance(event, record.Noted):
        return event.note_kind.value
    return _SHORT.get(event.kind, event.kind)
