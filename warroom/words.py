"""The words that people read, in the language in force: looked up where they are shown, in catalogs made by others.

`tr` and `trn` look a text up; `mark` only says that a text is one, where it is written down before it is known who
reads it (a table of actions, a class). A text with parts is filled in after the look-up: `tr("{count} of
{total}").format(...)`, never before it, and an f-string is never looked up.

What is kept for everybody, in an event, a message on its way out or a log, is never looked up: a room is shared by
people of several languages, and its record says the same to all of them.
"""

from __future__ import annotations

from collections.abc import Callable

_one: Callable[[str], str] | None = None
_many: Callable[[str, str, int], str] | None = None


def tr(message: str) -> str:
    """The text in the language in force; itself where the catalog lacks it."""
    return _one(message) if _one is not None and message else message


def trn(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a count, in the language in force."""
    if _many is not None:
        return _many(one, many, count)
    return one if count == 1 else many


def mark(message: str) -> str:
    """The text itself: it is collected for the catalogs here, and looked up where it is shown."""
    return message


def install(one: Callable[[str], str] | None, many: Callable[[str, str, int], str] | None) -> None:
    """Look texts up by these functions from now on; None for the language of the source."""
    global _one, _many
    _one, _many = one, many
