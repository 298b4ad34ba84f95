"""Shifts out of an iCalendar file (RFC 5545, R7), and whom each of them is for.

The library `ical` reads the file, its time zones and what repeats. It gets the file without whatever says nothing about
shifts (alarms, tasks, pictures, odd fields), since one flaw in those would make it refuse the whole. What is left has
to be sound: an event that cannot be read is an error, never a shift that is silently missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from warroom.domain.core import Refused
from warroom.domain.oncall import Person
from warroom.domain.schedule_clock import instant, midnight
from warroom.domain.schedule_layers import Shift
from warroom.domain.status_words import moment
from warroom.domain.text import clean_line, quote_plain
from warroom.valueclass import dataclass
from warroom.words import figure, mark, tr, trn

if TYPE_CHECKING:
    from ical.event import Event

MAX_BYTES: Final = 4 * 1024 * 1024
"""A larger file is no rota."""
MOST_STEPS: Final = 50_000
"""How many events a file may come to, with what repeats, up to the end of the time that is asked for."""
NAMED: Final = 8
"""How many entries an error names."""

DAY_YEAR_CLOCK: Final = mark("%a %d %b %Y %H:%M")

_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "DTSTAMP")
_KEPT = frozenset({*_TIMES, "UID", "SEQUENCE", "STATUS", "SUMMARY", "ATTENDEE", "CATEGORIES"})
OWN_UID: Final = "@warroom"
"""How the UID of a shift ends that was written by `warroom.intake.ical_write`, its schedule being its category."""
_GROUPS = frozenset({"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"})


class CalendarError(Refused):
    """A calendar that cannot be taken over. The message names the file, what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar, or one time of an event that repeats. `guests` are names and mail addresses;
    `schedule` is known of shifts alone that were written by warroom itself."""

    start: datetime
    end: datetime
    title: str
    guests: tuple[tuple[str, ...], ...] = ()
    schedule: str = ""

    def __str__(self) -> str:
        at = moment(self.start, DAY_YEAR_CLOCK)
        return tr("{title} ({at} UTC)").format(title=quote_plain(self.title, 60), at=at)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a file has within a stretch of time. `undated`: events without a beginning, which are no shifts."""

    entries: tuple[Entry, ...]
    undated: int = 0


def read_calendar(raw: bytes, file: str, *, zone: str, since: datetime, until: datetime) -> Calendar:
    """The events that lie at least partly within `since` and `until`, the earliest first, cancelled ones left out.

    Whole days and times without a zone are meant by the clocks of `zone`, unless the calendar names another one.
    Raises `CalendarError`.
    """
    file = clean_line(file, 200)
    if len(raw) > MAX_BYTES:
        raise CalendarError(
            tr("{file} is larger than {size} MiB: that is no on-call calendar").format(
                file=file, size=MAX_BYTES // 1024 // 1024
            )
        )
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", raw.decode("utf-8-sig", "replace"))
    if not re.search(r"^\s*BEGIN:VCALENDAR", text, re.IGNORECASE | re.MULTILINE):
        # Events alone, as some programs give them away.
        text = f"BEGIN:VCALENDAR\n{text}\nEND:VCALENDAR" if re.search(r"^BEGIN:VEVENT", text, re.MULTILINE) else ""
    if not text:
        raise CalendarError(
            tr("{file} is no calendar: an iCalendar file begins with BEGIN:VCALENDAR").format(file=file)
        )
    entries: set[Entry] = set()
    try:
        lines, undated = _relevant(text)
        for calendar in _parsed("\r\n".join(lines) + "\r\n"):
            entries.update(_expanded(calendar, zone, since, until, file))
    except (CalendarError, RecursionError, MemoryError):
        raise
    except Exception as error:
        # The library and what it rests on raise many kinds of errors for what an event should not have.
        raise CalendarError(
            tr("{file} cannot be read as a calendar: {reason}").format(file=file, reason=_reason(error))
        ) from None
    return Calendar(tuple(sorted(entries, key=lambda e: (e.start, e.end, e.title, e.schedule))), undated)


def _reason(error: BaseException) -> str:
    """What the library says is wrong, without what it says of itself."""
    text = getattr(error, "detailed_error", None) or str(error) or type(error).__name__
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ValidationError):
            first = cause.errors(include_url=False)[0]
            place = ".".join(str(step) for step in first["loc"])
            text = f"{place}: {first['msg']}" if place else first["msg"]
            break
        cause = cause.__cause__
    return clean_line(text.replace("Value error, ", ""), 300)


def _parsed(text: str) -> Sequence[Any]:
    from ical.calendar_stream import CalendarStream
    from ical.compat import enable_compat_mode
    from ical.compat.dtstart_until_compat import enable_dtstart_until_compat
    from ical.compat.timezone_compat import enable_extended_timezones

    with ExitStack() as lenient:
        lenient.enter_context(enable_compat_mode(text))
        lenient.enter_context(enable_dtstart_until_compat())
        lenient.enter_context(enable_extended_timezones())  # Windows' names of zones
        return CalendarStream.from_ics(text).calendars


