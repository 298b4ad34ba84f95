"""The screen of the clocks of silence of one incident, the form that skips an update, and the sheet of punctuality."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.widget import Widget

from warroom.domain.status_words import status_word
from warroom.tui import clocks
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import is_late
from warroom.tui.pieces import Line as Row
from warroom.tui.pieces import Role, clean, hanging, severity_role
from warroom.tui.widgets.form import Check, Field, Form, Line
from warroom.tui.widgets.form_parts import about, note
from warroom.tui.widgets.hints import said_keys
from warroom.tui.widgets.info import InfoScreen
from warroom.valueclass import dataclass
from warroom.views import ClockLine, IncidentLine, PunctualityView
from warroom.words import mark, tr

BY = (mark("service"), mark("team"), mark("channel"), mark("audience"), mark("severity"))
"""What punctuality is grouped by, in the order in which a key goes through them."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Which update is skipped, and why; with the turn of the clock that the person saw."""

    channel: str
    reason: str
    turn: int


class SkipDialog(Form[Skip]):
    """Why an update is skipped."""

    heading = mark("Skip an update")
    confirm_word = mark("skip it")

    def __init__(
        self, line: IncidentLine, clock: ClockLine, now: datetime, *, check: Check[Skip] | None = None
    ) -> None:
        """The clock as the person sees it at `now`."""
        super().__init__(check)
        self._line, self._shown, self._now = line, clock, now

    def fields(self) -> Iterable[Widget]:
        """What is skipped, and the reason."""
        face = clocks.due_face(self._shown, self._now)
        late = self._shown.due is not None and is_late(self._shown.due, self._now)
        words = tr("the update on {channel} is due in {time}: its clock begins anew now")
        if late:
            words = tr("the update on {channel} is {time}: its clock begins anew now")
        yield about(self._line)
        yield note(words.format(channel=clean(self._shown.channel), time=face.figure))
        yield note(tr("it counts as skipped, neither punctual nor late"))
        yield Field(tr("Why"), Line(id="reason", placeholder=tr("goes on the record")))

    def result(self) -> Skip:
        """A reason is needed: whoever waits will ask."""
        return Skip(self._shown.channel, self.need("reason", tr("say why: whoever waits will ask")), self._shown.turn)


