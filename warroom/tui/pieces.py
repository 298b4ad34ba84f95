"""Lines of a screen as plain values: pieces of text, each with the role that says how it looks.

What is laid out here can be drawn by a widget, printed as text, or compared in a test; nothing here knows a terminal.
All widths are terminal cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

from warroom.domain.text import cell_width, clean_line, clean_typed, cut, fit, wrap
from warroom.valueclass import dataclass
from warroom.views import SeverityFace


class Role(StrEnum):
    """What a piece of text means; the palette says how that looks."""

    TEXT = "text"
    STRONG = "strong"
    MUTED = "muted"
    FAINT = "faint"  # tracks, rules, what is there only for order
    ACCENT = "accent"  # what leads the eye without alarming it: keys of the footer, titles of panels
    CALM = "calm"  # a deadline that is far away
    OK = "ok"
    SOON = "soon"
    LATE = "late"
    LATE_MUTED = "late-muted"  # it was late once, or is late but not the worst
    ALARM = "alarm"  # reversed: nobody is left to page, no engine, stale data
    NOTICE = "notice"  # reversed, milder: drill, read-only
    TAB = "tab"  # the tab that is open, on the background of the selected row
    BAR = "bar"  # a bar that runs towards a deadline still far away
    FRAME = "frame"
    DOT = "dot"
    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"
    SEV5 = "sev5"
    WHO1 = "who1"  # people in a grid of shifts, told apart by colour besides their names
    WHO2 = "who2"
    WHO3 = "who3"
    WHO4 = "who4"
    WHO5 = "who5"
    WHO6 = "who6"
    CURSOR = "cursor"  # what the cursor stands on: reversed


Piece = tuple[str, Role]
Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a list, and from which to which of them each item goes (the end is not part of it)."""

    rows: tuple[Line, ...]
    spans: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Foreign text made harmless once more before it is drawn; remembered, since rows are drawn every second."""
    return clean_line(text)


def prose(text: str) -> str:
    """A long foreign text, a condition or an advice, in one line made harmless; for what is drawn when it changes."""
    return clean_line(text, 2_000)


def drawable(text: str) -> str:
    """A piece of a line as it may reach the terminal, blanks untouched: the last gate, which foreign text that was not
    cleaned where it was laid out does not pass either."""
    return text if text.isascii() and text.isprintable() else _drawable(text)


@lru_cache(maxsize=8192)
def _drawable(text: str) -> str:
    return clean_typed(text)


def drawn(line: Line) -> Line:
    """The line with all of its pieces `drawable`; itself where they are."""
    for text, _ in line:
        if drawable(text) != text:
            return tuple((drawable(text), role) for text, role in line)
    return line


@lru_cache(maxsize=4096)
def fitted(text: str, width: int) -> str:
    """Foreign text in exactly `width` cells, remembered as `clean` does."""
    return fit(clean_line(text), max(0, width))


def severity_role(severity: SeverityFace) -> Role:
    """The role for a severity's rank; ranks beyond 5 look like 5, below 1 like 1."""
    return (Role.SEV1, Role.SEV2, Role.SEV3, Role.SEV4, Role.SEV5)[min(max(severity.rank, 1), 5) - 1]


def plain(line: Iterable[Piece]) -> str:
    """The text of a line without its roles."""
    return "".join(text for text, _ in line)


def line_width(line: Iterable[Piece]) -> int:
    """Cells that a line takes."""
    return sum(cell_width(text) for text, _ in line)


def cut_line(line: Iterable[Piece], width: int) -> Line:
    """At most `width` cells; what is cut off is shown by an ellipsis."""
    pieces = tuple((text, role) for text, role in line if text)
    if line_width(pieces) <= width:
        return pieces
    done: list[Piece] = []
    left = width
    for text, role in pieces:
        size = cell_width(text)
        if size < left:
            done.append((text, role))
            left -= size
            continue
        # The ellipsis also stands where a piece ends exactly at the edge, for there is more behind it.
        done.append((cut(text + "  ", left), role))
        break
    return tuple(piece for piece in done if piece[0])


def fit_line(line: Iterable[Piece], width: int) -> Line:
    """Exactly `width` cells: cut, then padded with spaces on the right."""
    pieces = tuple(piece for piece in drawn(tuple(line)) if piece[0])
    missing = width - line_width(pieces)
    if missing < 0:
        pieces = cut_line(pieces, max(0, width))
        missing = width - line_width(pieces)
    return (*pieces, (" " * missing, Role.TEXT)) if missing > 0 else pieces


def spread(left: Iterable[Piece], right: Iterable[Piece], width: int) -> Line:
    """`left` at the left edge and `right` at the right one, in exactly `width` cells; `left` is cut first."""
    right = cut_line(right, width)
    room = width - line_width(right)
    return (*fit_line(left, room), *right)


def rule(title: Iterable[Piece], width: int, note: Iterable[Piece] = ()) -> Line:
    """A thin line across `width` cells that carries a title at its left and a note at its right."""
    note = cut_line(note, max(0, width - 6))
    right: Line = (("─ ", Role.FRAME), *note, (" ─", Role.FRAME)) if note and width > 24 else ()
    room = width - line_width(right)
    left = cut_line((("─ ", Role.FRAME), *title, (" ", Role.FRAME)), room)
    return (*left, ("─" * (room - line_width(left)), Role.FRAME), *right)


def hanging(head: Iterable[Piece], text: str, role: Role, width: int) -> Iterator[Line]:
    """A clean text behind its head, wrapped below itself; a narrow screen still gives it 20 cells."""
    front = tuple(head)
    size = line_width(front)
    for n, part in enumerate(wrap(text, max(20, width - size))):
        yield (*(front if n == 0 else ((" " * size, Role.TEXT),)), (part, role))


def wrapped(head: Piece, line: Iterable[Piece], width: int) -> Iterator[Line]:
    """A clean line behind its head, broken between words and set below itself, each word in its own role."""
    indent = cell_width(head[0])
    most = max(20, width - indent)
    row: list[Piece] = [head]
    left = most
    for text, role in line:
        for word in re.findall(r"\s*\S+|\s+$", text):
            if cell_width(word) <= left:
                row.append((word, role))
                left -= cell_width(word)
                continue
            for part in wrap(word.lstrip(), most):
                if left < most:
                    yield tuple(row)
                    row = [(" " * indent, Role.TEXT)]
                row.append((part, role))
                left = most - cell_width(part)
    yield tuple(row)


def merged(line: Iterable[Piece]) -> Line:
    """The same line with neighbours of one role joined into one piece."""
    done: list[Piece] = []
    for text, role in line:
        if not text:
            continue
        if done and done[-1][1] is role:
            done[-1] = (done[-1][0] + text, role)
        else:
            done.append((text, role))
    return tuple(done)
