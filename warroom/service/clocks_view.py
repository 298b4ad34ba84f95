"""From a room to its clocks of silence as a screen shows them: pure, as everything that follows from room and rules."""

from __future__ import annotations

from datetime import datetime

from warroom.domain import ladder
from warroom.domain.book import Rulebook
from warroom.domain.clocks import cadence_words, near_at, reminders, warnings
from warroom.domain.comms import Stream
from warroom.domain.core import ENGINE, Context, Decision
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.policy import Target, TargetKind
from warroom.domain.room import Room, evolve
from warroom.views import ClockLine
from warroom.words import mark, tr


def clock_lines(room: Room, book: Rulebook, now: datetime, duty: Duty = NOTHING_BESIDES) -> tuple[ClockLine, ...]:
    """Every clock of an incident: those that run, the one that is due first in front; then those that rest."""
    lines = [_line(name, stream, room, book, now, duty) for name, stream in room.comms.streams.items()]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(lines, key=lambda line: (line.due is None, line.due or far, line.channel)))


def _line(name: str, stream: Stream, room: Room, book: Rulebook, now: datetime, duty: Duty) -> ClockLine:
    watched = room.incident.watched
    step, whom = ("", ()) if stream.remind_at is None else _next(stream, room, book, now, duty)
    return ClockLine(
        channel=name,
        audience=stream.audience.value,
        begun=stream.begun,
        last_at=stream.last_at,
        due=stream.due,
        near_at=near_at(stream, book),
        promised=stream.promised,
        cadence=stream.every,
        source=_source(name, stream, room, book),
        missed=stream.missed(now),
        skips=stream.skips,
        skips_most=book.clocks.skips,
        step=step,
        step_at=stream.remind_at,
        whom=whom,
        turn=stream.turn,
        watched=watched,
    )


def _source(name: str, stream: Stream, room: Room, book: Rulebook) -> str:
    """Where the time up to the next word comes from."""
    incident = room.incident
    if stream.due is None:
        return ""
    if stream.promised:
        return tr("promised")
    if incident.watched:
        return tr("cadence for {provider}").format(provider=incident.provider)
    words = cadence_words(book, incident.severity, name, incident.status)
    if not incident.live:
        return tr("{words}, last word").format(words=words)
    first = "" if stream.last_at else tr(", first word")
    return f"{words}{first}{(tr(', after a skip') if stream.skips else '')}"


def _next(stream: Stream, room: Room, book: Rulebook, now: datetime, duty: Duty) -> tuple[str, tuple[str, ...]]:
    """What follows by itself at the next step, and whom that names: who would be found now."""
    d = Decision(Context(now, ENGINE, book, duty), room, evolve)

    def found(to: tuple[Target, ...]) -> tuple[str, ...]:
        people = tuple(target for target in to if target.kind is not TargetKind.LEVEL)
        return tuple(dict.fromkeys(page.to for page in d.reach(people).pages))

    assert stream.remind_at is not None
    before = stream.due is not None and stream.remind_at < stream.due
    rest = reminders(book)[stream.misses :]
    # Once every step was taken, the last of them that finds anybody is taken again.
    steps = rest or tuple(reversed(reminders(book)))
    verb = mark("reminds")
    if before:
        steps, verb = (*warnings(book)[stream.warned :], *rest), mark("warns")
    for n, step in enumerate(steps):
        whom = found(step.to)
        if any(target.kind is TargetKind.LEVEL for target in step.to):
            if before:
                continue
            if rest and n:  # it keeps its own time
                return tr("finds nobody to remind"), ()
            if ladder.can_advance(d):
                return tr("brings in the next level"), whom
            if rest and not whom:
                return tr("leaves it to the escalation, which is moving"), ()
        if whom:
            return tr(verb), whom
    if not steps:
        return tr("notes that it is late"), ()
    return tr("finds nobody to warn") if before else tr("finds nobody to remind"), ()
