"""The gap timeline of one incident: a lane per channel, and the silences between its uses."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Dot:
    """One use of a channel. `number`: of its entry in the incident's record, 0 where that is not known.

    `due`: when it said, or the cadence asked, that the next word would come; `was_due`: when this one had been due.
    None where nobody was promised anything. `corrects`: the number of the entry that it puts right, 0 for none.
    """

    at: datetime
    by: str
    text: str
    number: int = 0
    due: datetime | None = None
    was_due: datetime | None = None
    reviewer: str = ""
    corrects: int = 0

    @property
    def late(self) -> timedelta | None:
        """By how much it came too late; zero when it came in time, None when nobody waited for it."""
        return None if self.was_due is None else max(timedelta(0), self.at - self.was_due)


@dataclass(frozen=True, slots=True)
class Span:
    """One silence, from and to."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long nobody was told anything."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Planned:
    """An update that is written and waits for its time."""

    at: datetime
    by: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """Somebody let one update go, with a reason; the clock of the channel began anew, and the next word was `due`."""

    at: datetime
    by: str
    reason: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """The rules set the clock of a channel: it was opened, another severity or status came, or it was ended. From `at`
    on the next word was `due`; None: nobody waited for one."""

    at: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel of the gap timeline: a line that forks from the incident's axis, a dot per use.

    `due` is when the next update falls due (None: nothing promised), `cadence` the longest silence that is in
    order; parts of a silence past the cadence are late; from `near_at` on the update that is due counts as near (None:
    by the share that is usual). `ended` is when the lane stopped being timed; a `due` besides is that of the last word.
    `timed` is when the rules set its clock, oldest first; empty where that is not known.
    """

    channel: str
    audience: str
    start: datetime
    dots: tuple[Dot, ...]
    due: datetime | None
    cadence: timedelta | None
    ended: datetime | None = None
    promised: bool = False
    planned: tuple[Planned, ...] = ()
    skips: tuple[Skip, ...] = ()
    near_at: datetime | None = None
    timed: tuple[Timed, ...] = ()


class MarkKind(StrEnum):
    """What changed at a mark."""

    STATUS = "status"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of severity or status, drawn on the axis."""

    at: datetime
    label: str
    kind: MarkKind = MarkKind.STATUS


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when on the incident was of this severity; `rank` 1 is the worst."""

    start: datetime
    severity: str
    rank: int


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The gap timeline of one incident. `largest` is the longest silence that has ended, with its channel.

    `severities`: oldest first, the first one from the start; empty where they are not known.
    """

    start: datetime
    end: datetime | None
    lanes: tuple[Lane, ...] = ()
    marks: tuple[Mark, ...] = ()
    largest: Span | None = None
    largest_channel: str = ""
    severities: tuple[Stretch, ...] = ()
