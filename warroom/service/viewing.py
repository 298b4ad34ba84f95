"""From a room and its rows to what a screen shows: pure functions, no database, no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from warroom.domain import gaps
from warroom.domain.book import Rulebook
from warroom.domain.comms import UpdatePosted
from warroom.domain.core import Entry
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import Phase
from warroom.domain.incident import SeverityChanged, StatusChanged
from warroom.domain.roles import LEAD
from warroom.domain.room import Room, describe, short_kind
from warroom.service.laddering import ladder, next_page
from warroom.store.codec import from_us
from warroom.views import (
    Catalogue,
    Dot,
    IncidentDetail,
    IncidentLine,
    Lane,
    Mark,
    Message,
    RecordLine,
    RoleLine,
    SeverityFace,
    Span,
    TimelineView,
    UpdateDue,
)

PLANNING = frozenset(
    {"role_required", "role_released", "stream_opened", "stream_timed", "stream_ended", "escalation_planned"}
)
"""Entries that say what will be timed from now on. The panels show that; the board's record leaves them to the log."""
WORTH_SAYING = timedelta(seconds=1)
"""From when on a step that came late is said to be late: below that nobody was kept waiting."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read of one incident besides its state: updates, record, marks and messages; and which revision of the
    rules is in force for new ones."""

    updates: Sequence[Any]
    record: Sequence[tuple[int, int, Entry]]
    changes: Sequence[Entry]
    messages: Sequence[Any]
    in_force: str = ""


def severity_face(name: str, book: Rulebook) -> SeverityFace:
    """How a severity is shown."""
    spec = book.severity(name)
    return SeverityFace(spec.name, spec.glyph, spec.rank, spec.major)


def catalogue(book: Rulebook) -> Catalogue:
    """What a person can choose from under these rules."""
    return Catalogue(
        severities=tuple(severity_face(name, book) for name in book.severities),
        roles=tuple((role.role, role.title) for role in book.roles.values()),
        people=tuple(book.people),
        services=tuple(book.services),
        channels=tuple((channel.name, channel.audience.value) for channel in book.channels.values()),
        questions=book.questions,
    )


def incident_line(room: Room, book: Rulebook) -> IncidentLine:
    """One row of the list."""
    incident, lead = room.incident, room.roles.get(LEAD)
    exhausted = room.escalation.phase is Phase.EXHAUSTED
    return IncidentLine(
        key=incident.key,
        title=incident.title,
        severity=severity_face(incident.severity, book),
        status=incident.status.value,
        lead=lead.holder,
        lead_due=lead.due if not lead.holder else None,
        page=next_page(room, book.policies.get(room.escalation.policy)),
        update=update_due(room),
        alarm=f"policy {room.escalation.policy} is exhausted: nobody has acknowledged" if exhausted else "",
        watched=incident.watched,
        version=room.version,
    )


def update_due(room: Room) -> UpdateDue:
    """The channel whose next word is due first."""
    clocks = [(s.due, name, s) for name, s in room.comms.streams.items() if s.due is not None]
    if not clocks or (not room.incident.live and room.incident.watched):
        return UpdateDue()
    due, name, stream = min(clocks, key=lambda clock: clock[0])
    return UpdateDue(name, stream.audience.value, due, stream.every)


def role_lines(room: Room, book: Rulebook) -> tuple[RoleLine, ...]:
    """Every role that is held, offered or has to be filled, in the rulebook's order."""
    order = [*book.roles, *(name for name in room.roles.by_name if name not in book.roles)]
    out = []
    for name in order:
        state = room.roles.get(name)
        if not (state.holder or state.offer or state.required):
            continue
        offer = state.offer
        out.append(
            RoleLine(
                name,
                book.role(name).title,
                state.holder,
                state.since,
                state.due,
                state.required,
                offer.to if offer else "",
                offer.at if offer else None,
            )
        )
    return tuple(out)


def timeline(room: Room, book: Rulebook, rows: Rows, now: datetime) -> TimelineView:
    """The gap timeline: one lane per channel, the longest silence that has ended marked."""
    incident = room.incident
    end = incident.resolved_at
    posts: dict[str, list[Any]] = {name: [] for name in room.comms.streams}
    for row in rows.updates:
        posts.setdefault(row.channel, []).append(row)
    first = min((from_us(row.posted_at) for row in rows.updates), default=incident.declared_at)
    start = min(incident.started_at or incident.declared_at, incident.declared_at, first)
    lanes, longest, longest_channel = [], None, ""
    for name, given in posts.items():
        stream = room.comms.streams.get(name)
        audience = stream.audience.value if stream else given[0].audience
        dots = tuple(Dot(from_us(r.posted_at), r.posted_by, r.text) for r in given)
        every = stream.every if stream else None
        lanes.append(
            Lane(
                name,
                audience,
                start,
                dots,
                stream.due if stream else None,
                every,
                end,
                bool(stream and stream.promised),
            )
        )
        ended = [
            s for s in gaps.silences(start, (d.at for d in dots), end, now) if s.kind is not gaps.SilenceKind.RUNNING
        ]
        silence = gaps.largest(ended)
        if silence is not None and (longest is None or silence.length > longest.length):
            longest, longest_channel = Span(silence.start, silence.end), name
    return TimelineView(start, end, tuple(lanes), tuple(_marks(rows.changes)), longest, longest_channel)


def _marks(changes: Iterable[Entry]) -> Iterable[Mark]:
    for entry in changes:
        match entry.event:
            case StatusChanged():
                yield Mark(entry.event.happened_at or entry.at, entry.event.to.value)
            case SeverityChanged():
                yield Mark(entry.at, entry.event.to)


def record_line(seq: int, entry: Entry, provider: str = "") -> RecordLine:
    """One line of the record in words. What a provider posted is shown as its own, whoever imported it."""
    theirs = provider and isinstance(entry.event, UpdatePosted) and entry.event.source_id
    happened = getattr(entry.event, "posted_at", None) or getattr(entry.event, "happened_at", None) or entry.at
    late = entry.late if entry.late is not None and entry.late >= WORTH_SAYING else None
    return RecordLine(
        seq, happened, provider if theirs else entry.actor, short_kind(entry.event), describe(entry.event), late
    )


def detail(room: Room, book: Rulebook, rows: Rows, now: datetime, duty: Duty = NOTHING_BESIDES) -> IncidentDetail:
    """Everything that the board shows of the selected incident."""
    incident = room.incident
    service = book.service(incident.service).shown
    labels = tuple(f"{k}={v}" for k, v in incident.labels.items())
    source = (incident.provider,) if incident.provider else ()
    facts = tuple(f for f in (*source, incident.service, *service, *labels, *incident.components[:3]) if f)
    return IncidentDetail(
        line=incident_line(room, book),
        facts=facts,
        summary=incident.summary,
        impact_started=incident.started_at,
        declared_at=incident.declared_at,
        resolved_at=incident.resolved_at,
        roles=role_lines(room, book),
        ladder=ladder(room, book, now, duty, rows.messages, rows.in_force),
        timeline=timeline(room, book, rows, now),
        record=tuple(
            record_line(seq, entry, incident.provider)
            for seq, _, entry in rows.record
            if entry.event.kind not in PLANNING
        ),
        outbox=tuple(Message(from_us(m.created_at), m.recipient, m.via, m.state, m.tries) for m in rows.messages),
    )
