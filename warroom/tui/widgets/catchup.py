"""Catch me up: the state of an incident on one screen, and what is new since somebody left (R11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from warroom.tui import catchup
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import seconds_clock
from warroom.tui.pieces import Line
from warroom.tui.widgets.hints import said_keys
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

    def moment(self) -> datetime:
        """The time by which countdowns run on."""
        return self._clock()

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

    def _lay_out(self) -> None:
        title = tr("What is new") if self.news else tr(self.heading)
        if self._as_of is not None:
            past = tr("PAST {time} UTC").format(time=seconds_clock(self._as_of))
            title = f"{past} · {title}"
        self.query_one("#info", Vertical).border_title = Content(title)
        self.say_keys()
        super()._lay_out()

    def hints(self) -> Content:
        """The way out, to the other side, and to all of it."""
        turn = tr("how it stands") if self.news else tr("what is new")
        more = tr("one screen") if self.full else tr("in full")
        return said_keys(
            (keycap("go.back", "info"), tr("close")),
            (keycap("info.turn", self.scope), turn),
            (keycap("catchup.more", self.scope), more),
        )

    def sheet(self, width: int) -> tuple[Line, ...]:
        """What is new, or the state."""
        height = None if self.full else max(3, self.app.size.height - 3)
        tell = catchup.changed if self.news else catchup.state
        return tell(self._view, self._clock(), width, height)
