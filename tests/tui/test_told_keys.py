"""What is said about keys is what the person's own keys are: with all of them remapped none of the usual is told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import pytest
from textual.app import App
from textual.content import Content

from tests import catalogs
from tests.tui.driving import screen_text, settle
from tests.tui.gallery import KEYS, MAKERS, Gallery, each_screen
from tests.tui.harness import BoardApp
from warroom.domain.calls import Answer
from warroom.service.session import Session
from warroom.tui.actions.keycap import keycap
from warroom.tui.actions.keys import USUAL, Keymap
from warroom.tui.actions.table import ACTIONS
from warroom.tui.pieces import Role
from warroom.tui.rings import _answer
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.hints import HintLines, Hints

OWN = Keymap(MappingProxyType({action.id: (f"super+{number}",) for number, action in enumerate(ACTIONS, 1)}))
"""A key for every action that no action has otherwise."""

KEY = re.compile(r"(?<![\w+-])(?:esc|enter|tab|space|pgup|pgdn|f\d\d?|ctrl\+\w+|shift\+\S+)(?![\w-])")
"""Keys with a name, as hints write them."""
BUILT_IN = ("enter", "ctrl+j", "ctrl+x")
"""What lines and texts do by themselves, whatever the keys of the actions are; `ctrl+x` stands in the help here."""


def _hinted(app: App[Any]) -> Iterator[str]:
    """The keys at the foot of what is on the screen."""
    for hints in app.screen.query(Hints):
        if isinstance(hints.content, Content):
            yield from (hints.content.plain[span.start : span.end] for span in hints.content.spans if span.style)
    for rows in app.screen.query(HintLines):
        yield from (text.strip() for line in rows.lines for text, role in line if role is Role.STRONG)


@pytest.mark.parametrize("size", [(240, 70), (100, 30)])
def test_screens_name_the_keys_that_the_person_has_chosen(lived: Session, size: tuple[int, int]) -> None:
    made = Gallery(lambda text: text, lived)
    app = BoardApp(made.view)
    app.own_keys = OWN  # type: ignore[attr-defined]
    wrong: set[str] = set()
    kinds = sorted(MAKERS, key=lambda kind: kind.__name__)

    def look(name: str) -> None:
        for line in screen_text(app).splitlines():
            for found in KEY.finditer(line):
                if found[0] not in BUILT_IN:
                    wrong.add(f"{name}: {line[max(0, found.start() - 30) : found.end() + 30].strip()}")
        for key in _hinted(app):
            if not key.startswith("super+") and key not in BUILT_IN:
                wrong.add(f"{name}: {key}")

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            async for screen in each_screen(made, app, pilot, kinds):
                kind = type(screen)
                look(kind.__name__)
                usual = {
                    key: action
                    for action, _, keys in USUAL.placed(screen.scope if isinstance(screen, Acting) else "board")
                    for key in keys
                }
                for key in (each for each in KEYS.get(kind, ()) if each in usual):
                    await pilot.press(*OWN.own[usual[key].id])
                    await settle(pilot)
                    look(f"{kind.__name__}, after {key}")

    asyncio.run(run())
    assert sorted(wrong) == []


def test_a_sentence_names_the_key_of_the_person_in_whose_app_it_is_drawn() -> None:
    assert keycap("incident.roles") == "r"
    assert _answer(Answer.REVIEW) == ": u, then f2"

    async def run() -> None:
        app = BoardApp(Gallery(lambda text: text, None).view)  # type: ignore[arg-type]
        app.own_keys = Keymap(MappingProxyType({"incident.update": ("ctrl+e",)}))  # type: ignore[attr-defined]
        async with app.run_test():
            assert (keycap("incident.roles"), keycap("incident.update")) == ("r", "ctrl+e")
            assert [_answer(each) for each in Answer] == [
                ": h shows the card", ": ctrl+e, then f2", ": ctrl+e writes it", "",
            ]  # fmt: skip

    asyncio.run(run())
    assert keycap("incident.update") == "u"


def test_every_action_that_a_text_names_has_a_key() -> None:
    named = set()
    for path in (catalogs.SOURCE / "tui").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"""keycap\(["']([\w.-]+)["'](?:, ["'](\w+)["'])?\)""", text))
    assert len(named) > 30
    assert [each for each in sorted(named) if not keycap(*each)] == []
    assert [action.id for action in ACTIONS if not keycap(action.id)] == []


LITERAL = re.compile(
    r"(?<![\w+-])(?:esc|pgup|pgdn|f\d\d?|ctrl\+\w+|shift\+\w+)(?![\w-])"  # a key with a name
    r"|: [?+!~&>] an? "  # the key of a sign
    r"|(?<![\w'’.@&~/=-])(?:[b-zB-HJ-Z]|enter|tab|space|end|home)(?:, then|:| (?!UTC|[a-z] )[a-z]+s\b)"  # x does that
)
FINE = (
    "--steps N", "once more replaces what you wrote", "search: enter keeps", "write a character (?)", "where its key",
    "ctrl+q ends the program",
)  # fmt: skip
"""Words about options, about what a text does by itself, about how settings are written, and about keys that nobody may
move."""


def test_no_text_of_a_screen_has_a_key_in_it() -> None:
    """Keys are put in where the text is drawn (`keycap`): what is fixed is wrong for whoever has others."""
    wrong = []
    for key, where in catalogs.of_source():
        if not where.startswith(("warroom/tui/", "warroom/domain/", "warroom/service/", "warroom/views/")):
            continue
        for text in (key,) if isinstance(key, str) else key:
            bare = re.sub(r"%[a-zA-Z]", "", re.sub(r"\{[^{}]*\}", "{}", text))
            if LITERAL.search(bare) and not any(each in text for each in FINE):
                wrong.append(f"{where}: {text}")
    assert wrong == []
