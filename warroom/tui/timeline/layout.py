"""The gap timeline as rows of cells (R10): what was said on which channel when, and every silence between.

Pure layout: it takes the view, `now`, a width in cells and perhaps a window on the time, and gives rows of pieces that
are exactly that wide, to be drawn by a widget or printed as text. Shapes alone tell the states apart:

    ● one use   ◉ several in one cell   ─ in cadence   ╌ the next update is near (past 80 %)   ━ late
    ○ due ahead   ◎ written, waits for its time   × let go   ◇ severity or status changed   ◂34m▸ the largest silence

Most real silences are longer than promised, so late is muted; only the largest silence and the one that is running
and most overdue carry the strong colour. All lanes fork from the axis of the incident at its start; the part before a
lane is timed is faint.
"""

from __future__ import annotations

from datetime import UTC, datetime

from warroom.domain.text import cell_width
from warroom.tui.actions.keycap import keycap
from warroom.tui.clockface import lasting
from warroom.tui.horizon import changes_at, next_day
from warroom.tui.pieces import Line, Role, clean, fit_line, fitted, hanging, merged
from warroom.tui.timeline import axis, figures
from warroom.tui.timeline.chart import Chart, chart_of
from warroom.tui.timeline.glyphs import UNICODE, Glyphs
from warroom.tui.timeline.lanes import LaneDrawing
from warroom.tui.timeline.sawtooth import teeth
from warroom.tui.timeline.scale import Scale, Window
from warroom.valueclass import dataclass
from warroom.views import Dot, TimelineView
from warroom.words import tr

