"""A call to the person at the screen: short, in the corner, and out of the way of what they open then."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.tui.driving import screen_text, settle, until
from warroom.domain.incident import Declare
from warroom.engine.runtime import Place
from warroom.tui.app import WarroomApp
from warroom.views import Call

CARD = "mina offers you the role incident manager: " + "a very long card " * 30


@pytest.mark.parametrize("paged", [True, False])
def test_it_goes_away_with_what_is_opened_and_does_not_come_back(tmp_path: Path, paged: bool) -> None:
    place = Place(str(tmp_path / "room.db"), "ana", "ana")
    with place.session() as session:
        session.execute(Declare("Cards fail " * 9, "SEV1"))
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))

    async def run() -> None:
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await settle(pilot)
            app.rings.ring(Call("INC-1", "Cards fail " * 9, CARD, paged))
            await pilot.pause(0.1)
            corner = [line for line in screen_text(app).splitlines()[10:] if "▌ " in line]
            assert ("You are paged" in corner[0]) == paged
            assert ("For you" in corner[0]) != paged
            assert "mina offers" in " ".join(corner)
            assert len(corner) <= 4
            await pilot.press("n")
            await settle(pilot)
            assert "Write it down" in screen_text(app)
            assert "For you" not in screen_text(app)
            assert "You are paged" not in screen_text(app)
            await pilot.press("escape")
            await settle(pilot)
            assert "mina offers" not in screen_text(app)
            await pilot.press("O", "O", "O")
            await pilot.pause(0.1)
            assert screen_text(app).count("there is nothing to reopen") == 1

    try:
        asyncio.run(run())
    finally:
        app.stop_threads()


def test_what_is_said_as_a_form_closes_is_seen_on_what_it_was_opened_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Place(str(tmp_path / "room.db"), "ana", "ana")
    with place.session() as session:
        session.execute(Declare("Cards fail", "SEV1"))
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))

    async def run() -> None:
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await settle(pilot)
            for key in "Dbo":  # boxes, and a screen
                await pilot.press(key)
                await settle(pilot)
                await pilot.press("X")
                await settle(pilot)
                await pilot.press("ctrl+s")
                await until(pilot, lambda: "written to warroom-" in screen_text(app))
                await pilot.press("escape")
                await settle(pilot)

    try:
        asyncio.run(run())
    finally:
        app.stop_threads()
