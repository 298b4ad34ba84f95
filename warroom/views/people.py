"""The people in the room of one incident: who is here since when, how tired they are, and who could take over."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class PersonHere:
    """One person in the room, or who was. They are amber from `amber_at` on and red from `red_at` on if nothing
    changes; `why` is what makes them as tired as they are. `on_duty`: within 24 hours up to when this was read, over
    all incidents."""

    login: str
    name: str
    roles: tuple[str, ...]  # titles
    here: bool
    joined_at: datetime | None = None
    left_at: datetime | None = None
    seen_at: datetime | None = None  # when they last did anything
    awake_since: datetime | None = None
    declined_at: datetime | None = None
    on_duty: timedelta = timedelta(0)
    night_pages: int = 0
    amber_at: datetime | None = None
    red_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SuccessorLine:
    """Somebody who could take a role over; `tired` is "", "amber" or "red"."""

    person: str
    words: str
    tired: str = ""


@dataclass(frozen=True, slots=True)
class SuccessionLine:
    """Who could take one role over, the best first."""

    role: str
    title: str
    people: tuple[SuccessorLine, ...]


@dataclass(frozen=True, slots=True)
class SpanLine:
    """How many people report to the incident manager; `advice` is "" where that is not too many."""

    count: int
    most: int
    advice: str = ""


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody in the room, then who left; who could take which role over; and the card for handing over, by role."""

    people: tuple[PersonHere, ...] = ()
    succession: tuple[SuccessionLine, ...] = ()
    span: SpanLine | None = None
    cards: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CardView:
    """The card of a handover, as text, and the same in parts: (name, lines as (text, who, due, late))."""

    key: str
    role: str
    title: str
    holder: str
    since: datetime | None
    at: datetime
    text: str
    parts: tuple[tuple[str, tuple[tuple[str, str, datetime | None, bool], ...]], ...] = ()
    succession: tuple[SuccessorLine, ...] = ()
