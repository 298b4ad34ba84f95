"""The thread that follows the room for the screen: it looks whether anything happened, reads, and hands over a view.

On a connection of its own: as soon as a file of the room was written to, and once a second besides; ten times a second
where such writing cannot be noticed, and while something is written. It never waits for the screen: only the newest
view counts, and a screen that has stopped (a terminal that does not read) finds that one when it goes on.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime

from warroom.service.duty_view import look
from warroom.service.session import PAGE, Session
from warroom.store.database import DatabaseError
from warroom.store.doorbell import Doorbell
from warroom.store.write import NoSuchIncident
from warroom.valueclass import dataclass
from warroom.views import BoardView, Call, IncidentLine, OnCallView, RecordPage

LOOK_S = 0.1
"""How often the room is looked at, in seconds: one read of one number."""
LOOK_UNFOCUSED_S = 0.25
LOOK_IDLE_S = 1.0
"""The same while it would be noticed if anything was written."""
SOON_S = 0.01
"""How long after the first writing that was noticed it is looked again, then after twice as long, and so on up to the
usual: a commit is seen only when it is safely on the disk, some milliseconds after it was written."""
QUIET_S, PENDING_S = 0.1, 2.0
"""For how long after the last writing it is looked that often: where its commit was seen, and where it was not yet."""
STIRRED_S = 0.5
"""How soon it is read again at most, in seconds, when something was written but nothing happened: what became of a
message, a sign of life, a draft."""
REREAD_S = 5.0
"""How often it is looked again although nothing was written at all, in seconds: what time alone changes, such as who is
on call, how tired people are and who has given no sign of life. What was read and still holds is not read again."""
RETRY_S = 0.5
SPEND_S = 0.01
"""For how long incidents are read at once, in seconds. Reading is work for the interpreter, which no key is answered in
meanwhile: of a large room so much is read, then the screen has its turn, and so on until all of it is there."""
REST_S, TYPING_S, REST_TYPING_S = 0.01, 0.5, 0.1
"""How long the screen has its turn then, in seconds; and so long after a key was pressed how long it is then."""
SWITCH_S = 0.001
"""After how long a thread at work lets another one go on that waits for the interpreter, in seconds: Python's own 5 ms,
waited for several times on the way from a key to the screen, are felt."""
PART_S = 0.4
"""How often what was read so far of a large room is told, in seconds."""

log = logging.getLogger("warroom.feed")


@dataclass(frozen=True, slots=True)
class News:
    """What the feed has found: a view, and that of on-call duty while somebody looks at it; or what is wrong. `calls`
    are the pages for the person at this screen since the news before, `record` what the record of the open incident
    has got since then; nothing of either is ever left out."""

    view: BoardView | None
    trouble: str = ""
    oncall: OnCallView | None = None
    calls: tuple[Call, ...] = ()
    record: tuple[RecordPage, ...] = ()


@dataclass(slots=True)
class Feed:
    """Follows one room. `tell` is called in the feed's thread without arguments; `take` then gives the newest news.
    `stir` is called there as soon as anything was written, by anybody: whoever else waits for that need not look."""

    open_session: Callable[[], Session]
    tell: Callable[[], None]
    stir: Callable[[], None] = lambda: None
    _stop: threading.Event = field(default_factory=threading.Event)
    _bell: Doorbell = field(default_factory=Doorbell)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _news: News | None = None
    _selected: str | None = None
    _window: tuple[datetime, datetime] | None = None
    _room: tuple[str, int] | None = None
    _older: tuple[str, int, int] | None = None
    _heard: int = -1
    _wanted: bool = True
    _focused: bool = True
    _looked_at: float = field(default_factory=time.monotonic)
    _typed_at: float = float("-inf")
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        sys.setswitchinterval(SWITCH_S)
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; does not wait, since nothing is left half done by a reader."""
        self._stop.set()
        self._bell.ring()

    def select(self, key: str | None) -> None:
        """The detail of this incident is wanted from now on, and at once."""
        self._selected = key
        self.refresh()

    def follow_room(self, key: str, after: int) -> None:
        """This incident is open in a screen of its own: its detail, whatever is selected, and all that comes to its
        record behind entry `after` are wanted from now on."""
        self._room = key, after
        if key != self._selected:
            self.refresh()

    def leave_room(self) -> None:
        """The selected incident's detail is wanted again, and no record."""
        self._room = None

    def older(self, key: str, before: int, most: int) -> None:
        """Of that incident's record the part before entry `before` is wanted, at most `most` entries (0: a page)."""
        self._older = key, before, most
        self._bell.ring()

    def show_shifts(self, window: tuple[datetime, datetime] | None) -> None:
        """On-call duty from then until then is looked at from now on; with None, no longer."""
        if window != self._window:
            self._window = window
            self.refresh()

    def refresh(self) -> None:
        """Read again now, whether or not anything happened."""
        self._wanted = True
        self._bell.ring()

    def focus(self, focused: bool) -> None:
        """Look less often while nobody looks."""
        self._focused = focused

    def typed(self) -> None:
        """A key was pressed: what is still to be read of a large room can wait."""
        self._typed_at = time.monotonic()

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
            if self._news is not None:
                before = self._news
                news = replace(news, calls=(*before.calls, *news.calls), record=(*before.record, *news.record))
                if news.view is not None and before.view is not None:
                    news = replace(news, view=_after(before.view.changed, news.view))
                if news.view is None and not news.trouble:  # only a part of a record: what was not taken yet stays
                    news = replace(before, calls=news.calls, record=news.record)
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
        mark: tuple[int, int] | None = None  # of what was read last
        noticed: tuple[int, int] | None = None
        read_at = 0.0
        shown: BoardView | None = None
        parts: Mapping[str, IncidentLine | None] | None = {}  # what has changed since the view that was told last
        told_at = 0.0
        unread = False
        shifts: OnCallView | None = None
        room: tuple[str, int] | None = None
        known = 0
        pause = _Pause()
        while not self._stop.is_set():
            if (older := self._older) is not None:
                pages = _before(session, *older)  # where that fails it is tried again, with another session
                if self._older is older:
                    self._older = None
                self._put(News(None, record=pages))
            here = session.database.mark()
            self._looked_at = now = time.monotonic()
            seen = shown.seq if shown is not None else -1
            if here != noticed:
                if noticed is None or here[0] != noticed[0]:  # it may be another file now
                    self._bell.follow(session.database.files)
                noticed = here
                pause.seen(now)
                self.stir()
            stirred = here != mark and (now - read_at >= STIRRED_S or session.seq() != seen)
            if self._wanted or stirred or unread or now - read_at >= REREAD_S:
                wanted, self._wanted, selected = self._wanted, False, self._selected
                mark, read_at = here, now
                if room is not self._room:
                    room, seen = self._room, -1
                    known = room[1] if room is not None else 0
                view = session.board(room[0] if room is not None else selected, spend_s=SPEND_S)
                view = _after(parts, view)
                parts, unread = view.changed, view.unread > 0
                pages = ()
                if room is not None and view.seq != seen and (page := _behind(session, room[0], known)) is not None:
                    known, pages = page.last, (page,)
                window, before = self._window, shifts
                shifts = look(session, *window, shifts) if window is not None else None
                # What happened before this screen was opened is on the board; the bell rings for what is new.
                calls = session.calls(self._heard) if 0 <= self._heard < view.seq else ()
                self._heard = view.seq
                # Where all is as it was, but for the time of this look, there is nothing to tell.
                part = unread and shown is not None and now - told_at < PART_S
                if wanted or pages or calls or shifts is not before or not (part or _same(view, shown)):
                    self._put(News(view, oncall=shifts, calls=calls, record=pages))
                    shown, parts, told_at = view, {}, now
            if unread:
                self._bell.wait(REST_S if time.monotonic() - self._typed_at > TYPING_S else REST_TYPING_S, files=False)
            elif self._older is None:
                pause.rest(self._bell, LOOK_S if self._focused else LOOK_UNFOCUSED_S)


