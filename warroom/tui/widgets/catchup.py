"""Catch me up: the state of an incident on one screen, and what is new since somebody left (R11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warroom.tui import catchup
from warroom.tui.actions.bind import bindings
from warroom.tui.clockface import seconds_clock
from warroom.tui.pieces import Line
from warroom.tui.widgets.info import InfoScreen
from warroom.views import CatchUpView
from warroom.words import mark, tr


class CatchUpScreen(InfoScreen):
    """The state on one screen; tab turns to what is new and back, `m` tells everything in full."""

    heading = mark("Catch me up")

    scope = "catchup"
    BINDINGS: ClassVar[list[BindingType]] = bindings("catchup")

    def __init__(self, view: CatchUpView, clock: Callable[[], datetime], as_of: datetime | None = None) -> None:
        """The state as it was read; countdowns run on by `clock`, or stand still at the moment of the past `as_of`. Who
        comes back sees first what is new; who has been here all along how it stands."""
        super().__init__()
        self._view, self._as_of = view, as_of
        self._clock = clock if as_of is None else lambda: as_of
        self.news = bool(view.changed) and not view.here_all_along
        self.full = False

    def on_mount(self) -> None:
        """Draw, and again each second."""
        super().on_mount()
        self.set_interval(1.0, self._draw)

    def action_turn(self) -> None:
        """The state, or what is new."""
        self.news = not self.news
        self._again()

    def action_more(self) -> None:
        """In full, or on one screen."""
        self.full = not self.full
        self._again()

    def _again(self) -> None:
        self._draw()
        self.query_one("#info-scroll").scroll_home(animate=False)

    def _draw(self) -> None:
        title = tr("What is new") if self.news else tr(self.heading)
        if self._as_of is not None:
            past = tr("PAST {time} UTC").format(time=seconds_clock(self._as_of))
            title = f"{past} · {title}"
        self.query_one("#info", Vertical).border_title = Content(title)
        turn = tr("how it stands") if self.news else tr("what is new")
        more = tr("one screen") if self.full else tr("in full")
        said = (("esc", tr("close")), ("tab", turn), ("m", more))
        keys = Content("   ").join(Content.assemble((key, "bold"), f" {words}") for key, words in said)
        bar = self.query_one("#info-keys", Static)
        if str(bar.content) != str(keys):
            bar.update(keys)
        super()._draw()

    def sheet(self, width: int) -> tuple[Line, ...]:
        """What is new, or the state."""
        height = None if self.full else max(3, self.app.size.height - 3)
        tell = catchup.changed if self.news else catchup.state
        return tell(self._view, self._clock(), width, height)
