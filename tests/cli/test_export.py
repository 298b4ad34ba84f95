"""`warroom export` and `warroom debug`: views as files, and what a report of a fault needs."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from warroom.cli.export import FORMS, OF_INCIDENT, OF_ROOM


@pytest.mark.parametrize("form", FORMS[:3])
@pytest.mark.parametrize("what", [*OF_ROOM, *OF_INCIDENT])
def test_every_view_in_every_form(room: Cli, what: str, form: str) -> None:
    key = ("1",) if what in OF_INCIDENT else ()
    text = room.out("export", what, *key, "--format", form)
    match form:
        case "md":
            assert text.startswith("# ")
        case "csv":
            rows = list(csv.reader(io.StringIO(text, newline="")))
            assert len({len(row) for row in rows}) == 1
        case _:
            assert json.loads(text)["view"] == what
    if what in ("board", *OF_INCIDENT) and form != "csv":
        assert "OPS-1" in text


def test_the_timeline_as_a_picture(room: Cli) -> None:
    assert room.out("export", "timeline", "1", "--format", "svg").startswith("<svg ")
    refused = room("export", "board", "--format", "svg")
    assert refused.exit_code == 2
    assert "key X draws any screen" in refused.stderr


def test_into_a_file_that_ends_as_its_form_does(room: Cli, tmp_path: Path) -> None:
    path = tmp_path / "live.csv"
    assert room.out("export", "board", "--output", str(path)) == f"{path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("key,severity,title")
    again = room("export", "board", "--output", str(path))
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert room.json("export", "board", "--output", str(path), "--force") == {
        "file": str(path), "what": "board", "format": "csv",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("room",), "name it"),
        (("board", "1"), "no incident"),
        (("room", "7"), "OPS-7"),
        (("board", "--output", "/nowhere/x"), "/nowhere/x"),
        (("board", "--output", "live.pdf"), "live.pdf ends in none of .md, .csv, .json, .svg"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_words(room: Cli, args: tuple[str, ...], said: str) -> None:
    result = room("export", *args)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


def test_debug_says_what_is_running_and_keeps_secrets(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(room.db.parent))
    monkeypatch.setenv("WARROOM_SECRET_SMTP", "hunter2")
    monkeypatch.setenv("TMUX", "/tmp/tmux-1000/default,4711,0")
    monkeypatch.setenv("TERM", "xterm-\x1b[2J")
    rows = {(row["part"], row["name"]): row["value"] for row in room.json_lines("debug")}
    assert rows["Program", "textual"] == "8.2.8"
    assert rows["Room", "database"] == "~/room.db"
    assert rows["Room", "incidents"] == "1 live"
    assert "none" in {name for part, name in rows if part == "Engines"}
    assert rows["Terminal", "TMUX"] == "set"
    text = room.out("debug")
    assert "hunter2" not in text
    assert str(room.db.parent) not in text
    assert "\x1b" not in text


def test_debug_of_no_room_makes_none(warroom: Cli) -> None:
    assert "room.db (is not there)" in warroom.out("debug")
    assert not warroom.db.exists()


def test_debug_names_what_is_wrong_with_the_settings(
    warroom: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("mouse: perhaps\n")
    monkeypatch.setenv("WARROOM_SETTINGS", str(file))
    assert "settings.yaml:1:8: mouse:" in warroom.out("debug")


def test_debug_of_a_room_that_cannot_be_read_says_why(warroom: Cli) -> None:
    warroom.db.write_bytes(b"no database at all" * 100)
    assert "cannot be read" in warroom.out("debug")
