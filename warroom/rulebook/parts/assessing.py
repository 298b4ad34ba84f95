"""Which chat room a message belongs to (R10), and how a severity is found (R2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.assessment import AssessmentRules
from warroom.domain.chatrooms import RoomSpec
from warroom.domain.incident import Status
from warroom.rulebook import values
from warroom.rulebook.parts.delivery import SeverityName
from warroom.rulebook.parts.fields import ChannelName, Hearers, Name, Part, Sentence, distinct
from warroom.rulebook.values import Wrong
from warroom.words import tr

STAGES = tuple(status.value for status in Status)


def stage(value: object) -> str:
    """A stage of an incident."""
    written = values.text(value)
    if written not in STAGES:
        raise Wrong(
            tr("is not a stage of an incident"),
            tr("write {words}").format(words=", ".join(STAGES)),
            near=(written, STAGES),
        )
    return written


StageName = Annotated[str, PlainValidator(stage), WithJsonSchema({"enum": list(STAGES)})]
Stages = Annotated[tuple[StageName, ...], AfterValidator(distinct)]


class RoomUsePart(Part):
    """Which messages about an incident belong to a chat room; what is left out asks for nothing."""

    stages: Stages = Field((), max_length=6, description="only while the incident is in one of these stages")
    severities: Annotated[tuple[SeverityName, ...], AfterValidator(distinct)] = Field(
        (), max_length=20, description="only for incidents of these severities"
    )
    channels: Annotated[tuple[ChannelName, ...], AfterValidator(distinct)] = Field(
        (), max_length=50, description="only updates on these channels"
    )
    audience: Hearers | None = Field(None, description="only updates for this audience: internal or external")


class AssessmentPart(Part):
    """How a severity is found: a table of impact and urgency, and what is proposed before anybody has assessed."""

    impact: dict[Name, Sentence] = Field(
        {}, max_length=10, description="the words for impact, the worst first, each with what it means"
    )
    urgency: dict[Name, Sentence] = Field(
        {}, max_length=10, description="the words for urgency, the highest first, each with what it means"
    )
    severity: dict[Name, dict[Name, SeverityName]] = Field(
        {}, max_length=10, description="the table: by impact and then by urgency, the severity"
    )
    tiers: dict[Name, SeverityName] = Field(
        {}, max_length=20, description="by tier of the faulty service, the severity that is proposed for it"
    )
    usual: SeverityName | None = Field(
        None, description="the severity that is proposed where nothing is known; without it the mildest major one"
    )

    @check_all(mode="after")
    def _whole(self) -> AssessmentPart:
        for name, row in self.severity.items():
            if name not in self.impact:
                raise Wrong(tr("is no word for impact"), tr("add it under impact"), at=("severity", name, "[key]"))
            for column in row:
                if column not in self.urgency:
                    raise Wrong(
                        tr("is no word for urgency"), tr("add it under urgency"), at=("severity", name, column, "[key]")
                    )
            for column in self.urgency:
                if column not in row:
                    raise Wrong(
                        tr("says nothing for urgency {column}").format(column=column),
                        tr("add {column}:").format(column=column),
                        at=("severity", name),
                    )
        for name in self.impact:
            if name not in self.severity:
                raise Wrong(
                    tr("says nothing for impact {name}").format(name=name),
                    tr("add a row {name}:").format(name=name),
                    at=("severity",),
                )
        return self


def to_rooms(parts: Mapping[str, RoomUsePart]) -> tuple[RoomSpec, ...]:
    """The rooms as the domain has them, in the order in which they are asked."""
    return tuple(
        RoomSpec(name, part.stages, part.severities, part.channels, part.audience or "") for name, part in parts.items()
    )


def to_assessment(part: AssessmentPart) -> AssessmentRules:
    """How a severity is found, as the domain has it."""
    return AssessmentRules(
        dict(part.impact),
        dict(part.urgency),
        {k: dict(v) for k, v in part.severity.items()},
        dict(part.tiers),
        part.usual or "",
    )
