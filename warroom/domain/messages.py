"""What goes out because something happened (R9): pages and updates, as plain text with everything a reader needs.

Each message has a number within its entry; entry and number together make the idempotency key.
"""

from __future__ import annotations

from dataclasses import dataclass

from warroom.domain.book import Rulebook
from warroom.domain.comms import UpdateMissed, UpdatePosted
from warroom.domain.core import Entry
from warroom.domain.escalation import EscalationExhausted, LevelPaged, PagedBesides
from warroom.domain.policy import PageTo
from warroom.domain.reach import ways_to
from warroom.domain.roles import RoleMissed, RoleOffered
from warroom.domain.room import Room


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message: kind "page" or "update", to whom, by which channel, at which address, and its text."""

    kind: str
    to: str
    via: str
    address: str
    subject: str
    body: str


def outgoing(room: Room, entry: Entry, book: Rulebook) -> tuple[Outgoing, ...]:
    """The messages that one entry causes, in a fixed order. `room` is the room after the entry."""
    incident, event = room.incident, entry.event
    head = f"{incident.key} {incident.severity} {incident.title}"
    answer = f"Acknowledge: warroom ack {incident.key}"
    match event:
        case LevelPaged():
            again = f", repeat {event.repeat}" if event.repeat else ""
            body = f"You are paged on level {event.level} ({event.why}{again}).\n{_state(room)}\n{answer}"
            return _pages(book, event.pages, head, body)
        case PagedBesides():
            body = f"You are paged {event.why}" + (f": {event.reason}" if event.reason else "")
            return _pages(book, event.pages, head, f"{body}.\n{_state(room)}\n{answer}")
        case EscalationExhausted():
            body = f"Nobody has acknowledged: policy {event.policy} is exhausted.\n{_state(room)}\n{answer}"
            return _pages(book, event.pages, head, body)
        case RoleMissed():
            title = book.role(event.role).title
            body = f"{incident.key} has no {title}.\n{_state(room)}\nTake it: warroom role {incident.key} {event.role}"
            return _pages(book, event.pages, head, body)
        case RoleOffered():
            title = book.role(event.role).title
            take = f"Accept: warroom accept {incident.key} {event.role}"
            pages = tuple(PageTo(event.to, via) for via in ways_to(event.to, (), book))
            return _pages(book, pages, head, f"You are offered the role {title}.\n{event.note}\n{_state(room)}\n{take}")
        case UpdateMissed():
            body = f"The update on {event.channel} is overdue.\n{_state(room)}"
            return _pages(book, event.pages, head, f"{body}\nPost it: warroom update {incident.key} {event.channel}")
        case UpdatePosted() if not event.source_id:
            return (Outgoing("update", event.channel, event.channel, event.channel, head, event.text),)
        case _:
            return ()


def _pages(book: Rulebook, pages: tuple[PageTo, ...], subject: str, body: str) -> tuple[Outgoing, ...]:
    return tuple(Outgoing("page", p.to, p.via, book.address(p.to, p.via), subject, body) for p in pages)


def _state(room: Room) -> str:
    incident = room.incident
    lines = [f"Status {incident.status}, declared {incident.declared_at:%Y-%m-%d %H:%M} UTC"]
    if incident.service:
        lines.append(f"Service {incident.service}")
    if incident.summary:
        lines.append(incident.summary)
    return "\n".join(lines)
