"""Roles, handover, duties and the people in the room from the command line (R4)."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def led(room: Cli) -> Cli:
    """An incident that ada leads; nothing else has happened."""
    room.out("role", "1", "incident-manager", "ada")
    return room


def test_a_second_workstream_and_roles_that_are_added(led: Cli) -> None:
    assert led.out("role", "1", "scribe/database", "bo") == ("OPS-1 role: scribe database added; scribe database: bo\n")
    told = led.json("role", "1", "scribe", "--add", "--within", "10m")
    assert told["events"][0]["kind"] == "role_added"
    roles = {role["role"]: role for role in told["roles"]}
    assert (roles["scribe"]["due"], roles["scribe"]["added"]) == ("2024-03-13T10:10:00Z", True)
    assert roles["scribe/database"]["holder"] == "bo"
    assert led.out("role", "1", "scribe", "--drop") == "OPS-1 role: scribe not wanted any more\n"
    assert "exactly one incident manager" in led("role", "1", "incident-manager", "--also").stderr
    assert "no deputies by the rules" in led("role", "1", "incident-manager", "--deputy").stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--also", "--deputy"), "one or the other"),
        (("--within", "5m"), "belongs to --add"),
        (("--also", "--reason", "x"), "leave it out"),
        (("bo", "--drop"), "leave PERSON out"),
    ],
)
def test_options_that_do_not_belong_together(led: Cli, args: tuple[str, ...], says: str) -> None:
    wrong = led("role", "1", "scribe", *args)
    assert wrong.exit_code == 2
    assert says in wrong.stderr


def test_a_handover_goes_out_with_the_card_and_is_read_back(led: Cli) -> None:
    card = led.out("card", "1", actor="ada")
    assert card.splitlines()[1] == "Role: incident manager, held by ada for 0m"
    assert led.out("handover", "1", "--to", "bo", "--note", "watch the queue", actor="ada") == (
        "OPS-1 incident manager offered to bo until 10:10 UTC (10m)\n"
    )
    offered = next(line for line in led.json_lines("log", "1") if line["kind"] == "role_offered")
    assert offered["data"]["note"] == f"watch the queue\n\n{card.strip()}"
    assert led.out("readback", "1", "incident-manager", "I watch it", actor="bo") == (
        "OPS-1 read back: incident manager: bo read back: I watch it\n"
    )
    assert "no role of OPS-1 is on offer to cy" in led("accept", "1", actor="cy").stderr
    told = led.json("accept", "1", "--read-back", "all clear", actor="bo")
    assert [event["kind"] for event in told["events"]] == ["role_read_back", "role_assigned"]
    assert told["lead"] == "bo"


def test_the_whole_card_comes_from_a_pipe(led: Cli) -> None:
    led.out("handover", "1", "--to", "bo", "--note", "-", actor="ada", input="all of it\nin two lines\n")
    offered = next(line for line in led.json_lines("log", "1") if line["kind"] == "role_offered")
    assert offered["data"]["note"] == "all of it\nin two lines"


def test_without_a_name_it_says_who_could_take_over(led: Cli) -> None:
    led.out("join", "1", actor="cy")
    shown = led("handover", "1", actor="ada")
    assert "cy      in the room, not tired" in shown.stdout
    assert "warroom handover OPS-1 incident-manager --to cy" in shown.stderr
    made = led.json("handover", "1", actor="ada")
    assert [each["person"] for each in made["successors"]] == ["cy"]
    assert made["text"].startswith("OPS-1 SEV1")
    assert led.json("card", "1", "scribe")["holder"] == ""
    assert "there is no role 'chef'" in led("card", "1", "chef").stderr


def test_a_handover_is_planned_and_called_off(led: Cli) -> None:
    told = led.json("handover", "1", "--at", "11:30", "--to", "bo", actor="ada")
    (lead,) = [role for role in told["roles"] if role["role"] == "incident-manager"]
    assert (lead["handover_at"], lead["handover_to"]) == ("2024-03-13T11:30:00Z", "bo")
    assert "handover:incident-manager" in {deadline["name"] for deadline in told["deadlines"]}
    assert led.out("handover", "1", "--cancel", actor="ada") == "OPS-1 handover: incident manager: no handover\n"
    for wrong in (("--cancel", "--to", "bo"), ("--at", "11:30", "--note", "x")):
        assert led("handover", "1", *wrong).exit_code == 2


def test_who_is_in_the_room(led: Cli) -> None:
    assert led.out("join", "1", actor="bo") == "OPS-1 joined: bo joined\n"
    assert led.out("awake", "1", "06:30", actor="bo") == "OPS-1 awake: bo has been awake since Wed 06:30 UTC\n"
    led.clock.advance(90)
    assert led.out("leave", "1", "--reason", "dinner", actor="bo") == "OPS-1 left: bo left: dinner\n"
    assert "ada is incident manager" in led("leave", "1", actor="ada").stderr
    shown = led.out("people", "1").splitlines()
    assert shown[0].split() == ["PERSON", "ROLE", "IN", "THE", "ROOM", "ON", "DUTY", "AWAKE"]
    assert shown[1].split() == ["ada", "incident", "manager", "1h30", "1h30"]
    assert shown[2].split() == ["bo", "left", "1h30", "5h00"]
    ada, bo = led.json_lines("people", "1")
    assert (ada["here"], ada["roles"], ada["on_duty_s"], ada["tired"]) == (True, ["incident manager"], 5400.0, "")
    assert (bo["left_at"], bo["awake_since"]) == ("2024-03-13T11:30:00Z", "2024-03-13T06:30:00Z")


def test_stepping_back_names_the_role(led: Cli) -> None:
    assert led.out("leave", "1", "incident-manager", "--reason", "home", actor="ada") == (
        "OPS-1 incident manager: ada stepped back: home\n"
    )


def test_duties_are_listed_and_ticked(led: Cli) -> None:
    assert led("duty", "1").stderr == "warroom: no duties: the rulebook lists none for it\n"
    assert "no duties in the rulebook" in led("duty", "1", "incident-manager", "1").stderr
    assert led("duty", "1", "--undo").exit_code == 2
    assert "has no role 'chef'" in led("duty", "1", "chef").stderr
