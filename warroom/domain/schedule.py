"""Schedules: who is on call when, and why (R7).

A schedule is a stack of layers. A layer is people taking turns, or shifts that were fixed one by one, within hours of
the week, on holidays only or never on them, from a day on and until a day. The first layer that has somebody who is
there decides, or with `Combine.ALL` everybody on any of them is on call together. An override beats the layers.

Everything is a function of the moment: `on_call` says who it is at one, `spans` cuts a stretch of time into pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from warroom.domain.duty import NOTHING_BESIDES, Absence, Duty, Override
from warroom.domain.kept_words import kept
from warroom.domain.policy import Target
from warroom.domain.schedule_clock import EVER, NEVER, zone_of
from warroom.domain.schedule_layers import Layer, Piece, Rotation, piece_of
from warroom.domain.status_words import DAY_MONTH_CLOCK, moment
from warroom.valueclass import dataclass
from warroom.words import is_source, tr, trn

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook

HORIZON = timedelta(days=35)
"""How far ahead a hand-off is looked for."""


class Combine(StrEnum):
    """Who is on call where several layers have somebody."""

    FIRST = "first"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Limit:
    """What one person takes on within a sliding time: `pages` that reached them, `hours` on call. None: any number.

    Whoever has reached it is passed over for the backup; with no backup within reach they are paged all the same.
    """

    within: timedelta
    pages: int | None = None
    hours: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """A schedule as the rulebook has it. `layers`: the first one counts most. `backup`: who is tried, one after the
    other, when nobody is on call, cannot be reached or is over the `limit`."""

    name: str
    layers: tuple[Layer, ...]
    zone: str = ""
    title: str = ""
    combine: Combine = Combine.FIRST
    backup: tuple[Target, ...] = ()
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call on a schedule at a moment: nobody where `people` is empty.

    It stays so at least from `since` until `until` (None: without end as far as is known). `by` are the layers that
    have them, or "override". `passed` are those who would have been and are not, each with the reason. `notes` say of
    every layer that was looked at what it has.
    """

    schedule: str
    at: datetime
    people: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    by: tuple[str, ...]
    why: str
    passed: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    shift: tuple[tuple[str, datetime], ...] = ()  # which turn of which layer; an override by its number


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a schedule in which one shift holds: `start` until `end`, nobody where `people` is empty."""

    start: datetime
    end: datetime
    people: tuple[str, ...]
    by: tuple[str, ...]
    why: str


def on_call(spec: ScheduleSpec, at: datetime, book: Rulebook, duty: Duty = NOTHING_BESIDES) -> OnCall:
    """Who is on call on a schedule at `at` (aware UTC), and why."""
    global _asked_lately
    asked = (spec, book, duty.overrides, duty.absences, duty.swaps, is_source())
    for known, asked_at, answer in _asked_lately:
        if asked_at == at and all(one is other for one, other in zip(known, asked, strict=True)):
            return answer
    answer = _Reader(spec, book, duty).at(at)
    _asked_lately = ((asked, at, answer), *_asked_lately[:15])
    return answer


_asked_lately: tuple[tuple[tuple[object, ...], datetime, OnCall], ...] = ()
"""What was asked last: in a storm it is the same for one incident after the other."""


def people_of(spec: ScheduleSpec) -> tuple[str, ...]:
    """Everybody who has a turn on a schedule."""
    out: dict[str, None] = {}
    for layer in spec.layers:
        turns = layer.rota.turns if isinstance(layer.rota, Rotation) else (s.people for s in layer.rota.shifts)
        out.update((login, None) for turn in turns for login in turn)
    return tuple(out)


def spans(
    spec: ScheduleSpec, start: datetime, end: datetime, book: Rulebook, duty: Duty = NOTHING_BESIDES
) -> tuple[Span, ...]:
    """`start` until `end` in pieces without a hole between them; a piece with no people is a gap in coverage.

    A piece is one shift: the next turn is another one even where the same person has it.
    """
    out: list[Span] = []
    shift: tuple[tuple[str, datetime], ...] = ()
    for found, begins, ends in _walk(_Reader(spec, book, duty), start, end):
        if out and out[-1].people == found.people and shift == found.shift:
            last = out.pop()
            out.append(Span(last.start, ends, last.people, last.by, last.why))
        else:
            out.append(Span(begins, ends, found.people, found.by, found.why))
        shift = found.shift
    return tuple(out)


def next_handoff(
    spec: ScheduleSpec, at: datetime, book: Rulebook, duty: Duty = NOTHING_BESIDES, within: timedelta = HORIZON
) -> OnCall | None:
    """Who is on call next: the answer at the first moment after `at` at which somebody else is, or nobody. None when
    that does not happen within `within`."""
    reader = _Reader(spec, book, duty)
    now = reader.at(at).people
    return next((found for found, _, _ in _walk(reader, at, at + within) if set(found.people) != set(now)), None)


def beyond_limit(
    spec: ScheduleSpec, person: str, at: datetime, book: Rulebook, duty: Duty, own: Iterable[datetime] = ()
) -> str:
    """Why the next page goes past `person` (they have had their share), "" when it does not. `own`: pages that they
    had for the incident in question, which `duty` does not know."""
    limit = spec.limit
    if limit is None:
        return ""
    since, span = at - limit.within, words_of(limit.within)
    if limit.pages is not None:
        count = sum(since < each <= at for each in own) + duty.times_paged(person, since, at, limit.pages)
        if count >= limit.pages:
            return tr("{person} was paged {times} within {span} (the limit is {pages})").format(
                person=person, times=_times(count), span=span, pages=limit.pages
            )
    if limit.hours is not None:
        held = sum((s.end - s.start for s in spans(spec, since, at, book, duty) if person in s.people), timedelta())
        if held >= limit.hours:
            return tr("{person} was on call {held} of the last {span} (the limit is {limit})").format(
                person=person, held=words_of(held), span=span, limit=words_of(limit.hours)
            )
    return ""


def words_of(length: timedelta) -> str:
    """A duration in hours and minutes, "12h" or "90m"."""
    minutes = round(length / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"{hours}h" if not rest else f"{hours}h{rest:02}m" if hours else f"{minutes}m"


def _times(count: int) -> str:
    return trn("once", "{count} times", count).format(count=count)


def _walk(reader: _Reader, start: datetime, end: datetime) -> Iterator[tuple[OnCall, datetime, datetime]]:
    at = start
    while at < end:
        found = reader.at(at)
        ends = end if found.until is None else min(found.until, end)
        yield found, at, ends
        at = ends


def absent_words(absence: Absence) -> str:
    """Why somebody who is absent is passed over."""
    why = f": {absence.reason}" if absence.reason else ""
    return tr("{person} is absent until {end} UTC{why}").format(
        person=absence.person, end=moment(absence.end, DAY_MONTH_CLOCK), why=why
    )


class _Reader:
    """One schedule with what stands besides it."""

    def __init__(self, spec: ScheduleSpec, book: Rulebook, duty: Duty) -> None:
        self.spec, self.book = spec, book
        standing = (o for o in duty.overrides if o.schedule == spec.name)
        self.overrides = sorted(standing, key=lambda o: o.id)
        self.absences: dict[str, list[Absence]] = {}
        for absence in duty.absences:
            self.absences.setdefault(absence.person, []).append(absence)

    def at(self, at: datetime) -> OnCall:
        """The answer at one moment."""
        return _Answer(self, at).find()


class _Answer:
    """The answer at one moment, under way: what was looked at, and for how long it stays as it is."""

    def __init__(self, reader: _Reader, at: datetime) -> None:
        self.spec, self.book, self.absences, self.moment = reader.spec, reader.book, reader.absences, at
        self.since, self.until = EVER, NEVER
        self.passed: dict[str, str] = {}
        self.notes: list[str] = []
        self.active = []
        for override in reader.overrides:
            if self._holds(override.start, override.end):
                self.active.append(override)

    def find(self) -> OnCall:
        spec = self.spec
        for override in reversed(self.active):
            if override.instead_of:
                continue
            person, words = self._stand_in(override.person, override.id)
            words = _override_words(override, spec) if not words else f"{_override_words(override, spec)}; {words}"
            if self._there(person):
                self.notes.append(words)
                return self._answer((person,), ("override",), words, ((f"override {override.id}", override.start),))
        found: list[tuple[Layer, Piece, tuple[str, ...], str]] = []
        for layer in spec.layers:
            piece = piece_of(layer, self.moment, self.book.holidays)
            self._holds(piece.start, piece.end)
            self.notes.append(tr("layer {name}: {words}").format(name=layer.name, words=piece.words(layer.zone)))
            people, swapped = self._present(piece.people)
            if people:
                found.append((layer, piece, people, swapped))
                if spec.combine is Combine.FIRST:
                    break
        everybody = tuple(dict.fromkeys(person for _, _, people, _ in found for person in people))
        return self._answer(
            everybody,
            tuple(layer.name for layer, _, _, _ in found),
            "; ".join(
                tr("layer {name} of {schedule}: {words}").format(
                    name=layer.name, schedule=spec.name, words=piece.words(layer.zone)
                )
                + (f"; {swapped}" if swapped else "")
                for layer, piece, _, swapped in found
            ),
            tuple((layer.name, piece.turn) for layer, piece, _, _ in found),
        )

    def _answer(
        self, people: tuple[str, ...], by: tuple[str, ...], why: str, shift: tuple[tuple[str, datetime], ...]
    ) -> OnCall:
        passed = {who: reason for who, reason in self.passed.items() if who not in people}
        why = why or tr("nobody is on call for {schedule}").format(schedule=self.spec.name)
        return OnCall(
            schedule=self.spec.name,
            at=self.moment,
            people=people,
            since=None if self.since == EVER else self.since,
            until=None if self.until == NEVER else self.until,
            by=by,
            why="; ".join((why, *passed.values())),
            passed=tuple(passed.items()),
            notes=tuple(self.notes),
            shift=shift,
        )

    def _present(self, people: Iterable[str]) -> tuple[tuple[str, ...], str]:
        """Those of a turn who are there, others in place of whom they stand in for; and who stands in for whom."""
        there: dict[str, None] = {}
        swaps = []
        for each in people:
            person, words = self._stand_in(each, 0)
            if self._there(person):
                there[person] = None
                swaps += [words] if words else []
        return tuple(there), "; ".join(swaps)

    def _stand_in(self, person: str, after: int) -> tuple[str, str]:
        """Who is on call where `person` would have been: of overrides that name them the latest one counts, and who
        took over may have handed on since."""
        said = []
        while taken := [o for o in self.active if o.instead_of == person and o.id > after]:
            last = taken[-1]
            said.append(
                tr("{person} instead of {other}: {words}").format(
                    person=last.person, other=person, words=_override_words(last, self.spec)
                )
            )
            person, after = last.person, last.id
        return person, "; ".join(said)

    def _there(self, person: str) -> bool:
        absence = None
        for each in self.absences.get(person, ()):
            if self._holds(each.start, each.end):
                absence = each
        if absence is not None:
            self.passed[person] = absent_words(absence)
        return absence is None

    def _holds(self, start: datetime, end: datetime) -> bool:
        """Whether the moment lies in a stretch of time; the answer stays as it is at most until that changes."""
        at = self.moment
        if end <= at:
            self.since = max(self.since, end)
        elif start > at:
            self.until = min(self.until, start)
        else:
            self.since, self.until = max(self.since, start), min(self.until, end)
            return True
        return False


def _override_words(override: Override, spec: ScheduleSpec) -> str:
    local = override.end.astimezone(zone_of(spec.zone))
    by = tr(" by {by}").format(by=override.by) if override.by else ""
    why = f": {kept(override.reason)}" if override.reason else ""
    who = "" if override.instead_of else f": {override.person}"
    return tr("override {id}{by}{who} until {local} {zone}{why}").format(
        id=override.id, by=by, who=who, local=moment(local, DAY_MONTH_CLOCK), zone=spec.zone or "UTC", why=why
    )
