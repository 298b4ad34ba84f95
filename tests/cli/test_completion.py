"""What the shells offer: from the program itself, and in a real bash."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from warroom.cli.completion import SHELLS, script

HEAVY = ("textual", "rich", "sqlmodel", "sqlalchemy", "pydantic", "ruamel")


def offered(words: str, shell: str = "zsh", **environment: str) -> list[tuple[str, str]]:
    """What is offered behind these words, as (value, help), by a process of its own."""
    split = words.split(" ")
    env = {**os.environ, "COMP_WORDS": words, "COMP_CWORD": str(len(split) - 1), **environment}
    done = subprocess.run(
        [sys.executable, "-m", "warroom"],
        env={**env, "_WARROOM_COMPLETE": f"{shell}_complete"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    return [(lines[n + 1], lines[n + 2]) for n in range(0, len(lines) - 2, 3)]


def names(words: str, **environment: str) -> list[str]:
    return [value for value, _ in offered(words, **environment)]


def test_commands_with_what_they_do() -> None:
    found = dict(offered("warroom con"))
    assert set(found) == {"config", "confirm"}
    assert found["config"].startswith("Your own settings")
    assert names("warroom config ") == ["show", "check", "path", "init", "schema"]
    assert "--dry-run" in names("warroom update --dr")


def test_live_incidents_with_severity_and_title(room: Cli) -> None:
    before = sorted(path.name for path in room.db.parent.iterdir())
    assert offered(f"warroom --db {room.db} ack ") == [("OPS-1", "SEV1 Tills are down")]
    assert offered("warroom ack 1", WARROOM_DB=str(room.db)) == [("OPS-1", "SEV1 Tills are down")]
    assert offered("warroom ack ops", WARROOM_DB=str(room.db)) == [("OPS-1", "SEV1 Tills are down")]
    assert names("warroom ack 7", WARROOM_DB=str(room.db)) == []
    assert sorted(path.name for path in room.db.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("warroom role 1 ", ["incident-manager", "scribe"]),
        ("warroom role 1 scribe b", ["bo"]),
        ("warroom declare --service ", ["till"]),
        ("warroom severity 1 SEV", ["SEV1", "SEV2", "SEV3"]),
        ("warroom status 1 inv", ["investigating"]),
        ("warroom skip 1 pub", ["public"]),
        ("warroom log 1 --by ", []),
        ("warroom update 1 pub", ["public"]),
        ("warroom wall --screen on", ["oncall"]),
        ("warroom wall --screen board,i", ["board,insight"]),
        ("warroom list --sort up", ["update"]),
        ("warroom list --columns key,ti", ["key,title", "key,tired"]),
        ("warroom list --columns key,k", []),
    ],
)
def test_names_that_the_rules_know(room: Cli, words: str, expected: list[str]) -> None:
    found = names(words, WARROOM_DB=str(room.db))
    assert found == expected if expected else True


@pytest.mark.parametrize(
    ("words", "typed", "expected"),
    [
        ("list --filter", "se", ["service:", "sev:"]),
        ("list --filter", "sev:", ["sev:SEV1", "sev:SEV2", "sev:SEV3"]),
        ("list --filter", "status:inv", ["status:investigating"]),
        ("list --filter", "role:", ["role:ada", "role:bo", "role:cy", "role:none"]),
        ("list --filter", "'sev:1 ser", ["sev:1 service:till"]),
        ("list --filter", "'sev:1 !tea", ["sev:1 !team:"]),
        ("list --filter", "'role:ada,b", ["role:ada,bo"]),
        ("list --filter", "key:o", ["key:OPS-1"]),
        ("list --filter", "'sev:1;x ke", []),
        ("list --filter", "nobody:", []),
        ("wall --filter", "service:t", ["service:till"]),
        ("log 1 --filter", "by:a", ["by:ada"]),
        ("log 1 --filter", "ki", ["kind:"]),
    ],
)
def test_a_filter_is_completed_as_on_the_board(room: Cli, words: str, typed: str, expected: list[str]) -> None:
    from click.shell_completion import ShellComplete, split_arg_string

    from warroom.cli.main import cli

    args = split_arg_string(f"--db {room.db} {words} {typed}")
    asked = ShellComplete(cli, {}, "warroom", "_WARROOM_COMPLETE")
    found = asked.get_completions(args[:-1], args[-1])
    assert sorted(item.value for item in found) == expected


def test_fields_say_what_they_mean_and_need_no_room(tmp_path: Path) -> None:
    found = dict(offered("warroom list --filter ", WARROOM_DB=str(tmp_path / "none.db")))
    assert {"sev\\:", "late"} <= set(found) and "_" not in found["sev\\:"]
    assert not list(tmp_path.iterdir())


def test_a_room_that_somebody_has_open_is_read_too(room: Cli) -> None:
    with room.session() as session:
        session.lines()
        assert names("warroom ack ", WARROOM_DB=str(room.db)) == ["OPS-1"]


@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100])
def test_silence_where_there_is_no_room_and_nothing_is_made(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "room.db"
    if content is not None:
        file.write_bytes(content)
    assert names("warroom ack ", WARROOM_DB=str(file)) == []
    assert [path.name for path in tmp_path.iterdir()] == ([] if content is None else ["room.db"])


def test_what_would_do_something_on_the_line_is_never_offered(room: Cli) -> None:
    import sqlite3

    with sqlite3.connect(room.db) as connection:
        connection.execute("UPDATE incident SET title = 'a\nplain\n$(reboot)\x1b[2J'")
    connection.close()
    ((key, told),) = offered("warroom ack ", WARROOM_DB=str(room.db))
    assert key == "OPS-1"
    assert "\x1b" not in told
    from warroom.cli.completing import _items

    hostile = [("a b", ""), ("$(x)", ""), ("`x`", ""), ("a;b", ""), ("*", ""), ("ok-1", "x\ny")]
    assert [item.value for item in _items(hostile, "")] == ["ok-1"]


def test_names_alone_load_nothing_heavy(room: Cli) -> None:
    code = (
        "import sys\nsys.argv = ['warroom']\nfrom warroom.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    )
    for words in ("warroom a", "warroom ack ", "warroom list --filter se"):
        env = {**os.environ, "COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "WARROOM_DB": str(room.db)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**env, "_WARROOM_COMPLETE": "bash_complete"}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        loaded = set(done.stdout.splitlines()[-1].split()[1:])
        assert "click" in loaded
        assert loaded.isdisjoint(HEAVY), words


def test_the_commands_that_begin_with_an_incident_are_known_without_loading_them() -> None:
    import click

    from warroom.cli.completing import KEY_FIRST
    from warroom.cli.main import cli
    from warroom.cli.params import KEY

    ctx, first = click.Context(cli), {}
    for name in cli.list_commands(ctx):
        command = cli.get_command(ctx, name)
        assert command is not None
        first[name] = next((param for param in command.params if isinstance(param, click.Argument)), None)
    begin = {name for name, each in first.items() if each and each.type is KEY and each.nargs == 1}
    assert begin >= KEY_FIRST
    assert len(begin - KEY_FIRST) <= 5  # they are completed too, only more slowly


def _spent() -> float:
    """Processor time of the processes that have ended, in seconds: others that run meanwhile do not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_it_is_quick(room: Cli) -> None:
    best = 9.0
    for _ in range(3):
        begun = _spent()
        names("warroom ack ", WARROOM_DB=str(room.db))
        best = min(best, _spent() - begun)
    assert best < 0.4  # 0.15 where nothing else runs


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_asks_this_program(warroom: Cli, shell: str) -> None:
    assert warroom.bare("completion", shell).stdout == script(shell)
    assert f"_WARROOM_COMPLETE={shell}_complete" in script(shell)


