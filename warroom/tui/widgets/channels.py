"""The channels that an update goes to: several can be picked, of one audience at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Blur, Click, Focus, Resize
from textual.message import Message

from warroom.tui.actions.bind import bindings
from warroom.tui.composer_parts import channel_row
from warroom.tui.held import Held
from warroom.tui.pieces import Line, Role
from warroom.tui.widgets.rows import MarkedRows
from warroom.views import ChannelLine


class ChannelPicker(MarkedRows, can_focus=True):
    """One row a channel; space or enter picks the one under the cursor, or drops it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("picker")

    class Toggled(Message):
        """The person picked a channel, or dropped it."""

        def __init__(self, channel: str) -> None:
            super().__init__()
            self.channel = channel

    def __init__(self, *, id: str | None = None) -> None:
        """No channels yet."""
        super().__init__(id=id)
        self._channels: tuple[ChannelLine, ...] = ()
        self._picked: tuple[str, ...] = ()
        self._now: datetime | None = None
        self.held = Held()

    @property
    def wanted_height(self) -> int:
        """How many rows show everything."""
        return max(1, len(self._channels))

    def show_channels(self, channels: Sequence[ChannelLine], picked: Sequence[str], now: datetime) -> None:
        """Show these channels; the cursor stays on its own."""
        under = self._channels[self.index].name if self._channels else (picked[0] if picked else "")
        self._channels, self._picked, self._now = tuple(channels), tuple(picked), now
        self.index = next((n for n, each in enumerate(self._channels) if each.name == under), 0)
        self.draw()

    def tick(self, now: datetime) -> None:
        """Let what is shown follow the clock."""
        self._now = now
        if not self.held.holds(now, *self._about()):
            self.draw()

    def _about(self) -> tuple[object, ...]:
        return self._channels, self._picked, self.index, self.has_focus, self.size

    def draw(self) -> None:
        """Lay out for this size."""
        if self.size.height and self._now is not None:
            with self.held.laying_out(self._now, self._about):
                self._lay_out(self._now, self.size.width, self.size.height)

    def _lay_out(self, now: datetime, width: int, height: int) -> None:
        self._keep_in_sight(len(self._channels), height)
        lines: list[Line] = []
        for at, channel in enumerate(self._channels):  # until when those hold that come into sight is of interest too
            more = "▲" if at == self._top > 0 else ""
            more = "▼" if at == self._top + height - 1 < len(self._channels) - 1 else more
            mark = "▌" if at == self.index and self.has_focus else more or " "
            row = channel_row(channel, channel.name in self._picked, now, max(10, width - 2))
            lines.append(((f"{mark} ", Role.ACCENT), *row))
        if self.show_lines(lines[self._top : self._top + height]):
            self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self.draw()

    def on_focus(self, event: Focus) -> None:
        """The cursor is seen with the focus."""
        self._again()

    def on_blur(self, event: Blur) -> None:
        """And not without."""
        self._again()

    def _again(self) -> None:
        self.draw()
        self.refresh()

    def action_move(self, by: int) -> None:
        """Another row."""
        self.index = min(max(self.index + by, 0), len(self._channels) - 1)
        self._again()

    def action_pick(self) -> None:
        """Pick the channel under the cursor, or drop it."""
        if self._channels:
            self.post_message(self.Toggled(self._channels[self.index].name))

    def on_click(self, event: Click) -> None:
        """Pick the channel that was clicked, or drop it."""
        event.stop()
        at = self._top + event.y
        if at < len(self._channels):
            self.index = at
            self._again()
            self.action_pick()
