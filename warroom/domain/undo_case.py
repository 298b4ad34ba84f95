"""An entry that is to be taken back, as every way of making up for one is given it (R11).

Each way looks at how things stood before the entry and how they stand now, and refuses where somebody has changed the
same since.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from warroom.domain.core import Command, Entry, Stale
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room


@dataclass(frozen=True, slots=True)
class Case:
    """An entry that is to be taken back: the room before it and now, the rules, and why it is done, for the record."""

    number: int
    entry: Entry
    before: Room
    room: Room
    book: Rulebook

    @property
    def reason(self) -> str:
        """What stands on the record as the reason of what makes up for it."""
        return f"undo of #{self.number}"

    def need(self, same: bool, now: str) -> None:
        """Refuse where somebody has changed the same since; `now` says how it stands."""
        if not same:
            raise Stale(tr("{now} since: there is nothing to undo any more, change it as it stands").format(now=now))


Way = Callable[[Case, Any], "Command | None"]