TEETH, TEETH_MOST = 4, 8
"""Rows that the sawtooth of one lane takes above its line: usually, and where there is room to spare."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a person has stepped to: a dot of a lane, both by their place in the chart."""

    lane: int
    dot: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Where everything stands: label | fork | `cells` cells of time | figures."""

    label: int
    cells: int
    run: int  # width of the running figure, 0 when there is no room for it
    due: int  # width of what falls due, 0 when there is no room for it
    window: Window

    @classmethod
    def of(cls, view: TimelineView, width: int, window: Window) -> Frame:
        """The frame that fits into `width` cells."""
        names = max((cell_width(clean(lane.channel)) for lane in view.lanes), default=0)
        label = min(max(names, cell_width(tr("incident"))), 14 if width >= 60 else 8) if width >= 40 else 6
        if width >= 160:
            label = min(max(names, label), 24)
        run, due = (7, 20) if width >= 96 else (6, 12) if width >= 58 else (0, 11) if width >= 40 else (0, 0)
        return cls(label, max(1, width - label - 2 - run - due), run, due, window)

    @property
    def scale(self) -> Scale:
        """Moments and cells."""
        return Scale(self.window, self.cells)

    @property
    def left(self) -> int:
        """The column of the first cell of time."""
        return self.label + 2

    def labelled(self, text: str, role: Role) -> Line:
        """The label column and the blank behind it."""
        return ((fitted(text, self.label) + " ", role),)


@dataclass(frozen=True, slots=True)
class Picture:
    """A timeline laid out: its rows, of which lane each is (None: of none), and the frame they stand in."""

    rows: tuple[Line, ...]
    lanes: tuple[int | None, ...]
    frame: Frame

    def hit(self, x: int, y: int) -> tuple[int, int] | None:
        """The lane and the cell of time at a place in the picture; None beside them."""
        if not 0 <= y < len(self.lanes) or (lane := self.lanes[y]) is None:
            return None
        cell = x - self.frame.left
        return (lane, cell) if 0 <= cell < self.frame.cells else None


@dataclass(frozen=True, slots=True)
class Cells:
    """What of a picture changes by the cell and not by the second: the rows above the lanes, and of each lane the rows
    above its line and the line up to the figures."""

    frame: Frame
    top: tuple[Line, ...]
    lanes: tuple[tuple[tuple[Line, ...], Line], ...]


class Sketch:
    """The cells that were drawn last, for a screen that draws the same timeline every second.

    They are drawn again when time or window have moved on by half a cell, and at once when anything else changes that
    they show: what is late or near, the length of a silence in words, which one is the largest.
    """

    def __init__(self) -> None:
        """Nothing drawn yet."""
        self.drawn = 0  # how often cells were drawn
        self._chart: Chart | None = None
        self._look: tuple[object, ...] = ()
        self._now: datetime | None = None
        self._cells: Cells | None = None

    def cells(self, chart: Chart, look: tuple[object, ...], now: datetime, frame: Frame) -> Cells | None:
        """Those that still hold for this chart, this look and this frame at `now`; None where there are none."""
        cells, then = self._cells, self._now
        if cells is None or then is None or chart is not self._chart or look != self._look:
            return None
        was, window = cells.frame.window, frame.window
        half = was.span / (2 * frame.cells)
        changes_at(then + half, now)
        moved = (now - then, window.start - was.start, window.end - was.end)
        return cells if all(abs(by) < half for by in moved) else None

    def keep(self, chart: Chart, look: tuple[object, ...], now: datetime, cells: Cells) -> None:
        """These were drawn."""
        self.drawn += 1
        self._chart, self._look, self._now, self._cells = chart, look, now, cells


def layout(
    view: TimelineView,
    now: datetime,
    width: int,
    *,
    height: int | None = None,
    glyphs: Glyphs = UNICODE,
    sketch: Sketch | None = None,
) -> tuple[Line, ...]:
    """The whole incident up to now as rows of exactly `width` cells: ticks, the incident, one per channel.

    With `height`, at most so many rows (1 or more): channels that are late or due soonest stay, the rest is named in
    the last row. Where there are rows to spare, the sawtooth of silence stands above each line. Dots from the future
    stand at now, dots before the start at the start. Never raises for a width of 20 or more; narrower ones are cut.
    """
    chart = chart_of(view)
    lanes = len(chart.tracks)
    spare = height is not None and lanes > 0 and height >= 2 + max(TEETH + 1, lanes * TEETH)
    window = chart.whole(now)
    return picture(chart, now, width, window, height=height, glyphs=glyphs, sawtooth=spare, sketch=sketch).rows


def picture(
    chart: Chart,
    now: datetime,
    width: int,
    window: Window,
    *,
    height: int | None = None,
    glyphs: Glyphs = UNICODE,
    cursor: Cursor | None = None,
    sawtooth: bool = False,
    sketch: Sketch | None = None,
) -> Picture:
    """The part of the incident that lies in `window`, else as `layout`; `sawtooth`: how far each silence has come
    towards what was promised stands above its line. Cells that `sketch` has are taken where they still hold."""
    view = chart.view
    frame = Frame.of(view, width, window)
    shown, left_out = _chosen(chart, now, None if height is None else height - 2, cursor)
    above = _above(height, len(shown), sawtooth, bool(left_out))
    cells = None
    if sketch is not None:
        look = width, glyphs, cursor, sawtooth, above, tuple(shown), bool(left_out), *_looks(chart, shown, now)
        cells = sketch.cells(chart, look, now, frame)
    if cells is None:
        cells = _cells(chart, now, width, frame, glyphs, cursor, sawtooth, above, shown, bool(left_out))
        if sketch is not None:
            sketch.keep(chart, look, now, cells)
            changes_at(now + frame.window.span / (2 * frame.cells), now)
    frame = cells.frame
    rows: list[Line] = [*cells.top]
    owners: list[int | None] = [None, None]
    for index, (over, line) in zip(shown, cells.lanes, strict=True):
        rows += over
        owners += [index if sawtooth else None] * above
        rows.append(fit_line(merged((*line, *figures.columns(chart, index, now, frame.run, frame.due))), width))
        owners.append(index)
    if left_out:
        names = ", ".join(clean(view.lanes[index].channel) for index in left_out)
        words = tr("+{count} more: {names}").format(count=len(left_out), names=names)
        rows.append(fit_line(((words, Role.MUTED),), width))
        owners.append(None)
    if not view.lanes:
        for line in _no_lanes(width):
            rows.append(fit_line(line, width))
            owners.append(None)
    if height is not None and len(rows) > height:
        keep = max(1, height)
        rows, owners = rows[-keep:], owners[-keep:]
    return Picture(tuple(rows), tuple(owners), frame)


def rows_of(view: TimelineView, width: int) -> int:
    """How many rows `layout` has for a view where there is room for all of them, and none to spare."""
    return 2 + (len(view.lanes) or len(_no_lanes(width)))


def _no_lanes(width: int) -> tuple[Line, ...]:
    words = tr("no channel is timed: {key} tells somebody, and its clock begins")
    return tuple(hanging((), words.format(key=keycap("incident.update")), Role.MUTED, width))


def _cells(
    chart: Chart,
    now: datetime,
    width: int,
    frame: Frame,
    glyphs: Glyphs,
    cursor: Cursor | None,
    sawtooth: bool,
    above: int,
    shown: list[int],
    crowded: bool,
) -> Cells:
    """All that stands on cells of time."""
    view, scale = chart.view, frame.scale
    worst, longest = chart.worst(now), chart.longest(now)
    day, labels = axis.time_row(scale, now)
    top: tuple[Line, ...] = (
        (*frame.labelled(day, Role.MUTED), (labels, Role.MUTED)),
        (
            *frame.labelled(tr("incident"), Role.MUTED),
            *axis.incident_row(view, now, scale, chart.whole(now, ahead=True), glyphs, forks=bool(shown)),
        ),
    )
    lanes = []
    for place, index in enumerate(shown):
        lane, last = view.lanes[index], place == len(shown) - 1 and not crowded
        drawing = LaneDrawing(
            chart,
            index,
            now,
            scale,
            glyphs,
            longest=longest.gap if longest is not None and longest.lane == index else None,
            strong=index == worst,
            cursor=scale.cell(chart.shown_at(index, cursor.dot, now)) if cursor and cursor.lane == index else None,
        )
        trunk: Line = (*frame.labelled("", Role.MUTED), (glyphs.trunk, Role.MUTED))
        over = [(*trunk, *row) for row in teeth(drawing, above)] if sawtooth else [trunk] * above
        fork = glyphs.last_fork if last else glyphs.fork
        line = (*frame.labelled(lane.channel, Role.TEXT), (fork, Role.MUTED), *drawing.pieces())
        lanes.append((tuple(fit_line(merged(row), width) for row in over), merged(line)))
    return Cells(frame, tuple(fit_line(merged(row), width) for row in top), tuple(lanes))


def _looks(chart: Chart, shown: list[int], now: datetime) -> tuple[object, ...]:
    """What the cells show of this moment besides where it lies."""
    next_day(now)
    longest = chart.longest(now)
    found: list[object] = [now.astimezone(UTC).date(), chart.worst(now)]
    if longest is not None:
        found += [longest.lane, longest.gap.silence.start]
    for index in shown:
        live = figures.running(chart, index, now)
        if live is not None:
            found += [lasting(live.since, now), figures.tone(live, now)]
        found.append(len(chart.planned(index, now)))
    return tuple(found)


def dots_of(chart: Chart, lane: int, cell: int, now: datetime, frame: Frame) -> tuple[Dot, ...]:
    """The dots that a cell of a picture stands for, oldest first."""
    return LaneDrawing(chart, lane, now, frame.scale, UNICODE).dots(cell)


def _above(height: int | None, lanes: int, sawtooth: bool, crowded: bool) -> int:
    """How many rows stand above each lane: a blank one where there is room to spare, since that makes lanes easier to
    tell apart from afar; or those of the sawtooth."""
    if not lanes:
        return 0
    room = ((2 + lanes * (TEETH + 1) if height is None else height) - 2 - crowded) // lanes - 1
    if sawtooth:
        return min(max(room, 0), TEETH_MOST)
    return 1 if height is not None and lanes > 1 and room >= 1 and not crowded else 0


def _chosen(chart: Chart, now: datetime, rows: int | None, cursor: Cursor | None) -> tuple[list[int], list[int]]:
    """The lanes that fit into `rows`, in their own order, and those left out (one row is kept to name them)."""
    lanes = list(range(len(chart.tracks)))
    if rows is None or len(lanes) <= rows:
        return lanes, []

    def rank(index: int) -> tuple[bool, bool, datetime, int]:
        gap = chart.running(index, now)
        due = gap.due if gap is not None else None
        return cursor is None or cursor.lane != index, due is None, due or now, index

    keep = set(sorted(lanes, key=rank)[: max(0, rows - 1)])
    return [index for index in lanes if index in keep], [index for index in lanes if index not in keep]
