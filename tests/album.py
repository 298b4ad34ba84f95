"""Draw every screen and form as pictures to look through: `python -m tests.album FOLDER [--theme NAME ...]
[--size 80x24 ...] [--language ko] [--screen NAME ...]`.

Every screen of `tests.tui.gallery`, and states that a room is seldom in, each as an SVG under THEME/SIZE, with an
index.html beside them. Left out, theme and size are all there are: about a thousand pictures, in some minutes. The
values are invented and the time stands still, so a picture changes only when the program does.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen

from tests.pictures import standalone, truecolor
from tests.support.lived import SUNDAY, lived_room
from tests.tui import fixtures as f
from tests.tui.driving import settle
from tests.tui.gallery import KEYS, MAKERS, Gallery, each_screen
from tests.tui.looking import LookApp
from warroom import language
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui import dialogs
from warroom.tui.board import BoardScreen
from warroom.tui.room import RoomScreen
from warroom.tui.themes.library import Library

SIZES = ("60x20", "80x24", "120x40", "200x60")
"""Columns and rows of the terminals that are looked at."""

Maker = Callable[[Gallery], Screen[Any]]


async def _refuse(_: object) -> str:
    return "somebody else was quicker: INC-142 is acknowledged by li since 14:31"


def _closed(made: Gallery) -> Screen[Any]:
    detail = replace(made.detail, line=replace(made.line, status="closed"))
    return RoomScreen(detail, made.view, f.NOW)


STATES: dict[str, tuple[Maker, Sequence[str]]] = {
    "state-board-empty": (lambda g: BoardScreen(f.empty_view(), f.NOW), ()),
    "state-board-one": (lambda g: BoardScreen(replace(g.view, lines=g.view.lines[:1]), f.NOW), ()),
    "state-board-hundred": (lambda g: BoardScreen(f.crowd_view(100), f.NOW), ("down", "down")),
    "state-board-read-only": (lambda g: BoardScreen(replace(g.view, readonly=True), f.NOW), ()),
    "state-board-filter": (lambda g: BoardScreen(g.view, f.NOW), ("slash", *"sev:2")),
    "state-room-closed": (_closed, ()),
    "state-room-read-only": (lambda g: RoomScreen(g.detail, replace(g.view, readonly=True), f.NOW), ()),
    "state-form-refused": (lambda g: dialogs.SnoozeDialog(g.line, lambda: f.NOW, check=_refuse), ("tab", "x", "enter")),
    "state-form-problem": (lambda g: MAKERS[dialogs.DeclareDialog](g), ("enter",)),
}
"""What a room is seldom in: how it is made, and what is pressed before the picture is taken."""


async def shots(
    app: LookApp, made: Gallery, pilot: Pilot[Any], kinds: Iterable[type[Screen[Any]]], states: Iterable[str]
) -> AsyncIterator[str]:
    """The name of one picture after the other, each while it stands on the screen."""
    async for screen in each_screen(made, app, pilot, kinds):
        name = type(screen).__name__
        yield name
        for key in KEYS.get(type(screen), ()):
            await pilot.press(key)
            await settle(pilot)
            yield f"{name}-{key}"
    for name in states:
        maker, keys = STATES[name]
        app.push_screen(maker(made))
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        yield name
        while app.screen is not app.board:
            app.pop_screen()
            await pilot.pause()


async def draw(folder: Path, session: Session, theme: str, size: str, wanted: Callable[[str], bool]) -> list[str]:
    """The pictures of one theme and size in `folder`; gives their names. `wanted` says of a screen's or state's name
    whether it is drawn."""
    columns, rows = map(int, size.split("x"))
    made = Gallery(lambda text: text, session)
    app = LookApp(made.view, theme)
    kinds = sorted((kind for kind in MAKERS if wanted(kind.__name__)), key=lambda kind: kind.__name__)
    drawn: list[str] = []
    async with app.run_test(size=(columns, rows)) as pilot:
        await settle(pilot)
        async for name in shots(app, made, pilot, kinds, filter(wanted, STATES)):
            title = f"{name} · {theme} · {size}"
            svg = standalone(app.export_screenshot(title=title), f"{theme}-{size}-{name}")
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
            drawn.append(name)
    return drawn


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>warroom: every screen</title><style>
body {{ background: #222; color: #ddd; font: 14px sans-serif; margin: 1em }}
a {{ color: #8cf }} nav {{ position: sticky; top: 0; background: #222; padding: .5em 0 }}
figure {{ display: inline-block; margin: .5em; vertical-align: top }} img {{ max-width: 100% }}
</style></head><body><nav>{links}</nav>
{parts}
</body></html>
"""
_FIGURE = """<figure><figcaption>{name}</figcaption>
<img loading="lazy" src="{place}/{name}.svg" alt="{name}"></figure>"""


def index(drawn: dict[str, Sequence[str]]) -> str:
    """The page to look through: one part for each folder of pictures."""
    parts = [
        f'<h2 id="{escape(place)}">{escape(place)}</h2>\n'
        + "\n".join(_FIGURE.format(place=escape(place), name=escape(name)) for name in names)
        for place, names in drawn.items()
    ]
    links = " · ".join(f'<a href="#{escape(place)}">{escape(place)}</a>' for place in drawn)
    return _PAGE.format(links=links, parts="\n".join(parts))


def album(
    folder: Path, themes: Sequence[str], sizes: Sequence[str], wanted: Callable[[str], bool] = lambda _: True
) -> dict[str, Sequence[str]]:
    """All pictures, and the page; gives the names of the pictures by the folder that they are in."""
    truecolor()
    drawn: dict[str, Sequence[str]] = {}
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "room.db"
        lived_room(path)
        with (
            Session(path, actor="mina", seed=seed_rulebook, clock=lambda: SUNDAY) as session,
            # Where the pictures are drawn is nobody's business.
            patch("warroom.tui.export.dialog._here", return_value="~/incidents"),
        ):
            for theme in themes:
                for size in sizes:
                    place = f"{theme}/{size}"
                    (folder / place).mkdir(parents=True, exist_ok=True)
                    drawn[place] = asyncio.run(draw(folder / place, session, theme, size, wanted))
                    print(folder / place, len(drawn[place]))
    (folder / "index.html").write_text(index(drawn), encoding="utf-8")
    return drawn


def _size(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{1,2}x[1-9]\d{1,2}", text):
        raise argparse.ArgumentTypeError(f"{text}: columns and rows, such as 80x24")
    return text


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    themes, names = Library(own=()).names(), (*sorted(kind.__name__ for kind in MAKERS), *STATES)
    parser = argparse.ArgumentParser(prog="python -m tests.album", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--theme", nargs="+", choices=themes, default=themes, metavar="NAME", help=", ".join(themes))
    parser.add_argument("--size", nargs="+", type=_size, default=SIZES, metavar="80x24")
    parser.add_argument("--language", choices=language.languages(), default=language.SOURCE)
    parser.add_argument("--screen", nargs="+", choices=names, default=names, metavar="NAME", help="all if left out")
    given = parser.parse_args(arguments)
    language.use(given.language)
    album(given.folder, given.theme, given.size, set(given.screen).__contains__)
    print(given.folder / "index.html")


if __name__ == "__main__":
    main()
