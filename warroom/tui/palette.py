"""Colours by role, derived from the theme that is active.

Screens speak of roles ("late", "soon", "sev1"), never of colours. A role takes one of the theme's own variables and is
moved away from the background until it can be read; a theme that wants another colour sets the variable
`warroom-<role>`, e.g. `warroom-sev1: "#ff4040"`. With an ANSI theme the terminal's own sixteen colours are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color, ColorParseError

from warroom.tui.pieces import Role


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How a role is made: a theme variable, mixed with another by `share`, readable at `contrast` to one."""

    variable: str
    contrast: float = 4.5
    mix: str = ""
    share: float = 0.0
    bold: bool = False
    reverse: bool = False
    ansi: str = "default"
    dim: bool = False
    on_selection: bool = False
    vivid: bool = False


# WCAG 2.1 asks for 4.5:1 for text; what must be seen first gets more, rules and tracks get less.
_RECIPES: Mapping[Role, _Recipe] = {
    Role.TEXT: _Recipe("foreground", 7.0),
    Role.STRONG: _Recipe("foreground", 9.0, bold=True),
    Role.MUTED: _Recipe("foreground", 4.5, mix="background", share=0.42, dim=True),
    Role.FAINT: _Recipe("foreground", 2.2, mix="background", share=0.68, dim=True),
    Role.ACCENT: _Recipe("primary", 5.0, ansi="cyan"),
    Role.CALM: _Recipe("foreground", 7.0, mix="background", share=0.18),
    Role.OK: _Recipe("success", 5.0, ansi="green"),
    Role.SOON: _Recipe("warning", 7.0, bold=True, ansi="yellow", vivid=True),
    Role.LATE: _Recipe("error", 5.0, bold=True, ansi="bright_red", vivid=True),
    Role.LATE_MUTED: _Recipe("error", 3.0, mix="background", share=0.25, ansi="red"),
    Role.ALARM: _Recipe("error", 4.5, bold=True, reverse=True, ansi="bright_red", vivid=True),
    Role.NOTICE: _Recipe("warning", 6.0, bold=True, reverse=True, ansi="yellow"),
    Role.TAB: _Recipe("foreground", 9.0, bold=True, on_selection=True),
    Role.BAR: _Recipe("primary", 2.4, mix="background", share=0.45, ansi="blue"),
    Role.FRAME: _Recipe("foreground", 1.7, mix="background", share=0.76, dim=True),
    Role.DOT: _Recipe("foreground", 10.0, bold=True),
    Role.SEV1: _Recipe("error", 5.0, bold=True, ansi="bright_red", vivid=True),
    Role.SEV2: _Recipe("error", 6.0, mix="warning", share=0.6, bold=True, ansi="bright_yellow", vivid=True),
    Role.SEV3: _Recipe("warning", 6.0, mix="success", share=0.25, ansi="yellow"),
    Role.SEV4: _Recipe("primary", 5.0, ansi="cyan"),
    Role.SEV5: _Recipe("foreground", 4.5, mix="background", share=0.45, dim=True),
}


_VIVID = 0.85
"""What must be seen first is at least this saturated; many themes' reds are closer to rose."""


class Themed(Protocol):
    """What the palette needs of an app."""

    theme_variables: dict[str, str]

    @property
    def native_ansi_color(self) -> bool: ...


def _contrast(one: Color, other: Color) -> float:
    """WCAG 2.1 contrast ratio, 1 to 21."""

    def luminance(color: Color) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(color: Color, background: Color, contrast: float) -> Color:
    """`color` moved towards white or black, as little as needed, until it stands out by `contrast` to one."""
    target = Color(255, 255, 255) if background.brightness < 0.5 else Color(0, 0, 0)
    for step in range(21):
        moved = color.blend(target, step / 20, alpha=1.0)
        if _contrast(moved, background) >= contrast:
            return moved
    return target


def _parse(value: str | None) -> Color | None:
    if not value:
        return None
    try:
        color = Color.parse(value)
    except ColorParseError:
        return None
    return None if color.ansi is not None or not color.a or value.startswith("auto") else color


class Palette:
    """Rich styles for every role on the active theme, and the background of the selected row."""

    def __init__(self, variables: Mapping[str, str], *, ansi: bool = False) -> None:
        """`variables` are the theme's, as in `App.theme_variables`; with `ansi` only the sixteen colours are used."""
        background = _parse(variables.get("background"))
        self.ansi = ansi or background is None
        self._variables = variables
        self._background = background or Color(0, 0, 0)
        dark = self._background.brightness < 0.5
        self._fallback = {
            "foreground": Color(224, 224, 224) if dark else Color(31, 31, 31),
            "background": self._background,
        }
        self._styles = {role: self._make(role, recipe) for role, recipe in _RECIPES.items()}
        self._selected = {
            role: self._make(role, recipe, self.selection) for role, recipe in _RECIPES.items()
        }

    def style(self, role: Role, *, selected: bool = False) -> Style:
        """The style of a role, on the plain background or on that of the selected row."""
        return (self._selected if selected else self._styles)[role]

    @property
    def selection(self) -> Color:
        """The background of the selected row."""
        own = _parse(self._variables.get("warroom-selection"))
        return own or self._background.blend(self._color("primary"), 0.28, alpha=1.0)

    def _color(self, name: str) -> Color:
        found = _parse(self._variables.get(name))
        if found is None:
            return self._fallback.get(name, self._fallback["foreground"])
        return self._background + found if found.a < 1 else found

    def _make(self, role: Role, recipe: _Recipe, on: Color | None = None) -> Style:
        if recipe.on_selection:
            on = self.selection
        if self.ansi:
            # Sixteen colours: the selected row is marked by its bar and by bold; a background might swallow the text.
            return Style(
                color=recipe.ansi,
                bold=recipe.bold or on is not None,
                dim=recipe.dim and on is None,
                reverse=recipe.reverse or recipe.on_selection,
            )
        color = _parse(self._variables.get(f"warroom-{role}"))
        if color is None:
            color = self._color(recipe.variable)
            if recipe.mix:
                color = color.blend(self._color(recipe.mix), recipe.share, alpha=1.0)
            if recipe.vivid:
                hue, light, saturation = color.hsl.h, color.hsl.l, color.hsl.s
                color = Color.from_hsl(hue, max(saturation, _VIVID), light) if saturation > 0.1 else color
            color = readable(color, on or self._background, recipe.contrast)
        if recipe.reverse:
            text = Color(0, 0, 0) if color.brightness > 0.45 else Color(255, 255, 255)
            return Style(color=_rich(text), bgcolor=_rich(color), bold=True)
        return Style(color=_rich(color), bgcolor=None if on is None else _rich(on), bold=recipe.bold or None)


def _rich(color: Color) -> RichColor:
    return RichColor.from_rgb(*color.rgb)


_latest: tuple[Mapping[str, str], bool, Palette] | None = None


def palette_of(app: Themed) -> Palette:
    """The palette for the app's active theme; made once per theme (Textual makes a new mapping for each)."""
    global _latest
    variables, ansi = app.theme_variables, app.native_ansi_color
    if _latest is None or _latest[0] is not variables or _latest[1] is not ansi:
        _latest = variables, ansi, Palette(variables, ansi=ansi)
    return _latest[2]
