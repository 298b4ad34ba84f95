"""The words that people read, in the language in force: looked up where they are shown, in catalogs made by others.

`tr` and `trn` look a text up; `mark` only says that a text is one, where it is written down before it is known who
reads it (a table of actions, a class). A text with parts is filled in after the look-up: `tr("{count} of
{total}").format(...)`, never before it, and an f-string is never looked up.

What is kept for everybody, in an event, a message on its way out or a log, is never looked up: a room is shared by
people of several languages, and its record says the same to all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token

_one: Callable[[str], str] | None = None
_many: Callable[[str, str, int], str] | None = None
_plain: ContextVar[bool] = ContextVar("plain", default=False)


def tr(message: str) -> str:
    """The text in the language in force; itself where the catalog lacks it."""
    return _one(message) if _one is not None and message and not _plain.get() else message


def trn(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a count, in the language in force."""
    if _many is not None and not _plain.get():
        return _many(one, many, count)
    return one if count == 1 else many


def mark(message: str) -> str:
    """The text itself: it is collected for the catalogs here, and looked up where it is shown."""
    return message


class plain:  # noqa: N801 - it is read as a word: with plain():
    """Within it every text stays that of the source: for what is kept or sent, made by functions that also serve a
    screen, and for what programs read."""

    def __enter__(self) -> None:
        self._before: Token[bool] = _plain.set(True)

    def __exit__(self, *_: object) -> None:
        _plain.reset(self._before)


FIGURE_SAMPLE = "1,234.5"
"""How a language writes a number: the sign between thousands is its second, that of decimals its sixth."""


class figure:  # noqa: N801 - it is read as a word: "{count:,}".format(count=figure(n))
    """A number as people read it, with the signs of the language in force: 1,234.5 is 1 234,5 in Swedish. It takes the
    format specifications that the number itself takes; programs read the number, not this."""

    def __init__(self, number: float) -> None:
        self._number = number

    def __format__(self, spec: str) -> str:
        said, sample = format(self._number, spec), tr(FIGURE_SAMPLE)
        if len(sample) != len(FIGURE_SAMPLE) or sample == FIGURE_SAMPLE:
            return said
        return said.translate({ord(","): sample[1], ord("."): sample[5]})

    def __str__(self) -> str:
        return format(self, "")


def is_source() -> bool:
    """Whether texts stay those of the source just now: for whoever remembers what it has worded."""
    return _one is None or _plain.get()


def installed() -> tuple[Callable[[str], str] | None, Callable[[str, str, int], str] | None]:
    """The functions by which texts are looked up, for `install` to take again."""
    return _one, _many


def install(one: Callable[[str], str] | None, many: Callable[[str, str, int], str] | None) -> None:
    """Look texts up by these functions from now on; None for the language of the source."""
    global _one, _many
    _one, _many = one, many
