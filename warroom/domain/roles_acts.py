"""What is decided about roles (R4): asking for them, filling them, and what follows while a required one is vacant.

Handing one over is decided in `roles_handing`.
"""

from __future__ import annotations

from datetime import datetime

from warroom.domain import ladder
from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.escalation import Why
from warroom.domain.policy import Target, TargetKind
from warroom.domain.roles import (
    LEAD,
    AddRole,
    AssignRole,
    DropRole,
    DutyTicked,
    HandoverPlanned,
    JoinRole,
    LeaveRole,
    RoleAdded,
    RoleAssigned,
    RoleDropped,
    RoleJoined,
    RoleLeft,
    RoleMissed,
    RoleNoLongerRequired,
    RoleOfferEnded,
    RoleRequired,
    RoleSpec,
    RoleVacated,
    TickDuty,
    base_of,
)

ADDED = 24
"""How many roles may be added to one incident: more workstreams than that are more than one incident."""


def require(d: Decision, *, raised: bool = False) -> None:
    """Ask for the roles of the incident's severity; those already filled or already asked for keep what they have.

    But a vacant one that a worse severity (`raised`) wants earlier than its next reminder is asked for anew. What
    somebody asked for in this incident stays asked for.
    """
    wanted = {r.role: r for r in d.book.severity(d.room.incident.severity).roles}
    for name, needed in wanted.items():
        state, wanted_by = d.room.roles.get(name), d.in_hours(d.given(needed.within))
        sooner = not state.holder and (state.remind_at is None or wanted_by < state.remind_at)
        if not state.required or (raised and sooner):
            d.record(RoleRequired(name, wanted_by))
    for name, state in d.room.roles.by_name.items():
        if state.required and name not in wanted and not state.added:
            d.record(RoleNoLongerRequired(name))


def release(d: Decision) -> None:
    """The incident is over: no role has to be filled, no offer and no plan stands."""
    for name, state in d.room.roles.by_name.items():
        if state.offer is not None:
            d.record(RoleOfferEnded(name, state.offer.to, "withdrawn"))
        if state.planned is not None:
            d.record(HandoverPlanned(name, None))
        if state.required:
            d.record(RoleNoLongerRequired(name))


def assign(d: Decision, command: AssignRole) -> None:
    """Fill a role at once."""
    spec = known(d, command.role)
    holder = d.room.roles.holder(spec.role)
    if command.seen is not None and command.seen != holder:
        raise Stale(f"{spec.title} is held by {holder or 'nobody'} now; look again before you change it")
    if not command.person:
        raise Refused("name the person who takes the role")
    if holder == command.person:
        raise Refused(f"{holder} is {spec.title} already")
    if holder and not command.reason:
        raise Refused(
            f"{holder} is {spec.title}: offer a handover (the holder stays until it is accepted), "
            "or give a reason to take the role from them"
        )
    _labelled(d, spec)
    standing = d.room.roles.get(spec.role).offer
    if standing is not None and standing.to != command.person:
        d.record(RoleOfferEnded(spec.role, standing.to, "withdrawn"))
    d.record(RoleAssigned(spec.role, command.person, holder, reason=command.reason))


def join(d: Decision, command: JoinRole) -> None:
    """Hold a role besides the one who leads it, or stand by for it."""
    spec = known(d, command.role)
    person = command.person or d.context.actor
    state = d.room.roles.get(spec.role)
    if d.room.incident.closed_at is not None:
        raise Refused(f"{d.room.incident.key} is closed: nobody takes a role in it")
    if person in state.people:
        raise Refused(f"{person} {'stands by as' if person in state.deputies else 'is'} {spec.title} already")
    if command.deputy:
        _room_for(spec, len(state.deputies), spec.deputies, "deputies", state.deputies)
    else:
        if not state.holder:
            raise Refused(f"{spec.title} is vacant: assign it, since somebody has to lead it")
        _room_for(spec, len(state.also) + 1, holders(spec), "holders", (state.holder, *state.also))
    _labelled(d, spec)
    d.record(RoleJoined(spec.role, person, command.deputy))


def holders(spec: RoleSpec) -> int:
    """How many may hold a role at once; the incident has one manager whatever the rulebook says."""
    return 1 if base_of(spec.role) == LEAD else max(1, spec.holders)


def _room_for(spec: RoleSpec, has: int, most: int, what: str, who: tuple[str, ...]) -> None:
    if has < most:
        return
    shown = f": {', '.join(who)}" if who else ""
    if not most:
        raise Refused(f"{spec.title} has no {what} by the rules (roles.{base_of(spec.role)}.{what})")
    if base_of(spec.role) == LEAD and what == "holders":
        raise Refused(f"there is exactly one {spec.title}{shown}: stand by as a deputy, or offer a handover")
    raise Refused(f"{spec.title} has {has} of {most} {what} by the rules{shown}")


