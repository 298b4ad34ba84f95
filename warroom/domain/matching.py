"""Whether a text is what somebody asked for (R5, R6): patterns with `*`, numbers, and words in any script.

Nothing here runs a regular expression that somebody wrote, and nothing takes longer than its texts are long.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def glob(pattern: str, value: str) -> bool:
    """Whether a text is what a pattern says, in which `*` stands for anything, also for nothing. Case is ignored."""
    first, *rest = pattern.casefold().split("*")
    value = value.casefold()
    if not rest:
        return value == first
    last = rest.pop()
    if len(value) < len(first) + len(last) or not (value.startswith(first) and value.endswith(last)):
        return False
    at, end = len(first), len(value) - len(last)
    for piece in rest:
        at = value.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


_NUMBER: Final = re.compile(r"(?:^-)?[0-9]{1,30}(?:\.[0-9]{1,30})?")


def number_in(value: str) -> float | None:
    """The first number in a text: 1 of "tier 1", 2 of "P2"; None where there is none."""
    found = _NUMBER.search(value)
    return float(found[0]) if found else None


def spaced(text: str) -> str:
    """A text in which words can be looked for: without its case, and with single blanks."""
    return " ".join(text.casefold().split())


def says(text: str, phrase: str) -> bool:
    """Whether a word or phrase stands in a text that went through `spaced`, as whole words and without its case.

    A `*` at either end lets the word go on there ("secur*"). Korean particles and endings are written onto the word,
    so a Korean word may always go on at its end; Chinese, Japanese, Thai and the like put no blanks between words and
    are found anywhere. Between two scripts a word ends too.
    """
    open_start, open_end = phrase.startswith("*"), phrase.endswith("*")
    wanted = spaced(phrase.strip("*"))
    if not wanted:
        return False
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        starts = open_start or at == 0 or not _one_word(text[at - 1], text[at], starting=True)
        if starts and (open_end or end == len(text) or not _one_word(text[end - 1], text[end], starting=False)):
            return True
        at = text.find(wanted, at + 1)
    return False


def _one_word(left: str, right: str, *, starting: bool) -> bool:
    """Whether two neighbouring characters belong to the same word, at the start of what is looked for or at its end."""
    if not (_in_word(left) and _in_word(right)) or _unspaced(left) or _unspaced(right):
        return False
    if unicodedata.category(right)[0] == "M":
        return True
    korean = "\uac00" <= left <= "\ud7a3", "\uac00" <= right <= "\ud7a3"
    return korean == (False, False) or (all(korean) and starting)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"


_UNSPACED: Final = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Burmese
    ("\u1780", "\u17ff"),  # Khmer
    ("\u3040", "\u30ff"),  # Hiragana, Katakana
    ("\u3400", "\u9fff"),  # Chinese characters, with extension A
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)


def _unspaced(char: str) -> bool:
    return any(low <= char <= high for low, high in _UNSPACED)
