"""What `--json` prints of themes. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape


class ThemeLine(Shape):
    """A theme that there is."""

    name: str
    title: str
    file: str
    shipped: bool
    overrides: str
    dark: bool
    depth: str
    good: bool


class ThemeShown(Shape):
    """A theme with all that it takes over from the one it extends."""

    name: str
    title: str
    file: str
    extends: str
    dark: bool
    depth: str
    contrast: float
    glyphs: str
    colours: dict[str, str]
    roles: dict[str, str]
    layouts: list[str]


class ThemePlace(Shape):
    """A directory in which themes are looked for."""

    directory: str
    exists: bool
    shipped: bool
