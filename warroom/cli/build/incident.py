"""From an incident, its record and a command on it to the shapes of `--json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from warroom.cli.shapes import incident as shapes
from warroom.cli.shapes import rfc3339
from warroom.domain import comms, escalation, roles
from warroom.domain.core import Entry
from warroom.domain.incident import Incident
from warroom.domain.room import Room, due
from warroom.service.facts_view import link_lines
from warroom.service.viewing import record_line

if TYPE_CHECKING:
    from warroom.store.write import Outcome
    from warroom.views import LinkLine


def incident(room: Room, now: datetime, *, then: bool = False) -> shapes.Incident:
    """One incident as it is at `now`; `then` where that is a moment of the past."""
    return shapes.Incident(**_members(room, now), as_of=now if then else None)


def acted(outcome: Outcome, now: datetime) -> shapes.Acted:
    """The incident after a command and the events that the command caused."""
    return shapes.Acted(**_members(outcome.room, now), as_of=None, events=list(events(outcome)))


def events(outcome: Outcome) -> Iterable[shapes.LogLine]:
    """The entries of a command as lines of the record; they are the last ones, without anything in between."""
    count = len(outcome.entries)
    for n, entry in enumerate(outcome.entries, 1):
        yield log_line(outcome.key, outcome.seq - count + n, outcome.room.version - count + n, entry)


def log_line(key: str, seq: int, version: int, entry: Entry) -> shapes.LogLine:
    """One line of the record."""
    words = record_line(seq, entry)
    late = entry.late
    return shapes.LogLine(
        key=key,
        seq=seq,
        version=version,
        at=words.at,
        recorded_at=entry.at,
        due=entry.due,
        late_s=None if late is None else late.total_seconds(),
        actor=entry.actor,
        kind=entry.event.kind,
        text=words.text,
        data={f.name: plain(getattr(entry.event, f.name)) for f in fields(entry.event)},
    )


def plain(value: Any) -> Any:
    """A value of the domain as JSON has it: times as everywhere, durations in seconds, the rest by its parts."""
    match value:
        case datetime():
            return rfc3339(value)
        case timedelta():
            return value.total_seconds()
        case Enum():
            return value.value
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case tuple() | list():
            return [plain(v) for v in value]
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    return value


def _members(room: Room, now: datetime) -> dict[str, Any]:
    i = room.incident
    return {
        "key": i.key,
        "title": i.title,
        "severity": i.severity,
        "status": i.status.value,
        "live": i.live,
        "service": i.service,
        "summary": i.summary,
        "impact": i.impact,
        "description": i.facts.description,
        "products": list(i.facts.products),
        "category": i.facts.category,
        "type": i.facts.type,
        "customers": i.facts.external,
        "colleagues": i.facts.internal,
        "cases": i.facts.cases,
        "environment": i.environment,
        "region": i.region,
        "cluster": i.facts.cluster,
        "tier": i.tier,
        "deploy": i.facts.deploy,
        "priority": i.priority,
        "owner": i.owner,
        "source": i.source,
        "reporter": i.reporter,
        "detection": i.detection,
        "labels": dict(i.labels),
        "components": list(i.components),
        "provider": i.provider,
        "source_id": i.source_id,
        "url": i.url,
        "declared_by": i.declared_by,
        "held": _held(i),
        "merged_into": i.merged_into,
        "absorbed": list(i.absorbed),
        "links": [link(i.key, line) for line in link_lines(room)],
        "assessment": _assessed(i),
        "times": _times(i),
        "lead": room.roles.holder(roles.LEAD),
        "roles": [_role(name, state) for name, state in room.roles.by_name.items()],
        "escalation": _escalation(room),
        "streams": [_stream(name, stream, now) for name, stream in room.comms.streams.items()],
        "deadlines": [shapes.Deadline(name=deadline.name, at=deadline.at) for deadline in due(room)],
        "version": room.version,
    }


def _held(i: Incident) -> shapes.Held | None:
    if not i.held:
        return None
    return shapes.Held(why=i.held, key=i.hold.key if i.hold else "", until=i.hold.due if i.hold else None)


def link(key: str, line: LinkLine) -> shapes.Link:
    """One thing that belongs to an incident."""
    to = "" if line.key else line.to
    return shapes.Link(key=key, kind=line.kind, to=to, title=line.title, incident=line.key, status=line.state)


def _assessed(i: Incident) -> shapes.Assessed | None:
    made = i.assessment
    if made is None:
        return None
    answers = dict(made.answers)
    return shapes.Assessed(
        at=made.at, by=made.by, impact=made.impact, urgency=made.urgency, proposed=made.proposed, answers=answers
    )


def _times(i: Incident) -> shapes.Times:
    return shapes.Times(
        started=i.started_at,
        detected=i.facts.detected_at,
        declared=i.declared_at,
        acknowledged=i.acknowledged_at,
        mitigated=i.mitigated_at,
        resolved=i.resolved_at,
        closed=i.closed_at,
        status_since=i.status_since,
    )


def _role(name: str, state: roles.RoleState) -> shapes.Role:
    offer = state.offer
    return shapes.Role(
        role=name,
        holder=state.holder,
        since=state.since,
        required=state.required,
        due=state.due,
        offered_to=offer.to if offer else "",
        offered_by=offer.by if offer else "",
        offer_lapses_at=offer.lapses_at if offer else None,
        read_back=offer.read_back if offer else "",
        also=list(state.also),
        deputies=list(state.deputies),
        added=state.added,
        handover_at=state.planned.at if state.planned else None,
        handover_to=state.planned.to if state.planned else "",
        done=[shapes.Tick(duty=tick.duty, by=tick.by, at=tick.at) for tick in state.done],
    )


def _escalation(room: Room) -> shapes.Escalation:
    state = room.escalation
    timers = () if room.incident.watched else escalation.due(state)
    return shapes.Escalation(
        policy=state.policy,
        revision=room.incident.revision,
        phase=state.phase.value,
        level=state.level,
        cycle=state.cycle,
        repeat=state.repeat,
        acked_by=state.acked_by,
        acked_at=state.acked_at,
        next_at=min((timer.at for timer in timers), default=None),
        snoozed_until=state.snooze.until if state.snooze else None,
        snooze_reason=state.snooze.reason if state.snooze else "",
        exhausted_at=state.exhausted_at,
    )


def _stream(name: str, stream: comms.Stream, now: datetime) -> shapes.Stream:
    return shapes.Stream(
        channel=name,
        audience=stream.audience.value,
        due=stream.due,
        promised=stream.promised,
        last_at=stream.last_at,
        count=stream.count,
        every_s=None if stream.every is None else stream.every.total_seconds(),
        late=stream.due is not None and stream.due <= now,
    )
