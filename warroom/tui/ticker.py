"""The seconds of a screen: one timer for all that follows the clock, at the beginning of every second of the room.

It wakes the program once a second and no more: whoever is called looks whether anything that it shows has changed
(`warroom.tui.horizon`). It is a timer of the loop itself: Textual's make a task and two messages of every second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from warroom.clock import Clock

LEAST_S: Final = 0.1
"""How long a second of the screen takes at least, in seconds: in a room that runs fast the screen does not."""


class Loop(Protocol):
    """As much of a loop as is needed."""

    def call_later(self, delay: float, callback: Callable[[], object], /) -> asyncio.TimerHandle:
        """Call it in so many seconds."""


class Ticker:
    """Calls `tick` with the room's time, in the thread and in between the steps of a loop."""

    def __init__(self, clock: Clock, tick: Callable[[datetime], None]) -> None:
        """It stands still until `start`."""
        self._clock, self._tick = clock, tick
        self._loop: Loop | None = None
        self._next: asyncio.TimerHandle | None = None

    def start(self, loop: Loop) -> None:
        """Tick now, and from now on."""
        self._loop = loop
        self._go()

    def stop(self) -> None:
        """Stand still for good."""
        handle, self._next, self._loop = self._next, None, None
        if handle is not None:
            handle.cancel()

    def _go(self) -> None:
        now = self._clock()
        try:
            self._tick(now)
        finally:
            if self._loop is not None:
                self._next = self._loop.call_later(self.wait_s(now), self._go)

    def wait_s(self, now: datetime) -> float:
        """How many real seconds there are until the next second of the room begins, at its time `now`."""
        return max((1.0 - now.microsecond / 1e6) / self._clock.speed, LEAST_S)
