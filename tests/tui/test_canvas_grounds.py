"""On every screen: what single cells are drawn on when they change is what their whole line is drawn on."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.screen import Screen

from tests.tui.driving import settle
from tests.tui.gallery import MAKERS, Gallery, each_screen
from tests.tui.harness import BoardApp
from warroom.service.session import Session
from warroom.tui.oncall import OnCallScreen
from warroom.tui.palette import palette_of
from warroom.tui.widgets.canvas import Canvas, ground_of, strip_of


def wrong(screen: Screen[Any]) -> list[str]:
    """The lines of it whose cells would be drawn with another ground than the line."""
    found = []
    for canvas in screen.query(Canvas):
        for y in range(canvas.size.height if canvas.display else 0):
            line, selected = canvas._whole(y)
            whole = strip_of(line, palette_of(canvas.app), ground_of(canvas), selected=selected)
            if canvas.render_line(y).simplify() != whole.simplify():
                found.append(f"{type(screen).__name__} {type(canvas).__name__} line {y}")
    return found


def test_cells_have_the_ground_of_their_line_on_every_screen(lived: Session) -> None:
    made, looked, found = Gallery(lambda text: text, lived), set[type[Screen[Any]]](), list[str]()

    async def run() -> None:
        app = BoardApp(made.view)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            async for screen in each_screen(made, app, pilot, MAKERS):
                looked.add(type(screen))
                found.extend(wrong(screen))

    asyncio.run(run())
    assert OnCallScreen in looked
    assert found == []
