"""Commands about the incident itself: one line, links, parts, topic, cases, assessment, corrections, resolving."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli
from warroom.cli.errors import REFUSED, STALE, USAGE


@pytest.fixture
def room(warroom: Cli) -> Cli:
    """A room with one SEV1."""
    warroom("declare", "Tills are down", "--severity", "SEV1", "--service", "till")
    return warroom


def test_one_line_declares(warroom: Cli) -> None:
    told = warroom.json("declare", "SEV1", "Tills", "failing", "@till", "since", "9:40")
    assert (told["title"], told["severity"], told["service"]) == ("Tills failing", "SEV1", "till")
    assert told["times"]["started"] == "2024-03-13T09:40:00Z"


def test_what_is_proposed_is_said(warroom: Cli) -> None:
    result = warroom("declare", "Tills are odd")
    assert result.exit_code == 0
    assert "severity SEV2: the default; warroom severity changes it" in result.stderr
    assert "OPS-1 declared: SEV2 Tills are odd" in result.stdout
    result = warroom("declare", "major trouble with tills")
    assert "severity SEV1: because of “major”" in result.stderr


def test_an_option_counts_before_the_line(warroom: Cli) -> None:
    told = warroom.json("declare", "SEV1 pages come twice", "--severity", "SEV2")
    assert (told["title"], told["severity"]) == ("SEV1 pages come twice", "SEV2")


def test_a_line_without_a_word_of_its_own_is_no_title(warroom: Cli) -> None:
    assert warroom("declare", "SEV1 @till").exit_code == REFUSED


def test_all_that_is_known_can_be_said_at_once(warroom: Cli) -> None:
    told = warroom.json(
        *("declare", "Tills are down", "--severity", "SEV1", "--product", "Tills", "--product", "Cards"),
        *("--category", "availability", "--type", "network", "--cluster", "c1", "--deploy", "8812"),
        *("--description", "no card is taken", "--detected", "5m"),
    )
    assert told["products"] == ["Tills", "Cards"]
    assert (told["category"], told["type"], told["cluster"], told["deploy"]) == (
        "availability",
        "network",
        "c1",
        "8812",
    )
    assert (told["description"], told["times"]["detected"]) == ("no card is taken", "2024-03-13T09:55:00Z")
    assert (told["customers"], told["cases"]) == (None, None)


def test_what_is_corrected_is_known_and_the_rest_is_unknown(room: Cli) -> None:
    told = room.json("amend", "1", "--customers", "4000", "--started", "30m", "--source", "monitoring")
    assert (told["customers"], told["source"], told["times"]["started"]) == (4000, "monitoring", "2024-03-13T09:30:00Z")
    shown = room.out("show", "1")
    assert "customers 4,000" in shown and "impact started 09:30" in shown
    assert "unknown: products, category, type" in shown and "detected" in shown
    told = room.json("amend", "1", "--unknown", "customers", "--unknown", "started")
    assert told["customers"] is told["times"]["started"] is None
    assert room("amend", "1", "--unknown", "declared").exit_code == USAGE


def test_a_corrected_declaration_moves_the_row_too(room: Cli) -> None:
    room.json("amend", "1", "--declared", "9:00")
    assert room.json("show", "1")["times"]["declared"] == "2024-03-13T09:00:00Z"
    assert all(line["good"] for line in room.json_lines("doctor"))


def test_cases_are_counted(room: Cli) -> None:
    assert "3 support cases" in room.out("cases", "1", "+3")
    assert room.json("cases", "1", "+2")["cases"] == 5
    assert room.json("cases", "1", "2")["cases"] == 2
    for wrong in ("many", "++1", "1.5", "+"):
        assert room("cases", "1", wrong).exit_code == USAGE


def test_links_are_kept_shown_and_taken_away(room: Cli) -> None:
    room.out("link", "1", "chat", "#inc-1")
    room.out("link", "1", "call", "https://meet.example.org/1")
    assert [(line["kind"], line["to"]) for line in room.json_lines("link", "1")] == [
        ("chat", "#inc-1"),
        ("call", "https://meet.example.org/1"),
    ]
    assert "meet.example.org" in room.out("show", "1")
    room.out("unlink", "1", "call")
    assert room.json("show", "1")["links"] == [
        {"key": "OPS-1", "kind": "chat", "to": "#inc-1", "title": "", "incident": "", "status": ""}
    ]
    assert room("link", "1", "chat").exit_code == USAGE
    for address, line in (
        ("https://wiki.example.org/a?b&c", "warroom link 1 document 'https://wiki.example.org/a?b&c'"),
        ("#inc-1", "warroom link 1 chat '#inc-1'"),
        ("OPS-2", "warroom link 1 related OPS-2"),
    ):
        result = room("link", "1", address)
        assert result.exit_code == USAGE and line in result.stderr
        assert "chat, call, document, ticket" in result.stderr and "related, caused-by" in result.stderr
    assert room("link", "1", "chat", "ftp://x").exit_code == REFUSED
    assert room("unlink", "1", "ticket").exit_code == REFUSED


def test_incidents_know_of_each_other(room: Cli) -> None:
    room.out("declare", "Deploy 8812", "--severity", "SEV2")
    assert "caused by OPS-2 Deploy 8812: same minute" in room.out(
        "link", "1", "caused-by", "2", "--reason", "same minute"
    )
    (other,) = room.json_lines("link", "2")
    assert (other["kind"], other["incident"], other["title"]) == ("cause of", "OPS-1", "Tills are down")
    assert room("link", "1", "related", "9").exit_code == REFUSED
    assert room("unlink", "1", "related").exit_code == USAGE
    room.out("unlink", "2", "cause-of", "1")
    assert room.json("show", "1")["links"] == []


def test_a_duplicate_is_closed_as_merge_does(room: Cli) -> None:
    room.out("declare", "Tills again", "--severity", "SEV2")
    assert room.json("link", "2", "duplicate-of", "1")["merged_into"] == "OPS-1"
    assert [line["kind"] for line in room.json_lines("link", "1")] == ["duplicate"]


def test_work_is_split_off_and_resolving_says_what_is_open(room: Cli) -> None:
    told = room.json("split", "1", "roll back")
    assert (told["key"], told["severity"], told["service"]) == ("OPS-2", "SEV1", "till")
    assert [event["seq"] for event in told["events"]] == list(
        range(told["events"][0]["seq"], told["events"][-1]["seq"] + 1)
    )
    result = room("resolve", "1", "--reason", "over", "--started", "20m", "--ended", "5m")
    assert result.exit_code == 0
    assert "new → resolved; still open: child OPS-2 roll back (new)" in result.stdout
    assert "nobody has said when: detected, mitigated; warroom amend OPS-1 does" in result.stderr
    assert room.json("show", "1")["times"]["resolved"] == "2024-03-13T09:55:00Z"
    room.out("resolve", "2", "--reason", "over too")
    assert [line["status"] for line in room.json_lines("link", "1")] == ["resolved"]
    assert room("split", "1", "more").exit_code == REFUSED
    assert all(line["good"] for line in room.json_lines("doctor"))


def test_the_events_of_a_command_are_those_of_its_own_incident(room: Cli) -> None:
    """Their numbers too, although another incident is written in the same transaction."""
    room.out("declare", "Deploy", "--severity", "SEV2")
    told = room.json("link", "1", "related", "2")
    lines = {line["seq"]: line for line in room.json_lines("log", "1")}
    assert [lines[event["seq"]] for event in told["events"]] == told["events"]


def test_the_topic_line(room: Cli) -> None:
    room.out("role", "1", "incident-manager", "mina")
    room.out("link", "1", "chat", "#inc-1")
    line = room.out("topic", "1").strip()
    assert line == "OPS-1 SEV1 · Tills are down · new · incident manager mina · chat #inc-1"
    assert room.json("topic", "1") == {"key": "OPS-1", "topic": line}


def test_an_assessment_is_only_proposed_until_it_is_set(room: Cli) -> None:
    before = room.json("show", "1")
    assert "OPS-1: SEV1 → SEV2" in (out := room.out("assess", "1", "--severity", "SEV2"))
    assert "policy urgent becomes calm" in out and "nothing was done: say --set" in out
    told = room.json("assess", "1", "--severity", "sev2")
    assert told["changes"] and told["severity"] == "SEV1"
    assert room.json("show", "1") == before
    assert room("assess", "1", "--impact", "all").exit_code == REFUSED  # these rules have no table
    assert room("assess", "1", "--severity", "SEV9").exit_code == REFUSED


def test_an_assessment_that_is_set_changes_the_severity(room: Cli) -> None:
    assert room("assess", "1", "--answer", "9=x", "--set").exit_code == USAGE
    assert room("assess", "1", "--severity", "SEV2", "--if-severity", "SEV3", "--set").exit_code == STALE