def _expanded(calendar: Any, zone: str, since: datetime, until: datetime, file: str) -> Iterator[Entry]:
    own = calendar.x_wr_timezone or ""
    zone = own if _is_zone(own) else zone
    _own_times(calendar.events)
    timeline = calendar.timeline_tz(ZoneInfo(zone))
    # One more than is allowed tells that there are too many.
    for step, event in enumerate(islice(timeline, MOST_STEPS + 1)):
        if step == MOST_STEPS:
            raise CalendarError(
                tr("{file} comes to more than {most:,} events: that is no on-call calendar").format(
                    file=file, most=figure(MOST_STEPS)
                )
            )
        start, end = _moment(event.start, zone), _moment(event.end, zone)
        if start >= until:
            return
        if str(getattr(event.status, "value", event.status)) == "CANCELLED" or end <= max(start, since):
            continue
        own = len(event.categories) == 1 and str(event.uid).endswith(OWN_UID)
        schedule = str(clean_line(event.categories[0], 100)) if own else ""
        yield Entry(start, end, clean_line(event.summary or "", 200), tuple(_guests(event)), schedule)


def _own_times(events: Iterable[Any]) -> None:
    """Name the moved times of a series by the clock that the series goes by: the library compares them as they are
    written, and a file may write them in UTC."""
    series = {event.uid: event.dtstart for event in events if event.rrule or event.rdate}
    for event in events:
        start, named = series.get(event.uid), str(event.recurrence_id or "")
        if named.endswith("Z") and isinstance(start, datetime) and start.tzinfo is not None and not event.rrule:
            moved = datetime.strptime(named, "%Y%m%dT%H%M%S%z").astimezone(start.tzinfo)
            event.recurrence_id = type(event.recurrence_id)(f"{moved:%Y%m%dT%H%M%S}")


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def _moment(value: date | datetime, zone: str) -> datetime:
    if not isinstance(value, datetime):
        return midnight(value, zone)
    return instant(value, zone) if value.tzinfo is None else value.astimezone(UTC)


def _guests(event: Event) -> Iterator[tuple[str, ...]]:
    for guest in event.attendees:
        mail = str(guest.uri).removeprefix("mailto:").removeprefix("MAILTO:")
        yield tuple(text for each in (mail, guest.common_name or "") if (text := str(clean_line(each, 200))))


# The file ------------------------------------------------------------------------------------------------------------


def _relevant(text: str) -> tuple[list[str], int]:
    """The lines that say something about shifts, and how many events have no beginning. Raises `ValueError`."""
    out: list[str] = []
    event: list[str] | None = None
    stack: list[str] = []
    undated = 0
    for line in re.split(r"\r*\n", re.sub(r"\r*\n[ \t]", "", text)):
        name, value = re.split(r"[:;]", line, maxsplit=1)[0].strip().upper(), line.partition(":")[2].strip().upper()
        if name == "BEGIN":
            stack.append(value)
            if stack == ["VCALENDAR", "VEVENT"]:
                event = []
        kept = bool(stack) and stack[0] == "VCALENDAR" and _GROUPS.issuperset(stack)
        if kept and stack[-1] == "VEVENT" and name not in ("BEGIN", "END"):
            kept = name in _KEPT
        if kept and stack[-1] == "VCALENDAR" and name not in ("BEGIN", "END"):
            kept = name in ("PRODID", "VERSION", "X-WR-TIMEZONE")
        if kept:
            line = _zoned(line)
            if name in ("RRULE", "EXRULE"):
                line = line.replace(" ", "").rstrip(";")
            if name == "END" and value in ("STANDARD", "DAYLIGHT") and len(stack) > 1:
                out += _onset(out)
            (out if event is None else event).append(line)
        if name == "END" and value in stack:
            del stack[len(stack) - 1 - stack[::-1].index(value) :]
            if event is not None and "VEVENT" not in stack:
                dated = any(re.match(r"DTSTART[;:]", each, re.IGNORECASE) for each in event)
                out += _with_schedule(event) if dated else []
                undated += not dated
                event = None
    if stack:
        raise ValueError(f"it ends in the middle of a {stack[-1]}")
    return out, undated


def _with_schedule(event: list[str]) -> list[str]:
    """An event's lines; only of our own do its categories say something, and others may have odd ones."""
    own = any(re.match("UID[:;]", line, re.IGNORECASE) and line.strip().endswith(OWN_UID) for line in event)
    return event if own else [line for line in event if not re.match("CATEGORIES[:;]", line, re.IGNORECASE)]


