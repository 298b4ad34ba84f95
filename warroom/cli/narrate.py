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
from warroom.domain.role_titles import role_title
from warroom.domain.room import describe
from warroom.domain.short_kinds import short_kind
from warroom.domain.status_words import kind_word, status_word
from warroom.domain.text import clean_line
from warroom.tui.clockface import countdown, when
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.store.write import Outcome


def happened(outcome: Outcome, now: datetime) -> str:
    """One line for the person who gave the command."""
    if not outcome.entries:
        return tr("{key}: nothing new").format(key=outcome.key)
    first = _main(outcome.entries)
    what = _what(first, now)
    if isinstance(first.event, (*BEGINS, proposals.UpdateProposed)):
        # What has a life of its own is called by its number from now on.
        number = outcome.room.version - len(outcome.entries) + 1
        what = f"{kind_word(short_kind(first.event))} #{number}: {describe(first.event)}"
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
            return tr("declared: {severity} {title}").format(severity=event.severity, title=event.title)
        case incident.StatusChanged():
            said = [f"{status_word(event.before)} → {status_word(event.to)}"]
            if event.left_open:
                said.append(tr("still open: {what}").format(what="; ".join(event.left_open)))
            if event.doubts:
                said.append(tr("doubtful: {what}").format(what="; ".join(event.doubts)))
            return "; ".join(said)
        case incident.SeverityChanged():
            return f"{event.before} → {event.to}"
        case escalation.Acknowledged():
            return (
                tr("{what} by {person}").format(what=describe(event), person=event.by)
                if not event.taken_from
                else describe(event)
            )
        case escalation.PageDeclined() | escalation.Unacknowledged():
            return describe(event)
        case escalation.EscalationCalledOff():
            return tr("escalation called off {what}").format(what=describe(event))
        case escalation.EscalationResumed():
            return tr("escalation resumed: {what}").format(what=describe(event))
        case incident.Merged():
            return tr("closed as {what}").format(what=describe(event))
        case comms.UpdatePosted():
            posted = tr("update posted on {channel}").format(channel=event.channel)
            if event.due is None:
                return posted
            return f"{posted}; {tr('next update due {time}').format(time=_at(event.due, now))}"
        case record.Noted():
            said = [tr("{kind} written down").format(kind=kind_word(event.note_kind))]
            if event.mentions:
                said.append(tr("told {people}").format(people=", ".join(event.mentions)))
            if event.unknown:
                nobody = ", ".join(f"@{name}" for name in event.unknown)
                said.append(tr("{people}: nobody here, not told").format(people=nobody))
            return "; ".join(said)
        case roles.RoleOffered():
            return tr("{role} offered to {person} until {time}").format(
                role=role_title(event.role), person=event.to, time=_at(event.lapses_at, now)
            )
        case escalation.SnoozeEnded() if event.early:
            return kind_word(short_kind(event))
        case escalation.Snoozed():
            return tr("snoozed until {time}").format(time=_at(event.until, now))
        case escalation.LevelPaged() | escalation.PagedBesides():
            return tr("paged {whom}").format(whom=describe(event))
        case roles.RoleAssigned() | roles.RoleVacated() | roles.RoleOfferEnded():
            return describe(event)
        case incident.Amended() | rules.HoldLifted():
            return describe(event)
        case _:
            return f"{kind_word(short_kind(event))}: {describe(event)}"


def _consequences(outcome: Outcome, now: datetime) -> Iterable[str]:
    for entry in outcome.entries[1:]:
        if isinstance(entry.event, rules.RuleApplied):
            yield tr("rule {rule}: {effects}").format(
                rule=entry.event.rule, effects=", ".join(rules.effects_in_words(entry.event))
            )
        elif isinstance(entry.event, comms.UpdatePosted):
            yield _what(entry, now)
        elif isinstance(entry.event, roles.RoleAssigned) and isinstance(outcome.entries[0].event, roles.RoleAdded):
            yield describe(entry.event)
    paged = [entry.event for entry in outcome.entries[1:] if isinstance(entry.event, escalation.LevelPaged)]
    for event in paged:
        yield tr("paged L{level} {whom}").format(level=event.level, whom=describe_pages(event.pages))
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
                yield tr("nobody is paged any more")
            case escalation.PagedBesides():
                pages += entry.event.pages
            case roles.RoleOffered():
                yield _what(entry, now)
    if pages:
        yield tr("paged {whom}").format(whom=describe_pages(pages))
    if outcome.room.incident.status is incident.Status.RESOLVED:
        last = [f"{name} {_at(s.due, now)}" for name, s in outcome.room.comms.streams.items() if s.due is not None]
        if last and isinstance(_main(outcome.entries).event, incident.StatusChanged):
            yield tr("a last update is due on {channels}").format(channels=", ".join(last))
    state = outcome.room.escalation
    if isinstance(outcome.entries[0].event, incident.Declared):
        if state.phase is Phase.WAITING and state.start_at is not None:
            yield tr("nobody paged before {time} (paging hours)").format(time=_at(state.start_at, now))
        elif state.phase is Phase.NONE:
            yield tr("nobody is paged: its severity has no escalation policy")


def _at(at: datetime, now: datetime) -> str:
    return tr("{time} UTC ({left})").format(time=when(at, now), left=countdown(at, now))
