"""Keys, moments, labels and texts as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.conftest import T0, Cli
from warroom.cli.params import AHEAD, BEFORE, When, labels
from warroom.domain.core import TEXT_LIMIT


def at(hour: int, minute: int = 0, day: int = 13) -> datetime:
    """A moment near `T0`."""
    return datetime(2024, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30m", at(10, 30)),
        ("90s", T0 + timedelta(seconds=90)),
        ("1h30m", at(11, 30)),
        ("2d", at(10, day=15)),
        ("45min", at(10, 45)),
        ("1H", at(11)),
        ("14:30", at(14, 30)),
        ("14:30Z", at(14, 30)),
        ("9:05", at(9, 5, day=14)),
        ("10:00", at(10, day=14)),  # now is not the next one
        ("2024-03-13T14:30Z", at(14, 30)),
        ("2024-03-13T14:30:00z", at(14, 30)),
        ("2024-03-13 15:30+01:00", at(14, 30)),
    ],
)
def test_moments_ahead(text: str, meant: datetime) -> None:
    assert AHEAD.convert(text, None, None).at(T0) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("30m", at(9, 30)), ("10:00", T0), ("10:01", at(10, 1, day=12)), ("09:59", at(9, 59)), ("0m", T0)],
)
def test_moments_that_have_been(text: str, meant: datetime) -> None:
    assert BEFORE.convert(text, None, None).at(T0) == meant


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2024-03-13T14:30", "Write 2024-03-13T14:30Z for UTC"),
        ("2024-03-13", "Write 2024-03-13T00:00Z for UTC"),
        ("30", "Write 30m, 30h or 30s"),
        ("tomorrow", "Write 30m, 14:30 (UTC) or"),
        ("", "Write 30m, 14:30 (UTC) or"),
        ("24:00", "Write 30m, 14:30 (UTC) or"),
        ("-5m", "Write 30m, 14:30 (UTC) or"),
        ("0001-01-01T00:00+23:59", "Write 30m, 14:30 (UTC) or"),
        ("٣٠m", "Write 30m, 14:30 (UTC) or"),
        ("\x1b[2J", "\\x1b"),
    ],
)
def test_what_is_no_moment_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(click.BadParameter) as error:
        AHEAD.convert(text, None, None)
    assert advice in error.value.message
    assert "\x1b" not in error.value.message


def test_a_span_beyond_the_calendar() -> None:
    with pytest.raises(click.UsageError):
        BEFORE.convert("9999d", None, None).at(datetime(1, 6, 1, tzinfo=UTC))


@given(
    st.timedeltas(timedelta(0), timedelta(days=40_000)).map(T0.__add__),
    st.times(),
    st.booleans(),
)
def test_a_time_of_day_is_within_one_day(now: datetime, clock: time, past: bool) -> None:
    clock = clock.replace(second=0, microsecond=0, tzinfo=None)
    meant = When(clock, past).at(now)
    assert (meant.hour, meant.minute) == (clock.hour, clock.minute)
    away = now - meant if past else meant - now
    assert timedelta(0) <= away <= timedelta(days=1)
    assert (away > timedelta(0)) or past
    assert (away < timedelta(days=1)) or not past


def test_a_key_may_be_written_short(room: Cli) -> None:
    for text in ("1", "ops-1", "OPS-1", "Ops-1", "#1", "001", "ops-001", " 1 "):
        assert room.json("show", text)["key"] == "OPS-1", text


def test_a_key_that_is_nowhere(room: Cli) -> None:
    for text in ("2", "inc-1", "OPS-2", "OPS-", "-", "one", "9" * 40, "a\x1b]0;x\x07"):
        result = room("show", text)
        assert result.exit_code == 1, text
        assert "there is no incident" in result.stderr
        assert "warroom list --all" in result.stderr
        assert "\x1b" not in result.stderr


def test_labels() -> None:
    assert labels(("a=1", "b = x=y ", "a=2")) == {"a": "2", "b": "x=y"}
    for wrong in ("a", "=1", ""):
        with pytest.raises(click.UsageError, match="key=value"):
            labels((wrong,))


def test_text_from_a_pipe_and_from_a_dash(room: Cli) -> None:
    room.out("note", "1", input="first line\nsecond line\n")
    room.out("note", "1", "-", input="dashed")
    room.out("note", "1", "given", input="not read")
    room.out("offer", "1", "scribe", "bo", "--note", "-", input="what is left to do")
    events = room.json_lines("log", "1", "--last", "4")
    assert [event["data"].get("text") for event in events[:3]] == ["first line\nsecond line", "dashed", "given"]
    assert events[3]["data"]["note"] == "what is left to do"


def test_bytes_that_are_no_text_do_no_harm(room: Cli) -> None:
    room.out("note", "1", input=b"caf\xe9 \x1b[31mred\x1b[0m \xff")
    assert room.json_lines("log", "1")[-1]["text"] == "caf� red �"


def test_a_text_that_is_too_long_is_refused_and_not_cut(room: Cli) -> None:
    version = room.json("show", "1")["version"]
    room.out("note", "1", input="x" * TEXT_LIMIT)
    for long in ("x" * (TEXT_LIMIT + 1), "x" * (6 * TEXT_LIMIT)):
        result = room("update", "1", "internal", input=long)
        assert result.exit_code == 2
        assert "20,000 characters" in result.stderr
    assert room.json("show", "1")["version"] == version + 1


def test_a_missing_text_is_asked_for_when_nothing_is_piped_in(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    result = room("update", "1", "internal")
    assert result.exit_code == 2
    assert "the text of the update" in result.stderr
