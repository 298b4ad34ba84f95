"""Figures and capitals large enough to be read across a room, made of half blocks, or of # where a terminal has
nothing else.

One bitmap a character in two cuts: a bold one of 3x5 dots and a finer one of 5x7. A dot at scale s is s cells wide and
s half rows high, which on most fonts is square. The largest size that fits is taken; sizes by rows: 3, 4, 5, 7, 8, 10,
11, 14, 18 and 21.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from warroom.valueclass import dataclass

_BOLD_SOURCE = """
0 ### #.# #.# #.# ###
1 .#. ##. .#. .#. ###
2 ### ..# ### #.. ###
3 ### ..# .## ..# ###
4 #.# #.# ### ..# ..#
5 ### #.. ### ..# ###
6 ### #.. ### #.# ###
7 ### ..# ..# .#. .#.
8 ### #.# ### #.# ###
9 ### #.# ### ..# ###
: . # . # .
% #.# ..# .#. #.. #.#
- ... ... ### ... ...
+ ... .#. ### .#. ...
. . . . . #
? ### ..# .## ... .#.
A .#. #.# ### #.# #.#
B ##. #.# ##. #.# ##.
C .## #.. #.. #.. .##
D ##. #.# #.# #.# ##.
E ### #.. ##. #.. ###
F ### #.. ##. #.. #..
G ### #.. #.# #.# ###
H #.# #.# ### #.# #.#
I # # # # #
J ..# ..# ..# #.# ###
K #.# #.# ##. #.# #.#
L #.. #.. #.. #.. ###
M #...# ##.## #.#.# #...# #...#
N #..# ##.# #.## #..# #..#
O ### #.# #.# #.# ###
P ### #.# ### #.. #..
Q ###. #.#. #.#. #.#. ####
R ##. #.# ##. #.# #.#
S ### #.. ### ..# ###
T ### .#. .#. .#. .#.
U #.# #.# #.# #.# ###
V #.# #.# #.# #.# .#.
W #...# #...# #.#.# ##.## #...#
X #.# #.# .#. #.# #.#
Y #.# #.# .#. .#. .#.
Z ### ..# .#. #.. ###
d ..# ..# ### #.# ###
h #.. #.. ### #.# #.#
m ..... ..... ##### #.#.# #.#.#
s ... .## #.. ..# ##.
"""

_FINE_SOURCE = """
0 .###. #...# #...# #...# #...# #...# .###.
1 ..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.
2 .###. #...# ....# ..##. .#... #.... #####
3 .###. #...# ....# ..##. ....# #...# .###.
4 ...#. ..##. .#.#. #..#. ##### ...#. ...#.
5 ##### #.... ####. ....# ....# #...# .###.
6 ..##. .#... #.... ####. #...# #...# .###.
7 ##### ....# ...#. ..#.. .#... .#... .#...
8 .###. #...# #...# .###. #...# #...# .###.
9 .###. #...# #...# .#### ....# ...#. .##..
: . . # . # . .
% ##..# ##..# ...#. ..#.. .#... #..## #..##
- ... ... ... ### ... ... ...
+ ..... ..#.. ..#.. ##### ..#.. ..#.. .....
. . . . . . . #
? .###. #...# ....# ..##. ..#.. ..... ..#..
A .###. #...# #...# ##### #...# #...# #...#
B ####. #...# #...# ####. #...# #...# ####.
C .###. #...# #.... #.... #.... #...# .###.
D ####. #...# #...# #...# #...# #...# ####.
E ##### #.... #.... ####. #.... #.... #####
F ##### #.... #.... ####. #.... #.... #....
G .###. #...# #.... #.### #...# #...# .###.
H #...# #...# #...# ##### #...# #...# #...#
I ### .#. .#. .#. .#. .#. ###
J ..### ...#. ...#. ...#. ...#. #..#. .##..
K #...# #..#. #.#.. ##... #.#.. #..#. #...#
L #.... #.... #.... #.... #.... #.... #####
M #...# ##.## #.#.# #.#.# #...# #...# #...#
N #...# ##..# ##..# #.#.# #..## #..## #...#
O .###. #...# #...# #...# #...# #...# .###.
P ####. #...# #...# ####. #.... #.... #....
Q .###. #...# #...# #...# #.#.# #..#. .##.#
R ####. #...# #...# ####. #.#.. #..#. #...#
S .#### #.... #.... .###. ....# ....# ####.
T ##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
U #...# #...# #...# #...# #...# #...# .###.
V #...# #...# #...# #...# #...# .#.#. ..#..
W #...# #...# #...# #.#.# #.#.# ##.## #...#
X #...# #...# .#.#. ..#.. .#.#. #...# #...#
Y #...# #...# .#.#. ..#.. ..#.. ..#.. ..#..
Z ##### ....# ...#. ..#.. .#... #.... #####
d ...# ...# ...# .### #..# #..# .###
h #... #... #... ###. #..# #..# #..#
m ..... ..... ..... ##.#. #.#.# #.#.# #.#.#
s .... .... .... .### ##.. ..## ###.
"""


def _parsed(source: str) -> Mapping[str, tuple[str, ...]]:
    font = {}
    for line in source.strip().splitlines():
        char, *rows = line.split(" ")
        font[char] = tuple(rows)
    return font


BOLD, FINE = _parsed(_BOLD_SOURCE), _parsed(_FINE_SOURCE)
_SPACE = 2
"""How many dots wide a blank is."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One size of the figures: a font and how many cells wide, and half rows high, a dot of it is."""

    fine: bool
    scale: int

    @property
    def rows(self) -> int:
        """How many rows a figure of this size takes."""
        return ((7 if self.fine else 5) * self.scale + 1) // 2


