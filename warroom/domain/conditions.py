"""Conditions on an incident (R5, R6): what rules and levels ask, as values that can be read aloud.

A condition is a tree of small questions. `facts_of` collects once what may be asked about, `holds` answers and never
fails: a fact that nobody knows matches nothing, so that a rule on it stays silent. Nothing here runs a regular
expression that somebody wrote; a pattern is a text in which `*` stands for anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from warroom.domain.duty import Recent
from warroom.domain.matching import glob, number_in, says, spaced
from warroom.domain.repeating import LABELS, times
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.core import Context
    from warroom.domain.incident import Incident

VALUES: Final = (
    "severity",
    "priority",
    "service",
    "owner",
    "source",
    "reporter",
    "detection",
    "region",
    "environment",
    "tier",
    "impact",
    "status",
    "components",
    "products",
    "category",
    "type",
    "cluster",
    "deploy",
)
"""The facts that are compared as a whole; labels are asked for as labels.NAME."""

TEXTS: Final = ("text", "title", "summary")
"""The facts in which words are looked for; `text` is all of them, with the impact and the components."""

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Op(StrEnum):
    """How a pattern is held against a value. WORSE and MILDER are for severities, and include the one named."""

    IS = ""
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"
    WORSE = "or worse"
    MILDER = "or milder"


_COMPARE: Final[Mapping[Op, Callable[[float, float], bool]]] = {
    Op.AT_LEAST: lambda a, b: a >= b,
    Op.AT_MOST: lambda a, b: a <= b,
    Op.MORE: lambda a, b: a > b,
    Op.LESS: lambda a, b: a < b,
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One value that would do: a text with `*` for anything, a number to compare with, or a severity and beyond."""

    text: str
    op: Op = Op.IS
    number: float = 0

    def __str__(self) -> str:
        if self.op is Op.IS:
            return self.text or tr("(nothing)")
        if self.op in (Op.WORSE, Op.MILDER):
            beyond = tr("{severity} or worse") if self.op is Op.WORSE else tr("{severity} or milder")
            return beyond.format(severity=self.text)
        return f"{self.op} {self.number:g}"


@dataclass(frozen=True, slots=True)
class Matches:
    """One of the incident's values of `field` is one of those wanted; letters are compared without their case."""

    field: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Says:
    """One of some words or phrases stands in a text (`says` has what a word is)."""

    field: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtHour:
    """It is between two times of day; a span whose end is not after its start goes past midnight."""

    spans: tuple[tuple[time, time], ...]
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class OnDay:
    """It is one of some days of the week, Monday = 0."""

    days: tuple[int, ...]
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Aged:
    """The impact began that long ago, or more, or less; where nobody knows when, the incident was declared then."""

    op: Op
    than: timedelta


@dataclass(frozen=True, slots=True)
class Repeats:
    """At least so many incidents of the same kind were declared within a time, this one counted as one of them.

    `same`: "service", "title", "severity" or "labels.NAME". An incident without the fact repeats nothing.
    """

    same: str
    within: timedelta
    at_least: int = 2


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; with no part at all it always does."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...] = ()


Condition = Matches | Says | AtHour | OnDay | Aged | Repeats | Not | All | AnyOf

ALWAYS: Final = All()


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be asked about an incident at one moment. A value that is unknown is not in `values`.

    `since`: when the impact began, or else when the incident was declared. `ranks`: the severities, 1 is the worst.
    """

    at: datetime
    since: datetime
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    recent: Sequence[Recent] = ()


def facts_of(incident: Incident, context: Context) -> Facts:
    """What is known of an incident now: what it carries, then its labels, then what the catalogue says of its service.

    Of an imported one, the components that its provider names stand for its service.
    """
    book = context.book
    service = book.services.get(incident.service)
    labels = {**(service.labels if service else {}), **incident.labels}

    def known(name: str, *labelled: str) -> tuple[str, ...]:
        carried = str(getattr(incident, name, ""))
        found = carried or next((labels[each] for each in (name, *labelled) if labels.get(each)), "")
        return (found or (str(getattr(service, name, "")) if service else ""),)

    def besides(name: str) -> tuple[str, ...]:
        return (str(getattr(incident.facts, name)) or labels.get(name, ""),)

    values = {
        "severity": (incident.severity,),
        "priority": known("priority"),
        "service": incident.components if incident.watched and not incident.service else (incident.service,),
        "owner": known("owner", "team"),
        "source": known("source") if not incident.watched else (incident.source or incident.provider,),
        "reporter": (incident.reporter or incident.declared_by,),
        "detection": known("detection"),
        "region": known("region"),
        "environment": known("environment", "env"),
        "tier": known("tier"),
        "impact": known("impact"),
        "status": (incident.status.value,),
        "components": incident.components,
        "products": incident.facts.products,
        **{name: besides(name) for name in ("category", "type", "cluster", "deploy")},
    }
    texts = {"title": incident.title, "summary": incident.summary}
    said = (incident.title, incident.summary, incident.impact, incident.facts.description, *incident.components)
    texts["text"] = "\n".join(said)
    return Facts(
        at=context.now,
        since=incident.started_at or incident.declared_at,
        values={name: kept for name, found in values.items() if (kept := tuple(each for each in found if each))},
        labels=labels,
        texts={name: spaced(text) for name, text in texts.items()},
        ranks={name: spec.rank for name, spec in book.severities.items()},
        recent=context.duty.recent,
    )


# Holds ---------------------------------------------------------------------------------------------------------------


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds. Never raises."""
    return evidence(condition, facts) is not None


