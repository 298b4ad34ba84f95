"""Countdowns: what is shown when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.fixtures import NOW, ago, ahead, export_line
from warroom.domain.text import cell_width
from warroom.tui.clockface import (
    age,
    countdown,
    duration,
    late_by,
    lead_face,
    length,
    page_face,
    parse_when,
    update_face,
    weekday,
    when,
)
from warroom.tui.pieces import Role
from warroom.views import NextPage, PageState, UpdateDue


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "00:00"),
        (1, "00:01"),
        (599, "09:59"),
        (600, "10m"),
        (3599, "59m"),
        (3600, "1h00"),
        (11_100, "3h05"),
        (86_399, "23h59"),
        (86_400, "1d00h"),
        (10 * 86_400, "10d"),
        (59 * 86_400, "59d"),
    ],
)
def test_seconds_are_shown_only_under_ten_minutes(seconds: int, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(minutes=2, seconds=14), "02:14"),
        (timedelta(minutes=2, seconds=13, milliseconds=1), "02:14"),
        (timedelta(microseconds=1), "00:01"),
        (timedelta(0), "LATE 00:00"),
        (timedelta(microseconds=-1), "LATE 00:00"),
        (timedelta(seconds=-1), "LATE 00:01"),
        (timedelta(minutes=-4, seconds=-12), "LATE 04:12"),
        (timedelta(minutes=-62), "LATE 1h02"),
        (timedelta(minutes=10), "10m"),
        (timedelta(minutes=9, seconds=59, milliseconds=500), "10m"),
    ],
)
def test_a_countdown_turns_into_a_count_up_exactly_at_the_deadline(left: timedelta, shown: str) -> None:
    assert countdown(NOW + left, NOW) == shown


@given(st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
def test_a_countdown_is_short_and_late_exactly_when_it_is_late(left: timedelta) -> None:
    shown = countdown(NOW + left, NOW)
    assert shown.startswith("LATE ") == (left <= timedelta(0))
    assert cell_width(shown.removeprefix("LATE ")) <= 6


@given(st.timedeltas(timedelta(0), timedelta(hours=1)), st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_time_left_never_grows_while_time_passes(left: timedelta, passed: timedelta) -> None:
    assert _seconds(countdown(NOW + left, NOW)) >= _seconds(countdown(NOW + left, NOW + passed))


def _seconds(shown: str) -> int:
    late = shown.startswith("LATE ")
    figure = shown.removeprefix("LATE ")
    if ":" in figure:
        minutes, seconds = figure.split(":")
        value = int(minutes) * 60 + int(seconds)
    elif "h" in figure:
        hours, minutes = figure.split("h")
        value = int(hours) * 3600 + int(minutes) * 60
    else:
        value = int(figure.removesuffix("m")) * 60
    return -value if late else value


@pytest.mark.parametrize(
    ("page", "shown", "role"),
    [
        (NextPage(PageState.NONE), "—", Role.FAINT),
        (NextPage(PageState.STOPPED), "—", Role.FAINT),
        (NextPage(PageState.DUE, "L3", ahead(2, 14)), "L3 02:14", Role.CALM),
        (NextPage(PageState.DUE, "L3", ahead(2)), "L3 02:00", Role.SOON),
        (NextPage(PageState.DUE, "end", ahead(2, 14)), "ends 02:14", Role.CALM),
        (NextPage(PageState.DUE, "L3", ago(4, 12)), "L3 LATE 04:12", Role.LATE),
        (NextPage(PageState.WAITING, "L1", datetime(2026, 3, 16, 9, tzinfo=UTC)), "Mon 09:00", Role.MUTED),
        (NextPage(PageState.WAITING, "L1", datetime(2026, 3, 17, 9, tzinfo=UTC)), "17 Mar 09:00", Role.MUTED),
        (NextPage(PageState.WAITING, "L1", ago(1)), "LATE 01:00", Role.LATE),
        (NextPage(PageState.ACKED, "L1"), "acked", Role.OK),
        (NextPage(PageState.ACKED, "L1", ahead(22)), "acked 22m", Role.CALM),
        (NextPage(PageState.ACKED, "L1", ago(1)), "ack LATE 01:00", Role.LATE),
        (NextPage(PageState.SNOOZED, "L1", ahead(25)), "snoozed 25m", Role.CALM),
        (NextPage(PageState.SNOOZED, "L1", ago(1)), "LATE 01:00", Role.LATE),
        (NextPage(PageState.EXHAUSTED), "EXHAUSTED", Role.ALARM),
        (NextPage(PageState.HELD, "INC-3", ahead(4)), "held INC-3", Role.MUTED),
        (NextPage(PageState.HELD, "", ahead(235)), "held 3h55", Role.CALM),
        (NextPage(PageState.HELD, "", ahead(1)), "held 01:00", Role.SOON),
        (NextPage(PageState.HELD), "held", Role.MUTED),
        (NextPage(PageState.HELD, "INC-3", ago(1)), "LATE 01:00", Role.LATE),
    ],
)
def test_the_next_page_in_every_state(page: NextPage, shown: str, role: Role) -> None:
    face = page_face(page, NOW)
    assert (face.text, face.role) == (shown, role)


def test_an_update_is_near_from_when_the_rules_say_and_says_so_in_a_word() -> None:
    calm = update_face(UpdateDue("public", ahead(6), ahead(0, 1)), NOW)
    assert (calm.text, calm.role) == ("public 06:00", Role.CALM)
    near = update_face(UpdateDue("public", ahead(6), NOW), NOW)
    assert (near.text, near.role) == ("public soon 06:00", Role.SOON)
    late = update_face(UpdateDue("public", ago(62), ago(70)), NOW)
    assert (late.text, late.role) == ("public LATE 1h02", Role.LATE)
    assert update_face(UpdateDue("public", NOW, ago(1)), NOW).text == "public LATE 00:00"
    assert update_face(UpdateDue("public", ahead(0, 1), None), NOW).role is Role.CALM
    assert update_face(UpdateDue(), NOW).text == "—"


def test_a_vacant_lead_counts_down_and_then_says_late() -> None:
    line = export_line()
    assert lead_face(line, NOW).text == "— 03:05"
    assert lead_face(replace(line, lead_due=ago(0, 18)), NOW).text == "— LATE <1m"
    assert lead_face(replace(line, lead_due=ago(2)), NOW).text == "— LATE 2m"
    assert lead_face(replace(line, lead="mina"), NOW).text == "mina"
    assert lead_face(replace(line, lead_due=None), NOW).text == "—"


def test_moments_beside_now() -> None:
    assert when(ago(30), NOW) == "14:02"
    assert when(datetime(2026, 3, 9, 8, tzinfo=UTC), NOW) == "Mon 08:00"
    assert when(datetime(2026, 2, 1, 8, tzinfo=UTC), NOW) == "1 Feb 08:00"
    assert weekday(ahead(1), NOW) == "Tue 14:33"
    assert age(ago(0, 59), NOW) == "0m"
    assert age(ahead(5), NOW) == "0m"  # clocks of others may run ahead
    assert length(timedelta(seconds=45)) == "45s"
    assert late_by(ago(300), NOW) == "LATE 5h00"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("20", 20), (" 20m ", 20), ("1h30", 90), ("2h", 120), ("1 h 5 min", 65), ("90 min", 90)],
)
def test_minutes_and_hours_can_be_typed(typed: str, minutes: int) -> None:
    assert parse_when(typed, NOW) == NOW + timedelta(minutes=minutes)


def test_a_time_of_day_is_the_next_one() -> None:
    assert parse_when("15:00 UTC", NOW) == datetime(2026, 3, 10, 15, tzinfo=UTC)
    assert parse_when("09:30", NOW) == datetime(2026, 3, 11, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "soon", "0", "25:00", "12:60", "-5", "1:2:3"])
def test_what_cannot_be_understood_says_what_to_type(typed: str) -> None:
    with pytest.raises(ValueError, match=r"type|minutes"):
        parse_when(typed, NOW)


@given(st.text(max_size=12))
def test_anything_typed_is_a_future_moment_or_a_clear_error(typed: str) -> None:
    try:
        assert parse_when(typed, NOW) > NOW
    except ValueError as error:
        assert "type" in str(error)
