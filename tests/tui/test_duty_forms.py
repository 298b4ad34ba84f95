"""The forms about duties, which are ticked off, and about since when somebody is awake."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.support.profile import examples
from tests.tui.driving import drive, screen_text, settle
from tests.tui.fixtures import NOW, cards_line, small_view
from tests.tui.harness import BoardApp
from tests.tui.test_dialogs import ask, press
from tests.tui.test_role_forms import DUTIES, HELD
from warroom.tui import dialogs
from warroom.tui.widgets.form_roles import awake_since
from warroom.views import DutyLine


def test_duties_are_ticked_with_one_key_and_a_refusal_is_shown() -> None:
    role = [replace(HELD, duties=DUTIES)]
    ticked: list[DutyLine] = []

    async def tick(duty: DutyLine) -> str:
        ticked.append(duty)
        if duty.number == 1:
            return "somebody else was quicker"
        role[0] = replace(role[0], duties=(DUTIES[0], replace(DUTIES[1], by="ana", at=NOW)))
        return ""

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, dialogs.DutiesScreen)
        assert "✔ write it down" in screen_text(app)
        assert "□ read it aloud" in screen_text(app)
        await press(app, pilot, "enter")
        assert "✗ somebody else was quicker" in screen_text(app)
        await press(app, pilot, "down", "space")
        app.screen.keep_up()
        await settle(pilot)
        assert "✔ read it aloud  ana 14:32" in screen_text(app)
        assert "somebody else was quicker" not in screen_text(app)
        await press(app, pilot, "escape")

    async def run(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(dialogs.DutiesScreen(lambda: role[0], lambda: NOW, tick))
        await settle(pilot)
        await steps(app, pilot)
        assert not isinstance(app.screen, dialogs.DutiesScreen)

    drive(small_view(), run, size=(80, 24))
    assert ticked == [*DUTIES]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("06:30", NOW.replace(hour=6, minute=30, second=0)),
        ("23:30", NOW.replace(hour=23, minute=30, second=0) - timedelta(days=1)),
        ("16h", NOW - timedelta(hours=16)),
        ("9h30", NOW - timedelta(hours=9, minutes=30)),
        ("9h30m", NOW - timedelta(hours=9, minutes=30)),
    ],
)
def test_since_when_somebody_is_awake(text: str, at: Any) -> None:
    assert awake_since(text, NOW) == at


@examples(2)
@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 86_400 * 3))
def test_a_time_of_day_is_the_latest_such_and_a_span_counts_back(hour: int, minute: int, ahead_s: int) -> None:
    now = NOW + timedelta(seconds=ahead_s)
    at = awake_since(f"{hour:02}:{minute:02}", now)
    assert now - timedelta(days=1) < at <= now
    assert (at.hour, at.minute, at.second) == (hour, minute, 0)
    assert now - awake_since(f"{hour}h{minute}", now) == timedelta(hours=hour, minutes=minute)


@pytest.mark.parametrize("text", ["", "yesterday", "25:00", "12:77", "h", "-3h", "999h", "1h2h"])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="write a time such as 06:30"):
        awake_since(text, NOW)


def test_the_form_gives_the_moment() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "enter")
        assert "✗ say since when" in screen_text(app)
        await press(app, pilot, "=soon", "enter")
        assert "✗ write a time such as 06:30" in screen_text(app)
        for _ in "soon":
            await pilot.press("backspace")
        await press(app, pilot, "=16h", "enter")

    assert ask(dialogs.AwakeDialog(cards_line(), "mina", NOW), steps) == NOW - timedelta(hours=16)


def test_a_duty_too_long_for_its_row_is_read_in_full_while_it_is_marked() -> None:
    words = "say aloud that you are the incident manager, what the goal is right now, and who does what until when"
    role = replace(HELD, duties=(DutyLine(1, words), DutyLine(2, "read it aloud")))

    async def nothing(duty: DutyLine) -> str:
        return ""

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "who does what until when" in " ".join(screen_text(app).split())
        row = app.screen.query_one("#duties").region.y
        await press(app, pilot, "down")
        assert "until when" not in screen_text(app)
        assert app.screen.query_one("#duties").region.y == row  # a second click hits what the first one hit

    ask(dialogs.DutiesScreen(lambda: role, lambda: NOW, nothing), steps, (60, 20))