def evidence(condition: Condition, facts: Facts) -> tuple[str, ...] | None:
    """The facts for which a condition holds, each in words; None where it does not hold. Never raises.

    Empty where it holds for what is not so, or always.
    """
    match condition:
        case All(parts):
            found: list[str] = []
            for part in parts:
                each = evidence(part, facts)
                if each is None:
                    return None
                found += each
            return tuple(dict.fromkeys(found))
        case AnyOf(parts):
            return next((each for part in parts if (each := evidence(part, facts)) is not None), None)
        case Not(part):
            return None if evidence(part, facts) is not None else ()
        case Matches(name, patterns):
            matched = _matching(name, patterns, facts)
            return None if matched is None else (f"{name} {matched}",)
        case Says(name, phrases):
            said = next((phrase for phrase in phrases if says(facts.texts.get(name, ""), phrase)), None)
            return None if said is None else (f"the {name} says {_quoted(said)}",)
        case AtHour(spans, zone):
            now = _local(facts.at, zone)
            inside = any(_within(now.time(), start, end) for start, end in spans)
            return (f"it is {now:%H:%M} {zone}",) if inside else None
        case OnDay(days, zone):
            now = _local(facts.at, zone)
            return (f"it is {DAYS[now.weekday()]} {zone}",) if now.weekday() in days else None
        case Aged(op, than):
            age = max(facts.at - facts.since, timedelta(0))
            hit = _COMPARE.get(op, _COMPARE[Op.AT_LEAST])(age.total_seconds(), than.total_seconds())
            return (f"age {_span(age)}",) if hit else None
        case Repeats(same, within, at_least):
            before = times(same, within, facts)
            if not before or before + 1 < at_least:
                return None
            return (f"same {same.removeprefix(LABELS)} {before + 1} times within {_span(within)}",)


def _matching(name: str, patterns: tuple[Pattern, ...], facts: Facts) -> str | None:
    if name.startswith(LABELS):
        label = facts.labels.get(name.removeprefix(LABELS), "")
        values: tuple[str, ...] = (label,) if label else ()
    else:
        values = facts.values.get(name, ())
    return next((value for value in values for each in patterns if matches(value, each, facts.ranks)), None)


def matches(value: str, pattern: Pattern, ranks: Mapping[str, int]) -> bool:
    """Whether one value is what a pattern wants. `ranks`: the severities, for "SEV2 or worse"."""
    if pattern.op is Op.IS:
        return glob(pattern.text, value)
    if pattern.op in (Op.WORSE, Op.MILDER):
        here, limit = ranks.get(value), ranks.get(pattern.text)
        if here is None or limit is None:
            return False
        return here <= limit if pattern.op is Op.WORSE else here >= limit
    number = number_in(value)
    return number is not None and _COMPARE[pattern.op](number, pattern.number)


def _local(at: datetime, zone: str) -> datetime:
    try:
        return at.astimezone(_zone(zone))
    except OverflowError:
        return at


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return ZoneInfo("UTC")


def _within(now: time, start: time, end: time) -> bool:
    return start <= now < end if start < end else now >= start or now < end


# Words ---------------------------------------------------------------------------------------------------------------


def words(condition: Condition) -> str:
    """A condition in one line of words, such as "severity SEV1 or SEV2, service payments-*, not (source synthetic)"."""
    match condition:
        case All(()):
            return tr("always")
        case AnyOf(()):
            return tr("never")
        case All(parts):
            return ", ".join(f"({words(p)})" if isinstance(p, AnyOf) and len(p.parts) > 1 else words(p) for p in parts)
        case AnyOf(parts):
            return tr(" or ").join(
                f"({words(p)})" if isinstance(p, All) and len(p.parts) > 1 else words(p) for p in parts
            )
        case Not(part):
            return tr("not ({words})").format(words=words(part))
        case Matches(name, patterns):
            return f"{name} {_or(patterns)}"
        case Says(name, phrases):
            return tr("the {name} says {phrases}").format(
                name=name, phrases=_or([_quoted(phrase) for phrase in phrases])
            )
        case AtHour(spans, zone):
            return f"{_or([f'{start:%H:%M}-{end:%H:%M}' for start, end in spans])} {zone}"
        case OnDay(days, zone):
            return f"{_or([DAYS[day] for day in days])} {zone}"
        case Aged(op, than):
            return tr("age {op} {span}").format(op=op or Op.AT_LEAST, span=_span(than))
        case Repeats(same, within, at_least):
            return tr("same {same} {at_least} times within {span}").format(
                same=same.removeprefix(LABELS), at_least=at_least, span=_span(within)
            )


def _or(parts: Sequence[object]) -> str:
    *most, last = map(str, parts or (tr("nothing"),))
    return tr("{most} or {last}").format(most=", ".join(most), last=last) if most else last


def _quoted(phrase: str) -> str:
    return f"“{phrase}”" if " " in phrase else phrase


def _span(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"
