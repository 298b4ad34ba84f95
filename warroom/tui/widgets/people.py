"""The people screen: who is in the room, for how long, who is tired and who could take over, with what can be done."""

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

from warroom.domain.status_words import status_word
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.held import Held, KeepsUp
from warroom.tui.people import foot, head, sheet
from warroom.tui.pieces import Line, Piece, Role, Sheet, clean, cut_line, line_width, severity_role
from warroom.tui.sieve.match import OVER
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.hints import HintLines
from warroom.tui.widgets.marked import MarkedList
from warroom.tui.widgets.tight import TightModalScreen
from warroom.views import IncidentLine, PeopleView, PersonHere
from warroom.words import mark, tr

FOOT = 8
"""How many lines who could take over has at the most."""
KEYS = (
    ("people.handover", mark("hand over")),
    ("people.offer", mark("offer to them")),
    ("people.join", mark("join")),
    ("people.leave", mark("leave")),
    ("people.awake", mark("awake since")),
    ("people.page", mark("page")),
    ("people.roles", mark("roles")),
    ("people.duties", mark("duties")),
    ("go.back", mark("close")),
)
"""Actions that are named at the foot."""


class PeopleList(MarkedList):
    """The people of a room, the marked one with what is known of them."""

    def __init__(self, *, id: str) -> None:
        """Nobody yet."""
        super().__init__(id=id)
        self.view = PeopleView()

    @property
    def person(self) -> PersonHere | None:
        """The marked one."""
        return self.view.people[self.index] if self.view.people else None

    def show_people(self, view: PeopleView, now: datetime) -> None:
        """Show these people; the mark stays on the same person."""
        marked = self.person.login if self.person is not None else ""
        self.view = view
        self.follow(now, marked)

    def wanted(self, width: int) -> int:
        """How many lines there are to show."""
        return len(self.sheet(self._now, width).rows) + 1 if self._now is not None else 1

    def names(self) -> list[str]:
        """Their logins."""
        return [each.login for each in self.view.people]

    def sheet(self, now: datetime, width: int) -> Sheet:
        """Everybody, a line each."""
        return sheet(self.view, now, width, self.index)

    def nothing(self, width: int) -> list[Line]:
        """How somebody comes in."""
        words = tr("nobody yet: {key} joins, taking a role does it by itself").format(key=keycap("people.join"))
        return [((words, Role.MUTED),)]


def _keys(width: int) -> list[Line]:
    """The keys in as many lines as they need, two at the most."""
    lines: list[list[Piece]] = [[]]
    for id, words in KEYS:
        piece: list[Piece] = [(keycap(id, "people"), Role.STRONG), (f" {tr(words)}", Role.MUTED)]
        between: list[Piece] = [("   ", Role.MUTED)] if lines[-1] else []
        if len(lines) == 1 and line_width((*lines[-1], *between, *piece)) > width:
            lines.append(piece)
        else:
            lines[-1] += between + piece
    return [cut_line(line, width) for line in lines]


_OF_LIVE = frozenset({"people.join", "people.leave", "people.awake"})
_ABOUT_ONE = frozenset({"people.offer", "people.leave", "people.awake", "people.duties"})
"""What is done about the marked person."""


class PeopleScreen(Acting, KeepsUp, TightModalScreen[None]):
    """Everybody in the room. A key that wants something is answered by `wish(screen, act, person)`.

    `look` gives the people as they are now, None where they cannot be told.
    """

    CSS_PATH = Path(__file__).with_name("people.tcss")
    AUTO_FOCUS = "#people-list"

    scope = "people"
    BINDINGS: ClassVar[list[BindingType]] = bindings("people")

    def __init__(
        self,
        line: IncidentLine,
        look: Callable[[], PeopleView | None],
        clock: Callable[[], datetime],
        wish: Callable[[PeopleScreen, str, PersonHere | None], None],
    ) -> None:
        """The people of the incident of `line`."""
        super().__init__()
        self.line, self._look, self._clock, self._wish = line, look, clock, wish
        self._view = look() or PeopleView()
        self._held = Held()

    def compose(self) -> ComposeResult:
        """Who is here, who could take over, what can be done."""
        with Vertical(id="people") as box:
            box.border_title = Content(self.titled(tr("People")))
            yield Canvas(id="people-head")
            yield PeopleList(id="people-list")
            yield Canvas(id="people-foot")
            yield HintLines(id="people-keys")

    def on_mount(self) -> None:
        """Draw. Something is marked at once: the next key may be for it."""
        self.follow()
        self.call_after_refresh(self.follow)

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self.call_after_refresh(self.follow)

    def keep_up(self) -> None:
        """Draw again what has changed."""
        now = self._clock()
        if not self.is_mounted:
            return
        if self._held.holds(now, *self._about()):
            self.query_one(PeopleList).at(now)
        else:
            self.follow()

    def _about(self) -> tuple[object, ...]:
        shown = self.query_one(PeopleList)
        sizes = self.app.size, shown.size, self.query_one("#people-head").size
        return self._look() or self._view, shown.index, *sizes

    def follow(self) -> None:
        """Show the people as they are now."""
        now = self._clock()
        with self._held.laying_out(now, self._about):
            self._show(now)

    def _show(self, now: datetime) -> None:
        self._view, face = self._look() or self._view, self.line.severity
        bar = self.query_one("#people-head", Canvas)
        width = max(20, bar.size.width)
        title: Line = (
            (f"{clean(face.glyph)} {clean(face.name)}  ", severity_role(face)),
            (f"{clean(self.line.key)}  {clean(self.line.title)}", Role.STRONG),
        )
        bar.show_lines([cut_line(title, width), head(self._view, now, width)])
        low = self.query_one("#people-foot", Canvas)
        rows = foot(self._view, now, width, max(0, min(FOOT, self.app.size.height - 14)))
        low.styles.height = len(rows)
        low.show_lines(rows)
        self.query_one(PeopleList).show_people(self._view, now)
        bar, keys = self.query_one("#people-keys", Canvas), _keys(width)
        roomy = self.app.size.height >= 24
        bar.styles.height = len(keys) + roomy
        bar.show_lines([*([()] if roomy else []), *keys])
        people = self.query_one(PeopleList)
        left = self.app.size.height - len(rows) - 5 - len(keys) - roomy
        people.styles.height = max(3, min(left, people.wanted(width)))

    def why_not(self, id: str) -> str:
        """Why something is not possible with whoever is marked."""
        if id in _ABOUT_ONE and self.query_one(PeopleList).person is None:
            return tr("nobody is marked")
        if id in _OF_LIVE and self.line.status in OVER:
            words = tr("{key} is {why}: nobody is in its room")
            return words.format(key=self.line.key, why=status_word(self.line.status))
        return super().why_not(id)

    def action_move(self, by: int) -> None:
        """Mark another person."""
        people = self.query_one(PeopleList)
        people.mark(people.index + by)

    def action_wish(self, act: str) -> None:
        """Ask for it."""
        self._wish(self, act, self.query_one(PeopleList).person)
