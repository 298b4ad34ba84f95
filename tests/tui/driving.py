"""Drive the board in tests: one event loop per test, nothing waits for the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from rich.color import ColorSystem
from rich.console import RenderableType
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.harness import BoardApp
from warroom.tui.app import WarroomApp
from warroom.tui.link.stage import Stage
from warroom.tui.pieces import plain
from warroom.views import BoardView

Steps = Callable[[BoardApp, Pilot[None]], Awaitable[None]]


class WatchedApp(BoardApp):
    """Keeps all that Textual would have sent to the terminal, and what the stage of the link makes of it (`linked`)."""

    def __init__(self, view: BoardView, **more: Any) -> None:
        super().__init__(view, **more)
        self.sent: list[str] = []
        self.linked: list[str] = []
        self.stage = Stage()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if renderable is not None and hasattr(renderable, "render_segments"):
            self.sent.append(renderable.render_segments(self.console))
            self.stage.take(renderable, ColorSystem.TRUECOLOR, self.screen.size)
            self.linked.append(self.stage.frame())
        super()._display(screen, renderable)


def drive(view: BoardView, steps: Steps, size: tuple[int, int] = (120, 40), **more: Any) -> BoardApp:
    """Open the board on `view`, do the steps, close it; gives the app for a look at what it remembers."""
    app = WatchedApp(view, **more)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await steps(app, pilot)

    asyncio.run(run())
    return app


def run_program(
    app: WarroomApp,
    steps: Callable[[WarroomApp, Pilot[Any]], Awaitable[None]],
    size: tuple[int, int] = (120, 40),
    **more: Any,
) -> None:
    """Open the whole program with its threads, do the steps once its first screen stands, close it."""

    async def whole() -> None:
        async with app.run_test(size=size, **more) as pilot:
            if not more:
                await settle(pilot)
            await steps(app, pilot)

    try:
        asyncio.run(whole())
    finally:
        app.stop_threads()
    assert app._exception is None


async def settle(pilot: Pilot[Any]) -> None:
    """Let every message that is under way arrive, and the screen be drawn."""
    for _ in range(2):
        await pilot.pause()


async def until(pilot: Pilot[Any], holds: Callable[[], object], what: str = "it") -> None:
    """Wait for what a timer or a thread brings about, however slow the machine is."""
    end = asyncio.get_running_loop().time() + 60
    while not holds():
        assert asyncio.get_running_loop().time() < end, f"{what} never came:\n{screen_text(pilot.app)}"
        await pilot.pause(0.02)
    await settle(pilot)


async def drawn(pilot: Pilot[Any]) -> None:
    """Settle, and let what has changed be sent to the terminal."""
    await settle(pilot)
    await pilot.pause(0.05)  # updates are collected for a sixtieth of a second
    await settle(pilot)


def screen_text(app: App[Any]) -> str:
    """What a person would read."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def row_text(app: BoardApp, key: str) -> str:
    """The row of an incident as it is on the screen."""
    return next(line for line in screen_text(app).splitlines() if f" {key} " in line)


def widget_text(app: BoardApp, selector: str) -> str:
    """The lines of one part of the board."""
    return "\n".join(plain(line).rstrip() for line in app.board.query_one(selector).lines)  # type: ignore[attr-defined]


def shown(screen: Screen[Any]) -> str:
    """What a person reads on a screen; what lies behind a form is not of it."""
    rows = screen._compositor.render_strips()
    if not screen.is_modal:
        return "\n".join(row.text for row in rows)
    boxes = [each.region for each in screen.children if each.display and each.region.area]
    return "\n".join(
        row.crop(box.x, box.right).text for box in boxes for y, row in enumerate(rows) if box.y <= y < box.bottom
    )
