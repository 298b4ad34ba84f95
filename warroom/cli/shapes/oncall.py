"""What `--json` prints of who is on call. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class Shift(Shape):
    """One shift on a schedule; a gap in coverage where it has no people."""

    schedule: str
    start: Time
    end: Time
    people: list[str]
    why: str


class OnCall(Shape):
    """Who is on call on one schedule or list at a moment."""

    schedule: str
    title: str
    zone: str
    at: Time
    people: list[str]
    since: Time | None
    until: Time | None
    why: str
    notes: list[str]
    passed: list[str]
    over_limit: list[str]
    next_at: Time | None
    next_people: list[str]
    backup: list[str]
    gaps: list[Shift]


class ShiftsFile(Shape):
    """A file of shifts that was written."""

    file: str
    shifts: int
