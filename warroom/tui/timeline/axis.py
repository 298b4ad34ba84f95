"""The two rows above the lanes: the labels of time, and the incident's own line with what changed on it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width
from warroom.tui.clockface import day
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line
from warroom.tui.timeline.glyphs import Glyphs
from warroom.tui.timeline.scale import Scale, Window, label_at, ticks
from warroom.views import Mark, MarkKind, TimelineView


def time_row(scale: Scale, today: datetime) -> tuple[str, str]:
    """The day on which the window begins, "" when that is today; and the labels of the ticks, over fork and cells."""
    cells = [" "] * (scale.cells + 1)
    for at, text in ticks(scale):
        here = label_at(scale, at, text)
        for char in text:
            wide = cell_width(char)
            if here >= 0 and here + wide <= len(cells):
                cells[here : here + wide] = [char, *[""] * (wide - 1)]
            here += wide
    start = scale.window.start.astimezone(UTC)
    return "" if start.date() == today.astimezone(UTC).date() else day(start), "".join(cells)


def incident_row(
    view: TimelineView, now: datetime, scale: Scale, whole: Window, glyphs: Glyphs, *, forks: bool
) -> Line:
    """The incident's line from its start to now or its end: a tick under each label, marks where something changed."""
    stop = now if view.end is None else view.end
    first, last = max(scale.cell(view.start), 0), min(scale.cell(stop), scale.cells - 1)
    cells: list[Piece] = [(glyphs.axis if first <= index <= last else " ", Role.MUTED) for index in range(scale.cells)]
    for at, _ in ticks(scale):
        if first <= (index := scale.clamped(at)) <= last:
            cells[index] = (glyphs.tick, Role.MUTED)
    if stop in scale.window and last >= 0:
        cells[last] = (glyphs.axis_running, Role.TEXT) if view.end is None else (glyphs.ended, Role.OK)
    row: list[Piece] = [(glyphs.root if forks else glyphs.axis, Role.MUTED)]
    if scale.window.start > whole.start:
        row = [(glyphs.earlier, Role.ACCENT)]
    if scale.window.end < whole.end and last == scale.cells - 1:
        cells[last] = (glyphs.later, Role.ACCENT)
    marks = _marks(view, now, scale, last, glyphs)
    index = 0
    while index < scale.cells:
        mark = marks.get(index)
        if mark is None:
            row.append(cells[index])
            index += 1
        else:
            row.extend(mark)
            index += sum(cell_width(text) for text, _ in mark)
    return tuple(row)


def label_of(mark: Mark) -> str:
    """What changed, as it is shown."""
    return clean(status_word(mark.label) if mark.kind is MarkKind.STATUS else mark.label)


def _marks(view: TimelineView, now: datetime, scale: Scale, last: int, glyphs: Glyphs) -> dict[int, Line]:
    """Every change by its cell, with as much of its name as there is room for."""
    shown = sorted(
        (min(scale.cell(mark.at), max(0, last - 1)), place, mark)
        for place, mark in enumerate(view.marks)
        if mark.at <= now and mark.at in scale.window
    )
    columns = [column for column, _, _ in shown]
    found: dict[int, Line] = {}
    for column, _, mark in shown:
        after = bisect_right(columns, column)
        room = (columns[after] if after < len(columns) else last) - column - 2
        text = label_of(mark)
        least = cell_width(text) if glyphs.axis.isascii() else min(4, cell_width(text))  # a cut one has an ellipsis
        role = Role.STRONG if mark.kind is MarkKind.SEVERITY else Role.TEXT
        label = cut_line(((text, role),), room) if room >= least else ()
        found[max(column, 0)] = ((glyphs.mark, Role.STRONG), *label)
    return found
