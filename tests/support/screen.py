"""A real pseudo-terminal with somebody looking at it: type keys, read the screen, stop reading, hang up."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pexpect

from tests.support.emulator import Emulator

_COOKED = termios.ICANON | termios.ECHO

LOADING = "loading the board"
PATIENCE_S = 60.0
"""How long anything is waited for, in seconds: what comes, comes sooner, on a machine five times slower too."""
ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "end": "\x1b[F", "f2": "\x1bOQ",
    "shift+tab": "\x1b[Z", "ctrl+n": "\x0e", "ctrl+s": "\x13", "ctrl+z": "\x1a",
}  # fmt: skip


class Terminal:
    """One program in one pseudo-terminal of `size` (columns, rows). `raw` is all that it ever wrote."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] | None = None,
        ignore_hangup: bool = False,
        program: Sequence[str] = ("-m", "warroom"),
    ) -> None:
        """`program` is what Python runs, before the `arguments`."""
        columns, rows = size
        env = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LINES": str(rows),
            "COLUMNS": str(columns),
            **(environment or {}),
        }
        if "NO_COLOR" not in (environment or {}):
            env.pop("NO_COLOR", None)
        self.raw = bytearray()
        self._emulator = Emulator(columns, rows)
        self.screen = self._emulator.screen
        self.child = pexpect.spawn(
            sys.executable,
            [*program, *arguments],
            env=env,
            cwd=str(ROOT),
            dimensions=(rows, columns),
            timeout=PATIENCE_S,
            ignore_sighup=ignore_hangup,
            # Whoever runs the tests in the background has Ctrl-C ignored, for all that it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        # pexpect waits before each key, for programs that ask for passwords; ours reads whatever comes.
        self.child.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self.child.isalive():
            self.child.kill(signal.SIGCONT)
            self.child.kill(signal.SIGKILL)
        self.child.close(force=True)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return int(self.child.pid)

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what was written, waiting at most so long for the first of it; False at the end of the program."""
        ready, _, _ = select.select([self.child.child_fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.child.child_fd, 65536)
        except OSError:
            return False
        if not data:
            return False
        self.raw += data
        self._emulator.feed(data)
        return True

    def more(self, seconds: float) -> bool:
        """Whether more is written within so many seconds that was not read yet."""
        return bool(select.select([self.child.child_fd], [], [], seconds)[0])

    @property
    def text(self) -> str:
        """The screen as a person reads it."""
        return "\n".join(self._emulator.lines)

    def wait_for(self, what: str | re.Pattern[str], seconds: float = PATIENCE_S) -> None:
        """Read until `what` is on the screen; fails with the screen when it never comes. The first picture, which
        stands while the program is loaded, does not count, unless it is what is waited for."""
        self._until(what, True, seconds)

    def wait_gone(self, what: str, seconds: float = PATIENCE_S) -> None:
        """Read until `what` is no longer on the screen."""
        self._until(what, False, seconds)

    def _has(self, what: str | re.Pattern[str]) -> bool:
        text = self.text
        if LOADING in text and what != LOADING:
            return False
        return bool(re.search(what, text) if isinstance(what, re.Pattern) else what in text)

    def _until(self, what: str | re.Pattern[str], there: bool, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._has(what) is not there:
            if not self.read() or time.monotonic() > end:
                wanted = what if isinstance(what, str) else what.pattern
                raise AssertionError(f"{wanted!r} {'never came' if there else 'did not go'}:\n{self.text}")

    def press(self, *keys: str) -> None:
        """Press keys, reading a little after each."""
        for key in keys:
            self.child.send(KEYS.get(key, key))
            self.read(0.1)

    def type(self, text: str) -> None:
        """Type a text."""
        self.child.send(text)
        self.read(0.1)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as dragging its corner does."""
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)
        self.read(0.3)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def exit_status(self, seconds: float = PATIENCE_S) -> int:
        """Read to the end of the program and return its status, 128 + n when a signal ended it."""
        end = time.monotonic() + seconds
        while self.child.isalive():
            if time.monotonic() > end:
                raise AssertionError(f"still running after {seconds} s:\n{self.text}")
            self.read(0.05)
        while self.read(0.05) and select.select([self.child.child_fd], [], [], 0)[0]:
            pass
        if self.child.exitstatus is not None:
            return int(self.child.exitstatus)
        return 128 + int(self.child.signalstatus or 0)

    @property
    def echoes(self) -> bool:
        """Whether the system writes what is typed onto the screen."""
        return bool(termios.tcgetattr(self.child.child_fd)[3] & termios.ECHO)

    @property
    def plain(self) -> bool:
        """Whether the screen is the ordinary one, with its cursor, and reports neither mouse, focus nor keys by their
        names, and the window's title is the one from before."""
        tail = bytes(self.raw)
        return (
            tail.rfind(b"\x1b[?1049l") > tail.rfind(b"\x1b[?1049h")
            and tail.rfind(b"\x1b[?25h") > tail.rfind(b"\x1b[?25l")
            and all(
                tail.rfind(b"\x1b[?%dl" % mode) >= tail.rfind(b"\x1b[?%dh" % mode) for mode in (1000, 1003, 1004, 1006)
            )
            and tail.count(b"\x1b[<u") == len(re.findall(rb"\x1b\[>\d*u", tail))
            and len(re.findall(rb"\x1b\[23;0?t", tail)) == len(re.findall(rb"\x1b\[22;0?t", tail))
        )

    @property
    def restored(self) -> bool:
        """Whether the program left the terminal as it should: `plain`, what is pasted not marked, and what is typed
        edited and echoed by the system."""
        return (
            self.plain
            and self.raw.rfind(b"\x1b[?2004l") >= self.raw.rfind(b"\x1b[?2004h")
            and termios.tcgetattr(self.child.child_fd)[3] & _COOKED == _COOKED
        )
