"""An app in a theme of ours, and every pair of colours that text on its screen has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.css.model import RuleSet
from textual.filter import LineFilter
from textual.screen import Screen
from textual.strip import Strip

from tests.tui.driving import WatchedApp
from warroom.tui.palette import contrast, is_read
from warroom.tui.themes.library import Library
from warroom.tui.themes.live import Looks

TRUECOLOR = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


class LookApp(WatchedApp):
    """The board on an invented room, in a theme."""

    def __init__(self, view: Any, theme: str = "", *, library: Library | None = None, **more: Any) -> None:
        environment = more.pop("environment", TRUECOLOR)
        super().__init__(view, **more)
        self.looks = Looks(self, theme, environment, library or Library(own=()))
        self.looks.when_changed(self.board.lay_out)
        self.looks.begin()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return self.looks.filters(super().get_line_filters())

    @property
    def layout_rules(self) -> tuple[RuleSet, ...]:
        return self.looks.rules


def _of_form(screen: Screen[Any], strip: Strip, y: int) -> Iterator[Segment]:
    for each in screen.children:
        region = each.region
        if each.display and region.y <= y < region.bottom:
            yield from strip.crop(region.x, region.right)


Pair = tuple[tuple[int, int, int], tuple[int, int, int]]


def pairs(screen: Screen[Any]) -> Iterator[tuple[Pair, str]]:
    """Every colour of text with the one that it stands on, and the text. Behind a form all is veiled: that is not
    looked at."""
    for y, strip in enumerate(screen._compositor.render_strips()):
        for text, style, _ in strip if not screen.is_modal else _of_form(screen, strip, y):
            read = "".join(char for char in text if is_read(char))
            if read and style is not None:
                yield pair_of(style, text), text


def pair_of(style: Style, text: str) -> Pair:
    """Foreground and background as they are seen."""
    assert style.color is not None and style.bgcolor is not None, (text, style)
    one, other = style.color, style.bgcolor
    assert one.triplet is not None and other.triplet is not None, (text, style)
    if style.reverse:
        one, other = other, one
    assert not style.dim, (text, style)
    assert one.triplet is not None and other.triplet is not None
    return tuple(one.triplet), tuple(other.triplet)  # type: ignore[return-value]


def reached(pair: Pair, system: ColorSystem = ColorSystem.TRUECOLOR) -> float:
    """The contrast of a pair on a terminal that rounds to so many colours."""
    return contrast(*(Color(*_rounded(each, system)) for each in pair))


_ANSI = (
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
    (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
    (255, 255, 255),
)  # fmt: skip


def _rounded(color: tuple[int, int, int], system: ColorSystem) -> tuple[int, int, int]:
    if system is ColorSystem.TRUECOLOR:
        return color
    found = RichColor.from_rgb(*color).downgrade(system)
    number = found.number
    assert number is not None
    if number < 16:
        return _ANSI[number]
    if number >= 232:
        return ((number - 232) * 10 + 8,) * 3
    steps = (0, 95, 135, 175, 215, 255)
    number -= 16
    return steps[number // 36], steps[number // 6 % 6], steps[number % 6]


def app_text(app: App[Any]) -> str:
    """What a person would read."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())
