"""The state of one incident for somebody who comes in, or comes back (R11)."""

from __future__ import annotations

from datetime import datetime

from warroom.valueclass import dataclass
from warroom.views.incidents import SeverityFace
from warroom.words import mark


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing worth knowing, in words; by whom, when it was, and when it falls due, as far as that is known.

    `mark` says how it stands: "" for nothing in particular, "yes", "no", "running", "open" or "vacant".
    """

    text: str
    by: str = ""
    at: datetime | None = None
    due: datetime | None = None
    mark: str = ""

    def late(self, now: datetime) -> bool:
        """Whether it should have been by now."""
        return self.due is not None and self.due <= now


STILL_HERE = mark("you last did something")
"""Why something is told since a moment to somebody who never left."""


@dataclass(frozen=True, slots=True)
class CatchUpView:
    """All there is to know of one incident at `read_at`, each part with what matters most first.

    `since` is from when on `changed` says what is new, None where it says nothing; `since_why` says why from then.
    `more`: how many lesser changes there were besides.
    """

    key: str
    title: str
    severity: SeverityFace
    status: str
    status_since: datetime
    live: bool
    began: datetime
    read_at: datetime
    impact: tuple[Fact, ...] = ()
    why: tuple[Fact, ...] = ()
    roles: tuple[Fact, ...] = ()
    known: tuple[Fact, ...] = ()
    unknown: tuple[Fact, ...] = ()
    tried: tuple[Fact, ...] = ()
    running: tuple[Fact, ...] = ()
    decided: tuple[Fact, ...] = ()
    next: tuple[Fact, ...] = ()
    said: tuple[Fact, ...] = ()
    here: tuple[Fact, ...] = ()
    since: datetime | None = None
    since_why: str = ""
    changed: tuple[Fact, ...] = ()
    more: int = 0

    @property
    def here_all_along(self) -> bool:
        """Whether `since` is only when somebody who is here last did something."""
        return self.since_why == STILL_HERE

    @property
    def sections(self) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
        """The parts of the state with their names, in the order in which they are read."""
        return (
            ("impact", self.impact),
            ("severity", self.why),
            ("roles", self.roles),
            ("known", self.known),
            ("unknown", self.unknown),
            ("tried", self.tried),
            ("running", self.running),
            ("decided", self.decided),
            ("next", self.next),
            ("said", self.said),
            ("here", self.here),
        )
