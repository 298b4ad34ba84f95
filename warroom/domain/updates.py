"""Telling people (R10): what follows when somebody posts an update on a channel."""

from __future__ import annotations

from warroom.domain.clocks import every
from warroom.domain.comms import PostUpdate, StreamEnded, UpdatePosted
from warroom.domain.core import Decision, Refused, Stale


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
    longest = every(d, channel.name)
    next_due = command.next_at or (d.in_hours(d.now + longest) if live and longest is not None else None)
    d.record(UpdatePosted(channel.name, audience, command.text, d.now, next_due, promised=command.next_at is not None))
    if not live and command.next_at is None:
        d.record(StreamEnded(channel.name))
