"""What a person and a program are told when something goes wrong; no traceback ever reaches either."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.cli.conftest import Cli
from tests.support import REPOSITORY
from warroom.cli.errors import classify, report
from warroom.domain.core import Refused, Stale
from warroom.store.db_errors import DatabaseBusy
from warroom.store.write import Conflict


def start(*args: str, **options: Any) -> subprocess.Popen[bytes]:
    """A real process of the command line, which Ctrl-C ends even where whoever runs the tests has it ignored."""
    command = [sys.executable, "-m", "warroom", *args]
    return subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        cwd=REPOSITORY,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **options,
    )


@pytest.mark.parametrize(
    ("args", "code", "kind"),
    [
        (("show", "9"), 1, "not_found"),
        (("ack", "1", "--level", "7"), 3, "stale"),
        (("role", "1", "captain"), 1, "refused"),
        (("list", "--wide"), 2, "usage"),
        (("nonsense",), 2, "usage"),
        (("snooze", "1", "later", "--reason", "x"), 2, "usage"),
        (("resolve", "1"), 2, "usage"),
        (("list", "--db", "/nowhere/at/all.db"), 1, "database"),
        (("list", "--db", "/"), 1, "database"),
        (("list", "--db", "nosuch://host/name"), 1, "database"),
        (("import", "gcp", "/nowhere/at/all.json"), 1, "history"),
        (("import", "gcp", "/"), 1, "history"),
    ],
)
def test_errors_are_one_object_for_programs_and_lines_for_people(
    args: tuple[str, ...], code: int, kind: str, room: Cli
) -> None:
    told = room("--json", *args)
    assert (told.exit_code, told.stdout) == (code, "")
    error = json.loads(told.stderr)["error"]
    assert (error["kind"], error["exit"]) == (kind, code)
    assert sorted(error) == ["exit", "kind", "message", "retry"]
    shown = room(*args)
    assert (shown.exit_code, shown.stdout) == (code, "")
    assert shown.stderr.startswith(f"warroom: {error['message']}\n")
    assert "Traceback" not in shown.stderr


def test_a_stale_command_may_be_tried_again_and_a_refused_one_not() -> None:
    stale, refused = classify(Stale("moved on")), classify(Refused("no"))
    busy = classify(DatabaseBusy("busy", "room.db", "Try again."))
    assert stale is not None and refused is not None and busy is not None
    assert (stale.retry, refused.retry, busy.retry) == (True, False, True)
    conflict = classify(Conflict("it changed"))
    assert conflict is not None and conflict.retry


def test_a_file_that_is_no_room(room: Cli, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("these are my notes\n" * 200)
    for args in (("list",), ("note", "1", "x")):
        result = room(*args, "--db", str(other))
        assert result.exit_code == 1
        assert str(other) in result.stderr
    assert other.read_text() == "these are my notes\n" * 200


def test_a_rulebook_that_is_broken(warroom: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from warroom.rulebook.load import read_rulebook

    monkeypatch.setattr("warroom.rulebook.load.seed_rulebook", lambda: read_rulebook({"a.yaml": b"room: 7\n"}))
    result = warroom("declare", "x", "--severity", "SEV1", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stderr.splitlines()[-1])["error"]["kind"] == "rulebook"


def test_an_error_of_warroom_itself_goes_to_the_log(room: Cli, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom warroom.cli import look\nfrom warroom.__main__ import main\n"
        "def broken(*_): raise ValueError('half \\x1b[2J a thought')\n"
        "look.incident_cells = broken\nsys.argv = ['warroom', 'list', *sys.argv[1:]]\nmain()"
    )
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "-c", code, "--db", str(room.db)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)
    (log,) = (tmp_path / "state").rglob("warroom.log")
    assert done.returncode == 70
    assert done.stdout == ""
    assert done.stderr == (
        f"warroom: something is wrong in warroom itself (ValueError: half a thought); the details are in {log}\n"
    )
    text = log.read_text()
    assert "Traceback" in text
    assert "ValueError" in text


def test_where_no_log_can_be_written_the_message_comes_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full() -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warroom.cli.logfile.start_log", full)
    assert report(ValueError("half a thought"), as_json=False) == 70
    (line,) = capsys.readouterr().err.splitlines()
    assert "could not be written ([Errno 28] No space left on device)" in line


def test_a_reader_that_goes_away_ends_it_quietly(room: Cli) -> None:
    process = start("log", "1", "--db", str(room.db), stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (141, b"")


def test_a_full_disk_under_the_output_is_told(room: Cli) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        process = start("list", "--db", str(room.db), stdout=full)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert told.decode() == "warroom: No space left on device\n"


def test_ctrl_c_ends_it_quietly(room: Cli) -> None:
    process = start("note", "1", "-", "--db", str(room.db), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    # More than a pipe holds: once this is written, the process is known to be reading.
    process.stdin.write(b"x" * 70_000)
    process.stdin.flush()
    for _ in range(20):
        # Between two reads a signal waits for the end of the second: then a person presses again, too.
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=2)
            break
    else:
        process.kill()
    out, told = process.communicate(timeout=60)
    assert (process.returncode, out, told) == (130, b"", b"")


def test_without_its_packages_one_line_says_how_to_get_them() -> None:
    command = [sys.executable, "-S", "-m", "warroom", "list"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, env=env, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "uv run warroom" in line
    assert "pip install" in line


def test_a_package_that_only_one_command_needs_is_named_too() -> None:
    failure = classify(ModuleNotFoundError("No module named 'textual'", name="textual"))
    assert failure is not None
    assert "the package textual is not installed" in failure.message
    assert classify(ModuleNotFoundError("No module named 'warroom.x'", name="warroom.x")) is None


def test_a_terminal_of_another_encoding_gets_question_marks(room: Cli) -> None:
    room.out("note", "1", "결제 — naïve")
    room.runner = CliRunner(charset="latin-1")
    shown = room("log", "1")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "?? ? naïve".encode("latin-1") in shown.stdout_bytes
    # JSON is UTF-8 wherever it goes.
    assert json.loads(room("log", "1", "--json").stdout_bytes.splitlines()[-1])["text"] == "결제 — naïve"
