"""A theme of one's own to begin with, as text: everything that can be said stands in it, behind a #."""

from __future__ import annotations

from warroom.tui.palette import Depth
from warroom.tui.themes.look import COLOURS, REVERSED, ROLES, SELECTION, Look
from warroom.tui.themes.make import colours_shown

_MEANINGS = {
    "text": "what is read",
    "strong": "names, and what is open",
    "muted": "what is there for reference",
    "faint": "rules and tracks, never text",
    "accent": "keys, and titles of panels",
    "calm": "a deadline that is far away",
    "ok": "done, acknowledged, in time",
    "soon": "due in a moment",
    "late": "late now, the worst of it",
    "late-muted": "was late once, or is not the worst",
    "alarm": "reversed: nobody is left to page, no engine",
    "notice": "reversed: drill, read-only",
    "tab": "the panel that is open",
    "bar": "towards a deadline, never text",
    "frame": "rules between panels, never text",
    "dot": "an update on the timeline",
    "cursor": "reversed: what the cursor stands on",
    SELECTION: "the ground of the selected row",
}


def theme_text(name: str, base: Look) -> str:
    """The file of a theme that extends another one, whose colours it names."""
    lines = [
        "# A theme for warroom. Take away the # before what you want to change; docs/themes.md tells of each.",
        f"name: {name}",
        f"title: {name.replace('-', ' ')}",
        f"extends: {base.name}",
        f"dark: {'yes' if base.dark else 'no'}",
        "# contrast: 4.5   # the least of all text; 7 is the highest level of WCAG 2.1",
        "# glyphs: plain   # rich or plain; without it as the terminal can",
        "# depth: full     # full, 16, ansi (the terminal's own colours) or none",
    ]
    if base.depth is not Depth.FULL:
        return "\n".join([*lines, ""])
    lines.append("colours:")
    lines += [f'  {each}: "{base.colours[each]}"' for each in COLOURS if each in base.colours]
    lines.append("roles:")
    shown = colours_shown(base)
    drawn = {role: (ground if role in REVERSED else color).hex6.lower() for role, color, ground, _ in shown}
    for role in ROLES:
        colour = base.roles.get(role) or drawn.get(role)
        if colour is None:
            continue
        mark = "  " if role in base.roles else "  # "
        line = f'{mark}{role}: "{colour}"'
        lines.append(f"{line:<28}# {_MEANINGS[role]}" if role in _MEANINGS else line)
    if not base.roles:
        lines[lines.index("roles:")] = "# roles:"
    return "\n".join([*lines, ""])


def layout_text() -> str:
    """The file of a layout that changes nothing yet."""
    return """/* Another layout of the board. It counts for more than warroom's own; take away what you do not want.
   The parts: #header #head #list #bar #lower #tabs #left #upper #roles #escalation #communications #record #keys
   See docs/themes.md. */

/* The record at the right, a third of the screen, on wide terminals:
BoardScreen.-wide #record { width: 33%; }
*/

/* No roles, and the escalation over the whole width:
#roles { display: none; }
*/

/* A higher gap timeline:
#communications { height: 12; }
*/
"""
