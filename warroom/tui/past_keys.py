"""What the keys of time travel ask for, on a screen of one incident."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from textual.message import Message


class Way(StrEnum):
    """How to travel."""

    STEP = "step"  # so many entries on or back
    TURN = "turn"  # to the next or previous change of status or severity
    ASK = "ask"  # where the person says
    JUMP = "jump"  # to a moment
    LIVE = "live"  # to the present


class Travel(Message):
    """The person wants to see another moment of the incident on the screen."""

    def __init__(self, way: Way, by: int = 0, moment: datetime | None = None) -> None:
        super().__init__()
        self.way = way
        self.by = by
        self.moment = moment
