"""What can be done to an escalation from the board: the acts that make sense, their dialogs, and the commands made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.tui.driving import drive, screen_text, settle
from tests.tui.fixtures import NOW, PEOPLE, ahead, cards_line, small_view
from tests.tui.harness import BoardApp
from tests.tui.test_dialogs import NOTHING, ask, keys
from warroom.domain.escalation import CallOff, Confirm, Decline, Refuse, Repage, Resume, TakeOver, Unacknowledge
from warroom.domain.rules import LiftHold
from warroom.tui import ahead as layout
from warroom.tui import dialogs
from warroom.tui.ladder_acts import command_of
from warroom.views import (
    DeliveryLine,
    ForecastLine,
    ForecastView,
    LadderView,
    NextPage,
    PageLine,
    PageState,
    PassedLine,
    Question,
    WhyLine,
    WhyState,
    WhyView,
)

PAGED = LadderView("p", "r", next=NextPage(PageState.DUE, "L2", ahead(5)), level=1, asked=("jonas", "li"))
ACKED = LadderView("p", "r", next=NextPage(PageState.ACKED, "L2", ahead(5)), level=1, acked_by="mina")
ASKING = replace(
    PAGED,
    next=NextPage(PageState.ASKING, "L2", ahead(5)),
    asked=(),
    question=Question(2, ("greta",), ahead(5), "passed over"),
)
OFF = LadderView("p", "r", next=NextPage(PageState.CALLED_OFF, "L1"), level=1)


def names(ladder: LadderView, me: str = "ana") -> list[str]:
    return [act.name for act in dialogs.acts_on(ladder, me, NOW)]


@pytest.mark.parametrize(
    ("ladder", "me", "acts"),
    [
        (PAGED, "ana", ["decline", "repage", "calloff"]),
        (ACKED, "ana", ["takeover", "unack", "repage", "calloff"]),
        (ACKED, "mina", ["unack", "repage", "calloff"]),
        (ASKING, "greta", ["confirm", "refuse", "repage", "calloff"]),
        (OFF, "ana", ["resume"]),
        (LadderView("p", "r", next=NextPage(PageState.EXHAUSTED), level=3), "ana", ["repage", "calloff"]),
        # Who did not answer is not asked any more, and has nothing to decline.
        (replace(PAGED, next=NextPage(PageState.EXHAUSTED), level=3), "jonas", ["repage", "calloff"]),
        (LadderView("p", "r", next=NextPage(PageState.WAITING, "L1", ahead(60))), "ana", ["calloff"]),
        (LadderView("p", "r", next=NextPage(PageState.STOPPED), level=2), "ana", []),
        (LadderView("p", "r", next=NextPage(PageState.HELD, "INC-3", ahead(4))), "ana", ["lift"]),
        (LadderView(), "ana", []),
    ],
)
def test_only_what_makes_sense_is_offered(ladder: LadderView, me: str, acts: list[str]) -> None:
    assert names(ladder, me) == acts


def test_who_was_paged_declines_for_themselves() -> None:
    (decline, *_) = dialogs.acts_on(PAGED, "li", NOW)
    assert decline.person == "li"
    (decline, *_) = dialogs.acts_on(PAGED, "ana", NOW)
    assert decline.person == "jonas"


@pytest.mark.parametrize(
    ("act", "ladder", "command"),
    [
        ("confirm", ASKING, Confirm("why", 2)),
        ("refuse", ASKING, Refuse("why", 2)),
        ("decline", PAGED, Decline("jonas", "why", 1)),
        ("takeover", ACKED, TakeOver("why", "mina")),
        ("unack", ACKED, Unacknowledge("why", "mina")),
        ("repage", PAGED, Repage("why", 1)),
        ("calloff", PAGED, CallOff("why", 1)),
        ("resume", OFF, Resume("why")),
        ("lift", LadderView(next=NextPage(PageState.HELD)), LiftHold("why")),
    ],
)
def test_the_command_carries_what_the_person_saw(act: str, ladder: LadderView, command: object) -> None:
    assert command_of(dialogs.Wish(act, "jonas", "why"), ladder) == command


def act_dialog(ladder: LadderView, me: str = "ana") -> dialogs.ActDialog:
    return dialogs.ActDialog(cards_line(), dialogs.acts_on(ladder, me, NOW), (*PEOPLE, "jonas", "li"))


def test_an_act_is_chosen_and_done() -> None:
    assert ask(act_dialog(PAGED), keys("ctrl+s")) == dialogs.Wish("decline", "jonas", "")
    assert ask(act_dialog(ACKED), keys("ctrl+s")) == dialogs.Wish("takeover", "", "")
    assert ask(act_dialog(PAGED), keys("down", "ctrl+s")) == dialogs.Wish("repage", "", "")


def test_what_cannot_be_undone_by_a_key_needs_a_reason() -> None:
    assert ask(act_dialog(PAGED), keys("end", "ctrl+s")) is NOTHING
    assert ask(act_dialog(PAGED), keys("end", "tab", "tab", "=false alarm", "enter")) == dialogs.Wish(
        "calloff", "", "false alarm"
    )


def test_nobody_unknown_declines() -> None:
    assert ask(act_dialog(PAGED), keys("tab", *["backspace"] * 5, "=nobody", "enter")) is NOTHING


def test_a_duplicate_is_merged_into_another_incident() -> None:
    other = replace(cards_line(), key="INC-9", title="[/] the same")
    assert ask(dialogs.MergeDialog(cards_line(), [other]), keys("tab", "=same", "enter")) == dialogs.MergeInto(
        "INC-9", "same"
    )


def test_moving_to_other_rules_shows_the_difference_first() -> None:
    dialog = dialogs.MoveDialog(cards_line(), "3f2a", ["L2 is paged by sms instead of chat"])

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        shown = screen_text(app)
        assert "L2 is paged by sms instead of chat" in shown
        assert "Nobody is paged because of the move alone" in shown
        assert "enter move it" in shown
        await pilot.press("enter")
        await settle(pilot)

    assert ask(dialog, steps) == "3f2a"


# Ahead and back ------------------------------------------------------------------------------------------------------

FORECAST = ForecastView(
    "INC-1",
    "Cards fail",
    cards_line().severity,
    NOW,
    (
        ForecastLine(
            ahead(5),
            "level_paged",
            "level 2 of 3, backup",
            "acknowledge timeout",
            "p",
            2,
            pages=(PageLine("li", ("sms", "chat"), "oncall:backup", "number 1 of the list backup"),),
            passed=(PassedLine("li", "team:x", "paged already"), PassedLine("sven", "oncall:backup", "is absent")),
        ),
        ForecastLine(
            ahead(20), "level_skipped", "level 3 of 3", level=3, passed=(PassedLine("", "team:y", "nobody left"),)
        ),
    ),
)
WHY = WhyView(
    "INC-1",
    "Cards fail",
    cards_line().severity,
    NOW,
    "",
    (
        WhyLine(
            ahead(-5),
            WhyState.PAGED,
            "jonas",
            "level 1 of 3",
            target="oncall:primary",
            deliveries=(
                DeliveryLine("sms", "sent", 1),
                DeliveryLine("chat", "sent", 1),
                DeliveryLine("mail", "failed", 3, error="550 no such user"),
            ),
        ),
        WhyLine(ahead(-5), WhyState.PASSED, "sven", "level 1 of 3", "is absent", "oncall:primary"),
        WhyLine(ahead(5), WhyState.AHEAD, "li", "level 2 of 3"),
    ),
)


def words(lines: tuple[tuple[tuple[str, object], ...], ...]) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def test_the_forecast_says_who_by_what_and_why_and_who_not() -> None:
    rows = words(layout.forecast(FORECAST, NOW, 100))
    assert rows[0].endswith("in 05:00  level 2 of 3, backup (acknowledge timeout)")
    assert rows[1].strip() == "pages li by sms chat, number 1 of the list backup"
    assert rows[2].strip() == "not sven, oncall:backup: is absent"
    assert rows[4].strip() == "nobody: nobody left"
    assert len(rows) == 5


def test_why_somebody_is_meant_is_said_without_the_language_of_the_rules() -> None:
    pages = (
        PageLine("mina", ("chat",), "role:incident-manager", "incident manager"),
        PageLine("yuna", ("sms",), "person:yuna"),
        PageLine("#major", ("chat",), "channel:#major"),
        PageLine("li", ("sms",), "oncall:second"),
    )
    line = replace(FORECAST.lines[0], pages=pages, told=(), passed=())
    rows = words(layout.forecast(replace(FORECAST, lines=(line,)), NOW, 100))
    assert [row.strip() for row in rows[1:]] == [
        "pages mina by chat, as incident manager",
        "pages yuna by sms",
        "pages #major by chat",
        "pages li by sms, oncall:second",
    ]


def test_a_forecast_of_nothing_says_why() -> None:
    rows = words(layout.forecast(replace(FORECAST, lines=(), nothing="acknowledged by mina"), NOW, 80))
    assert rows == ["nothing follows by itself: acknowledged by mina"]


def test_looking_back_tells_each_page_and_its_fate() -> None:
    rows = words(layout.why(WHY, NOW, 100))
    assert rows[0].endswith("paged     jonas as oncall:primary: level 1 of 3")
    assert rows[1].strip() == "mail failed after 3 tries: 550 no such user"
    assert rows[2].strip() == "sms sent, chat sent"
    assert "not paged sven as oncall:primary: level 1 of 3" in rows[3]
    assert not any("li" in row.split() for row in rows)


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
def test_the_screen_turns_between_ahead_and_back(size: tuple[int, int]) -> None:
    screen = dialogs.AheadScreen(FORECAST, WHY, lambda: NOW)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.push_screen(screen)
        await settle(pilot)
        assert "if nobody does anything" in screen_text(app)
        assert "esc close   w why who was paged so far" in screen_text(app)
        await pilot.press("w")
        await settle(pilot)
        assert "jonas as oncall:primary" in screen_text(app)

    drive(small_view(), steps, size=size)
