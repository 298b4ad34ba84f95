"""The line in which a filter is typed, and above it what could be typed next and what cannot be understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Self

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantBlur
from textual.geometry import Region
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from warroom.domain.text import cell_width
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keys import USUAL
from warroom.tui.heading import Hit
from warroom.tui.pieces import Line as Pieces
from warroom.tui.pieces import Piece, Role, clean, cut_line, line_width
from warroom.tui.sieve.complete import INCIDENTS, Candidate, Completion, Lore, complete
from warroom.tui.sieve.grammar import Doubt
from warroom.tui.widgets.form import Line
from warroom.tui.widgets.lines import Clickable
from warroom.words import tr

MANY, ASKED = 1_000, 150
"""Of more lines than this so many are asked which values there are: no letter that is typed waits for all."""


class _Ghost(Suggester):
    """Shows behind the cursor what tab would take."""

    def __init__(self, bar: FilterBar) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._bar = bar

    async def get_suggestion(self, value: str) -> str | None:
        """The filter with the chosen candidate in it; None where it would change what was typed."""
        return self._bar.ghost(value) or None


class FilterInput(Line):
    """Where the filter is typed: tab takes a candidate, up and down choose one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("filter")

    class Clear(Message):
        """The filter is to be cleared."""

    class Take(Message):
        """The candidate is to be taken."""

    class Choose(Message):
        """Another candidate is meant."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def action_take(self) -> None:
        """Take the candidate."""
        self.post_message(self.Take())

    def action_clear(self) -> None:
        """Clear the filter."""
        self.post_message(self.Clear())

    def action_choose(self, by: int) -> None:
        """Go to the next candidate, or the one before."""
        self.post_message(self.Choose(by))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """It has one row, as wide as there is room: whatever is typed moves nothing on the screen."""
        return super().refresh(*regions, repaint=repaint, layout=False, recompose=recompose)

    def watch_cursor_position(self) -> None:
        """What could be typed depends on where."""
        if self.is_mounted:
            self.post_message(self.Choose(0))


class Offers(Clickable):
    """One line of candidates; what cannot be understood comes before them."""

    def __init__(self, *, id: str | None = None) -> None:
        """Empty."""
        super().__init__(id=id)
        self._doubt, self._chosen = "", 0
        self._candidates: tuple[Candidate, ...] = ()

    def show_offers(self, candidates: Sequence[Candidate], chosen: int, doubt: str) -> None:
        """Show these; `chosen` is the one that tab takes."""
        self._candidates, self._chosen, self._doubt = tuple(candidates), chosen, doubt
        self.draw()

    def compose_line(self, width: int) -> Pieces:
        """As much of it as fits; what is chosen is always seen."""
        pieces: list[Piece] = [(" ", Role.MUTED)]
        if self._doubt:
            most = width - 2 if not self._candidates else max(width * 2 // 3, 24)
            pieces += cut_line(((f"✗ {clean(self._doubt)}", Role.LATE),), min(most, width - 2))
            pieces.append(("  ", Role.MUTED))
        hits: list[Hit] = []
        at = line_width(pieces)
        first = self._first(width - at)
        if first:
            pieces.append(("‹ ", Role.MUTED))
            at += 2
        for number, candidate in enumerate(self._candidates[first:], first):
            drawn = self._drawn(candidate, number == self._chosen)
            size = line_width(drawn)
            if at + size > width - 2 and number > first:
                pieces.append(("›", Role.MUTED))
                break
            hits.append(Hit(at, at + size, str(number)))
            pieces += [*drawn, ("  ", Role.MUTED)]
            at += size + 2
        self.hits = tuple(hits)
        return cut_line(pieces, width)

    def _first(self, room: int) -> int:
        """The first candidate that is drawn, so that the chosen one is."""
        first = 0
        while first < self._chosen:
            sizes = (line_width(self._drawn(c, False)) + 2 for c in self._candidates[first : self._chosen + 1])
            if sum(sizes) + 4 <= room:
                break
            first += 1
        return first

    def _drawn(self, candidate: Candidate, chosen: bool) -> Pieces:
        name: Piece = (clean(candidate.text), Role.CURSOR if chosen else Role.ACCENT)
        if candidate.count is not None:
            return name, (f" {candidate.count}", Role.MUTED)
        if chosen and candidate.help and cell_width(tr(candidate.help)) < 60:
            return name, (f" {tr(candidate.help)}", Role.MUTED)
        return (name,)


class FilterBar(Vertical):
    """The filter while it is typed. Hidden until `open`."""

    DEFAULT_CSS = """
    FilterBar { height: 2; width: 1fr; background: $panel; }
    FilterBar #filter-offers { background: $panel; }
    FilterBar #filter-row { height: 1; background: $panel; }
    FilterBar #filter-label { width: auto; color: $text-accent; }
    FilterBar #filter { width: 1fr; background: $panel; }
    """

    class Typed(Message):
        """The filter is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Done(Message):
        """The filter stays as it is typed."""

    class Cleared(Message):
        """Everything is to be shown again."""

    def __init__(self, lore: Lore = INCIDENTS, *, id: str | None = None) -> None:
        """Nothing typed; `lore` says what can be."""
        super().__init__(id=id)
        self._lore = lore
        self._lines: Sequence[Any] = ()
        self._count = 0  # of the lines when they were looked at: a record grows
        self._all = True  # all lines that there are are known
        self._now: datetime | None = None
        self._completion = Completion()
        self._known: tuple[tuple[str, int, Sequence[Any], int], Completion] | None = None  # what was asked last
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """Candidates above, the line below."""
        yield Offers(id="filter-offers")
        with Horizontal(id="filter-row"):
            yield Static(Content(" " + tr("filter") + " "), id="filter-label")
            keymap = getattr(self.screen, "keymap", USUAL)
            keep, clear = (keymap.hint(f"filter.{each}", "filter") for each in ("keep", "clear"))
            does = tr("{keep} keeps, {clear} clears").format(keep=keep, clear=clear)
            yield FilterInput(id="filter", placeholder=f"{tr(self._lore.hint)}; {does}")

    def on_mount(self) -> None:
        """Suggestions come from the room."""
        self.field.suggester = _Ghost(self)

    @property
    def field(self) -> FilterInput:
        """Where one types."""
        return self.query_one("#filter", FilterInput)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.field.value.strip()

    def follow(self, lines: Sequence[Any], now: datetime, *, every: bool = True) -> None:
        """What there is now: values are offered from it. `every`: nothing is still being read, so that a value that no
        line has can be said to be unknown."""
        self._all = every
        if lines is not self._lines or len(lines) != self._count or self._now is None:
            self._lines, self._count, self._now = lines, len(lines), now
            if self.display and len(lines) <= MANY:
                self._offer()

    def open(self) -> None:
        """Let the person type."""
        self.display = True
        self.field.cursor_position = len(self.field.value)
        self.field.focus()
        self._offer()

    def put(self, text: str) -> None:
        """Set the filter from outside."""
        self.field.value = text

    def ghost(self, value: str) -> str:
        """What stands behind the cursor."""
        found = self._complete(value, len(value))
        chosen = found.candidates[self._chosen] if self._chosen < len(found.candidates) else None
        return found.ghost(value, chosen)

    def _complete(self, value: str, cursor: int) -> Completion:
        """What may be meant. Of very many incidents some are asked, from all over the list, and nothing is counted."""
        asked = value, cursor, self._lines, len(self._lines)
        if self._known is None or self._known[0][2] is not self._lines or self._known[0] != asked:
            self._known = asked, self._asked(value, cursor)
        return self._known[1]

    def _asked(self, value: str, cursor: int) -> Completion:
        if len(self._lines) <= MANY:
            return complete(value, cursor, self._lines, self._lore)
        found = complete(value, cursor, self._lines[:: len(self._lines) // ASKED], self._lore)
        return replace(found, candidates=tuple(replace(each, count=None) for each in found.candidates))

    def doubts(self) -> tuple[Doubt, ...]:
        """What cannot be meant, in the order in which it was typed. What is being typed still may become something."""
        wanted = self._lore.parse(self.field.value)
        found = wanted.doubts
        if self._all and self._now is not None:  # before anything was read no value is known, and none unknown
            found = (*found, *self._lore.unknown(wanted, self._lines, self._now))
        start, end = self._completion.start, self._completion.end
        offered = bool(self._completion.candidates)
        return tuple(sorted((d for d in found if not (offered and start < d.at <= end + 1)), key=lambda d: d.at))

    def say_doubt(self) -> None:
        """The first doubt once more where it stays in sight, for the line itself goes."""
        doubts = self.doubts()
        if doubts:
            self.notify(str(doubts[0]), severity="warning", markup=False)

    def _offer(self) -> None:
        if self._now is None:
            return
        field = self.field
        before = self._completion
        self._completion = self._complete(field.value, field.cursor_position)
        if (before.start, before.typed) != (self._completion.start, self._completion.typed):
            self._chosen = 0
        self._chosen = min(self._chosen, max(0, len(self._completion.candidates) - 1))
        doubts = self.doubts()
        said = str(doubts[0]) if doubts else ""
        self.query_one(Offers).show_offers(self._completion.candidates, self._chosen, said)

    @on(Input.Changed, "#filter")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._offer()
        self.post_message(self.Typed(event.value.strip()))

    @on(Input.Submitted, "#filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done())

    def on_descendant_blur(self, _: DescendantBlur) -> None:
        """Who goes elsewhere keeps the filter: a line that stayed open would look as if one still typed in it."""
        self.call_after_refresh(self._left)

    def _left(self) -> None:
        to = self.screen.focused
        if self.display and to is not None and self not in to.ancestors:
            self.post_message(self.Done())

    @on(FilterInput.Clear)
    def _clear(self, event: FilterInput.Clear) -> None:
        event.stop()
        self.post_message(self.Cleared())

    @on(FilterInput.Choose)
    async def _choose(self, event: FilterInput.Choose) -> None:
        event.stop()
        self._offer()
        if event.by and (count := len(self._completion.candidates)):
            self._chosen = (self._chosen + event.by) % count
            self._offer()
            if self.field.cursor_at_end:
                self.field._suggestion = self.ghost(self.field.value)

    @on(FilterInput.Take)
    def _take(self, event: FilterInput.Take) -> None:
        event.stop()
        self._put(self._chosen)

    @on(Clickable.Clicked, "#filter-offers")
    def _clicked(self, event: Clickable.Clicked) -> None:
        event.stop()
        self._put(int(event.name))
        self.field.focus()

    def _put(self, number: int) -> None:
        if number < len(self._completion.candidates):
            text, at = self._completion.taken(self.field.value, self._completion.candidates[number])
            self.field.value = text
            self.field.cursor_position = at
            self._offer()
