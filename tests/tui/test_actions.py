"""The table of actions: one source for every binding, and nothing in it that cannot work."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key
from textual.widgets import Input, TextArea

import warroom.tui
from warroom.tui.actions.bind import bindings
from warroom.tui.actions.keymap import NEEDED
from warroom.tui.actions.keys import USUAL, Keymap
from warroom.tui.actions.names import character_name, key_name, printable, shown_key
from warroom.tui.actions.table import ACTIONS, BAR_ORDER, BY_ID, SCOPES, lineage, own, within
from warroom.tui.app import WarroomApp

PLACES = [(action, place) for action in ACTIONS for place in action.places]


def test_every_id_is_there_once_and_is_written_as_ids_are() -> None:
    assert [id for id, count in Counter(each.id for each in ACTIONS).items() if count > 1] == []
    assert [each.id for each in ACTIONS if not re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", each.id)] == []
    assert set(BAR_ORDER) <= set(BY_ID)


def test_every_action_has_a_name_a_line_of_help_a_heading_and_a_place() -> None:
    for action in ACTIONS:
        assert action.name and action.help and action.section and action.places, action.id
        assert "\n" not in action.help and len(action.help) <= 100, action.id
        assert len({place.scope for place in action.places}) == len(action.places), action.id


@pytest.mark.parametrize(("action", "place"), PLACES, ids=lambda each: getattr(each, "id", getattr(each, "scope", "")))
def test_every_place_is_in_a_scope_and_has_keys_that_textual_knows(action: Any, place: Any) -> None:
    assert place.scope in SCOPES and place.does and place.keys
    for key in place.keys:
        base = key.rpartition("+")[2] if len(key) > 1 else key
        assert printable(base) or base in {each.value for each in Keys}, key


def test_no_two_actions_have_one_key_in_one_scope_but_what_stands_aside() -> None:
    for scope in SCOPES:
        taken: dict[str, str] = {}
        for action, place in within(scope):
            for key in place.keys:
                other = BY_ID[taken.setdefault(key, action.id)]
                assert other is action or action.aside or other.aside, (scope, key, other.id, action.id)


def test_no_part_of_a_screen_takes_a_key_of_the_screen_but_what_stands_aside() -> None:
    for scope, known in SCOPES.items():
        outer = {key: action for action, place in within(scope) if not action.aside for key in place.keys}
        for part in known.focus:
            for action, place in within(part):
                for key in place.keys:
                    assert outer.get(key, action) is action, (scope, part, key)


def test_where_text_is_written_every_action_has_a_key_that_types_nothing() -> None:
    for scope, known in SCOPES.items():
        for action, place in own(scope) if known.writes else ():
            assert not all(printable(key) for key in place.keys), (scope, action.id)


def test_no_key_needs_ctrl_where_nobody_writes() -> None:
    for scope, known in SCOPES.items():
        writes = any(SCOPES[each].writes for each in lineage(scope))
        for action, place in own(scope) if not writes and not known.writes else ():
            assert any("ctrl" not in key and "alt" not in key for key in place.keys), (scope, action.id)


@pytest.mark.parametrize("scope", ["incidents", "record", "panel", "choices", "sheet", "info", "work", "people"])
def test_lists_and_scrolling_parts_have_the_keys_of_vi(scope: str) -> None:
    keys = {key: action.id for action, _, keys in USUAL.placed(scope) for key in keys}
    for key, id in {"j": "down", "k": "up", "g": "first", "G": "last", "J": "page-down", "K": "page-up"}.items():
        assert keys[key] == f"move.{id}"


def test_digits_go_to_panels_on_the_board_and_in_the_room() -> None:
    for scope, most in (("board", 4), ("room", 7)):
        keys = {key for action, _, keys in USUAL.placed(scope) if action.id.startswith("panel.") for key in keys}
        assert keys >= set(string.digits[1 : most + 1])


# How keys are written -------------------------------------------------------------------------------------------------


def test_characters_are_named_as_textual_names_them() -> None:
    for char in string.punctuation + string.ascii_letters + string.digits + " äß한£":
        assert character_name(char) == _character_to_key(char), char


@pytest.mark.parametrize(
    ("written", "name", "shown"),
    [
        ("?", "question_mark", "?"), ("esc", "escape", "esc"), ("PgDn", "pagedown", "pgdn"), ("a", "a", "a"),
        ("A", "A", "A"), ("comma", "comma", ","), ("Ctrl+S", "ctrl+s", "ctrl+s"), ("f5", "f5", "f5"),
        ("shift+left", "shift+left", "shift+←"), ("ctrl++", "ctrl+plus", "ctrl++"), ("page-down", "pagedown", "pgdn"),
    ],
)  # fmt: skip
def test_keys_are_read_as_people_write_them(written: str, name: str, shown: str) -> None:
    assert key_name(written) == name
    assert shown_key(name) == shown


# One source -----------------------------------------------------------------------------------------------------------


def every_class() -> list[type[DOMNode]]:
    """Every screen and widget of the program."""
    for module in pkgutil.walk_packages(warroom.tui.__path__, "warroom.tui."):
        importlib.import_module(module.name)
    found: list[type[DOMNode]] = []
    waiting: list[type[DOMNode]] = [DOMNode]
    while waiting:
        waiting += (more := waiting.pop().__subclasses__())
        found += [each for each in more if each.__module__.startswith("warroom.")]
    return found


def test_nothing_is_bound_outside_of_the_table() -> None:
    bound = 0
    for kind in every_class():
        for binding in kind.__dict__.get("BINDINGS", ()):
            if issubclass(kind, Input | TextArea):
                continue  # there it is text that is edited
            assert isinstance(binding, Binding)
            if binding.system and binding.key in NEEDED:
                continue  # the terminal's own (ctrl+z): the same everywhere, and nobody may move it
            assert binding.id in BY_ID, (kind, binding)
            bound += 1
    assert bound > 200


def test_every_place_is_bound_by_some_class_that_can_do_it() -> None:
    claimed: dict[str, list[type[DOMNode]]] = {}
    for kind in every_class():
        ids = [binding.id for binding in kind.__dict__.get("BINDINGS", ()) if isinstance(binding, Binding)]
        for scope in SCOPES:
            if ids and ids == [binding.id for binding in bindings(scope) if isinstance(binding, Binding)]:
                claimed.setdefault(scope, []).append(kind)
    assert set(claimed) == set(SCOPES)
    for scope, kinds in claimed.items():
        for action, place in own(scope):
            name = place.does.partition("(")[0]
            able = kinds if not name.startswith("app.") else [WarroomApp]
            name = name.removeprefix("app.")
            assert any(hasattr(kind, f"action_{name}") for kind in able), (scope, action.id, place.does)


def test_the_table_needs_no_terminal() -> None:
    code = "import sys, warroom.tui.actions.keymap, warroom.cli.keys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"textual", "rich", "sqlalchemy", "asyncio"} & set(done.stdout.split())


def test_an_action_has_the_keys_that_a_person_chose_and_no_others() -> None:
    chosen = Keymap({"go.back": ("Q",)})
    assert chosen.keys(BY_ID["go.back"], "help") == ("Q",)
    assert USUAL.keys(BY_ID["go.back"], "help") == ("escape",)
    assert USUAL.keys(BY_ID["go.leave"], "help") == ("q", "question_mark", "enter")
    assert USUAL.keys(BY_ID["go.help"], "help") == ("f1",)
    assert chosen.shown(BY_ID["timeline.closer"], ("plus",)) == "+-"
    assert Keymap({"timeline.closer": ("Z",)}).shown(BY_ID["timeline.closer"], ("Z",)) == "Z"
