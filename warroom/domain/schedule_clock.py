"""Clocks on the wall (R7): moments at which a hand-off or a window begins, in a time zone whose clocks change.

Everything that repeats (turns, windows of a week, days) is a sequence of wall-clock times by number. Each of them is
one moment: a time that the clocks skip is the first moment after the gap, a time that comes twice is the first one. So
moments never run backwards along a sequence, nothing is handed over twice in the hour that comes twice, and the piece
that a moment lies in is found by arithmetic and a step or two, however long ago the sequence began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from warroom.valueclass import dataclass

EVER = datetime(1900, 1, 1, tzinfo=UTC)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""What has no beginning begins at `EVER`, and what has no end ends at `NEVER`."""

DAY, WEEK = 24 * 60, 7 * 24 * 60
"""Minutes."""
_MONDAY = datetime.combine(date(1970, 1, 5), time())
_SECOND = timedelta(seconds=1)


@cache
def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name, UTC for ""; raises `ZoneInfoNotFoundError`."""
    return ZoneInfo(name or "UTC")


@lru_cache(maxsize=16_384)
def instant(local: datetime, zone: str) -> datetime:
    """The moment (aware UTC) at which clocks in `zone` show the naive time `local`: the first such one, and where they
    skip it the first moment after the gap."""
    tz = zone_of(zone)
    first, second = local.replace(tzinfo=tz, fold=0), local.replace(tzinfo=tz, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before >= after:
        return first.astimezone(UTC)
    # In a gap: read by the old offset it lies behind the change of the clocks, by the new one before it.
    behind, ahead = second.astimezone(UTC), first.astimezone(UTC)
    while ahead - behind > _SECOND:
        middle = behind + (ahead - behind) // 2 // _SECOND * _SECOND
        if middle.astimezone(tz).utcoffset() == after:
            ahead = middle
        else:
            behind = middle
    return ahead


def wall(at: datetime, zone: str) -> datetime:
    """What clocks in `zone` show at `at`, as a naive time."""
    return at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)


def locate(at: datetime, guess: int, moment: Callable[[int], datetime]) -> int:
    """The last number whose moment is not after `at`. `guess` lies near it: changes of the clocks move it by a few."""
    while moment(guess) > at:
        guess -= 1
    while moment(guess + 1) <= at:
        guess += 1
    return guess


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Hours that repeat every week by the clock on the wall.

    `windows` are (start, end) in minutes since Monday 00:00, sorted and apart from each other; the last one may end in
    the week after. Make it with `of`, which takes any windows.
    """

    windows: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, windows: Iterable[tuple[int, int]]) -> WeekHours:
        """The hours that lie in any of the windows, which may overlap and go over midnight or the end of the week."""
        cut: list[tuple[int, int]] = []
        for start, end in windows:
            end = min(end, start + WEEK)
            cut += [(start, end)] if end <= WEEK else [(start, WEEK), (0, end - WEEK)]
        joined: list[tuple[int, int]] = []
        for start, end in sorted(cut):
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        if len(joined) > 1 and joined[0][0] == 0 and joined[-1][1] == WEEK:
            joined = [*joined[1:-1], (joined[-1][0], WEEK + joined[0][1])]
        return cls(tuple(joined))

    def around(self, at: datetime, zone: str) -> tuple[bool, datetime, datetime]:
        """Whether `at` lies within the hours, and from when until when that is so."""
        if not self.windows or self.windows[0] == (0, WEEK):
            return bool(self.windows), EVER, NEVER
        count = len(self.windows)

        def edge(number: int, which: int) -> datetime:
            week, index = divmod(number, count)
            return instant(_MONDAY + timedelta(weeks=week, minutes=self.windows[index][which]), zone)

        weeks, rest = divmod(wall(at, zone) - _MONDAY, timedelta(weeks=1))
        index = bisect_right(self.windows, (rest // timedelta(minutes=1), WEEK * 2)) - 1
        number = locate(at, weeks * count + index, lambda n: edge(n, 0))
        start, end = edge(number, 0), edge(number, 1)
        return (True, start, end) if at < end else (False, end, edge(number + 1, 0))


def day_of(at: datetime, zone: str) -> date:
    """The day that `at` belongs to in `zone`; days follow each other even where clocks go back over midnight."""
    return date.fromordinal(locate(at, wall(at, zone).toordinal(), lambda n: midnight(date.fromordinal(n), zone)))


def midnight(day: date, zone: str) -> datetime:
    """When a day begins in `zone`."""
    return instant(datetime.combine(day, time()), zone)
