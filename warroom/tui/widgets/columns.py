"""Which columns the list of incidents has, and in which order: tried out at once behind the dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from warroom.tui.actions.bind import bindings
from warroom.tui.pieces import Line, Role, fitted
from warroom.tui.sieve.columns import SPECS, USUAL, head_of, spec_of
from warroom.tui.sieve.sorting import ROLE
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Form, Problem
from warroom.tui.widgets.form_parts import note
from warroom.tui.widgets.hints import said_keys
from warroom.valueclass import dataclass
from warroom.words import mark, tr

_AROUND = 8
"""Rows that the dialog takes besides the list: its frame, what the keys do, what is wrong, and the screen's edges."""


@dataclass(frozen=True, slots=True)
class ColumnWish:
    """The columns from left to right; `keep`: they are to be written to the settings file."""

    columns: tuple[str, ...]
    keep: bool = False


class ColumnPicker(Choices):
    """The columns: space takes one in or out, J and K move it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("columns")

    class Changed(Message):
        """Other columns are chosen."""

    class Keep(Message):
        """What is chosen is to be kept."""

    def __init__(self, chosen: Sequence[str], known: Sequence[str], *, id: str) -> None:
        """`chosen` come first, in their order; the rest of `known` behind them."""
        self.names = [*chosen, *(name for name in known if name not in chosen)]
        self.taken = set(chosen)
        super().__init__(self._choices(), rows=14, id=id)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The columns that are taken, in their order."""
        return tuple(name for name in self.names if name in self.taken)

    def _choices(self) -> list[Choice]:
        return [Choice(name, self._drawn(name)) for name in self.names]

    def _drawn(self, name: str) -> Line:
        taken = name in self.taken
        return (
            ("[x] " if taken else "[ ] ", Role.ACCENT if taken else Role.FAINT),
            (fitted(head_of(name), 14), Role.TEXT if taken else Role.MUTED),
            (" " + tr(spec_of(name).says), Role.MUTED),
        )

    def _again(self) -> None:
        self.show_choices(self._choices())
        self.post_message(self.Changed())

    def action_take(self) -> None:
        """Take the column in, or out."""
        self.taken ^= {self.value}
        self._again()

    def action_shift(self, by: int) -> None:
        """Move the column towards the left or the right of the list."""
        at, to = self.index, self.index + by
        if 0 <= to < len(self.names):
            self.names[at], self.names[to] = self.names[to], self.names[at]
            self._again()

    def action_usual(self) -> None:
        """The columns that the list has where nobody has chosen."""
        self.names = [*USUAL, *(name for name in self.names if name not in USUAL)]
        self.taken = set(USUAL)
        self._again()

    def action_keep(self) -> None:
        """Say that it is to be kept."""
        self.post_message(self.Keep())

    def on_click(self, event: Click) -> None:
        """Mark the row under the pointer; on its box take it in or out."""
        event.stop()
        self.mark(self._top + event.y)
        if event.x < 6:
            self.action_take()


class ColumnsDialog(Form[ColumnWish]):
    """Choose the columns of the list."""

    confirm_word = mark("use")

    def __init__(
        self,
        chosen: Sequence[str],
        roles: Sequence[str],
        *,
        try_out: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:
        """`roles` are those of the incidents here; `try_out` shows a choice behind the dialog at once."""
        super().__init__()
        self.heading = tr("Columns")
        self._before, self._try_out, self._keep = tuple(chosen), try_out, False
        self._known = [*SPECS, *(ROLE + role for role in roles)]

    def fields(self) -> Iterable[Widget]:
        """The columns, and what the keys do."""
        yield ColumnPicker(self._before, self._known, id="columns")
        toggle, right, left, usual = (
            self.key(f"columns.{name}", "columns") for name in ("toggle", "right", "left", "usual")
        )
        says = said_keys((toggle, tr("in or out")), (f"{right} {left}", tr("move")), (usual, tr("the usual ones")))
        yield Static(says, classes="note", markup=False)
        yield note(tr("On a narrow screen the last ones give way first."))

    def _limit(self) -> None:
        """As many columns as there is room for: the list scrolls, and nothing around it does."""
        super()._limit()
        picker = self.picker
        picker.styles.height = min(len(picker.choices), max(3, self.app.size.height - _AROUND))

    def _keys(self) -> Content:
        return said_keys(
            (self.key("move.take", "columns"), tr("use now")),
            (self.key("columns.keep", "columns"), tr("keep in the settings")),
            (self.key("go.back"), tr("cancel")),
        )

    @property
    def picker(self) -> ColumnPicker:
        """The list of columns."""
        return self.query_one(ColumnPicker)

    @on(ColumnPicker.Changed)
    def _picked(self, event: ColumnPicker.Changed) -> None:
        event.stop()
        self.problem("")
        if self.picker.chosen:
            self._try_out(self.picker.chosen)

    @on(ColumnPicker.Keep)
    async def _kept(self, event: ColumnPicker.Keep) -> None:
        event.stop()
        self._keep = True
        await self.action_confirm()

    def result(self) -> ColumnWish:
        """At least one column."""
        if not self.picker.chosen:
            self._keep = False
            raise Problem(tr("choose at least one column"), "columns")
        return ColumnWish(self.picker.chosen, self._keep)

    def action_cancel(self) -> None:
        """As it was."""
        self._try_out(self._before if self._before != USUAL else ())
        super().action_cancel()
