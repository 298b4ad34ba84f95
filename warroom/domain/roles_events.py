"""What happens to roles (R4), and how the record words it."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Event, happens
from warroom.domain.escalation import describe_pages
from warroom.domain.kept_words import kept
from warroom.domain.policy import PageTo, PassedOver
from warroom.domain.role_titles import role_title
from warroom.valueclass import dataclass
from warroom.words import tr


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
            return tr("{role} has to be filled by {due:%H:%M} UTC").format(role=role_title(event.role), due=event.due)
        case RoleNoLongerRequired():
            return tr("{role} no longer required").format(role=role_title(event.role))
        case RoleAdded():
            return tr("{role} added").format(role=role_title(event.role)) + (
                tr(", to be filled by {due:%H:%M} UTC").format(due=event.due) if event.due else ""
            )
        case RoleDropped():
            return tr("{role} not wanted any more").format(role=role_title(event.role))
        case RoleAssigned():
            how = (
                tr("handed over by {before}").format(before=event.before)
                if event.handed_over
                else tr("was {before}").format(before=event.before)
            )
            tail = f" ({how})" if event.before else ""
            return f"{role_title(event.role)}: {event.person}{tail}" + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case RoleJoined():
            how = tr("{role}: {person} stands by as deputy") if event.deputy else tr("{role}: {person} holds it too")
            return how.format(role=role_title(event.role), person=event.person)
        case RoleLeft():
            return tr("{role}: {person} stepped back").format(role=role_title(event.role), person=event.person) + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case RoleOffered():
            return tr("{role} to {to}").format(role=role_title(event.role), to=event.to) + (
                f": {kept(event.note)}" if event.note else ""
            )
        case RoleReadBack():
            return tr("{role}: {person} read back: {text}").format(
                role=role_title(event.role), person=event.person, text=event.text
            )
        case RoleOfferEnded():
            return _ended(event)
        case RoleVacated():
            return tr("{role}: {before} stepped back").format(role=role_title(event.role), before=event.before) + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case RoleMissed():
            paged = describe_pages(event.pages) or kept(event.nobody)
            return tr("{role} still vacant; {paged}").format(role=role_title(event.role), paged=paged) + (
                tr("; next level") if event.escalated else ""
            )
        case HandoverPlanned():
            to = tr(" to {to}").format(to=event.to) if event.to else ""
            return (
                tr("{role}: handover{to} at {at:%H:%M} UTC").format(role=role_title(event.role), to=to, at=event.at)
                if event.at
                else tr("{role}: no handover").format(role=role_title(event.role))
            )
        case HandoverDue():
            return tr("{role}: time to hand over").format(role=role_title(event.role)) + (
                tr(" to {to}").format(to=event.to) if event.to else ""
            )
        case DutyTicked():
            how = tr("{role}: done: {duty}") if event.done else tr("{role}: NOT done after all: {duty}")
            return how.format(role=role_title(event.role), duty=event.duty)
        case _:
            return ""


def _ended(event: RoleOfferEnded) -> str:
    if event.how != "lapsed":
        return tr("{role}: the offer to {to} was {how}").format(
            role=role_title(event.role), to=event.to, how=tr(event.how)
        )
    told = tr("; told {pages}").format(pages=describe_pages(event.pages)) if event.pages else ""
    return tr("{role}: {to} did not take it, the offer lapsed{told}").format(
        role=role_title(event.role), to=event.to, told=told
    )
