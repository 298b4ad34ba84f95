"""`list` with a filter, an order and columns of one's own; `undo`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def three(room: Cli) -> Cli:
    """Three incidents, one of them over."""
    room.out("declare", "Slow reports", "--severity", "SEV3")
    room.clock.advance(2)
    room.out("declare", "Printing fails", "--severity", "SEV2", "--service", "till")
    room.out("resolve", "2", "--reason", "fixed")
    return room


def listed(room: Cli, *args: str) -> list[str]:
    return [incident["key"] for incident in room.json_lines("list", *args)]


def test_the_boards_filter_works_on_the_command_line(three: Cli) -> None:
    assert listed(three, "--filter", "sev:1,2") == ["OPS-1", "OPS-3"]
    assert listed(three, "--filter", "!sev:1 service:till vacant") == ["OPS-3"]
    assert listed(three, "--all", "--filter", "resolved") == ["OPS-2"]
    assert listed(three, "--all", "--filter", "!resolved", "--sort", "-key") == ["OPS-3", "OPS-1"]
    assert three.out("list", "--columns", "key,service,age", "--sort", "key").splitlines() == [
        "KEY    SERVICE  AGE",
        "OPS-1  till     2m",
        "OPS-3  till     0m",
    ]


def test_what_cannot_be_understood_is_said_with_its_place(three: Cli) -> None:
    result = three("list", "--filter", "late srv:till")
    assert result.exit_code == 2
    assert 'at 6: no field "srv"; did you mean service:?' in result.stderr
    assert "did you mean title?" in three("list", "--columns", "titel").stderr
    assert "did you mean age?" in three("list", "--sort", "agee").stderr
    result = three("list", "--filter", "role:mona")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "at 6: no incident here has role mona" in result.stderr
    assert "none of 2 matches" in result.stderr


def test_undo_takes_back_what_one_did_last(room: Cli) -> None:
    room.out("ack", "1")
    room.clock.advance(1)
    room.out("severity", "1", "SEV2", "--reason", "one till")
    room.clock.advance(1)
    room.out("undo", "1")
    assert room.json("show", "1")["severity"] == "SEV1"
    log = room.out("log", "1")
    assert "undo of #" in log
    assert "severity SEV1 → SEV2: one till" in log
    result = room("undo", "1", actor="bo")
    assert result.exit_code != 0
    assert "nothing here that bo did" in result.stderr


def test_undo_says_what_to_do_about_what_cannot_be_taken_back(room: Cli) -> None:
    room.clock.advance(1)
    room.out("change", "1", "rolled back")
    result = room("undo", "1")
    assert "undo it there, and record that" in result.stderr
    room.clock.advance(1)
    room.out("note", "1", "the wrong room")
    room.clock.advance(1)
    room.out("undo", "1")
    assert "undo of #" in room.out("log", "1", "--last", "1")
