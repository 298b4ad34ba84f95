"""The record in the rulebook: how what is overdue on it is brought to mind (R11)."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from warroom.domain.record import RecordRules
from warroom.rulebook.parts.fields import Duration, Part, Times


class RecordPart(Part):
    """What happens when a task or a decision is overdue. Its owner is reminded when it falls due; then the incident
    manager besides."""

    remind_again: Duration = Field(timedelta(minutes=15), description="how long after one reminder the next goes out")
    remind_times: Times = Field(3, description="how many reminders go out in all, 1 or more")


def to_record(part: RecordPart) -> RecordRules:
    """The domain's value."""
    return RecordRules(part.remind_again, part.remind_times)
