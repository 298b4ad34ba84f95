"""A short list to choose one thing from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Blur, Click, Focus, Resize
from textual.message import Message

from warroom.tui.actions.bind import bindings
from warroom.tui.pieces import Line, Role
from warroom.tui.widgets.rows import MarkedRows
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen: what it is called in the result, and how it is drawn."""

    value: str
    line: Line


class Choices(MarkedRows, can_focus=True):
    """Rows of choices, one of them marked. Moving marks; enter says that the choice is made."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("choices")

    class Marked(Message):
        """Another choice is marked."""

        def __init__(self, choices: Choices) -> None:
            super().__init__()
            self.choices = choices

        @property
        def control(self) -> Choices:
            """The list, for `@on(..., "#id")`."""
            return self.choices

    class Made(Marked):
        """Enter was pressed on the marked choice."""

    def __init__(self, choices: Sequence[Choice], value: str = "", *, rows: int = 0, id: str | None = None) -> None:
        """`value` is marked at first, or the first choice; `rows` limits the height (0: all are seen)."""
        super().__init__(id=id)
        self.choices = tuple(choices)
        self.index = next((i for i, choice in enumerate(self.choices) if choice.value == value), 0)
        self._looks: tuple[int, int, bool] | None = None
        self.styles.height = max(1, min(len(self.choices), rows or len(self.choices)))

    @property
    def value(self) -> str:
        """The marked choice, "" when there is nothing to choose from."""
        return self.choices[self.index].value if self.choices else ""

    def mark(self, index: int) -> None:
        """Mark a choice by its position; out of range marks the nearest."""
        index = min(max(index, 0), len(self.choices) - 1)
        if index >= 0 and index != self.index:
            self.index = index
            self._draw()
            self.post_message(self.Marked(self))

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Other texts for the same choices; the mark stays on its choice."""
        value = self.value
        self.choices = tuple(choices)
        self.index = next((i for i, choice in enumerate(self.choices) if choice.value == value), 0)
        self._draw()

    def _draw(self) -> None:
        height = self.size.height
        if not height:
            return
        self._keep_in_sight(len(self.choices), height)
        seen = self.choices[self._top : self._top + height]
        more = {self._top: "▲ ", self._top + height - 1: "▼ "}
        lines: list[Line] = []
        for at, choice in enumerate(seen, self._top):
            hidden = (at == self._top > 0) or (at == self._top + height - 1 < len(self.choices) - 1)
            mark = "▌ " if at == self.index else more[at] if hidden else "  "
            lines.append(((mark, Role.ACCENT), *choice.line))
        self.show_lines(lines)
        looks = self.index, self._top, self.has_focus
        if looks != self._looks:  # another row is on the background of the marked one
            self._looks = looks
            self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size."""
        self._draw()

    def on_focus(self, event: Focus) -> None:
        """The marked row is brighter with the focus."""
        self._draw()

    def on_blur(self, event: Blur) -> None:
        """And calmer without."""
        self._draw()

    def action_move(self, by: int) -> None:
        """Mark the next or the previous choice."""
        self.mark(self.index + by)

    def action_page(self, by: int) -> None:
        """Mark the choice a page on, or back."""
        self.mark(self.index + by * max(1, self.size.height - 1))

    def action_edge(self, index: int) -> None:
        """Mark the first (0) or last (-1) choice."""
        self.mark(index if index >= 0 else len(self.choices) + index)

    def action_made(self) -> None:
        """Say that the choice is made."""
        self.post_message(self.Made(self))

    def on_click(self, event: Click) -> None:
        """Mark the row under the pointer; a double click takes it."""
        event.stop()
        self.mark(self._top + event.y)
        if event.chain == 2:
            self.action_made()
