"""`warroom themes`: what there is, one to begin with, and what is wrong with one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This person's directory of themes, which does not exist yet."""
    monkeypatch.delenv("WARROOM_THEMES", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "warroom" / "themes"


def test_the_list_names_all_and_alone_does_the_same(warroom: Cli, own: Path) -> None:
    listed = warroom.out("themes", "list")
    for name in ("warroom-dark", "high-contrast", "colour-blind", "sixteen", "monochrome", "wall"):
        assert f"{name} " in listed
    assert warroom.out("themes") == listed
    assert not own.exists() and not warroom.db.exists()


def test_a_new_one_is_written_listed_checked_and_never_overwritten(warroom: Cli, own: Path) -> None:
    written = warroom.json_lines("themes", "new", "mine", "--from", "paper", "--layout")
    assert [Path(each["file"]) for each in written] == [own / "mine.yaml", own / "mine.tcss"]
    shown = warroom.json("themes", "show", "mine")
    assert shown["extends"] == "paper" and not shown["dark"] and shown["layouts"] == [str(own / "mine.tcss")]
    assert warroom("themes", "check").exit_code == 0
    again = warroom("themes", "new", "mine")
    assert again.exit_code == 2 and "is there already" in again.stderr


@pytest.mark.parametrize("name", ["../mine", "a/b", ".hidden", "a\x1bb", ""])
def test_a_name_that_is_none_is_refused(name: str, warroom: Cli, own: Path) -> None:
    assert warroom("themes", "new", name).exit_code == 2
    assert not own.exists()


def test_what_is_wrong_is_named_and_the_others_are_listed_all_the_same(warroom: Cli, own: Path) -> None:
    own.mkdir(parents=True)
    (own / "bad.yaml").write_text("colours:\n  eror: red\n", encoding="utf-8")
    (own / "good.yaml").write_text("extends: paper\n", encoding="utf-8")
    (own / "good.tcss").write_text("#list {\n  hight: 3;\n}\n", encoding="utf-8")
    checked = warroom("themes", "check")
    assert checked.exit_code == 1
    assert "bad.yaml:2:3: colours.eror: is not a colour of a theme; did you mean error?" in checked.stdout
    assert "good.tcss:2:3: is no layout" in checked.stdout
    (problem,) = [json.loads(line) for line in warroom("themes", "check", "bad", "--json").stdout.splitlines()]
    assert (problem["line"], problem["column"], problem["field"]) == (2, 3, "colours.eror")
    listed = {each["name"]: each for each in warroom.json_lines("themes", "list")}
    assert not listed["bad"]["good"] and listed["good"]["good"] and listed["paper"]["good"]


def test_one_in_place_of_a_shipped_one_says_so(warroom: Cli, own: Path) -> None:
    own.mkdir(parents=True)
    (own / "paper.yaml").write_text("extends: paper\ntitle: mine\n", encoding="utf-8")
    assert "your own, instead of the usual one" in warroom.out("themes")
    assert warroom.json("themes", "show", "paper")["title"] == "mine"


def test_a_name_that_is_nearly_one_is_answered_with_that_one(warroom: Cli, own: Path) -> None:
    for command in (("themes", "show", "papr"), ("themes", "check", "papr"), ("themes", "new", "x", "--from", "papr")):
        result = warroom(*command)
        assert result.exit_code == 2 and "did you mean paper?" in result.stderr, command
    assert warroom("themes", "check", str(own / "none.yaml")).exit_code == 1


def test_the_directories_are_named_the_environment_first(
    warroom: Cli, own: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WARROOM_THEMES", str(tmp_path))
    found = warroom.json_lines("themes", "path")
    assert [Path(each["directory"]) for each in found[:2]] == [tmp_path, own]
    assert found[-1]["shipped"] and found[-1]["exists"] and not found[1]["exists"]


def test_each_is_shown_with_its_contrast(warroom: Cli, own: Path) -> None:
    shown = warroom.out("themes", "show", "high-contrast")
    assert "late" in shown and ":1" in shown
    assert "terminal's own colours" in warroom.out("themes", "show", "terminal")
