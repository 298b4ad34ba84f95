"""Times as status pages print them: "Aug 18, 10:23 UTC", "12:53 PM PDT", "Sep 2,  1:07 AM PDT".

They lack the year and often the day, which follow from a time known otherwise: the one next to it, or the
feed's own. Zone names are taken at their word ("PST" is eight hours behind UTC, in summer too), since that is
what tells the two passes through an hour apart when the clocks go back.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from warroom.domain.text import quote_plain
from warroom.valueclass import dataclass
from warroom.words import tr

__all__ = ["BACK_STEP", "Shown", "parse"]

BACK_STEP: Final = timedelta(hours=1)
"""How far behind its predecessor a time without a day may lie and still be of the same day.

Providers name the day when a post is not of the day before it, so that a step back is a post put in late;
a silence of 23 to 24 hours over an unnamed midnight does not occur in six years of AWS posts.
"""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Hours ahead of UTC of the abbreviations that status pages print (their time zone is the owner's choice).
# IST and the like, which several countries share, are left out: an error is better than a wrong hour.
_ZONES: Final = {
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}

_SHAPE: Final = re.compile(
    r"(?:(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>[0-9]{1,2})(?:,?\s+(?P<year>[0-9]{4}))?\s*[,-]?\s+)?"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})\s*(?P<half>[AaPp][Mm])?\s*(?P<zone>[A-Za-z]{2,5})"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A printed time: clock and zone for certain, day and year only where they were printed."""

    hour: int
    minute: int
    zone: timezone
    month: int | None = None
    day: int | None = None
    year: int | None = None

    def near(self, anchor: datetime) -> datetime:
        """The moment nearest to `anchor` that this can be, in UTC. Raises `ValueError` if there is none."""
        local = anchor.astimezone(self.zone)
        candidates: list[datetime] = []
        if self.month is None or self.day is None:
            days = [local.date() + timedelta(days=step) for step in (-1, 0, 1)]
            candidates = [self._at(day.year, day.month, day.day) for day in days]
        else:
            for year in self._years(local.year):
                try:
                    candidates.append(self._at(year, self.month, self.day))
                except (ValueError, OverflowError):
                    continue
        if not candidates:
            raise ValueError(tr("no such day"))
        return min(candidates, key=lambda at: abs(at - anchor))

    def after(self, previous: datetime) -> datetime:
        """The first moment from `previous` on (but for `BACK_STEP`); the nearest one if the day is given."""
        if self.month is not None:
            return self.near(previous)
        day = previous.astimezone(self.zone).date()
        at = self._at(day.year, day.month, day.day)
        while at < previous - BACK_STEP:
            at += timedelta(days=1)
        if at - previous >= timedelta(days=1) - BACK_STEP:
            at -= timedelta(days=1)
        return at

    def _years(self, about: int) -> tuple[int, ...] | range:
        if self.year is not None:
            return (self.year,)
        if (self.month, self.day) == (2, 29):
            return range(about - 8, about + 9)  # leap years are eight years apart around 2100
        return (about - 1, about, about + 1)

    def _at(self, year: int, month: int, day: int) -> datetime:
        return datetime(year, month, day, self.hour, self.minute, tzinfo=self.zone).astimezone(UTC)


def parse(text: str) -> Shown:
    """Read a printed time. Raises `ValueError` with a sentence that says what is wrong."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            tr('{text} is not a time such as "12:53 PM PDT" or "Aug 18, 10:23 UTC"').format(text=quote_plain(text))
        )
    zone = _ZONES.get(match["zone"].upper())
    if zone is None:
        raise ValueError(tr("{text} is in a time zone that is not known here").format(text=quote_plain(text)))
    hour, minute = int(match["hour"]), int(match["minute"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(tr("{text} is no time of day").format(text=quote_plain(text)))
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(tr("{text} is no time of day").format(text=quote_plain(text)))
    month = day = year = None
    if match["month"]:
        name = match["month"].lower()[:3]
        if name not in _MONTHS:
            raise ValueError(tr("{text} does not begin with the name of a month").format(text=quote_plain(text)))
        month, day = _MONTHS.index(name) + 1, int(match["day"])
        year = int(match["year"]) if match["year"] else None
    return Shown(hour, minute, timezone(timedelta(hours=zone)), month, day, year)
