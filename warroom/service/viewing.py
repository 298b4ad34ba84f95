"""From a room and its rows to what a screen shows: pure functions, no database, no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.chatrooms import room_now
from warroom.domain.clocks import near_at
from warroom.domain.comms import UpdatePosted
from warroom.domain.core import Entry
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import Phase
from warroom.domain.oneline import vocabulary
from warroom.domain.role_titles import titled
from warroom.domain.roles import LEAD
from warroom.domain.room import Room, describe
from warroom.domain.short_kinds import short_kind
from warroom.domain.topic import topic
from warroom.service.clocks_view import clock_lines
from warroom.service.composing import draft_lines, proposal_lines
from warroom.service.facts_view import facts_view, link_lines
from warroom.service.keeping import Memory
from warroom.service.laddering import ladder, next_page
from warroom.service.people_view import people_view, role_lines
from warroom.service.timeline_view import timeline
from warroom.service.work_view import work_view
from warroom.store.codec import from_us
from warroom.store.drafts import Draft
from warroom.valueclass import dataclass
from warroom.views import (
    Catalogue,
    IncidentDetail,
    IncidentLine,
    Message,
    RecordLine,
    SeverityFace,
    UpdateDue,
)
from warroom.words import tr

PLANNING = frozenset(
    {
        "role_required",
        "role_released",
        "stream_opened",
        "stream_timed",
        "stream_ended",
        "escalation_planned",
        "fatigue_timed",
    }
)
"""Entries that say what will be timed from now on. The panels show that; the board's record leaves them to the log."""
WORTH_SAYING = timedelta(seconds=1)
"""From when on a step that came late is said to be late: below that nobody was kept waiting."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read of one incident besides its state: updates, record, marks and messages; and which revision of the
    rules is in force for new ones. `others`: title and stage of the incidents that belong to it, by key; `drafts`: what
    is being written now. `happened` is the same object for as long as nothing happens in the whole room; None: unknown.
    """

    updates: Sequence[Any]
    record: Sequence[tuple[int, int, Entry]]
    changes: Sequence[Entry]
    messages: Sequence[Any]
    in_force: str = ""
    others: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    drafts: Sequence[Draft] = ()
    happened: object = None


def severity_face(name: str, book: Rulebook) -> SeverityFace:
    """How a severity is shown."""
    spec = book.severity(name)
    return SeverityFace(spec.name, spec.glyph, spec.rank, spec.major)


def catalogue(book: Rulebook) -> Catalogue:
    """What a person can choose from under these rules."""
    words = vocabulary(book)
    return Catalogue(
        severities=tuple(severity_face(name, book) for name in book.severities),
        roles=tuple((role.role, role.title) for role in book.roles.values()),
        people=tuple(book.people),
        services=tuple(book.services),
        impact_words=tuple(words.words.items()),
        service_tiers=tuple(words.services.items()),
        tiers=tuple(words.tiers.items()),
        usual=words.usual,
    )


def incident_line(room: Room, book: Rulebook) -> IncidentLine:
    """One row of the list."""
    incident, lead = room.incident, room.roles.get(LEAD)
    exhausted = room.escalation.phase is Phase.EXHAUSTED
    service = book.service(incident.service)
    return IncidentLine(
        key=incident.key,
        title=incident.title,
        severity=severity_face(incident.severity, book),
        status=incident.status.value,
        lead=lead.holder,
        lead_due=lead.due if not lead.holder else None,
        page=next_page(room, book.policies.get(room.escalation.policy)),
        update=update_due(room, book),
        alarm=tr("policy {policy} is exhausted: nobody has acknowledged").format(policy=room.escalation.policy)
        if exhausted
        else "",
        watched=incident.watched,
        version=room.version,
        service=incident.service,
        team=incident.owner or service.owner,
        environment=incident.environment or service.environment,
        region=incident.region or service.region,
        roles=_holders(room),
        acked_by=room.escalation.acked_by,
        opened_at=incident.declared_at,
        cases=incident.facts.cases,
        tasks_open=len(room.record.open_tasks),
        tired_at=room.people.get(lead.holder).tired_at if lead.holder else None,
    )


