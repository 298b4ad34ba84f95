"""How people type time: lengths, times of day, days and moments, each read in one place for every form and command.

Which moment is meant (the next 14:30 or the latest one, a length from now or before it), and what is said when nothing
fits, is up to whoever asks; what counts as a length, a time of day or the name of a day is the same everywhere. Days
are known by their names in every language that the program speaks, whatever the language of the person who types.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

_LENGTHS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""Seconds of each unit, the longest first: the order in which they are typed."""
_PART: Final = re.compile(r"(\d{1,8})\s*(min|[wdhms])?\s*", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?z?", re.ASCII)
_DAYS: Final = (
    ("monday", "måndag", "월요일"),
    ("tuesday", "tisdag", "화요일"),
    ("wednesday", "onsdag", "수요일"),
    ("thursday", "torsdag", "목요일"),
    ("friday", "fredag", "금요일"),
    ("saturday", "lördag", "토요일"),
    ("sunday", "söndag", "일요일"),
)
_MONTHS: Final = (
    *(("jan",), ("feb",), ("mar",), ("apr",), ("may", "maj"), ("jun",)),
    *(("jul",), ("aug",), ("sep",), ("oct", "okt"), ("nov",), ("dec",)),
)
TODAY: Final = frozenset({"today", "tonight", "idag", "ikväll", "오늘"})
TOMORROW: Final = frozenset({"tomorrow", "imorgon", "내일"})
_NUMBERED: Final = re.compile(r"(\d{1,2})(월|일)", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def as_typed(text: str) -> str:
    """What was typed without blanks around it, in small letters, each letter in one piece."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def read_span(text: str, *, bare: str = "") -> timedelta | None:
    """A length: "90s", "20m", "20 min", "1h30m", "1h 30", "2d", "1w"; None for anything else, and for none at all.

    Units follow each other from the longest on, each once; a number behind hours is minutes. A number alone counts
    `bare` ("m"), and is no length without it.
    """
    typed, at, seconds = as_typed(text), 0, 0
    left = list(_LENGTHS)
    while at < len(typed):
        found = _PART.match(typed, at)
        if found is None:
            return None
        unit = (found[2] or "")[:1]
        if not unit:
            unit = bare if at == 0 else "m" if left and left[0] == "m" and found.end() == len(typed) else ""
        if unit not in left or (not found[2] and found.end() != len(typed)):
            return None
        seconds += int(found[1]) * _LENGTHS[unit]
        left = left[left.index(unit) + 1 :]
        at = found.end()
    return timedelta(seconds=seconds) if at else None


def is_clock(text: str) -> bool:
    """Whether something has the form of a time of day, be there such a time or not."""
    return _CLOCK.fullmatch(as_typed(text)) is not None


def read_clock(text: str) -> time | None:
    """A time of day: "9:05", "14:30", "14:30:59", with or without a "z" behind it; None for anything else."""
    found = _CLOCK.fullmatch(as_typed(text))
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """A day and a time as ISO 8601 has them, with a zone or naive; None for anything else."""
    try:
        return datetime.fromisoformat(as_typed(text).upper())
    except (ValueError, OverflowError):
        return None


def read_weekday(word: str) -> int | None:
    """The number of a day of the week, Monday = 0, by its name in any language or the first letters of it ("mon",
    "thurs", "mån", "월"); None for anything else."""
    typed = as_typed(word)
    least = 3 if typed[:1] < "\u1100" else 1  # one syllable is a whole abbreviation in Korean
    if len(typed) < least:
        return None
    return next((n for n, names in enumerate(_DAYS) if any(name.startswith(typed) for name in names)), None)


def read_day(words: Sequence[str], today: date) -> date | None:
    """The day that is meant: today, tomorrow, a day of the week (the next one, today included), "12 Mar", "3월 12일",
    "2026-03-12"; None for anything else. Raises `ValueError` for a day that there is not."""
    typed = [as_typed(word) for word in words]
    match typed:
        case [word] if word in TODAY:
            return today
        case [word] if word in TOMORROW:
            return today + timedelta(days=1)
        case [word] if (weekday := read_weekday(word)) is not None:
            return today + timedelta(days=(weekday - today.weekday()) % 7)
        case [word] if found := _DATE.fullmatch(word):
            return date(int(found[1]), int(found[2]), int(found[3]))
        case [first, second]:
            found_first, found_second = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(second)
            if found_first and found_second and (found_first[2], found_second[2]) == ("월", "일"):
                return _ahead(int(found_first[1]), int(found_second[1]), today)
            for number, name in ((first, second), (second, first)):
                month = next((n for n, names in enumerate(_MONTHS, 1) if name[:3] in names), 0)
                if month and number.rstrip(".").isdecimal() and number.isascii():
                    return _ahead(month, int(number.rstrip(".")), today)
    return None


def _ahead(month: int, day: int, today: date) -> date:
    """That day of this year, or of the next one where it is over."""
    found = date(today.year, month, day)
    return found if found >= today else found.replace(year=today.year + 1)
