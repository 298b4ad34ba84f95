"""The bar of a room that shows the past, and the question which moment to go to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from warroom.domain.text import cell_width
from warroom.tui import past_bar
from warroom.tui.held import Held
from warroom.tui.horizon import next_day
from warroom.tui.past_when import HELP, parse_then
from warroom.tui.pieces import Line
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.form import Check, Field, Form, Problem
from warroom.tui.widgets.form import Line as Entry
from warroom.tui.widgets.form_parts import note
from warroom.valueclass import dataclass
from warroom.views import PastAxis, PastMark
from warroom.words import mark, tr

PAST_ROWS = 2
"""How many rows the bar has."""


class PastBar(Canvas):
    """Two rows: that it is the past, and where on the incident's axis. Hidden while the room is live."""

    DEFAULT_CSS = f"PastBar {{ height: {PAST_ROWS}; width: 1fr; }}"

    class Jump(Message):
        """This moment of the past is wanted."""

        def __init__(self, moment: datetime) -> None:
            super().__init__()
            self.moment = moment

    class Back(Message):
        """The present is wanted."""

    def __init__(self, *, id: str | None = None) -> None:
        """Hidden."""
        super().__init__(id=id)
        self.display = False
        self._shown: tuple[PastMark, PastAxis, datetime, int] | None = None
        self._cells = (0, 0)
        self._drawn: tuple[object, Line] | None = None  # the axis as it was drawn last, and what it was drawn from
        self._held = Held()

    def show_past(self, mark: PastMark, axis: PastAxis, now: datetime, newer: int = 0) -> None:
        """Show this place. `now` is the time, which goes on, and `newer` how many entries have come since."""
        self._shown = mark, axis, now, newer
        self.display = True
        if not self._held.holds(now, *self._about()):
            self._draw()

    def _about(self) -> tuple[object, ...]:
        mark, axis, _, newer = self._shown or (None, None, None, 0)
        return mark, axis, newer, self.size

    def show_live(self) -> None:
        """It is the present again."""
        self._shown = None
        self.display = False

    def resized(self) -> None:
        """Lay out again."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        if not width or self._shown is None:
            return
        mark, axis, now, newer = self._shown
        of = (mark, id(axis), now.date(), width)
        with self._held.laying_out(now, self._about):
            next_day(now)
            if self._drawn is None or self._drawn[0] != of:
                line, self._cells = past_bar.scrubber(axis, mark, now, width)
                self._drawn = of, line
            self.show_lines((past_bar.words(mark, now, newer, width), self._drawn[1]))

    def on_click(self, event: Click) -> None:
        """On the axis: go there. On the way back: take it."""
        if self._shown is None:
            return
        event.stop()
        first, behind = self._cells
        if event.y == 0:
            if event.x >= self.size.width - cell_width(past_bar.back()) - 3:
                self.post_message(self.Back())
        elif first <= event.x < behind:
            self.post_message(self.Jump(past_bar.moment_clicked(self._shown[1], event.x - first, behind - first)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to: a moment, or right after an entry."""

    moment: datetime | None = None
    entry: int = 0


class GoToDialog(Form[Wanted]):
    """Which moment of the past?"""

    heading = mark("Show the room as it was")
    confirm_word = mark("go")

    def __init__(
        self,
        clock: Callable[[], datetime],
        shown: datetime | None = None,
        span: tuple[datetime, datetime] | None = None,
        check: Check[Wanted] | None = None,
    ) -> None:
        """`clock` gives the time; `shown` is what is looked at (None: the present), `span` from when until when
        there is something to see, as far as that is known."""
        super().__init__(check)
        self._clock, self._at, self._span = clock, shown, span

    def fields(self) -> Iterable[Widget]:
        """The moment."""
        yield Field(tr("Moment"), Entry(id="moment", placeholder="14:12"))
        yield Field("", note(tr(HELP)))

    def result(self) -> Wanted:
        """The moment, or the entry."""
        now = self._clock()
        began, until = self._span if self._span is not None else (now, now)
        try:
            found = parse_then(
                self.need("moment", tr("type a moment: {examples}").format(examples=tr(HELP))),
                now,
                self._at if self._at is not None else now,
                began,
                until,
            )
        except ValueError as error:
            raise Problem(str(error), "moment") from None
        return Wanted(entry=found) if isinstance(found, int) else Wanted(found)
