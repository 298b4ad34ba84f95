"""The incident itself (R1 to R3): what it is, how bad, in which stage, and the times that are kept apart.

What follows when somebody declares or changes one is decided in `declaring`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from warroom.domain import escalation
from warroom.domain.comms import Cadence
from warroom.domain.core import Command, Event, happens
from warroom.domain.oncall import PagingHours
from warroom.domain.roles import RequiredRole
from warroom.domain.rules import GROUPED, SUPPRESSED, Hold, HoldKept, HoldLifted, RuleApplied


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
    `hold` is when that ends or is looked at, None where a person alone can end it.
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

    @property
    def live(self) -> bool:
        """Whether the impact is not over."""
        return self.status not in OVER

    @property
    def watched(self) -> bool:
        """Whether it was imported from a provider."""
        return bool(self.provider)


# Commands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Declare(Command):
    """There is an incident. `key` is given by the store, in the same transaction."""

    lines = ("title", "service", "source", "reporter", "detection", "environment", "region", "tier", "impact")
    names = ("severity",)
    blocks = ("summary",)

    title: str
    severity: str
    service: str = ""
    summary: str = ""
    started_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    source: str = ""
    reporter: str = ""
    detection: str = ""
    environment: str = ""
    region: str = ""
    tier: str = ""
    impact: str = ""


@dataclass(frozen=True, slots=True)
class SetStatus(Command):
    """Move the incident to a stage. `seen`: the stage that the asker saw."""

    lines = ("reason",)

    to: Status
    reason: str = ""
    seen: Status | None = None


@dataclass(frozen=True, slots=True)
class SetSeverity(Command):
    """Re-assess how bad it is; needs a reason. `seen`: the severity that the asker saw."""

    names = ("to",)
    lines = ("reason",)

    to: str
    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Amend(Command):
    """Correct what is known of the incident; None leaves a field as it is. `labels` are added to those there are, and
    one without a value is taken away."""

    lines = ("title", "service", "reason", "environment", "region", "tier", "impact")
    blocks = ("summary",)

    title: str | None = None
    service: str | None = None
    summary: str | None = None
    started_at: datetime | None = None
    reason: str = ""
    environment: str | None = None
    region: str | None = None
    tier: str | None = None
    impact: str | None = None
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Merge(Command):
    """This incident is a duplicate of `into`, under which it is worked on: it is closed. `Absorb` belongs to it."""

    names = ("into",)
    lines = ("reason",)

    into: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Absorb(Command):
    """The other half of `Merge`: `key` turned out to be this incident, and is worked on here."""

    names = ("key", "severity")
    lines = ("title", "reason")

    key: str
    title: str = ""
    severity: str = ""
    reason: str = ""


# Events --------------------------------------------------------------------------------------------------------------


@happens("declared")
@dataclass(frozen=True, slots=True)
class Declared(Event):
    """An incident exists."""

    key: str
    title: str
    severity: str
    revision: str
    service: str = ""
    summary: str = ""
    started_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    reporter: str = ""
    detection: str = ""
    environment: str = ""
    region: str = ""
    tier: str = ""
    impact: str = ""


@happens("status_changed")
@dataclass(frozen=True, slots=True)
class StatusChanged(Event):
    """The incident moved on, or back. `happened_at` is set where it was not now: an imported one."""

    before: Status
    to: Status
    reason: str = ""
    happened_at: datetime | None = None


@happens("severity_changed")
@dataclass(frozen=True, slots=True)
class SeverityChanged(Event):
    """It is worse or milder than was thought. `rule`: which one found so, "" for a person or a provider."""

    before: str
    to: str
    reason: str
    rule: str = ""


@happens("amended")
@dataclass(frozen=True, slots=True)
class Amended(Event):
    """What is known of it was corrected; None: unchanged."""

    title: str | None = None
    service: str | None = None
    summary: str | None = None
    started_at: datetime | None = None
    impact: str | None = None
    reason: str = ""
    environment: str | None = None
    region: str | None = None
    tier: str | None = None
    labels: Mapping[str, str] | None = None


@happens("merged")
@dataclass(frozen=True, slots=True)
class Merged(Event):
    """It is a duplicate of `into`."""

    into: str
    reason: str = ""


@happens("absorbed")
@dataclass(frozen=True, slots=True)
class Absorbed(Event):
    """`key` was a duplicate of this incident; `worse`: it had been declared with a worse severity than this one has."""

    key: str
    title: str
    severity: str = ""
    worse: bool = False
    reason: str = ""


@happens("rules_moved")
@dataclass(frozen=True, slots=True)
class RulesMoved(Event):
    """The incident goes on under another revision of the rules than it began with."""

    before: str
    to: str


# Evolve --------------------------------------------------------------------------------------------------------------


def begin(event: Declared, at: datetime, actor: str) -> Incident:
    """The incident that comes into being."""
    return Incident(
        key=event.key,
        title=event.title,
        severity=event.severity,
        status=Status.NEW,
        declared_at=at,
        declared_by=actor,
        revision=event.revision,
        status_since=at,
        summary=event.summary,
        service=event.service,
        labels=event.labels,
        started_at=event.started_at,
        source=event.source,
        reporter=event.reporter,
        detection=event.detection,
        environment=event.environment,
        region=event.region,
        tier=event.tier,
        impact=event.impact,
    )


def evolve(incident: Incident, event: Event, at: datetime) -> Incident:
    """The incident after `event`; events of other topics leave it as it is, but for the first acknowledgement."""
    match event:
        case StatusChanged():
            return _moved(incident, event.to, event.happened_at or at)
        case SeverityChanged():
            return replace(incident, severity=event.to, severity_by_hand=incident.severity_by_hand or not event.rule)
        case RuleApplied():
            return replace(
                incident,
                priority=event.priority or incident.priority,
                policy=event.policy or incident.policy,
                owner=event.owner or incident.owner,
                labels={**incident.labels, **event.all_labels},
                start_level=event.level or incident.start_level,
                held=event.holds or incident.held,
                hold=event.hold if event.holds else incident.hold,
                rules_applied=(*incident.rules_applied, event.rule),
            )
        case HoldLifted():
            kept = {name: value for name, value in incident.labels.items() if name not in (SUPPRESSED, GROUPED)}
            return replace(incident, held="", hold=None, labels=kept)
        case HoldKept() if incident.hold is not None:
            hold = replace(incident.hold, key=event.key, due=event.until, looks=event.look)
            marks = {**incident.labels, GROUPED: event.key} if event.key else incident.labels
            return replace(incident, hold=hold, held=hold.words or incident.held, labels=marks)
        case Amended():
            return replace(
                incident,
                title=incident.title if event.title is None else event.title,
                service=incident.service if event.service is None else event.service,
                summary=incident.summary if event.summary is None else event.summary,
                started_at=event.started_at or incident.started_at,
                impact=incident.impact if event.impact is None else event.impact,
                environment=incident.environment if event.environment is None else event.environment,
                region=incident.region if event.region is None else event.region,
                tier=incident.tier if event.tier is None else event.tier,
                labels=_relabelled(incident.labels, event.labels or {}),
            )
        case escalation.Acknowledged() if incident.acknowledged_at is None:
            return replace(incident, acknowledged_at=at)
        case escalation.Unacknowledged() if event.first:
            return replace(incident, acknowledged_at=None)
        case Merged():
            return replace(incident, merged_into=event.into)
        case Absorbed():
            return replace(incident, absorbed=(*incident.absorbed, event.key))
        case RulesMoved():
            return replace(incident, revision=event.to)
        case _:
            return incident


def _relabelled(labels: Mapping[str, str], changed: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in {**labels, **changed}.items() if value} if changed else labels


def _moved(incident: Incident, to: Status, at: datetime) -> Incident:
    mitigated, resolved, closed = incident.mitigated_at, incident.resolved_at, incident.closed_at
    if to is Status.MITIGATING:
        mitigated = mitigated or at
    if to in OVER:
        resolved = resolved or at
        closed = at if to is Status.CLOSED else None
    else:
        resolved = closed = None
    return replace(
        incident,
        status=to,
        status_since=at,
        mitigated_at=mitigated,
        resolved_at=resolved,
        closed_at=closed,
        # What is opened again is worked on by itself.
        merged_into=incident.merged_into if to in OVER else "",
    )


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case Declared():
            return f"{event.severity} {event.title}"
        case StatusChanged():
            return f"{event.before} → {event.to}" + (f": {event.reason}" if event.reason else "")
        case SeverityChanged():
            return f"{event.before} → {event.to}: {event.reason}"
        case Merged():
            return f"a duplicate of {event.into}" + (f": {event.reason}" if event.reason else "")
        case Absorbed():
            worse = f"; it was {event.severity}, which is worse than this one" if event.worse else ""
            return f"{event.key} {event.title} is this one{worse}" + (f": {event.reason}" if event.reason else "")
        case RulesMoved():
            return f"from revision {event.before} to {event.to}"
        case Amended():
            fields = ("title", "service", "summary", "started_at", "impact", "environment", "region", "tier", "labels")
            changed = [name for name in fields if getattr(event, name) is not None]
            return f"{', '.join(changed).replace('started_at', 'impact started')} corrected" + (
                f": {event.reason}" if event.reason else ""
            )
        case _:
            return ""
