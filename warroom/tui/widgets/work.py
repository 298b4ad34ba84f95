"""The work screen: theories, tasks, decisions, changes and evidence of one incident, to look at and to act on (R11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize

from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.held import Held, KeepsUp
from warroom.tui.pieces import Line, Role, Sheet, clean, hanging, severity_role
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.hints import HintLines
from warroom.tui.widgets.marked import MarkedList
from warroom.tui.widgets.tight import TightModalScreen
from warroom.tui.work import Item, Row, items, sheet
from warroom.tui.work_keys import keys, not_with
from warroom.views import IncidentLine, WorkView
from warroom.words import tr

_WIDE, _LEAST, _AROUND = 110, 9, 8
"""Cells of the box, its rows with nothing in it, and those around its items: frame, head, keys, one that is blank, one
to grow by."""


class WorkList(MarkedList):
    """The items of the work on an incident."""

    def __init__(self, *, id: str) -> None:
        """Nothing yet."""
        super().__init__(id=id)
        self.shown: tuple[Row, ...] = ()

    @property
    def item(self) -> Item | None:
        """The marked item."""
        return self.shown[self.index].item if self.shown else None

    def show_work(self, view: WorkView, now: datetime) -> None:
        """Show this work; the mark stays on its item, and a new item of the person's own is not lost from sight."""
        marked = self.shown[self.index].name if self.shown else None
        self.shown = items(view)
        self.follow(now, marked)

    def names(self) -> list[tuple[str, int, datetime]]:
        """What each item is known by."""
        return [row.name for row in self.shown]

    def sheet(self, now: datetime, width: int) -> Sheet:
        """All items under the headings of their sections."""
        return sheet(self.shown, now, width, self.index)

    def nothing(self, width: int) -> list[Line]:
        """How the first one is made."""
        acts = ("theory", "task", "decision", "change", "evidence")
        words = tr(
            "nothing yet: {theory} a theory, {task} a task, {decision} a decision, {change} a change, "
            "{evidence} evidence"
        )
        words = words.format(**{each: keycap(f"work.{each}") for each in acts})
        return list(hanging((), words, Role.MUTED, width))


class WorkScreen(Acting, KeepsUp, TightModalScreen[None]):
    """Everything that is believed, done, to be decided and changed, each with what can be done about it.

    `look` gives the work as it is now; a key that wants something of the marked item (None: there is none) is answered
    by `wish(screen, act, item)`.
    """

    CSS_PATH = Path(__file__).with_name("work.tcss")
    AUTO_FOCUS = "#work-list"

    scope = "work"
    BINDINGS: ClassVar[list[BindingType]] = bindings("work")

    def __init__(
        self,
        line: IncidentLine,
        look: Callable[[], WorkView | None],
        clock: Callable[[], datetime],
        wish: Callable[[WorkScreen, str, Item | None], None],
    ) -> None:
        """The work on the incident of `line`."""
        super().__init__()
        self.line, self._look, self._clock, self._wish = line, look, clock, wish
        self._view: WorkView = look() or WorkView()
        self._held = Held()
        self._tall = _LEAST

    def compose(self) -> ComposeResult:
        """The list, and what can be done with what is marked."""
        with Vertical(id="work") as box:
            box.border_title = Content(self.titled(tr("Work")))
            yield Canvas(id="work-head")
            yield WorkList(id="work-list")
            yield HintLines(id="work-keys")

    def on_mount(self) -> None:
        """Draw. Something is marked at once: the next key may be for it."""
        self.follow()
        self.call_after_refresh(self.follow)

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self.call_after_refresh(self.follow)

    @property
    def work(self) -> WorkView:
        """The work as it was read last."""
        return self._view

    def keep_up(self) -> None:
        """Draw again what has changed."""
        now = self._clock()
        if not self.is_mounted:
            return
        if self._held.holds(now, *self._about()):
            self.query_one(WorkList).at(now)
        else:
            self.follow()

    def _about(self) -> tuple[object, ...]:
        shown = self.query_one(WorkList)
        return self._look() or self._view, shown.index, shown.size, self.query_one("#work-keys").size

    def follow(self) -> None:
        """Show the work as it is now."""
        now = self._clock()
        with self._held.laying_out(now, self._about):
            self._show(now)

    def _show(self, now: datetime) -> None:
        self._view = self._look() or self._view
        face = self.line.severity
        head: Line = (
            (f"{clean(face.glyph)} {clean(face.name)}  ", severity_role(face)),
            (f"{clean(self.line.key)}  {clean(self.line.title)}", Role.STRONG),
        )
        self.query_one("#work-head", Canvas).show_lines([head])
        self.query_one(WorkList).show_work(self._view, now)
        self._fit(self.query_one(WorkList), now)
        self._keys()

    def _fit(self, shown: WorkList, now: datetime) -> None:
        """As tall as its items need; it does not shrink under the eyes while another one is marked."""
        width = min(_WIDE, self.app.size.width) - 4
        rows = len(sheet(shown.shown, now, width, shown.index).rows) if shown.shown else 0
        self._tall = max(self._tall, rows + _AROUND)
        self.query_one("#work").styles.height = min(self._tall, max(_LEAST, self.app.size.height * 9 // 10))

    def _keys(self) -> None:
        bar = self.query_one("#work-keys", Canvas)
        bar.show_lines(keys(self.query_one(WorkList).item, max(20, bar.size.width)))

    def on_marked_list_marked(self) -> None:
        """Other things can be done with another item."""
        self._keys()

    def why_not(self, id: str) -> str:
        """Why something is not possible with the marked item."""
        if not id.startswith("work."):
            return super().why_not(id)
        return super().why_not(id) or not_with(id.partition(".")[2], self.query_one(WorkList).item)

    def action_move(self, by: int) -> None:
        """Mark another item."""
        items = self.query_one(WorkList)
        items.mark(items.index + by)

    def action_wish(self, act: str) -> None:
        """Ask for it."""
        self._wish(self, act, self.query_one(WorkList).item)
