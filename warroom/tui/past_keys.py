"""The keys of time travel on a screen of one incident, and what they ask for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from textual.binding import Binding
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


def past_bindings(scope: str) -> list[Binding]:
    """The keys; the screen's `action_travel` posts what they ask for. Escape and end are the way out of the past, and
    what they were before in the present."""

    def key(
        keys: str, action: str, words: str, tooltip: str, name: str, display: str, *, show: bool = False
    ) -> Binding:
        return Binding(
            keys, f"travel({action})", words, show=show, tooltip=tooltip, id=f"{scope}.past-{name}", key_display=display
        )

    return [
        key("left_square_bracket", "'step', -1", "past", "Step back: the room as it was", "back", "[", show=True),
        key("right_square_bracket", "'step', 1", "on", "Step on towards now", "on", "]"),
        key("left_curly_bracket", "'turn', -1", "turn", "Back to a change of status or severity", "turn-back", "{"),
        key("right_curly_bracket", "'turn', 1", "turn", "On to a change of status or severity", "turn-on", "}"),
        key("g", "'ask'", "go to", "See the room as it was at a moment: 14:12, -30m, entry 12", "ask", "g"),
        Binding(
            "end,escape",
            "travel('live')",
            "back to now",
            show=True,
            key_display="end",
            tooltip="Out of the past, back to now",
            id=f"{scope}.past-live",
            priority=True,
        ),
    ]
