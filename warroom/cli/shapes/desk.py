"""What `--json` prints of overrides, absences and swaps. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time
from warroom.cli.shapes.incident import LogLine


class DeskItem(Shape):
    """An override, an absence or an open swap."""

    kind: str
    id: int
    schedule: str
    person: str
    other: str
    start: Time
    end: Time
    by: str
    note: str


class DeskDone(Shape):
    """What a command for the desk did."""

    events: list[LogLine]
    item: DeskItem | None
