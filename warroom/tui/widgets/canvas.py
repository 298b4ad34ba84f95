"""A widget that shows lines of pieces, and redraws only the cells that differ from what it showed before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import ClassVar

from textual.geometry import Region, Size
from textual.strip import Strip

from warroom.domain.text import cell_width
from warroom.tui.link.patch import Cells, Patcher
from warroom.tui.palette import Depth, depth_of, palette_of, underlined
from warroom.tui.pieces import Line, Role, drawn, fit_line, line_width
from warroom.tui.widgets.lined import Lined, ground_of, strip_of

_JOIN = 4
_MANY = 6
"""Of more pieces that are others it is not looked which of their cells are: those of another incident, mostly all."""


def changed_cells(old: Line, new: Line) -> list[tuple[int, int]]:
    """The runs of cells in which two lines differ: (first, one behind the last), in order.

    Runs that lie nearer than a cursor motion is long are joined.
    """
    if old == new:
        return []
    # Most of a line stays: look at cells only between the first and the last piece that differ.
    start = offset = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        offset += cell_width(old[start][0])
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if end and sum(cell_width(text) for text, _ in middle[0]) != sum(cell_width(text) for text, _ in middle[1]):
        middle = old[start:], new[start:]  # what is behind has moved
    if min(map(len, middle)) > _MANY:
        return [(offset, offset + max(map(line_width, middle)))]
    one, other = _cells(middle[0]), _cells(middle[1])
    size = max(len(one), len(other))
    blank = (" ", Role.TEXT)
    one += [blank] * (size - len(one))
    other += [blank] * (size - len(other))
    runs: list[tuple[int, int]] = []
    for index in range(size):
        if one[index] == other[index]:
            continue
        first, behind = index, index + 1
        # The halves of a wide character are one thing: never begin or end inside one.
        while first and (one[first][0] == "" or other[first][0] == ""):
            first -= 1
        while behind < size and (one[behind][0] == "" or other[behind][0] == ""):
            behind += 1
        if runs and first - runs[-1][1] <= _JOIN:
            runs[-1] = (runs[-1][0], max(behind, runs[-1][1]))
        else:
            runs.append((first, behind))
    return [(first + offset, behind + offset) for first, behind in runs]


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


class Canvas(Lined):
    """Shows `lines`; what is drawn follows the theme. Subclasses decide what the lines are."""

    can_focus = False
    on_selection: ClassVar[bool] = False
    """Whether it is drawn on the background of the selected row."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """An empty canvas."""
        super().__init__(id=id, classes=classes, markup=False)
        self._lines: tuple[Line, ...] = ()
        self._strips: dict[int, Strip] = {}
        self._marked = range(0)
        self._waits = False
        self._patcher = Patcher(self, ground_of)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown now."""
        return self._lines

    def show_lines(self, lines: Sequence[Line], marked: range = range(0)) -> bool:
        """Show these lines, those of `marked` on the background of the selected row; redraws the cells that differ and
        nothing else. True if any did."""
        old, self._lines = self._lines, tuple(map(drawn, lines))
        if marked != self._marked:
            ground, self._marked = {*self._marked} ^ {*marked}, marked
            for y in ground:
                self._strips.pop(y, None)
            self.refresh(*(Region(0, y, self.size.width, 1) for y in ground))
        if not self.is_attached or self.screen not in self.app.screen_stack:
            return self._show_unseen(old)
        cells: list[Cells] = []
        fits = True
        for y in range(max(len(old), len(self._lines))):
            before = old[y] if y < len(old) else ()
            after = self._lines[y] if y < len(self._lines) else ()
            for first, behind in changed_cells(before, after):
                cells.append((y, first, behind))
                self._strips.pop(y, None)
            if before != after:
                most, now = line_width(before), line_width(after)
                fits = fits and now <= self.size.width >= most
                if most > self.size.width >= now:
                    # It did not fit and was cut, after its cells were compared: the mark of that is not in the line.
                    cells.append((y, 0, self.size.width))
                    self._strips.pop(y, None)
        if cells and not (fits and self._patcher.patch(cells, self._whole)):
            self.refresh(*(Region(first, y, behind - first, 1) for y, first, behind in cells))
        return bool(cells)

    def _show_unseen(self, old: tuple[Line, ...]) -> bool:
        """Whole lines are others, on a screen that is drawn as a whole when it is seen."""
        longest = max(len(old), len(self._lines))
        rows = [y for y in range(longest) if old[y : y + 1] != self._lines[y : y + 1]]
        for y in rows:
            self._strips.pop(y, None)
        if rows:
            self.refresh()
        return bool(rows)

    def _selected(self, y: int) -> bool:
        """Whether a line is on the background of the selected row: a whole line, and cells of it that are patched."""
        return self.on_selection or y in self._marked

    def _whole(self, y: int) -> tuple[Line, bool]:
        line = fit_line(self._lines[y] if y < len(self._lines) else (), self.size.width)
        return tuple(underlined(line)) if depth_of(self.app) is Depth.NONE else line, self._selected(y)

    def render_line(self, y: int) -> Strip:
        """One line of the canvas; made once and kept until it or the theme changes."""
        strip = self._strips.get(y)
        if strip is None:
            line = self._lines[y] if y < len(self._lines) else ()
            width = self.size.width
            line, selected = fit_line(line, width), self._selected(y)
            strip = strip_of(line, palette_of(self.app), ground_of(self), selected=selected, width=width)
            self._strips[y] = strip
        return strip

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        other = size != self._size
        if other:
            self._strips.clear()  # lines are padded to the width
        updated = super()._size_updated(size, virtual_size, container_size, layout)
        if other:
            self._waits = False
            self.resized()
        return updated

    def resized(self) -> None:
        """It has another size now, and is about to be drawn with it: a message would come after that picture."""

    @property
    def waits(self) -> bool:
        """Whether it is about to get another size: what is laid out before is laid out in vain."""
        return self._waits

    def await_size(self) -> None:
        """It is about to be resized. Where it is not after all, it is drawn when everything has its place."""
        self._waits = self.call_after_refresh(self._placed)

    def _placed(self) -> None:
        if self._waits:
            self._waits = False
            self.resized()

    def notify_style_update(self) -> None:
        """The theme changed: draw again with its colours."""
        self._strips.clear()
        super().notify_style_update()