def _onset(lines: Sequence[str]) -> list[str]:
    """What the last rule of a zone lacks where it does not repeat: the library takes its beginning from RDATE alone."""
    last = next(n for n in range(len(lines) - 1, -1, -1) if lines[n].upper().startswith("BEGIN:"))
    names = {re.split("[:;]", line, maxsplit=1)[0].upper(): line for line in lines[last:]}
    return [] if "RRULE" in names or "DTSTART" not in names else ["RDATE" + names["DTSTART"][len("DTSTART") :]]


def _zoned(line: str) -> str:
    """A time zone that is written with a maker's prefix ("/example.org/Europe/Berlin") without it."""

    def bare(found: re.Match[str]) -> str:
        steps = found[2].split("/")
        tails = ("/".join(steps[n:]) for n in range(len(steps)))
        return found[1] + next((tail for tail in tails if _is_zone(tail)), found[2])

    return re.sub(r"(TZID[=:])\"?/([^;:\"]+)\"?(?=[;:]|$)", bare, line)


def of_schedule(entries: Iterable[Entry], schedule: str, file: str) -> tuple[tuple[Entry, ...], str]:
    """The entries that are meant for `schedule`, and in words which were left out.

    A calendar that warroom wrote says of each shift which schedule it is of; of another one every entry is taken.
    Raises `CalendarError` when it has shifts of other schedules alone.
    """
    wanted = ("", str(clean_line(schedule, 100)))
    taken, left = list[Entry](), list[Entry]()
    for entry in entries:
        (taken if entry.schedule in wanted else left).append(entry)
    if not left:
        return tuple(taken), ""
    others = ", ".join(sorted({entry.schedule for entry in left}))
    if not taken:
        text = tr("{file} has shifts of {others} and none of {schedule}: name one of those with --schedule")
        raise CalendarError(text.format(file=clean_line(file, 200), others=clean_line(others, 500), schedule=schedule))
    text = trn(
        "{count} shift of {others} was left out: it is not of {schedule}",
        "{count} shifts of {others} were left out: they are not those of {schedule}",
        len(left),
    )
    return tuple(taken), text.format(count=len(left), others=clean_line(others, 500), schedule=schedule)


# Whose shift ---------------------------------------------------------------------------------------------------------


def to_shifts(entries: Iterable[Entry], people: Mapping[str, Person], file: str) -> tuple[Shift, ...]:
    """The entries as shifts of people of the rulebook.

    A guest is known by mail address or name, else the title has to name people by login, name or mail address, with
    whatever besides ("On call: Jonas Ekvall (primary)", "@jonas, @li"). Raises `CalendarError` with every entry that
    names nobody.
    """
    directory = _Directory(people)
    shifts, unknown = [], []
    for entry in entries:
        found = directory.whose(entry)
        if found:
            shifts.append(Shift(found, entry.start, entry.end))
        else:
            unknown.append(entry)
    if unknown:
        titles = list(dict.fromkeys(entry.title for entry in unknown))
        first = [next(entry for entry in unknown if entry.title == title) for title in titles[:NAMED]]
        named = ", ".join(map(str, first))
        if len(titles) > NAMED:
            named = tr("{names} and {count} more").format(names=named, count=len(titles) - NAMED)
        text = trn(
            "{file}: {count} entry names nobody: {named}; "
            "give each the login, name or mail address of somebody under people in the rulebook",
            "{file}: {count} entries name nobody: {named}; "
            "give each the login, name or mail address of somebody under people in the rulebook",
            len(unknown),
        )
        raise CalendarError(text.format(file=clean_line(file, 200), count=len(unknown), named=named))
    return tuple(dict.fromkeys(shifts))


class _Directory:
    """Who is meant by a word."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self.logins: dict[str, set[str]] = {}
        for login, person in people.items():
            for word in (login, person.name, *(contact.address for contact in person.contacts)):
                self.logins.setdefault(_plain(word), set()).add(login)
        self.logins.pop("", None)

    def whose(self, entry: Entry) -> tuple[str, ...]:
        """Everybody an entry is for, () where a part of it cannot be told."""
        guests = [login for words in entry.guests if (login := next(filter(None, map(self.one, words)), ""))]
        if guests:
            return tuple(dict.fromkeys(guests))
        if whole := self.one(entry.title):
            return (whole,)
        named = []
        for part in re.split(r"\s*(?:[,;&+/]|\band\b)\s*", entry.title):
            words = (part, *re.split(r"\s+[-–—|]\s+|[:()\[\]]", part))
            login = next(filter(None, map(self.one, words)), "")
            if not login:
                return ()
            named.append(login)
        return tuple(dict.fromkeys(named))

    def one(self, word: str) -> str:
        """The login that a word means, "" where it means nobody or more than one."""
        found = self.logins.get(_plain(word), set())
        return next(iter(found)) if len(found) == 1 else ""


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """A name as it is compared: without capitals, accents' spelling, a leading @ and needless blanks."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split()).removeprefix("@")
