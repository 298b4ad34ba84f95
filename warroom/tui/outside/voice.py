"""When the program speaks beside its screen: by choice, by key, not more often than the person wants.

The voice of one app. It keeps the time of what was last said, and the title that stands; everything is worded by
`sequences` for the terminal that `terminals` found, and goes out through the function it is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import field
from datetime import datetime

from warroom.preferences.values import DEFAULTS, Notify
from warroom.tui.outside import sequences
from warroom.tui.outside.terminals import Kind, Notices, Wrap
from warroom.tui.outside.title import Title, title_of
from warroom.valueclass import dataclass
from warroom.views import BoardView
from warroom.words import figure, tr


@dataclass(slots=True)
class Voice:
    """What this app may say to the terminal besides its pictures.

    `say` hands a sequence over and returns whether it went out. `clock` gives seconds that only grow. `copies` is
    whether a key may use the clipboard.
    """

    kind: Kind
    say: Callable[[str], bool]
    wants: Notify = DEFAULTS.notify
    copies: bool = DEFAULTS.clipboard
    clock: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)
    _kept_back: int = 0
    _title: Title | None = None
    _view: BoardView | None = None
    _pushed: bool = False

    # What calls for attention ----------------------------------------------------------------------------------------

    def call(self, head: str, words: str) -> None:
        """The person at this screen is wanted: a bell and a desktop notification, as far as they want them and as the
        last one is long enough ago. How many were kept back meanwhile is said with the next one."""
        self.ring()
        if not self.wants.desktop or self.kind.notices is Notices.NONE:
            return
        if not self._may("desktop"):
            self._kept_back += 1
            return
        if self._kept_back:
            # In front, since a long text is cut at its end.
            more = tr("{count} more before it").format(count=self._kept_back)
            head, self._kept_back = f"{head} ({more})", 0
        self.say(sequences.notice(self.kind.notices, head, words, self.kind.wrap))

    def ring(self) -> None:
        """The bell alone."""
        if self.wants.bell and self._may("bell"):
            self.say(sequences.BELL)

    def _may(self, what: str) -> bool:
        now = self.clock()
        last = self._last.get(what)
        if last is not None and now - last < self.wants.every_s:
            return False
        self._last[what] = now
        return True

    # The title -------------------------------------------------------------------------------------------------------

    def show_title(self, view: BoardView | None, now: datetime) -> None:
        """Name the room's state in the title; nothing is sent, nor counted, while it stays the same."""
        if view is None or not self.wants.title or not self.kind.title:
            return
        if view is self._view and self._title is not None and (self._title.until is None or now < self._title.until):
            return
        before, self._title, self._view = self._title, title_of(view, now), view
        if before is not None and before.words == self._title.words and self._pushed:
            return
        if not self._pushed:
            self._pushed = self.say(sequences.PUSH_TITLE)
        if self._pushed:
            self.say(sequences.title(self._title.words))

    def take_back(self) -> str:
        """What gives the terminal its own title back, once; "" where ours does not stand there.

        An empty title goes before: a terminal that has no stack of them would go on naming a state that is past.
        """
        if not self._pushed:
            return ""
        self._pushed, self._title = False, None
        return sequences.title("") + sequences.POP_TITLE

    # The clipboard ---------------------------------------------------------------------------------------------------

    def copy(self, text: str) -> str:
        """Put a text on the clipboard because a key was pressed; returns "" when it was sent, else why it was not.

        Whether it arrived nobody is told: terminals do not answer."""
        if not self.copies:
            return tr("the clipboard is switched off in your settings")
        if len(text.encode("utf-8", "replace")) > sequences.CLIPBOARD_MOST:
            return tr("it is longer than the {count} bytes that are sent at most").format(
                count=f"{figure(sequences.CLIPBOARD_MOST):,}"
            )
        if self.kind.wrap is Wrap.SCREEN:
            return tr("GNU screen does not hand it on")
        if not self.kind.clipboard:
            return tr("this terminal has no clipboard")
        return "" if self.say(sequences.clipboard(text, self.kind.wrap)) else tr("there is no terminal")
