"""The people in the room (R4): who is here since when, who left, since when they have been awake, who is too tired.

Taking a role and acknowledging a page bring somebody in by themselves. The room is empty once the incident is over.
What is decided about it stands in `attending`, what tired means in `fatigue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from warroom.domain.core import ENGINE, Command, Deadline, Event, happens
from warroom.domain.escalation import Acknowledged, PageDeclined, describe_pages
from warroom.domain.incident import OVER, StatusChanged
from warroom.domain.kept_words import kept, kept_list
from warroom.domain.policy import PageTo
from warroom.domain.roles import RoleAssigned, RoleJoined, Roles
from warroom.domain.status_words import DAY_CLOCK, moment
from warroom.valueclass import dataclass
from warroom.words import tr

STRETCHES = 6
"""How many stays of one person are remembered; those before count as one with the first."""
MOST = 300
"""How many people are remembered of one incident; who left longest ago is forgotten first."""
SHORT_BREAK = timedelta(minutes=5)
"""Who comes back within this was never away."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stay in the room; `end` None while it lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of one person in this incident. `tired_at`: when they will be (or were) too tired by the rules,
    `told_at` when that was said; both are forgotten when they leave."""

    stretches: tuple[Stretch, ...] = ()
    awake_since: datetime | None = None
    seen_at: datetime | None = None
    declined_at: datetime | None = None
    tired_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def joined_at(self) -> datetime | None:
        """When they came in last; None for somebody who never did."""
        return self.stretches[-1].start if self.stretches else None

    @property
    def left_at(self) -> datetime | None:
        """When they left last; None while they are here."""
        return self.stretches[-1].end if self.stretches else None

    @property
    def here(self) -> bool:
        """Whether they are in the room."""
        return bool(self.stretches) and self.stretches[-1].end is None


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who was in the room of one incident, by login."""

    by_login: Mapping[str, Presence] = field(default_factory=dict)

    def get(self, login: str) -> Presence:
        """What is known of somebody; nothing of who was never here."""
        return self.by_login.get(login, Presence())

    def here(self) -> tuple[str, ...]:
        """Who is in the room, who has been for longest first."""
        found = [(presence.joined_at, login) for login, presence in self.by_login.items() if presence.here]
        return tuple(login for at, login in sorted((at, login) for at, login in found if at is not None))

    def put(self, login: str, presence: Presence) -> People:
        """These people with one of them changed."""
        by_login = {**self.by_login, login: presence}
        if len(by_login) > MOST:
            gone = [each for each, known in by_login.items() if not known.here and each != login]
            oldest = min(gone, key=lambda each: str(by_login[each].left_at or by_login[each].declined_at), default="")
            by_login.pop(oldest, None)
        return People(by_login)


# Commands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeopleCommand(Command):
    """Anything that is asked for about the people in the room."""


@dataclass(frozen=True, slots=True)
class JoinRoom(PeopleCommand):
    """Come in, or bring somebody in. `person` "" is the actor."""

    names = ("person",)

    person: str = ""


@dataclass(frozen=True, slots=True)
class LeaveRoom(PeopleCommand):
    """Leave, or note that somebody left. `person` "" is the actor."""

    names = ("person",)
    lines = ("reason",)

    person: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SayAwake(PeopleCommand):
    """Say since when one has been awake. `person` "" is the actor."""

    names = ("person",)

    since: datetime
    person: str = ""


# Events --------------------------------------------------------------------------------------------------------------


@happens("joined")
@dataclass(frozen=True, slots=True)
class PersonJoined(Event):
    """Somebody is in the room from now on."""

    person: str


@happens("left")
@dataclass(frozen=True, slots=True)
class PersonLeft(Event):
    """Somebody left the room."""

    person: str
    reason: str = ""


@happens("awake_said")
@dataclass(frozen=True, slots=True)
class AwakeSaid(Event):
    """Somebody has been awake since then."""

    person: str
    since: datetime


@happens("fatigue_timed")
@dataclass(frozen=True, slots=True)
class FatigueTimed(Event):
    """By the rules somebody is too tired from `at` on if nothing changes; None: never as things stand."""

    person: str
    at: datetime | None


