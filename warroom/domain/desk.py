"""The desk (R7): what people change about on-call duty while the room runs, and which rules are in force.

It belongs to no incident, and it is on the record all the same: a fold over its own events, decided by the same kind
of function, written by the same kind of transaction. What it holds reaches decisions about incidents as a
`warroom.domain.duty.Duty`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from warroom.domain.core import Command, Context, Entry, Event, Refused, Stale, happens
from warroom.domain.duty import Absence, Override, Swap
from warroom.valueclass import dataclass
from warroom.words import tr

Timed = TypeVar("Timed", Override, Absence)
Item = TypeVar("Item", Override, Absence, Swap)

KEPT = timedelta(days=400)
"""For how long what is over is still known, so that "who was on call, and why" has an answer for the last year."""
LONGEST = timedelta(days=366)
"""How long an override or absence may last; beyond a year it is a mistyped date."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All overrides, absences and swaps on the table. `version` is the number of entries folded into it."""

    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence, ...] = ()
    swaps: tuple[Swap, ...] = ()
    next_id: int = 1
    version: int = 0


# Commands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddOverride(Command):
    """`person` is on call on `schedule` for a time; with `instead_of` only where that person would have been."""

    names = ("schedule", "person", "instead_of")
    lines = ("reason",)

    schedule: str
    person: str
    start: datetime
    end: datetime
    reason: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class EndOverride(Command):
    """Take an override back; one that has begun ends now."""

    lines = ("reason",)

    id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddAbsence(Command):
    """`person` ("" is whoever asks) is not there for a time."""

    names = ("person",)
    lines = ("reason",)

    person: str
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EndAbsence(Command):
    """Take an absence back; one that has begun ends now."""

    id: int


@dataclass(frozen=True, slots=True)
class RequestSwap(Command):
    """Ask somebody (`to`, or anybody) to take over a time of duty of `person` ("" is whoever asks)."""

    names = ("schedule", "person", "to")
    lines = ("note",)

    schedule: str
    start: datetime
    end: datetime
    person: str = ""
    to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TakeSwap(Command):
    """Take over what a swap asks for."""

    id: int


@dataclass(frozen=True, slots=True)
class EndSwap(Command):
    """Decline a swap, or take it off the table."""

    id: int


@dataclass(frozen=True, slots=True)
class PublishRules(Command):
    """Put a revision of the rules in force for incidents that begin from now on."""

    revision: str


DeskCommand = (AddOverride, EndOverride, AddAbsence, EndAbsence, RequestSwap, TakeSwap, EndSwap, PublishRules)
"""Every command that is for the desk and not for an incident."""


# Events --------------------------------------------------------------------------------------------------------------


@happens("override_added")
@dataclass(frozen=True, slots=True)
class OverrideAdded(Event):
    """Somebody else is on call for a time. `swap`: the swap that it comes from, 0 for none."""

    override: Override
    swap: int = 0


@happens("override_ended")
@dataclass(frozen=True, slots=True)
class OverrideEnded(Event):
    """An override was taken back: it ends at `end`, or never was where that is its start."""

    id: int
    end: datetime
    reason: str = ""


@happens("absence_added")
@dataclass(frozen=True, slots=True)
class AbsenceAdded(Event):
    """Somebody is not there for a time."""

    absence: Absence


@happens("absence_ended")
@dataclass(frozen=True, slots=True)
class AbsenceEnded(Event):
    """Somebody is back at `end`, or was never away where that is the start: then it had not `begun`."""

    id: int
    end: datetime
    begun: bool = True


@happens("swap_requested")
@dataclass(frozen=True, slots=True)
class SwapRequested(Event):
    """Somebody asks for a time of duty to be taken over."""

    swap: Swap


@happens("swap_ended")
@dataclass(frozen=True, slots=True)
class SwapEnded(Event):
    """A swap is off the table: "taken", "declined" or "withdrawn"."""

    id: int
    how: str


@happens("rules_published")
@dataclass(frozen=True, slots=True)
class RulesPublished(Event):
    """A revision of the rules is in force for incidents that begin from now on."""

    revision: str
    before: str


# Evolve --------------------------------------------------------------------------------------------------------------


def evolve_desk(desk: Desk, entry: Entry) -> Desk:
    """The desk after one more entry of its record; what has been over for `KEPT` is forgotten."""
    event = entry.event
    match event:
        case OverrideAdded():
            desk = replace(desk, overrides=(*desk.overrides, event.override), next_id=event.override.id + 1)
        case OverrideEnded():
            desk = replace(desk, overrides=_shortened(desk.overrides, event.id, event.end))
        case AbsenceAdded():
            desk = replace(desk, absences=(*desk.absences, event.absence), next_id=event.absence.id + 1)
        case AbsenceEnded():
            desk = replace(desk, absences=_shortened(desk.absences, event.id, event.end))
        case SwapRequested():
            desk = replace(desk, swaps=(*desk.swaps, event.swap), next_id=event.swap.id + 1)
        case SwapEnded():
            desk = replace(desk, swaps=tuple(s for s in desk.swaps if s.id != event.id))
        case _:
            pass
    since = entry.at - KEPT
    return replace(
        desk,
        overrides=tuple(o for o in desk.overrides if o.end > since),
        absences=tuple(a for a in desk.absences if a.end > since),
        swaps=tuple(s for s in desk.swaps if s.end > entry.at),
        version=desk.version + 1,
    )


def _shortened(items: tuple[Timed, ...], number: int, end: datetime) -> tuple[Timed, ...]:
    """The items with one of them ending at `end`; gone where nothing is left of it."""
    out = (replace(item, end=end) if item.id == number else item for item in items)
    return tuple(item for item in out if item.end > item.start)


