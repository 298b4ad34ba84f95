"""Colours by role, derived from the theme that is active.

Screens speak of roles ("late", "soon", "sev1"), never of colours. A role takes one of the theme's own variables and is
moved away from the grounds that text stands on until it can be read on every one of them; a theme that wants another
colour sets the variable `warroom-<role>`, e.g. `warroom-sev1: "#ff4040"`. With an ANSI theme the terminal's own sixteen
colours are used; on a terminal with sixteen colours those that survive being rounded to them; with NO_COLOR none at
all. Which of these it is can be asked for by the variable `warroom-depth`, and more contrast by `warroom-contrast`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache, partial
from typing import Protocol

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual.color import Color, ColorParseError

from warroom.tui.pieces import Role
from warroom.valueclass import dataclass


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
    sixteen: str = "white"  # which of white, grey and dark stands for "default" where there are sixteen colours
    dim: bool = False
    on_selection: bool = False
    vivid: bool = False
    drawing: bool = False  # rules and tracks: it carries no text, so that less contrast will do


# WCAG 2.1 asks for 4.5:1 for text; what must be seen first gets more, rules and tracks get less.
_RECIPES: Mapping[Role, _Recipe] = {
    Role.TEXT: _Recipe("foreground", 7.0),
    Role.STRONG: _Recipe("foreground", 9.0, bold=True),
    Role.MUTED: _Recipe("foreground", 4.6, mix="background", share=0.42, dim=True, sixteen="grey"),
    Role.FAINT: _Recipe("foreground", 2.2, mix="background", share=0.68, dim=True, sixteen="dark", drawing=True),
    Role.ACCENT: _Recipe("primary", 5.0, ansi="cyan"),
    Role.CALM: _Recipe("foreground", 7.0, mix="background", share=0.18, sixteen="grey"),
    Role.OK: _Recipe("success", 5.0, ansi="green"),
    Role.SOON: _Recipe("warning", 7.0, bold=True, ansi="yellow", vivid=True),
    Role.LATE: _Recipe("error", 5.0, bold=True, ansi="bright_red", vivid=True),
    Role.LATE_MUTED: _Recipe("error", 4.6, mix="background", share=0.25, ansi="red"),
    Role.ALARM: _Recipe("error", 4.6, bold=True, reverse=True, ansi="bright_red", vivid=True),
    Role.NOTICE: _Recipe("warning", 6.0, bold=True, reverse=True, ansi="yellow"),
    Role.TAB: _Recipe("foreground", 9.0, bold=True, on_selection=True),
    Role.BAR: _Recipe("primary", 2.4, mix="background", share=0.45, ansi="blue", drawing=True),
    Role.FRAME: _Recipe("foreground", 1.7, mix="background", share=0.76, dim=True, sixteen="dark", drawing=True),
    Role.DOT: _Recipe("foreground", 10.0, bold=True),
    Role.SEV1: _Recipe("error", 5.0, bold=True, ansi="bright_red", vivid=True),
    Role.SEV2: _Recipe("error", 6.0, mix="warning", share=0.6, bold=True, ansi="bright_yellow", vivid=True),
    Role.SEV3: _Recipe("warning", 6.0, mix="success", share=0.25, ansi="yellow"),
    Role.SEV4: _Recipe("primary", 5.0, ansi="cyan"),
    Role.SEV5: _Recipe("foreground", 4.6, mix="background", share=0.45, dim=True, sixteen="grey"),
    # Neither red nor amber, which are kept for what is late and for gaps.
    Role.WHO1: _Recipe("primary", 5.0, ansi="cyan"),
    Role.WHO2: _Recipe("success", 5.0, ansi="green"),
    Role.WHO3: _Recipe("primary", 5.0, mix="error", share=0.6, ansi="magenta"),
    Role.WHO4: _Recipe("foreground", 9.0, ansi="default"),
    Role.WHO5: _Recipe("success", 5.0, mix="primary", share=0.5, ansi="bright_blue"),
    Role.WHO6: _Recipe("foreground", 5.0, mix="primary", share=0.55, ansi="bright_cyan"),
    Role.CURSOR: _Recipe("foreground", 9.0, bold=True, reverse=True),
}

DRAWINGS = frozenset(role for role, recipe in _RECIPES.items() if recipe.drawing)
"""Roles of rules, tracks and bars: never of text."""
_UNDERLINED = frozenset({Role.LATE})

DRAWN = 1.7
"""The least contrast of these to what they stand on."""
READABLE = 4.5
"""The least contrast of text, by WCAG 2.1 (AA)."""
GROUNDS = ("background", "panel", "surface", "surface-darken-1")
"""The variables of what text in roles stands on: screens, their heads and key bars, dialogs, the past."""


# The sixteen colours as Rich rounds to them (rich._palettes.STANDARD_PALETTE), under the names of ours.
_STANDARD: Mapping[str, RichColor] = {
    name: RichColor.from_rgb(*rgb)
    for name, rgb in {
        "black": (0, 0, 0), "red": (170, 0, 0), "green": (0, 170, 0), "yellow": (170, 85, 0),
        "blue": (0, 0, 170), "magenta": (170, 0, 170), "cyan": (0, 170, 170),
        "grey": (170, 170, 170), "dark": (85, 85, 85), "white": (255, 255, 255),
        "bright_red": (255, 85, 85), "bright_green": (85, 255, 85), "bright_yellow": (255, 255, 85),
        "bright_blue": (85, 85, 255), "bright_magenta": (255, 85, 255), "bright_cyan": (85, 255, 255),
    }.items()
}  # fmt: skip

_ON_WHITE: Mapping[str, str] = {
    "white": "black", "grey": "dark", "green": "blue", "cyan": "blue", "yellow": "yellow",
}  # fmt: skip
"""What can be read on white in place of what cannot."""

_VIVID = 0.85
"""What must be seen first is at least this saturated; many themes' reds are closer to rose."""


