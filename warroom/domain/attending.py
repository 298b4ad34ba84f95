"""What is decided about the people in the room (R4): coming, leaving, and saying loudly that somebody needs relief."""

from __future__ import annotations

from datetime import timedelta

from warroom.domain.core import Decision, Event, Refused
from warroom.domain.escalation import Acknowledged
from warroom.domain.incident import RulesMoved, StatusChanged
from warroom.domain.people import (
    AwakeSaid,
    FatigueReached,
    FatigueTimed,
    JoinRoom,
    LeaveRoom,
    PersonJoined,
    PersonLeft,
    SayAwake,
)
from warroom.domain.roles import LEAD, RoleAssigned, RoleJoined, RoleLeft, RoleVacated
from warroom.domain.status_words import status_word
from warroom.domain.succession import Standing, told
from warroom.words import plain, tr

AWAKE_MOST = timedelta(days=4)
"""Nobody has been awake for longer: a mistyped time."""
NAMED = 3
"""How many successors are named when somebody needs relief."""


def join(d: Decision, command: JoinRoom) -> None:
    """Come in."""
    person = command.person or d.context.actor
    if why := d.room.incident.idle:
        raise Refused(tr("{key} is {why}: nobody is in its room").format(key=d.room.incident.key, why=status_word(why)))
    if d.room.people.get(person).here:
        raise Refused(tr("{person} is in the room already").format(person=person))
    d.record(PersonJoined(person))


def leave(d: Decision, command: LeaveRoom) -> None:
    """Leave; whoever holds a role hands it over first."""
    person = command.person or d.context.actor
    if not d.room.people.get(person).here:
        raise Refused(tr("{person} is not in the room").format(person=person))
    held = d.room.roles.of(person)
    if held:
        names = tr(" and ").join(d.book.role(role).title for role in held)
        raise Refused(
            tr("{person} is {names}: hand over or step back first, then leave").format(person=person, names=names)
        )
    d.record(PersonLeft(person, command.reason))


def say_awake(d: Decision, command: SayAwake) -> None:
    """Say since when one has been awake."""
    person = command.person or d.context.actor
    if command.since > d.now:
        raise Refused(tr("that lies in the future: say since when you have been awake"))
    if d.now - command.since > AWAKE_MOST:
        raise Refused(tr("more than {days} days: say when you got up last").format(days=AWAKE_MOST.days))
    if why := d.room.incident.idle:
        raise Refused(
            tr("{key} is {why}: nobody needs relief in it").format(key=d.room.incident.key, why=status_word(why))
        )
    d.record(AwakeSaid(person, command.since))


def fire(d: Decision, person: str) -> None:
    """Somebody was to be too tired by now: say so once, loudly, unless things are otherwise by now."""
    standing = Standing(d.room, d.context)
    tired = standing.fatigue(person)
    with plain():
        why = tired.why(d.now)
    if tired.red_at is None or tired.red_at > d.now:
        d.record(FatigueTimed(person, tired.red_at))
        return
    held = tuple(d.room.roles.of(person))
    leads = [role for role in held if d.room.roles.holder(role) == person]
    best = standing.successors(leads[0]) if leads else ()
    named = tuple(each.person for each in best if not each.tired)[:NAMED]
    pages = told((person, d.room.roles.holder(LEAD)), d.room, d.context).pages
    d.record(FatigueReached(person, held, why, named, pages))


def follow(d: Decision) -> None:
    """After any decision: when will those whom it was about be too tired."""
    if d.current is None or not d.book.fatigue or d.room.incident.watched or not d.room.incident.live:
        return
    concerned: dict[str, None] = {}
    for entry in d.entries:
        concerned.update(dict.fromkeys(_concerned(entry.event, d)))
    for person in concerned:
        known = d.room.people.get(person)
        if not known.here:
            continue
        at = Standing(d.room, d.context).fatigue(person).red_at
        if known.told_at is not None and at is not None and at <= d.now:
            continue  # it was said, and holds
        at = max(at, d.now) if at is not None else None
        if at != known.tired_at or known.told_at is not None:
            d.record(FatigueTimed(person, at))


def _concerned(event: Event, d: Decision) -> tuple[str, ...]:
    match event:
        case PersonJoined() | AwakeSaid() | RoleJoined() | RoleLeft():
            return (event.person,)
        case RoleAssigned():
            return (event.person, event.before) if event.before else (event.person,)
        case RoleVacated():
            return (event.before,)
        case Acknowledged():
            return (event.by,)
        case RulesMoved() | StatusChanged():
            return d.room.people.here()
        case _:
            return ()
