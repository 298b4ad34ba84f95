"""What a wallboard shows: the board, and beside it what only a screen on a wall asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from warroom.valueclass import dataclass
from warroom.views.board import BoardView
from warroom.views.clocks import PunctualityView
from warroom.views.oncall import OnCallView


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody was told anything on `channel` since then."""

    channel: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day, which begins at `day`: of our own incidents how many were declared, and how many of these are major now;
    how many pages people got, and how many of these at night by their own clock. None: too many to be counted."""

    day: datetime
    declared: int = 0
    major: int = 0
    pages: int | None = 0
    night: int = 0


@dataclass(frozen=True, slots=True)
class InsightView:
    """Figures over a longer time: how punctual updates were, `paged` (person, pages) since `night`, when the night
    or the day began, and the `week`, day by day, today the last."""

    punctuality: PunctualityView
    night: datetime
    paged: tuple[tuple[str, int], ...] = ()
    week: tuple[DayFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class WallView:
    """One look at the room for a wallboard, all of it read in one transaction at `board.read_at`.

    `silences`: the silence that runs on each major incident, by its key. `calm_since`: when the last incident was over,
    None where there never was one. `oncall` and `insight` are there when a screen shows them.
    """

    board: BoardView
    silences: Mapping[str, Silence] = field(default_factory=dict)
    calm_since: datetime | None = None
    oncall: OnCallView | None = None
    insight: InsightView | None = None


NIGHT = timedelta(hours=12)
"""How far back "tonight" reaches: one night and its evening."""
