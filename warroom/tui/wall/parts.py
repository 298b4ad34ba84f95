"""What every screen of the wallboard is made of: what is known besides the view, columns, pages. Pure layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from warroom.domain.text import cell_width
from warroom.tui.clockface import age, countdown, duration, is_late
from warroom.tui.pieces import Line, Piece, Role, cut_line, fit_line, line_width, merged
from warroom.tui.wall.digits import best_cut, figures
from warroom.valueclass import dataclass
from warroom.words import tr

BLANK: Line = ((" ", Role.TEXT),)

AMBER_S = 10.0
"""From this age on the data is shown as getting old, in seconds."""
RED_S = 60.0
"""From this age on it is old: the picture turns grey."""
QUIET_S = 5.0
"""Younger data counts as read just now, so that a calm picture does not change every second."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a picture says besides the view: `age_s` seconds of real time since the room was last read with success,
    `trouble` why it cannot be read now, `filter` what is shown of it, `plain` for terminals without Unicode, `title`
    the name of the screen where there are several."""

    age_s: float = 0.0
    trouble: str = ""
    filter: str = ""
    plain: bool = False
    title: str = ""

    @property
    def old(self) -> bool:
        """Whether the picture may be wrong by now."""
        return self.age_s >= RED_S or (bool(self.trouble) and self.age_s >= QUIET_S)


Page = tuple[Line, ...]


def fitting(items: Sequence[Sequence[Line]], width: int, gap: int = 3) -> list[Line]:
    """Each item in the longest of its forms with which all fit side by side; the last items give way first, and an item
    whose last form is empty may go altogether."""
    at = [0] * len(items)

    def taken() -> int:
        shown = [items[n][at[n]] for n in range(len(items)) if line_width(items[n][at[n]])]
        return sum(line_width(line) for line in shown) + gap * max(0, len(shown) - 1)

    while taken() > width:
        n = max((n for n in range(len(items)) if at[n] + 1 < len(items[n])), default=None)
        if n is None:
            break
        at[n] += 1
    return [items[n][at[n]] for n in range(len(items)) if line_width(items[n][at[n]])]


def joined(lines: Iterable[Line], gap: int = 3) -> Line:
    """Lines one behind the other."""
    done: list[Piece] = []
    for line in lines:
        if done:
            done.append((" " * gap, Role.TEXT))
        done.extend(line)
    return tuple(done)


@dataclass(frozen=True, slots=True)
class Figure:
    """A countdown in large characters: its rows, and whether the word LATE is among them."""

    rows: tuple[str, ...]
    role: Role
    late: bool
    worded: bool

    @property
    def width(self) -> int:
        """How many cells wide it is."""
        return max((cell_width(row) for row in self.rows), default=0)


_STACKED_FROM = 11
"""With so many rows the word LATE stands above the figures."""


def countdown_figure(at: datetime, now: datetime, width: int, height: int, role: Role, *, plain: bool) -> Figure:
    """The time until `at`, or since, as large as it fits. The word LATE is part of it where it costs little of the
    size, or stands above it where there are rows for that; where it is not, it has to be said beside it."""
    text, late = countdown(at, now), is_late(at, now)
    if not late:
        return Figure(_large(text, width, height, plain), role, False, False)
    short, said = duration(int((now - at).total_seconds())), tr("LATE")
    whole, alone = best_cut(text, width, height, plain=plain), best_cut(short, width, height, plain=plain)
    if whole is not None and alone is not None and whole.rows >= 5 and whole.rows * 5 >= alone.rows * 3:
        return Figure(figures(text, whole, plain=plain), role, True, True)
    if height >= _STACKED_FROM and alone is not None:
        word, time = best_cut(said, width, 5, plain=plain), best_cut(short, width, height - 6, plain=plain)
        if word is not None and time is not None and time.rows >= 5:
            above, below = figures(said, word, plain=plain), figures(short, time, plain=plain)
            return Figure((*above, "", *below), role, True, True)
    return Figure(figures(short, alone, plain=plain) if alone else (), role, True, False)


def _large(text: str, width: int, height: int, plain: bool) -> tuple[str, ...]:
    cut = best_cut(text, width, height, plain=plain)
    return figures(text, cut, plain=plain) if cut else ()


def since_words(at: datetime, now: datetime) -> str:
    """How long ago, with blanks: "3 d 4 h", "2 h 05 min", "12 min"."""
    minutes = max(0, int((now - at).total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    if days:
        return tr("{days} d {hours} h").format(days=days, hours=rest // 60)
    hours, rest = divmod(rest, 60)
    if hours:
        return tr("{hours} h {minutes:02d} min").format(hours=hours, minutes=rest)
    return tr("{minutes} min").format(minutes=rest)


def short_age(at: datetime, now: datetime) -> str:
    """The same in as few characters as figures have: "3d04h", "2h05", "12m"."""
    return age(at, now)


def pack(blocks: Sequence[Sequence[Line]], width: int, rows: int, columns: int = 1) -> tuple[Page, ...]:
    """Blocks below each other in columns of equal width, on as many pages as it takes; a block is never divided, and
    cut only where a whole page is too low for it. Blank lines at the end of a column are left out."""
    rows = max(1, rows)
    gap = 2 if columns > 1 else 0
    wide = (width - gap * (columns - 1)) // columns
    full: list[list[Line]] = [[]]
    for block in blocks:
        lines = [cut_line(line, wide) for line in block[:rows]]
        body = len(_trimmed(lines))
        if full[-1] and len(full[-1]) + body > rows:
            full.append([])
        full[-1].extend(lines[: rows - len(full[-1])])
    pages = []
    for first in range(0, len(full), columns):
        group = [_trimmed(column) for column in full[first : first + columns]]
        pages.append(beside(group, wide, gap))
    return tuple(pages)


def _trimmed(lines: Sequence[Line]) -> list[Line]:
    done = list(lines)
    while done and not line_width(tuple(piece for piece in done[-1] if piece[0].strip())):
        done.pop()
    return done


def beside(columns: Sequence[Sequence[Line]], wide: int, gap: int) -> Page:
    """Columns of lines side by side, each `wide` cells."""
    high = max((len(column) for column in columns), default=0)
    lines = []
    for y in range(high):
        row: list[Piece] = []
        for n, column in enumerate(columns):
            line = column[y] if y < len(column) else ()
            last = n == len(columns) - 1
            row.extend(line if last else fit_line(line, wide))
            if not last:
                row.append((" " * gap, Role.TEXT))
        lines.append(merged(row))
    return tuple(lines)


def centred(line: Line, width: int) -> Line:
    """A line in the middle of so many cells."""
    line = cut_line(line, width)
    return ((" " * ((width - line_width(line)) // 2), Role.TEXT), *line)
