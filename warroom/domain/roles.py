"""Roles (R4): what their parts are called, in one place.

A role has one holder who leads it, so there can never be two incident managers; where the rulebook allows it others
hold it too, and deputies stand by. A handover is an act: offered with a card, read back, accepted by the one it was
offered to; until then the old holder stands, and an offer that nobody takes lapses loudly. A required role that stays
empty reminds its deputies and its pool a number of times, then whoever `then` names or the next level of the
escalation, and stays on the board as late.

The state of the roles stands in `roles_state`, what events make of it and what falls due in `roles_evolve`, commands
and events in `roles_commands` and `roles_events`. What is decided stands in `roles_acts` and `roles_handing`, the card
in `handover`, who could take over in `succession`.
"""

from __future__ import annotations

from warroom.domain.roles_commands import (
    READ_BACK,
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
from warroom.domain.roles_events import (
    DutyTicked,
    HandoverDue,
    HandoverPlanned,
    RoleAdded,
    RoleAssigned,
    RoleDropped,
    RoleJoined,
    RoleLeft,
    RoleMissed,
    RoleNoLongerRequired,
    RoleOffered,
    RoleOfferEnded,
    RoleReadBack,
    RoleRequired,
    RoleVacated,
    describe,
)
from warroom.domain.roles_evolve import due, evolve
from warroom.domain.roles_state import (
    LEAD,
    Holder,
    Lapse,
    Offer,
    Planned,
    RequiredRole,
    Roles,
    RoleSpec,
    RoleState,
    Tick,
    base_of,
)

__all__ = [
    "LEAD",
    "READ_BACK",
    "AcceptRole",
    "AddRole",
    "AssignRole",
    "DropRole",
    "DutyTicked",
    "EndOffer",
    "HandoverDue",
    "HandoverPlanned",
    "Holder",
    "JoinRole",
    "Lapse",
    "LeaveRole",
    "Offer",
    "OfferRole",
    "PlanHandover",
    "Planned",
    "ReadBack",
    "RequiredRole",
    "RoleAdded",
    "RoleAssigned",
    "RoleCommand",
    "RoleDropped",
    "RoleJoined",
    "RoleLeft",
    "RoleMissed",
    "RoleNoLongerRequired",
    "RoleOfferEnded",
    "RoleOffered",
    "RoleReadBack",
    "RoleRequired",
    "RoleSpec",
    "RoleState",
    "RoleVacated",
    "Roles",
    "Tick",
    "TickDuty",
    "base_of",
    "describe",
    "due",
    "evolve",
]
