"""What becomes of pages on their way (R9): what is done when one cannot be delivered, and what other systems are told.

Senders report what did not go out. The person's next contact is paged then, and when nobody of a level can be reached
at all, the ladder moves on at once instead of waiting for an answer that cannot come. A page that goes out late after
all does no harm; one that nobody tried in time does.

Other incident systems (`warroom.domain.routes.System`) follow an incident: an alert is triggered there with the first
page, acknowledged when somebody has acknowledged here, and resolved when the incident is over, however that came.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from warroom.domain import ladder
from warroom.domain.conditions import facts_of, holds
from warroom.domain.core import Command, Decision, Event, happens
from warroom.domain.escalation import EscalationExhausted, LevelPaged, LevelSkipped, Phase, Why, describe_pages
from warroom.domain.kept_words import kept
from warroom.domain.ladder_words import plain_pages
from warroom.domain.policy import PageTo
from warroom.domain.routes import Delivery
from warroom.valueclass import dataclass
from warroom.words import tr

REMEMBERED = 500
"""How many reports of one incident are remembered, so that none is acted upon twice."""


class Action(StrEnum):
    """What a message does at its receiver."""

    MESSAGE = "message"
    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Lost:
    """A page of the level paged last that did not go out."""

    to: str
    via: str
    error: str


@dataclass(frozen=True, slots=True)
class Delivering:
    """What is known of the pages of one incident.

    `page` is the number (within the incident) of the entry that paged the current level; `hopeful` are its pages, and
    those sent in place of others, that are not known to be lost; `lost` are the others. `alerts` are the systems that
    were told of the incident, each with whether it was told of the acknowledgement.
    """

    page: int = 0
    hopeful: tuple[tuple[str, str], ...] = ()
    lost: tuple[Lost, ...] = ()
    reported: tuple[str, ...] = ()
    alerts: tuple[tuple[str, bool], ...] = ()


# Commands ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportDelivery(Command):
    """A message could not be delivered, or not in time.

    `message` is its id, `kind` "page", "update" or "alert". Of a page: `page` is the number of the entry that paged
    this person first (fallbacks count with it), `tried` the ways by which they were paged because of it, and
    `others` whether one of those went out or still may.
    """

    lines = ("error",)
    names = ("to", "via")

    message: str
    kind: str
    to: str
    via: str
    error: str
    page: int = 0
    tried: tuple[str, ...] = ()
    others: bool = False


# Events --------------------------------------------------------------------------------------------------------------


@happens("page_failed")
@dataclass(frozen=True, slots=True)
class PageFailed(Event):
    """A page did not go out. `pages` go out instead; `nobody` says so when a person, or the whole level, is out of
    reach now."""

    message: str
    page: int
    to: str
    via: str
    error: str
    pages: tuple[PageTo, ...] = ()
    nobody: str = ""


@happens("send_failed")
@dataclass(frozen=True, slots=True)
class SendFailed(Event):
    """An update, or a word to another system, did not go out."""

    message: str
    what: str
    to: str
    via: str
    error: str


@happens("alerted")
@dataclass(frozen=True, slots=True)
class Alerted(Event):
    """Another incident system was told."""

    integration: str
    action: Action


# Evolve --------------------------------------------------------------------------------------------------------------


def evolve(state: Delivering, event: Event, version: int) -> Delivering:
    """What is known after `event`, the entry number `version` of the incident."""
    match event:
        case LevelPaged():
            hopeful = tuple((page.to, page.via) for page in event.pages)
            return replace(state, page=version, hopeful=hopeful, lost=())
        case PageFailed():
            reported = (*state.reported, event.message)[-REMEMBERED:]
            if event.page != state.page:
                return replace(state, reported=reported)
            gone = (event.to, event.via)
            instead = tuple((page.to, page.via) for page in event.pages)
            return replace(
                state,
                reported=reported,
                hopeful=(*(each for each in state.hopeful if each != gone), *instead),
                lost=(*state.lost, Lost(event.to, event.via, event.error)),
            )
        case SendFailed():
            return replace(state, reported=(*state.reported, event.message)[-REMEMBERED:])
        case Alerted():
            others = tuple(each for each in state.alerts if each[0] != event.integration)
            if event.action is Action.RESOLVE:
                return replace(state, alerts=others)
            return replace(state, alerts=(*others, (event.integration, event.action is Action.ACKNOWLEDGE)))
        case _:
            return state


# Decide --------------------------------------------------------------------------------------------------------------


def report(d: Decision, command: ReportDelivery) -> None:
    """Act on what could not be delivered. A report that was acted upon already, or that comes when the incident is
    over, changes nothing."""
    if command.message in d.room.delivery.reported:
        return
    if command.kind != "page":
        d.record(SendFailed(command.message, command.kind, command.to, command.via, command.error))
        return
    if not d.room.incident.live:
        return
    current = command.page == d.room.delivery.page
    # Whoever acknowledged is on it: nobody else is woken in place of this page.
    pages = () if current and d.room.escalation.acked_by else _instead(d, command)
    hopeful = {each for each in d.room.delivery.hopeful if each != (command.to, command.via)}
    lost = current and not pages and not hopeful
    d.record(
        PageFailed(
            command.message,
            command.page,
            command.to,
            command.via,
            command.error,
            pages,
            _nobody(d, command, lost) if not pages else "",
        )
    )
    if lost and _moves(d):
        ladder.advance(d, Why.UNDELIVERED)


def _instead(d: Decision, command: ReportDelivery) -> tuple[PageTo, ...]:
    """The person's next contact that was not tried for this page."""
    person = d.book.people.get(command.to)
    for contact in person.contacts if person else ():
        if contact.via not in command.tried and contact.via != command.via:
            return (PageTo(command.to, contact.via, f"instead of {command.via}"),)
    return ()


