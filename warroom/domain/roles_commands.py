"""What people ask for about roles (R4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.domain.core import Command
from warroom.valueclass import dataclass

READ_BACK = "read back"
"""What stands in the record for somebody who took a role over without a word of their own."""


@dataclass(frozen=True, slots=True)
class RoleCommand(Command):
    """Anything that is asked for about roles."""


@dataclass(frozen=True, slots=True)
class AssignRole(RoleCommand):
    """Put a person into a role. Taking it from somebody needs a reason. `seen`: the holder the asker saw."""

    names = ("role", "person")
    lines = ("reason",)

    role: str
    person: str
    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class JoinRole(RoleCommand):
    """Let a person hold a role besides the one who leads it, or stand by as a deputy. `person` "" is the actor."""

    names = ("role", "person")

    role: str
    person: str = ""
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class OfferRole(RoleCommand):
    """Offer a role to a person, with what they need to know (the card). `seen`: the holder the asker saw."""

    names = ("role", "to")
    blocks = ("note",)

    role: str
    to: str
    note: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class ReadBack(RoleCommand):
    """Say in a line what one has understood of an offer, before one takes it."""

    names = ("role",)
    lines = ("text",)

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class AcceptRole(RoleCommand):
    """Take a role that was offered to the actor. `read_back`: what they have understood; `seen`: when the offer that
    they read was made."""

    names = ("role",)
    lines = ("read_back",)

    role: str
    read_back: str = ""
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class EndOffer(RoleCommand):
    """Decline (the one it was offered to) or withdraw (anybody else) an offer."""

    names = ("role",)

    role: str


@dataclass(frozen=True, slots=True)
class LeaveRole(RoleCommand):
    """Step back from a role without a successor. `person` "" is the one who leads it: it is vacant then, unless
    somebody else holds it too."""

    names = ("role", "person")
    lines = ("reason",)

    role: str
    reason: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class PlanHandover(RoleCommand):
    """Plan to hand a role over at a time, to somebody or to whoever is found then; `at` None calls that off."""

    names = ("role", "to")

    role: str
    at: datetime | None
    to: str = ""


@dataclass(frozen=True, slots=True)
class AddRole(RoleCommand):
    """Ask for a role in this incident that its severity does not ask for, or for one of the rulebook once more under a
    label ("tech-lead/database"). `within`: by when it has to be filled, None for no hurry."""

    names = ("role",)

    role: str
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DropRole(RoleCommand):
    """Do without a role that was asked for in this incident; it has to be vacant."""

    names = ("role",)

    role: str


@dataclass(frozen=True, slots=True)
class TickDuty(RoleCommand):
    """Tick a duty of a role off, or take the tick back (`done` False). `number` counts from 1; `seen`: the duty that
    the asker saw there."""

    names = ("role",)
    lines = ("seen",)

    role: str
    number: int
    done: bool = True
    seen: str | None = None
