"""The scrolling part of the rulebook's screen: one sheet of lines, laid out for the width that it has."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.events import Resize

from warroom.tui.actions.bind import bindings
from warroom.tui.pieces import Line, Role, merged
from warroom.tui.rulebook_ladder import Sheet
from warroom.tui.widgets.canvas import Canvas

_MARGIN = 1
"""Blank cells at both sides."""


class SheetScroll(VerticalScroll, inherit_bindings=False):
    """Shows a sheet and scrolls through it, by lines, by pages, and from entry to entry.

    The keys of a container are not inherited: those that scroll to the side belong to the screen.
    """

    DEFAULT_CSS = """
    SheetScroll { width: 1fr; height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    SheetScroll Canvas { width: 1fr; height: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("sheet")

    def __init__(self, *, id: str | None = None) -> None:
        """Empty until the first sheet."""
        super().__init__(id=id)
        self._layout: Callable[[int], Sheet] | None = None
        self._shown = Sheet(())

    def compose(self) -> ComposeResult:
        """The canvas that is scrolled."""
        yield Canvas()

    @property
    def sheet(self) -> Sheet:
        """What is shown."""
        return self._shown

    def show(self, layout: Callable[[int], Sheet]) -> None:
        """Show what `layout` makes for a width in cells; where it was scrolled to stays."""
        self._layout = layout
        self.draw()

    def draw(self) -> None:
        """Lay out for the width that there is."""
        width = self.scrollable_content_region.width - 2 * _MARGIN
        if self._layout is None or width <= 0:
            return
        self._shown = self._layout(width)
        canvas = self.query_one(Canvas)
        canvas.styles.height = max(1, len(self._shown.lines))
        margin: Line = ((" " * _MARGIN, Role.TEXT),)
        canvas.show_lines([merged((*margin, *line)) for line in self._shown.lines])

    def on_resize(self, event: Resize) -> None:
        """Another width is another layout."""
        self.draw()

    def action_lines(self, by: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=by, animate=False)

    def action_pages(self, by: int) -> None:
        """Scroll by pages, with a line of the one before left in sight."""
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False)

    def action_edge(self, edge: int) -> None:
        """Scroll to the top (0) or to the end (1)."""
        self.scroll_to(y=self.max_scroll_y if edge else 0, animate=False)

    def jump(self, by: int) -> None:
        """Scroll to where the next entry begins, or the one before."""
        heads, here = self._shown.heads, round(self.scroll_y)
        index = bisect_right(heads, here) if by > 0 else bisect_left(heads, here) - 1
        self.scroll_to(y=heads[index] if 0 <= index < len(heads) else 0 if index < 0 else here, animate=False)
