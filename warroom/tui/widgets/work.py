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
from warroom.tui.pieces import Line, Role, Sheet, clean, hanging, severity_role
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.hints import HintLines
from warroom.tui.widgets.marked import MarkedList
from warroom.tui.widgets.tight import TightModalScreen
from warroom.tui.work import Item, Row, items, keys, not_with, sheet
from warroom.views import IncidentLine, WorkView
from warroom.words import tr


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
        words = tr("nothing yet: ? a theory, + a task, ! a decision, ~ a change, & evidence")
        return list(hanging((), words, Role.MUTED, width))


class WorkScreen(Acting, TightModalScreen[None]):
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

    def compose(self) -> ComposeResult:
        """The list, and what can be done with what is marked."""
        with Vertical(id="work") as box:
            box.border_title = Content(self.titled(tr("Work")))
            yield Canvas(id="work-head")
            yield WorkList(id="work-list")
            yield HintLines(id="work-keys")

    def on_mount(self) -> None:
        """Draw, and follow what happens. Something is marked at once: the next key may be for it."""
        self.follow()
        self.call_after_refresh(self.follow)
        self.set_interval(0.25, self.follow)

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self.call_after_refresh(self.follow)

    @property
    def work(self) -> WorkView:
        """The work as it was read last."""
        return self._view

    def follow(self) -> None:
        """Show the work as it is now."""
        self._view = self._look() or self._view
        face = self.line.severity
        head: Line = (
            (f"{clean(face.glyph)} {clean(face.name)}  ", severity_role(face)),
            (f"{clean(self.line.key)}  {clean(self.line.title)}", Role.STRONG),
        )
        self.query_one("#work-head", Canvas).show_lines([head])
        self.query_one(WorkList).show_work(self._view, self._clock())
        self.set_class(not self.query_one(WorkList).shown, "-empty")
        self._keys()

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
