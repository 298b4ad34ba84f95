"""Who presses a key is answered first: what goes on in other threads of the process lets it go ahead.

Only one thread of a process runs Python at a time. A thread that reads or sends while a key is answered does not stop
that, but makes it take twice as long; so it waits, at places where it holds nothing that others wait for. It waits a
moment at most: nothing that a room needs depends on nobody typing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MOST_S = 0.05
"""How long it is waited at most from the key on, in seconds. However many keys follow, as long again nobody waits."""


class Courtesy:
    """Shared by the thread that answers keys, which says `begin` and `end`, and all that let it go ahead."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Nobody is waited for. `monotonic` gives seconds."""
        self._monotonic = monotonic
        self._free = threading.Event()
        self._free.set()
        self._until = 0.0

    def begin(self) -> None:
        """A key has come, or what may be one. Another one does not make the wait for the one before longer."""
        now = self._monotonic()
        if self._free.is_set() or now >= self._until + MOST_S:
            self._until = now + MOST_S
            self._free.clear()

    def end(self) -> None:
        """All keys are answered."""
        self._free.set()

    def give_way(self) -> None:
        """Wait until keys are answered, or for as long as can be asked for. Never within a transaction that writes."""
        if not self._free.is_set() and (left := self._until - self._monotonic()) > 0:
            self._free.wait(left)