MARKS = frozenset("·▷▸◂□▏▕")
"""Small marks between words and on lines, which are seen and not read."""


def is_read(char: str) -> bool:
    """Whether a character is to be read; lines, blocks and the small marks among them are only seen."""
    return not char.isspace() and not 0x2500 <= ord(char) <= 0x259F and char not in MARKS


@lru_cache(maxsize=4096)
def _has_text(text: str) -> bool:
    return any(map(is_read, text))


def legible(text: str, role: Role) -> Role:
    """The role in which a text is drawn: one that is for rules and tracks alone never has anything to be read."""
    return Role.MUTED if role in DRAWINGS and _has_text(text) else role


def underlined(line: Iterable[tuple[str, Role]]) -> Iterator[tuple[str, Role]]:
    """A line where lateness is an underline: only what is read has it, not the blanks around it, nor rules and large
    figures, which it would cross out."""
    for text, role in line:
        if role not in _UNDERLINED:
            yield text, role
            continue
        read = [at for at, char in enumerate(text) if is_read(char)]
        first, behind = (read[0], read[-1] + 1) if read else (len(text), len(text))
        parts = ((text[:first], Role.STRONG), (text[first:behind], role), (text[behind:], Role.STRONG))
        yield from (part for part in parts if part[0])


class Depth(StrEnum):
    """Which colours a palette may use."""

    FULL = "full"
    SIXTEEN = "sixteen"  # the terminal has sixteen: what is sent is rounded to them by Rich
    ANSI = "ansi"  # the theme asks for the terminal's own sixteen, whatever they look like there
    NONE = "none"


class Themed(Protocol):
    """What the palette needs of an app."""

    theme_variables: dict[str, str]
    no_color: bool
    console: Console

    @property
    def native_ansi_color(self) -> bool:
        """Whether the theme is made of the terminal's own colours."""
        ...


