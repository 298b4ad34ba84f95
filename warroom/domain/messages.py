"""What goes out because something happened (R9): pages and updates, as plain text with everything a reader needs.

Each message has a number within its entry; entry and number together make the idempotency key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

from warroom.domain.book import Rulebook
from warroom.domain.chatrooms import RoomEntered, Word, spec_for
from warroom.domain.comms import UpdateMissed, UpdatePosted, UpdateWarned
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
)
from warroom.domain.kept_words import kept_list
from warroom.domain.ladder_words import plain_pages, span
from warroom.domain.people import FatigueReached
from warroom.domain.policy import Otherwise, PageTo
from warroom.domain.proposals import ReviewUnanswered, UpdateApproved, UpdateCommented, UpdateHeld, UpdateProposed
from warroom.domain.reach import ways_to
from warroom.domain.record_events import DecisionAsked, Reminded, TaskAdded, TaskAssigned, Written
from warroom.domain.role_titles import titled
from warroom.domain.roles import LEAD, HandoverDue, RoleMissed, RoleOffered, RoleOfferEnded
from warroom.domain.room import Room
from warroom.domain.routes import channel_lane, integration_lane, page_lane
from warroom.domain.templates import ANY_WAY, Template, fill
from warroom.domain.text import clean_line
from warroom.domain.topic import topic
from warroom.valueclass import dataclass
from warroom.words import plain

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
            say = " --read-back TEXT" if book.role(event.role).read_back else ""
            return _pages(room, book, pages, why, f"Accept: warroom accept {incident.key} {event.role}{say}")
        case RoleOfferEnded() if event.pages:
            title = book.role(event.role).title
            stands = room.roles.holder(event.role)
            why = f"{event.to} did not take the role {title}: the offer lapsed, {stands or 'nobody'} holds it."
            again = f"Offer it to somebody else: warroom handover {incident.key} {event.role} --to PERSON"
            return _pages(room, book, event.pages, why, again, kind=NOTICE)
        case HandoverDue():
            title = book.role(event.role).title
            why = f"It is time to hand over the role {title}" + (f" to {event.to}." if event.to else ".")
            to = event.to or "PERSON"
            act = f"Hand over: warroom handover {incident.key} {event.role} --to {to}"
            return _pages(room, book, event.pages, why, act, kind=NOTICE)
        case FatigueReached():
            return _relief(room, book, event)
        case UpdateWarned():
            why = f"The next update on {event.channel} is due at {event.due:%H:%M} UTC."
            post = f"Post it: warroom update {incident.key} {event.channel}"
            return _pages(room, book, event.pages, why, post, kind=NOTICE)
        case UpdateMissed():
            why = f"The update on {event.channel} is overdue."
            return _pages(room, book, event.pages, why, f"Post it: warroom update {incident.key} {event.channel}")
        case UpdateProposed() if event.pages:
            by = f" by {event.lapses_at:%H:%M} UTC" if event.lapses_at else ""
            why = f"{entry.actor} asks you to review an update for {', '.join(event.channels)}{by}:\n{event.text}"
            yes = f"Approve: warroom review {incident.key} {room.version} approve"
            return _pages(room, book, event.pages, why, f"{yes}\nOr: comment TEXT, withdraw", kind=NOTICE)
        case UpdateCommented() | UpdateApproved() if event.pages:
            does = "approved" if isinstance(event, UpdateApproved) else "commented on"
            said = f": {event.text}" if event.text else ""
            why = f"{entry.actor} {does} update #{event.proposal}{said}"
            send = f"Send it: warroom review {incident.key} {event.proposal} send"
            look = send if does == "approved" else f"Look: warroom drafts {incident.key}"
            return _pages(room, book, event.pages, why, look, kind=NOTICE)
        case UpdateHeld() if event.pages:
            why = f"Update #{event.proposal} for {', '.join(event.channels)} does NOT go out: {event.reason}."
            return _pages(room, book, event.pages, why, f"Look: warroom drafts {incident.key}", kind=NOTICE)
        case ReviewUnanswered() if event.pages:
            why = f"Nobody has reviewed update #{event.proposal} for {', '.join(event.channels)} in time."
            yes = f"Approve: warroom review {incident.key} {event.proposal} approve"
            without = f"{yes}\nWithout: warroom review {incident.key} {event.proposal} send --unreviewed WHY"
            return _pages(room, book, event.pages, why, without, kind=NOTICE)
        case PageFailed():
            why = f"You are paged because a page by {event.via} did not go out."
            instead = _pages(room, book, event.pages, why, answer)
            return tuple(replace(page, dedup=f"{incident.key}/{event.page}") for page in instead)
        case RoomEntered():
            return _entered(room, event, book)
        case Alerted():
            return (_alert(room, entry.actor, event, book),)
        case UpdatePosted() if not event.source_id:
            return _update(room, event, book)
        case Reminded():
            why = f"{event.what.capitalize()} #{event.item} was due {event.since:%H:%M} UTC: {event.about}"
            whose = event.owner or "nobody"
            why += "" if all(page.to == event.owner for page in event.pages) else f"\nIt is up to {whose}."
            answer = f"Done: warroom task {incident.key} done {event.item}"
            if event.what == Reminded.DECISION:
                answer = f"Decide: warroom decide {incident.key} {event.item} WHAT"
            return _pages(room, book, event.pages, why, answer)
        case TaskAssigned() | Written():
            return _spoken_to(room, entry, book)
        case _:
            return ()


def _relief(room: Room, book: Rulebook, event: FatigueReached) -> tuple[Outgoing, ...]:
    """A word to whoever is too tired, and to the incident manager, with who could take over."""
    key, roles = room.incident.key, " and ".join(book.role(role).title for role in event.roles)
    with plain(), titled(book):
        weighs = kept_list(event.why)
    why = f"{event.person}{f' ({roles})' if roles else ''} needs relief: {weighs}."
    if event.successors:
        why += f" Could take over: {', '.join(event.successors)}."
    role = event.roles[0] if event.roles else LEAD
    to = event.successors[0] if event.successors else "PERSON"
    act = f"Hand over: warroom handover {key} {role} --to {to}" if event.roles else f"Leave: warroom leave {key}"
    return _pages(room, book, event.pages, why, act, kind=NOTICE)


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
    now = f"Level {event.level} was paged: {plain_pages(event.pages)}."
    asked = f"{now} You may be asked for advice; there is nothing to acknowledge."
    told = f"{now} This is for your information; there is nothing to acknowledge."
    look = f"Look: warroom show {room.incident.key}"
    return (
        *_pages(room, book, event.consulted, asked, look, level=event.level, kind=NOTICE),
        *_pages(room, book, event.informed, told, look, level=event.level, kind=NOTICE),
    )


QUIET = ("chat", "mail")
"""The ways for a word that wakes nobody; whoever has neither gets it by what they have."""


def addressed(entry: Entry) -> dict[str, str]:
    """Who is told of an entry of the record, each with why in words: whom its text mentions, and to whom it gives
    something to do. Whoever wrote it needs no word."""
    event, told = entry.event, dict[str, str]()
    if isinstance(event, Written):
        mentions: tuple[str, ...] = getattr(event, "mentions", ())
        told = dict.fromkeys(mentions, f"{entry.actor} mentions you: {event.text}")
    match event:
        case TaskAdded() if event.owner:
            by = f", by {event.due:%a %H:%M} UTC" if event.due else ""
            told[event.owner] = f"{entry.actor} gives you a task{by}: {event.text}"
        case TaskAssigned() if event.owner:
            told[event.owner] = f"{entry.actor} gives you task #{event.task}: {event.about}"
        case DecisionAsked() if event.whom:
            by = f" by {event.due:%a %H:%M} UTC" if event.due else ""
            told[event.whom] = f"{entry.actor} asks you to decide{by}: {event.text}"
    told.pop(entry.actor, None)
    return told


def _spoken_to(room: Room, entry: Entry, book: Rulebook) -> tuple[Outgoing, ...]:
    """A word to each of those whom an entry of the record addresses, by one quiet way."""
    look = f"Look: warroom show {room.incident.key}"
    messages: tuple[Outgoing, ...] = ()
    for person, why in addressed(entry).items():
        ways = ways_to(person, QUIET, book)[:1]
        messages += _pages(room, book, tuple(PageTo(person, way) for way in ways), why, look, kind=NOTICE)
    return messages


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
    """An update goes out where the rules name an address for its channel. On others a person has posted it.

    On a chat channel without an address it goes to the chat room of the stage; and a chat room that asks for updates
    (wording for customers) gets a copy of what was said elsewhere.
    """
    incident, to = room.incident, event.channel
    subject = f"Correction: {event.subject}" if event.corrects and event.subject else event.subject
    head = subject or _head(room)
    if to in book.channels and not book.channels[to].headed:
        head = ""
    posted = book.delivery is None or to in book.delivery.channels
    out = (Outgoing("update", to, to, to, head, event.text, destination=channel_lane(to)),) if posted else ()
    place = spec_for(incident.status.value, Word.UPDATE, book, incident.severity, to)
    channel = book.channels.get(to)
    if place is None or channel is None:
        return out
    if channel.kind == "chat":
        return out or _in_chat("update", place.name, head, event.text, book)
    if place.for_updates:
        return (*out, *_in_chat(NOTICE, place.name, f"{_head(room)}: {channel.title}", event.text, book))
    return out


def _entered(room: Room, event: RoomEntered, book: Rulebook) -> tuple[Outgoing, ...]:
    """A chat room is told that an incident is worked on in it from now on."""
    before = f", before that in {event.before}" if event.before else ""
    body = f"It is {event.stage} and worked on here from now on{before}.\n{topic(room, book)}\n{_look(room)}"
    return _in_chat(NOTICE, event.room, _head(room), body, book)


def _in_chat(kind: str, name: str, subject: str, body: str, book: Rulebook) -> tuple[Outgoing, ...]:
    """A message in a chat room, where the rules have an address for it."""
    rules = book.delivery
    if rules is None or not (name in rules.rooms or "chat" in rules.ways):
        return ()
    return (Outgoing(kind, name, "chat", name, subject, body, destination=page_lane(name, "chat", rules)),)


def _look(room: Room) -> str:
    return f"Look: warroom show {room.incident.key}"


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
        if login in addressed(entry):
            return True
        if isinstance(event, LevelAnnounced | StatusStalled | AcknowledgementLapsed | UpdateWarned):
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
