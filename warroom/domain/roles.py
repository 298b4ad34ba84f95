"""Roles (R4): who holds which, which have to be filled by when, and handing one over.

A role has one holder at a time, so there can never be two incident managers. A handover is an act: offered with a note,
accepted by the one it was offered to; until then the old holder stands. A required role that stays empty reminds its
pool, a number of times, and then stays on the board as late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from warroom.domain import ladder
from warroom.domain.core import Command, Deadline, Decision, Event, Postponed, Refused, Stale, happens
from warroom.domain.escalation import Why, describe_pages
from warroom.domain.policy import PageTo, PassedOver, Target, TargetKind

LEAD = "incident-manager"
"""The role that leads; the one whose holder the board shows in the LEAD column."""


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role as the rulebook has it. `pool`: whom to remind while it is vacant, `remind_every` apart, `remind_times`
    times in all; with the last reminder `then` is told as well, or brings in the next level of the escalation.
    `offer_lapses`: how long an offered handover stands."""

    role: str
    title: str
    duties: tuple[str, ...] = ()
    pool: tuple[Target, ...] = ()
    remind_every: timedelta = timedelta(minutes=5)
    remind_times: int = 3
    offer_lapses: timedelta = timedelta(minutes=10)
    then: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredRole:
    """A severity wants this role filled within a time from the moment it applies."""

    role: str
    within: timedelta


@dataclass(frozen=True, slots=True)
class Offer:
    """A handover on the table."""

    to: str
    by: str
    note: str
    at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class RoleState:
    """One role of one incident. `due`: by when it had to be filled; `remind_at`: when the pool is paged (again)."""

    holder: str = ""
    since: datetime | None = None
    required: bool = False
    due: datetime | None = None
    remind_at: datetime | None = None
    misses: int = 0
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """All roles of one incident by name."""

    by_name: Mapping[str, RoleState] = field(default_factory=dict)

    def get(self, role: str) -> RoleState:
        """The role's state; a role nobody spoke of yet is vacant and not required."""
        return self.by_name.get(role, RoleState())

    def holder(self, role: str) -> str:
        """Who holds the role, "" when vacant."""
        return self.get(role).holder

    def put(self, role: str, state: RoleState) -> Roles:
        """These roles with one of them changed."""
        return Roles({**self.by_name, role: state})


# Commands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AssignRole(Command):
    """Put a person into a role. Taking it from somebody needs a reason. `seen`: the holder the asker saw."""

    names = ("role", "person")
    lines = ("reason",)

    role: str
    person: str
    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class OfferRole(Command):
    """Offer a role to a person, with what they need to know."""

    names = ("role", "to")
    blocks = ("note",)

    role: str
    to: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AcceptRole(Command):
    """Take a role that was offered to the actor."""

    names = ("role",)

    role: str


@dataclass(frozen=True, slots=True)
class EndOffer(Command):
    """Decline (the one it was offered to) or withdraw (anybody else) an offer."""

    names = ("role",)

    role: str


@dataclass(frozen=True, slots=True)
class LeaveRole(Command):
    """Make a role vacant: its holder steps back without a successor."""

    names = ("role",)
    lines = ("reason",)

    role: str
    reason: str = ""


# Events --------------------------------------------------------------------------------------------------------------


@happens("role_required")
@dataclass(frozen=True, slots=True)
class RoleRequired(Event):
    """The severity wants this role filled by `due`."""

    role: str
    due: datetime


@happens("role_released")
@dataclass(frozen=True, slots=True)
class RoleNoLongerRequired(Event):
    """The severity does not ask for this role any more, or the incident is over."""

    role: str


@happens("role_assigned")
@dataclass(frozen=True, slots=True)
class RoleAssigned(Event):
    """A person holds the role from now on; `before` held it, "" if nobody."""

    role: str
    person: str
    before: str = ""
    handed_over: bool = False
    reason: str = ""


@happens("role_offered")
@dataclass(frozen=True, slots=True)
class RoleOffered(Event):
    """A handover was offered; it lapses at `lapses_at`."""

    role: str
    to: str
    note: str
    lapses_at: datetime


@happens("role_offer_ended")
@dataclass(frozen=True, slots=True)
class RoleOfferEnded(Event):
    """An offer is off the table: "declined", "withdrawn" or "lapsed"."""

    role: str
    to: str
    how: str


