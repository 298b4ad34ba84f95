"""What `--json` prints of what `warroom doctor` looked at. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class Checked(Shape):
    """One thing that `warroom doctor` looked at."""

    check: str
    good: bool
    what: str
