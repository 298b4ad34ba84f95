"""The incident itself (R1 to R3): what its parts are called, in one place, and what each event makes of it.

What it is stands in `incident_state`, what can be asked for and happens in `incident_commands` and `incident_events`.
What follows when somebody declares or changes one is decided in `declaring` and `correcting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from warroom.domain import escalation
from warroom.domain.core import Event
from warroom.domain.facts import Assessment, Facts
from warroom.domain.incident_commands import Absorb, Amend, Assess, CountCases, Declare, Merge, SetSeverity, SetStatus
from warroom.domain.incident_events import (
    Absorbed,
    Amended,
    Assessed,
    CasesCounted,
    Declared,
    Merged,
    RulesMoved,
    SeverityChanged,
    StatusChanged,
)
from warroom.domain.incident_state import OVER, Incident, SeveritySpec, Status
from warroom.domain.kept_words import kept
from warroom.domain.rules import GROUPED, SUPPRESSED, HoldKept, HoldLifted, RuleApplied
from warroom.domain.status_words import status_word
from warroom.words import mark, tr

__all__ = [
    "OVER",
    "Absorb",
    "Absorbed",
    "Amend",
    "Amended",
    "Assess",
    "Assessed",
    "Assessment",
    "CasesCounted",
    "CountCases",
    "Declare",
    "Declared",
    "Facts",
    "Incident",
    "Merge",
    "Merged",
    "RulesMoved",
    "SetSeverity",
    "SetStatus",
    "SeverityChanged",
    "SeveritySpec",
    "Status",
    "StatusChanged",
    "begin",
    "describe",
    "evolve",
    "field_word",
]


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
        facts=Facts(
            products=event.products,
            category=event.category,
            type=event.type,
            description=event.description,
            cluster=event.cluster,
            deploy=event.deploy,
            detected_at=event.detected_at,
        ),
    )


def evolve(incident: Incident, event: Event, at: datetime, actor: str = "") -> Incident:
    """The incident after `event`; events of other topics leave it as it is, but for the first acknowledgement."""
    match event:
        case StatusChanged():
            return _moved(incident, event.to, event.happened_at or at, event.ended_at)
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
            return _amended(incident, event)
        case Assessed():
            made = Assessment(at, actor, event.impact, event.urgency, event.proposed, event.answers)
            return replace(incident, assessment=made)
        case CasesCounted():
            return replace(incident, facts=replace(incident.facts, cases=event.cases))
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


OWN = {
    **{name: name for name in ("title", "service", "summary", "impact", "environment", "region", "tier")},
    **{name: name for name in ("source", "reporter", "detection", "started_at", "declared_at", "acknowledged_at")},
    "mitigated_at": "mitigated_at",
    "ended_at": "resolved_at",
    "closed_at": "closed_at",
}
"""What can be corrected of the incident, and the field of `Incident` that holds it."""
BESIDES = (
    *("products", "category", "type", "description", "internal", "external", "cases", "cluster", "deploy"),
    "detected_at",
)
"""What can be corrected of its `Facts`."""


def _amended(incident: Incident, event: Amended) -> Incident:
    new: dict[str, object] = {kept: getattr(event, name) for name, kept in OWN.items()}
    more: dict[str, object] = {name: getattr(event, name) for name in BESIDES}
    new = {name: value for name, value in new.items() if value is not None}
    more = {name: value for name, value in more.items() if value is not None}
    for name in event.unknown:
        if name in OWN:
            new[OWN[name]] = None
        elif name in BESIDES:
            more[name] = None
    facts = replace(incident.facts, **more) if more else incident.facts  # type: ignore[arg-type]
    labels = _relabelled(incident.labels, event.labels or {})
    return replace(incident, labels=labels, facts=facts, **new)  # type: ignore[arg-type]


def _relabelled(labels: Mapping[str, str], changed: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in {**labels, **changed}.items() if value} if changed else labels


def _moved(incident: Incident, to: Status, at: datetime, ended: datetime | None) -> Incident:
    mitigated, resolved, closed = incident.mitigated_at, incident.resolved_at, incident.closed_at
    if to is Status.MITIGATING:
        mitigated = mitigated or at
    if to in OVER:
        resolved = ended or resolved or at
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


# In words ------------------------------------------------------------------------------------------------------------

WORDS = {
    "started_at": mark("impact started"),
    "detected_at": mark("detected"),
    "declared_at": mark("declared"),
    "acknowledged_at": mark("acknowledged"),
    "mitigated_at": mark("mitigated"),
    "ended_at": mark("impact ended"),
    "closed_at": mark("closed"),
    "description": mark("what customers see"),
    "internal": mark("colleagues affected"),
    "external": mark("customers affected"),
    "cases": mark("support cases"),
}
"""What a field is called where its own name does not say it."""
_NAMED = (
    *(mark("title"), mark("service"), mark("summary"), mark("impact"), mark("environment"), mark("region")),
    *(mark("tier"), mark("source"), mark("reporter"), mark("detection"), mark("products"), mark("category")),
    *(mark("type"), mark("cluster"), mark("deploy"), mark("labels")),
)


def field_word(name: str) -> str:
    """A field of an incident as it is shown."""
    return tr(WORDS.get(name, name))


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case Declared():
            return f"{event.severity} {event.title}" + (
                tr(" (part of {parent})").format(parent=event.parent) if event.parent else ""
            )
        case StatusChanged():
            words = f"{status_word(event.before)} → {status_word(event.to)}" + (
                f": {kept(event.reason)}" if event.reason else ""
            )
            ended = (
                tr("; the impact ended {ended_at:%Y-%m-%d %H:%M} UTC").format(ended_at=event.ended_at)
                if event.ended_at
                else ""
            )
            left = (
                tr("; still open: {left_open}").format(left_open="; ".join(map(kept, event.left_open)))
                if event.left_open
                else ""
            )
            return (
                words
                + ended
                + left
                + (tr("; doubtful: {doubts}").format(doubts="; ".join(map(kept, event.doubts))) if event.doubts else "")
            )
        case SeverityChanged():
            return f"{event.before} → {event.to}: {kept(event.reason)}"
        case Assessed():
            return _assessed(event)
        case CasesCounted():
            return tr("{cases} support cases").format(cases=event.cases) + (
                tr(", before {before}").format(before=event.before) if event.before is not None else ""
            )
        case Merged():
            return tr("a duplicate of {into}").format(into=event.into) + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case Absorbed():
            worse = (
                tr("; it was {severity}, which is worse than this one").format(severity=event.severity)
                if event.worse
                else ""
            )
            return tr("{key} {title} is this one{worse}").format(key=event.key, title=event.title, worse=worse) + (
                f": {kept(event.reason)}" if event.reason else ""
            )
        case RulesMoved():
            return tr("from revision {before} to {to}").format(before=event.before, to=event.to)
        case Amended():
            changed = [_changed(name, getattr(event, name)) for name in (*OWN, *BESIDES, "labels")]
            named = ", ".join(each for each in changed if each)
            lost = ", ".join(field_word(name) for name in event.unknown)
            said = [tr("{named} corrected").format(named=named)] if named else []
            said += [tr("{lost} unknown after all").format(lost=lost)] if lost else []
            return "; ".join(said) + (f": {kept(event.reason)}" if event.reason else "")
        case _:
            return ""


def _changed(name: str, value: object) -> str:
    if value is None:
        return ""
    word = field_word(name)
    if isinstance(value, datetime):
        return f"{word} ({value:%Y-%m-%d %H:%M} UTC)"
    return f"{word} ({value})" if isinstance(value, int) else word


def _assessed(event: Assessed) -> str:
    parts = [
        tr("impact {impact}").format(impact=event.impact) if event.impact else "",
        tr("urgency {urgency}").format(urgency=event.urgency) if event.urgency else "",
    ]
    found = ", ".join(part for part in parts if part) + (f" → {event.proposed}" if event.proposed else "")
    answers = [f"{question} {answer}" for question, answer in event.answers]
    return "; ".join(part for part in (found, *answers) if part)
