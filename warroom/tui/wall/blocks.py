"""A block per incident on a wallboard: what is due on it, large where there is room. Pure layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width
from warroom.tui.clockface import Face, age, countdown, duration, is_late, lead_face, page_face, update_face, urgency
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, line_width, severity_role, spread
from warroom.tui.wall.deadlines import nearest
from warroom.tui.wall.digits import large
from warroom.tui.wall.parts import BLANK, Standing, fitting, joined
from warroom.views import IncidentLine, PageState
from warroom.views.wall import Silence, WallView
from warroom.words import tr

LARGE_FROM = 112
"""From this width on a major incident has large figures of its own, where there is room for them below each other."""
MEDIUM_FROM = 56
TWO_FROM = 150
"""From this width on blocks stand in two columns."""
LARGE_FIGURES = (11, 8, 5)
"""How many rows the figures of a block may have, and how many it takes besides: name, label, lead, a blank line."""
_LARGE_BESIDES = 4


def wanted(majors: Sequence[IncidentLine], minors: Sequence[IncidentLine], width: int) -> int:
    """How many rows the blocks would take if there were room for all of them."""
    columns = 2 if width >= TWO_FROM else 1
    if width >= LARGE_FROM:
        columns = 2 if width >= 2 * LARGE_FROM else 1
        return -(-len(majors) // columns) * (LARGE_FIGURES[-1] + _LARGE_BESIDES) + len(minors) + 1
    return -(-len(majors) // columns) * (3 if width >= MEDIUM_FROM else 1) + -(-len(minors) // columns) + 1


def blocks(
    view: WallView,
    majors: Sequence[IncidentLine],
    minors: int,
    now: datetime,
    standing: Standing,
    width: int,
    room: int,
) -> tuple[list[Sequence[Line]], int]:
    """A block per major incident, all in the largest form in which everything fits on one page, and in how many
    columns; where it fits in none, in the smallest, on several pages."""
    silences = view.silences
    # The line below a block that is the last one of its column costs nothing.
    forms: list[tuple[int, int, Callable[[IncidentLine, int], Sequence[Line]]]] = []
    if width >= LARGE_FROM:
        for rows in LARGE_FIGURES:

            def make_large(line: IncidentLine, wide: int, rows: int = rows) -> Sequence[Line]:
                return _large(line, silences.get(line.key), now, wide, rows, plain=standing.plain)

            forms.append((1, rows + _LARGE_BESIDES, make_large))
            if width >= 2 * LARGE_FROM:
                forms.append((2, rows + _LARGE_BESIDES, make_large))
    if width >= MEDIUM_FROM:
        forms.append((1, 3, lambda line, wide: (*_medium(line, silences.get(line.key), now, wide), BLANK)))
        if width >= TWO_FROM:
            forms.append((2, 3, lambda line, wide: (*_medium(line, silences.get(line.key), now, wide), BLANK)))
        if room >= 2:
            two = 2 if width >= TWO_FROM else 1
            forms.append((two, 2, lambda line, wide: _medium(line, silences.get(line.key), now, wide)))
    if not forms or room < 2:
        key = max((cell_width(clean(line.key)) for line in majors), default=0)
        forms.append((1, 1, lambda line, wide: (small(line, now, key, wide),)))
    for columns, rows, make in forms:
        deep = room // rows if minors else (room + (1 if rows >= 3 else 0)) // rows  # blocks in one column
        full, rest = divmod(len(majors), deep) if deep else (columns, 1)
        fits = full < columns or (full == columns and not rest)
        left = (columns - full) * room - rest * rows + (0 if rest else room - deep * rows)  # for the small ones
        if (fits and left >= (minors + (columns == 1) if minors else 0)) or (columns, rows, make) == forms[-1]:
            wide = (width - 2 * (columns - 1)) // columns
            return [make(line, wide) for line in majors], columns
    raise AssertionError("the last form is always taken")


def _bar(line: IncidentLine) -> Piece:
    return ("▌", severity_role(line.severity))


_TITLE = 24
"""So many cells of what an incident is called stand beside an alarm, or the alarm is said in few words."""


def _alarm(line: IncidentLine, room: int | None = None) -> Line:
    """`room` is what the alarm and the title have together; None: as much as they want."""
    short = tr("escalation exhausted") if line.page.state is PageState.EXHAUSTED else ""
    words = clean(line.alarm) or short
    if short and room is not None and cell_width(words) + 4 + min(cell_width(clean(line.title)), _TITLE) > room:
        words = short
    return ((f" {words} ", Role.ALARM), ("  ", Role.TEXT)) if words else ()


def _name(line: IncidentLine, width: int) -> Line:
    severity = line.severity
    head: Line = (
        _bar(line),
        (f" {clean(severity.glyph)} {clean(severity.name)}  ", severity_role(severity)),
        (f"{clean(line.key)}  ", Role.STRONG),
    )
    status: Line = ((f"  {clean(status_word(line.status))} ", Role.MUTED),) if width >= 72 else ()
    room = width - line_width(head) - line_width(status)
    left = (*head, *_alarm(line, room), (clean(line.title), Role.STRONG))
    return spread(left, status, width) if status else cut_line(left, width)


def _silent(line: IncidentLine, silence: Silence | None, now: datetime) -> Face:
    """The silence that runs: on which channel, and for how long."""
    if silence is None:
        return Face("", "—", Role.FAINT)
    late = line.update.at is not None and is_late(line.update.at, now)
    return Face(clean(silence.channel), age(silence.since, now), Role.LATE_MUTED if late else Role.CALM)


def _faces(line: IncidentLine, silence: Silence | None, now: datetime) -> tuple[Face, Face, Face, Face]:
    page = page_face(line.page, now)
    if line.page.state is PageState.NONE and line.watched:
        page = Face("", tr("watched"), Role.MUTED)
    return lead_face(line, now), page, update_face(line.update, now), _silent(line, silence, now)


def _medium(line: IncidentLine, silence: Silence | None, now: datetime, width: int) -> tuple[Line, Line]:
    lead, page, update, silent = _faces(line, silence, now)
    items = [
        _labelled(tr("next page"), page),
        _labelled(tr("update due"), update),
        _labelled(tr("silent"), silent),
        _labelled(tr("lead"), lead) if line.lead else _sought(lead),
    ]
    head: Line = (_bar(line), ("   ", Role.TEXT))
    shown = fitting(items, width - line_width(head))
    return _name(line, width), cut_line((*head, *joined(shown)), width)


def _labelled(name: str, face: Face) -> list[Line]:
    value = _value(face)
    short: Line = ((face.figure or face.label, face.role),)
    return [((f"{name} ", Role.MUTED), *value), value, short]


def _sought(lead: Face) -> list[Line]:
    """Until when somebody has to lead: a time, which says nothing without its name."""
    name: Piece = (f"{tr('lead')} ", Role.MUTED)
    return [(name, *_value(lead)), (name, (lead.figure or lead.label, lead.role))]


def _value(face: Face) -> Line:
    if not face.label or not face.figure:
        return ((face.text, face.role),)
    return ((f"{face.label} ", Role.TEXT), (face.figure, face.role))


def small(line: IncidentLine, now: datetime, key: int, width: int) -> Line:
    """One incident in one line: what is due first, then what it is called."""
    severity = line.severity
    first = nearest([line])
    due: Line = (("—", Role.FAINT),) if first is None else ((countdown(first.at, now), urgency(first.at, now)),)
    quiet = line.watched or first is None
    before, after = (" ", " ") if width >= 40 else ("", "")
    return (
        (f"{before}{clean(severity.glyph)}{after}", severity_role(severity)),
        *fit_line(((clean(line.key), Role.STRONG),), key + 1),
        *fit_line(due, 10),
        (" ", Role.TEXT),
        *_alarm(line),
        (clean(line.title), Role.MUTED if quiet else Role.TEXT),
    )


def _large(
    line: IncidentLine, silence: Silence | None, now: datetime, width: int, rows: int, *, plain: bool
) -> tuple[Line, ...]:
    """A major incident with large figures: next page, update due and silence side by side; the lead in its name."""
    lead, page, update, silent = _faces(line, silence, now)
    wide = (width - 5) // 3
    cells = [
        _tower(tr("next page"), page, line.page.at, now, wide, rows, plain),
        _tower(tr("update due"), update, line.update.at, now, wide, rows, plain),
        _tower(tr("silent"), silent, None, now, wide, rows, plain),
    ]
    bar = _bar(line)
    out: list[Line] = [_name(line, width)]
    for y in range(max(map(len, cells))):
        row: list[Piece] = [bar, ("   ", Role.TEXT)]
        for cell in cells:
            row.extend(fit_line(cell[y] if y < len(cell) else (), wide))
        out.append(tuple(row))
    who = _labelled(tr("lead"), lead)[0]
    return (*out, cut_line((bar, ("   ", Role.TEXT), *who), width), BLANK)


def _tower(name: str, face: Face, at: datetime | None, now: datetime, width: int, most: int, plain: bool) -> list[Line]:
    """A label and below it a figure of at most so many rows; in words where it is none."""
    counts = at is not None and countdown(at, now) in face.figure
    late = counts and at is not None and is_late(at, now)
    label: list[Piece] = [(f"{name} ", Role.MUTED), (f"{face.label} " if face.figure else "", Role.STRONG)]
    figure = face.figure
    if counts and at is not None:  # the figure alone, without the words around it
        figure = duration(int((now - at).total_seconds())) if late else countdown(at, now)
    if late:
        label.append((f" {tr('LATE')} ", Role.ALARM))
    rows = large(figure, width - 2, most, plain=plain) if any(c.isdigit() for c in figure) else ()
    if len(rows) < 3:
        return [tuple(label), BLANK, (((face.figure if not late else figure) or face.label, face.role),)]
    return [tuple(label), *(((row, face.role),) for row in rows)]
