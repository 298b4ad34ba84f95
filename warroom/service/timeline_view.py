"""From a room and what was told on its channels to the gap timeline (R10): pure, as everything that a screen shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from warroom.domain import gaps
from warroom.domain.book import Rulebook
from warroom.domain.clocks import near_at
from warroom.domain.comms import StreamEnded, StreamOpened, StreamTimed, UpdateSkipped
from warroom.domain.core import Entry
from warroom.domain.incident import SeverityChanged, StatusChanged
from warroom.domain.room import Room
from warroom.store.codec import from_us, maybe_from
from warroom.views import Dot, Lane, Mark, MarkKind, Planned, Skip, Span, Stretch, Timed, TimelineView

CHANGES = (StatusChanged, SeverityChanged, UpdateSkipped, StreamOpened, StreamTimed, StreamEnded)
"""The entries of a record that the timeline shows besides the updates themselves."""


def timeline(
    room: Room, book: Rulebook, updates: Sequence[Any], changes: Sequence[Entry], before: TimelineView | None = None
) -> TimelineView:
    """The gap timeline: one lane per channel, the longest silence that has ended marked.

    `updates` are rows of `comms_update` in the order in which they were posted, `changes` the entries of the kinds in
    `CHANGES`, oldest first. Lanes of the timeline `before` to which nothing came are the very same ones in this one.
    """
    incident = room.incident
    end = incident.resolved_at
    posts: dict[str, list[Any]] = {name: [] for name in room.comms.streams}
    for row in updates:
        posts.setdefault(row.channel, []).append(row)
    first = min((from_us(row.posted_at) for row in updates), default=incident.declared_at)
    began = incident.started_at or incident.declared_at
    lanes, longest, longest_channel = [], None, ""
    earlier = before.lanes if before is not None else ()
    known = {dot.number: dot for lane in earlier for dot in lane.dots}  # what was posted stays as it is
    for name, given in posts.items():
        stream = room.comms.streams.get(name)
        lane = Lane(
            name,
            stream.audience.value if stream else given[0].audience,
            began,
            tuple(known.get(row.version) or dot(row, incident.provider) for row in given),
            stream.due if stream else None,
            stream.every if stream else None,
            end,
            bool(stream and stream.promised),
            tuple(_planned(room, name)),
            tuple(_skips(changes, name)),
            near_at(stream, book) if stream else None,
            # A provider's own clock is set when it is imported, whatever was said when.
            () if incident.watched else tuple(_timed(changes, name)),
        )
        lanes.append(next((each for each in earlier if each == lane), lane))
        # Only what has ended counts: any moment does for the end of what runs.
        found = gaps.silences(began, (each.at for each in lane.dots), end, began)
        silence = gaps.largest(each for each in found if each.kind is not gaps.SilenceKind.RUNNING)
        if silence is not None and (longest is None or silence.length > longest.length):
            longest, longest_channel = Span(silence.start, silence.end), name
    return TimelineView(
        min(began, incident.declared_at, first),
        end,
        tuple(lanes),
        tuple(_marks(changes)),
        longest,
        longest_channel,
        tuple(_severities(room, book, changes)),
    )


def dot(row: Any, provider: str = "") -> Dot:
    """One update from its row. What a provider's post was due is not known: nobody here waited for it; and it is the
    provider who said it, whoever imported it."""
    imported = bool(row.source_id)
    return Dot(
        from_us(row.posted_at),
        provider if imported and provider else row.posted_by,
        row.text,
        row.version,
        None if imported else maybe_from(row.due),
        None if imported else maybe_from(getattr(row, "was_due", None)),  # a file before schema 4 has no such column
        getattr(row, "reviewer", "") or "",
        getattr(row, "corrects", 0) or 0,
    )


def _planned(room: Room, channel: str) -> Iterable[Planned]:
    """Updates for a channel that are written and go out by themselves at their time."""
    for proposal in room.comms.proposals:
        if channel in proposal.channels and proposal.send_at is not None and not proposal.held:
            yield Planned(proposal.send_at, proposal.author, proposal.text)


def _skips(changes: Iterable[Entry], channel: str) -> Iterable[Skip]:
    for entry in changes:
        if isinstance(entry.event, UpdateSkipped) and entry.event.channel == channel:
            yield Skip(entry.at, entry.actor, entry.event.reason, entry.event.due)


def _timed(changes: Iterable[Entry], channel: str) -> Iterable[Timed]:
    """When the rules set the clock of a channel."""
    for entry in changes:
        match entry.event:
            case StreamOpened() | StreamTimed() as event if event.channel == channel:
                yield Timed(entry.at, event.due)
            case StreamEnded() as event if event.channel == channel:
                yield Timed(entry.at, None)


def _marks(changes: Iterable[Entry]) -> Iterable[Mark]:
    for entry in changes:
        match entry.event:
            case StatusChanged():
                yield Mark(entry.event.happened_at or entry.at, entry.event.to.value)
            case SeverityChanged():
                yield Mark(entry.at, entry.event.to, MarkKind.SEVERITY)


def _severities(room: Room, book: Rulebook, changes: Iterable[Entry]) -> Iterable[Stretch]:
    """Which severity was in force from when on."""
    changed = [(entry.at, entry.event) for entry in changes if isinstance(entry.event, SeverityChanged)]
    first = changed[0][1].before if changed else room.incident.severity
    for at, name in ((room.incident.declared_at, first), *((at, event.to) for at, event in changed)):
        spec = book.severities.get(name)  # the incident may have come under rules that know it no more
        yield Stretch(at, name, spec.rank if spec is not None else 1)
