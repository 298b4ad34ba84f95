"""When somebody is too tired, and how many people may report to the incident manager (R4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WithJsonSchema

from warroom.domain.fatigue import FatigueRules, Limits, Night
from warroom.rulebook.parts.fields import Clock, Duration, Part, RoleName, Times, a_whole
from warroom.words import mark

Reports = Annotated[int, a_whole(2, 50), WithJsonSchema({"type": "integer", "minimum": 2, "maximum": 50})]


class LimitsPart(Part):
    """From which length on something is amber, and red (R4)."""

    amber: Duration | None = Field(None, description="from when on relief should be planned, such as 60m")
    red: Duration | None = Field(
        None, description="from when on relief is overdue, and that is said loudly, such as 3h"
    )


class NightPart(Part):
    """Pages at night, by the clock of the person (R4)."""

    start: Clock = Field(description=mark("when the night begins, such as 22:00"))
    end: Clock = Field(description=mark("when it ends, such as 07:00"))
    amber: Times | None = Field(None, description="how many pages in one night are amber")
    red: Times | None = Field(None, description="how many pages in one night are red")


class FatiguePart(Part):
    """When somebody is too tired (R4)."""

    in_role: LimitsPart = Field(
        LimitsPart.model_construct(), description="how long in a role without a break, for every role"
    )
    roles: dict[RoleName, LimitsPart] = Field(
        {}, max_length=100, description="instead of in_role, for the roles named here"
    )
    in_room: LimitsPart = Field(LimitsPart.model_construct(), description="how long in the room of one incident")
    day: LimitsPart = Field(
        LimitsPart.model_construct(), description="how long on duty within 24 hours, over all incidents"
    )
    awake: LimitsPart = Field(
        LimitsPart.model_construct(), description="how long awake, where somebody has said since when"
    )
    night: NightPart | None = Field(None, description="what counts as night, and how many pages in it")
    span: Reports | None = Field(
        None, description="how many people may report to the incident manager before the work should be split"
    )


def to_fatigue(part: FatiguePart) -> FatigueRules:
    """The limits as the domain has them."""
    night = part.night
    return FatigueRules(
        _limits(part.in_role),
        {role: _limits(limits) for role, limits in part.roles.items()},
        _limits(part.in_room),
        _limits(part.day),
        _limits(part.awake),
        Night() if night is None else Night(night.start, night.end, night.amber, night.red),
        part.span,
    )


def _limits(part: LimitsPart) -> Limits:
    return Limits(part.amber, part.red)
