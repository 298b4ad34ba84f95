"""`warroom clocks`, `skip` and `punctuality`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_import import CLOSED, OVER, incident, page


@pytest.fixture
def told(warroom: Cli) -> Cli:
    """A SEV1 on the till, with a first word on the internal chat after four minutes."""
    warroom.out("declare", "The till is slow", "--severity", "SEV1", "--service", "till")
    warroom.clock.advance(4)
    warroom.out("update", "1", "internal", "We look into it; the cause is not known yet.")
    return warroom


def test_the_clocks_of_an_incident(told: Cli) -> None:
    told.clock.advance(12)  # 10:16
    text = told.out("clocks", "1")
    heads, public, internal = (line.split() for line in text.splitlines())
    assert heads[:3] == ["KEY", "CHANNEL", "FOR"]
    assert public[:3] == ["OPS-1", "public", "external"] and "LATE 01:00" in " ".join(public)
    assert internal[:3] == ["OPS-1", "internal", "internal"] and "12m ago" in " ".join(internal)
    assert "08:00" in internal


def test_a_clock_nears_in_the_last_fifth_of_its_time(told: Cli) -> None:
    told.clock.advance(16)
    line = next(line for line in told.out("clocks").splitlines() if " internal " in line)
    assert "soon 04:00" in line
    states = {each["channel"]: each["state"] for each in told.json_lines("clocks")}
    assert states == {"public": "late", "internal": "soon"}


def test_a_clock_as_json(told: Cli) -> None:
    internal = next(each for each in told.json_lines("clocks", "OPS-1") if each["channel"] == "internal")
    assert internal == {
        "key": "OPS-1",
        "channel": "internal",
        "audience": "internal",
        "state": "in time",
        "begun": "2024-03-13T10:04:00Z",
        "last_at": "2024-03-13T10:04:00Z",
        "near_at": "2024-03-13T10:20:00Z",
        "due": "2024-03-13T10:24:00Z",
        "promised": False,
        "every_s": 1200.0,
        "source": "SEV1",
        "missed": 0,
        "skips": 0,
        "skips_most": 1,
        "turn": 1,
        "step": "finds nobody to remind",
        "step_at": "2024-03-13T10:24:00Z",
        "whom": [],
        "watched": False,
    }


def test_nothing_is_due_anywhere(warroom: Cli) -> None:
    warroom.out("declare", "A lamp is broken", "--severity", "SEV2")
    result = warroom("clocks")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no word is due anywhere" in result.stderr
    assert warroom("clocks", "77").exit_code == 1


def test_skipping_an_update(told: Cli) -> None:
    told.clock.advance(10)
    said = told.json("skip", "1", "internal", "--reason", "the vendor calls back")
    assert [(each["kind"], each["text"]) for each in said["events"]] == [
        ("update_skipped", "internal: the vendor calls back; next due 10:34 UTC")
    ]
    assert "skipped" in told.out("log", "1")
    again = told("skip", "1", "internal", "--reason", "once more")
    assert again.exit_code == 1 and "was skipped already: post one" in again.stderr
    told.clock.advance(1)
    (clock,) = [each for each in told.json_lines("clocks", "1") if each["channel"] == "internal"]
    assert (clock["skips"], clock["turn"], clock["source"]) == (1, 2, "SEV1, after a skip")


def test_skipping_needs_a_reason_and_what_was_seen(told: Cli) -> None:
    assert told("skip", "1", "internal").exit_code == 2
    assert told("skip", "1", "internal", "--reason", " ").exit_code == 1
    stale = told("skip", "1", "internal", "--reason", "why", "--turn", "0")
    assert stale.exit_code == 3 and "posted or skipped" in stale.stderr
    told.out("skip", "1", "internal", "--reason", "why", "--turn", "1")


def test_punctuality_by_service_and_by_channel(told: Cli) -> None:
    told.clock.advance(23)  # the internal chat is 3 minutes late, the public page 12
    told.out("update", "1", "internal", "Still looking.")
    found = told.json("punctuality")
    assert (found["by"], found["target"], found["incidents"], found["watched"]) == ("service", 0.95, 1, False)
    (till,) = found["rows"]
    assert till["name"] == "till"
    assert (till["counted"], till["on_time"], till["late"], till["overdue"], till["skipped"]) == (3, 1, 2, 1, 0)
    assert (till["share"], till["silent_min"], till["running_min"]) == (0.3333, 15.0, 12.0)
    assert (till["allowed"], till["left"]) == (0.15, -1.85)
    assert found["whole"] == {**till, "name": "all"}
    by = {row["name"]: row["on_time"] for row in told.json("punctuality", "--by", "channel")["rows"]}
    assert by == {"public": 0, "internal": 1}
    text = told.out("punctuality", "--by", "severity")
    assert "SEV1" in text and "33 %" in text and "OVER 1.9" in text


@pytest.mark.parametrize(("by", "name"), [("team", "no team"), ("audience", "internal")])
def test_what_else_it_is_grouped_by(told: Cli, by: str, name: str) -> None:
    told.clock.advance(5)
    assert [row["name"] for row in told.json("punctuality", "--by", by)["rows"]] == [name]


def test_only_so_many_days_back_and_nothing_counted_is_said(told: Cli) -> None:
    told.out("resolve", "1", "--reason", "over")
    told.clock.advance(5)
    told.out("close", "1", "--reason", "reviewed")
    told.clock.advance(60 * 24 * 3)
    assert told.json("punctuality", "--days", "2")["rows"] == []
    assert told.json("punctuality", "--days", "4")["whole"]["on_time"] == 1
    assert "no update of our incidents was due in the last 2 days" in told("punctuality", "--days", "2").stderr
    assert "reach back too far" in told("punctuality", "--days", "99999999").stderr
    assert told("punctuality", "--by", "weather").exit_code == 2


def test_imported_incidents_are_held_against_the_cadence(told: Cli, tmp_path: Path) -> None:
    told.out("import", "statuspage", str(page(tmp_path / "page.json", incident("one", *OVER, closed=CLOSED))))
    found = told.json("punctuality", "--watched", "--by", "channel")
    (row,) = found["rows"]
    assert found["watched"] and row["name"] == "public"
    assert (row["counted"], row["on_time"], row["late"], row["silent_min"]) == (2, 1, 1, 15.0)
    assert told.json("punctuality")["whole"]["counted"] == 1  # our own are counted apart
