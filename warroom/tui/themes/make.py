"""From a theme's file to what draws: Textual's theme, and the variables that the palette reads."""

from __future__ import annotations

from collections.abc import Sequence

from textual.color import Color
from textual.theme import Theme

from warroom.tui.palette import DRAWINGS, GROUNDS, Depth, Palette, contrast, parsed, readable, with_rounded
from warroom.tui.themes.look import SELECTION, Look

_TEXTS = ("primary", "secondary", "warning", "error", "success", "accent")

# The sixteen colours as terminals of that kind have them (and as Rich rounds to them).
_ON_BLACK = {
    "primary": "#55ffff", "secondary": "#55ff55", "warning": "#ffff55", "error": "#ff5555", "success": "#55ff55",
    "accent": "#55ffff", "foreground": "#ffffff", "background": "#000000", "surface": "#000000", "panel": "#000000",
}  # fmt: skip
_ON_WHITE = {
    "primary": "#0000aa", "secondary": "#0000aa", "warning": "#aa5500", "error": "#aa0000", "success": "#0000aa",
    "accent": "#0000aa", "foreground": "#000000", "background": "#ffffff", "surface": "#ffffff", "panel": "#ffffff",
}  # fmt: skip
_WELL = 0.1
"""How much of the text's colour is in the ground of a field that is written in."""
_GREY_MOST = 85
"""Up to how many percent of black or white a text is still told from one in the full colour."""
_TERMINALS_OWN = {
    "primary": "ansi_cyan", "secondary": "ansi_blue", "warning": "ansi_yellow", "error": "ansi_bright_red",
    "success": "ansi_green", "accent": "ansi_cyan", "foreground": "ansi_default", "background": "ansi_default",
    "surface": "ansi_default", "panel": "ansi_default",
}  # fmt: skip


def textual_theme(look: Look, depth: Depth = Depth.FULL) -> Theme:
    """The theme for a terminal that allows `depth`; a theme that asks for less gets less."""
    depth = lesser(look.depth, depth)
    if depth in (Depth.ANSI, Depth.NONE):
        return _of_terminal(look, depth)
    colours = dict(look.colours)
    if depth is Depth.SIXTEEN:
        colours = dict(_ON_BLACK if look.dark else _ON_WHITE)
    colours.setdefault("primary", "#0178d4")
    variables = {"warroom-depth": str(depth), "warroom-contrast": f"{look.contrast:g}"}
    if depth is Depth.FULL:
        variables |= {f"warroom-{role}": colour for role, colour in look.roles.items()}
        if (ink := parsed(colours.get("foreground"))) is not None:
            variables["boost"] = ink.with_alpha(_WELL).hex
    plain = _theme(look, colours, variables)
    return _theme(look, colours, variables | _legible(plain, look.contrast, depth))


def lesser(one: Depth, other: Depth) -> Depth:
    """Of two depths the one with fewer colours; the terminal's own count as fewer than sixteen that are named."""
    order = (Depth.NONE, Depth.ANSI, Depth.SIXTEEN, Depth.FULL)
    return min(one, other, key=order.index)


def _theme(look: Look, colours: dict[str, str], variables: dict[str, str]) -> Theme:
    return Theme(name=look.name, dark=look.dark, variables=variables, **colours)  # type: ignore[arg-type]


def _of_terminal(look: Look, depth: Depth) -> Theme:
    colours = dict(_TERMINALS_OWN)
    if depth is Depth.NONE:
        colours = dict.fromkeys(colours, "ansi_default")
    variables = {
        "warroom-depth": str(depth),
        "text-muted": "ansi_default",
        "text-disabled": "ansi_default",
        "foreground-disabled": "ansi_default",
        "border-blurred": "ansi_default",
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        # Which colours they are is not known: what is marked is reversed instead.
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
    }
    return Theme(name=look.name, dark=look.dark, ansi=True, boost="ansi_default", variables=variables, **colours)  # type: ignore[arg-type]


def variables_of(theme: Theme) -> dict[str, str]:
    """All variables of a theme, as an app that shows it has them."""
    return {**theme.to_color_system().generate(), **theme.variables}


def grounds_of(variables: dict[str, str], *, written: bool = True) -> tuple[Color, ...]:
    """Every colour that Textual's own widgets of ours stand on: screens, heads, dialogs, inputs, toasts. Without
    `written` that of a field in which somebody writes is left out: nothing stands there but what is typed."""
    base = [color for name in GROUNDS if (color := parsed(variables.get(name))) is not None]
    grounds = list(base)
    boost, primary = parsed(variables.get("boost")), parsed(variables.get("primary"))
    for ground in base:
        if boost is not None:
            grounds.append(ground + boost)
        if written and primary is not None:
            grounds.append(ground.blend(primary, 0.2, alpha=1.0))
    toast = parsed(variables.get("panel-lighten-1"))
    return with_rounded([*grounds, *([toast] if toast else [])])


