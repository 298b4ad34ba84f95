"""The full-screen program: it holds the threads together and turns what a person wants into commands."""

from __future__ import annotations

import asyncio
import os
import time

import warroom.tui.link.paced  # noqa: F401 - before Textual, which reads its pace when it is imported

# isort: split
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.css.model import RuleSet
from textual.events import AppBlur, AppFocus, Event, Key, Paste
from textual.filter import LineFilter
from textual.message import Message
from textual.notifications import Notify
from textual.screen import Screen

from warroom.clock import Clock
from warroom.domain.text import clean_block, clean_line
from warroom.engine.runtime import Place, Runtime
from warroom.preferences.values import DEFAULTS, Preferences
from warroom.store import suspend
from warroom.tui import garbage, toasts
from warroom.tui.actions.keymap import apply
from warroom.tui.board import BoardScreen
from warroom.tui.commander import Commander, Result
from warroom.tui.feed import Feed
from warroom.tui.finding import Finding
from warroom.tui.held import keep_up
from warroom.tui.intents import Intents
from warroom.tui.keyline import KeyLine
from warroom.tui.keys import Intent
from warroom.tui.link.output import LinkApp
from warroom.tui.oncall import OnCallScreen
from warroom.tui.oncall_acts import OnCallActs
from warroom.tui.outside import Voice, kind_of, send
from warroom.tui.past_keys import Travel
from warroom.tui.rings import Rings
from warroom.tui.room import RoomScreen
from warroom.tui.rulebook_acts import RulebookActs
from warroom.tui.sieved import keep, read_beyond
from warroom.tui.themes.live import Looks
from warroom.tui.ticker import Ticker
from warroom.views import BoardView, IncidentDetail
from warroom.words import tr

NEWS_WAIT_S = 0.1
"""How long news wait at most while keys are answered, in seconds."""
TOLD_MOST = 1_000
"""How many characters of a word in the corner are shown at most."""
SETTLED_S = 1.0
"""How long after the first screen the program is taken to have started, in seconds."""


