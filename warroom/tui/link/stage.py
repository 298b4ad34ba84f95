"""What the terminal shows and what it is to show, and what has to be sent to bring the one to the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from warroom.tui.link.cells import cells_of
from warroom.tui.link.differ import Place, motion, runs, write
from warroom.tui.link.grid import UNKNOWN, Grid
from warroom.tui.link.pens import RESET, of_style

_HARMLESS: Final = re.compile(
    # The bell; titles and their stack, clipboard, pointer shapes, notifications (OSC); reports and modes that touch
    # neither cells nor cursor nor colours: mouse, focus, paste, pixels, sizes, synchronised output; the keyboard
    # protocol; questions; the same through tmux to the terminal around it.
    r"(?:\x07"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b\[\?(?:7|25|1000|1002|1003|1004|1005|1006|1007|1015|1016|2004|2026|2048)[hl]"
    r"|\x1b\[[<>=][0-9;]*u"
    r"|\x1b\[\?[0-9]*\$p"
    r"|\x1b\[2[23];[0-9]t"
    r"|\x1bPtmux;(?:[^\x1b]|\x1b\x1b)*\x1b\\"
    r"|\x1b\[[56]n|\x1b\[>?[0-9]*[cq])*"
)


def harmless(data: str) -> bool:
    """Whether what somebody else sends to the terminal leaves its cells, its cursor and its pen as they were."""
    return _HARMLESS.fullmatch(data) is not None


class Stage:
    """The shadow of one terminal. `take_*` say what is to be shown, `frame` what has to be sent for it.

    `generation` counts how often what the terminal shows was forgotten.
    """

    def __init__(self) -> None:
        """Of a terminal of which nothing is known but that it draws plainly."""
        self.wanted = Grid(0, 0)
        self.shown = Grid(0, 0)
        self.place = Place()
        self.generation = 0

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.wanted.width, self.wanted.height

    def forget(self, *, pen: int = 0) -> None:
        """Nobody knows what the terminal shows now; its pen is this one."""
        self.generation += 1
        self.shown = Grid(self.wanted.width, self.wanted.height, UNKNOWN)
        if self.wanted.width:
            self.wanted.touched = dict.fromkeys(range(self.wanted.height), (0, self.wanted.width))
        self.place = Place(pen=pen)

    def resize(self, width: int, height: int) -> None:
        """The screen has this size; all of it is drawn anew if it had another one."""
        if (width, height) == self.size:
            return
        old, self.wanted = self.wanted, Grid(width, height)
        for y in range(min(height, old.height)):
            for x in range(min(width, old.width)):
                self.wanted.chars[y][x], self.wanted.pens[y][x] = old.chars[y][x], old.pens[y][x]
            if 0 < width < old.width and old.chars[y][width] == "":  # cut through
                self.wanted.put(y, width - 1, " ", 0)
        self.forget(pen=self.place.pen)

    def take(self, update: object, system: ColorSystem, size: tuple[int, int]) -> bool:
        """What Textual's compositor has to say; False where that is nothing that is known here. `size` is that of the
        screen, which a partial update does not name."""
        if isinstance(update, LayoutUpdate):
            region = update.region
            self.resize(region.right, region.bottom)
            self.take_lines(update.strips, region.x, region.y, system)
            return True
        if isinstance(update, ChopsUpdate):
            self.resize(*size)
            self.take_spans(update.chops, update.spans, update.chop_ends, system)
            return True
        return False

    def take_lines(self, lines: Iterable[Iterable[Strip]], x: int, y: int, system: ColorSystem) -> None:
        """Whole lines, from a corner on."""
        for row, strips in enumerate(lines, y):
            self._put(row, x, strips, system)

    def take_spans(
        self,
        chops: Sequence[Mapping[int, Strip | None]],
        spans: Iterable[tuple[int, int, int]],
        ends: Sequence[Sequence[int]],
        system: ColorSystem,
    ) -> None:
        """Parts of lines: strips by their first column, and the columns they end before; `spans` are (y, x1, x2)."""
        for y, first, behind in spans:
            for end, (x, strip) in zip(ends[y], chops[y].items(), strict=False):
                if strip is None or x >= behind or end <= first:
                    continue
                # As Textual: what is left of the changed cells in the same strip is as new as they are.
                self._put(y, x, (strip,), system, x, min(behind, end))

    def _put(
        self, y: int, x: int, strips: Iterable[Strip], system: ColorSystem, first: int = 0, behind: int | None = None
    ) -> None:
        """Strips in a row from a column on; only the cells between two columns are looked at, wide ones whole."""
        put = self.wanted.put
        for strip in strips:
            for text, style, control in strip:
                if control:
                    raise ValueError("a control code among the text of a screen")
                cells = cells_of(text)
                end = x + len(cells)
                if behind is None:
                    put(y, x, cells, of_style(style, system))
                elif x < behind and end > first:
                    left, right = max(first - x, 0), min(behind, end) - x
                    while left and cells[left] == "":
                        left -= 1
                    while right < len(cells) and cells[right] == "":
                        right += 1
                    put(y, x + left, cells[left:right], of_style(style, system))
                x = end

    def frame(self, cursor: tuple[int, int] | None = None) -> str:
        """What has to be sent, from now on taken as sent; "" when nothing has changed.

        `cursor` is where the (hidden) cursor is to rest, (column, row), for an input method that follows it.
        """
        found = runs(self.shown, self.wanted)
        self.wanted.touched.clear()
        text = ""
        if found:
            text, self.place = write(self.wanted, found, self.place)
            for run in found:
                cut = slice(run.first, run.behind)
                self.shown.chars[run.y][cut] = self.wanted.chars[run.y][cut]
                self.shown.pens[run.y][cut] = self.wanted.pens[run.y][cut]
        if cursor is not None:
            x, y = cursor
            text += motion(self.place.x, self.place.y, x, y)
            self.place = Place(x, y, self.place.pen)
        return text

    def foreign(self, data: str) -> str:
        """What somebody else wants to send, as it may be sent: if it does more than ring, it begins plainly, and
        nothing is known after it."""
        if harmless(data):
            return data
        before = RESET if self.place.pen else ""
        self.forget()
        return before + data
