"""A widget that shows lines of pieces, and redraws only the cells that differ from what it showed before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from warroom.domain.text import cell_width
from warroom.tui.palette import Palette, palette_of
from warroom.tui.pieces import Line, Role, line_width


def strip_of(line: Line, palette: Palette, *, selected: bool = False) -> Strip:
    """A line as Textual draws it."""
    return Strip([Segment(text, palette.style(role, selected=selected)) for text, role in line], line_width(line))


def changed_cells(old: Line, new: Line) -> tuple[int, int] | None:
    """The first cell that differs between two lines, and one behind the last; None when they look the same."""
    if old == new:
        return None
    one, other = _cells(old), _cells(new)
    size = max(len(one), len(other))
    blank = (" ", Role.TEXT)
    one += [blank] * (size - len(one))
    other += [blank] * (size - len(other))
    first = next((index for index in range(size) if one[index] != other[index]), None)
    if first is None:
        return None
    last = next(index for index in range(size - 1, -1, -1) if one[index] != other[index])
    # The halves of a wide character are one thing: never begin or end inside one.
    while first and (one[first][0] == "" or other[first][0] == ""):
        first -= 1
    while last + 1 < size and (one[last + 1][0] == "" or other[last + 1][0] == ""):
        last += 1
    return first, last + 1


def _cells(line: Line) -> list[tuple[str, Role]]:
    """One entry per cell; the right half of a wide character is empty."""
    return list(chain.from_iterable(_piece_cells(text, role) for text, role in line))


def _piece_cells(text: str, role: Role) -> list[tuple[str, Role]]:
    if text.isascii():
        return [(char, role) for char in text]
    cells: list[tuple[str, Role]] = []
    for char in text:
        width = cell_width(char)
        if width == 0 and cells:  # a mark belongs to the character before it
            last = len(cells) - 1
            while last and cells[last][0] == "":
                last -= 1
            cells[last] = (cells[last][0] + char, role)
        else:
            cells.append((char, role))
            cells.extend([("", role)] * (width - 1))
    return cells


class Canvas(Widget):
    """Shows `lines`; what is drawn follows the theme. Subclasses decide what the lines are."""

    can_focus = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """An empty canvas."""
        super().__init__(id=id, classes=classes, markup=False)
        self._lines: tuple[Line, ...] = ()
        self._strips: dict[int, Strip] = {}

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown now."""
        return self._lines

    def show_lines(self, lines: Sequence[Line]) -> bool:
        """Show these lines; redraws the cells that differ and nothing else. True if any did."""
        old, self._lines = self._lines, tuple(lines)
        regions: list[Region] = []
        for y in range(max(len(old), len(self._lines))):
            changed = changed_cells(
                old[y] if y < len(old) else (), self._lines[y] if y < len(self._lines) else ()
            )
            if changed is not None:
                first, behind = changed
                regions.append(Region(first, y, behind - first, 1))
                self._strips.pop(y, None)
        if regions:
            self.refresh(*regions)
        return bool(regions)

    def render_line(self, y: int) -> Strip:
        """One line of the canvas; made once and kept until it or the theme changes."""
        strip = self._strips.get(y)
        if strip is None:
            line = self._lines[y] if y < len(self._lines) else ()
            strip = self._strips[y] = strip_of(line, palette_of(self.app))
        return strip

    def notify_style_update(self) -> None:
        """The theme changed: draw again with its colours."""
        self._strips.clear()
        super().notify_style_update()
