"""What `--json` prints of what stands on stderr. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class Error(Shape):
    """Why a command failed."""

    kind: str
    message: str
    exit: int
    retry: bool


class Failed(Shape):
    """What stands on stderr when a command fails."""

    error: Error


class Note(Shape):
    """What stands on stderr beside the result, for whoever looks on."""

    note: str
