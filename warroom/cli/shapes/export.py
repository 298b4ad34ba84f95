"""What `--json` prints of what was written by `warroom export`. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class Exported(Shape):
    """A view that was written into a file."""

    file: str
    what: str
    format: str
