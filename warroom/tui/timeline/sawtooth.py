"""The sawtooth of silence: how long nobody was told anything, as a share of what was promised, and how it falls to
nothing with every word. Only the edge of what nears its end, and what rises above the middle, has a colour.

Its lower half is what was in order; whatever rises above the middle is late, and twice the promise is the top. So it
reads without colour.
"""

from __future__ import annotations

from warroom.domain.gaps import Gap
from warroom.tui.pieces import Line, Piece, Role
from warroom.tui.timeline.lanes import ROLES, LaneDrawing
from warroom.tui.timeline.scale import us

TOP = 2.0
"""The share of the promise that reaches the top; what is worse is as high."""
EACH = 16
"""Up to so many dots in one cell every silence between them is looked at; of more the first and the last."""


def teeth(drawing: LaneDrawing, height: int) -> list[Line]:
    """The rows above a lane, the topmost first, each as wide as the scale; `height` 0 gives none."""
    if height <= 0:
        return []
    ramp = drawing.glyphs.teeth
    rows: list[list[Piece]] = [[] for _ in range(height)]
    for cell in range(drawing.scale.cells):
        share, role = peak(drawing, cell)
        # What is in order is as quiet as a bar that runs towards a deadline: a whole area would outshout what is late.
        role = Role.BAR if role is Role.OK else role
        # What is late reaches into the upper half, and what is not does not, whatever is lost by rounding.
        steps, middle = len(ramp) * height, len(ramp) * height // 2
        filled = min(round(min(share, TOP) / TOP * steps), steps)
        if share > 0:
            filled = max(filled, 1)
        if share >= 1:
            filled = max(filled, min(middle + 1, steps))
        elif height > 1:
            filled = min(filled, middle)
        edge = height - 1 - max(0, filled - 1) // len(ramp)
        for row in range(height):
            here = min(max(filled - (height - 1 - row) * len(ramp), 0), len(ramp))
            # Below the edge, and below what is late, stands what was in order before.
            late = share >= 1 and 2 * (row + 1) <= height
            rows[row].append((ramp[here - 1] if here else " ", role if late or row == edge else Role.BAR))
    return [tuple(row) for row in rows]


def peak(drawing: LaneDrawing, cell: int) -> tuple[float, Role]:
    """The highest share that a silence reaches within a cell, and its role; 0 where nothing is promised or timed."""
    first, behind = drawing.scale.bound_us(cell), drawing.scale.bound_us(cell + 1)
    if first > us(drawing.now):
        return 0.0, Role.TEXT
    moments = [first, max(first, behind - 1)]
    dots = drawing.dots(cell)
    within = dots if len(dots) <= EACH else (dots[0], dots[-1])
    moments += [us(dot.at) - 1 for dot in within]
    best, role = 0.0, Role.TEXT
    for at_us in moments:
        at_us = min(at_us, us(drawing.now))
        gap = drawing.gap(at_us)
        if gap is None or at_us < us(drawing.lane.start):
            continue
        share = share_at(gap, at_us)
        if share is not None and share > best:
            best, role = share, ROLES[drawing.state(at_us, gap)]
    return best, role


def share_at(gap: Gap, at_us: int) -> float | None:
    """How far a silence has come towards what was promised at a moment; None where nothing was promised."""
    allowed = gap.allowed
    if allowed is None:
        return None
    lasted = at_us - us(gap.silence.start)
    return lasted / (allowed.total_seconds() * 1e6) if allowed else TOP
