"""The program as it ends: what still comes in while the screen is taken down shows no error."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.bench.quick import quick_rules
from tests.tui.driving import settle
from warroom.clock import Clock
from warroom.domain.incident import Declare
from warroom.engine.runtime import Place
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.widgets.lines import HeaderLine


def test_a_second_that_passes_while_the_screen_is_taken_down_does_nothing(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    with Session(path, actor="mina", seed=quick_rules) as session:
        session.execute(Declare("Checkout is down", "SEV1"))
        app = WarroomApp(Place(str(path), "mina", "mina"), Clock(), session.board())

        async def run() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                await settle(pilot)
                app._tick(app.clock())
                # The parts go first, and the timer may fire before the app itself is closed.
                await app.board.query_one(HeaderLine).remove()
                app.exit(0)
                app._tick(app.clock())
                app._show_news()

        try:
            asyncio.run(run())
        finally:
            app.stop_threads()
    assert app._exception is None


def test_who_presses_ctrl_c_is_told_how_to_leave_in_the_words_of_the_program(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    with Session(path, actor="mina", seed=quick_rules) as session:
        app = WarroomApp(Place(str(path), "mina", "mina"), Clock(), session.board())

        async def run() -> list[str]:
            async with app.run_test(size=(120, 40)) as pilot:
                await settle(pilot)
                await pilot.press("ctrl+c")
                await settle(pilot)
                return [f"{each.title}{each.message}" for each in app._notifications]

        try:
            assert asyncio.run(run()) == ["ctrl+c copies what is marked; ctrl+q ends the program."]
        finally:
            app.stop_threads()
