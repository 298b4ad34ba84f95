"""The engine: finds what fell due and lets the domain decide it. Runs in a thread of its own in every open warroom.

It never runs on a screen's loop, since a terminal that stops reading stops that loop. It has a connection of its own,
keeps no state that matters, and may die at any moment: a deadline stays in the database until the step was taken, and
the step that takes it moves the room on in the same transaction, so that no other engine takes it again.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta

from warroom.background import Background
from warroom.clock import REAL, Clock
from warroom.service.acting import host_name
from warroom.service.session import Session
from warroom.store import codec, presence
from warroom.store.database import DatabaseError
from warroom.store.write import TickReport
from warroom.valueclass import dataclass
from warroom.words import mark, tr

POLL_S = 0.1
"""How often the next due time is looked up, in seconds: it is one read without a lock, and bounds the lateness of a
step that another process has just armed."""
STIRRED_POLL_S = 1.0
"""The same where somebody else in this process looks whether anything was written, and then calls `stir`."""
RETRY_S = 1.0
"""How long the engine waits after the database could not be used, before it tries again."""
HOLD_S = 60.0
"""How long an incident whose step could not be decided is left alone, in seconds, while the others go on."""
LAG_SHOWN_S = 60.0
"""For how long the lateness of the latest step is shown as the engine's lag, in seconds."""

log = logging.getLogger("warroom.engine")


@dataclass(slots=True)
class Engine(Background):
    """Keeps the timers of one room going. `open_session` is called in the engine's own thread.

    `kind` says what this process is ("board", "engine", ...) to the people who look who is there. `on_trouble` is told
    what is wrong, once, and "" when it is over; it must not block. `stirred`: somebody calls `stir` whenever anything
    was written, so that it need not be looked for so often here.
    """

    thread_name = "engine"

    open_session: Callable[[], Session]
    login: str
    kind: str
    clock: Clock = REAL
    monotonic: Callable[[], float] = time.monotonic
    on_trouble: Callable[[str], None] = lambda _: None
    identity: str = field(default_factory=lambda: uuid.uuid4().hex)
    stirred: bool = False
    _held: dict[int, float] = field(default_factory=dict)
    _lag: timedelta = timedelta(0)
    _lag_at: float = 0.0
    _note: str = ""
    _beat_at: float = 0.0
    _known: tuple[object, datetime | None] | None = None

    def run(self) -> None:
        """Keep the timers going until `stop`; survives whatever happens to the database."""
        codec.warm()  # or the first step would do it, while everybody waits for the lock
        while not self._stop.is_set():
            try:
                with self.open_session() as session:
                    session.database.on_wait(
                        lambda holder, _: self._trouble(mark("waiting for {holder}"), holder=holder.describe())
                    )
                    self._arrive(session)
                    try:
                        self._serve(session)
                    finally:
                        # What cannot be taken out now is replaced on the next arrival, or counts as gone.
                        with suppress(DatabaseError):
                            presence.leave(session.database, self.identity)
            except DatabaseError as error:
                self._trouble(str(error))
            except Exception as error:  # the timers go on whatever happens; the log has the rest
                what = f"{type(error).__name__}: {error}"
                if what != self._note:  # it may come back every second
                    log.exception("the engine stumbled")
                self._trouble(what)
            self._stop.wait(RETRY_S)

    def _serve(self, session: Session) -> None:
        while not self._stop.is_set():
            wait = self.pass_once(session)
            if wait > 0:
                self._wake.wait(wait)
                self._wake.clear()

    def pass_once(self, session: Session) -> float:
        """One look at the clock: take what fell due, say that we are there; returns how long to wait, in seconds."""
        held = self._release()
        steps = 0
        due = self._next_due(session, held)
        if due is not None and due <= self.clock():
            report = session.writer.tick(self.clock, held)
            self._after(report)
            steps = report.steps
        if not self._held:
            self._trouble("")  # everything works (again)
        if self.monotonic() - self._lag_at > LAG_SHOWN_S:
            self._lag = timedelta(0)
        self._beat(session)
        if steps:
            return 0.0
        if due is None:
            return STIRRED_POLL_S if self.stirred else POLL_S
        ahead = self.clock.seconds_until(due)
        # What is due and could not be taken is tried again no later than ever.
        return min(STIRRED_POLL_S if self.stirred else POLL_S, ahead) if ahead > 0 else POLL_S

    def _next_due(self, session: Session, held: frozenset[int]) -> datetime | None:
        """When the next step falls due; asked of the database only when something was committed since."""
        known = session, session.database.mark(), held
        if self._known is None or self._known[0] != known:
            self._known = known, session.writer.next_due(held)
        return self._known[1]

    def _after(self, report: TickReport) -> None:
        if report.steps:
            self._lag, self._lag_at = timedelta(seconds=report.lag_s), self.monotonic()
        for number, why in report.failed:
            self._held[number] = self.monotonic() + HOLD_S
            log.error("incident %s cannot be moved on: %s", number, why)
            self._trouble(mark("one incident cannot be moved on: {why}"), why=why)

    def _release(self) -> frozenset[int]:
        now = self.monotonic()
        self._held = {number: until for number, until in self._held.items() if until > now}
        return frozenset(self._held)

    def _arrive(self, session: Session) -> None:
        now = codec.to_us(REAL())
        presence.arrive(
            session.database,
            {
                "id": self.identity,
                "login": self.login,
                "host": host_name(),
                "pid": os.getpid(),
                "kind": self.kind,
                "started_at": now,
                "seen_at": now,
                "lag_us": 0,
                "note": self._note,
            },
        )
        self._beat_at = self.monotonic()

    def _beat(self, session: Session) -> None:
        if self.monotonic() - self._beat_at < presence.BEAT.total_seconds():
            return
        self._beat_at = self.monotonic()
        if not presence.beat(session.database, self.identity, now=REAL(), lag=self._lag, note=self._note):
            self._arrive(session)

    def _trouble(self, what: str, **parts: str) -> None:
        """Tell of something that goes wrong, "" for nothing; others find it in the room in the words of the source."""
        told = tr(what).format(**parts) if parts else what
        what = what.format(**parts) if parts else what
        said, self._note = self._note, what
        if what == said:
            return  # the same trouble comes back every second; it is told once
        try:
            self.on_trouble(told)
        except Exception:  # whoever listens may be gone, a closed standard error for instance
            log.exception("nobody could be told of: %s", what)
