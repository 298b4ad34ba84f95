"""On every screen: what single cells are drawn on when they change is what their whole line is drawn on, and lines that
go onto the screen as they are show what Textual would make of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from rich.color import ColorSystem
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tests.tui.driving import settle
from tests.tui.gallery import MAKERS, Gallery, each_screen
from tests.tui.harness import BoardApp
from tests.tui.looking import LookApp
from warroom.service.session import Session
from warroom.tui.link.cells import cells_of
from warroom.tui.link.pens import blank_of, of_style
from warroom.tui.oncall import OnCallScreen
from warroom.tui.palette import palette_of
from warroom.tui.widgets.canvas import Canvas
from warroom.tui.widgets.lined import Ground, Lined, SideBar, ground_of, strip_of


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


def bars_of(widget: Widget) -> Sequence[Widget]:
    """The bar at the side of it, where there is one."""
    return (widget.vertical_scrollbar,) if widget.show_vertical_scrollbar else ()


def seen_of(strips: Sequence[Strip]) -> list[list[tuple[str, int]]]:
    """What is seen of lines, cell by cell: of a blank only what it stands on."""
    found = []
    for strip in strips:
        cells = [(char, of_style(style, ColorSystem.TRUECOLOR)) for text, style, _ in strip for char in cells_of(text)]
        found.append([(char, blank_of(pen) if char == " " else pen) for char, pen in cells])
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


@pytest.mark.parametrize("terminal", [{"COLORTERM": "truecolor"}, {"NO_COLOR": "1"}, {"TERM": "xterm-16color"}])
def test_lines_that_go_as_they_are_show_what_textual_would_make_of_them(
    lived: Session, terminal: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, seen, found = Gallery(lambda text: text, lived), Counter[str](), list[str]()

    async def run() -> None:
        app = LookApp(made.view, environment={"TERM": "xterm-256color", **terminal})
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            async for screen in each_screen(made, app, pilot, MAKERS):
                for widget in [part for each in screen.query(Lined) for part in (each, *bars_of(each))]:
                    width, height = widget.region.size
                    for crop in (Region(0, 0, width, height), Region(width // 3, height // 2, width // 2, height // 3)):
                        mine = widget.render_lines(crop)
                        with monkeypatch.context() as textual:
                            for kind in (Ground, SideBar):
                                textual.setattr(kind, "render_line", Widget.render_line)
                            own = Widget.render_lines(widget, crop)
                        seen[type(widget).__name__] += len(mine)
                        if seen_of(mine) != seen_of(own):
                            found.append(f"{type(screen).__name__} {widget!r} {crop}")

    asyncio.run(run())
    assert (
        found == []
        and len(seen) > 10
        and seen["IncidentList"]
        and seen["RecordList"]
        and seen["Ground"]
        and seen["SideBar"]
    )
