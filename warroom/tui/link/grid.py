"""A screenful of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from warroom.tui.link.pens import blank_of

UNKNOWN: Final = "\0"
"""In place of a character: nobody knows what the terminal shows there."""


class Grid:
    """`height` rows of `width` cells: a character, or "" for the right half of a wide one, and the number of its pen.

    Wide characters are whole or not there: what is written over a half leaves a blank of the other, as on a terminal.
    Blanks have the pen of which only the background can be seen. `touched` has, per row that was written to, the first
    cell and one behind the last.
    """

    def __init__(self, width: int, height: int, fill: str = " ") -> None:
        """Cells that are all the same."""
        self.width, self.height = width, height
        self.chars = [[fill] * width for _ in range(height)]
        self.pens = [[0] * width for _ in range(height)]
        self.touched: dict[int, tuple[int, int]] = {}

    def put(self, y: int, x: int, cells: Sequence[str], pen: int) -> None:
        """Write cells of one pen into a row. What is outside is cut off, wide characters to blanks."""
        if not 0 <= y < self.height or x >= self.width:
            return
        if x < 0:
            cells, x = cells[-x:], 0
        cells = cells[: self.width - x]
        if not cells:
            return
        chars, pens, end = self.chars[y], self.pens[y], x + len(cells)
        blank = blank_of(pen)
        drawn = list(cells)
        if drawn[0] == "":  # cut on its left
            for index in range(next((at for at, cell in enumerate(drawn) if cell != ""), len(drawn))):
                drawn[index] = " "
        first, behind = x, end
        if chars[x] == "":  # what stood here began before
            while first and chars[first] == "":
                first -= 1
            for half in range(first, x):
                chars[half], pens[half] = " ", blank_of(pens[half])
        at = end
        while at < self.width and chars[at] == "":  # or ends behind
            chars[at], pens[at] = " ", blank_of(pens[at])
            at += 1
            behind = at
        chars[x:end] = drawn
        pens[x:end] = [pen] * len(drawn) if blank == pen else [blank if char == " " else pen for char in drawn]
        if end == self.width:
            self._whole_at_the_edge(y)
        known = self.touched.get(y)
        self.touched[y] = (first, behind) if known is None else (min(known[0], first), max(known[1], behind))

    def _whole_at_the_edge(self, y: int) -> None:
        """A wide character whose right half is cut off by the edge of the screen is a blank."""
        chars, pens = self.chars[y], self.pens[y]
        lead = self.width - 1
        while lead and chars[lead] == "":
            lead -= 1
        if not chars[lead].isascii() and cell_len(chars[lead]) > self.width - lead:
            for half in range(lead, self.width):
                chars[half], pens[half] = " ", blank_of(pens[half])
