"""The keys at the foot of a dialog: what each does there, and the mouse presses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content
from textual.events import Click, Key
from textual.keys import _character_to_key
from textual.widget import Widget
from textual.widgets import Static

from warroom.domain.text import cell_width
from warroom.tui.actions.names import key_name
from warroom.tui.pieces import Role
from warroom.tui.widgets.canvas import Canvas


def press(widget: Widget, key: str) -> None:
    """As if the key that is shown as `key` had been pressed."""
    if len(key) == 1:
        widget.app.post_message(Key(_character_to_key(key), key))
    elif key.isascii():  # "↑↓" stands for two
        widget.app.post_message(Key(key_name(key), None))


def key_at(parts: Iterable[tuple[str, bool]], cell: int) -> str:
    """The key whose hint stands in a cell: `parts` are texts, and whether one is a key; "" between two hints."""
    at, key = 0, ""
    for text, is_key in parts:
        end = at + cell_width(text if is_key else text.rstrip())
        key = text.strip() if is_key else key
        if at <= cell < end:
            return key
        at += cell_width(text)
    return ""


def said_keys(*said: tuple[str, str]) -> Content:
    """Keys and what they do, for the foot of a dialog; what has no key is left out."""
    return Content("   ").join(Content.assemble((key, "bold"), f" {words}") for key, words in said if key)


def _parts(content: Content) -> Iterator[tuple[str, bool]]:
    at = 0
    for span in sorted(content.spans, key=lambda span: span.start):
        if span.style == "bold":
            yield content.plain[at : span.start], False
            yield content.plain[span.start : span.end], True
            at = span.end
    yield content.plain[at:], False


class Hints(Static):
    """Keys and what they do in one row; the keys are what is bold in it."""

    def on_click(self, event: Click) -> None:
        """Press the key that was hit."""
        event.stop()
        if isinstance(self.content, Content) and (key := key_at(_parts(self.content), event.x)):
            press(self, key)


class HintLines(Canvas):
    """The same as rows of pieces; the keys are those in the role STRONG."""

    def on_click(self, event: Click) -> None:
        """Press the key that was hit."""
        event.stop()
        if event.y < len(self._lines):
            parts = ((text, role is Role.STRONG) for text, role in self._lines[event.y])
            if key := key_at(parts, event.x):
                press(self, key)
