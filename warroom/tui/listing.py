"""The list of incidents as rows of cells: order, filter, columns, one line per incident. Pure layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width, cut
from warroom.tui.clockface import Face, late_figure, lead_face, page_face, soon_figure, update_face
from warroom.tui.pieces import (
    Line,
    Piece,
    Role,
    clean,
    cut_line,
    fit_line,
    fitted,
    line_width,
    merged,
    severity_role,
)
from warroom.tui.sieve.columns import FIGURES, SPECS, TICKING, USUAL, face_of, head_of, width_of
from warroom.tui.sieve.grammar import parse
from warroom.tui.sieve.match import matches as passes
from warroom.tui.sieve.sorting import DESCENDING, URGENCY, Sort, ordered, quiet
from warroom.tui.sieve.sorting import USUAL as USUAL_ORDER
from warroom.views import IncidentLine, PageState
from warroom.words import tr

_STATUS = 13  # "investigating"
_LABEL = 3  # "L3", "ack"
_TITLE_ROOM = 26  # the title keeps this much before STATUS or LEAD is shown
_TITLE_LEAST = 16  # where the columns were chosen, there is a title if this much is left for it
_TITLE_MOST = 72  # wider, and the eye loses the row on its way to the figures
_TITLE_UTMOST = 96  # where a title would be cut and there are cells to spare
_CHANNEL_UTMOST = 20
_APART, _APART_FROM = 4, 2  # so many cells more between two columns, from the title on


def _figure() -> int:
    """Cells of "LATE 04:12" or "soon 04:12", in the language in force."""
    return max(10, cell_width(late_figure("00:00")), cell_width(soon_figure("00:00")))


def _page() -> int:
    """Cells of "L3  LATE 04:12"."""
    return max(_LABEL, cell_width(tr("ack"))) + 1 + _figure()


def _lead() -> int:
    """Cells of "— LATE 1d05h"."""
    return 2 + _figure()


def order(lines: Iterable[IncidentLine], now: datetime, sort: Sort = USUAL_ORDER) -> tuple[IncidentLine, ...]:
    """The order of the list: by urgency (`sieve.sorting.urgent`), or by a column."""
    return ordered(lines, sort, now)


def matches(line: IncidentLine, query: str, now: datetime) -> bool:
    """Whether a line passes the filter, as `sieve.grammar` has it."""
    return passes(line, parse(query), now)


_fitted = lru_cache(maxsize=4096)(fit_line)
"""What stands in one column of a row: of most rows it is the same every second."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are shown, from left to right, each with its width in cells. Between columns stand two blanks,
    before the first the marker."""

    width: int
    spaced: bool  # a blank between the glyph and the name of the severity
    slots: tuple[tuple[str, int], ...]
    channel: int  # part of UPDATE DUE that the channel's name takes

    @classmethod
    def fitting(
        cls, width: int, lines: Sequence[IncidentLine], chosen: Sequence[str] = (), now: datetime | None = None
    ) -> Columns:
        """The columns for a list of these lines that is `width` cells wide: the usual ones, or those that were chosen,
        of which the last give way first. `now` is needed to measure what was chosen."""
        spaced = width >= 100
        names = max((cell_width(clean(line.severity.name)) for line in lines), default=4)
        sev = min(max(names, 3), 8) + (2 if spaced else 1)
        key = min(max((cell_width(clean(line.key)) for line in lines), default=3), 14)
        channel = max((cell_width(clean(line.update.channel)) for line in lines), default=0)
        channel = min(max(channel, 2), 10 if spaced else 8)
        if width < 72:
            channel = 0
        figures, page, lead = _figure(), _page(), _lead()
        update = figures + (channel + 1 if channel else 0)
        if chosen:
            sizes = {"sev": sev, "key": max(key, 4), "page": page, "update": update, "lead": lead, "status": _STATUS}
            return cls(width, spaced, _chosen(width, lines, chosen, now, sizes), channel)
        update = update if width >= 50 else 0
        page = page if width >= 36 else 0

        def rest(*extra: int) -> int:
            shown = [sev, key, *(size for size in (page, update, *extra) if size)]
            return width - 2 - sum(shown) - 2 * len(shown) - 1

        lead = lead if rest(lead) >= _TITLE_ROOM else 0
        status = _STATUS if lead and rest(lead, _STATUS) >= _TITLE_ROOM else 0
        left = rest(*(size for size in (lead, status) if size))
        title = max(4, min(left, _TITLE_MOST))
        sizes = dict(zip(USUAL, (sev, key, title, status, lead, page, update), strict=True))
        left -= title
        if left > 0:  # a very wide screen
            channel = _spread(left, lines, sizes, channel)
        return cls(width, spaced, tuple((name, size) for name, size in sizes.items() if size), channel)

    def places(self) -> Iterator[tuple[str, int, int]]:
        """Where each column begins and ends, in cells from the left edge."""
        at = 2
        for name, size in self.slots:
            yield name, at, at + size
            at += size + 2

    def row(self, marker: Piece, cells: Mapping[str, Line]) -> Line:
        """One row from the marker (two cells) and what stands in each column."""
        pieces: list[Piece] = [marker]
        for name, size in self.slots:
            pieces.extend(_fitted(cells[name], size))
            pieces.append(("  ", Role.TEXT))
        rest = self.width - sum(size + 2 for _, size in self.slots)
        if rest < 0 or cell_width(marker[0]) != 2:
            return merged(fit_line(pieces[:-1], self.width))
        pieces[-1] = (" " * rest, Role.TEXT)
        return merged(pieces)


def _spread(left: int, lines: Sequence[IncidentLine], sizes: dict[str, int], channel: int) -> int:
    """Give away `left` cells that no usual column needs: to columns that tell more, to what would be cut, and what is
    left as room between the columns. Returns the width of the channel's name."""

    def add(name: str, known: bool) -> None:
        nonlocal left
        size = max(SPECS[name].most, cell_width(head_of(name)) + 1)
        if known and left >= size + 2:
            sizes[name] = size
            left -= size + 2

    def widen(name: str, by: int) -> int:
        nonlocal left
        more = max(0, min(by, left))
        sizes[name] += more
        left -= more
        return more

    add("service", any(line.service for line in lines))
    add("team", any(line.team for line in lines))
    longest = max((cell_width(clean(line.title)) for line in lines), default=0)
    widen("title", min(longest, _TITLE_UTMOST) - sizes["title"])
    names = max((cell_width(clean(line.update.channel)) for line in lines), default=0)
    channel += widen("update", min(names, _CHANNEL_UTMOST) - channel)
    add("age", any(line.opened_at for line in lines))
    apart = [name for name, size in sizes.items() if size][_APART_FROM:-1]
    room = min(left // len(apart), _APART)
    for name in apart:
        widen(name, room)
    return channel


def _chosen(
    width: int, lines: Sequence[IncidentLine], chosen: Sequence[str], now: datetime | None, sizes: Mapping[str, int]
) -> tuple[tuple[str, int], ...]:
    """The chosen columns that fit, the first of them most surely; the title takes what is left."""
    left = width - 3
    kept: list[tuple[str, int]] = []
    for name in chosen:
        size = _TITLE_LEAST if name == "title" else sizes[name] if name in sizes else width_of(name, lines, now)
        if left >= size + (2 if kept else 0):
            left -= size + (2 if kept else 0)
            kept.append((name, size))
    if not kept:  # so narrow that not even one fits: the first is cut
        kept = [(chosen[0], max(1, width - 3))]
    return tuple((name, min(size + max(0, left), _TITLE_MOST) if name == "title" else size) for name, size in kept)


def head(columns: Columns, note: str = "", sort: Sort = USUAL_ORDER) -> Line:
    """The names of the columns, an arrow at the one that the list is sorted by; `note` stands behind the title."""
    cells = {name: _head_cell(name, size, sort) for name, size in columns.slots}
    turned = sort.column == URGENCY and sort.reverse
    row = columns.row(("▼ " if turned else "  ", Role.ACCENT if turned else Role.MUTED), cells)
    title = next(((at, end) for name, at, end in columns.places() if name == "title"), None)
    if not note or title is None:
        return row
    # The note takes the place of what is left of the title column, which is the only one with room to spare.
    at = title[0] + cell_width(head_of("title")) + 2 + (1 if sort.column == "title" else 0)
    said = cut_line(((note, Role.ACCENT),), title[1] - at)
    return fit_line((*_cells(row, 0, at), *said, *_cells(row, at + line_width(said), columns.width)), columns.width)


def _cells(line: Line, first: int, behind: int) -> Line:
    """The part of a head between two cells; its characters are all one cell wide or the cut falls on a blank."""
    out: list[Piece] = []
    at = 0
    for text, role in line:
        part = ""
        for char in text:
            size = cell_width(char)
            if first <= at and at + size <= behind:
                part += char
            at += size
        out.append((part, role))
    return merged(out)


def _head_cell(name: str, size: int, sort: Sort) -> Line:
    text = head_of(name)
    if sort.column != name:
        return ((" " * max(0, size - cell_width(text)) + text if name in FIGURES else text, Role.MUTED),)
    arrow = "▲" if sort.reverse is (name in DESCENDING) else "▼"
    shown = cut(text, max(1, size - 1)) + arrow
    return ((" " * max(0, size - cell_width(shown)) + shown if name in FIGURES else shown, Role.ACCENT),)


def faces(line: IncidentLine, now: datetime, columns: Columns) -> tuple[Face, ...]:
    """What stands in those of the columns that the clock changes."""
    return tuple(_face(name, line, now) for name, _ in columns.slots if name in TICKING)


def _face(name: str, line: IncidentLine, now: datetime) -> Face:
    if name == "lead":
        return lead_face(line, now)
    if name == "page":
        if line.watched and line.page.state is PageState.NONE:
            return Face("", tr("watched"), Role.MUTED)
        if line.page.state is PageState.STOPPED:
            return Face("", clean(status_word(line.status)), Role.OK)
        return page_face(line.page, now)
    if name == "update":
        return update_face(line.update, now)
    return face_of(name, line, now)


def row(line: IncidentLine, columns: Columns, now: datetime, *, selected: bool = False) -> Line:
    """One incident in exactly `columns.width` cells."""
    alarm = bool(line.alarm) or line.page.state is PageState.EXHAUSTED
    marker = "▌ " if selected else "! " if alarm else "  "
    cells = {name: _shown(name, size, line, columns, now, selected=selected) for name, size in columns.slots}
    return columns.row((marker, Role.LATE if alarm else Role.ACCENT), cells)


def _shown(name: str, size: int, line: IncidentLine, columns: Columns, now: datetime, *, selected: bool) -> Line:
    """What stands in one column of a row."""
    calm = quiet(line, now) or line.page.state is PageState.STOPPED
    match name:
        case "sev":
            glyph = fitted(line.severity.glyph, 1)
            text = f"{glyph}{' ' if columns.spaced else ''}{clean(line.severity.name)}"
            return ((text, Role.MUTED if calm else severity_role(line.severity)),)
        case "key":
            return ((clean(line.key), Role.STRONG if selected else Role.MUTED),)
        case "title":
            return ((fitted(line.title, size), Role.MUTED if calm else Role.STRONG if selected else Role.TEXT),)
        case "status":
            return ((clean(status_word(line.status)), Role.MUTED),)
    face = _face(name, line, now)
    match name:
        case "lead":
            return _cell(face, 1 if face.label else 0, size)
        case "page":
            return _cell(face, _LABEL, size)
        case "update":
            return _update_cell(face, columns.channel)
    if name in FIGURES:
        return ((" " * max(0, size - cell_width(face.figure)) + face.figure, face.role),)
    return _cell(face, 0, size)


def _cell(face: Face, label: int, size: int) -> Line:
    """Label and figure; short labels are padded so that figures stand below each other."""
    if not face.label:
        return ((face.figure, face.role),)
    if not face.figure:
        return ((face.label, face.role),)
    most = max(1, size - cell_width(face.figure) - 1)
    name = fitted(face.label, min(max(label, cell_width(face.label)), most))
    return ((name + " ", Role.MUTED), (face.figure, face.role))


def _update_cell(face: Face, channel: int) -> Line:
    if not face.label or not channel:
        return ((face.figure, face.role),)
    return ((fitted(face.label, channel) + " ", Role.MUTED), (face.figure, face.role))
