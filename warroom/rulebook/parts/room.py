"""The room, its channels of communication, and what happens when an update is overdue (R10)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from warroom.rulebook import values
from warroom.rulebook.parts.fields import (
    ChannelName,
    Delay,
    Duration,
    Hearers,
    Part,
    Prefix,
    ReminderTarget,
    Title,
    distinct,
)
from warroom.rulebook.values import Wrong


class RoomPart(Part):
    """The room as a whole."""

    name: Title = Field(description="what the room is called on the board")
    prefix: Prefix = Field(description="what the keys of incidents begin with: INC makes INC-142")


class ChannelPart(Part):
    """A channel of communication (R10)."""

    title: Title = Field(description="what the channel is, such as public status page")
    audience: Hearers = Field(description="internal or external")


class ReminderPart(Part):
    """One step of what happens when an update is overdue (R10)."""

    after: Delay = Field(description="how long after the update was due, 0s for at once")
    to: Annotated[tuple[ReminderTarget, ...], AfterValidator(distinct)] = Field(
        min_length=1, max_length=50, description="who is reminded, such as [role:communications-manager]"
    )


def in_time(steps: tuple[ReminderPart, ...]) -> tuple[ReminderPart, ...]:
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
