"""Asks once more before something that nothing takes back: what will happen, and to whom. `cancel` has the focus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from warroom.tui.actions.bind import bindings
from warroom.tui.pieces import Role, clean, prose
from warroom.tui.widgets.choices import Choice, Choices
from warroom.tui.widgets.form import Form
from warroom.tui.widgets.form_parts import note
from warroom.tui.widgets.hints import said_keys
from warroom.words import tr


class Confirm(Form[bool]):
    """Yes or no. Dismissed with True for yes alone; esc, n and enter on cancel are no."""

    scope = "confirm"
    BINDINGS: ClassVar[list[BindingType]] = bindings("confirm")
    AUTO_FOCUS = "#sure"

    def __init__(self, question: str, happens: Sequence[str], do: str) -> None:
        """`question` is the title, `happens` a line for each thing that will be so; `do` is the word of the button."""
        super().__init__()
        self.heading, self.confirm_word = question, clean(do)
        self._happens = tuple(happens)

    def fields(self) -> Iterable[Widget]:
        """What happens; cancel and the deed."""
        for line in self._happens:
            yield note(prose(line))
        yield Choices(
            [
                Choice("no", ((tr("cancel"), Role.STRONG), ("  " + tr("nothing is done"), Role.MUTED))),
                Choice("yes", ((self.confirm_word, Role.LATE),)),
            ],
            "no",
            id="sure",
        )

    def _keys(self) -> Content:
        marked = self.key("move.take", "choices")
        return said_keys(
            (self.key("confirm.yes"), self.confirm_word),
            (marked, tr("what is marked")),
            (self.key("go.back"), tr("cancel")),
        )

    def result(self) -> bool:
        """What is marked."""
        return self.chosen("sure") == "yes"

    @on(Choices.Made, "#sure")
    def _taken(self, event: Choices.Made) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(self.result())

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)
