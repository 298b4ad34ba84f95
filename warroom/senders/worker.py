"""The thread that takes messages out of the outbox and hands them to a sender, in every open warroom."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from warroom.clock import REAL
from warroom.service.session import Session
from warroom.store import outbox
from warroom.store.database import DatabaseError
from warroom.store.outbox import Claimed

POLL_S = 0.25
"""How often the outbox is looked at, in seconds: one read without a lock."""
RETRY_S = 1.0

log = logging.getLogger("warroom.senders")
Sender = Callable[[Claimed], None]


@dataclass(slots=True)
class Worker:
    """Sends what waits. At least once: who dies between sending and writing it down leaves the message unknown, and
    it is sent again under the same idempotency key.

    `send` has to return or raise within half of `lease`, or others take the message to be lost meanwhile.
    """

    open_session: Callable[[], Session]
    send: Sender
    clock: Callable[[], datetime] = REAL
    lease: timedelta = outbox.LEASE
    monotonic: Callable[[], float] = time.monotonic
    identity: str = field(default_factory=lambda: uuid.uuid4().hex)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _said: str = ""

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="outbox", daemon=True)
        self._thread.start()

    def stop(self, wait_s: float = 5.0) -> None:
        """End after the message that is under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def run(self) -> None:
        """Send until `stop`; survives whatever happens to the database."""
        while not self._stop.is_set():
            try:
                with self.open_session() as session:
                    while not self._stop.is_set():
                        sent = self.pass_once(session)
                        self._said = ""  # everything works (again)
                        if not sent:
                            self._stop.wait(POLL_S)
            except DatabaseError as error:
                self._say(str(error))
            except Exception as error:  # messages go on going out whatever happens; the log has the rest
                self._say(f"{type(error).__name__}: {error}", error)
            self._stop.wait(RETRY_S)

    def _say(self, what: str, error: Exception | None = None) -> None:
        """Into the log; the same trouble comes back every second and is written down once."""
        if what != self._said:
            log.warning("the outbox waits: %s", what, exc_info=error)
        self._said = what

    def pass_once(self, session: Session) -> int:
        """Send what waits now; returns how many messages were tried."""
        due = outbox.next_at(session.database)
        if due is None or due > self.clock():
            return 0
        _ = session.writer  # refuses, in words, to write a newer program's file
        pace = session.room_clock.speed
        until = self.monotonic() + self.lease.total_seconds() / 2
        claimed = outbox.claim(session.database, self.identity, self.clock(), lease=self.lease, pace=pace)
        results, untried = [], []
        for message in claimed:
            # With a slow receiver the last of many would be sent when their lease has run out.
            if self._stop.is_set() or self.monotonic() > until:
                untried.append(message)
            else:
                results.append((message, self._try(message)))
        if claimed:
            outbox.settle(session.database, self.identity, results, self.clock(), untried=untried, pace=pace)
        return len(results)

    def _try(self, message: Claimed) -> str:
        try:
            self.send(message)
        except Exception as error:  # whatever a sender raises is this message's failure, not the worker's
            log.warning("message %s failed: %s", message.id, error)
            return f"{type(error).__name__}: {error}"
        return ""
