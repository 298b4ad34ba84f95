"""`forecast` and `why`: for people and for programs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Cli
from tests.support.allowlist import violations
from warroom.cli.shapes import forecast as shapes
from warroom.domain.text import cell_width

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\u202eevil\u200b\x9b2J [link=x]tag[/]"


def test_forecast_for_people(room: Cli) -> None:
    room.clock.advance(2)
    result = room("forecast", "1", "--steps", "3")
    assert result.stdout.splitlines() == [
        "! SEV1  OPS-1  Tills are down",
        "if nobody does anything, from 2024-03-13 10:02:00 UTC on",
        "Wed 2024-03-13",
        "10:04:00  in 02:00  incident manager still vacant, reminder 1 of 3",
        "                      pages ada by sms as oncall:first: number 1 of the list first",
        "10:05:00  in 03:00  level 2 of 2, backup (acknowledge timeout)",
        "                      pages bo by chat as oncall:second: number 1 of the list second",
        "10:07:00  in 05:00  incident manager still vacant, reminder 2 of 3",
        "                      pages ada by sms as oncall:first: number 1 of the list first",
    ]
    assert result.stderr == "warroom: this goes on after 3 steps: say --steps for more\n"


def test_forecast_of_pages_alone(room: Cli) -> None:
    steps = room.json_lines("forecast", "1", "--only", "pages")
    assert [step["step"] for step in steps] == list(range(1, len(steps) + 1))
    assert all(step["pages"] for step in steps)
    assert len(room.json_lines("forecast", "1", "--steps", "500")) > len(steps)


def test_forecast_for_programs(room: Cli) -> None:
    room.clock.advance(2)
    first, second, *_ = room.json_lines("forecast", "ops-1")
    assert first["kind"] == "role_missed" and first["role"] == "incident-manager" and first["level"] == 0
    assert second == {
        "key": "OPS-1",
        "step": 2,
        "at": "2024-03-13T10:05:00Z",
        "in_s": 180.0,
        "kind": "level_paged",
        "what": "level 2 of 2, backup",
        "cause": "acknowledge timeout",
        "policy": "urgent",
        "level": 2,
        "cycle": 1,
        "repeat": 0,
        "role": "",
        "channel": "",
        "pages": [
            {"to": "bo", "via": ["chat"], "target": "oncall:second", "because": "number 1 of the list second"},
        ],
        "told": [],
        "passed": [],
    }


def test_what_is_printed_is_what_the_models_say(room: Cli) -> None:
    for line in room.out("forecast", "1", "--json").splitlines():
        assert shapes.ForecastLine.model_validate_json(line).model_dump_json() == line
    for person in ((), ("ada",), ("nobody",)):
        for line in room.out("why", "1", *person, "--json").splitlines():
            assert shapes.WhyLine.model_validate_json(line).model_dump_json() == line


def test_what_was_forecast_is_on_the_record_then(room: Cli) -> None:
    steps = room.json_lines("forecast", "1", "--steps", "12")
    known = len(room.json_lines("log", "1"))
    for step in steps:
        room.clock.now = max(room.clock.now, moment(step["at"]))
        room.tick()
    record = room.json_lines("log", "1")[known : known + 12]
    assert [(line["recorded_at"], line["kind"]) for line in record] == [(step["at"], step["kind"]) for step in steps]


def moment(text: str) -> datetime:
    """A moment as `--json` writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def test_nothing_ahead_is_no_error(room: Cli) -> None:
    room.out("resolve", "1", "--reason", "fixed")
    room.out("close", "1", "--reason", "no review needed")
    result = room("forecast", "1")
    assert (result.exit_code, result.stderr) == (
        0,
        "warroom: nothing follows by itself: OPS-1 is closed: nobody is paged for it any more\n",
    )
    assert room.json_lines("forecast", "1") == []


def test_why_for_people(room: Cli) -> None:
    room.clock.advance(6)
    room.tick()
    assert room.out("why", "1", "bo").splitlines() == [
        "! SEV1  OPS-1  Tills are down",
        "why bo was paged, or not; now it is 2024-03-13 10:06:00 UTC",
        "Wed 2024-03-13",
        "10:00:00  since  policy urgent starts",
        "10:06:00  paged  level 2 of 2, backup (acknowledge timeout) as oncall:second",
        "                   chat queued",
    ]


def test_why_somebody_was_not_paged(room: Cli) -> None:
    assert room.out("why", "1", "cy").splitlines()[3:] == [
        "10:00:00  since      policy urgent starts",
        "10:00:00  not found  level 1 of 2, primary (start)",
        "                       oncall:first: ada; cy is not on that list",
        "10:11:00  in 11m     policy urgent is exhausted: nobody is left to page as person:cy",
        "                       paged",
    ]
    (line,) = [line for line in room.json_lines("why", "1", "nobody-we-know") if line["state"] == "never"]
    assert line["at"] is None and "knows nobody called nobody-we-know" in line["why"]


def test_why_for_everybody(room: Cli) -> None:
    lines = room.json_lines("why", "1")
    assert [(line["state"], line["person"]) for line in lines] == [
        ("since", ""),
        ("paged", "ada"),
        ("ahead", "ada"),
        ("ahead", "bo"),
        ("ahead", ""),
        ("ahead", "cy"),
    ]
    assert [d["via"] for d in lines[1]["deliveries"]] == ["sms", "chat"]
    assert {line["key"] for line in lines} == {"OPS-1"}


@pytest.mark.parametrize("wide", (80, 60, 48))
@pytest.mark.parametrize("words", (["forecast", "1"], ["why", "1"], ["why", "1", "cy"]))
def test_lines_keep_to_the_terminal(room: Cli, wide: int, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    lines = room.out(*words).splitlines()
    assert len(lines) > 4
    # The lines that introduce it are cut or say one fact; what follows is wrapped.
    assert [line for line in lines[2:] if cell_width(line) > wide] == []


def test_texts_from_outside_are_harmless(room: Cli) -> None:
    room.out("amend", "1", "--title", HOSTILE)
    room.out("escalate", "1", "--to", "bo", "--reason", HOSTILE, actor=HOSTILE)
    for words in (["forecast", "1"], ["why", "1"], ["why", "1", "bo"], ["why", "1", HOSTILE]):
        assert violations(room(*words).stdout_bytes) == []


def test_an_incident_that_is_not_there(room: Cli) -> None:
    for words in (["forecast", "9"], ["why", "9"]):
        assert room(*words).exit_code == 1
        assert "no incident OPS-9" in room(*words).stderr


def test_neither_of_them_changes_anything(room: Cli) -> None:
    before = room.json("show", "1")
    copy = room.db.with_suffix(".before")
    shutil.copy(room.db, copy)
    room.out("forecast", "1")
    room.out("why", "1", "ada")
    assert room.json("show", "1") == before
    assert room.db.read_bytes() == copy.read_bytes()
