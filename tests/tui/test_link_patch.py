"""What ticks goes straight onto the stage: it shows what Textual's own picture of the same widgets shows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.color import ColorSystem
from textual._compositor import LayoutUpdate
from textual.app import ComposeResult
from textual.geometry import Size
from textual.pilot import Pilot

from tests.tui.test_link_walks import Recorder, shown
from warroom.clock import REAL, Clock
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.engine.runtime import Place
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.app import WarroomApp
from warroom.tui.link import patch
from warroom.tui.link.output import LinkApp
from warroom.tui.link.stage import Stage
from warroom.tui.pieces import Role
from warroom.tui.widgets.canvas import Canvas

SIZE = (120, 40)
TITLES = ("결제 오류: 로그인이 안 됩니다", "über é e\u0301 und 🔥 dazu", "plain", *(f"number {n}" for n in range(24)))
Steps = Callable[[WarroomApp, Pilot[int]], Awaitable[None]]


def run(folder: Path, steps: Steps) -> None:
    """The board on a room with more incidents than rows, with a driver that says it has a terminal."""
    path = folder / "room.db"
    with Session(str(path), actor="ana", seed=seed_rulebook, new_clock=Clock(REAL(), REAL(), 1.0)) as session:
        for title in TITLES:
            key = session.execute(Declare(title, "SEV1")).key
            session.execute(AddNote(title), key)
        clock, first = session.room_clock, session.board("INC-1")

    async def go() -> None:
        app = WarroomApp(replace(Place(str(path), "ana", "ana"), readonly=True), clock, first)
        app.driver_class = Recorder
        async with app.run_test(headless=False, size=SIZE) as pilot:
            await shown(pilot)
            await steps(app, pilot)

    asyncio.run(go())


def textuals(app: WarroomApp) -> Stage:
    """The whole screen as Textual would draw it now."""
    stage = Stage()
    strips = app.screen._compositor.render_strips()
    update = LayoutUpdate([[strip] for strip in strips], app.screen.size.region)
    assert stage.take(
        update, app.console._color_system or ColorSystem.TRUECOLOR, (app.screen.size.width, app.screen.size.height)
    )
    return stage


def assert_the_same(app: WarroomApp) -> None:
    assert app.stage is not None
    own, other = app.stage.wanted, textuals(app).wanted
    for y in range(other.height):
        assert own.chars[y] == other.chars[y]
        assert own.pens[y] == other.pens[y]


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each of the patches that were asked for was made."""
    done: list[bool] = []
    made = patch.Patcher.patch

    def watched(self: patch.Patcher, cells: object, line: object) -> bool:
        done.append(made(self, cells, line))  # type: ignore[arg-type]
        return done[-1]

    monkeypatch.setattr(patch.Patcher, "patch", watched)
    return done


def test_a_tick_is_patched_and_shows_what_textual_would(tmp_path: Path, patched: list[bool]) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[int]) -> None:
        for _ in range(3):
            await shown(pilot)
        patched.clear()
        for seconds in (1, 2, 59, 60, 299, 300, 4000):
            app.board.tick(app.clock() + timedelta(seconds=seconds))
            if all(patched):  # at once, before Textual draws anything
                assert_the_same(app)
            await shown(pilot)
            assert_the_same(app)
        assert patched.count(True) > 10

    run(tmp_path, steps)


def test_the_marker_moves_by_a_patch(tmp_path: Path, patched: list[bool]) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[int]) -> None:
        await shown(pilot)
        for key in ("j", "j", "k", "G", "g", "pagedown"):
            await pilot.press(key)
            await shown(pilot)
            assert_the_same(app)
        assert True in patched

    run(tmp_path, steps)


def test_nothing_is_patched_behind_a_dialog_or_a_word_at_the_edge(tmp_path: Path, patched: list[bool]) -> None:
    async def steps(app: WarroomApp, pilot: Pilot[int]) -> None:
        await pilot.press("?")
        await shown(pilot)
        patched.clear()
        app.board.tick(app.clock() + timedelta(seconds=61))
        assert patched
        assert not any(patched)
        await shown(pilot)
        await pilot.press("escape")
        await shown(pilot)
        app.notify("something to read")
        await shown(pilot)
        app.board.tick(app.clock() + timedelta(seconds=125))
        await shown(pilot)
        assert_the_same(app)

    run(tmp_path, steps)


def test_nothing_is_patched_in_the_places_of_another_size(tmp_path: Path, patched: list[bool]) -> None:
    """A board that was behind a dialog while the size changed knows the new one before it is laid out for it."""

    async def steps(app: WarroomApp, pilot: Pilot[int]) -> None:
        await shown(pilot)
        patched.clear()
        compositor = app.screen._compositor
        compositor.size, size = Size(60, 20), compositor.size
        app.board.tick(app.clock() + timedelta(seconds=61))
        compositor.size = size
        assert patched
        assert not any(patched)

    run(tmp_path, steps)


class Low(LinkApp[None]):
    """A canvas of one row that is shown three lines, above another one."""

    CSS = "#low { height: 1; } #below { height: 3; }"

    def compose(self) -> ComposeResult:
        yield Canvas(id="low")
        yield Canvas(id="below")


def test_lines_that_a_widget_has_no_row_for_are_drawn_on_no_other_widget(patched: list[bool]) -> None:
    async def go() -> None:
        app = Low()
        app.driver_class = Recorder
        async with app.run_test(headless=False, size=(30, 6)) as pilot:
            await shown(pilot)
            low, below = app.query_one("#low", Canvas), app.query_one("#below", Canvas)
            below.show_lines([((f"below {n}", Role.TEXT),) for n in range(3)])
            await shown(pilot)
            for number in range(3):
                low.show_lines([((f"{mark}{number}", Role.TEXT),) for mark in "abc"])
                await shown(pilot)
                stage = app.stage
                assert stage is not None
                rows = ["".join(row).rstrip() for row in stage.wanted.chars]
                assert rows[:3] == [f"a{number}", "below 0", "below 1"]
            assert True in patched

    asyncio.run(go())
