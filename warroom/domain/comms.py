"""Communications (R10): channels, the cadence of each, updates, and the clock of silence that runs between them.

Every channel that a severity asks for is a stream with a clock: the first update is due some minutes after the
incident was declared, each further one when the last one promised it, else a cadence later. An overdue update reminds
step by step whom the rulebook names; the last step brings in the next level of escalation.

What follows when time passes is decided in `clocks`, what follows when somebody writes an update in `updates`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from warroom.domain.core import Command, Deadline, Event, Postponed, happens
from warroom.domain.escalation import describe_pages
from warroom.domain.policy import PageTo, PassedOver, Target


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