_CUTS = tuple(
    sorted(
        (
            *(Cut(False, scale) for scale in (1, 2, 3, 4)),
            *(Cut(True, scale) for scale in (1, 2, 3, 4, 5, 6)),
        ),
        key=lambda cut: -cut.rows,
    )
)


def _width(text: str, cut: Cut) -> int:
    font = FINE if cut.fine else BOLD
    dots = sum(_SPACE if char == " " else len(font[char][0]) for char in text)
    return (dots + max(0, len(text) - 1)) * cut.scale


def drawable(text: str) -> bool:
    """Whether there is a figure for every character."""
    return bool(text.strip()) and all(char == " " or char in BOLD for char in text)


def best_cut(text: str, width: int, height: int, *, plain: bool = False) -> Cut | None:
    """The largest size at which the text takes at most so many cells and rows; None where even the smallest is too
    large. In `plain` characters there are no half rows."""
    if not drawable(text):
        return None
    for cut in _CUTS:
        if plain and cut.scale % 2:
            continue
        if cut.rows <= height and _width(text, cut) <= width:
            return cut
    return None


@lru_cache(maxsize=256)
def figures(text: str, cut: Cut, *, plain: bool = False) -> tuple[str, ...]:
    """The text in that size: its rows, all of one width."""
    font = FINE if cut.fine else BOLD
    high = 7 if cut.fine else 5
    dots = []
    for y in range(high):
        parts = ("." * _SPACE if char == " " else font[char][y] for char in text)
        row = "".join(dot * cut.scale for dot in ".".join(parts))
        dots.extend([row] * cut.scale)
    return _plain(dots) if plain else _blocks(dots)


def _blocks(dots: Sequence[str]) -> tuple[str, ...]:
    """Two rows of dots in one row of cells."""
    if len(dots) % 2:
        dots = [*dots, "." * len(dots[0])]
    cell = {("#", "#"): "█", ("#", "."): "▀", (".", "#"): "▄", (".", "."): " "}
    return tuple(
        "".join(cell[pair] for pair in zip(above, below, strict=True))
        for above, below in zip(dots[::2], dots[1::2], strict=True)
    )


def _plain(dots: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.replace(".", " ") for row in dots[::2])


def large(text: str, width: int, height: int, *, plain: bool = False) -> tuple[str, ...]:
    """The text as large as it fits; empty where it does not."""
    cut = best_cut(text, width, height, plain=plain)
    return () if cut is None else figures(text, cut, plain=plain)