def _legible(theme: Theme, least: float, depth: Depth) -> dict[str, str]:
    """Variables of text in Textual's style sheets, each readable wherever it may stand."""
    variables = variables_of(theme)
    grounds, told = grounds_of(variables), grounds_of(variables, written=False)
    least += 0.1  # colours are rounded when they are drawn
    made: dict[str, str] = {}
    for name in _TEXTS:
        color = parsed(variables.get(name)) or grounds[0].inverse
        if depth is Depth.SIXTEEN:
            made[f"text-{name}"] = color.hex
        else:
            made[f"text-{name}"] = readable(color, told, least).hex
    if depth is Depth.SIXTEEN:
        quiet = "#aaaaaa" if theme.dark else "#555555"
        loud, ground = ("#ffffff", "#000000") if theme.dark else ("#000000", "#ffffff")
        return made | {
            "text": loud, "text-muted": quiet, "text-disabled": quiet, "foreground-muted": quiet, "boost": ground,
            "foreground-disabled": quiet,
            "input-selection-background": quiet, "input-selection-foreground": ground, "input-cursor-background": loud,
            "input-cursor-foreground": ground, "panel-lighten-1": ground, "surface-darken-1": ground,
            "block-cursor-background": loud, "block-cursor-foreground": ground,
        }  # fmt: skip
    made["text-muted"] = f"auto {_share(told, least, 66)}%"
    share = _share(grounds, least, 50)
    made["text-disabled"] = f"auto {share}%"
    primary = parsed(variables.get("primary"))
    if share > _GREY_MOST and primary is not None:
        # So much contrast is asked that no grey could be told from what is typed: a hue says it.
        bases = [base for name in GROUNDS if (base := parsed(variables.get(name))) is not None]
        fields = [base.blend(primary, 0.2, alpha=1.0) for base in bases]
        made["text-disabled"] = readable(Color.parse(made["text-primary"]), fields, least).hex
    text = parsed(variables.get("foreground")) or grounds[0].inverse
    made["foreground-muted"] = readable(text.blend(grounds[0], 0.35, alpha=1.0), grounds, least).hex
    # What stands in a field before anything is typed: as quiet as can be read there.
    boost = parsed(variables.get("boost")) or Color(0, 0, 0, 0)
    wells = with_rounded(base + boost for name in GROUNDS if (base := parsed(variables.get(name))) is not None)
    made["foreground-disabled"] = readable(text.blend(wells[0], 0.6, alpha=1.0), wells, least).hex
    marked = grounds[0].blend(parsed(variables["primary"]) or text, 0.4, alpha=1.0)
    made["input-selection-background"] = marked.hex
    made["input-selection-foreground"] = readable(text, marked, least).hex
    made["input-cursor-background"] = text.hex
    made["input-cursor-foreground"] = readable(grounds[0], text, least).hex
    made["block-cursor-background"] = marked.hex
    made["block-cursor-foreground"] = readable(text, marked, least).hex
    return made


def _share(grounds: Sequence[Color], least: float, begin: int) -> int:
    """How many percent of black or white over each ground can be read, at least `begin`."""
    for share in range(begin, 100, 2):
        if all(
            contrast(ground + ground.get_contrast_text(1.0).with_alpha(share / 100), ground) >= least
            for ground in grounds
        ):
            return share
    return 100


def colours_shown(look: Look) -> tuple[tuple[str, Color, Color, float], ...]:
    """Every role as it is drawn at full depth: its name, its colour, what it stands on, their contrast."""
    from warroom.tui.pieces import Role

    palette = Palette(variables_of(textual_theme(look)), Depth.FULL)
    found: list[tuple[str, Color, Color, float]] = []
    for role in Role:
        for selected in (False, True):
            style = palette.style(role, selected=selected)
            if style.color is None or style.color.triplet is None:
                continue
            color = Color(*style.color.triplet)
            own = style.bgcolor.triplet if style.bgcolor is not None else None
            for ground in (Color(*own),) if own else palette.grounds:
                name = f"{role} on {SELECTION}" if selected else str(role)
                found.append((name, color, ground, contrast(color, ground)))
    return tuple(found)


def is_drawing(role: str) -> bool:
    """Whether a role is one of rules and tracks, of which less contrast is asked."""
    return role in {str(each) for each in DRAWINGS}
