"""The start screen: every live incident, and all about the selected one.

The screen is told what to show (`show`) and what time it is (`tick`), and says what the person wants (`Selected`,
`Intent`). It reads nothing and decides nothing. Screen updates send only the cells that changed.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from warroom.tui.keys import ABOUT_INCIDENT, Intent, in_bar_order, incident_bindings, intent
from warroom.tui.plan import Mode, plan
from warroom.tui.reads import refusal, withheld
from warroom.tui.widgets.form import Line
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.keyed import KeyedScreen
from warroom.tui.widgets.lines import (
    Banner,
    Clickable,
    HeaderLine,
    IncidentBar,
    KeyBar,
    ListHead,
    TabStrip,
)
from warroom.tui.widgets.panels import CommunicationsPanel, EscalationPanel, Panel, RecordPanel, RolesPanel
from warroom.views import BoardView, IncidentDetail

_KEPT_DETAILS = 64
_BLANK_AFTER_S = 0.15
"""A newly selected incident's detail usually comes sooner; the panels are emptied only when it does not."""


_PANELS = ("Roles", "Escalation", "Communications", "Record")


def _panel_key(index: int, name: str) -> Binding:
    key = str(index + 1)
    return Binding(key, f"panel({index})", name, show=False, tooltip=f"Show the panel {name}", id=f"board.panel-{key}")


