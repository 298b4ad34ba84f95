"""What the rules want of updates (R10): what has to be said, who has to have read it, what nobody outside may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import timedelta

from warroom.domain.comms import Audience
from warroom.domain.policy import Target, TargetKind
from warroom.valueclass import dataclass

ASKED = (Target(TargetKind.ROLE, "communications-manager"), Target(TargetKind.ROLE, "incident-manager"))
"""Who is asked to review where neither the author nor the rules name somebody."""


@dataclass(frozen=True, slots=True)
class Scope:
    """To which updates something applies: those of one audience (None: both), of certain severities and channels
    (empty: all)."""

    audience: Audience | None = None
    severities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def covers(self, audience: Audience, severity: str, channels: Iterable[str]) -> bool:
        """Whether an update to these channels is meant."""
        if self.audience is not None and self.audience is not audience:
            return False
        if self.severities and severity not in self.severities:
            return False
        return not self.channels or any(name in self.channels for name in channels)


@dataclass(frozen=True, slots=True)
class Must:
    """What an update has to say. `refuse`: one that does not is refused; else whoever sends it is asked once more."""

    items: tuple[str, ...]
    scope: Scope = Scope()
    refuse: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """How a team words an item of the checklist in its own language: phrases that show it was said, and the sentence
    that says it is not known ("" for warroom's own)."""

    phrases: tuple[str, ...] = ()
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class UpdateRules:
    """All of it. `reviewed`: which updates somebody else has to approve; `ask`: who is asked where nobody is named;
    `answer_within`: after how long without an answer the author may send it all the same, with a reason. `inside`:
    words of the house that nobody outside may read."""

    must: tuple[Must, ...] = ()
    reviewed: tuple[Scope, ...] = ()
    ask: tuple[Target, ...] = ASKED
    answer_within: timedelta = timedelta(minutes=10)
    items: Mapping[str, Wording] = field(default_factory=dict)
    inside: tuple[str, ...] = ()

    def needs_review(self, audience: Audience, severity: str, channels: Iterable[str]) -> bool:
        """Whether an update may only go out when somebody else has approved it."""
        named = tuple(channels)
        return any(scope.covers(audience, severity, named) for scope in self.reviewed)
