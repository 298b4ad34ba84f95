"""`--at`: the room as it was, for people and for programs."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def lived(room: Cli) -> Cli:
    """OPS-1 after 40 minutes: paged at 5, noted at 10, milder at 20, resolved at 30."""
    room.clock.advance(5)
    room.tick()
    room.clock.advance(5)
    room.out("note", "1", "the pool is full")
    room.clock.advance(10)
    room.out("severity", "1", "SEV2", "--reason", "one shop")
    room.clock.advance(10)
    room.out("resolve", "1", "--reason", "rolled back")
    room.clock.advance(10)
    return room


def test_show_is_what_show_said_then(room: Cli) -> None:
    said, shown = [], []
    for _ in range(4):
        room.clock.advance(5)
        room.tick()
        said.append((room.clock.now, room.out("show", "1"), room.json("show", "1")))
    room.clock.advance(1)
    room.out("severity", "1", "SEV2", "--reason", "one shop")
    room.clock.advance(60)
    for moment, text, json in said:
        at = moment.isoformat()
        head, _, rest = room.out("show", "1", "--at", at).partition("\n")
        assert head.startswith(f"AS IT WAS Wed 2024-03-13 {moment:%H:%M:%S} UTC")
        shown.append(rest)
        # What became of messages is not on the record, and not told in the text of show either.
        assert rest == text
        then = room.json("show", "1", "--at", at)
        assert then.pop("as_of") == f"{moment:%Y-%m-%dT%H:%M:%S}Z"
        assert json.pop("as_of") is None
        assert then == json
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("at", ["10:15", "25m", "25m ago", "-25m", "2024-03-13T10:15Z", "2024-03-13T11:15:00+01:00"])
def test_a_moment_may_be_written_in_many_ways(lived: Cli, at: str) -> None:
    then = lived.json("show", "1", "--at", at)
    assert (then["as_of"], then["severity"], then["status"]) == ("2024-03-13T10:15:00Z", "SEV1", "new")


def test_an_entry_is_a_moment_too(lived: Cli) -> None:
    lines = lived.json_lines("log", "1")
    noted = next(line["version"] for line in lines if line["kind"] == "noted")
    then = lived.json("show", "1", "--at", f"#{noted}")
    assert (then["version"], then["as_of"]) == (noted, "2024-03-13T10:10:00Z")
    assert lived.json_lines("log", "1", "--at", f"#{noted}") == lines[:noted]
    assert f"entry {noted} of {len(lines)} (note: the pool is full)" in lived.out("show", "1", "--at", f"#{noted}")


def test_the_record_ends_then(lived: Cli) -> None:
    assert lived.json_lines("log", "1", "--at", "10:00") == [
        line for line in lived.json_lines("log", "1") if line["at"] == "2024-03-13T10:00:00Z"
    ]
    (last,) = lived.json_lines("log", "1", "--at", "10:12", "--last", "1")
    assert last["text"] == "the pool is full"
    assert lived.out("log", "1", "--at", "10:12").splitlines()[-1].endswith("the pool is full")


@pytest.mark.parametrize(
    ("at", "error"),
    [
        ("2024-03-13T09:59Z", "OPS-1 began 2024-03-13 10:00:00 UTC, after 2024-03-13 09:59:00 UTC"),
        ("2024-03-13T11:00Z", "2024-03-13 11:00:00 UTC is still to come: it is 2024-03-13 10:40:00 UTC"),
        ("#99", "there is no entry 99"),
        ("#0", "there is no entry 0"),
        ("2h ago", "OPS-1 began"),
    ],
)
@pytest.mark.parametrize("command", ["show", "log", "forecast", "catchup", "timeline"])
def test_a_time_at_which_there_is_nothing_is_refused(lived: Cli, command: str, at: str, error: str) -> None:
    result = lived(command, "1", "--at", at)
    assert (result.exit_code, result.stdout) == (1, "")
    assert error in result.stderr


@pytest.mark.parametrize("at", ["soon", "2024-03-13", "5", "#", "#x", "--", "25:00", "9" * 400, "-", " ago"])
def test_what_is_no_moment_is_told(lived: Cli, at: str) -> None:
    result = lived("show", "1", "--at", at)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("warroom: ")


def test_the_forecast_is_that_of_then(room: Cli) -> None:
    room.clock.advance(2)
    said = room.json_lines("forecast", "1")
    text = room.out("forecast", "1")
    room.clock.advance(1)
    room.out("ack", "1")
    room.clock.advance(60)
    assert room.json_lines("forecast", "1") != said
    assert room.json_lines("forecast", "1", "--at", "10:02") == said
    assert room.out("forecast", "1", "--at", "10:02") == text


def test_what_was_burning_then(lived: Cli) -> None:
    lived.out("declare", "Slow reports", "--severity", "SEV3")
    assert [incident["key"] for incident in lived.json_lines("list")] == ["OPS-2"]
    then = lived.json_lines("list", "--at", "10:25")
    assert [(each["key"], each["severity"], each["as_of"]) for each in then] == [
        ("OPS-1", "SEV2", "2024-03-13T10:25:00Z")
    ]
    assert lived.out("list", "--at", "10:25").splitlines()[0] == "AS IT WAS Wed 2024-03-13 10:25:00 UTC"
    assert lived.json_lines("list", "--at", "10:35") == []
    assert [each["status"] for each in lived.json_lines("list", "--at", "10:35", "--all")] == ["resolved"]
    early = lived("list", "--at", "2024-03-12T10:00Z")
    assert (early.exit_code, "no live incident then" in early.stderr) == (0, True)
    assert lived("list", "--at", "2030-01-01T00:00Z").exit_code == 1
    assert lived("list", "--at", "#3").exit_code == 2


def test_catch_up_and_timeline_of_then(lived: Cli) -> None:
    then = lived.json("catchup", "1", "--at", "10:15")
    assert (then["severity"], then["status"]) == ("SEV1", "new")
    assert lived.out("catchup", "1", "--at", "10:15").startswith("AS IT WAS Wed 2024-03-13 10:15:00 UTC, 25m ago")
    assert lived.json("timeline", "1", "--at", "10:15")["end"] is None
    assert lived.json("timeline", "1")["end"] == "2024-03-13T10:30:00Z"


def test_looking_back_changes_nothing(lived: Cli) -> None:
    before = lived.db.read_bytes()
    for command in ("show", "log", "forecast", "catchup", "timeline"):
        lived.out(command, "1", "--at", "10:15")
    lived.out("list", "--at", "10:15")
    assert lived.db.read_bytes() == before
