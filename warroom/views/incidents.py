"""One incident as a row of a list: how bad it is, who leads it, what is paged and told next."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class SeverityFace:
    """How a severity is shown: always glyph and word, and a colour looked up by `rank` (1 = worst)."""

    name: str
    glyph: str
    rank: int
    major: bool


ENDS: Final = "end"
"""The label of a page that there will not be: the policy ends then."""


class PageState(StrEnum):
    """What the escalation of one incident is doing, in one word."""

    NONE = "none"  # no escalation runs (imported, or no policy)
    DUE = "due"  # a page goes out at `at`
    WAITING = "waiting"  # first page waits for paging hours until `at`
    ACKED = "acked"  # acknowledged; at `at` it goes on all the same (resolve timeout, lapse), None if it does not
    ASKING = "asking"  # a level waits until `at` for somebody to confirm it
    SNOOZED = "snoozed"  # until `at`
    EXHAUSTED = "exhausted"  # nobody is left to page: an alarm
    STOPPED = "stopped"  # resolved or closed
    CALLED_OFF = "called off"  # somebody stopped it while the incident goes on
    HELD = "held"  # a rule wants nobody paged until `at`; with a `label` (another incident) it is looked at anew then


@dataclass(frozen=True, slots=True)
class NextPage:
    """The NEXT PAGE cell: e.g. DUE, "L3", 14:34:21. `since` starts the bar that runs towards `at`."""

    state: PageState
    label: str = ""
    at: datetime | None = None
    since: datetime | None = None
    reason: str = ""

    @property
    def ends(self) -> bool:
        """Whether the policy ends then, and nobody is left to page."""
        return self.label == ENDS


NO_PAGE = NextPage(PageState.NONE)


@dataclass(frozen=True, slots=True)
class UpdateDue:
    """The UPDATE DUE cell: the channel whose silence runs out first. `at` None: nothing is promised; `near_at`: from
    when on it counts as near."""

    channel: str = ""
    at: datetime | None = None
    near_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One row of the list of incidents."""

    key: str
    title: str
    severity: SeverityFace
    status: str
    lead: str  # incident manager, "" when vacant
    lead_due: datetime | None  # vacant: when the role must be filled
    page: NextPage
    update: UpdateDue
    alarm: str = ""  # "" or why this incident is alarming ("escalation exhausted", ...)
    watched: bool = False  # imported from a provider: counted, not paged
    version: int = 0
    service: str = ""
    team: str = ""  # that the service belongs to, or that a rule made it the owner of
    environment: str = ""
    region: str = ""
    roles: tuple[tuple[str, str], ...] = ()  # (role, who holds it); "" where it has to be filled and nobody does
    acked_by: str = ""
    opened_at: datetime | None = None  # declared, or first seen at its provider
    cases: int | None = None
    tasks_open: int = 0
    tired_at: datetime | None = None  # when who leads it is, or was, too tired by the rules


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty of a role, counted from 1; `at` None while it is open."""

    number: int
    text: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of the incident. Vacant and required: `due` says by when it must be filled (late when passed)."""

    role: str
    title: str
    holder: str
    since: datetime | None
    due: datetime | None
    required: bool = False
    offered_to: str = ""
    offered_at: datetime | None = None
    also: tuple[str, ...] = ()  # who holds it besides
    deputies: tuple[str, ...] = ()
    added: bool = False  # somebody asked for it in this incident
    amber_at: datetime | None = None  # from when on the holder is tired, and too tired, if nothing changes
    red_at: datetime | None = None
    offered_by: str = ""
    offer_note: str = ""  # the card that the receiver reads
    offer_lapses_at: datetime | None = None
    lapsed_to: str = ""  # who did not take the last offer
    planned_at: datetime | None = None  # when it is to be handed over
    duties: tuple[DutyLine, ...] = ()
    may_join: int = 0  # how many more may hold it, and stand by
    may_deputise: int = 0
