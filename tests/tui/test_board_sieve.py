"""The board's list: what the filter line says and offers, sorting by keys and mouse, choosing columns, asking first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.profile import examples
from tests.tui.driving import drive, screen_text, settle, until, widget_text
from tests.tui.fixtures import NOW, ago, empty_view, many_lines, small_view
from tests.tui.harness import BoardApp
from warroom.preferences.load import parse_preferences
from warroom.preferences.values import Preferences
from warroom.tui.actions.keymap import apply
from warroom.tui.board import BoardScreen
from warroom.tui.listing import Columns, head, row
from warroom.tui.pieces import line_width, plain
from warroom.tui.sieve.columns import SPECS, read_columns
from warroom.tui.sieve.match import Beyond
from warroom.tui.sieve.sorting import COLUMNS, URGENCY, Sort, ordered, read_sort, standing
from warroom.tui.widgets.columns import ColumnPicker
from warroom.tui.widgets.confirm import Confirm
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.sieve import FilterBar
from warroom.views import BoardView

LEAD = "incident-manager"


def view() -> BoardView:
    ages = {"INC-142": 41, "INC-141": 300, "INC-139": 5}
    lines = tuple(
        replace(
            line, opened_at=ago(ages[line.key]), service=f"svc{line.key[-1]}", roles=(("incident-manager", "mina"),)
        )
        for line in small_view().lines
    )
    return replace(small_view(), lines=lines)


def keys(app: BoardApp) -> list[str]:
    return [key.removeprefix("INC-") for key in app.board.query_one(IncidentList).keys]


def test_the_key_before_tab_marks_the_suggestion_before_and_stays_in_the_line() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"service:", "shift+tab", "tab")
        await settle(pilot)
        assert app.board.query_one("#filter", Input).value.strip() == "service:svc9"
        assert app.board.focused is app.board.query_one("#filter", Input)

    drive(view(), steps)


@pytest.mark.parametrize("own", ["", "keys: { filter.take: f5, filter.previous: up }"])
def test_who_goes_elsewhere_while_the_line_is_open_has_kept_the_filter(own: str) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        if own:
            chosen = parse_preferences("my.yaml", own.encode()).preferences.keys
            app.own_keys = apply(chosen)  # type: ignore[attr-defined]
        await pilot.press("slash", *"svc1")
        await settle(pilot)
        if own:
            await pilot.press("tab")  # takes nothing any more: it goes on to the list, as everywhere
        else:
            await pilot.click(IncidentList, offset=(10, 1))
        await settle(pilot)
        assert not app.board.query_one(FilterBar).display  # else letters that are meant for it would be keys
        assert app.board.focused is app.board.query_one(IncidentList)
        assert app.board.query_one(IncidentList).filter_text == "svc1"

    drive(view(), steps)


def test_while_one_types_fields_and_values_are_offered_and_tab_takes_them() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"ser")
        await settle(pilot)
        assert widget_text(app, "#filter-offers").strip().startswith("service:")
        await pilot.press("tab")
        assert app.board.query_one("#filter", Input).value == "service:"
        await settle(pilot)
        assert widget_text(app, "#filter-offers").split() == ["svc1", "1", "svc2", "1", "svc9", "1"]
        await pilot.press("down", "tab")
        await settle(pilot)
        assert keys(app) == ["142"]
        await pilot.press(*"srv:1")
        await settle(pilot)
        assert 'at 14: no field "srv"; did you mean service:?' in widget_text(app, "#filter-offers")

    drive(view(), steps)


def test_where_nothing_is_live_a_filter_can_be_typed_and_kept() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"srv:1")
        await settle(pilot)
        assert 'at 1: no field "srv"' in widget_text(app, "#filter-offers")
        await pilot.press("enter")
        await settle(pilot)
        assert not app.board.query_one(FilterBar).display
        assert app.board.query_one(IncidentList).filter_text == "srv:1"

    drive(empty_view(), steps)


def test_a_click_takes_a_candidate() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"service:")
        await settle(pilot)
        await pilot.click("#filter-offers", offset=(10, 0))
        await settle(pilot)
        assert app.board.query_one("#filter", Input).value == "service:svc2 "
        assert app.board.query_one("#filter", Input).has_focus

    drive(view(), steps)


def test_a_value_that_nobody_has_is_said_when_the_line_goes() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"role:mona", "enter")
        await settle(pilot)
        said = [each.message for each in app._notifications]
        assert said == ["at 6: no incident here has role mona"]
        await pilot.press("escape")
        await settle(pilot)
        assert len(keys(app)) == 3

    drive(view(), steps)


def test_sorting_by_keys_and_back_again_with_the_selection_on_its_incident() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.select("INC-139")
        await pilot.press("greater_than_sign", "greater_than_sign")
        await settle(pilot)
        assert keys(app) == ["139", "141", "142"]
        assert "KEY▲" in widget_text(app, "#head")
        await pilot.press("minus")
        await settle(pilot)
        assert keys(app) == ["142", "141", "139"]
        assert "KEY▼" in widget_text(app, "#head")
        assert app.board.selected == "INC-139"
        await pilot.press("0")
        assert "KEY " in widget_text(app, "#head")
        await pilot.press("less_than_sign", "escape")
        assert app.board.query_one(IncidentList).sort == Sort()

    drive(view(), steps)


def test_a_click_on_a_head_sorts_and_a_second_one_turns_it_round() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        at = widget_text(app, "#head").index("TITLE")
        await pilot.click("#head", offset=(at + 1, 0))
        await settle(pilot)
        assert keys(app) == ["142", "139", "141"]
        await pilot.click("#head", offset=(at + 1, 0))
        await settle(pilot)
        assert keys(app) == ["141", "139", "142"]

    drive(view(), steps)


def test_columns_are_tried_out_used_or_given_back() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("C")
        await settle(pilot)
        await pilot.press(*"jjjjjjj", "space", *"KKKKK")
        await settle(pilot)
        assert app.board.query_one(IncidentList).chosen[:4] == ("sev", "key", "age", "title")
        await pilot.press("escape")
        await settle(pilot)
        assert app.board.query_one(IncidentList).chosen == ()
        await pilot.press("C")
        await settle(pilot)
        await pilot.press("j", "space", "enter")
        await settle(pilot)
        assert "KEY" not in widget_text(app, "#head")
        assert app.board.query_one(IncidentList).chosen[:2] == ("sev", "title")

    drive(view(), steps)


def test_without_a_column_the_dialog_stays_and_says_so() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("C")
        await settle(pilot)
        for _ in range(7):
            await pilot.press("space", "j")
        await pilot.press("enter")
        await settle(pilot)
        assert "choose at least one column" in screen_text(app)
        assert isinstance(app.focused, ColumnPicker)

    drive(view(), steps)


def test_what_a_person_has_chosen_is_in_force_from_the_start() -> None:
    own = Preferences(columns=("key", "age", "title"), sort="-age", filter="!sev:3")
    app = BoardApp(view())
    app.board = BoardScreen(view(), NOW, own)

    async def run() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            assert widget_text(app, "#head").split()[:4] == ["KEY", "AGE▲", "TITLE", "2"]
            assert keys(app) == ["142", "141"]

    asyncio.run(run())


def test_what_is_closed_is_asked_for_once_and_shown_until_the_filter_is_another() -> None:
    asked: list[Beyond] = []

    class Asked(BoardApp):
        def on_sieved_screen_wanted(self, event: BoardScreen.Wanted) -> None:
            asked.append(event.what)
            gone = replace(view().lines[0], key="INC-7", status="closed")
            self.board.show_besides(event.what, (gone,))

    async def run() -> None:
        app = Asked(view())
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("slash", *"closed")
            await until(pilot, lambda: asked and keys(app) == ["7"], "what is over")
            assert asked == [Beyond(over=True)]
            await pilot.press("escape")
            await settle(pilot)
            assert "7" not in keys(app)

    asyncio.run(run())


# Order and columns ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", (URGENCY, *COLUMNS, "role:tech-lead"))
def test_every_column_sorts_stably_and_what_has_no_value_comes_last(column: str) -> None:
    lines = (*many_lines(), *view().lines)
    usual = [line.key for line in ordered(lines, Sort(), NOW)]
    for reverse in (False, True):
        found = ordered(lines, Sort(column, reverse), NOW)
        assert sorted(line.key for line in found) == sorted(usual)
        # Whoever sorts without all lines at hand does it by what each of them is worth.
        every = {line.key: line for line in lines}.values()
        order = Sort(column, reverse)
        assert tuple(sorted(every, key=standing(order, NOW))) == ordered(every, order, NOW)
    one, other = (ordered(lines, Sort("team", reverse), NOW) for reverse in (False, True))
    assert [line.key for line in one] == [line.key for line in other] == usual  # nobody has a team


def test_a_setting_that_is_no_column_says_what_was_meant() -> None:
    assert (read_sort("-Age"), read_sort("")) == (Sort("age", True), Sort())
    assert read_columns(["key", "role:tech-lead", "key"]) == ("key", "role:tech-lead")
    with pytest.raises(ValueError, match='no column "titel"; did you mean title'):
        read_columns(["titel"])
    with pytest.raises(ValueError, match='no column "lede"; did you mean lead'):
        read_sort("lede")


@examples()
@given(st.lists(st.sampled_from([*SPECS, "role:tech-lead"]), min_size=1, unique=True), st.integers(20, 240))
def test_chosen_columns_fit_any_width_and_the_first_stay_longest(chosen: list[str], width: int) -> None:
    lines = (*many_lines(), *view().lines)
    columns = Columns.fitting(width, lines, chosen, NOW)
    shown = [name for name, _ in columns.slots]
    assert shown == [name for name in chosen if name in shown]
    assert shown
    wider = [name for name, _ in Columns.fitting(width + 30, lines, chosen, NOW).slots]
    assert len(wider) >= len(shown) or wider[0] == chosen[0]
    for sort in (Sort(), Sort(chosen[0], True)):
        assert line_width(head(columns, "2 of 3 match late", sort)) == width
    for line in lines:
        assert line_width(row(line, columns, NOW + timedelta(seconds=3))) == width


def test_figures_stand_at_the_right_of_their_columns() -> None:
    lines = [replace(view().lines[0], cases=count) for count in (3, 1240)]
    columns = Columns.fitting(80, lines, ("key", "cases", "title"), NOW)
    few, many = (plain(row(line, columns, NOW)) for line in lines)
    assert few.index("3 ", 9) + 1 == many.index("1,240") + 5


# Asking first --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "answer"),
    [("enter", False), ("escape", False), ("n", False), ("y", True), ("j enter", True)],
)
def test_cancel_has_the_focus_and_y_does_it(pressed: str, answer: bool) -> None:
    answers: list[bool] = []

    class Asking(App[None]):
        def on_mount(self) -> None:
            self.push_screen(
                Confirm("Merge INC-1?", ("It is [b]closed[/b].", "Released: mina."), "merge"),
                lambda answer: answers.append(bool(answer)),
            )

    async def run() -> None:
        app = Asking()
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert "It is [b]closed[/b]." in screen_text(app)
            await pilot.press(*pressed.split())
            await settle(pilot)

    asyncio.run(run())
    assert answers == [answer]
