"""Schedules of rotation layers and fixed shifts (R7).

A date alone means that day at the layer's hand-off time, so a layer that ends and the one that follows it meet.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.duty import LOOK_BACK
from warroom.domain.policy import Target, TargetKind
from warroom.domain.schedule import Combine, Limit, ScheduleSpec
from warroom.domain.schedule_clock import instant
from warroom.domain.schedule_layers import Layer, Rotation, Shift, Shifts
from warroom.rulebook import values
from warroom.rulebook.parts.fields import (
    A_NAME,
    A_TARGET,
    Clock,
    Day,
    Duration,
    Name,
    Part,
    Title,
    Zone,
    a_whole,
    distinct,
)
from warroom.rulebook.parts.oncall import HolidaysName, WindowPart, to_week
from warroom.rulebook.references import Known, to_section, to_target
from warroom.rulebook.values import DAYS, Wrong, duration_text
from warroom.words import mark, tr

RHYTHMS: Final = {"daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
_NO_START: Final = date(2024, 1, 1)
"""Turns without a start are counted from this day, a Monday."""


def rhythm(value: object) -> str:
    """How long a turn is: daily, weekly, monthly, or a duration such as 12h or 14d."""
    written = values.text(value).strip().lower()
    if written in ("daily", "weekly", "monthly"):
        return written
    try:
        length = values.duration(written)
    except Wrong:
        known = ("daily", "weekly", "monthly")
        advice = tr("write daily, weekly, monthly, or how long a turn is, such as 12h or 14d")
        raise Wrong(tr("is not a length of turns"), advice, near=(written, known)) from None
    if length % timedelta(minutes=1) or length < timedelta(minutes=15):
        raise Wrong(tr("is too short or not in whole minutes"), tr("the shortest turn is 15m"))
    return duration_text(length)


def local_moment(value: object) -> str:
    """A day, "2026-01-05", or a time of a day by the clock on the wall, "2026-01-05 09:00"."""
    written = values.text(value).strip()
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}))?", written)
    advice = tr("write a day such as 2026-01-05, or a day and a time such as 2026-01-05 09:00")
    try:
        if found is None:
            raise ValueError
        _parsed(written)
    except ValueError:
        raise Wrong(tr("is not a day"), advice) from None
    return f"{found[1]} {found[2]}" if found[2] else found[1]


def moment(value: object) -> str:
    """A time of a day by the clock on the wall, "2026-01-05 09:00", or with its zone, "2026-01-05T09:00Z"."""
    written = values.text(value).strip()
    try:
        found = datetime.fromisoformat(written)
        if len(written) < 16 or not 1970 < found.year < 2200:
            raise ValueError
    except ValueError:
        advice = tr("write a day and a time, such as 2026-01-05 09:00, or 2026-01-05T09:00Z for UTC")
        raise Wrong(tr("is not a moment"), advice) from None
    spec = "seconds" if found.second else "minutes"
    if found.tzinfo is None:
        return found.isoformat(" ", timespec=spec)
    return found.astimezone(UTC).replace(tzinfo=None).isoformat("T", timespec=spec) + "Z"


def _parsed(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    if not 1970 < found.year < 2200:
        raise ValueError(written)
    return found


def turn(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """Who has one turn: a person, or a list of people who are on call together (an empty one: nobody)."""
    known = to_section("people")
    if not isinstance(value, list | tuple):
        return (known(value, info),)
    people: list[str] = []
    for index, each in enumerate(value):
        try:
            person = known(each, info)
        except Wrong as wrong:
            wrong.at = (index, *wrong.at)
            raise
        if person in people:
            raise Wrong(tr("stands here a second time"), tr("take it out: once is enough"), at=(index,))
        people.append(person)
    return tuple(people)


def _one_or_several(people: tuple[str, ...]) -> str | list[str]:
    return people[0] if len(people) == 1 else list(people)


def backup(value: object, info: ValidationInfo) -> Target:
    """Who is tried when nobody of a schedule can be: oncall:NAME or person:NAME."""
    target = to_target()(value, info)
    if target.kind not in (TargetKind.ONCALL, TargetKind.PERSON):
        raise Wrong(tr("cannot be a backup"), tr("a backup is oncall: and a list or schedule, or person: and a login"))
    return target


def combine(value: object) -> str:
    """Whether the first layer counts alone, or all together."""
    written = values.text(value)
    if written not in tuple(Combine):
        raise Wrong(tr("is not a way to combine layers"), tr("write first or all"))
    return written


A_TURN: dict[str, Any] = {"anyOf": [A_NAME, {"type": "array", "items": A_NAME}]}
A_MOMENT = {"type": "string", "examples": ["2026-01-05 09:00", "2026-01-05T09:00Z"]}
A_DAY = {"type": "string", "examples": ["2026-01-05", "2026-01-05 09:00"]}
A_RHYTHM = {"type": "string", "examples": ["daily", "weekly", "monthly", "12h", "14d"]}
Rhythm = Annotated[str, PlainValidator(rhythm), WithJsonSchema(A_RHYTHM)]
LocalMoment = Annotated[str, PlainValidator(local_moment), WithJsonSchema(A_DAY)]
Moment = Annotated[str, PlainValidator(moment), WithJsonSchema(A_MOMENT)]
Turn = Annotated[
    tuple[str, ...], PlainValidator(turn), PlainSerializer(_one_or_several, return_type=Any), WithJsonSchema(A_TURN)
]
Backup = Annotated[Target, PlainValidator(backup), PlainSerializer(str, return_type=str), WithJsonSchema(A_TARGET)]
Combining = Annotated[str, PlainValidator(combine), WithJsonSchema({"enum": list(Combine)})]
Pages = Annotated[int, a_whole(1, 1000), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 1000})]
Hours = Annotated[int, a_whole(1, 168), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 168})]


class ShiftPart(Part):
    """One shift with its own beginning and end."""

    start: Moment = Field(description=mark("when it begins, such as 2026-01-05 09:00, or 2026-01-05T09:00Z"))
    end: Moment = Field(description=mark("when it ends"))
    people: Turn = Field(description=mark("who has it: a login, or a list of them"))


class RotaPart(Part):
    """One layer: people who take turns, or shifts that were fixed one by one."""

    people: tuple[Turn, ...] = Field(
        (), max_length=1000, description="who takes turns, in their order; a list within the list shares one turn"
    )
    rotate: Rhythm = Field("weekly", description="how long a turn is: daily, weekly, monthly, or such as 12h or 14d")
    handoff: Clock = Field(time(9), description="the time of day at which turns begin, such as 09:00")
    day: Day | None = Field(None, description="the day of the week on which turns begin, such as mon")
    zone: Zone | None = Field(None, description="the layer's time zone; left out: the schedule's")
    start: LocalMoment | None = Field(None, description="the day from which it holds; the first one's turn begins then")
    until: LocalMoment | None = Field(None, description="the day on which it ends")
    hours: tuple[WindowPart, ...] = Field((), max_length=100, description="only at these hours of the week")
    only_on: HolidaysName | None = Field(None, description="only on the days of this calendar of holidays")
    not_on: HolidaysName | None = Field(None, description="not on the days of this calendar of holidays")
    shifts: tuple[ShiftPart, ...] = Field((), max_length=20_000, description="shifts instead of people who take turns")

    @check_all(mode="after")
    def _somebody(self) -> RotaPart:
        if self.people and self.shifts:
            raise Wrong(
                tr("cannot stand beside people"),
                tr("take one of them out: a layer has turns or shifts"),
                at=("shifts",),
            )
        if not self.people and not self.shifts:
            raise Wrong(tr("names nobody"), tr("add people: [jonas, li], who take turns in that order"))
        if self.day and self.rotate == "monthly":
            advice = tr("a month's turn begins on the day of the month that start names: take day out")
            raise Wrong(tr("has no meaning for monthly turns"), advice, at=("day",))
        if self.start and self.until and _moment(self.until, self) <= _moment(self.start, self):
            raise Wrong(
                tr("is not after the start"), tr("write a day after {start}").format(start=self.start), at=("until",)
            )
        return self


class LimitPart(Part):
    """How much one person takes on before the backup is paged instead."""

    pages: Pages | None = Field(None, description="that many pages")
    hours: Hours | None = Field(None, description="that many hours on call")
    within: Duration = Field(timedelta(days=1), description="within this time, such as 24h, at most 7d")

    @check_all(mode="after")
    def _limits_something(self) -> LimitPart:
        if self.pages is None and self.hours is None:
            raise Wrong(tr("limits nothing"), tr("add pages: 5 or hours: 12, or take the limit out"))
        if self.within > LOOK_BACK:
            raise Wrong("is too long", tr("pages are remembered for 7d: write that or less"), at=("within",))
        if self.hours is not None and timedelta(hours=self.hours) > self.within:
            advice = tr("write fewer hours, or a longer within")
            raise Wrong(tr("can never be reached within that time"), advice, at=("hours",))
        return self


class SchedulePart(Part):
    """Who is on call when (R7)."""

    title: Title | None = Field(None, description="the schedule as it is shown")
    zone: Zone = Field("UTC", description="the time zone of its layers where they name none")
    layers: dict[Name, RotaPart] = Field(
        min_length=1, max_length=50, description=mark("the layers by name; the first one that has somebody counts")
    )
    combine: Combining = Field("first", description="first: the first layer with somebody counts; all: all of them")
    backup: Annotated[tuple[Backup, ...], AfterValidator(distinct)] = Field(
        (), max_length=20, description="who is tried when nobody is on call or can be reached, such as [oncall:backup]"
    )
    limit: LimitPart | None = Field(None, description="what one person takes on before the backup is paged instead")


def apart_from_lists(schedules: dict[str, SchedulePart], info: ValidationInfo) -> dict[str, SchedulePart]:
    """Refuses a schedule that is called like an on-call list: oncall:NAME has to mean one thing."""
    known = info.context if isinstance(info.context, Known) else Known()
    for name in schedules:
        if name in known.names.get("oncall", ()):
            advice = tr("oncall:{name} has to mean one thing: rename the schedule, or take the list out").format(
                name=name
            )
            raise Wrong(tr("is the name of an on-call list already"), advice, at=(name, "[key]"))
    return schedules


def _moment(written: str, part: RotaPart) -> datetime:
    """A naive wall-clock time; of a day alone the time at which turns begin (for shifts, midnight)."""
    found = datetime.fromisoformat(written)
    return datetime.combine(found, time() if part.shifts else part.handoff) if len(written) == 10 else found


def to_schedule(name: str, part: SchedulePart) -> ScheduleSpec:
    """A schedule as the domain has it."""
    return ScheduleSpec(
        name=name,
        layers=tuple(_layer(each, layer, part.zone) for each, layer in part.layers.items()),
        zone=part.zone,
        title=part.title or "",
        combine=Combine(part.combine),
        backup=part.backup,
        limit=_limit(part.limit) if part.limit else None,
    )


def _limit(part: LimitPart) -> Limit:
    return Limit(part.within, part.pages, timedelta(hours=part.hours) if part.hours else None)


def _layer(name: str, part: RotaPart, zone: str) -> Layer:
    zone = part.zone or zone
    start = _moment(part.start, part) if part.start else None
    return Layer(
        name=name,
        rota=_shifts(part, zone) if part.shifts else _rotation(part, start),
        zone=zone,
        hours=to_week(part.hours),
        start=start,
        until=_moment(part.until, part) if part.until else None,
        only_on=part.only_on or "",
        not_on=part.not_on or "",
    )


def _rotation(part: RotaPart, start: datetime | None) -> Rotation:
    begins = start or datetime.combine(_NO_START, part.handoff)
    # The first one's turn: the last hand-off that is not after the start, on the day of the week if one is named.
    anchor = datetime.combine(begins, part.handoff)
    if part.rotate == "monthly":
        # A day that not every month has is kept, so a hand-off later that day belongs to the second one.
        return Rotation(part.people if anchor <= begins else part.people[1:] + part.people[:1], anchor, months=1)
    if part.day:
        anchor -= timedelta(days=(anchor.weekday() - DAYS.index(part.day)) % 7)
    step = RHYTHMS.get(part.rotate) or values.duration(part.rotate)
    return Rotation(part.people, anchor + (begins - anchor) // step * step, step)


def _shifts(part: RotaPart, zone: str) -> Shifts:
    def at(written: str) -> datetime:
        found = datetime.fromisoformat(written)
        return instant(found, zone) if found.tzinfo is None else found.astimezone(UTC)

    return Shifts(tuple(Shift(each.people, at(each.start), at(each.end)) for each in part.shifts))
