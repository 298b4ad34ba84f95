"""Languages for tests: whatever the program looks up is put in other words, so that what is not looked up is seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from warroom import words

LETTERS = {first + at: other + at for first, other in ((65, 0x410), (97, 0x430)) for at in range(26)}
"""A Cyrillic letter for each of ours, which is as wide."""
KEYS = frozenset({"esc", "tab", "enter", "ctrl", "shift", "alt", "space", "home", "end", "pgup", "pgdn", "del"})
"""Keys are called as they are on the keyboard."""
NAMES = frozenset({"UTC", "PID", "SEV", "INC", "warroom"})
"""What has the same name in every language."""
WORD = re.compile(r"[A-Za-z]{3,}")


def strange(text: str) -> str:
    """A text in the language that nobody speaks; its parts, which are filled in later, stay."""
    parts = re.split(r"(\{[^{}]*\})", text)
    return "".join(part if part.startswith("{") else part.translate(LETTERS) for part in parts)


def english(text: str, allowed: Collection[str] = ()) -> list[str]:
    """The words in a text that were not looked up, but for keys, names and what is `allowed`."""
    return [word for word in WORD.findall(text) if word not in KEYS and word not in NAMES and word not in allowed]


@contextmanager
def looked_up(put: Callable[[str], str], many: Callable[[str, str, int], str] | None = None) -> Iterator[None]:
    """Until the end of the block every text that is looked up is put by this; of a plural the form for the count,
    where it is not put by `many`."""
    before = words.installed()
    words.install(put, many or (lambda single, plural, count: put(single if count == 1 else plural)))
    try:
        yield
    finally:
        words.install(*before)
