"""Every command that changes something: what it does, what it says, and what it says to programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import T0, Cli
from warroom.cli.rooms import _Waiting
from warroom.cli.settings import Settings
from warroom.service.acting import host_name
from warroom.store import presence
from warroom.store.codec import to_us
from warroom.store.db_errors import Holder

NOBODY = "nobody keeps the timers of this room going"


def kinds(outcome: dict[str, Any]) -> list[str]:
    """The kinds of the events that a command caused."""
    return [event["kind"] for event in outcome["events"]]


def test_declare_says_what_happened_and_who_was_paged(warroom: Cli) -> None:
    result = warroom("declare", "Tills are down", "--severity", "SEV1")
    assert result.exit_code == 0
    assert result.stdout == "OPS-1 declared: SEV1 Tills are down; paged L1 ada by sms chat\n"
    assert f"made a new room in {warroom.db}" in result.stderr
    assert NOBODY in result.stderr


def test_declare_in_full(warroom: Cli) -> None:
    told = warroom.json(
        *("declare", "Tills are down", "--severity", "sev1", "--service", "till", "--summary", "-"),
        *("--started", "9:40", "--label", "shop=north", "--label", "case=7"),
        input="No card is taken.\n\nCash works.\n",
    )
    assert told["key"] == "OPS-1"
    assert told["severity"] == "SEV1"
    assert told["status"] == "new"
    assert told["live"] is True
    assert told["service"] == "till"
    assert told["summary"] == "No card is taken.\n\nCash works."
    assert told["labels"] == {"shop": "north", "case": "7"}
    assert told["declared_by"] == "mina"
    assert told["provider"] == told["source_id"] == told["lead"] == ""
    assert told["times"] == {
        "started": "2024-03-13T09:40:00Z",
        "detected": None,
        "declared": "2024-03-13T10:00:00Z",
        "acknowledged": None,
        "mitigated": None,
        "resolved": None,
        "closed": None,
        "status_since": "2024-03-13T10:00:00Z",
    }
    assert told["escalation"]["level"] == 1
    assert told["escalation"]["phase"] == "running"
    assert told["escalation"]["next_at"] == "2024-03-13T10:05:00Z"
    assert told["deadlines"][0] == {"name": "role:incident-manager", "at": "2024-03-13T10:04:00Z"}
    assert [stream["channel"] for stream in told["streams"]] == ["internal", "public"]
    assert kinds(told)[:3] == ["declared", "escalation_planned", "level_paged"]
    assert [event["version"] for event in told["events"]] == list(range(1, told["version"] + 1))
    assert [event["seq"] for event in told["events"]] == list(range(1, told["version"] + 1))
    paged = told["events"][2]
    assert paged["data"]["pages"][0] == {"to": "ada", "via": "sms", "target": "oncall:first"}
    assert paged["data"]["ack_due"] == "2024-03-13T10:05:00Z"


def test_declare_waits_for_paging_hours_and_says_so(warroom: Cli) -> None:
    out = warroom.out("declare", "Slow", "--severity", "SEV3")
    assert out == "OPS-1 declared: SEV3 Slow; nobody paged before Mon 09:00 UTC (4d23h) (paging hours)\n"


def test_declare_does_not_make_a_room_when_it_is_refused(warroom: Cli) -> None:
    assert warroom("declare").exit_code == 2
    assert warroom("declare", "x", "--severity", "SEV1", "--label", "x").exit_code == 2
    assert warroom("declare", "x", "--severity", "SEV1", "--started", "soon").exit_code == 2
    assert not warroom.db.exists()


def test_declare_refuses_an_unknown_severity_by_naming_those_there_are(warroom: Cli) -> None:
    result = warroom("declare", "x", "--severity", "P0")
    assert result.exit_code == 1
    assert "SEV1, SEV2, SEV3" in result.stderr


def test_a_command_on_a_room_that_is_not_there_makes_none(warroom: Cli) -> None:
    for args in (("ack", "1"), ("note", "1", "x"), ("list",), ("gaps",)):
        result = warroom(*args)
        assert result.exit_code == 1
        assert str(warroom.db) in result.stderr
        assert not warroom.db.exists()


def test_acknowledge(room: Cli) -> None:
    room.clock.advance(2)
    assert room.out("ack", "1") == "OPS-1 L1 acknowledged by mina\n"
    told = room.json("show", "1")
    assert told["escalation"]["acked_by"] == "mina"
    assert told["escalation"]["acked_at"] == told["times"]["acknowledged"] == "2024-03-13T10:02:00Z"
    again = room("ack", "1")
    assert again.exit_code == 1
    assert "already acknowledged by mina" in again.stderr


def test_acknowledge_only_the_level_that_was_seen(room: Cli) -> None:
    room.clock.advance(6)
    room.tick()
    stale = room("ack", "1", "--level", "1")
    assert stale.exit_code == 3
    assert "level 2 was paged since you looked" in stale.stderr
    assert room.json("ack", "1", "--level", "2")["escalation"]["acked_by"] == "mina"


def test_escalate_to_the_next_level_to_a_person_and_not_beyond_the_end(room: Cli) -> None:
    assert room.out("escalate", "1") == "OPS-1 paged L2 bo by chat (by hand)\n"
    out = room.out("escalate", "1", "--to", "cy", "--reason", "knows the tills")
    assert out == "OPS-1 paged cy by mail (by hand): knows the tills\n"
    assert room("escalate", "1", "--level", "1").exit_code == 3
    end = room("escalate", "1")
    assert end.exit_code == 1
    assert "name a person to page" in end.stderr
    assert "cannot be paged" in room("escalate", "1", "--to", "nobody").stderr


def test_snooze_and_wake(room: Cli) -> None:
    out = room.out("snooze", "1", "30m", "--reason", "waiting for the bank")
    assert out == "OPS-1 snoozed until 10:30 UTC (30m)\n"
    told = room.json("show", "1")["escalation"]
    assert (told["snoozed_until"], told["snooze_reason"]) == ("2024-03-13T10:30:00Z", "waiting for the bank")
    assert told["next_at"] == told["snoozed_until"]
    assert room.json("snooze", "1", "10:45", "--reason", "still")["escalation"]["snoozed_until"].endswith("10:45:00Z")
    past = room("snooze", "1", "2024-03-13T09:00Z", "--reason", "x")
    assert past.exit_code == 1
    assert "in the future" in past.stderr
    assert room("snooze", "1", "30m").exit_code == 2
    assert room.out("wake", "1").startswith("OPS-1 woken\n")
    assert room.json("show", "1")["escalation"]["snoozed_until"] is None
    assert room("wake", "1").exit_code == 1


def test_status_and_the_stage_that_was_seen(room: Cli) -> None:
    assert room.out("status", "1", "investigating") == "OPS-1 new → investigating\n"
    stale = room("status", "1", "MITIGATING", "--if-status", "new")
    assert stale.exit_code == 3
    assert room.out("status", "1", "MITIGATING", "--if-status", "investigating") == "OPS-1 investigating → mitigating\n"
    assert room("status", "1", "burning").exit_code == 2
    assert room("status", "1", "resolved").exit_code == 1


def test_resolve_close_and_reopen(room: Cli) -> None:
    assert room("resolve", "1").exit_code == 2
    early = room("close", "1", "--reason", "x")
    assert early.exit_code == 1
    assert "resolve it before you close it" in early.stderr
    assert room.out("resolve", "1", "--reason", "cards are taken again") == (
        "OPS-1 new → resolved; nobody is paged any more; "
        "a last update is due on internal 10:15 UTC (15m), public 10:30 UTC (30m)\n"
    )
    room.out("reopen", "1", "--reason", "not all")
    told = room.json("resolve", "1", "--reason", "now all")
    assert told["status"] == "resolved"
    assert told["live"] is False
    assert told["escalation"]["phase"] == "stopped"
    assert "escalation_stopped" in kinds(told)
    assert room.out("close", "1", "--reason", "review waived").startswith("OPS-1 resolved → closed")
    room.clock.advance(60)
    out = room.out("reopen", "1", "--status", "mitigating", "--reason", "it is back")
    assert out == "OPS-1 closed → mitigating; paged L1 ada by sms chat\n"
    assert room("reopen", "1", "--status", "new", "--reason", "x").exit_code == 2
    assert room.json("show", "1")["times"]["resolved"] is None


def test_severity_and_the_one_that_was_seen(room: Cli) -> None:
    assert room("severity", "1", "SEV2").exit_code == 2
    assert room("severity", "1", "SEV2", "--reason", "x", "--if-severity", "SEV3").exit_code == 3
    assert room.out("severity", "1", "sev2", "--reason", "one shop only").startswith("OPS-1 SEV1 → SEV2")
    out = room.out("severity", "1", "SEV1", "--reason", "all shops")
    assert out == "OPS-1 SEV2 → SEV1; paged L1 ada by sms chat\n"


def test_amend(room: Cli) -> None:
    told = room.json("amend", "1", "--title", "All tills are down", "--summary", "-", "--started", "30m", input="north")
    assert told["title"] == "All tills are down"
    assert told["summary"] == "north"
    assert told["times"]["started"] == "2024-03-13T09:30:00Z"
    assert told["service"] == "till"
    assert "title" in room.out("amend", "1", "--title", "Tills", "--reason", "shorter")
    assert room("amend", "1").exit_code == 1


def test_roles(room: Cli) -> None:
    assert room.out("role", "1", "incident-manager") == "OPS-1 incident manager: mina\n"
    assert room.json("show", "1")["lead"] == "mina"
    taken = room("role", "1", "incident-manager", "bo")
    assert taken.exit_code == 1
    assert "give a reason" in taken.stderr
    out = room.out("role", "1", "incident-manager", "bo", "--reason", "asleep")
    assert out == "OPS-1 incident manager: bo (was mina): asleep\n"
    unknown = room("role", "1", "captain")
    assert unknown.exit_code == 1
    assert "incident-manager, scribe" in unknown.stderr
    assert room.out("leave", "1", "incident-manager", "--reason", "home", actor="bo") == (
        "OPS-1 incident manager: bo stepped back: home\n"
    )


def test_handover(room: Cli) -> None:
    room.out("role", "1", "incident-manager")
    out = room.out("offer", "1", "incident-manager", "bo", "--note", "the bank knows")
    assert out == "OPS-1 incident manager offered to bo until 10:10 UTC (10m)\n"
    (role,) = room.json("show", "1")["roles"]
    assert (role["holder"], role["offered_to"], role["offered_by"]) == ("mina", "bo", "mina")
    assert role["offer_lapses_at"] == "2024-03-13T10:10:00Z"
    assert room("accept", "1", "incident-manager", actor="cy").exit_code == 1
    assert room.out("decline", "1", "incident-manager", actor="bo").endswith("was declined\n")
    assert room("accept", "1", "incident-manager", actor="bo").exit_code == 3
    room.out("offer", "1", "incident-manager", "bo")
    out = room.out("accept", "1", "incident-manager", actor="bo")
    assert out == "OPS-1 incident manager: bo (handed over by mina)\n"
    assert room.json("show", "1")["lead"] == "bo"


def test_an_offer_that_replaces_another_is_told(room: Cli) -> None:
    room.out("offer", "1", "scribe", "bo")
    assert "scribe offered to cy" in room.out("offer", "1", "scribe", "cy")


def test_updates(room: Cli) -> None:
    room.clock.advance(5)
    out = room.out("update", "1", "internal", "The bank is looking.")
    assert out == "OPS-1 update posted on internal; next update due 10:25 UTC (20m)\n"
    told = room.json("update", "1", "public", "We are on it.", "--next", "11:00", "--audience", "internal")
    (public,) = [stream for stream in told["streams"] if stream["channel"] == "public"]
    assert (public["due"], public["promised"], public["count"]) == ("2024-03-13T11:00:00Z", True, 1)
    assert public["last_at"] == "2024-03-13T10:05:00Z"
    assert public["every_s"] == 1800
    assert told["events"][0]["data"]["audience"] == "internal"
    unknown = room("update", "1", "radio", "x")
    assert unknown.exit_code == 1
    assert "internal, public" in unknown.stderr
    assert room("update", "1", "internal", "").exit_code == 1
    assert room("update", "1", "internal", "x", "--next", "2024-03-13T10:00").exit_code == 2


def test_a_stream_is_late_once_its_time_has_come(room: Cli) -> None:
    def late() -> list[bool]:
        return [stream["late"] for stream in room.json("show", "1")["streams"]]

    room.clock.advance(9.99)
    assert late() == [False, False]
    room.clock.advance(0.01)
    assert late() == [True, False]


def test_notes(room: Cli) -> None:
    assert room.out("note", "1", "roll back", "--kind", "decision") == "OPS-1 decision written down\n"
    line = room.json_lines("log", "1")[-1]
    assert (line["kind"], line["text"], line["data"]["note_kind"]) == ("noted", "roll back", "decision")
    assert room("note", "1", "x", "--kind", "poem").exit_code == 2
    assert room("note", "1", "  ").exit_code == 1


@pytest.mark.parametrize("name", ["ack", "wake", "escalate"])
def test_commands_on_an_unknown_incident(name: str, room: Cli) -> None:
    result = room(name, "7", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert '"kind": "not_found"' in result.stderr


@pytest.mark.parametrize(("seconds_ago", "noticed"), [(0, True), (3600, False)])
def test_somebody_who_keeps_the_timers_going_is_noticed(room: Cli, seconds_ago: int, noticed: bool) -> None:
    # Signs of life are told in the machine's time, whatever time it is in the room.
    seen = to_us(datetime.now(UTC) - timedelta(seconds=seconds_ago))
    row = {"id": "a", "login": "bo", "host": f"not-{host_name()}", "pid": 1, "kind": "engine", "lag_us": 0, "note": ""}
    with room.session() as session:
        presence.arrive(session.database, {**row, "started_at": seen, "seen_at": seen})
    assert (NOBODY not in room("note", "1", "x").stderr) is noticed


def test_what_is_told_beside_json_is_json(warroom: Cli) -> None:
    result = warroom("declare", "x", "--severity", "SEV1", "--json")
    notes = [json.loads(line) for line in result.stderr.splitlines()]
    assert len(notes) == 2
    assert all(list(note) == ["note"] for note in notes)


def test_whom_a_write_waits_for_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = _Waiting(Settings())
    holder = Holder("alice", 4711, "jump01", "running")
    for seconds in (2.0, 3.0):
        waiting(holder, seconds)
    waiting(Holder("alice", 4711, "jump01", "stopped"), 4.0)
    told = capsys.readouterr().err.splitlines()
    assert told == ["warroom: waiting for alice, pid 4711", "warroom: waiting for alice, pid 4711, stopped"]


def test_times_have_as_many_digits_as_there_are(warroom: Cli) -> None:
    warroom.clock.now = T0 + timedelta(microseconds=250_000)
    assert warroom.json("declare", "x", "--severity", "SEV1")["times"]["declared"] == "2024-03-13T10:00:00.25Z"
    warroom.clock.now = T0 + timedelta(microseconds=1)
    assert warroom.json("note", "1", "x")["events"][0]["at"] == "2024-03-13T10:00:00.000001Z"