class WarroomApp(LinkApp[int]):
    """The board on one room. Engine, outbox, feed and commands run in threads of their own, never on this loop."""

    TITLE = "warroom"
    CSS_PATH = RoomScreen.CSS_PATH  # read with the rest at the start, so that a room opens at once
    CSS = toasts.CSS
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    class News(Message):
        """The feed has something new."""

    def __init__(self, place: Place, clock: Clock, first: BoardView, own: Preferences = DEFAULTS) -> None:
        """A board on `place` whose time is `clock`; `first` is what it shows before the feed has looked again, `own`
        what the person at this screen has chosen."""
        super().__init__(link=own.link)
        self.place, self.clock, self.own = place, clock, own
        self.left_as: list[Any] | None = None  # the attributes of the terminal's line at the end
        self.own_keys = apply(own.keys)
        self.finding = Finding(self)
        self.board = BoardScreen(first, clock(), own, lambda: self.runtime.starting)
        self.feed = Feed(place.courteous(self.courtesy), self._tell, lambda: self.runtime.stir())
        self.commander = Commander(place.session, self._carried_out, self._from_thread("commands"))
        self.runtime = Runtime(
            place,
            "board",
            clock,
            on_trouble=self._from_thread("engine"),
            on_rules=self._from_thread("rulebook"),
            on_published=self._published,
            stirred=True,
            courtesy=self.courtesy,
        )
        self.intents = Intents(self)
        self.oncall = OnCallActs(self, self.intents.carried)
        self.rulebook = RulebookActs(self)
        self.voice = Voice(kind_of(os.environ), lambda sequence: send(self, sequence), own.notify, own.clipboard)
        self.keys = KeyLine(self, super().on_event, self._keys_answered)
        self._typed_at = time.monotonic()
        self._partly = first.unread > 0  # not all of the room was read yet
        self._news_since: float | None = None  # when news came that wait for a key to be answered
        self.rings = Rings(self)
        self.ticker = Ticker(clock, self._tick)
        # The gravest first: what is wrong with the rulebook's files does not hide that the timers stand still.
        self._when_shown: Callable[[], None] = lambda: None
        self._opened = 0  # how many screens stand above each other
        self._troubles = dict.fromkeys(("engine", "feed", "commands", "damage", "outbox", "rulebook"), "")
        self.looks = Looks(self, own.theme)
        self.looks.when_changed(self.board.lay_out, self.intents.room.restyle)
        self.looks.begin()

    def on_mount(self) -> None:
        """Start everything."""
        self.screen_change_signal.subscribe(self, self._screen_changed)
        # The driver has just taken Ctrl-Z for itself: transactions come to their end before it stops us.
        suspend.install()
        suspend.on_resume(self._resumed)
        suspend.before_stop(self._stopping)
        self.push_screen(self.board)
        self.feed.start()
        self.runtime.start()
        self.ticker.start(asyncio.get_running_loop())

    def call_when_shown(self, call: Callable[[], None]) -> None:
        """Call this once the first screen stands and nothing else is to be done; to be said before the app runs."""
        self._when_shown = call

    def on_ready(self) -> None:
        """The first screen stands."""
        driver: Any = self._driver
        if self.left_as is not None and hasattr(driver, "attrs_before"):
            driver.attrs_before = self.left_as  # and not as the first picture kept it
        self.set_timer(SETTLED_S, self._when_shown)
        self.set_timer(SETTLED_S, self.finding.read)
        self.set_timer(SETTLED_S, self.looks.watch)

    def _stopping(self) -> None:
        """The process is about to be stopped: the shell gets its title back; the next tick names ours again."""
        send(self, self.voice.take_back())

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
        self.looks.stop()
        self.feed.stop()
        self.commander.stop()
        self.runtime.stop()

    async def on_event(self, event: Event) -> None:
        """Keys, and what is pasted, one after the other; everything else as it comes."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            if isinstance(event, Key):
                toasts.seen(self)
            self._typed_at = time.monotonic()
            self.feed.typed()
            await self.keys.take(event)
        else:
            await super().on_event(event)

    @property
    def _ending(self) -> bool:
        """Whether the screen is being taken down: what comes in then finds parts of it gone."""
        return self._exit or not self.is_running

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through before it is sent."""
        return self.looks.filters(super().get_line_filters())

    @property
    def layout_rules(self) -> tuple[RuleSet, ...]:
        """What the person's own layout says (`warroom.tui.themes.layout`)."""
        return self.looks.rules

    # The clock -----------------------------------------------------------------------------------------------------

    def _tick(self, now: datetime) -> None:
        """One tick for the whole screen, at the beginning of every second of the room's time."""
        if self._ending:
            self.ticker.stop()
            return
        try:
            age_s = self.feed.age_s()
            read_at = now - timedelta(seconds=age_s)
            if not self.intents.room.tick(now, read_at):
                self.board.tick(now, read_at=read_at)
            self.oncall.tick(now)
            self.rulebook.tick(now)
            keep_up(self)
            toasts.stale(self, age_s, read_at, self.screen in (self.board, self.intents.room.screen))
            self.voice.show_title(self.board.view, now)
            garbage.sweep(time.monotonic() - self._typed_at)
        except Exception as error:
            self._handle_exception(error)

    # What comes in -------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        self.post_message(self.News())

    def _keys_answered(self) -> None:
        self.courtesy.end()
        if self._news_since is not None:
            self._tell()

    @on(News)
    def _show_news(self) -> None:
        if self._ending:
            return
        # Who presses a key waits for that, and not for what others have done meanwhile.
        if self.keys.answering:
            if self._news_since is None:
                self._news_since = time.monotonic()
                asyncio.get_running_loop().call_later(NEWS_WAIT_S, self._tell)
            if time.monotonic() - self._news_since < NEWS_WAIT_S:
                return
        self._news_since = None
        news = self.feed.take()
        if news is None:
            return
        self._say("feed", news.trouble)
        if news.view is not None:
            keys = ", ".join(news.view.damaged)
            self._say(
                "damage", tr("{keys} cannot be read: run warroom doctor --rebuild").format(keys=keys) if keys else ""
            )
            self._show_view(news.view)
            self.intents.follow(news.view)
            self.rulebook.follow(news.view)
            self._say("outbox", "; ".join(news.view.unsent))
        self.intents.room.read(news.record)
        for call in news.calls:
            self.rings.ring(call)
        if news.oncall is not None:
            self.oncall.show(news.oncall)
        keep_up(self)

    def _show_view(self, view: BoardView) -> None:
        if self._partly and not view.unread:
            self._partly = False
            garbage.settle()  # of a large room most stays as it is
        if self.intents.room.screen is None:
            self.board.show(view, self.clock())
        else:  # it covers the board, which stays as it was left
            self.board.keep(view, self.clock())
            self.board.take_in()
            self.intents.room.follow(view)

    def detail_of(self, key: str) -> IncidentDetail | None:
        """All that is known on the screen of this incident; None where it is none that is looked at."""
        room = self.intents.room.screen
        detail = room.detail if room is not None else self.board.detail
        return detail if detail is not None and detail.line.key == key else None

    def bell(self) -> None:
        """The terminal's bell, where the person wants it and not too often."""
        self.voice.ring()

    def copy_to_clipboard(self, text: str) -> None:
        """What Textual's own keys copy, of text that was marked: within the program always, to the terminal's clipboard
        where that may be."""
        self._clipboard = text
        self.voice.copy(text)

    def notify(self, message: str, **more: Any) -> None:
        """Show a word at the edge of the screen, once: what stands there already is not said again beside it."""
        message, more["title"] = toasts.told(self, message, more.get("title", ""))
        message, more["title"] = clean_block(message, TOLD_MOST), clean_line(more.get("title", ""))
        if not any(each.message == message and not each.has_expired for each in self._notifications):
            super().notify(message, **{**more, "markup": False})

    def on_notify(self, event: Notify) -> None:
        """One more comes: there is room for a few."""
        if not toasts.make_room(self, event.notification):
            event.prevent_default()

    # What every screen has -----------------------------------------------------------------------------------------

    def action_export(self) -> None:
        """Take what is shown away as a file."""
        from warroom.tui.export.acts import open_export

        room = self.board.view.room if self.board.view is not None else ""
        open_export(self, self.screen, self.clock(), room, self.place.session)

    def action_debug(self) -> None:
        """What somebody has to know who is to find out what is wrong."""
        from warroom.tui.debug.acts import open_debug

        open_debug(self)

    def troubles(self) -> dict[str, str]:
        """What is wrong with the whole room now, by the part that says so."""
        return {source: what for source, what in self._troubles.items() if what}

    def _screen_changed(self, screen: Screen[Any]) -> None:
        """Whoever opens something has read what stood in the corner: it does not hide the form, nor its keys. What is
        said as something closes is about that, and stays."""
        before, self._opened = self._opened, len(self.screen_stack)
        if self._opened >= before and screen not in (self.board, self.intents.room.screen):
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
            words = tr("rulebook: revision {revision} is in force for new incidents")
            self.notify(words.format(revision=revision[:4]))
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

    @on(BoardScreen.Wanted)
    def _beyond_wanted(self, event: BoardScreen.Wanted) -> None:
        read_beyond(self, event.what)

    @on(BoardScreen.Keep)
    def _keep_columns(self, event: BoardScreen.Keep) -> None:
        keep(self, event.columns, event.sort)

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
