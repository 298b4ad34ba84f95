"""What `--json` prints of the gap timeline of one incident. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class Silence(Shape):
    """A time in which nobody was told anything on a channel."""

    kind: str
    start: Time
    end: Time
    length_s: float
    due: Time | None
    late_s: float


class TimelineUpdate(Shape):
    """One update on a timeline."""

    entry: int
    at: Time
    by: str
    text: str
    was_due: Time | None
    late_s: float | None
    next_due: Time | None
    reviewer: str
    corrects: int


class TimelinePlanned(Shape):
    """An update that is written and goes out at its time."""

    at: Time
    by: str
    text: str


class TimelineSkip(Shape):
    """An update that somebody let go."""

    at: Time
    by: str
    reason: str


class TimelineLane(Shape):
    """One channel of a timeline."""

    channel: str
    audience: str
    start: Time
    due: Time | None
    promised: bool
    cadence_s: float | None
    updates: list[TimelineUpdate]
    silences: list[Silence]
    planned: list[TimelinePlanned]
    skipped: list[TimelineSkip]


class TimelineChange(Shape):
    """A change of severity or status."""

    at: Time
    kind: str
    to: str


class TimelineGap(Shape):
    """A silence among all of an incident."""

    rank: int
    channel: str
    audience: str
    severity: str
    weight_s: float
    silence: Silence


class Timeline(Shape):
    """What was said on which channel when, and every silence between."""

    key: str
    title: str
    severity: str
    at: Time
    start: Time
    end: Time | None
    window_from: Time
    window_to: Time
    lanes: list[TimelineLane]
    changes: list[TimelineChange]
    gaps: list[TimelineGap]
    largest: int | None
