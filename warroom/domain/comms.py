"""Communications (R10): channels, the cadence of each, updates, and the clock of silence that runs between them.

Every channel that a severity asks for is a stream with a clock: the first update is due some minutes after the
incident was declared, each further one when the last one promised it, else a cadence later. An overdue update reminds
step by step whom the rulebook names; the last step brings in the next level of escalation.

Before an update is due, whoever the rules name can be told that its time nears; and one can be skipped with a reason,
which begins its clock anew. What follows when time passes is decided in `clocks`, what follows when somebody writes an
update in `updates`, how punctual all that was is counted in `punctuality`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from warroom.domain.core import Command, Deadline, Event, Postponed, happens
from warroom.domain.escalation import describe_pages
from warroom.domain.policy import PageTo, PassedOver


class Audience(StrEnum):
    """Whom an update is for."""

    INTERNAL = "internal"
    EXTERNAL = "external"


CHANNEL_KINDS = ("internal-page", "public-page", "mail", "chat", "social", "desk", "call")
"""What a channel can be (R10): internal and public status page, mail list, chat, social media, support desk, call."""


SOCIAL_MOST = 280
"""How many characters a post on social media has at most, where the rules say nothing else."""


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel as the rulebook has it. `kind` is one of `CHANNEL_KINDS`, "" where nobody said. `most`: how many
    characters an update on it may have, 0 for what is usual for its kind."""

    name: str
    title: str
    audience: Audience
    kind: str = ""
    most: int = 0

    @property
    def longest(self) -> int:
        """How many characters an update may have; 0 for any number."""
        return self.most or (SOCIAL_MOST if self.kind == "social" else 0)

    @property
    def headed(self) -> bool:
        """Whether a subject is shown above the text."""
        return self.kind != "social"


@dataclass(frozen=True, slots=True)
class Stream:
    """One channel of one incident. `due`: when the next update is due (stays while it is late); `remind_at`: when the
    next warning or reminder goes out; `every`: the longest silence in order, None where no cadence applies.

    `since`: where the clock runs from, None for the last word. `warned` and `misses` count the warnings and reminders
    that went out for the running silence, `streak` the updates in a row before it that were late, `skips` those that
    were skipped since the last word, `skipped` all of them.
    """

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
    since: datetime | None = None
    warned: int = 0
    streak: int = 0
    skips: int = 0
    skipped: int = 0

    @property
    def begun(self) -> datetime:
        """Since when the running clock runs."""
        return self.since or self.last_at or self.opened_at

    @property
    def turn(self) -> int:
        """How often the clock began anew: what somebody who acts on it has seen."""
        return self.count + self.skipped

    def missed(self, now: datetime) -> int:
        """How many updates in a row are late, the one that is overdue now among them."""
        return self.streak + (self.due is not None and self.due <= now)


class Standing(StrEnum):
    """How far an update has come that is not out yet."""

    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a proposal."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An update that waits for a second person, for its time, or for somebody to let it go.

    `id` is the number of the entry with which it began; its text never changes (a changed one is another proposal).
    `severity` and `live` are the incident's as whoever wrote or approved it saw them, `seen` the number of updates on
    its channels then. `reviewer` is who was asked, "" for anybody; `lapses_at`: by when somebody should have answered.
    """

    id: int
    author: str
    at: datetime
    channels: tuple[str, ...]
    audience: Audience
    text: str
    severity: str
    live: bool
    subject: str = ""
    next_at: datetime | None = None
    seen: int = 0
    corrects: int = 0
    asked: bool = False
    reviewer: str = ""
    lapses_at: datetime | None = None
    unanswered: bool = False
    approved_by: str = ""
    send_at: datetime | None = None
    held: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def standing(self) -> Standing:
        """What it waits for."""
        if self.held:
            return Standing.HELD
        if self.asked and not self.approved_by:
            return Standing.REVIEW
        return Standing.SCHEDULED if self.send_at is not None else Standing.APPROVED


@dataclass(frozen=True, slots=True)
class Said:
    """An update that went out not long ago: the number of its entry, and where it was said."""

    version: int
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comms:
    """All streams of one incident by channel; of imported posts the source ids and fingerprints, so that none is taken
    twice; updates that are not out yet; and the latest that are."""

    streams: Mapping[str, Stream] = field(default_factory=dict)
    source_ids: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    said: tuple[Said, ...] = ()

    def put(self, channel: str, stream: Stream) -> Comms:
        """These communications with one stream changed."""
        return replace(self, streams={**self.streams, channel: stream})

    def count(self, channels: Iterable[str]) -> int:
        """How many updates there were on these channels."""
        return sum(self.streams[name].count for name in set(channels) if name in self.streams)

    def proposal(self, number: int) -> Proposal | None:
        """The proposal of that number, None where it is out or withdrawn."""
        return next((each for each in self.proposals if each.id == number), None)


@dataclass(frozen=True, slots=True)
class PostUpdate(Command):
    """Tell somebody something, and when the next word comes. `next_at` None: by the cadence. `also` are further
    channels of the same audience; `corrects` the number of the entry with the update that this one puts right;
    `replaces` the proposal that it was made of.

    `seen` is the number of updates on all its channels that the asker saw, so that two people do not post over each
    other.
    """

    names = ("channel",)
    lines = ("subject",)
    blocks = ("text",)

    channel: str
    text: str
    next_at: datetime | None = None
    audience: Audience | None = None
    seen: int | None = None
    also: tuple[str, ...] = ()
    subject: str = ""
    corrects: int = 0
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class SkipUpdate(Command):
    """Let one update on a channel be, and begin its clock anew. `seen` is the channel's turn that the asker saw, so
    that nobody skips what somebody else has just posted or skipped."""

    names = ("channel",)
    lines = ("reason",)

    channel: str
    reason: str
    seen: int | None = None


@happens("stream_opened")
@dataclass(frozen=True, slots=True)
class StreamOpened(Event):
    """A channel is timed from now on: an update is due at `due`, then every `every`. `warn_at`: when somebody is told
    that it nears, None for nobody."""

    channel: str
    audience: Audience
    due: datetime | None
    every: timedelta | None
    warn_at: datetime | None = None


@happens("stream_timed")
@dataclass(frozen=True, slots=True)
class StreamTimed(Event):
    """The cadence of a channel changed (another severity or status, or the incident was resolved).

    Where `due` is what it was, a promise of it stands, and so do the reminders already sent. `since`: where the clock
    runs from, None for the last word.
    """

    channel: str
    due: datetime | None
    every: timedelta | None
    warn_at: datetime | None = None
    since: datetime | None = None


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

    `was_due`: when this update had been due, None where nobody waited for it. `subject`: its name, "" for the
    incident's. `author`: who wrote it, where somebody else or the clock sent it; `reviewer`: who approved it, and
    `unreviewed` why nobody did where the rules wanted it. `proposal`: the number of the proposal that it was.
    `corrects`: the number of the entry of this record that it puts right; what was said stays as it was said.
    """

    channel: str
    audience: Audience
    text: str
    posted_at: datetime
    due: datetime | None
    promised: bool = False
    source_id: str = ""
    phase: str = ""
    was_due: datetime | None = None
    subject: str = ""
    author: str = ""
    reviewer: str = ""
    unreviewed: str = ""
    proposal: int = 0
    corrects: int = 0
    warn_at: datetime | None = None


