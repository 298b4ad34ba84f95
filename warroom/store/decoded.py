"""Rooms that were decoded from their rows before, so that what stays as it is costs nothing to read again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from warroom.domain.room import Room
from warroom.store.codec import decode_room


class Decoded:
    """Rooms decoded before: a board reads the same rows again and again, and each changes now and then.

    For at most `most` incidents what its row said last and the room that this is; what it said before is let go at
    once, so that weeks of changes hold no more than a minute of them. May be used by several threads.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._rooms: OrderedDict[int, tuple[str, Room]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many rooms are held."""
        return len(self._rooms)

    def room(self, number: int, text: str) -> Room:
        """The room of that incident, as `text` says. Raises `ValueError` where the text is none."""
        with self._lock:
            known = self._rooms.get(number)
            if known is not None and known[0] == text:
                self._rooms.move_to_end(number)
                return known[1]
        room = decode_room(text)
        with self._lock:
            self._rooms[number] = text, room
            self._rooms.move_to_end(number)
            if len(self._rooms) > self._most:
                self._rooms.popitem(last=False)
        return room
