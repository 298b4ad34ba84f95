"""Schedules written down shortly, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.support.books import BOOK, utc
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.oncall import Holidays
from warroom.domain.schedule import ScheduleSpec, on_call
from warroom.domain.schedule_layers import Layer, Rotation

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
FEASTS = Holidays("feasts", {date(2024, 3, 29): "Good Friday"}, {(12, 25): "Christmas Day"})
RULES = replace(BOOK, holidays={"feasts": FEASTS})
HANDED_ON = {"America/Chicago", "Europe/Stockholm", "Asia/Seoul", "Australia/Lord_Howe"}


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


def turns(*people: str) -> tuple[tuple[str, ...], ...]:
    """Turns of one each, or of several: "ada+bo"."""
    return tuple(tuple(each.split("+")) if each else () for each in people)


def daily(*people: str, at: str = "2024-01-01 09:00", zone: str = "UTC", name: str = "days", **more: object) -> Layer:
    return Layer(name, Rotation(turns(*people), naive(at)), zone, **more)  # type: ignore[arg-type]


def schedule(*layers: Layer, **more: object) -> ScheduleSpec:
    return ScheduleSpec("rota", layers, **more)  # type: ignore[arg-type]


def who(spec: ScheduleSpec, at: str, duty: Duty = NOTHING_BESIDES) -> tuple[str, ...]:
    return on_call(spec, utc(at), RULES, duty).people
