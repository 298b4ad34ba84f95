"""`list`, `show`, `log` and `gaps`: for people and for programs."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli
from tests.support.allowlist import violations
from warroom.cli import shelf
from warroom.domain.text import cell_width

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\u202eevil\u200b\x9b2J [link=x]tag[/] \N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}"


def test_list_for_people(room: Cli) -> None:
    room.out("declare", "Slow reports", "--severity", "SEV3")
    room.out("declare", "Printing fails", "--severity", "SEV2")
    room.clock.advance(2)
    assert room.out("list").splitlines() == [
        "KEY    SEV     STATUS  LEAD     NEXT PAGE  UPDATE DUE      TITLE",
        "OPS-1  ! SEV1  new     — 02:00  L2 03:00   internal 08:00  Tills are down",
        "OPS-3  = SEV2  new     —        ends 28m   —               Printing fails",
        "OPS-2  - SEV3  new     —        Mon 09:00  —               Slow reports",
    ]


def test_list_for_programs_has_the_same_incidents_in_the_same_order(room: Cli) -> None:
    room.out("declare", "Slow reports", "--severity", "SEV3")
    room.out("declare", "Printing fails", "--severity", "SEV2")
    listed = room.json_lines("list")
    assert [incident["key"] for incident in listed] == ["OPS-1", "OPS-3", "OPS-2"]
    assert listed[0] == room.json("show", "OPS-1")


def test_list_leaves_out_what_is_over_unless_asked(room: Cli) -> None:
    room.out("declare", "Printing fails", "--severity", "SEV2")
    room.out("resolve", "1", "--reason", "fixed")
    assert [incident["key"] for incident in room.json_lines("list")] == ["OPS-2"]
    assert [incident["key"] for incident in room.json_lines("list", "--all")] == ["OPS-1", "OPS-2"]
    assert "resolved" in room.out("list", "--all")


@pytest.mark.parametrize("extra", [(), ("--all",), ("--sort", "key"), ("--all", "--filter", "sev:1,2,3")])
def test_only_the_first_of_them(room: Cli, extra: tuple[str, ...]) -> None:
    for title in ("Slow reports", "Printing fails", "Nothing prints"):
        room.out("declare", title, "--severity", "SEV3")
    whole = [incident["key"] for incident in room.json_lines("list", *extra)]
    assert len(whole) == 4
    for most in (1, 3, 9):
        assert [incident["key"] for incident in room.json_lines("list", *extra, "--limit", str(most))] == whole[:most]
        assert len(room.out("list", *extra, "--limit", str(most)).splitlines()) == 1 + min(most, 4)


def test_what_programs_read_of_a_long_list_does_not_stay_in_memory(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    before = room.json_lines("list", "--all")
    monkeypatch.setattr(shelf, "RUN", 1)  # it goes through a file
    assert room.json_lines("list", "--all") == before
    assert before


def test_an_empty_list_is_no_error(room: Cli) -> None:
    room.out("resolve", "1", "--reason", "fixed")
    for command in ("list", "gaps"):
        result = room(command)
        assert (result.exit_code, result.stdout) == (0, "")
        assert "no live incident" in result.stderr
        assert room.json_lines(command) == []
        assert room(command, "--json").stderr == ""


def test_an_exhausted_policy_leads_the_line(room: Cli) -> None:
    for minutes in (6, 7, 7):
        room.clock.advance(minutes)
        room.tick()
    (line,) = room.out("list").splitlines()[1:]
    assert "EXHAUSTED" in line
    assert "! policy urgent is exhausted: nobody has acknowledged: Tills are down" in line
    assert room.json("show", "1")["escalation"]["phase"] == "exhausted"


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_titles_are_cut_to_the_width_in_cells(room: Cli, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    room.out("declare", "결제가 실패합니다 " * 20, "--severity", "SEV2")
    room.out("declare", "x" * 190, "--severity", "SEV2")
    assert max(cell_width(line) for line in room.out("list").splitlines()) > 190
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = room.out("list").splitlines()
    assert all(cell_width(line) <= max(columns, 70) for line in lines)
    assert all(line.endswith("…") for line in lines[2:])
    heads = lines[0].index("TITLE")
    assert all(
        cell_width(line[: line.index(title)]) == heads for line, title in zip(lines[2:], ("결제", "xx"), strict=True)
    )


def test_show_for_people(room: Cli) -> None:
    room.out("role", "1", "incident-manager")
    room.out("offer", "1", "scribe", "bo")
    room.out("amend", "1", "--summary", "No card is taken.\nCash works.", "--started", "9:30")
    room.clock.advance(3)
    room.out("ack", "1", actor="ada")
    room.out("update", "1", "internal", "Looking.", "--next", "10:20")
    room.clock.advance(13)
    page = room.out("show", "1")
    for expected in (
        "! SEV1  OPS-1  Tills are down",
        "new since 10:00 · till · north · tier 1 · shop=north",
        "impact started 09:30 · declared 10:00 by mina · acknowledged 10:03 · times are UTC",
        "\nNo card is taken.\nCash works.\n",
        "  incident manager  mina  since 10:00\n",
        "  scribe            —",
        "offered to bo",
        "  policy urgent; next: acked 05:00",
        "  L1  primary  paged 10:00; acknowledged 10:03 by ada\n               ada by sms chat\n",
        "  L2  backup   due 05:00\n               second\n",
        "  after the last level: cy in 11m",
        "  internal  internal  due 04:00 (promised)  1 posted, last 10:03, silent for 13m",
        "  public    external  due LATE 01:00        nothing posted yet, silent for 16m",
        "  longest silence 33m on internal",
        "10:03:00  ada   acknowledged  L1 acknowledged",
    ):
        assert expected in page, expected


def test_show_of_one_that_was_closed(room: Cli) -> None:
    room.out("resolve", "1", "--reason", "fixed")
    room.clock.advance(30)
    room.out("close", "1", "--reason", "reviewed")
    page = room.out("show", "1")
    assert "closed since 10:30" in page
    assert "resolved 10:00 · closed 10:30" in page
    assert "silent" not in page


def test_log_for_people(room: Cli) -> None:
    room.clock.advance(5.5)
    room.tick()
    room.clock.advance(24 * 60)
    room.out("note", "1", "first line\nsecond line", "--kind", "decision", actor="ada")
    lines = room.out("log", "1").splitlines()
    assert lines[0] == "2024-03-13"
    assert lines[1] == "10:00:00  mina    declared    SEV1 Tills are down"
    assert any(line.endswith("engine  paged       L2 bo by chat (acknowledge timeout) (late by 30s)") for line in lines)
    assert lines[-3:] == [
        "2024-03-14",
        "10:05:30  ada     decision    first line",
        "                              second line",
    ]


def test_log_for_programs(room: Cli) -> None:
    room.clock.advance(5.5)
    room.tick()
    lines = room.json_lines("log", "ops-1")
    assert [line["version"] for line in lines] == list(range(1, len(lines) + 1))
    assert {line["key"] for line in lines} == {"OPS-1"}
    assert lines[0]["late_s"] is None
    page = lines[-1]
    assert (page["kind"], page["actor"]) == ("level_paged", "engine")
    assert (page["due"], page["recorded_at"], page["late_s"]) == ("2024-03-13T10:05:00Z", "2024-03-13T10:05:30Z", 30.0)
    assert page["data"]["why"] == "acknowledge timeout"
    opened = next(line for line in lines if line["kind"] == "stream_opened")
    due, every = "2024-03-13T10:10:00Z", 1200.0
    first = {"channel": "internal", "audience": "internal", "due": due, "every": every, "warn_at": None}
    assert opened["data"] == first
    assert room.json_lines("log", "1", "--last", "2") == lines[-2:]
    assert room("log", "1", "--last", "0").exit_code == 2


def test_long_lines_of_the_log_are_wrapped_beside_the_time(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    room.out("note", "1", "word " * 40)
    monkeypatch.setenv("COLUMNS", "60")
    lines = room.out("log", "1").splitlines()
    assert max(map(cell_width, lines)) <= 60
    assert lines[-1].startswith(" " * 28 + "word")


def test_gaps_of_a_declared_incident(room: Cli) -> None:
    room.clock.advance(10)
    room.out("update", "1", "public", "x")
    room.clock.advance(15)
    room.out("update", "1", "internal", "what the outside was not told breaks no silence")
    room.clock.advance(10)
    room.out("update", "1", "public", "x")
    room.clock.advance(5)
    room.out("resolve", "1", "--reason", "fixed")
    assert room.json_lines("gaps") == []
    expected = {
        "key": "OPS-1",
        "provider": "",
        "source_id": "",
        "start": "2024-03-13T10:00:00+00:00",
        "first_update": "2024-03-13T10:10:00+00:00",
        "closed": "2024-03-13T10:40:00+00:00",
        "gaps_min": {"start_to_first": [10.0], "between": [25.0], "last_to_resolved": [5.0]},
        "max_gap_min": 25.0,
    }
    assert room.json("gaps", "1") == room.json("gaps", "--all") == expected
    assert room.out("gaps", "1").splitlines() == [
        "KEY    LONGEST  TO FIRST  BETWEEN  AT MOST  TO RESOLVED  CLOSED            FROM",
        "OPS-1  25m      10m       1        25m      5m           2024-03-13 10:40  declared here",
    ]
    assert room("gaps", "1", "--all").exit_code == 2
    assert room("gaps", "1", "9").exit_code == 1


def test_nothing_from_outside_drives_the_terminal(warroom: Cli) -> None:
    warroom.out(
        *("declare", HOSTILE, "--severity", "SEV1", "--service", HOSTILE, "--summary", HOSTILE + "\n" + HOSTILE),
        *("--label", f"{HOSTILE}={HOSTILE}"),
        actor=HOSTILE,
    )
    warroom.out("role", "1", "incident-manager", HOSTILE)
    warroom.out("update", "1", "internal", HOSTILE)
    warroom.out("note", "1", HOSTILE, actor=HOSTILE)
    for command in (("list",), ("show", "1"), ("log", "1"), ("gaps",), ("show", HOSTILE), ("severity", "1", HOSTILE)):
        for extra in ((), ("--json",)):
            if command[0] == "severity":
                command = (*command, "--reason", HOSTILE)
            result = warroom(*command, *extra)
            assert violations(result.stdout_bytes) == []
            assert violations(result.stderr_bytes) == []
    assert "red" in warroom.out("list")


def test_colour_goes_to_terminals_that_want_it(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in room.out("list")
    monkeypatch.setattr("warroom.cli.output._is_terminal", lambda: True)
    result = room("list", color=True)
    assert "\x1b[31m" in result.stdout
    assert violations(result.stdout_bytes) == []
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in room("list", color=True).stdout
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in room("list", color=True).stdout


def test_looking_changes_nothing(room: Cli) -> None:
    def seq() -> int:
        with room.session() as session:
            return session.seq()

    before = seq()
    room.clock.advance(600)
    for command in (("list",), ("list", "--all"), ("show", "1"), ("log", "1"), ("gaps", "--all")):
        room.out(*command)
        room.out(*command, "--json")
    assert seq() == before


def test_the_doctor_finds_a_sound_room_sound(room: Cli) -> None:
    checks = room.json_lines("doctor")
    assert checks
    assert [check for check in checks if not check["good"]] == []
    assert len(room.out("doctor").splitlines()) == len(checks)


def test_live_keys_complete(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import ShellComplete

    from warroom.cli.main import cli
    from warroom.cli.settings import Settings

    room.out("declare", "Printing fails", "--severity", "SEV2")
    room.out("resolve", "2", "--reason", "fixed")

    def complete(*args: str, incomplete: str = "") -> list[str]:
        found = ShellComplete(cli, {"obj": Settings(clock=room.clock)}, "warroom", "_WARROOM_COMPLETE")
        return [item.value for item in found.get_completions(list(args), incomplete)]

    assert complete("--db", str(room.db), "ack") == ["OPS-1"]
    assert complete("ack", "--db", str(room.db), incomplete="ops") == ["OPS-1"]
    assert complete("ack", "--db", str(room.db), incomplete="1") == ["OPS-1"]
    assert complete("ack", "--db", str(room.db) + ".no") == []
    assert complete(incomplete="sn") == ["snooze"]
    assert complete("ack", incomplete="--l") == ["--level"]
