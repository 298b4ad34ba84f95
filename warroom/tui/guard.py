"""A way out, whatever happens to the terminal: signals that end the program, and a terminal that went away.

Textual's own loop may be stopped when a signal comes, because the terminal does not read what is written to it; and
with SIGHUP ignored nothing tells it that the terminal is gone. So the handlers are plain ones, which run in between
whatever the main thread waits for, and a thread watches the terminal's line.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

WATCH_S = 1.0
"""How often the terminal's line is looked at, in seconds."""
GRACE_S = 3.0
"""How long the program may take to end by itself after it was told to, in seconds."""
WIPE = b"\x1b[0m\x1b[2J\x1b[H"
"""The whole screen empty: where there is no second one (GNU screen by default, a console) the picture would stay."""
RESTORE = b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?1049l\x1b[?25h\x1b[0m\r\n"
"""Mouse, paste and focus reports off, ordinary screen, cursor shown."""
POP_KEYS = b"\x1b[<u"
"""The keyboard protocol of before. Only for who has asked for another one: else it takes that of the shell away."""


class Guard:
    """Ends the program when it is told to or when its terminal is gone.

    `leave` asks the program to end (called from a signal handler or a thread, must not block); when it has not ended
    after `GRACE_S`, the terminal is restored as far as it takes it, and the process ends at once. Nothing can be lost
    by that: what was written is in the database, and what was not has not happened.
    """

    def __init__(
        self,
        leave: Callable[[int], None],
        fileno: int = 0,
        restore: Callable[[], str] = str,
        attributes: list[Any] | None = None,
        taken: Callable[[], bool] = lambda: True,
    ) -> None:
        """`restore` gives what the terminal has to be told at the end, besides what Textual tells it; `attributes` are
        those that its line has to have then, those of now where they are left out; `taken` says whether Textual has the
        terminal, and its keyboard, by now."""
        self._leave, self._fileno, self._restore = leave, fileno, restore
        self._ended = threading.Event()
        self._leaving = False
        self._drawn = True
        self._attributes, self._taken = attributes, taken
        if attributes is None:
            with contextlib.suppress(termios.error, OSError):
                self._attributes = termios.tcgetattr(fileno)

    def install(self) -> None:
        """Take SIGTERM and SIGHUP, and begin to watch the terminal. SIGHUP that a parent ignores stays ignored; the
        watch then notices when the terminal goes."""
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._on_signal)
        if self._attributes is not None:
            threading.Thread(target=self._watch, name="terminal", daemon=True).start()

    def given_back(self) -> None:
        """The screen is the shell's again: what is on it is not ours to wipe."""
        self._drawn = False

    def restore(self) -> None:
        """Tell the terminal what `restore` says: its title was changed. Whatever ended the program, this comes last."""
        if (said := self._restore()) and sys.__stderr__ is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.__stderr__.write(said)
                sys.__stderr__.flush()

    def done(self) -> None:
        """The program has ended by itself."""
        self._ended.set()

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self.leave(128 + number)

    def leave(self, status: int) -> None:
        """Ask the program to end with this status, and see to it that it does."""
        if self._leaving:
            return
        self._leaving = True
        threading.Thread(target=self._insist, args=(status,), name="leaving", daemon=True).start()
        self._leave(status)

    def _watch(self) -> None:
        line = select.poll()
        line.register(self._fileno, 0)
        while not self._ended.wait(WATCH_S):
            if any(state & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, state in line.poll(0)):
                self.leave(128 + signal.SIGHUP)
                return

    def _insist(self, status: int) -> None:
        if self._ended.wait(GRACE_S):
            return
        with contextlib.suppress(OSError, termios.error):
            # What still waits to be written would only block again.
            termios.tcflush(self._fileno, termios.TCOFLUSH)
            if self._attributes is not None:
                termios.tcsetattr(self._fileno, termios.TCSANOW, self._attributes)
            os.set_blocking(2, False)
            keys = POP_KEYS if self._taken() else b""
            os.write(2, self._restore().encode() + (WIPE if self._drawn else b"") + keys + RESTORE)
        os._exit(status)
