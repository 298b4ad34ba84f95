"""The board as a person uses it: selection, keys, mouse, filter, help."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.driving import drive, row_text, screen_text, settle, widget_text
from tests.tui.fixtures import (
    NOW,
    SEV1,
    ahead,
    cards_detail,
    crowd_view,
    empty_view,
    full_view,
    git_line,
    small_view,
)
from tests.tui.harness import BoardApp
from warroom.tui.actions.keys import USUAL, Keymap
from warroom.tui.dialogs import HelpScreen
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.lines import KeyBar
from warroom.views import NextPage, PageState


def possible_keys(app: BoardApp) -> set[str]:
    """The keys in the bar that are not dimmed."""
    return {item.key for item in app.board.query_one(KeyBar)._items if item.possible}


def said(app: BoardApp) -> str:
    """What was said in the corner of the screen."""
    return "; ".join(each.message for each in app._notifications)


def test_the_first_row_is_selected_and_its_detail_is_asked_for() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert app.board.selected == "INC-138"
        assert app.chosen == ["INC-138"]
        assert screen_text(app).splitlines()[2].startswith("▌ ◆ SEV1  INC-138")

    drive(full_view(), steps)


def test_what_was_taken_in_before_there_was_a_list_is_shown_whole() -> None:
    """A room is read in parts, and what is new in the second part is not all that there is."""

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert app.board.query_one(IncidentList).count == len(app.view.lines)
        assert app.board.selected == "INC-138"

    view = full_view()
    drive(replace(view, changed={line.key: line for line in view.lines[-2:]}), steps)


def test_the_selection_moves_by_keys() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        for key, selected in (
            ("j", "INC-142"),
            ("down", "INC-136"),
            ("k", "INC-142"),
            ("G", "INC-98"),
            ("j", "INC-98"),
            ("g", "INC-138"),
            ("up", "INC-138"),
            ("end", "INC-98"),
            ("home", "INC-138"),
            ("pagedown", "INC-98"),
            ("pageup", "INC-138"),
        ):
            await pilot.press(key)
            assert app.board.selected == selected, key

    drive(full_view(), steps)


def test_the_selection_stays_on_its_incident_when_the_list_changes() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.select("INC-141")
        await settle(pilot)
        lines = app.view.lines
        # everything else gets worse and comes before it
        worse = tuple(line if line.key == "INC-141" else replace(line, severity=SEV1) for line in lines)
        app.board.show(replace(app.view, lines=worse), NOW)
        await settle(pilot)
        assert app.board.selected == "INC-141"
        assert app.board.query_one(IncidentList).keys[-1] == "INC-141"
        assert row_text(app, "INC-141").startswith("▌")
        assert screen_text(app).count("▌") == 1

    drive(full_view(), steps)


def test_when_the_selected_incident_vanishes_the_nearest_is_selected() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        for gone, nearest in (("INC-136", "INC-137"), ("INC-98", "INC-99")):
            app.board.select(gone)
            await settle(pilot)
            lines = tuple(line for line in app.view.lines if line.key != gone)
            app.view = replace(app.view, lines=lines)
            app.board.show(app.view, NOW)
            await settle(pilot)
            assert app.board.selected == nearest
            assert app.chosen[-1] == nearest
        app.board.show(replace(app.view, lines=()), NOW)
        await settle(pilot)
        assert app.board.selected is None
        assert app.chosen[-1] is None

    drive(full_view(), steps)


def test_keys_say_what_the_person_wants_of_the_incident_that_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        monkeypatch.setattr(app, "dialog", lambda action: None)
        await pilot.press("j", "a", "enter", *"estrunzd")
        await settle(pilot)
        wanted = ["ack", "open", "escalate", "severity", "status", "roles", "update", "note", "snooze", "declare"]
        assert app.asked == [(action, "INC-142") for action in wanted]

    drive(full_view(), steps)


def test_a_read_only_room_offers_only_what_it_allows() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        keys = widget_text(app, "#keys")
        assert {"a", "d"}.isdisjoint(possible_keys(app))
        assert "/ filter  o rota  p rules  : find  ? help  q quit" in keys
        await pilot.press("a", "d", "u")
        await settle(pilot)
        assert app.asked == []
        await pilot.press("E")
        await settle(pilot)
        assert app.asked == [("engines", "INC-138")]

    drive(replace(full_view(), readonly=True), steps)


def test_an_empty_room_says_so_and_offers_to_declare() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "Nothing is live" in screen_text(app)
        assert "d declare" in widget_text(app, "#keys")
        assert "d" in possible_keys(app) and "a" not in possible_keys(app)
        await pilot.press("a")
        await settle(pilot)
        assert app.asked == []
        assert "there is no incident for this" in said(app)

    drive(empty_view(), steps)


def test_a_room_that_became_calm_says_since_when() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.show(replace(app.view, lines=(), selected=None, read_at=NOW), NOW)
        app.board.tick(ahead(5), read_at=ahead(5))
        await settle(pilot)
        assert "since 14:32 UTC" in screen_text(app)
        app.board.show(full_view(), ahead(6))
        await settle(pilot)
        assert "INC-142" in screen_text(app)
        assert "Escalation" in screen_text(app)

    drive(small_view(), steps)


def test_a_row_that_becomes_late_moves_up_and_keeps_the_selection() -> None:
    view = replace(
        small_view(),
        lines=(git_line(), replace(git_line(), key="INC-150", page=NextPage(PageState.DUE, "L1", ahead(20)))),
    )

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.board.select("INC-150")
        await settle(pilot)
        keys = app.board.query_one(IncidentList).keys
        assert keys == ("INC-141", "INC-150")
        app.board.tick(ahead(20), read_at=ahead(20))
        await settle(pilot)
        assert app.board.query_one(IncidentList).keys == ("INC-150", "INC-141")
        assert app.board.selected == "INC-150"

    drive(view, steps)


def test_a_long_list_scrolls_with_the_selection() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        incidents = app.board.query_one(IncidentList)
        assert incidents.size.height < 40
        await pilot.press("end")
        await settle(pilot)
        assert row_text(app, incidents.keys[-1]).startswith("▌")
        app.board.tick(ahead(0, 1), read_at=ahead(0, 1))
        await settle(pilot)
        shown = screen_text(app)
        last = next(line for line in app.view.lines if line.key == incidents.keys[-1])
        assert last.page.at is not None
        assert (last.page.at - NOW).total_seconds() > 0
        assert incidents.keys[0] not in shown
        await pilot.press("home")
        await settle(pilot)
        assert row_text(app, incidents.keys[0]).startswith("▌")

    drive(crowd_view(40), steps, size=(80, 24))


def test_the_mouse_selects_opens_and_presses_keys() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.click("#list", offset=(20, 2))
        await settle(pilot)
        assert app.board.selected == "INC-136"
        await pilot.click("#list", offset=(20, 2), times=2)
        await settle(pilot)
        assert app.asked[-1] == ("open", "INC-136")
        at = widget_text(app, "#keys").index("note")
        await pilot.click("#keys", offset=(at, 0))
        await settle(pilot)
        assert app.asked[-1] == ("note", "INC-136")

    drive(full_view(), steps)


def test_the_panels_never_show_another_incident() -> None:
    """While the detail of a newly selected incident is being read, that is said, and the old one goes."""

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        other = next(line.key for line in app.view.lines if line.key == "INC-141")
        app.view = replace(app.view, lines=tuple(line for line in app.view.lines if line.key != other))
        app.board.select(other)  # the harness no longer knows it, so no detail will come
        await settle(pilot)
        assert "reading ..." in widget_text(app, "#bar")
        await pilot.pause(0.2)
        assert "L3 managers" not in screen_text(app)
        app.board.show(replace(full_view(), selected=replace(cards_detail(), line=git_line())), NOW)
        await settle(pilot)
        assert "L3 managers" in screen_text(app)
        assert "INC-141" in widget_text(app, "#bar")

    drive(full_view(), steps)


def test_the_filter_narrows_while_it_is_typed() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        incidents = app.board.query_one(IncidentList)
        await pilot.press("slash", *"late")
        await settle(pilot)
        assert incidents.keys == ("INC-142", "INC-136")
        assert "2 of 10 match late" in widget_text(app, "#head")
        assert app.asked == []  # letters went into the filter, not to the keys
        await pilot.press("enter")
        await settle(pilot)
        assert incidents.keys == ("INC-142", "INC-136")
        assert not app.board.query_one("#filter-line").display
        await pilot.press("a")
        await settle(pilot)
        assert app.asked == [("ack", "INC-142")]
        await pilot.press("escape")
        await settle(pilot)
        assert len(incidents.keys) == 10
        await pilot.press("slash", *"zzz")
        await settle(pilot)
        assert "Nothing matches zzz" in screen_text(app)
        assert app.board.query_one("#filter", Input).has_focus
        await pilot.press("escape")
        await settle(pilot)
        assert len(incidents.keys) == 10

    drive(full_view(), steps)


def test_help_is_made_from_the_bindings() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen)
        shown = screen_text(app)
        for action, place, _ in USUAL.placed("board"):
            if place.bar:
                assert action.help in shown
        assert "Down: the next one, or a line" in shown
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is app.board

    drive(full_view(), steps, size=(120, 90))


def test_a_remapped_key_is_shown_as_it_is_mapped() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.own_keys = Keymap({"incident.ack": ("x",), "incident.act": ("a",)})  # type: ignore[attr-defined]
        app.board.refresh_bindings()
        await settle(pilot)
        assert widget_text(app, "#keys").startswith(" x ack")
        await pilot.press("x")
        await settle(pilot)
        assert app.asked == [("ack", "INC-138")]

    drive(full_view(), steps)


@pytest.mark.parametrize("every", [False, True], ids=["what changed is known", "any line may be another"])
def test_what_happened_while_it_was_covered_is_on_it_when_it_is_seen_again(every: bool) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        first, second, third, *rest = app.view.lines
        renamed, again = replace(first, title="one"), replace(first, title="another name")
        views = [
            replace(app.view, lines=(renamed, second, third, *rest), changed={first.key: renamed}, seq=101),
            replace(app.view, lines=(renamed, third, *rest), changed=None if every else {second.key: None}, seq=102),
            replace(app.view, lines=(again, third, *rest), changed={first.key: again}, seq=103),
        ]
        for view in views:
            app.board.keep(view, NOW)
        await settle(pilot)
        assert second.key in screen_text(app)  # it was not drawn
        app.board.show(views[-1], NOW)
        await settle(pilot)
        incidents = app.board.query_one(IncidentList)
        assert set(incidents.keys) == {line.key for line in views[-1].lines}
        assert "another name" in row_text(app, first.key)

    drive(small_view(), steps)
