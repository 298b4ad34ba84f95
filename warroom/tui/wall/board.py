"""The wallboard's first screen: the nearest deadline and the counts large, a block per major incident. Pure layout.

Every major incident stands on some page; where nothing is live it says so, and since when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warroom.domain.text import cell_width
from warroom.tui.clockface import countdown, is_late, urgency
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, line_width, severity_role, spread
from warroom.tui.wall.blocks import LARGE_FIGURES, blocks, small, wanted
from warroom.tui.wall.deadlines import Chooser, Deadline, counts, following, live, nearest
from warroom.tui.wall.digits import best_cut, figures, large
from warroom.tui.wall.parts import BLANK, Page, Standing, centred, countdown_figure, pack, short_age, since_words
from warroom.views import IncidentLine, PageState, SeverityFace
from warroom.views.wall import WallView
from warroom.words import tr, trn

_HERO_FROM = 8


def pages(
    view: WallView, now: datetime, standing: Standing, width: int, height: int, chosen: Chooser | None = None
) -> tuple[Page, ...]:
    """The pages of this screen, each of at most `height` lines of at most `width` cells."""
    lines = live(view, now, chosen)
    if not lines:
        return (_calm(view, now, standing, width, height),)
    majors = [line for line in lines if line.severity.major]
    minors = [line for line in lines if not line.severity.major]
    head = _hero(lines, now, standing, width, height, wanted(majors, minors, width))
    room = max(1, height - len(head))
    large_ones, columns = blocks(view, majors, len(minors), now, standing, width, room)
    key = max((cell_width(clean(line.key)) for line in lines), default=0)
    rest: list[Sequence[Line]] = [(small(line, now, key, width),) for line in minors]
    if rest and majors:
        title = trn("{count} more live", "{count} more live", len(minors)).format(count=len(minors))
        rest[0] = (((f"  {title}", Role.MUTED),), *rest[0]) if room > 2 and columns == 1 else rest[0]
    return tuple((*head, *page)[: max(1, height)] for page in pack([*large_ones, *rest], width, room, columns))


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
    if len(figure.rows) < min(LARGE_FIGURES) and panel:
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
