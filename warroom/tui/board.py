"""The start screen: every live incident, and all about the selected one.

The screen is told what to show (`show`) and what time it is (`tick`), and says what the person wants (`Selected`,
`Intent`). It reads nothing and decides nothing. Screen updates send only the cells that changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.message import Message
from textual.timer import Timer

from warroom.preferences.values import DEFAULTS, Preferences
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.situation import intent_of, situation
from warroom.tui.actions.table import BY_ID
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.board_sieve import SievedScreen
from warroom.tui.fitting import fit, has_layout, says_any, seen
from warroom.tui.held import covered
from warroom.tui.keys import Intent
from warroom.tui.plan import Mode, large, plan
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.lined import Ground
from warroom.tui.widgets.lines import (
    Banner,
    Clickable,
    HeaderLine,
    IncidentBar,
    KeyBar,
    TabStrip,
)
from warroom.tui.widgets.list_head import ListHead
from warroom.tui.widgets.panels import CommunicationsPanel, EscalationPanel, Panel, RecordPanel, RolesPanel
from warroom.tui.widgets.sieve import FilterBar
from warroom.views import BoardView, IncidentDetail, IncidentLine
from warroom.words import tr

_KEPT_DETAILS = 64
_BLANK_AFTER_S = 0.15
"""A newly selected incident's detail usually comes sooner; the panels are emptied only when it does not."""


_LONG = 1_000


def _shows_the_same(before: BoardView, view: BoardView) -> bool:
    """Whether two views differ in signs of life alone, which come every few seconds and are not drawn here."""
    alive = tuple(replace(each, seen_at=view.read_at) for each in before.engines)
    here = tuple(replace(each, seen_at=view.read_at) for each in view.engines)
    return alive == here and replace(before, read_at=view.read_at, engines=view.engines) == view


