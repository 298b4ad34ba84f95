"""What `--json` prints of things that are wrong with a file that a person wrote. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class ConfigProblem(Shape):
    """One thing that is wrong with a settings file."""

    file: str
    line: int | None
    column: int | None
    setting: str
    value: str
    what: str
    advice: str
    message: str


class ThemeProblem(Shape):
    """Something that is wrong with a theme, or with the layout beside it."""

    file: str
    line: int | None
    column: int | None
    field: str
    value: str
    what: str
    advice: str
