"""What a key on the board makes the screen do again: counted, since time says little on a machine that does more."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

from tests.tui.driving import drive, settle, until
from tests.tui.fixtures import crowd_view, small_view
from tests.tui.harness import BoardApp
from warroom.tui.board import BoardScreen
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.lines import KeyBar
from warroom.tui.widgets.sieve import FilterBar


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the board was laid out, how many widgets were looked up in the style sheets, and how often the whole
    list was asked for another filter or order."""
    count = Counter[str]()

    def counted(owner: Any, name: str) -> None:
        before = getattr(owner, name)

        def call(self: Any, *arguments: Any, **named: Any) -> Any:
            count[name] += 1
            return before(self, *arguments, **named)

        monkeypatch.setattr(owner, name, call)

    counted(BoardScreen, "_refresh_layout")
    counted(Stylesheet, "apply")
    counted(IncidentList, "_ask")
    return count


def test_while_a_long_list_follows_a_filter_the_screen_is_not_laid_out_again(done: Counter[str]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        incidents = app.board.query_one(IncidentList)
        await pilot.press("slash")
        await settle(pilot)
        done.clear()
        incidents.filter("!nothing-is-called-this")
        await until(pilot, lambda: not incidents._ranks.pending)
        assert incidents.count == incidents.total
        assert incidents.virtual_size.height == incidents.count
        assert incidents.vertical_scrollbar.window_virtual_size == incidents.count
        assert not done["_refresh_layout"]
        incidents.filter("nothing-is-called-this")
        await until(pilot, lambda: not incidents._ranks.pending)
        assert incidents.count == incidents.virtual_size.height == 0 and not incidents.show_vertical_scrollbar

    drive(crowd_view(1_500), steps)


def test_the_filter_line_moves_nothing_on_the_board(done: Counter[str]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        parts = [app.board.query_one(f"#{name}") for name in ("list", "lower", "record", "bar")]
        before = [part.region for part in parts]
        await pilot.press("slash")
        await settle(pilot)
        bar, keys = app.board.query_one(FilterBar), app.board.query_one(KeyBar)
        assert bar.region.bottom == app.size.height == keys.region.bottom
        assert [part.region for part in parts] == before
        last = [app.get_widget_at(3, app.size.height - 1)[0]]
        await pilot.press("escape")
        await settle(pilot)
        assert [part.region for part in parts] == before
        last.append(app.get_widget_at(3, app.size.height - 1)[0])
        assert [widget is keys for widget in last] == [False, True]

    drive(small_view(), steps)


def test_a_filter_that_is_cleared_is_cleared_once(done: Counter[str]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", "d", "enter")
        await settle(pilot)
        done.clear()
        await pilot.press("escape")
        await settle(pilot)
        assert app.board.query_one(IncidentList).filter_text == ""
        assert done["_ask"] == 1

    drive(small_view(), steps)


def test_a_panel_becomes_large_without_a_look_at_the_styles_of_the_whole_screen(done: Counter[str]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        lower = len(app.board.query("#lower *")) + 1
        assert lower < len(app.board.query("*"))
        for key in ("3", "escape"):
            done.clear()
            app.board.action_panel(2) if key == "3" else app.board.action_unfilter()
            assert 0 < done["apply"] <= lower + 3  # their bars at the side
            assert app.board.has_class("-tabs") is (key == "3")
            await settle(pilot)
        done.clear()
        app.board.show(replace(small_view(), seq=99))
        assert not done["apply"]

    drive(small_view(), steps)
