"""Looking at the whole room again and again, and reading only what is not known yet."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from warroom.domain.room import Room
from warroom.service.keeping import Memory
from warroom.service.viewing import catalogue, incident_line
from warroom.store import queries
from warroom.store.write import load_book
from warroom.views import Catalogue, IncidentLine

REMEMBERED = 8
"""Of how many incidents it is remembered what was worked out: a screen shows one at a time."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the whole room found. `mark` is the very same object as in the look before while nothing was
    committed, `happened` while nothing happened."""

    mark: object
    happened: object
    seq: int
    name: str
    rooms: Mapping[str, tuple[int, Room]]
    lines: tuple[IncidentLine, ...]
    damaged: tuple[str, ...]
    in_force: str
    catalogue: Catalogue
    trouble: Mapping[str, int]

    def one(self, c: Connection, key: str) -> tuple[int, Room] | None:
        """The incident of that key, on the board or not; None where there is none."""
        return self.rooms.get(key) or queries.one(c, key)


class Looking:
    """For one session: looks at the room again and again, and reads only what is not known yet."""

    def __init__(self) -> None:
        """Nothing looked at yet."""
        self._last: Looked | None = None
        self._lines: dict[int, tuple[Room, IncidentLine]] = {}
        self._memories: OrderedDict[int, Memory] = OrderedDict()

    def look(self, c: Connection, mark: tuple[int, int]) -> Looked:
        """What stands in the room; `mark` is the database's within this read."""
        last = self._last
        if last is not None and last.mark == mark:
            return last
        seq, in_force = queries.seq(c), queries.rulebook_in_force(c)
        happened = mark[0], seq
        rooms, damaged = queries.on_board(c)
        known, self._lines = self._lines, {}
        for number, room in rooms:
            before = known.get(number)
            line = before[1] if before is not None and before[0] is room else None
            self._lines[number] = room, line or incident_line(room, load_book(c, room.incident.revision))
        self._last = Looked(
            mark,
            last.happened if last is not None and last.happened == happened else happened,
            seq,
            queries.room_name(c),
            {room.incident.key: (number, room) for number, room in rooms},
            tuple(line for _, line in self._lines.values()),
            tuple(damaged),
            in_force,
            last.catalogue if last is not None and last.in_force == in_force else catalogue(load_book(c, in_force)),
            queries.trouble(c),
        )
        return self._last

    def memory(self, number: int) -> Memory:
        """What is known of an incident that is looked at; of a few only."""
        memory = self._memories.pop(number, None) or Memory()
        self._memories[number] = memory
        while len(self._memories) > REMEMBERED:
            self._memories.popitem(last=False)
        return memory
