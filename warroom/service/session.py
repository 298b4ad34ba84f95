"""All that the layers above may ask for: carry out a command, and look at the room.

A `Session` belongs to one thread, as its database does: the engine, the feed of the screen and the commands of a person
each open their own on the same file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from sys import intern
from typing import TypeVar

from sqlalchemy import Connection

from warroom.clock import REAL
from warroom.domain import undo
from warroom.domain.calls import call_of
from warroom.domain.comms import Audience
from warroom.domain.core import Entry, Refused
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.gaps import GapsReport, gaps_report
from warroom.domain.messages import pages_for
from warroom.domain.moving import rules_difference
from warroom.domain.role_titles import titled
from warroom.domain.room import Room
from warroom.domain.undoing import TakeBack
from warroom.service import catching_up, forecasting, reasons, viewing
from warroom.service.acting import Acting
from warroom.service.delivering import unsent
from warroom.service.facts_view import assessment_view, others_of
from warroom.service.keeping import Memory
from warroom.service.looking import Looked, Looking
from warroom.service.past import Past, revisions
from warroom.service.people import engine_line
from warroom.service.people_view import card_view
from warroom.store import besides, codec, drafts, outbox_read, presence, queries
from warroom.store.history import History
from warroom.store.revisions import load_book
from warroom.store.write import DESK_NUMBER
from warroom.views import (
    AssessmentView,
    BoardView,
    Call,
    CardView,
    CatchUpView,
    ForecastView,
    IncidentDetail,
    IncidentLine,
    RecordLine,
    RecordPage,
    WhyView,
)
from warroom.words import mark, tr

Kind = TypeVar("Kind")

CALLS_AT_ONCE = 500
"""How many entries are looked through at once for pages that are meant for the person at the screen."""
RECORD_LINES = 60
"""How many of the latest lines of the record the board reads of the selected incident."""
MESSAGES = 200
"""How many of the latest messages are read of an incident that is shown, besides its pages and those in trouble."""
PAGE = 200
"""How many entries of a record are read at once for a screen that shows all of it."""
BEYOND = 500
"""How many incidents are read at most that the board does not show, when a filter asks for them."""
HOLDS_S = 4.0
"""For how long what is shown of an incident to which nothing happened holds, in seconds: then time alone may have
changed who is on call, or how tired somebody is."""
SLOW_S = 0.005
"""From how many seconds on it is slow to count what waits to be sent: it is then not done with every look."""


class Session(Acting):
    """One thread's access to one room, to act in it and to look at it. Use it as a context manager."""

    _counted: dict[str, tuple[int, datetime]] | None = None  # what waits to be sent
    _count_at = 0.0

    @cached_property
    def _history(self) -> History:
        return History()

    @cached_property
    def _looking(self) -> Looking:
        return Looking()

    def board(self, selected: str | None = None, *, spend_s: float | None = None) -> BoardView:
        """One consistent look at everything live, with the detail of the selected incident. With `spend_s` it reads
        for about so many seconds, the most urgent first; `unread` of the view says how much is left for the next."""
        now, real = self.clock(), REAL()
        waiting = {} if self._old else self._queues(now, limited=spend_s is not None)
        with self.database.read() as c:
            looked = self._looking.look(c, self.database.mark(), spend_s)
            chosen = looked.one(c, selected) if selected and selected not in looked.damaged else None
            in_force = load_book(c, looked.in_force)
            return BoardView(
                room=looked.name,
                actor=self.actor,
                read_at=now,
                seq=looked.seq,
                lines=looked.lines,
                engines=tuple(engine_line(row, real) for row in presence.present(c, real)),
                selected=(
                    self._detail(c, *chosen, now, RECORD_LINES, looked, holds=spend_s is not None) if chosen else None
                ),
                failed_messages=looked.trouble.get("failed", 0) + looked.trouble.get("given up", 0),
                unknown_messages=looked.trouble.get("unknown", 0),
                readonly=self.readonly,
                damaged=looked.damaged,
                catalogue=looked.catalogue,
                unsent=unsent(waiting, in_force.delivery, now, self.room_clock.speed),
                unread=looked.unread,
                tally=looked.tally,
                changed=looked.changed,
            )

    def _queues(self, now: datetime, *, limited: bool) -> dict[str, tuple[int, datetime]]:
        """What waits to be sent. Where very much does, a look that is limited in time counts it only now and then."""
        if not limited or self._counted is None or time.monotonic() >= self._count_at:
            start = time.monotonic()
            self._counted = outbox_read.queues(self.database, now)
            took = time.monotonic() - start
            self._count_at = start + (took * 50 if took > SLOW_S else 0.0)
        return self._counted

    def calls(self, after: int) -> tuple[Call, ...]:
        """By what the person of this session was paged or asked for since event `after`."""
        out = []
        with self.database.read() as c:
            for number, entry in queries.since(c, after, CALLS_AT_ONCE):
                if not pages_for(self.actor, (entry,)):
                    continue
                found = queries.by_number(c, number)
                if found is not None:
                    i = found[1].incident
                    with titled(load_book(c, i.revision)):
                        out.append(Call(i.key, i.title, *call_of(self.actor, entry)))
        return tuple(out)

    def lines(self, *, all: bool = False) -> list[IncidentLine]:
        """The live incidents, or every one of them, oldest first."""
        with self.database.read() as c:
            rooms = queries.everything(c) if all else iter(queries.live(c))
            return [self._line(c, room) for _, room in rooms]

    def each(self, *, all: bool = False, most: int | None = None) -> Iterator[tuple[IncidentLine, Room]]:
        """The live incidents, or every one of them, oldest first, each with its room, `most` at most; one after the
        other is read, so that a room of any size takes no more memory than one incident."""
        with self.database.read() as c:
            for _, room in islice(queries.everything(c, over=all), most):
                yield self._line(c, room), room

    def detail(self, key: str, *, record: int = RECORD_LINES) -> IncidentDetail:
        """One incident with its last `record` lines; raises `NoSuchIncident`."""
        with self.database.read() as c:
            return self._detail(c, *self._one(c, key), self.clock(), record)

    def card(self, key: str, role: str) -> CardView:
        """The card for handing a role over now, with who could take it; raises `NoSuchIncident` and `Refused`."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            book, now = load_book(c, room.incident.revision), self.clock()
            if role not in book.roles and role not in room.roles.by_name:
                raise Refused(
                    tr("there is no role {role!r}; the roles are {roles}").format(
                        role=role, roles=", ".join(book.roles)
                    )
                )
            return card_view(role, room, book, now, self._duty(c, number, now))

    def forecast(self, key: str, *, steps: int = forecasting.STEPS, pages_only: bool = False) -> ForecastView:
        """What follows by itself on one incident if nobody does anything; raises `NoSuchIncident`."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            now = self.clock()
            book, duty = load_book(c, room.incident.revision), self._duty(c, number, now)
            return forecasting.forecast(room, book, now, duty, steps=steps, pages_only=pages_only)

    def newer_rules(self, key: str) -> tuple[str, tuple[str, ...]]:
        """The revision in force where an incident runs under another one, and what would change for it there; ("", ())
        where it runs under the one in force."""
        with self.database.read() as c:
            _, room = self._one(c, key)
            in_force = queries.rulebook_in_force(c)
            if in_force == room.incident.revision:
                return "", ()
            return in_force, rules_difference(room, load_book(c, room.incident.revision), load_book(c, in_force))

    def assessment(self, key: str) -> AssessmentView:
        """What is at hand while the severity of an incident is assessed; raises `NoSuchIncident`."""
        with self.database.read() as c:
            _, room = self._one(c, key)
            return assessment_view(room, load_book(c, room.incident.revision))

    def why(self, key: str, person: str = "") -> WhyView:
        """Who was paged on one incident and who was not, and why; of `person` alone where one is named."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            now = self.clock()
            book, duty = load_book(c, room.incident.revision), self._duty(c, number, now)
            entries = [entry for _, _, entry in queries.latest(c, number, 1_000_000)]
            sent = reasons.Sent.of(queries.messages(c, number, old=self._old))
            return reasons.why(room, entries, book, now, duty, person=person, sent=sent)

    def catch_up(self, key: str, since: datetime | None = None, *, who: str = "") -> CatchUpView:
        """The state of one incident for somebody who comes in; and what has changed since then, or since `who` (the
        person of this session where nobody is named) was here last. Raises `NoSuchIncident`."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            now, why = self.clock(), mark("as asked")
            book, duty = load_book(c, room.incident.revision), self._duty(c, number, now)
            entries = [entry for _, _, entry in queries.whole(c, number)]
            if since is None:
                since, why = catching_up.last_here(room.people.get(who or self.actor), now)
            return catching_up.catch_up(room, book, entries, now, duty, since, why)

    def way_back(self, key: str, entry: int = 0, *, actor: str = "") -> TakeBack:
        """The command that takes back entry `entry` of an incident's record, 0: the last thing that `actor` (the person
        of this session) did there. Raises `NoSuchIncident`, and `Refused` where nothing takes it back."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            entries = [each for _, _, each in queries.whole(c, number)]
            return undo.way_back(entries, load_book(c, room.incident.revision), actor or self.actor, entry)

    def other_way(self, key: str) -> TakeBack | None:
        """What could be taken back instead, where the last thing that the person of this session did there cannot;
        None where nothing can. Raises `NoSuchIncident`."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            entries = [each for _, _, each in queries.whole(c, number)]
            return undo.other_way(entries, load_book(c, room.incident.revision), self.actor)

    def beyond(self, *, over: bool = False, watched: bool = False, keys: Sequence[str] = ()) -> list[IncidentLine]:
        """Incidents that the board does not show: the newest that are over, those that are watched and over, and some
        by key or its number; at most `BEYOND` of each."""
        with self.database.read() as c:
            found = queries.beyond(c, over=over, watched=watched, keys=keys, most=BEYOND)
            return [self._line(c, room) for room in found]

    def log(self, key: str, *, most: int = 1_000_000) -> list[tuple[RecordLine, Entry, int]]:
        """The record of one incident, oldest first, as (line in words, entry, number within the incident)."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            book = load_book(c, room.incident.revision)
            return [
                (viewing.record_line(seq, entry, room.incident.provider, version, book), entry, version)
                for seq, version, entry in queries.latest(c, number, most)
            ]

    def record(self, key: str, *, after: int = 0, before: int | None = None, most: int = PAGE) -> RecordPage:
        """The part of an incident's record behind entry `after` and before entry `before` (None: to the end), at most
        the last `most` entries of it; raises `NoSuchIncident`. What says only what will be timed is left to `log`."""
        with self.database.read() as c:
            number, room = self._one(c, key)
            found = queries.between(c, number, after, before, most)
            book = load_book(c, room.incident.revision)
        first, last = (found[0][1], found[-1][1]) if found else (after + 1, after)
        return RecordPage(key, first, last, viewing.record_lines(found, room.incident.provider, book))

    def past(self, key: str) -> Past:
        """One incident as it was at any time, read in one go; raises `NoSuchIncident`. It outlives this session."""
        with self.database.read() as c:
            number, _ = self._one(c, key)
            entries = tuple(queries.whole(c, number))
            books = {revision: load_book(c, revision) for revision in revisions(entry for _, _, entry in entries)}
            desk = () if self._old else tuple(entry for _, _, entry in queries.whole(c, DESK_NUMBER))
            return Past(number, entries, books, desk, queries.rulebook_in_force(c))

    def lines_at(
        self, moment: datetime, *, all: bool = False, most: int | None = None
    ) -> Iterator[tuple[IncidentLine, Room]]:
        """The incidents that were live at `moment`, or all that had begun by then, with their rooms, oldest first,
        `most` at most; one after the other is read."""
        with self.database.read() as c:
            yield from islice(self._lines_at(c, moment, all=all), most)

    def _lines_at(self, c: Connection, moment: datetime, *, all: bool) -> Iterator[tuple[IncidentLine, Room]]:
        for number in queries.around(c, moment, over=all):
            entries = tuple(queries.whole(c, number))
            past = Past(number, entries, lambda revision: load_book(c, revision))
            version = past.version_at(moment)
            room = past.room_at(version) if version else None
            if room is not None and (all or room.incident.live):
                yield self._line(c, room), room

    def gaps(self, keys: Iterable[str] = (), *, all: bool = False) -> Iterator[tuple[str, GapsReport]]:
        """The silences of incidents by key: those named, else the live ones, or `all`, one after the other.

        Measured is what the outside was told: of an imported incident every post, of our own the external updates.
        """
        wanted = list(keys)
        with self.database.read() as c:
            rooms = [self._one(c, key) for key in wanted]
            numbers = {number for number, _ in rooms}
            times = {number: told for number, told in queries.post_times(c) if number in numbers} if wanted else {}
            for number, room in rooms:
                yield _silences(room, times.get(number, ()))
            if wanted:
                return
            posts = queries.post_times(c)
            at, told = next(posts, (0, []))
            for number, room in queries.everything(c, over=all):  # both in the order of the numbers
                while 0 < at < number:
                    at, told = next(posts, (0, []))
                yield _silences(room, told if at == number else ())

    def _line(self, c: Connection, room: Room) -> IncidentLine:
        return viewing.incident_line(room, load_book(c, room.incident.revision))

    def _detail(
        self,
        c: Connection,
        number: int,
        room: Room,
        now: datetime,
        record: int,
        looked: Looked | None = None,
        *,
        holds: bool = False,
    ) -> IncidentDetail:
        """With `looked` what was read and worked out at an earlier look is taken as far as it still holds; with `holds`
        all of it for a moment, although time alone may have changed it."""
        memory = Memory() if looked is None else self._looking.memory(number)
        committed, happened = (None, None) if looked is None else (looked.mark, looked.happened)
        generation, old = self.database.generation, self._before_conduct
        told = self._history.told(c, number, room.version, generation=generation, old=old)
        rows = viewing.Rows(
            told.updates,
            memory.get("record", (room,), lambda _: queries.latest(c, number, record)),
            told.changes,
            memory.get(
                "messages",
                (committed,),
                _as_before(lambda: queries.messages(c, number, old=self._old, most=MESSAGES)),
            ),
            intern(queries.rulebook_in_force(c) if looked is None else looked.in_force),
            memory.get("others", (room, happened), lambda _: queries.named(c, others_of(room))),
            () if old else memory.get("drafts", (committed,), _as_before(lambda: drafts.of_incident(c, number))),
            happened,
        )
        book = load_book(c, room.incident.revision)
        made_from = (
            *(room, book, rows.updates, rows.record, rows.changes, rows.messages),
            *(rows.in_force, rows.others, rows.drafts, rows.happened),
        )

        def make(_: IncidentDetail | None) -> IncidentDetail:
            return viewing.detail(room, book, rows, now, self._duty(c, number, now), memory)

        if not holds:
            return make(None)
        until = now + timedelta(seconds=HOLDS_S * self.room_clock.speed)
        return memory.get("detail", made_from, make, now=now, until=until)

    def _duty(self, c: Connection, number: int, now: datetime) -> Duty:
        return NOTHING_BESIDES if self._old else besides.duty(c, number, now, before_conduct=self._before_conduct)


def _as_before(read: Callable[[], Sequence[Kind]]) -> Callable[[Sequence[Kind] | None], Sequence[Kind]]:
    """What is read, as the very list of before where it says the same."""

    def again(before: Sequence[Kind] | None) -> Sequence[Kind]:
        now = read()
        return before if before is not None and before == now else now

    return again


def _silences(room: Room, posts: Iterable[tuple[str, int]]) -> tuple[str, GapsReport]:
    """How long the outside was told nothing; `posts` are for whom each update was, and when (microseconds)."""
    i = room.incident
    told = [codec.from_us(us) for to, us in posts if i.watched or to == Audience.EXTERNAL]
    start = i.started_at if i.watched else i.started_at or i.declared_at
    return i.key, gaps_report(i.provider, i.source_id, start, told, i.resolved_at)
