"""The room, its channels of communication, and what happens when an update is overdue (R10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.cadence import ClockRules, ReminderStep
from warroom.domain.comms import CHANNEL_KINDS
from warroom.domain.policy import TargetKind
from warroom.rulebook import values
from warroom.rulebook.parts.fields import (
    ChannelName,
    Characters,
    Delay,
    Duration,
    Hearers,
    Part,
    PartOfAll,
    Prefix,
    Provider,
    ReminderTarget,
    Share,
    Skips,
    Times,
    Title,
    distinct,
)
from warroom.rulebook.values import Wrong
from warroom.words import mark, tr

ChannelSort = Annotated[str, PlainValidator(values.channel_kind), WithJsonSchema({"enum": list(CHANNEL_KINDS)})]


class RoomPart(Part):
    """The room as a whole."""

    name: Title = Field(description=mark("what the room is called on the board"))
    prefix: Prefix = Field(description=mark("what the keys of incidents begin with: INC makes INC-142"))


class ChannelPart(Part):
    """A channel of communication (R10)."""

    title: Title = Field(description=mark("what the channel is, such as public status page"))
    audience: Hearers = Field(description=mark("internal or external"))
    kind: ChannelSort | None = Field(None, description="internal-page, public-page, mail, chat, social, desk or call")
    most: Characters | None = Field(None, description="how many characters an update may have; social media: 280")


class ReminderPart(Part):
    """One step of what happens when an update nears, or is overdue (R10): of the ways to say when, the one that comes
    first counts."""

    after: Delay | None = Field(None, description="how long after the update was due, 0s for at once")
    at: Share | None = Field(
        None, description="at what share of the time up to the update: 80% warns that it nears, 100% is when it is due"
    )
    misses: Times | None = Field(None, description="at so many updates in a row that were not there in time")
    to: Annotated[tuple[ReminderTarget, ...], AfterValidator(distinct)] = Field(
        min_length=1, max_length=50, description=mark("who is reminded, such as [role:communications-manager]")
    )

    @check_all(mode="after")
    def _comes_some_time(self) -> ReminderPart:
        if self.after is None and self.at is None and self.misses is None:
            raise Wrong(tr("never comes"), tr("add after: 0s, at: 80% or misses: 2"))
        warns = self.at is not None and self.at < 100
        if warns and (self.after is not None or self.misses is not None):
            key = "after" if self.after is not None else "misses"
            advice = tr("a step before 100% is a warning: take one of the two out")
            raise Wrong(tr("is for an overdue update"), advice, at=(key,))
        if warns and any(target.kind is TargetKind.LEVEL for target in self.to):
            raise Wrong(
                tr("cannot be brought in by a warning"), tr("write at: 100% or more, or name people"), at=("to",)
            )
        return self


def in_time(steps: tuple[ReminderPart, ...]) -> tuple[ReminderPart, ...]:
    first, before = True, None
    for index, step in enumerate(steps):
        if step.at is not None and step.at < 100:
            continue
        at_once = step.after == timedelta(0) or step.at == 100
        if first and not at_once:
            key = "after" if step.after is not None else "at" if step.at is not None else "misses"
            advice = (
                tr("the first reminder goes out when the update is due: write 0s")
                if key == "after"
                else tr("write 100%")
            )
            raise Wrong(tr("is not at once"), advice, at=(index, key))
        if before is not None and step.after is not None and step.after <= before:
            advice = tr("each step comes after the one before it: write more than {before}").format(
                before=values.duration_text(before)
            )
            raise Wrong(tr("is not later than the step before"), advice, at=(index, "after"))
        first, before = False, before if step.after is None else step.after
    return steps


def to_reminder(part: ReminderPart) -> ReminderStep:
    """A step as the domain has it."""
    return ReminderStep(part.after, part.to, part.at, part.misses or 0)


class ClocksPart(Part):
    """What holds for every clock of silence (R10)."""

    long_after: Duration = Field(timedelta(hours=2), description="from when on an incident is a long one")
    skips: Skips = Field(1, description="how many updates in a row may be skipped on a channel, 0 for none")
    again: Duration | None = Field(
        None, description="how long after its last step a reminder comes again and again; without it never"
    )
    target: PartOfAll = Field(95, description="the share of updates that is to be there in time, such as 95%")


def to_clocks(part: ClocksPart) -> ClockRules:
    """The rules of the clocks as the domain has them."""
    return ClockRules(part.long_after, part.skips, part.target, part.again)


def one_by_name(providers: dict[str, timedelta]) -> dict[str, timedelta]:
    names = [name.casefold() for name in providers]
    for index, name in enumerate(providers):
        if names[index] in names[:index]:
            raise Wrong(
                tr("stands here a second time"), tr("take one out: upper and lower case are the same"), at=(name,)
            )
    return providers


class WatchPart(Part):
    """How incidents are watched that were imported from a provider's status page."""

    channel: ChannelName = Field(description=mark("the channel that the provider's posts belong to"))
    cadence: Duration = Field(description=mark("the longest silence where the severity has no cadence for the channel"))
    providers: Annotated[dict[Provider, Duration], AfterValidator(one_by_name)] = Field(
        {}, description="by provider, the longest silence of its incidents; it counts before all others"
    )
