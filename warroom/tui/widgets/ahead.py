"""The screen that looks ahead on one incident (who is paged when), and back (why who was paged)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from warroom.tui import ahead
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import seconds_clock
from warroom.tui.pieces import Line, Role, clean, severity_role
from warroom.tui.widgets.hints import said_keys
from warroom.tui.widgets.info import InfoScreen
from warroom.views import ForecastView, WhyView
from warroom.words import mark, tr


class AheadScreen(InfoScreen):
    """What follows if nobody does anything; `w` turns to why who was paged, and back."""

    heading = mark("Ahead")

    scope = "ahead"
    BINDINGS: ClassVar[list[BindingType]] = bindings("ahead")

    def __init__(
        self, forecast: ForecastView, why: WhyView, clock: Callable[[], datetime], as_of: datetime | None = None
    ) -> None:
        """Both as they were read; countdowns run on by `clock`, or stand still at the moment of the past `as_of`."""
        super().__init__()
        self._forecast, self._why, self._as_of = forecast, why, as_of
        self._clock = clock if as_of is None else lambda: as_of
        self.looks_back = False

    def moment(self) -> datetime:
        """The time by which countdowns run on."""
        return self._clock()

    def action_turn(self) -> None:
        """Ahead or back."""
        self.looks_back = not self.looks_back
        self._draw()
        self.query_one("#info-scroll").scroll_home(animate=False)

    def _lay_out(self) -> None:
        title = tr("Why: up to now") if self.looks_back else tr("Ahead: if nobody does anything")
        if self._as_of is not None:
            past = tr("PAST {time} UTC").format(time=seconds_clock(self._as_of))
            title = f"{past} · {title}"
        self.query_one("#info", Vertical).border_title = Content(title)
        self.say_keys()
        super()._lay_out()

    def hints(self) -> Content:
        """The way out, and to the other side."""
        turn = tr("what is ahead") if self.looks_back else tr("why who was paged so far")
        return said_keys((keycap("go.back", "info"), tr("close")), (keycap("info.turn", self.scope), turn))

    def sheet(self, width: int) -> tuple[Line, ...]:
        """The incident, then the steps."""
        view, now = self._forecast, self._clock()
        face = view.severity
        head: Line = (
            (f"{clean(face.glyph)} {clean(face.name)}  ", severity_role(face)),
            (f"{clean(view.key)}  {clean(view.title)}", Role.STRONG),
        )
        lines = ahead.why(self._why, now, width) if self.looks_back else ahead.forecast(view, now, width)
        return head, (), *lines
