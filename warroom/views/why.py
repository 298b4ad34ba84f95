"""Who was paged on one incident and who was not, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from warroom.valueclass import dataclass
from warroom.views.incidents import SeverityFace


class WhyState(StrEnum):
    """What a step meant for a person."""

    PAGED = "paged"
    TOLD = "told"  # heard of it, was asked for nothing
    PASSED = "passed over"  # looked at, and not paged
    ANSWERED = "answered"  # acknowledged, declined, ...
    SINCE = "since"  # nobody in particular: what holds from here on (a rule, a snooze, paging hours)
    NOT_FOUND = "not found"  # the step was taken, and its targets meant others
    AHEAD = "ahead"  # would be paged, or passed over, if nobody does anything
    NEVER = "never"  # no step finds them, neither one that was taken nor one that follows


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """What became of one message of a page; `state` "" for one that has none (any more)."""

    via: str
    state: str  # "queued", "sending", "sent", "failed", ...
    tries: int = 0
    sent_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One reason why a person was paged or not. `version` is the entry's number in the incident's record, 0 for what is
    not on it (yet). `person` "": nobody in particular. `at` None: at no time."""

    at: datetime | None
    state: WhyState
    person: str
    what: str  # the step in words
    why: str = ""  # the reason in words
    target: str = ""
    cause: str = ""
    level: int = 0
    cycle: int = 0
    repeat: int = 0
    version: int = 0
    deliveries: tuple[DeliveryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyView:
    """Who was paged on one incident and who was not, and why, the earliest first. With `person` only what is theirs."""

    key: str
    title: str
    severity: SeverityFace
    read_at: datetime
    person: str
    lines: tuple[WhyLine, ...] = ()
