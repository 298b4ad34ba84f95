"""The clocks of silence (R10): which channels are timed, what is due when, and what comes before and after that.

Every clock runs from the last word on its channel, or from where it began anew (opened, skipped, resolved), to the
moment at which the next update is due: by the cadence of severity, status and channel, or as the last update promised.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from warroom.domain import ladder
from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence, ReminderStep, share_of
from warroom.domain.comms import (
    SkipUpdate,
    Stream,
    StreamEnded,
    StreamOpened,
    StreamTimed,
    UpdateMissed,
    UpdateSkipped,
    UpdateWarned,
)
from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.escalation import Why
from warroom.domain.ladder_words import span
from warroom.domain.policy import PageTo, PassedOver, TargetKind
from warroom.domain.status_words import status_word
from warroom.valueclass import dataclass
from warroom.words import tr, trn

if TYPE_CHECKING:
    from warroom.domain.room import Room

NEAR_PERCENT = 80
"""From when on an update nears, where the rules warn nobody: when so much of the time up to it has passed (R10)."""


# When ----------------------------------------------------------------------------------------------------------------


def near_percent(book: Rulebook) -> int:
    """From when on an update counts as near: at the first warning of the rules."""
    return min(
        (step.percent for step in book.reminders if step.warns and step.percent is not None), default=NEAR_PERCENT
    )


def near_at(stream: Stream, book: Rulebook) -> datetime | None:
    """From when on the next update of a channel counts as near; None where none is due."""
    return None if stream.due is None else share_of(stream.begun, stream.due, near_percent(book))


def warnings(book: Rulebook) -> tuple[ReminderStep, ...]:
    """The steps that come before an update is due, in the order in which they come."""
    return tuple(sorted((step for step in book.reminders if step.warns), key=lambda step: step.percent or 0))


def reminders(book: Rulebook) -> tuple[ReminderStep, ...]:
    """The steps that come once it is due, in the order of the rules."""
    return tuple(step for step in book.reminders if not step.warns)


def warn_at(d: Decision, start: datetime, due: datetime | None) -> datetime | None:
    """When the first warning of an update goes out that is due at `due` after a silence that counts from `start`; None
    where the rules have none, or nobody may be disturbed before it is due."""
    first = next(iter(warnings(d.book)), None)
    if first is None or due is None:
        return None
    at = d.in_hours(max(first.moment(start, due), d.now))
    return at if at < due else None


def reminder_times(book: Rulebook, stream: Stream) -> tuple[datetime, ...]:
    """When each of the reminders comes for the update that a channel waits for. They come in the order of the rules:
    one that would come before the one in front of it comes together with it."""
    if stream.due is None:
        return ()
    times: list[datetime] = []
    for step in reminders(book):
        at = max(stream.due, step.moment(stream.begun, stream.due, stream.streak))
        times.append(max(at, times[-1]) if times else at)
    return tuple(times)


@dataclass(frozen=True, slots=True)
class Proposed:
    """When the next update of a channel should come, for whoever writes one now.

    `every` is the silence that it stands for and `source` where that comes from.
    """

    at: datetime
    every: timedelta
    source: str


def proposed_next(room: Room, book: Rulebook, channel: str, now: datetime) -> Proposed | None:
    """When the next update of a channel should come by severity, status and channel if one is posted `now`; None where
    nobody will wait for one. In a long incident it may come later than an update that names no time is followed by."""
    incident = room.incident
    cadence = _cadence(book, incident.severity, channel)
    if cadence is None or not incident.live or incident.watched or incident.held:
        return None
    every = cadence.within(incident.status)
    source = cadence_words(book, incident.severity, channel, incident.status)
    if cadence.long is not None and cadence.long > every and now - incident.declared_at >= book.clocks.long_after:
        every, source = cadence.long, tr("long incident, {span} if announced").format(span=span(cadence.long))
    return Proposed(book.in_hours(incident.severity, now + every), every, source)


def cadence_words(book: Rulebook, severity: str, channel: str, status: str) -> str:
    """Where the longest silence of a channel comes from: "SEV1", or with its status where that has a figure."""
    cadence = _cadence(book, severity, channel)
    if cadence is None:
        return ""
    return f"{severity} {status_word(status)}" if status in cadence.by_status else severity


def _cadence(book: Rulebook, severity: str, channel: str) -> Cadence | None:
    spec = book.severities.get(severity)
    return next((each for each in spec.cadence if each.channel == channel), None) if spec is not None else None


def every(d: Decision, channel: str) -> timedelta | None:
    """The longest silence in order on a channel by severity and status in force; None where it is not timed."""
    incident = d.room.incident
    if incident.watched:
        stream = d.room.comms.streams.get(channel)
        return None if stream is None else stream.every
    cadence = _cadence(d.book, incident.severity, channel)
    return None if cadence is None else cadence.within(incident.status)


@dataclass(frozen=True, slots=True)
class Timing:
    """How an update that is posted now is timed: when it had been due, and when the next word is due and warned of."""

    was_due: datetime | None
    due: datetime | None
    warn_at: datetime | None
    promised: bool


def timing(d: Decision, channel: str, next_at: datetime | None) -> Timing:
    """How an update is timed that is posted now; `next_at` is the time that it names itself, None for by cadence."""
    stream = d.room.comms.streams.get(channel)
    longest = every(d, channel)
    due = next_at or (d.in_hours(d.now + longest) if d.room.incident.live and longest is not None else None)
    was_due = None if stream is None else stream.due
    return Timing(was_due, due, warn_at(d, d.now, due), next_at is not None)


# Who is timed --------------------------------------------------------------------------------------------------------


def open_streams(d: Decision) -> None:
    """Time the channels that the incident's severity asks for; re-time those already open, end those not asked for.

    A time that an update has promised stands: whoever reads it counts on it.
    """
    cadences = {c.channel: c for c in d.book.severity(d.room.incident.severity).cadence}
    status = d.room.incident.status
    for name, cadence in cadences.items():
        stream = d.room.comms.streams.get(name)
        if stream is None:
            audience, due = d.book.channels[name].audience, d.in_hours(d.given(cadence.first))
            d.record(StreamOpened(name, audience, due, cadence.within(status), warn_at(d, d.now, due)))
        else:
            _retime(d, name, stream, cadence)
    for name, stream in d.room.comms.streams.items():
        if name not in cadences and stream.due is not None and not stream.promised:
            d.record(StreamEnded(name))


def follow_status(d: Decision, before: str) -> None:
    """The incident moved on from status `before`: channels for which another silence is in order now follow at once."""
    incident = d.room.incident
    if incident.watched or incident.held:
        return
    for cadence in d.book.severity(incident.severity).cadence:
        stream = d.room.comms.streams.get(cadence.channel)
        if stream is None or stream.due is None or cadence.within(before) == cadence.within(incident.status):
            continue
        _retime(d, cadence.channel, stream, cadence)


def _retime(d: Decision, name: str, stream: Stream, cadence: Cadence) -> None:
    figure = cadence.within(d.room.incident.status)
    if stream.promised and stream.due is not None:
        d.record(StreamTimed(name, stream.due, figure))
        return
    skipped = stream.since if stream.skips else None
    since = skipped or stream.last_at or stream.opened_at
    planned = since + (figure if stream.last_at else cadence.first)
    if planned <= d.now:
        # What is late already stays late since when it is; else it is late from now on.
        planned = min(stream.due or d.now, d.now)
    due = d.in_hours(planned)
    d.record(StreamTimed(name, due, figure, warn_at(d, since, due), skipped))


def wind_down(d: Decision) -> None:
    """The incident is resolved: a last word is due where the severity asks for one, the other clocks stop."""
    finals = {c.channel: c for c in d.book.severity(d.room.incident.severity).cadence if c.final is not None}
    for name, stream in d.room.comms.streams.items():
        cadence = finals.get(name)
        if cadence is not None and cadence.final is not None:
            due = d.in_hours(d.now + cadence.final)
            d.record(StreamTimed(name, due, stream.every, warn_at(d, d.now, due), d.now))
        elif stream.ended_at is None:
            d.record(StreamEnded(name))


def close(d: Decision) -> None:
    """The incident is closed: nobody waits for anything."""
    for name, stream in d.room.comms.streams.items():
        if stream.ended_at is None:
            d.record(StreamEnded(name))


# Skipping ------------------------------------------------------------------------------------------------------------


def skip(d: Decision, command: SkipUpdate) -> None:
    """Let the next update on a channel be, and begin its clock anew from now.

    So many in a row as the rules allow: after that somebody has to say something, be it when the next word comes.
    """
    incident, name = d.room.incident, command.channel
    if incident.watched:
        raise Refused(tr("{key} is only watched: its updates are its provider's").format(key=incident.key))
    stream = d.room.comms.streams.get(name)
    if stream is None or stream.due is None:
        timed = [each for each, found in d.room.comms.streams.items() if found.due is not None]
        known = tr("; timed are {channels}").format(channels=", ".join(timed)) if timed else ""
        raise Refused(tr("no update is due on {name!r}{known}").format(name=name, known=known))
    if not command.reason:
        raise Refused(tr("say why: a reason is needed to skip an update"))
    if command.seen is not None and command.seen != stream.turn:
        raise Stale(tr("somebody posted or skipped an update on {name} since you looked").format(name=name))
    most = d.book.clocks.skips
    if stream.skips >= most:
        if not most:
            raise Refused(tr("no update may be skipped here (clocks.skips of the rulebook is 0): post one"))
        raise Refused(
            trn(
                "the update on {name} was skipped already: post one, if only to say when the next word comes",
                "the update on {name} was skipped {count} times in a row already: post one, if only to say when the "
                "next word comes",
                most,
            ).format(name=name, count=most)
        )
    length, longest = _anew(d, name, stream), every(d, name)
    due = None if length is None else d.in_hours(d.now + length)
    d.record(UpdateSkipped(name, command.reason, stream.due, due, longest, warn_at(d, d.now, due)))
    if due is None:
        d.record(StreamEnded(name))


def _anew(d: Decision, name: str, stream: Stream) -> timedelta | None:
    """The time that a clock has when it begins anew; None where nothing but a promise timed it."""
    cadence = _cadence(d.book, d.room.incident.severity, name)
    if cadence is None:
        return None
    if not d.room.incident.live:
        return cadence.final
    return cadence.within(d.room.incident.status) if stream.last_at else cadence.first


# What follows by itself ----------------------------------------------------------------------------------------------


def fire(d: Decision, name: str) -> None:
    """An update nears, or is overdue."""
    channel = name.removeprefix("update:")
    stream = d.room.comms.streams[channel]
    if stream.due is not None and d.now < stream.due:
        _warn(d, channel, stream, stream.due)
    else:
        _remind(d, channel, stream)


def _warn(d: Decision, channel: str, stream: Stream, due: datetime) -> None:
    """Tell whoever the rules name that an update nears; where they cannot be found, whoever is reminded next."""
    times = [step.moment(stream.begun, due) for step in warnings(d.book)]
    step = max(sum(at <= d.now for at in times), min(stream.warned + 1, len(times)))
    found, missing, passed = tuple[PageTo, ...](), list[str](), list[PassedOver]()
    for each in (*warnings(d.book)[max(0, step - 1) :], *reminders(d.book)):
        if any(target.kind is TargetKind.LEVEL for target in each.to):
            continue
        reached = d.reach(each.to)
        found = reached.pages
        passed += reached.passed
        if found:
            break
        missing.append(reached.nobody)
    again_at = min(due, max(d.in_hours(times[step]), d.now)) if step < len(times) else due
    nobody = "" if found else "; ".join(dict.fromkeys(missing)) or "the rules name nobody"
    d.record(UpdateWarned(channel, due, step, found, again_at, nobody, tuple(dict.fromkeys(passed))))


def _remind(d: Decision, channel: str, stream: Stream) -> None:
    """Remind the next in line of an overdue update.

    A step whose people cannot be found falls through to the next at once; but bringing in the next level of the
    escalation keeps its own time, and is left out while the ladder moves by itself.
    """
    steps, times = reminders(d.book), reminder_times(d.book, stream)
    miss, by_level = stream.misses, False
    pages: tuple[PageTo, ...] = ()
    missing: list[str] = []
    passed: list[PassedOver] = []
    if steps and miss >= len(steps):
        _remind_again(d, channel, stream, steps)
        return
    if miss < len(steps) and d.now < times[miss]:
        # It is due, and the rules let some time pass before they remind anybody.
        d.record(UpdateMissed(channel, miss, (), False, d.in_hours(times[miss])))
        return
    while miss < len(steps):
        step = steps[miss]
        to_level = any(t.kind is TargetKind.LEVEL for t in step.to)
        if to_level and miss > stream.misses:
            break
        miss += 1
        by_level = to_level and ladder.can_advance(d)
        found = d.reach(step.to)
        pages = found.pages
        passed += found.passed
        if pages or by_level:
            break
        missing.append(ladder.why_it_stays(d) if to_level else found.nobody)
    again_at = None
    if miss < len(steps):
        again_at = d.in_hours(d.after(times[miss] - times[stream.misses]))
    elif steps:
        again_at = _again_at(d)
    nobody = "" if pages or by_level else "; ".join(missing)
    d.record(UpdateMissed(channel, miss, pages, by_level, again_at, nobody, tuple(passed)))
    if by_level:
        ladder.advance(d, Why.UPDATE)


def _again_at(d: Decision) -> datetime | None:
    """When the last reminder comes once more; nobody is nagged for ever about a last word that is missing."""
    again = d.book.clocks.again
    return None if again is None or not d.room.incident.live else d.in_hours(d.after(again))


def _remind_again(d: Decision, channel: str, stream: Stream, steps: tuple[ReminderStep, ...]) -> None:
    """Every step was taken, and there is still no word: the last of them that finds anybody is taken again."""
    by_level, pages = False, tuple[PageTo, ...]()
    missing: list[str] = []
    passed: list[PassedOver] = []
    for step in reversed(steps):
        to_level = any(t.kind is TargetKind.LEVEL for t in step.to)
        by_level = to_level and ladder.can_advance(d)
        found = d.reach(step.to)
        pages = found.pages
        passed += found.passed
        if pages or by_level:
            break
        missing.append(ladder.why_it_stays(d) if to_level else found.nobody)
    nobody = "" if pages or by_level else "; ".join(missing)
    d.record(UpdateMissed(channel, stream.misses, pages, by_level, _again_at(d), nobody, tuple(passed)))
    if by_level:
        ladder.advance(d, Why.UPDATE)
