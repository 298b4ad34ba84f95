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
class InsightView:
    """Figures over a longer time: how punctual updates were, and `paged` (person, pages) since `night`, when the night
    or the day began."""

    punctuality: PunctualityView
    night: datetime
    paged: tuple[tuple[str, int], ...] = ()


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
