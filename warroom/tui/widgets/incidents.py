"""The list of live incidents: a Line-API widget whose selection stays on its incident."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from warroom.tui.actions.bind import bindings
from warroom.tui.clockface import Face
from warroom.tui.empty import calm, no_match
from warroom.tui.horizon import changes_at, watched
from warroom.tui.link.patch import Cells, Patcher
from warroom.tui.listing import Columns, faces, row
from warroom.tui.palette import palette_of
from warroom.tui.pieces import Line, Role, fit_line
from warroom.tui.ranks import Around, Ranks
from warroom.tui.sieve.grammar import parse
from warroom.tui.sieve.sorting import USUAL, Sort
from warroom.tui.widgets.canvas import changed_cells
from warroom.tui.widgets.lined import Scrolled, ground_of, strip_of
from warroom.views import IncidentLine
from warroom.words import tr

FEW = 400
"""Up to how many rows are brought up to date at once, however long it takes."""
WORK_S = 0.004
"""For how long more of them are, in seconds, before the screen and the keys have their turn again."""
REST_S = 0.004
SHOWN_S = 0.1
"""How often what is found meanwhile is shown, in seconds: drawing it takes longer than finding it."""
KEPT = 1_000
"""Of how many rows it is kept what they looked like."""

_Made = tuple[IncidentLine, tuple[Face, ...], bool, Line, datetime, datetime]  # made of what; the row; when it holds


class IncidentList(Scrolled, can_focus=True, inherit_bindings=False):
    """Rows of incidents in reading order; `selected` is a key, so that it survives every change of the list."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("incidents")

    DEFAULT_CSS = "IncidentList { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }"

    class Selected(Message):
        """Another incident is selected; None when there is none."""

        def __init__(self, key: str | None) -> None:
            super().__init__()
            self.key = key

    class Opened(Message):
        """The incident was opened: a second click on the selected row."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Arranged(Message):
        """Columns or rows changed, so that the head of the list can follow."""

    def __init__(self, *, id: str | None = None) -> None:
        """An empty list."""
        super().__init__(id=id)
        self.columns = Columns.fitting(80, ())
        self.filter_text = ""
        self.calm_since: datetime | None = None
        self._now: datetime | None = None
        self._ranks = Ranks()
        self._more: Timer | None = None  # not all rows were brought up to date yet
        self._around: Around | None = None  # what stood beside the selected row when rows were last laid out
        self._settled_at = float("-inf")
        self._selected: str | None = None
        self._sort = USUAL
        self._chosen: tuple[str, ...] = ()
        self._besides: tuple[IncidentLine, ...] = ()  # what the filter names and the board does not have
        self._board: tuple[IncidentLine, ...] = ()
        self._made: dict[str, _Made] = {}  # rows by key, as long as nothing that they show has changed
        self._drawn: dict[int, tuple[Line, bool]] = {}  # what stands on each line of the widget, and if selected
        self._strips: dict[int, Strip] = {}
        self._holds: tuple[datetime, datetime] | None = None  # from when until when no row changes
        self._patcher = Patcher(self, ground_of)

    # ---- what it shows

    @property
    def selected(self) -> str | None:
        """The key of the selected incident."""
        return self._selected

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order shown."""
        return self._ranks.keys

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._ranks)

    @property
    def total(self) -> int:
        """How many incidents there are without the filter."""
        return self._ranks.total

    def line(self, key: str | None) -> IncidentLine | None:
        """The row of a key, if it is shown."""
        return self._ranks.line(key)

    def show_incidents(
        self, lines: Sequence[IncidentLine], now: datetime, changed: Mapping[str, IncidentLine | None] | None = None
    ) -> None:
        """Show these incidents. The selection stays, or goes to the nearest neighbour of one that vanished. `changed`:
        by key the lines that are others than those shown before, None for one that is gone; where it is not given,
        every line may be another."""
        self._board = tuple(lines)
        self._now = now
        around = self._beside()  # before it goes
        if changed is None or self._besides:
            self._ranks.put(self.everything)
        else:
            self._ranks.change(changed)
        self._arrange(around)

    def take_in(self, lines: Sequence[IncidentLine], changed: Mapping[str, IncidentLine | None]) -> bool:
        """Give these incidents, of which those of `changed` are others, their places without drawing any: it is not
        seen. False where that has to wait for `show_incidents`."""
        if self._besides or self._now is None:
            return False
        self._board = tuple(lines)
        self._around = self._beside()
        self._ranks.change(changed)
        self._ranks.work(self._now, WORK_S)
        return True

    def show_besides(self, lines: Sequence[IncidentLine]) -> None:
        """Show these too, which the board does not have: what is over. None any more where there are none."""
        if tuple(lines) != self._besides:
            self._besides = tuple(lines)
            around = self._beside()
            self._ranks.put(self.everything)
            self._arrange(around)

    @property
    def everything(self) -> tuple[IncidentLine, ...]:
        """Every line, whether the filter lets it through or not."""
        here = {line.key for line in self._board} if self._besides else frozenset()
        more = tuple(line for line in self._besides if line.key not in here)
        return (*self._board, *more) if more else self._board

    @property
    def sort(self) -> Sort:
        """In which order the rows are."""
        return self._sort

    def sort_by(self, sort: Sort) -> None:
        """Put the rows into another order; the selection stays on its incident."""
        self._sort = sort
        self._ask()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The columns that were chosen; none: the usual ones."""
        return self._chosen

    def choose(self, columns: Sequence[str]) -> None:
        """Show these columns; the usual ones where none are named."""
        self._chosen = tuple(columns)
        self._arrange()
        self._drawn.clear()
        self._strips.clear()
        self.refresh()

    def filter(self, query: str) -> None:
        """Show only what matches `query`; empty shows all."""
        self.filter_text = query
        self._ask()

    def tick(self, now: datetime) -> None:
        """Let the countdowns follow the clock; redraws only cells that changed."""
        self._now = now
        around = self._beside()
        if self._work(now):
            self._settle(around)
        elif self._holds is None or not self._holds[0] <= now < self._holds[1]:
            self._redraw()

    def _ask(self) -> None:
        """Another order or filter: what stands beside the selected row is looked at first."""
        near, _ = self._ranks.around(self._selected)
        self._ranks.ask(self._sort, parse(self.filter_text), (self._selected, *near) if self._selected else near)
        self._arrange((near, None))

    def _arrange(self, around: Around | None = None) -> None:
        """Sort, filter and lay out again, and keep the selection on its incident."""
        if self._now is None:
            return
        around = around or self._beside()
        self._work(self._now)
        self._settle(around)

    def _work(self, now: datetime) -> bool:
        """Bring the rows up to date; of very many as many as a key can wait for, the others soon afterwards. True if
        any row moved."""
        moved = self._ranks.work(now, WORK_S if self._ranks.pending > FEW else None)
        if self._ranks.pending and self._more is None:
            self._more = self.set_timer(REST_S, self._go_on)
        return moved

    def _go_on(self) -> None:
        self._more = None
        if self._now is None or not self._ranks.pending:
            return
        self._around = self._beside()
        self._work(self._now)
        if not self._ranks.pending or time.monotonic() - self._settled_at >= SHOWN_S:
            self._settle(self._around)

    def _beside(self) -> Around:
        """What stands beside the selected row, or stood there when rows were last laid out, if it has gone since."""
        return self._ranks.around(self._selected) if self._selected in self._ranks else self._around or ((), None)

    def _settle(self, around: Around) -> None:
        """The rows are others: lay them out. `around` is what stood beside the selected one."""
        self._around, self._settled_at = None, time.monotonic()
        # While more are looked at, the bar at the side does not go only to come again.
        least = min(self.virtual_size.height, self.container_size.height + 1) if self._ranks.pending else 0
        self.lengthen(Size(self.size.width, max(len(self._ranks), least)))
        self._fit_columns()
        self._select(self._selected if self._selected in self._ranks else self._ranks.nearest(*around))
        self._redraw()
        self.post_message(self.Arranged())

    def _fit_columns(self) -> None:
        columns = Columns.fitting(
            max(1, self.scrollable_content_region.width), self._ranks.sample, self._chosen, self._now
        )
        if columns != self.columns:
            self.columns = columns
            self._made.clear()

    def _redraw(self) -> None:
        """Compare what stands on the screen with what should, and refresh the cells that differ."""
        with watched() as found:
            self._compare()
        self._holds = (self._now, found.until) if self._now is not None else None

    def _compare(self) -> None:
        cells: list[Cells] = []
        for y, (old, was_selected) in list(self._drawn.items()):
            new, selected = self._content(y)
            if new is old and selected is was_selected:
                continue
            if selected is not was_selected:
                changed = [(0, self.scrollable_content_region.width)]
            else:
                changed = changed_cells(old, new)
            if changed:
                self._drawn[y] = new, selected
                self._strips.pop(y, None)
                cells.extend((y, first, behind) for first, behind in changed)
        if len(self._made) > KEPT:
            self._made.clear()
        if cells and not self._patcher.patch(cells, self._drawn.__getitem__):
            self.refresh(*(Region(first, y, behind - first, 1) for y, first, behind in cells))

    # ---- drawing

    def _line(self, line: IncidentLine) -> Line:
        """The row of an incident, made anew only when something that it shows has changed."""
        assert self._now is not None
        selected, made = line.key == self._selected, self._made.get(line.key)
        if made is not None and made[0] is line and made[2] is selected and made[4] <= self._now < made[5]:
            changes_at(made[5], self._now)
            return made[3]
        with watched() as found:
            shown = faces(line, self._now, self.columns)
            same = made is not None and made[:3] == (line, shown, selected)
            drawn = made[3] if made and same else row(line, self.columns, self._now, selected=selected)
        self._made[line.key] = line, shown, selected, drawn, self._now, found.until
        return drawn

    def _content(self, y: int) -> tuple[Line, bool]:
        """What should stand on line `y` of the widget, and whether that is the selected row."""
        index = self.scroll_offset.y + y
        if index < len(self._ranks):
            line = self._ranks[index]
            return self._line(line), line.key == self._selected
        return fit_line(self._empty(index) if not self._ranks else (), self.scrollable_content_region.width), False

    def render_line(self, y: int) -> Strip:
        """One row of the list: what `_redraw` found, so that nothing is drawn that was not compared before."""
        strip = self._strips.get(y)
        if strip is None:
            self._holds = None  # it may be a row that was not compared
            line, selected = self._drawn.setdefault(y, self._content(y))
            width = self.scrollable_content_region.width
            strip = strip_of(line, palette_of(self.app), ground_of(self), selected=selected, width=width)
            self._strips[y] = strip
        return strip

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows stand on the widget's lines now."""
        if round(old_value) != round(new_value):
            self._drawn.clear()
            self._strips.clear()
        super().watch_scroll_y(old_value, new_value)

    def _empty(self, index: int) -> Line:
        """What a list without rows says."""
        if self._now is None or self._ranks.pending:
            return ((f"  {tr('reading ...')}", Role.MUTED),) if index == 1 else ()
        if self._ranks.total:
            lines = no_match(self.filter_text, self._ranks.total)
        else:
            lines = calm(self, self.calm_since, self._now, max(20, self.size.width - 1))
        return lines[index - 1] if 1 <= index <= len(lines) else ()

    def notify_style_update(self) -> None:
        """The theme changed: draw again with its colours."""
        self._strips.clear()
        super().notify_style_update()

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the new width."""
        self.virtual_size = Size(self.size.width, len(self._ranks))
        self._fit_columns()
        self._drawn.clear()
        self._strips.clear()
        self.refresh()
        self._show_selected()
        self.post_message(self.Arranged())

    # ---- selection

    def select(self, key: str) -> None:
        """Select an incident by its key; unknown keys change nothing."""
        if key in self._ranks:
            self._select(key)

    def _select(self, key: str | None) -> None:
        if key == self._selected:
            self._show_selected()
            return
        self._selected = key
        self._redraw()
        self._show_selected()
        self.post_message(self.Selected(key))

    def _show_selected(self) -> None:
        """Scroll as little as needed to have the selected row in sight."""
        if self._selected is None or self._selected not in self._ranks or not self.size.height:
            return
        index, top, height = self._ranks.index(self._selected), self.scroll_offset.y, self.size.height
        if index < top:
            self.scroll_to(y=index, animate=False)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False)

    def action_move(self, by: int) -> None:
        """Select `by` rows further down."""
        if self._ranks:
            known = self._selected is not None and self._selected in self._ranks
            at = self._ranks.index(self._selected) if known and self._selected is not None else 0
            self._select(self._ranks[min(max(at + by, 0), len(self._ranks) - 1)].key)

    def action_page(self, direction: int) -> None:
        """Select a screenful further."""
        self.action_move(direction * max(1, self.size.height - 1))

    def action_edge(self, index: int) -> None:
        """Select the first (0) or last (-1) row."""
        if self._ranks:
            self._select(self._ranks[index].key)

    def action_open(self) -> None:
        """Open the selected incident."""
        if self._selected is not None:
            self.post_message(self.Opened(self._selected))

    def on_click(self, event: Click) -> None:
        """Select the row under the pointer; a second click on it opens it."""
        index = self.scroll_offset.y + event.y
        if index < len(self._ranks):
            event.stop()
            key = self._ranks[index].key
            if event.chain == 2 and key == self._selected:
                self.action_open()
            else:
                self._select(key)
