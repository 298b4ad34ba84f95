"""The full-screen program: it holds the threads together and turns what a person wants into commands."""

from __future__ import annotations

import os
import time

# Textual reads these when it is imported: calm drawing over slow lines.
os.environ.setdefault("TEXTUAL_FPS", "15")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from textual import on
from textual.app import App
from textual.binding import BindingType
from textual.events import AppBlur, AppFocus, Event, Key, Paste
from textual.message import Message
from textual.screen import Screen

from warroom.clock import Clock
from warroom.domain.text import clean_line, cut
from warroom.engine.runtime import Place, Runtime
from warroom.preferences.values import DEFAULTS, Preferences
from warroom.store import suspend
from warroom.tui import garbage
from warroom.tui.board import BoardScreen
from warroom.tui.commander import Commander, Result
from warroom.tui.feed import Feed
from warroom.tui.guard import Guard
from warroom.tui.intents import Intents
from warroom.tui.keyline import KeyLine
from warroom.tui.keys import Intent
from warroom.tui.oncall import OnCallScreen
from warroom.tui.oncall_acts import OnCallActs
from warroom.tui.palette import Depth, depth_of
from warroom.tui.past_keys import Travel
from warroom.tui.room import RoomScreen
from warroom.tui.rulebook_acts import RulebookActs
from warroom.views import BoardView, Call, IncidentDetail

SHOWN_S = 20.0
"""How long it is shown that the person at this screen is paged, in seconds; of one incident not again meanwhile."""
CALL_CELLS = 110
"""How many characters of it: two lines in the corner of the screen."""
SETTLED_S = 1.0
"""How long after the first screen the program is taken to have started, in seconds."""


