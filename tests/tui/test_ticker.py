"""The seconds of a screen: one timer, in step with the seconds of the room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from warroom.clock import Clock
from warroom.tui.ticker import LEAST_S, Ticker

START = datetime(2026, 3, 10, 14, 32, 7, 250_000, tzinfo=UTC)


class Handle:
    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Time:
    """The time of a room, and a loop that does what is due when it is let go on."""

    def __init__(self) -> None:
        self.now = START
        self.due: list[tuple[float, Callable[[], object], Handle]] = []
        self.speed = 1.0

    def __call__(self) -> datetime:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object], /) -> asyncio.TimerHandle:
        handle = Handle()
        self.due.append((delay, callback, handle))
        return cast(asyncio.TimerHandle, handle)

    def go_on(self) -> None:
        delay, callback, handle = self.due.pop(0)
        assert not handle.cancelled
        self.now += timedelta(seconds=delay * self.speed)
        callback()


def ticking(time: Time, tick: Callable[[datetime], None]) -> Ticker:
    return Ticker(cast(Clock, time), tick)


def test_it_ticks_at_once_and_then_as_every_second_begins() -> None:
    time, ticks = Time(), list[datetime]()
    ticking(time, ticks.append).start(time)
    for _ in range(3):
        time.go_on()
    whole = START.replace(microsecond=0)
    assert ticks == [START, *(whole + timedelta(seconds=n) for n in (1, 2, 3))]
    assert len(time.due) == 1, "one timer, however long it goes on"


def test_a_room_that_runs_fast_ticks_no_more_than_ten_times_a_second() -> None:
    time, ticks = Time(), list[datetime]()
    time.speed = 60.0
    ticking(time, ticks.append).start(time)
    assert [delay for delay, *_ in time.due] == [LEAST_S]


def test_a_clock_that_is_set_back_does_not_stop_it() -> None:
    time, ticks = Time(), list[datetime]()
    ticking(time, ticks.append).start(time)
    time.now -= timedelta(hours=1)
    time.go_on()
    time.go_on()
    assert len(ticks) == 3 and ticks[2] - ticks[1] <= timedelta(seconds=1)


def test_whoever_stumbles_is_called_again() -> None:
    time = Time()

    def stumble(_: datetime) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        ticking(time, stumble).start(time)
    with pytest.raises(ValueError):
        time.go_on()
    assert time.due


def test_nothing_is_left_when_it_stops_even_from_within() -> None:
    time, ticks = Time(), list[datetime]()
    ticker = ticking(time, ticks.append)
    ticker.start(time)
    ticker.stop()
    assert time.due[0][2].cancelled
    other = Time()
    within: Ticker = ticking(other, lambda _: within.stop())
    within.start(other)
    assert not other.due