# Decide --------------------------------------------------------------------------------------------------------------


def decide_desk(desk: Desk, command: Command, context: Context) -> tuple[Entry, ...]:
    """What follows from a command for the desk, as entries for the record.

    Raises `Refused` (or `Stale`) with a message for the person when it cannot be carried out as things stand.
    """
    match command:
        case AddOverride():
            events: Iterable[Event] = (OverrideAdded(_override(desk, command, context)),)
        case EndOverride():
            override = _find(desk.overrides, command.id, tr("override"), context.now)
            events = (OverrideEnded(override.id, max(override.start, context.now), command.reason),)
        case AddAbsence():
            events = (AbsenceAdded(_absence(desk, command, context)),)
        case EndAbsence():
            absence = _find(desk.absences, command.id, tr("absence"), context.now)
            events = (AbsenceEnded(absence.id, max(absence.start, context.now), absence.start < context.now),)
        case RequestSwap():
            events = (SwapRequested(_swap(desk, command, context)),)
        case TakeSwap():
            events = _taken(desk, command, context)
        case EndSwap():
            swap = _find(desk.swaps, command.id, tr("swap"), context.now)
            own = context.actor == swap.person
            if not own and swap.to and context.actor != swap.to:
                raise Refused(tr("this swap is between {person} and {to}").format(person=swap.person, to=swap.to))
            events = (SwapEnded(swap.id, "withdrawn" if own or not swap.to else "declined"),)
        case _:
            raise Refused(
                tr("{name} is not something that the desk can be asked for").format(name=type(command).__name__)
            )
    return tuple(Entry(context.now, context.actor, event) for event in events)


def _override(desk: Desk, command: AddOverride, context: Context) -> Override:
    _schedule(command.schedule, context)
    _person(command.person, context)
    start = _span(command.start, command.end, tr("an override"), context)
    if command.instead_of:
        _person(command.instead_of, context)
        if command.instead_of == command.person:
            raise Refused(tr("{person} cannot stand in for themselves").format(person=command.person))
    return Override(
        desk.next_id,
        command.schedule,
        command.person,
        start,
        command.end,
        context.actor,
        command.reason,
        command.instead_of,
    )


def _absence(desk: Desk, command: AddAbsence, context: Context) -> Absence:
    person = command.person or context.actor
    _person(person, context)
    start = _span(command.start, command.end, tr("an absence"), context)
    return Absence(desk.next_id, person, start, command.end, context.actor, command.reason)


def _swap(desk: Desk, command: RequestSwap, context: Context) -> Swap:
    _schedule(command.schedule, context)
    person = command.person or context.actor
    _person(person, context)
    if command.to:
        _person(command.to, context)
        if command.to == person:
            raise Refused(
                tr("{person} has that duty already: name somebody else, or nobody to ask everybody").format(
                    person=person
                )
            )
    start = _span(command.start, command.end, tr("a swap"), context)
    return Swap(desk.next_id, command.schedule, person, start, command.end, command.to, command.note)


def _taken(desk: Desk, command: TakeSwap, context: Context) -> tuple[Event, ...]:
    swap = _find(desk.swaps, command.id, tr("swap"), context.now)
    actor = context.actor
    if swap.to and swap.to != actor:
        raise Refused(
            tr("{person} asked {to} for this, not {actor}").format(person=swap.person, to=swap.to, actor=actor)
        )
    if actor == swap.person:
        raise Refused(
            tr("this is {actor}'s own duty: somebody else has to take it, or withdraw the swap").format(actor=actor)
        )
    _person(actor, context)
    override = Override(
        desk.next_id,
        swap.schedule,
        actor,
        max(swap.start, context.now),
        swap.end,
        actor,
        f"swap with {swap.person}" + (f": {swap.note}" if swap.note else ""),
        swap.person,
    )
    return SwapEnded(swap.id, "taken"), OverrideAdded(override, swap.id)


def _find(items: tuple[Item, ...], number: int, what: str, now: datetime) -> Item:
    for item in items:
        if item.id == number and item.end > now:
            return item
    known = ", ".join(str(item.id) for item in items if item.end > now)
    raise Stale(
        tr("there is no {what} {number} (any more)").format(what=what, number=number)
        + (tr("; there is {known}").format(known=known) if known else "")
    )


def _schedule(name: str, context: Context) -> None:
    if name in context.book.schedules:
        return
    if name in context.book.oncall:
        raise Refused(
            tr("{name} is a list, the same at all hours: change it in the rulebook, or say who is absent").format(
                name=name
            )
        )
    raise Refused(
        tr("there is no schedule {name!r}; the schedules are {schedules}").format(
            name=name, schedules=", ".join(context.book.schedules) or tr("none")
        )
    )


def _person(login: str, context: Context) -> None:
    if not login:
        raise Refused(tr("name a person"))
    if login not in context.book.people:
        raise Refused(tr("there is no {login!r} among the people of the rulebook in force").format(login=login))


def _span(start: datetime, end: datetime, what: str, context: Context) -> datetime:
    """The start, not before now; refused when the time is over already or makes no sense."""
    if end <= start:
        raise Refused(tr("{what} has to end after it begins").format(what=what))
    if end <= context.now:
        raise Refused(tr("{what} has to end in the future").format(what=what))
    if end - max(start, context.now) > LONGEST or start - context.now > LONGEST:
        raise Refused(tr("{what} reaches more than a year ahead: {end:%Y-%m-%d}").format(what=what, end=end))
    return max(start, context.now)
