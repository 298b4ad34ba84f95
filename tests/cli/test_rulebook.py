"""`warroom rulebook`: from the first file to a revision in force, and what is told on the way."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import BOOK, Cli
from warroom.cli.errors import USAGE
from warroom.cli.rulebook import rulebook
from warroom.cli.shapes import rulebook as shapes
from warroom.resources import resource
from warroom.rulebook.load import load_rulebook
from warroom.rulebook.start import HINT, SCHEMA_FILE


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The rules of the tests' room as a directory of files."""
    directory = tmp_path / "rules"
    directory.mkdir()
    (directory / "book.yaml").write_bytes(BOOK)
    return directory


def edit(files: Path, old: str, new: str) -> str:
    """Change one place of the files; the revision that they make then."""
    path = files / "book.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load_rulebook(files).revision


def lines(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


# Beginning


def test_from_nothing_to_rules_in_force(warroom: Cli, tmp_path: Path) -> None:
    warroom.clock.now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # the default schedules begin in 2026
    directory = tmp_path / "new" / "rules"
    written = warroom.out("rulebook", "init", str(directory)).splitlines()
    assert {Path(line).name for line in written} == {
        *(path.name for path in (resource("seed_data") / "rulebook").glob("*.yaml")),
        SCHEMA_FILE,
    }
    checked = warroom("rulebook", "check", str(directory))
    assert (checked.exit_code, checked.stdout) == (0, "")
    assert checked.stderr == "warroom: nothing to say against it\n"
    published = warroom("rulebook", "publish", str(directory))
    revision = load_rulebook(directory).revision
    assert published.stdout == f"revision {revision} is in force\n"
    assert "made a new room" in published.stderr
    shown = warroom.json("rulebook", "show")
    assert (shown["revision"], shown["in_force"], shown["by"]) == (revision, True, "mina")
    assert warroom.json("declare", "Tills are down", "--severity", "SEV1")["escalation"]["revision"] == revision


def test_init_writes_what_the_default_is_with_a_hint_for_editors(warroom: Cli, tmp_path: Path) -> None:
    warroom.out("rulebook", "init", str(tmp_path / "r"))
    for source in (resource("seed_data") / "rulebook").glob("*.yaml"):
        assert (tmp_path / "r" / source.name).read_text(encoding="utf-8") == HINT + source.read_text(encoding="utf-8")
    schema = json.loads((tmp_path / "r" / SCHEMA_FILE).read_text(encoding="utf-8"))
    assert schema == json.loads(warroom.out("rulebook", "schema"))
    assert schema["title"] == "warroom rulebook" and {"services", "templates"} <= set(schema["properties"])
    assert HINT.endswith(f"={SCHEMA_FILE}\n")


@pytest.mark.parametrize("name", ["people.yaml", "mine.yml", SCHEMA_FILE])
def test_init_never_overwrites(warroom: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    result = warroom("rulebook", "init", str(tmp_path))
    assert result.exit_code == 1 and f"holds {name} already" in result.stderr
    assert (tmp_path / name).read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_init_as_json_names_the_files(warroom: Cli, tmp_path: Path) -> None:
    found = warroom.json_lines("rulebook", "init", str(tmp_path / "r"))
    assert all(Path(shapes.Written.model_validate(each).file).is_file() for each in found)


# Checking


def test_check_names_place_weight_and_remedy(warroom: Cli, files: Path) -> None:
    edit(files, "ack_timeout: 6m", "ack_timeout: 6s")
    result = warroom("rulebook", "check", str(files))
    assert result.exit_code == 0
    assert "book.yaml:17:67: warning: policies.urgent.levels.2.ack_timeout gives 6s to acknowledge" in result.stdout
    assert "it can be put in force" in result.stderr


def test_check_of_an_error_ends_with_one(warroom: Cli, files: Path) -> None:
    edit(files, "cy: { name: Cy, contacts: { mail: cy@example.org } }", "cy: { name: Cy }")
    result = warroom("rulebook", "check", str(files))
    assert result.exit_code == 1
    first = result.stdout.splitlines()[0]
    assert first.startswith("book.yaml:18:11: error: policies.urgent.then can reach nobody")
    assert "it is not put in force like that" in result.stderr


def test_check_of_files_that_cannot_be_read_lists_all_that_is_wrong(warroom: Cli, files: Path) -> None:
    path = files / "book.yaml"
    path.write_text(path.read_text().replace("rank: 1", "rank: one").replace("policy: urgent", "policy: urgnt"))
    result = warroom("rulebook", "check", str(files))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the rulebook has 2 problems" in result.stderr and "did you mean urgent?" in result.stderr
    as_json = warroom("rulebook", "check", str(files), "--json")
    assert (as_json.exit_code, as_json.stderr) == (1, "")
    found = [shapes.Finding.model_validate(each) for each in lines(as_json.stdout)]
    assert [(f.kind, f.weight, f.path, f.value) for f in found] == [
        ("unreadable", "error", "severities.SEV1.rank", '"one"'),
        ("unreadable", "error", "severities.SEV1.policy", '"urgnt"'),
    ]
    assert all(f.file == "book.yaml" and f.line and f.column for f in found)


def test_check_as_json(warroom: Cli, files: Path) -> None:
    edit(files, "ack_timeout: 6m", "ack_timeout: 6s")
    found = [shapes.Finding.model_validate(each) for each in warroom.json_lines("rulebook", "check", str(files))]
    (short,) = [each for each in found if each.kind == "ack-short"]
    assert (short.file, short.line, short.column, short.weight) == ("book.yaml", 17, 67, "warning")


def test_check_without_a_directory(room: Cli, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force = room.json_lines("rulebook", "check")
    assert in_force and all(each["file"] == "" for each in in_force)
    monkeypatch.setenv("WARROOM_RULEBOOK", str(files))
    assert {each["file"] for each in room.json_lines("rulebook", "check")} == {"book.yaml"}


def test_check_looks_as_far_ahead_as_it_is_told(warroom: Cli, files: Path) -> None:
    schedule = "schedules: { rota: { layers: { all: { people: [bo], until: 2024-04-01 } } } }\npolicies:\n"
    edit(files, "policies:\n", schedule)
    edit(files, '["oncall:second"], ack_timeout: 6m', '["oncall:rota"], ack_timeout: 6m')

    def gaps(*days: str) -> list[str]:
        found = warroom.json_lines("rulebook", "check", str(files), *days)
        return [each["what"] for each in found if each["kind"] == "schedule-gap"]

    assert gaps("--days", "10") == []
    (gap,) = gaps()
    assert "from Mon 01 Apr 09:00 UTC" in gap and "of the next 30d" in gap


def test_a_directory_that_is_not_there(warroom: Cli, tmp_path: Path) -> None:
    for command in ("check", "publish"):
        result = warroom("rulebook", command, str(tmp_path / "none"))
        assert result.exit_code == 1 and "No such file" in result.stderr


# Publishing


def test_publish_says_what_changed_and_who_keeps_the_old_rules(room: Cli, files: Path) -> None:
    old = room.json("rulebook", "show")["revision"]
    new = edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    result = room("rulebook", "publish", str(files), actor="ana")
    assert result.exit_code == 0
    out = result.stdout.splitlines()
    assert f"revision {new} is in force instead of {old}" in out
    assert "  ~ urgent › level 1 (primary) › ack_timeout: 5m → 4m" in out
    assert f"one running incident keeps the rules it began with (1 on {old})" in result.stderr
    assert room.json("show", "1")["escalation"]["revision"] == old
    again = room("rulebook", "publish", str(files))
    assert again.stdout.splitlines()[-1] == f"revision {new} is in force already: nothing changed"
    log = [shapes.Revision.model_validate(each) for each in room.json_lines("rulebook", "log")]
    assert [(r.revision, r.by, r.before, r.in_force, r.incidents) for r in log] == [
        (old, "mina", "", False, 1),
        (new, "ana", old, True, 0),
    ]


def test_publish_as_json(room: Cli, files: Path) -> None:
    old = room.json("rulebook", "show")["revision"]
    new = edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    told = shapes.PublishedRules.model_validate(room.json("rulebook", "publish", str(files)))
    assert (told.revision, told.before, told.incidents_on_others) == (new, old, 1)
    assert [(c.section, c.before, c.after) for c in told.changes] == [("policies", "5m", "4m")]
    assert told.findings


def test_what_would_page_nobody_is_not_published(room: Cli, files: Path) -> None:
    old = room.json("rulebook", "show")["revision"]
    new = edit(files, "cy: { name: Cy, contacts: { mail: cy@example.org } }", "cy: { name: Cy }")
    result = room("rulebook", "publish", str(files))
    assert result.exit_code == 1
    assert "book.yaml:18:11: error: policies.urgent.then can reach nobody" in result.stdout
    assert "not published: check finds one error" in result.stderr
    assert room.json("rulebook", "show")["revision"] == old
    assert room("rulebook", "publish", str(files), "--anyway").exit_code == 0
    assert room.json("rulebook", "show")["revision"] == new


def test_files_that_cannot_be_read_are_not_published(room: Cli, files: Path) -> None:
    (files / "book.yaml").write_text("people: [")
    result = room("rulebook", "publish", str(files), "--anyway")
    assert result.exit_code == 1 and "is not YAML" in result.stderr
    assert len(room.json_lines("rulebook", "log")) == 1


# Looking


def test_show_a_revision_in_force_one_of_the_past_and_a_directory(room: Cli, files: Path) -> None:
    old = room.json("rulebook", "show")["revision"]
    new = edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    assert room.json("rulebook", "show", str(files))["revision"] == new
    room.out("rulebook", "publish", str(files))
    page = room.out("rulebook", "show").splitlines()
    assert page[0] == f"{new}  in force since 2024-03-13 10:00 UTC, by mina"
    assert any("L1" in line and "oncall:first" in line and "acknowledge within 4m" in line for line in page)
    past = room.out("rulebook", "show", old[:6]).splitlines()
    assert past[0].startswith(f"{old}  not in force since") and "1 running incident on it" in past
    shown = shapes.Rules.model_validate(room.json("rulebook", "show", old))
    assert (shown.in_force, shown.incidents, shown.rules["room"]["prefix"]) == (False, 1, "OPS")


def test_the_page_says_all_that_a_level_does(room: Cli, files: Path) -> None:
    edit(
        files,
        "ack_timeout: 5m",
        "ack_timeout: 5m, mode: round_robin, warn: 2m, when: {severity: SEV1}, "
        "confirm: {by: [person:bo], within: 3m, otherwise: skip, when: {service: pay*}}, "
        "accountable: [person:ada], consulted: [person:bo], informed: [person:cy]",
    )
    page = room.out("rulebook", "show", str(files))
    assert (
        "  L1 takes turns: one of them is paged; the level before is warned 2m earlier; only when severity SEV1; "
        "asks person:bo first when service pay*, and is passed over without an answer within 3m; "
        "accountable: person:ada; consulted: person:bo; informed: person:cy\n"
    ) in page


@pytest.mark.parametrize("name", ["abcdef", "", "inforc"])
def test_a_revision_that_is_not_held_is_named(room: Cli, name: str) -> None:
    result = room("rulebook", "show", name)
    assert result.exit_code == 1 and "holds no revision" in result.stderr and "rulebook log" in result.stderr


def test_diff_between_directories_revisions_and_what_is_in_force(room: Cli, files: Path) -> None:
    old = room.json("rulebook", "show")["revision"]
    new = edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    words = "policies\n  ~ urgent › level 1 (primary) › ack_timeout: 5m → 4m\n"
    assert room.out("rulebook", "diff", "inforce", str(files)) == words
    assert room.out("rulebook", "diff", str(files)) == words
    assert room.out("rulebook", "diff", old[:4], str(files)) == words
    assert room.out("rulebook", "diff", str(files), old) == words.replace("5m → 4m", "4m → 5m")
    room.out("rulebook", "publish", str(files))
    assert room.out("rulebook", "diff", old, new) == words
    same = room("rulebook", "diff", "inforce", str(files))
    assert (same.exit_code, same.stdout) == (0, "") and "no difference" in same.stderr
    (change,) = room.json_lines("rulebook", "diff", old, new)
    assert shapes.RuleChange.model_validate(change).kind == "changed"


def test_diff_of_two_directories_needs_no_room(warroom: Cli, files: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "book.yaml").write_bytes(BOOK.replace(b"name: Bo,", b"name: Bob,"))
    assert warroom.out("rulebook", "diff", str(files), str(other)) == "people\n  ~ bo › name: Bo → Bob\n"
    assert not warroom.db.exists()


def test_log_for_people(room: Cli, files: Path) -> None:
    edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    room.out("rulebook", "publish", str(files), actor="ana")
    heads, first, second = room.out("rulebook", "log").splitlines()
    assert heads.split()[0] == "REVISION"
    assert "mina" in first and "1 running" in first and "the first" in first
    assert "ana" in second and "in force" in second


# Moving


def test_a_running_incident_moves_to_the_rules_in_force(room: Cli, files: Path) -> None:
    new = edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    room.out("rulebook", "publish", str(files))
    moved = room.json("rulebook", "move", "1", "--yes")
    assert moved["escalation"]["revision"] == new
    assert moved["escalation"]["next_at"] == "2024-03-13T10:04:00Z"
    assert moved["events"][0]["kind"] == "rules_moved"
    assert [each["incidents"] for each in room.json_lines("rulebook", "log")] == [0, 1]
    again = room("rulebook", "move", "1")
    assert again.exit_code == 1 and "runs under revision" in again.stderr


def test_a_move_shows_the_difference_and_asks(room: Cli, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.cli.rulebook._answers", lambda: True)
    old = room.json("rulebook", "show")["revision"]
    new = edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    room.out("rulebook", "publish", str(files))
    refused = room("rulebook", "move", "OPS-1", input="n\n")
    assert refused.exit_code == 1
    assert "L1 acknowledge timeout 5m becomes 4m" in refused.stderr
    assert f"move OPS-1 from revision {old} to {new}?" in refused.stderr
    assert f"OPS-1 stays on revision {old}" in refused.stderr
    assert room.json("show", "1")["escalation"]["revision"] == old
    assert room("rulebook", "move", "OPS-1", new, input="y\n").exit_code == 0
    assert room.json("show", "1")["escalation"]["revision"] == new
    back = room("rulebook", "move", "OPS-1", old[:5], input="y\n")
    assert back.exit_code == 0 and room.json("show", "1")["escalation"]["revision"] == old


def test_a_move_that_nobody_can_be_asked_about_needs_a_yes(room: Cli, files: Path) -> None:
    edit(files, "ack_timeout: 5m", "ack_timeout: 4m")
    room.out("rulebook", "publish", str(files))
    for extra in ((), ("--json",)):
        result = room("rulebook", "move", "1", *extra)
        assert result.exit_code == USAGE and "--yes" in result.stderr


# The group


def test_the_group_names_its_commands_and_what_is_nearly_one(warroom: Cli) -> None:
    result = warroom.bare("rulebook", "--help")
    assert result.exit_code == 0
    for name, entry in rulebook.entries.items():
        assert f"  {name} " in result.stdout and entry.help in result.stdout
        assert warroom.bare("rulebook", name, "--help").exit_code == 0
    wrong = warroom.bare("rulebook", "chek")
    assert wrong.exit_code == USAGE and "did you mean check" in wrong.stderr


def test_global_options_stand_anywhere(room: Cli) -> None:
    shown = [
        room.bare("--db", str(room.db), "--json", "rulebook", "log"),
        room.bare("rulebook", "--db", str(room.db), "--json", "log"),
        room.bare("rulebook", "log", "--db", str(room.db), "--json"),
    ]
    assert len({each.stdout for each in shown}) == 1 and shown[0].exit_code == 0


# The directory that is watched


def test_board_and_engine_refuse_what_is_no_directory(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = os.path.join("no", "where")  # noqa: PTH118
    named = room("engine", "--rulebook", nowhere)
    monkeypatch.setenv("WARROOM_RULEBOOK", nowhere)
    for result in (named, room("engine")):
        assert result.exit_code == USAGE and f"{nowhere} is not a directory: warroom rulebook init" in result.stderr