@happens("update_warned")
@dataclass(frozen=True, slots=True)
class UpdateWarned(Event):
    """An update nears: it is due at `due`. `pages` are told so, or `nobody` says why not; `step` counts the warnings
    that the running silence had."""

    channel: str
    due: datetime
    step: int
    pages: tuple[PageTo, ...]
    again_at: datetime
    nobody: str = ""
    passed: tuple[PassedOver, ...] = ()


@happens("update_skipped")
@dataclass(frozen=True, slots=True)
class UpdateSkipped(Event):
    """Somebody let an update be that was due at `was_due`. Its clock begins anew: the next one is due at `due`, None
    where no cadence asks for one."""

    channel: str
    reason: str
    was_due: datetime
    due: datetime | None
    every: timedelta | None
    warn_at: datetime | None = None


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
            stream = Stream(event.audience, at, event.every, event.due, event.warn_at or event.due)
            return comms.put(event.channel, stream)
        case StreamTimed():
            old = replace(comms.streams[event.channel], every=event.every)
            if event.due != old.due:
                old = replace(
                    old,
                    due=event.due,
                    remind_at=event.warn_at or event.due,
                    misses=0,
                    warned=0,
                    promised=False,
                    ended_at=None,
                    since=event.since,
                )
            return comms.put(event.channel, old)
        case StreamEnded():
            old = comms.streams[event.channel]
            ended = replace(
                old, due=None, remind_at=None, promised=False, misses=0, warned=0, skips=0, since=None, ended_at=at
            )
            return comms.put(event.channel, ended)
        case UpdateWarned():
            old = comms.streams[event.channel]
            return comms.put(event.channel, replace(old, warned=event.step, remind_at=event.again_at))
        case UpdateSkipped():
            return comms.put(event.channel, _skipped(comms.streams[event.channel], event, at))
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


def _skipped(old: Stream, event: UpdateSkipped, at: datetime) -> Stream:
    return replace(
        old,
        due=event.due,
        remind_at=event.warn_at or event.due,
        every=event.every,
        promised=False,
        misses=0,
        warned=0,
        since=at,
        skips=old.skips + 1,
        skipped=old.skipped + 1,
    )


def _posted(comms: Comms, event: UpdatePosted) -> Comms:
    old = comms.streams.get(event.channel) or Stream(event.audience, event.posted_at, None)
    imported = bool(event.source_id)
    last_at = max(old.last_at or event.posted_at, event.posted_at)
    stream = replace(
        old,
        due=event.due,
        # What was said elsewhere is watched, not nagged about.
        remind_at=None if imported else event.warn_at or event.due,
        promised=event.promised,
        misses=0,
        warned=0,
        since=None,
        skips=0,
        streak=0 if imported or old.due is None or event.posted_at <= old.due else old.streak + 1,
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
    """Updates that near and fall due, and reminders of those that are overdue."""
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
            return f"{event.channel}: {event.text}{_how(event)}"
        case UpdateWarned():
            told = describe_pages(event.pages)
            return f"{event.channel} due {event.due:%H:%M} UTC; {f'told: {told}' if told else event.nobody}"
        case UpdateSkipped():
            again = f"next due {event.due:%H:%M} UTC" if event.due else "no further update due"
            return f"{event.channel}: {event.reason}; {again}"
        case UpdateMissed():
            paged = describe_pages(event.pages) or ("next level" if event.escalated else event.nobody or "late")
            return f"{event.channel} overdue; {paged}"
        case _:
            return ""


def _how(event: UpdatePosted) -> str:
    """What the record says of an update beside its words."""
    said = [f"puts #{event.corrects} right"] if event.corrects else []
    if event.author:
        said.append(f"written by {event.author}")
    if event.reviewer:
        said.append(f"reviewed by {event.reviewer}")
    if event.unreviewed:
        said.append(f"NOT REVIEWED: {event.unreviewed}")
    return f" ({'; '.join(said)})" if said else ""
