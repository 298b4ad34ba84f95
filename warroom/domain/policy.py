"""Escalation policies as the rulebook has them (R5): levels, whom they name, and the pages that come of it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from warroom.valueclass import dataclass

if TYPE_CHECKING:
    from warroom.domain.conditions import Condition


class TargetKind(StrEnum):
    """Whom a level, a role or a reminder may name."""

    PERSON = "person"
    ONCALL = "oncall"
    TEAM = "team"
    ROLE = "role"
    CHANNEL = "channel"
    ROOM = "room"  # `stage`: the chat room in which the incident is worked on now
    LEVEL = "level"  # the next level of the incident's own policy
    SERVICE = "service"  # of the incident's service: `owner`, its team, or `oncall`, its schedule or list
    MANAGER = "manager"  # of those who were `paged` last, or of the incident manager (`lead`)


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody or something to be paged: `oncall:primary`, `role:incident-manager`, `channel:#incident-major`."""

    kind: TargetKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


class Mode(StrEnum):
    """Who of a level is paged: everybody it names, or one after the other in turn."""

    ALL = "all"
    ROUND_ROBIN = "round_robin"


class Otherwise(StrEnum):
    """What comes of a question that nobody answers: the level is paged all the same, or passed over."""

    PROCEED = "proceed"
    SKIP = "skip"


class Last(StrEnum):
    """What comes after the last level of the last cycle: the policy ends, or its last level is paged on and on."""

    END = "end"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Ask:
    """A human checkpoint: one of `by` has to confirm before a level is paged. After `within`, and when none of them can
    be reached, `otherwise` applies, so that the question can never be where everything stops."""

    by: tuple[Target, ...]
    within: timedelta
    otherwise: Otherwise = Otherwise.PROCEED


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a policy. `via`: by which channels, first the preferred; empty means each person's own order.

    `warn`: how long before its page goes out the people of the level before are told. `when`: the level is passed over
    where this does not hold. `confirm` is asked first, only where `confirm_when` holds if that is given. The targets
    are responsible; `accountable` are named with the level, `consulted` and `informed` are told of it and asked for
    nothing.
    """

    label: str
    targets: tuple[Target, ...]
    via: tuple[str, ...] = ()
    ack_timeout: timedelta | None = None
    resolve_timeout: timedelta | None = None
    repeat: int = 0
    warn: timedelta | None = None
    mode: Mode = Mode.ALL
    when: Condition | None = None
    accountable: tuple[Target, ...] = ()
    consulted: tuple[Target, ...] = ()
    informed: tuple[Target, ...] = ()
    confirm: Ask | None = None
    confirm_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """An escalation policy: its levels in order, how often the whole of it is run, and what comes then.

    With `last` STAY the level that was paged last is paged again every `stay_every` (None: its acknowledge timeout).
    Else `then` is paged, and the escalation goes on under the policy `fallback`, or is exhausted where that is "" or
    has run in this escalation already.
    """

    name: str
    levels: tuple[Level, ...]
    cycles: int = 1
    then: tuple[Target, ...] = ()
    fallback: str = ""
    last: Last = Last.END
    stay_every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PageTo:
    """One page: to whom, by which channel, and why this person was found ("oncall:primary")."""

    to: str
    via: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody (or, with `to` "", a target as a whole) who was not paged, and why."""

    to: str
    target: str
    why: str
