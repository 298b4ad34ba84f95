"""People and how they are reached, their hours, holidays, and paging hours (R7). Schedules stand in `schedule`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.oncall import Contact, Holidays, PagingHours, Person
from warroom.domain.schedule_clock import DAY, WEEK, WeekHours
from warroom.rulebook import values
from warroom.rulebook.parts.fields import (
    A_NAME,
    Address,
    Clock,
    Day,
    Part,
    PersonName,
    Sentence,
    Title,
    Way,
    Zone,
    distinct,
)
from warroom.rulebook.references import to_section
from warroom.rulebook.values import DAYS, Wrong
from warroom.words import mark, tr

HolidaysName = Annotated[str, PlainValidator(to_section("holidays")), WithJsonSchema(A_NAME)]


def holiday(value: object) -> str:
    """A day of a calendar of holidays: "2026-04-03" for that day alone, "12-25" for every year."""
    written = values.text(value).strip()
    found = re.fullmatch(r"(?:([0-9]{4})-)?([0-9]{1,2})-([0-9]{1,2})", written)
    advice = tr("write 2026-04-03 for one day, or 12-25 for that day of every year")
    if found is None:
        raise Wrong(tr("is not a day"), advice)
    year, month, day = int(found[1] or 2024), int(found[2]), int(found[3])  # 2024 has a 29th of February
    try:
        date(year, month, day)
    except ValueError:
        raise Wrong(tr("is not a day of the calendar"), advice) from None
    return f"{found[1]}-{month:02}-{day:02}" if found[1] else f"{month:02}-{day:02}"


A_HOLIDAY = {"type": "string", "pattern": "^([0-9]{4}-)?[0-9]{1,2}-[0-9]{1,2}$"}
HolidayDay = Annotated[str, PlainValidator(holiday), WithJsonSchema(A_HOLIDAY)]
HolidaysPart = Annotated[dict[HolidayDay, Sentence], Field(max_length=2000)]


def to_holidays(name: str, part: dict[str, str]) -> Holidays:
    """A calendar of holidays as the domain has it."""
    dates = {date.fromisoformat(day): title for day, title in part.items() if len(day) > 5}
    yearly = {(int(day[:2]), int(day[3:])): title for day, title in part.items() if len(day) == 5}
    return Holidays(name, MappingProxyType(dates), MappingProxyType(yearly))


class HoursPart(Part):
    """When a page may go out that can wait (R2, R7). Start and end are on the same day."""

    zone: Zone = Field(description=mark("the time zone of the hours, such as Europe/Stockholm"))
    days: Annotated[tuple[Day, ...], AfterValidator(distinct)] = Field(
        min_length=1, description=mark("the days, such as [mon, tue, wed, thu, fri]")
    )
    start: Clock = Field(description=mark("the first minute, such as 09:00"))
    end: Clock = Field(description=mark("when the hours are over, such as 17:00"))
    holidays: HolidaysName | None = Field(None, description="a calendar of holidays, on which there are no hours")

    @check_all(mode="after")
    def _ends_after_start(self) -> HoursPart:
        if self.end <= self.start:
            start = values.clock_text(self.start)
            advice = tr("hours lie within one day: write a time after {start}, 23:59 at the latest").format(start=start)
            raise Wrong(tr("is not after the start"), advice, at=("end",))
        return self


def to_hours(part: HoursPart) -> PagingHours:
    """Paging hours as the domain has them."""
    days = tuple(sorted(DAYS.index(day) for day in part.days))
    return PagingHours(part.zone, days, part.start, part.end, part.holidays or "")


class WindowPart(Part):
    """Hours that repeat every week, on some days or over several of them."""

    days: Annotated[tuple[Day, ...], AfterValidator(distinct)] = Field(
        DAYS, min_length=1, description=mark("the days on which they begin, such as [mon, tue]; left out: every day")
    )
    start: Clock = Field(description=mark("when they begin, such as 09:00"))
    to: Day | None = Field(None, description="the day on which they end; left out: the same, or the next one")
    end: Clock = Field(description=mark("when they are over, such as 17:00; 00:00 is midnight"))


def to_week(parts: Iterable[WindowPart]) -> WeekHours | None:
    """Windows as the domain has them, None for no windows at all."""
    windows = []
    for part in parts:
        for day in part.days:
            start = DAYS.index(day) * DAY + part.start.hour * 60 + part.start.minute
            end = DAYS.index(part.to or day) * DAY + part.end.hour * 60 + part.end.minute
            # The next such time after the start: of any day where none is named, else of that day of the week.
            around = WEEK if part.to else DAY
            windows.append((start, start + ((end - start) % around or around)))
    return WeekHours.of(windows) if windows else None


class PersonPart(Part):
    """Somebody who can be paged or hold a role."""

    name: Title = Field(description=mark("the person's name"))
    contacts: dict[Way, Address] = Field({}, description="by way, the address there; the first one is preferred")
    zone: Zone | None = Field(None, description="their time zone, such as Europe/Stockholm")
    hours: tuple[WindowPart, ...] = Field(
        (), max_length=50, description="their working hours in that zone; what can wait finds others outside them"
    )
    holidays: HolidaysName | None = Field(None, description="the calendar of holidays that is theirs")
    manager: PersonName | None = Field(None, description="who they report to, for manager:paged and manager:lead")

    @check_all(mode="after")
    def _hours_somewhere(self) -> PersonPart:
        if self.hours and self.zone is None:
            raise Wrong(
                tr("are hours of an unknown place"), tr("add a zone, such as zone: Europe/Stockholm"), at=("hours",)
            )
        return self


def to_person(login: str, part: PersonPart) -> Person:
    """A person as the domain has them."""
    return Person(
        login=login,
        name=part.name,
        contacts=tuple(Contact(via, at) for via, at in part.contacts.items()),
        zone=part.zone or "",
        hours=to_week(part.hours),
        holidays=part.holidays or "",
        manager=part.manager or "",
    )
