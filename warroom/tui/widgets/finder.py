"""The command palette: a few letters find an action, an incident, a person, a link or a theme; enter takes
it."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Resize
from textual.widgets import Input, Static

from warroom.domain.text import cell_width
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.finder import PROVIDERS, Entry, Finder, Found
from warroom.tui.actions.keycap import arrows, keycap
from warroom.tui.pieces import Line as Row
from warroom.tui.pieces import Piece, Role, clean, cut_line, fitted, line_width
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Line
from warroom.tui.widgets.hints import Hints, said_keys
from warroom.tui.widgets.tight import TightModalScreen
from warroom.words import tr, trn

_RECENT: WeakKeyDictionary[App[Any], list[str]] = WeakKeyDictionary()
_REMEMBERED = 20
_WIDEST, _ROWS, _NARROW = 100, 20, 60


class FoundList(Choices, can_focus=False):
    """What was found, one row each, of which only those that are seen are drawn; a click takes one."""

    def _selected(self, y: int) -> bool:
        return self._top + y == self.index  # although the text has the focus

    def on_click(self, event: Click) -> None:
        """Take the entry under the pointer."""
        event.stop()
        if self._top + event.y < len(self.choices):
            self.mark(self._top + event.y)
            self.action_made()

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the mark."""
        self.mark(self.index + 1)

    def on_mouse_scroll_up(self) -> None:
        """And back."""
        self.mark(self.index - 1)

    def show_found(self, choices: list[Choice]) -> None:
        """Other entries, the first of them marked."""
        self.choices, self.index, self._top = tuple(choices), 0, 0
        self._looks = None
        self._draw()


