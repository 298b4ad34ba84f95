"""The command line as a whole: its help, what it imports, and the options that every command takes."""

from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest

from tests.cli.conftest import Cli
from warroom import __version__
from warroom.cli.main import COMMANDS, cli
from warroom.cli.settings import RoomCommand, RoomGroup

HEAVY = ("textual", "rich", "sqlmodel", "sqlalchemy", "pydantic", "ruamel", "platformdirs")

ROOT = click.Context(cli, info_name="warroom")


def loaded_by(*args: str) -> set[str]:
    """The packages that a command loads in a process of its own."""
    code = (
        "import sys\nsys.argv = ['warroom', *sys.argv[1:]]\n"
        "from warroom.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60, check=True)
    last = done.stdout.splitlines()[-1]
    assert last.startswith("LOADED")
    return set(last.split()[1:])


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    loaded = loaded_by(option)
    assert "click" in loaded  # the list is a real one
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("name", ["update", "list", "import", "demo"])
def test_help_of_a_command_imports_no_screen_and_no_database(name: str) -> None:
    assert loaded_by(name, "--help").isdisjoint(HEAVY)


def test_looking_imports_no_screen(room: Cli) -> None:
    loaded = loaded_by("--db", str(room.db), "list", "--json")
    assert "sqlalchemy" in loaded
    assert loaded.isdisjoint({"textual", "rich", "ruamel"})


def test_help_names_every_command_once(warroom: Cli) -> None:
    result = warroom.bare("--help")
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ") and line.split()]
    for name, entry in COMMANDS.items():
        assert listed.count(name) == 1, name
        assert entry.help in result.stdout


def test_version(warroom: Cli) -> None:
    assert warroom.bare("--version").stdout == f"warroom {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_explains_itself(name: str, warroom: Cli) -> None:
    command = cli.get_command(ROOT, name)
    assert isinstance(command, RoomCommand | RoomGroup)
    assert command.name == name
    result = warroom.bare(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: warroom {name}" in result.stdout
    listed = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  -")]
    for option in ("--db", "--as", "--json"):
        assert listed.count(option) == 1, option
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help or param.metavar or isinstance(param.type, click.Choice), param.name


@pytest.mark.parametrize("name", ["config", "rulebook", "rules"])
def test_a_group_without_a_command_prints_its_help_and_nothing_else(name: str, warroom: Cli) -> None:
    result = warroom.bare(name)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Usage: warroom {name}") and "Try:" not in result.stderr


def test_the_table_of_commands_points_to_functions_that_exist() -> None:
    for entry in COMMANDS.values():
        module, _, attribute = entry.target.partition(":")
        assert hasattr(importlib.import_module(module), attribute)


def test_a_name_that_is_nearly_one_is_answered_with_that_one(warroom: Cli) -> None:
    result = warroom.bare("statsu")
    assert result.exit_code == 2
    assert "there is no command “statsu”; did you mean status or task?" in result.stderr
    assert result.stdout == ""


def test_an_unknown_option_names_the_help(warroom: Cli) -> None:
    result = warroom.bare("list", "--wide")
    assert result.exit_code == 2
    assert "--wide" in result.stderr
    assert "Try: warroom list --help" in result.stderr


def test_global_options_before_and_after_the_command(room: Cli) -> None:
    before = room.bare("--db", str(room.db), "--json", "list")
    after = room.bare("list", "--db", str(room.db), "--json")
    apart = room.bare("--json", "list", "--db", str(room.db))
    assert before.stdout == after.stdout == apart.stdout
    assert '"key":"OPS-1"' in before.stdout


def test_the_later_of_two_wins(room: Cli) -> None:
    assert room.bare("--db", "/nowhere/at/all", "list", "--db", str(room.db)).exit_code == 0
    room.out("note", "1", "seen", "--as", "zoe")
    assert room.json_lines("log", "1")[-1]["actor"] == "zoe"


def test_the_environment_names_the_room(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_DB", str(room.db))
    assert "OPS-1" in room.bare("list").stdout
    assert room.bare("list", "--db", str(room.db) + ".no").exit_code == 1


def test_the_room_of_ones_own(warroom: Cli) -> None:
    result = warroom.bare("declare", "Here", "--severity", "SEV2")
    assert result.exit_code == 0
    where = warroom.db.parent / "XDG_DATA_HOME" / "warroom" / "room.db"
    assert where.is_file()
    assert f"made a new room in {where}" in result.stderr


def test_the_home_directory_is_found_in_a_path(room: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(room.db.parent))
    assert "OPS-1" in room.bare("list", "--db=~/room.db").stdout


@pytest.mark.parametrize("args", [("--as", " ", "list"), ("list", "--as", "\x1b[2J"), ("--db", "", "list")])
def test_empty_names_are_refused(args: tuple[str, ...], warroom: Cli) -> None:
    result = warroom.bare(*args)
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert not warroom.db.exists()


def test_the_login_is_the_actor_unless_somebody_is_named(room: Cli) -> None:
    room.out("note", "1", "x", actor="")
    with room.session():
        from warroom.service.acting import login_name

        assert room.json_lines("log", "1")[-1]["actor"] == login_name()


def test_the_board_needs_a_terminal_and_no_json(warroom: Cli) -> None:
    alone, named, as_json = warroom(), warroom("board"), warroom("--json")
    for result in (alone, named):
        assert result.exit_code == 2
        assert "needs a terminal" in result.stderr
    assert as_json.exit_code == 2
    assert "warroom list --json" in as_json.stderr
    assert not warroom.db.exists()


def test_the_demo_never_plays_into_a_room_that_is_there(room: Cli) -> None:
    result = room("demo", "--headless")
    assert result.exit_code == 2
    assert "exists already" in result.stderr
