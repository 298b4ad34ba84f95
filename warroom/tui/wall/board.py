"""The wallboard's first screen: the nearest deadline and the counts large, a block per major incident. Pure layout.

Nearest is the deadline that is late for the longest, else the one that comes next, of our own incidents; those of other
people's systems that are only watched count where nothing else is live. Every major incident stands on some page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from warroom.domain.status_words import status_word
from warroom.domain.text import cell_width
from warroom.tui.clockface import Face, age, countdown, duration, is_late, lead_face, page_face, update_face, urgency
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, line_width, severity_role, spread
from warroom.tui.sieve.sorting import urgent
from warroom.tui.wall.digits import best_cut, figures, large
from warroom.tui.wall.parts import (
    BLANK,
    Page,
    Standing,
    centred,
    countdown_figure,
    fitting,
    joined,
    pack,
    short_age,
    since_words,
)
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, PageState, SeverityFace
from warroom.views.wall import Silence, WallView
from warroom.words import mark, tr, trn

LARGE_FROM = 112
"""From this width on a major incident has large figures of its own, where there is room for them below each other."""
MEDIUM_FROM = 56
TWO_FROM = 150
"""From this width on blocks stand in two columns."""
_LARGE_FIGURES = (11, 8, 5)
"""How many rows the figures of a block may have, and how many it takes besides: name, label, lead, a blank line."""
_LARGE_BESIDES = 4
_HERO_FROM = 8

Chooser = Callable[[IncidentLine, datetime], bool]
"""Whether an incident is shown, by the filter in force."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that falls due on an incident, in words."""

    at: datetime
    line: IncidentLine
    what: str


_PAGES = {
    PageState.DUE: mark("next page {label}"),
    PageState.WAITING: mark("first page {label}"),
    PageState.ACKED: mark("resolve timeout {label}"),
    PageState.ASKING: mark("{label} waits for a yes"),
    PageState.SNOOZED: mark("snooze ends {label}"),
    PageState.HELD: mark("held back until"),
}


def deadlines(line: IncidentLine) -> list[Deadline]:
    """Everything that an incident counts down to."""
    found = []
    if line.page.at is not None:
        words = tr(_PAGES.get(line.page.state, "next page {label}"))
        found.append(Deadline(line.page.at, line, words.format(label=clean(line.page.label)).strip()))
    if line.update.at is not None:
        found.append(Deadline(line.update.at, line, tr("{channel} update").format(channel=clean(line.update.channel))))
    if not line.lead and line.lead_due is not None:
        found.append(Deadline(line.lead_due, line, tr("lead to be found")))
    return found


def live(view: WallView, now: datetime, chosen: Chooser | None = None) -> tuple[IncidentLine, ...]:
    """What is live and passes the filter, in the order of the list on the board, major incidents first."""
    lines = [line for line in view.board.lines if line.page.state is not PageState.STOPPED]
    if chosen is not None:
        lines = [line for line in lines if chosen(line, now)]
    return tuple(sorted(urgent(lines, now), key=lambda line: not line.severity.major))


def nearest(lines: Sequence[IncidentLine]) -> Deadline | None:
    """The earliest deadline of all; of incidents that are only watched where there is no other."""
    own = [each for line in lines if not line.watched for each in deadlines(line)]
    return min(own or [each for line in lines for each in deadlines(line)], key=lambda each: each.at, default=None)


def following(lines: Sequence[IncidentLine], now: datetime) -> Deadline | None:
    """What falls due next of what is not late yet."""
    own = [each for line in lines if not line.watched for each in deadlines(line) if each.at > now]
    return min(own, key=lambda each: each.at, default=None)


def counts(lines: Sequence[IncidentLine]) -> list[tuple[SeverityFace, int]]:
    """How many are live of each severity, the worst first."""
    found: Counter[SeverityFace] = Counter(line.severity for line in lines)
    return sorted(found.items(), key=lambda each: (each[0].rank, each[0].name))


