"""The screen of one incident: everything about it, and its whole record.

As the board it is told what to show (`show`, `show_record`) and what time it is (`tick`), and says what the person
wants (`Intent`, `Older`, `Travel`); it reads nothing and decides nothing. It can show a moment of the past instead
(`show_past`), from which nothing can be changed; what happens meanwhile is kept, and shown when it is left.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import DescendantFocus, Resize
from textual.widget import Widget

from warroom.tui.actions.bind import bindings
from warroom.tui.actions.situation import intent_of, situation
from warroom.tui.actions.table import BY_ID
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.heading import Tab
from warroom.tui.held import Held, covered
from warroom.tui.keys import Intent
from warroom.tui.past_keys import Travel, Way
from warroom.tui.room_plan import PANELS, Box, RoomMode, RoomPlan, by_tabs, room_plan
from warroom.tui.room_record import RecordPart
from warroom.tui.sieve.complete import ENTRIES
from warroom.tui.widgets.lined import Ground
from warroom.tui.widgets.lines import Banner, Clickable, HeaderLine, IncidentBar, KeyBar, TabStrip
from warroom.tui.widgets.past import PAST_ROWS, PastBar
from warroom.tui.widgets.record_list import RecordList
from warroom.tui.widgets.room_panels import (
    RecordRule,
    RoomAbout,
    RoomClocks,
    RoomLadder,
    RoomPanel,
    RoomRoles,
    RoomTimeline,
    RoomWork,
)
from warroom.tui.widgets.sieve import FilterBar
from warroom.views import BoardView, IncidentDetail, PastAxis, RecordPage
from warroom.words import tr

_FIXED = 3  # header, bar of the incident, keys


class RoomScreen(RecordPart):
    """Everything about one incident. Post-conditions of `show` and `tick` hold at once; drawing follows by itself."""

    CSS_PATH = Path(__file__).with_name("room.tcss")
    AUTO_FOCUS = ""

    scope = "room"
    BINDINGS: ClassVar[list[BindingType]] = bindings("room")

    def __init__(self, detail: IncidentDetail, view: BoardView, now: datetime) -> None:
        """The incident of `detail`, in the room of `view`, at `now`."""
        super().__init__()
        self._live, self._view = detail, view
        self._now, self._last_read = now, now
        self._shown = detail  # what is shown: the live detail, or one of the past
        self._open = "escalation"  # the panel that is open where one is shown at a time
        self._plan: RoomPlan | None = None
        self._filtering = False
        self._known: tuple[BoardView, IncidentDetail, Situation] | None = None
        self._travels = False  # perhaps on the way into the past
        self._axis: PastAxis | None = None  # of the past that is shown
        self._kept: list[RecordPage] = []  # what came to the record while the past is shown
        self._flags = Held()  # what the strip of tabs shows
        self._behind = False  # something was taken in without being drawn
        self.starting: Callable[[], bool] = lambda: False
        """Whether an engine of this process is about to begin."""

    # ---- composition

    def compose(self) -> ComposeResult:
        """All parts; boxes follow in `_arrange`."""
        yield HeaderLine(id="room-header")
        yield Banner(id="room-trouble")
        yield PastBar(id="room-past")
        yield IncidentBar(id="room-bar")
        with Ground(id="room-body"):
            yield TabStrip(id="room-tabs")
            yield RoomRoles(id="room-roles")
            yield RoomLadder(id="room-escalation")
            yield RoomTimeline(id="room-communications")
            yield RecordRule(id="room-record-rule")
            yield RecordList(id="room-record")
            yield RoomClocks(id="room-clocks")
            yield RoomWork(id="room-work")
            yield RoomAbout(id="room-about")
        yield FilterBar(ENTRIES, id="room-filter-line")
        yield KeyBar(id="room-keys")

    def begin(self) -> None:
        """Show what was given at the start."""
        self._parts: dict[str, RoomPanel] = {panel.name_: panel for panel in self.query(RoomPanel)}
        self._record = self.query_one(RecordList)
        self._rule = self.query_one(RecordRule)
        self._tabs = self.query_one(TabStrip)
        self._bar = self.query_one(IncidentBar)
        self._header = self.query_one(HeaderLine)
        self._past_bar = self.query_one(PastBar)
        self._filter_bar = self.query_one(FilterBar)
        self._filter_bar.display = False
        self._arrange()
        self._record.show_page(_page_of(self._live))
        self._draw()
        self._record.focus()

    def turn_to(self, detail: IncidentDetail, view: BoardView, now: datetime) -> None:
        """Show this incident instead of the one that the screen was made for; only before anybody has seen it."""
        self._live = self._shown = detail
        self._view, self._now, self._last_read = view, now, now
        if self._ready:
            self._arrange()
            self._record.clear()
            self._record.show_page(_page_of(detail))
            self._draw()

    def on_resize(self, event: Resize) -> None:
        """Divide the screen again; the parts draw themselves where their size has changed."""
        if self._arrange():
            self._draw()

    def _arrange(self) -> bool:
        """Give each part its box; True if that is another one than before."""
        if not self._ready:
            return False
        width, height = self.app.size
        now = self._moment
        wanted = {name: panel.wanted(self._shown, now, width, height) for name, panel in self._parts.items()}
        taken = _FIXED + int(self._filtering)  # what can be typed stands over the filter
        body = max(1, height - taken - int(self.query_one(Banner).display) - PAST_ROWS * int(self._past_bar.display))
        if by_tabs(width, body) and self._open in self._parts:
            wanted[self._open] = self._parts[self._open].wanted(self._shown, now, width, height, body - 1)
        plan = room_plan(width, body, wanted, self._open)
        if plan == self._plan:
            return False
        self._plan = plan
        tabs = plan.mode is RoomMode.TABS
        self._tabs.display = tabs
        _place(self._tabs, Box(0, 0, width, 1))
        for name, panel in self._parts.items():
            panel.display = name in plan.boxes
            panel.ruled = not tabs
            if name in plan.boxes:
                box = plan.boxes[name]
                _place(panel, box)
                if panel.size != (box.width, box.height):
                    panel.await_size()
        record = plan.boxes.get("record")
        self._record.display = record is not None
        self._rule.display = record is not None and not (tabs and self._open == "record")
        if record is not None:
            head = int(self._rule.display)
            _place(self._rule, Box(record.x, record.y, record.width, 1))
            _place(self._record, Box(record.x, record.y + head, record.width, max(1, record.height - head)))
        return True

    @property
    def _moment(self) -> datetime:
        """As of when it is drawn."""
        return self._shown.past.moment if self._shown.past is not None else self._now

    # ---- what is told to the screen

    @property
    def key(self) -> str:
        """The incident's key."""
        return self._live.line.key

    @property
    def detail(self) -> IncidentDetail:
        """What is shown: the incident as it stands, or as it was at the moment of the past that is looked at."""
        return self._shown

    @property
    def live(self) -> IncidentDetail:
        """The incident as it stands."""
        return self._live

    def show(self, view: BoardView, now: datetime, detail: IncidentDetail | None = None) -> None:
        """The room moved on; `detail` is this incident's, None where it was not read."""
        self._view, self._now, self._last_read = view, now, now
        if detail is not None:
            past, self._live = self._shown.past, detail
            if past is None:
                self._shown = detail
        self._behind = covered(self)
        if self._ready and not self._behind:
            self._arrange()
            self._draw()

    def on_screen_resume(self) -> None:
        """It is seen again."""
        if self._ready:
            if self._behind:
                self._arrange()
                self._draw()
            self._behind = False
            self._tick()

    def show_record(self, page: RecordPage) -> None:
        """A part of the live record was read."""
        if page.key != self.key:
            return
        if self._shown.past is not None and page.last >= self._record.first:
            self._kept.append(page)  # it has come since then
        elif self._ready:
            self._record.show_page(page)

    def tick(self, now: datetime, *, read_at: datetime | None = None) -> None:
        """A second has passed. `read_at` is when the room was last read with success."""
        self._now = now
        if read_at is not None:
            self._last_read = read_at
        if self._ready and not covered(self):
            self._tick()

    def trouble(self, text: str) -> None:
        """Say what is wrong with the whole room; empty when it is over."""
        if self._ready:
            self.query_one(Banner).say(text)
            self._arrange()

    def _draw(self) -> None:
        """Draw all that may have changed; widgets send only the cells that differ."""
        self._flags.drop()
        self._tick()
        self._show_keys()

    def _tick(self) -> None:
        """Draw what the clock changes: every part knows until when it stays as it is. No clock changes the keys."""
        detail = self._shown
        now = self._moment
        if detail.past is not None and self._axis is not None:
            newer = self._live.line.version - detail.past.of
            self._past_bar.show_past(detail.past, self._axis, self._now, newer)
        self._header.show_header(self._view, self._now, self._last_read, starting=self.starting())
        self._bar.show_incident(detail.line, detail, now)
        for panel in self._parts.values():
            if panel.display:
                panel.show_detail(detail, now)
        tabs = self._plan is not None and self._plan.mode is RoomMode.TABS
        if tabs and not self._flags.holds(now, detail, self._open):
            with self._flags.laying_out(now, lambda: (detail, self._open)):
                named = [self._tab(n, name, now) for n, name in enumerate(PANELS, 1)]
            self._tabs.show_tabs(named, PANELS.index(self._open))

    def _tab(self, number: int, name: str, now: datetime) -> Tab:
        panel = self._parts.get(name)
        return panel.tab(str(number), self._shown, now) if panel is not None else Tab(str(number), tr("Record"))

    # ---- what the person does

    def offers(self, id: str) -> bool:
        """The way out of the past is offered there."""
        return id != "past.live" or (self._shown.past is not None and not self._filtering)

    def why_not(self, id: str) -> str:
        """Why something is not possible with this incident."""
        place = self.place_of(BY_ID[id])
        if place is not None and (name := intent_of(place.does)):
            return why_not(name, self._situation())
        if id in ("past.on", "past.turn-on") and self._shown.past is None and not self._travels:
            return tr("this is how it stands now: there is nothing after it")
        return ""

    def _situation(self) -> Situation:
        """What is known about this incident; gathered anew only where something of it has changed."""
        if self._known is None or self._known[0] is not self._view or self._known[1] is not self._shown:
            found = situation(self._view, self._shown.line, self._shown, self._moment)
            self._known = self._view, self._shown, found
        return self._known[2]

    def action_intent(self, action: str) -> None:
        """Say what the person wants of this incident."""
        if why := why_not(action, self._situation()):
            self.say_why(why)
        else:
            self.post_message(Intent(action, self._shown.line))

    def action_panel(self, name: str) -> None:
        """Go to a panel; where one is shown at a time, open it."""
        if self._plan is not None and (name not in self._plan.boxes or self._plan.mode is RoomMode.TABS):
            self._open = name
            self._arrange()
            self._draw()
        self._widget(name).focus()

    def _widget(self, name: str) -> Widget:
        return self._record if name == "record" else self._parts[name]

    def action_next_panel(self, by: int) -> None:
        """Go to the next panel."""
        here = next((n for n, name in enumerate(PANELS) if self._widget(name).has_focus), PANELS.index(self._open))
        self.action_panel(PANELS[(here + by) % len(PANELS)])

    @on(DescendantFocus)
    def _focus_moved(self) -> None:
        self._record_changed()

    @on(Clickable.Clicked, "#room-tabs")
    def _tab_clicked(self, event: Clickable.Clicked) -> None:
        event.stop()
        self.action_panel(PANELS[int(event.name) - 1])

    def action_back(self) -> None:
        """Out of the filter, out of the past, or back to the board."""
        if self._filtering or self._filter_bar.text:
            self._clear_filter()
        else:
            self.dismiss(None)

    # ---- the past

    def action_travel(self, way: str, by: int = 0) -> None:
        """Say which moment the person wants to see."""
        self._travels = way != Way.LIVE
        self.post_message(Travel(Way(way), by))
        self._show_keys()

    @on(PastBar.Jump)
    def _jump_wanted(self, event: PastBar.Jump) -> None:
        event.stop()
        self.post_message(Travel(Way.JUMP, moment=event.moment))

    @on(PastBar.Back)
    def _back_wanted(self, event: PastBar.Back) -> None:
        event.stop()
        self.action_travel(Way.LIVE)

    def show_past(self, detail: IncidentDetail, page: RecordPage, axis: PastAxis) -> None:
        """Show the incident as it was (`detail.past` says when), with its record up to then: `page` is its last part,
        and older ones are asked for as of the live record. `axis` is all of its past."""
        self._shown, self._axis = detail, axis
        self._record.clear(keep_place=False)
        self._record.show_page(page)
        self._past_changed()

    def leave_past(self) -> None:
        """Show it as it stands."""
        self._travels = False
        self._shown, self._axis = self._live, None
        self._past_bar.show_live()
        self._record.clear()
        self._record.show_page(_page_of(self._live))
        for page in self._kept:
            self._record.show_page(page)
        self._kept.clear()
        self._past_changed()

    def _past_changed(self) -> None:
        self.set_class(self._shown.past is not None, "-past")
        self._draw()
        self._arrange()
        self._draw()
        self._record_changed()
        self._show_keys()


def _place(widget: Widget, box: Box) -> None:
    """Put a widget there; what stays as it is costs nothing."""
    styles = widget.styles
    styles.offset = (box.x, box.y)
    styles.width, styles.height = box.width, box.height


def _page_of(detail: IncidentDetail) -> RecordPage:
    """The last lines of the record, which come with the detail, as a page."""
    lines, last = detail.record, detail.line.version
    return RecordPage(detail.line.key, lines[0].version if lines else last + 1, last, lines)
