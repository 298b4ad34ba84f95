from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import utc
from warroom.intake.histories.shown import BACK_STEP, parse


@pytest.mark.parametrize(
    ("text", "anchor", "moment"),
    [
        ("Aug 18, 10:23 UTC", "2026-08-18T10:23:55", "2026-08-18T10:23"),
        ("Dec 31, 23:59 UTC", "2026-01-01T00:02", "2025-12-31T23:59"),
        ("Jan  1,  12:05 AM PST", "2025-12-31T23:00", "2026-01-01T08:05"),
        ("Feb 29, 12:00 UTC", "2025-01-10T00:00", "2024-02-29T12:00"),
        ("Feb 29, 12:00 UTC", "2101-01-10T00:00", "2104-02-29T12:00"),
        ("Sep 2,  1:07 AM PDT", "2021-09-02T00:00", "2021-09-02T08:07"),
        ("March 3, 2019, 14:00 CET", "2025-01-01T00:00", "2019-03-03T13:00"),
        ("Nov 10, 2023 - 21:07 PST", "2025-01-01T00:00", "2023-11-11T05:07"),
        (" 12:28 PM PST", "2016-11-15T20:28:11", "2016-11-15T20:28"),
        ("12:00 am utc", "2024-05-01T23:50", "2024-05-02T00:00"),
        ("11:58 PM PDT", "2024-05-02T07:05", "2024-05-02T06:58"),
    ],
)
def test_a_printed_time_is_the_nearest_moment_it_can_be(text: str, anchor: str, moment: str) -> None:
    assert parse(text).near(utc(anchor)) == utc(moment)


@pytest.mark.parametrize(
    ("text", "previous", "moment"),
    [
        ("1:00 PM PDT", "2024-05-01T19:00", "2024-05-01T20:00"),
        ("11:00 AM PDT", "2024-05-01T19:00", "2024-05-01T18:00"),  # an hour back: put in late
        ("10:59 AM PDT", "2024-05-01T19:00", "2024-05-02T17:59"),  # more than that: the next day
        ("12:10 AM PDT", "2024-05-02T06:50", "2024-05-02T07:10"),
        ("11:50 PM PDT", "2024-05-02T07:10", "2024-05-02T06:50"),  # back over midnight
        ("1:10 AM PST", "2024-11-03T08:40", "2024-11-03T09:10"),  # 1:40 PDT is before 1:10 PST
        ("12:00 PM PDT", "2024-05-01T19:00", "2024-05-01T19:00"),
        ("May 4, 12:00 PM PDT", "2024-05-01T19:00", "2024-05-04T19:00"),
    ],
)
def test_a_time_without_a_day_follows_the_one_before_it(text: str, previous: str, moment: str) -> None:
    assert parse(text).after(utc(previous)) == utc(moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10:00",
        "24:00 UTC",
        "10:60 UTC",
        "0:10 AM PDT",
        "13:00 PM PDT",
        "Foo 3, 10:00 UTC",
        "10:00 IST",
        "１0:00 UTC",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match='"'):
        parse(text)


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no such day"):
        parse("Feb 30, 10:00 UTC").near(utc("2024-01-01T00:00"))


@given(
    st.timedeltas(timedelta(), timedelta(days=90 * 365)).map(lambda since: datetime(2000, 1, 1, tzinfo=UTC) + since),
    st.timedeltas(timedelta(), timedelta(hours=23) - timedelta(minutes=1)),
    st.sampled_from(["PST", "PDT", "UTC", "NZDT"]),
)
def test_posts_less_than_23_hours_apart_are_told_apart(first: datetime, gap: timedelta, zone: str) -> None:
    first = first.replace(second=0, microsecond=0)
    gap -= gap % timedelta(minutes=1)
    offset = parse(f"0:00 {zone}").zone
    for second in (first + gap, first - min(gap, BACK_STEP)):
        printed = second.astimezone(offset).strftime(f"%I:%M %p {zone}")
        assert parse(printed).after(first) == second
