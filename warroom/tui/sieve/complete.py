"""What could be typed next in a filter: fields and words, then the values that occur in the room, with how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, Final

from warroom.tui.sieve import records
from warroom.tui.sieve.grammar import BOARD, STAGES, Doubt, Filter, Tongue, Value, fold, parse, tokens, written
from warroom.tui.sieve.match import unknown, values_of
from warroom.tui.sieve.records import RECORD
from warroom.valueclass import dataclass
from warroom.words import mark

MOST: Final = 24
"""How many candidates are offered."""


@dataclass(frozen=True, slots=True, eq=False)
class Lore:
    """What can be typed about some sort of lines, and what is known of those that are there: `values` are what a line
    has for a field, `unknown` what none of them has. `usual` is offered beside that, `named` are the fields of which
    values are offered to a word; `hint` stands where nothing was typed yet."""

    tongue: Tongue
    values: Callable[[str, Any], Iterator[str]]
    unknown: Callable[[Filter, Iterable[Any], datetime], tuple[Doubt, ...]]
    hint: str
    named: tuple[str, ...]
    usual: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def parse(self, text: str) -> Filter:
        """The filter that was typed."""
        return parse(text, self.tongue)


INCIDENTS: Final = Lore(
    BOARD,
    values_of,
    unknown,
    mark("words  !not  sev:1  role:mina  late"),
    ("role", "service", "team", "region", "env", "status", "key"),
    {
        "age": (">30m", ">1h", ">4h", "<30m"), "due": ("late", "<10m", "<30m", "none"),
        "cases": (">0", ">10", "none"), "tasks": (">0", "0"), "status": STAGES, "ack": ("none", "any"),
    },
    {"status": STAGES, "sev": ()},
)  # fmt: skip
"""The list of incidents."""
ENTRIES: Final = Lore(
    RECORD,
    records.values_of,
    lambda wanted, lines, now: records.unknown(wanted, lines),
    mark('words  !not  kind:decision  by:mina  "exact words"'),
    ("by", "kind"),
    {"entry": (">=100",)},
)
"""The record of one incident."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could stand in place of what is being typed. `count`: how many incidents have it, None for what is
    not counted; `help`: what it means, untranslated, "" where the word says it."""

    text: str
    count: int | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """The candidates for the part of the filter from `start` to `end`; `typed` is what stands there."""

    start: int = 0
    end: int = 0
    typed: str = ""
    candidates: tuple[Candidate, ...] = ()

    def taken(self, text: str, candidate: Candidate) -> tuple[str, int]:
        """The filter with a candidate in it, and where the cursor stands then: behind a blank, where a term is done."""
        more = "" if candidate.text.endswith(":") else " "
        rest = text[self.end :]
        if more and rest[:1].isspace():
            rest = rest[1:]
        done = text[: self.start] + candidate.text + more + rest
        return done, self.start + len(candidate.text) + len(more)

    def ghost(self, text: str, candidate: Candidate | None = None) -> str:
        """The whole filter with the candidate (the first one) in it, where it only adds to what was typed; else ""."""
        chosen = candidate or (self.candidates[0] if self.candidates else None)
        if chosen is None or self.end != len(text) or not self.typed:
            return ""
        if not chosen.text.startswith(self.typed) or chosen.text == self.typed:
            return ""
        return text + chosen.text[len(self.typed) :]


def complete(text: str, cursor: int, lines: Sequence[Any], lore: Lore = INCIDENTS) -> Completion:
    """What could be typed at the cursor."""
    cursor = min(max(cursor, 0), len(text))
    start, end = next(((a, b) for a, b in tokens(text) if a <= cursor <= b and a < cursor), (cursor, cursor))
    while start < end and text[start] in "!-":
        start += 1
    start = min(start, cursor)
    tongue = lore.tongue
    if start < cursor and (signed := tongue.signs.get(text[start])):
        return _values(text, start + 1 + (text[start + 1 : cursor].rfind(",") + 1), cursor, end, signed, lines, lore)
    name, colon, rest = text[start:cursor].partition(":")
    known = tongue.field(name)
    if colon and known in tongue.fields:
        at = start + len(name) + 1 + (rest.rfind(",") + 1)
        return _values(text, at, cursor, end, known, lines, lore)
    if colon or text[start : start + 1] in ('"', "“"):
        return Completion(start, end)
    return _words(text[start:cursor], start, end, lines, lore)


def _values(text: str, at: int, cursor: int, end: int, name: str, lines: Sequence[Any], lore: Lore) -> Completion:
    typed = text[at:cursor]
    counted: Counter[str] = Counter()
    for line in lines:
        counted.update(set(lore.values(name, line)))
    found = [(value, count) for value, count in counted.items() if value]
    order = lore.order.get(name)
    found.sort(key=lambda each: (-each[1], fold(each[0])) if order is None else (0, fold(each[0])))
    if order:
        found.sort(key=lambda each: order.index(each[0]) if each[0] in order else len(order))
    candidates = [Candidate(written(Value(value)), count) for value, count in found]
    have = {fold(each.text) for each in candidates}
    candidates += [Candidate(value) for value in lore.usual.get(name, ()) if value not in have]
    stop = text.find(",", cursor, end)
    return Completion(at, end if stop < 0 else stop, typed, _fitting(typed, candidates))


def _words(typed: str, start: int, end: int, lines: Sequence[Any], lore: Lore) -> Completion:
    fields = [Candidate(f"{name}:", None, says) for name, says in lore.tongue.fields.items()]
    traits = [Candidate(name, None, says) for name, says in lore.tongue.traits.items()]
    candidates = [*fields, *traits]
    if typed:
        # Behind fields and words the values themselves: "mi" finds role:mina.
        for name in lore.named:
            for value, count in sorted(Counter(v for line in lines for v in set(lore.values(name, line))).items()):
                if fold(value).startswith(fold(typed)) and value not in ("none",):
                    candidates.append(Candidate(f"{name}:{written(Value(value))}", count))
        named = candidates[len(fields) + len(traits) :]
        begun = [each for each in (*fields, *traits) if fold(each.text).startswith(fold(typed))]
        return Completion(start, end, typed, tuple([*begun, *named][:MOST]))
    return Completion(start, end, typed, tuple(candidates[:MOST]))


def _fitting(typed: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those that begin with what was typed, then those that have it in them; what is complete is not offered again."""
    word = fold(typed.strip('"“”'))
    first = [each for each in candidates if fold(each.text).strip('"').startswith(word)]
    inside = [each for each in candidates if word in fold(each.text) and each not in first]
    found = [*first, *inside]
    return tuple(found[:MOST]) if [each.text for each in found] != [typed] else ()
