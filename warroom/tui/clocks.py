"""The clocks of silence of one incident, and how punctual updates were (R10): words and rows of cells, pure layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from warroom.domain.text import cell_width, wrap
from warroom.tui.aligned import at_right
from warroom.tui.clockface import NOTHING, Face, age, clock, countdown, duration, is_late, length, when
from warroom.tui.horizon import changes_at
from warroom.tui.pieces import Line, Piece, Role, clean, cut_line, fitted, hanging, line_width
from warroom.views import ClockLine, ClockState, PunctualityRow, PunctualityView
from warroom.words import figure, mark, tr, trn

_ROLES = {
    ClockState.LATE: Role.LATE,
    ClockState.SOON: Role.SOON,
    ClockState.IN_TIME: Role.CALM,
    ClockState.NONE: Role.FAINT,
}


_STEPS = (mark("warns"), mark("reminds"))
"""What is done with the people of a step that has any."""


# Words ---------------------------------------------------------------------------------------------------------------


def _state(line: ClockLine, now: datetime) -> ClockState:
    changes_at(line.near_at, now)
    changes_at(line.due, now)
    return line.state(now)


def due_face(line: ClockLine, now: datetime) -> Face:
    """When the next word is due: "LATE 04:12", "soon 05:10", "11m", or a dash."""
    state = _state(line, now)
    if line.due is None:
        return Face("", NOTHING, Role.FAINT)
    left = countdown(line.due, now)
    return Face(tr("soon") if state is ClockState.SOON else "", left, _ROLES[state])


def last_words(line: ClockLine, now: datetime) -> str:
    """How old the last word is; "no word yet"."""
    if line.last_at is None:
        return tr("no word yet")
    return tr("{length} ago").format(length=age(line.last_at, now))


def promise_words(line: ClockLine) -> str:
    """Whether an update named the time itself."""
    return tr("promised") if line.promised else ""


def cadence_words(line: ClockLine) -> str:
    """The longest silence that is in order."""
    if line.cadence is None:
        return NOTHING
    return (
        duration(int(line.cadence.total_seconds())) if line.cadence >= timedelta(minutes=10) else length(line.cadence)
    )


def step_words(line: ClockLine, now: datetime) -> str:
    """What follows by itself: "14:24 warns bo", or why nothing does."""
    if line.due is None:
        return NOTHING
    if line.watched:
        return tr("only watched")
    if line.step_at is None:
        return tr("nobody is reminded any more")
    at = tr("now") if is_late(line.step_at, now) else when(line.step_at, now)
    words = tr("{time} {does} {people}") if line.whom else tr("{time} {does}")
    return words.format(time=at, does=tr(clean(line.step)), people=", ".join(clean(each) for each in line.whom))


def step_role(line: ClockLine) -> Role:
    """How that is drawn: that nobody will be told must not be read over."""
    found = line.step not in (tr("finds nobody to remind"), tr("finds nobody to warn"))
    return Role.SOON if line.due is not None and not found else Role.MUTED


def share_words(row: PunctualityRow) -> str:
    """The share that was in time, "94 %"; never rounded up to 100."""
    if row.share is None:
        return NOTHING
    percent = row.share * 100
    return f"{figure(min(percent, 99.9)):.1f} %" if row.late and percent > 99 else f"{percent:.0f} %"


def left_words(row: PunctualityRow) -> str:
    """What is left of the budget, or by how much it is overdrawn: "2.5", "OVER 1.0"."""
    return f"{figure(row.left):.1f}" if row.left >= 0 else tr("OVER {left:.1f}").format(left=figure(-row.left))


# Clocks --------------------------------------------------------------------------------------------------------------


def clock_rows(lines: Sequence[ClockLine], now: datetime, width: int, selected: int) -> tuple[tuple[Line, ...], ...]:
    """Each clock as its rows (two or more), the selected one marked; all fit into `width` cells."""
    if not lines:
        return ((((tr("no channel is timed"), Role.MUTED),),),)
    name = min(max(cell_width(clean(line.channel)) for line in lines), 16)
    figure = max([10, *(cell_width(due_face(line, now).text) for line in lines)])
    heads = [_head(line, now, width, (name, figure), n == selected) for n, line in enumerate(lines)]
    # Below each other, either all of them in the first row or none.
    beside = all(
        line_width(head) + cell_width(_last(line, now)) <= width for head, line in zip(heads, lines, strict=True)
    )
    return tuple(
        tuple(_rows(line, now, width, head, name, beside=beside)) for head, line in zip(heads, lines, strict=True)
    )


_NARROW = 70
"""Below so many cells the bar gives way to the words."""


def _last(line: ClockLine, now: datetime) -> str:
    last = last_words(line, now)
    return last if line.last_at is None else tr("last word {ago}").format(ago=last)


def _head(line: ClockLine, now: datetime, width: int, wide: tuple[int, int], chosen: bool) -> Line:
    """Name, figure, bar and when it is due; `wide` are the cells of the name and of the figure."""
    name, figure = wide
    face = due_face(line, now)
    lead: Piece = ("▌ " if chosen else "  ", Role.ACCENT)
    head: Line = (
        lead,
        (fitted(clean(line.channel), name), Role.STRONG if chosen else Role.TEXT),
        (f"  {fitted(face.text, figure)}  ", face.role),
    )
    if width >= _NARROW:
        head = (*head, *_bar(line, now), ("  ", Role.TEXT))
    if line.due is not None:
        words = tr("was due {time}") if is_late(line.due, now) else tr("due {time}")
        if line.promised:
            words = tr("promised for {time}")
        told = words.format(time=when(line.due, now))
        head = (*head, (f"{told}  ", Role.ACCENT if line.promised else Role.TEXT))
    return head


def _rows(line: ClockLine, now: datetime, width: int, head: Line, name: int, *, beside: bool) -> Sequence[Line]:
    """A clock behind its `head`, its last word `beside` that or below."""
    last, lead = _last(line, now), head[0]
    rows = [cut_line((*head, (last if beside else "", Role.MUTED)), width)]
    indent: Piece = (lead[0] + " " * (name + 2), lead[1])
    why = [] if beside else [last]
    why.append(tr("external") if line.audience == "external" else tr("internal"))
    words = tr("every {length} by {source}") if line.source and not line.promised else tr("every {length}")
    if line.cadence is None:
        words = tr("no cadence")
    why.append(words.format(length=cadence_words(line), source=clean(line.source)))
    if line.missed:
        why.append(trn("{count} missed", "{count} missed in a row", line.missed).format(count=line.missed))
    if line.skips:
        why.append(tr("skipped {count} of {most}").format(count=line.skips, most=line.skips_most))
    rows += _below(indent, " · ".join(why), Role.MUTED, width)
    if line.due is not None and not line.watched:
        rows += _below(indent, f"{tr('then')} {step_words(line, now)}", step_role(line), width)
    return rows


def _below(indent: Piece, text: str, role: Role, width: int) -> Iterator[Line]:
    """A text in as many rows as it needs; the mark of the selected clock stands before each."""
    for part in wrap(text, max(20, width - cell_width(indent[0]))):
        yield cut_line((indent, (part, role)), width)


_BAR = 10


def _bar(line: ClockLine, now: datetime) -> Line:
    """How much of the time up to the next word has passed, ten cells; past it the whole bar is heavy."""
    if line.due is None:
        return ((" " * _BAR, Role.FAINT),)
    state = _state(line, now)
    if state is ClockState.LATE:
        return (("━" * _BAR, Role.LATE),)
    planned = (line.due - line.begun) / timedelta(seconds=1)
    passed = max((now - line.begun) / timedelta(seconds=1), 0.0)
    cells = min(int(passed / planned * _BAR) if planned > 0 else _BAR, _BAR - 1)
    changes_at(line.begun + (line.due - line.begun) * (cells + 1) / _BAR, now)
    glyph = "╌" if state is ClockState.SOON else "─"
    return ((glyph * cells + "▷", _ROLES[state]), ("·" * (_BAR - cells - 1), Role.FAINT))


# Punctuality ---------------------------------------------------------------------------------------------------------


def punctuality(view: PunctualityView, width: int) -> tuple[Line, ...]:
    """The sheet of punctuality: the whole in words, then a row per group, the worst first."""
    whole = view.whole
    days = round((view.now - view.since) / timedelta(days=1))
    if whole.share is None and not whole.skipped:
        return (((tr("no update was due in the last {days} days").format(days=days), Role.MUTED),),)
    met = whole.share is None or whole.share * 100 >= view.target
    words = tr("of {count} updates in time over {days} days, target {target} %")
    told = words.format(count=whole.counted, days=days, target=view.target)
    head: Line = ((share_words(whole), Role.OK if met else Role.LATE), (f" {told}", Role.TEXT))
    rows: list[Line] = [cut_line(head, width)]
    rows += hanging((), _budget(whole), Role.TEXT if met else Role.LATE, width)
    if whole.overdue:
        words = trn(
            "{count} overdue now, for {length} in all", "{count} overdue now, for {length} in all", whole.overdue
        )
        running = words.format(count=whole.overdue, length=length(whole.running))
        rows.append(cut_line(((running, Role.LATE),), width))
    wide = width >= 62
    rows += [(), cut_line(((_heads(view, _name(view, width), wide), Role.MUTED),), width)]
    rows += [cut_line(_row(row, view.target, _name(view, width), wide), width) for row in view.rows]
    return tuple(rows)


def _name(view: PunctualityView, width: int) -> int:
    """How many cells the names take."""
    longest = max([cell_width(clean(row.name)) for row in view.rows] + [cell_width(tr(view.by))])
    return min(longest, max(8, width - (46 if width >= 62 else 32)))


def _heads(view: PunctualityView, name: int, wide: bool) -> str:
    besides = f" {at_right(tr('SKIP'), 5)} {at_right(tr('SILENT'), 7)}" if wide else ""
    found = f"{at_right(tr('IN TIME'), 8)} {at_right(tr('OF'), 5)} {at_right(tr('LATE'), 5)}"
    return f"{fitted(tr(view.by).upper(), name)}  {found}{besides} {at_right(tr('LEFT'), 9)}"


def _row(row: PunctualityRow, target: int, name: int, wide: bool) -> Line:
    below = row.share is not None and row.share * 100 < target
    left = left_words(row)
    silent = length(row.silent) if row.silent >= timedelta(seconds=1) else NOTHING
    besides = f" {row.skipped:>5} {silent:>7}" if wide else ""
    return (
        (f"{fitted(clean(row.name), name)}  ", Role.STRONG),
        (f"{share_words(row):>8}", Role.LATE if below else Role.OK),
        (f" {row.counted:>5} {row.late:>5}{besides}", Role.TEXT),
        (f" {at_right(left, 9)}", Role.LATE if row.left < 0 else Role.TEXT),
    )


def _budget(row: PunctualityRow) -> str:
    words = tr("{late} late of {allowed:.1f} allowed, {left:.1f} left; overdue silence {silent} in all")
    if row.left < 0:
        words = tr("budget overdrawn: {late} late, {allowed:.1f} allowed; overdue silence {silent} in all")
    return words.format(late=row.late, allowed=figure(row.allowed), left=figure(row.left), silent=length(row.silent))


def since_words(view: PunctualityView) -> str:
    """From when to when it was counted."""
    start, end = (f"{at:%Y-%m-%d} {clock(at)}" for at in (view.since, view.now))
    return tr("{start} to {end} UTC").format(start=start, end=end)
