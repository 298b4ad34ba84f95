"""What is known of the roles of one incident (R4): who holds which, which is asked for, what is offered and ticked off.

A role has one holder who leads it, so there can never be two incident managers; others may hold it too where the
rulebook allows that, and deputies stand by. A second workstream gets the same role once more under a label of its own:
"tech-lead/database" is a tech lead like "tech-lead", with holders, duties and times of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from warroom.domain.policy import Target
from warroom.valueclass import dataclass

LEAD = "incident-manager"
"""The role that leads; the one whose holder the board shows in the LEAD column. It has exactly one holder."""
TICKS = 64
"""How many duties that were ticked off are remembered of a role; a rulebook lists 50 at most."""


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role as the rulebook has it. `pool`: whom to remind while it is vacant, `remind_every` apart, `remind_times`
    times in all; with the last reminder `then` is told as well, or brings in the next level of the escalation.
    `offer_lapses`: how long an offered handover stands. `holders`: how many may hold it at once, `deputies`: how many
    may stand by besides. `read_back`: who takes it over says first what they have understood."""

    role: str
    title: str
    duties: tuple[str, ...] = ()
    pool: tuple[Target, ...] = ()
    remind_every: timedelta = timedelta(minutes=5)
    remind_times: int = 3
    offer_lapses: timedelta = timedelta(minutes=10)
    then: tuple[Target, ...] = ()
    holders: int = 1
    deputies: int = 0
    read_back: bool = False


@dataclass(frozen=True, slots=True)
class RequiredRole:
    """A severity wants this role filled within a time from the moment it applies."""

    role: str
    within: timedelta


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role besides the one who leads it, or stands by as a deputy."""

    person: str
    since: datetime
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A handover on the table. `note` is the card that the receiver sees, `read_back` what they said to it."""

    to: str
    by: str
    note: str
    at: datetime
    lapses_at: datetime
    read_back: str = ""


@dataclass(frozen=True, slots=True)
class Lapse:
    """The last offer, which nobody took."""

    to: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A handover that was planned for `at`, "" for nobody in particular. `reminded`: its time has come."""

    at: datetime
    by: str
    to: str = ""
    reminded: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A duty that was done, by whom and when."""

    duty: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RoleState:
    """One role of one incident. `due`: by when it had to be filled; `remind_at`: when the pool is paged (again).
    `others` hold it besides `holder`, who leads it, or stand by; `added`: somebody asked for it in this incident."""

    holder: str = ""
    since: datetime | None = None
    required: bool = False
    due: datetime | None = None
    remind_at: datetime | None = None
    misses: int = 0
    offer: Offer | None = None
    others: tuple[Holder, ...] = ()
    done: tuple[Tick, ...] = ()
    added: bool = False
    lapsed: Lapse | None = None
    planned: Planned | None = None

    @property
    def deputies(self) -> tuple[str, ...]:
        """Who stands by."""
        return tuple(each.person for each in self.others if each.deputy)

    @property
    def also(self) -> tuple[str, ...]:
        """Who holds it besides the one who leads it."""
        return tuple(each.person for each in self.others if not each.deputy)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who holds it or stands by, the one who leads it first."""
        return (*((self.holder,) if self.holder else ()), *(each.person for each in self.others))

    def since_of(self, person: str) -> datetime | None:
        """Since when somebody holds it, or stands by; None when they do neither."""
        if person and person == self.holder:
            return self.since
        return next((each.since for each in self.others if each.person == person), None)

    def ticked(self, duty: str) -> Tick | None:
        """Who did a duty and when; None while it is open."""
        return next((tick for tick in self.done if tick.duty == duty), None)


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

    def without(self, role: str) -> Roles:
        """These roles without one of them."""
        return Roles({name: state for name, state in self.by_name.items() if name != role})

    def of(self, person: str) -> dict[str, datetime]:
        """The roles that somebody holds or stands by for, each with since when."""
        found = {name: state.since_of(person) for name, state in self.by_name.items()}
        return {name: since for name, since in found.items() if since is not None}


def base_of(role: str) -> str:
    """The role of the rulebook that a role is: "tech-lead" of "tech-lead/database"."""
    return role.partition("/")[0]
