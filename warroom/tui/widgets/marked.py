"""A list of which one item is marked and opened; what does not fit is scrolled to. Keys are its screen's."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime

from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message
from textual.widget import Widget

from warroom.tui.pieces import Line, Sheet
from warroom.tui.widgets.canvas import Canvas
from warroom.words import tr


class MarkedList(Canvas, can_focus=True):
    """Items with a name each, by which the mark stays on its item. A subclass says what they are (`names`), how they
    look (`sheet`), and what stands there where there is none (`nothing`)."""

    class Marked(Message):
        """Another item is marked."""

    def __init__(self, *, id: str) -> None:
        """Nothing yet."""
        super().__init__(id=id)
        self.index = 0
        self._top = 0
        self._sheet = Sheet((), ())
        self._now: datetime | None = None

    def names(self) -> Sequence[Hashable]:
        """The items, in order."""
        raise NotImplementedError

    def sheet(self, now: datetime, width: int) -> Sheet:
        """All items, the marked one opened."""
        raise NotImplementedError

    def nothing(self, width: int) -> Sequence[Line]:
        """What stands there where there is no item."""
        raise NotImplementedError

    def follow(self, now: datetime, marked: Hashable) -> None:
        """The items are other ones: stay on the one of that name, else on the same place."""
        self._now = now
        names = self.names()
        self.index = names.index(marked) if marked in names else min(self.index, max(0, len(names) - 1))
        self._draw()

    def at(self, now: datetime) -> None:
        """It is that late by now, and what is shown is right all the same."""
        self._now = now

    def mark(self, index: int) -> None:
        """Mark an item by its position; out of range marks the nearest."""
        index = min(max(index, 0), len(self.names()) - 1)
        if index >= 0 and index != self.index:
            self.index = index
            self._draw()
            self.post_message(self.Marked())

    def _draw(self) -> None:
        width, height = self.size
        if not width or not height or self._now is None:
            return
        if not self.names():
            self.show_lines(self.nothing(width))
            self._tell(0, 0)
            return
        self._sheet = self.sheet(self._now, width)
        first, behind = self._sheet.spans[self.index]
        # What stands over the first item comes into sight with it.
        first = 0 if self.index == 0 else first
        self._top = min(max(self._top, behind - height), first)
        self._top = max(0, min(self._top, len(self._sheet.rows) - height))
        first, behind = self._sheet.spans[self.index]
        shown = range(max(first - self._top, 0), min(behind - self._top, height))
        hidden = sum(end > self._top + height for _, end in self._sheet.spans)
        self._tell(sum(start < self._top for start, _ in self._sheet.spans), hidden)
        self.show_lines(self._sheet.rows[self._top : self._top + height], marked=shown)

    def _tell(self, above: int, below: int) -> None:
        """Say at the foot of the box how many items are out of sight."""
        box = self.parent
        if isinstance(box, Widget):
            signs = [f"{sign} {count}" for sign, count in (("▲", above), ("▼", below)) if count]
            told = Content(f"{' '.join(signs)} {tr('more')}" if signs else "")
            if str(box.border_subtitle or "") != str(told):
                box.border_subtitle = told

    def on_resize(self, event: Resize) -> None:
        """Lay out for the new size."""
        self._draw()

    def on_click(self, event: Click) -> None:
        """Mark the item under the pointer."""
        event.stop()
        row = self._top + event.y
        for index, (first, behind) in enumerate(self._sheet.spans):
            if first <= row < behind:
                self.mark(index)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel moves the mark."""
        event.stop()
        self.mark(self.index + 1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """And back."""
        event.stop()
        self.mark(self.index - 1)
