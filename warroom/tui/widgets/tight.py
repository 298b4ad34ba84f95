"""Partial screen updates that send only the cells that changed.

Textual redraws a changed region from the left edge of its widget and sets and resets the colours for every piece of
text. On a board whose figures tick every second that is most of what goes over the line. Here a region is cut on both
sides, and a style is only sent where it differs from the one before.

This replaces `render_partial_update` and `_render_chops` of Textual's compositor and a part of
`Screen._compositor_refresh`, which are no public interfaces; the version is pinned, and a test draws the same screen
both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.geometry import Region
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.strip import Strip

from warroom.tui.reads import OnlyRead

RESET = "\x1b[0m"


def whole_cells(strip: Strip, left: int, right: int) -> tuple[int, int]:
    """A run of a strip's cells, moved apart where it would cut a wide character in two: half of one is drawn as a
    blank, and what changes behind a dialog knows nothing of the characters in front."""
    text = strip.text
    if text.isascii():
        return left, right
    at = 0
    for char in text:
        end = at + get_character_cell_size(char)
        if at < left < end:
            left = at
        if at < right < end:
            right = end
        at = end
        if at >= right:
            break
    return left, right


class TightUpdate(CompositorUpdate):
    """The changed cells of some lines, as terminal sequences."""

    def __init__(
        self,
        chops: Sequence[Mapping[int, Strip | None]],
        spans: Sequence[tuple[int, int, int]],
        chop_ends: Sequence[Sequence[int]],
    ) -> None:
        """Per line: strips by their first column, and the columns they end before; `spans` are (y, x1, x2)."""
        self.chops = chops
        self.spans = spans
        self.chop_ends = chop_ends

    def render_segments(self, console: Console) -> str:
        """Sequences that move to each changed run of cells and write it."""
        system = console._color_system or ColorSystem.TRUECOLOR
        out: list[str] = []
        pen = ""  # the style that the terminal is in; "" after a reset
        at: tuple[int, int] | None = None
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, x1), min(end, x2)
                if strip is None or left >= right:
                    continue
                left, right = (x + cell for cell in whole_cells(strip, left - x, right - x))
                if at != (left, y):
                    out.append(f"\x1b[{y + 1};{left + 1}H")
                for text, style, _ in strip.crop(left - x, right - x):
                    before, after = _around(style, system)
                    if after not in ("", RESET):  # a link has to be closed: not carried over
                        out.append(f"{RESET if pen else ''}{before}{text}{after}")
                        pen = ""
                        continue
                    if before != pen:
                        out.append((RESET if pen else "") + before)
                        pen = before
                    out.append(text)
                at = (right, y)
        if pen:
            out.append(RESET)
        return "".join(out)


@lru_cache(maxsize=1024)
def _around(style: Style | None, system: ColorSystem) -> tuple[str, str]:
    """What a style sends before and after a text."""
    if style is None:
        return "", ""
    before, _, after = style.render("\0", color_system=system).partition("\0")
    return before, after


class TightCompositor(Compositor):
    """A compositor whose partial updates are tight."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What Textual would redraw, cut to the cells that changed."""
        update = super().render_partial_update()
        if update is None:
            return None
        return TightUpdate(update.chops, update.spans, update.chop_ends)  # type: ignore[return-value]

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        """What Textual would render, but of each widget only the lines that changed, and nothing of one that is hidden
        behind others there: containers are, mostly."""
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        changed = [y for y in crop.line_range if is_rendered_line(y)]
        for widget, (region, clip) in self.visible_widgets.items():  # those in front first
            seen = region.intersection(clip)
            left, right = seen.column_span
            wanted = []
            for y in changed:
                if seen.y <= y < seen.bottom:
                    cuts = [cut for cut in self.cuts[y] if left <= cut <= right]
                    if any(chops[y][cut] is None for cut in cuts[:-1]):
                        wanted.append((y, cuts))
            if not wanted:
                continue
            top, bottom = wanted[0][0], wanted[-1][0] + 1
            strips = widget.render_lines(Region(seen.x - region.x, top - region.y, seen.width, bottom - top))
            for y, cuts in wanted:
                parts = strips[y - top].divide([cut - left for cut in cuts[1:]])
                for cut, part in zip(cuts, parts, strict=False):
                    if chops[y][cut] is None:
                        chops[y][cut] = part
        return cast("Sequence[Mapping[int, Strip]]", chops)


def _left_to_the_dialog(screen: Screen[Any]) -> bool:
    """Behind a dialog: have the dialog's screen redraw the changed cells. False where there is no dialog in front.

    Textual also marks the screen behind as dirty each time, so that once all of it was redrawn all of it is redrawn
    with every change: 24 kB a second for a clock that ticks behind a form. And it has the dialog's screen itself
    refresh those cells, which makes that screen forget which of its own widgets have changed in the same frame: what
    a dialog shows first could stay blank. So the cells are marked on it, beside what it has to draw.
    """
    app, dirty = screen.app, screen._compositor._dirty_regions
    if screen is app.screen or app.is_inline or screen not in app._background_screens:
        return False
    if dirty:
        front = app.screen
        seen = tuple(filter(None, map(front._compositor.size.region.intersection, dirty)))
        # One that was not laid out yet draws everything when it is.
        if seen and front in front._compositor:
            front._set_dirty(*seen)  # it keeps a picture of what is behind it: that of these cells is old
            front._dirty_widgets.add(front)  # there is something to draw
            front.check_idle()
        dirty.clear()
        screen._dirty_widgets.clear()
    return True


class TightScreen(Screen[ScreenResultType]):
    """A screen with tight updates, also where it is seen behind a dialog."""

    def __init__(self) -> None:
        """An empty screen."""
        super().__init__()
        self._compositor = TightCompositor()
        self.reading = 0  # what a key of this screen will open is being read: so many times

    def _compositor_refresh(self) -> None:
        if not _left_to_the_dialog(self):
            super()._compositor_refresh()


class TightModalScreen(ModalScreen[ScreenResultType]):
    """The same for dialogs. (No subclass of the one above: that would hide the style sheet of `ModalScreen`.)"""

    def __init__(self) -> None:
        """An empty dialog."""
        super().__init__()
        self.only_read = OnlyRead()  # why nothing can be changed from it; set before it is opened
        self._compositor = TightCompositor()
        self.reading = 0  # what a key of this screen will open is being read: so many times

    def _compositor_refresh(self) -> None:
        if not _left_to_the_dialog(self):
            super()._compositor_refresh()

    def titled(self, title: str) -> str:
        """A title of this dialog, which says so where it shows the past or a room that may only be read."""
        return f"{self.only_read.mark} · {title}" if self.only_read.mark else title
