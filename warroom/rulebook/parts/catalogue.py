"""Services and teams (R1, R5), each in a short form and in a long one.

A service may be a list of facts for the board, or a group of lines; a team a list of its members, or a group of lines.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from warroom.domain.catalogue import ServiceSpec, TeamSpec
from warroom.rulebook.parts.fields import (
    A_NAME,
    Address,
    Name,
    Part,
    PersonName,
    PersonNames,
    PolicyName,
    Title,
    a_line,
    distinct,
)
from warroom.rulebook.references import FORM, to_chat_room, to_oncall, to_section
from warroom.words import mark

TeamName = Annotated[str, PlainValidator(to_section("teams")), WithJsonSchema(A_NAME)]
ServiceName = Annotated[str, PlainValidator(to_section("services")), WithJsonSchema(A_NAME)]
OnCallName = Annotated[str, PlainValidator(to_oncall), WithJsonSchema(A_NAME)]
RoomName = Annotated[str, PlainValidator(to_chat_room), WithJsonSchema({"type": "string", "pattern": "^#."})]
A_WORD = {"type": ["string", "number", "boolean"], "examples": ["eu-west", 1]}
"""What stands in a file as plain words may look like a number or a truth value to an editor."""
Word = Annotated[str, a_line(60), WithJsonSchema(A_WORD)]
Words = Annotated[str, a_line(200), WithJsonSchema(A_WORD)]
Facts = Annotated[tuple[Words, ...], Field(max_length=50)]


class ServicePart(Part):
    """A service, in the long form."""

    title: Title | None = Field(None, description="the service as it is shown, such as payments API")
    owner: TeamName | None = Field(None, description="the team that owns it, of those under teams")
    policy: PolicyName | None = Field(None, description="its escalation policy, instead of the severity's")
    oncall: OnCallName | None = Field(None, description="who is on call for it: a schedule or an on-call list")
    tier: Word | None = Field(None, description="how much depends on it, such as 1")
    dependencies: Annotated[tuple[ServiceName, ...], AfterValidator(distinct)] = Field(
        (), max_length=200, description="the services that it cannot do without"
    )
    region: Word | None = Field(None, description="where it runs, such as eu-west")
    environment: Word | None = Field(None, description="such as production")
    links: dict[Name, Address] = Field({}, max_length=50, description="by name, an address: a runbook, a dashboard")
    product: Title | None = Field(None, description="what customers know it as; without it its title")
    facts: Facts = Field((), description="what else the board shows of it")
    labels: dict[Name, Words] = Field({}, max_length=50, description="key: value, for rules and filters")


class TeamPart(Part):
    """A team, in the long form."""

    members: PersonNames = Field(description=mark("who is in it, such as [jonas, li]"))
    lead: PersonName | None = Field(None, description="who leads it")
    oncall: OnCallName | None = Field(None, description="who is on call for it: a schedule or an on-call list")
    chat: RoomName | None = Field(None, description='its chat room, such as "#payments"')


def _form(value: Any) -> str:
    return f"{FORM}short" if isinstance(value, list | tuple) else f"{FORM}long"


Service = Annotated[
    Annotated[ServicePart, Tag(f"{FORM}long")] | Annotated[Facts, Tag(f"{FORM}short")], Discriminator(_form)
]
Team = Annotated[
    Annotated[TeamPart, Tag(f"{FORM}long")] | Annotated[PersonNames, Tag(f"{FORM}short")], Discriminator(_form)
]


def to_service(name: str, part: ServicePart | tuple[str, ...]) -> ServiceSpec:
    """A service as the domain has it."""
    if isinstance(part, tuple):
        return ServiceSpec(name, facts=part)
    return ServiceSpec(
        name=name,
        title=part.title or "",
        owner=part.owner or "",
        policy=part.policy or "",
        oncall=part.oncall or "",
        tier=part.tier or "",
        dependencies=part.dependencies,
        region=part.region or "",
        environment=part.environment or "",
        links=MappingProxyType(dict(part.links)),
        facts=part.facts,
        labels=MappingProxyType(dict(part.labels)),
        product=part.product or "",
    )


def to_team(name: str, part: TeamPart | tuple[str, ...]) -> TeamSpec:
    """A team as the domain has it."""
    if isinstance(part, tuple):
        return TeamSpec(name, part)
    return TeamSpec(name, part.members, part.lead or "", part.oncall or "", part.chat or "")
