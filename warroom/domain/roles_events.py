"""What happens to roles (R4), and how the record words it."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Event, happens
from warroom.domain.escalation import describe_pages
from warroom.domain.policy import PageTo, PassedOver
from warroom.valueclass import dataclass


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


@happens("role_added")
@dataclass(frozen=True, slots=True)
class RoleAdded(Event):
    """Somebody asked for this role in this incident; `due`: by when it has to be filled, None for no hurry."""

    role: str
    due: datetime | None = None


@happens("role_dropped")
@dataclass(frozen=True, slots=True)
class RoleDropped(Event):
    """A role that was asked for in this incident is not wanted any more."""

    role: str


@happens("role_assigned")
@dataclass(frozen=True, slots=True)
class RoleAssigned(Event):
    """A person leads the role from now on; `before` did, "" if nobody."""

    role: str
    person: str
    before: str = ""
    handed_over: bool = False
    reason: str = ""


@happens("role_joined")
@dataclass(frozen=True, slots=True)
class RoleJoined(Event):
    """A person holds the role besides the one who leads it, or stands by for it."""

    role: str
    person: str
    deputy: bool = False


@happens("role_left")
@dataclass(frozen=True, slots=True)
class RoleLeft(Event):
    """Somebody who held the role besides the one who leads it, or stood by, does so no more."""

    role: str
    person: str
    reason: str = ""


@happens("role_offered")
@dataclass(frozen=True, slots=True)
class RoleOffered(Event):
    """A handover was offered; it lapses at `lapses_at`."""

    role: str
    to: str
    note: str
    lapses_at: datetime


@happens("role_read_back")
@dataclass(frozen=True, slots=True)
class RoleReadBack(Event):
    """Who is to take the role over said what they have understood."""

    role: str
    person: str
    text: str


@happens("role_offer_ended")
@dataclass(frozen=True, slots=True)
class RoleOfferEnded(Event):
    """An offer is off the table: "declined", "withdrawn" or "lapsed". Of one that lapsed `pages` tells who offered it
    and the role's pool; `by` made the offer."""

    role: str
    to: str
    how: str
    by: str = ""
    pages: tuple[PageTo, ...] = ()


@happens("role_vacated")
@dataclass(frozen=True, slots=True)
class RoleVacated(Event):
    """Nobody leads the role. `due`: by when it has to be filled again, None if it is not required."""

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


@happens("handover_planned")
@dataclass(frozen=True, slots=True)
class HandoverPlanned(Event):
    """The role is to be handed over at `at`, None: not any more."""

    role: str
    at: datetime | None
    to: str = ""


@happens("handover_due")
@dataclass(frozen=True, slots=True)
class HandoverDue(Event):
    """The time has come for which a handover was planned: `pages` reminds the holder, and who is to take it over."""

    role: str
    to: str
    pages: tuple[PageTo, ...] = ()


@happens("duty_ticked")
@dataclass(frozen=True, slots=True)
class DutyTicked(Event):
    """A duty of the role was done, or was not after all."""

    role: str
    duty: str
    done: bool = True


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case RoleRequired():
            return f"{event.role} has to be filled by {event.due:%H:%M} UTC"
        case RoleNoLongerRequired():
            return f"{event.role} no longer required"
        case RoleAdded():
            return f"{event.role} added" + (f", to be filled by {event.due:%H:%M} UTC" if event.due else "")
        case RoleDropped():
            return f"{event.role} not wanted any more"
        case RoleAssigned():
            how = f"handed over by {event.before}" if event.handed_over else f"was {event.before}"
            tail = f" ({how})" if event.before else ""
            return f"{event.role}: {event.person}{tail}" + (f": {event.reason}" if event.reason else "")
        case RoleJoined():
            return f"{event.role}: {event.person} {'stands by as deputy' if event.deputy else 'holds it too'}"
        case RoleLeft():
            return f"{event.role}: {event.person} stepped back" + (f": {event.reason}" if event.reason else "")
        case RoleOffered():
            return f"{event.role} to {event.to}" + (f": {event.note}" if event.note else "")
        case RoleReadBack():
            return f"{event.role}: {event.person} read back: {event.text}"
        case RoleOfferEnded():
            return _ended(event)
        case RoleVacated():
            return f"{event.role}: {event.before} stepped back" + (f": {event.reason}" if event.reason else "")
        case RoleMissed():
            paged = describe_pages(event.pages) or event.nobody
            return f"{event.role} still vacant; {paged}" + ("; next level" if event.escalated else "")
        case HandoverPlanned():
            to = f" to {event.to}" if event.to else ""
            return f"{event.role}: handover{to} at {event.at:%H:%M} UTC" if event.at else f"{event.role}: no handover"
        case HandoverDue():
            return f"{event.role}: time to hand over" + (f" to {event.to}" if event.to else "")
        case DutyTicked():
            return f"{event.role}: {'done' if event.done else 'NOT done after all'}: {event.duty}"
        case _:
            return ""


def _ended(event: RoleOfferEnded) -> str:
    if event.how != "lapsed":
        return f"{event.role}: the offer to {event.to} was {event.how}"
    told = f"; told {describe_pages(event.pages)}" if event.pages else ""
    return f"{event.role}: {event.to} did not take it, the offer lapsed{told}"
