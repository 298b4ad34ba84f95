"""The thread that carries out what the person at this screen wants, on a database connection of its own.

A command that was given is carried out whatever becomes of the screen meanwhile; its outcome is told to the screen.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import field
from itertools import count

from warroom.domain.core import Command, Refused
from warroom.domain.desk import DeskCommand
from warroom.service.session import Session
from warroom.store.database import DatabaseError
from warroom.store.write import DeskOutcome, Outcome
from warroom.valueclass import dataclass
from warroom.words import tr

log = logging.getLogger("warroom.commands")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a command: its outcome, or why nothing was done. `ticket`: the one under which it was given."""

    command: Command
    key: str
    outcome: Outcome | DeskOutcome | None
    refusal: str = ""
    ticket: int = 0


@dataclass(slots=True)
class Commander:
    """Carries out commands one after the other.

    `tell` is called in this thread with each result, `on_wait` with whom a command waits for, "" when it does no more;
    neither may block.
    """

    open_session: Callable[[], Session]
    tell: Callable[[Result], None]
    on_wait: Callable[[str], None] = lambda _: None
    _queue: queue.SimpleQueue[tuple[int, Command, str] | None] = field(default_factory=queue.SimpleQueue)
    _tickets: Iterator[int] = field(default_factory=lambda: count(1))
    _thread: threading.Thread | None = None

    def execute(self, command: Command, key: str = "") -> int:
        """Carry out a command when its turn comes; returns at once, with the ticket that its result will carry: the
        same command may be given twice, and equal ones may be under way at a time."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="commands", daemon=True)
            self._thread.start()
        ticket = next(self._tickets)
        self._queue.put((ticket, command, key))
        return ticket

    def stop(self, wait_s: float = 5.0) -> None:
        """End when everything given so far has been carried out."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(wait_s)

    def _run(self) -> None:
        session: Session | None = None
        try:
            while (item := self._queue.get()) is not None:
                ticket, command, key = item
                try:
                    if session is None:
                        session = self.open_session()
                        session.database.on_wait(
                            lambda holder, _: self.on_wait(tr("waiting for {holder}").format(holder=holder.describe()))
                        )
                    done = (
                        session.at_desk(command) if isinstance(command, DeskCommand) else session.execute(command, key)
                    )
                    result = Result(command, key, done, ticket=ticket)
                except (Refused, DatabaseError) as refusal:
                    result = Result(command, key, None, str(refusal), ticket)
                except Exception as error:  # shown to the person; the log has the rest
                    log.exception("a command stumbled")
                    result = Result(command, key, None, f"{type(error).__name__}: {error}", ticket)
                self.on_wait("")
                self.tell(result)
        finally:
            if session is not None:
                session.close()
