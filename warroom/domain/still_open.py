"""What is still open when an incident is resolved: pointed out and put on the record, never in the way (R1, R11)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from warroom.domain.links_words import open_words
from warroom.domain.record import TheoryState
from warroom.domain.text import clean_line
from warroom.domain.times import missing, out_of_order, times_of
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.room import Room

MOST, LONGEST = 10, 80
"""How many open things are named one by one, and with how many characters each."""


def left_open(room: Room) -> tuple[str, ...]:
    """Child work, tasks, theories, decisions and updates under way that nobody has brought to an end, in words."""
    done = [clean_line(words, LONGEST) for words in open_words(room.links.open_children)]
    record = room.record
    done += [
        clean_line(tr("task #{id} {text}").format(id=each.id, text=each.text), LONGEST)
        for each in record.tasks
        if each.done_at is None
    ]
    theories = (each for each in record.theories if each.state is TheoryState.OPEN)
    done += [clean_line(tr("theory #{id} {text}").format(id=each.id, text=each.text), LONGEST) for each in theories]
    done += [
        clean_line(tr("decision #{id} {text}").format(id=each.id, text=each.text), LONGEST) for each in record.pending
    ]
    more = len(done) - MOST
    return (*done[:MOST], tr("{more} more").format(more=more)) if more > 0 else tuple(done)


def before_resolving(room: Room, ended: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What should be looked at when an incident is resolved whose impact ended then: what is open, and which of its
    times cannot be true. Nothing of what a provider publishes."""
    if room.incident.watched:
        return (), ()
    return left_open(room), out_of_order({**times_of(room.incident), "ended_at": ended})


def unsaid(room: Room) -> tuple[str, ...]:
    """The times that only a person can know and that nobody has said."""
    return missing(times_of(room.incident))
