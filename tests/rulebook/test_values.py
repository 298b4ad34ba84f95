"""Single values, and text that YAML of old would have turned into something else."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.small import SMALL, changed
from warroom.rulebook import values
from warroom.rulebook.load import read_rulebook
from warroom.rulebook.values import Wrong


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("2d", 172_800),
        ("1d1h1m1s", 90_061),
        ("120m", 7200),
        ("366d", 31_622_400),
    ],
)
def test_durations(written: str, seconds: int) -> None:
    assert values.duration(written) == timedelta(seconds=seconds)


@given(st.integers(0, int(values.LONGEST.total_seconds())))
def test_a_duration_has_one_canonical_form(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert values.delay(values.duration_text(length)) == length


@pytest.mark.parametrize(
    "written", ["", " ", "5", "5.5m", "5 m", "m", "5min", "٥m", "5m5m", "+5m", "1w", "0x5m", "P1D"]
)
def test_what_is_no_duration(written: str) -> None:
    with pytest.raises(Wrong) as caught:
        values.duration(written)
    assert caught.value.advice()


@pytest.mark.parametrize(("written", "expected"), [("9:00", time(9)), ("09:00", time(9)), ("23:59", time(23, 59))])
def test_times_of_day(written: str, expected: time) -> None:
    assert values.clock(written) == expected
    assert values.clock(values.clock_text(expected)) == expected


def test_names_are_cleaned_so_that_two_ways_of_writing_meet() -> None:
    assert values.name("prima\u0308r") == values.name("prim\u00e4r") == "primär"
    assert values.name(" mi\u200bna ") == "mina"
    assert values.name("유나") == "유나"


@pytest.mark.parametrize(
    "written", ["NO", "no", "on", "off", "yes", "10:30", "007", "1e3", "2024-01-01", "Null", "~1", "0x1F"]
)
def test_text_stays_what_was_written(written: str) -> None:
    text = changed("name: Yuna", f"name: {written}")
    assert read_rulebook({"a": text.encode()}).book.people["유나"].name == written


@pytest.mark.parametrize("login", ["no", "on", "off", "null", "true", "007", "12", "1e3"])
def test_names_stay_what_was_written(login: str) -> None:
    text = changed("  유나:\n", f"  {login}:\n").replace("[mina, 유나]", f"[mina, {login}]")
    book = read_rulebook({"a": text.encode()}).book
    assert list(book.people) == ["mina", login]
    assert book.teams["all"] == ("mina", login)


def test_times_of_day_are_not_numbers_to_the_base_of_sixty() -> None:
    text = changed("start: 09:00", "start: 10:30")
    hours = read_rulebook({"a": text.encode()}).book.severities["SEV2"].hours
    assert hours is not None and hours.start == time(10, 30)


def test_a_directive_for_old_yaml_changes_nothing() -> None:
    text = f"%YAML 1.1\n---\n{SMALL}".replace("name: Yuna", "name: NO")
    assert read_rulebook({"a": text.encode()}).book.people["유나"].name == "NO"


def test_a_likely_word_is_found_among_many() -> None:
    assert values.nearest("incident-manger", ["scribe", "incident-manager"]) == "incident-manager"
    assert values.nearest("SCRIBE", ["scribe"]) == "scribe"
    assert values.nearest("zzz", ["scribe"]) == ""
    assert values.listing([]) == "there is none yet"
    assert values.listing([str(n) for n in range(20)]).endswith(" and 8 more")
