"""The facts on a screen, and as text in the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from warroom.domain.text import cell_width
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keycap import keycap
from warroom.tui.debug.facts import Facts, text
from warroom.tui.pieces import Line, Role, fit_line, fitted, hanging
from warroom.tui.widgets.hints import said_keys
from warroom.tui.widgets.info import InfoScreen
from warroom.words import tr


class DebugScreen(InfoScreen):
    """Versions, terminal, settings, room, engines and messages, as far as they are known."""

    scope = "debug"
    BINDINGS: ClassVar[list[BindingType]] = bindings("debug")

    def __init__(self, copy: Callable[[str], None]) -> None:
        """`copy` puts a text into the clipboard, or shows it."""
        super().__init__()
        self.heading = tr("Debug")
        self._copy = copy
        self._facts: Facts | None = None
        self._trouble = ""

    def hints(self) -> Content:
        """Copying, and the way out."""
        return said_keys((keycap("debug.copy"), tr("copy")), (keycap("go.back", "info"), tr("close")))

    @property
    def facts(self) -> Facts | None:
        """What was read, None before."""
        return self._facts

    def show(self, facts: Facts) -> None:
        """What was read."""
        self._facts = facts
        if self.is_mounted:
            self._draw()

    def trouble(self, why: str) -> None:
        """It could not be read."""
        self._trouble = why
        if self.is_mounted:
            self._draw()

    def action_copy(self) -> None:
        """All of it as text."""
        if self._facts is not None:
            self._copy("\n".join(text(self._facts)))

    def sheet(self, width: int) -> tuple[Line, ...]:
        """Part by part."""
        if self._facts is None:
            return (((self._trouble or tr("being read"), Role.LATE if self._trouble else Role.MUTED),),)
        names = min(max((cell_width(name) for _, name, _ in self._facts.rows()), default=4), max(8, width // 3))
        lines: list[Line] = []
        for part, rows in self._facts.parts:
            lines += [(), ((part, Role.STRONG),)] if lines else [((part, Role.STRONG),)]
            for name, value in rows:
                look = Role.LATE if name in (tr("wrong"), tr("cannot be read"), tr("last error")) else Role.TEXT
                lines += hanging(((f" {fitted(name, names)}  ", Role.MUTED),), value, look, width)
        return tuple(fit_line(line, width) for line in lines)
