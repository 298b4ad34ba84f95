"""What says that a room shows the past: a line of words, and the incident's axis with the place on it. Pure layout."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

from warroom.domain.status_words import kind_word
from warroom.domain.text import cell_width
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import lasting, seconds_clock, when
from warroom.tui.horizon import next_day
from warroom.tui.moments import dated
from warroom.tui.oncall_when import date_words
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, line_width, merged
from warroom.views import PastAxis, PastMark
from warroom.words import tr

_US = timedelta(microseconds=1)


def back() -> str:
    """The key that leads out of the past."""
    return tr("{key}: back to now").format(key=keycap("past.live"))


def words(place: PastMark, now: datetime, newer: int, width: int) -> Line:
    """The line over everything, in exactly `width` cells and one colour: PAST, when, where, and what happened then.

    `newer` is how many entries have come since the past was read. What does not fit falls away as a whole, the most
    dispensable first; PAST, the moment and the way back stay to the last.
    """
    next_day(now)
    at = place.moment.astimezone(UTC)
    day = f"{date_words(at)} " if at.date() != now.astimezone(UTC).date() else ""
    if at.year != now.astimezone(UTC).year:
        day = f"{dated(at)} "
    said = clean(place.text)
    actor = f"{clean(place.actor)} " if place.actor else ""
    parts = [
        (0, f" {tr('PAST {time} UTC').format(time=f'{day}{seconds_clock(at)}')}"),
        (2, f"  {tr('{length} ago').format(length=lasting(place.moment, now))}"),
        (3, f"  {tr('entry {number} of {total}').format(number=place.version, total=place.of)}"),
        (1, f"  {tr('+{count} since').format(count=newer)}" if newer > 0 else ""),
    ]
    tail = f"  {back()} "
    shown = [0, 1, 2, 3]
    while len(shown) > 1 and sum(cell_width(text) for rank, text in parts if rank in shown) + cell_width(tail) > width:
        shown.pop()
    left = "".join(text for rank, text in parts if rank in shown)
    room = width - cell_width(left) - cell_width(tail)
    pieces: list[Piece] = [(left, Role.NOTICE)]
    if room > 16:
        pieces += cut_line(((f"  {actor}{clean(kind_word(place.kind))}: {said}", Role.NOTICE),), room)
    pad = width - line_width(pieces) - cell_width(tail)
    if pad < 0:
        return merged((text, Role.NOTICE) for text, _ in fit_line(pieces, width))
    return merged((*pieces, (" " * pad, Role.NOTICE), (tail, Role.NOTICE)))


def scrubber(axis: PastAxis, mark: PastMark, now: datetime, width: int) -> tuple[Line, tuple[int, int]]:
    """The axis in exactly `width` cells, and which of them stand for moments (first, one behind the last).

    `•` something happened in this cell, `◇` status or severity changed, `◆` here; what was still to come is dashed.
    """
    until = max(axis.until, mark.moment)
    left, right = f" {when(axis.began, now)} ", f" {when(until, now)} "
    room = width - cell_width(left) - cell_width(right)
    if room < 10:
        left, right, room = " ", " ", max(1, width - 2)
    here = cell_of(axis, mark.moment, room, until)
    turns = tuple(at for at, _ in axis.marks)
    cells: list[Piece] = []
    for cell in range(room):
        first, behind = moment_of(axis, cell, room, until), moment_of(axis, cell + 1, room, until)
        if cell == here:
            cells.append(("◆", Role.STRONG))
        elif _happened(turns, first, behind, cell == room - 1):
            cells.append(("◇", Role.ACCENT if cell < here else Role.MUTED))
        elif _happened(axis.moments, first, behind, cell == room - 1):
            cells.append(("•", Role.ACCENT if cell < here else Role.MUTED))
        else:
            cells.append(("─" if cell < here else "╌", Role.ACCENT if cell < here else Role.FAINT))
    line = merged(((left, Role.MUTED), *cells, (right, Role.MUTED)))
    start = cell_width(left)
    return fit_line(line, width), (start, start + room)


def _happened(moments: tuple[datetime, ...], first: datetime, behind: datetime, last: bool) -> bool:
    end = bisect_right(moments, behind) if last else bisect_left(moments, behind)
    return end > bisect_left(moments, first)


def moment_of(axis: PastAxis, cell: int, cells: int, until: datetime | None = None) -> datetime:
    """Where a cell of the axis begins; that behind the last one where it ends."""
    until = axis.until if until is None else until
    return axis.began + (until - axis.began) // _US * cell // max(1, cells) * _US


def cell_of(axis: PastAxis, moment: datetime, cells: int, until: datetime | None = None) -> int:
    """The cell in which a moment lies."""
    until = axis.until if until is None else until
    whole = (until - axis.began) // _US
    cell = (moment - axis.began) // _US * cells // whole if whole > 0 else cells - 1
    return min(max(0, cell), cells - 1)


def moment_clicked(axis: PastAxis, cell: int, cells: int) -> datetime:
    """The moment that a click on a cell means: the last thing that happened in it, else its middle; the last cell is
    the end."""
    if cell >= cells - 1:
        return axis.until
    first, behind = moment_of(axis, cell, cells), moment_of(axis, cell + 1, cells)
    within = axis.moments[bisect_left(axis.moments, first) : bisect_left(axis.moments, behind)]
    return within[-1] if within else first + (behind - first) / 2
