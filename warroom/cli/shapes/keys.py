"""What `--json` prints of keys and actions. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class ActionKeys(Shape):
    """One action in one screen, or in a part of one."""

    id: str
    screen: str
    keys: list[str]
    own: bool
    name: str
    help: str
    section: str
    reads: bool
