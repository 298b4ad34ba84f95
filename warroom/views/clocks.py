"""The clocks of silence of one incident, and how punctual updates have been."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from warroom.valueclass import dataclass


class ClockState(StrEnum):
    """How it stands with the next word on a channel."""

    NONE = "no word due"
    IN_TIME = "in time"
    SOON = "soon"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: the silence on one channel.

    `begun` is where it runs from (the last word `last_at`, or where it began anew), `near_at` from when on the next
    word counts as near, `due` when it is late. `cadence` is the longest silence in order and `source` where that comes
    from ("SEV1 mitigating", "promised", ...). `missed` counts the updates in a row that were late, the one before this
    silence the last of them; `skips` those skipped in a row, of which `skips_most` are allowed. `step` says what
    follows by itself at `step_at`, and `whom` it names. `turn` is what somebody who skips has seen.
    """

    channel: str
    audience: str
    begun: datetime
    last_at: datetime | None = None
    due: datetime | None = None
    near_at: datetime | None = None
    promised: bool = False
    cadence: timedelta | None = None
    source: str = ""
    missed: int = 0
    skips: int = 0
    skips_most: int = 0
    step: str = ""
    step_at: datetime | None = None
    whom: tuple[str, ...] = ()
    turn: int = 0
    watched: bool = False

    def state(self, now: datetime) -> ClockState:
        """How it stands at `now`."""
        if self.due is None:
            return ClockState.NONE
        if self.due <= now:
            return ClockState.LATE
        return ClockState.SOON if self.near_at is not None and self.near_at <= now else ClockState.IN_TIME

    @property
    def may_skip(self) -> bool:
        """Whether the next word may be skipped once more."""
        return self.due is not None and not self.watched and self.skips < self.skips_most


@dataclass(frozen=True, slots=True)
class PunctualityRow:
    """How punctual the updates of one group were; see `warroom.domain.punctuality`. `share` is None where none was due.

    `allowed` is how many may be late by the target, `left` how many more, below zero when that is overdrawn.
    """

    name: str
    counted: int
    on_time: int
    late: int
    skipped: int
    overdue: int
    share: float | None
    silent: timedelta
    running: timedelta
    allowed: float
    left: float


@dataclass(frozen=True, slots=True)
class PunctualityView:
    """How punctual updates were from `since` to `now`, by what `by` says; the worst first. `target` in percent;
    `incidents`: of how many incidents something was counted."""

    since: datetime
    now: datetime
    by: str
    target: int
    whole: PunctualityRow
    rows: tuple[PunctualityRow, ...] = ()
    incidents: int = 0
    watched: bool = False
