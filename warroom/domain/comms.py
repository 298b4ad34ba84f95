"""Communications (R10): channels, the cadence of each, updates, and the clock of silence that runs between them.

Every channel that a severity asks for is a stream with a clock: the first update is due some minutes after the
incident was declared, each further one when the last one promised it, else a cadence later. An overdue update reminds
step by step whom the rulebook names; the last step brings in the next level of escalation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from warroom.domain import ladder
from warroom.domain.core import Command, Deadline, Decision, Event, Postponed, Refused, Stale, happens
from warroom.domain.escalation import Why, describe_pages
from warroom.domain.policy import PageTo, PassedOver, Target, TargetKind


class Audience(StrEnum):
    """Whom an update is for."""

    INTERNAL = "internal"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel as the rulebook has it."""

    name: str
    title: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Cadence:
    """A severity's promise for one channel: first word within `first`, then one every `every`, a last one within
    `final` of the resolution (None: no clock for it)."""

    channel: str
    first: timedelta
    every: timedelta
    final: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """Who is reminded of an overdue update: `after` counted from when the update was due."""

    after: timedelta
    to: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """One channel of one incident. `due`: when the next update is due (stays while it is late); `remind_at`: when the
    next reminder goes out; `every`: the longest silence in order, None where no cadence applies."""

    audience: Audience
    opened_at: datetime
    every: timedelta | None
    due: datetime | None = None
    remind_at: datetime | None = None
    promised: bool = False
    misses: int = 0
    count: int = 0
    last_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comms:
    """All streams of one incident by channel; and of imported posts the source ids and fingerprints, so that none is
    taken twice."""

    streams: Mapping[str, Stream] = field(default_factory=dict)
    source_ids: tuple[str, ...] = ()

    def put(self, channel: str, stream: Stream) -> Comms:
        """These communications with one stream changed."""
        return replace(self, streams={**self.streams, channel: stream})


@dataclass(frozen=True, slots=True)
class PostUpdate(Command):
    """Tell somebody something, and when the next word comes. `next_at` None: by the cadence.

    `seen` is the number of updates on the channel that the asker saw, so that two people do not post over each other.
    """

    names = ("channel",)
    blocks = ("text",)

    channel: str
    text: str
    next_at: datetime | None = None
    audience: Audience | None = None
    seen: int | None = None


@happens("stream_opened")
@dataclass(frozen=True, slots=True)
class StreamOpened(Event):
    """A channel is timed from now on: an update is due at `due`, then every `every`."""

    channel: str
    audience: Audience
    due: datetime | None
    every: timedelta | None


@happens("stream_timed")
@dataclass(frozen=True, slots=True)
class StreamTimed(Event):
    """The cadence of a channel changed (another severity, or the incident was resolved).

    Where `due` is what it was, a promise of it stands, and so do the reminders already sent.
    """

    channel: str
    due: datetime | None
    every: timedelta | None


@happens("stream_ended")
@dataclass(frozen=True, slots=True)
class StreamEnded(Event):
    """A channel is not timed any more."""

    channel: str


@happens("update_posted")
@dataclass(frozen=True, slots=True)
class UpdatePosted(Event):
    """Somebody was told something at `posted_at`; `due` is when the next word is due, None if none is.

    `promised`: the update itself named that time. `source_id` and `phase` come with an imported post.
    """

    channel: str
    audience: Audience
    text: str
    posted_at: datetime
    due: datetime | None
    promised: bool = False
    source_id: str = ""
    phase: str = ""


@happens("update_missed")
@dataclass(frozen=True, slots=True)
class UpdateMissed(Event):
    """An update is overdue; `pages` went out, or `nobody` says why not. `again_at` None: no further reminder."""

    channel: str
    miss: int
    pages: tuple[PageTo, ...]
    escalated: bool
    again_at: datetime | None
    nobody: str = ""
    passed: tuple[PassedOver, ...] = ()


