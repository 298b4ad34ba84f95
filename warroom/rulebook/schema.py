"""The shapes of a rulebook's files: which sections there are, what stands in them, and what is checked about each.

One section may stand in any file of the directory, but only once. Names point at each other across sections
(`warroom.rulebook.references`). Limits on counts keep a slip of the keyboard from becoming ten thousand pages; they
are far beyond what any published handbook uses.

The same models read the canonical JSON under which a revision is stored, so what they accept today they have to
accept for as long as a database may hold it: fields may be added with a default, never renamed.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from warroom.rulebook.parts.assessing import AssessmentPart, RoomUsePart
from warroom.rulebook.parts.catalogue import Service, Team
from warroom.rulebook.parts.delivery import DeliveryPart, RoomName
from warroom.rulebook.parts.fatigue import FatiguePart
from warroom.rulebook.parts.fields import ChatRoom, Name, Part, PersonNames, Sentence, ShortName
from warroom.rulebook.parts.oncall import HolidaysPart, PersonPart
from warroom.rulebook.parts.policy import PolicyPart, SeverityPart
from warroom.rulebook.parts.record import RecordPart
from warroom.rulebook.parts.roles import RoleDefaultsPart, RolePart, led
from warroom.rulebook.parts.room import ChannelPart, ClocksPart, ReminderPart, RoomPart, WatchPart, in_time
from warroom.rulebook.parts.rules import RuleDefaultsPart, RulePart
from warroom.rulebook.parts.schedule import SchedulePart, apart_from_lists
from warroom.rulebook.parts.templates import TemplatesPart
from warroom.rulebook.parts.updates import UpdatesPart
from warroom.words import mark


class RulebookModel(Part):
    """All files of a rulebook together."""

    room: RoomPart = Field(description=mark("the name of the room and the prefix of its keys"))
    severities: dict[ShortName, SeverityPart] = Field(
        min_length=1, max_length=20, description=mark("the severities by name (R2)")
    )
    role_defaults: RoleDefaultsPart = Field(description=mark("what holds for every role that does not say otherwise"))
    roles: Annotated[dict[Name, RolePart], AfterValidator(led)] = Field(
        max_length=100, description=mark("the roles by name (R4)")
    )
    policies: dict[Name, PolicyPart] = Field(max_length=500, description=mark("the escalation policies by name (R5)"))
    people: dict[Name, PersonPart] = Field(max_length=5000, description=mark("the people by login"))
    oncall: dict[Name, PersonNames] = Field(
        {}, max_length=500, description=mark("who is on call, first to last, by list")
    )
    schedules: Annotated[dict[Name, SchedulePart], AfterValidator(apart_from_lists)] = Field(
        {}, max_length=500, description="who is on call by turns, by schedule (R7)"
    )
    holidays: dict[Name, HolidaysPart] = Field({}, max_length=100, description="calendars of holidays by name")
    teams: dict[Name, Team] = Field({}, max_length=500, description=mark("the teams: members, or more about each"))
    chat_rooms: dict[ChatRoom, Sentence] = Field({}, max_length=100, description="the chat rooms, and what for")
    channels: dict[ShortName, ChannelPart] = Field(
        min_length=1, max_length=50, description=mark("the channels of communication by name (R10)")
    )
    reminders: Annotated[tuple[ReminderPart, ...], AfterValidator(in_time)] = Field(
        max_length=20,
        description=mark("who is told of an update that nears or is overdue, step by step; [] for nobody"),
    )
    clocks: ClocksPart = Field(ClocksPart.model_construct(), description="what holds for every clock of silence (R10)")
    watch: WatchPart = Field(description=mark("how imported incidents are watched"))
    services: dict[Name, Service] = Field(
        {}, max_length=5000, description="the services: facts for the board, or more about each"
    )
    templates: TemplatesPart = Field(TemplatesPart.model_construct(), description="the wording of pages and updates")
    updates: UpdatesPart = Field(
        UpdatesPart.model_construct(), description="what updates have to say, and who reviews them (R10)"
    )
    delivery: DeliveryPart | None = Field(None, description="how messages go out; without it into a file (R9)")
    rule_defaults: RuleDefaultsPart = Field(RuleDefaultsPart.model_construct(), description="what holds for every rule")
    rules: dict[Name, RulePart] = Field({}, max_length=1000, description="the rules by name, asked in order (R6)")
    record: RecordPart = Field(
        RecordPart.model_construct(), description="how overdue tasks and decisions are brought to mind (R11)"
    )
    rooms: dict[RoomName, RoomUsePart] = Field(
        {}, max_length=50, description="which messages belong to which chat room; the first that fits counts (R10)"
    )
    assessment: AssessmentPart = Field(AssessmentPart.model_construct(), description="how a severity is found (R2)")
    fatigue: FatiguePart = Field(
        FatiguePart.model_construct(), description="when somebody is too tired; without it nothing is watched"
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
    if len(choices) == len(schema.get("anyOf", ())):
        return {key: _without_null(each) for key, each in schema.items()}
    about = {key: _without_null(each) for key, each in schema.items() if key not in ("anyOf", "default")}
    if len(choices) > 1:
        return {"anyOf": _without_null(choices), **about}
    return {**_without_null(choices[0]), **about}
