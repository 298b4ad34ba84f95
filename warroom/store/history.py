"""What was told and changed in an incident so far, read once and then only what has come since: a record only grows."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import field
from typing import Any

from sqlalchemy import Connection

from warroom.domain.core import Entry
from warroom.store import queries
from warroom.valueclass import dataclass

KEPT = 16
"""Of how many incidents it is kept what was read: a screen shows one, and people go back and forth between a few."""


@dataclass(slots=True)
class Told:
    """The updates (rows of `comms_update`, as they were posted) and the changes of one incident up to `version`."""

    version: int = 0
    updates: list[Any] = field(default_factory=list)
    changes: list[Entry] = field(default_factory=list)


class History:
    """For one database and one thread. A look that finds nothing new reads nothing."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self._told: OrderedDict[int, Told] = OrderedDict()
        self._generation = 0

    def told(self, c: Connection, number: int, version: int, *, generation: int, old: bool = False) -> Told:
        """All up to `version`, which is what the incident has in this snapshot; `generation` is that of the database
        (another one is another file), `old` says that the file is older than schema 4. Do not change what it gives."""
        if generation != self._generation:
            self._told.clear()
            self._generation = generation
        known = self._told.pop(number, None)
        if known is None or known.version > version:
            known = Told()
        if known.version < version:
            updates = queries.updates(c, number, after=known.version, old=old)
            if updates:
                # New lists: what was given away stays as it was.
                known.updates = sorted((*known.updates, *updates), key=lambda row: (row.posted_at, row.version))
            changes = queries.changes(c, number, after=known.version)
            if changes:
                known.changes = [*known.changes, *changes]
            known.version = version
        self._told[number] = known
        while len(self._told) > KEPT:
            self._told.popitem(last=False)
        return known
