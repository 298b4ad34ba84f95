"""The grammar of a filter: words, "quoted words" and field:value, each with ! before it for what it does not want.

    sev:1 role:mina !resolved pay          all of them have to hold
    status:new,triaging                    one of the values
    sev:>=2  sev:1..2  age:>30m  due:<10m  figures and spans
    "not a filter: late"                   these very words

One grammar, and a `Tongue` for each thing that is filtered: which fields there are, and what they take. That of the
list of incidents stands here, that of a record in `records`.

Reading never fails. What cannot be meant is kept as the words that it is and said with its place (`Doubt`), so that
nothing that was typed is passed over in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field as part
from datetime import timedelta
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from typing import Final

from warroom.valueclass import dataclass
from warroom.words import mark, tr

LONGEST: Final = 1_000
"""How much of a filter is read, in characters."""

FIELDS: Final = {
    "sev": mark("severity: 1, SEV1, >=2, 1..2"),
    "status": mark("its stage: new, triaging, ...; live, over"),
    "role": mark("who holds a role: mina, tech-lead, tech-lead/li, none"),
    "service": mark("the service; none"),
    "team": mark("the team of the service; none"),
    "key": mark("its key: INC-12 or 12"),
    "env": mark("the environment; none"),
    "region": mark("the region; none"),
    "ack": mark("who acknowledged; none, any"),
    "age": mark("since it was declared: >30m, <2h, 1h..1d"),
    "due": mark("what falls due next: <10m, late, none"),
    "cases": mark("support cases: >10, none"),
    "tasks": mark("open tasks: >0"),
}
"""Every field by name, with what may stand behind its colon."""
ALIASES: Final = {
    "severity": "sev", "stage": "status", "svc": "service", "environment": "env", "acked": "ack", "roles": "role",
    "task": "tasks", "case": "cases", "keys": "key",
}  # fmt: skip

TRAITS: Final = {
    "late": mark("something is late"),
    "vacant": mark("nobody leads it"),
    "major": mark("of a major severity"),
    "watched": mark("imported; also those that are over"),
    "acked": mark("somebody has acknowledged"),
    "alarm": mark("nobody is left to page"),
    "live": mark("not over"),
    "resolved": mark("over: resolved or closed"),
    "closed": mark("closed; also from the store"),
    "all": mark("everything, also what was closed"),
}
"""Words that stand for what they say. In quotes they are words like any other."""

FIGURES: Final = frozenset(("sev", "cases", "tasks"))
SPANS: Final = frozenset(("age", "due"))
STAGES: Final = ("new", "triaging", "investigating", "mitigating", "resolved", "closed", "live", "over")


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """What a filter can name: fields with what stands behind their colon, other names of them, words that stand for
    what they say, and characters that stand for a field ("@": by). `wrong` says why a value cannot be meant."""

    fields: Mapping[str, str]
    aliases: Mapping[str, str]
    traits: Mapping[str, str]
    wrong: Callable[[str, Value], str]
    signs: Mapping[str, str] = part(default_factory=dict)

    def field(self, name: str) -> str:
        """The field that a name, or another name of it, means; the name itself where it is none."""
        word = fold(name)
        return self.aliases.get(word, word)


class Op(Enum):
    """How a figure is compared."""

    IS = "="
    OVER = ">"
    FROM = ">="
    BELOW = "<"
    UP_TO = "<="
    BETWEEN = ".."


@dataclass(frozen=True, slots=True)
class Value:
    """One value behind a colon, as written; `exact`: it stood in quotes."""

    text: str
    exact: bool = False
    start: int = part(default=0, compare=False)
    end: int = part(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `field` is "" for words, of which there is one value. `start` and `end` are places in the text."""

    negated: bool
    field: str
    values: tuple[Value, ...]
    start: int = part(default=0, compare=False)
    end: int = part(default=0, compare=False)

    @property
    def complete(self) -> bool:
        """Whether it says something: a field without a value is still being typed."""
        return any(value.text for value in self.values)

    @property
    def trait(self) -> str:
        """The trait that it stands for; "" for none."""
        if self.field or not self.values or self.values[0].exact:
            return ""
        word = fold(self.values[0].text)
        return word if word in TRAITS else ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that was typed and cannot be meant. `at` counts characters from 1."""

    at: int
    what: str

    def __str__(self) -> str:
        return tr("at {at}: {what}").format(at=self.at, what=self.what)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read. `doubts` are about its form; what the room does not know `match.unknown` says."""

    terms: tuple[Term, ...] = ()
    doubts: tuple[Doubt, ...] = part(default=(), compare=False)
    text: str = part(default="", compare=False)

    def __bool__(self) -> bool:
        return any(term.complete for term in self.terms)


