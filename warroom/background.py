"""What goes on beside everything else, in a thread of its own: begun, told to look again, and ended by others."""

from __future__ import annotations

import threading
from dataclasses import field
from typing import ClassVar

from warroom.valueclass import dataclass


@dataclass(slots=True)
class Background:
    """The base of what runs until it is stopped. `run` returns soon after `_stop` is set; who rests in it waits for
    `_wake` where `stir` is to end the rest."""

    thread_name: ClassVar[str]
    """What the thread is called where threads are listed."""

    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _wake: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def run(self) -> None:
        """What is done in the thread, until `stop`."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name=self.thread_name, daemon=True)
        self._thread.start()

    def stop(self, wait_s: float = 5.0) -> None:
        """End after what is under way, and wait for that, so many seconds at most."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def stir(self) -> None:
        """Something was written: look at once whether there is anything to do. For any thread; never blocks."""
        self._wake.set()
