"""What `--json` prints of a person's settings. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class ConfigSetting(Shape):
    """One setting as it is in force."""

    name: str
    value: str
    source: str
    where: str
    meaning: str


class ConfigFile(Shape):
    """A settings file."""

    file: str
    exists: bool
    whose: str