def _holders(room: Room) -> tuple[tuple[str, str], ...]:
    """Who holds which role; "" for one that has to be filled and is vacant."""
    out: list[tuple[str, str]] = []
    for name, state in room.roles.by_name.items():
        out += [(name, person) for person in ((state.holder, *state.also) if state.holder else ())]
        if state.required and not state.holder:
            out.append((name, ""))
    return tuple(out)


def update_due(room: Room, book: Rulebook) -> UpdateDue:
    """The channel whose next word is due first."""
    clocks = [(s.due, name, s) for name, s in room.comms.streams.items() if s.due is not None]
    if not clocks or (not room.incident.live and room.incident.watched):
        return UpdateDue()
    due, name, stream = min(clocks, key=lambda clock: clock[0])
    return UpdateDue(name, due, near_at(stream, book))


def record_line(
    seq: int, entry: Entry, provider: str = "", version: int = 0, book: Rulebook | None = None
) -> RecordLine:
    """One line of the record in words, with roles by the titles that `book` gives them. What a provider posted is shown
    as its own, whoever imported it."""
    theirs = provider and isinstance(entry.event, UpdatePosted) and entry.event.source_id
    happened = getattr(entry.event, "posted_at", None) or getattr(entry.event, "happened_at", None) or entry.at
    late = entry.late if entry.late is not None and entry.late >= WORTH_SAYING else None
    with titled(book):
        words = describe(entry.event)
    return RecordLine(
        seq,
        happened,
        provider if theirs else entry.actor,
        short_kind(entry.event),
        words,
        late,
        version,
    )


def record_lines(
    entries: Iterable[tuple[int, int, Entry]], provider: str = "", book: Rulebook | None = None
) -> tuple[RecordLine, ...]:
    """The lines that a screen shows of entries, given as (event number, version, entry)."""
    return tuple(
        record_line(seq, entry, provider, version, book)
        for seq, version, entry in entries
        if entry.event.kind not in PLANNING
    )


def detail(
    room: Room,
    book: Rulebook,
    rows: Rows,
    now: datetime,
    duty: Duty = NOTHING_BESIDES,
    memory: Memory | None = None,
) -> IncidentDetail:
    """Everything that the board shows of the selected incident. What `memory` has of it from an earlier look is taken
    where it still holds."""
    incident, memory = room.incident, memory or Memory()
    service = book.service(incident.service).shown
    labels = tuple(f"{k}={v}" for k, v in incident.labels.items())
    source = (incident.provider,) if incident.provider else ()
    place = room_now(room, book)
    now_in = (tr("now {place}").format(place=place),) if place else ()
    facts = tuple(f for f in (*source, incident.service, *service, *labels, *now_in, *incident.components[:3]) if f)
    return IncidentDetail(
        line=incident_line(room, book),
        facts=facts,
        summary=incident.summary,
        impact_started=incident.started_at,
        declared_at=incident.declared_at,
        resolved_at=incident.resolved_at,
        roles=role_lines(room, book, now, duty),
        people=people_view(room, book, now, duty),
        ladder=ladder(room, book, now, duty, rows.messages, rows.in_force, memory, rows.happened),
        clocks=clock_lines(room, book, now, duty),
        timeline=memory.get(
            "timeline",
            (room, book, rows.updates, rows.changes),
            lambda before: timeline(room, book, rows.updates, rows.changes, before),
        ),
        record=memory.get(
            "lines", (room, book, rows.record), lambda _: record_lines(rows.record, incident.provider, book)
        ),
        work=memory.get("work", (room, rows.record), lambda _: work_view(room, (entry for _, _, entry in rows.record))),
        links=link_lines(room, rows.others),
        facts_of=memory.get("facts", (room, book), lambda _: facts_view(room, book)),
        topic=topic(room, book),
        proposals=proposal_lines(room),
        drafts=draft_lines(rows.drafts),
        outbox=memory.get("outbox", (rows.messages,), lambda _: _outbox(rows.messages)),
    )


def _outbox(messages: Iterable[Any]) -> tuple[Message, ...]:
    return tuple(Message(from_us(m.created_at), m.recipient, m.via, m.state, m.tries) for m in messages)
