"""The incident itself (R1 to R3): what it is, how bad, in which stage, and the times that are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from warroom.domain import comms, escalation, ladder, roles
from warroom.domain.comms import Cadence
from warroom.domain.core import Command, Decision, Event, Refused, Stale, happens
from warroom.domain.oncall import PagingHours
from warroom.domain.roles import RequiredRole
from warroom.domain.text import clean_line


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
    """A severity as the rulebook has it. `rank` 1 is the worst; `impacts`: providers' own words that mean it."""

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


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. Times that nobody knows are None; `started_at` is when the impact began.

    `provider` and `source_id` are set for one that was imported: it is watched, its silences are counted, nobody is
    paged for it. `revision` names the rules that it began under and that it keeps.
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

    lines = ("title", "service")
    names = ("severity",)
    blocks = ("summary",)

    title: str
    severity: str
    service: str = ""
    summary: str = ""
    started_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


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
    """Correct what is known of the incident; None leaves a field as it is."""

    lines = ("title", "service", "reason")
    blocks = ("summary",)

    title: str | None = None
    service: str | None = None
    summary: str | None = None
    started_at: datetime | None = None
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
    """It is worse or milder than was thought."""

    before: str
    to: str
    reason: str


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
    )


def evolve(incident: Incident, event: Event, at: datetime) -> Incident:
    """The incident after `event`; events of other topics leave it as it is, but for the first acknowledgement."""
    match event:
        case StatusChanged():
            return _moved(incident, event.to, event.happened_at or at)
        case SeverityChanged():
            return replace(incident, severity=event.to)
        case Amended():
            return replace(
                incident,
                title=incident.title if event.title is None else event.title,
                service=incident.service if event.service is None else event.service,
                summary=incident.summary if event.summary is None else event.summary,
                started_at=event.started_at or incident.started_at,
                impact=incident.impact if event.impact is None else event.impact,
            )
        case escalation.Acknowledged() if incident.acknowledged_at is None:
            return replace(incident, acknowledged_at=at)
        case _:
            return incident


def _moved(incident: Incident, to: Status, at: datetime) -> Incident:
    mitigated, resolved, closed = incident.mitigated_at, incident.resolved_at, incident.closed_at
    if to is Status.MITIGATING:
        mitigated = mitigated or at
    if to in OVER:
        resolved = resolved or at
        closed = at if to is Status.CLOSED else None
    else:
        resolved = closed = None
    return replace(incident, status=to, status_since=at, mitigated_at=mitigated, resolved_at=resolved, closed_at=closed)


# Decide --------------------------------------------------------------------------------------------------------------


def declare(d: Decision, command: Declare) -> None:
    """Open an incident: page, ask for roles, start the clocks of silence, all in one decision."""
    if d.current is not None:
        raise Refused(f"{d.room.incident.key} exists already")
    if not command.title:
        raise Refused("an incident needs a title")
    severity = _severity(d, command.severity)
    if command.started_at is not None and command.started_at > d.now:
        raise Refused("the impact cannot have started in the future")
    labels: dict[str, str] = {clean_line(k, 64): clean_line(v, 200) for k, v in command.labels.items()}
    d.record(
        Declared(
            command.key,
            command.title,
            severity,
            d.book.revision,
            command.service,
            command.summary,
            command.started_at,
            labels,
        )
    )
    ladder.begin(d)
    roles.require(d)
    comms.open_streams(d)


def set_status(d: Decision, command: SetStatus) -> None:
    """Move on, resolve, close or reopen; everything that is timed follows."""
    incident = d.room.incident
    before, to = incident.status, command.to
    if command.seen is not None and command.seen is not before:
        raise Stale(f"{incident.key} is {before} since you looked")
    if to is before:
        raise Refused(f"{incident.key} is {before} already")
    if to is Status.CLOSED and before is not Status.RESOLVED:
        raise Refused(f"{incident.key} is {before}: resolve it before you close it")
    if to is Status.RESOLVED and before is Status.CLOSED:
        raise Refused(f"{incident.key} is closed: reopen it")
    if to in OVER or not incident.live:
        _needs_reason(command.reason, "resolve, close or reopen an incident")
    reopened = to not in OVER and not incident.live
    if reopened and to is Status.NEW:
        raise Refused("a reopened incident is not new: give it the stage that it is in")
    d.record(StatusChanged(before, to, command.reason))
    if incident.watched:
        return
    if to is Status.RESOLVED:
        ladder.stop(d, "resolved")
        roles.release(d)
        comms.wind_down(d)
    elif to is Status.CLOSED:
        roles.release(d)
        comms.close(d)
    elif reopened:
        ladder.begin(d)
        roles.require(d)
        comms.open_streams(d)


def set_severity(d: Decision, command: SetSeverity) -> None:
    """Re-assess; escalation, roles and cadence are planned anew at once, what has happened stays."""
    incident = d.room.incident
    to = _severity(d, command.to)
    if command.seen is not None and command.seen != incident.severity:
        raise Stale(f"{incident.key} is {incident.severity} since you looked")
    if to == incident.severity:
        raise Refused(f"{incident.key} is {to} already")
    _needs_reason(command.reason, "change the severity")
    raised = d.book.severity(to).rank < d.book.severity(incident.severity).rank
    d.record(SeverityChanged(incident.severity, to, command.reason))
    if incident.live and not incident.watched:
        ladder.reassess(d, raised=raised)
        roles.require(d, raised=raised)
        comms.open_streams(d)


def amend(d: Decision, command: Amend) -> None:
    """Correct title, service, summary or the start of the impact."""
    if command.title == "":
        raise Refused("an incident needs a title")
    if command.started_at is not None and command.started_at > d.now:
        raise Refused("the impact cannot have started in the future")
    event = Amended(command.title, command.service, command.summary, command.started_at, reason=command.reason)
    if event == Amended(reason=command.reason):
        raise Refused("nothing to change: name a field and its new value")
    d.record(event)


def _severity(d: Decision, name: str) -> str:
    for known in d.book.severities:
        if known.lower() == name.strip().lower():
            return known
    raise Refused(f"there is no severity {name!r}; the severities are {', '.join(d.book.severities)}")


def _needs_reason(reason: str, what: str) -> None:
    if not reason:
        raise Refused(f"say why: a reason is needed to {what}")


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case Declared():
            return f"{event.severity} {event.title}"
        case StatusChanged():
            return f"{event.before} → {event.to}" + (f": {event.reason}" if event.reason else "")
        case SeverityChanged():
            return f"{event.before} → {event.to}: {event.reason}"
        case Amended():
            fields = ("title", "service", "summary", "started_at", "impact")
            changed = [name for name in fields if getattr(event, name) is not None]
            return f"{', '.join(changed).replace('started_at', 'impact started')} corrected" + (
                f": {event.reason}" if event.reason else ""
            )
        case _:
            return ""
