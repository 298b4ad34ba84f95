"""The escalation of one incident: its levels, and what became of each page."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from warroom.valueclass import dataclass
from warroom.views.incidents import NO_PAGE, NextPage


class LevelState(StrEnum):
    """Where a level of the ladder stands."""

    DONE = "done"  # paged, passed on
    CURRENT = "current"  # paged, its timers run
    NEXT = "next"  # the next to be paged
    LATER = "later"
    EMPTY = "empty"  # fell through: nobody to page


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the latest page to one person by one way: queued, sending, sent, failed, unknown, given up,
    bundled or acknowledged."""

    to: str
    via: str
    state: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A human checkpoint: level `level` is not paged before one of `asked` confirms; after `due` it is `otherwise`."""

    level: int
    asked: tuple[str, ...]
    due: datetime
    otherwise: str  # "paged all the same", "passed over"


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of the escalation policy and what became of it."""

    number: int
    label: str
    state: LevelState
    targets: tuple[str, ...] = ()  # who was paged ("mina", "#incident-major"), or would be
    via: tuple[str, ...] = ()  # "sms", "chat"
    paged_at: datetime | None = None
    repeat: int = 0  # how often it was paged again
    repeats: int = 0  # of how many
    acked_by: str = ""
    acked_at: datetime | None = None
    due: datetime | None = None  # when this level is (expected to be) paged
    note: str = ""  # "acknowledge timeout", "resolve timeout", "nobody on call", ...
    fates: tuple[Fate, ...] = ()  # how far each page has come
    declined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderView:
    """The escalation panel of one incident."""

    policy: str = ""
    revision: str = ""
    cycle: int = 1
    cycles: int = 1
    next: NextPage = NO_PAGE
    levels: tuple[LevelLine, ...] = ()
    level: int = 0  # the level that was paged last, 0 before the first page
    then: str = ""  # what comes after the last level, in words
    then_at: datetime | None = None  # when that is, if nobody does anything
    acked_by: str = ""
    lapses_at: datetime | None = None  # when the acknowledgement counts no more, unless somebody does something
    asked: tuple[str, ...] = ()  # on whom the current page rests
    question: Question | None = None
    newer_rules: str = ""  # the revision in force, where the incident runs under another one
