"""A screen as it stands at one moment: its lines as text, and a picture of it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.segment import Segment, Segments
from textual.screen import Screen
from textual.strip import Strip


@dataclass(frozen=True, slots=True)
class Capture:
    """What a screen showed, row by row, with its colours."""

    width: int
    strips: tuple[Strip, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The text of each row, without the blanks at its end."""
        return tuple(strip.text.rstrip() for strip in self.strips)

    def svg(self, title: str) -> str:
        """The picture, with nothing in it that would be fetched from elsewhere."""
        console = Console(
            width=self.width,
            height=len(self.strips),
            file=io.StringIO(),
            force_terminal=True,
            color_system="truecolor",
            record=True,
            legacy_windows=False,
            safe_box=False,
        )
        for strip in self.strips:
            console.print(Segments([*_shown(strip), Segment.line()]), end="")
        drawn = console.export_svg(title=title, unique_id="warroom")
        drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
        # Some programs that show pictures drop blanks at the beginning of a text, be they hard ones.
        return drawn.replace("<svg ", '<svg xml:space="preserve" ', 1)


def _shown(strip: Strip) -> Sequence[Segment]:
    """Without control codes, and without what only a terminal needs."""
    return [segment for segment in strip if not segment.control]


def capture(screen: Screen[Any]) -> Capture:
    """The screen as it stands now."""
    return Capture(screen.size.width, tuple(screen._compositor.render_strips()))
