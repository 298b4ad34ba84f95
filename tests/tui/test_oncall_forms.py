"""The forms of the on-call screen: what they propose, what they refuse, what they give."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tests.tui.driving import screen_text, settle
from tests.tui.duty import DAY, DESK, START, VIEW, OnCallApp, drive, line, line_of, view
from tests.tui.fixtures import NOW
from warroom.domain.duty import Override
from warroom.tui import dialogs, oncall_grid
from warroom.tui.widgets.choices import Choices
from warroom.views import DeskKind

NOTHING = object()


def ask(dialog: Screen[Any], *keys: str, size: tuple[int, int] = (80, 24)) -> tuple[Any, str]:
    """Open a form, press keys ("=text" is typed at once); its result, and the screen before the last key."""
    results: list[Any] = []
    seen = [""]

    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        app.push_screen(dialog, results.append)
        await settle(pilot)
        for key in keys:
            seen[0] = screen_text(app)
            if key.startswith("="):
                assert isinstance(app.screen.focused, Input)
                app.screen.focused.value = key[1:]
            else:
                await pilot.press(key)
            await settle(pilot)

    drive(steps, size)
    return (results[0] if results else NOTHING), seen[0]


def inside(seen: str) -> str:
    """What stands in the box in front, its lines joined."""
    return " ".join(" ".join(re.findall(r"│(.*)│", seen)).split())


def clock() -> datetime:
    return NOW


def test_enter_alone_puts_me_on_call_until_the_next_handoff() -> None:
    span = oncall_grid.shift_at(line("payments"), NOW)
    result, seen = ask(dialogs.OverrideDialog(VIEW, "payments", span, "mina", clock), "enter")
    assert result == dialogs.Cover("payments", "mina", NOW, START + timedelta(hours=20), "", "")
    assert "now until 20:00 UTC (5h27), in place of jonas" in seen


def test_a_shift_to_come_is_taken_as_a_whole() -> None:
    span = oncall_grid.shift_at(line("payments"), START + 2 * DAY)
    result, _ = ask(dialogs.OverrideDialog(VIEW, "payments", span, "mina", clock), "enter")
    assert (result.start, result.end) == (START + timedelta(hours=33), START + timedelta(hours=57))


def test_who_the_rulebook_does_not_know_has_to_name_somebody() -> None:
    result, seen = ask(dialogs.OverrideDialog(VIEW, "payments", None, "root", clock), "enter", "tab")
    assert result is NOTHING
    assert "say who is on call" in seen
    named, _ = ask(dialogs.OverrideDialog(VIEW, "payments", None, "root", clock), "=MINA", "tab", "=2h", "enter")
    assert (named.person, named.end) == ("mina", NOW.replace(second=0) + timedelta(minutes=121))


@pytest.mark.parametrize(
    ("when", "said"),
    [("soon", "soon is no time"), ("", "say until when"), ("from 18:00", "say until when as well")],
)
def test_a_time_that_cannot_be_read_keeps_the_form_open(when: str, said: str) -> None:
    result, seen = ask(dialogs.AbsenceDialog(VIEW, "mina", clock), f"={when}", "enter", "tab")
    assert result is NOTHING
    assert said in seen
    assert seen.count(said) == 1, "what was not understood is said once"


@pytest.mark.parametrize("field", ["who", "when"])
def test_of_a_long_text_the_advice_is_what_is_read(field: str) -> None:
    """An error names its field, says again only how what was typed began, and ends with what to type."""
    text = "the gateway of the northern region refuses one card in three " * 4
    keys = (f"={text}", "tab", "=2h") if field == "who" else ("=mina", "tab", f"={text}")
    result, seen = ask(dialogs.OverrideDialog(VIEW, "payments", None, "root", clock), *keys, "ctrl+s", "tab")
    said = " ".join(inside(seen).split())
    assert result is NOTHING
    assert {"who": "✗ Who: nobody is called the gateway", "when": "✗ When: the gateway"}[field] in said
    assert {"who": "…; known are eve, jonas, mina", "when": "or 2026-03-12 to 2026-03-15"}[field] in said
    assert said.count("refuses one card") <= 1, "only the field itself shows so much of it"


def test_an_absence_shows_which_shifts_it_is_about() -> None:
    result, seen = ask(dialogs.AbsenceDialog(VIEW, "mina", clock), "=tomorrow", "enter")
    assert result == dialogs.Away("mina", START + DAY, START + 2 * DAY, "")
    assert "on call then: payments 20:00 until Wed 09:00" in inside(seen)


def test_local_is_the_time_zone_of_who_is_absent() -> None:
    result, _ = ask(dialogs.AbsenceDialog(VIEW, "지민", clock), "=tomorrow local", "enter")
    assert (result.start, result.end) == (START + timedelta(hours=15), START + timedelta(hours=39))


def test_a_swap_proposes_my_next_shift_and_asks_anybody() -> None:
    span = oncall_grid.shift_at(line("nights"), NOW)
    result, seen = ask(dialogs.SwapDialog(VIEW, "payments", span, "지민", clock), "enter")
    assert result == dialogs.Asked("payments", "지민", START + timedelta(hours=57), START + timedelta(hours=81), "", "")
    assert "지민 has it" in seen


def test_taking_back_says_what_will_be_and_asks_for_a_reason() -> None:
    items = VIEW.desk
    result, seen = ask(
        dialogs.ItemDialog(items, "mina", NOW, taking=False, chosen=items[0]), "=it was a false alarm", "enter"
    )
    assert (result.item.kind, result.item.id, result.reason) == (DeskKind.OVERRIDE, 1, "it was a false alarm")
    assert "payments goes back to its layers now" in seen


def test_a_swap_is_taken_with_enter() -> None:
    swaps = [item for item in VIEW.desk if item.kind is DeskKind.SWAP]
    dialog = dialogs.ItemDialog(swaps, "mina", NOW, taking=True)
    result, seen = ask(dialog, "enter")
    assert result.item.id == 3
    assert "mina is on call on payments until Thu 12:00 UTC in place of 지민" in inside(seen)


def test_when_a_swap_begins_is_seen_where_its_row_is_cut() -> None:
    _, seen = ask(dialogs.ItemDialog(VIEW.desk, "mina", NOW, taking=False), "escape", size=(60, 20))
    assert "swap 3  Thu 00:00 until Thu 12:00  " in seen


def test_another_item_is_chosen_with_the_arrows() -> None:
    dialog = dialogs.ItemDialog(VIEW.desk, "mina", NOW, taking=False)

    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        app.push_screen(dialog)
        await settle(pilot)
        await pilot.press("down", "down")
        await settle(pilot)
        assert dialog.query_one("#item", Choices).index == 2
        assert "mina can be paged again" in screen_text(app)

    drive(steps)


def test_a_shift_tells_how_to_reach_them_and_what_time_it_is_there() -> None:
    span = oncall_grid.shift_at(line("payments"), START + timedelta(hours=60))
    assert span is not None
    _, seen = ask(dialogs.ShiftScreen(VIEW, line("payments"), span, NOW), "escape")
    for words in (
        "지민",
        "@jimin",
        "it is 23:32 in Asia/Seoul",
        "Thu 12 Mar 09:00  UTC",
        "Thu 12 Mar 18:00  Asia/Seoul",
    ):
        assert " ".join(words.split()) in " ".join(seen.split()), words


def test_a_gap_tells_where_pages_go_instead() -> None:
    span = oncall_grid.shift_at(line("nights"), NOW)
    assert span is not None
    _, seen = ask(dialogs.ShiftScreen(VIEW, line("nights"), span, NOW), "escape")
    assert "nobody is on call" in seen
    assert "pages go to oncall:leads" in seen


def test_names_that_look_like_markup_are_shown_as_they_are() -> None:
    hostile = replace(DESK, overrides=(Override(1, "payments", "eve", NOW, START + DAY, "ana", "[red]because[/red]"),))
    shown = view(hostile)
    span = oncall_grid.shift_at(line_of(shown, "payments"), NOW)
    assert span is not None
    _, seen = ask(dialogs.ShiftScreen(shown, line_of(shown, "payments"), span, NOW), "escape")
    assert "eve  [red]Eve[/red]" in seen

    async def steps(app: OnCallApp, pilot: Pilot[None]) -> None:
        assert "[red]because[/red]" in screen_text(app)

    drive(steps, shown=shown)
