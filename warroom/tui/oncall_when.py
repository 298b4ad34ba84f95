"""Moments and stretches of time as people type them when they take over a shift or go away (R7).

Times are UTC as everywhere, unless a time zone, or "local" for that of the person, stands behind them. Whoever asks
shows what was understood before it is done: `spoken`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfoNotFoundError

from warroom.domain.schedule_clock import instant, wall, zone_of
from warroom.domain.status_words import day_word
from warroom.domain.text import clean_line
from warroom.domain.typed_time import TODAY, TOMORROW, as_typed, read_clock, read_day, read_span, read_weekday
from warroom.tui.clockface import day, duration
from warroom.tui.horizon import whole_minutes
from warroom.valueclass import dataclass
from warroom.words import mark, tr

EXAMPLES = mark("2h, until Mon 08:00, tomorrow, Fri 18:00 to Mon 08:00, or 2026-03-12 to 2026-03-15")
_ECHO = 30  # characters of what was typed that are said again: the rest of the message is worth more
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:t(\d{2}):(\d{2})(?::\d{2})?(z|[+-]\d{2}:\d{2})?)?", re.ASCII)
_PARTICLE = re.compile(r"(?:부터|까지)$")
_BETWEEN = re.compile(r"\s+(?:-|–|to|until|till|\.\.|→|->)\s+|\s*(?:–|→|\.\.|->)\s*")


@dataclass(frozen=True, slots=True)
class _Read:
    """One moment as typed: a length from whatever comes before, or a time; `day` is set where no time of day was."""

    at: datetime
    day: date | None = None


def span_of(text: str, now: datetime, local: str = "") -> tuple[datetime, datetime | None]:
    """From when until when, aware UTC; the end is None where none was named.

    A length or a single time counts from now, a day alone is the whole of it, and of two days the second belongs to
    it. `local` is the time zone that "local" stands for. Raises `ValueError` that says what to type instead.
    """
    try:
        return _span(text, now, local)
    except OverflowError:
        raise ValueError(tr("that is too far away")) from None


def _span(text: str, now: datetime, local: str) -> tuple[datetime, datetime | None]:
    words, zone = _zoned(as_typed(text).split(), local)
    typed = _english(" ".join(words))
    if not typed:
        return now, None
    if match := re.fullmatch(r"(?:from\s+)?(.+?)\s+for\s+(.+)", typed):
        start = _moment(match[1], now, zone)
        return start.at, _moment(match[2], start.at, zone, lengths=True).at
    if match := re.fullmatch(r"(?:until|till|to|for)\s+(.+)", typed):
        return now, _moment(match[1], now, zone).at
    parts = [part for part in _BETWEEN.split(typed.removeprefix("from ").strip()) if part]
    if len(parts) == 2:
        start = _moment(parts[0], now, zone)
        end = _moment(parts[1], start.at, zone)
        return start.at, _midnight(end.day + timedelta(days=1), zone) if end.day else end.at
    if len(parts) != 1:
        raise ValueError(tr("that is not one stretch of time; type {examples}").format(examples=tr(EXAMPLES)))
    found = _moment(parts[0], now, zone)
    if typed.startswith("from "):
        return found.at, None
    if found.day is not None:
        return found.at, _midnight(found.day + timedelta(days=1), zone)
    return now, found.at


def begins_time(word: str) -> bool:
    """Whether a stretch of time may begin with this word."""
    word = _PARTICLE.sub("", as_typed(word))
    known = ("nu", "från", "지금", "now", "until", "till", "from", "for", "to", "in", "at", "on", *TODAY, *TOMORROW)
    return word in known or word[:1].isdigit() or read_weekday(word) is not None


def _english(typed: str) -> str:
    """The words around times in English, of those in every language: what is said back can be typed."""
    typed = re.sub(r"\bi (dag|morgon|kväll)\b", r"i\1", re.sub(r"^från\s+", "from ", typed))
    if match := re.fullmatch(r"(?:(.+?)부터\s*)?(.+?)까지", typed):
        return f"{match[1]} to {match[2]}" if match[1] else f"until {match[2]}"
    if match := re.fullmatch(r"(.+?)부터(?:\s+(.+))?", typed):
        return f"{match[1]} to {match[2]}" if match[2] else f"from {match[1]}"
    return typed


def _zoned(words: list[str], local: str) -> tuple[list[str], str]:
    """The words without a time zone at their end, and that zone; "" is UTC."""
    if not words:
        return words, ""
    last = words[-1]
    if last in ("utc", "z"):
        return words[:-1], ""
    if last == "local":
        if not local:
            raise ValueError(tr("that person has no time zone in the rulebook; type the time in UTC"))
        return words[:-1], local
    if "/" in last and last[0].isalpha():
        for name in (last, "/".join(part.capitalize() for part in last.split("/")), _titled(last)):
            try:
                zone_of(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
            return words[:-1], name
        why = tr("there is no time zone {name}; type one such as Europe/Stockholm, or none for UTC")
        raise ValueError(why.format(name=clean_line(last, _ECHO)))
    return words, ""


def _titled(name: str) -> str:
    return re.sub(r"[a-z]+", lambda part: part[0].capitalize(), name)


def _moment(typed: str, now: datetime, zone: str, *, lengths: bool = False) -> _Read:
    typed = re.sub(r"^(?:in|at|on|from|until)\s+", "", typed.strip().replace(",", " ").strip())
    if typed in ("now", "nu", "지금"):
        return _Read(now)
    if typed.isdigit() and len(typed) < 5:
        raise ValueError(tr("{number} of what? type {number}m, {number}h or {number}d").format(number=typed))
    span = read_span(typed)
    if span is not None or not typed:
        if not span:
            raise ValueError(tr("that is no time; type {examples}").format(examples=tr(EXAMPLES)))
        ends = now + span
        # Up to the whole minute, so that what is said back is what is done.
        return _Read(ends + timedelta(microseconds=-(ends.second * 1_000_000 + ends.microsecond) % 60_000_000))
    if lengths:
        raise ValueError(tr("{typed} is no length of time; type 2h, 90m or 3d").format(typed=clean_line(typed, _ECHO)))
    if match := _ISO.fullmatch(typed):
        return _iso(match, typed, zone)
    words = typed.split()
    clock = read_clock(words[-1])
    if clock is not None:
        words = words[:-1]
    today = wall(now, zone).date()
    if not words and clock is not None:
        at = instant(datetime.combine(today, clock), zone)
        return _Read(at if at > now else instant(datetime.combine(today + timedelta(days=1), clock), zone))
    day = _day(words, today)
    if day is None:
        raise ValueError(
            tr("{typed} is no time; type {examples}").format(typed=clean_line(typed, _ECHO), examples=tr(EXAMPLES))
        )
    if clock is None:
        return _Read(_midnight(day, zone), day)
    at = instant(datetime.combine(day, clock), zone)
    if at <= now and words and read_weekday(words[0]) is not None:
        at = instant(datetime.combine(day + timedelta(days=7), clock), zone)
    return _Read(at)


def _iso(match: re.Match[str], typed: str, zone: str) -> _Read:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return _Read(_midnight(day, zone), day)
        at = datetime.combine(day, time(int(match[4]), int(match[5])))
        if match[6]:
            return _Read(datetime.fromisoformat(f"{at.isoformat()}{match[6].upper()}").astimezone(UTC))
        return _Read(instant(at, zone))
    except (ValueError, OverflowError):
        raise ValueError(tr("there is no day {typed}").format(typed=clean_line(typed, _ECHO))) from None


def _day(words: list[str], today: date) -> date | None:
    """The day that is meant; None for anything else. Raises `ValueError` for one that there is not."""
    try:
        return read_day(words, today)
    except (ValueError, OverflowError):
        raise ValueError(tr("there is no day {typed}").format(typed=clean_line(" ".join(words), _ECHO))) from None


def _midnight(day: date, zone: str) -> datetime:
    return instant(datetime.combine(day, time()), zone)


# Said back ------------------------------------------------------------------------------------------------------------


def stamp(at: datetime, zone: str = "") -> str:
    """A moment with its day, "Tue 10 Mar 14:05", by the clocks of `zone` ("" is UTC)."""
    return f"{date_words(at, zone)} {wall(at, zone):%H:%M}"


def date_words(at: datetime, zone: str = "") -> str:
    """The day of a moment, "Tue 10 Mar", by the clocks of `zone` ("" is UTC)."""
    local = wall(at, zone).replace(tzinfo=UTC)
    return tr("{weekday} {date}").format(weekday=day_word(local.weekday()), date=day(local))


def short_stamp(at: datetime, now: datetime, zone: str = "") -> str:
    """As short as can be told apart from `now`: "14:05" today, "Wed 09:00" within six days, else as `stamp`."""
    local, today = wall(at, zone), wall(now, zone).date()
    whole_minutes(now)  # the clocks of any zone go on with those of UTC
    apart = (local.date() - today).days
    if apart == 0:
        return f"{local:%H:%M}"
    return f"{day_word(local.weekday())} {local:%H:%M}" if 0 < apart < 7 else stamp(at, zone)


def typed_span(start: datetime, end: datetime, now: datetime) -> str:
    """A stretch of time as somebody could have typed it at `now`: what a form proposes. Whole minutes, the end up."""
    ends = end + timedelta(microseconds=-(end.second * 1_000_000 + end.microsecond) % 60_000_000)
    if start <= now:
        return tr("until {end}").format(end=_typed(ends, now))
    return tr("{start} to {end}").format(start=_typed(start, now), end=_typed(ends, start))


def _typed(at: datetime, now: datetime) -> str:
    days = (at.astimezone(UTC).date() - now.astimezone(UTC).date()).days
    if days == 0:
        return f"{at.astimezone(UTC):%H:%M}"
    return f"{day_word(at.weekday())} {at:%H:%M}" if 0 < days < 7 else f"{at:%Y-%m-%d %H:%M}"


def spoken(start: datetime, end: datetime, now: datetime) -> str:
    """What was understood: "now until Wed 09:00 UTC (18h27)"."""
    words = tr("now until {end} UTC ({length})") if start <= now else tr("{start} until {end} UTC ({length})")
    long = duration(max(0, int((end - max(start, now)).total_seconds())))
    return words.format(start=short_stamp(start, now), end=short_stamp(end, now), length=long)
