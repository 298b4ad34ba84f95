"""The shapes of a rulebook's files: which sections there are, what stands in them, and what is checked about each.

One section may stand in any file of the directory, but only once. Names point at each other across sections
(`warroom.rulebook.references`). Limits on counts keep a slip of the keyboard from becoming ten thousand pages; they
are far beyond what any published handbook uses.

The same models read the canonical JSON under which a revision is stored, so what they accept today they have to
accept for as long as a database may hold it: fields may be added with a default, never renamed.
"""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.policy import Target, TargetKind
from warroom.domain.roles import LEAD
from warroom.rulebook import values
from warroom.rulebook.references import to_section, to_target
from warroom.rulebook.values import Wrong

Item = TypeVar("Item")

_A_DURATION: dict[str, Any] = {
    "type": "string",
    "pattern": r"^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$",
    "examples": ["5m", "90s", "1h30m", "2d"],
}
_A_NAME: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 64}
_A_TARGET: dict[str, Any] = {
    "type": "string",
    "pattern": "^(person|oncall|team|role|channel|level):.+$",
    "examples": ["person:mina", "oncall:primary", "role:incident-manager", "channel:#incident-major"],
}


def _distinct(items: tuple[Item, ...]) -> tuple[Item, ...]:
    for index, item in enumerate(items):
        if item in items[:index]:
            raise Wrong("stands here a second time", "take it out: once is enough", at=(index,))
    return items


def _line(limit: int) -> PlainValidator:
    return PlainValidator(partial(values.line, limit=limit))


def _whole(least: int, most: int) -> PlainValidator:
    return PlainValidator(partial(values.whole, least=least, most=most))


