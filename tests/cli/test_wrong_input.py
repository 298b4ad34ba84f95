"""What is typed wrong is refused in plain words, and what is empty is never taken for something else."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


def refused(room: Cli, *args: str, status: int, says: str) -> None:
    before = room.json_lines("log", "1")
    result = room(*args, input="")
    assert result.exit_code == status, result.output
    assert says in result.output
    assert room.json_lines("log", "1") == before


@pytest.mark.parametrize("command", ["show", "catchup", "work", "people", "clocks", "timeline"])
def test_an_empty_key_asks_for_one(room: Cli, command: str) -> None:
    refused(room, command, " ", status=2, says="name an incident, such as INC-142 or 142")


@pytest.mark.parametrize(
    "args",
    [
        ("theory", "1", "--refute", "0", "why"),
        ("theory", "1", "--confirm", "#0"),
        ("experiment", "1", "x", "--on", "0"),
        ("result", "1", "x", "--of", "0"),
        ("decide", "1", "x", "--on", "0"),
        ("evidence", "1", "/x", "--on", "0"),
        ("task", "1", "take", "0"),
        ("change", "1", "--undone", "0"),
    ],
)
def test_number_0_is_not_whatever_is_there(room: Cli, args: tuple[str, ...]) -> None:
    room.out("theory", "1", "the pool")
    room.out("experiment", "1", "double it")
    refused(room, *args, status=2, says="is no number of the record")


@pytest.mark.parametrize(
    "args",
    [
        ("role", "1", "incident-manager", ""),
        ("offer", "1", "incident-manager", " "),
        ("join", "1", ""),
        ("awake", "1", "06:30", ""),
        ("leave", "1", "--for", ""),
        ("handover", "1", "--to", ""),
        ("decide", "1", "x", "--ask", "--by", ""),
        ("task", "1", "add", "x", "--owner", "\x1b[2J"),
    ],
)
def test_nobody_is_not_somebody(room: Cli, args: tuple[str, ...]) -> None:
    refused(room, *args, status=2, says="name a person")


def test_a_person_goes_by_the_name_with_or_without_the_at(room: Cli) -> None:
    room.out("role", "1", "incident-manager", "@ada")
    assert (
        next(line for line in room.json("show", "1")["roles"] if line["role"] == "incident-manager")["holder"] == "ada"
    )
    assert "bo" in room.out("join", "1", "@bo")


def test_it_is_said_that_somebody_cannot_be_reached(room: Cli) -> None:
    result = room("offer", "1", "incident-manager", "zoe")
    assert result.exit_code == 0
    assert "zoe is not in the rulebook: no message reaches them" in result.stderr
    assert "not in the rulebook" not in room("join", "1", "ada").stderr


def test_evidence_is_cleaned_before_it_is_kept(room: Cli) -> None:
    refused(room, "evidence", "1", "\x1b[2J", status=1, says="say where it can be seen")
    assert "evidence" in room.out("evidence", "1", "a\udce4b\x1b]0;owned\x07/c")
    (kept,) = (line for line in room.json_lines("log", "1") if line["kind"] == "evidence_added")
    assert kept["data"]["where"] == "a\ufffdb/c"


def test_a_result_says_one_thing(room: Cli) -> None:
    room.out("theory", "1", "the pool")
    room.out("experiment", "1", "double it")
    refused(room, "result", "1", "x", "--confirms", "--refutes", status=2, says="say one of them")
    assert "refutes" in room.out("result", "1", "it went on", "--refutes")


def test_what_is_new_since_a_time_to_come_is_no_question(room: Cli) -> None:
    refused(room, "catchup", "1", "--since", "2999-01-01T00:00Z", status=2, says="--since lies in the future")


@pytest.mark.parametrize("years", ["0001", "2012"])
def test_an_impact_did_not_begin_years_ago(room: Cli, years: str) -> None:
    refused(room, "amend", "1", "--started", f"{years}-01-01T00:00Z", status=1, says="more than ten years")


@pytest.mark.parametrize(
    "args",
    [("timeline", "1", "--width", "wide"), ("duty", "1", "incident-manager", "x"), ("log", "1", "--last", "1.5")],
)
def test_a_number_is_asked_for_in_plain_words(room: Cli, args: tuple[str, ...]) -> None:
    refused(room, *args, status=2, says="is not a whole number")


def test_a_record_in_which_nothing_matches_says_so(room: Cli) -> None:
    assert "nothing in the record matches" in room("log", "1", "--by", "zoe").stderr
    assert "nothing in the record" not in room("log", "1").stderr


def test_it_is_said_why_nobody_is_in_a_room(room: Cli) -> None:
    room.out("resolve", "1", "--reason", "over")
    for args in (("join", "1"), ("awake", "1", "06:30"), ("handover", "1", "incident-manager", "--at", "30m")):
        refused(room, *args, status=1, says="OPS-1 is resolved")
