"""What goes out because something happened (R9): pages and updates, as plain text with everything a reader needs.

Each message has a number within its entry; entry and number together make the idempotency key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from warroom.domain.book import Rulebook
from warroom.domain.comms import UpdateMissed, UpdatePosted
from warroom.domain.core import Entry
from warroom.domain.delivery import Action, Alerted, PageFailed
from warroom.domain.escalation import (
    AcknowledgementLapsed,
    CheckpointAsked,
    EscalationExhausted,
    LevelAnnounced,
    LevelPaged,
    PagedBesides,
    StatusStalled,
    Why,
    describe_pages,
)
from warroom.domain.ladder_words import span
from warroom.domain.policy import Otherwise, PageTo
from warroom.domain.reach import ways_to
from warroom.domain.roles import RoleMissed, RoleOffered
from warroom.domain.room import Room
from warroom.domain.routes import channel_lane, integration_lane, page_lane
from warroom.domain.templates import ANY_WAY, Template, fill
from warroom.domain.text import clean_line

NOTICE = "notice"
"""The kind of a message that wants nothing: its receiver is not paged by it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message: kind "page", "notice", "update" or "alert", to whom, by which channel, at which address, its text.

    `action`: what it does at a receiver that keeps a state of its own (trigger, acknowledge, resolve, under its `dedup`
    key), else "message". Of a page, `dedup` names the entry that paged this person first ("INC-1/3"), so that what is
    sent in its place counts with it. `destination` is the lane that it takes (`warroom.domain.routes`). The body of an
    "alert" is JSON (`alert_facts`).
    """

    kind: str
    to: str
    via: str
    address: str
    subject: str
    body: str
    action: str = "message"
    dedup: str = ""
    destination: str = ""


def outgoing(room: Room, entry: Entry, book: Rulebook) -> tuple[Outgoing, ...]:
    """The messages that one entry causes, in a fixed order. `room` is the room after the entry."""
    incident, event = room.incident, entry.event
    answer = f"Acknowledge: warroom ack {incident.key}"
    match event:
        case LevelPaged():
            again = f", repeat {event.repeat}" if event.repeat else ""
            why = f"You are paged on level {event.level} ({event.why}{again})."
            cannot = f"{answer}\nNot me: warroom decline {incident.key}"
            level = event.level
            return (*_pages(room, book, event.pages, why, cannot, level=level), *_told(room, book, event))
        case LevelAnnounced():
            whom = f"Level {event.level} is" if event.level else "The last resort is"
            why = f"{whom} paged at {event.at:%H:%M:%S} UTC if nothing changes."
            return _pages(room, book, event.pages, why, answer, level=event.level, kind=NOTICE)
        case CheckpointAsked():
            why = f"Level {event.level} waits for your word: confirm it or refuse it by {event.due:%H:%M} UTC. "
            why += "Else it is paged." if event.otherwise is Otherwise.PROCEED else "Else it is passed over."
            yes_no = f"Confirm: warroom confirm {incident.key}\nRefuse: warroom refuse {incident.key} --reason WHY"
            return _pages(room, book, event.pages, why, yes_no, level=event.level)
        case AcknowledgementLapsed():
            why = f"Nobody did anything for {span(event.after)}: your acknowledgement lapsed, and others are paged."
            return _pages(room, book, event.pages, why, answer, kind=NOTICE)
        case StatusStalled():
            why = f"It is {event.status} since {event.since:%Y-%m-%d %H:%M} UTC, and no level is left to bring in."
            change = f"Move it on: warroom status {incident.key} STAGE"
            return _pages(room, book, event.pages, why, change, kind=NOTICE)
        case PagedBesides():
            # The reason of a rule begins with its name: "rule seniors: ...".
            by_name = event.why is Why.RULE and event.reason
            because = f"by {event.reason}" if by_name else event.why + (f": {event.reason}" if event.reason else "")
            why = f"You are paged {because}."
            return _pages(room, book, event.pages, why, answer)
        case EscalationExhausted():
            why = f"Nobody has acknowledged: policy {event.policy} is exhausted."
            return _pages(room, book, event.pages, why, answer)
        case RoleMissed():
            why = f"{incident.key} has no {book.role(event.role).title}."
            return _pages(room, book, event.pages, why, f"Take it: warroom role {incident.key} {event.role}")
        case RoleOffered():
            pages = tuple(PageTo(event.to, via) for via in ways_to(event.to, (), book))
            why = f"You are offered the role {book.role(event.role).title}.\n{event.note}"
            return _pages(room, book, pages, why, f"Accept: warroom accept {incident.key} {event.role}")
        case UpdateMissed():
            why = f"The update on {event.channel} is overdue."
            return _pages(room, book, event.pages, why, f"Post it: warroom update {incident.key} {event.channel}")
        case PageFailed():
            why = f"You are paged because a page by {event.via} did not go out."
            instead = _pages(room, book, event.pages, why, answer)
            return tuple(replace(page, dedup=f"{incident.key}/{event.page}") for page in instead)
        case Alerted():
            return (_alert(room, entry.actor, event, book),)
        case UpdatePosted() if not event.source_id:
            return _update(room, event, book)
        case _:
            return ()


def _pages(
    room: Room,
    book: Rulebook,
    pages: tuple[PageTo, ...],
    why: str,
    answer: str,
    *,
    level: int = 0,
    kind: str = "page",
) -> tuple[Outgoing, ...]:
    """A page (or notice) each, in the words of the rulebook's template for its way, else in ours."""
    if not pages:
        return ()
    state = _state(room)
    plain = f"{why}\n{state}\n{answer}"
    values = _values(room, why, answer, level, state) if book.templates else {}
    texts = []
    for page in pages:
        own, general = book.templates.get(page.via, Template()), book.templates.get(ANY_WAY, Template())
        subject, body = own.subject or general.subject, own.body or general.body
        head = clean_line(fill(subject, values), 500) if subject else _head(room)
        texts.append((head, fill(body, values) if body else plain))
    return tuple(
        Outgoing(
            kind,
            p.to,
            p.via,
            book.address(p.to, p.via),
            subject,
            body,
            dedup="" if kind == NOTICE else f"{room.incident.key}/{room.version}",
            destination=page_lane(p.to, p.via, book.delivery),
        )
        for p, (subject, body) in zip(pages, texts, strict=True)
    )


