"""What the rows of an incident are, as a pure function of its state; and which rows a change touches.

`incident_row` and `children_of` are all that the tables say of one incident, but for its updates and messages, which
are projected from the events themselves (`update_of`, `messages_of`). Rebuilding and checking the tables use the same
functions.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import field
from itertools import zip_longest
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.comms import UpdatePosted
from warroom.domain.core import Deadline, Entry
from warroom.domain.escalation import EscalationPlanned, Paged
from warroom.domain.messages import outgoing
from warroom.domain.people import Presence
from warroom.domain.roles import LEAD, RoleState
from warroom.domain.room import Room, due
from warroom.store.codec import encode_room, maybe_us, to_us
from warroom.valueclass import dataclass

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]


@dataclass(slots=True)
class Children:
    """The rows that hang on one incident, by table, each table by primary key."""

    role: Rows = field(default_factory=dict)
    page: Rows = field(default_factory=dict)
    deadline: Rows = field(default_factory=dict)
    attendance: Rows = field(default_factory=dict)


def incident_row(number: int, room: Room, book: Rulebook) -> Row:
    """The row of the incident itself, with its whole state."""
    i = room.incident
    return {
        "id": number,
        "key": i.key,
        "title": str(i.title),
        "severity": i.severity,
        "rank": book.severity(i.severity).rank,
        "status": i.status.value,
        "live": i.live,
        "lead": room.roles.holder(LEAD),
        "service": str(i.service),
        "provider": i.provider or None,
        "source_id": i.source_id or None,
        "declared_at": to_us(i.declared_at),
        "started_at": maybe_us(i.started_at),
        "resolved_at": maybe_us(i.resolved_at),
        "closed_at": maybe_us(i.closed_at),
        "version": room.version,
        "revision": i.revision,
        "room": encode_room(room),
    }


def children_of(number: int, room: Room | None) -> Children:
    """Roles, pages, deadlines and stays of the incident; none for a room that is not there yet."""
    out = Children()
    if room is None:
        return out
    for name, state in room.roles.by_name.items():
        out.role[number, name] = _role(number, name, state)
    for n, paged in enumerate(room.escalation.history, 1):
        out.page[number, n] = _page(number, n, paged)
    for deadline in due(room):
        out.deadline[number, deadline.name] = _deadline(number, deadline)
    for login, known in room.people.by_login.items():
        out.attendance.update(_stays(number, login, known))
    return out


def touched(number: int, before: Room | None, after: Room) -> tuple[Children, Children]:
    """`children_of` both rooms, but for the rows in which they cannot differ: what `changes` has to look at.

    A step leaves most of a room as it was, the very same values, and no row is made of those.
    """
    was, becomes = Children(), Children()
    roles = {} if before is None else before.roles.by_name
    for name, state in after.roles.by_name.items():
        old = roles.get(name)
        if old is not state:
            becomes.role[number, name] = _role(number, name, state)
            if old is not None:
                was.role[number, name] = _role(number, name, old)
    for name in roles.keys() - after.roles.by_name.keys():
        was.role[number, name] = _role(number, name, roles[name])
    history = () if before is None else before.escalation.history
    for n, (past, paged) in enumerate(zip_longest(history, after.escalation.history), 1):
        if past is not paged:
            if past is not None:
                was.page[number, n] = _page(number, n, past)
            if paged is not None:
                becomes.page[number, n] = _page(number, n, paged)
    people = {} if before is None else before.people.by_login
    for login, known in after.people.by_login.items():
        earlier = people.get(login)
        if earlier is not known:
            becomes.attendance.update(_stays(number, login, known))
            if earlier is not None:
                was.attendance.update(_stays(number, login, earlier))
    for login in people.keys() - after.people.by_login.keys():
        was.attendance.update(_stays(number, login, people[login]))
    armed = {} if before is None else {deadline.name: deadline for deadline in due(before)}
    pending = {deadline.name: deadline for deadline in due(after)}
    for name, deadline in armed.items():
        if pending.get(name) != deadline:
            was.deadline[number, name] = _deadline(number, deadline)
    for name, deadline in pending.items():
        if armed.get(name) != deadline:
            becomes.deadline[number, name] = _deadline(number, deadline)
    return was, becomes


def _role(number: int, name: str, state: RoleState) -> Row:
    return {
        "incident": number,
        "role": name,
        "holder": state.holder,
        "since": maybe_us(state.since),
        "required": state.required,
        "due": maybe_us(state.due),
        "offered_to": state.offer.to if state.offer else "",
    }


def _stays(number: int, login: str, known: Presence) -> Rows:
    out: Rows = {}
    for stay in known.stretches:
        since = to_us(stay.start)
        out[number, login, since] = {
            "incident": number,
            "person": login,
            "since": since,
            "until": maybe_us(stay.end),
        }
    return out


def _page(number: int, n: int, paged: Paged) -> Row:
    return {
        "incident": number,
        "n": n,
        "level": paged.level,
        "cycle": paged.cycle,
        "repeat": paged.repeat,
        "at": to_us(paged.at),
        "why": paged.why.value,
        "targets": json.dumps([[p.to, p.via] for p in paged.pages], ensure_ascii=False),
        "acked_by": paged.acked_by,
        "acked_at": maybe_us(paged.acked_at),
        "nobody": paged.nobody,
    }


def _deadline(number: int, deadline: Deadline) -> Row:
    return {"incident": number, "name": deadline.name, "due_at": to_us(deadline.at)}


def update_of(number: int, version: int, entry: Entry) -> Row | None:
    """The row of an update, or None for any other event."""
    event = entry.event
    if not isinstance(event, UpdatePosted):
        return None
    return {
        "incident": number,
        "version": version,
        "channel": event.channel,
        "audience": event.audience.value,
        "posted_at": to_us(event.posted_at),
        "due": maybe_us(event.due),
        "posted_by": event.author or entry.actor,
        "text": str(event.text),
        "source_id": event.source_id,
        "phase": event.phase,
        "was_due": maybe_us(event.was_due),
        "reviewer": event.reviewer,
        "corrects": event.corrects or None,
    }


def changes(before: Rows, after: Rows) -> tuple[list[Row], list[Row], list[tuple[Any, ...]]]:
    """What has to be inserted, updated and deleted (by primary key) to get from one set of rows to another."""
    inserted = [row for key, row in after.items() if key not in before]
    updated = [row for key, row in after.items() if key in before and before[key] != row]
    deleted = [key for key in before if key not in after]
    return inserted, updated, deleted


def turns_of(entries: Iterable[Entry]) -> dict[str, int]:
    """By policy, how many escalations began with these entries."""
    return dict(Counter(e.event.policy for e in entries if isinstance(e.event, EscalationPlanned)))


def messages_of(number: int, version: int, room: Room, entry: Entry, book: Rulebook) -> list[Row]:
    """The rows of the messages that one entry causes, as they are first written; later only their fate changes."""
    return [
        {
            "id": f"{room.incident.key}/{version}/{n}",
            "incident": number,
            "kind": message.kind,
            "recipient": message.to,
            "via": message.via,
            "address": message.address,
            "subject": message.subject,
            "body": message.body,
            "state": "queued",
            "tries": 0,
            "created_at": to_us(entry.at),
            "next_at": to_us(entry.at),
            "claimed_by": "",
            "sent_at": None,
            "error": "",
            "maybe_twice": False,
            "action": message.action,
            "dedup": message.dedup,
            "destination": message.destination,
            "bundle": "",
        }
        for n, message in enumerate(outgoing(room, entry, book), 1)
    ]
