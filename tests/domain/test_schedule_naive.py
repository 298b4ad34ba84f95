"""Schedules against a clerk who watches the clock on the wall, minute by minute, for two years.

The clerk knows nothing of the arithmetic in `warroom.domain.schedule`: he has a list of the wall-clock times at which
something changes, made day by day, and crosses one off as soon as the clock shows it or a later time. So a time that
the clocks skip is crossed off when they have skipped it, and one that comes twice only once. What he wrote down for
every minute is compared with what the spans say about every minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.support.books import BOOK
from warroom.domain.duty import NOTHING_BESIDES, Absence, Duty, Override
from warroom.domain.oncall import Holidays
from warroom.domain.schedule import ScheduleSpec, on_call, spans
from warroom.domain.schedule_clock import WeekHours
from warroom.domain.schedule_layers import Layer, Rotation

ZONES = ("America/Chicago", "Europe/Stockholm", "Asia/Seoul", "Australia/Lord_Howe")
START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = (END - START) // timedelta(minutes=1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PEOPLE = ("", "ada", "bo", "cy", "dag", "eve")
FEASTS = Holidays("feasts", {date(2024, 3, 31): "Easter", date(2025, 10, 26): "the long day"}, {(12, 25): "Christmas"})
RULES = replace(BOOK, holidays={"feasts": FEASTS})


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


@cache
def offsets(zone: str) -> tuple[tuple[int, int, int], ...]:
    """(first minute, last minute + 1, minutes that the clocks are ahead of UTC), looked up every half hour."""
    tz = ZoneInfo(zone)
    out: list[tuple[int, int, int]] = []
    for minute in range(0, MINUTES, 30):
        offset = (START + minute * MINUTE).astimezone(tz).utcoffset()
        assert offset is not None
        ahead = offset // MINUTE
        if out and out[-1][2] == ahead:
            out[-1] = out[-1][0], minute + 30, ahead
        else:
            out.append((minute, minute + 30, ahead))
    return tuple(out)


def watched(zone: str, changes: list[datetime]) -> Iterator[tuple[int, int]]:
    """(minute, which) for every wall-clock time of `changes` (sorted), when the clerk crosses it off."""
    times = [(each - naive("2024-01-01")) // MINUTE for each in changes]
    upcoming = 0
    for first, last, ahead in offsets(zone):
        for minute in range(first, last):
            shown = minute + ahead
            while upcoming < len(times) and shown >= times[upcoming]:
                yield minute, upcoming
                upcoming += 1


def write_down(zone: str, changes: list[tuple[datetime, int]]) -> bytearray:
    """For every minute the value of the last change that was crossed off."""
    page = bytearray(MINUTES)
    since, value = 0, 0
    for minute, which in watched(zone, [at for at, _ in changes]):
        page[since:minute] = bytes([value]) * (minute - since)
        since, value = minute, changes[which][1]
    page[since:] = bytes([value]) * (MINUTES - since)
    return page


def days() -> Iterator[date]:
    day = date(2023, 11, 1)
    while day < date(2026, 2, 1):
        yield day
        day += DAY


@dataclass
class Clerk:
    """One layer as the clerk keeps it: who has which turn, and at which hours."""

    zone: str
    turns: list[tuple[datetime, int]]
    hours: Callable[[date], list[tuple[datetime, datetime]]] | None = None
    feasts: bool | None = None  # only on them, never on them

    def page(self) -> bytearray:
        page = write_down(self.zone, sorted(self.turns))
        if self.hours is not None:
            windows = [window for day in days() for window in self.hours(day)]
            edges = sorted([(at, 1, 0) for at, _ in windows] + [(at, 0, -1) for _, at in windows], key=lambda e: e[0])
            open_ = write_down(self.zone, _levels([(at, 1 if up else -1) for at, up, _ in edges]))
            page = bytearray(who if within else 0 for who, within in zip(page, open_, strict=True))
        if self.feasts is not None:
            marks = [(datetime.combine(day, time()), int(bool(FEASTS.on(day)) is self.feasts)) for day in days()]
            right = write_down(self.zone, marks)
            page = bytearray(who if day else 0 for who, day in zip(page, right, strict=True))
        return page


def _levels(steps: list[tuple[datetime, int]]) -> list[tuple[datetime, int]]:
    """How many windows are open after each step."""
    out, level = [], 0
    for at, step in steps:
        level += step
        out.append((at, level))
    return out


def rounds(first: str, step: Callable[[datetime, int], datetime], people: list[int]) -> list[tuple[datetime, int]]:
    """Turns one after the other from `first` on, until the clerk's time is over."""
    out, number = [], 0
    while (at := step(naive(first), number)) < naive("2026-02-01"):
        out.append((at, people[number % len(people)]))
        number += 1
    return out


