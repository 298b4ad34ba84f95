"""Everything that people ask for about roles and the people in the room, and every step that time takes there (R4)."""

from __future__ import annotations

from warroom.domain import attending, roles_acts, roles_handing
from warroom.domain.core import Decision, Refused
from warroom.domain.people import JoinRoom, LeaveRoom, PeopleCommand, SayAwake
from warroom.domain.roles import (
    AcceptRole,
    AddRole,
    AssignRole,
    DropRole,
    EndOffer,
    JoinRole,
    LeaveRole,
    OfferRole,
    PlanHandover,
    ReadBack,
    RoleCommand,
    TickDuty,
)
from warroom.words import tr

TOPICS = frozenset(("role", "offer", "handover", "fatigue"))
"""What the names of the deadlines begin with that `fire` answers."""
AT_ONCE = frozenset(("offer", "handover", "fatigue"))
"""Those that wait for no paging hours: they are about people who are in the room."""


def carry_out(d: Decision, command: RoleCommand | PeopleCommand) -> None:
    """Do what somebody asks for; raises `Refused` where it cannot be done."""
    match command:
        case AssignRole():
            roles_acts.assign(d, command)
        case JoinRole():
            roles_acts.join(d, command)
        case LeaveRole():
            roles_acts.leave(d, command)
        case AddRole():
            roles_acts.add(d, command)
        case DropRole():
            roles_acts.drop(d, command)
        case TickDuty():
            roles_acts.tick(d, command)
        case OfferRole():
            roles_handing.offer(d, command)
        case ReadBack():
            roles_handing.read_back(d, command)
        case AcceptRole():
            roles_handing.accept(d, command)
        case EndOffer():
            roles_handing.end_offer(d, command)
        case PlanHandover():
            roles_handing.plan(d, command)
        case JoinRoom():
            attending.join(d, command)
        case LeaveRoom():
            attending.leave(d, command)
        case SayAwake():
            attending.say_awake(d, command)
        case _:
            raise Refused(tr("{name} is not something that can be asked for").format(name=type(command).__name__))


def fire(d: Decision, name: str) -> None:
    """Take the step of a timer that ran out."""
    topic, _, of = name.partition(":")
    match topic:
        case "role":
            roles_acts.fire(d, of)
        case "offer":
            roles_handing.lapse(d, of)
        case "handover":
            roles_handing.remind(d, of)
        case _:
            attending.fire(d, of)
