"""How punctual updates have been, and what is left of the budget for late ones (R10), read from the record.

Each update that was owed is settled in one group: of its incident's service, of the team that owns it, of its channel,
its audience, or the severity that was in force. What it was due is on the record, whichever program wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from warroom.domain.book import Rulebook
from warroom.domain.core import Entry, Refused
from warroom.domain.duty import NOTHING_BESIDES
from warroom.domain.punctuality import KINDS, Owed, Tally, owed, owed_by_provider, tally
from warroom.domain.room import Room
from warroom.domain.rules import owner_of
from warroom.service.clocks_view import clock_lines
from warroom.service.session import Session
from warroom.service.viewing import incident_line
from warroom.store import besides, queries
from warroom.store.revisions import load_book
from warroom.store.write import NoSuchIncident
from warroom.views import ClockLine, IncidentLine, PunctualityRow, PunctualityView
from warroom.words import tr

DAYS = 30
"""How far back is looked where nobody says otherwise: the usual window of an error budget."""
BY = ("service", "team", "channel", "audience", "severity", "provider")
"""By what the updates can be grouped; all our own have no provider."""

_Named = Callable[[Room, Rulebook, Owed], str]
_NAME: dict[str, _Named] = {
    "service": lambda room, book, each: str(room.incident.service) or tr("no service"),
    "team": lambda room, book, each: owner_of(room.incident, book) or tr("no team"),
    "channel": lambda room, book, each: each.channel,
    "audience": lambda room, book, each: each.audience,
    "severity": lambda room, book, each: each.severity,
    "provider": lambda room, book, each: room.incident.provider or tr("no provider"),
}


def punctuality(session: Session, *, days: int = DAYS, by: str = "service", watched: bool = False) -> PunctualityView:
    """How punctual the updates of the last `days` days were, grouped `by` one of `BY`; with `watched` those of imported
    incidents instead of our own, held against the rulebook's cadence. Raises `Refused` for what cannot be counted."""
    if by not in BY:
        raise Refused(tr("updates are not counted by {by!r}: name one of {known}").format(by=by, known=", ".join(BY)))
    now = session.clock()
    try:
        since = now - timedelta(days=days)
    except OverflowError:
        raise Refused(tr("{days} days reach back too far").format(days=days)) from None
    name = _NAME[by]
    groups: dict[str, list[Owed]] = {}
    everything: list[Owed] = []
    counted = 0
    with session.database.read() as c:
        target = load_book(c, queries.rulebook_in_force(c)).clocks.target
        for room, entries in queries.told(c, KINDS, since, watched=watched):
            found = _owed(room, entries, now)
            within = [each for each in found if since < each.settled <= now]
            if not within:
                continue
            counted += 1
            book = load_book(c, room.incident.revision)
            everything += within
            for each in within:
                groups.setdefault(name(room, book, each), []).append(each)
    rows = [_row(group, tally(found, since, now), target) for group, found in groups.items()]
    rows.sort(key=lambda row: (row.left, -row.silent, row.name))
    whole = _row("all", tally(everything, since, now), target)
    return PunctualityView(since, now, by, target, whole, tuple(rows), counted, watched)


def _owed(room: Room, entries: Iterable[Entry], now: datetime) -> tuple[Owed, ...]:
    incident = room.incident
    if not incident.watched:
        return owed(entries, now)
    every = next((stream.every for stream in room.comms.streams.values() if stream.every is not None), None)
    if every is None:
        return ()
    return owed_by_provider(entries, every, incident.started_at, incident.resolved_at, now)


def _row(name: str, found: Tally, target: int) -> PunctualityRow:
    return PunctualityRow(
        name,
        found.counted,
        found.on_time,
        found.late,
        found.skipped,
        found.overdue,
        found.share,
        found.silent,
        found.running,
        found.allowed(target),
        found.left(target),
    )


def clocks(session: Session, key: str = "") -> list[tuple[IncidentLine, tuple[ClockLine, ...]]]:
    """The clocks of one incident, or of every one on which a word is due, the earliest first. Raises
    `NoSuchIncident`."""
    now = session.clock()
    with session.database.read() as c:
        if key:
            found = queries.one(c, key)
            if found is None:
                raise NoSuchIncident(tr("there is no incident {key} here: see warroom list --all").format(key=key))
            rooms = [found]
        else:
            rooms = [each for each in queries.on_board(c)[0] if any(s.due for s in each[1].comms.streams.values())]
        out = []
        for number, room in rooms:
            book = load_book(c, room.incident.revision)
            duty = NOTHING_BESIDES if session.standing.schema_version < 3 else besides.duty(c, number, now)
            out.append((incident_line(room, book), clock_lines(room, book, now, duty)))
    if not key:
        out.sort(key=lambda each: min(line.due for line in each[1] if line.due is not None))
    return out
