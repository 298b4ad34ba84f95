"""The thread that follows the room for the screen: it looks whether anything happened, reads, and hands over a view.

On a connection of its own, ten times a second while the terminal has the focus. It never waits for the screen: only the
newest view counts, and a screen that has stopped (a terminal that does not read) finds that one when it goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from warroom.service.duty_view import look
from warroom.service.session import Session
from warroom.store.database import DatabaseError
from warroom.views import BoardView, Call, OnCallView

LOOK_S = 0.1
"""How often the room is looked at, in seconds: one read of one number."""
LOOK_UNFOCUSED_S = 0.25
REREAD_S = 2.0
"""How often everything is read although nothing happened, in seconds: who is there changes without an event."""
RETRY_S = 0.5

log = logging.getLogger("warroom.feed")


@dataclass(frozen=True, slots=True)
class News:
    """What the feed has found: a view, and that of on-call duty while somebody looks at it; or what is wrong. `calls`
    are the pages for the person at this screen since the news before; none of them is ever left out."""

    view: BoardView | None
    trouble: str = ""
    oncall: OnCallView | None = None
    calls: tuple[Call, ...] = ()


@dataclass(slots=True)
class Feed:
    """Follows one room. `tell` is called in the feed's thread without arguments; `take` then gives the newest news."""

    open_session: Callable[[], Session]
    tell: Callable[[], None]
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _news: News | None = None
    _selected: str | None = None
    _window: tuple[datetime, datetime] | None = None
    _heard: int = -1
    _wanted: bool = True
    _focused: bool = True
    _looked_at: float = field(default_factory=time.monotonic)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; does not wait, since nothing is left half done by a reader."""
        self._stop.set()
        self._wake.set()

    def select(self, key: str | None) -> None:
        """The detail of this incident is wanted from now on, and at once."""
        self._selected = key
        self.refresh()

    def show_shifts(self, window: tuple[datetime, datetime] | None) -> None:
        """On-call duty from then until then is looked at from now on; with None, no longer."""
        if window != self._window:
            self._window = window
            self.refresh()

    def refresh(self) -> None:
        """Read again now, whether or not anything happened."""
        self._wanted = True
        self._wake.set()

    def focus(self, focused: bool) -> None:
        """Look less often while nobody looks."""
        self._focused = focused

    def age_s(self) -> float:
        """How old what is shown may be: seconds, of real time, since the room was last looked at with success."""
        return time.monotonic() - self._looked_at

    def take(self) -> News | None:
        """The newest news, once; None when there are none."""
        with self._lock:
            news, self._news = self._news, None
            return news

    def _put(self, news: News) -> None:
        with self._lock:
            told = self._news is not None
            if self._news is not None and self._news.calls:
                news = replace(news, calls=(*self._news.calls, *news.calls))
            self._news = news
        if not told:
            self.tell()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self.open_session() as session:
                    self._wanted = True
                    self._follow(session)
            except DatabaseError as error:
                self._put(News(None, str(error)))
            except Exception as error:  # whatever happens is shown; the log has the rest
                log.exception("the feed stumbled")
                self._put(News(None, f"{type(error).__name__}: {error}"))
            self._stop.wait(RETRY_S)

    def _follow(self, session: Session) -> None:
        seen, read_at = -1, 0.0
        shifts: OnCallView | None = None
        while not self._stop.is_set():
            seq = session.seq()
            self._looked_at = now = time.monotonic()
            if self._wanted or seq != seen or now - read_at >= REREAD_S:
                self._wanted, selected = False, self._selected
                view = session.board(selected)
                window = self._window
                shifts = look(session, *window, shifts) if window is not None else None
                # What happened before this screen was opened is on the board; the bell rings for what is new.
                calls = session.calls(self._heard) if 0 <= self._heard < view.seq else ()
                seen = self._heard = view.seq
                read_at = now
                self._put(News(view, oncall=shifts, calls=calls))
            self._wake.wait(LOOK_S if self._focused else LOOK_UNFOCUSED_S)
            self._wake.clear()
