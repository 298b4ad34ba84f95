"""What a program in a pseudo-terminal wrote, as the screen that a person sees."""

from __future__ import annotations

import re

import pyte

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

    def feed(self, data: bytes) -> None:
        """Show the next piece. A sequence may be cut between two pieces: what is left of it waits for the next one."""
        data, self._tail = self._tail + data, b""
        cut = data.rfind(b"\x1b")
        if cut >= 0 and len(data) - cut < _LONGEST and not _COMPLETE.match(data, cut):
            data, self._tail = data[:cut], data[cut:]
        self._stream.feed(_SWALLOWED.sub(b"", data))
