"""What happens to an incident itself: it is declared, moves on, is assessed anew, corrected, merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from warroom.domain.core import Event, happens
from warroom.domain.incident_state import Status
from warroom.valueclass import dataclass


@happens("declared")
@dataclass(frozen=True, slots=True)
class Declared(Event):
    """An incident exists. `parent` is the one that it is a part of, with its title then; "" for most."""

    key: str
    title: str
    severity: str
    revision: str
    service: str = ""
    summary: str = ""
    started_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    reporter: str = ""
    detection: str = ""
    environment: str = ""
    region: str = ""
    tier: str = ""
    impact: str = ""
    products: tuple[str, ...] = ()
    category: str = ""
    type: str = ""
    description: str = ""
    cluster: str = ""
    deploy: str = ""
    detected_at: datetime | None = None
    parent: str = ""
    parent_title: str = ""


@happens("status_changed")
@dataclass(frozen=True, slots=True)
class StatusChanged(Event):
    """The incident moved on, or back. `happened_at` is set where it was not now: an imported one.

    `ended_at`: when the business impact was over, where that was not now. `left_open`: what was still open when
    it was resolved, and `doubts` which of its times cannot be true, in words.
    """

    before: Status
    to: Status
    reason: str = ""
    happened_at: datetime | None = None
    ended_at: datetime | None = None
    left_open: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@happens("severity_changed")
@dataclass(frozen=True, slots=True)
class SeverityChanged(Event):
    """It is worse or milder than was thought. `rule`: which one found so, "" for a person or a provider."""

    before: str
    to: str
    reason: str
    rule: str = ""


@happens("amended")
@dataclass(frozen=True, slots=True)
class Amended(Event):
    """What is known of it was corrected; None: unchanged. `unknown`: what nobody knows after all."""

    title: str | None = None
    service: str | None = None
    summary: str | None = None
    started_at: datetime | None = None
    impact: str | None = None
    reason: str = ""
    environment: str | None = None
    region: str | None = None
    tier: str | None = None
    labels: Mapping[str, str] | None = None
    source: str | None = None
    reporter: str | None = None
    detection: str | None = None
    products: tuple[str, ...] | None = None
    category: str | None = None
    type: str | None = None
    description: str | None = None
    internal: int | None = None
    external: int | None = None
    cases: int | None = None
    cluster: str | None = None
    deploy: str | None = None
    detected_at: datetime | None = None
    declared_at: datetime | None = None
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    unknown: tuple[str, ...] = ()


@happens("assessed")
@dataclass(frozen=True, slots=True)
class Assessed(Event):
    """Somebody answered the questions about how bad it is. `proposed`: what the rulebook's table makes of it."""

    impact: str = ""
    urgency: str = ""
    proposed: str = ""
    answers: tuple[tuple[str, str], ...] = ()


@happens("cases_counted")
@dataclass(frozen=True, slots=True)
class CasesCounted(Event):
    """Support has so many cases now."""

    cases: int
    before: int | None = None


@happens("merged")
@dataclass(frozen=True, slots=True)
class Merged(Event):
    """It is a duplicate of `into`."""

    into: str
    reason: str = ""


@happens("absorbed")
@dataclass(frozen=True, slots=True)
class Absorbed(Event):
    """`key` was a duplicate of this incident; `worse`: it had been declared with a worse severity than this one has."""

    key: str
    title: str
    severity: str = ""
    worse: bool = False
    reason: str = ""


@happens("rules_moved")
@dataclass(frozen=True, slots=True)
class RulesMoved(Event):
    """The incident goes on under another revision of the rules than it began with."""

    before: str
    to: str