class WarroomApp(App[int]):
    """The board on one room. Engine, outbox, feed and commands run in threads of their own, never on this loop."""

    TITLE = "warroom"
    CSS_PATH = RoomScreen.CSS_PATH  # read with the rest at the start, so that a room opens at once
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    class News(Message):
        """The feed has something new."""

    def __init__(self, place: Place, clock: Clock, first: BoardView, own: Preferences = DEFAULTS) -> None:
        """A board on `place` whose time is `clock`; `first` is what it shows before the feed has looked again, `own`
        what the person at this screen has chosen."""
        # Without it Textual paints the gaps between widgets grey although no colour is wanted.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.place, self.clock, self.own = place, clock, own
        self.board = BoardScreen(first, clock())
        self.feed = Feed(place.session, self._tell)
        self.commander = Commander(place.session, self._carried_out, self._from_thread("commands"))
        self.runtime = Runtime(
            place,
            "board",
            clock,
            on_trouble=self._from_thread("engine"),
            on_rules=self._from_thread("rulebook"),
            on_published=self._published,
        )
        self.intents = Intents(self)
        self.oncall = OnCallActs(self, self.intents.carried)
        self.rulebook = RulebookActs(self)
        self.keys = KeyLine(self, super().on_event)
        # The gravest first: what is wrong with the rulebook's files does not hide that the timers stand still.
        self._rung: dict[str, float] = {}
        self._when_shown: Callable[[], None] = lambda: None
        self._troubles = dict.fromkeys(("engine", "feed", "commands", "damage", "outbox", "rulebook"), "")

    def on_mount(self) -> None:
        """Start everything."""
        self.set_class(depth_of(self) is Depth.SIXTEEN, "-sixteen")
        self.screen_change_signal.subscribe(self, self._screen_changed)
        # The driver has just taken Ctrl-Z for itself: transactions come to their end before it stops us.
        suspend.install()
        suspend.on_resume(self._resumed)
        self.push_screen(self.board)
        self.feed.start()
        self.runtime.start()
        self._next_tick()

    def call_when_shown(self, call: Callable[[], None]) -> None:
        """Call this once the first screen stands and nothing else is to be done; to be said before the app runs."""
        self._when_shown = call

    def on_ready(self) -> None:
        """The first screen stands."""
        self.set_timer(SETTLED_S, self._when_shown)

    def _resumed(self) -> None:
        """The process goes on after a stop. Called in between anything: it only hands over to the loop."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.feed.refresh)

    def leave(self, status: int) -> None:
        """End with this status; may be called from a signal handler or another thread, and never blocks."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.exit, status, status)

    def stop_threads(self) -> None:
        """Stop everything, each after the step that is under way."""
        self.feed.stop()
        self.commander.stop()
        self.runtime.stop()

    async def on_event(self, event: Event) -> None:
        """Keys, and what is pasted, one after the other; everything else as it comes."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self.keys.take(event)
        else:
            await super().on_event(event)

    @property
    def _ending(self) -> bool:
        """Whether the screen is being taken down: what comes in then finds parts of it gone."""
        return self._exit or not self.is_running

    # The clock -----------------------------------------------------------------------------------------------------

    def _next_tick(self) -> None:
        """One tick for the whole screen, at the beginning of every second of the room's time."""
        if self._ending:
            return
        now = self.clock()
        read_at = now - timedelta(seconds=self.feed.age_s())
        if not self.intents.room.tick(now, read_at):
            self.board.tick(now, read_at=read_at)
        self.oncall.tick(now)
        self.rulebook.tick(now)
        fraction = 1.0 - now.microsecond / 1e6
        # In a room that runs fast the screen still ticks at most ten times a second.
        self.set_timer(max(fraction / self.clock.speed, 0.1), self._next_tick)

    # What comes in -------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        self.post_message(self.News())

    @on(News)
    def _show_news(self) -> None:
        if self._ending:
            return
        news = self.feed.take()
        if news is None:
            return
        self._say("feed", news.trouble)
        if news.view is not None:
            keys = ", ".join(news.view.damaged)
            self._say("damage", f"{keys} cannot be read: run warroom doctor --rebuild" if keys else "")
            self._show_view(news.view)
            self.intents.follow(news.view)
            self.rulebook.follow(news.view)
            self._say("outbox", "; ".join(news.view.unsent))
        self.intents.room.read(news.record)
        for call in news.calls:
            self._ring(call)
        if news.oncall is not None:
            self.oncall.show(news.oncall)

    def _show_view(self, view: BoardView) -> None:
        if self.intents.room.screen is None:
            self.board.show(view, self.clock())
        else:  # it covers the board, which stays as it was left
            self.board.keep(view, self.clock())
            self.intents.room.follow(view)

    def detail_of(self, key: str) -> IncidentDetail | None:
        """All that is known on the screen of this incident; None where it is none that is looked at."""
        room = self.intents.room.screen
        detail = room.detail if room is not None else self.board.detail
        return detail if detail is not None and detail.line.key == key else None

    def _ring(self, call: Call) -> None:
        """The person at this screen is paged: the terminal's bell, and what for, until it is read."""
        self.bell()
        now = time.monotonic()
        if (
            self.screen not in (self.board, self.intents.room.screen)
            or now - self._rung.get(call.key, -SHOWN_S) < SHOWN_S
        ):
            return  # a form that is open, perhaps for this very page, is not hidden; nor do repeats pile up
        self._rung[call.key] = now
        text = clean_line(f"{call.key} {cut(call.title, 30)}: {call.what}", CALL_CELLS)
        title, grave = ("You are paged", "error") if call.paged else ("For you", "warning")
        self.notify(text, title=title, severity=grave, timeout=SHOWN_S, markup=False)

    def notify(self, message: str, **more: Any) -> None:
        """Show a word in the corner of the screen, once: what stands there already is not said again beneath it."""
        if not any(each.message == message and not each.has_expired for each in self._notifications):
            super().notify(message, **more)

    def _screen_changed(self, screen: Screen[Any]) -> None:
        """Whoever opens something has read what stood in the corner: it does not hide the form, nor its keys."""
        if screen not in (self.board, self.intents.room.screen):
            self.clear_notifications()
            for behind in self.screen_stack:  # each has its own picture of them
                behind.query("ToastHolder").remove()

    def _carried_out(self, result: Result) -> None:
        # Straight into the loop, not into the queue of messages: a form that waits for this may be holding that up.
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._show_result, result)

    def _show_result(self, result: Result) -> None:
        with self._context():
            self.intents.done(result)
        self.feed.refresh()

    def _from_thread(self, source: str) -> Callable[[str], None]:
        """Gives a function that a thread may call with what is wrong, or with "" when it is over; it never blocks."""

        def tell(what: str) -> None:
            loop = self._loop
            if loop is not None and not loop.is_closed():
                loop.call_soon_threadsafe(self._say, source, what)

        return tell

    def _published(self, revision: str) -> None:
        """Other rules are in force, from the directory that is watched. Called in the watch's thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._show_published, revision)

    def _show_published(self, revision: str) -> None:
        with self._context():
            self.notify(f"rulebook: revision {revision[:4]} is in force for new incidents", markup=False)
        self.feed.refresh()

    def _say(self, source: str, trouble: str) -> None:
        """What is wrong with the whole room, above the list; several sources do not talk over each other."""
        if trouble == self._troubles.get(source, ""):
            return
        self._troubles[source] = trouble
        with self._context():
            what = next((what for what in self._troubles.values() if what), "")
            self.board.trouble(what)
            if self.intents.room.screen is not None:
                self.intents.room.screen.trouble(what)

    # What the person wants -----------------------------------------------------------------------------------------

    @on(BoardScreen.Selected)
    def _selected(self, event: BoardScreen.Selected) -> None:
        self.feed.select(event.key)

    @on(Travel)
    def _travel(self, event: Travel) -> None:
        self.intents.room.travel(event)

    @on(RoomScreen.Older)
    def _older(self, event: RoomScreen.Older) -> None:
        self.intents.room.older(event)

    @on(Intent)
    def _intended(self, event: Intent) -> None:
        self.intents.act(event.action, event.line)

    @on(OnCallScreen.Window)
    def _window(self, event: OnCallScreen.Window) -> None:
        self.feed.show_shifts((event.start, event.end))

    @on(OnCallScreen.Wanted)
    def _wanted(self, event: OnCallScreen.Wanted) -> None:
        self.oncall.act(event)

    def on_app_focus(self, _: AppFocus) -> None:
        """Somebody looks."""
        self.feed.focus(True)

    def on_app_blur(self, _: AppBlur) -> None:
        """Nobody looks: the room is read less often; the timers go on as before."""
        self.feed.focus(False)


def run_board(place: Place, own: Preferences = DEFAULTS) -> int:
    """Show the board until the person leaves, or the terminal or a signal ends it; returns the exit status."""
    with place.session() as session:
        clock = session.room_clock
        first = session.board()
        if first.lines:
            first = session.board(first.lines[0].key)
        readonly = session.readonly
    if readonly:
        place = replace(place, readonly=True)
    # An exported size would be believed over the terminal's own, and no change of it would ever be seen.
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    app = WarroomApp(place, clock, first, own)
    app.call_when_shown(garbage.settle)
    guard = Guard(app.leave)
    guard.install()
    try:
        result = app.run(mouse=own.mouse)
    finally:
        app.stop_threads()
        guard.done()
    return app.return_code or result or 0