@happens("role_vacated")
@dataclass(frozen=True, slots=True)
class RoleVacated(Event):
    """Nobody holds the role. `due`: by when it has to be filled again, None if it is not required."""

    role: str
    before: str
    reason: str
    due: datetime | None


@happens("role_missed")
@dataclass(frozen=True, slots=True)
class RoleMissed(Event):
    """A required role is still vacant past its time; `pages` went to its pool. `again_at` None: no more reminders, and
    `escalated` says whether the next level was brought in instead. `passed` were looked at and not paged."""

    role: str
    miss: int
    pages: tuple[PageTo, ...]
    nobody: str
    again_at: datetime | None
    escalated: bool = False
    passed: tuple[PassedOver, ...] = ()


# Evolve and due ------------------------------------------------------------------------------------------------------


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
        case RoleAssigned():
            required = roles.get(event.role).required
            return roles.put(event.role, RoleState(event.person, at, required))
        case RoleOffered():
            offer = Offer(event.to, actor, event.note, at, event.lapses_at)
            return roles.put(event.role, replace(roles.get(event.role), offer=offer))
        case RoleOfferEnded():
            return roles.put(event.role, replace(roles.get(event.role), offer=None))
        case RoleVacated():
            required = roles.get(event.role).required
            return roles.put(event.role, RoleState("", None, required, event.due, event.due))
        case Postponed(name, to) if name.startswith("role:"):
            role = name.removeprefix("role:")
            return roles.put(role, replace(roles.get(role), remind_at=to))
        case RoleMissed():
            old = roles.get(event.role)
            return roles.put(event.role, replace(old, misses=event.miss, remind_at=event.again_at))
        case _:
            return roles


def due(roles: Roles) -> tuple[Deadline, ...]:
    """Vacant required roles, and offers that nobody took."""
    out = []
    for name, state in roles.by_name.items():
        if state.remind_at is not None:
            out.append(Deadline(state.remind_at, f"role:{name}"))
        if state.offer is not None:
            out.append(Deadline(state.offer.lapses_at, f"offer:{name}"))
    return tuple(out)


# Decide --------------------------------------------------------------------------------------------------------------


def require(d: Decision, *, raised: bool = False) -> None:
    """Ask for the roles of the incident's severity; those already filled or already asked for keep what they have.

    But a vacant one that a worse severity (`raised`) wants earlier than its next reminder is asked for anew.
    """
    wanted = {r.role: r for r in d.book.severity(d.room.incident.severity).roles}
    for name, needed in wanted.items():
        state, wanted_by = d.room.roles.get(name), d.in_hours(d.given(needed.within))
        sooner = not state.holder and (state.remind_at is None or wanted_by < state.remind_at)
        if not state.required or (raised and sooner):
            d.record(RoleRequired(name, wanted_by))
    for name, state in d.room.roles.by_name.items():
        if state.required and name not in wanted:
            d.record(RoleNoLongerRequired(name))


def release(d: Decision) -> None:
    """The incident is over: no role has to be filled, no offer stands."""
    for name, state in d.room.roles.by_name.items():
        if state.offer is not None:
            d.record(RoleOfferEnded(name, state.offer.to, "withdrawn"))
        if state.required:
            d.record(RoleNoLongerRequired(name))


def assign(d: Decision, command: AssignRole) -> None:
    """Fill a role at once."""
    spec = _known(d, command.role)
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
    standing = d.room.roles.get(spec.role).offer
    if standing is not None and standing.to != command.person:
        d.record(RoleOfferEnded(spec.role, standing.to, "withdrawn"))
    d.record(RoleAssigned(spec.role, command.person, holder, reason=command.reason))


def offer(d: Decision, command: OfferRole) -> None:
    """Put a handover on the table; a newer offer replaces an older one."""
    spec = _known(d, command.role)
    state = d.room.roles.get(spec.role)
    if not command.to:
        raise Refused("name the person to whom the role is offered")
    if command.to == state.holder:
        raise Refused(f"{state.holder} is {spec.title} already")
    if state.holder and command.to == d.context.actor:
        raise Refused(f"{state.holder} is {spec.title}: ask them to offer it to you, or take it with a reason")
    if d.room.incident.closed_at is not None:
        raise Refused(f"{d.room.incident.key} is closed: there is nothing to hand over")
    if state.offer is not None:
        d.record(RoleOfferEnded(spec.role, state.offer.to, "withdrawn"))
    d.record(RoleOffered(spec.role, command.to, command.note, d.now + spec.offer_lapses))


