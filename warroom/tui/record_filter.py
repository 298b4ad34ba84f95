"""Which lines of a record are shown: by words, by kind and by person (R11). Pure: a line is all that is looked at.

Words have to stand in the line, each of them, in any order, whatever their case. `kind:theory` (or `k:`) wants a kind,
`by:mina` (or `@mina`) a person, both by how they begin; several of one sort mean any of them, `kind:theory,result` too.
A `-` in front leaves out what would match; quotation marks keep words together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from warroom.valueclass import dataclass
from warroom.views import RecordLine
from warroom.words import mark

GRAMMAR = mark('words · kind:theory · by:mina or @mina · -word · "exact words"')
"""The grammar in one line, for the field in which a filter is typed."""

_TERM = re.compile(r'(-?)(?:(kind|k|by|who|text):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_FIELDS = {"k": "kind", "who": "by"}
_BEGUN = frozenset(("kind:", "k:", "by:", "who:", "text:", "@", "-"))
"""What is still being typed, and wants nothing yet."""


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a filter: in which field ("kind", "by", "text") one of `words` (folded) is wanted, or not."""

    field: str
    words: tuple[str, ...]
    unwanted: bool = False

    def fits(self, line: RecordLine) -> bool:
        """Whether the term's words are there."""
        match self.field:
            case "kind":
                return any(line.kind.casefold().startswith(word) for word in self.words)
            case "by":
                return any(line.actor.casefold().startswith(word) for word in self.words)
            case _:
                said = f"{line.kind} {line.actor} {line.text}".casefold()
                return any(word in said for word in self.words)


@lru_cache(maxsize=64)
def terms(text: str) -> tuple[Term, ...]:
    """A filter as it was typed, in its terms; terms without words are left out."""
    found = []
    for minus, field, quoted, plain in _TERM.findall(text):
        name, value = field.casefold(), quoted or plain
        if not field and plain.casefold() in _BEGUN:
            continue
        if not field and not quoted and plain.startswith("@") and len(plain) > 1:
            name, value = "by", plain[1:]
        kind = _FIELDS.get(name, name or "text")
        values = (value,) if kind == "text" else tuple(value.removeprefix("@").split(","))
        words = tuple(word.casefold() for word in values if word.strip())
        if words:
            found.append(Term(kind, words, bool(minus)))
    return tuple(found)


def matches(filter_: str, line: RecordLine) -> bool:
    """Whether a line is shown under a filter; everything is under an empty one."""
    found = terms(filter_)
    if any(term.fits(line) for term in found if term.unwanted):
        return False
    wanted = [term for term in found if not term.unwanted]
    for field in ("kind", "by"):
        of_field = [term for term in wanted if term.field == field]
        if of_field and not any(term.fits(line) for term in of_field):
            return False
    return all(term.fits(line) for term in wanted if term.field == "text")


def filter_of(kinds: tuple[str, ...] = (), people: tuple[str, ...] = (), text: str = "") -> str:
    """The filter for values that were given apart, as on the command line. `text` is wanted as it stands."""
    parts = [f'kind:"{_unquoted(kind)}"' for kind in kinds] + [f'by:"{_unquoted(person)}"' for person in people]
    return " ".join([*parts, f'"{_unquoted(text)}"'] if text else parts)


def _unquoted(text: str) -> str:
    return text.replace('"', " ").strip()