class BoardScreen(KeyedScreen[None]):
    """The board. Post-conditions of `show` and `tick` hold at once; drawing follows by itself."""

    CSS_PATH = "board.tcss"
    AUTO_FOCUS = "#list"

    BINDINGS: ClassVar[list[BindingType]] = in_bar_order(
        [
            *incident_bindings("board"),
            Binding(
                "enter",
                "intent('open')",
                "room",
                key_display="enter",
                tooltip="Everything about the incident, and its whole record",
                id="board.open",
            ),
            intent("d", "declare", "declare", "Declare an incident", scope="board"),
            Binding("slash", "filter", "filter", key_display="/", tooltip="Show only what matches", id="board.filter"),
            intent("o", "oncall", "rota", "Who is on call: now, the shifts ahead, overrides and swaps", scope="board"),
            intent(
                "p",
                "rulebook",
                "rules",
                "The rules in force: whom they page, what they did, what is doubtful",
                scope="board",
            ),
            intent("E", "engines", "engines", "Who keeps the timers going", scope="board", show=False),
            intent(
                "P",
                "punctuality",
                "punctuality",
                "How punctual updates were, and what is left of the budget for late ones",
                scope="board",
                show=False,
            ),
            *(_panel_key(number, name) for number, name in enumerate(_PANELS)),
            Binding("escape", "unfilter", "Clear the filter", show=False, id="board.unfilter"),
            Binding(
                "question_mark", "help", "help", key_display="?", tooltip="All keys of this screen", id="board.help"
            ),
            intent("q", "quit", "quit", "Leave; incidents and timers go on", scope="board"),
        ]
    )

    NEEDS_INCIDENT: ClassVar[frozenset[str]] = ABOUT_INCIDENT | {"open"}
    """Intents that are about the selected incident."""

    class Selected(Message):
        """Another incident is selected: its detail is wanted. None: there is none."""

        def __init__(self, key: str | None) -> None:
            super().__init__()
            self.key = key

    def __init__(self, view: BoardView | None = None, now: datetime | None = None) -> None:
        """A board that shows `view` at `now`, or waits for the first `show`."""
        super().__init__()
        self._view = view
        self._now = now if now is not None else view.read_at if view is not None else None
        self._last_read = view.read_at if view is not None else None
        self._details: OrderedDict[str, IncidentDetail] = OrderedDict()
        self._calm_since: datetime | None = None
        self._panel = 1
        self._mode = Mode.STACK
        self._blank: Timer | None = None
        self._filtering = False  # the filter is being typed
        self._behind = False  # views were taken in without being drawn

    # ---- composition

    def compose(self) -> ComposeResult:
        """All parts; sizes follow in `_arrange_parts`."""
        yield HeaderLine(id="header")
        yield Banner(id="trouble")
        yield ListHead(id="head")
        yield IncidentList(id="list")
        yield IncidentBar(id="bar")
        with Container(id="lower"):
            yield TabStrip(id="tabs")
            with Container(id="left"):
                with Container(id="upper"):
                    yield RolesPanel(id="roles")
                    yield EscalationPanel(id="escalation")
                yield CommunicationsPanel(id="communications")
            yield RecordPanel(id="record")
        with Horizontal(id="filter-line"):
            yield Static(Content(" filter "), id="filter-label")
            yield Line(id="filter", placeholder="words, -words, late, vacant, major, watched; enter keeps, esc clears")
        yield KeyBar(id="keys")

    def begin(self) -> None:
        """Show what was given at the start."""
        self.query_one("#filter-line").display = False
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
        for mode in Mode:
            self.set_class(mode is layout.mode, f"-{mode}")
        tabs = layout.mode is Mode.TABS
        self.query_one("#bar").display = self.query_one("#lower").display = layout.mode is not Mode.NONE
        self.query_one("#lower").styles.height = layout.lower
        heights = (layout.roles, layout.escalation, layout.communications, layout.record)
        for index, (panel, rows) in enumerate(zip(self.panels, heights, strict=True)):
            panel.display = not tabs or index == self._panel
            panel.ruled = not tabs
            panel.styles.height = rows
            panel.refresh()
        self.query_one("#tabs").display = tabs
        # In the strip's mode a container whose panels are all hidden must not take the place of the open one.
        self.query_one("#upper").display = not tabs or self._panel in (0, 1)
        self.query_one("#left").display = not tabs or self._panel != 3
        self.query_one("#roles").styles.width = layout.roles_width or "1fr"
        self.query_one("#record").styles.width = layout.record_width or "1fr"
        self._show_detail()

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
        before = self._keep(view, now)
        if not self._ready:
            return
        assert self._now is not None and self._last_read is not None
        incidents = self.query_one(IncidentList)
        incidents.calm_since = self._calm_since if not view.lines else None
        incidents.show_incidents(view.lines, self._now)
        if before is None or len(before.lines) != len(view.lines):
            self._arrange_parts()
        self.query_one(HeaderLine).show_header(view, self._now, self._last_read)
        self._show_detail()
        if before is None or before.readonly != view.readonly or bool(before.lines) != bool(view.lines):
            self.refresh_bindings()

    def keep(self, view: BoardView, now: datetime) -> None:
        """Take in a view while another screen covers the whole board: nothing is drawn, and the selection stays. What
        is shown when the board is seen again has to be said by `show`."""
        self._keep(view, now)
        self._behind = True

    def _keep(self, view: BoardView, now: datetime | None) -> BoardView | None:
        """Take in a view; gives the one before, None where the board has to be laid out anew."""
        before, self._view = self._view, view
        behind, self._behind = self._behind, False
        self._now = now if now is not None else self._now or view.read_at
        # In a room that runs fast its time has gone on since the view was read, and the view is new all the same.
        self._last_read = self._now if now is not None else view.read_at
        if not view.lines and before is not None and before.lines:
            self._calm_since = view.read_at
        if view.selected is not None:
            self._details[view.selected.line.key] = view.selected
            self._details.move_to_end(view.selected.line.key)
            while len(self._details) > _KEPT_DETAILS:
                self._details.popitem(last=False)
        return before if not behind else None

    def tick(self, now: datetime, *, read_at: datetime | None = None) -> None:
        """A second has passed. `read_at` is when the room was last read with success, even if nothing was new."""
        self._now = now
        if read_at is not None:
            self._last_read = read_at
        if self._view is None or self._last_read is None or not self._ready:
            return
        self.query_one(HeaderLine).show_header(self._view, now, self._last_read)
        self.query_one(IncidentList).tick(now)
        self._show_detail()

    def trouble(self, text: str) -> None:
        """Say what is wrong with the whole room ("disk full: nothing is written"); empty when it is over."""
        self.query_one(Banner).say(text)

    def select(self, key: str) -> None:
        """Select an incident by its key."""
        self.query_one(IncidentList).select(key)

    def _show_detail(self) -> None:
        """Draw bar, tabs and the panels that can be seen."""
        if self._now is None or self._view is None:
            return
        detail = self.detail
        self.query_one(IncidentBar).show_incident(self.query_one(IncidentList).line(self.selected), detail, self._now)
        if self._mode is Mode.NONE:
            return
        if self._mode is Mode.TABS:
            tabs = [panel.tab(str(index + 1), detail, self._now) for index, panel in enumerate(self.panels)]
            self.query_one(TabStrip).show_tabs(tabs, self._panel)
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
        self.refresh_bindings()
        self.post_message(self.Selected(event.key))

    def _empty_panels(self) -> None:
        self._blank = None
        self._show_detail()

    @on(IncidentList.Arranged)
    def _list_arranged(self, event: IncidentList.Arranged) -> None:
        event.stop()
        incidents = self.query_one(IncidentList)
        typed = incidents.filter_text
        note = f"{len(incidents.keys)} of {incidents.total} match {typed}" if typed else ""
        self.query_one(ListHead).show_columns(incidents.columns, note)

    # ---- what the person does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that make no sense now do nothing and are not offered."""
        if action == "intent" and self._view is not None:
            name = str(parameters[0])
            if name in self.NEEDS_INCIDENT and (not self._ready or self.selected is None):
                return False
        if action == "panel":
            return self._mode is Mode.TABS
        if action == "unfilter":
            return self._ready and bool(self.query_one(IncidentList).filter_text or self._filtering)
        return True

    def withheld(self, action: str) -> bool:
        """What changes something, where the room may only be read."""
        return self._view is not None and self._view.readonly and withheld(action)

    def action_intent(self, action: str) -> None:
        """Say what the person wants of the selected incident, or of the room; where it may only be read, why not."""
        if self._view is not None and (word := refusal(action, None, readonly=self._view.readonly)):
            self.notify(word, severity="warning", markup=False)
            return
        line = self.query_one(IncidentList).line(self.selected)
        if action in self.NEEDS_INCIDENT and line is None:
            return
        self.post_message(Intent(action, line))

    @on(IncidentList.Opened)
    def _open(self, event: IncidentList.Opened) -> None:
        event.stop()
        self.action_intent("open")

    def action_panel(self, index: int) -> None:
        """Open a panel where one is shown at a time."""
        if self._mode is Mode.TABS and index != self._panel:
            self._panel = index
            self._arrange_parts()

    @on(Clickable.Clicked, "#tabs")
    def _tab_clicked(self, event: Clickable.Clicked) -> None:
        event.stop()
        self.action_panel(int(event.name) - 1)

    # ---- the filter

    def action_filter(self) -> None:
        """Type a filter; the list follows as it is typed."""
        field = self.query_one("#filter", Input)
        self._filtering = True
        self.query_one("#filter-line").display = True
        self.query_one(KeyBar).display = False
        field.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(IncidentList).filter(event.value.strip())

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave_filter()

    def action_unfilter(self) -> None:
        """Show everything again."""
        self.query_one("#filter", Input).value = ""
        self._leave_filter()

    def _leave_filter(self) -> None:
        self._filtering = False
        self.query_one("#filter-line").display = False
        self.query_one(KeyBar).display = True
        self.query_one(IncidentList).focus()
