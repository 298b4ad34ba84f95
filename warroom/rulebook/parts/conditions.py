"""Conditions (R5, R6) as they stand in the files: `when: { service: payments-*, text: [card, refund], not: {...} }`.

All lines of one group have to hold; of the values behind a line one is enough. `any`, `all` and `not` hold groups of
the same kind. What is written stays as it is until it becomes a value of the domain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.conditions import (
    TEXTS,
    VALUES,
    Aged,
    All,
    AnyOf,
    AtHour,
    Condition,
    Matches,
    Not,
    OnDay,
    Op,
    Pattern,
    Repeats,
    Says,
)
from warroom.domain.duty import LOOK_BACK
from warroom.domain.incident import Status
from warroom.domain.repeating import LABELS
from warroom.rulebook import values
from warroom.rulebook.parts.fields import A_NAME, Duration, Part, Zone, a_line, a_whole
from warroom.rulebook.references import Known, to_section
from warroom.rulebook.values import DAYS, Wrong
from warroom.words import mark, tr

MOST: Final = 100
"""How many values may stand behind one line, and how many groups in `any` or `all`."""

FIELDS: Final = (*VALUES, *TEXTS, "hour", "weekday", "zone", "age", "repeats", "any", "all", "not", "labels.NAME")
SAME: Final = ("service", "title", "severity")

_COMPARED: Final = re.compile(r"(>=|<=|>|<) *(-?[0-9]{1,15}(?:\.[0-9]{1,6})?)")
_SEVERITY: Final = re.compile(r"(.+?) +or +(worse|milder)")


def _many(value: object) -> object:
    return value if isinstance(value, list | tuple | dict) or value is values.EMPTY else [value]


def _scalar(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return values.line(value, limit=200)


def _pattern(value: object) -> str:
    """A value that would do: `payments-*`, or a comparison such as `>= 3`."""
    written = _scalar(value)
    if written[0] in "<>" and not _COMPARED.fullmatch(written):
        raise Wrong(tr("is not a comparison"), tr("write one of >= <= > < and a number, such as >= 3"))
    return written


def _severity(value: object, info: ValidationInfo) -> str:
    written = _scalar(value)
    beyond = _SEVERITY.fullmatch(written)
    if written[0] in "<>":
        raise Wrong(
            tr("is not how severities are compared"), tr("write SEV2 or worse, SEV2 or milder, or a list of them")
        )
    if "*" not in written:
        to_section("severities")(beyond[1] if beyond else written, info)
    elif beyond:
        raise Wrong(tr("names no one severity"), tr("write SEV2 or worse, with the name in full"))
    return written


def _team(value: object, info: ValidationInfo) -> str:
    written = _scalar(value)
    known = info.context if isinstance(info.context, Known) else Known()
    if "*" not in written and written.casefold() not in {t.casefold() for t in known.names.get("teams", (written,))}:
        to_section("teams")(written, info)
    return written


def _status(value: object) -> str:
    written = _scalar(value).lower()
    stages = [status.value for status in Status]
    if "*" not in written and written not in stages:
        raise Wrong(
            tr("is not a stage of an incident"),
            tr("use {words}").format(words=", ".join(stages)),
            near=(written, stages),
        )
    return written


def _phrase(value: object) -> str:
    written = _scalar(value)
    if "*" in written.strip("*"):
        raise Wrong(
            tr("has a * in the middle"), tr("write * at the beginning or end of a word, or two words in a list")
        )
    if not any(char.isalnum() for char in written):
        raise Wrong(tr("holds no word"), tr("write a word, such as card, or several in quotes, such as payment failed"))
    return written


def _hours(value: object) -> str:
    written = values.text(value).strip().replace(" ", "")
    start, dash, end = written.partition("-")
    if not dash:
        raise Wrong(tr("is not a span of hours"), tr("write from and to, such as 22:00-06:00"))
    begins, ends = _hour(start), _hour(end)
    if begins == ends and end != "24:00":
        raise Wrong(tr("begins when it ends"), tr("write 00:00-24:00 for the whole day, or take the line out"))
    return written


def _hour(written: str) -> time:
    return time(0, 0) if written == "24:00" else values.clock(written)


def _days(value: object) -> str:
    written = values.text(value).strip().lower().replace(" ", "")
    for each in written.split("-", 1):
        values.day(each)
    return written


def _age(value: object) -> str:
    written = values.text(value).strip()
    values.duration(written.lstrip("<>= ").strip())
    if not re.match(r"(>=|<=|>|<)? *[0-9]", written):
        raise Wrong(tr("is not a comparison"), tr("write one of >= <= > < and a time, such as >= 30m"))
    return written


def _same(value: object) -> str:
    written = values.text(value).strip()
    if written not in SAME and not _label(written):
        known = (*SAME, "labels.NAME")
        raise Wrong(
            tr("cannot be told to repeat"), tr("use {words}").format(words=", ".join(known)), near=(written, known)
        )
    return written


def _label(written: str) -> bool:
    return written.startswith(LABELS) and bool(written.removeprefix(LABELS).strip())


def _field(value: object) -> str:
    """The name of a line that is not one of the fields of `When`: only labels can be."""
    written = str(value)
    if not _label(written):
        known = [each for each in FIELDS if each != "labels.NAME"]
        raise Wrong(
            tr("is nothing that can be asked for"),
            tr(_LIST).format(fields=", ".join(FIELDS)),
            at=("[key]",),
            near=(written, known),
        )
    return written


_LIST: Final = mark("ask for one of {fields}")


def _one_or_more(item: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item, "minItems": 1, "maxItems": MOST}]})


_A_PATTERN: Final = {
    "type": ["string", "number"],
    "minLength": 1,
    "maxLength": 200,
    "examples": ["payments-*", ">= 3"],
}
_A_SEVERITY: Final = {"type": "string", "minLength": 1, "maxLength": 200, "examples": ["SEV1", "SEV2 or worse"]}
_A_PHRASE: Final = {"type": "string", "minLength": 1, "maxLength": 200, "examples": ["payment failed", "secur*"]}
_A_STAGE: Final = {"anyOf": [{"enum": [status.value for status in Status]}, {"type": "string", "pattern": "\\*"}]}
_A_SPAN: Final = {"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2} *- *[0-9]{1,2}:[0-9]{2}$"}
_SOME_DAYS: Final = {"type": "string", "pattern": f"^({'|'.join(DAYS)})( *- *({'|'.join(DAYS)}))?$"}
_AN_AGE: Final = {"type": "string", "pattern": "^(>=|<=|>|<)? *[0-9]+[dhms]", "examples": [">= 30m"]}
_A_KIND: Final = {"type": "string", "pattern": "^(service|title|severity|labels\\..+)$"}

_SOME = Field(min_length=1, max_length=MOST)
PatternText = Annotated[str, PlainValidator(_pattern)]
Patterns = Annotated[tuple[PatternText, ...], _SOME, BeforeValidator(_many), _one_or_more(_A_PATTERN)]
SeverityText = Annotated[str, PlainValidator(_severity)]
Severities = Annotated[tuple[SeverityText, ...], _SOME, BeforeValidator(_many), _one_or_more(_A_SEVERITY)]
TeamText = Annotated[str, PlainValidator(_team)]
Teams = Annotated[tuple[TeamText, ...], _SOME, BeforeValidator(_many), _one_or_more(A_NAME)]
StageText = Annotated[str, PlainValidator(_status)]
Stages = Annotated[tuple[StageText, ...], _SOME, BeforeValidator(_many), _one_or_more(_A_STAGE)]
Phrase = Annotated[str, PlainValidator(_phrase)]
Phrases = Annotated[tuple[Phrase, ...], _SOME, BeforeValidator(_many), _one_or_more(_A_PHRASE)]
Span = Annotated[str, PlainValidator(_hours)]
Hours = Annotated[tuple[Span, ...], _SOME, BeforeValidator(_many), _one_or_more(_A_SPAN)]
DayText = Annotated[str, PlainValidator(_days)]
Weekdays = Annotated[tuple[DayText, ...], _SOME, BeforeValidator(_many), _one_or_more(_SOME_DAYS)]
Age = Annotated[str, PlainValidator(_age), WithJsonSchema(_AN_AGE)]
Same = Annotated[str, PlainValidator(_same), WithJsonSchema(_A_KIND)]
AtLeast = Annotated[int, a_whole(2, 1000), WithJsonSchema({"type": "integer", "minimum": 2, "maximum": 1000})]
Label = Annotated[str, PlainValidator(_field)]
LabelName = Annotated[str, a_line(64)]


class RepeatsPart(Part):
    """That it happened before, and how often within a time."""

    same: Same = Field("service", description="what is the same: service, title, severity or labels.NAME")
    within: Duration = Field(
        timedelta(hours=1),
        description="within what time, 7d at the most, such as 1h",
        json_schema_extra={"default": "1h"},
    )
    at_least: AtLeast = Field(2, description="how many incidents, this one counted, such as 2")

    @check_all(mode="after")
    def _is_remembered(self) -> RepeatsPart:
        if self.within > LOOK_BACK:
            longest = values.duration_text(LOOK_BACK)
            raise Wrong(
                tr("is longer than is looked back"),
                tr("write {longest} at the most").format(longest=longest),
                at=("within",),
            )
        return self


class When(Part):
    """A condition: every line has to hold, and of several values behind a line one is enough. Labels are asked for as
    `labels.NAME`. In values `*` stands for anything; words are found in texts as whole words."""

    model_config = ConfigDict(
        extra="allow",
        serialize_by_alias=True,
        json_schema_extra=lambda schema: schema.update(
            patternProperties={"^labels\\..+$": schema.pop("additionalProperties", {})}, additionalProperties=False
        ),
    )
    __pydantic_extra__: dict[Label, Patterns]

    severity: Severities | None = Field(None, description=mark("such as [SEV1, SEV2], or SEV2 or worse"))
    priority: Patterns | None = Field(None, description=mark("such as P1"))
    service: Patterns | None = Field(None, description=mark("the faulty service, such as payments-*"))
    owner: Teams | None = Field(None, description=mark("the team that owns the service"))
    source: Patterns | None = Field(None, description=mark("what reported it, such as prometheus"))
    reporter: Patterns | None = Field(None, description=mark("who reported it"))
    detection: Patterns | None = Field(None, description=mark("how it was found, such as monitoring"))
    region: Patterns | None = Field(None, description=mark("where, such as eu-*"))
    environment: Patterns | None = Field(None, description=mark("such as prod*"))
    tier: Patterns | None = Field(None, description=mark('how much depends on the service, such as 1 or "<= 2"'))
    impact: Patterns | None = Field(None, description=mark("what customers feel of it, such as all"))
    status: Stages | None = Field(None, description=mark("its stage, such as [new, triaging]"))
    labels: dict[LabelName, Patterns] | None = Field(None, max_length=MOST, description=mark("by label, what it is"))
    components: Patterns | None = Field(None, description=mark("parts of a provider's that are affected"))
    products: Patterns | None = Field(None, description=mark("what customers call what is affected"))
    category: Patterns | None = Field(None, description=mark("the sort of trouble, in the team's own words"))
    type: Patterns | None = Field(None, description=mark("the same, finer"))
    cluster: Patterns | None = Field(None, description=mark("where it runs"))
    deploy: Patterns | None = Field(None, description=mark("the deploy that it began with"))
    text: Phrases | None = Field(None, description=mark("words in title, summary, impact, description or components"))
    title: Phrases | None = Field(None, description=mark("words in the title"))
    summary: Phrases | None = Field(None, description=mark("words in the summary"))
    hour: Hours | None = Field(None, description=mark("from and to on the clock, such as 22:00-06:00"))
    weekday: Weekdays | None = Field(None, description=mark("days, such as [sat, sun] or mon-fri"))
    zone: Zone | None = Field(None, description="the time zone of hour and weekday; UTC without it")
    age: Age | None = Field(None, description='how long ago the impact began, such as ">= 30m"')
    repeats: RepeatsPart | None = Field(None, description="how often it happened within a time, this one counted")
    any_: Annotated[tuple[When, ...], Field(min_length=1, max_length=MOST)] | None = Field(
        None, alias="any", description=mark("several conditions of which one has to hold")
    )
    all_: Annotated[tuple[When, ...], Field(min_length=1, max_length=MOST)] | None = Field(
        None, alias="all", description=mark("several conditions that all have to hold")
    )
    not_: When | None = Field(None, alias="not", description="a condition that must not hold")

    @check_all(mode="after")
    def _has_a_clock(self) -> When:
        if self.zone is not None and self.hour is None and self.weekday is None:
            raise Wrong(
                tr("is the zone of nothing"), tr("add hour or weekday next to it, or take it out"), at=("zone",)
            )
        return self


def to_condition(when: When | None) -> Condition:
    """A condition as the domain has it; nothing written is one that always holds."""
    parts = () if when is None else tuple(_parts(when))
    return parts[0] if len(parts) == 1 else All(parts)


def _parts(when: When) -> Iterator[Condition]:
    for name in VALUES:
        if written := getattr(when, name):
            yield Matches(name, tuple(_to_pattern(each, severity=name == "severity") for each in written))
    for label, written in (
        {LABELS + name: each for name, each in (when.labels or {}).items()} | (when.model_extra or {})
    ).items():
        yield Matches(label, tuple(map(_to_pattern, written)))
    for name in TEXTS:
        if written := getattr(when, name):
            yield Says(name, written)
    zone = when.zone or "UTC"
    if when.hour:
        yield AtHour(tuple(_to_span(each) for each in when.hour), zone)
    if when.weekday:
        yield OnDay(tuple(sorted({day for each in when.weekday for day in _to_days(each)})), zone)
    if when.age:
        op = when.age[: len(when.age) - len(when.age.lstrip("<>="))] or Op.AT_LEAST.value
        yield Aged(Op(op), values.duration(when.age.lstrip("<>= ")))
    if when.repeats:
        yield Repeats(when.repeats.same, when.repeats.within, when.repeats.at_least)
    if when.any_:
        yield AnyOf(tuple(map(to_condition, when.any_)))
    if when.all_:
        yield All(tuple(map(to_condition, when.all_)))
    if when.not_ is not None:
        yield Not(to_condition(when.not_))


def _to_pattern(written: str, *, severity: bool = False) -> Pattern:
    if severity and (beyond := _SEVERITY.fullmatch(written)):
        return Pattern(beyond[1], Op.WORSE if beyond[2] == "worse" else Op.MILDER)
    if compared := _COMPARED.fullmatch(written):
        return Pattern(written, Op(compared[1]), float(compared[2]))
    return Pattern(written)


def _to_span(written: str) -> tuple[time, time]:
    start, _, end = written.partition("-")
    return _hour(start), _hour(end)


def _to_days(written: str) -> tuple[int, ...]:
    first, dash, last = written.partition("-")
    begin = DAYS.index(first)
    if not dash:
        return (begin,)
    return tuple((begin + step) % 7 for step in range((DAYS.index(last) - begin) % 7 + 1))