class BoardScreen(SievedScreen):
    """The board. Post-conditions of `show` and `tick` hold at once; drawing follows by itself."""

    CSS_PATH = "board.tcss"
    AUTO_FOCUS = "#list"

    scope = "board"
    BINDINGS: ClassVar[list[BindingType]] = bindings("board")

    class Selected(Message):
        """Another incident is selected: its detail is wanted. None: there is none."""

        def __init__(self, key: str | None) -> None:
            super().__init__()
            self.key = key

    def __init__(
        self,
        view: BoardView | None = None,
        now: datetime | None = None,
        own: Preferences = DEFAULTS,
        starting: Callable[[], bool] = lambda: False,
    ) -> None:
        """A board that shows `view` at `now`, or waits for the first `show`; `own` is what the person has chosen,
        `starting` says whether an engine of this process is about to begin."""
        super().__init__(own)
        self._starting = starting
        self._view = view
        self._now = now if now is not None else view.read_at if view is not None else None
        self._last_read = view.read_at if view is not None else None
        self._details: OrderedDict[str, IncidentDetail] = OrderedDict()
        self._calm_since: datetime | None = None
        self._panel = 1
        self._mode = Mode.STACK
        self._blank: Timer | None = None
        self._shown: BoardView | None = None  # what was drawn last; the newest view may not have been
        self._changed: dict[str, IncidentLine | None] | None = None  # lines that are others since; None: any may be
        self._known: tuple[tuple[object, ...], Situation] | None = None  # and what it was gathered from
        self._large = False  # one panel has the whole lower half, although there would be room for all

    # ---- composition

    def compose(self) -> ComposeResult:
        """All parts; sizes follow in `_arrange_parts`."""
        yield HeaderLine(id="header")
        yield Banner(id="trouble")
        yield ListHead(id="head")
        yield IncidentList(id="list")
        yield IncidentBar(id="bar")
        with Ground(id="lower"):
            yield TabStrip(id="tabs")
            with Ground(id="left"):
                with Ground(id="upper"):
                    yield RolesPanel(id="roles")
                    yield EscalationPanel(id="escalation")
                yield CommunicationsPanel(id="communications")
            yield RecordPanel(id="record")
        yield FilterBar(id="filter-line")
        yield KeyBar(id="keys")

    def begin(self) -> None:
        """Show what was given at the start."""
        self.begin_sieve()
        self._arrange_parts()
        if self._view is not None and self._now is not None:
            self.show(self._view, self._now)

    def on_resize(self, event: Resize) -> None:
        """Divide the screen again."""
        self._arrange_parts()

    def _arrange_parts(self) -> None:
        """Set modes and heights for the size of the screen and the number of incidents."""
        if not self._ready:
            return
        width, height = self.app.size
        layout = plan(width, height, len(self._view.lines) if self._view is not None else 0)
        self._mode = layout.mode
        tabs = layout.mode is Mode.TABS or (self._large and layout.mode is not Mode.NONE)
        self._divide(Mode.TABS if tabs else layout.mode)
        lower, upper, left = (self.query_one(f"#{name}") for name in ("lower", "upper", "left"))
        for part in (self.query_one("#bar"), lower):
            seen(part, layout.mode is not Mode.NONE)
        # Where the person's layout has its own mind about a part, the others do not keep the place that this one had.
        own = says_any((upper, left, *self.panels), "height", "display")
        fit(lower, height="auto" if own else layout.lower)
        heights = (layout.roles, layout.escalation, layout.communications, layout.record)
        below = -1
        if tabs and layout.mode is not Mode.TABS:
            most, below, rest = large(layout, self._panel)
            heights = (most, most, most, rest if below == 3 else most)
        for index, (panel, rows) in enumerate(zip(self.panels, heights, strict=True)):
            seen(panel, not tabs or index in (self._panel, below))
            panel.ruled = not tabs or index == below
            fit(panel, height=rows)
            panel.refresh()
            if panel.display and panel.size.height != rows:
                panel.await_size()
        seen(self.query_one("#tabs"), tabs)
        # In the strip's mode a container whose panels are all hidden must not take the place of the open one.
        seen(upper, not tabs or self._panel in (0, 1))
        seen(left, not tabs or self._panel != 3)
        fit(self.query_one("#roles"), width=(not tabs and layout.roles_width) or "1fr")
        fit(self.query_one("#record"), width=(not tabs and layout.record_width) or "1fr")
        self._show_detail()

    def _divide(self, shown: Mode) -> None:
        """Say in classes how the screen is divided. Our own style sheet asks for that only in the lower half: the rest
        of the screen is looked through again for the person's own sheet alone, since that takes longer than drawing."""
        before = self.classes
        self.update_classes({f"-{mode}": mode is shown for mode in Mode}, update=False)
        if self.classes != before:
            (self if has_layout(self) else self.query_one("#lower")).update_node_styles(animate=False)

    def lay_out(self) -> None:
        """Divide the screen again: its style sheet is another one."""
        self._arrange_parts()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The four panels in the order of their keys."""
        return (
            self.query_one(RolesPanel),
            self.query_one(EscalationPanel),
            self.query_one(CommunicationsPanel),
            self.query_one(RecordPanel),
        )

    # ---- what is told to the screen

    @property
    def view(self) -> BoardView | None:
        """What is shown."""
        return self._view

    @property
    def selected(self) -> str | None:
        """The key of the selected incident."""
        return self.query_one(IncidentList).selected

    @property
    def detail(self) -> IncidentDetail | None:
        """The detail of the selected incident, as far as it is known."""
        return self._details.get(self.selected or "")

    def show(self, view: BoardView, now: datetime | None = None) -> None:
        """Show this view. The selection stays on its incident; the view's own `selected` need not be the same one."""
        self.keep(view, now)
        before = self._shown
        if not self._ready or (before is not None and _shows_the_same(before, view)):
            return
        changed, self._shown, self._changed = self._changed if before is not None else None, view, {}
        assert self._now is not None and self._last_read is not None
        incidents = self.query_one(IncidentList)
        incidents.calm_since = self._calm_since if not view.lines else None
        incidents.show_incidents(view.lines, self._now, changed)
        self.follow_filter(self._now)
        # A list that is longer than any screen divides it as a still longer one does.
        if before is None or min(len(before.lines), _LONG) != min(len(view.lines), _LONG):
            self._arrange_parts()
        self.query_one(HeaderLine).show_header(view, self._now, self._last_read, starting=self._starting())
        self._show_detail()
        if before is None or before.readonly != view.readonly or bool(before.lines) != bool(view.lines):
            self._show_keys()

    def keep(self, view: BoardView, now: datetime | None) -> None:
        """Take in a view, alone while another screen covers the whole board: nothing is drawn, and the selection stays.
        What is shown when the board is seen again has to be said by `show`."""
        before, self._view = self._view, view
        if view.changed is None or before is None:
            self._changed = None
        elif self._changed is not None:
            self._changed.update(view.changed)
        self._now = now if now is not None else self._now or view.read_at
        # In a room that runs fast its time has gone on since the view was read, and the view is new all the same.
        self._last_read = self._now if now is not None else view.read_at
        if not view.lines and before is not None and before.lines:
            self._calm_since = view.read_at
        if view.selected is not None:
            if self._details.get(view.selected.line.key) != view.selected:
                self._details[view.selected.line.key] = view.selected
            self._details.move_to_end(view.selected.line.key)
            while len(self._details) > _KEPT_DETAILS:
                self._details.popitem(last=False)

    def take_in(self) -> None:
        """While another screen covers the board, give what was kept its place in the list: a little with every view,
        and not all of it when the board is seen again."""
        if self._ready and self._shown is not None and self._view is not None and self._changed:
            incidents = self.query_one(IncidentList)
            if incidents.take_in(self._view.lines, self._changed):
                self._changed = {}

    def tick(self, now: datetime, *, read_at: datetime | None = None) -> None:
        """A second has passed. `read_at` is when the room was last read with success, even if nothing was new."""
        self._now = now
        if read_at is not None:
            self._last_read = read_at
        if self._view is None or self._last_read is None or not self._ready or covered(self):
            return
        self.query_one(HeaderLine).show_header(self._view, now, self._last_read, starting=self._starting())
        self.query_one(IncidentList).tick(now)
        self._show_detail(keys=False)

    def on_screen_resume(self) -> None:
        """It is seen again: what the clock changed meanwhile was not drawn."""
        if self._now is not None and self._view is self._shown:
            self.tick(self._now)

    def trouble(self, text: str) -> None:
        """Say what is wrong with the whole room ("disk full: nothing is written"); empty when it is over."""
        self.query_one(Banner).say(text)

    def select(self, key: str) -> None:
        """Select an incident by its key."""
        self.query_one(IncidentList).select(key)

    def _show_detail(self, *, keys: bool = True) -> None:
        """Draw bar, tabs and the panels that can be seen, and with them the keys: no clock changes those."""
        if self._now is None or self._view is None:
            return
        detail = self.detail
        self.query_one(IncidentBar).show_incident(self.query_one(IncidentList).line(self.selected), detail, self._now)
        if self._mode is Mode.NONE:
            return
        if self._mode is Mode.TABS or self._large:
            tabs = [panel.tab(str(index + 1), detail, self._now) for index, panel in enumerate(self.panels)]
            self.query_one(TabStrip).show_tabs(tabs, self._panel)
        if keys:
            self._show_keys()
        if detail is not None and self._blank is not None:
            self._blank.stop()
            self._blank = None
        for panel in self.panels:
            if panel.display and (detail is not None or self._blank is None):
                panel.show_detail(detail, self._now)

    @on(IncidentList.Selected)
    def _selection_changed(self, event: IncidentList.Selected) -> None:
        event.stop()
        if self._blank is not None:
            self._blank.stop()
        self._blank = None if self.detail is not None else self.set_timer(_BLANK_AFTER_S, self._empty_panels)
        self._show_detail()
        self._show_keys()
        self.post_message(self.Selected(event.key))

    def _empty_panels(self) -> None:
        self._blank = None
        self._show_detail()

    # ---- what the person does

    def why_not(self, id: str) -> str:
        """Why something is not possible with the incident that is selected."""
        place = self.place_of(BY_ID[id])
        if place is not None and (name := intent_of(place.does)):
            return why_not(name, self.situation())
        if id.startswith("panel.") and self._mode is Mode.NONE:
            return tr("there is no room for panels") if self._view and self._view.lines else tr("nothing is live")
        if id == "view.unfilter" and self._ready and not self._narrowed:
            return tr("no filter is set")
        return ""

    def situation(self) -> Situation:
        """What the board knows about the incident that is selected."""
        view = self._view
        if view is None or not self._ready:
            return Situation(readonly=view is not None and view.readonly)
        known = view, self.selected, self.detail
        if self._known is None or any(one is not other for one, other in zip(known, self._known[0], strict=True)):
            line = self.query_one(IncidentList).line(self.selected)
            self._known = known, situation(view, line, self.detail, self._now or view.read_at)
        return self._known[1]

    @property
    def _narrowed(self) -> bool:
        """Whether escape has something to give back: a filter, an order, or a panel that is large."""
        return self._large or self.sieved

    def action_intent(self, action: str) -> None:
        """Say what the person wants of the selected incident, or of the room."""
        line = self.query_one(IncidentList).line(self.selected)
        if why := why_not(action, self.situation()):
            self.say_why(why)
        else:
            self.post_message(Intent(action, line))

    @on(IncidentList.Opened)
    def _open(self, event: IncidentList.Opened) -> None:
        event.stop()
        self.action_intent("open")

    def action_panel(self, index: int) -> None:
        """Open a panel where one is shown at a time; else make it large, or small again."""
        if self._mode is not Mode.TABS:
            self._large = not (self._large and index == self._panel)
        elif index == self._panel:
            return
        self._panel = index
        self._arrange_parts()

    @on(Clickable.Clicked, "#tabs")
    def _tab_clicked(self, event: Clickable.Clicked) -> None:
        event.stop()
        self.action_panel(int(event.name) - 1)

    def action_unfilter(self) -> None:
        """Show everything again: all panels, then all incidents, then in the usual order."""
        if self._large and not self._filtering:
            self._large = False
            self._arrange_parts()
        else:
            self.unsieve()