def every(minutes: int) -> Callable[[datetime, int], datetime]:
    return lambda first, number: first + timedelta(minutes=minutes * number)


def monthly(first: datetime, number: int) -> datetime:
    """The day of the month of `first`, or the last one that there is: counted by trying."""
    year, month = first.year, first.month
    for _ in range(number):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = first.day
    while True:
        try:
            return first.replace(year=year, month=month, day=day)
        except ValueError:
            day -= 1


def nights(day: date) -> list[tuple[datetime, datetime]]:
    """From ten in the evening until half past two."""
    return [(datetime.combine(day, time(22)), datetime.combine(day + DAY, time(2, 30)))]


def weekends(day: date) -> list[tuple[datetime, datetime]]:
    """From Friday 17:00 until Monday 02:15."""
    if day.weekday() != 4:
        return []
    return [(datetime.combine(day, time(17)), datetime.combine(day + 3 * DAY, time(2, 15)))]


NIGHTS = WeekHours.of((day * 1440 + 22 * 60, (day + 1) * 1440 + 150) for day in range(7))
WEEKENDS = WeekHours.of([(4 * 1440 + 17 * 60, 7 * 1440 + 135)])


def turns(*people: int) -> tuple[tuple[str, ...], ...]:
    return tuple((PEOPLE[each],) for each in people)


def layers(zone: str) -> dict[str, tuple[Layer, Clerk]]:
    """Every kind of layer, once as the program has it and once as the clerk does."""
    week, half_past_two = naive("2023-11-27 09:00"), naive("2023-12-01 02:30")
    return {
        "daily": (
            Layer("daily", Rotation(turns(1, 2, 3), half_past_two), zone),
            Clerk(zone, rounds("2023-12-01 02:30", every(1440), [1, 2, 3])),
        ),
        "weekly": (
            Layer("weekly", Rotation(turns(4, 5), week, timedelta(weeks=1)), zone),
            Clerk(zone, rounds("2023-11-27 09:00", every(7 * 1440), [4, 5])),
        ),
        "halves": (
            Layer("halves", Rotation(turns(1, 2, 3), naive("2023-12-01 02:15"), timedelta(hours=12)), zone),
            Clerk(zone, rounds("2023-12-01 02:15", every(720), [1, 2, 3])),
        ),
        "hourly": (
            Layer("hourly", Rotation(turns(1, 2, 3, 4, 5), naive("2023-12-01 00:20"), timedelta(hours=1)), zone),
            Clerk(zone, rounds("2023-12-01 00:20", every(60), [1, 2, 3, 4, 5])),
        ),
        "monthly": (
            Layer("monthly", Rotation(turns(1, 2), naive("2023-10-31 02:45"), months=1), zone),
            Clerk(zone, rounds("2023-10-31 02:45", monthly, [1, 2])),
        ),
        "nights": (
            Layer("nights", Rotation(turns(1, 2, 3), half_past_two), zone, NIGHTS),
            Clerk(zone, rounds("2023-12-01 02:30", every(1440), [1, 2, 3]), nights),
        ),
        "weekends": (
            Layer("weekends", Rotation(turns(1, 2), week, timedelta(weeks=1)), zone, WEEKENDS),
            Clerk(zone, rounds("2023-11-27 09:00", every(7 * 1440), [1, 2]), weekends),
        ),
        "feasts": (
            Layer("feasts", Rotation(turns(3), week), zone, only_on="feasts"),
            Clerk(zone, [(naive("2023-11-27 09:00"), 3)], feasts=True),
        ),
        "no feasts": (
            Layer("no feasts", Rotation(turns(1, 2), half_past_two), zone, not_on="feasts"),
            Clerk(zone, rounds("2023-12-01 02:30", every(1440), [1, 2]), feasts=False),
        ),
    }


