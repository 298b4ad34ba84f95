"""What events make of the roles, and what falls due on them (R4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from warroom.domain.core import Deadline, Event, Postponed
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
)
from warroom.domain.roles_state import TICKS, Holder, Lapse, Offer, Planned, Roles, RoleState, Tick


def evolve(roles: Roles, event: Event, at: datetime, actor: str) -> Roles:
    """The roles after `event`; events of other topics leave them as they are."""
    match event:
        case RoleRequired():
            old = roles.get(event.role)
            # One that is late already stays late since when it is.
            late_at = None if old.holder else min(old.due or event.due, event.due)
            remind_at = None if old.holder else event.due
            return roles.put(event.role, replace(old, required=True, due=late_at, remind_at=remind_at, misses=0))
        case RoleNoLongerRequired():
            old = roles.get(event.role)
            return roles.put(event.role, replace(old, required=False, due=None, remind_at=None, misses=0))
        case RoleAdded():
            old = roles.get(event.role)
            due = None if old.holder else event.due
            asked = event.due is not None
            return roles.put(event.role, replace(old, added=True, required=asked, due=due, remind_at=due, misses=0))
        case RoleDropped():
            return roles.without(event.role)
        case RoleMissed():
            old = roles.get(event.role)
            return roles.put(event.role, replace(old, misses=event.miss, remind_at=event.again_at))
        case Postponed(name, to) if name.startswith("role:"):
            role = name.removeprefix("role:")
            return roles.put(role, replace(roles.get(role), remind_at=to))
        case DutyTicked():
            old = roles.get(event.role)
            others = tuple(tick for tick in old.done if tick.duty != event.duty)
            done = (*others, Tick(event.duty, actor, at))[-TICKS:] if event.done else others
            return roles.put(event.role, replace(old, done=done))
        case _:
            return _held(roles, event, at, actor)


def _held(roles: Roles, event: Event, at: datetime, actor: str) -> Roles:
    """Who holds what, and handing it over."""
    match event:
        case RoleAssigned():
            old = roles.get(event.role)
            others = tuple(each for each in old.others if each.person != event.person)
            new = RoleState(event.person, at, old.required, others=others, done=old.done, added=old.added)
            return roles.put(event.role, new)
        case RoleVacated():
            old = roles.get(event.role)
            new = RoleState("", None, old.required, event.due, event.due)
            return roles.put(event.role, replace(new, others=old.others, done=old.done, added=old.added))
        case RoleJoined():
            old = roles.get(event.role)
            others = tuple(each for each in old.others if each.person != event.person)
            return roles.put(event.role, replace(old, others=(*others, Holder(event.person, at, event.deputy))))
        case RoleLeft():
            old = roles.get(event.role)
            others = tuple(each for each in old.others if each.person != event.person)
            return roles.put(event.role, replace(old, others=others))
        case RoleOffered():
            offer = Offer(event.to, actor, event.note, at, event.lapses_at)
            return roles.put(event.role, replace(roles.get(event.role), offer=offer, lapsed=None, planned=None))
        case RoleReadBack():
            old = roles.get(event.role)
            offer_now = replace(old.offer, read_back=event.text) if old.offer is not None else None
            return roles.put(event.role, replace(old, offer=offer_now))
        case RoleOfferEnded():
            old = roles.get(event.role)
            lapsed = Lapse(event.to, event.by, at) if event.how == "lapsed" else old.lapsed
            return roles.put(event.role, replace(old, offer=None, lapsed=lapsed))
        case HandoverPlanned():
            planned = Planned(event.at, actor, event.to) if event.at is not None else None
            return roles.put(event.role, replace(roles.get(event.role), planned=planned))
        case HandoverDue():
            old = roles.get(event.role)
            reminded = replace(old.planned, reminded=True) if old.planned is not None else None
            return roles.put(event.role, replace(old, planned=reminded))
        case _:
            return roles


def due(roles: Roles) -> tuple[Deadline, ...]:
    """Vacant required roles, offers that nobody took, and handovers that were planned."""
    out = []
    for name, state in roles.by_name.items():
        if state.remind_at is not None:
            out.append(Deadline(state.remind_at, f"role:{name}"))
        if state.offer is not None:
            out.append(Deadline(state.offer.lapses_at, f"offer:{name}"))
        if state.planned is not None and not state.planned.reminded:
            out.append(Deadline(state.planned.at, f"handover:{name}"))
    return tuple(out)
