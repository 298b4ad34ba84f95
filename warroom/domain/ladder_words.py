"""What happened on the ladder, in the words of the record."""

from __future__ import annotations

from datetime import timedelta

from warroom.domain.core import Event
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


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case EscalationPlanned():
            level = f" at level {event.level}" if event.level > 1 else ""
            return f"policy {event.policy} starts{level}" + ("" if event.why is Why.START else f" ({event.why})")
        case LevelPaged():
            return _paged(event)
        case LevelSkipped():
            return f"L{event.level} passed over: {event.nobody}"
        case LevelAnnounced():
            what = f"L{event.level} is paged" if event.level else "nobody is left to page"
            told = f"; told {describe_pages(event.pages)}" if event.pages else ""
            return f"{what} at {event.at:%H:%M:%S} UTC{told}"
        case Acknowledged():
            level = f"L{event.level} acknowledged" if event.level else "acknowledged before the first page"
            taken = f"L{event.level} taken over from {event.taken_from}" if event.taken_from else level
            return taken + _because(event.reason)
        case Unacknowledged():
            return f"the acknowledgement of {event.before} was taken back" + _because(event.reason)
        case AcknowledgementLapsed():
            told = f"; told {describe_pages(event.pages)}" if event.pages else ""
            return (
                f"L{event.level}: the acknowledgement of {event.by} lapsed, no activity for {span(event.after)}{told}"
            )
        case StatusStalled():
            then = "the next level comes in" if event.escalated else "no level is left"
            told = f"; told {describe_pages(event.pages)}" if event.pages else ""
            return f"{event.status} since {event.since:%Y-%m-%d %H:%M} UTC; {then}{told}"
        case PageDeclined():
            where = f"L{event.level}" if event.level else "paged by hand"
            return f"{where}: {event.person} cannot take it" + _because(event.reason)
        case CheckpointAsked():
            then = f"by {event.due:%H:%M} UTC, else {event.otherwise}"
            return f"L{event.level} needs a confirmation, {then}; asked {describe_pages(event.pages)} ({event.why})"
        case CheckpointSettled():
            goes = "" if event.how in (Settled.CONFIRMED, Settled.REFUSED) else "; "
            goes = goes and goes + ("it is paged" if event.proceeds else "it is passed over")
            return f"L{event.level}: {event.how}{goes}" + _because(event.reason)
        case EscalationExhausted():
            last = f"; last resort {describe_pages(event.pages)}" if event.pages else ""
            return f"policy {event.policy} is exhausted ({event.why}){last}"
        case EscalationSwitched():
            return f"escalation goes on under {event.policy}, level {event.level}"
        case Snoozed():
            return f"until {event.until:%Y-%m-%d %H:%M} UTC: {event.reason}"
        case SnoozeEnded():
            return "woken early" if event.early else "snooze is over"
        case EscalationStopped():
            return event.reason
        case EscalationCalledOff():
            return f"at level {event.level}: {event.reason}" if event.level else f"before any page: {event.reason}"
        case EscalationResumed():
            return f"level {event.level} at {event.start_at:%H:%M} UTC" + _because(event.reason)
        case PagedBesides():
            if event.why is Why.RULE and event.reason:
                return f"{describe_pages(event.pages)} (by {event.reason})"
            return f"{describe_pages(event.pages)} ({event.why})" + _because(event.reason)
        case _:
            return ""


def _paged(event: LevelPaged) -> str:
    again = f", repeat {event.repeat}" if event.repeat else ""
    cycle = f", cycle {event.cycle}" if event.cycle > 1 else ""
    names = f"; accountable {', '.join(event.accountable)}" if event.accountable else ""
    asked = f"; consulted {describe_pages(event.consulted)}" if event.consulted else ""
    told = f"; informed {describe_pages(event.informed)}" if event.informed else ""
    return f"L{event.level} {describe_pages(event.pages)} ({event.why}{again}{cycle}){names}{asked}{told}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


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
    return ", ".join(f"{to} by {' '.join(via)}" for to, via in people.items())
