"""`warroom config`: settings with where each comes from, all that is wrong with a file, and one to begin with."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from warroom.cli import config_checks
from warroom.preferences import load
from warroom.preferences.known import SETTINGS
from warroom.preferences.load import Read, read_preferences
from warroom.preferences.values import DEFAULTS


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this person's settings file would be; nothing of the machine's is read."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "machine"))
    monkeypatch.setattr(load, "SITE", str(tmp_path / "etc.yaml"))
    monkeypatch.setattr(config_checks, "CHECKERS", ())
    for name in ("WARROOM_SETTINGS", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "WARROOM_RULEBOOK", "WARROOM_LINK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return tmp_path / "config" / "warroom" / "settings.yaml"


def shown(warroom: Cli, *args: str) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in warroom.json_lines("config", "show", *args)}


def test_show_says_of_every_setting_its_value_and_where_it_is_from(
    warroom: Cli, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.parent.mkdir(parents=True)
    own.write_text("mouse: no\nnotify:\n  every_s: 60\n")
    site = load.site_paths()[0]
    site.parent.mkdir(parents=True)
    site.write_text("sort: -severity\n")
    rows = shown(warroom)
    assert {each.name for each in SETTINGS} <= set(rows)
    assert rows["mouse"] == {
        "name": "mouse", "value": "no", "source": "file", "where": f"{own}:1:8", "meaning": rows["mouse"]["meaning"],
    }  # fmt: skip
    assert rows["notify.every_s"]["where"] == f"{own}:3:12"
    assert rows["sort"]["where"] == f"{site}:1:7"
    assert (rows["link"]["source"], rows["link"]["where"]) == ("default", "")
    assert (rows["db"]["source"], rows["db"]["where"], rows["db"]["value"]) == ("option", "--db", str(warroom.db))
    assert rows["as"]["where"] == "--as"
    monkeypatch.setenv("WARROOM_DB", "/srv/room.db")
    monkeypatch.setenv("WARROOM_LINK", "slow")
    lines = [json.loads(line) for line in warroom.bare("config", "show", "--json").stdout.splitlines()]
    rows = {row["name"]: row for row in lines}
    assert (rows["db"]["source"], rows["db"]["where"], rows["db"]["value"]) == (
        "environment", "$WARROOM_DB", "/srv/room.db",
    )  # fmt: skip
    assert (rows["link"]["source"], rows["link"]["value"]) == ("environment", "slow")
    assert not warroom.db.exists()


def test_show_as_a_table_fits_the_terminal(warroom: Cli, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = warroom.out("config", "show")
    assert "SETTING" in text.splitlines()[0]
    assert max(map(len, text.splitlines())) <= 100 or "db" in text


def test_check_says_all_that_is_wrong_and_its_status_says_so_too(warroom: Cli, own: Path) -> None:
    own.parent.mkdir(parents=True)
    own.write_text("mouse: perhaps\nlink: slow\nthemes: x\n")
    result = warroom("config", "check")
    assert result.exit_code == 1
    assert f'{own}:1:8: mouse: "perhaps" is neither yes nor no; write yes or no' in result.stdout
    assert f"{own}:3:1: themes: is not a setting; did you mean theme?" in result.stdout
    first = json.loads(warroom("config", "check", "--json").stdout.splitlines()[0])
    assert (first["line"], first["column"], first["setting"]) == (1, 8, "mouse")
    own.write_text("mouse: no\n")
    assert warroom("config", "check").exit_code == 0


def test_check_of_a_file_that_is_named(warroom: Cli, own: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    assert warroom("config", "check", str(other)).exit_code == 1
    other.write_text("link: fastest")
    assert f"{other}:1:7: link:" in warroom("config", "check", str(other)).stdout


def test_check_tells_what_is_wrong_with_the_machines_file_too(warroom: Cli, own: Path) -> None:
    site = load.site_paths()[0]
    site.parent.mkdir(parents=True)
    site.write_text("mouse: perhaps\n")
    result = warroom("config", "check")
    assert result.exit_code == 1
    assert f"{site}:1:8: mouse:" in result.stdout


def beyond_its_form(read: Read) -> list[object]:
    return [read.problem(("theme",), read.preferences.theme, "is no theme", "choose another")]


def test_other_parts_say_what_they_know_better(warroom: Cli, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_checks, "CHECKERS", (f"{__name__}:beyond_its_form",))
    own.parent.mkdir(parents=True)
    own.write_text("link: slow\ntheme: beige\n")
    assert f'{own}:2:8: theme: "beige" is no theme; choose another' in warroom("config", "check").stdout


def test_every_checker_that_is_registered_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config_checks.CHECKERS:
        assert not list(config_checks._checker(name)(Read(DEFAULTS))), name


def test_path(warroom: Cli, own: Path) -> None:
    assert warroom.out("config", "path") == f"{own}\n"
    lines = warroom.json_lines("config", "path")
    assert [line["whose"] for line in lines] == ["own", "machine", "machine"]


def test_init_writes_a_file_of_ones_own_that_says_nothing_yet(warroom: Cli, own: Path) -> None:
    assert warroom.out("config", "init") == f"{own}\n"
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    assert read_preferences().preferences == DEFAULTS
    own.write_text("mouse: no\n")
    refused = warroom("config", "init")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert own.read_text() == "mouse: no\n"
    warroom.out("config", "init", "--force")
    assert own.with_name("settings.yaml.old").read_text() == "mouse: no\n"
    assert stat.S_IMODE(own.stat().st_mode) == 0o600


def test_schema(warroom: Cli) -> None:
    assert "mouse" in json.loads(warroom.bare("config", "schema").stdout)["properties"]


def test_screens_that_the_wallboard_does_not_have_are_named(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("wall:\n  screens: [board, nope]\n")
    (problem,) = config_checks.problems_of(file)
    assert f'{file}:2:20: wall.screens.2: "nope" is no screen of the wallboard; there are board, ' in str(problem)
