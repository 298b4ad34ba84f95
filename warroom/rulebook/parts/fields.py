"""The kinds of value that stand in a rulebook's files, each with its check, its written form and its JSON Schema."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from warroom.domain.policy import Target
from warroom.rulebook import values
from warroom.rulebook.references import to_section, to_target
from warroom.rulebook.values import Wrong
from warroom.words import tr

Item = TypeVar("Item")

A_DURATION: dict[str, Any] = {
    "type": "string",
    "pattern": r"^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$",
    "examples": ["5m", "90s", "1h30m", "2d"],
}
A_NAME: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 64}
A_TARGET: dict[str, Any] = {
    "type": "string",
    "pattern": "^(person|oncall|team|role|channel|room|level|service|manager):.+$",
    "examples": ["person:mina", "oncall:primary", "role:incident-manager", "channel:#incident-major"],
}


def distinct(items: tuple[Item, ...]) -> tuple[Item, ...]:
    for index, item in enumerate(items):
        if item in items[:index]:
            raise Wrong(tr("stands here a second time"), tr("take it out: once is enough"), at=(index,))
    return items


def a_line(limit: int) -> PlainValidator:
    return PlainValidator(partial(values.line, limit=limit))


def a_whole(least: int, most: int) -> PlainValidator:
    return PlainValidator(partial(values.whole, least=least, most=most))


Duration = Annotated[
    timedelta,
    PlainValidator(values.duration),
    PlainSerializer(values.duration_text, return_type=str),
    WithJsonSchema(A_DURATION),
]
Delay = Annotated[
    timedelta,
    PlainValidator(values.delay),
    PlainSerializer(values.duration_text, return_type=str),
    WithJsonSchema(A_DURATION),
]
Share = Annotated[
    int,
    PlainValidator(partial(values.percent, least=1, most=1000)),
    PlainSerializer(values.percent_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+ ?%$", "examples": ["80%", "100%", "150%"]}),
]
PartOfAll = Annotated[
    int,
    PlainValidator(partial(values.percent, least=1, most=100)),
    PlainSerializer(values.percent_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+ ?%$", "examples": ["95%"]}),
]
Clock = Annotated[
    time,
    PlainValidator(values.clock),
    PlainSerializer(values.clock_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}$"}),
]
Flag = Annotated[bool, PlainValidator(values.yes_no), WithJsonSchema({"type": "boolean"})]
Rank = Annotated[int, a_whole(1, 99), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 99})]
Repeat = Annotated[int, a_whole(0, 100), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 100})]
Times = Annotated[int, a_whole(1, 100), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100})]
Skips = Annotated[int, a_whole(0, 10), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 10})]
Characters = Annotated[int, a_whole(40, 20_000), WithJsonSchema({"type": "integer", "minimum": 40, "maximum": 20_000})]
Cycles = Annotated[int, a_whole(1, 20), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 20})]
Name = Annotated[str, PlainValidator(values.name), WithJsonSchema(A_NAME)]
ShortName = Annotated[str, PlainValidator(partial(values.name, limit=16)), WithJsonSchema({**A_NAME, "maxLength": 16})]
ChatRoom = Annotated[str, PlainValidator(values.chat_room), WithJsonSchema({"type": "string", "pattern": "^#."})]
Title = Annotated[str, a_line(60), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 60})]
Provider = Annotated[str, a_line(64), WithJsonSchema(A_NAME)]
Sentence = Annotated[str, a_line(200), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200})]
Address = Annotated[str, a_line(500), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 500})]
Prefix = Annotated[
    str, PlainValidator(values.prefix), WithJsonSchema({"type": "string", "pattern": "^[A-Z][A-Z0-9]{0,9}$"})
]
Glyph = Annotated[str, PlainValidator(values.glyph), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 1})]
Impact = Annotated[str, PlainValidator(values.impact), WithJsonSchema(A_NAME)]
Day = Annotated[str, PlainValidator(values.day), WithJsonSchema({"enum": list(values.DAYS)})]
Zone = Annotated[str, PlainValidator(values.zone), WithJsonSchema({"type": "string", "examples": ["Europe/Stockholm"]})]
Way = Annotated[str, PlainValidator(values.way), WithJsonSchema({"enum": list(values.WAYS)})]
Hearers = Annotated[str, PlainValidator(values.audience), WithJsonSchema({"enum": ["internal", "external"]})]
PolicyName = Annotated[str, PlainValidator(to_section("policies")), WithJsonSchema(A_NAME)]
RoleName = Annotated[str, PlainValidator(to_section("roles")), WithJsonSchema(A_NAME)]
PersonName = Annotated[str, PlainValidator(to_section("people")), WithJsonSchema(A_NAME)]
ChannelName = Annotated[str, PlainValidator(to_section("channels")), WithJsonSchema(A_NAME)]
PageTarget = Annotated[
    Target, PlainValidator(to_target()), PlainSerializer(str, return_type=str), WithJsonSchema(A_TARGET)
]
ReminderTarget = Annotated[
    Target,
    PlainValidator(to_target(next_level=True)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(A_TARGET),
]
Targets = Annotated[tuple[PageTarget, ...], Field(min_length=1, max_length=50), AfterValidator(distinct)]
PersonNames = Annotated[tuple[PersonName, ...], Field(min_length=1, max_length=1000), AfterValidator(distinct)]


class Part(BaseModel):
    """Any group of lines: unknown names in it are errors, and it never changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