def contrast(one: Color, other: Color) -> float:
    """WCAG 2.1 contrast ratio, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)
def _luminance(color: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def readable(color: Color, grounds: Color | Iterable[Color], ratio: float) -> Color:
    """`color` moved towards white or black, as little as needed, until it stands out from each of the grounds by
    `ratio` to one; white or black where nothing does."""
    on = (grounds,) if isinstance(grounds, Color) else tuple(grounds)
    white, black = Color(255, 255, 255), Color(0, 0, 0)
    target = max((white, black), key=lambda end: min(contrast(end, each) for each in on))
    for step in range(21):
        moved = color.blend(target, step / 20, alpha=1.0)
        if all(contrast(moved, each) >= ratio for each in on):
            return moved
    return target


def with_rounded(grounds: Iterable[Color]) -> tuple[Color, ...]:
    """The grounds, and what a terminal with 256 colours draws in their place."""
    on = tuple(grounds)
    rounded = (Color(*each.rich_color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()) for each in on)
    return tuple(dict.fromkeys((*on, *rounded)))


def parsed(value: str | None) -> Color | None:
    """A colour as a theme writes it; None where it is none, or no fixed one (the terminal's own, transparent, auto)."""
    if not value:
        return None
    try:
        color = Color.parse(value)
    except ColorParseError:
        return None
    return None if color.ansi is not None or not color.a or value.startswith("auto") else color


class Palette:
    """Rich styles for every role on the active theme, and the background of the selected row."""

    def __init__(self, variables: Mapping[str, str], depth: Depth = Depth.FULL) -> None:
        """`variables` are the theme's, as in `App.theme_variables`."""
        background = parsed(variables.get("background"))
        self.depth = Depth.ANSI if background is None and depth is Depth.FULL else depth
        self._variables = variables
        self._background = background or Color(0, 0, 0)
        self._dark = self._background.brightness < 0.5
        self._least = least_of(variables)
        rounded = self._background.rich_color.downgrade(ColorSystem.STANDARD).number
        self._ground_is_dark_grey = rounded == _STANDARD["dark"].downgrade(ColorSystem.STANDARD).number
        self._fallback = {
            "foreground": Color(224, 224, 224) if self._dark else Color(31, 31, 31),
            "background": self._background,
        }
        self.grounds = tuple(dict.fromkeys(self._color(name) for name in GROUNDS if parsed(variables.get(name)))) or (
            self._background,
        )
        self._styles = {
            selected: {role: self._make(role, recipe, selected) for role, recipe in _RECIPES.items()}
            for selected in (False, True)
        }
        self._on: dict[tuple[Style, Role, bool], Style] = {}

    def style_on(self, ground: Style, role: Role, *, selected: bool = False) -> Style:
        """The style of a role on the background of a widget."""
        found = self._on.get((ground, role, selected))
        if found is None:
            found = self._on[ground, role, selected] = ground + self.style(role, selected=selected)
        return found

    def style(self, role: Role, *, selected: bool = False) -> Style:
        """The style of a role, on the plain background or on that of the selected row."""
        return self._styles[selected][role]

    @property
    def selection(self) -> Color:
        """The background of the selected row."""
        own = parsed(self._variables.get("warroom-selection"))
        return own or self._background.blend(self._color("primary"), 0.28, alpha=1.0)

    def _color(self, name: str) -> Color:
        found = parsed(self._variables.get(name))
        if found is None:
            return self._fallback.get(name, self._fallback["foreground"])
        return self._background + found if found.a < 1 else found

    def _make(self, role: Role, recipe: _Recipe, selected: bool) -> Style:
        selected = selected or recipe.on_selection
        match self.depth:
            case Depth.NONE:
                # What may be too weak to be seen is not used: no dim text. What is late is underlined besides, and so
                # is the cursor, since what it stands on may be reversed itself.
                return Style(
                    bold=recipe.bold or selected,
                    underline=role in _UNDERLINED or role is Role.CURSOR,
                    reverse=recipe.reverse or recipe.on_selection,
                )
            case Depth.ANSI:
                # A background might swallow the text: the selected row is marked by its bar and by bold.
                return Style(
                    color=recipe.ansi,
                    bold=recipe.bold or selected,
                    dim=recipe.dim and not selected,
                    reverse=recipe.reverse or recipe.on_selection,
                )
            case Depth.SIXTEEN:
                return self._sixteen(recipe, selected)
        own = parsed(self._variables.get(f"warroom-{role}"))
        ratio = recipe.contrast if recipe.drawing else max(recipe.contrast, self._least)
        color = own
        if color is None:
            color = self._color(recipe.variable)
            if recipe.mix:
                color = color.blend(self._color(recipe.mix), recipe.share, alpha=1.0)
            if recipe.vivid and (hsl := color.hsl).s > 0.1:
                color = Color.from_hsl(hsl.h, max(hsl.s, _VIVID), hsl.l)
        if recipe.reverse:
            text = max((Color(0, 0, 0), Color(255, 255, 255)), key=partial(contrast, color))
            ground = readable(color, text, max(READABLE, self._least))
            return Style(color=_rich(text), bgcolor=_rich(ground), bold=True)
        if own is None or selected:
            # A colour that the theme names stands as it is; the row that is selected has another ground than it knew.
            least = min(ratio, max(READABLE, self._least)) if own is not None and not recipe.drawing else ratio
            color = readable(color, with_rounded((self.selection,) if selected else self.grounds), least)
        return Style(color=_rich(color), bgcolor=_rich(self.selection) if selected else None, bold=recipe.bold or None)

    def _sixteen(self, recipe: _Recipe, selected: bool) -> Style:
        if recipe.ansi == "default":
            name = recipe.sixteen
        else:
            name = recipe.ansi.removeprefix("bright_")
            name = f"bright_{name}" if self._dark else name
        if not self._dark:
            name = _ON_WHITE.get(name, name)
        elif name == "bright_blue":
            # Blue on black is below what text needs, and a surface of it louder than the red beside it.
            name = "dark" if recipe.drawing else "bright_cyan"
        if self._ground_is_dark_grey and name == "dark":
            name = "grey"
        # As with an ANSI theme no background for the selected row: red on blue cannot be read.
        if recipe.reverse or recipe.on_selection:
            return Style(color=_STANDARD["black" if self._dark else "white"], bgcolor=_STANDARD[name], bold=True)
        return Style(color=_STANDARD[name], bold=recipe.bold or selected)


def _rich(color: Color) -> RichColor:
    return RichColor.from_rgb(*color.rgb)


_latest: tuple[Mapping[str, str], Depth, Palette] | None = None


def depth_of(app: Themed) -> Depth:
    """Which colours the app's theme and terminal allow."""
    asked = app.theme_variables.get("warroom-depth")
    if app.no_color or asked == Depth.NONE:
        return Depth.NONE
    if app.native_ansi_color:
        return Depth.ANSI
    if asked == Depth.SIXTEEN or app.console.color_system in ("standard", "windows"):
        return Depth.SIXTEEN
    return Depth.FULL


def least_of(variables: Mapping[str, str]) -> float:
    """The contrast that a theme asks for, for all of its text."""
    try:
        return max(READABLE, float(variables.get("warroom-contrast", READABLE)))
    except ValueError:
        return READABLE


def palette_of(app: Themed) -> Palette:
    """The palette for the app's active theme; made once per theme (Textual makes a new mapping for each)."""
    global _latest
    variables, depth = app.theme_variables, depth_of(app)
    if _latest is None or _latest[0] is not variables or _latest[1] is not depth:
        _latest = variables, depth, Palette(variables, depth)
    return _latest[2]
