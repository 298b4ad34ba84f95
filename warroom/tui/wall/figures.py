"""The wallboard's screen of figures where there is room: how many are live, the longest silence and how punctual
updates were in large figures, the week in columns, who was paged tonight. Pure layout; widths are terminal cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from warroom.domain.status_words import day_word
from warroom.domain.text import cell_width
from warroom.tui.clockface import age
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, merged, severity_role
from warroom.tui.wall.deadlines import counts
from warroom.tui.wall.digits import best_cut, figures, large
from warroom.tui.wall.parts import BLANK, Page, Standing, beside
from warroom.views import IncidentLine, SeverityFace
from warroom.views.wall import DayFigures, Silence, WallView
from warroom.words import tr, trn

_GAP = 4
_SIZES = (14, 11, 8, 7, 5)
_CHART = 7
"""The fewest rows of a chart: title, four rows of columns, their numbers, the days."""
_CHART_MOST = 24
_SILENT_MOST = 8
Block = Sequence[Line]


def two_columns(
    view: WallView,
    lines: Sequence[IncidentLine],
    now: datetime,
    standing: Standing,
    width: int,
    height: int,
    right: Callable[[int, int], tuple[Block, Block]],
) -> Page:
    """The one page of this form; () where it does not all fit. `right` gives the blocks of updates and of pages, in so
    many cells, with figures of so many rows; what is left below both columns is for the week."""
    wide = (width - _GAP) // 2
    for size in _SIZES:
        own = [*_live(lines, wide, size, plain=standing.plain), *_silences(view, lines, now, wide, size, standing)]
        punctual, paged = right(wide, size)
        other = [*punctual, *paged]
        used = max(len(own), len(other))
        if used + _CHART <= height or (size == _SIZES[-1] and used <= height + 1):
            break
    else:
        return ()
    done = [*beside([own, other], wide, _GAP)][:height]
    week = view.insight.week if view.insight is not None else ()
    left = min(height - len(done), _CHART_MOST)
    if week and left >= _CHART:
        done += beside([_declared(week, wide, left, standing), _pages(week, wide, left, standing)], wide, _GAP)
    return tuple(done)


def _head(title: str, note: str, width: int) -> Line:
    return cut_line(((f" {title}", Role.ACCENT), (f"   {note}" if note else "", Role.MUTED)), width)


# -- what is live -----------------------------------------------------------------------------------------------------


def _live(lines: Sequence[IncidentLine], width: int, rows: int, *, plain: bool) -> list[Line]:
    """How many are live of each severity, in figures of one size."""
    note = trn("{count} live", "{count} live", len(lines)).format(count=len(lines)) if lines else tr("nothing live")
    out = [_head(tr("Open by severity"), note, width)]
    found = counts(lines)
    names = [f"{clean(face.glyph)} {clean(face.name)}" for face, _ in found]
    for high in (each for each in (*_SIZES, 3) if each <= rows):
        drawn = [_figure(str(n), high, plain=plain) for _, n in found]
        size = [max(cell_width(name), *map(len, rows), 1) for name, rows in zip(names, drawn, strict=True)]
        if all(drawn) and sum(size) + 4 * len(size) <= width:
            break
    else:
        return [*out, *_in_words(found, names), BLANK]
    if not found:
        return [*out, *(((" " + row, Role.OK),) for row in _figure("0", rows, plain=plain)), BLANK]
    head: list[Piece] = []
    below: list[list[Piece]] = [[] for _ in range(max(map(len, drawn)))]
    for (face, _), name, figure, wide in zip(found, names, drawn, size, strict=True):
        role = severity_role(face)
        head += [("   ", Role.TEXT), *fit_line(((name, role),), wide + 1)]
        for y, row in enumerate(below):
            row += [("   ", Role.TEXT), *fit_line(((figure[y] if y < len(figure) else "", role),), wide + 1)]
    return [*out, merged(head), *map(merged, below), BLANK]


def _in_words(found: Sequence[tuple[SeverityFace, int]], names: Sequence[str]) -> list[Line]:
    return [
        ((f"   {name}  ", severity_role(face)), (str(n), Role.STRONG))
        for (face, n), name in zip(found, names, strict=True)
    ]


def _figure(text: str, rows: int, *, plain: bool) -> tuple[str, ...]:
    cut = best_cut(text, 60, rows, plain=plain)
    return figures(text, cut, plain=plain) if cut is not None else ()


def _silences(
    view: WallView, lines: Sequence[IncidentLine], now: datetime, width: int, rows: int, standing: Standing
) -> list[Line]:
    """The longest silence, large, and those that follow it."""
    own = [(line, view.silences[line.key]) for line in lines if line.key in view.silences]
    own.sort(key=lambda each: each[1].since)
    note = trn("of {count} major incident", "of {count} major incidents", len(own)).format(count=len(own))
    out = [_head(tr("Longest silence now"), note, width)]
    if not own:
        return [*out, ((f"   {tr('no major incident is live')}", Role.MUTED),), BLANK]
    first = age(own[0][1].since, now)
    out += [((f"   {row}", Role.STRONG),) for row in large(first, width - 4, min(rows, 8), plain=standing.plain)]
    key = max(cell_width(clean(line.key)) for line, _ in own)
    where = max(cell_width(clean(each.channel)) for _, each in own)
    out += [_silent(line, each, now, key, where, width) for line, each in own[:_SILENT_MOST]]
    return [*out, BLANK]


def _silent(line: IncidentLine, silence: Silence, now: datetime, key: int, where: int, width: int) -> Line:
    row: Line = (
        ("   ", Role.TEXT),
        *fit_line(((clean(line.key), severity_role(line.severity)),), key),
        (f"{age(silence.since, now):>7}  ", Role.STRONG),
        *fit_line(((clean(silence.channel), Role.TEXT),), where),
        (f"  {clean(line.title)}", Role.MUTED),
    )
    return cut_line(row, width)


# -- the week ---------------------------------------------------------------------------------------------------------


def _declared(week: Sequence[DayFigures], width: int, height: int, standing: Standing) -> list[Line]:
    total, major = sum(day.declared for day in week), sum(day.major for day in week)
    parts = [((day.major, Role.SOON), (day.declared - day.major, Role.BAR)) for day in week]
    key: Line = (
        (f"   n={total}", Role.MUTED),
        (f"   {tr('{count} major').format(count=major)}", Role.SOON),
    )
    head = cut_line(((f" {tr('Declared, day by day')}", Role.ACCENT), *key), width)
    return [head, *_chart(week, parts, width, height - 1, plain=standing.plain)]


def _pages(week: Sequence[DayFigures], width: int, height: int, standing: Standing) -> list[Line]:
    known = [day for day in week if day.pages is not None]
    total, night = sum(day.pages or 0 for day in known), sum(day.night for day in known)
    parts = [
        ((day.night, Role.SOON), (day.pages - day.night, Role.BAR)) if day.pages is not None else () for day in week
    ]
    key: Line = (
        (f"   n={total}", Role.MUTED),
        (f"   {tr('{count} at night').format(count=night)}", Role.SOON),
    )
    head = cut_line(((f" {tr('Pages, day by day')}", Role.ACCENT), *key), width)
    return [head, *_chart(week, parts, width, height - 1, plain=standing.plain)]


def _chart(
    week: Sequence[DayFigures], parts: Sequence[Sequence[tuple[int, Role]]], width: int, height: int, *, plain: bool
) -> list[Line]:
    """A column a day, as high as its share of the highest; the number above it, the day below. A day without parts is
    one that nobody counted."""
    slot = max(4, min(14, (width - 3) // max(1, len(week))))
    area = height - 2
    most = max((sum(n for n, _ in part) for part in parts), default=0)
    tops = [_heights(part, most, area) for part in parts]
    out: list[Line] = []
    for y in range(area, -1, -1):  # from the row above the highest column down
        row: list[Piece] = [("   ", Role.TEXT)]
        for part, top in zip(parts, tops, strict=True):
            full = top[-1][0] if top else 0
            if y == full:
                number = str(sum(n for n, _ in part)) if part else "?"
                row += fit_line(((number, Role.STRONG if number != "0" else Role.FAINT),), slot)
                continue
            role = next((role for upto, role in top if y < upto), None)
            shown = ("#" if plain else "█") * (slot - 2) if role is not None else ""
            row += fit_line(((shown, role or Role.TEXT),), slot)
        out.append(merged(row))
    days: list[Piece] = [("   ", Role.TEXT)]
    for n, day in enumerate(week):
        words = f"{day_word(day.day.weekday())} {day.day.day}"
        if cell_width(words) >= slot:
            words = str(day.day.day)
        days += fit_line(((words, Role.STRONG if n == len(week) - 1 else Role.MUTED),), slot)
    return [*(cut_line(line, width) for line in out), cut_line(merged(days), width)]


def _heights(part: Sequence[tuple[int, Role]], most: int, area: int) -> list[tuple[int, Role]]:
    """Up to which row each part of a column reaches; what is there at all is at least one row high."""
    out: list[tuple[int, Role]] = []
    total, before = 0, 0
    for n, role in part:
        total += n
        reached = round(total * area / most) if most else 0
        before = min(area, max(reached, before + (n > 0)))
        out.append((before, role))
    return out
