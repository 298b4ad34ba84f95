"""What `--json` prints of silences, of the clocks that measure them, and of how punctual updates were. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class GapsMin(Shape):
    """The lengths of the silences that have ended, in minutes, oldest first."""

    start_to_first: list[float]
    between: list[float]
    last_to_resolved: list[float]


class Gaps(Shape):
    """The silences of one incident."""

    key: str
    provider: str
    source_id: str
    start: str | None
    first_update: str | None
    closed: str | None
    gaps_min: GapsMin
    max_gap_min: float | None


class Clock(Shape):
    """The clock of silence of one channel."""

    key: str
    channel: str
    audience: str
    state: str
    begun: Time
    last_at: Time | None
    near_at: Time | None
    due: Time | None
    promised: bool
    every_s: float | None
    source: str
    missed: int
    skips: int
    skips_most: int
    turn: int
    step: str
    step_at: Time | None
    whom: list[str]
    watched: bool


class PunctualityRow(Shape):
    """How punctual the updates of one group were."""

    name: str
    counted: int
    on_time: int
    late: int
    skipped: int
    overdue: int
    share: float | None
    silent_min: float
    running_min: float
    allowed: float
    left: float


class Punctuality(Shape):
    """How punctual updates were, and what is left of the budget for late ones."""

    since: Time
    until: Time
    by: str
    watched: bool
    target: float
    incidents: int
    whole: PunctualityRow
    rows: list[PunctualityRow]