Duration = Annotated[
    timedelta,
    PlainValidator(values.duration),
    PlainSerializer(values.duration_text, return_type=str),
    WithJsonSchema(_A_DURATION),
]
Delay = Annotated[
    timedelta,
    PlainValidator(values.delay),
    PlainSerializer(values.duration_text, return_type=str),
    WithJsonSchema(_A_DURATION),
]
Clock = Annotated[
    time,
    PlainValidator(values.clock),
    PlainSerializer(values.clock_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}$"}),
]
Flag = Annotated[bool, PlainValidator(values.yes_no), WithJsonSchema({"type": "boolean"})]
Rank = Annotated[int, _whole(1, 99), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 99})]
Repeat = Annotated[int, _whole(0, 100), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 100})]
Times = Annotated[int, _whole(1, 100), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100})]
Cycles = Annotated[int, _whole(1, 20), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 20})]
Name = Annotated[str, PlainValidator(values.name), WithJsonSchema(_A_NAME)]
ShortName = Annotated[str, PlainValidator(partial(values.name, limit=16)), WithJsonSchema({**_A_NAME, "maxLength": 16})]
ChatRoom = Annotated[str, PlainValidator(values.chat_room), WithJsonSchema({"type": "string", "pattern": "^#."})]
Title = Annotated[str, _line(60), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 60})]
Sentence = Annotated[str, _line(200), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200})]
Address = Annotated[str, _line(500), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 500})]
Prefix = Annotated[
    str, PlainValidator(values.prefix), WithJsonSchema({"type": "string", "pattern": "^[A-Z][A-Z0-9]{0,9}$"})
]
Glyph = Annotated[str, PlainValidator(values.glyph), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 1})]
Impact = Annotated[str, PlainValidator(values.impact), WithJsonSchema(_A_NAME)]
Day = Annotated[str, PlainValidator(values.day), WithJsonSchema({"enum": list(values.DAYS)})]
Zone = Annotated[str, PlainValidator(values.zone), WithJsonSchema({"type": "string", "examples": ["Europe/Stockholm"]})]
Way = Annotated[str, PlainValidator(values.way), WithJsonSchema({"enum": list(values.WAYS)})]
Hearers = Annotated[str, PlainValidator(values.audience), WithJsonSchema({"enum": ["internal", "external"]})]
PolicyName = Annotated[str, PlainValidator(to_section("policies")), WithJsonSchema(_A_NAME)]
RoleName = Annotated[str, PlainValidator(to_section("roles")), WithJsonSchema(_A_NAME)]
PersonName = Annotated[str, PlainValidator(to_section("people")), WithJsonSchema(_A_NAME)]
ChannelName = Annotated[str, PlainValidator(to_section("channels")), WithJsonSchema(_A_NAME)]
PageTarget = Annotated[
    Target, PlainValidator(to_target()), PlainSerializer(str, return_type=str), WithJsonSchema(_A_TARGET)
]
ReminderTarget = Annotated[
    Target,
    PlainValidator(to_target(next_level=True)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(_A_TARGET),
]
Targets = Annotated[tuple[PageTarget, ...], Field(min_length=1, max_length=50), AfterValidator(_distinct)]
PersonNames = Annotated[tuple[PersonName, ...], Field(min_length=1, max_length=1000), AfterValidator(_distinct)]


class Part(BaseModel):
    """Any group of lines: unknown names in it are errors, and it never changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RoomPart(Part):
    """The room as a whole."""

    name: Title = Field(description="what the room is called on the board")
    prefix: Prefix = Field(description="what the keys of incidents begin with: INC makes INC-142")


class HoursPart(Part):
    """When a page may go out that can wait (R2, R7). Start and end are on the same day."""

    zone: Zone = Field(description="the time zone of the hours, such as Europe/Stockholm")
    days: Annotated[tuple[Day, ...], AfterValidator(_distinct)] = Field(
        min_length=1, description="the days, such as [mon, tue, wed, thu, fri]"
    )
    start: Clock = Field(description="the first minute, such as 09:00")
    end: Clock = Field(description="when the hours are over, such as 17:00")

    @check_all(mode="after")
    def _ends_after_start(self) -> HoursPart:
        if self.end <= self.start:
            start = values.clock_text(self.start)
            advice = f"hours lie within one day: write a time after {start}, 23:59 at the latest"
            raise Wrong("is not after the start", advice, at=("end",))
        return self


class CadencePart(Part):
    """What a severity promises for one channel (R10)."""

    first: Duration = Field(description="the first update at the latest, counted from the declaration, such as 5m")
    every: Duration = Field(description="the longest silence between two updates, such as 30m")
    final: Duration | None = Field(None, description="the last update at the latest, counted from the resolution")


class SeverityPart(Part):
    """A severity (R2)."""

    rank: Rank = Field(description="1 is the worst, each severity has its own")
    glyph: Glyph = Field(description="the sign in front of it, one character of one cell")
    title: Title = Field(description="the severity in a word, such as critical")
    major: Flag = Field(description="true for a major incident, else false")
    policy: PolicyName | None = Field(None, description="the escalation policy; without one nobody is paged")
    hours: HoursPart | None = Field(None, description="pages wait for these hours; without them they never wait")
    cadence: dict[ChannelName, CadencePart] = Field({}, description="by channel, how often it has to be used")
    roles: dict[RoleName, Duration] = Field({}, description="by role, within what time it has to be filled")
    impacts: Annotated[tuple[Impact, ...], AfterValidator(_distinct)] = Field(
        (), max_length=100, description="words of status pages that mean this severity"
    )


class RoleDefaultsPart(Part):
    """What holds for every role that does not say otherwise (R4)."""

    remind_every: Duration = Field(description="how long between two reminders of a vacant required role, such as 5m")
    remind_times: Times = Field(description="how many reminders in all, such as 3")
    offer_lapses: Duration = Field(description="how long an offered handover stands, such as 10m")


class RolePart(Part):
    """A role (R4)."""

    title: Title = Field(description="the role as it is shown, such as incident manager")
    duties: tuple[Sentence, ...] = Field((), max_length=50, description="its checklist, one duty per line")
    pool: Annotated[tuple[PageTarget, ...], AfterValidator(_distinct)] = Field(
        (), max_length=50, description="whom to remind while it is vacant"
    )
    then: Annotated[tuple[ReminderTarget, ...], AfterValidator(_distinct)] = Field(
        (), max_length=50, description="whom to tell with the last reminder, or level:next"
    )
    remind_every: Duration | None = Field(None, description="instead of role_defaults")
    remind_times: Times | None = Field(None, description="instead of role_defaults")
    offer_lapses: Duration | None = Field(None, description="instead of role_defaults")


class LevelPart(Part):
    """One level of an escalation policy (R5)."""

    label: Title = Field(description="who this level is, such as primary on-call")
    targets: Targets = Field(description="who is paged, such as [oncall:primary]; several are paged at once")
    via: Annotated[tuple[Way, ...], AfterValidator(_distinct)] = Field(
        (), description="by which ways; without them each person's own first one"
    )
    ack_timeout: Duration | None = Field(None, description="time to show that the page was seen")
    resolve_timeout: Duration | None = Field(None, description="time until the next level comes in anyway")
    repeat: Repeat = Field(0, description="how often the level is paged again when nobody acknowledges")

    @check_all(mode="after")
    def _repeats_after_something(self) -> LevelPart:
        if self.repeat and self.ack_timeout is None:
            advice = "a level is paged again when its ack_timeout runs out: add one, or take repeat out"
            raise Wrong("can never happen", advice, at=("repeat",))
        return self


class PolicyPart(Part):
    """An escalation policy (R5)."""

    levels: tuple[LevelPart, ...] = Field(min_length=1, max_length=100, description="the levels, first to last")
    cycles: Cycles = Field(1, description="how often the whole policy is run")
    then: Annotated[tuple[PageTarget, ...], AfterValidator(_distinct)] = Field(
        (), max_length=50, description="who is paged when nobody is left to page"
    )


class PersonPart(Part):
    """Somebody who can be paged or hold a role."""

    name: Title = Field(description="the person's name")
    contacts: dict[Way, Address] = Field({}, description="by way, the address there; the first one is preferred")


class ChannelPart(Part):
    """A channel of communication (R10)."""

    title: Title = Field(description="what the channel is, such as public status page")
    audience: Hearers = Field(description="internal or external")


class ReminderPart(Part):
    """One step of what happens when an update is overdue (R10)."""

    after: Delay = Field(description="how long after the update was due, 0s for at once")
    to: Annotated[tuple[ReminderTarget, ...], AfterValidator(_distinct)] = Field(
        min_length=1, max_length=50, description="who is reminded, such as [role:communications-manager]"
    )


def _led(roles: dict[str, RolePart]) -> dict[str, RolePart]:
    if LEAD not in roles:
        raise Wrong(f"has no {LEAD}", f"add {LEAD}: the one role that every incident is led by, whatever its title")
    for role, part in roles.items():
        own = Target(TargetKind.ROLE, role)
        if own in part.pool:
            advice = "it is vacant whenever its pool is asked: name people, a team or an on-call list"
            raise Wrong("is the role itself", advice, at=(role, "pool", part.pool.index(own)))
    return roles


def _in_time(steps: tuple[ReminderPart, ...]) -> tuple[ReminderPart, ...]:
    for index, step in enumerate(steps):
        if not index and step.after:
            advice = "the first reminder goes out when the update is due: write 0s"
            raise Wrong("is not at once", advice, at=(0, "after"))
        if index and step.after <= steps[index - 1].after:
            before = values.duration_text(steps[index - 1].after)
            advice = f"each step comes after the one before it: write more than {before}"
            raise Wrong("is not later than the step before", advice, at=(index, "after"))
    return steps


class WatchPart(Part):
    """How incidents are watched that were imported from a provider's status page."""

    channel: ChannelName = Field(description="the channel that the provider's posts belong to")
    cadence: Duration = Field(description="the longest silence where the severity has no cadence for the channel")


class RulebookModel(Part):
    """All files of a rulebook together."""

    room: RoomPart = Field(description="the name of the room and the prefix of its keys")
    severities: dict[ShortName, SeverityPart] = Field(
        min_length=1, max_length=20, description="the severities by name (R2)"
    )
    role_defaults: RoleDefaultsPart = Field(description="what holds for every role that does not say otherwise")
    roles: Annotated[dict[Name, RolePart], AfterValidator(_led)] = Field(
        max_length=100, description="the roles by name (R4)"
    )
    policies: dict[Name, PolicyPart] = Field(max_length=500, description="the escalation policies by name (R5)")
    people: dict[Name, PersonPart] = Field(max_length=5000, description="the people by login")
    oncall: dict[Name, PersonNames] = Field({}, max_length=500, description="who is on call, first to last, by list")
    teams: dict[Name, PersonNames] = Field({}, max_length=500, description="the members of each team")
    chat_rooms: dict[ChatRoom, Sentence] = Field({}, max_length=100, description="the chat rooms, and what for")
    channels: dict[ShortName, ChannelPart] = Field(
        min_length=1, max_length=50, description="the channels of communication by name (R10)"
    )
    reminders: Annotated[tuple[ReminderPart, ...], AfterValidator(_in_time)] = Field(
        max_length=20, description="who is told of an overdue update, step by step; [] for nobody"
    )
    watch: WatchPart = Field(description="how imported incidents are watched")
    services: dict[Name, tuple[Sentence, ...]] = Field(
        {}, max_length=5000, description="by service, the facts that the board shows"
    )
    questions: tuple[Sentence, ...] = Field(
        (), max_length=12, description="what to ask oneself when a severity is assessed (R2)"
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of one rulebook file, for editors. No section is required, since each may stand in any file."""
    schema: dict[str, Any] = _without_null(RulebookModel.model_json_schema())
    schema.pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "warroom rulebook"}


def _without_null(schema: Any) -> Any:
    """A schema in which a value that may be left out may not be left empty, as the files have it."""
    if isinstance(schema, list):
        return [_without_null(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) != 1:
        return {key: _without_null(each) for key, each in schema.items()}
    about = {key: each for key, each in schema.items() if key not in ("anyOf", "default")}
    return {**_without_null(choices[0]), **about}
