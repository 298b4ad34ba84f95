"""Escalation policies as the rulebook has them (R5): levels, whom they name, and the pages that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TargetKind(StrEnum):
    """Whom a level, a role or a reminder may name."""

    PERSON = "person"
    ONCALL = "oncall"
    TEAM = "team"
    ROLE = "role"
    CHANNEL = "channel"
    LEVEL = "level"  # the next level of the incident's own policy


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody or something to be paged: `oncall:primary`, `role:incident-manager`, `channel:#incident-major`."""

    kind: TargetKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a policy. `via`: by which channels, first the preferred; empty means each person's own order."""

    label: str
    targets: tuple[Target, ...]
    via: tuple[str, ...] = ()
    ack_timeout: timedelta | None = None
    resolve_timeout: timedelta | None = None
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """An escalation policy: its levels in order, how often the whole of it is run, and who is last of all."""

    name: str
    levels: tuple[Level, ...]
    cycles: int = 1
    then: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class PageTo:
    """One page: to whom, by which channel, and why this person was found ("oncall:primary")."""

    to: str
    via: str
    target: str = ""
