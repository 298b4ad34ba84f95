"""What people ask for about an incident itself: declare, move on, assess, correct, merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from warroom.domain.core import Command
from warroom.domain.incident_state import Status
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Declare(Command):
    """There is an incident. `key` is given by the store, in the same transaction.

    `parent`: the key of the incident that it is a part of; what is left out here is taken from there.
    """

    lines = (
        *("title", "service", "source", "reporter", "detection", "environment", "region", "tier", "impact"),
        *("category", "type", "cluster", "deploy"),
    )
    names = ("severity", "parent")
    blocks = ("summary", "description")

    title: str
    severity: str
    service: str = ""
    summary: str = ""
    started_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
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


@dataclass(frozen=True, slots=True)
class SetStatus(Command):
    """Move the incident to a stage. `seen`: the stage that the asker saw.

    Who resolves an incident may say at once when its impact started, was detected, was mitigated and was over
    (`ended_at`, None: now).
    """

    lines = ("reason",)

    to: Status
    reason: str = ""
    seen: Status | None = None
    started_at: datetime | None = None
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetSeverity(Command):
    """Re-assess how bad it is; needs a reason. `seen`: the severity that the asker saw."""

    names = ("to",)
    lines = ("reason",)

    to: str
    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Assess(Command):
    """Answer the questions about how bad it is, and set the severity that follows.

    `impact` and `urgency` are words of the rulebook's table. `to` None: what the table proposes; "" leaves the severity
    as it is. `seen`: the severity that the asker saw.
    """

    lines = ("impact", "urgency", "reason")
    names = ("to",)

    impact: str = ""
    urgency: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    to: str | None = None
    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class CountCases(Command):
    """Count the cases that support has: `more` than there were, or `total` of them."""

    more: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Amend(Command):
    """Correct what is known of the incident; None leaves a field as it is. `labels` are added to those there are, and
    one without a value is taken away.

    `unknown` names the times and numbers that nobody knows after all. `seen`: by field, what the asker saw of those
    they change, as text (`correcting.as_text`); a field that somebody else changed meanwhile is not overwritten.
    """

    lines = (
        *("title", "service", "reason", "environment", "region", "tier", "impact"),
        *("source", "reporter", "detection", "category", "type", "cluster", "deploy"),
    )
    blocks = ("summary", "description")

    title: str | None = None
    service: str | None = None
    summary: str | None = None
    started_at: datetime | None = None
    reason: str = ""
    environment: str | None = None
    region: str | None = None
    tier: str | None = None
    impact: str | None = None
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
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merge(Command):
    """This incident is a duplicate of `into`, under which it is worked on: it is closed. `Absorb` belongs to it."""

    names = ("into",)
    lines = ("reason",)

    into: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Absorb(Command):
    """The other half of `Merge`: `key` turned out to be this incident, and is worked on here."""

    names = ("key", "severity")
    lines = ("title", "reason")

    key: str
    title: str = ""
    severity: str = ""
    reason: str = ""