def evolve(comms: Comms, event: Event, at: datetime) -> Comms:
    """The communications after `event`; events of other topics leave them as they are."""
    match event:
        case StreamOpened():
            stream = Stream(event.audience, at, event.every, event.due, event.due)
            return comms.put(event.channel, stream)
        case StreamTimed():
            old = replace(comms.streams[event.channel], every=event.every)
            if event.due != old.due:
                old = replace(old, due=event.due, remind_at=event.due, misses=0, promised=False, ended_at=None)
            return comms.put(event.channel, old)
        case StreamEnded():
            old = comms.streams[event.channel]
            ended = replace(old, due=None, remind_at=None, promised=False, misses=0, ended_at=at)
            return comms.put(event.channel, ended)
        case UpdatePosted():
            return _posted(comms, event)
        case Postponed(name, to) if name.startswith("update:"):
            channel = name.removeprefix("update:")
            return comms.put(channel, replace(comms.streams[channel], remind_at=to))
        case UpdateMissed():
            old = comms.streams[event.channel]
            return comms.put(event.channel, replace(old, misses=event.miss, remind_at=event.again_at))
        case _:
            return comms


def _posted(comms: Comms, event: UpdatePosted) -> Comms:
    old = comms.streams.get(event.channel) or Stream(event.audience, event.posted_at, None)
    imported = bool(event.source_id)
    last_at = max(old.last_at or event.posted_at, event.posted_at)
    stream = replace(
        old,
        due=event.due,
        # What was said elsewhere is watched, not nagged about.
        remind_at=None if imported else event.due,
        promised=event.promised,
        misses=0,
        count=old.count + 1,
        last_at=last_at,
        opened_at=min(old.opened_at, event.posted_at) if imported else old.opened_at,
        ended_at=old.ended_at if event.due is None else None,
    )
    marks = (event.source_id, fingerprint(event.posted_at, event.text)) if imported else ()
    ids = (*comms.source_ids, *marks)
    return replace(comms, streams={**comms.streams, event.channel: stream}, source_ids=ids)


_NOT_LETTERS = re.compile(r"[\W_]+")


def fingerprint(at: datetime, text: str) -> str:
    """What an imported post is known by beside its id: its minute, and its letters and digits."""
    letters = _NOT_LETTERS.sub("", text.casefold())
    return f"{at:%Y%m%d%H%M}~{crc32(letters.encode()):08x}"


def due(comms: Comms) -> tuple[Deadline, ...]:
    """Updates that fall due, and reminders of those that are overdue."""
    return tuple(
        Deadline(stream.remind_at, f"update:{channel}")
        for channel, stream in comms.streams.items()
        if stream.remind_at is not None
    )


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


def post(d: Decision, command: PostUpdate) -> None:
    """Post an update on a channel of the rulebook."""
    channel = d.book.channels.get(command.channel)
    if channel is None:
        known = ", ".join(d.book.channels)
        raise Refused(f"there is no channel {command.channel!r}; the channels are {known}")
    if not command.text:
        raise Refused("an update needs a text")
    if command.next_at is not None:
        d.ahead(command.next_at, "the next update")
        if d.room.incident.closed_at is not None:
            raise Refused(f"{d.room.incident.key} is closed: reopen it before you promise another update")
    stream = d.room.comms.streams.get(channel.name)
    count = 0 if stream is None else stream.count
    if command.seen is not None and command.seen != count:
        raise Stale(f"somebody posted on {channel.name} since you looked; read it before you post")
    audience = command.audience or channel.audience
    live = d.room.incident.live
    every = _every(d, channel.name)
    next_due = command.next_at or (d.in_hours(d.now + every) if live and every is not None else None)
    d.record(UpdatePosted(channel.name, audience, command.text, d.now, next_due, promised=command.next_at is not None))
    if not live and command.next_at is None:
        d.record(StreamEnded(channel.name))


def _every(d: Decision, channel: str) -> timedelta | None:
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


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case StreamOpened():
            first = f", first update due {event.due:%H:%M} UTC" if event.due else ""
            return f"{event.channel}{first}"
        case StreamTimed():
            return f"{event.channel}: next due {event.due:%H:%M} UTC" if event.due else event.channel
        case StreamEnded():
            return f"{event.channel}: no further update due"
        case UpdatePosted():
            return f"{event.channel}: {event.text}"
        case UpdateMissed():
            paged = describe_pages(event.pages) or ("next level" if event.escalated else event.nobody or "late")
            return f"{event.channel} overdue; {paged}"
        case _:
            return ""
