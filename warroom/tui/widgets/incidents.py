"""The list of live incidents: a Line-API widget whose selection stays on its incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from warroom.tui.clockface import Face, clock, when
from warroom.tui.listing import Columns, faces, matches, order, row
from warroom.tui.palette import palette_of
from warroom.tui.pieces import Line, Role, fit_line
from warroom.tui.widgets.canvas import changed_cells, ground_of, strip_of
from warroom.views import IncidentLine

_Made = tuple[IncidentLine, tuple[Face, Face, Face], bool, Line]


class IncidentList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of incidents in reading order; `selected` is a key, so that it survives every change of the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Next incident", show=False, id="list.next"),
        Binding("k,up", "move(-1)", "Previous incident", show=False, id="list.previous"),
        Binding("pagedown,ctrl+f", "page(1)", "A page down", show=False, id="list.page-down"),
        Binding("pageup,ctrl+b", "page(-1)", "A page up", show=False, id="list.page-up"),
        Binding("g,home", "edge(0)", "First incident", show=False, id="list.first"),
        Binding("G,end", "edge(-1)", "Last incident", show=False, id="list.last"),
    ]

    DEFAULT_CSS = """
    IncidentList { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

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
        self._all: tuple[IncidentLine, ...] = ()
        self._rows: tuple[IncidentLine, ...] = ()
        self._selected: str | None = None
        self._made: dict[str, _Made] = {}  # rows by key, as long as nothing that they show has changed
        self._drawn: dict[int, tuple[Line, bool]] = {}  # what stands on each line of the widget, and if selected
        self._strips: dict[int, Strip] = {}

    # ---- what it shows

    @property
    def selected(self) -> str | None:
        """The key of the selected incident."""
        return self._selected

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order shown."""
        return tuple(line.key for line in self._rows)

    @property
    def total(self) -> int:
        """How many incidents there are without the filter."""
        return len(self._all)

    def line(self, key: str | None) -> IncidentLine | None:
        """The row of a key, if it is shown."""
        return next((line for line in self._rows if line.key == key), None)

    def show_incidents(self, lines: Sequence[IncidentLine], now: datetime) -> None:
        """Show these incidents. The selection stays, or goes to the nearest neighbour of one that vanished."""
        self._all = tuple(lines)
        self._now = now
        self._arrange()

    def filter(self, query: str) -> None:
        """Show only what matches `query`; empty shows all."""
        self.filter_text = query
        self._arrange()

    def tick(self, now: datetime) -> None:
        """Let the countdowns follow the clock; redraws only cells that changed."""
        self._now = now
        if tuple(line.key for line in self._sorted(now)) != self.keys:
            self._arrange()
        else:
            self._redraw()

    def _sorted(self, now: datetime) -> tuple[IncidentLine, ...]:
        return order((line for line in self._all if matches(line, self.filter_text, now)), now)

    def _arrange(self) -> None:
        """Sort, filter and lay out again, and keep the selection on its incident."""
        if self._now is None:
            return
        before, self._rows = self.keys, self._sorted(self._now)
        size = Size(self.size.width, len(self._rows))
        if size != self.virtual_size:
            self.virtual_size = size
        self._fit_columns()
        self._select(_nearest(self._selected, before, self.keys))
        self._redraw()
        self.post_message(self.Arranged())

    def _fit_columns(self) -> None:
        columns = Columns.fitting(max(1, self.scrollable_content_region.width), self._all)
        if columns != self.columns:
            self.columns = columns
            self._made.clear()

    def _redraw(self) -> None:
        """Compare what stands on the screen with what should, and refresh the cells that differ."""
        regions: list[Region] = []
        for y, (old, was_selected) in list(self._drawn.items()):
            new, selected = self._content(y)
            if selected is not was_selected:
                changed = [(0, self.size.width)]
            else:
                changed = changed_cells(old, new)
            if changed:
                self._drawn[y] = new, selected
                self._strips.pop(y, None)
                regions.extend(Region(first, y, behind - first, 1) for first, behind in changed)
        for key in self._made.keys() - set(self.keys):
            del self._made[key]
        if regions:
            self.refresh(*regions)

    # ---- drawing

    def _line(self, line: IncidentLine) -> Line:
        """The row of an incident, made anew only when something that it shows has changed."""
        assert self._now is not None
        shown, selected = faces(line, self._now), line.key == self._selected
        made = self._made.get(line.key)
        if made is None or made[:3] != (line, shown, selected):
            made = line, shown, selected, row(line, self.columns, self._now, selected=selected)
            self._made[line.key] = made
        return made[3]

    def _content(self, y: int) -> tuple[Line, bool]:
        """What should stand on line `y` of the widget, and whether that is the selected row."""
        index = self.scroll_offset.y + y
        if index < len(self._rows):
            line = self._rows[index]
            return self._line(line), line.key == self._selected
        return fit_line(self._empty(index) if not self._rows else (), self.scrollable_content_region.width), False

    def render_line(self, y: int) -> Strip:
        """One row of the list: what `_redraw` found, so that nothing is drawn that was not compared before."""
        strip = self._strips.get(y)
        if strip is None:
            line, selected = self._drawn.setdefault(y, self._content(y))
            strip = strip_of(line, palette_of(self.app), ground_of(self), selected=selected)
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
        if self._now is None:
            return (("  reading ...", Role.MUTED),) if index == 1 else ()
        if self._all:
            lines: tuple[Line, ...] = (
                (("  Nothing matches ", Role.TEXT), (self.filter_text, Role.STRONG)),
                ((f"  {len(self._all)} live; esc clears the filter", Role.MUTED),),
            )
        else:
            since = self.calm_since
            lines = (
                (("  ✔ ", Role.OK), ("Nothing is live", Role.STRONG)),
                (
                    (
                        f"    since {when(since, self._now)} UTC" if since else f"    at {clock(self._now)} UTC",
                        Role.MUTED,
                    ),
                ),
            )
        return lines[index - 1] if 1 <= index <= len(lines) else ()

    def notify_style_update(self) -> None:
        """The theme changed: draw again with its colours."""
        self._strips.clear()
        super().notify_style_update()

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the new width."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._fit_columns()
        self._drawn.clear()
        self._strips.clear()
        self.refresh()
        self._show_selected()
        self.post_message(self.Arranged())

    # ---- selection

    def select(self, key: str) -> None:
        """Select an incident by its key; unknown keys change nothing."""
        if key in self.keys:
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
        if self._selected not in self.keys or not self.size.height:
            return
        index, top, height = self.keys.index(self._selected), self.scroll_offset.y, self.size.height
        if index < top:
            self.scroll_to(y=index, animate=False)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False)

    def action_move(self, by: int) -> None:
        """Select `by` rows further down."""
        keys = self.keys
        if keys:
            at = keys.index(self._selected) if self._selected in keys else 0
            self._select(keys[min(max(at + by, 0), len(keys) - 1)])

    def action_page(self, direction: int) -> None:
        """Select a screenful further."""
        self.action_move(direction * max(1, self.size.height - 1))

    def action_edge(self, index: int) -> None:
        """Select the first (0) or last (-1) row."""
        if self._rows:
            self._select(self.keys[index])

    def action_open(self) -> None:
        """Open the selected incident."""
        if self._selected is not None:
            self.post_message(self.Opened(self._selected))

    def on_click(self, event: Click) -> None:
        """Select the row under the pointer; a second click on it opens it."""
        index = self.scroll_offset.y + event.y
        if index < len(self._rows):
            event.stop()
            key = self._rows[index].key
            if event.chain == 2 and key == self._selected:
                self.action_open()
            else:
                self._select(key)


def _nearest(selected: str | None, before: Sequence[str], after: Sequence[str]) -> str | None:
    """The key to select when a list changed: the same, else the nearest that was below or above it, else the first."""
    if selected in after:
        return selected
    if not after:
        return None
    if selected not in before:
        return after[0]
    at = before.index(selected)
    for distance in range(1, len(before)):
        for index in (at + distance, at - distance):
            if 0 <= index < len(before) and before[index] in after:
                return before[index]
    return after[0]
