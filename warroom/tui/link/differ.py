"""The shortest sequences that make one screenful of cells another.

Only what xterm, tmux, screen and the Linux console have in common is used (ECMA-48 and DEC STD 070): CR, BS, IND, RI,
CUU, CUD, CUF, CUB, CHA, CUP, SGR, and EL where the background is the terminal's own: some fill with the current one,
others do not. Not: REP and what else has to be asked for, and no line feeds, which the line discipline may turn into
two characters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from warroom.tui.link.cells import Trust, claim, trust
from warroom.tui.link.grid import Grid
from warroom.tui.link.pens import blank_of, change
from warroom.valueclass import dataclass

JOIN = 3
"""Runs this near are one: a motion is as long."""
ERASE = 4
"""From so many blanks on they are erased, if they are at the end of a line."""
ORDERED = 400
LONG = 30
"""With more runs than this, or where they are this many cells long on average, they are written from top to bottom: it
is a new picture, of which no other order is shorter by more than a twentieth."""


@dataclass(frozen=True, slots=True)
class Run:
    """Cells of one row, from `first` up to but not including `behind`, that have to be written."""

    y: int
    first: int
    behind: int
    pen: int


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a terminal beside its cells: where its cursor is (None: not known) and its pen."""

    x: int | None = None
    y: int | None = None
    pen: int = 0


def runs(shown: Grid, wanted: Grid) -> list[Run]:
    """Where two grids of one size differ, of the rows that were touched, top to bottom and left to right."""
    found: list[Run] = []
    for y in sorted(wanted.touched):
        lo, hi = wanted.touched[y]
        old, new, was, pens = shown.chars[y], wanted.chars[y], shown.pens[y], wanted.pens[y]
        if old[lo:hi] == new[lo:hi] and was[lo:hi] == pens[lo:hi]:
            continue
        first = behind = -1
        rows = zip(old[lo:hi], new[lo:hi], was[lo:hi], pens[lo:hi], strict=True)
        for at in [at for at, (a, b, c, d) in enumerate(rows, lo) if a != b or c != d]:
            if at < behind:
                continue  # written already, with something that reaches over it
            start, end = (at, at + 1) if " " <= new[at] <= "~" else _whole(new, at, wanted.width)
            if start == behind:
                behind = end
                continue
            if behind >= 0 and start - behind <= JOIN and _alike(new, pens, behind, start):
                behind = max(behind, end)
                continue
            if behind >= 0:
                found.append(Run(y, first, behind, pens[first]))
            first, behind = (start, end) if start >= behind else (first, max(behind, end))
        if behind >= 0:
            found.append(Run(y, first, behind, pens[first]))
    return found


def _whole(chars: list[str], at: int, width: int) -> tuple[int, int]:
    """The cells that have to be written for one: whole characters, and what a terminal that has another opinion of
    their width may have spoiled."""
    first, behind = at, at + 1
    while first and chars[first] == "":
        first -= 1
    while behind < width and chars[behind] == "":
        behind += 1
    if chars[first].isascii():
        return first, behind
    place = first
    while place < behind:  # what follows may be such a character too
        cell = chars[place]
        if cell and not cell.isascii() and trust(cell) is Trust.NONE:
            behind = min(max(behind, place + claim(cell)), width)
            while behind < width and chars[behind] == "":
                behind += 1
        place += 1
    return first, behind


def _alike(chars: list[str], pens: list[int], first: int, behind: int) -> bool:
    """Whether the cells between two runs can be written with no more than their characters."""
    pen = pens[first - 1]
    return all(
        chars[at].isascii()
        and chars[at] != ""
        and (pens[at] == pen or (chars[at] == " " and pens[at] == blank_of(pen)))
        for at in range(first, behind)
    )


def motion(x: int | None, y: int | None, to_x: int, to_y: int) -> str:
    """The shortest way for the cursor; `None` is where it may be anywhere."""
    if x == to_x and y == to_y:
        return ""
    best = f"\x1b[{to_y + 1};{to_x + 1}H" if to_x else f"\x1b[{to_y + 1}H" if to_y else "\x1b[H"
    if y is None:
        return best
    down = to_y - y
    if down == 0:
        vertical = ""
    elif down > 0:
        vertical = "\x1bD" if down == 1 else f"\x1b[{down}B"
    else:
        vertical = "\x1bM" if down == -1 else f"\x1b[{-down}A"
    if len(vertical) >= len(best):
        return best
    across = "\r" if to_x == 0 else f"\x1b[{to_x + 1}G"
    if x is not None:
        right = to_x - x
        if right == 0:
            across = ""
        elif right > 0:
            step = "\x1b[C" if right == 1 else f"\x1b[{right}C"
            across = step if len(step) < len(across) else across
        else:
            step = "\b" * -right if right >= -4 else f"\x1b[{-right}D"
            across = step if len(step) < len(across) else across
    return vertical + across if len(vertical) + len(across) < len(best) else best