class FinderScreen(Acting, TightModalScreen[None]):
    """Opened over the screen whose actions it finds; they are carried out there."""

    DEFAULT_CSS = """
    FinderScreen { align: center top; }
    FinderScreen #finder { width: 100%; max-width: 100; height: auto; margin: 1 0 0 0; padding: 0 1;
        border: round $primary; background: $surface;
        border-title-color: $text-primary; border-title-style: bold; }
    FinderScreen #find, FinderScreen #found { background: $surface; }
    FinderScreen #found { width: 1fr; margin: 1 0; }
    FinderScreen #finder-why, FinderScreen #finder-keys { height: 1; width: 1fr; color: $text-muted; }
    """
    AUTO_FOCUS = "#find"
    scope = "finder"
    BINDINGS: ClassVar[list[BindingType]] = bindings("finder")

    def __init__(self, origin: Acting) -> None:
        """`origin` is where it was opened."""
        super().__init__()
        self._origin = origin
        self._recent = _RECENT.setdefault(origin.app, [])
        self._finder = Finder((entry for provider in PROVIDERS for entry in provider(origin)), self._recent)
        self._found: list[Found] = []
        self._previewed: Entry | None = None

    def compose(self) -> ComposeResult:
        """The line, what was found, why the marked one is not possible, keys."""
        with Vertical(id="finder") as box:
            box.border_title = Content(tr("Find"))
            yield Line(id="find", placeholder=tr("an action, an incident, a person, a link, a theme"))
            yield FoundList((), id="found")
            yield Static("", id="finder-why", markup=False)
            yield Hints(id="finder-keys")

    def on_mount(self) -> None:
        """Show what there is."""
        self._arrange()
        self._find("")

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self._arrange()
        self.call_after_refresh(self._show)

    def _arrange(self) -> None:
        height = self.app.size.height
        rows = max(1, min(max(_ROWS, height // 2), height - 9))
        found = self.query_one(FoundList)
        if found.styles.height is None or found.styles.height.value != rows:
            found.styles.height = rows

    @property
    def marked(self) -> Entry | None:
        """The entry that enter takes."""
        index = self.query_one(FoundList).index
        return self._found[index].entry if index < len(self._found) else None

    @property
    def names(self) -> tuple[str, ...]:
        """What was found, the best first."""
        return tuple(found.entry.id for found in self._found)

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._find(event.value)

    def _find(self, query: str) -> None:
        self._found = self._finder.find(query)
        self._show(first=True)

    def _show(self, *, first: bool = False) -> None:
        found = self.query_one(FoundList)
        width = max(20, (found.size.width or min(_WIDEST, self.app.size.width) - 4) - 2)
        choices = [Choice(each.entry.id, _row(each, width)) for each in self._found]
        if first:
            found.show_found(choices)
        else:
            found.show_choices(choices)
        count = len(self._found)
        said = trn("{count} found", "{count} found", count).format(count=count)
        words = said if count else tr("nothing is like that")
        hint = said_keys(
            (keycap("move.take", self.scope), tr("take it")),
            (arrows(), tr("move")),
            (keycap("go.back", self.scope), tr("close")),
        )
        self.query_one("#finder-keys", Hints).update(hint + Content(f"   {words}"))
        self._marked()

    @on(FoundList.Marked)
    def _mark_moved(self, event: FoundList.Marked) -> None:
        event.stop()
        self._marked()

    def _marked(self) -> None:
        entry = self.marked
        why = entry.why if entry is not None else ""
        self.query_one("#finder-why", Static).update(Content(f"✗ {clean(why)}" if why else ""))
        before, self._previewed = self._previewed, entry
        if before is entry:
            return
        if before is not None:
            before.undo()
        if entry is not None and not entry.why:
            entry.preview()

    # ---- what the person does

    @on(Input.Submitted, "#find")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_made()

    @on(FoundList.Made)
    def _made(self, event: FoundList.Made) -> None:
        event.stop()
        self.action_made()

    def action_move(self, by: int) -> None:
        """Mark another entry."""
        found = self.query_one(FoundList)
        found.mark(found.index + by)

    def action_page(self, by: int) -> None:
        """Mark the entry a page on, or back."""
        self.query_one(FoundList).action_page(by)

    def action_made(self) -> None:
        """Take the marked entry; what is not possible says why, and everything stays as it is."""
        entry = self.marked
        if entry is None:
            return
        if entry.why:
            self.say_why(entry.why)
            return
        if entry.id in self._recent:
            self._recent.remove(entry.id)
        self._recent.insert(0, entry.id)
        del self._recent[_REMEMBERED:]
        self._previewed = None
        app = self.app
        self.dismiss(None)
        app.call_later(_taken, entry)

    def action_dismiss(self, result: None = None) -> Any:
        """Nothing is taken."""
        if self._previewed is not None:
            self._previewed.undo()
        return self.dismiss(None)


async def _taken(entry: Entry) -> None:
    """Do what was chosen, on the screen on which it was looked for."""
    result = entry.run()
    if inspect.isawaitable(result):
        await result


def _row(found: Found, width: int) -> Row:
    """Kind, name with what matches in it, more about it, and its key at the right."""
    entry = found.entry
    role = Role.FAINT if entry.why else Role.TEXT
    name, at = clean(entry.name), set(found.at)
    if len(name) != len(entry.name):
        at = set()
    # What is short of room says what it is, not of which kind.
    pieces: list[Piece] = [(f"{fitted(entry.kind, 9)} ", Role.FAINT)] if width >= _NARROW else []
    run, hit = "", False
    for place, char in enumerate(name):
        if run and (place in at) is not hit:
            pieces.append((run, _look(role, hit=hit)))
            run = ""
        hit = place in at
        run += char
    pieces.append((run, _look(role, hit=hit)))
    if entry.more:
        pieces.append((f"  {clean(entry.more)}", Role.FAINT if entry.why else Role.MUTED))
    if not entry.key:
        return cut_line(pieces, width)
    room = max(1, width - cell_width(entry.key) - 2)
    left = cut_line(pieces, room)
    gap = " " * (width - cell_width(entry.key) - line_width(left))
    return (*left, (gap, Role.TEXT), (entry.key, Role.FAINT if entry.why else Role.ACCENT))


def _look(role: Role, *, hit: bool) -> Role:
    return Role.STRONG if hit and role is Role.TEXT else role
