"""One channel of the gap timeline as cells: its silences, its dots, what is due ahead.

A cell without a dot lies within one silence, so that a row costs as much as it has cells, however many dots there are.
Lines begin, end and change at half cells where the glyphs can show that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum

from warroom.domain.gaps import Gap
from warroom.domain.text import cell_width
from warroom.tui.clockface import NEAR_SHARE, length
from warroom.tui.pieces import Piece, Role
from warroom.tui.timeline.chart import Chart
from warroom.tui.timeline.glyphs import Glyphs
from warroom.tui.timeline.scale import Scale, us
from warroom.views import Dot

_BEFORE, _BEHIND = -(1 << 62), 1 << 62


class State(IntEnum):
    """How a silence stands at one moment of it, the graver the higher."""

    NONE = 0
    AHEAD = 1  # not yet: up to what is due
    UNTIMED = 2  # before the channel was timed
    PLAIN = 3  # timed, but nothing is promised
    CALM = 4
    NEAR = 5
    LATE = 6
    STRONG = 7  # late, and the largest or the one running now


ROLES = {
    State.NONE: Role.TEXT,
    State.AHEAD: Role.FAINT,
    State.UNTIMED: Role.FAINT,
    State.PLAIN: Role.MUTED,
    State.CALM: Role.OK,
    State.NEAR: Role.SOON,
    State.LATE: Role.LATE_MUTED,
    State.STRONG: Role.LATE,
}
"""How each state looks, besides its shape."""


class LaneDrawing:
    """One lane on a scale, at one moment."""

    def __init__(
        self,
        chart: Chart,
        index: int,
        now: datetime,
        scale: Scale,
        glyphs: Glyphs,
        *,
        longest: Gap | None = None,
        strong: bool = False,
        cursor: int | None = None,
    ) -> None:
        """`longest`: the longest silence of all, where it is on this lane; `strong`: its running silence is the most
        overdue one; `cursor`: the cell that the cursor stands on."""
        self.chart, self.index, self.now, self.scale, self.glyphs = chart, index, now, scale, glyphs
        self.lane, self.track = chart.view.lanes[index], chart.tracks[index]
        self.longest, self.strong, self.cursor = longest, strong, cursor
        self.running = chart.running(index, now)
        begin, stop = chart.timed(index, now)
        ahead = chart.planned(index, now)
        self._now, self._begin, self._stop = us(now), us(begin), us(stop)
        self._origin = us(chart.view.start)
        self._latest = max(self._origin, us(min(now, chart.latest_shown())))
        self._ahead = us(ahead[-1]) if ahead else None
        self._lines: dict[int, tuple[int, int, State]] = {}
        self._bounds = scale.bounds_us
        self._looks = {
            State.NONE: " ",
            State.AHEAD: glyphs.ahead,
            State.UNTIMED: glyphs.untimed,
            State.PLAIN: glyphs.calm,
            State.CALM: glyphs.calm,
            State.NEAR: glyphs.near,
            State.LATE: glyphs.late,
            State.STRONG: glyphs.late,
        }

    def gap(self, at_us: int) -> Gap | None:
        """The silence that a moment lies in, if any."""
        return self.chart.gap_at(self.index, at_us, self.running)

    def state(self, at_us: int, gap: Gap | None) -> State:
        """How the lane stands at a moment; `gap` is the silence that it lies in, if any."""
        if gap is None or at_us > self._now:
            if self._ahead is not None and self._stop < at_us <= self._ahead:
                return State.AHEAD
            return State.UNTIMED if self._origin <= at_us < self._begin else State.NONE
        if at_us < self._begin:
            return State.UNTIMED
        if gap.due is None:
            return State.PLAIN
        near, due, late = self._limits(gap, gap.due)
        if at_us >= due:
            return late
        return State.NEAR if at_us >= near else State.CALM

    def _limits(self, gap: Gap, due: datetime) -> tuple[int, int, State]:
        """From when a silence is near its end and from when it is late, in microseconds, and how it looks then."""
        found = self._lines.get(id(gap))
        if found is None:
            near = self.lane.near_at if gap is self.running else None
            near = near or gap.silence.start + max(due - gap.silence.start, timedelta(0)) * NEAR_SHARE
            late = State.STRONG if self.stands_out(gap) else State.LATE
            found = self._lines[id(gap)] = us(near), us(due), late
        return found

    def stands_out(self, gap: Gap) -> bool:
        """Whether it carries the strong colour: the largest silence, and the most overdue of those that run."""
        return gap == self.longest or (self.strong and gap is self.running)

    def pieces(self) -> list[Piece]:
        """One piece for each cell."""
        scale, glyphs = self.scale, self.glyphs
        halves = scale.finer(2).bounds_us
        drawn: list[Piece] = []
        runs: list[tuple[Gap, int, int, int]] = []  # a silence, its first cell, one behind its last, its first late one
        for cell in range(scale.cells):
            if count := self.count(cell):
                drawn.append((glyphs.one if count == 1 else glyphs.several, Role.DOT))
                continue
            first, second = halves[2 * cell], halves[2 * cell + 1]
            gap, other = self.gap(first), self.gap(second)
            left, right = self.state(first, gap), self.state(second, other)
            drawn.append(self._line(left, right))
            if gap is not None:
                late = max(left, right) >= State.LATE
                if runs and runs[-1][0] is gap and runs[-1][2] == cell:
                    begun, since = runs[-1][1], runs[-1][3]
                    runs[-1] = gap, begun, cell + 1, cell if late and since < 0 else since
                else:
                    runs.append((gap, cell, cell + 1, cell if late else -1))
        for gap, begun, behind, since in runs:
            if gap is self.running and scale.cell(self.now) == behind - 1:
                behind -= 1  # the sign that it runs on stands there
            if gap == self.longest:
                text = f"{glyphs.largest[0]}{length(gap.length)}{glyphs.largest[1]}"
                # In its late part where that is wide enough, else anywhere on its line.
                first = since if since >= 0 and behind - since >= cell_width(text) + 2 else begun
                self._figure(drawn, first, behind, text, self.stands_out(gap) and since >= 0)
            elif since >= 0:
                self._figure(drawn, since, behind, f" {length(gap.length)} ", self.stands_out(gap))
        self._marks(drawn)
        if self.cursor is not None and 0 <= self.cursor < len(drawn):
            drawn[self.cursor] = (drawn[self.cursor][0], Role.CURSOR)
        return drawn

    def _line(self, left: State, right: State) -> Piece:
        glyphs = self.glyphs
        one, other = self._looks[left], self._looks[right]
        text = other if other != " " else one
        if glyphs.halves is not None:
            text = glyphs.halves.get((one, other), text)
        elif other == " ":
            text = one
        return text, ROLES[max(left, right)]

    @staticmethod
    def _figure(drawn: list[Piece], first: int, behind: int, text: str, vivid: bool) -> None:
        """Write the length of a silence into its line where at least one cell of line stays on each side."""
        room, wide = behind - first, cell_width(text)
        if room < wide + 2:
            return
        at, role = first + (room - wide) // 2, Role.LATE if vivid else Role.MUTED
        for char in text:
            size = cell_width(char)
            drawn[at : at + size] = [(char, role), *[("", role)] * (size - 1)]
            at += size

    def _marks(self, drawn: list[Piece]) -> None:
        """What stands on the line besides its dots: updates let go, where it ends or runs on, what is due ahead."""
        lane, glyphs, scale = self.lane, self.glyphs, self.scale
        for skip in lane.skips:
            self._put(drawn, skip.at, glyphs.skipped, Role.SOON)
        if self.running is not None:
            late = self.running.due is not None and self.now >= self.running.due
            strong = late and self.strong
            glyph, role = (glyphs.running_late, Role.LATE) if strong else (glyphs.running, Role.MUTED)
            self._put(drawn, self.now, glyph, role)
        elif lane.ended is not None and (self.chart.view.end is None or lane.ended < self.chart.view.end):
            self._put(drawn, lane.ended, glyphs.lane_ended, Role.MUTED)
        for at in (lane.due, *(each.at for each in lane.planned)):
            if at is None or at <= self.now or scale.cell(at) <= scale.cell(self.now):
                continue
            if at > scale.window.end:
                if 0 <= scale.cell(self.now) < scale.cells - 1 and drawn[-1][1] is not Role.DOT:
                    drawn[-1] = (glyphs.later, Role.FAINT)
                continue
            waits = at != lane.due
            self._put(drawn, at, glyphs.planned if waits else glyphs.due, Role.ACCENT if waits else Role.DOT)

    def _put(self, drawn: list[Piece], at: datetime, text: str, role: Role) -> None:
        cell = self.scale.cell(at)
        if 0 <= cell < len(drawn) and drawn[cell][1] is not Role.DOT:
            drawn[cell] = (text, role)

    # Dots ----------------------------------------------------------------------------------------------------------

    def _range(self, cell: int) -> tuple[int, int]:
        """The places of the dots of a cell: they stand at their time, but not before the start, nor behind now or the
        end of the axis."""
        first, behind = self._bounds[cell], self._bounds[cell + 1]
        if cell == self.scale.cells - 1:
            behind = us(self.scale.window.end) + 1
        if behind <= self._origin or first > self._latest or behind <= first:
            return 0, 0
        if first <= self._origin:
            first = _BEFORE
        if self._latest < behind:
            behind = _BEHIND
        return self.track.in_us(first, behind)

    def count(self, cell: int) -> int:
        """How many dots a cell stands for."""
        first, behind = self._range(cell)
        return behind - first

    def dots(self, cell: int) -> tuple[Dot, ...]:
        """The dots that a cell stands for, oldest first."""
        first, behind = self._range(cell)
        return self.track.dots[first:behind]
