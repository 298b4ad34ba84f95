"""The one screen of a wallboard: a canvas that fills the terminal, and is told what to show."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.events import Resize

from warroom.tui.wall.frame import Picture
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.tight import TightScreen

Draw = Callable[[int, int], Picture]
"""Gives the picture of so many columns and rows."""


class WallScreen(TightScreen[None]):
    """Shows what `draw` gives, again whenever it is asked to; cells that stay as they were are not sent."""

    DEFAULT_CSS = "WallScreen { overflow: hidden; } WallScreen > Canvas { width: 100%; height: 100%; }"

    def __init__(self, draw: Draw) -> None:
        """Nothing is drawn yet."""
        super().__init__()
        self._draw = draw
        self._canvas = Canvas(id="wall")
        self.picture: Picture | None = None

    def compose(self) -> ComposeResult:
        """The canvas alone."""
        yield self._canvas

    def on_mount(self) -> None:
        """Draw for the first time."""
        self.draw()

    def on_resize(self, _: Resize) -> None:
        """Draw for the new size at once."""
        self.draw()

    def draw(self) -> None:
        """Draw what is to be seen now, where that differs from what is seen."""
        width, height = self.size
        if width and height and self.is_mounted:
            self.picture = self._draw(width, height)
            self._canvas.show_lines(self.picture.lines)