class _Writer:
    """Writes runs, from a place on."""

    def __init__(self, grid: Grid, place: Place) -> None:
        self.grid, self.x, self.y, self.pen = grid, place.x, place.y, place.pen
        self.out: list[str] = []

    def run(self, run: Run) -> None:
        """Go there and write it."""
        out, width = self.out, self.grid.width
        chars, pens = self.grid.chars[run.y], self.grid.pens[run.y]
        out.append(motion(self.x, self.y, run.first, run.y))
        pen, at, behind, sure = self.pen, run.first, run.behind, True
        if behind == width:
            while behind > run.first and chars[behind - 1] == " " and pens[behind - 1] == 0:
                behind -= 1
            if run.behind - behind < ERASE:
                behind = run.behind
        while at < behind:
            char, new = chars[at], pens[at]
            if new != pen and not (char == " " and blank_of(pen) == new):
                out.append(change(pen, new))
                pen = new
            if char.isascii():
                end = at + 1
                while end < behind and pens[end] == pen and chars[end].isascii():
                    end += 1
                out.extend(chars[at:end])
                at = end
                continue
            end = at + 1
            while end < width and chars[end] == "":
                end += 1
            believed = trust(char)
            if believed is Trust.NONE:
                # Its cells are blank first, in case it takes less; what is behind is written at its place after it.
                out.append(f"{' ' * (end - at)}\x1b[{at + 1}G{char}")
                if end < behind:
                    out.append(f"\x1b[{end + 1}G")
                else:
                    sure = False
            else:
                out.append(char)
                sure = sure and believed is Trust.SURE
            at = end
        if behind < run.behind:
            if not sure:
                out.append(f"\x1b[{behind + 1}G")
                sure = True
            out.append(change(pen, 0))
            out.append("\x1b[K")
            pen = 0
        self.pen, self.y = pen, run.y
        # At the edge a terminal may wait with its cursor on the last cell or behind it.
        self.x = at if sure and at < width else None


def _of_one_pen(grid: Grid, run: Run) -> list[Run]:
    """A run in parts of one pen each: one under the other they are often the same, such as the ends of bars that grow.
    What is not surely as wide as it is thought to be stays in one."""
    chars, pens = grid.chars[run.y], grid.pens[run.y]
    if any(char == "" or trust(char) is Trust.NONE for char in chars[run.first : run.behind]):
        return [run]
    edges = [at for at in range(run.first + 1, run.behind) if pens[at] != pens[at - 1]]
    if not edges:
        return [run]
    return [
        Run(run.y, first, behind, pens[first])
        for first, behind in zip((run.first, *edges), (*edges, run.behind), strict=True)
    ]


def write(grid: Grid, found: Sequence[Run], place: Place) -> tuple[str, Place]:
    """The sequences that write these runs of a grid, in the order that takes the fewest bytes of those that are likely
    to, and where the terminal is then."""
    orders: list[tuple[Sequence[Run], Callable[[Run], tuple[int, ...]]]] = [(found, lambda run: (run.y, run.first))]
    if 2 < len(found) <= ORDERED and sum(run.behind - run.first for run in found) < LONG * len(found):

        def by_pen(run: Run) -> tuple[int, ...]:
            return run.pen != place.pen, run.pen, run.first, run.y

        # Figures that tick stand in columns, and have few colours between them.
        orders += [(found, lambda run: (run.first, run.y)), (found, by_pen)]
        parts = [part for run in found for part in _of_one_pen(grid, run)]
        if len(found) < len(parts) <= ORDERED:
            orders.append((parts, by_pen))
    best: tuple[str, Place] | None = None
    for each, order in orders:
        writer = _Writer(grid, place)
        for run in sorted(each, key=order):
            writer.run(run)
        text = "".join(writer.out)
        if best is None or len(text) < len(best[0]):
            best = text, Place(writer.x, writer.y, writer.pen)
    assert best is not None
    return best
