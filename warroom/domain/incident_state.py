"""What an incident is (R1 to R3): its stage, its severity, what is known of it, and the times that are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from warroom.domain.cadence import Cadence
from warroom.domain.facts import Assessment, Facts
from warroom.domain.oncall import PagingHours
from warroom.domain.roles import RequiredRole
from warroom.domain.rules import Hold
from warroom.valueclass import dataclass


class Status(StrEnum):
    """The stages of an incident, in order. Acknowledging is apart from them."""

    NEW = "new"
    TRIAGING = "triaging"
    INVESTIGATING = "investigating"
    MITIGATING = "mitigating"
    RESOLVED = "resolved"
    CLOSED = "closed"


OVER = (Status.RESOLVED, Status.CLOSED)
"""The business impact is over: nobody is paged, no role has to be filled."""


@dataclass(frozen=True, slots=True)
class SeveritySpec:
    """A severity as the rulebook has it. `rank` 1 is the worst; `impacts`: providers' own words that mean it.

    `ack_lapses`: an acknowledgement lapses when nobody does anything for that long (None: never). `stalled`: by status,
    how long it may stay the same before the next level of the escalation comes in.
    """

    name: str
    rank: int
    glyph: str
    title: str
    major: bool
    policy: str = ""
    hours: PagingHours | None = None
    cadence: tuple[Cadence, ...] = ()
    roles: tuple[RequiredRole, ...] = ()
    impacts: tuple[str, ...] = ()
    ack_lapses: timedelta | None = None
    stalled: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. Times that nobody knows are None; `started_at` is when the impact began.

    `provider` and `source_id` are set for one that was imported: it is watched, its silences are counted, nobody is
    paged for it. `revision` names the rules that it began under and that it keeps. `source` is what reported it, ""
    for a person. What the service's entry in the catalogue says stands there and not here; `owner` (a team), `policy`
    and `start_level` are what a rule chose instead, and `held` says why it wants nobody paged, "" when it does not;
    `hold` is when that ends or is looked at, None where a person alone can end it. `resolved_at` is when the business
    impact was over, which somebody may have said later than that.
    """

    key: str
    title: str
    severity: str
    status: Status
    declared_at: datetime
    declared_by: str
    revision: str
    status_since: datetime
    summary: str = ""
    service: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    provider: str = ""
    source_id: str = ""
    url: str = ""
    impact: str = ""
    components: tuple[str, ...] = ()
    source: str = ""
    reporter: str = ""
    detection: str = ""
    environment: str = ""
    region: str = ""
    tier: str = ""
    owner: str = ""
    priority: str = ""
    policy: str = ""
    start_level: int = 0
    severity_by_hand: bool = False
    rules_applied: tuple[str, ...] = ()
    held: str = ""
    merged_into: str = ""
    absorbed: tuple[str, ...] = ()
    hold: Hold | None = None
    facts: Facts = field(default_factory=Facts)
    assessment: Assessment | None = None

    @property
    def live(self) -> bool:
        """Whether the impact is not over."""
        return self.status not in OVER

    @property
    def watched(self) -> bool:
        """Whether it was imported from a provider."""
        return bool(self.provider)

    @property
    def idle(self) -> str:
        """Why nobody works on it: "only watched", or the status in which it is over; "" where somebody may."""
        return "only watched" if self.watched else "" if self.live else self.status.value
