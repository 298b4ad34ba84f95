"""The rulebook's screen: policies as ladders, rules, severities, what is doubtful about them, and their revisions.

The screen is told what to show (`show`) and what time it is (`tick`). It reads nothing and changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus, Resize

from warroom.tui import rulebook_sheets as sheets
from warroom.tui.actions.bind import bindings
from warroom.tui.heading import clock_end
from warroom.tui.held import Held
from warroom.tui.pieces import Role, line_width
from warroom.tui.rulebook_ladder import Sheet
from warroom.tui.widgets.keyed import KeyedScreen
from warroom.tui.widgets.lines import BothEnds, Clickable, KeyBar, TabStrip
from warroom.tui.widgets.rulebook import SheetScroll
from warroom.views import FindingWeight, RulebookView
from warroom.words import tr

WIDE = 150
"""From this many columns on policies stand at the left, and one of the other parts beside them."""
_POLICIES, _RULES, _CHECK = 0, 1, 3


class RulebookScreen(KeyedScreen[None]):
    """The rules in force. Drawing follows `show` and `tick` at once."""

    CSS_PATH = "rulebook.tcss"
    AUTO_FOCUS = "#part-0"

    scope = "rulebook"
    BINDINGS: ClassVar[list[BindingType]] = bindings("rulebook")

    def __init__(self, room: str, me: str, now: datetime, view: RulebookView | None = None) -> None:
        """`view`: what to show until there is something newer."""
        super().__init__()
        self._room, self._me, self._now, self._view = room, me, now, view
        self._trouble = ""
        self._held = Held()
        self._active = _POLICIES
        self._beside = _RULES  # which part stands beside the policies on a wide screen

    # ---- composition

    def compose(self) -> ComposeResult:
        """Head, tabs, the parts, keys."""
        yield BothEnds(id="rulebook-head")
        yield TabStrip(id="tabs")
        with Horizontal(id="sheets"):
            with Vertical(id="left"):
                yield TabStrip(id="tabs-left")
                yield SheetScroll(id="part-0")
            with Vertical(id="right"):
                yield TabStrip(id="tabs-right")
                for index in range(1, len(sheets.TITLES)):
                    yield SheetScroll(id=f"part-{index}")
        yield KeyBar(id="keys")

    def begin(self) -> None:
        """Show what there is."""
        self._arrange()
        self._fill()

    def on_resize(self, event: Resize) -> None:
        """One column, or two."""
        self._arrange()

    # ---- what is told to the screen

    @property
    def view(self) -> RulebookView | None:
        """What is shown."""
        return self._view

    @property
    def part(self) -> int:
        """The open part, by its place in `rulebook_sheets.TITLES`."""
        return self._active

    @property
    def wide(self) -> bool:
        """Whether two parts stand beside each other."""
        return self.app.size.width >= WIDE

    def show(self, view: RulebookView, now: datetime) -> None:
        """Show these rules; every part stays where it was scrolled to."""
        first = self._view is None
        self._view, self._now, self._trouble = view, now, ""
        if first and any(each.weight is FindingWeight.ERROR for each in view.findings):
            self._beside = _CHECK  # of the parts beside the policies the one that needs somebody
            self._arrange()
        self._fill()

    def trouble(self, text: str) -> None:
        """The rules cannot be read, for this reason; what was read before stays."""
        self._trouble = text
        self._draw()
        if self._view is None:
            self._fill()

    def tick(self, now: datetime) -> None:
        """A second has passed."""
        another_day = now.date() != self._now.date()
        self._now = now
        if another_day:
            self._fill()
        elif self._ready and not self._held.holds(now, *self._about()):
            self._draw()

    # ---- drawing

    def scroll_of(self, index: int) -> SheetScroll:
        """The part of that place."""
        return self.query_one(f"#part-{index}", SheetScroll)

    def _arrange(self) -> None:
        """Which parts are seen."""
        if not self._ready:
            return
        wide = self.wide
        self.set_class(wide, "-wide")
        self.query_one("#tabs").display = not wide
        self.query_one("#tabs-left").display = self.query_one("#tabs-right").display = wide
        self.query_one("#left").display = wide or self._active == _POLICIES
        self.query_one("#right").display = wide or self._active != _POLICIES
        for index in range(1, len(sheets.TITLES)):
            self.scroll_of(index).display = index == (self._beside if wide else self._active)
        self._draw()

    def _fill(self) -> None:
        """Lay out every part; those that are not seen do so when they are."""
        if not self._ready:
            return
        for index in range(len(sheets.TITLES)):
            self.scroll_of(index).show(partial(self._sheet, index))
        self._draw()

    def _sheet(self, index: int, width: int) -> Sheet:
        if self._view is None:
            waiting = (tr("cannot be read"), Role.LATE) if self._trouble else (tr("reading ..."), Role.MUTED)
            return Sheet((((waiting),),))
        return sheets.sheet(index, self._view, self._now, width)

    def _draw(self) -> None:
        """Head and tabs."""
        if self._ready:
            with self._held.laying_out(self._now, self._about):
                self._draw_head()

    def _about(self) -> tuple[object, ...]:
        return self._view, self._trouble, self._active, self._beside, self.app.size

    def _draw_head(self) -> None:
        clock = clock_end(self._now, self._me, self.app.size.width, seconds=False)
        room = self.app.size.width - line_width(clock)
        left = sheets.title(self._view, self._room, self._now, room)
        if self._trouble:
            left = ((f" {tr('Rulebook')}  ", Role.STRONG), (f" {self._trouble} ", Role.ALARM))
        self.query_one(BothEnds).show_ends(left, clock)
        tabs = sheets.tabs(self._view)
        self.query_one("#tabs", TabStrip).show_tabs(tabs, self._active)
        self.query_one("#tabs-left", TabStrip).show_tabs(tabs[:1], 0 if self._active == _POLICIES else -1)
        self.query_one("#tabs-right", TabStrip).show_tabs(tabs[1:], self._beside - 1)

    # ---- what the person does

    def action_part(self, index: int) -> None:
        """Open a part."""
        self._active = index
        if index != _POLICIES:
            self._beside = index
        self._arrange()
        self.scroll_of(index).focus(scroll_visible=False)

    def action_turn(self, by: int) -> None:
        """Open the next part, or the one before."""
        self.action_part((self._active + by) % len(sheets.TITLES))

    def action_entry(self, by: int) -> None:
        """Scroll the open part to its next entry, or to the one before."""
        self.scroll_of(self._active).jump(by)

    @on(DescendantFocus)
    def _focused(self, event: DescendantFocus) -> None:
        """The part that has the focus is the open one."""
        index = int((event.widget.id or "").removeprefix("part-")) if isinstance(event.widget, SheetScroll) else -1
        if index >= 0 and index != self._active:
            self._active = index
            self._draw()

    @on(Clickable.Clicked, "#tabs")
    @on(Clickable.Clicked, "#tabs-left")
    @on(Clickable.Clicked, "#tabs-right")
    def _tab_clicked(self, event: Clickable.Clicked) -> None:
        event.stop()
        self.action_part(int(event.name) - 1)
