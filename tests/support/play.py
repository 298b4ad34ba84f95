"""An incident under way in a test: commands given by hand, with a clock that only the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.support.books import BOOK, T0
from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, Command, Context, Entry, Event, Refused
from warroom.domain.incident import Declare
from warroom.domain.room import Room, Tick, decide, due, fold


@dataclass
class Play:
    """One incident under way in a test: the room, its record, and a clock that only the test moves."""

    book: Rulebook = BOOK
    now: datetime = T0
    room: Room | None = None
    entries: list[Entry] = field(default_factory=list)

    def do(self, command: Command, actor: str = "mina") -> tuple[Event, ...]:
        """Give a command now and return what came of it; a refusal goes through."""
        taken = decide(self.room, command, Context(self.now, actor, self.book))
        self.entries += taken
        self.room = fold(taken, self.room)
        return tuple(entry.event for entry in taken)

    def refusal(self, command: Command, actor: str = "mina", kind: type[Refused] = Refused) -> str:
        """The message with which a command is refused; the test fails if it is not, or by another kind."""
        try:
            taken = self.do(command, actor)
        except Refused as refused:
            assert type(refused) is kind, f"{type(refused).__name__}: {refused}"
            return str(refused)
        raise AssertionError(f"{command} was not refused but led to {taken}")

    def tick(self) -> tuple[Event, ...]:
        """Take every step that fell due by now."""
        return self.do(Tick(), ENGINE)

    def until(self, when: datetime | timedelta) -> tuple[Event, ...]:
        """Move the clock to a moment (a duration counts from `T0`), taking each step exactly when it falls due."""
        end = T0 + when if isinstance(when, timedelta) else when
        out: list[Event] = []
        while self.room is not None and (pending := due(self.room)) and pending[0].at <= end:
            self.now = max(self.now, pending[0].at)
            out += self.tick()
        self.now = max(self.now, end)
        return tuple(out)

    def jump(self, when: datetime | timedelta) -> tuple[Event, ...]:
        """Move the clock to a moment at once, as after a stand-still, and tick there until nothing is overdue."""
        self.now = T0 + when if isinstance(when, timedelta) else when
        out: list[Event] = []
        while events := self.tick():
            out += events
        return tuple(out)

    def deadlines(self) -> dict[str, timedelta]:
        """What falls due, as durations from `T0`."""
        return {deadline.name: deadline.at - T0 for deadline in due(self.there)}

    @property
    def there(self) -> Room:
        """The room, which has to exist by now."""
        assert self.room is not None
        return self.room


def declared(severity: str = "SEV1", book: Rulebook = BOOK, at: datetime = T0) -> Play:
    """An incident that was declared a moment ago."""
    play = Play(book, at)
    play.do(Declare("Checkout is down", severity, "checkout", key="INC-1"))
    return play
