"""The text of an update: its blanks are filled in one by one, and a sentence follows what is promised."""

from __future__ import annotations

import re

from textual.document._document import Document

from warroom.domain.templates import BLANK, one_stop
from warroom.domain.text import clean_typed
from warroom.tui.widgets.form import Text

_STOPS = ".!?:。！？"
_END = re.compile(rf"[{_STOPS}]+(?=\s|$)|(?=\n)|\Z")
"""Where a sentence ends: behind its stop, or where the line does."""


class UpdateText(Text):
    """Several lines; every change by the program can be taken back with ctrl+z as one that was typed."""

    def _place(self, index: int) -> tuple[int, int]:
        assert isinstance(self.document, Document)
        return self.document.get_location_from_index(index)

    @property
    def cursor_index(self) -> int:
        """Behind how many characters the cursor, or what is marked, ends."""
        assert isinstance(self.document, Document)
        return int(self.document.get_index_from_location(self.selection.end))

    def put(self, text: str) -> bool:
        """Another text in place of all that stands here; False where it is the same."""
        text = clean_typed(text, lines=True)
        if self.text == text:
            return False
        self.replace(text, (0, 0), self.document.end)
        self.move_cursor(self.document.end)
        return True

    def swap(self, before: str, after: str) -> bool:
        """Another wording of a sentence that stands here unchanged; the cursor stays where it is in the text around."""
        before, after = clean_typed(before, lines=True), clean_typed(after, lines=True)
        at = self.text.find(before) if before and before != after else -1
        if at < 0:
            return False
        self.replace(after, self._place(at), self._place(at + len(before)), maintain_selection_offset=True)
        return True

    def to_blank(self, start: int) -> bool:
        """Mark the first blank behind `start`, so that what is typed takes its place; False where none is left."""
        found = BLANK.search(self.text, start)
        if found is None:
            return False
        self.move_cursor(self._place(found.start()))
        self.move_cursor(self._place(found.end()), select=True)
        return True

    def settle(self) -> bool:
        """Take out the second stop behind a blank that was filled with a whole sentence; False where there is none."""
        text, index = self.text, self.cursor_index
        settled = one_stop(text)
        if settled == text:
            return False
        self.replace(settled, (0, 0), self.document.end)
        self.move_cursor(self._place(min(len(one_stop(text[:index])), len(settled))))
        return True

    def say(self, sentence: str) -> None:
        """Put in a sentence behind the one in which the cursor stands, which gets an end where it has none."""
        sentence = clean_typed(sentence, lines=True)
        text, at = self.text, self.cursor_index
        before = text[:at].rstrip(" ")
        if before and before[-1] not in f"\n{_STOPS}" and (found := _END.search(text, at)) is not None:
            at = found.end()
        before = text[:at]
        stop = "" if not before.strip() or before.rstrip()[-1] in _STOPS else "."
        blank = "" if not before or (before[-1].isspace() and not stop) else " "
        behind = " " if at < len(text) and not text[at].isspace() else ""
        self.move_cursor(self._place(at))
        self.focus()
        self.insert(f"{stop}{blank}{sentence}{behind}")
