"""What is seen behind dialogs is what Textual would show there, and costs what of it has changed."""

from __future__ import annotations

import asyncio

import pytest
from textual._context import visible_screen_stack
from textual.geometry import Region
from textual.widget import Widget

from tests.tui.driving import settle
from tests.tui.gallery import MAKERS, Gallery, each_screen
from tests.tui.looking import LookApp
from tests.tui.test_canvas_grounds import seen_of
from warroom.service.session import Session
from warroom.tui.widgets import behind
from warroom.tui.widgets.tight import TightModalScreen


@pytest.mark.parametrize("terminal", [{"COLORTERM": "truecolor"}, {"NO_COLOR": "1"}, {"TERM": "xterm-16color"}])
def test_behind_dialogs_stands_what_textual_would_show(lived: Session, terminal: dict[str, str]) -> None:
    made, looked, found = Gallery(lambda text: text, lived), 0, list[str]()

    async def run() -> None:
        nonlocal looked
        app = LookApp(made.view, environment={"TERM": "xterm-256color", **terminal})
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            async for screen in each_screen(made, app, pilot, MAKERS):
                if not isinstance(screen, TightModalScreen):
                    continue
                for crop in (screen.size.region, Region(33, 7, 50, 9)):
                    visible_screen_stack.set(list(app._background_screens))
                    mine = behind.seen_behind(screen, crop)
                    visible_screen_stack.set(list(app._background_screens))
                    screen._styles_cache.clear()
                    screen._dirty_regions.add(screen.size.region)
                    screen._layout_cache.clear()
                    own = Widget.render_lines(screen, crop)
                    if mine is None or seen_of(mine) != seen_of(own):
                        found.append(f"{type(screen).__name__} {crop} {mine is None}")
                    looked += 1

    asyncio.run(run())
    assert found == [] and looked > 20