def painted(spec: ScheduleSpec, duty: Duty = NOTHING_BESIDES) -> bytearray:
    """For every minute who has it, as the spans say."""
    page = bytearray(MINUTES)
    at = START
    for span in spans(spec, START, END, RULES, duty):
        assert span.start == at < span.end
        at = span.end
        first, last = ((edge - START) // MINUTE for edge in (span.start, span.end))
        who = PEOPLE.index(span.people[0]) if span.people else 0
        page[first:last] = bytes([who]) * (last - first)
    assert at == END
    return page


def first_difference(one: bytearray, other: bytearray) -> str:
    if one == other:
        return ""
    minute = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    return f"{START + minute * MINUTE:%Y-%m-%d %H:%M}: {PEOPLE[one[minute]]!r}, the clerk has {PEOPLE[other[minute]]!r}"


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_of_two_years_is_as_the_clerk_has_it(zone: str) -> None:
    for kind, (layer, clerk) in layers(zone).items():
        page = clerk.page()
        assert len(set(page)) > 1, f"the clerk sleeps: {kind}"
        spec = ScheduleSpec("s", (layer,))
        assert first_difference(painted(spec), page) == "", kind
        # Spans are walked from edge to edge; a single answer may be asked for in the middle of a change of the clocks.
        for change, _, _ in offsets(zone)[1:]:
            for minute in range(change - 200, change + 200, 9):
                people = on_call(spec, START + minute * MINUTE, RULES).people
                assert people == ((PEOPLE[page[minute]],) if page[minute] else ()), (kind, START + minute * MINUTE)


def test_layers_from_around_the_world_with_what_people_changed() -> None:
    """Four zones on top of each other, absences, overrides for everybody and for one person."""
    random = Random(7)
    chosen = [
        layers(zone)[kind] for zone, kind in zip(ZONES, ("nights", "weekends", "no feasts", "weekly"), strict=True)
    ]
    spec = ScheduleSpec("s", tuple(layer for layer, _ in chosen))

    def stretch() -> tuple[int, int]:
        start = random.randrange(MINUTES - 20_000)
        return start, start + random.randrange(1, 20_000)

    def moment(minute: int) -> datetime:
        return START + minute * MINUTE

    away = [(random.randint(1, 5), *stretch()) for _ in range(60)]
    over = [(random.randint(1, 5), random.choice([0, 0, 1, 2, 3, 4, 5]), *stretch()) for _ in range(60)]
    over = [each for each in over if each[0] != each[1]]
    duty = Duty(
        overrides=tuple(
            Override(number, "s", PEOPLE[who], moment(a), moment(b), instead_of=PEOPLE[whom])
            for number, (who, whom, a, b) in enumerate(over, 1)
        ),
        absences=tuple(Absence(n, PEOPLE[who], moment(a), moment(b)) for n, (who, a, b) in enumerate(away, 1)),
    )
    pages = [clerk.page() for _, clerk in chosen]
    there = [bytearray(b"\1" * MINUTES) for _ in PEOPLE]
    for who, a, b in away:
        there[who][a:b] = bytes(b - a)
    running: list[tuple[int, ...]] = [()] * MINUTES
    for number, (_, _, a, b) in enumerate(over, 1):
        for minute in range(a, b):
            running[minute] = (*running[minute], number)

    def stands_in(who: int, minute: int, after: int) -> int:
        while True:
            later = [n for n in running[minute] if n > after and over[n - 1][1] == who]
            if not later:
                return who
            after = max(later)
            who = over[after - 1][0]

    expected = bytearray(MINUTES)
    for minute in range(MINUTES):
        for number in reversed(running[minute]):
            who = stands_in(over[number - 1][0], minute, number) if not over[number - 1][1] else 0
            if who and there[who][minute]:
                break
        else:
            who = 0
            for page in pages:
                if page[minute]:
                    who = stands_in(page[minute], minute, 0) if running[minute] else page[minute]
                    if there[who][minute]:
                        break
                    who = 0
        expected[minute] = who
    assert first_difference(painted(spec, duty), expected) == ""
    for minute in random.sample(range(MINUTES), 1500):
        people = on_call(spec, START + minute * MINUTE, RULES, duty).people
        assert people == ((PEOPLE[expected[minute]],) if expected[minute] else ())
