"""Short words at the edge of the screen: they hide no deadline and no key, are few, and go when they were read."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from textual.notifications import Notify

from tests.tui import fixtures
from tests.tui.driving import drawn, screen_text, settle
from tests.tui.fixtures import full_view
from tests.tui.harness import BoardApp
from warroom.tui import toasts
from warroom.tui.export.capture import capture

LONG = "INC-142 EU card payments failing: level 3 is paged next, and nobody has said anything to the public for an hour"


class ToastApp(BoardApp):
    """The board with the toasts of the program."""

    CSS = toasts.CSS

    def notify(self, message: str, **more: Any) -> None:
        message, more["title"] = toasts.told(self, message, more.get("title", ""))
        super().notify(message, **more)

    def on_notify(self, event: Notify) -> None:
        if not toasts.make_room(self, event.notification):
            event.prevent_default()


def with_toasts(size: tuple[int, int], titles: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The rows of the board without toasts, and with one for each title."""

    async def whole() -> tuple[list[str], list[str]]:
        app = ToastApp(full_view())
        async with app.run_test(size=size, notifications=True) as pilot:
            await drawn(pilot)
            before = list(capture(app.screen).lines)
            for number, title in enumerate(titles):
                app.notify(f"{number} {LONG}", title=title, severity="error", timeout=60, markup=False)
                await settle(pilot)
            await drawn(pilot)
            return before, list(capture(app.screen).lines)

    return asyncio.run(whole())


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20), (200, 60)])
@pytest.mark.parametrize("titles", [("",), ("You are paged", "", "For you")])
def test_neither_a_deadline_nor_a_key_is_hidden(size: tuple[int, int], titles: tuple[str, ...]) -> None:
    before, after = with_toasts(size, titles)
    assert before != after
    assert before[-1] == after[-1] != ""  # the keys
    assert before[:2] == after[:2]  # header with clock, heads of columns
    rows = [n for n, row in enumerate(before) if " INC-" in row]
    assert len(rows) >= 8
    assert [before[n] for n in rows] == [after[n] for n in rows]
    changed = [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    assert changed == list(range(changed[0], size[1] - 1))
    assert len(changed) <= 2 * len(titles)


def test_there_are_three_at_most_and_one_where_the_screen_is_low() -> None:
    titles = ("",) * 5
    before, after = with_toasts((80, 24), titles)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 6
    assert f"4 {LONG[:20]}" in "\n".join(after)
    assert f"1 {LONG[:20]}" not in "\n".join(after)
    before, after = with_toasts((60, 18), titles)
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= 2


def test_over_a_form_the_one_row_has_title_and_message() -> None:
    async def whole() -> None:
        app = ToastApp(full_view())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.press("question_mark")
            await settle(pilot)
            app.notify(f"mine.yaml:2:8: {LONG}", title="Theme", severity="warning", timeout=60, markup=False)
            await drawn(pilot)
            last = list(capture(app.screen).lines)[-1]
            assert "Theme: mine.yaml:2:8: INC-142" in last and last.rstrip().endswith("…")

    asyncio.run(whole())


def test_over_a_form_the_one_row_has_what_was_said_last() -> None:
    async def whole() -> None:
        app = ToastApp(full_view())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.press("question_mark")
            await settle(pilot)
            for text in ("first", "second", "third"):
                app.notify(text, timeout=60, markup=False)
                await drawn(pilot)
            shown = screen_text(app)
            assert "third" in shown and "first" not in shown

    asyncio.run(whole())


@pytest.mark.parametrize(("size", "keys"), [((80, 18), ()), ((80, 24), ("question_mark",))])
def test_where_one_has_room_that_somebody_is_paged_stays(size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async def whole() -> None:
        app = ToastApp(full_view())
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.press(*keys)
            await settle(pilot)
            shown = []
            for severity, title, text in (
                ("error", toasts.STALE, "old"),
                ("information", "", "saved"),
                ("error", "You are paged", "INC-1"),
                ("information", "", "joined"),
                ("warning", "", "refused"),
                ("error", toasts.STALE, "old"),
                ("error", "You are paged", "INC-2"),
            ):
                app.notify(text, title=title, severity=severity, timeout=60, markup=False)
                await drawn(pilot)
                shown.append([each.message.rpartition(" ")[2] for each in app._notifications])
            assert shown == [["old"], ["saved"], *[["INC-1"]] * 4, ["INC-2"]]
            assert "INC-2" in screen_text(app)

    asyncio.run(whole())


def test_where_several_have_room_the_grave_ones_stay() -> None:
    async def whole() -> None:
        app = ToastApp(full_view())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            for severity, text in (("error", "1"), ("warning", "2"), ("error", "3"), ("error", "4"), ("warning", "5")):
                app.notify(text, severity=severity, timeout=60, markup=False)
                await drawn(pilot)
            assert [each.message for each in app._notifications] == ["1", "3", "4"]

    asyncio.run(whole())


@pytest.mark.parametrize(("severity", "moment"), [("warning", toasts.MOMENT_S), ("error", toasts.GRAVE_S)])
def test_a_key_takes_away_what_has_stood_for_a_moment(severity: Any, moment: float) -> None:
    async def whole() -> None:
        app = ToastApp(full_view())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            app.notify("it was refused", severity=severity, timeout=60, markup=False)
            await drawn(pilot)
            toasts.seen(app)
            await drawn(pilot)
            assert "it was refused" in screen_text(app)
            for each in app._notifications:
                each.raised_at = time.time() - moment - 0.1
            toasts.seen(app)
            await drawn(pilot)
            assert "it was refused" not in screen_text(app)

    asyncio.run(whole())


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_message_has_two_rows_at_most(width: int) -> None:
    assert len(toasts.shortened("x " * 400, "", width)) <= 2 * width
    assert len(toasts.shortened("x " * 400, "Title", width)) <= width
    assert toasts.shortened("short", "", width) == "short"


def test_that_the_data_is_old_is_said_where_the_head_does_not_say_so_and_taken_back() -> None:
    async def whole() -> None:
        app = ToastApp(full_view())
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            for age, says_so, there in (
                (1.0, False, False),
                (9.0, True, False),
                (9.0, False, True),
                (0.1, False, False),
            ):
                for _ in range(2):  # once is enough
                    toasts.stale(app, age, fixtures.NOW, says_so)
                    await drawn(pilot)
                assert ("cannot be read; what is shown is as it was at 14:32:07" in screen_text(app)) is there
                assert len(app._notifications) == there
                for each in app._notifications:
                    each.raised_at = time.time() - 60
                toasts.seen(app)  # no key takes it away
                assert len(app._notifications) == there

    asyncio.run(whole())
