"""The clocks of silence (R10): which channels are timed, what is due when, and what follows an overdue update."""

from __future__ import annotations

from datetime import timedelta

from warroom.domain import ladder
from warroom.domain.comms import StreamEnded, StreamOpened, StreamTimed, UpdateMissed
from warroom.domain.core import Decision
from warroom.domain.escalation import Why
from warroom.domain.policy import PageTo, PassedOver, TargetKind


def open_streams(d: Decision) -> None:
    """Time the channels that the incident's severity asks for; re-time those already open, end those not asked for.

    A time that an update has promised stands: whoever reads it counts on it.
    """
    cadences = {c.channel: c for c in d.book.severity(d.room.incident.severity).cadence}
    for name, cadence in cadences.items():
        stream = d.room.comms.streams.get(name)
        if stream is None:
            audience = d.book.channels[name].audience
            d.record(StreamOpened(name, audience, d.in_hours(d.given(cadence.first)), cadence.every))
        elif stream.promised and stream.due is not None:
            d.record(StreamTimed(name, stream.due, cadence.every))
        else:
            since = stream.last_at or stream.opened_at
            planned = since + (cadence.every if stream.last_at else cadence.first)
            if planned <= d.now:
                # What is late already stays late since when it is; else it is late from now on.
                planned = min(stream.due or d.now, d.now)
            d.record(StreamTimed(name, d.in_hours(planned), cadence.every))
    for name, stream in d.room.comms.streams.items():
        if name not in cadences and stream.due is not None and not stream.promised:
            d.record(StreamEnded(name))


def wind_down(d: Decision) -> None:
    """The incident is resolved: a last word is due where the severity asks for one, the other clocks stop."""
    finals = {c.channel: c for c in d.book.severity(d.room.incident.severity).cadence if c.final is not None}
    for name, stream in d.room.comms.streams.items():
        cadence = finals.get(name)
        if cadence is not None and cadence.final is not None:
            d.record(StreamTimed(name, d.in_hours(d.now + cadence.final), stream.every))
        elif stream.ended_at is None:
            d.record(StreamEnded(name))


def close(d: Decision) -> None:
    """The incident is closed: nobody waits for anything."""
    for name, stream in d.room.comms.streams.items():
        if stream.ended_at is None:
            d.record(StreamEnded(name))


def every(d: Decision, channel: str) -> timedelta | None:
    """The longest silence in order on a channel by the severity in force; None where it does not time the channel."""
    if d.room.incident.watched:
        stream = d.room.comms.streams.get(channel)
        return None if stream is None else stream.every
    timed = d.book.severity(d.room.incident.severity).cadence
    return next((cadence.every for cadence in timed if cadence.channel == channel), None)


def fire(d: Decision, name: str) -> None:
    """An update is overdue: remind the next in line.

    A step whose people cannot be found falls through to the next at once; but bringing in the next level of the
    escalation keeps its own time, and is left out while the ladder moves by itself.
    """
    channel = name.removeprefix("update:")
    stream = d.room.comms.streams[channel]
    steps = d.book.reminders
    miss, by_level = stream.misses, False
    pages: tuple[PageTo, ...] = ()
    missing: list[str] = []
    passed: list[PassedOver] = []
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
        missing.append("the ladder moves by itself" if to_level else found.nobody)
    again_at = None
    if miss < len(steps):
        again_at = d.in_hours(d.after(steps[miss].after - steps[stream.misses].after))
    nobody = "" if pages or by_level else "; ".join(missing)
    d.record(UpdateMissed(channel, miss, pages, by_level, again_at, nobody, tuple(passed)))
    if by_level:
        ladder.advance(d, Why.UPDATE)
