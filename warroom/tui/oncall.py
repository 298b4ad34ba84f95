"""The on-call screen (R7): who is on call now, the shifts of the days ahead, and what people changed about them.

The screen is told what to show (`show`) and what time it is (`tick`), and says what the person wants (`Wanted`) and
which stretch of time it shows (`Window`). It reads nothing and decides nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.message import Message

from warroom.tui import oncall_ahead, oncall_desk, oncall_grid, oncall_words
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.table import BY_ID
from warroom.tui.heading import clock_end
from warroom.tui.held import Held
from warroom.tui.horizon import changes_at, watched
from warroom.tui.oncall_grid import Faces, Scale
from warroom.tui.pieces import Line, Piece, Role, clean, fit_line, hanging, line_width
from warroom.tui.reads import only_read
from warroom.tui.widgets.keyed import KeyedScreen
from warroom.tui.widgets.lines import BothEnds, KeyBar
from warroom.tui.widgets.oncall import DeskPanel, ShiftGrid
from warroom.views import DeskKind, DeskLine, DutySpan, OnCallView, ScheduleLine
from warroom.words import tr, trn

BESIDE = timedelta(days=7)
"""How much more than what is shown is asked for on either side, so that moving by a day waits for nothing."""
_DAY = timedelta(days=1)


class OnCallScreen(KeyedScreen[None]):
    """Schedules by days. Drawing follows `show` and `tick` at once."""

    CSS_PATH = "oncall.tcss"
    AUTO_FOCUS = "#grid"

    scope = "oncall"
    BINDINGS: ClassVar[list[BindingType]] = bindings("oncall")

    class Wanted(Message):
        """The person wants something: `action` is override, absence, swap, take, end, desk or shift.

        `schedule` and `span` are what the cursor stands on, `item` the line that was clicked, if any.
        """

        def __init__(
            self, action: str, schedule: ScheduleLine | None, span: DutySpan | None, item: DeskLine | None = None
        ) -> None:
            super().__init__()
            self.action, self.schedule, self.span, self.item = action, schedule, span, item

    class Window(Message):
        """Shifts from `start` until `end` (aware UTC) are wanted from now on."""

        def __init__(self, start: datetime, end: datetime) -> None:
            super().__init__()
            self.start, self.end = start, end

    def __init__(self, room: str, me: str, now: datetime, *, readonly: bool = False) -> None:
        """`me` is the login of the person at the keyboard."""
        super().__init__()
        self._room, self._me, self._now, self._readonly = room, me, now, readonly
        self._view: OnCallView | None = None
        self._faces = Faces({}, {})
        self._index = 0
        self._cursor: datetime | None = None  # None: it follows now
        self._start: datetime = _midnight(now)
        self._per_day = 0  # 0: a week fills the width
        self._asked: tuple[datetime, datetime] | None = None
        self._held = Held()

    # ---- composition

    def compose(self) -> ComposeResult:
        """Head, grid, the desk, keys."""
        yield BothEnds(id="oncall-head")
        yield ShiftGrid(id="grid")
        yield DeskPanel(id="desk")
        yield KeyBar(id="keys")

    def begin(self) -> None:
        """Ask for what is to be shown."""
        self._arrange()

    def on_resize(self, event: Resize) -> None:
        """Another width is another scale."""
        self._arrange()

    # ---- what is told to the screen

    @property
    def view(self) -> OnCallView | None:
        """What is shown."""
        return self._view

    @property
    def schedule(self) -> ScheduleLine | None:
        """The selected schedule."""
        lines = self._view.schedules if self._view is not None else ()
        return lines[min(self._index, len(lines) - 1)] if lines else None

    @property
    def cursor(self) -> datetime:
        """The moment that the cursor stands on."""
        return self._cursor or self._now

    @property
    def span(self) -> DutySpan | None:
        """The shift, or the gap, under the cursor."""
        line = self.schedule
        return oncall_grid.shift_at(line, self.cursor) if line is not None else None

    @property
    def scale(self) -> Scale:
        """What the grid shows."""
        return Scale.fitting(self.app.size.width, self._start, self._per_day)

    def show(self, view: OnCallView, now: datetime) -> None:
        """Show this view; the selection stays on its schedule."""
        selected = self.schedule
        known = [line.name for line in view.schedules]
        if selected is not None:
            self._index = known.index(selected.name) if selected.name in known else min(self._index, len(known) - 1)
        self._index = max(0, self._index)
        self._view, self._faces, self._now = view, Faces.of(view), now
        self._arrange()
        self._show_keys()

    def tick(self, now: datetime) -> None:
        """A second has passed."""
        if _midnight(now) != _midnight(self._now) and self._cursor is None and self._start == _midnight(self._now):
            self._start = _midnight(now)
        self._now = now
        if self._ready and not self._held.holds(now, *self._about()):
            self._draw()

    # ---- drawing

    def _arrange(self) -> None:
        """Divide the screen, ask for the window that is shown, draw."""
        if not self._ready:
            return
        scale = self.scale
        asked = self._asked
        if asked is None or scale.start < asked[0] or scale.end > asked[1]:
            self._asked = scale.start - BESIDE, scale.end + BESIDE
            self.post_message(self.Window(*self._asked))
        count = len(self._view.schedules) if self._view is not None else 0
        free = max(1, self.app.size.height - 2)
        lowest = min(8, free // 3)
        grid = self.query_one(ShiftGrid)
        grid.styles.height = max(1, grid.wanted(count, free - lowest)) if count else 1
        self.call_after_refresh(self._draw)
        self._draw()

    def _draw(self) -> None:
        if self._ready:
            with self._held.laying_out(self._now, self._about):
                with watched() as found:
                    self._draw_below()
                width, now = self.app.size.width, self._now
                clock = clock_end(now, self._me, width, seconds=found.by_second)
                self.query_one(BothEnds).show_ends(self._title(width - line_width(clock)), clock)

    def _about(self) -> tuple[object, ...]:
        """What is shown, in which sizes: the parts get theirs a little later than the screen."""
        grid = self.query_one(ShiftGrid)
        sizes = self.app.size, grid.size, self.query_one(DeskPanel).size
        return self._view, self._index, self._cursor, self._start, self._per_day, grid.has_focus, *sizes

    def _draw_below(self) -> None:
        width, now = self.app.size.width, self._now
        grid, panel = self.query_one(ShiftGrid), self.query_one(DeskPanel)
        if self._view is None:
            grid.show_lines((fit_line(((f"  {tr('reading ...')}", Role.MUTED),), width),))
            return
        line, span = self.schedule, self.span
        if line is None:
            text = tr("the rulebook has no schedules: add the section schedules to it")
            said = [fit_line(row, width) for row in hanging((("  ", Role.TEXT),), text, Role.MUTED, width)]
            grid.styles.height = len(said)
            grid.show_lines(said)
            about: tuple[Line, ...] = ()
        else:
            grid.show_grid(self._view, self.scale, self._index, self.cursor, now, self._faces)
            changes_at(span.end if span is not None else None, now)  # the cursor follows the time
            about = oncall_words.chosen(line, span, self._faces, now, width)
        rows = oncall_desk.rows(self._view, self._me, now, width, panel.size.height - len(about) - 1)
        title: Line = ((tr("Shift under the cursor") if about else tr("Desk"), Role.ACCENT),)
        view, faces, me = self._view, self._faces, self._me
        panel.show_desk(title, about, rows, lambda wide, high: oncall_ahead.below(view, faces, me, now, wide, high))

    def _title(self, width: int) -> Line:
        """What this is, gaps now, what I have; items that do not fit any more are left out, gaps never."""
        pieces: list[Piece] = [(f" {tr('On call')}", Role.STRONG)]
        if self._readonly:
            pieces += [("  ", Role.TEXT), (f" {tr('READ-ONLY')} ", Role.NOTICE)]
        more: list[Line] = []
        if self._view is not None and self._view.schedules:
            found = [(line.name, oncall_grid.current(line, self._now)[0]) for line in self._view.schedules]
            gaps = sum(not span.people for _, span in found)
            if gaps:
                words = trn("{count} GAP NOW", "{count} GAPS NOW", gaps).format(count=gaps)
                pieces += [("  ", Role.TEXT), (f" {words} ", Role.ALARM)]
            mine = [clean(name) for name, span in found if self._me in span.people]
            if mine:
                forms = [tr("you: {what}").format(what=what) for what in (", ".join(mine), len(mine))]
                more += [((f"  {form}", Role.SOON),) for form in forms]
            if not gaps:
                words = trn("{count} schedule, all covered now", "{count} schedules, all covered now", len(found))
                more += [((f"  {form}", Role.OK),) for form in (words.format(count=len(found)), tr("all covered"))]
        if self._room:
            more.append(((f"  {clean(self._room)}", Role.MUTED),))
        seen: set[Role] = set()
        for line in more:  # of what has a short form, one form
            if line[0][1] not in seen and line_width((*pieces, *line)) <= width:
                pieces += line
                seen.add(line[0][1])
        return tuple(pieces)

    # ---- moving

    @on(ShiftGrid.Moved)
    def _moved(self, event: ShiftGrid.Moved) -> None:
        event.stop()
        count = len(self._view.schedules) if self._view is not None else 0
        self._index = min(max(event.index, 0), max(0, count - 1))
        if event.at is not None:
            self._cursor = event.at
        self._arrange()

    def action_day(self, by: int) -> None:
        """Move the cursor by days, and what is shown with it."""
        self._go(self.cursor + _DAY * by)

    def action_shift(self, by: int) -> None:
        """Move the cursor to the next or the last shift of the selected schedule."""
        line, span = self.schedule, self.span
        if line is None or span is None:
            return
        at = line.spans.index(span) + by
        if 0 <= at < len(line.spans):
            to = line.spans[at].start
            self._go(to if to is not None else self.cursor)

    def action_today(self) -> None:
        """Back to now."""
        self._cursor, self._start = None, _midnight(self._now)
        self._arrange()

    def action_zoom(self, by: int) -> None:
        """Fewer or more days."""
        scale = oncall_grid.zoomed(self.scale, self.app.size.width, by)
        if scale != self.scale:
            self._per_day = scale.per_day
            self._start = scale.with_in_sight(self.cursor).start
            self._arrange()

    def _go(self, at: datetime) -> None:
        self._cursor = at
        self._start = self.scale.with_in_sight(at).start
        self._arrange()

    # ---- what the person does

    def why_not(self, id: str) -> str:
        """Why something is not possible with what the cursor stands on."""
        action = BY_ID[id]
        if self._readonly and not action.reads:
            return only_read("", readonly=True).why
        if not id.startswith("oncall."):
            return ""
        if self._view is None:
            return tr("the shifts are still being read")
        if id in ("oncall.desk", "oncall.absence"):
            return ""
        if id == "oncall.take":
            return "" if self._offers_shift else tr("nobody asks you, or everybody, to take a shift")
        if id == "oncall.end":
            return "" if self._view.desk else tr("there is no override, absence or swap to take back")
        return "" if self._view.schedules else tr("the rulebook has no schedules: add the section schedules to it")

    @property
    def _offers_shift(self) -> bool:
        """Whether somebody asks this person, or everybody, to take a shift."""
        desk = self._view.desk if self._view is not None else ()
        return any(
            item.kind is DeskKind.SWAP and item.person != self._me and item.other in ("", self._me) for item in desk
        )

    def action_want(self, action: str) -> None:
        """Say what the person wants of what the cursor stands on."""
        self.post_message(self.Wanted(action, self.schedule, self.span))

    @on(ShiftGrid.Opened)
    def _opened(self, event: ShiftGrid.Opened) -> None:
        event.stop()
        self.action_want("shift")

    @on(DeskPanel.Clicked)
    def _desk_clicked(self, event: DeskPanel.Clicked) -> None:
        """A gap is shown; of what is on the desk its own form is opened."""
        event.stop()
        row = event.row
        if row.gap is not None and self._view is not None:
            known = [line.name for line in self._view.schedules]
            self._index = known.index(row.gap[0]) if row.gap[0] in known else self._index
            self._go(row.gap[1].start or self._now)
        elif row.item is not None and not self._readonly:
            takes = row.item.kind == "swap" and row.item.person != self._me
            self.post_message(self.Wanted("take" if takes else "end", self.schedule, self.span, row.item))


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