def test_the_shell_is_that_of_the_person(warroom: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert warroom.bare("completion").stdout == script("fish")
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert warroom.bare("completion").exit_code == 2


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_put_where_the_shell_looks(
    warroom: Cli, shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    where = Path(warroom.bare("completion", shell, "--install").stdout.strip())
    assert where.is_relative_to(tmp_path)
    assert where.read_text() == script(shell)


def _in_a_shell(shell: str, lines: str, tmp_path: Path, db: Path) -> str:
    """Run lines in a real shell in which `warroom` is this program."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "warroom"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m warroom "$@"\n')
    program.chmod(0o755)
    (tmp_path / "script").write_text(script(shell))
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "WARROOM_DB": str(db)}
    env["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([shell, "-c", lines], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_in_a_real_bash(room: Cli, tmp_path: Path) -> None:
    lines = (
        ". ./script; complete -p warroom; COMP_WORDS=(warroom ack O); COMP_CWORD=2; COMP_LINE='warroom ack O'; "
        '_warroom_completion warroom O ack; echo "${COMPREPLY[@]}"'
    )
    said = _in_a_shell("bash", lines, tmp_path, room.db).splitlines()
    assert "_warroom_completion" in said[0]
    assert said[1] == "OPS-1"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "line", "expected"),
    [
        # bash ends a word at a colon, and only what stands behind it is replaced.
        ("warroom list --filter status :", "warroom list --filter status:", ["new", "triaging"]),
        ("warroom list --filter status : TRI", "warroom  list --filter status:TRI", ["triaging"]),
        ('warroom list --filter "\'status:tri"', "warroom list --filter 'status:tri", ["status:triaging"]),
        ("warroom list --filter status : new --so", "warroom list --filter status:new --so", ["--sort"]),
        ("warroom ack ''", "warroom ack ", ["OPS-1"]),
        ("warroom ack ''", "  warroom   ack   ", ["OPS-1"]),
    ],
)
def test_bash_ends_a_word_at_a_colon(room: Cli, tmp_path: Path, words: str, line: str, expected: list[str]) -> None:
    lines = (
        f". ./script; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_LINE={shlex.quote(line)}; "
        '_warroom_completion warroom x y; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    said = _in_a_shell("bash", lines, tmp_path, room.db).splitlines()
    assert said[: len(expected)] == expected


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_in_a_real_zsh(room: Cli, tmp_path: Path) -> None:
    said = _in_a_shell("zsh", "compdef() { echo $2; }; . ./script; whence -w _warroom_completion", tmp_path, room.db)
    assert said.split() == ["warroom", "_warroom_completion:", "function"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_in_a_real_fish(room: Cli, tmp_path: Path) -> None:
    said = _in_a_shell("fish", "source script; complete -C 'warroom ack O'", tmp_path, room.db)
    assert said.strip() == "OPS-1\tSEV1 Tills are down"
