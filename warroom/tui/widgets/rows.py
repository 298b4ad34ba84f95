"""Rows of which one is marked, in as little height as there is."""

from __future__ import annotations

from textual.strip import Strip

from warroom.tui.palette import palette_of
from warroom.tui.pieces import fit_line
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.lined import ground_of, strip_of


class MarkedRows(Canvas):
    """`index` is the marked row, `_top` the first that is in sight. The lines shown are those in sight."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.index = 0
        self._top = 0

    def render_line(self, y: int) -> Strip:
        """One row; the marked one on the background of selected rows."""
        line = fit_line(self._lines[y] if y < len(self._lines) else (), self.size.width)
        return strip_of(line, palette_of(self.app), ground_of(self), selected=self._selected(y))

    def _selected(self, y: int) -> bool:
        return self.has_focus and self._top + y == self.index

    def _keep_in_sight(self, count: int, height: int) -> None:
        """Of `count` rows show others only where the marked one would not be seen, and none behind the last."""
        lowest = max(0, self.index - height + 1)
        self._top = min(max(self._top, lowest), self.index, max(0, count - height))
