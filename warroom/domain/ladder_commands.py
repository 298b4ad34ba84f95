"""What people can ask of the ladder of an incident (R5). What follows is decided in `ladder_acts` and `checkpoint`.

`seen` is what the asker saw when they decided; where somebody else was quicker, nothing happens and they are told.
"""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Command
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Acknowledge(Command):
    """Somebody has seen the page and is on it. `seen` is the level that was current when they looked."""

    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Unacknowledge(Command):
    """The acknowledgement was a mistake: the acknowledge timer goes on with what was left of it, at least a minute.
    `seen` is who had acknowledged when they looked."""

    names = ("seen",)
    lines = ("reason",)

    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class TakeOver(Command):
    """Acknowledge although somebody else has. `seen` is who that was when they looked, "" for nobody."""

    names = ("seen",)
    lines = ("reason",)

    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Decline(Command):
    """A person who was paged cannot take it ("not me"): the page moves on at once. `person` is "" for whoever asks."""

    names = ("person",)
    lines = ("reason",)

    person: str = ""
    reason: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Escalate(Command):
    """Bring in the next level now, or the one that is named, or page somebody without moving the ladder.

    `person` is a login, or any target ("team:payments"); `via` the one channel to page them by, "" for their own.
    """

    names = ("person", "via")
    lines = ("reason",)

    reason: str = ""
    person: str = ""
    seen: int | None = None
    level: int | None = None
    via: str = ""


@dataclass(frozen=True, slots=True)
class Repage(Command):
    """Page the current level again now; its acknowledge timeout begins anew."""

    lines = ("reason",)

    reason: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class SnoozeEscalation(Command):
    """Let the ladder rest until a moment, with a reason. A second snooze replaces the first."""

    lines = ("reason",)

    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wake(Command):
    """End a snooze before its time."""


@dataclass(frozen=True, slots=True)
class CallOff(Command):
    """Stop the escalation, with a reason, while the incident goes on."""

    lines = ("reason",)

    reason: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """Begin the ladder again, at the level on which it was called off."""

    lines = ("reason",)

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Confirm(Command):
    """Yes to the question that a level waits for. `seen` is the level that was asked about."""

    lines = ("reason",)

    reason: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Refuse(Command):
    """No to the question that a level waits for, with a reason: the level is passed over."""

    lines = ("reason",)

    reason: str = ""
    seen: int | None = None
