"""`warroom override`, `absent`, `swap` and `desk`, in a room whose schedules are easy to work out by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cli.conftest import BOOK, T0, Cli
from warroom.cli.errors import REFUSED, STALE, USAGE
from warroom.cli.shapes.desk import DeskDone, DeskItem
from warroom.cli.shapes.incident import LogLine
from warroom.domain.duty import Duty
from warroom.domain.schedule import on_call
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook

# Daily turns from 09:00 UTC: on Wednesday 13 March 2024, at T0 (10:00), it is ada's, and tomorrow bo's.
SCHEDULES = b"""
schedules:
  primary:
    layers:
      daily: { people: [ada, bo], rotate: daily, handoff: "09:00", start: 2024-03-13 }
  night:
    layers:
      alone: { people: [cy] }
"""


@pytest.fixture(scope="module")
def duty_book() -> Loaded:
    zoned = BOOK.replace(b"ada: { name: Ada,", b"ada: { name: Ada, zone: Asia/Seoul,")
    return read_rulebook({"book.yaml": zoned, "schedules.yaml": SCHEDULES})


@pytest.fixture
def duty(warroom: Cli, duty_book: Loaded) -> Cli:
    """A command line on a room with these schedules, where it is ten o'clock on ada's day."""
    warroom.book = duty_book
    with warroom.session():
        pass
    return warroom


def people(cli: Cli, schedule: str = "primary", hours: float = 0) -> tuple[str, ...]:
    """Who is on call that many hours from now."""
    with cli.session() as session:
        book, duty = session.book(), session.duty()
    assert isinstance(duty, Duty)
    return on_call(book.schedules[schedule], cli.clock.now + timedelta(hours=hours), book, duty).people


def test_one_word_puts_me_on_call_until_the_next_handoff(duty: Cli) -> None:
    done = duty.json("override", "primary", actor="cy")
    assert done["item"] == {
        "kind": "override", "id": 1, "schedule": "primary", "person": "cy", "other": "",
        "start": "2024-03-13T10:00:00Z", "end": "2024-03-14T09:00:00Z", "by": "cy", "note": "",
    }  # fmt: skip
    assert [event["kind"] for event in done["events"]] == ["override_added"]
    assert people(duty) == ("cy",)
    assert people(duty, hours=23) == ("bo",)


@pytest.mark.parametrize(
    ("words", "person", "start", "end"),
    [
        ("primary bo 2h", "bo", "2024-03-13T10:00:00Z", "2024-03-13T12:00:00Z"),
        ("PRIMARY Bo until 16:30", "bo", "2024-03-13T10:00:00Z", "2024-03-13T16:30:00Z"),
        ("primary 90m", "ada", "2024-03-13T10:00:00Z", "2024-03-13T11:30:00Z"),
        ("primary cy fri 18:00 to mon 08:00", "cy", "2024-03-15T18:00:00Z", "2024-03-18T08:00:00Z"),
        ("primary cy until mon 08:00 Europe/Stockholm", "cy", "2024-03-13T10:00:00Z", "2024-03-18T07:00:00Z"),
        ("primary ada until fri 09:00 local", "ada", "2024-03-13T10:00:00Z", "2024-03-15T00:00:00Z"),
    ],
)
def test_who_and_when_are_read_as_people_write_them(duty: Cli, words: str, person: str, start: str, end: str) -> None:
    item = duty.json("override", *words.split(), actor="ada")["item"]
    assert (item["person"], item["start"], item["end"]) == (person, start, end)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("prim", REFUSED, "did you mean primary?"),
        ("first", REFUSED, "first is a list, the same at all hours"),
        ("primary adah 2h", REFUSED, "did you mean ada?"),
        ("primary bo soon", USAGE, "soon is no time"),
        ("primary bo 2", USAGE, "2 of what?"),
        ("night cy", USAGE, "no hand-off in sight"),
        ("primary bo 2020-01-01", REFUSED, "in the future"),
        ("primary bo 2h --instead-of bo", REFUSED, "cannot stand in for themselves"),
        ("primary --end 3", USAGE, "--end needs the number alone"),
        ("--end 3", STALE, "there is no override 3"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_done(duty: Cli, words: str, code: int, said: str) -> None:
    result = duty("override", *words.split(), actor="ada")
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert duty.json_lines("desk") == []


def test_an_override_in_the_place_of_one_person_holds_only_where_they_would_be(duty: Cli) -> None:
    duty.out("override", "primary", "cy", "until", "sat", "09:00", "--instead-of", "bo")
    assert [people(duty, hours=h) for h in (0, 24, 48)] == [("ada",), ("cy",), ("ada",)]


def test_taking_an_override_back_ends_it_now(duty: Cli) -> None:
    assert duty.out("override", "primary", "bo", "2h").startswith("override 1: primary: bo, Wed 2024-03-13 10:00")
    duty.clock.advance(30)
    done = duty.json("override", "--end", "1", "--reason", "back")
    assert done["item"]["end"] == "2024-03-13T10:30:00Z"
    assert people(duty) == ("ada",)
    assert duty("override", "--end", "1").exit_code == STALE


def test_an_absence_says_where_nobody_is_left(duty: Cli) -> None:
    result = duty("absent", "tomorrow", actor="bo")
    assert result.exit_code == 0
    assert result.stdout == "absence 1: bo is absent, Thu 2024-03-14 00:00 to Fri 2024-03-15 00:00 UTC\n"
    gap = "nobody is on call on primary from Thu 2024-03-14 09:00 until Fri 2024-03-15 00:00 UTC"
    assert gap in result.stderr
    assert (people(duty, hours=23), people(duty, hours=38)) == ((), ("bo",))
    duty.out("absent", "--end", "1")
    assert people(duty, hours=23) == ("bo",)


def test_a_day_is_that_of_the_person_where_local_is_said(duty: Cli) -> None:
    item = duty.json("absent", "2024-03-15", "local", "--person", "ada")["item"]
    assert (item["start"], item["end"]) == ("2024-03-14T15:00:00Z", "2024-03-15T15:00:00Z")


def test_who_is_absent_and_put_on_call_is_named(duty: Cli) -> None:
    duty.out("absent", "until", "14:00", actor="bo")
    result = duty("override", "primary", "bo", "8h")
    assert "bo is absent from Wed 2024-03-13 10:00 until Wed 2024-03-13 14:00 UTC" in result.stderr
    assert (people(duty), people(duty, hours=5)) == (("ada",), ("bo",))


def test_a_swap_is_asked_for_and_taken(duty: Cli) -> None:
    asked = duty.json("swap", "ask", "primary", "--to", "cy", "--note", "dentist", actor="bo")["item"]
    assert (asked["start"], asked["end"]) == ("2024-03-14T09:00:00Z", "2024-03-15T09:00:00Z")
    assert people(duty, hours=24) == ("bo",)
    assert duty("swap", "take", "1", actor="ada").exit_code == REFUSED
    taken = duty.json("swap", "take", "1", actor="cy")
    assert [event["kind"] for event in taken["events"]] == ["swap_ended", "override_added"]
    assert (taken["item"]["person"], taken["item"]["other"]) == ("cy", "bo")
    assert people(duty, hours=24) == ("cy",)
    assert duty.json_lines("swap", "list") == []


def test_a_swap_is_dropped_and_the_duty_stays(duty: Cli) -> None:
    duty.out("swap", "ask", "primary", "fri 09:00 to sat 09:00", actor="ada")
    assert duty.out("swap", "drop", "1", actor="ada") == "swap 1 was withdrawn\n"
    assert people(duty, hours=48) == ("ada",)
    refused = duty("swap", "ask", "primary", actor="cy")
    assert (refused.exit_code, "cy has no shift on primary" in refused.stderr) == (REFUSED, True)


def test_the_desk_lists_what_is_not_over_and_its_record_everything(duty: Cli) -> None:
    duty.out("override", "primary", "bo", "1h", "--reason", "ada is ill")
    duty.out("absent", "fri", actor="cy")
    duty.clock.advance(120)
    assert [item["kind"] for item in duty.json_lines("desk")] == ["absence"]
    assert duty.json_lines("override") == []
    assert "no override stands" in duty("override").stderr
    log = duty.json_lines("desk", "--log")
    assert [(line["kind"], line["actor"], line["key"]) for line in log] == [
        ("override_added", "mina", ""),
        ("absence_added", "cy", ""),
    ]
    assert log[0]["text"].endswith(": ada is ill")
    assert "cy is absent" in duty.out("desk", "--log", "--last", "1")


def test_what_is_printed_is_what_the_models_say(duty: Cli) -> None:
    def same(model: Any, text: str) -> bool:
        return bool(model.model_validate_json(text).model_dump_json() == text.strip())

    assert same(DeskDone, duty.out("override", "primary", "bo", "--json"))
    assert same(DeskItem, duty.out("override", "--json"))
    assert same(LogLine, duty.out("desk", "--log", "--json"))
    assert same(DeskDone, duty.out("override", "--end", "1", "--json"))
    assert duty.clock.now == T0
