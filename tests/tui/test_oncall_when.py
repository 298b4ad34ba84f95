"""Stretches of time as people type them, by tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom import language
from warroom.tui.oncall_when import EXAMPLES, begins_time, short_stamp, span_of, spoken, typed_span
from warroom.words import tr

NOW = datetime(2026, 3, 10, 14, 32, 7, tzinfo=UTC)  # a Tuesday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("until Mon 08:00", NOW, "2026-03-16 08:00"),
        ("mon 08:00", NOW, "2026-03-16 08:00"),
        ("until mån 08:00", NOW, "2026-03-16 08:00"),
        ("월 08:00", NOW, "2026-03-16 08:00"),
        ("금요일 18:00 to 월요일 08:00", "2026-03-13 18:00", "2026-03-16 08:00"),
        ("fre 18:00 to mån 08:00", "2026-03-13 18:00", "2026-03-16 08:00"),
        ("내일", "2026-03-11 00:00", "2026-03-12 00:00"),
        ("until Monday", NOW, "2026-03-16 00:00"),
        ("tue 09:00", NOW, "2026-03-17 09:00"),  # today's is over
        ("tue 18:00", NOW, "2026-03-10 18:00"),
        ("16:00", NOW, "2026-03-10 16:00"),
        ("09:00 UTC", NOW, "2026-03-11 09:00"),
        ("tomorrow 09:00", NOW, "2026-03-11 09:00"),
        ("tomorrow", "2026-03-11 00:00", "2026-03-12 00:00"),
        ("today", "2026-03-10 00:00", "2026-03-11 00:00"),
        ("2026-03-12", "2026-03-12 00:00", "2026-03-13 00:00"),
        ("12 mar to 15 mar", "2026-03-12 00:00", "2026-03-16 00:00"),
        ("2 Jan", "2027-01-02 00:00", "2027-01-03 00:00"),
        ("fri 18:00 to mon 08:00", "2026-03-13 18:00", "2026-03-16 08:00"),
        ("from fri 18:00 to mon 08:00", "2026-03-13 18:00", "2026-03-16 08:00"),
        ("Fri 18:00 - Mon 08:00", "2026-03-13 18:00", "2026-03-16 08:00"),
        ("fri 18:00 for 2h", "2026-03-13 18:00", "2026-03-13 20:00"),
        ("18:00..20:00", "2026-03-10 18:00", "2026-03-10 20:00"),
        ("22:00 to 06:00", "2026-03-10 22:00", "2026-03-11 06:00"),
        ("now to 16:00", NOW, "2026-03-10 16:00"),
        ("until 2026-03-12T09:00+01:00", NOW, "2026-03-12 08:00"),
        ("until tomorrow 09:00 Europe/Stockholm", NOW, "2026-03-11 08:00"),
        ("until 29 mar 02:30 europe/stockholm", NOW, "2026-03-29 01:00"),  # an hour that the clocks skip
        ("tomorrow local", "2026-03-10 15:00", "2026-03-11 15:00"),
    ],
)
def test_what_is_typed_means(typed: str, start: datetime | str, end: str) -> None:
    begins = at(start) if isinstance(start, str) else start
    assert span_of(typed, NOW, "Asia/Seoul") == (begins, at(end))


@pytest.mark.parametrize(
    ("typed", "minutes"), [("2h", 120), ("1h30", 90), ("90m", 90), ("for 3d", 4320), ("1w", 10080)]
)
def test_a_length_ends_at_a_whole_minute_not_before_it(typed: str, minutes: int) -> None:
    start, end = span_of(typed, NOW)
    assert (start, end) == (NOW, NOW.replace(second=0) + timedelta(minutes=minutes + 1))


def test_an_end_may_be_left_out() -> None:
    assert span_of("", NOW) == (NOW, None)
    assert span_of("from 18:00", NOW) == (at("2026-03-10 18:00"), None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3", "3 of what? type 3m, 3h or 3d"),
        ("banana", "banana is no time"),
        ("0h", "that is no time"),
        ("30 feb", "there is no day 30 feb"),
        ("2026-13-01", "there is no day 2026-13-01"),
        ("9999-12-31", "too far away"),
        ("until 09:00 europe/atlantis", "there is no time zone europe/atlantis"),
        ("09:00 to 10:00 to 11:00", "not one stretch of time"),
        ("fri 18:00 for mon", "no length of time"),
        ("mon tue", "mon tue is no time"),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        span_of(typed, NOW)


def test_local_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="no time zone in the rulebook"):
        span_of("tomorrow local", NOW, "")


@pytest.fixture(params=["en", "ko", "sv"])
def spoken_in(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every language."""
    yield language.use(str(request.param))
    language.use("en")


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("20:00까지", "until 20:00"),
        ("금 18:00부터 월 08:00까지", "Fri 18:00 to Mon 08:00"),
        ("내일부터 3월 15일까지", "tomorrow to 2026-03-15"),
        ("지금부터 20:00까지 UTC", "now to 20:00 UTC"),
        ("내일", "tomorrow"),
        ("till 20:00", "until 20:00"),
        ("från fre 18:00 till mån 08:00", "from Fri 18:00 to Mon 08:00"),
        ("nu till 20:00", "now to 20:00"),
        ("i morgon", "tomorrow"),
    ],
)
def test_a_stretch_can_be_typed_in_every_language_whatever_is_spoken(typed: str, same: str) -> None:
    assert span_of(typed, NOW) == span_of(same, NOW)
    assert begins_time(typed.split()[0]) or typed.startswith("i ")


def test_the_examples_of_every_language_can_be_typed(spoken_in: str) -> None:
    placeholder = tr("2h, tomorrow, Fri 18:00 to Mon 08:00")
    for example in placeholder.split(", "):
        assert span_of(example, NOW)[1] is not None
    for example in re.split(r", (?:or )?| 또는 | eller ", tr(EXAMPLES)):
        assert span_of(example, NOW)[1] is not None
    assert spoken_in == "en" or not re.search(r"until|tomorrow|Fri|Mon", placeholder + tr(EXAMPLES))


@given(st.integers(-30 * 24 * 60, 30 * 24 * 60), st.integers(1, 30 * 24 * 60), st.sampled_from(["en", "ko", "sv"]))
def test_what_a_form_proposes_is_read_back_as_it_was_meant(begin: int, length: int, name: str) -> None:
    start = NOW.replace(second=0) + timedelta(minutes=begin)
    end = start + timedelta(minutes=length)
    if end <= NOW:
        return
    language.use(name)
    try:
        typed = typed_span(start, end, NOW)
    finally:
        language.use("en")
    found = span_of(typed, NOW)
    assert found == (max(start, NOW) if start > NOW else NOW, end)


@given(st.text(max_size=30))
def test_no_text_raises_anything_else(typed: str) -> None:
    try:
        start, end = span_of(typed, NOW, "Asia/Seoul")
    except ValueError:
        return
    assert start.utcoffset() == timedelta(0)
    assert end is None or end.utcoffset() == timedelta(0)


def test_moments_are_said_back_with_their_day_where_it_is_another_one() -> None:
    assert [short_stamp(at(text), NOW) for text in ("2026-03-10 18:00", "2026-03-11 09:00", "2026-03-18 09:00")] == [
        "18:00",
        "Wed 09:00",
        "Wed 18 Mar 09:00",
    ]
    assert spoken(NOW, at("2026-03-11 09:00"), NOW) == "now until Wed 09:00 UTC (18h27)"
