"""The command palette: what is found, in which order, how quickly, and what taking it does."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from textual.pilot import Pilot

from tests.tui.driving import drive, screen_text, settle
from tests.tui.fixtures import empty_view, full_view
from tests.tui.harness import BoardApp
from warroom.tui.actions import finder
from warroom.tui.actions.finder import SHOWN, Entry, Finder
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.finder import FinderScreen, FoundList

SAMPLE = (
    Entry("incident.ack", "action", "ack", "Acknowledge: you have seen the page and look at it"),
    Entry("incident.handover", "action", "hand over", "Hand your role over, with a card of how things stand"),
    Entry("incident.escalate", "action", "page", "Escalate: page the next level, another one, or a person, now"),
    Entry("incident:INC-7", "incident", "INC-7 EU card payments failing", "SEV1 mitigating mina"),
    Entry("incident:INC-8", "incident", "INC-8 결제가 실패합니다", "SEV2 triaging"),
    Entry("incident:INC-70", "incident", "INC-70 Backups fail", "SEV3"),
    Entry("person:mina", "person", "mina", "on call, roles; page"),
    Entry("link:x", "runbook", "payments-api runbook", "https://wiki.example/payments"),
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ack", "incident.ack"),
        ("hand", "incident.handover"),
        ("hndov", "incident.handover"),
        ("inc-7", "incident:INC-7"),
        ("card fail", "incident:INC-7"),
        ("CARD", "incident:INC-7"),
        ("mina", "person:mina"),
        ("결제", "incident:INC-8"),
        ("결제가 sev2", "incident:INC-8"),
        ("runbook pay", "link:x"),
        ("backups", "incident:INC-70"),
        ("incident.esc", "incident.escalate"),
    ],
)
def test_the_best_comes_first(typed: str, first: str) -> None:
    assert Finder(SAMPLE).find(typed)[0].entry.id == first


def test_korean_is_found_however_it_is_composed() -> None:
    import unicodedata

    typed = unicodedata.normalize("NFD", "결제")
    assert Finder(SAMPLE).find(typed)[0].entry.id == "incident:INC-8"


def test_what_was_taken_lately_comes_first_and_what_is_not_possible_last() -> None:
    found = Finder(SAMPLE, ["person:mina", "link:x"]).find("")
    assert [each.entry.id for each in found[:2]] == ["person:mina", "link:x"]
    held = [SAMPLE[0]._replace(id="a", why="no"), SAMPLE[0]._replace(id="b")]
    assert [each.entry.id for each in Finder(held).find("ack")] == ["b", "a"]


def test_nothing_is_like_that() -> None:
    assert Finder(SAMPLE).find("zzqq") == []


def test_ten_thousand_incidents_are_found_as_fast_as_one_types() -> None:
    many = [Entry(f"incident:INC-{n}", "incident", f"INC-{n} Checkout of region {n % 97} slow") for n in range(10_000)]
    started = time.process_time()
    search = Finder(many)
    assert len(search.find("")) == SHOWN
    assert search.find("inc-9876")[0].entry.id == "incident:INC-9876"
    assert search.find("chkt rgn 5")
    assert search.find("no such thing at all") == []
    assert time.process_time() - started < 2.0  # four searches, the first of which reads everything


def opened(app: BoardApp) -> FinderScreen:
    assert isinstance(app.screen, FinderScreen)
    return app.screen


async def type_in(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if char == " " else char for char in text))
    await settle(pilot)


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
def test_an_action_is_found_and_done_on_the_screen_below(key: str) -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.dialog = lambda action: None  # type: ignore[method-assign]
        await pilot.press(key)
        await settle(pilot)
        assert "a" in screen_text(app) and opened(app).names[0]
        await type_in(pilot, "tell people")
        assert opened(app).names[0] == "incident.update"
        await pilot.press("enter")
        await settle(pilot)
        await settle(pilot)
        assert app.screen is app.board
        assert app.asked == [("update", app.board.selected)]
        await pilot.press(key)
        await settle(pilot)
        assert opened(app).names[0] == "incident.update"

    drive(full_view(), steps)


def test_what_is_not_possible_says_why_and_stays_open() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("colon")
        await type_in(pilot, "acknowledge")
        assert "there is no incident for this" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert opened(app) and app.asked == []
        assert any("there is no incident" in each.message for each in app._notifications)
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is app.board

    drive(empty_view(), steps)


def test_a_click_takes_an_entry_and_arrows_move() -> None:
    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        app.dialog = lambda action: None  # type: ignore[method-assign]
        await pilot.press("colon", "down", "down")
        await settle(pilot)
        entry = opened(app).marked
        assert entry is not None and entry.id == opened(app).names[2]
        await pilot.click(FoundList, offset=(6, 3))
        await settle(pilot)
        await settle(pilot)
        assert app.screen is app.board
        assert app.asked[0][0] == "note"

    drive(full_view(), steps)


def test_a_provider_joins_with_a_preview_that_is_taken_back() -> None:
    seen: list[str] = []

    def themes(screen: Acting) -> Iterable[Entry]:
        assert screen.scope == "board"
        for name in ("paper", "night"):
            yield Entry(
                f"theme:{name}", "theme", f"theme: {name}",
                run=lambda name=name: seen.append(f"use {name}"),
                preview=lambda name=name: seen.append(f"try {name}"), undo=lambda: seen.append("back"),
            )  # fmt: skip

    finder.PROVIDERS.append(themes)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await pilot.press("colon")
        await type_in(pilot, "theme: ")
        await pilot.press("down", "escape")
        await settle(pilot)
        await pilot.press("colon")
        await type_in(pilot, "theme: night")
        await pilot.press("enter")
        await settle(pilot)
        await settle(pilot)

    try:
        drive(full_view(), steps)
    finally:
        finder.PROVIDERS.remove(themes)
    tried = [each for each in seen if each != "back"]
    assert tried[0] == "try paper" and "back" in seen
    assert seen[-1] == "use night"
