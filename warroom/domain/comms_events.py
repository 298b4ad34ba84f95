"""What happens about communications (R10), and its words in the record. See `comms`."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.domain.comms_state import Audience
from warroom.domain.core import Event, happens
from warroom.domain.escalation import describe_pages
from warroom.domain.kept_words import kept
from warroom.domain.policy import PageTo, PassedOver
from warroom.valueclass import dataclass
from warroom.words import tr


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


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case StreamOpened():
            first = tr(", first update due {due:%H:%M} UTC").format(due=event.due) if event.due else ""
            return f"{event.channel}{first}"
        case StreamTimed():
            return (
                tr("{channel}: next due {due:%H:%M} UTC").format(channel=event.channel, due=event.due)
                if event.due
                else event.channel
            )
        case StreamEnded():
            return tr("{channel}: no further update due").format(channel=event.channel)
        case UpdatePosted():
            return f"{event.channel}: {event.text}{_how(event)}"
        case UpdateWarned():
            told = describe_pages(event.pages)
            return tr("{channel} due {due:%H:%M} UTC; {what}").format(
                channel=event.channel,
                due=event.due,
                what=tr("told: {told}").format(told=told) if told else kept(event.nobody),
            )
        case UpdateSkipped():
            again = tr("next due {due:%H:%M} UTC").format(due=event.due) if event.due else tr("no further update due")
            return f"{event.channel}: {event.reason}; {again}"
        case UpdateMissed():
            paged = describe_pages(event.pages) or (
                tr("next level") if event.escalated else kept(event.nobody) or tr("late")
            )
            return tr("{channel} overdue; {paged}").format(channel=event.channel, paged=paged)
        case _:
            return ""


def _how(event: UpdatePosted) -> str:
    """What the record says of an update beside its words."""
    said = [tr("puts #{corrects} right").format(corrects=event.corrects)] if event.corrects else []
    if event.author:
        said.append(tr("written by {author}").format(author=event.author))
    if event.reviewer:
        said.append(tr("reviewed by {reviewer}").format(reviewer=event.reviewer))
    if event.unreviewed:
        said.append(tr("NOT REVIEWED: {unreviewed}").format(unreviewed=event.unreviewed))
    return f" ({'; '.join(said)})" if said else ""
