"""On-call duty (R7): shifts, gaps, and what people have put on the desk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class DutySpan:
    """One shift on a schedule: `people` have it from `start` until `end`; a gap in coverage where there are none.

    `start` and `end` None: longer ago, or further ahead, than was looked. `override` is the number of the override
    that it comes from, 0 for none.
    """

    start: datetime | None
    end: datetime | None
    people: tuple[str, ...]
    why: str = ""
    override: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One schedule: who is on call `now`, what comes `next` (None: nothing else for weeks), and every shift and gap of
    the window that was asked for. `backup`: who is tried when nobody is on call."""

    name: str
    title: str
    zone: str
    now: DutySpan
    next: DutySpan | None
    spans: tuple[DutySpan, ...]
    backup: tuple[str, ...] = ()


class DeskKind(StrEnum):
    """What people can put on the desk."""

    OVERRIDE = "override"
    ABSENCE = "absence"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One override, absence or open swap that is not over. `other`: whom an override replaces, or who is asked to swap;
    "" for whoever it is, or anybody."""

    kind: DeskKind
    id: int
    schedule: str
    person: str
    start: datetime
    end: datetime
    other: str = ""
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of the rulebook: contacts are (channel, address), the preferred first; `zone` "" where it is unknown."""

    login: str
    name: str
    zone: str
    contacts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PagedLine:
    """How often somebody was paged within the last 24 hours, and how many of these pages came at night by their own
    clock, as the rulebook's section `fatigue` has it."""

    login: str
    pages: int
    night: int


@dataclass(frozen=True, slots=True)
class OnCallView:
    """Everything about on-call duty at `read_at`; the shifts of every schedule from `start` until `end`.

    `lists` are those who are on call at all hours, by name. `gaps` are (schedule, gap) of the days ahead, the earliest
    first, also where the window does not show them. `stale_at`: from then on somebody else may be on call. `basis`: the
    revision of the rules and the version of the desk that it was made from. `paged`: who was paged within the day
    before `paged_at` (None: not counted), whoever most first.
    """

    read_at: datetime
    basis: tuple[str, int]
    start: datetime
    end: datetime
    schedules: tuple[ScheduleLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    desk: tuple[DeskLine, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gaps: tuple[tuple[str, DutySpan], ...] = ()
    stale_at: datetime | None = None
    paged: tuple[PagedLine, ...] = ()
    paged_at: datetime | None = None
