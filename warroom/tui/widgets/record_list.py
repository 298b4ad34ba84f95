"""The record of one incident as a list: newest at the bottom, read in pages as it is scrolled back, however long it is.

Rows are made only when they are seen; of what is not seen only the height is known. It stays at the bottom while new
entries come, and where it is once somebody has scrolled away or filters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from warroom.tui import record_rows
from warroom.tui.actions.bind import bindings
from warroom.tui.palette import palette_of
from warroom.tui.pieces import Line, fit_line
from warroom.tui.record_rows import RecordColumns
from warroom.tui.widgets.lined import Scrolled, ground_of, strip_of
from warroom.views import RecordLine, RecordPage

_KEPT = 1_000
"""Strips that are kept; a screen has far fewer rows."""
MANY = 1_000
"""Entries in a page where all of the record is wanted, for a filter or its beginning."""


class RecordList(Scrolled, can_focus=True, inherit_bindings=False):
    """Lines of the record; it is given pages and asks for older ones."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("record")

    DEFAULT_CSS = """
    RecordList { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """

    class Wanted(Message):
        """Entries before entry `before` are wanted, at most `most` of them."""

        def __init__(self, before: int, most: int) -> None:
            super().__init__()
            self.before = before
            self.most = most

    class Opened(Message):
        """An entry is to be read in full."""

        def __init__(self, line: RecordLine) -> None:
            super().__init__()
            self.line = line

    class Arranged(Message):
        """How much is shown changed, so that the rule over the list can follow."""

    def __init__(self, *, id: str | None = None) -> None:
        """An empty list; `show_page` fills it."""
        super().__init__(id=id)
        self._all: list[RecordLine] = []
        self._shown: list[RecordLine] = []
        self._first, self._last = 1, 0  # the entries that are known, whether or not they have anything to show
        self._accepts: Callable[[RecordLine], bool] | None = None
        self._columns = RecordColumns.fitting(80)
        self._heights: list[int] = []
        self._tops: list[int] = [0]  # the first row of each shown entry, and the row behind the last one
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        self._cursor: int | None = None  # the number of the entry; None: the newest, whichever that is
        self._asked = False
        self._to_first = False
        self._stuck = True  # at the bottom, and to stay there

    # ---- what it shows

    @property
    def known(self) -> Sequence[RecordLine]:
        """All lines that have been read, whatever the filter."""
        return self._all

    @property
    def shown(self) -> Sequence[RecordLine]:
        """The lines that pass the filter."""
        return self._shown

    @property
    def first(self) -> int:
        """The number of the first entry that is known."""
        return self._first

    @property
    def complete(self) -> bool:
        """Whether the record has been read back to its beginning."""
        return self._first <= 1

    @property
    def below(self) -> int:
        """How many shown entries are out of sight below."""
        if not self.size.height or self._stuck:
            return 0
        return len(self._shown) - self._entry_at(self.scroll_offset.y + self.size.height - 1) - 1

    @property
    def selected(self) -> RecordLine | None:
        """The line that the cursor stands on."""
        at = self._cursor_index()
        return self._shown[at] if at is not None else None

    def clear(self, *, keep_place: bool = False) -> None:
        """Forget everything, as before the first page."""
        self._all, self._first, self._last, self._asked = [], 1, 0, False
        if not keep_place:
            self._cursor, self._stuck, self._to_first = None, True, False
        self._arrange()

    def show_page(self, page: RecordPage) -> None:
        """Take in a page: the first one, one that follows what is known, or one before it. Entries that are known
        already are not shown twice; where entries between would be missing the list begins anew with this page."""
        if not self._all and self._last < self._first:
            self._all, self._first, self._last = list(page.lines), page.first, page.last
            self._arrange()
        elif page.last >= self._first - 1 and page.first < self._first:
            fresh = [line for line in page.lines if line.version < self._first]
            self._all[:0], self._first, self._asked = fresh, page.first, False
            self._prepend([line for line in fresh if self._passes(line)])
        elif page.first <= self._last + 1:
            fresh = [line for line in page.lines if line.version > self._last]
            self._last = max(self._last, page.last)
            if fresh:
                self._all += fresh
                self._append([line for line in fresh if self._passes(line)])
        elif page.first > self._last:
            self.clear(keep_place=True)
            self.show_page(page)
            return
        self._look_back()

    def filter(self, accepts: Callable[[RecordLine], bool] | None) -> None:
        """Show only what `accepts`; None shows all. All of the record is read for it."""
        self._accepts = accepts
        self._cursor, self._stuck, self._to_first = None, True, False
        self._arrange()
        self._look_back()

    def _passes(self, line: RecordLine) -> bool:
        return self._accepts is None or self._accepts(line)

    # ---- arranging

    @property
    def _lead(self) -> int:
        """Rows over the first entry: one says that there is more."""
        return 0 if self.complete else 1

    def _arrange(self) -> None:
        """Begin anew with what is known."""
        self._shown = [line for line in self._all if self._passes(line)]
        self._heights = self._measured(self._shown, None)
        self._placed()
        self._strips.clear()
        self._keep()
        self.refresh()

    def _measured(self, lines: Sequence[RecordLine], before: RecordLine | None) -> list[int]:
        heights = []
        day = record_rows.date_of(before) if before is not None else None
        for line in lines:
            mine = record_rows.date_of(line)
            heights.append(record_rows.height(line, self._columns) + (mine != day))
            day = mine
        return heights

    def _placed(self) -> None:
        """Follow the heights: first rows, size, and what is said about it."""
        self._tops = list(accumulate(self._heights, initial=self._lead))
        size = Size(max(1, self.size.width), max(1, self._tops[-1]))
        self.lengthen(size)
        self.post_message(self.Arranged())

    def _append(self, lines: list[RecordLine]) -> None:
        if not lines:
            self.post_message(self.Arranged())
            return
        self._heights += self._measured(lines, self._shown[-1] if self._shown else None)
        self._shown += lines
        self._placed()
        self._keep()
        self.refresh()

    def _prepend(self, lines: list[RecordLine]) -> None:
        """What stood on a row of the widget stays there."""
        if not lines:
            # The row that says that there is more may have gone.
            shift = -self._tops[0]
        else:
            shift = -self._tops[0]
            old = self._shown[0] if self._shown else None
            self._heights[:0] = self._measured(lines, None)
            if old is not None:
                again = self._measured([old], lines[-1])[0]
                shift += again - self._heights[len(lines)]
                self._heights[len(lines)] = again
                self._forget(old.version)
            self._shown[:0] = lines
            shift += sum(self._heights[: len(lines)])
        self._placed()
        shift += self._tops[0]
        if self._to_first and self.complete:
            self._to_first = False
            self.action_first()
        elif self._stuck:
            self._keep()
        elif shift:
            self._scroll(self.scroll_offset.y + shift)
        self.refresh()

    def _forget(self, version: int) -> None:
        for key in [key for key in self._strips if key[0] == version]:
            del self._strips[key]

    def _keep(self) -> None:
        """Stay at the bottom, if that is where it was."""
        if self._stuck:
            self._scroll(self._tops[-1])

    def _scroll(self, y: int) -> None:
        if self.size.height:  # else `on_resize` does it
            self.scroll_to(y=min(max(0, y), self._most_y), animate=False, force=True)

    @property
    def _most_y(self) -> int:
        return max(0, self._tops[-1] - self.size.height)

    def _look_back(self) -> None:
        """Ask for older entries before somebody gets there."""
        if self.complete or self._asked or not self.size.height or (not self._all and self._last < self._first):
            return
        all_of_it = self._accepts is not None or self._to_first
        if all_of_it or self.scroll_offset.y < 3 * self.size.height:
            self._asked = True
            self.post_message(self.Wanted(self._first, MANY if all_of_it else 0))

    # ---- drawing

    def _entry_at(self, row: int) -> int:
        """The index of the shown entry that has this row of the whole list; -1 above the first."""
        return min(bisect_right(self._tops, row) - 1, len(self._shown) - 1)

    def render_line(self, y: int) -> Strip:
        """One row: made when it is seen first."""
        row = self.scroll_offset.y + y
        at = self._entry_at(row)
        if at < 0 or row >= self._tops[-1]:
            return self._strip(self._note(row), selected=False)
        line = self._shown[at]
        selected = self.has_focus and self._cursor_index() == at
        key = line.version, row - self._tops[at], selected
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= _KEPT:
                self._strips.clear()
            drawn = record_rows.rows(line, self._columns, selected=selected)
            head = self._heights[at] - len(drawn)
            if head:
                day = self._strip(record_rows.heading(line.at, self._columns), selected=False)
                self._strips[line.version, 0, selected] = day
            for number, each in enumerate(drawn):
                self._strips[line.version, head + number, selected] = self._strip(each, selected=selected)
            strip = self._strips[key]
        return strip

    def _strip(self, line: Line, *, selected: bool) -> Strip:
        width = self.scrollable_content_region.width
        return strip_of(fit_line(line, width), palette_of(self.app), ground_of(self), selected=selected)

    def _note(self, row: int) -> Line:
        """What stands where there is no entry."""
        if row > 0 or (self._shown and row >= self._tops[-1]):
            return ()
        return record_rows.instead(len(self._all), complete=self.complete)

    def notify_style_update(self) -> None:
        """The theme changed: draw again with its colours."""
        self._strips.clear()
        super().notify_style_update()

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the new width; what stood at the top stays there."""
        columns = RecordColumns.fitting(max(20, self.scrollable_content_region.width))
        top = self._entry_at(self.scroll_offset.y)
        if columns != self._columns:
            self._columns = columns
            self._heights = self._measured(self._shown, None)
            self._strips.clear()
        self._placed()
        if self._stuck:
            self._keep()
        elif 0 <= top < len(self._shown):
            self._scroll(self._tops[top])
        self._look_back()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Somebody scrolled: stay there from now on, unless that is the bottom."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._stuck = round(new_value) >= self._most_y
            self._look_back()
            self.post_message(self.Arranged())

    def watch_has_focus(self, value: bool) -> None:
        """The cursor shows only where keys go."""
        super().watch_has_focus(value)
        self.refresh()

    # ---- the cursor

    def _cursor_index(self) -> int | None:
        if not self._shown:
            return None
        if self._cursor is None:
            return len(self._shown) - 1
        low, high = 0, len(self._shown) - 1
        while low < high:
            middle = (low + high) // 2
            if self._shown[middle].version < self._cursor:
                low = middle + 1
            else:
                high = middle
        return low

    def _select(self, index: int) -> None:
        if not self._shown:
            return
        index = min(max(0, index), len(self._shown) - 1)
        newest = index == len(self._shown) - 1
        self._cursor = None if newest else self._shown[index].version
        top, behind = self._tops[index], self._tops[index + 1]
        if index == 0:
            top = 0  # with what is said over it
        y = self.scroll_offset.y
        if newest:
            self._stuck = True
            self._scroll(behind)
        elif top < y:
            self._scroll(top)
        elif behind > y + self.size.height:
            self._scroll(behind - self.size.height)
        self.refresh()

    def action_move(self, by: int) -> None:
        """Go to the next entry, or the one before."""
        at = self._cursor_index()
        if at is not None:
            self._select(at + by)

    def action_page(self, direction: int) -> None:
        """Go a screenful on: to the entry that stands there."""
        at = self._cursor_index()
        if at is None:
            return
        row = self._tops[at] + direction * max(1, self.size.height - 1)
        target = self._entry_at(min(max(row, self._lead), self._tops[-1] - 1))
        self._select(target if target != at else at + direction)

    def action_first(self) -> None:
        """Go to the beginning of the record, which is read first where it is not known yet."""
        if self.complete:
            self._select(0)
        else:
            self._to_first = True
            self._look_back()

    def action_last(self) -> None:
        """Go to the newest entry, and follow."""
        self._to_first = False
        self._select(len(self._shown) - 1)

    def action_open(self) -> None:
        """Read the whole entry."""
        if self.selected is not None:
            self.post_message(self.Opened(self.selected))

    def on_click(self, event: Click) -> None:
        """Select the entry under the pointer; a second click opens it."""
        row = self.scroll_offset.y + event.y
        at = self._entry_at(row)
        if at >= 0 and row < self._tops[-1]:
            event.stop()
            if event.chain == 2 and at == self._cursor_index():
                self.action_open()
            else:
                self._cursor = None if at == len(self._shown) - 1 else self._shown[at].version
                self.refresh()
