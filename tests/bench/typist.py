"""Somebody who types at a program in a pseudo-terminal: a key, the screen that answers it, and only then the next key.

What the program writes is taken down by a thread with the time at which it came, so that reading the screen, which
takes its time, does not count as the program's.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pyte

from tests.support.emulator import Emulator
from tests.support.screen import KEYS, ROOT

SENT = {"pagedown": "\x1b[6~", "pageup": "\x1b[5~", "home": "\x1b[H", **KEYS}
LOST_S = 5.0
"""After so many seconds a key has had no answer, which ends the measurement."""

Answered = Callable[[pyte.Screen], bool]
"""Whether the screen shows what a key was pressed for."""


class Typist:
    """A Python program in a pseudo-terminal of `size` (columns, rows), started with these arguments."""

    def __init__(self, arguments: Sequence[str], size: tuple[int, int], environment: Mapping[str, str]) -> None:
        """Start it; nothing is read of its screen until somebody waits or presses a key."""
        columns, rows = size
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        for name in ("NO_COLOR", "COLUMNS", "LINES", "ESCDELAY", "TEXTUAL_FPS"):
            env.pop(name, None)
        for name in [name for name in env if name.startswith(("SSH_", "MOSH_"))]:
            env.pop(name)  # whoever measures from afar measures what somebody at the machine sees
        self._emulator = Emulator(columns, rows)
        self.screen = self._emulator.screen
        self._pieces: list[tuple[float, bytes]] = []
        self._taken = 0
        self._came = threading.Event()
        self.child = pexpect.spawn(
            sys.executable, list(arguments), env=env, cwd=str(ROOT), dimensions=(rows, columns), timeout=10
        )
        self.child.delaybeforesend = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Typist:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.close(force=True)
        self._reader.join(5)

    def _read(self) -> None:
        while True:
            try:
                select.select([self.child.child_fd], [], [])
                data = os.read(self.child.child_fd, 65536)
            except (OSError, ValueError):
                return
            if not data:
                return
            self._pieces.append((time.perf_counter(), data))
            self._came.set()

    @property
    def cpu_s(self) -> float:
        """Processor time so far of the main thread, which answers keys and draws, in seconds."""
        return int(Path(f"/proc/{self.child.pid}/task/{self.child.pid}/schedstat").read_text().split()[0]) / 1e9

    @property
    def lines(self) -> list[str]:
        """The screen as a person reads it."""
        return [str(line).rstrip() for line in self.screen.display]

    def catch_up(self) -> float | None:
        """Show the next piece that was written; when it came, None where there is none."""
        if self._taken == len(self._pieces):
            return None
        at, data = self._pieces[self._taken]
        self._taken += 1
        self._emulator.feed(data)
        return at

    def wait_for(self, answered: Answered, seconds: float = LOST_S, what: str = "what was waited for") -> float:
        """Read until the screen shows it; when the piece came that made it so."""
        end, at = time.perf_counter() + seconds, time.perf_counter()
        while True:
            self._came.clear()
            while (came := self.catch_up()) is not None:
                at = came
                if answered(self.screen):
                    return at
            if answered(self.screen):
                return at
            if not self._came.wait(end - time.perf_counter()) and self._taken == len(self._pieces):
                raise SystemExit(f"{what} never came:\n" + "\n".join(self.lines))

    def rest(self, seconds: float) -> None:
        """Take in what is written within so many seconds."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._came.clear()
            if self.catch_up() is None:
                self._came.wait(left)

    def press(self, key: str, answered: Answered) -> tuple[float, float]:
        """Press a key and wait for its answer: milliseconds until it came, and of the processor meanwhile."""
        if answered(self.screen):
            raise SystemExit(f"{key} is answered before it is pressed:\n" + "\n".join(self.lines))
        cpu, began = self.cpu_s, time.perf_counter()
        os.write(self.child.child_fd, SENT.get(key, key).encode())
        at = self.wait_for(answered, what=f"an answer to {key}")
        return (at - began) * 1e3, (self.cpu_s - cpu) * 1e3
