"""What makes up for what was done with roles, and for who is in the room (R11)."""

from __future__ import annotations

from warroom.domain import (
    people,
    roles,
)
from warroom.domain.core import Command, Refused
from warroom.domain.roles import base_of
from warroom.domain.text import clean_line
from warroom.domain.undo_case import Case
from warroom.words import tr

# Roles ---------------------------------------------------------------------------------------------------------------


def assigned(case: Case, event: roles.RoleAssigned) -> Command:
    state = case.room.roles.get(event.role)
    case.need(
        state.holder == event.person,
        tr("{role} is held by {holder}").format(role=event.role, holder=state.holder or tr("nobody")),
    )
    if event.before:
        return roles.AssignRole(event.role, event.before, case.reason, event.person)
    if state.also:
        raise Refused(
            tr("{also} holds {role} too by now: change it in the roles").format(
                also=", ".join(state.also), role=event.role
            )
        )
    return roles.LeaveRole(event.role, case.reason, event.person)


def vacated(case: Case, event: roles.RoleVacated) -> Command:
    holder = case.room.roles.get(event.role).holder
    case.need(not holder, tr("{role} is held by {holder}").format(role=event.role, holder=holder))
    return roles.AssignRole(event.role, event.before, case.reason, "")


def joined(case: Case, event: roles.RoleJoined) -> Command:
    state = case.room.roles.get(event.role)
    case.need(
        event.person in (*state.also, *state.deputies),
        tr("{person} has left {role} or leads it").format(person=event.person, role=event.role),
    )
    return roles.LeaveRole(event.role, case.reason, event.person)


def left(case: Case, event: roles.RoleLeft) -> Command:
    deputy = event.person in case.before.roles.get(event.role).deputies
    case.need(
        event.person not in case.room.roles.get(event.role).people,
        tr("{person} is in {role} again").format(person=event.person, role=event.role),
    )
    return roles.JoinRole(event.role, event.person, deputy)


def offered(case: Case, event: roles.RoleOffered) -> Command:
    offer = case.room.roles.get(event.role).offer
    case.need(
        offer is not None and offer.at == case.entry.at,
        tr("the offer of {role} to {to} has ended").format(role=event.role, to=event.to),
    )
    return roles.EndOffer(event.role)


def offer_ended(case: Case, event: roles.RoleOfferEnded) -> Command:
    if event.how != "withdrawn":
        raise Refused(
            tr("the offer was {how}: whoever leads {role} offers it again").format(how=tr(event.how), role=event.role)
        )
    was, state = case.before.roles.get(event.role).offer, case.room.roles.get(event.role)
    case.need(
        state.offer is None and state.holder != event.to,
        tr("{role} was offered or given to somebody").format(role=event.role),
    )
    return roles.OfferRole(event.role, event.to, was.note if was is not None else "", state.holder)


def added(case: Case, event: roles.RoleAdded) -> Command:
    holder = case.room.roles.get(event.role).holder
    case.need(not holder, tr("{role} is held by {holder}").format(role=event.role, holder=holder))
    return roles.DropRole(event.role)


def dropped(case: Case, event: roles.RoleDropped) -> Command:
    case.need(not case.room.roles.get(event.role).added, tr("{role} was asked for again").format(role=event.role))
    return roles.AddRole(event.role)


def planned(case: Case, event: roles.HandoverPlanned) -> Command:
    now, was = case.room.roles.get(event.role).planned, case.before.roles.get(event.role).planned
    case.need(
        (now.at if now else None) == event.at, tr("the handover of {role} is planned anew").format(role=event.role)
    )
    return roles.PlanHandover(event.role, was.at if was else None, was.to if was else "")


def ticked(case: Case, event: roles.DutyTicked) -> Command:
    duties = case.book.role(base_of(event.role)).duties
    done = case.room.roles.get(event.role).ticked(event.duty) is not None
    case.need(
        event.duty in duties and done is event.done,
        tr("“{duty}” stands otherwise").format(duty=clean_line(event.duty, 60)),
    )
    return roles.TickDuty(event.role, duties.index(event.duty) + 1, not event.done, event.duty)


def entered(case: Case, event: people.PersonJoined) -> Command:
    case.need(case.room.people.get(event.person).here, tr("{person} has left").format(person=event.person))
    return people.LeaveRoom(event.person, case.reason)


def gone(case: Case, event: people.PersonLeft) -> Command:
    case.need(not case.room.people.get(event.person).here, tr("{person} has come back").format(person=event.person))
    return people.JoinRoom(event.person)


def awake(case: Case, event: people.AwakeSaid) -> Command:
    was, now = case.before.people.get(event.person).awake_since, case.room.people.get(event.person).awake_since
    case.need(now == event.since, tr("{person} said something else").format(person=event.person))
    if was is None:
        raise Refused(
            tr("since when {person} has been awake was not known before: say it anew").format(person=event.person)
        )
    return people.SayAwake(was, event.person)
