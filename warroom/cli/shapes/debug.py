"""What `--json` prints of `warroom debug`. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class DebugFact(Shape):
    """One thing that is known of this program, its terminal or its room."""

    part: str
    name: str
    value: str