def fold(text: str) -> str:
    """Text as it is compared: one form of every character (Korean syllables whole), and no regard to case."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


_QUOTES: Final = '"“”'


def _end_of_quote(text: str, at: int) -> int:
    """Behind the quote that opens at `at`; one that is not closed goes to the end."""
    at += 1
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            at += 2
            continue
        if text[at] in _QUOTES:
            return at + 1
        at += 1
    return len(text)


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Where each term begins and ends; blanks inside quotes part nothing."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        start = at
        while at < len(text) and not text[at].isspace():
            at = _end_of_quote(text, at) if text[at] in _QUOTES else at + 1
        yield start, at


@lru_cache(maxsize=128)
def parse(text: str, tongue: Tongue | None = None) -> Filter:
    """The filter that was typed, of the list of incidents where no other tongue is given; never fails."""
    text, tongue = text[:LONGEST], tongue or BOARD
    terms: list[Term] = []
    doubts: list[Doubt] = []
    for start, end in tokens(text):
        term = _term(text, start, end, doubts, tongue)
        if term is not None:
            terms.append(term)
    return Filter(tuple(terms), tuple(doubts), text)


def _term(text: str, start: int, end: int, doubts: list[Doubt], tongue: Tongue) -> Term | None:
    at, negated = start, False
    while at < end and text[at] in "!-":
        negated, at = not negated, at + 1
    if at == end:
        return None  # an exclamation mark alone: what it is about is still to come
    name, colon = (text[at], at) if text[at] in tongue.signs else _name(text, at, end)
    if colon < 0:
        return Term(negated, "", (_value(text, at, end),), start, end)
    known = tongue.signs.get(name) or tongue.field(name)
    if known not in tongue.fields:
        if text[colon + 1 : colon + 3] != "//":  # an address is looked for as it stands
            doubts.append(Doubt(at + 1, _no_field(name, tongue)))
        return Term(negated, "", (_value(text, at, end),), start, end)
    values = tuple(_values(text, colon + 1, end))
    term = Term(negated, known, values or (Value("", False, colon + 1, colon + 1),), start, end)
    said = [(value, tongue.wrong(known, value)) for value in term.values if value.text]
    doubts += [Doubt(value.start + 1, wrong) for value, wrong in said if wrong]
    return term


def _name(text: str, start: int, end: int) -> tuple[str, int]:
    found = re.compile(r"[^\W\d_][\w-]*:").match(text, start, end)
    return (found[0][:-1], found.end() - 1) if found else ("", -1)


def _no_field(name: str, tongue: Tongue) -> str:
    likely = get_close_matches(fold(name), [*tongue.fields, *tongue.aliases], 1, 0.6)
    advice = (
        tr("did you mean {name}:?").format(name=tongue.field(likely[0]))
        if likely
        else tr("there are {names}").format(names=", ".join(tongue.fields))
    )
    return tr('no field "{name}"; {advice}').format(name=name, advice=advice)


def _value(text: str, start: int, end: int) -> Value:
    """One value; quotes inside a word belong to it, those around it say that it is meant as it stands."""
    raw = text[start:end]
    if raw and raw[0] in _QUOTES and _end_of_quote(text[:end], start) == end:
        closed = len(raw) > 1 and raw[-1] in _QUOTES and not _escaped(raw)
        return Value(_unescaped(raw[1 : -1 if closed else None]), True, start, end)
    # What has quotes in its middle, and with them perhaps blanks, can only be written in quotes again.
    return Value(raw, any(char in _QUOTES for char in raw), start, end)


def _escaped(raw: str) -> bool:
    """Whether the last character is one that a backslash makes a plain one."""
    before = raw[1:-1]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _values(text: str, start: int, end: int) -> Iterator[Value]:
    at = begun = start
    while at < end:
        if text[at] == ",":
            if at > begun:
                yield _value(text, begun, at)
            at = begun = at + 1
        else:
            at = min(_end_of_quote(text, at), end) if text[at] in _QUOTES else at + 1
    if at > begun:
        yield _value(text, begun, at)


# Figures and spans ---------------------------------------------------------------------------------------------------

_COMPARED = re.compile(r"(>=|<=|=|>|<)?(.*)", re.DOTALL)
_SPAN = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})(?:m|$))?(?:(\d{1,7})s)?")
_SIGNS: Final = {
    ">=": Op.FROM, "<=": Op.UP_TO, ">": Op.OVER, "<": Op.BELOW, "=": Op.IS, "": Op.IS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    """A figure, or seconds, to compare with; `high` is set for a range, both ends of which are part of it."""

    op: Op
    low: float
    high: float = 0.0

    def holds(self, figure: float) -> bool:
        """Whether a figure lies within."""
        match self.op:
            case Op.IS:
                return figure == self.low
            case Op.OVER:
                return figure > self.low
            case Op.FROM:
                return figure >= self.low
            case Op.BELOW:
                return figure < self.low
            case Op.UP_TO:
                return figure <= self.low
            case Op.BETWEEN:
                return self.low <= figure <= self.high


def seconds(text: str) -> float | None:
    """A span as typed: "30m", "2h", "1h30", "1d12h", "45s", minutes without a letter; None for what is none."""
    found = _SPAN.fullmatch(fold(text)) if text.isascii() and text else None
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, more = (int(digits or 0) for digits in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=more).total_seconds()


def _figure(text: str) -> float | None:
    """A number, or the number that a name ends with: "SEV2" is 2."""
    found = re.fullmatch(r"[^\W\d_]*-?([0-9]{1,9})", text)
    return float(found[1]) if found else None


@lru_cache(maxsize=512)
def bounds(name: str, text: str) -> Bounds | None:
    """What a value of a field with figures or spans asks for; None where it is not one."""
    read = seconds if name in SPANS else _figure
    if ".." in text:
        first, _, last = text.partition("..")
        low, high = read(first), read(last)
        return None if low is None or high is None else Bounds(Op.BETWEEN, min(low, high), max(low, high))
    found = _COMPARED.fullmatch(text)
    assert found is not None
    figure = read(found[2])
    if figure is None or (name in SPANS and not found[1]):
        return None
    return Bounds(_SIGNS[found[1] or ""], figure)


def wrong_value(name: str, value: Value) -> str:
    """Why a value cannot be meant for its field, whatever is in the room; "" where it can."""
    word = fold(value.text)
    if name in SPANS:
        also = ("late", "none") if name == "due" else ()
        if word in also or bounds(name, value.text) is not None:
            return ""
        return tr("{field} takes a span, such as {field}:>30m or {field}:<2h").format(field=name)
    if name in ("cases", "tasks"):
        if (name == "cases" and word == "none") or bounds(name, value.text) is not None:
            return ""
        return tr("{field} takes a number, such as {field}:>3").format(field=name)
    if name == "sev" and (word[:1] in "<>=" or ".." in word) and bounds(name, value.text) is None:
        return tr("sev takes a number or a name, such as sev:1 or sev:1..2")
    if name == "status" and not any(stage.startswith(word) for stage in STAGES):
        return tr("there is no status {word}; there are {names}").format(word=value.text, names=", ".join(STAGES))
    return ""


BOARD: Final = Tongue(FIELDS, ALIASES, TRAITS, wrong_value)
"""The tongue of the list of incidents."""

# Writing -----------------------------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """Text in quotes, so that it is read back as it stands."""
    return '"' + re.sub(r'([\\"“”])', r"\\\1", text) + '"'


def written(value: Value, *, word: bool = False) -> str:
    """A value as it would be typed; `word`: it stands alone, without a field."""
    text = value.text
    bare = not value.exact and not any(char.isspace() or char in _QUOTES for char in text)
    bare = bare and (text[:1] not in ("!", "-") if word else "," not in text)
    return text if bare else quoted(text)


def format_filter(filtered: Filter) -> str:
    """The filter as a person would type it; reading that gives the same filter again."""
    return " ".join(_written(term) for term in filtered.terms)


def _written(term: Term) -> str:
    sign = "!" if term.negated else ""
    if not term.field:
        return sign + written(term.values[0], word=True)
    return f"{sign}{term.field}:" + ",".join(written(value) for value in term.values)
