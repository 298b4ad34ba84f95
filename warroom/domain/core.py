"""What every topic of the domain shares: events and their envelope, refusals, deadlines, one decision under way.

The whole rests on one idea: an incident is a fold over its events, and a deadline is a function of its state.
`decide` (in `room`) turns a command into events, `evolve` is the only place where state changes, `due` says what
falls due when. None of them knows a clock, a database, a terminal or chance; `now` comes in from outside.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, TypeVar

from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.text import clean_block, clean_line
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.policy import Target
    from warroom.domain.reach import Reach
    from warroom.domain.room import Room

ENGINE = "engine"
"""The actor of every step that time takes by itself."""

NAME_LIMIT, TITLE_LIMIT, TEXT_LIMIT = 64, 200, 20_000
"""Longest login or label, longest one-line text, longest body, in characters."""

FARTHEST = timedelta(days=366)
"""How far ahead a person may name a moment. Beyond a year it is a mistyped date, and adding to it could overflow."""


class Refused(Exception):
    """A command that cannot be carried out as things stand. The message is for the person who gave it."""


class Stale(Refused):
    """The room moved on since the person looked: nothing was done. The message says what is so now."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; never changed afterwards. `kind` names it in the record and in the database."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person, an importer or time asks for. Texts are cleaned when the command is made."""

    lines: ClassVar[tuple[str, ...]] = ()
    names: ClassVar[tuple[str, ...]] = ()
    blocks: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for clean, limit, fields in (
            (clean_line, TITLE_LIMIT, self.lines),
            (clean_line, NAME_LIMIT, self.names),
            (clean_block, TEXT_LIMIT, self.blocks),
        ):
            for name in fields:
                value = getattr(self, name)
                if value is not None:
                    object.__setattr__(self, name, clean(value, limit))


EventClass = TypeVar("EventClass", bound=type[Event])
EVENTS: dict[str, type[Event]] = {}
"""Every kind of event by its name, for whoever reads the record back."""


def happens(kind: str) -> Callable[[EventClass], EventClass]:
    """Register a class of events under `kind`; the name is part of the file's format and never changes."""

    def register(cls: EventClass) -> EventClass:
        if kind in EVENTS:
            raise ValueError(f"two classes of events are called {kind!r}")
        cls.kind = kind
        EVENTS[kind] = cls
        return cls

    return register


@happens("postponed")
@dataclass(frozen=True, slots=True)
class Postponed(Event):
    """A step fell due at an hour at which nobody may be disturbed for it (R2): its deadline is `to` from now on."""

    name: str
    to: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record: what happened, when it was written down, and by whom.

    `due` is set for a step that a timer took: when it fell due. `at - due` is how late it came.
    """

    at: datetime
    actor: str
    event: Event
    due: datetime | None = None

    @property
    def late(self) -> timedelta | None:
        """By how much a timer's step came after it fell due; None for what a person did."""
        return None if self.due is None else self.at - self.due


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """One thing that falls due at `at` unless something changes. `name` is unique within an incident."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, when, under which rules, and what stands besides them. `now` is aware UTC."""

    now: datetime
    actor: str
    book: Rulebook
    duty: Duty = NOTHING_BESIDES

    def __post_init__(self) -> None:
        if self.now.utcoffset() != timedelta(0):
            raise ValueError("now has to be an aware UTC datetime")
        object.__setattr__(self, "actor", clean_line(self.actor, NAME_LIMIT) or "somebody")


@dataclass(slots=True)
class Decision:
    """A decision under way: the room as it would be, and the entries that make it so (`rooms`: the room after each).

    Topics call `record` and then look at `room` again, so that a step may rest on the one before it.
    """

    context: Context
    start: Room | None
    evolve: Callable[[Room | None, Entry], Room]
    current: Room | None = None
    entries: list[Entry] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    due: datetime | None = None

    def __post_init__(self) -> None:
        self.current = self.start

    @property
    def room(self) -> Room:
        """The room as decided so far."""
        if self.current is None:
            raise Refused(tr("there is no such incident"))
        return self.current

    @property
    def now(self) -> datetime:
        """The moment of the decision, aware UTC."""
        return self.context.now

    @property
    def book(self) -> Rulebook:
        """The rules that this decision is taken under."""
        return self.context.book

    def record(self, event: Event) -> Room:
        """Let `event` have happened, and return the room that follows from it."""
        entry = Entry(self.now, self.context.actor, event, self.due)
        self.entries.append(entry)
        self.current = self.evolve(self.current, entry)
        self.rooms.append(self.current)
        return self.current

    def after(self, delay: timedelta) -> datetime:
        """When a step is due that comes `delay` after this one.

        Counted from when this one fell due, so that a little lateness does not add up; but from now if it is late by
        more than a tenth of `delay`: after a stand-still, be it just short of `delay`, whoever is asked now gets the
        time to answer, and steps do not fire in a burst.
        """
        on_time = self.due is not None and self.now - self.due <= delay / 10
        return (self.due if self.due is not None and on_time else self.now) + delay

    def in_hours(self, at: datetime) -> datetime:
        """`at`, or the next moment at which people may be disturbed for an incident of this severity (R2)."""
        return self.book.in_hours(self.room.incident.severity, at)

    def given(self, delay: timedelta) -> datetime:
        """By when people have to have done what they get `delay` for: counted from when they may be disturbed."""
        opening = self.in_hours(self.now)
        return self.after(delay) if opening == self.now else self.in_hours(opening + delay)

    def reach(
        self,
        targets: tuple[Target, ...],
        via: tuple[str, ...] = (),
        *,
        turn: int | None = None,
        avoid: frozenset[str] = frozenset(),
        by_hand: bool = False,
    ) -> Reach:
        """Who is to be paged for `targets` now, by which channels, and who was passed over and why."""
        from warroom.domain.reach import reach

        return reach(targets, via, self.room, self.context, turn=turn, avoid=avoid, by_hand=by_hand)

    def ahead(self, at: datetime, what: str) -> None:
        """Refuse a moment that a person named and that is not ahead, or so far that it can only be a slip."""
        if at <= self.now:
            raise Refused(tr("{what} has to lie in the future").format(what=what))
        if at - self.now > FARTHEST:
            raise Refused(tr("{what} lies more than a year ahead: {at:%Y-%m-%d}").format(what=what, at=at))
