"""The wallboard's screen of figures: each with how many it was counted from. Pure layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warroom.tui.clockface import age, length, when
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fit_line, severity_role
from warroom.tui.wall.deadlines import Chooser, counts, live
from warroom.tui.wall.digits import large
from warroom.tui.wall.figures import two_columns
from warroom.tui.wall.parts import BLANK, Page, Standing, beside, pack
from warroom.views import IncidentLine, PunctualityRow
from warroom.views.wall import InsightView, WallView
from warroom.words import figure, tr, trn

_BAR_MOST = 24
_NAME = 18
_ROWS_MOST = 12
LARGE_FROM, LARGE_ROWS = 110, 30
"""From so many cells and rows on all figures are large, and the week stands below them."""


def pages(
    view: WallView, now: datetime, standing: Standing, width: int, height: int, chosen: Chooser | None = None
) -> tuple[Page, ...]:
    """The pages of this screen, each of at most `height` lines of at most `width` cells."""
    lines = live(view, now, chosen)
    insight = view.insight
    if insight is not None and width >= LARGE_FROM and height >= LARGE_ROWS:

        def others(wide: int, rows: int) -> tuple[Sequence[Line], Sequence[Line]]:
            return _punctual(insight, wide, height, standing, rows), _paged(insight, now, wide)

        if page := two_columns(view, lines, now, standing, width, height, others):
            return (page,)
    found: list[Sequence[Line]] = []
    two = width >= 110
    wide = (width - 4) // 2 if two else width
    left: list[Sequence[Line]] = [_open(lines, wide), _silences(view, lines, now, wide)]
    right: list[Sequence[Line]] = []
    if view.insight is not None:
        right = [_punctual(view.insight, wide, height, standing), _paged(view.insight, now, wide)]
    else:
        right = [(((f" {tr('reading ...')}", Role.MUTED),),)]
    if two and max(sum(map(len, left)), sum(map(len, right))) <= height + 1:
        return (beside([_flat(left, height), _flat(right, height)], wide, 4),)
    found = [*left, *right]
    return pack(_parted(found, height), width, height)


def _flat(blocks: Sequence[Sequence[Line]], height: int) -> list[Line]:
    return [line for block in blocks for line in block][:height]


def _parted(blocks: Sequence[Sequence[Line]], height: int) -> list[Sequence[Line]]:
    """Blocks that are higher than a page in pieces of a page."""
    return [block[at : at + height] for block in blocks for at in range(0, max(1, len(block)), max(1, height))]


def _head(title: str, note: str, width: int) -> Line:
    return cut_line(((f" {title}", Role.ACCENT), (f"   {note}" if note else "", Role.MUTED)), width)


def _bar(share: float, width: int, role: Role, plain: str = "█") -> Piece:
    return (plain * max(0, min(width, round(share * width))), role)


def _open(lines: Sequence[IncidentLine], width: int) -> tuple[Line, ...]:
    found = counts(lines)
    most = max((n for _, n in found), default=1)
    note = trn("{count} live", "{count} live", len(lines)).format(count=len(lines)) if lines else tr("nothing live")
    out = [_head(tr("Open by severity"), note, width)]
    for face, n in found:
        role = severity_role(face)
        name = f"   {clean(face.glyph)} {clean(face.name)}"
        bar = _bar(n / most, min(_BAR_MOST, max(4, width - _NAME - 6)), role)
        out.append(cut_line((*fit_line(((name, role),), _NAME), (f"{n:>4}  ", Role.STRONG), bar), width))
    return (*out, BLANK)


def _silences(view: WallView, lines: Sequence[IncidentLine], now: datetime, width: int) -> tuple[Line, ...]:
    own = [(line, view.silences[line.key]) for line in lines if line.key in view.silences]
    own.sort(key=lambda each: each[1].since)
    note = trn("of {count} major incident", "of {count} major incidents", len(own)).format(count=len(own))
    out = [_head(tr("Longest silence now"), note, width)]
    for line, silence in own[:5]:
        out.append(
            cut_line(
                (
                    *fit_line((("   ", Role.TEXT), (clean(line.key), Role.STRONG)), _NAME),
                    (f"{age(silence.since, now):>6}", Role.STRONG),
                    (f"  {clean(silence.channel)}", Role.TEXT),
                ),
                width,
            )
        )
    if not own:
        out.append(((f"   {tr('no major incident is live')}", Role.MUTED),))
    return (*out, BLANK)


def _overdue(count: int) -> str:
    return trn("{count} overdue now", "{count} overdue now", count).format(count=count)


def _percent(row: PunctualityRow) -> str:
    return "—" if row.share is None else f"{int(row.share * 100)}%"


def _punctual(insight: InsightView, width: int, height: int, standing: Standing, high: int = 0) -> tuple[Line, ...]:
    """`high`: how many rows the figure may have; 0: as `height` allows."""
    view = insight.punctuality
    whole, days = view.whole, (view.now - view.since).days
    note = tr("{days} days, n={count}, target {target} %").format(days=days, count=whole.counted, target=view.target)
    out = [_head(tr("Updates in time"), note, width)]
    if not whole.counted:
        out.append(((f"   {tr('no update was due')}", Role.MUTED),))
        return (*out, BLANK)
    below = whole.share is not None and whole.share * 100 < view.target
    role = Role.LATE if below else Role.OK
    high = high or (7 if height >= 36 else 5)
    rows = large(_percent(whole), width - 4, high, plain=standing.plain) if height >= 22 else ()
    out += [((f"   {row}", role),) for row in rows] or [((f"   {_percent(whole)}", role),)]
    left = tr("budget: {left} more may be late") if whole.left >= 0 else tr("budget overdrawn by {left}")
    silent = tr("overdue {silent} in all").format(silent=length(whole.silent))
    out.append(cut_line(((f"   {left.format(left=f'{figure(abs(whole.left)):.1f}')}   {silent}", Role.TEXT),), width))
    for row in view.rows[:_ROWS_MOST] if len(view.rows) > 1 else ():
        poor = row.share is not None and row.share * 100 < view.target
        out.append(
            cut_line(
                (
                    *fit_line((("   ", Role.TEXT), (clean(row.name), Role.TEXT)), _NAME),
                    (f"{_percent(row):>5}", Role.LATE if poor else Role.OK),
                    (f"  n={row.counted}", Role.MUTED),
                    (f"  {_overdue(row.overdue)}" if row.overdue else "", Role.LATE),
                ),
                width,
            )
        )
    return (*out, BLANK)


def _paged(insight: InsightView, now: datetime, width: int) -> tuple[Line, ...]:
    total = sum(n for _, n in insight.paged)
    note = tr("since {at} UTC, n={count}").format(at=when(insight.night, now), count=total)
    out = [_head(tr("Pages tonight"), note, width)]
    most = max((n for _, n in insight.paged), default=1)
    for person, n in insight.paged[:_ROWS_MOST]:
        bar = _bar(n / most, min(_BAR_MOST, max(4, width - _NAME - 6)), Role.BAR)
        name = fit_line((("   ", Role.TEXT), (clean(person), Role.TEXT)), _NAME)
        out.append(cut_line((*name, (f"{n:>4}  ", Role.STRONG), bar), width))
    if len(insight.paged) > _ROWS_MOST:
        more = len(insight.paged) - _ROWS_MOST
        out.append(((f"   {trn('and {count} more', 'and {count} more', more).format(count=more)}", Role.MUTED),))
    if not insight.paged:
        out.append(((f"   {tr('nobody was paged')}", Role.MUTED),))
    return (*out, BLANK)
