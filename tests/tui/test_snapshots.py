"""How the board looks. Few and telling; run with --snapshot-update after a change that was meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tui import fixtures
from tests.tui.driving import settle
from tests.tui.harness import BoardApp, detail_for
from warroom.tui.room import RoomScreen


def board(name: str, theme: str = "textual-dark") -> BoardApp:
    app = BoardApp(getattr(fixtures, f"{name}_view")())
    app.theme = theme
    return app


def select(*keys: str) -> Any:
    async def before(pilot: Any) -> None:
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)

    return before


@pytest.mark.parametrize(
    ("name", "size", "theme"),
    [("full", (120, 40), "textual-dark"), ("full", (80, 24), "textual-light"), ("full", (200, 60), "nord")],
)
def test_the_board(snap_compare: Any, name: str, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(board(name, theme), terminal_size=size, run_before=select("j", "3"))


@pytest.mark.parametrize(("size", "theme"), [((120, 40), "textual-dark"), ((80, 24), "textual-light")])
def test_the_room(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    async def enter(pilot: Any) -> None:
        await settle(pilot)
        view = pilot.app.view
        line = next(line for line in view.lines if line.key == "INC-142")
        await pilot.app.push_screen(RoomScreen(detail_for(line), view, fixtures.NOW))
        await settle(pilot)

    assert snap_compare(board("full", theme), terminal_size=size, run_before=enter)
