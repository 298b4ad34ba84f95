"""Time travel: one incident as it was at any entry of its record or at any moment, made from the record alone.

An incident is a fold over its entries, so that its past is the same fold, stopped earlier, and shown by the same
functions as the live room (`warroom.service.viewing`). A `Past` is read once and then asked as often as one likes, in
any thread: it holds the entries, the rules under which each of them stood, and the state after every `EACH`-th entry.

What is not on the incident's record is not known of the past: of the messages that went out one knows that they did,
and which of them were reported lost; other incidents, drafts and presence are left out. Overrides, absences and swaps
are on the record of the desk, and stand as they stood then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.core import Entry, Refused
from warroom.domain.delivery import PageFailed, SendFailed
from warroom.domain.desk import Desk, RulesPublished, evolve_desk
from warroom.domain.duty import Duty
from warroom.domain.incident import RulesMoved, SeverityChanged, StatusChanged
from warroom.domain.room import Room, evolve
from warroom.domain.watch import Watched
from warroom.service import catching_up, forecasting, reasons, viewing
from warroom.service.delivering import Reached
from warroom.service.timeline_view import CHANGES
from warroom.store.projection import messages_of, update_of
from warroom.valueclass import dataclass
from warroom.views import CatchUpView, ForecastView, IncidentDetail, PastAxis, PastMark, RecordLine, RecordPage, WhyView
from warroom.words import mark, tr

EACH = 64
"""The state after every so many entries is kept: from one of them no moment is farther away."""
LINES = 60
"""How many of the latest lines of the record a detail of the past has, unless more are asked for."""
PAGE = 200
"""How many entries a page of the record has."""

OWN_MOMENT = ("posted_at", "happened_at")
"""Fields of events that say when something happened that was written down later."""
SILENT = frozenset({"stream_opened", "stream_timed", "stream_ended"})
"""Entries of an imported incident that happened with the one before them."""

Books = Callable[[str], Rulebook]
Numbered = tuple[int, int, Entry]


class NotThen(Refused):
    """There was nothing to see at the moment asked for. The message says from when until when there is."""


@dataclass(frozen=True, slots=True)
class At:
    """A place in the past: after entry `version`, at `moment`."""

    version: int
    moment: datetime


@dataclass(slots=True)
class _Kept:
    """What has been worked out so far of one past: it only ever grows, and every part of it is the same for good."""

    room: Room | None = None
    """The room after the last entry that was folded."""
    rooms: list[Room] = field(default_factory=list)
    """The room after entry `EACH`, 2 * `EACH`, ..."""
    messages: list[Any] = field(default_factory=list)
    """The messages of the entries folded so far, as rows of the outbox were first written."""
    sent_by: list[int] = field(default_factory=list)
    """For each of them the number of its entry."""
    lately: tuple[int, Room] | None = None


class Past:
    """The past of one incident. `entries` are all of its record, oldest first, each with its number in the room's
    record and in the incident's; `books` gives the rules of a revision (or is a mapping of them); `desk` is the record
    of the desk, and `in_force` the revision in force at its end. One thread at a time may ask.

    Versions count from 1, the entry with which the incident begins.
    """

    def __init__(
        self,
        number: int,
        entries: Sequence[Numbered],
        books: Books | Mapping[str, Rulebook],
        desk: Iterable[Entry] = (),
        in_force: str = "",
    ) -> None:
        """Nothing is folded yet. Raises `ValueError` where there is no entry."""
        if not entries:
            raise ValueError("an incident has at least one entry")
        self.number = number
        self.entries = tuple(entries)
        self._books: Books = books.__getitem__ if isinstance(books, Mapping) else books
        self._desk = tuple(desk)
        published = next((entry.event for entry in self._desk if isinstance(entry.event, RulesPublished)), None)
        self._in_force = published.before if published is not None else in_force
        first = self.entries[0][2]
        self.watched = isinstance(first.event, Watched)
        self.provider = first.event.provider if isinstance(first.event, Watched) else ""
        self.key = str(getattr(first.event, "key", ""))
        moved = (entry.event.to for _, _, entry in reversed(self.entries) if isinstance(entry.event, RulesMoved))
        self._revision = next(moved, str(getattr(first.event, "revision", "")))
        self.moments = tuple(_moments(self.entries, self.watched))
        """When each entry was, oldest first, never going back; of an imported incident when it was published."""
        self._kept = _Kept()
        self._updates = [
            (version, SimpleNamespace(**row))
            for _, version, entry in self.entries
            if (row := update_of(number, version, entry)) is not None
        ]
        self._changes = [(version, entry) for _, version, entry in self.entries if isinstance(entry.event, CHANGES)]
        self._turns = [
            (version, entry.event.to)
            for _, version, entry in self.entries
            if isinstance(entry.event, StatusChanged | SeverityChanged)
        ]
        self._lost = [
            (version, entry.event.message)
            for _, version, entry in self.entries
            if isinstance(entry.event, PageFailed | SendFailed)
        ]
        self._words: dict[int, RecordLine] = {}

    @property
    def latest(self) -> int:
        """The number of the last entry."""
        return len(self.entries)

    @property
    def began(self) -> datetime:
        """When the first entry was."""
        return self.moments[0]

    @property
    def ended(self) -> datetime:
        """When the last entry was."""
        return self.moments[-1]

    def entry(self, version: int) -> Entry:
        """The entry of that number; raises `NotThen` where there is none."""
        return self.entries[self._checked(version) - 1][2]

    # Where to ------------------------------------------------------------------------------------------------------

    def version_at(self, moment: datetime) -> int:
        """The number of the last entry at or before `moment`; 0 before the first one."""
        return bisect_right(self.moments, moment)

    def find(self, moment: datetime, now: datetime) -> At:
        """The place at `moment`. Raises `NotThen` for one before the incident began, or that is still to come."""
        if moment > now:
            raise NotThen(
                tr("{moment:%Y-%m-%d %H:%M:%S} UTC is still to come: it is {now:%Y-%m-%d %H:%M:%S} UTC").format(
                    moment=moment, now=now
                )
            )
        version = self.version_at(moment)
        if not version:
            raise NotThen(
                tr("{key} began {began:%Y-%m-%d %H:%M:%S} UTC, after {moment:%Y-%m-%d %H:%M:%S} UTC").format(
                    key=self.key, began=self.began, moment=moment
                )
            )
        return At(version, moment)

    def place(self, version: int) -> At:
        """The place right after an entry; raises `NotThen` where there is none of that number."""
        return At(self._checked(version), self.moments[version - 1])

    def axis(self, now: datetime) -> PastAxis:
        """All of it at a glance; `now` is where it ends while the incident is live."""
        until = max(now, self.ended) if self.room_at(self.latest).incident.live else self.ended
        marks = tuple((self.moments[version - 1], str(to)) for version, to in self._turns)
        return PastAxis(self.moments, marks, until)

    def step(self, at: At, by: int) -> At | None:
        """The place `by` entries on (or back, and then not before the first); None beyond the last one.

        Between two entries the nearest step back is to the one that was last.
        """
        if by < 0 and at.moment > self.moments[at.version - 1]:
            by += 1
        to = max(1, at.version + by)
        return self.place(to) if to <= self.latest else None

    def turn(self, at: At, by: int) -> At | None:
        """The place after the next (`by` 1) or previous (-1) change of status or severity; back beyond the first of
        them it is the beginning, on beyond the last None."""
        versions = [1, *(version for version, _ in self._turns)]
        between = at.moment > self.moments[at.version - 1]
        if by > 0:
            found = next((version for version in versions if version > at.version), None)
        else:
            earlier = [version for version in versions if version < at.version + between]
            found = earlier[-1] if earlier else 1
        return None if found is None else self.place(found)

    # What it was like ----------------------------------------------------------------------------------------------

    def room_at(self, version: int) -> Room:
        """The state after an entry; raises `NotThen` where there is none of that number."""
        version = self._checked(version)
        self._fold(version)
        kept = self._kept
        lately = kept.lately
        if kept.room is not None and kept.room.version == version:
            room: Room | None = kept.room
        elif lately is not None and lately[0] <= version < lately[0] + EACH:
            room = self._on(lately[1], lately[0], version)
        else:
            whole = version // EACH
            room = self._on(kept.rooms[whole - 1] if whole else None, whole * EACH, version)
        assert room is not None
        kept.lately = version, room
        return room

    def at(self, version: int, moment: datetime | None = None, *, record: int = LINES) -> IncidentDetail:
        """The whole of the incident after entry `version`, at `moment` (None: when that entry was), with the last
        `record` lines of its record up to then. Raises `NotThen` where there is no such entry."""
        room = self.room_at(version)
        now = moment if moment is not None else self.moments[version - 1]
        _, in_force = self.desk_at(now)
        book = self._books(room.incident.revision)
        rows = self.rows(version, in_force, record=record)
        mark = self.mark(At(version, now))
        return replace(viewing.detail(room, book, rows, now, self.duty_at(now)), past=mark)

    def mark(self, at: At) -> PastMark:
        """What a place in the past is called."""
        line = self.line(at.version)
        then = self.moments[at.version - 1]
        return PastMark(at.moment, at.version, self.latest, then, line.kind, line.text, line.actor)

    def rows(self, version: int, in_force: str = "", *, record: int = LINES) -> viewing.Rows:
        """What the tables would have said of the incident after an entry, as far as its record tells."""
        self._fold(version)
        messages = self._kept.messages[: bisect_right(self._kept.sent_by, version)]
        lost = {message for at, message in self._lost if at <= version}
        return viewing.Rows(
            sorted(_until(self._updates, version), key=attrgetter("posted_at")),
            self.entries[max(0, version - record) : version],
            _until(self._changes, version),
            [_fate(row, lost) for row in messages],
            in_force,
        )

    def log(self, version: int) -> list[tuple[RecordLine, Entry, int]]:
        """The record up to entry `version`, oldest first, as (line in words, entry, number)."""
        return [(self.line(v), self.entries[v - 1][2], v) for v in range(1, self._checked(version) + 1)]

    def forecast(
        self, version: int, moment: datetime, *, steps: int = forecasting.STEPS, pages_only: bool = False
    ) -> ForecastView:
        """What would have followed by itself after entry `version` from `moment` on, had nobody done anything."""
        room = self.room_at(version)
        book = self._books(room.incident.revision)
        return forecasting.forecast(room, book, moment, self.duty_at(moment), steps=steps, pages_only=pages_only)

    def why(self, version: int, moment: datetime) -> WhyView:
        """Who had been paged by `moment` after entry `version` and who had not, and why."""
        room = self.room_at(version)
        entries = [entry for _, _, entry in self.entries[:version]]
        sent = reasons.Sent.of(self.rows(version).messages)
        return reasons.why(room, entries, self._books(room.incident.revision), moment, self.duty_at(moment), sent=sent)

    def catch_up(self, version: int, moment: datetime, since: datetime | None = None, *, who: str = "") -> CatchUpView:
        """The state for somebody who came in at `moment`, after entry `version`; and what had changed since `since`, or
        since `who` had been here last."""
        room, why = self.room_at(version), mark("as asked")
        entries = [entry for _, _, entry in self.entries[:version]]
        if since is None:
            since, why = catching_up.last_here(room.people.get(who), moment)
        book = self._books(room.incident.revision)
        return catching_up.catch_up(room, book, entries, moment, self.duty_at(moment), since, why)

    def line(self, version: int) -> RecordLine:
        """One line of the record in words."""
        line = self._words.get(version)
        if line is None:
            seq, _, entry = self.entries[self._checked(version) - 1]
            line = self._words[version] = viewing.record_line(
                seq, entry, self.provider, version, self._books(self._revision)
            )
        return line

    def page(self, version: int, *, before: int | None = None, most: int = PAGE) -> RecordPage:
        """The part of the record up to entry `version` that lies before entry `before` (None: all of it), at most the
        last `most` entries of it."""
        behind = min(version, self.latest) + 1 if before is None else min(before, version + 1, self.latest + 1)
        first = max(1, behind - most)
        shown = [v for v in range(first, behind) if self.entries[v - 1][2].event.kind not in viewing.PLANNING]
        return RecordPage(self.key, first, behind - 1, tuple(self.line(v) for v in shown))

    def desk_at(self, moment: datetime) -> tuple[Desk, str]:
        """What stood on the desk at `moment`, and the revision of the rules in force then; "" where nobody knows."""
        desk, in_force = Desk(), self._in_force
        for entry in self._desk:
            if entry.at > moment:
                break
            desk = evolve_desk(desk, entry)
            if isinstance(entry.event, RulesPublished):
                in_force = entry.event.revision
        return desk, in_force

    def duty_at(self, moment: datetime) -> Duty:
        """What stood besides the rules at `moment`, as far as it is on record: overrides, absences and swaps."""
        desk, _ = self.desk_at(moment)
        return Duty(desk.overrides, desk.absences, desk.swaps)

    def grown(self, newer: Past) -> Past:
        """`newer`, read later of the same incident, with what has been worked out so far: the record only grows."""
        if newer.number == self.number and newer.latest >= self.latest:
            newer._kept, newer._words = self._kept, self._words
        return newer

    # Folding -------------------------------------------------------------------------------------------------------

    def _checked(self, version: int) -> int:
        if not 1 <= version <= self.latest:
            raise NotThen(
                tr("there is no entry {version}: the record has entries 1 to {latest}").format(
                    version=version, latest=self.latest
                )
            )
        return version

    def _fold(self, until: int) -> None:
        """Fold at least up to an entry, and keep what is needed on the way."""
        kept = self._kept
        done = kept.room.version if kept.room is not None else 0
        for _, version, entry in self.entries[done:until]:
            room = kept.room = evolve(kept.room, entry)
            if version % EACH == 0:
                kept.rooms.append(room)
            book = self._books(room.incident.revision)
            for row in messages_of(self.number, version, room, entry, book):
                kept.messages.append(SimpleNamespace(**row))
                kept.sent_by.append(version)

    def _on(self, room: Room | None, done: int, until: int) -> Room | None:
        for _, _, entry in self.entries[done:until]:
            room = evolve(room, entry)
        return room


def revisions(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The revisions of the rules under which the entries of one incident stood, in order."""
    out: dict[str, None] = {}
    for entry in entries:
        revision = entry.event.to if isinstance(entry.event, RulesMoved) else getattr(entry.event, "revision", "")
        if revision:
            out[revision] = None
    return tuple(out)


def _moments(entries: Sequence[Numbered], watched: bool) -> Iterable[datetime]:
    """When each entry was, never going back. Of an imported incident what counts is when it was published, since all
    of it may have been written down in one go, years later."""
    last: datetime | None = None
    for _, _, entry in entries:
        at = entry.at
        if watched and entry.event.kind in SILENT and last is not None:
            at = last
        elif watched:
            at = min(at, _published(entry) or at)
        last = at if last is None else max(last, at)
        yield last


def _published(entry: Entry) -> datetime | None:
    if isinstance(entry.event, Watched):
        return entry.event.declared_at
    found = (getattr(entry.event, name, None) for name in OWN_MOMENT)
    return next((moment for moment in found if moment is not None), None)


def _until(found: Sequence[tuple[int, Any]], version: int) -> list[Any]:
    return [value for _, value in found[: bisect_right(found, version, key=itemgetter(0))]]


def _fate(row: Any, lost: set[str]) -> Any:
    """What the record knows of a message: that it was reported lost, or no more than that it was to go out."""
    state = Reached.FAILED if row.id in lost else Reached.ON_RECORD
    return SimpleNamespace(**{**vars(row), "state": state.value})
