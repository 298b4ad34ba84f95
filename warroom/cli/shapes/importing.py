"""What `--json` prints of what a file brought in. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class Imported(Shape):
    """What one file brought in."""

    file: str
    incidents: int
    new_incidents: int
    changed_incidents: int
    unchanged_incidents: int
    new_updates: int
