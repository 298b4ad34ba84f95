"""A key is answered before anything else is done, in one picture that is complete."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.events import Resize
from textual.pilot import Pilot

from tests.tui.driving import drive, run_program, screen_text, settle, until
from tests.tui.fixtures import small_view
from tests.tui.harness import BoardApp
from tests.tui.test_link_walks import Recorder, shown
from warroom.domain.incident import Declare, SetSeverity
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.app import NEWS_WAIT_S, WarroomApp
from warroom.tui.board import BoardScreen
from warroom.tui.feed import Feed, News
from warroom.tui.pieces import Role
from warroom.tui.room import RoomScreen
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.incidents import IncidentList
from warroom.tui.widgets.lines import KeyBar
from warroom.tui.widgets.panels import Panel

Steps = Callable[[WarroomApp, Pilot[Any]], Awaitable[None]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A room with three incidents."""
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        for title in ("Cards are declined", "Export delayed", "Login is slow"):
            session.execute(Declare(title, "SEV2"))
    return Place(str(tmp_path / "room.db"), "mina", "mina")


def run(place: Place, steps: Steps, **more: Any) -> None:
    with place.session() as session:
        app = WarroomApp(place, session.room_clock, session.board("INC-1"))
    if more:
        app.driver_class = Recorder

    run_program(app, steps, **more)


# News ----------------------------------------------------------------------------------------------------------------


def waiting(app: WarroomApp) -> bool:
    return app._news_since is not None


def busy(app: WarroomApp, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A key is being answered from now on; gives, for each time that news are taken, whether one is then."""
    taken: list[bool] = []
    app.feed.stop()
    monkeypatch.setattr(Feed, "take", lambda _: taken.append(app.keys.answering))
    app.keys._under_way = True
    return taken


def test_news_wait_for_a_key_that_is_answered(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        taken = busy(app, monkeypatch)
        app._tell()
        await pilot.pause()
        assert taken == [] and waiting(app)
        app.keys._under_way = False
        app.courtesy.begin()
        app.keys.calm()
        await pilot.pause()
        assert taken == [False] and not waiting(app)
        assert app.courtesy._free.is_set()

    run(place, steps)


def test_keys_that_never_end_do_not_keep_news_away(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        taken = busy(app, monkeypatch)
        app._news_since = time.monotonic() - NEWS_WAIT_S
        app._tell()
        await pilot.pause()
        assert taken == [True]
        app.keys._under_way = False

    run(place, steps)


def test_what_was_put_off_is_shown(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        app.feed.stop()
        with place.session() as session:
            session.execute(Declare("Everything is down", "SEV1"))
            view = session.board()
        app.keys._under_way = True
        app.feed._put(News(view))
        await pilot.pause()
        assert "Everything is down" not in screen_text(app)
        app.keys._under_way = False
        app.keys.calm()
        await until(pilot, lambda: "Everything is down" in screen_text(app))

    run(place, steps)


# What is covered -----------------------------------------------------------------------------------------------------


def test_a_covered_board_gives_what_happens_its_place(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        incidents = app.board.query_one(IncidentList)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RoomScreen) and app.screen.composed)
        with place.session() as session:
            session.execute(SetSeverity("SEV1", "it is everybody"), "INC-3")
        await until(pilot, lambda: incidents.keys[0] == "INC-3")
        assert isinstance(app.screen, RoomScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await settle(pilot)
        assert incidents.keys[0] == "INC-3" and incidents.selected == "INC-1"
        first = next(line for line in screen_text(app).splitlines() if "INC-" in line)
        assert "INC-3" in first

    run(place, steps)


def test_nothing_of_a_screen_is_put_over_another_one(place: Place) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[Any]) -> None:
        await shown(pilot)
        assert app.open_stage(app.board) is app.stage is not None
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RoomScreen) and app.open_stage(app.screen) is app.stage)
        room = app.screen
        assert app.open_stage(app.board) is None
        room.dismiss()
        assert app.screen is app.board and app.open_stage(app.board) is None  # the room is still what is shown
        await until(pilot, lambda: app.open_stage(app.board) is app.stage)
        assert app.open_stage(room) is None

    run(place, steps, headless=False)


# One picture ---------------------------------------------------------------------------------------------------------


class Sized(Canvas):
    """Notes when it hears of its size."""

    DEFAULT_CSS = "Sized { height: 1; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, int]] = []

    def resized(self) -> None:
        self.heard.append(("layout", self.size.width))
        self.show_lines((((f"{self.size.width} wide", Role.TEXT),),))

    def on_resize(self, event: Resize) -> None:
        self.heard.append(("message", self.size.width))


class SizedApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Sized()


def test_a_part_hears_of_its_size_before_it_is_drawn_with_it() -> None:
    async def whole() -> None:
        app = SizedApp()
        async with app.run_test(size=(40, 5)) as pilot:
            await settle(pilot)
            part = app.query_one(Sized)
            assert part.heard == [("layout", 40), ("message", 40)] and "40 wide" in screen_text(app)
            part.heard.clear()
            part.styles.width = 30
            part.await_size()
            assert part.waits
            await settle(pilot)
            assert part.heard == [("layout", 30), ("message", 30)] and "30 wide" in screen_text(app)
            part.heard.clear()
            part.await_size()  # and then it stays as it was
            await settle(pilot)
            assert part.heard == [("layout", 30)] and not part.waits

    asyncio.run(whole())


def test_a_panel_that_grows_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[tuple[str, int]] = []
    own = Panel._lay_out

    def lay_out(self: Panel, width: int, height: int, now: Any) -> None:
        laid.append((str(self.id), height))
        own(self, width, height, now)

    monkeypatch.setattr(Panel, "_lay_out", lay_out)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in ("1", "escape"):
            laid.clear()
            await pilot.press(key)
            await settle(pilot)
            assert [name for name, _ in laid].count("roles") == 1
            assert dict(laid)["roles"] == app.board.query_one("#roles").size.height

    drive(small_view(), steps)


def test_the_keys_are_looked_at_once_for_all_that_a_key_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    shown_keys: list[int] = []
    own = KeyBar.show_keys

    def show(self: KeyBar, items: Any) -> None:
        shown_keys.append(len(items))
        own(self, items)

    monkeypatch.setattr(KeyBar, "show_keys", show)

    async def steps(app: BoardApp, pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown_keys.clear()
        app.board.show(replace(small_view(), seq=99))
        app.board.action_sort(1)
        assert shown_keys == []
        await settle(pilot)
        assert len(shown_keys) == 1

    drive(small_view(), steps)
