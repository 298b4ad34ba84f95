"""`warroom keys`: what is printed is the table, and keys that cannot work are refused before anything opens."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from warroom.cli.keys import markdown
from warroom.cli.shapes.keys import ActionKeys
from warroom.tui.actions.keys import USUAL
from warroom.tui.actions.table import ACTIONS, SCOPES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "keys.md"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file of somebody."""
    file = tmp_path / "settings.yaml"
    file.write_text("keys:\n  incident.ack: f6\n")
    monkeypatch.setenv("WARROOM_SETTINGS", str(file))
    return file


def test_the_page_of_the_documentation_is_the_table() -> None:
    assert PAGE.read_text() == "\n".join(markdown(USUAL, tuple(SCOPES))) + "\n"


def test_every_action_is_printed_in_every_form(room: Cli, own: Path) -> None:
    text, page = room("keys").stdout, room("keys", "--format", "markdown").stdout
    for action in ACTIONS:
        assert action.id in text and f"`{action.id}`" in page
    lines = [ActionKeys.model_validate_json(line) for line in room("keys", "--json").stdout.splitlines()]
    assert {line.id for line in lines} == {action.id for action in ACTIONS}
    assert {line.screen for line in lines} == set(SCOPES)
    assert room("keys", "--format", "json").stdout == room("keys", "--json").stdout


def test_keys_stand_below_their_heading(room: Cli) -> None:
    title, heads, first = room("keys", "--screen", "board").stdout.splitlines()[:3]
    assert title.startswith("Board") and heads.index("KEYS") == first.index("a ") == 2
    assert heads.index("ACTION") == first.index("incident.ack")


def test_ones_own_keys_are_printed_and_the_usual_ones_if_asked_for(room: Cli, own: Path) -> None:
    mine = json.loads(room("keys", "--screen", "board", "--json").stdout.splitlines()[0])
    assert (mine["id"], mine["keys"], mine["own"]) == ("incident.ack", ["f6"], True)
    usual = json.loads(room("keys", "--screen", "board", "--json", "--default").stdout.splitlines()[0])
    assert (usual["keys"], usual["own"]) == (["a"], False)
    assert "no problem" in room("keys", "--check").stderr


@pytest.mark.parametrize("command", [("keys", "--check"), ("keys",)])
def test_keys_that_cannot_work_are_refused_with_their_line(room: Cli, own: Path, command: tuple[str, ...]) -> None:
    own.write_text("keys:\n  incident.akc: A\n  incident.ack: e\n")
    result = room(*command)
    assert result.exit_code != 0 and result.stdout == ""
    assert f"{own}:2:" in result.stderr and f"{own}:3:" in result.stderr
    assert "did you mean" in result.stderr and "Traceback" not in result.stderr


def test_what_help_and_page_show_as_an_example_is_in_order(room: Cli, own: Path) -> None:
    said = room("keys", "--help").stdout
    shown = said[said.index("\n  keys:\n") + 1 : said.index("Options:")]
    page = PAGE.read_text()
    for text in (textwrap.dedent(shown), page[page.index("```yaml\n") + 8 : page.index("```\n\nAn action")]):
        assert text.count("\n  ") >= 2
        own.write_text(text)
        assert "no problem" in room("keys", "--check").stderr, text


def test_a_screen_that_is_not_there_is_refused(room: Cli) -> None:
    assert room("keys", "--screen", "nowhere").exit_code != 0