def accept(d: Decision, command: AcceptRole) -> None:
    """Take an offered role; only the one it was offered to can."""
    spec = _known(d, command.role)
    state = d.room.roles.get(spec.role)
    if state.offer is None:
        raise Stale(f"{spec.title} is not on offer (any more); {state.holder or 'nobody'} holds it")
    if state.offer.to != d.context.actor:
        raise Refused(f"{spec.title} was offered to {state.offer.to}, not to {d.context.actor}")
    d.record(RoleAssigned(spec.role, d.context.actor, state.holder, handed_over=bool(state.holder)))


def end_offer(d: Decision, command: EndOffer) -> None:
    """Take an offer off the table."""
    spec = _known(d, command.role)
    standing = d.room.roles.get(spec.role).offer
    if standing is None:
        raise Stale(f"{spec.title} is not on offer (any more)")
    how = "declined" if standing.to == d.context.actor else "withdrawn"
    d.record(RoleOfferEnded(spec.role, standing.to, how))


def leave(d: Decision, command: LeaveRole) -> None:
    """Step back; a required role starts counting down anew."""
    spec = _known(d, command.role)
    state = d.room.roles.get(spec.role)
    if not state.holder:
        raise Refused(f"{spec.title} is vacant already")
    within = {r.role: r.within for r in d.book.severity(d.room.incident.severity).roles}
    again = d.in_hours(d.given(within[spec.role])) if state.required and spec.role in within else None
    if state.offer is not None:
        d.record(RoleOfferEnded(spec.role, state.offer.to, "withdrawn"))
    d.record(RoleVacated(spec.role, state.holder, command.reason, again))


def fire(d: Decision, name: str) -> None:
    """Take the step of a timer that ran out: a reminder to the pool, or an offer that lapses."""
    topic, _, role = name.partition(":")
    state = d.room.roles.get(role)
    if topic == "offer":
        if state.offer is not None:
            d.record(RoleOfferEnded(role, state.offer.to, "lapsed"))
        return
    spec = d.book.role(role)
    miss = state.misses + 1
    last = miss >= spec.remind_times
    found = d.reach((*spec.pool, *spec.then) if last else spec.pool)
    by_level = last and any(t.kind is TargetKind.LEVEL for t in spec.then) and ladder.can_advance(d)
    again_at = None if last else d.in_hours(d.after(spec.remind_every))
    d.record(RoleMissed(role, miss, found.pages, found.nobody, again_at, by_level, found.passed))
    if by_level:
        ladder.advance(d, Why.ROLE)


def _known(d: Decision, role: str) -> RoleSpec:
    if role not in d.book.roles:
        raise Refused(f"there is no role {role!r}; the roles are {', '.join(d.book.roles)}")
    return d.book.role(role)


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case RoleRequired():
            return f"{event.role} has to be filled by {event.due:%H:%M} UTC"
        case RoleNoLongerRequired():
            return f"{event.role} no longer required"
        case RoleAssigned():
            how = f"handed over by {event.before}" if event.handed_over else f"was {event.before}"
            tail = f" ({how})" if event.before else ""
            return f"{event.role}: {event.person}{tail}" + (f": {event.reason}" if event.reason else "")
        case RoleOffered():
            return f"{event.role} to {event.to}" + (f": {event.note}" if event.note else "")
        case RoleOfferEnded():
            return (
                f"{event.role}: the offer to {event.to} was {event.how}"
                if event.how != "lapsed"
                else (f"{event.role}: {event.to} did not take it, the offer lapsed")
            )
        case RoleVacated():
            return f"{event.role}: {event.before} stepped back" + (f": {event.reason}" if event.reason else "")
        case RoleMissed():
            paged = describe_pages(event.pages) or event.nobody
            return f"{event.role} still vacant; {paged}" + ("; next level" if event.escalated else "")
        case _:
            return ""
