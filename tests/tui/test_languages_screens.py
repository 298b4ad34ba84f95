"""Every screen and form in a language that nobody speaks, on values of another script: no English word is left on it.

The language has the letters of English exchanged for others of the same width, so that whatever is still English
never went through `warroom.words`.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from textual.app import App

from tests.support import hostile
from tests.tui.fixtures import NOW
from tests.tui.test_hostile_screens import visit
from warroom.service.session import Session
from warroom.tui.export import views
from warroom.tui.export.formats import csv_text, markdown
from warroom.tui.export.sheet import Export, Sheet
from warroom.tui.export.words import HEADS, PARTS, Word
from warroom.words import install, installed

SMALL, LARGE = (range(ord(first), ord(first) + 26) for first in "aA")
LETTERS = {
    **{code: 0x0430 + n for n, code in enumerate(SMALL)},
    **{code: 0x0410 + n for n, code in enumerate(LARGE)},
}
"""Latin letters by Cyrillic ones, which are as wide."""

KEYS = frozenset(("esc", "enter", "tab", "shift", "ctrl", "alt", "space", "home", "end", "pgup", "pgdn"))
KEPT = frozenset(
    (
        *("UTC", "PID", "warroom"),
        *("json", "csv", "svg", "txt"),  # forms of an export, as its file ends
    )
)
"""What is the same in every language."""
TYPED = {
    "OverrideDialog": {"until"},
    "SwapDialog": {"Wed"},
    "PersonScreen": {"Europe", "Stockholm"},
    "TakeOverDialog": {"read", "back"},
}
"""What is read as it is typed, or known everywhere by that name: times in a form, time zones, the words that stand for
having read something back."""


def foreign(text: str) -> str:
    """A text of the program in that language; its parts, which are filled in later, stay."""
    return "".join(
        part if part.startswith("{") else part.translate(LETTERS) for part in re.split(r"(\{[^{}]*\})", text)
    )


@pytest.fixture
def language() -> Iterator[None]:
    before = installed()
    install(foreign, lambda one, many, count: foreign(one if count == 1 else many))
    yield
    install(*before)


def own_text(app: App[Any]) -> str:
    """What the screen itself shows; behind a form stands another one."""
    strips = app.screen._compositor.render_strips()
    if not app.screen.is_modal:
        return "\n".join(strip.text for strip in strips)
    boxes = [each.region for each in app.screen.children if each.display]
    return "\n".join(strips[y].crop(box.x, box.right).text for box in boxes for y in range(box.y, box.bottom))


def english(text: str) -> set[str]:
    """The words of a picture that are neither keys nor the same everywhere."""
    return set(re.findall("[A-Za-z]{3,}", text)) - KEYS - KEPT


@pytest.mark.parametrize("size", [(160, 50), (80, 24)])
def test_no_english_word_is_left(
    size: tuple[int, int], lived: Session, language: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # a form shows where files go
    found: dict[str, set[str]] = {}

    def look(what: str, app: App[Any]) -> None:
        if words := english(own_text(app)) - TYPED.get(what.partition(",")[0], set()):
            found.setdefault(what, set()).update(words)

    visit(hostile.hangul, lived, look, size)
    assert found == {}


def test_what_is_not_looked_up_is_seen() -> None:
    assert english("esc close, 14:05 UTC") == {"close"}
    assert foreign("{count:,} of L{n}") == "{count:,} \u043e\u0435 \u041b{n}"


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


def test_markdown_is_read_by_a_person_and_csv_by_programs(language: None) -> None:
    export = Export("x", "", "Title", NOW, (Sheet("a", ("state", "text"), ((Word("open"), "open"),)),))
    assert csv_text(export).split() == ["state,text", "open,open"]
    table = markdown(export).splitlines()[-3:]
    assert table == [f"| {foreign('state')} | {foreign('text')} |", "|---|---|", f"| {foreign('open')} | open |"]