@dataclass(slots=True)
class _Pause:
    """How long to wait until the next look. `written`, `moved`: when it was last noticed that something was written,
    and seen that something was committed; of real time, in seconds."""

    written: float = float("-inf")
    moved: float = float("-inf")
    begun: float = float("-inf")

    def seen(self, now: float) -> None:
        """A look has found what was committed."""
        self.moved = now

    def length(self, now: float, usual: float) -> float:
        """How long to wait at `now`, where `usual` is how often to look while something is written."""
        since = now - max(self.written, self.moved)
        if since >= (QUIET_S if self.moved >= self.written else PENDING_S):
            return max(LOOK_IDLE_S, usual)
        return min(usual, max(SOON_S, now - self.begun))

    def rest(self, bell: Doorbell, usual: float) -> None:
        """Wait for what may be seen next."""
        now = time.monotonic()
        if not bell.follows:
            bell.wait(usual)
            return
        wait = self.length(now, usual)
        idle = wait >= LOOK_IDLE_S
        if bell.wait(wait, files=idle):
            self.written = time.monotonic()
            self.begun = self.written if idle else self.begun


def _same(view: BoardView, shown: BoardView | None) -> bool:
    return shown is not None and replace(view, read_at=shown.read_at) == shown


def _after(before: Mapping[str, IncidentLine | None] | None, view: BoardView) -> BoardView:
    """The view as one that follows on the view before those changes."""
    if before is None or view.changed is None:
        return replace(view, changed=None)
    return replace(view, changed={**before, **view.changed}) if before else view


def _before(session: Session, key: str, before: int, most: int) -> tuple[RecordPage, ...]:
    """A page of the record of an incident before entry `before`; none where there is no such incident any more."""
    try:
        return (session.record(key, before=before, most=most or PAGE),)
    except NoSuchIncident:
        return ()


def _behind(session: Session, key: str, known: int) -> RecordPage | None:
    """What the record of an incident has behind entry `known`, None when nothing."""
    try:
        page = session.record(key, after=known)
    except NoSuchIncident:
        return None
    return page if page.last > known else None
