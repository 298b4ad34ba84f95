"""The one-line widgets: header, head of the list, bar of the incident, tabs, keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.events import Click
from textual.message import Message

from warroom.tui import heading
from warroom.tui.actions.action import BarItem
from warroom.tui.heading import STALE, Hit, Tab
from warroom.tui.horizon import watched
from warroom.tui.pieces import Line, Role, clean, fit_line, merged, spread
from warroom.tui.widgets.canvas import Canvas
from warroom.views import BoardView, IncidentDetail, IncidentLine


class OneLine(Canvas):
    """A canvas of one line that is laid out again when its width changes."""

    DEFAULT_CSS = "OneLine { height: 1; width: 1fr; }"

    _holds: tuple[object, int, datetime, datetime] | None = None  # of what and in which width, from when until when

    def draw(self) -> None:
        """Lay out and show the line."""
        if self.size.width:
            self.show_lines((self.compose_line(self.size.width),))

    def draw_for(self, shown: object, now: datetime) -> None:
        """The same for a line that follows the clock, unless it shows `shown` already, and nothing else of it at
        `now`."""
        if self._holds is not None:
            before, width, since, until = self._holds
            if before is shown and width == self.size.width and since <= now < until:
                return
        with watched() as found:
            self.draw()
        self._holds = shown, self.size.width, now, found.until

    def compose_line(self, width: int) -> Line:
        """The line for this width."""
        raise NotImplementedError

    def resized(self) -> None:
        """Lay out again."""
        self.draw()


class BothEnds(OneLine):
    """A line with something at its left and something at its right: the head of a screen."""

    def __init__(self, *, id: str | None = None) -> None:
        """Empty until the first second."""
        super().__init__(id=id)
        self._left: Line = ()
        self._right: Line = ()

    def show_ends(self, left: Line, right: Line) -> None:
        """Show both ends; the left one gives way."""
        self._left, self._right = left, right
        self.draw()

    def compose_line(self, width: int) -> Line:
        """Both ends in this width."""
        return merged(spread(self._left, self._right, width))


class HeaderLine(OneLine):
    """Room, counts, engines, clock."""

    def __init__(self, *, id: str | None = None) -> None:
        """Empty until the first view."""
        super().__init__(id=id)
        self._shown: tuple[BoardView, datetime, datetime] | None = None
        self._starting = False

    def show_header(self, view: BoardView, now: datetime, last_read: datetime, *, starting: bool = False) -> None:
        """Show this view at this second; `starting`: an engine of this process is about to begin."""
        self._shown = view, now, last_read
        before, self._starting = self._starting, starting
        if now - last_read > STALE or before is not starting:
            self._holds = None  # how old it is follows no clock but that of the reading, nor does how an engine begins
            self.draw()
        else:
            self.draw_for(view, now)

    def compose_line(self, width: int) -> Line:
        """The header, or nothing before the first view."""
        return heading.header(*self._shown, width, starting=self._starting) if self._shown else fit_line((), width)


class Banner(OneLine):
    """A line in the alarm colour for trouble that concerns the whole room; hidden while there is none."""

    def __init__(self, *, id: str | None = None) -> None:
        """Hidden."""
        super().__init__(id=id)
        self.text = ""
        self.display = False

    def say(self, text: str) -> None:
        """Show this trouble, or hide the line when `text` is empty."""
        if text != self.text:
            self.text = text
            self.display = bool(text)
            self.draw()

    def compose_line(self, width: int) -> Line:
        """The text in the alarm colour over the whole width."""
        return tuple((text, Role.ALARM) for text, _ in fit_line(((f" {clean(self.text)}", Role.ALARM),), width))


class IncidentBar(OneLine):
    """Which incident the panels are about; drawn like the selected row, which it belongs to."""

    on_selection = True

    def __init__(self, *, id: str | None = None) -> None:
        """No incident."""
        super().__init__(id=id)
        self._shown: tuple[IncidentLine | None, IncidentDetail | None, datetime] | None = None

    def show_incident(self, line: IncidentLine | None, detail: IncidentDetail | None, now: datetime) -> None:
        """Show this incident at this second."""
        if self._shown is not None and self._shown[0] is not line:
            self._holds = None
        self._shown = line, detail, now
        self.draw_for(detail, now)

    def compose_line(self, width: int) -> Line:
        """The bar."""
        return heading.incident_bar(*self._shown, width) if self._shown else fit_line((), width)


class Clickable(OneLine):
    """A line whose parts answer to the mouse."""

    class Clicked(Message):
        """A part was clicked; `name` is what the line calls it."""

        def __init__(self, line: Clickable, name: str) -> None:
            super().__init__()
            self.line = line
            self.name = name

        @property
        def control(self) -> Clickable:
            """The line, for `@on(..., "#id")`."""
            return self.line

    def __init__(self, *, id: str | None = None) -> None:
        """No parts yet."""
        super().__init__(id=id)
        self.hits: tuple[Hit, ...] = ()

    def on_click(self, event: Click) -> None:
        """Say which part was hit."""
        for hit in self.hits:
            if hit.start <= event.x < hit.end:
                event.stop()
                self.post_message(self.Clicked(self, hit.name))
                return


class TabStrip(Clickable):
    """The panels by name, one of them open."""

    def __init__(self, *, id: str | None = None) -> None:
        """No tabs yet."""
        super().__init__(id=id)
        self._tabs: tuple[Tab, ...] = ()
        self._active = 0

    def show_tabs(self, tabs: Sequence[Tab], active: int) -> None:
        """Show these tabs; `active` is the index of the open one."""
        self._tabs, self._active = tuple(tabs), active
        self.draw()

    def compose_line(self, width: int) -> Line:
        """The strip."""
        line, self.hits = heading.tab_strip(self._tabs, self._active, width)
        return line


class KeyBar(Clickable):
    """The keys that there are now, and what they do; what is not possible now is dimmed."""

    def __init__(self, *, id: str | None = None) -> None:
        """No keys yet."""
        super().__init__(id=id)
        self._items: tuple[BarItem, ...] = ()

    def show_keys(self, items: Sequence[BarItem]) -> None:
        """Show these; their ids come back in `Clicked`."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.draw()

    def compose_line(self, width: int) -> Line:
        """The bar."""
        line, self.hits = heading.key_bar(self._items, width)
        return line
