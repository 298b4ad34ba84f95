"""Keys stand in line: each is dealt with, and whatever it starts, before the next one is looked at.

Textual hands a key to what has the focus at that moment and goes on. But keys arrive together over a slow line, or
while the machine is busy, and then the letters of a note would be keys of the board, since its dialog is not there yet:
"a" would acknowledge a page that nobody has looked at. So the next key waits until the one before has gone its way from
the widget up to the app, a dialog that it opens has its focus, and one that it confirms has had its answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import ScreenStackError
from textual.dom import DOMNode
from textual.events import Key, Paste
from textual.timer import Timer
from textual.widgets import Input, TextArea

from warroom.tui.widgets.tight import draw_now
from warroom.valueclass import dataclass

if TYPE_CHECKING:
    from textual.app import App

WAIT_S = 0.5
"""How long a key waits at most for what the one before has started, in seconds: nothing can hold the keyboard."""
READ_S = 5.0
"""The same where it reads what the dialog that it opens is to show (`reading`): that takes its time."""
LOOK_S = 0.02
"""How often it is looked whether a dialog has had its answer, in seconds."""


@dataclass(slots=True)
class KeyLine:
    """The keys of one app that wait for the one before; `deal` gives one to the app."""

    app: App[Any]
    deal: Callable[[Key | Paste], Awaitable[None]]
    calm: Callable[[], None] = lambda: None
    """Called when the last key that came has been answered."""
    _waiting: deque[Key | Paste] = field(default_factory=deque)
    _under_way: bool = False
    _turn: int = 0
    _timer: Timer | None = None

    @property
    def answering(self) -> bool:
        """Whether a key is being answered now, so that whatever else there is to do had better wait a moment."""
        return self._under_way

    async def take(self, event: Key | Paste) -> None:
        """Deal with a key, now or when its turn has come."""
        self._waiting.append(event)
        if not self._under_way:
            await self._deal()

    async def _deal(self) -> None:
        self._under_way = bool(self._waiting)
        if not self._under_way:
            self.calm()
            return
        self._turn += 1
        self._timer = self.app.set_timer(WAIT_S, partial(self._too_long, self._turn, WAIT_S))
        try:
            typed = True
            while typed and self._waiting:
                event = self._waiting.popleft()
                # Letters for one and the same field need not wait for each other.
                typed = self._types(event) and bool(self._waiting) and self._types(self._waiting[0])
                await self.deal(event)
        finally:
            self._follow(())

    def _types(self, event: Key | Paste) -> bool:
        return isinstance(event, Key) and event.is_printable and isinstance(self.app.focused, Input | TextArea)

    # What a key starts is a message behind it in the same queues: what follows it up to the app comes after all of it.

    def _follow(self, before: Sequence[DOMNode]) -> None:
        path = self._path()
        self._hop(path, 0, self._turn, list(before) == path)

    def _path(self) -> list[DOMNode]:
        """From what has the focus up to the app."""
        try:
            return list((self.app.focused or self.app.screen).ancestors_with_self)
        except ScreenStackError:  # the last screen has gone
            return [self.app]

    def _hop(self, path: Sequence[DOMNode], at: int, turn: int, known: bool) -> None:
        if turn != self._turn:
            return
        for after, node in enumerate(path[at:], at + 1):
            # What is closing takes no messages any more.
            if node.call_later(self._hop, path, after, turn, known):
                return
        if at == 0:
            return  # the app itself is closing
        if not known or path != self._path() or any(node.message_queue_size for node in path[:-1]):
            self._follow(path)
        elif not self._ready():
            self.app.set_timer(LOOK_S, partial(self._hop, path, 0, turn, known))
        else:
            self._next(turn)

    def _ready(self) -> bool:
        """Whether the screen knows where a key goes, waits for no answer, and reads nothing that it will open."""
        try:
            screen = self.app.screen
        except ScreenStackError:
            return True
        focused = screen.focused is not None or not screen.focus_chain
        return screen.is_mounted and focused and not getattr(screen, "busy", False) and not self._reading()

    def _reading(self) -> bool:
        try:
            return bool(getattr(self.app.screen, "reading", 0))
        except ScreenStackError:
            return False

    def _too_long(self, turn: int, waited: float) -> None:
        """The key of this turn has had its time, unless it only reads."""
        if turn == self._turn and waited < READ_S and self._reading():
            self._timer = self.app.set_timer(WAIT_S, partial(self._too_long, turn, waited + WAIT_S))
        else:
            self._next(turn)

    def _next(self, turn: int) -> None:
        """The key of this turn is done with, or has had its time."""
        if turn != self._turn:
            return
        self._turn += 1  # whatever still follows that key has nothing to say any more
        if self._timer is not None:
            self._timer.stop()
        with suppress(ScreenStackError):
            draw_now(self.app.screen)
        self.app.call_later(self._deal)
