"""Every screen and form on hostile and on wide text: nothing gets out that does not belong, nothing moves (R16)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from textual.app import App
from textual.strip import Strip
from wcwidth import wcwidth

from tests.support import hostile
from tests.support.allowlist import violations
from tests.support.hostile import Turn
from tests.tui.driving import settle
from tests.tui.gallery import KEYS, MAKERS, Gallery, all_screens, each_screen
from tests.tui.harness import BoardApp
from warroom.service.session import Session
from warroom.tui.composer import ComposerScreen
from warroom.tui.widgets.form import Form

KINDS = sorted(MAKERS, key=lambda kind: kind.__name__)


def test_every_screen_is_in_the_gallery() -> None:
    """One that is not would be shown hostile text by nobody but its users: add it to `gallery.MAKERS`."""
    missing = sorted(f"{kind.__module__}.{kind.__name__}" for kind in all_screens() - set(MAKERS))
    assert missing == []


Look = Callable[[str, App[Any]], None]


def visit(turn: Turn, lived: Session, look: Look, size: tuple[int, int]) -> None:
    """Open one screen of every kind on turned values, press its keys, and look at each picture."""
    made = Gallery(turn, lived)
    app = BoardApp(made.view)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            async for screen in each_screen(made, app, pilot, KINDS):
                kind = type(screen)
                look(kind.__name__, app)
                if isinstance(screen, Form | ComposerScreen):
                    screen.problem(turn("nobody is called that; did you mean mina?"))
                    await settle(pilot)
                    look(f"{kind.__name__}, refused", app)
                for key in KEYS.get(kind, ()):
                    await pilot.press(key)
                    await settle(pilot)
                    look(f"{kind.__name__}, after {key}", app)

    asyncio.run(run())


def strips(app: App[Any]) -> list[Strip]:
    """The picture as Textual would send it."""
    return app.screen._compositor.render_strips()


def wrong_in(app: App[Any]) -> Iterator[str]:
    """Everything about a picture that may not be, whatever is in it."""
    width = app.size.width
    for y, strip in enumerate(strips(app)):
        text = strip.text
        found = violations(text.encode("utf-8", "surrogatepass"))
        found += [f"{char!a} in the text of the screen" for char in "\n\r\b" if char in text]
        if sum(map(wcwidth, text)) != width:
            found.append(f"{sum(map(wcwidth, text))} cells of {width}")
        for part, style, control in strip:
            if control or (style is not None and (style.link or "@click" in style.meta)):
                found.append(f"a link or a control in {part!a}")
        if text and wcwidth(text[0]) <= 0:
            found.append("a mark at the edge of the screen")
        if found:
            yield f"row {y}: {found[0]}: {text!a}"


@pytest.mark.parametrize(
    ("turn", "size"),
    [
        (hostile.hostile, (120, 40)),
        (hostile.all_of_it, (80, 24)),
        (hostile.emoji, (60, 20)),
    ],
)
def test_hostile_text_stays_text(turn: Turn, size: tuple[int, int], lived: Session) -> None:
    wrong: dict[str, str] = {}

    def look(what: str, app: App[Any]) -> None:
        for each in wrong_in(app):
            wrong.setdefault(what, each)

    visit(turn, lived, look, size)
    assert wrong == {}


FRAMES = frozenset("│─╭╮╰╯┌┐└┘├┤┬┴┼▌▏▕━┃█")


def places(app: App[Any]) -> list[list[tuple[int, str]]]:
    """By row: where frames and figures stand, counted in cells as wcwidth does."""
    found = []
    for strip in strips(app):
        row, at = [], 0
        for char in strip.text:
            if char in FRAMES or char.isdigit():
                row.append((at, char))
            at += max(0, wcwidth(char))
        found.append(row)
    return found


def keep(seen: dict[str, Any], what: str, app: App[Any]) -> None:
    """Remember a picture."""
    seen[what] = places(app), strips(app)


def test_wide_text_moves_nothing(lived: Session) -> None:
    """Texts as wide as others take their places exactly: columns, frames and figures stand where they stood."""
    pictures: dict[Turn, dict[str, Any]] = {hostile.latin: {}, hostile.hangul: {}}
    for turn, seen in pictures.items():
        visit(turn, lived, partial(keep, seen), (120, 40))
    moved = {}
    for what, (rows, narrow) in pictures[hostile.latin].items():
        others, wide = pictures[hostile.hangul][what]
        for one, other, before, behind in zip(rows, others, narrow, wide, strict=True):
            if one != other and "shown on" not in before.text:  # there characters are counted, as channels limit them
                moved[what] = f"{before.text!r} {behind.text!r}"
    assert moved == {}
