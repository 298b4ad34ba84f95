"""Communications (R10): channels, the cadence of each, updates, and the clock of silence that runs between them.

Every channel that a severity asks for is a stream with a clock: the first update is due some minutes after the
incident was declared, each further one when the last one promised it, else a cadence later. An overdue update reminds
step by step whom the rulebook names; the last step brings in the next level of escalation.

Before an update is due, whoever the rules name can be told that its time nears; and one can be skipped with a reason,
which begins its clock anew.

Its parts are named here in one place: the state stands in `comms_state`, commands and events in `comms_commands` and
`comms_events`; here is what each event makes of the state. What follows when time passes is decided in `clocks`, what
follows when somebody writes an update in `updates`, what becomes of one that waits in `proposals` and `reviewing`; how
punctual all that was is counted in `punctuality`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from zlib import crc32

from warroom.domain.comms_commands import PostUpdate, SkipUpdate
from warroom.domain.comms_events import (
    StreamEnded,
    StreamOpened,
    StreamTimed,
    UpdateMissed,
    UpdatePosted,
    UpdateSkipped,
    UpdateWarned,
    describe,
)
from warroom.domain.comms_state import (
    CHANNEL_KINDS,
    SOCIAL_MOST,
    Audience,
    ChannelSpec,
    Comment,
    Comms,
    Proposal,
    Said,
    Standing,
    Stream,
)
from warroom.domain.core import Deadline, Event, Postponed

__all__ = [
    "CHANNEL_KINDS",
    "SOCIAL_MOST",
    "Audience",
    "ChannelSpec",
    "Comment",
    "Comms",
    "PostUpdate",
    "Proposal",
    "Said",
    "SkipUpdate",
    "Standing",
    "Stream",
    "StreamEnded",
    "StreamOpened",
    "StreamTimed",
    "UpdateMissed",
    "UpdatePosted",
    "UpdateSkipped",
    "UpdateWarned",
    "describe",
    "due",
    "evolve",
    "fingerprint",
]


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
