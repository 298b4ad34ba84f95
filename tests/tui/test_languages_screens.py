"""Every screen and form in a language that nobody speaks, on values of another script: no English word is left on it.

The language has the letters of English exchanged for others of the same width, so that whatever is still English
never went through `warroom.words`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from textual.app import App

from tests.support import hostile
from tests.support.strange import english, strange
from tests.tui.driving import shown
from tests.tui.fixtures import NOW
from tests.tui.test_hostile_screens import visit
from warroom.service.session import Session
from warroom.tui.export import views
from warroom.tui.export.formats import csv_text, markdown
from warroom.tui.export.sheet import Export, Sheet
from warroom.tui.export.words import HEADS, PARTS, Word

FORMS = frozenset({"json", "csv", "svg", "txt"})
"""Forms of an export, as its file ends."""
TYPED = {
    "OverrideDialog": {"until"},
    "SwapDialog": {"Wed"},
    "OnCallScreen": {"Europe", "Stockholm"},
    "PersonScreen": {"Europe", "Stockholm"},
    "TakeOverDialog": {"read", "back"},
}
"""What is read as it is typed, or known everywhere by that name: times in a form, time zones, the words that stand for
having read something back."""


@pytest.mark.parametrize("size", [(160, 50), (80, 24)])
def test_no_english_word_is_left(
    size: tuple[int, int], lived: Session, strange_language: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # a form shows where files go
    found: dict[str, set[str]] = {}

    def look(what: str, app: App[Any]) -> None:
        if words := set(english(shown(app.screen), FORMS)) - TYPED.get(what.partition(",")[0], set()):
            found.setdefault(what, set()).update(words)

    visit(hostile.hangul, lived, look, size)
    assert found == {}


def test_what_is_not_looked_up_is_seen() -> None:
    assert english("esc close, 14:05 UTC") == ["close"]
    assert strange("{count:,} of L{n}") == "{count:,} \u043e\u0435 \u041b{n}"


def heads_of_exports() -> Iterator[str]:
    """What stands over the tables of an export and over their columns, as the source has it."""
    for node in ast.walk(ast.parse(inspect.getsource(views))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sheet":
            yield from _texts(node.args[0])
            yield from _texts(node.args[1])
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "heads":
            yield from _texts(node.value)


def _texts(node: ast.AST) -> Iterator[str]:
    yield from (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def test_what_stands_over_the_columns_of_an_export_is_collected() -> None:
    found = set(heads_of_exports())
    assert found
    assert found <= {*PARTS, *HEADS}


def test_markdown_is_read_by_a_person_and_csv_by_programs(strange_language: None) -> None:
    export = Export("x", "", "Title", NOW, (Sheet("a", ("state", "text"), ((Word("open"), "open"),)),))
    assert csv_text(export).split() == ["state,text", "open,open"]
    table = markdown(export).splitlines()[-3:]
    assert table == [f"| {strange('state')} | {strange('text')} |", "|---|---|", f"| {strange('open')} | open |"]