def _told(room: Room, book: Rulebook, event: LevelPaged) -> tuple[Outgoing, ...]:
    """A word to those who are consulted and informed of a level, and asked for nothing."""
    now = f"Level {event.level} was paged: {describe_pages(event.pages)}."
    asked = f"{now} You may be asked for advice; there is nothing to acknowledge."
    told = f"{now} This is for your information; there is nothing to acknowledge."
    look = f"Look: warroom show {room.incident.key}"
    return (
        *_pages(room, book, event.consulted, asked, look, level=event.level, kind=NOTICE),
        *_pages(room, book, event.informed, told, look, level=event.level, kind=NOTICE),
    )


def _values(room: Room, why: str, answer: str, level: int, state: str) -> dict[str, str]:
    incident = room.incident
    return {
        "key": incident.key,
        "severity": incident.severity,
        "title": incident.title,
        "summary": incident.summary,
        "level": str(level) if level else "",
        "service": incident.service,
        "status": incident.status.value,
        "why": why,
        "state": state,
        "answer": answer,
        "ack": f"warroom ack {incident.key}",
        "decline": f"warroom decline {incident.key}",
    }


def _update(room: Room, event: UpdatePosted, book: Rulebook) -> tuple[Outgoing, ...]:
    """An update goes out where the rules name an address for its channel. On others a person has posted it."""
    if book.delivery is not None and event.channel not in book.delivery.channels:
        return ()
    to = event.channel
    return (Outgoing("update", to, to, to, _head(room), event.text, destination=channel_lane(to)),)


def _alert(room: Room, actor: str, event: Alerted, book: Rulebook) -> Outgoing:
    incident, name = room.incident, event.integration
    integration = book.delivery and book.delivery.integrations.get(name)
    worst_first = sorted(book.severities, key=lambda each: book.severities[each].rank)
    facts = {
        "severity": incident.severity,
        "rank": worst_first.index(incident.severity) + 1 if incident.severity in worst_first else len(worst_first),
        "title": incident.title,
        "service": incident.service,
        "room": book.room,
        "key": incident.key,
        "by": actor,
        "declared_at": incident.declared_at.isoformat(),
        "text": f"{_state(room)}\nAcknowledge: warroom ack {incident.key}",
    }
    return Outgoing(
        "alert",
        name,
        integration.system.value if integration else "",
        "",
        _head(room),
        json.dumps(facts, ensure_ascii=False),
        Action(event.action).value,
        dedup_key(book.room, incident.key),
        integration_lane(name),
    )


def dedup_key(room: str, key: str) -> str:
    """Under what name other systems know an incident: two rooms may both have an INC-1."""
    return f"{re.sub(r'[^0-9A-Za-z._-]+', '-', room).strip('-') or 'warroom'}:{key}"


def pages_for(login: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries by which `login` is paged or offered a role: what the bell of their own terminal rings for."""

    def meant(entry: Entry) -> bool:
        event = entry.event
        if isinstance(event, RoleOffered):
            return event.to == login
        if isinstance(event, LevelAnnounced | StatusStalled | AcknowledgementLapsed):
            return False  # for their information
        return any(isinstance(page, PageTo) and page.to == login for page in getattr(event, "pages", ()))

    return tuple(entry for entry in entries if meant(entry))


def _head(room: Room) -> str:
    return f"{room.incident.key} {room.incident.severity} {room.incident.title}"


def _state(room: Room) -> str:
    incident = room.incident
    lines = [f"Status {incident.status}, declared {incident.declared_at:%Y-%m-%d %H:%M} UTC"]
    if incident.service:
        lines.append(f"Service {incident.service}")
    if incident.summary:
        lines.append(incident.summary)
    return "\n".join(lines)
