"""A small terminal that draws cells, for comparing what two streams of sequences leave on its screen.

Knows what a program may send that keeps to what all terminals have, and fails at anything else. Unlike pyte it keeps
marks with the character they belong to and blanks the other half of a wide character that is written over; the width
of what stands in one place may be given, to be a terminal that has its own opinion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.cells import get_character_cell_size

_TOKENS = re.compile(
    r"\x1b\[(?P<private>[?<>=]?)(?P<numbers>[0-9;]*)(?P<final>[ -/]*[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<esc>[DM])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)",
)
_ENDS = {"22": "12", "23": "3", "24": "4", "25": "56", "27": "7", "28": "8", "29": "9"}

Look = tuple[str, str, frozenset[str], str]
"""Foreground, background, attributes and link."""
PLAIN: Look = ("", "", frozenset(), "")


@dataclass
class Terminal:
    """`chars` and `looks` are what each cell shows: "" is the right half of the wide character before it."""

    width: int
    height: int
    width_of: Callable[[str], int] = get_character_cell_size
    new_line: bool = True
    """Whether the line discipline makes a carriage return and a line feed of a line feed."""
    strict: bool = True
    """Whether a cursor that is sent off the screen is a mistake; else it stays at the edge, as everywhere."""
    chars: list[list[str]] = field(init=False)
    looks: list[list[Look]] = field(init=False)

    def __post_init__(self) -> None:
        self.x = self.y = 0
        self.look = PLAIN
        self.clear()

    def clear(self) -> None:
        """Nothing on the screen."""
        self.chars = [[" "] * self.width for _ in range(self.height)]
        self.looks = [[PLAIN] * self.width for _ in range(self.height)]

    def resize(self, width: int, height: int) -> None:
        """What fits stays."""
        chars, looks = self.chars, self.looks
        self.width, self.height = width, height
        self.clear()
        for y in range(min(height, len(chars))):
            count = min(width, len(chars[y]))
            self.chars[y][:count], self.looks[y][:count] = chars[y][:count], looks[y][:count]
        self.x, self.y = min(self.x, width - 1), min(self.y, height - 1)

    def feed(self, data: str) -> None:
        """Take in what a program writes. Raises `ValueError` at what it does not know."""
        at = 0
        while at < len(data):
            token = _TOKENS.match(data, at)
            if token is None:
                raise ValueError(f"not to be sent: {data[at : at + 20]!r}")
            at = token.end()
            if token["text"]:
                for char in token["text"]:
                    self._print(char)
            elif token["final"]:
                self._sequence(token["private"], token["numbers"], token["final"])
            elif token["osc"] is not None:
                if token["osc"].startswith("8;"):
                    self.look = (*self.look[:3], token["osc"][2:].partition(";")[2])
            elif token["esc"]:
                self._down(1 if token["esc"] == "D" else -1)
            else:
                self._control(token["control"])

    def _control(self, char: str) -> None:
        match char:
            case "\r":
                self.x = 0
            case "\n":
                self._down(1)
                if self.new_line:
                    self.x = 0
            case "\b":
                self.x = max(0, self.x - 1)
            case "\a":
                pass
            case _:
                raise ValueError(f"not to be sent: {char!r}")

    def _down(self, step: int) -> None:
        if not 0 <= self.y + step < self.height:
            if self.strict:
                raise ValueError("the screen scrolls")
            return
        self.y += step

    def _sequence(self, private: str, numbers: str, final: str) -> None:
        if private:
            return  # modes and questions
        given = [int(number or 0) for number in numbers.split(";")]
        step = max(1, given[0])
        match final:
            case "H":
                self.y, self.x = step - 1, max(1, given[1] if len(given) > 1 else 1) - 1
            case "G":
                self.x = step - 1
            case "A":
                self.y -= step
            case "B":
                self.y += step
            case "C":
                self.x += step
            case "D":
                self.x -= step
            case "m":
                self._draw_with(numbers)
                return
            case "K" if given[0] == 0:
                if self.look[1:] != PLAIN[1:]:
                    raise ValueError("erased with another background than the terminal's own")
                for x in range(self.x, self.width):
                    self._clear(x)
                    self.chars[self.y][x], self.looks[self.y][x] = " ", PLAIN
            case "t" if given[0] in (22, 23):
                return  # the stack of titles
            case _:
                raise ValueError(f"not to be sent: {numbers}{final}")
        if not (0 <= self.x < self.width and 0 <= self.y < self.height):
            if self.strict:
                raise ValueError(f"outside the screen: column {self.x}, row {self.y}")
            self.x, self.y = max(0, min(self.x, self.width - 1)), max(0, min(self.y, self.height - 1))

    def _draw_with(self, numbers: str) -> None:
        fore, back, attributes, link = self.look
        codes = iter((numbers or "0").split(";"))
        for code in codes:
            if code in ("38", "48"):
                kind = next(codes)
                color = ";".join((code, kind, *(next(codes) for _ in range(3 if kind == "2" else 1))))
                fore, back = (color, back) if code == "38" else (fore, color)
            elif code in ("", "0"):
                fore, back, attributes = "", "", frozenset()
            elif code == "39":
                fore = ""
            elif code == "49":
                back = ""
            elif code in _ENDS:
                attributes -= set(_ENDS[code])
            elif 30 <= int(code) <= 37 or 90 <= int(code) <= 97:
                fore = code
            elif 40 <= int(code) <= 47 or 100 <= int(code) <= 107:
                back = code
            elif int(code) < 10:
                attributes |= {code}
            else:
                raise ValueError(f"not to be sent: SGR {code}")
        self.look = (fore, back, attributes, link)

    def _print(self, char: str) -> None:
        width = self.width_of(char)
        if width == 0:
            at = self.x - 1
            while at > 0 and self.chars[self.y][at] == "":
                at -= 1
            if at >= 0:
                self.chars[self.y][at] += char
            return
        if self.x >= self.width:  # no wrapping: the last cell is written over and over
            self.x = self.width - 1
        if self.x + width > self.width:
            width = 1
            char = " "
        row = self.chars[self.y]
        if width == 1 and row[self.x] != "" and (self.x + 1 == self.width or row[self.x + 1] != ""):
            row[self.x], self.looks[self.y][self.x] = char, self.look
            self.x += 1
            return
        for x in range(self.x, self.x + width):
            self._clear(x)
        for x in range(self.x, self.x + width):
            self.chars[self.y][x] = char if x == self.x else ""
            self.looks[self.y][x] = self.look
        self.x += width

    def _clear(self, x: int) -> None:
        """Before a cell is written: what stands there goes, with its other halves."""
        row = self.chars[self.y]
        first, behind = x, x + 1
        while first and row[first] == "":
            first -= 1
        while behind < self.width and row[behind] == "":
            behind += 1
        if behind - first > 1:
            row[first:behind] = [" "] * (behind - first)

    @property
    def cells(self) -> list[list[tuple[str, Look]]]:
        """What a person sees: of blanks only the background, and lines, if they have any."""
        return [self.row(y) for y in range(self.height)]

    def row(self, y: int) -> list[tuple[str, Look]]:
        """One row of it."""
        return list(map(_seen, self.chars[y], self.looks[y]))

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join("".join(row).rstrip() for row in self.chars)


def _seen(char: str, look: Look) -> tuple[str, Look]:
    if char != " " or look[3] or look[2] & {"4", "7", "9"}:
        return char, look
    return char, ("", look[1], frozenset(), "")
