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
from warroom.domain.status_words import status_word
from warroom.words import tr, trn

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
    still_taken(d)
    holder = d.room.roles.holder(spec.role)
    if command.seen is not None and command.seen != holder:
        raise Stale(
            tr("{title} is held by {holder} now; look again before you change it").format(
                title=spec.title, holder=holder or tr("nobody")
            )
        )
    if not command.person:
        raise Refused(tr("name the person who takes the role"))
    if holder == command.person:
        raise Refused(tr("{holder} is {title} already").format(holder=holder, title=spec.title))
    if holder and not command.reason:
        raise Refused(
            tr(
                "{holder} is {title}: offer a handover (the holder stays until it is accepted), "
                "or give a reason to take the role from them"
            ).format(holder=holder, title=spec.title)
        )
    _labelled(d, spec)
    standing = d.room.roles.get(spec.role).offer
    if standing is not None and standing.to != command.person:
        d.record(RoleOfferEnded(spec.role, standing.to, "withdrawn"))
    d.record(RoleAssigned(spec.role, command.person, holder, reason=command.reason))


def still_taken(d: Decision) -> None:
    """Refuse whoever wants somebody to take a role in an incident that is closed, and say what to do instead."""
    i = d.room.incident
    if i.closed_at is None:
        return
    if i.watched:
        raise Refused(
            tr("{key} is over at {provider}: declare an incident of your own, in which people take roles").format(
                key=i.key, provider=i.provider
            )
        )
    raise Refused(tr("{key} is closed: reopen it before somebody takes a role in it").format(key=i.key))


def join(d: Decision, command: JoinRole) -> None:
    """Hold a role besides the one who leads it, or stand by for it."""
    spec = known(d, command.role)
    person = command.person or d.context.actor
    state = d.room.roles.get(spec.role)
    still_taken(d)
    if person in state.people:
        raise Refused(
            (
                tr("{person} stands by as {title} already")
                if person in state.deputies
                else tr("{person} is {title} already")
            ).format(person=person, title=spec.title)
        )
    if command.deputy:
        _room_for(spec, len(state.deputies), spec.deputies, "deputies", state.deputies)
    else:
        if not state.holder:
            raise Refused(tr("{title} is vacant: assign it, since somebody has to lead it").format(title=spec.title))
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
        raise Refused(
            tr("{title} has no {what} by the rules ({where})").format(
                title=spec.title, what=tr(what), where=f"roles.{base_of(spec.role)}.{what}"
            )
        )
    if base_of(spec.role) == LEAD and what == "holders":
        raise Refused(
            tr("there is exactly one {title}{shown}: stand by as a deputy, or offer a handover").format(
                title=spec.title, shown=shown
            )
        )
    raise Refused(
        tr("{title} has {has} of {most} {what} by the rules{shown}").format(
            title=spec.title, has=has, most=most, what=tr(what), shown=shown
        )
    )


def leave(d: Decision, command: LeaveRole) -> None:
    """Step back. Whoever else holds the role moves up; else a required role starts counting down anew."""
    spec = known(d, command.role)
    state = d.room.roles.get(spec.role)
    person = command.person or state.holder
    if not person:
        raise Refused(tr("{title} is vacant already").format(title=spec.title))
    if person not in state.people:
        raise Refused(
            tr("{person} does not hold {title}; {holder} does").format(
                person=person, title=spec.title, holder=state.holder or tr("nobody")
            )
        )
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
        raise Refused(
            tr("{key} is {over}: no role is asked for in it").format(
                key=d.room.incident.key, over=status_word(_over(d))
            )
        )
    if state.required or state.added:
        raise Refused(tr("{title} is asked for already").format(title=spec.title))
    if command.within is not None and command.within.total_seconds() < 0:
        raise Refused(tr("the time to fill it in cannot lie in the past"))
    _few(d)
    due = None if command.within is None else d.in_hours(d.given(command.within))
    d.record(RoleAdded(spec.role, due))


def drop(d: Decision, command: DropRole) -> None:
    """Do without a role that was added."""
    spec = known(d, command.role)
    state = d.room.roles.get(spec.role)
    if not state.added:
        raise Refused(
            tr("{title} was not added to this incident: there is nothing to take back").format(title=spec.title)
        )
    severity = d.room.incident.severity
    if any(each.role == spec.role for each in d.book.severity(severity).roles) and d.room.incident.live:
        raise Refused(
            tr("{severity} asks for {title}: it cannot be taken back").format(severity=severity, title=spec.title)
        )
    if state.people:
        raise Refused(
            trn(
                "{people} holds it: they step back first", "{people} hold it: they step back first", len(state.people)
            ).format(people=", ".join(state.people))
        )
    if state.offer is not None:
        d.record(RoleOfferEnded(spec.role, state.offer.to, "withdrawn"))
    d.record(RoleDropped(spec.role))


def tick(d: Decision, command: TickDuty) -> None:
    """Tick a duty off, or take the tick back."""
    spec = known(d, command.role)
    if not spec.duties:
        raise Refused(tr("{title} has no duties in the rulebook").format(title=spec.title))
    if not 1 <= command.number <= len(spec.duties):
        raise Refused(
            tr("{title} has the duties 1 to {count}; there is no {number}").format(
                title=spec.title, count=len(spec.duties), number=command.number
            )
        )
    duty = spec.duties[command.number - 1]
    if command.seen is not None and command.seen != duty:
        raise Stale(
            tr("duty {number} of {title} is another one now: {duty}").format(
                number=command.number, title=spec.title, duty=duty
            )
        )
    before = d.room.roles.get(spec.role).ticked(duty)
    if command.done and before is not None:
        raise Refused(tr("{by} ticked it off at {at:%H:%M} UTC already").format(by=before.by, at=before.at))
    if not command.done and before is None:
        raise Refused(tr("it is not ticked off"))
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
        raise Refused(
            tr("there is no role {role!r}; the roles are {roles}").format(role=role, roles=", ".join(d.book.roles))
        )
    if slash and not label.strip():
        raise Refused(tr("write the label behind the slash: {base}/database").format(base=base))
    if slash and base == LEAD:
        raise Refused(
            tr("there is exactly one {title}: another one cannot be added").format(title=d.book.role(base).title)
        )
    return d.book.role(role)


def _labelled(d: Decision, spec: RoleSpec) -> None:
    """A workstream's own role is on the board from its first holder on."""
    if "/" in spec.role and spec.role not in d.room.roles.by_name:
        _few(d)
        d.record(RoleAdded(spec.role))


def _few(d: Decision) -> None:
    if sum(state.added for state in d.room.roles.by_name.values()) >= ADDED:
        raise Refused(tr("{added} roles were added already: that is more than anybody can lead").format(added=ADDED))


def _over(d: Decision) -> str:
    return "only watched" if d.room.incident.watched else d.room.incident.status.value
