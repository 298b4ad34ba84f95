"""What is seen of a screen behind a dialog: only those of its lines that are to be drawn.

Textual has all of the screen behind drawn for every change on it or in front of it, and each of its cells coloured
anew: a countdown that ticks behind a form costs as much as a new screen.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from rich.segment import Segment
from rich.style import Style
from textual._context import visible_screen_stack
from textual.color import Color
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from warroom.tui.link.patch import styled
from warroom.tui.link.probe import unfit

_NONE: Final = Style()


@lru_cache(maxsize=8192)
def _dimmed(style: Style | None, over: Color) -> Style:
    """A style behind a veil of this colour."""
    plain = _NONE if style is None else style.clear_meta_and_links()
    if over.a == 0:
        return plain
    fore = (Color.from_rich_color(plain.color) + over).rich_color if plain.color is not None else None
    back = (Color.from_rich_color(plain.bgcolor) + over).rich_color if plain.bgcolor is not None else None
    return plain + Style.from_color(fore, back)


def seen_behind(screen: Screen[Any], crop: Region) -> list[Strip] | None:
    """The lines of a part of a dialog's own ground: what is behind it, dimmed. None where Textual has to draw it."""
    app, veil = screen.app, screen.styles.background
    if unfit() or veil.a == 1 or styled(screen) or app.is_inline:
        return None
    stack = app.screen_stack
    at = stack.index(screen) if screen in stack else 0
    if not at:
        return None
    under = stack[at - 1]
    behind = under._compositor
    if behind.size != screen.size or screen.text_selection is not None:
        return None
    if screen.styles.content_align != ("left", "top"):
        return None
    waiting = visible_screen_stack.get(None)
    if waiting and waiting[-1] is under:
        waiting.pop()  # as Textual does: the next one is what is behind that
    chops = behind._render_chops(Region(0, crop.y, screen.size.width, crop.height), lambda _: True)
    _, ground = screen.background_colors
    width, filters, found = screen.size.width, screen.get_line_filters(), []
    inner = Style(bgcolor=ground.rich_color)
    for y in crop.line_range:
        strip = Strip([Segment(text, _dimmed(style, veil)) for part in chops[y].values() for text, style, _ in part])
        strip = strip.adjust_cell_length(width, inner)
        for each in filters:
            strip = strip.apply_filter(each, ground)
        found.append(strip if crop.column_span == (0, width) else strip.crop(*crop.column_span))
    return found
