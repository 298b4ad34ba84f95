"""Taking back what one did: the command, and what the record says of it (R11).

Nothing is ever deleted. `undo` works out from the record which command makes up for an act; that command is carried out
like any other, under the same rules, and behind what came of it stands which entry was taken back.
"""

from __future__ import annotations

from warroom.domain.core import Command, Event, happens
from warroom.valueclass import dataclass
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class TakeBack(Command):
    """Take back what entry `entry` of the record says. `what` makes up for it; None: it is only marked as taken back.
    `about` repeats the entry in short."""

    lines = ("about",)

    entry: int
    about: str
    what: Command | None = None


@happens("taken_back")
@dataclass(frozen=True, slots=True)
class TakenBack(Event):
    """Entry `entry` was taken back. What made up for it are the entries from `first` up to this one."""

    entry: int
    first: int
    about: str


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    return (
        tr("undo of #{entry}: {about}").format(entry=event.entry, about=event.about)
        if isinstance(event, TakenBack)
        else ""
    )
