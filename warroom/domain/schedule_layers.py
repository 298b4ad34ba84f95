"""The layers of a schedule (R7): turns that follow each other by the clock on the wall, or fixed shifts; their hours,
holidays, beginning and end."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from itertools import pairwise

from warroom.domain.oncall import Holidays
from warroom.domain.schedule_clock import (
    EVER,
    NEVER,
    WeekHours,
    day_of,
    instant,
    locate,
    midnight,
    wall,
    zone_of,
)
from warroom.domain.status_words import DAY_MONTH_CLOCK, moment
from warroom.valueclass import dataclass
from warroom.words import tr

_LONGEST_LOOK = 366
"""How many days a holiday's neighbours are looked for."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """People taking turns. `turns[0]` begins at `anchor` (a naive wall-clock time), the next one after `step` by the
    clock on the wall, or after `months`, and so on for ever and back. Several people in a turn are on call together."""

    turns: tuple[tuple[str, ...], ...]
    anchor: datetime
    step: timedelta = timedelta(days=1)
    months: int = 0

    def handoff(self, number: int) -> datetime:
        """When turn `number` begins, a naive wall-clock time. A day that a month lacks is its last one."""
        if not self.months:
            return self.anchor + number * self.step
        year, month = divmod(self.anchor.year * 12 + self.anchor.month - 1 + number * self.months, 12)
        day = min(self.anchor.day, monthrange(year, month + 1)[1])
        return self.anchor.replace(year=year, month=month + 1, day=day)

    def around(self, at: datetime, zone: str) -> tuple[tuple[str, ...], datetime, datetime]:
        """Who has the turn at `at`, and from when until when."""
        if len(self.turns) == 1:
            return self.turns[0], EVER, NEVER
        local = wall(at, zone)
        if self.months:
            between = (local.year - self.anchor.year) * 12 + local.month - self.anchor.month
            guess = between // self.months
        else:
            guess = (local - self.anchor) // self.step
        number = locate(at, guess, lambda n: instant(self.handoff(n), zone))
        start, end = (instant(self.handoff(n), zone) for n in (number, number + 1))
        return self.turns[number % len(self.turns)], start, end


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift with its own beginning and end (aware UTC)."""

    people: tuple[str, ...]
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Shifts:
    """Shifts fixed one by one, as a calendar has them. Where some overlap, everybody on any of them is on call."""

    shifts: tuple[Shift, ...]
    _pieces: tuple[Shift, ...] = field(init=False, repr=False, compare=False)
    _starts: tuple[datetime, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        edges = sorted({edge for shift in self.shifts for edge in (shift.start, shift.end)})
        begins: dict[datetime, list[Shift]] = {}
        for shift in self.shifts:
            if shift.start < shift.end:
                begins.setdefault(shift.start, []).append(shift)
        pieces, running = [], list[Shift]()
        for start, end in pairwise(edges):
            running = [shift for shift in running if shift.end > start] + begins.get(start, [])
            people = tuple(dict.fromkeys(person for shift in running for person in shift.people))
            pieces.append(Shift(people, start, end))
        object.__setattr__(self, "_pieces", tuple(pieces))
        object.__setattr__(self, "_starts", tuple(piece.start for piece in pieces))

    def around(self, at: datetime) -> tuple[tuple[str, ...], datetime, datetime]:
        """Who has a shift at `at`, and from when until when that is so."""
        number = bisect_right(self._starts, at) - 1
        if number < 0:
            return (), EVER, self._starts[0] if self._starts else NEVER
        piece = self._pieces[number]
        return (piece.people, piece.start, piece.end) if at < piece.end else ((), piece.end, NEVER)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a schedule, by the clocks of `zone`.

    `hours`: only then; `only_on` and `not_on` name calendars of holidays. `start` and `until` are naive wall-clock
    times: before and after them the layer has nobody.
    """

    name: str
    rota: Rotation | Shifts
    zone: str = ""
    hours: WeekHours | None = None
    start: datetime | None = None
    until: datetime | None = None
    only_on: str = ""
    not_on: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a layer has at a moment, unchanged from `start` until `end`: the people of the turn that began at `turn`, or
    nobody, and `idle` says why."""

    people: tuple[str, ...]
    start: datetime
    end: datetime
    turn: datetime = EVER
    idle: str = ""

    def words(self, zone: str) -> str:
        """It in words, by the clocks of `zone`."""

        def clock(at: datetime) -> str:
            return moment(at.astimezone(zone_of(zone)), DAY_MONTH_CLOCK)

        begins = tr(" since {clock}").format(clock=clock(self.start)) if self.start > EVER and self.people else ""
        ends = tr(" until {clock}").format(clock=clock(self.end)) if self.end < NEVER else ""
        who = ", ".join(self.people) or tr("nobody")
        name = f" {zone or 'UTC'}" if begins or ends else ""
        return f"{who}{begins}{ends}{name}" + (f": {self.idle}" if self.idle else "")


def piece_of(layer: Layer, at: datetime, holidays: Mapping[str, Holidays]) -> Piece:
    """What a layer has at `at` (aware UTC)."""
    zone = layer.zone
    low = instant(layer.start, zone) if layer.start is not None else EVER
    high = instant(layer.until, zone) if layer.until is not None else NEVER
    if at < low:
        return Piece((), EVER, low, idle=tr("it begins then"))
    if at >= high:
        return Piece((), high, NEVER, idle=tr("it has ended"))
    people, start, end = layer.rota.around(at, zone) if isinstance(layer.rota, Rotation) else layer.rota.around(at)
    turn = max(low, start)
    low, high = max(low, start), min(high, end)
    if not people:
        return Piece(
            (), low, high, turn, tr("no shift then") if isinstance(layer.rota, Shifts) else tr("an empty turn")
        )
    if layer.hours is not None:
        within, start, end = layer.hours.around(at, zone)
        low, high = max(low, start), min(high, end)
        if not within:
            return Piece((), low, high, turn, tr("not its hours"))
        turn = max(turn, start)
    for calendar, wanted in ((layer.only_on, True), (layer.not_on, False)):
        if calendar:
            name, low, high = _day(holidays.get(calendar) or Holidays(calendar), at, zone, low, high)
            if bool(name) is not wanted:
                return Piece(
                    (),
                    low,
                    high,
                    turn,
                    tr("not on {name}").format(name=name)
                    if name
                    else tr("only on {calendar}").format(calendar=calendar),
                )
    return Piece(people, low, high, turn)


def _day(calendar: Holidays, at: datetime, zone: str, low: datetime, high: datetime) -> tuple[str, datetime, datetime]:
    """The name of the holiday that `at` lies on, "" for none, and since and until when it is the one or the other."""
    today = day_of(at, zone).toordinal()
    name = calendar.on(date.fromordinal(today))

    def alike(day: int) -> bool:
        return bool(calendar.on(date.fromordinal(day))) is bool(name)

    first, last = today, today + 1
    while alike(first - 1) and today - first < _LONGEST_LOOK and midnight(date.fromordinal(first), zone) > low:
        first -= 1
    while alike(last) and last - today < _LONGEST_LOOK and midnight(date.fromordinal(last), zone) < high:
        last += 1
    begins, ends = midnight(date.fromordinal(first), zone), midnight(date.fromordinal(last), zone)
    return name, max(low, begins), min(high, ends)