def leave(d: Decision, command: LeaveRole) -> None:
    """Step back. Whoever else holds the role moves up; else a required role starts counting down anew."""
    spec = known(d, command.role)
    state = d.room.roles.get(spec.role)
    person = command.person or state.holder
    if not person:
        raise Refused(f"{spec.title} is vacant already")
    if person not in state.people:
        raise Refused(f"{person} does not hold {spec.title}; {state.holder or 'nobody'} does")
    if person != state.holder:
        d.record(RoleLeft(spec.role, person, command.reason))
        return
    if state.offer is not None:
        d.record(RoleOfferEnded(spec.role, state.offer.to, "withdrawn"))
    if state.also:
        reason = f"{person} stepped back" + (f": {command.reason}" if command.reason else "")
        d.record(RoleAssigned(spec.role, state.also[0], person, reason=reason))
        return
    d.record(RoleVacated(spec.role, state.holder, command.reason, _again(d, spec.role)))


def _again(d: Decision, role: str) -> datetime | None:
    """By when a role that becomes vacant has to be filled again; None when nobody asks for it."""
    state = d.room.roles.get(role)
    within = {r.role: r.within for r in d.book.severity(d.room.incident.severity).roles}
    if not state.required:
        return None
    if role in within:
        return d.in_hours(d.given(within[role]))
    return d.in_hours(d.given(d.book.role(role).remind_every)) if state.added else None


def add(d: Decision, command: AddRole) -> None:
    """Ask for a role in this incident."""
    spec = known(d, command.role)
    state = d.room.roles.get(spec.role)
    if not d.room.incident.live or d.room.incident.watched:
        raise Refused(f"{d.room.incident.key} is {_over(d)}: no role is asked for in it")
    if state.required or state.added:
        raise Refused(f"{spec.title} is asked for already")
    if command.within is not None and command.within.total_seconds() < 0:
        raise Refused("the time to fill it in cannot lie in the past")
    _few(d)
    due = None if command.within is None else d.in_hours(d.given(command.within))
    d.record(RoleAdded(spec.role, due))


def drop(d: Decision, command: DropRole) -> None:
    """Do without a role that was added."""
    spec = known(d, command.role)
    state = d.room.roles.get(spec.role)
    if not state.added:
        raise Refused(f"{spec.title} was not added to this incident: there is nothing to take back")
    severity = d.room.incident.severity
    if any(each.role == spec.role for each in d.book.severity(severity).roles) and d.room.incident.live:
        raise Refused(f"{severity} asks for {spec.title}: it cannot be taken back")
    if state.people:
        who = f"{state.people[0]} holds it" if len(state.people) == 1 else f"{', '.join(state.people)} hold it"
        raise Refused(f"{who}: they step back first")
    if state.offer is not None:
        d.record(RoleOfferEnded(spec.role, state.offer.to, "withdrawn"))
    d.record(RoleDropped(spec.role))


def tick(d: Decision, command: TickDuty) -> None:
    """Tick a duty off, or take the tick back."""
    spec = known(d, command.role)
    if not spec.duties:
        raise Refused(f"{spec.title} has no duties in the rulebook")
    if not 1 <= command.number <= len(spec.duties):
        raise Refused(f"{spec.title} has the duties 1 to {len(spec.duties)}; there is no {command.number}")
    duty = spec.duties[command.number - 1]
    if command.seen is not None and command.seen != duty:
        raise Stale(f"duty {command.number} of {spec.title} is another one now: {duty}")
    before = d.room.roles.get(spec.role).ticked(duty)
    if command.done and before is not None:
        raise Refused(f"{before.by} ticked it off at {before.at:%H:%M} UTC already")
    if not command.done and before is None:
        raise Refused("it is not ticked off")
    d.record(DutyTicked(spec.role, duty, command.done))


def fire(d: Decision, role: str) -> None:
    """A required role is still vacant: whoever stands by for it is reminded, and its pool."""
    spec, state = d.book.role(role), d.room.roles.get(role)
    miss = state.misses + 1
    last = miss >= spec.remind_times
    first = tuple(Target(TargetKind.PERSON, person) for person in (*state.also, *state.deputies))
    found = d.reach((*first, *spec.pool, *spec.then) if last else (*first, *spec.pool))
    by_level = last and any(t.kind is TargetKind.LEVEL for t in spec.then) and ladder.can_advance(d)
    again_at = None if last else d.in_hours(d.after(spec.remind_every))
    d.record(RoleMissed(role, miss, found.pages, found.nobody, again_at, by_level, found.passed))
    if by_level:
        ladder.advance(d, Why.ROLE)


def known(d: Decision, role: str) -> RoleSpec:
    """What the rulebook says of a role; refuses one that it does not know. A label may stand behind a slash."""
    base, slash, label = role.partition("/")
    if base not in d.book.roles and role not in d.room.roles.by_name:
        raise Refused(f"there is no role {role!r}; the roles are {', '.join(d.book.roles)}")
    if slash and not label.strip():
        raise Refused(f"write the label behind the slash: {base}/database")
    if slash and base == LEAD:
        raise Refused(f"there is exactly one {d.book.role(base).title}: another one cannot be added")
    return d.book.role(role)


def _labelled(d: Decision, spec: RoleSpec) -> None:
    """A workstream's own role is on the board from its first holder on."""
    if "/" in spec.role and spec.role not in d.room.roles.by_name:
        _few(d)
        d.record(RoleAdded(spec.role))


def _few(d: Decision) -> None:
    if sum(state.added for state in d.room.roles.by_name.values()) >= ADDED:
        raise Refused(f"{ADDED} roles were added already: that is more than anybody can lead")


def _over(d: Decision) -> str:
    return "only watched" if d.room.incident.watched else d.room.incident.status.value
