"""Severities (R2) and escalation policies (R5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.cadence import Cadence
from warroom.domain.incident import OVER, SeveritySpec, Status
from warroom.domain.policy import Ask, Last, Level, Mode, Otherwise, Policy
from warroom.domain.roles import RequiredRole
from warroom.rulebook import values
from warroom.rulebook.parts.conditions import When, to_condition
from warroom.rulebook.parts.fields import (
    A_DURATION,
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
from warroom.words import mark, tr

STAGES = tuple(status.value for status in Status if status not in OVER)


def a_choice(*choices: str) -> Callable[[object], str]:
    """A check that a value is one of a few words."""

    def check(value: object) -> str:
        written = values.text(value)
        if written not in choices:
            raise Wrong(
                tr("is not known here"),
                tr("write {words}").format(words=values.either(choices)),
                near=(written, choices),
            )
        return written

    return check


def _by_stage(value: object) -> object:
    """One figure for every stage of an incident, or a group with one for some of them."""
    if isinstance(value, dict | list):
        return value
    length: timedelta = values.duration(value)
    return {stage: values.duration_text(length) for stage in STAGES}


def _words(kind: type[StrEnum]) -> tuple[Any, ...]:
    choices = tuple(each.value for each in kind)
    return PlainValidator(a_choice(*choices)), WithJsonSchema({"enum": list(choices)})


Stage = Annotated[str, PlainValidator(a_choice(*STAGES)), WithJsonSchema({"enum": list(STAGES)})]
Stalled = Annotated[
    dict[Stage, Duration],
    BeforeValidator(_by_stage),
    WithJsonSchema(
        {
            "anyOf": [
                A_DURATION,
                {"type": "object", "properties": dict.fromkeys(STAGES, A_DURATION), "additionalProperties": False},
            ]
        }
    ),
]
AnyMode = Annotated[str, *_words(Mode)]
AnyEnd = Annotated[str, *_words(Last)]
AnyOutcome = Annotated[str, *_words(Otherwise)]
FewTargets = Annotated[tuple[PageTarget, ...], Field(max_length=50), AfterValidator(distinct)]


class CadencePart(Part):
    """What a severity promises for one channel (R10)."""

    first: Duration = Field(
        description=mark("the first update at the latest, counted from the declaration, such as 5m")
    )
    every: Duration = Field(description=mark("the longest silence between two updates, such as 30m"))
    final: Duration | None = Field(None, description="the last update at the latest, counted from the resolution")
    by_status: dict[Stage, Duration] = Field({}, description="the longest silence in a status in place of every")
    long: Duration | None = Field(
        None, description="the longest silence in a long incident, for an update that says when the next one comes"
    )


class SeverityPart(Part):
    """A severity (R2)."""

    rank: Rank = Field(description=mark("1 is the worst, each severity has its own"))
    glyph: Glyph = Field(description=mark("the sign in front of it, one character of one cell"))
    title: Title = Field(description=mark("the severity in a word, such as critical"))
    major: Flag = Field(description=mark("true for a major incident, else false"))
    policy: PolicyName | None = Field(None, description="the escalation policy; without one nobody is paged")
    hours: HoursPart | None = Field(None, description="pages wait for these hours; without them they never wait")
    cadence: dict[ChannelName, CadencePart] = Field({}, description="by channel, how often it has to be used")
    roles: dict[RoleName, Duration] = Field({}, description="by role, within what time it has to be filled")
    impacts: Annotated[tuple[Impact, ...], AfterValidator(distinct)] = Field(
        (), max_length=100, description="words of status pages that mean this severity"
    )
    ack_lapses: Duration | None = Field(None, description="an acknowledgement lapses when nobody does anything so long")
    stalled: Stalled = Field(
        {}, description="how long the status may stay the same before the next level comes in; one figure, or by status"
    )


class ConfirmPart(Part):
    """A human checkpoint: who has to confirm before a level is paged (R5)."""

    by: Targets = Field(description=mark("who is asked, such as [role:incident-manager]; one of them is enough"))
    within: Duration = Field(description=mark("how long the question stands, such as 10m"))
    otherwise: AnyOutcome = Field(
        "proceed", description="when nobody answers or can be asked: proceed pages the level, skip passes it over"
    )
    when: When | None = Field(None, description="asked only where this holds, such as labels.confirm: required")


class LevelPart(Part):
    """One level of an escalation policy (R5)."""

    label: Title = Field(description=mark("who this level is, such as primary on-call"))
    targets: Targets = Field(description=mark("who is paged, such as [oncall:primary]; several are paged at once"))
    via: Annotated[tuple[Way, ...], AfterValidator(distinct)] = Field(
        (), description="by which ways; without them each person's own first one"
    )
    ack_timeout: Duration | None = Field(None, description="time to show that the page was seen")
    resolve_timeout: Duration | None = Field(None, description="time until the next level comes in anyway")
    repeat: Repeat = Field(0, description="how often the level is paged again when nobody acknowledges")
    warn: Duration | None = Field(None, description="how long before this page those of the level before are told")
    mode: AnyMode = Field("all", description="all at once, or round_robin: one of them in turn")
    when: When | None = Field(None, description="the level is passed over where this does not hold")
    accountable: FewTargets = Field((), description="who answers for it; named with the level")
    consulted: FewTargets = Field((), description="who gets a word that they may be asked")
    informed: FewTargets = Field((), description="who gets a word for their information")
    confirm: ConfirmPart | None = Field(None, description="a person has to confirm before this level is paged")

    @check_all(mode="after")
    def _repeats_after_something(self) -> LevelPart:
        if self.repeat and self.ack_timeout is None:
            advice = tr("a level is paged again when its ack_timeout runs out: add one, or take repeat out")
            raise Wrong(tr("can never happen"), advice, at=("repeat",))
        return self


class PolicyPart(Part):
    """An escalation policy (R5)."""

    levels: tuple[LevelPart, ...] = Field(min_length=1, max_length=100, description=mark("the levels, first to last"))
    cycles: Cycles = Field(1, description="how often the whole policy is run")
    then: Annotated[tuple[PageTarget, ...], AfterValidator(distinct)] = Field(
        (), max_length=50, description="who is paged when nobody is left to page"
    )
    fallback: PolicyName | None = Field(None, description="the policy that goes on after this one; each runs once")
    last: AnyEnd = Field("end", description="after the last level: end, or stay and page it again every stay_every")
    stay_every: Duration | None = Field(None, description="how often; without it after the level's own ack_timeout")

    @check_all(mode="after")
    def _stays_somehow(self) -> PolicyPart:
        if self.stay_every is not None and self.last != Last.STAY:
            raise Wrong(
                tr("is for a policy that stays"), tr("write last: stay, or take stay_every out"), at=("stay_every",)
            )
        return self


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
        cadence=tuple(
            Cadence(channel, c.first, c.every, c.final, c.by_status, c.long) for channel, c in part.cadence.items()
        ),
        roles=tuple(RequiredRole(role, within) for role, within in part.roles.items()),
        impacts=part.impacts,
        ack_lapses=part.ack_lapses,
        stalled=part.stalled,
    )


def to_policy(name: str, part: PolicyPart) -> Policy:
    """A policy as the domain has it."""
    levels = tuple(map(to_level, part.levels))
    last = Last(part.last)
    return Policy(name, levels, part.cycles, part.then, part.fallback or "", last, part.stay_every)


def to_level(part: LevelPart) -> Level:
    """A level as the domain has it."""
    ask = part.confirm
    return Level(
        label=part.label,
        targets=part.targets,
        via=part.via,
        ack_timeout=part.ack_timeout,
        resolve_timeout=part.resolve_timeout,
        repeat=part.repeat,
        warn=part.warn,
        mode=Mode(part.mode),
        when=None if part.when is None else to_condition(part.when),
        accountable=part.accountable,
        consulted=part.consulted,
        informed=part.informed,
        confirm=None if ask is None else Ask(ask.by, ask.within, Otherwise(ask.otherwise)),
        confirm_when=None if ask is None or ask.when is None else to_condition(ask.when),
    )
