"""A person's own keys: what works is put in force everywhere, what could not work is refused with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import BindingsMap
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from tests.support.profile import examples
from tests.tui.driving import drive, settle
from tests.tui.fixtures import full_view
from tests.tui.harness import BoardApp
from warroom.preferences.load import PreferencesError, parse_preferences
from warroom.tui.actions.bind import bindings, remapped
from warroom.tui.actions.keymap import apply, keymap_of, problems
from warroom.tui.actions.keys import USUAL
from warroom.tui.actions.table import BY_ID, SCOPES
from warroom.tui.widgets.confirm import Confirm
from warroom.tui.widgets.finder import FinderScreen
from warroom.tui.widgets.form import Form, Text
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.sieve import FilterBar


class Two(Form[str]):
    """A form of two texts."""

    def fields(self) -> Iterable[Widget]:
        """The texts."""
        yield Text(id="one")
        yield Text(id="two")


def told(text: str) -> list[str]:
    """What is wrong with these keys."""
    return [str(each) for each in problems(parse_preferences("my.yaml", f"keys:\n{text}".encode()))]


@pytest.mark.parametrize(
    ("written", "place", "words"),
    [
        ("  incident.akc: A", "2:3", "keys.incident.akc: is not the id of an action; did you mean incident.a"),
        ("  incident.ack: []", "2:17", "keys.incident.ack: names no key"),
        ("  incident.ack: blorp", "2:17", "is no key; write a character"),
        ("  incident.ack: ctrl+blorp", "2:17", "is no key"),
        ("  incident.ack: shift+a", "2:17", "is never sent by a terminal; write A"),
        ("  incident.ack: ctrl+i", "2:17", "is tab to most terminals"),
        ("  incident.ack: esc", "2:17", "is needed elsewhere: it leads out of everything"),
        ("  incident.ack: enter", "2:17", "is needed elsewhere"),
        ("  incident.ack: tab", "2:17", "is needed elsewhere"),
        ("  incident.ack: up", "2:17", "is needed elsewhere"),
        ("  incident.ack: e", "2:17", r"e is also incident.escalate \(.*\) in: Board"),
        ("  incident.ack: j", "2:17", r"j is also move.down \(.*\) in: List of incidents"),
        ("  incident.ack: A", "2:17", r"A is also timeline.plain \(.*\) in: Gap timeline"),
        ("  go.help: Y", "2:12", "never works in: Composer. What is typed there is text"),
        ("  incident.note: Y\n  incident.work: Y", "", "Y is also incident.(note|work)"),
        ("  move.down: e", "2:14", "e is also incident.escalate"),
    ],
)
def test_what_could_not_work_is_refused_with_its_line(written: str, place: str, words: str) -> None:
    found = told(written)
    assert found and all(each.startswith("my.yaml:") for each in found)
    assert any(re.search(words, each) and each.startswith(f"my.yaml:{place}") for each in found), found


@pytest.mark.parametrize(
    "written",
    [
        "  incident.ack: a",
        "  incident.ack: ctrl+a, f6",
        "  incident.ack: e\n  incident.escalate: a",
        '  go.help: "f2, f7"\n  composer.waiting: f9',
        "  move.down: j, down, ctrl+n\n  composer.blank: f5",
        '  past.ask: "@"',
    ],
)
def test_what_works_is_not_refused(written: str) -> None:
    assert told(written) == []


def test_everything_that_is_wrong_is_said_at_once_from_top_to_bottom() -> None:
    read = parse_preferences("my.yaml", b"keys:\n  a.b: A\n  incident.ack: blorp\n  incident.note: e\n")
    with pytest.raises(PreferencesError, match=r"(?s)3 problems.*my.yaml:2.*my.yaml:3.*my.yaml:4"):
        keymap_of(read)


@examples(0.5)
@given(
    st.dictionaries(
        st.sampled_from(sorted(BY_ID)), st.sampled_from(["A", "e", "f6", "ctrl+a", "%", "j", "W"]), max_size=4
    )
)
def test_no_keymap_that_passes_leaves_two_actions_on_one_key(chosen: dict[str, str]) -> None:
    text = "".join(f'  {id}: "{key}"\n' for id, key in chosen.items())
    read = parse_preferences("my.yaml", f"keys:\n{text}".encode() if text else b"")
    if problems(read):
        return
    keymap = apply(read.preferences.keys)
    for scope in SCOPES:
        taken: dict[str, str] = {}
        for action, _, keys in keymap.placed(scope):
            assert keys
            for key in keys:
                other = BY_ID[taken.setdefault(key, action.id)]
                assert other is action or action.aside or other.aside
        bound = remapped(BindingsMap(bindings(scope)), keymap)
        lost = {each.id for _, each in BindingsMap(bindings(scope))} - {each.id for _, each in bound}
        assert not lost


def test_ones_own_keys_are_in_force_in_bar_and_binding() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.own_keys = apply(
            {"incident.ack": ("ctrl+a",), "go.palette": ("f9",), "move.down": ("n", "down"), "incident.note": ("j",)}
        )  # type: ignore[attr-defined]
        app.board.refresh_bindings()
        await settle(pilot)
        before = app.board.selected
        await pilot.press("n")
        await settle(pilot)
        assert app.board.selected != before
        await pilot.press("ctrl+a", "a", "colon")
        await settle(pilot)
        assert [action for action, _ in app.asked] == ["ack"]
        await pilot.press("f9")
        await settle(pilot)
        assert isinstance(app.screen, FinderScreen)

    drive(full_view(), steps)


def test_dialogs_and_the_line_of_the_filter_have_ones_own_keys_and_say_so() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.own_keys = apply(  # type: ignore[attr-defined]
            {
                "form.confirm": ("f6",),
                "form.next": ("f5",),
                "go.back": ("f8",),
                "confirm.yes": ("Y",),
                "filter.keep": ("f7",),
                "filter.take": ("f9",),
            }
        )
        app.push_screen(Two())
        await settle(pilot)
        foot = app.screen.query_one("#form-keys", Static)
        assert str(foot.content) == "f6 confirm   f5 next field   f8 cancel"
        first, second = app.screen.query("TextArea")
        assert first.has_focus
        await pilot.press("f5")
        assert second.has_focus
        await pilot.press("h", "f8")
        await settle(pilot)
        assert not isinstance(app.screen, Two)
        taken: list[bool | None] = []
        app.push_screen(Confirm("Page 9 people?", ("a page cannot be called back",), "page them"), taken.append)
        await settle(pilot)
        foot = app.screen.query_one("#form-keys", Static)
        assert str(foot.content) == "Y page them   enter what is marked   f8 cancel"
        await pilot.press("y")
        await settle(pilot)
        assert taken == []
        await pilot.press("Y")
        await settle(pilot)
        assert taken == [True]
        await pilot.press("slash", *"status:inv")
        bar = app.board.query_one(FilterBar)
        await pilot.press("f9")
        assert bar.text == "status:investigating"
        await pilot.press("enter")
        assert bar.display
        await pilot.press("f7")
        await settle(pilot)
        assert not bar.display and app.board.query_one(IncidentList).has_focus

    drive(full_view(), steps)


def test_the_line_of_the_filter_names_ones_own_keys() -> None:
    keymap = apply({"filter.keep": ("f7",), "filter.clear": ("c", "f8")})
    # Where somebody writes a letter is no key: the other one is named.
    assert [keymap.hint(f"filter.{name}", "filter") for name in ("take", "keep", "clear")] == ["tab", "f7", "f8"]
    assert any("filter.keep" in each for each in told("  filter.keep: f7\n  filter.clear: f7"))
    assert any("never works in: Line of the filter" in each for each in told("  filter.take: Y"))


def test_no_keys_of_ones_own_cost_nothing() -> None:
    assert problems(parse_preferences("my.yaml", b"mouse: no\n")) == []
    assert apply({}) == USUAL