class ClocksScreen(InfoScreen):
    """Every clock of one incident, one of them marked, to act on."""

    heading = mark("Clocks of silence")

    scope = "clocks"
    BINDINGS: ClassVar[list[BindingType]] = bindings("clocks")

    def __init__(
        self,
        look: Callable[[], tuple[IncidentLine, tuple[ClockLine, ...]] | None],
        now: Callable[[], datetime],
        wish: Callable[[str, IncidentLine, ClockLine | None], None],
    ) -> None:
        """`look` gives the incident and its clocks as they are now, None while they are read; `wish` answers the keys:
        "skip", "update" or "punctuality", with the incident and the marked clock."""
        super().__init__()
        self._look, self._clock, self._wish = look, now, wish
        self._line: IncidentLine | None = None
        self._shown: tuple[ClockLine, ...] = ()
        self._spans: list[tuple[int, int]] = []
        self.index = 0

    @property
    def marked(self) -> ClockLine | None:
        """The clock that is marked."""
        return self._shown[self.index] if self.index < len(self._shown) else None

    def hints(self) -> Content:
        """What can be done with the marked clock, and the way out."""
        return said_keys(
            (keycap("clocks.update"), tr("update")),
            (keycap("clocks.skip"), tr("skip")),
            (keycap("clocks.punctuality"), tr("punctuality")),
            (keycap("go.back", "info"), tr("close")),
        )

    def moment(self) -> datetime:
        """The time by which the person sees the clocks."""
        return self._clock()

    def about(self) -> tuple[object, ...]:
        """The incident and its clocks as they are now."""
        return self.index, self.app.size, *(self._look() or (self._line, self._shown))

    def _lay_out(self) -> None:
        found = self._look()
        if found is not None:
            channel = self.marked.channel if self.marked is not None else ""
            self._line, self._shown = found
            names = [line.channel for line in self._shown]
            self.index = names.index(channel) if channel in names else min(self.index, max(0, len(names) - 1))
        if self._line is not None:
            self.query_one("#info", Vertical).border_title = Content(self.titled(tr(self.heading)))
        super()._lay_out()

    @property
    def marked_rows(self) -> range:
        """Those of the marked clock."""
        return range(*self._spans[self.index]) if self.index < len(self._spans) else range(0)

    def sheet(self, width: int) -> tuple[Row, ...]:
        """The incident, then the clocks."""
        if self._line is None:
            return (((tr("being read"), Role.MUTED),),)
        face = self._line.severity
        head: Row = (
            (f"{clean(face.glyph)} {clean(face.name)}  ", severity_role(face)),
            (f"{clean(self._line.key)}  {clean(self._line.title)}", Role.STRONG),
            (f"  {clean(status_word(self._line.status))}", Role.MUTED),
        )
        rows: list[Row] = [head, ()]
        self._spans = []
        for block in clocks.clock_rows(self._shown, self._clock(), width, self.index):
            if self._shown:  # that there is none is not to be marked
                self._spans.append((len(rows), len(rows) + len(block)))
            rows += [*block, ()]
        if self._line.watched:
            rows.append(((tr("imported: its clocks are shown, and nobody is reminded"), Role.MUTED),))
        return tuple(rows)

    def action_mark(self, by: int) -> None:
        """Mark the next or the previous clock, and bring it into sight."""
        self.index = min(max(self.index + by, 0), max(0, len(self._shown) - 1))
        self._draw()
        if self._spans:
            first, behind = self._spans[self.index]
            scroll = self.query_one("#info-scroll")
            top = scroll.scroll_offset.y
            wanted = min(max(top, behind - scroll.size.height), 0 if self.index == 0 else first)
            scroll.scroll_to(y=wanted, animate=False)

    def on_click(self, event: Click) -> None:
        """Mark the clock under the pointer."""
        row = event.screen_y - self.query_one("#sheet").region.y
        for index, (first, behind) in enumerate(self._spans):
            if first <= row < behind:
                self.index = index
                self._draw()

    def why_not(self, id: str) -> str:
        """Why something is not possible with the marked clock."""
        if id.startswith("clocks.") and self._line is None:
            return tr("the clocks are still being read")
        if id == "clocks.skip" and self.marked is None:
            return tr("no clock runs")
        return super().why_not(id)

    def action_skip(self) -> None:
        """Skip the marked update."""
        if self._line is not None and self.marked is not None:
            self._wish("skip", self._line, self.marked)

    def action_update(self) -> None:
        """Write the update."""
        if self._line is not None:
            self._wish("update", self._line, self.marked)

    def action_punctuality(self) -> None:
        """How punctual updates have been."""
        if self._line is not None:
            self._wish("punctuality", self._line, self.marked)


class PunctualityScreen(InfoScreen):
    """How punctual updates were, and what is left of the budget for late ones."""

    heading = mark("Punctuality of updates")

    scope = "punctuality"
    BINDINGS: ClassVar[list[BindingType]] = bindings("punctuality")

    def __init__(self, read: Callable[[str], None]) -> None:
        """`read` begins to read by what is named, and gives it to `show`."""
        super().__init__()
        self._read, self._by, self._view, self._trouble = read, 0, None, ""

    _view: PunctualityView | None

    def on_mount(self) -> None:
        """Begin to read."""
        super().on_mount()
        self._read_by()

    def show(self, view: PunctualityView) -> None:
        """What was read."""
        if view.by == BY[self._by]:
            self._view, self._trouble = view, ""
            if self.is_mounted:
                self._draw()

    def trouble(self, why: str) -> None:
        """It could not be read."""
        self._trouble = why
        if self.is_mounted:
            self._draw()

    def sheet(self, width: int) -> tuple[Row, ...]:
        """The sheet, or that it is being read."""
        if self._trouble:
            return (((f"{tr('cannot be read')}: ", Role.LATE), (clean(self._trouble), Role.TEXT)),)
        if self._view is None:
            return (((tr("being counted"), Role.MUTED),),)
        what = tr("our own incidents, {period}").format(period=clocks.since_words(self._view))
        return (*clocks.punctuality(self._view, width), (), *hanging((), what, Role.MUTED, width))

    def action_turn(self) -> None:
        """Group by the next thing."""
        self._by = (self._by + 1) % len(BY)
        self._read_by()

    def _read_by(self) -> None:
        self.say_keys()
        self._read(BY[self._by])

    def hints(self) -> Content:
        """To the next grouping, and out."""
        by = tr("by {what}").format(what=tr(BY[(self._by + 1) % len(BY)]))
        return said_keys((keycap("info.turn", self.scope), by), (keycap("go.back", "info"), tr("close")))
