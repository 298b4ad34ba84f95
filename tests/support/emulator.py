"""What a program in a pseudo-terminal wrote, as the screen that a person sees."""

from __future__ import annotations

import re

import pyte
from wcwidth import wcwidth

# What a terminal swallows and the emulator would print: private modes' queries, pointer shapes, keyboard protocols.
_SWALLOWED = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[a-zA-Z$]*[pu]|\x1b\[[0-9;]*[ $][a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_COMPLETE = re.compile(rb"\x1b(\[[0-9;?<>=$ ]*[@-~]|\][^\x07\x1b]*\x07|[^\[\]])")
_LONGEST = 64
"""Bytes from which on what begins like a sequence is taken for one that nobody completes."""


class Emulator:
    """A terminal of so many columns and rows. `screen` is what stands on it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._tail = b""

    @property
    def lines(self) -> list[str]:
        """What stands on the rows, blanks at their ends left out. While a picture is half written there may be the
        right half of a wide character without its left one: that is a blank, as it is on a terminal."""
        return [self._line(y) for y in range(self.screen.lines)]

    def _line(self, y: int) -> str:
        row, chars, x = self.screen.buffer[y], [], 0
        while x < self.screen.columns:
            char = row[x].data or " "
            chars.append(char)
            x += 2 if wcwidth(char[0]) == 2 else 1
        return "".join(chars).rstrip()

    def feed(self, data: bytes) -> None:
        """Show the next piece. A sequence may be cut between two pieces: what is left of it waits for the next one."""
        data, self._tail = self._tail + data, b""
        cut = data.rfind(b"\x1b")
        if cut >= 0 and len(data) - cut < _LONGEST and not _COMPLETE.match(data, cut):
            data, self._tail = data[:cut], data[cut:]
        self._stream.feed(_SWALLOWED.sub(b"", data))
