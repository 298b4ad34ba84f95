"""Copying by a key: to the terminal's clipboard, or else shown in full, to be taken with the mouse."""

from __future__ import annotations

from warroom.domain.text import clean_block, clean_line, wrap
from warroom.tui.pieces import Line, Role
from warroom.tui.widgets.info import InfoScreen
from warroom.words import tr


class CopyScreen(InfoScreen):
    """A text to be copied by hand, and why it was not done by the key."""

    def __init__(self, text: str, why: str) -> None:
        """Show `text`; `why` is what kept it from the clipboard."""
        super().__init__()
        self.heading = tr("Copy by hand")
        self._text, self._why = text, why

    def sheet(self, width: int) -> tuple[Line, ...]:
        """The reason, and the text with its lines as they are."""
        text = wrap(clean_block(self._text), max(4, width))
        reason = [((part, Role.MUTED),) for part in wrap(clean_line(self._why), max(4, width))]
        return (*reason, (), *(((part, Role.TEXT),) for part in text))


def copied_words(text: str) -> str:
    """What is said when a text was sent: not that it arrived, which nobody knows."""
    return tr("sent to the terminal's clipboard ({count} characters)").format(count=len(text))