@happens("fatigue_reached")
@dataclass(frozen=True, slots=True)
class FatigueReached(Event):
    """Somebody is too tired by the rules. `pages` tells them and the incident manager, `successors` could take over."""

    person: str
    roles: tuple[str, ...]
    why: str
    successors: tuple[str, ...] = ()
    pages: tuple[PageTo, ...] = ()


# Evolve and due ------------------------------------------------------------------------------------------------------


def evolve(people: People, event: Event, at: datetime, actor: str, roles: Roles, *, live: bool) -> People:
    """The people after `event`, of which `roles` and `live` know already."""
    match event:
        case PersonJoined(person=person):
            people = _enter(people, person, at)
        case RoleAssigned(person=person) | RoleJoined(person=person) if live:
            people = _enter(people, person, at)
        case Acknowledged(by=person) if live and person != ENGINE:
            people = _enter(people, person, at)
        case PersonLeft(person=person):
            people = people.put(person, _away(people.get(person), at))
        case PageDeclined(person=person):
            people = people.put(person, replace(people.get(person), declined_at=at))
        case AwakeSaid(person=person, since=since):
            people = people.put(person, replace(people.get(person), awake_since=since))
        case FatigueTimed(person=person, at=tired_at):
            people = people.put(person, replace(people.get(person), tired_at=tired_at, told_at=None))
        case FatigueReached(person=person):
            people = people.put(person, replace(people.get(person), told_at=at))
        case StatusChanged(before=before, to=to) if (before in OVER) != (to in OVER):
            people = _everybody_out(people, at) if to in OVER else _back(people, roles, at)
        case _:
            pass
    known = people.by_login.get(actor)
    # Whoever does something was looking; who writes every second does not make the state change every time.
    if known is not None and (known.seen_at is None or at > known.seen_at):
        people = people.put(actor, replace(known, seen_at=at))
    return people


def _enter(people: People, person: str, at: datetime) -> People:
    known = people.get(person)
    if known.here:
        return people
    left = known.left_at
    if left is not None and at - left <= SHORT_BREAK:
        stays = (*known.stretches[:-1], Stretch(known.stretches[-1].start))
    else:
        stays = (*known.stretches, Stretch(at))[-STRETCHES:]
    return people.put(person, replace(known, stretches=stays, declined_at=None, tired_at=None, told_at=None))


def _away(known: Presence, at: datetime) -> Presence:
    if not known.here:
        return known
    stays = (*known.stretches[:-1], Stretch(known.stretches[-1].start, at))
    return replace(known, stretches=stays, tired_at=None, told_at=None)


def _everybody_out(people: People, at: datetime) -> People:
    return People({login: _away(known, at) for login, known in people.by_login.items()})


def _back(people: People, roles: Roles, at: datetime) -> People:
    """The incident goes on: whoever holds a role in it is in the room."""
    for person in dict.fromkeys(person for state in roles.by_name.values() for person in state.people):
        people = _enter(people, person, at)
    return people


def due(people: People) -> tuple[Deadline, ...]:
    """When somebody will be too tired."""
    return tuple(
        Deadline(known.tired_at, f"fatigue:{login}")
        for login, known in people.by_login.items()
        if known.tired_at is not None and known.told_at is None
    )


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case PersonJoined():
            return tr("{person} joined").format(person=event.person)
        case PersonLeft():
            return tr("{person} left").format(person=event.person) + (f": {kept(event.reason)}" if event.reason else "")
        case AwakeSaid():
            return tr("{person} has been awake since {since} UTC").format(
                person=event.person, since=moment(event.since, DAY_CLOCK)
            )
        case FatigueTimed():
            if event.at is None:
                return tr("{person}: no relief due").format(person=event.person)
            return tr("{person}: relief due by {at:%H:%M} UTC").format(person=event.person, at=event.at)
        case FatigueReached():
            known = ", ".join(event.successors) or tr("nobody is known who")
            who = tr("; {known} could take over").format(known=known) if event.roles else ""
            told = tr("; told {pages}").format(pages=describe_pages(event.pages)) if event.pages else ""
            return tr("{person} needs relief: {why}{who}{told}").format(
                person=event.person, why=kept_list(event.why), who=who, told=told
            )
        case _:
            return ""
