"""What every screen does with its actions: each key in the bar is clicked, and whatever is not possible says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.tui.driving import drive, screen_text, settle, widget_text
from tests.tui.fixtures import cards_detail, empty_view, full_view
from tests.tui.harness import BoardApp, detail_for
from warroom.tui.actions.table import BY_ID
from warroom.tui.actions.why import Situation, why_not
from warroom.tui.dialogs import HelpScreen, StatusDialog
from warroom.tui.widgets.finder import FinderScreen
from warroom.tui.widgets.help import help_groups, shown_keys
from warroom.tui.widgets.lines import KeyBar
from warroom.tui.widgets.panels import CommunicationsPanel, RolesPanel
from warroom.views import LadderView, NextPage, PageState

# Why not -------------------------------------------------------------------------------------------------------------

DETAIL = cards_detail()
LINE = DETAIL.line
HERE = Situation("ana", False, LINE, DETAIL, 3, 2, 5)


def paged(state: PageState, **more: object) -> Situation:
    """The same incident with an escalation in this state."""
    line = replace(LINE, page=NextPage(state))
    return replace(HERE, line=line, detail=replace(DETAIL, line=line), **more)  # type: ignore[arg-type]


def by(who: str) -> Situation:
    """The same, acknowledged."""
    found = paged(PageState.ACKED)
    assert found.detail is not None
    return replace(found, detail=replace(found.detail, ladder=replace(found.detail.ladder, acked_by=who)))


@pytest.mark.parametrize(
    ("action", "situation", "words"),
    [
        ("ack", HERE, ""),
        ("ack", replace(HERE, line=None, detail=None), "no incident is selected"),
        ("ack", replace(HERE, line=None, detail=None, live=0), "nothing is live"),
        ("ack", replace(HERE, readonly=True), "this room may only be read"),
        ("ack", by("ana"), "you have acknowledged it already"),
        ("ack", by("mina"), "already acknowledged by mina: take it over"),
        ("ack", paged(PageState.NONE), "no escalation runs"),
        ("ack", paged(PageState.STOPPED), "nothing to acknowledge, it is "),
        ("ack", paged(PageState.CALLED_OFF), "was called off"),
        ("ack", paged(PageState.EXHAUSTED), ""),
        ("snooze", paged(PageState.STOPPED), "nothing to snooze"),
        ("escalate", replace(HERE, detail=None), "is still being read"),
        ("escalate", replace(HERE, detail=replace(DETAIL, ladder=LadderView()), people=0), "nobody to page"),
        ("escalate", replace(HERE, detail=replace(DETAIL, ladder=LadderView())), ""),
        ("reopen", HERE, "there is nothing to reopen"),
        ("reopen", replace(HERE, line=replace(LINE, status="closed")), ""),
        ("update", HERE, ""),
        ("update", replace(HERE, line=replace(LINE, status="resolved")), ""),
        ("update", replace(HERE, line=replace(LINE, status="closed")), "is closed: reopen it before you write"),
        ("update", replace(HERE, line=replace(LINE, status="closed", watched=True)), "declare an incident of your own"),
        ("roles", HERE, ""),
        ("roles", replace(HERE, line=replace(LINE, status="closed")), "is closed: reopen it before somebody takes"),
        ("handover", replace(HERE, line=replace(LINE, status="closed")), "is closed: reopen it before somebody takes"),
        ("handover", replace(HERE, line=replace(LINE, status="closed", watched=True)), "an incident of your own"),
        ("merge", replace(HERE, others=0), "no other incident"),
        ("merge", HERE, ""),
        ("handover", replace(HERE, detail=replace(DETAIL, roles=())), "nobody holds a role"),
        ("handover", HERE, ""),
        ("act", replace(HERE, acts=False), "no escalation to act on"),
        ("topic", replace(HERE, detail=replace(DETAIL, topic="")), "has no topic line"),
        ("move", HERE, "runs under the rules in force"),
        ("work", replace(HERE, readonly=True), ""),
        ("declare", replace(HERE, line=None, detail=None, live=0), ""),
        ("declare", replace(HERE, readonly=True), "this room may only be read"),
        ("quit", replace(HERE, line=None, readonly=True), ""),
    ],
)
def test_why_something_is_not_possible(action: str, situation: Situation, words: str) -> None:
    said = why_not(action, situation)
    assert words in said if words else said == ""


# On the screen -------------------------------------------------------------------------------------------------------


def test_every_key_in_the_bar_is_clicked() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        bar = app.board.query_one(KeyBar)
        names = [hit.name for hit in bar.hits]
        assert len(names) > 10 and names[-3:] == ["go.palette", "go.help", "go.quit"]
        for name in names[:-1]:
            hit = next(hit for hit in bar.hits if hit.name == name)
            app.asked.clear()
            app.clear_notifications()
            await pilot.click(KeyBar, offset=(hit.start, 0))
            await settle(pilot)
            intent = BY_ID[name].places[0].does.removeprefix("intent('").removesuffix("')")
            why = app.board.why_not(name)
            opened = app.screen is not app.board or any(action == intent for action, _ in app.asked)
            assert opened or app.board._filtering or why, name
            if app.screen is not app.board:
                app.screen.dismiss(None)
                await settle(pilot)
            if app.board._filtering:
                await pilot.press("escape")
                await settle(pilot)
        await pilot.click(KeyBar, offset=(bar.hits[-1].start, 0))
        await settle(pilot)
        assert app.asked[-1][0] == "quit"

    drive(full_view(), steps)


def test_what_is_not_possible_is_dimmed_and_says_why_by_key_click_and_help() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        items = {item.id: item for item in shown_keys(app.board)}
        assert not items["incident.ack"].possible and items["board.declare"].possible
        why = app.board.why_not("incident.ack")
        await pilot.press("a")
        await settle(pilot)
        assert [each.message for each in app._notifications] == [why]
        app.clear_notifications()
        bar = app.board.query_one(KeyBar)
        hit = next(hit for hit in bar.hits if hit.name == "incident.ack")
        await pilot.click(KeyBar, offset=(hit.start, 0))
        await settle(pilot)
        assert [each.message for each in app._notifications] == [why]
        lines = {line.text: line.why for group in help_groups(app.board) for line in group.lines}
        assert lines[BY_ID["incident.ack"].help] == why and lines[BY_ID["board.declare"].help] == ""
        await pilot.press("question_mark")
        await settle(pilot)
        assert why in screen_text(app)

    drive(empty_view(), steps, size=(220, 70))


@pytest.mark.parametrize(("keys", "screen"), [(("t",), StatusDialog)])
def test_help_and_the_palette_open_over_a_form(keys: tuple[str, ...], screen: type) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settle(pilot)
        assert isinstance(app.screen, screen)
        await pilot.press("f1")
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen) and "Confirm what was entered" in screen_text(app)
        await pilot.press("escape", "ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, FinderScreen) and "form.confirm" in app.screen.names

    drive(full_view(), steps)


@pytest.mark.parametrize("typed", ["", "theory", "the"])
def test_the_line_of_the_search_stands_in_the_box(typed: str) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark", "slash", *typed)
        await settle(pilot)
        box, line, keys = (app.screen.query_one(f"#{id}").region for id in ("info", "help-search", "info-keys"))
        assert box.contains_region(line) and line.bottom <= keys.y and keys.bottom < box.bottom <= app.size.height

    drive(full_view(), steps, size=(80, 24))


def test_help_is_searched_by_what_keys_do() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark", "slash", *"theory", "enter")
        await settle(pilot)
        shown = screen_text(app)
        assert "theory, experiment, decision" in shown and "Acknowledge" not in shown
        await pilot.press("q")
        await settle(pilot)
        assert app.screen is app.board

    drive(full_view(), steps)


def helped(app: BoardApp) -> bool:
    return isinstance(app.screen, HelpScreen)


@pytest.mark.parametrize("kept", [(), ("enter",)])
def test_escape_leaves_the_search_of_help_and_then_help(kept: tuple[str, ...]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark", "slash", *"theory", *kept)
        await settle(pilot)
        assert "esc all keys" in " ".join(screen_text(app).split())
        await pilot.press("escape")
        await settle(pilot)
        assert helped(app) and not app.screen.query_one("#help-search").display
        assert "Acknowledge" in screen_text(app) and "esc close" in " ".join(screen_text(app).split())
        await pilot.press("slash", "t", "escape", "escape")
        await settle(pilot)
        assert app.screen is app.board
        for key in ("q", "question_mark", "enter"):
            await pilot.press("question_mark")
            await settle(pilot)
            assert helped(app)
            await pilot.press(key)
            await settle(pilot)
            assert app.screen is app.board

    drive(full_view(), steps, size=(120, 60))


@pytest.mark.parametrize("size", [(120, 40), (200, 60), (90, 50)])
def test_a_digit_makes_a_panel_large_and_small_again(size: tuple[int, int]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        lane, roles = app.board.query_one(CommunicationsPanel), app.board.query_one(RolesPanel)
        before = lane.size
        assert roles.size.height and before.height
        await pilot.press("3")
        await settle(pilot)
        assert lane.size.height > before.height and lane.size.width == size[0]
        assert not roles.display and "Roles" in widget_text(app, "#tabs")
        await pilot.press("1")
        await settle(pilot)
        assert roles.display and not lane.display
        await pilot.press("1")
        await settle(pilot)
        assert lane.size == before
        await pilot.press("3", "escape")
        await settle(pilot)
        assert lane.size == before and roles.display

    view = replace(full_view(), selected=detail_for(full_view().lines[0]))
    drive(view, steps, size=size)


def test_escape_with_nothing_to_give_back_says_so() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("escape")
        await settle(pilot)
        assert [each.message for each in app._notifications] == [app.board.why_not("view.unfilter")]

    drive(full_view(), steps)


def test_the_keys_of_vi_page_and_go_to_the_ends() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        keys = app.board.query_one("#list").keys  # type: ignore[attr-defined]
        for key, at in (("G", -1), ("g", 0), ("J", -1), ("K", 0), ("j", 1), ("k", 0)):
            await pilot.press(key)
            await settle(pilot)
            assert app.board.selected == keys[at], key

    drive(full_view(), steps)
