"""The filter of one incident's record (R11): the grammar of the list of incidents, with the fields that lines have.

    kind:decision by:mina pool        all of them have to hold
    kind:theory,confirmed !@engine    one of the values; a person by @; what is not wanted by !
    "pool exhausted"                  these very words

Pure: a line is all that is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from warroom.domain.status_words import kind_word
from warroom.tui.sieve.grammar import Doubt, Filter, Term, Tongue, Value, bounds, fold, parse, quoted, written
from warroom.views import RecordLine
from warroom.words import mark, tr

FIELDS: Final = {
    "kind": mark("what it is: note, decision, paged, update, ..."),
    "by": mark("who did it: mina, engine; @mina is the same"),
    "text": mark("words of its text alone"),
    "entry": mark("its number: 12, >=100, 5..9"),
}
"""Every field by name, with what may stand behind its colon."""
TRAITS: Final = {"late": mark("a step that came too late")}
"""Words that stand for what they say. In quotes they are words like any other."""


def _wrong(name: str, value: Value) -> str:
    if name == "entry" and bounds(name, value.text) is None:
        return tr("{field} takes a number, such as {field}:>3").format(field=name)
    return ""


RECORD: Final = Tongue(
    FIELDS, {"k": "kind", "kinds": "kind", "who": "by", "person": "by", "number": "entry"}, TRAITS, _wrong, {"@": "by"}
)
"""The tongue of a record."""


def read(text: str) -> Filter:
    """The filter that was typed; never fails."""
    return parse(text, RECORD)


def matches(line: RecordLine, wanted: Filter) -> bool:
    """Whether a line is shown: every term that says something holds."""
    return all(_holds(term, line) for term in wanted.terms)


def _holds(term: Term, line: RecordLine) -> bool:
    if not term.complete:
        return True
    if term.field:
        found = any(_has(term.field, value, line) for value in term.values if value.text)
    elif not term.values[0].exact and fold(term.values[0].text) in TRAITS:
        found = line.late is not None
    else:
        found = fold(term.values[0].text) in fold(f"{line.kind}\n{kind_word(line.kind)}\n{line.actor}\n{line.text}")
    return found is not term.negated


def _has(field: str, value: Value, line: RecordLine) -> bool:
    word = fold(value.text)
    match field:
        case "kind":
            # As it is stored, and as it stands on the screen.
            return any(_named(word, name, exact=value.exact) for name in (line.kind, kind_word(line.kind)))
        case "by":
            return _named(word.removeprefix("@"), line.actor, exact=value.exact)
        case "text":
            return word in fold(line.text)
        case _:
            asked = bounds(field, value.text)
            return asked is not None and asked.holds(line.version)


def _named(word: str, name: str, *, exact: bool) -> bool:
    """The beginning of a name is enough, unless it stands in quotes."""
    return fold(name) == word if exact else fold(name).startswith(word)


def values_of(name: str, line: RecordLine) -> Iterator[str]:
    """The values that a line has for a field, for choosing from; none for words and numbers."""
    match name:
        case "kind":
            yield line.kind
        case "by":
            yield line.actor


def unknown(wanted: Filter, lines: Iterable[RecordLine]) -> tuple[Doubt, ...]:
    """Values that no entry of this record has, each with its place."""
    given: Sequence[RecordLine] = tuple(lines)
    out = []
    for term in wanted.terms:
        if term.field not in ("kind", "by"):
            continue
        for value in term.values:
            if value.text and not any(_has(term.field, value, line) for line in given):
                what = tr("no entry here has {field} {value}").format(field=term.field, value=value.text)
                out.append(Doubt(value.start + 1, what))
    return tuple(out)


def filter_of(kinds: Sequence[str] = (), people: Sequence[str] = (), text: str = "") -> str:
    """The filter for values that were given apart, as on the command line; several of a kind mean any of them. `text`
    is wanted as it stands."""
    parts = []
    for field, given in (("kind", kinds), ("by", people)):
        values = [each.strip() for many in given for each in many.split(",") if each.strip()]
        if values:
            parts.append(f"{field}:" + ",".join(written(Value(value)) for value in values))
    return " ".join([*parts, quoted(text)] if text.strip() else parts)


__all__ = ["FIELDS", "RECORD", "TRAITS", "filter_of", "matches", "read", "unknown", "values_of"]
