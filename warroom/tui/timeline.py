"""The gap timeline as rows of cells (R10): what was said on which channel when, and every silence between.

Pure layout: it takes the view, `now` and a width in cells, and gives rows of pieces that are exactly that wide, to be
drawn by a widget or printed as text. Shapes alone tell the states apart, so it reads without colour:

    ● one use   ◉ several in one cell   ─ in cadence   ╌ the next update is near (past 80 %)   ━ late

Most real silences are longer than promised, so late is muted; only the largest silence and the one that is running
and most overdue carry the strong colour. All lanes fork from the axis of the incident at its start; the part before a
lane is timed is faint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from warroom.domain.text import cell_width
from warroom.tui.clockface import NEAR_SHARE, age, clock, countdown, day, is_late, length
from warroom.tui.pieces import Line, Role, clean, cut_line, fit_line, fitted, merged
from warroom.views import Lane, Span, TimelineView

MIN_SPAN = timedelta(minutes=10)
"""A running incident's axis is at least this long, so that its first minute does not fill the width."""

_US = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS_S = (
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 7, 14, 30, 60, 120, 365, 730, 1825, 3650, 36_500, 365_000)),
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that the timeline is drawn with; each is one cell wide."""

    axis: str = "─"
    tick: str = "┴"
    mark: str = "◇"
    root: str = "┬"
    fork: str = "├"
    last_fork: str = "╰"
    trunk: str = "│"
    untimed: str = "┄"
    calm: str = "─"
    near: str = "╌"
    late: str = "━"
    one: str = "●"
    several: str = "◉"
    running: str = "▷"
    running_late: str = "▶"
    axis_running: str = "▶"
    ended: str = "■"
    lane_ended: str = "┤"


UNICODE = Glyphs()
ASCII = Glyphs("-", "+", "^", "+", "+", "`", "|", ".", "-", "~", "=", "o", "@", ">", ">", ">", "#", "|")
"""For terminals and log files without box drawing."""


class _Kind(IntEnum):
    BLANK = 0
    UNTIMED = 1
    PLAIN = 2  # timed, but without a cadence
    CALM = 3
    NEAR = 4
    LATE = 5
    STRONG = 6
    ONE = 7
    SEVERAL = 8
    RUNNING = 9
    RUNNING_LATE = 10
    ENDED = 11
    FIGURE = 12
    STRONG_FIGURE = 13


@dataclass(frozen=True, slots=True)
class Running:
    """The silence of one lane that is running now."""

    since: datetime
    due: datetime | None  # when the next update falls due: promised, or by cadence
    late_by: timedelta  # how long it has been overdue; zero or less when it is not

    @property
    def is_late(self) -> bool:
        """Whether the next update is overdue."""
        return self.due is not None and self.late_by >= timedelta(0)


def running(lane: Lane, view: TimelineView, now: datetime) -> Running | None:
    """The running silence of a lane, or None when nothing is timed there any more."""
    if lane.ended is not None or view.end is not None:
        return None
    since = max((dot.at for dot in lane.dots if dot.at <= now), default=lane.start)
    return Running(since, lane.due, now - lane.due if lane.due is not None else timedelta(0))


def headline(view: TimelineView, now: datetime) -> str:
    """The largest silence in words: "largest gap 34m public", with "running" when it has not ended; may be empty."""
    best, channel, still = timedelta(0), "", False
    if view.largest is not None:
        best, channel = view.largest.length, view.largest_channel
    for lane in view.lanes:
        silence = running(lane, view, now)
        if silence is not None and now - silence.since > best:
            best, channel, still = now - silence.since, lane.channel, True
    if best <= timedelta(0):
        return ""
    return f"largest gap {length(best)} {clean(channel)}{', running' if still else ''}"


def flag(view: TimelineView, now: datetime) -> tuple[str, Role] | None:
    """The update that falls due first, in a few characters: ("LATE 04:12", LATE); None when nothing is promised."""
    live = [silence for lane in view.lanes if (silence := running(lane, view, now)) is not None]
    due = [(silence.due, silence) for silence in live if silence.due is not None]
    if not due:
        return None
    at, first = min(due, key=lambda pair: pair[0])
    return countdown(at, now), _tone(first, now)


def layout(
    view: TimelineView, now: datetime, width: int, *, height: int | None = None, glyphs: Glyphs = UNICODE
) -> tuple[Line, ...]:
    """The rows of the timeline, each exactly `width` cells: ticks, the incident, one per channel.

    With `height`, at most so many rows (1 or more): channels that are late or due soonest stay, the rest is named in
    the last row. Dots from the future stand at now, dots before the start at the start. Never raises for a width of
    20 or more; narrower ones are cut.
    """
    frame = _Frame.of(view, now, width)
    lanes, left_out = _chosen(view, now, None if height is None else height - 2)
    strong_lane = _worst(view, now)
    rows = [frame.axis_row(view, now), frame.incident_row(view, now, bool(lanes), glyphs)]
    # Where there is room to spare, a blank row between the lanes makes them easier to tell apart from afar.
    airy = height is not None and len(lanes) > 1 and height >= 2 + 2 * len(lanes) and not left_out
    for index, lane in enumerate(lanes):
        if airy:
            rows.append((*frame.labelled("", Role.MUTED), (glyphs.trunk, Role.MUTED)))
        last = index == len(lanes) - 1 and not left_out
        rows.append(frame.lane_row(view, lane, now, glyphs, strong=lane is strong_lane, last=last))
    if left_out:
        names = ", ".join(clean(lane.channel) for lane in left_out)
        rows.append(((f"+{len(left_out)} more: {names}", Role.MUTED),))
    if not view.lanes:
        rows.append((("no channel is timed", Role.MUTED),))
    if height is not None and len(rows) > height:
        rows = rows[len(rows) - max(1, height) :]
    return tuple(fit_line(merged(row), width) for row in rows)


def _worst(view: TimelineView, now: datetime) -> Lane | None:
    """The lane whose running silence is most overdue."""
    worst, by = None, timedelta(0)
    for lane in view.lanes:
        silence = running(lane, view, now)
        if silence is not None and silence.is_late and (worst is None or silence.late_by > by):
            worst, by = lane, silence.late_by
    return worst


def _chosen(view: TimelineView, now: datetime, rows: int | None) -> tuple[list[Lane], list[Lane]]:
    """The lanes that fit into `rows`, in their own order, and those left out (one row is kept to name them)."""
    lanes = list(view.lanes)
    if rows is None or len(lanes) <= rows:
        return lanes, []

    def rank(index: int) -> tuple[bool, datetime, int]:
        silence = running(lanes[index], view, now)
        due = silence.due if silence is not None else None
        return due is None, due or now, index

    keep = set(sorted(range(len(lanes)), key=rank)[: max(0, rows - 1)])
    return (
        [lane for index, lane in enumerate(lanes) if index in keep],
        [lane for index, lane in enumerate(lanes) if index not in keep],
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where everything stands: label | fork | `cells` cells of time | figures."""

    label: int
    cells: int
    run: int  # width of the running figure, 0 when there is no room for it
    due: int  # width of what falls due, 0 when there is no room for it
    start: datetime
    end: datetime

    @classmethod
    def of(cls, view: TimelineView, now: datetime, width: int) -> _Frame:
        names = max((cell_width(clean(lane.channel)) for lane in view.lanes), default=0)
        label = min(max(names, len("incident")), 14 if width >= 60 else 8) if width >= 40 else 6
        run, due = (7, 20) if width >= 96 else (6, 12) if width >= 58 else (0, 11) if width >= 40 else (0, 0)
        cells = max(1, width - label - 2 - run - due)
        end = view.end
        if end is None:
            last = max(now, view.start + MIN_SPAN)
        else:
            said = [dot.at for lane in view.lanes for dot in lane.dots if dot.at <= now]
            timed = [lane.ended for lane in view.lanes if lane.ended is not None and lane.ended <= now]
            last = max([end, *said, *timed, view.start + _US])
        return cls(label, cells, run, due, view.start, last)

    def cell(self, at: datetime) -> int:
        """The cell of a moment, clamped to the axis."""
        done = (at - self.start) // _US * self.cells // ((self.end - self.start) // _US)
        return min(max(done, 0), self.cells - 1)

    def labelled(self, text: str, role: Role) -> Line:
        """The label column and the blank behind it."""
        return ((fitted(text, self.label) + " ", role),)

    def axis_row(self, view: TimelineView, now: datetime) -> Line:
        """The labels of the time axis, each centred on its tick; the day in front when it is not today."""
        cells = [" "] * (self.cells + 1)
        for at, text in self._ticks():
            self._place(cells, 1 + self.cell(at) - len(text) // 2, text)
        today = view.start.astimezone(UTC).date() == now.astimezone(UTC).date()
        return (*self.labelled("" if today else day(view.start), Role.MUTED), ("".join(cells), Role.MUTED))

    def _ticks(self) -> list[tuple[datetime, str]]:
        """Round moments on the axis with their labels, no two labels nearer than three cells."""
        span_s = (self.end - self.start) // _US / 1e6
        years = span_s > 300 * _DAY
        room = max(1, self.cells // 12)
        step = next((step for step in _STEPS_S if span_s / step <= room), _STEPS_S[-1])
        if step >= _DAY and span_s / step < 1:
            step = max(_DAY, *(s for s in _STEPS_S if s <= span_s))
        begin = (self.start - _EPOCH) // _US
        until = (self.end - _EPOCH) // _US
        size = step * 1_000_000
        first = -(-begin // size) * size
        ticks: list[tuple[datetime, str]] = []
        taken = -1
        for moment in range(first, until + 1, size):
            at = _EPOCH + timedelta(microseconds=moment)
            if years:
                text = f"{day(at).split()[1]} {at.year}"
            elif step >= _DAY or moment % (_DAY * 1_000_000) == 0:
                text = day(at)
            else:
                text = clock(at)
            left = 1 + self.cell(at) - len(text) // 2
            if left <= taken or left + len(text) > self.cells + 1:
                continue
            ticks.append((at, text))
            taken = left + len(text) + 1
        return ticks

    @staticmethod
    def _place(cells: list[str], at: int, text: str) -> None:
        for offset, char in enumerate(text):
            if 0 <= at + offset < len(cells):
                cells[at + offset] = char

    def incident_row(self, view: TimelineView, now: datetime, forks: bool, glyphs: Glyphs) -> Line:
        """The incident's own line: a tick under each label of the axis, marks where severity or status changed."""
        last = self.cell(now if view.end is None else view.end)
        cells: list[tuple[str, Role]] = [
            (glyphs.axis if index <= last else " ", Role.MUTED) for index in range(self.cells)
        ]
        for at, _ in self._ticks():
            if (index := self.cell(at)) <= last:
                cells[index] = (glyphs.tick, Role.MUTED)
        cells[last] = (glyphs.axis_running, Role.TEXT) if view.end is None else (glyphs.ended, Role.OK)
        marks = sorted((self.cell(mark.at), clean(mark.label)) for mark in view.marks if mark.at <= now)
        pieces: dict[int, Line] = {}
        for index, (column, text) in enumerate(marks):
            column = min(column, max(0, last - 1))
            room = (marks[index + 1][0] if index + 1 < len(marks) else last) - column - 2
            least = cell_width(text) if glyphs.axis.isascii() else min(4, cell_width(text))  # a cut one has an ellipsis
            label = cut_line(((text, Role.TEXT),), room) if room >= least else ()
            pieces[column] = ((glyphs.mark, Role.STRONG), *label)
        row: list[tuple[str, Role]] = [(glyphs.root if forks else glyphs.axis, Role.MUTED)]
        index = 0
        while index < self.cells:
            mark = pieces.get(index)
            if mark is None:
                row.append(cells[index])
                index += 1
            else:
                row.extend(mark)
                index += sum(cell_width(text) for text, _ in mark)
        return (*self.labelled("incident", Role.MUTED), *row)

    def lane_row(
        self, view: TimelineView, lane: Lane, now: datetime, glyphs: Glyphs, *, strong: bool, last: bool
    ) -> Line:
        """One channel: its line of silences and dots, then the running figure and what falls due."""
        kinds, figures = self._lane_cells(view, lane, now, strong)
        pieces: list[tuple[str, Role]] = [(glyphs.last_fork if last else glyphs.fork, Role.MUTED)]
        for index, kind in enumerate(kinds):
            text, role = _drawn(kind, glyphs)
            pieces.append((figures.get(index, text), role))
        return (*self.labelled(lane.channel, Role.TEXT), *pieces, *self._figures(view, lane, now, strong))

    def _lane_cells(
        self, view: TimelineView, lane: Lane, now: datetime, strong: bool
    ) -> tuple[list[_Kind], dict[int, str]]:
        """What every cell of a lane shows, and the characters of the figures in the lines."""
        kinds = [_Kind.BLANK] * self.cells
        figures: dict[int, str] = {}
        live = running(lane, view, now)
        begin, stop = _timed(view, lane, now)
        for index in range(self.cell(begin)):
            kinds[index] = _Kind.UNTIMED
        uses = sorted(min(dot.at, now) for dot in lane.dots)
        labels: list[tuple[int, int, str, bool]] = []
        spans = _spans(begin, uses, stop)
        for number, span in enumerate(spans):
            is_running = live is not None and number == len(spans) - 1
            limit = lane.cadence
            if is_running and lane.due is not None:
                limit = lane.due - span.start
            largest = view.largest is not None and lane.channel == view.largest_channel and _same(span, view.largest)
            vivid = largest or (is_running and strong)
            late = self._silence(kinds, span, limit, vivid)
            if late is not None:
                labels.append((*late, length(span.length), vivid))
        for first, behind, text, vivid in labels:
            self._figure(kinds, figures, first, behind, text, vivid)
        counts: dict[int, int] = {}
        for at in uses:
            counts[self.cell(at)] = counts.get(self.cell(at), 0) + 1
        for index, count in counts.items():
            kinds[index] = _Kind.ONE if count == 1 else _Kind.SEVERAL
            figures.pop(index, None)
        end = self.cell(stop)
        if end not in counts:
            if live is not None:
                kinds[end] = _Kind.RUNNING_LATE if live.is_late and strong else _Kind.RUNNING
            elif lane.ended is not None and (view.end is None or lane.ended < view.end):
                kinds[end] = _Kind.ENDED
            figures.pop(end, None)
        return kinds, figures

    def _silence(self, kinds: list[_Kind], span: Span, limit: timedelta | None, vivid: bool) -> tuple[int, int] | None:
        """Draw one silence; gives the cells of its late part (first, one behind the last), if any."""
        first, last = self.cell(span.start), self.cell(span.end)
        if limit is None:
            _fill(kinds, first, last, _Kind.PLAIN)
            return None
        _fill(kinds, first, last, _Kind.CALM)
        if span.length >= limit * NEAR_SHARE:
            _fill(kinds, self._after(span.start, limit * NEAR_SHARE), last, _Kind.NEAR)
        if span.length < limit:
            return None
        start = self._after(span.start, limit)
        _fill(kinds, start, last, _Kind.STRONG if vivid else _Kind.LATE)
        return start, last

    def _after(self, start: datetime, by: timedelta) -> int:
        """The cell of `start + by`, safe where that moment is beyond the calendar."""
        return self.cell(start + min(max(by, timedelta(0)), max(self.end - start, timedelta(0))))

    @staticmethod
    def _figure(kinds: list[_Kind], figures: dict[int, str], first: int, behind: int, text: str, vivid: bool) -> None:
        """Write the length of a silence into its late part where at least one cell of line stays on each side."""
        room = behind - first
        if room < len(text) + 4:
            return
        at = first + (room - len(text) - 1) // 2
        for offset, char in enumerate(f" {text} "):
            kinds[at + offset] = _Kind.STRONG_FIGURE if vivid else _Kind.FIGURE
            figures[at + offset] = char

    def _figures(self, view: TimelineView, lane: Lane, now: datetime, strong: bool) -> Line:
        """The columns at the right: how long the silence has lasted, and when the next update falls due."""
        if not self.due:
            return ()
        live = running(lane, view, now)
        if live is None:
            begin, stop = _timed(view, lane, now)
            uses = sorted(dot.at for dot in lane.dots if dot.at <= now)
            longest = max((span.length for span in _spans(begin, uses, stop)), default=timedelta(0))
            word = "longest" if self.due > 12 else "max"
            return ((" " * (self.run + 2 if self.run else 1), Role.TEXT), (f"{word} {length(longest)}", Role.MUTED))
        tone = _tone(live, now)
        row: list[tuple[str, Role]] = []
        if self.run:
            row.append((f"{age(live.since, now):>{self.run}}  ", Role.MUTED if tone is Role.CALM else tone))
        else:
            row.append((" ", Role.TEXT))
        if live.due is None:
            text = ""
        elif is_late(live.due, now):
            text = countdown(live.due, now)
        elif self.due > 12:
            text = f"{'promised' if lane.promised else 'next due'} in {countdown(live.due, now)}"
        else:
            text = f"in {countdown(live.due, now)}"
        row.append((text, tone))
        return tuple(row)


def _tone(live: Running, now: datetime) -> Role:
    """The role of a running silence's figures."""
    if live.due is None:
        return Role.MUTED
    if live.is_late:
        return Role.LATE
    return Role.SOON if now - live.since >= (live.due - live.since) * NEAR_SHARE else Role.CALM


def _fill(kinds: list[_Kind], first: int, last: int, kind: _Kind) -> None:
    kinds[first : last + 1] = [kind] * (last + 1 - first)


def _timed(view: TimelineView, lane: Lane, now: datetime) -> tuple[datetime, datetime]:
    """From when to when the silences of a lane count; in order whatever the clocks of others said."""
    stop = min([now, *(at for at in (lane.ended, view.end) if at is not None)])
    return min(lane.start, stop), stop


def _spans(begin: datetime, uses: Iterable[datetime], stop: datetime) -> list[Span]:
    """The silences of a lane in order: start to first use, use to use, last use to `stop`; `uses` are sorted."""
    spans: list[Span] = []
    since = begin
    for at in uses:
        if since < at <= stop:
            spans.append(Span(since, at))
            since = at
    if stop > since:
        spans.append(Span(since, stop))
    return spans


def _same(span: Span, other: Span) -> bool:
    second = timedelta(seconds=1)
    return abs(span.start - other.start) < second and abs(span.end - other.end) < second


def _drawn(kind: _Kind, glyphs: Glyphs) -> tuple[str, Role]:
    """The character and role of one cell of a lane."""
    match kind:
        case _Kind.UNTIMED:
            return glyphs.untimed, Role.FAINT
        case _Kind.PLAIN:
            return glyphs.calm, Role.MUTED
        case _Kind.CALM:
            return glyphs.calm, Role.OK
        case _Kind.NEAR:
            return glyphs.near, Role.SOON
        case _Kind.LATE:
            return glyphs.late, Role.LATE_MUTED
        case _Kind.STRONG:
            return glyphs.late, Role.LATE
        case _Kind.ONE:
            return glyphs.one, Role.DOT
        case _Kind.SEVERAL:
            return glyphs.several, Role.DOT
        case _Kind.RUNNING:
            return glyphs.running, Role.MUTED
        case _Kind.RUNNING_LATE:
            return glyphs.running_late, Role.LATE
        case _Kind.ENDED:
            return glyphs.lane_ended, Role.MUTED
        case _Kind.FIGURE:
            return " ", Role.MUTED
        case _Kind.STRONG_FIGURE:
            return " ", Role.LATE
        case _:
            return " ", Role.TEXT
