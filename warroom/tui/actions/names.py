"""How keys are written: a person writes "?" and "esc", Textual calls them "question_mark" and "escape".

No Textual here: the names of characters follow its rule, and a test compares them with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

_RENAMED: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Characters that Textual calls otherwise than Unicode."""

_SPOKEN: Final = {
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "pgdown": "pagedown",
    "del": "delete",
    "ins": "insert",
    "bksp": "backspace",
    "spc": "space",
    "blank": "space",
    "page_down": "pagedown",
    "page_up": "pageup",
    "hyphen": "minus",
    "dot": "full_stop",
    "period": "full_stop",
    "equals": "equals_sign",
    "bang": "exclamation_mark",
}
"""Other names that people write."""


def character_name(char: str) -> str:
    """What Textual calls the key of a character."""
    if char == " ":
        return "space"
    if char.isalnum():
        return char
    name = unicodedata.name(char, "").lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name) or char


_SIGNS: Final = {character_name(char): char for char in map(chr, range(33, 127)) if not char.isalnum()}
_SHORT: Final = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "delete": "del", "insert": "ins"}
_ARROWS: Final = {"up": "↑", "down": "↓", "left": "←", "right": "→"}


def key_name(written: str) -> str:
    """What Textual calls a key that a person wrote; itself where nothing better is known of it."""
    word = written.strip()
    if len(word) == 1:
        return character_name(word)
    *modifiers, base = word.split("+") if not word.endswith("+") else [*word[:-2].split("+"), "+"]
    base = base.lower() if "ctrl" in [each.strip().lower() for each in modifiers] else base
    base = character_name(base) if len(base) == 1 else base.lower().replace("-", "_")
    return "+".join((*(each.strip().lower() for each in modifiers), _SPOKEN.get(base, base)))


def key_names(written: str) -> tuple[str, ...]:
    """Keys with blanks between."""
    return tuple(key_name(word) for word in written.split())


def shown_key(name: str) -> str:
    """How a key is written for people: "?", "esc", "↑", "shift+↑", "ctrl+s"."""
    *modifiers, base = name.split("+")
    return "+".join((*modifiers, _SIGNS.get(base) or _SHORT.get(base) or _ARROWS.get(base) or base))


def shown_keys(names: Iterable[str]) -> str:
    """Several keys, each once."""
    return " ".join(dict.fromkeys(shown_key(name) for name in names))


def printable(name: str) -> bool:
    """Whether the key types a character where text is written."""
    return name == "space" or len(name) == 1 or name in _SIGNS
