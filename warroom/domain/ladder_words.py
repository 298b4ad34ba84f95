"""What happened on the ladder, in the words of the record."""

from __future__ import annotations

from datetime import timedelta

from warroom.domain.core import Event
from warroom.domain.kept_words import kept
from warroom.domain.ladder_events import (
    Acknowledged,
    AcknowledgementLapsed,
    CheckpointAsked,
    CheckpointSettled,
    EscalationCalledOff,
    EscalationExhausted,
    EscalationPlanned,
    EscalationResumed,
    EscalationStopped,
    EscalationSwitched,
    LevelAnnounced,
    LevelPaged,
    LevelSkipped,
    PagedBesides,
    PageDeclined,
    Settled,
    Snoozed,
    SnoozeEnded,
    StatusStalled,
    Unacknowledged,
    Why,
)
from warroom.domain.policy import PageTo
from warroom.domain.status_words import status_word
from warroom.words import plain, tr


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case EscalationPlanned():
            level = tr(" at level {level}").format(level=event.level) if event.level > 1 else ""
            return tr("policy {policy} starts{level}").format(policy=event.policy, level=level) + (
                "" if event.why is Why.START else f" ({tr(event.why)})"
            )
        case LevelPaged():
            return _paged(event)
        case LevelSkipped():
            return tr("L{level} passed over: {nobody}").format(level=event.level, nobody=kept(event.nobody))
        case LevelAnnounced():
            what = tr("L{level} is paged").format(level=event.level) if event.level else tr("nobody is left to page")
            told = tr("; told {pages}").format(pages=describe_pages(event.pages)) if event.pages else ""
            return tr("{what} at {at:%H:%M:%S} UTC{told}").format(what=what, at=event.at, told=told)
        case Acknowledged():
            level = (
                tr("L{level} acknowledged").format(level=event.level)
                if event.level
                else tr("acknowledged before the first page")
            )
            taken = (
                tr("L{level} taken over from {taken_from}").format(level=event.level, taken_from=event.taken_from)
                if event.taken_from
                else level
            )
            return taken + _because(event.reason)
        case Unacknowledged():
            return tr("the acknowledgement of {before} was taken back").format(before=event.before) + _because(
                event.reason
            )
        case AcknowledgementLapsed():
            told = tr("; told {pages}").format(pages=describe_pages(event.pages)) if event.pages else ""
            return tr("L{level}: the acknowledgement of {by} lapsed, no activity for {span}{told}").format(
                level=event.level, by=event.by, span=span(event.after), told=told
            )
        case StatusStalled():
            then = tr("the next level comes in") if event.escalated else tr("no level is left")
            told = tr("; told {pages}").format(pages=describe_pages(event.pages)) if event.pages else ""
            return tr("{status} since {since:%Y-%m-%d %H:%M} UTC; {then}{told}").format(
                status=status_word(event.status), since=event.since, then=then, told=told
            )
        case PageDeclined():
            where = f"L{event.level}" if event.level else tr("paged by hand")
            return tr("{where}: {person} cannot take it").format(where=where, person=event.person) + _because(
                event.reason
            )
        case CheckpointAsked():
            then = tr("by {due:%H:%M} UTC, else {otherwise}").format(due=event.due, otherwise=tr(event.otherwise))
            return tr("L{level} needs a confirmation, {then}; asked {pages} ({why})").format(
                level=event.level, then=then, pages=describe_pages(event.pages), why=tr(event.why)
            )
        case CheckpointSettled():
            goes = "" if event.how in (Settled.CONFIRMED, Settled.REFUSED) else "; "
            goes = goes and goes + (tr("it is paged") if event.proceeds else tr("it is passed over"))
            return f"L{event.level}: {tr(event.how)}{goes}" + _because(event.reason)
        case EscalationExhausted():
            last = tr("; last resort {pages}").format(pages=describe_pages(event.pages)) if event.pages else ""
            return tr("policy {policy} is exhausted ({why}){last}").format(
                policy=event.policy, why=tr(event.why), last=last
            )
        case EscalationSwitched():
            return tr("escalation goes on under {policy}, level {level}").format(policy=event.policy, level=event.level)
        case Snoozed():
            return tr("until {until:%Y-%m-%d %H:%M} UTC: {reason}").format(until=event.until, reason=event.reason)
        case SnoozeEnded():
            return tr("woken early") if event.early else tr("snooze is over")
        case EscalationStopped():
            return kept(event.reason)
        case EscalationCalledOff():
            return (
                tr("at level {level}: {reason}").format(level=event.level, reason=event.reason)
                if event.level
                else tr("before any page: {reason}").format(reason=event.reason)
            )
        case EscalationResumed():
            return tr("level {level} at {start_at:%H:%M} UTC").format(
                level=event.level, start_at=event.start_at
            ) + _because(event.reason)
        case PagedBesides():
            if event.why is Why.RULE and event.reason:
                return tr("{pages} (by {reason})").format(pages=describe_pages(event.pages), reason=kept(event.reason))
            return f"{describe_pages(event.pages)} ({tr(event.why)})" + _because(event.reason)
        case _:
            return ""


def _paged(event: LevelPaged) -> str:
    again = tr(", repeat {repeat}").format(repeat=event.repeat) if event.repeat else ""
    cycle = tr(", cycle {cycle}").format(cycle=event.cycle) if event.cycle > 1 else ""
    names = (
        tr("; accountable {accountable}").format(accountable=", ".join(event.accountable)) if event.accountable else ""
    )
    asked = tr("; consulted {pages}").format(pages=describe_pages(event.consulted)) if event.consulted else ""
    told = tr("; informed {pages}").format(pages=describe_pages(event.informed)) if event.informed else ""
    return f"L{event.level} {describe_pages(event.pages)} ({tr(event.why)}{again}{cycle}){names}{asked}{told}"


def _because(reason: str) -> str:
    return f": {kept(reason)}" if reason else ""


def span(time: timedelta) -> str:
    """A duration as the rulebook writes it: "1h30m", "90s"; "0s" for none."""
    left, out = max(int(time.total_seconds()), 0), ""
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, left = divmod(left, seconds)
        out += f"{count}{unit}" if count else ""
    return out or "0s"


def describe_pages(pages: tuple[PageTo, ...]) -> str:
    """ "mina by sms chat, li by mail"."""
    people: dict[str, list[str]] = {}
    for page in pages:
        people.setdefault(page.to, []).append(page.via)
    return ", ".join(tr("{to} by {via}").format(to=to, via=" ".join(via)) for to, via in people.items())


def plain_pages(pages: tuple[PageTo, ...]) -> str:
    """The same for what is kept or sent."""
    with plain():
        return describe_pages(pages)
