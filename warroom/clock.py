"""The clock of a room. Real rooms run on the machine's time; a demo or drill may run faster.

Everything takes its `now` from here, so that all processes on one file agree on what time it is in the room.
"""

from __future__ import annotations

from datetime import UTC, datetime

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Call it for the time in the room, aware UTC.

    Since the real moment `real` the room's time runs from `room` on, `speed` times as fast. The default is real time.
    """

    real: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    room: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    speed: float = 1.0

    def __call__(self) -> datetime:
        """The time in the room now."""
        return self.at(datetime.now(UTC))

    def at(self, real: datetime) -> datetime:
        """The time in the room at a real moment."""
        return self.room + (real - self.real) * self.speed

    def seconds_until(self, room_time: datetime) -> float:
        """How many real seconds from now until it is that time in the room; negative when it is past."""
        return (room_time - self()).total_seconds() / self.speed


REAL = Clock()
"""The machine's own time."""
