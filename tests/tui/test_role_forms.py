"""The forms about roles: acts that make sense, the handover with its card, taking over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.support.commands import ACTORS
from tests.support.play import Play
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from tests.tui.driving import screen_text, settle
from tests.tui.fixtures import NOW, PEOPLE, ago, ahead, cards_detail, cards_line
from tests.tui.harness import BoardApp
from tests.tui.test_dialogs import NOTHING, ask, keys, press
from warroom.domain.core import Context, Event
from warroom.domain.roles import LEAD as LEADS
from warroom.domain.roles import (
    READ_BACK,
    AcceptRole,
    AddRole,
    AssignRole,
    DropRole,
    EndOffer,
    JoinRole,
    LeaveRole,
    OfferRole,
    PlanHandover,
)
from warroom.domain.roles_acts import ADDED
from warroom.domain.room import decide
from warroom.service.people_view import role_lines
from warroom.tui import dialogs
from warroom.tui.role_acts import handover_command, role_command, to_hand_over
from warroom.tui.widgets.choices import Choices
from warroom.tui.widgets.form_roles import acts_for
from warroom.views import DutyLine, RoleLine, SuccessionLine, SuccessorLine

HELD = RoleLine("tl", "tech lead", "jonas", ago(38), None, True)
VACANT = RoleLine("sc", "scribe", "", None, None)
DUTIES = (DutyLine(1, "write it down", "mina", ago(3)), DutyLine(2, "read it aloud"))


async def at(app: BoardApp, pilot: Pilot[None], field: str) -> None:
    app.screen.query_one(field).focus()
    await pilot.pause()


def names(role: RoleLine, me: str = "ana") -> list[str]:
    return [name for name, _ in acts_for(role, me, "im")]


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (VACANT, ["assign", "offer", "add", "again"]),
        (replace(VACANT, required=True), ["assign", "offer", "again"]),
        (replace(VACANT, added=True), ["assign", "offer", "again", "drop"]),
        (replace(VACANT, role="sc/eu", added=True), ["assign", "offer", "drop"]),
        (HELD, ["offer", "assign", "leave", "again"]),
        (replace(HELD, role="im"), ["offer", "assign", "leave"]),
        (replace(HELD, may_join=1, may_deputise=1), ["offer", "assign", "also", "deputy", "leave", "again"]),
        (replace(HELD, offered_to="ana"), ["accept", "withdraw", "offer", "assign", "leave", "again"]),
        (replace(HELD, offered_to="li"), ["offer", "assign", "withdraw", "leave", "again"]),
        (replace(HELD, duties=DUTIES), ["offer", "assign", "duties", "leave", "again"]),
    ],
)
def test_only_what_makes_sense_is_offered(role: RoleLine, acts: list[str]) -> None:
    assert names(role) == acts


@pytest.mark.parametrize(
    ("change", "command"),
    [
        (("assign", "tl", "li", "why"), AssignRole("tl", "li", "why", "jonas")),
        (("offer", "tl", "li", "card"), OfferRole("tl", "li", "card", "jonas")),
        (("accept", "tl", "", ""), AcceptRole("tl", READ_BACK)),
        (("accept", "tl", "", "clear"), AcceptRole("tl", "clear")),
        (("also", "tl", "li", ""), JoinRole("tl", "li")),
        (("deputy", "tl", "li", ""), JoinRole("tl", "li", True)),
        (("leave", "tl", "", "home"), LeaveRole("tl", "home")),
        (("add", "sc", "", ""), AddRole("sc")),
        (("again", "tl", "", "eu"), AddRole("tl/eu")),
        (("drop", "sc", "", ""), DropRole("sc")),
        (("withdraw", "tl", "", ""), EndOffer("tl")),
    ],
)
def test_the_command_carries_what_the_person_saw(change: tuple[str, str, str, str], command: object) -> None:
    assert role_command(dialogs.RoleChange(*change), "jonas") == command


@examples(0.4)
@given(stories(longest=16), st.sampled_from(ACTORS))
def test_whatever_is_offered_can_be_done(story: Story, me: str) -> None:
    """Of a live incident, at every moment of its course: no act stands in the form that would only be refused."""

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        if play.room is None or not play.there.incident.live or play.there.incident.watched:
            return
        if sum(state.added for state in play.there.roles.by_name.values()) >= ADDED:
            return
        for role in role_lines(play.there, play.book, play.now):
            others = (role.holder, role.offered_to, *role.also, *role.deputies, me)
            fresh = next(who for who in ("x1", "x2") if who not in others)
            for act, _ in acts_for(role, me, LEADS):
                if act == "duties":
                    continue
                note = f"stream {len(play.entries)}" if act == "again" else "because"
                who = "" if act == "leave" else fresh
                command = role_command(dialogs.RoleChange(act, role.role, who, note), role.holder)
                decide(play.there, command, Context(play.now, me, play.book))  # raises where it is refused

    play_script(story.book, story.script, after_step=check)


def test_other_roles_can_be_done_other_things_with() -> None:
    dialog = dialogs.RoleDialog(cards_line(), (VACANT, HELD), PEOPLE, NOW, me="ana")

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "ask for it in this incident" in screen_text(app)
        await press(app, pilot, "down")
        assert "step back without a successor" in screen_text(app)
        assert "ask for it in this incident" not in screen_text(app)
        await press(app, pilot, "tab", "end", "ctrl+s")
        assert "✗ name the workstream" in screen_text(app)
        await press(app, pilot, "=eu", "enter")

    assert ask(dialog, steps) == dialogs.RoleChange("again", "tl", "", "eu")


def test_the_form_follows_what_others_do_and_keeps_its_marks() -> None:
    roles = [VACANT, HELD]
    dialog = dialogs.RoleDialog(cards_line(), (VACANT, HELD), PEOPLE, NOW, me="ana", look=lambda: (roles, ahead(9)))

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "assign: takes it at once" in screen_text(app)
        await press(app, pilot, "tab", "down")  # offer
        roles[0] = replace(VACANT, holder="mina", since=ahead(8))
        dialog.keep_up()
        await settle(pilot)
        assert "mina   1m" in screen_text(app)
        assert "jonas  47m" in screen_text(app)
        assert "assign: takes it at once" not in screen_text(app)
        assert "▌ offer: keeps it until accepted" in screen_text(app)
        await press(app, pilot, "tab", "=li", "enter")

    assert ask(dialog, steps) == dialogs.RoleChange("offer", "sc", "li", "")


# Handing over --------------------------------------------------------------------------------------------------------

SUCCESSION = (
    SuccessionLine(
        "tl",
        "tech lead",
        (SuccessorLine("li", "on call, rested"), SuccessorLine("eva", "in the room for 7h", "amber")),
    ),
    SuccessionLine("im", "incident manager", (SuccessorLine("ana", "on call, has done it before"),)),
)
CARDS = (("tl", "pool is full\nnext: roll back"), ("im", "the bank is told"))
LEAD = RoleLine("im", "incident manager", "mina", ago(61), None, True)
OFFERED = replace(
    HELD,
    offered_to="ana",
    offered_at=ago(1),
    offered_by="jonas",
    offer_note="pool is full\nnext: roll back",
    offer_lapses_at=ahead(9),
)


def handover(*roles: RoleLine, **more: Any) -> dialogs.HandoverDialog:
    return dialogs.HandoverDialog(cards_line(), roles or (HELD, LEAD), SUCCESSION, CARDS, PEOPLE, lambda: NOW, **more)


def test_the_best_successor_and_the_card_stand_there_already() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        assert "▌ tech lead" in text
        assert "▌ li " in text
        assert "on call, rested" in text
        assert "in the room for 7h" in text
        assert "pool is full" in text
        await press(app, pilot, "ctrl+s")

    assert ask(handover(), steps, (120, 40)) == dialogs.Handover("tl", "li", "pool is full\nnext: roll back")


def test_the_card_is_edited_before_it_goes_out() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        card = app.screen.query_one("#card", TextArea)
        await at(app, pilot, "#card")
        card.move_cursor(card.document.end)
        await press(app, pilot, "=, then watch", "ctrl+s")

    assert ask(handover(), steps) == dialogs.Handover("tl", "li", "pool is full\nnext: roll back, then watch")


def test_anybody_else_by_name_and_later() -> None:
    assert ask(handover(to="sven"), keys("ctrl+s")) == dialogs.Handover("tl", "sven", CARDS[0][1])

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await at(app, pilot, "#person")
        await press(app, pilot, "=tom")
        await at(app, pilot, "#when")
        await press(app, pilot, "=30", "ctrl+s")

    assert ask(handover(), steps) == dialogs.Handover("tl", "tom", CARDS[0][1], ahead(30))


def test_what_is_missing_or_not_understood_is_said() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "nobody is known who could: name somebody" in screen_text(app)
        await press(app, pilot, "ctrl+s")
        assert "✗ say to whom you hand it over" in screen_text(app)
        await press(app, pilot, "=li")
        await at(app, pilot, "#when")
        await press(app, pilot, "=soon", "ctrl+s")
        said = " ".join(screen_text(app).split())
        assert "✗ When: type minutes (20), hours (1h30) or a time of day in UTC (14:30)" in said
        assert app.screen.query_one("#person", Input).value == "li"
        assert app.screen.focused is app.screen.query_one("#when")

    alone = dialogs.HandoverDialog(cards_line(), (HELD,), (), CARDS, PEOPLE, lambda: NOW)
    assert ask(alone, steps) is NOTHING


def test_the_card_is_as_tall_as_what_is_written_on_it() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        card = app.screen.query_one("#card", TextArea)
        first = card.size.height
        assert 4 <= first <= 6, "two lines need no screenful"
        await press(app, pilot, "tab", "tab", "tab", *["=" + "\n".join("abcdefgh")])
        await settle(pilot)
        assert first + 6 <= card.size.height <= first + 8
        assert "esc cancel" in screen_text(app)

    ask(handover(), steps, size=(120, 40))


def test_a_handover_that_is_refused_costs_nobody_what_they_wrote() -> None:
    tried: list[object] = []

    async def check(wish: object) -> str:
        tried.append(wish)
        return "tech lead is held by eva now" if len(tried) == 1 else ""

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        card = app.screen.query_one("#card", TextArea)
        card.load_text("my own words")
        await press(app, pilot, "ctrl+s")
        await settle(pilot)
        assert "✗ tech lead is held by eva now" in screen_text(app)
        assert card.text == "my own words"
        await press(app, pilot, "ctrl+s")
        await settle(pilot)

    wanted = dialogs.Handover("tl", "li", "my own words")
    assert ask(handover(check=check), steps) == wanted
    assert tried == [wanted, wanted]


def test_an_offer_that_is_gone_keeps_what_was_read_back() -> None:
    async def check(answer: object) -> str:
        return "tech lead was offered anew since you looked: read the card again"

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await press(app, pilot, "=roll back next", "enter")
        await settle(pilot)
        assert "✗ tech lead was offered anew since you looked" in screen_text(app)
        assert "roll back next" in screen_text(app)

    assert ask(dialogs.TakeOverDialog(cards_line(), OFFERED, NOW, check=check), steps) is NOTHING


def test_another_role_has_another_card_unless_it_was_edited() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        card = app.screen.query_one("#card", TextArea)
        await at(app, pilot, "#role")
        await press(app, pilot, "down")
        assert card.text == "the bank is told"
        assert app.screen.query_one("#to", Choices).value == "ana"
        card.load_text("my own words")
        await press(app, pilot, "up")
        assert card.text == "my own words"
        assert app.screen.query_one("#to", Choices).value == "li"
        await press(app, pilot, "ctrl+s")

    assert ask(handover(), steps) == dialogs.Handover("tl", "li", "my own words")


def test_a_handover_becomes_an_offer_or_a_plan() -> None:
    roles = [HELD, LEAD]
    assert handover_command(dialogs.Handover("tl", "li", "card"), roles) == OfferRole("tl", "li", "card", "jonas")
    planned = dialogs.Handover("im", "ana", "card", ahead(30))
    assert handover_command(planned, roles) == PlanHandover("im", ahead(30), "ana")


def test_ones_own_role_comes_first_else_everybodys() -> None:
    lead = replace(LEAD, role="incident-manager")
    detail = replace(cards_detail(), roles=(VACANT, HELD, lead))
    assert to_hand_over(detail, "jonas") == [HELD]
    assert to_hand_over(detail, "tom") == [lead, HELD]
    assert to_hand_over(replace(detail, roles=(VACANT,)), "tom") == []


def test_taking_over_shows_the_card_and_takes_two_keys_at_most() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        assert "jonas offers you tech lead" in text
        assert "jonas holds it until you accept" in text
        assert "pool is full" in text
        assert "next: roll back" in text
        await press(app, pilot, "enter")

    dialog = dialogs.TakeOverDialog(cards_line(), OFFERED, NOW)
    assert ask(dialog, steps) == dialogs.Answer(True, READ_BACK)


def test_what_is_read_back_goes_with_it_and_a_decline_says_nothing() -> None:
    read = dialogs.TakeOverDialog(cards_line(), OFFERED, NOW)
    assert ask(read, keys("=roll back next", "enter")) == dialogs.Answer(True, "roll back next")
    no = dialogs.TakeOverDialog(cards_line(), OFFERED, NOW)
    assert ask(no, keys("=not me", "tab", "down", "enter")) == dialogs.Answer(False)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
def test_a_long_card_leaves_room_for_the_answer(size: tuple[int, int]) -> None:
    card = "\n".join(f"point {n}" for n in range(1, 81))
    dialog = dialogs.TakeOverDialog(cards_line(), replace(OFFERED, offer_note=card), NOW)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        assert "point 1" in screen_text(app)
        assert "Read back" in screen_text(app)
        assert "accept: I take it now" in screen_text(app)
        for _ in range(40):
            await pilot.press("pagedown")
        await settle(pilot)
        assert "point 80" in screen_text(app)
        assert "accept: I take it now" in screen_text(app)

    ask(dialog, steps, size)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
def test_the_handover_fits_its_screen(size: tuple[int, int]) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        for part in ("tech lead", "▌ li ", "pool is full", "ctrl+s offer it"):
            assert part in text

    ask(handover(), steps, size)
