"""What a command says it did, in its one line: all of it, and the thing that was asked for first."""

from __future__ import annotations

from tests.cli.conftest import Cli


def test_who_accepts_and_reads_back_is_told_the_role(room: Cli) -> None:
    room.out("role", "1", "incident-manager", "ada")
    room.out("offer", "1", "incident-manager", "bo", actor="ada")
    said = room.out("accept", "1", "--read-back", "all clear", actor="bo")
    assert said == "OPS-1 incident manager: bo (handed over by ada)\n"


def test_a_role_that_is_added_and_taken_names_who_has_it(room: Cli) -> None:
    said = room.out("role", "1", "scribe/database", "bo")
    assert said == "OPS-1 role: scribe database added; scribe database: bo\n"


def test_an_update_that_is_approved_and_sent_is_said_to_be_out(room: Cli) -> None:
    said = room.out("update", "1", "public", "Some cannot pay.", "--review", "bo")
    number = room.json("drafts")["id"]
    assert said.startswith(f"OPS-1 draft #{number}: public: Some cannot pay. (review by bo")
    said = room.out("review", "1", str(number), "approve", "--send", actor="bo")
    assert said == (f"OPS-1 approved: #{number} approved; update posted on public; next update due 10:30 UTC (30m)\n")


def test_show_has_ten_lines_of_the_record_whatever_is_planned_between_them(room: Cli) -> None:
    for number in range(12):
        room.out("note", "1", f"note {number}")
    room.out("severity", "1", "SEV2", "--reason", "one shop")
    room.out("severity", "1", "SEV1", "--reason", "all shops")
    shown = room.out("show", "1").partition("\nRecord\n")[2].splitlines()[1:]
    assert len(shown) == 10
    assert any(line.endswith("note 11") for line in shown) and any("all shops" in line for line in shown)
    last = room.json_lines("log", "1")[-1]["version"]
    assert room.out("show", "1", "--at", f"#{last}").partition("\nRecord\n")[2].splitlines()[1:] == shown
