"""Rules (R6): what follows by itself from what an incident is.

They stand under `rules` by name and are asked from top to bottom. What the conditions look like stands in
`warroom.rulebook.parts.conditions`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic import model_validator as check_all

from warroom.domain.duty import LOOK_BACK
from warroom.domain.policy import Target
from warroom.domain.rules import RECHECK, Effects, GroupBy, Rule
from warroom.rulebook import values
from warroom.rulebook.parts.conditions import Same, When, to_condition
from warroom.rulebook.parts.fields import (
    A_DURATION,
    A_NAME,
    A_TARGET,
    Duration,
    Flag,
    PageTarget,
    Part,
    PolicyName,
    RoleName,
    Sentence,
    Title,
    Way,
    a_line,
    a_whole,
    distinct,
)
from warroom.rulebook.references import to_section
from warroom.rulebook.values import Wrong
from warroom.words import mark, tr

_OR_WORSE: Final = re.compile(r"(.+?) +or +worse")


def _severity(value: object, info: ValidationInfo) -> str:
    """`SEV2`, or `SEV2 or worse` for one that never makes it milder."""
    written = values.line(value, limit=64)
    beyond = _OR_WORSE.fullmatch(written)
    if beyond is None and " " in written:
        raise Wrong(tr("is not what a severity can be set to"), "write SEV2, or SEV2 or worse")
    named = to_section("severities")(beyond[1] if beyond else written, info)
    return f"{named} or worse" if beyond else named


def _mode(value: object) -> str:
    written = values.text(value)
    if written not in ("all", "first"):
        raise Wrong(
            tr("is not a way to go through rules"), tr("write all, or first to end with the first rule that holds")
        )
    return written


def _recheck(value: object) -> timedelta:
    """What is looked at more often than each minute fills the record, and what is looked at later is forgotten."""
    length = values.duration(value)
    if not timedelta(minutes=1) <= length <= timedelta(days=1):
        raise Wrong(tr("is out of bounds"), tr("write from 1m to 1d, such as 5m"))
    return length


def _several(value: object) -> object:
    return value if isinstance(value, list | tuple) or value is values.EMPTY else [value]


_SOME_TARGETS: Final = {"anyOf": [A_TARGET, {"type": "array", "items": A_TARGET, "minItems": 1}]}
SomeTargets = Annotated[
    tuple[PageTarget, ...],
    Field(min_length=1, max_length=50),
    AfterValidator(distinct),
    BeforeValidator(_several),
    WithJsonSchema(_SOME_TARGETS),
]
NewSeverity = Annotated[
    str, PlainValidator(_severity), WithJsonSchema({"type": "string", "examples": ["SEV1", "SEV2 or worse"]})
]
Recheck = Annotated[
    timedelta,
    PlainValidator(_recheck),
    PlainSerializer(values.duration_text, return_type=str),
    WithJsonSchema(A_DURATION),
]
TeamName = Annotated[str, PlainValidator(to_section("teams")), WithJsonSchema(A_NAME)]
LabelName = Annotated[str, a_line(64)]
Mode = Annotated[str, PlainValidator(_mode), WithJsonSchema({"enum": ["all", "first"]})]
Step = Annotated[int, a_whole(1, 20), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 20})]
LevelNumber = Annotated[int, a_whole(1, 100), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100})]


class RuleDefaultsPart(Part):
    """What holds for every rule that does not say otherwise (R6)."""

    mode: Mode = Field("all", description="all rules that hold, or only the first one of them")
    recheck: Recheck | None = Field(
        None, description="how soon it is looked whether a group's other incident is over, 5m without it"
    )


class GroupPart(Part):
    """Which live incident another one belongs to."""

    same: Same = Field("service", description="what is the same: service, title, severity or labels.NAME")
    within: Duration | None = Field(None, description="declared within what time before, such as 1h (that without it)")
    recheck: Recheck | None = Field(
        None, description="how soon it is looked whether that one is over and people are to be paged, such as 5m"
    )

    @check_all(mode="after")
    def _is_remembered(self) -> GroupPart:
        if self.within is not None and self.within > LOOK_BACK:
            longest = values.duration_text(LOOK_BACK)
            raise Wrong(
                tr("is longer than is looked back"),
                tr("write {longest} at the most").format(longest=longest),
                at=("within",),
            )
        return self


class EffectsPart(Part):
    """What a rule does."""

    model_config = ConfigDict(serialize_by_alias=True)

    severity: NewSeverity | None = Field(None, description="SEV1 sets it; SEV2 or worse only where it is milder")
    raise_: Step | None = Field(None, alias="raise", description="by how many severities it is worse, such as 1")
    priority: Title | None = Field(None, description="such as P1")
    policy: PolicyName | None = Field(None, description="the escalation policy, instead of the severity's")
    team: TeamName | None = Field(None, description="the team that owns the incident")
    assign: dict[RoleName, SomeTargets] | None = Field(
        None, max_length=50, description=mark("by role, who holds it at once, such as tech-lead: oncall:senior")
    )
    offer: dict[RoleName, SomeTargets] | None = Field(
        None, max_length=50, description=mark("by role, who is asked to take it; they are paged, and may decline")
    )
    labels: dict[LabelName, Sentence] | None = Field(None, max_length=50, description="by label, its value")
    notify: SomeTargets | None = Field(None, description=mark("whom to tell at once besides, such as [oncall:senior]"))
    via: Annotated[tuple[Way, ...], AfterValidator(distinct)] | None = Field(
        None, min_length=1, description=mark("by which ways to tell them; without it each person's own first one")
    )
    confirm: Sentence | None = Field(None, description="why a person has to confirm the steps that are marked so")
    suppress: Sentence | None = Field(None, description="why nobody is paged for it; it is declared and shown")
    for_: Duration | None = Field(
        None, alias="for", description="how long it is suppressed, such as 4h; then people are paged after all"
    )
    group: GroupPart | None = Field(None, description="join a live incident; nobody is paged for the one that joins")
    level: LevelNumber | None = Field(None, description="the level that the escalation begins with, such as 3")

    @check_all(mode="after")
    def _goes_by_some_way(self) -> EffectsPart:
        if self.via is not None and self.notify is None:
            raise Wrong(tr("tells nobody"), tr("add notify next to it, or take it out"), at=("via",))
        if self.for_ is not None and self.suppress is None:
            raise Wrong(tr("is the time of nothing"), tr("add suppress next to it, or take it out"), at=("for",))
        for role in self.assign or {}:
            if role in (self.offer or {}):
                raise Wrong(tr("is assigned already"), tr("take it out of one of the two"), at=("offer", role))
        return self


class RulePart(Part):
    """A rule (R6)."""

    about: Sentence | None = Field(None, description="what it is for; whoever it tells reads this")
    when: When = Field(When.model_construct(), description="the condition; without one it always holds")
    then: EffectsPart = Field(EffectsPart.model_construct(), description="what it does, once for an incident")
    stop: Flag | None = Field(None, description="true: when it holds, no rule after it is asked")

    @check_all(mode="after")
    def _does_something(self) -> RulePart:
        if not self.then.model_fields_set and self.stop is not True:
            raise Wrong(
                tr("does nothing"),
                tr("add then: with what it does, or stop: true to keep later rules from being asked"),
            )
        return self


def to_rules(parts: Mapping[str, RulePart], general: RuleDefaultsPart) -> tuple[Rule, ...]:
    """The rules as the domain has them, in their order."""
    first = general.mode == "first"
    return tuple(
        Rule(
            name=name,
            when=to_condition(part.when),
            then=_to_effects(part.then, general.recheck or RECHECK),
            stop=first if part.stop is None else part.stop,
            about=part.about or "",
        )
        for name, part in parts.items()
    )


def _to_effects(part: EffectsPart, recheck: timedelta) -> Effects:
    beyond = _OR_WORSE.fullmatch(part.severity or "")
    joins = part.group
    group = joins and GroupBy(joins.same, joins.within or GroupBy().within, joins.recheck or recheck)
    return Effects(
        severity=beyond[1] if beyond else part.severity or "",
        at_least=beyond is not None,
        worse=part.raise_ or 0,
        priority=part.priority or "",
        policy=part.policy or "",
        owner=part.team or "",
        assign=_fixed(part.assign),
        offer=_fixed(part.offer),
        labels=MappingProxyType(dict(part.labels or {})),
        notify=part.notify or (),
        via=part.via or (),
        confirm=part.confirm or "",
        suppress=part.suppress or "",
        group=group or None,
        level=part.level or 0,
        suppress_for=part.for_,
    )


def _fixed(found: Mapping[str, tuple[Target, ...]] | None) -> Mapping[str, tuple[Target, ...]]:
    return MappingProxyType(dict(found or {}))
