"""The thread that looks at the room for a wallboard, for weeks: it opens the file read-only, reads, and opens it anew.

Whatever happens to the file (replaced, gone, locked, no permission any more, no database at all) is said and tried
again; what was read last stays. Nothing is kept of what is not shown.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime

from warroom.clock import REAL, Clock
from warroom.service.session import Session
from warroom.service.wall_view import WallReader
from warroom.store.database import DatabaseError
from warroom.views.wall import WallView


def awake() -> float:
    """Seconds of real time that also pass while the machine is suspended, where the system can tell."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)

LOOK_S = 0.25
"""How often it is asked whether anything was written, in seconds: one number, nothing is read."""
STIRRED_S = 0.5
"""How soon it is read again at most when something was written, in seconds."""
REREAD_S = 2.0
"""How often it is read although nothing was written, in seconds: who is alive and who is on call changes with time."""
RETRY_S = 1.0
LOGGED_S = 3600.0
"""How often the same stumble is logged again, in seconds: a log must not grow for weeks either."""

log = logging.getLogger("warroom.wall")


def _short(error: DatabaseError) -> str:
    """What is wrong, with the name of the file and without its directories: a wall has one line for it."""
    name = error.where.rpartition("/")[2]
    text = f"{name}: {error.what}" if name else error.what
    return f"{text}. {error.remedy}" if error.remedy else text


class Watch:
    """Looks at one room. `tell` is called in its thread, without arguments, when there is something new to show."""

    def __init__(
        self,
        open_session: Callable[[], Session],
        tell: Callable[[], None],
        screens: Collection[str] = ("board",),
        *,
        monotonic: Callable[[], float] = awake,
    ) -> None:
        """Nothing is opened yet."""
        self._open, self._tell, self._screens, self._monotonic = open_session, tell, screens, monotonic
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._view: WallView | None = None
        self._trouble = ""
        self._looked_at = monotonic()
        self._logged: tuple[str, float] = ("", -LOGGED_S)
        self._session: Session | None = None
        self._reader = WallReader(screens)
        self._clock: Clock | None = None
        self._mark: tuple[int, int] | None = None
        self._read_at = 0.0

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._run, name="wall", daemon=True).start()

    def stop(self) -> None:
        """End; does not wait, since a reader leaves nothing half done."""
        self._stop.set()

    @property
    def latest(self) -> tuple[WallView | None, str]:
        """What was read last, None before the first time, and what is wrong now."""
        with self._lock:
            return self._view, self._trouble

    def now(self) -> datetime:
        """The time in the room; the machine's own until the room was opened once."""
        return (self._clock or REAL)()

    @property
    def speed(self) -> float:
        """How many times as fast as real time the room's own runs."""
        return (self._clock or REAL).speed

    def age_s(self) -> float:
        """How long ago the room was looked at with success, in seconds of real time, also while the machine slept."""
        return max(0.0, self._monotonic() - self._looked_at)

    def step(self) -> float:
        """One look, which opens the room where it is not open; for how long to rest then, in seconds. Never raises.

        Belongs into one thread, as the session does; the thread's own loop is nothing but this.
        """
        try:
            if self._session is None:
                self._session, self._mark = self._open(), None
                self._clock = self._session.room_clock
                self._reader = WallReader(self._screens)
            self._look(self._session)
            return LOOK_S
        except DatabaseError as error:
            self._failed(_short(error))
        except Exception as error:  # whatever happens is shown; the log has the rest
            words = f"{type(error).__name__}: {error}"
            if self._logged[0] != words or self._monotonic() - self._logged[1] >= LOGGED_S:
                self._logged = words, self._monotonic()
                log.exception("the wall stumbled")
            self._failed(words)
        return RETRY_S

    def close(self) -> None:
        """Give the session back; in the thread of `step`."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _run(self) -> None:
        while not self._stop.wait(self.step()):
            pass
        self.close()

    def _look(self, session: Session) -> None:
        mark, now = session.database.mark(), self._monotonic()
        unread = self._view is not None and self._view.board.unread > 0
        due = STIRRED_S if mark != self._mark or unread else REREAD_S
        if self._mark is None or now - self._read_at >= due or now < self._read_at:
            view = self._reader.read(session)
            self._mark, self._read_at = mark, now
            self._put(view, "")
        elif self._trouble:
            self._put(self._view, "")
        self._looked_at = now

    def _failed(self, words: str) -> None:
        try:
            self.close()
        except Exception:
            log.exception("the room could not be closed")
            self._session = None
        self._put(self._view, words)

    def _put(self, view: WallView | None, trouble: str) -> None:
        with self._lock:
            before = self._view, self._trouble
            self._view, self._trouble = view, trouble
        if before[0] is not view or before[1] != trouble:
            self._tell()
