"""People, how they are reached, their hours and holidays, and the hours in which a page may go out (R7).

Who is on call by turns stands in `warroom.domain.schedule`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta

from warroom.domain.schedule_clock import WeekHours, day_of, instant, zone_of
from warroom.domain.status_words import DAY_CLOCK, moment
from warroom.valueclass import dataclass
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person: the channel's name and the address there. The first of a list is preferred."""

    via: str
    address: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be paged or hold a role. `login` is the name everywhere.

    `hours` are their working hours in `zone` (None: not known, so at any hour), `holidays` a calendar of the rulebook,
    `manager` the login of whom they report to.
    """

    login: str
    name: str = ""
    contacts: tuple[Contact, ...] = ()
    zone: str = ""
    hours: WeekHours | None = None
    holidays: str = ""
    manager: str = ""


@dataclass(frozen=True, slots=True)
class Holidays:
    """A calendar of days that are not like others, each with its name: on one date, or `yearly` on (month, day)."""

    name: str
    dates: Mapping[date, str] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def on(self, day: date) -> str:
        """The name of the holiday that `day` is, "" for any other day."""
        return self.dates.get(day) or self.yearly.get((day.month, day.day), "")


NO_HOLIDAYS = Holidays("")


@dataclass(frozen=True, slots=True)
class OnCallList:
    """Who is on call at any hour, first to last: the first one who can be reached is paged."""

    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PagingHours:
    """When a page may go out that can wait: wall-clock hours on days of the week in one time zone.

    `days` counts from Monday = 0. `start` < `end` on the same day. `holidays`: a calendar whose days have no hours.
    """

    zone: str
    days: tuple[int, ...]
    start: time
    end: time
    holidays: str = ""

    def next_open(self, at: datetime, closed: Holidays = NO_HOLIDAYS) -> datetime:
        """`at` itself when it lies within the hours, else the next opening. In and out: aware UTC.

        `closed`: the calendar that `holidays` names. Where it leaves no open day within a year, `at`: late is better
        than never.
        """
        zone = zone_of(self.zone)
        local = at.astimezone(zone)
        if local.weekday() in self.days and self.start <= local.time() < self.end and not closed.on(local.date()):
            return at
        for ahead in range(9 if closed is NO_HOLIDAYS else 366):
            day = (local + timedelta(days=ahead)).date()
            if day.weekday() not in self.days or closed.on(day):
                continue
            # A wall-clock time that the clocks skip is the first one after the gap; one that comes twice opens twice.
            first = instant(datetime.combine(day, self.start.replace(fold=0)), self.zone)
            second = datetime.combine(day, self.start.replace(fold=1), tzinfo=zone).astimezone(UTC)
            for opening in (first, max(first, second)):
                if opening > at:
                    return opening
        return at


def off_duty_words(person: Person, holidays: Mapping[str, Holidays], at: datetime) -> str:
    """The same without their name, for a line that begins with it."""
    kind, what = _off(person, holidays, at)
    if kind == HOLIDAY:
        return tr("has a holiday: {feast}").format(feast=what)
    if kind:
        return tr("outside working hours until {until}").format(until=what)
    return ""


def off_duty(person: Person, holidays: Mapping[str, Holidays], at: datetime) -> str:
    """Why a page that can wait does not go to `person` at `at`: their holiday, or not their hours. "" when it does."""
    kind, what = _off(person, holidays, at)
    if kind == HOLIDAY:
        return tr("{login} has a holiday: {feast}").format(login=person.login, feast=what)
    if kind:
        return tr("{login} is outside working hours until {until}").format(login=person.login, until=what)
    return ""


HOLIDAY, HOURS = "holiday", "hours"


def _off(person: Person, holidays: Mapping[str, Holidays], at: datetime) -> tuple[str, str]:
    """What keeps somebody off duty, and which holiday it is or until when; ("", "") where nothing does."""
    calendar = holidays.get(person.holidays)
    if calendar is not None and (feast := calendar.on(day_of(at, person.zone))):
        return HOLIDAY, feast
    if person.hours is None:
        return "", ""
    within, _, until = person.hours.around(at, person.zone)
    if within:
        return "", ""
    return HOURS, f"{moment(until.astimezone(zone_of(person.zone)), DAY_CLOCK)} {person.zone or 'UTC'}"
