"""What `--json` prints, as models; docs/json.md describes each of them and a test holds the two together.

A text that nobody gave is "", a time that nobody knows is null. Members may be added in later versions; those that are
here keep their names and meanings.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer


def rfc3339(at: datetime) -> str:
    """A moment in UTC: seconds always, as many digits of a second as there are, and a Z."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


Time = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]


class Shape(BaseModel):
    """The base of all shapes: nothing is changed once it is made, nothing unknown gets in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Times(Shape):
    """The times of an incident that are kept apart."""

    started: Time | None
    declared: Time
    acknowledged: Time | None
    mitigated: Time | None
    resolved: Time | None
    closed: Time | None
    status_since: Time


class Role(Shape):
    """One role of an incident."""

    role: str
    holder: str
    since: Time | None
    required: bool
    due: Time | None
    offered_to: str
    offered_by: str
    offer_lapses_at: Time | None


class Escalation(Shape):
    """Where the escalation of an incident stands."""

    policy: str
    revision: str
    phase: str
    level: int
    cycle: int
    repeat: int
    acked_by: str
    acked_at: Time | None
    next_at: Time | None
    snoozed_until: Time | None
    snooze_reason: str
    exhausted_at: Time | None


class Stream(Shape):
    """One channel of an incident and the silence on it."""

    channel: str
    audience: str
    due: Time | None
    promised: bool
    last_at: Time | None
    count: int
    every_s: float | None
    late: bool


class Deadline(Shape):
    """One thing that falls due by itself."""

    name: str
    at: Time


class Incident(Shape):
    """One incident as it is now."""

    key: str
    title: str
    severity: str
    status: str
    live: bool
    service: str
    summary: str
    labels: dict[str, str]
    components: list[str]
    provider: str
    source_id: str
    url: str
    declared_by: str
    times: Times
    lead: str
    roles: list[Role]
    escalation: Escalation
    streams: list[Stream]
    deadlines: list[Deadline]
    version: int


class LogLine(Shape):
    """One line of the record."""

    key: str
    seq: int
    version: int
    at: Time
    recorded_at: Time
    due: Time | None
    late_s: float | None
    actor: str
    kind: str
    text: str
    data: dict[str, Any]


class Acted(Incident):
    """The incident after a command, and what the command did."""

    events: list[LogLine]


class GapsMin(Shape):
    """The lengths of the silences that have ended, in minutes, oldest first."""

    start_to_first: list[float]
    between: list[float]
    last_to_resolved: list[float]


class Gaps(Shape):
    """The silences of one incident."""

    key: str
    provider: str
    source_id: str
    start: str | None
    first_update: str | None
    closed: str | None
    gaps_min: GapsMin
    max_gap_min: float | None


class Imported(Shape):
    """What one file brought in."""

    file: str
    incidents: int
    new_incidents: int
    changed_incidents: int
    unchanged_incidents: int
    new_updates: int


class Checked(Shape):
    """One thing that `warroom doctor` looked at."""

    check: str
    good: bool
    what: str


class Error(Shape):
    """Why a command failed."""

    kind: str
    message: str
    exit: int
    retry: bool


class Failed(Shape):
    """What stands on stderr when a command fails."""

    error: Error


class Note(Shape):
    """What stands on stderr beside the result, for whoever looks on."""

    note: str
