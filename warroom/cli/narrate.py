"""What a command did, in one line: the thing itself, who was paged, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from warroom.domain import comms, escalation, incident, proposals, record, roles, rules
from warroom.domain.core import Entry, Event
from warroom.domain.escalation import Phase, describe_pages
from warroom.domain.policy import PageTo
from warroom.domain.record_events import BEGINS
from warroom.domain.room import describe, short_kind
from warroom.domain.text import clean_line
from warroom.tui.clockface import countdown, when

if TYPE_CHECKING:
    from warroom.store.write import Outcome


def happened(outcome: Outcome, now: datetime) -> str:
    """One line for the person who gave the command."""
    if not outcome.entries:
        return f"{outcome.key}: nothing new"
    first = _main(outcome.entries)
    what = _what(first, now)
    if isinstance(first.event, (*BEGINS, proposals.UpdateProposed)):
        # What has a life of its own is called by its number from now on.
        what = f"{short_kind(first.event)} #{outcome.room.version - len(outcome.entries) + 1}: {describe(first.event)}"
    parts = [f"{outcome.key} {what}", *_consequences(outcome, now)]
    return clean_line("; ".join(part for part in parts if part), 2000)


def _main(entries: tuple[Entry, ...]) -> Entry:
    """What was asked for: the first entry, unless that only says times, answers or a read-back that come with it."""
    match entries[0].event:
        case incident.Amended() | incident.Assessed():
            wanted: tuple[type[Event], ...] = (incident.StatusChanged, incident.SeverityChanged)
        case roles.RoleReadBack():
            wanted = (roles.RoleAssigned,)
        case _:
            wanted = ()
    return next((entry for entry in entries if isinstance(entry.event, wanted)), entries[0])


def _what(entry: Entry, now: datetime) -> str:
    event = entry.event
    match event:
        case incident.Declared():
            return f"declared: {event.severity} {event.title}"
        case incident.StatusChanged():
            left = f"; still open: {'; '.join(event.left_open)}" if event.left_open else ""
            doubts = f"; doubtful: {'; '.join(event.doubts)}" if event.doubts else ""
            return f"{event.before} → {event.to}{left}{doubts}"
        case incident.SeverityChanged():
            return f"{event.before} → {event.to}"
        case escalation.Acknowledged():
            return f"{describe(event)} by {event.by}" if not event.taken_from else describe(event)
        case escalation.PageDeclined() | escalation.Unacknowledged():
            return describe(event)
        case escalation.EscalationCalledOff():
            return f"escalation called off {describe(event)}"
        case escalation.EscalationResumed():
            return f"escalation resumed: {describe(event)}"
        case incident.Merged():
            return f"closed as {describe(event)}"
        case comms.UpdatePosted():
            due = "" if event.due is None else f"; next update due {_at(event.due, now)}"
            return f"update posted on {event.channel}{due}"
        case record.Noted():
            told = f"; told {', '.join(event.mentions)}" if event.mentions else ""
            nobody = ", ".join(f"@{name}" for name in event.unknown)
            return f"{event.note_kind} written down{told}" + (f"; {nobody}: nobody here, not told" if nobody else "")
        case roles.RoleOffered():
            return f"{event.role} offered to {event.to} until {_at(event.lapses_at, now)}"
        case escalation.SnoozeEnded() if event.early:
            return short_kind(event)
        case escalation.Snoozed():
            return f"snoozed until {_at(event.until, now)}"
        case escalation.LevelPaged() | escalation.PagedBesides():
            return f"paged {describe(event)}"
        case roles.RoleAssigned() | roles.RoleVacated() | roles.RoleOfferEnded():
            return describe(event)
        case incident.Amended() | rules.HoldLifted():
            return describe(event)
        case _:
            return f"{short_kind(event)}: {describe(event)}"


def _consequences(outcome: Outcome, now: datetime) -> Iterable[str]:
    for entry in outcome.entries[1:]:
        if isinstance(entry.event, rules.RuleApplied):
            yield f"rule {entry.event.rule}: {', '.join(rules.effects_in_words(entry.event))}"
        elif isinstance(entry.event, comms.UpdatePosted):
            yield _what(entry, now)
        elif isinstance(entry.event, roles.RoleAssigned) and isinstance(outcome.entries[0].event, roles.RoleAdded):
            yield describe(entry.event)
    paged = [entry.event for entry in outcome.entries[1:] if isinstance(entry.event, escalation.LevelPaged)]
    for event in paged:
        yield f"paged L{event.level} {describe_pages(event.pages)}"
    if paged:
        return
    pages: tuple[PageTo, ...] = ()
    for entry in outcome.entries[1:]:
        match entry.event:
            case escalation.EscalationExhausted():
                yield describe(entry.event)
            case escalation.LevelSkipped() | escalation.EscalationSwitched():
                yield describe(entry.event)
            case escalation.EscalationStopped():
                yield "nobody is paged any more"
            case escalation.PagedBesides():
                pages += entry.event.pages
            case roles.RoleOffered():
                yield _what(entry, now)
    if pages:
        yield f"paged {describe_pages(pages)}"
    if outcome.room.incident.status is incident.Status.RESOLVED:
        last = [f"{name} {_at(s.due, now)}" for name, s in outcome.room.comms.streams.items() if s.due is not None]
        if last and isinstance(_main(outcome.entries).event, incident.StatusChanged):
            yield f"a last update is due on {', '.join(last)}"
    state = outcome.room.escalation
    if isinstance(outcome.entries[0].event, incident.Declared):
        if state.phase is Phase.WAITING and state.start_at is not None:
            yield f"nobody paged before {_at(state.start_at, now)} (paging hours)"
        elif state.phase is Phase.NONE:
            yield "nobody is paged: its severity has no escalation policy"


def _at(at: datetime, now: datetime) -> str:
    return f"{when(at, now)} UTC ({countdown(at, now)})"
