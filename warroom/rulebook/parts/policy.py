"""Severities (R2) and escalation policies (R5)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic import model_validator as check_all

from warroom.domain.comms import Cadence
from warroom.domain.incident import SeveritySpec
from warroom.domain.policy import Level, Policy
from warroom.domain.roles import RequiredRole
from warroom.rulebook.parts.fields import (
    ChannelName,
    Cycles,
    Duration,
    Flag,
    Glyph,
    Impact,
    PageTarget,
    Part,
    PolicyName,
    Rank,
    Repeat,
    RoleName,
    Targets,
    Title,
    Way,
    distinct,
)
from warroom.rulebook.parts.oncall import HoursPart, to_hours
from warroom.rulebook.values import Wrong


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
    impacts: Annotated[tuple[Impact, ...], AfterValidator(distinct)] = Field(
        (), max_length=100, description="words of status pages that mean this severity"
    )


class LevelPart(Part):
    """One level of an escalation policy (R5)."""

    label: Title = Field(description="who this level is, such as primary on-call")
    targets: Targets = Field(description="who is paged, such as [oncall:primary]; several are paged at once")
    via: Annotated[tuple[Way, ...], AfterValidator(distinct)] = Field(
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
    then: Annotated[tuple[PageTarget, ...], AfterValidator(distinct)] = Field(
        (), max_length=50, description="who is paged when nobody is left to page"
    )


def to_severity(name: str, part: SeverityPart) -> SeveritySpec:
    """A severity as the domain has it."""
    return SeveritySpec(
        name=name,
        rank=part.rank,
        glyph=part.glyph,
        title=part.title,
        major=part.major,
        policy=part.policy or "",
        hours=None if part.hours is None else to_hours(part.hours),
        cadence=tuple(Cadence(channel, c.first, c.every, c.final) for channel, c in part.cadence.items()),
        roles=tuple(RequiredRole(role, within) for role, within in part.roles.items()),
        impacts=part.impacts,
    )


def to_policy(name: str, part: PolicyPart) -> Policy:
    """A policy as the domain has it."""
    levels = tuple(
        Level(each.label, each.targets, each.via, each.ack_timeout, each.resolve_timeout, each.repeat)
        for each in part.levels
    )
    return Policy(name, levels, part.cycles, part.then)
