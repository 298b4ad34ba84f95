"""The wallboard as a program of its own: it looks, turns its pages, and can do nothing else."""

from __future__ import annotations

import os

import warroom.tui.link.paced  # noqa: F401 - before Textual, which reads its pace when it is imported

# isort: split
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.css.model import RuleSet
from textual.filter import LineFilter
from textual.message import Message

from warroom.preferences.values import DEFAULTS, Preferences
from warroom.service.session import Session
from warroom.store import suspend
from warroom.tui import garbage
from warroom.tui.actions.bind import bindings
from warroom.tui.guard import Guard
from warroom.tui.link.output import LinkApp
from warroom.tui.sieve.grammar import Filter, parse
from warroom.tui.sieve.match import matches
from warroom.tui.terminal import terminal_glyphs
from warroom.tui.themes.choose import asks_for_no_colour
from warroom.tui.themes.live import Looks
from warroom.tui.timeline.glyphs import ASCII
from warroom.tui.wall.deadlines import Chooser
from warroom.tui.wall.frame import SCREENS, Picture, picture
from warroom.tui.wall.parts import Standing
from warroom.tui.wall.screen import WallScreen
from warroom.tui.wall.turning import Turning
from warroom.tui.wall.watch import Watch, awake
from warroom.valueclass import dataclass
from warroom.words import tr

THEME = "wall"
"""The theme where the person has not chosen one."""
SETTLED_S = 5.0
"""How long after the first picture the program is taken to have started, in seconds."""
_AT_LEAST_S = 0.1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a wallboard was asked to show: its screens, for how many seconds each page of them, and the filter."""

    screens: tuple[str, ...] = ("board",)
    rotate_s: float = 20.0
    filter: str = ""

    @property
    def chosen(self) -> Chooser | None:
        """The filter as a question about one incident; None where there is no filter."""
        read: Filter = parse(self.filter)
        return (lambda line, now: matches(line, read, now)) if read else None


class WallApp(LinkApp[int]):
    """A wallboard on one room. It reads in a thread of its own and keeps no timers going."""

    TITLE = "warroom wall"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = bindings("wall")

    class News(Message):
        """There is something new to show."""

    def __init__(
        self,
        open_session: Callable[[], Session],
        wanted: Wanted,
        own: Preferences = DEFAULTS,
        *,
        clock: Callable[[], datetime] | None = None,
        monotonic: Callable[[], float] = awake,
    ) -> None:
        """`clock` and `monotonic` take the place of the room's and the machine's, for tests."""
        super().__init__(link=own.link)
        self.own, self.wanted = own, wanted
        self.looker = Watch(open_session, self._tell, wanted.screens, monotonic=monotonic)
        self._clock, self._monotonic, self._chosen = clock or self.looker.now, monotonic, wanted.chosen
        self.turning = Turning(wanted.screens, wanted.rotate_s, monotonic())
        self.wall = WallScreen(self.draw)
        self._when_shown: Callable[[], None] = lambda: None
        self._pages = 1
        self._skip = False
        asked = own.theme or ("" if asks_for_no_colour(os.environ) else THEME)
        self.looks = Looks(self, asked)
        self.looks.when_changed(self.wall.draw)
        self.looks.begin()

    def on_mount(self) -> None:
        """Begin to look."""
        suspend.install()
        suspend.on_resume(self._resumed)
        self.push_screen(self.wall)
        self.looker.start()
        self._next_tick()

    def call_when_shown(self, call: Callable[[], None]) -> None:
        """Call this once the first picture stands; to be said before the app runs."""
        self._when_shown = call

    def on_ready(self) -> None:
        """The first picture stands."""
        self.set_timer(SETTLED_S, self._when_shown)
        self.set_timer(SETTLED_S, self.looks.watch)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through before it is sent."""
        return self.looks.filters(super().get_line_filters())

    @property
    def layout_rules(self) -> tuple[RuleSet, ...]:
        """What the person's own layout says."""
        return self.looks.rules

    def leave(self, status: int) -> None:
        """End with this status; may be called from a signal handler or another thread, and never blocks."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.exit, status, status)

    def action_leave(self) -> None:
        """Close it; in a browser it stays, since anybody who looks could end it for all."""
        if not self.is_web:
            self.exit(0)

    def action_next(self) -> None:
        """Turn to the next page at once."""
        self._skip = True
        self.tick()

    def _resumed(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.tick)

    def _tell(self) -> None:
        self.post_message(self.News())

    def on_wall_app_news(self, _: News) -> None:
        """Show it."""
        self.tick()

    def _next_tick(self) -> None:
        """One tick at the beginning of every second of the room's time; of a fast room at most ten a second."""
        if self._exit or not self.is_running:
            return
        self.tick()
        fraction = 1.0 - self._clock().microsecond / 1e6
        self.set_timer(max(fraction / self.looker.speed, _AT_LEAST_S), self._next_tick)

    def tick(self) -> None:
        """Draw the present: everything is worked out anew from absolute times, so however long it took to come here."""
        if self._exit or not self.is_running:
            return
        self.wall.draw()
        garbage.sweep(garbage.LONG_QUIET_S)

    def draw(self, width: int, height: int) -> Picture:
        """The picture of this size now."""
        view, trouble = self.looker.latest
        real = self._monotonic()
        if self._skip:
            self._skip = False
            turn = self.turning.skip(real, self._pages)
        else:
            turn = self.turning.at(real, self._pages)
        standing = Standing(
            age_s=self.looker.age_s(),
            trouble=trouble,
            filter=self.wanted.filter,
            plain=terminal_glyphs() is ASCII,
            title=tr(SCREENS[turn.screen]) if self.turning.several else "",
        )
        done = picture(
            view,
            self._clock(),
            standing,
            turn,
            width,
            height,
            chosen=self._chosen,
            several=self.turning.several,
        )
        self._pages = done.pages
        return done


def run_wall(open_session: Callable[[], Session], wanted: Wanted, own: Preferences = DEFAULTS) -> int:
    """Show the wallboard until the terminal or a signal ends it, or somebody presses q; returns the exit status."""
    # An exported size would be believed over the terminal's own, and no change of it would ever be seen.
    if not os.environ.get("TEXTUAL_DRIVER"):
        for name in ("COLUMNS", "LINES", "UNICODE_VERSION"):
            os.environ.pop(name, None)
    app = WallApp(open_session, wanted, own)
    app.call_when_shown(garbage.settle)
    guard = Guard(app.leave)
    guard.install()
    try:
        result = app.run(mouse=False)
    finally:
        guard.given_back()
        app.looker.stop()
        app.looks.stop()
        guard.done()
    return app.return_code or result or 0
