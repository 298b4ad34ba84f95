"""The gap timeline of one incident: a lane per channel, and the silences between its uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Dot:
    """One use of a channel."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """One silence, from and to."""

    start: datetime
    end: datetime
    running: bool = False

    @property
    def length(self) -> timedelta:
        """How long nobody was told anything."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel of the gap timeline: a line that forks from the incident's axis, a dot per use.

    `due` is when the next update falls due (None: nothing promised), `cadence` the longest silence that is in
    order; parts of a silence past the cadence are late. `ended` is when the lane stopped being timed.
    """

    channel: str
    audience: str
    start: datetime
    dots: tuple[Dot, ...]
    due: datetime | None
    cadence: timedelta | None
    ended: datetime | None = None
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of severity or status, drawn on the axis."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The gap timeline of one incident. `largest` is the longest silence that has ended, with its channel."""

    start: datetime
    end: datetime | None
    lanes: tuple[Lane, ...] = ()
    marks: tuple[Mark, ...] = ()
    largest: Span | None = None
    largest_channel: str = ""
