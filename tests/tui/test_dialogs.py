"""The forms: what they return, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from tests.tui.driving import drive, screen_text, settle, shown, until
from tests.tui.fixtures import (
    NOW,
    PEOPLE,
    SEV1,
    SEV2,
    SEV3,
    STATUSES,
    ahead,
    cards_detail,
    cards_line,
    engines,
    small_view,
)
from tests.tui.harness import BoardApp
from tests.tui.known import ASSESSMENT, WORDS
from warroom.domain.record_commands import AddNote, RecordCommand
from warroom.tui import dialogs
from warroom.tui.widgets.form import Form
from warroom.views import DutyLine

Steps = Callable[[BoardApp, Pilot[None]], Awaitable[None]]
FACES = (SEV1, SEV2, SEV3)
NOTHING = object()


def ask(dialog: Screen[Any], steps: Steps, size: tuple[int, int] = (80, 24)) -> Any:
    """Open a dialog over the board, do the steps, give its result; NOTHING while it is still open."""
    results: list[Any] = []

    async def run(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(dialog, results.append)
        await settle(pilot)
        await steps(app, pilot)
        await settle(pilot)

    drive(small_view(), run, size=size)
    return results[0] if results else NOTHING


async def press(app: BoardApp, pilot: Pilot[None], *pressed: str) -> None:
    """Press keys; what begins with "=" is put where the cursor is in one go, which is quicker than typing it."""
    for key in pressed:
        if not key.startswith("="):
            await pilot.press(key)
            continue
        field = app.screen.focused
        if isinstance(field, Input):
            field.insert_text_at_cursor(key[1:])
        else:
            assert isinstance(field, TextArea)
            field.insert(key[1:])
        await pilot.pause()
    await settle(pilot)


def keys(*pressed: str) -> Steps:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, *pressed)

    return steps


LONG_REFUSAL = (
    "INC-142 was resolved by somebody else three minutes ago and its escalation was called off with it; reopen it "
    "first, or say on the record what is to be done"
)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
def test_a_long_refusal_is_read_to_its_end_and_the_keys_stay_in_sight(size: tuple[int, int]) -> None:
    async def refuse(_: object) -> str:
        return LONG_REFUSAL

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "down", "tab", "=worse", "ctrl+s")
        await until(pilot, lambda: "✗" in screen_text(app))
        said = " ".join(shown(app.screen).replace("│", " ").split())
        assert LONG_REFUSAL in said, shown(app.screen)
        assert "esc cancel" in said
        await press(app, pilot, "tab")
        assert "✗" in screen_text(app), "it stays until something is mended"
        await press(app, pilot, "shift+tab", "=x")
        assert "✗" not in screen_text(app)

    dialog = dialogs.SeverityDialog(cards_line(), FACES, ASSESSMENT, check=refuse)
    assert ask(dialog, steps, size) is NOTHING


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
def test_a_question_is_read_to_its_end_above_its_answer_while_somebody_answers(size: tuple[int, int]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        for number, (question, _) in enumerate(ASSESSMENT.questions, 1):
            app.screen.query_one(f"#answer-{number}").focus()
            await settle(pilot)
            await pilot.press("x")
            await settle(pilot)
            inner = (row.strip(" │▁▂▃▄▅▆▇█") for row in shown(app.screen).splitlines())
            assert question in " ".join(" ".join(inner).split()), question

    ask(dialogs.SeverityDialog(cards_line(), FACES, ASSESSMENT), steps, size)


def test_when_a_level_would_be_paged_is_said_before_whom_it_has() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "would be paged at 14:34" in shown(app.screen)
        assert "would be paged at 15:04" in shown(app.screen)

    ask(dialogs.EscalateDialog(cards_line(), cards_detail().ladder, PEOPLE, NOW), steps, (60, 20))


def test_escape_cancels_and_asks_once_more_when_much_would_be_lost() -> None:
    assert ask(dialogs.NoteDialog(cards_line(), lambda: NOW), keys("escape")) is None

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=a long observation", "escape")
        await settle(pilot)
        assert "esc once more throws away what you typed" in screen_text(app)
        assert app.screen.query_one("#text", TextArea).text == "a long observation"
        await press(app, pilot, "!", "escape")
        await settle(pilot)
        assert "esc once more" in screen_text(app)
        await press(app, pilot, "escape")

    assert ask(dialogs.NoteDialog(cards_line(), lambda: NOW), steps) is None


def test_a_refusal_is_shown_and_nothing_typed_is_lost() -> None:
    tried: list[RecordCommand] = []

    async def check(note: RecordCommand) -> str:
        tried.append(note)
        return "somebody else was quicker" if len(tried) == 1 else ""

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=pool is full", "ctrl+s")
        await settle(pilot)
        assert "✗ somebody else was quicker" in screen_text(app)
        await press(app, pilot, "!", "ctrl+s")

    assert ask(dialogs.NoteDialog(cards_line(), lambda: NOW, check=check), steps) == AddNote("pool is full!")
    assert tried == [AddNote("pool is full"), AddNote("pool is full!")]


def test_what_happens_in_the_room_does_not_touch_what_is_typed() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=half a sen")
        app.board.show(small_view(), ahead(0, 5))
        app.board.tick(ahead(0, 6), read_at=ahead(0, 6))
        await settle(pilot)
        assert app.screen.query_one("#text", TextArea).text == "half a sen"
        assert app.screen.query_one("#text", TextArea).has_focus
        await press(app, pilot, "=tence", "ctrl+s")

    assert ask(dialogs.NoteDialog(cards_line(), lambda: NOW), steps) == AddNote("half a sentence")


def test_the_next_status_is_marked_and_the_same_is_no_change() -> None:
    assert ask(dialogs.StatusDialog(cards_line(), STATUSES), keys("enter", "=done", "enter")) == dialogs.StatusChange(
        "resolved", "done"
    )
    steps = keys("up", "ctrl+s")
    assert ask(dialogs.StatusDialog(cards_line(), STATUSES), steps) is NOTHING


def test_the_hint_says_what_enter_does_where_the_cursor_is() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "enter next field   ctrl+s set   esc cancel" in screen_text(app)
        await press(app, pilot, "enter")
        assert isinstance(app.screen.focused, Input)
        assert "enter set   tab next field   esc cancel" in screen_text(app)

    assert ask(dialogs.StatusDialog(cards_line(), STATUSES), steps) is NOTHING


def test_a_status_says_whether_it_needs_a_reason() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "needed: goes on the record" in screen_text(app)  # resolved is marked
        await press(app, pilot, "home")
        assert "optional" in screen_text(app)
        assert "needed" not in screen_text(app)

    assert ask(dialogs.StatusDialog(cards_line(), STATUSES), steps) is NOTHING


def role_dialog() -> dialogs.RoleDialog:
    return dialogs.RoleDialog(cards_line(), cards_detail().roles, PEOPLE, NOW, me="ana")


def test_the_vacant_role_is_marked_and_falls_to_me_when_nobody_is_named() -> None:
    assert ask(role_dialog(), keys("ctrl+s")) == dialogs.RoleChange("assign", "comms", "ana", "")


def test_offering_a_role_to_somebody_by_completion() -> None:
    steps = keys("home", "tab", "tab", "=j", "o", "right", "tab", "=rollback runs", "enter")
    assert ask(role_dialog(), steps) == dialogs.RoleChange("offer", "im", "jonas", "rollback runs")


def test_stepping_back_needs_no_person() -> None:
    steps = keys("home", "tab", "down", "down", "ctrl+s")
    assert ask(role_dialog(), steps) == dialogs.RoleChange("leave", "im", "", "")


def test_a_name_that_nobody_has_is_refused_with_the_nearest() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "tab", "tab", "=jonsa", "enter")
        await settle(pilot)
        assert "✗ Person: nobody is called jonsa; did you mean jonas?" in screen_text(app)

    assert ask(role_dialog(), steps) is NOTHING


def test_snoozing_needs_an_end_and_a_reason() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "nobody is paged until 15:02 UTC" in screen_text(app)
        await press(app, pilot, "enter")
        await settle(pilot)
        assert "✗ say why nobody needs to be paged" in screen_text(app)
        await press(app, pilot, "=rollback", "enter")

    assert ask(dialogs.SnoozeDialog(cards_line(), lambda: NOW), steps) == dialogs.Snooze(ahead(30), "rollback")


def escalate_dialog() -> dialogs.EscalateDialog:
    return dialogs.EscalateDialog(cards_line(), cards_detail().ladder, PEOPLE, NOW)


def test_escalating_pages_the_next_level_or_a_person() -> None:
    assert ask(escalate_dialog(), keys("ctrl+s")) == dialogs.EscalateTo(3, "", "")
    assert ask(escalate_dialog(), keys("down", "tab", "tab", "=all of EU", "enter")) == dialogs.EscalateTo(
        4, "", "all of EU"
    )
    # who types a name means a person
    assert ask(escalate_dialog(), keys("tab", "=tom", "enter")) == dialogs.EscalateTo(None, "tom", "")
    assert ask(escalate_dialog(), keys("end", "ctrl+s")) is NOTHING


def test_confirming() -> None:
    assert ask(dialogs.ConfirmDialog("Wake it?", "INC-1"), keys("enter")) == dialogs.Confirmed("")
    assert ask(dialogs.ReopenDialog(cards_line()), keys("enter")) is NOTHING
    assert ask(dialogs.ReopenDialog(cards_line()), keys("=again", "enter")) == dialogs.Confirmed("again")


def test_choices_answer_to_the_mouse() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.click("#level", offset=(5, 1))
        await settle(pilot)
        await press(app, pilot, "ctrl+s")

    assert ask(escalate_dialog(), steps) == dialogs.EscalateTo(4, "", "")


def test_the_keys_at_the_foot_of_a_dialog_answer_to_the_mouse() -> None:
    def hit(app: BoardApp, words: str) -> tuple[int, int]:
        bar = app.screen.query_one("#form-keys, #info-keys, #duties-keys")
        row = screen_text(app).splitlines()[bar.region.y]
        return row.index(words), bar.region.y

    async def status(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.click(offset=hit(app, "next field"))
        await settle(pilot)
        assert isinstance(app.screen.focused, Input)
        await press(app, pilot, "=done")
        column, row = hit(app, "tab next")
        await pilot.click(offset=(column - 2, row))  # between two of them
        await settle(pilot)
        assert isinstance(app.screen, dialogs.StatusDialog)
        await pilot.click(offset=hit(app, "set"))

    assert ask(dialogs.StatusDialog(cards_line(), STATUSES), status) == dialogs.StatusChange("resolved", "done")

    async def leave(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.click(offset=hit(app, "esc"))
        await settle(pilot)
        assert app.screen is app.board

    ask(dialogs.EngineScreen(engines(), NOW), leave)

    ticked: list[DutyLine] = []

    async def tick(duty: DutyLine) -> str:
        ticked.append(duty)
        return ""

    async def duties(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.click(offset=hit(app, "move"))
        await settle(pilot)
        assert not ticked
        await pilot.click(offset=hit(app, "done, or"))
        await settle(pilot)

    role = replace(cards_detail().roles[0], duties=(DutyLine(1, "say it aloud"),))
    ask(dialogs.DutiesScreen(lambda: role, lambda: NOW, tick), duties)
    assert [duty.text for duty in ticked] == ["say it aloud"]


def test_nothing_invisible_can_be_typed_or_pasted() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.screen.query_one("#title", Input).value = "a\x1b[31mb\u202ec\u200bd"
        await settle(pilot)
        assert app.screen.query_one("#title", Input).value == "a[31mbcd"
        await press(app, pilot, "ctrl+s")

    assert ask(dialogs.DeclareDialog(FACES, WORDS, lambda: NOW), steps).title == "a[31mbcd"


def test_texts_of_others_are_no_markup() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "[/] [red]" in screen_text(app)

    ask(dialogs.NoteDialog(replace(cards_line(), title="[/] [red]x\x1b[1m"), lambda: NOW), steps)


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
def test_every_form_fits_its_screen_with_error_and_keys_in_sight(size: tuple[int, int]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        for action in "declare status severity roles note snooze escalate reopen".split():  # noqa: SIM905
            dialog = app.dialog(action)
            assert isinstance(dialog, Form)
            app.push_screen(dialog)
            await settle(pilot)
            dialog.problem("something is wrong")
            await settle(pilot)
            shown = screen_text(app)
            assert "esc cancel" in shown, action
            assert "✗ something is wrong" in shown, action
            box = app.screen.query_one("#form").region
            assert box.x >= 0 and box.right <= size[0] and box.height <= size[1], action
            dialog.dismiss(None)
            await settle(pilot)

    drive(small_view(), steps, size=size)


def test_the_engines_are_told_with_lag_and_signs_of_life() -> None:
    screen = dialogs.EngineScreen(engines(), NOW)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        shown = screen_text(app)
        assert "2 engines keep the timers going" in shown
        assert "mina@jump01 (me)" in shown
        assert "340 ms" in shown
        assert "stopped" in shown
        screen.show((), NOW)
        await settle(pilot)
        assert "NO ENGINE" in screen_text(app)
        await press(app, pilot, "escape")
        await settle(pilot)
        assert app.screen is app.board

    ask(screen, steps)
