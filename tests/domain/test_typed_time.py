"""Lengths, times of day and days as people type them, by tables."""

from __future__ import annotations

import unicodedata
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from warroom.domain.typed_time import is_clock, read_clock, read_day, read_moment, read_span, read_weekday

TUESDAY = date(2026, 3, 10)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("90s", 1.5 * MINUTE),
        ("30s", 0.5 * MINUTE),
        ("20m", 20 * MINUTE),
        ("20 min", 20 * MINUTE),
        (" 20M ", 20 * MINUTE),
        ("1h30m", 1.5 * HOUR),
        ("1h 30 min", 1.5 * HOUR),
        ("1h30", 1.5 * HOUR),
        ("1h 30", 1.5 * HOUR),
        ("2d", 2 * DAY),
        ("1w2d3h4m5s", 9 * DAY + 3 * HOUR + 4 * MINUTE + timedelta(seconds=5)),
        ("0m", timedelta(0)),
        ("99999999w", 99_999_999 * 7 * DAY),
        *((nothing, None) for nothing in ("", " ", "20", "m", "h30", "30m1h", "1h1h", "1d30", "1h30x", "-30m", "1:30")),
        *((nothing, None) for nothing in ("٣m", "1.5h", "999999999m", "in 20m", "3 0s")),
    ],
)
def test_a_length(typed: str, span: timedelta | None) -> None:
    assert read_span(typed) == span


@pytest.mark.parametrize(("typed", "minutes"), [("20", 20), ("20m", 20), ("2h", 120), ("1h5", 65), ("0", 0)])
def test_a_number_alone_counts_what_the_form_says(typed: str, minutes: int) -> None:
    assert read_span(typed, bare="m") == minutes * MINUTE


@examples(1)
@given(st.integers(0, 10**8 - 1), st.integers(0, 10**6), st.integers(0, 59))
def test_a_length_is_the_sum_of_its_parts(days: int, hours: int, minutes: int) -> None:
    assert read_span(f"{days}d{hours}h{minutes}m") == days * DAY + hours * HOUR + minutes * MINUTE


@examples(1)
@given(st.text())
def test_nothing_that_is_typed_breaks_the_reader(typed: str) -> None:
    read_span(typed)
    read_span(typed, bare="m")
    read_clock(typed)
    read_moment(typed)
    read_weekday(typed)
    assert read_clock(typed) is None or is_clock(typed)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("9:05", time(9, 5)),
        ("09:05", time(9, 5)),
        ("23:59:58", time(23, 59, 58)),
        ("14:30Z", time(14, 30)),
        *((nothing, None) for nothing in ("24:00", "12:60", "12:5", "1230", "12:00:60", "", "٠٩:٠٥")),
    ],
)
def test_a_time_of_day(typed: str, clock: time | None) -> None:
    assert read_clock(typed) == clock


@pytest.mark.parametrize(("typed", "is_one"), [("24:00", True), ("12:60", True), ("9:05", True), ("9", False)])
def test_a_time_that_there_is_not_has_the_form_of_one(typed: str, is_one: bool) -> None:
    assert is_clock(typed) is is_one


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-03-12 14:05", "2026-03-12T14:05:00"),
        ("2026-03-12t14:05z", "2026-03-12T14:05:00+00:00"),
        ("2026-02-30 14:05", ""),
        ("soon", ""),
    ],
)
def test_a_moment(typed: str, moment: str) -> None:
    found = read_moment(typed)
    assert (found.isoformat() if found is not None else "") == moment


NAMES = {
    0: ("mon", "Monday", "mond", "mån", "måndag", "MÅN", "월", "월요일"),
    1: ("tue", "tues", "tuesday", "tis", "tisdag", "화", "화요일"),
    2: ("wed", "wednesday", "ons", "onsdag", "수", "수요일"),
    3: ("thu", "thurs", "thursday", "tor", "tors", "torsdag", "목", "목요일"),
    4: ("fri", "friday", "fre", "fredag", "금", "금요일"),
    5: ("sat", "saturday", "lör", "lördag", "토", "토요일"),
    6: ("sun", "sunday", "sön", "söndag", "일", "일요일"),
}


@pytest.mark.parametrize(("number", "typed"), [(number, name) for number, names in NAMES.items() for name in names])
def test_a_day_of_the_week_in_every_language(number: int, typed: str) -> None:
    assert read_weekday(typed) == number
    assert read_weekday(unicodedata.normalize("NFD", typed)) == number  # as some systems take it from the keyboard
    assert read_day([typed], TUESDAY) == TUESDAY + ((number - 1) % 7) * DAY


@pytest.mark.parametrize("typed", ["", "m", "mo", "mö", "må", "son", "mondays", "요일", "달", "월월", "the"])
def test_what_is_no_day_of_the_week(typed: str) -> None:
    assert read_weekday(typed) is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 3, 10)),
        ("idag", date(2026, 3, 10)),
        ("오늘", date(2026, 3, 10)),
        ("tomorrow", date(2026, 3, 11)),
        ("imorgon", date(2026, 3, 11)),
        ("내일", date(2026, 3, 11)),
        ("12 mar", date(2026, 3, 12)),
        ("Mars 12.", date(2026, 3, 12)),
        ("9 Mar", date(2027, 3, 9)),
        ("1 maj", date(2026, 5, 1)),
        ("1 okt", date(2026, 10, 1)),
        ("3월 12일", date(2026, 3, 12)),
        ("3월 9일", date(2027, 3, 9)),
        ("2026-03-12", date(2026, 3, 12)),
        ("12 12", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day(typed: str, day: date | None) -> None:
    assert read_day(typed.split(), TUESDAY) == day


@pytest.mark.parametrize("typed", ["30 feb", "2026-02-30", "13월 1일", "0 mar", "29 feb"])
def test_a_day_that_there_is_not(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_day(typed.split(), TUESDAY)