def pages(
    view: WallView, now: datetime, standing: Standing, width: int, height: int, chosen: Chooser | None = None
) -> tuple[Page, ...]:
    """The pages of this screen, each of at most `height` lines of at most `width` cells."""
    lines = live(view, now, chosen)
    if not lines:
        return (_calm(view, now, standing, width, height),)
    majors = [line for line in lines if line.severity.major]
    minors = [line for line in lines if not line.severity.major]
    head = _hero(lines, now, standing, width, height, _wanted(majors, minors, width))
    room = max(1, height - len(head))
    blocks, columns = _blocks(view, majors, len(minors), now, standing, width, room)
    key = max((cell_width(clean(line.key)) for line in lines), default=0)
    small: list[Sequence[Line]] = [(_small(line, now, key, width),) for line in minors]
    if small and majors:
        title = trn("{count} more live", "{count} more live", len(minors)).format(count=len(minors))
        small[0] = (((f"  {title}", Role.MUTED),), *small[0]) if room > 2 and columns == 1 else small[0]
    return tuple((*head, *page)[: max(1, height)] for page in pack([*blocks, *small], width, room, columns))


def _wanted(majors: Sequence[IncidentLine], minors: Sequence[IncidentLine], width: int) -> int:
    """How many rows the blocks would take if there were room for all of them."""
    columns = 2 if width >= TWO_FROM else 1
    if width >= LARGE_FROM:
        columns = 2 if width >= 2 * LARGE_FROM else 1
        return -(-len(majors) // columns) * (_LARGE_FIGURES[-1] + _LARGE_BESIDES) + len(minors) + 1
    return -(-len(majors) // columns) * (3 if width >= MEDIUM_FROM else 1) + -(-len(minors) // columns) + 1


# -- the head ---------------------------------------------------------------------------------------------------------


def _hero(
    lines: Sequence[IncidentLine], now: datetime, standing: Standing, width: int, height: int, wanted: int
) -> tuple[Line, ...]:
    """The nearest deadline and the counts, large; one line where there is no room for that."""
    first = nearest(lines)
    if height < _HERO_FROM:
        return () if height < 2 else (_one_line(first, now, width),)
    rows = min(max(int(height * 0.42), height - wanted - 4), int(height * 0.6), 21)
    panel = _count_panel(lines, width, rows, plain=standing.plain)
    beside = line_width(panel[0]) + 4 if panel else 0
    if first is None:
        return (
            _with_panel(((tr("no deadline is running"), Role.MUTED),), panel, 0, width),
            *(_with_panel((), panel, n, width) for n in range(1, len(panel))),
            BLANK,
        )
    role = urgency(first.at, now)
    figure = countdown_figure(first.at, now, width - beside - 1, rows, role, plain=standing.plain)
    if len(figure.rows) < min(_LARGE_FIGURES) and panel:
        # The time that is left goes before the counts, which stand in the header too.
        panel, beside = (), 0
        figure = countdown_figure(first.at, now, width - 1, rows, role, plain=standing.plain)
    if not figure.rows:
        return (_one_line(first, now, width), BLANK)
    caption = _caption(first, now, width - beside, worded=figure.worded)
    out = [_with_panel(caption, panel, 0, width)]
    for n in range(max(len(figure.rows), len(panel) - 1)):
        row: Line = ((" " + figure.rows[n], figure.role),) if n < len(figure.rows) else ()
        out.append(_with_panel(row, panel, n + 1, width))
    after = following(lines, now)
    if after is not None and after != first and height >= 18:
        out.append(_then(after, now, width))
    return (*out, BLANK)


def _with_panel(left: Line, panel: Sequence[Line], n: int, width: int) -> Line:
    right = panel[n] if n < len(panel) else ()
    return spread(left, right, width) if right else cut_line(left, width)


def _one_line(first: Deadline | None, now: datetime, width: int) -> Line:
    if first is None:
        return ((cut_words(tr("no deadline is running"), width), Role.MUTED),)
    late = is_late(first.at, now)
    figure: Piece = (f" {countdown(first.at, now)} ", Role.ALARM if late else urgency(first.at, now))
    return cut_line((figure, (clean(first.line.key), Role.STRONG), (f" {first.what}", Role.TEXT)), width)


def cut_words(text: str, width: int) -> str:
    """At most so many cells of a text."""
    return "".join(part for part, _ in cut_line(((text, Role.TEXT),), width))


def _caption(first: Deadline, now: datetime, width: int, *, worded: bool) -> Line:
    severity = first.line.severity
    line: list[Piece] = [(" ", Role.TEXT)]
    if is_late(first.at, now) and not worded:
        line += [(f" {tr('LATE')} ", Role.ALARM), (" ", Role.TEXT)]
    line += [
        (f"{clean(severity.glyph)} {clean(severity.name)} ", severity_role(severity)),
        (f"{clean(first.line.key)}  ", Role.STRONG),
        (first.what, Role.STRONG),
        (f"   {clean(first.line.title)}", Role.TEXT),
    ]
    return cut_line(line, width)


def _then(after: Deadline, now: datetime, width: int) -> Line:
    return cut_line(
        (
            (f" {tr('then')}  ", Role.MUTED),
            (countdown(after.at, now), urgency(after.at, now)),
            (f"  {clean(after.line.key)}", Role.STRONG),
            (f"  {after.what}", Role.TEXT),
        ),
        width,
    )


def _count_panel(lines: Sequence[IncidentLine], width: int, rows: int, *, plain: bool) -> tuple[Line, ...]:
    """The counts by severity in large figures, each below its name; minor ones give way where there is no room."""
    found = counts(lines)
    while found:
        cut = best_cut("0" * max(len(str(n)) for _, n in found), 40, min(rows, 14 if width >= 160 else 8), plain=plain)
        if cut is None:
            return ()
        drawn = [(face, figures(str(n), cut, plain=plain)) for face, n in found]
        size = [max(line_width(_face(face)), len(shown[0])) for face, shown in drawn]
        if sum(size) + 4 * len(size) <= width * 0.45:
            labels: list[Piece] = []
            below: list[list[Piece]] = [[] for _ in range(cut.rows)]
            for (face, shown), wide in zip(drawn, size, strict=True):
                labels += [*fit_line(_face(face), wide), ("    ", Role.TEXT)]
                for n, row in enumerate(shown):
                    below[n] += [(row + " " * (wide - len(row)) + "    ", severity_role(face))]
            return (tuple(labels), *(tuple(row) for row in below))
        found = found[:-1]
    return ()


def _face(face: SeverityFace) -> Line:
    return ((f"{clean(face.glyph)} {clean(face.name)}", severity_role(face)),)


# -- blocks -----------------------------------------------------------------------------------------------------------


def _blocks(
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
        for rows in _LARGE_FIGURES:

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
        forms.append((1, 1, lambda line, wide: (_small(line, now, key, wide),)))
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
        _labelled(tr("lead"), lead),
    ]
    head: Line = (_bar(line), ("   ", Role.TEXT))
    shown = fitting(items, width - line_width(head))
    return _name(line, width), cut_line((*head, *joined(shown)), width)


def _labelled(name: str, face: Face) -> list[Line]:
    value = _value(face)
    short: Line = ((face.figure or face.label, face.role),)
    return [((f"{name} ", Role.MUTED), *value), value, short]


def _value(face: Face) -> Line:
    if not face.label or not face.figure:
        return ((face.text, face.role),)
    return ((f"{face.label} ", Role.TEXT), (face.figure, face.role))


def _small(line: IncidentLine, now: datetime, key: int, width: int) -> Line:
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


# -- nothing live -----------------------------------------------------------------------------------------------------


def _calm(view: WallView, now: datetime, standing: Standing, width: int, height: int) -> Page:
    """Nothing is live: since when, large where there is room."""
    others = sum(line.page.state is not PageState.STOPPED for line in view.board.lines)
    if others:
        words = trn("nothing matches; {count} is live", "nothing matches; {count} are live", others)
        return _middle([((words.format(count=others), Role.SOON),)], width, height)
    since = view.calm_since
    if since is None:
        return _middle([((tr("nothing has been live here yet"), Role.OK),)], width, height)
    # To the minute both, as the clock above: so all of a calm picture changes at once.
    since, now = (each.replace(second=0, microsecond=0) for each in (since, now))
    at = since.strftime("%H:%M") if since.date() == now.date() else since.strftime("%Y-%m-%d %H:%M")
    long = tr("nothing live since {at} UTC, {length}").format(at=at, length=since_words(since, now))
    short = tr("nothing live since {at}").format(at=at)
    forms = (each for each in (long, short) if cell_width(each) <= width)
    say: Line = ((next(forms, tr("nothing live")), Role.OK),)
    rows = large(short_age(since, now), width, min(height - 2, 14), plain=standing.plain) if height >= 6 else ()
    return _middle([*(((row, Role.OK),) for row in rows), *([BLANK] if rows else []), say], width, height)


def _middle(lines: Sequence[Line], width: int, height: int) -> Page:
    above = max(0, (height - len(lines)) // 2)
    return (*([BLANK] * above), *(centred(line, width) for line in lines))[: max(1, height)]