def _nobody(d: Decision, command: ReportDelivery, lost: bool) -> str:
    if lost:
        gone = dict.fromkeys((*((each.to, each.via) for each in d.room.delivery.lost), (command.to, command.via)))
        return f"nobody could be reached: {plain_pages(tuple(PageTo(to, via) for to, via in gone))}"
    return "" if command.others else f"{command.to} could not be reached by any contact"


def _moves(d: Decision) -> bool:
    """Whether the ladder waits for an answer to the pages that are lost."""
    state = d.room.escalation
    waits = state.phase is Phase.RUNNING and not state.acked_by and state.snooze is None
    return waits and state.policy in d.book.policies


def follow(d: Decision) -> None:
    """Let other systems follow what was just decided."""
    rules: Delivery | None = d.book.delivery
    if d.current is None or not d.entries or d.room.incident.watched:
        return
    state, incident = d.room.delivery, d.room.incident
    if not incident.live:
        for name, _ in state.alerts:
            d.record(Alerted(name, Action.RESOLVE))
        return
    told = {name for name, _ in state.alerts}
    began = any(isinstance(e.event, LevelPaged | LevelSkipped | EscalationExhausted) for e in d.entries)
    if rules is not None and began:
        facts = facts_of(incident, d.context)
        for each in rules.integrations.values():
            wanted = not each.severities or incident.severity in each.severities
            if each.name not in told and wanted and holds(each.when, facts):
                d.record(Alerted(each.name, Action.TRIGGER))
    if d.room.escalation.acked_by:
        for name, acked in d.room.delivery.alerts:
            if not acked:
                d.record(Alerted(name, Action.ACKNOWLEDGE))


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case PageFailed():
            instead = tr("; paged {pages} instead").format(pages=describe_pages(event.pages)) if event.pages else ""
            nobody = f"; {kept(event.nobody)}" if event.nobody else ""
            return tr("page to {to} by {via} did not go out: {error}{instead}{nobody}").format(
                to=event.to, via=event.via, error=event.error, instead=instead, nobody=nobody
            )
        case SendFailed():
            if event.what == "update":
                return tr("update on {to} did not go out: {error}").format(to=event.to, error=event.error)
            what = tr(event.what)
            return tr("{what} to {to} did not go out: {error}").format(what=what, to=event.to, error=event.error)
        case Alerted():
            past = {
                Action.TRIGGER: tr("triggered at {integration}"),
                Action.ACKNOWLEDGE: tr("acknowledged at {integration}"),
                Action.RESOLVE: tr("resolved at {integration}"),
            }
            return past.get(event.action, f"{event.action} {{integration}}").format(integration=event.integration)
        case _:
            return ""
