"""What `--json` prints of one incident, what it is made of, its record, and what a command did to it. See `shapes`."""

from __future__ import annotations

from typing import Any

from warroom.cli.shapes import Shape, Time


class Times(Shape):
    """The times of an incident that are kept apart."""

    started: Time | None
    detected: Time | None
    declared: Time
    acknowledged: Time | None
    mitigated: Time | None
    resolved: Time | None
    closed: Time | None
    status_since: Time


class Tick(Shape):
    """A duty that was ticked off."""

    duty: str
    by: str
    at: Time


class Role(Shape):
    """One role of an incident."""

    role: str
    holder: str
    since: Time | None
    required: bool
    due: Time | None
    offered_to: str
    offered_by: str
    offer_lapses_at: Time | None
    read_back: str
    also: list[str]
    deputies: list[str]
    added: bool
    handover_at: Time | None
    handover_to: str
    done: list[Tick]


class Escalation(Shape):
    """Where the escalation of an incident stands."""

    policy: str
    revision: str
    phase: str
    level: int
    cycle: int
    repeat: int
    acked_by: str
    acked_at: Time | None
    next_at: Time | None
    snoozed_until: Time | None
    snooze_reason: str
    exhausted_at: Time | None


class Stream(Shape):
    """One channel of an incident and the silence on it."""

    channel: str
    audience: str
    due: Time | None
    promised: bool
    last_at: Time | None
    count: int
    every_s: float | None
    late: bool


class Deadline(Shape):
    """One thing that falls due by itself."""

    name: str
    at: Time


class Held(Shape):
    """That a rule wants nobody paged for an incident."""

    why: str
    key: str
    until: Time | None


class Link(Shape):
    """An address that belongs to an incident, or another incident."""

    key: str
    kind: str
    to: str
    title: str
    incident: str
    status: str


class Assessed(Shape):
    """How the severity of an incident was found."""

    at: Time
    by: str
    impact: str
    urgency: str
    proposed: str
    answers: dict[str, str]


class Incident(Shape):
    """One incident as it is now, or as it was at `as_of`."""

    key: str
    title: str
    severity: str
    status: str
    live: bool
    service: str
    summary: str
    impact: str
    description: str
    products: list[str]
    category: str
    type: str
    customers: int | None
    colleagues: int | None
    cases: int | None
    environment: str
    region: str
    cluster: str
    tier: str
    deploy: str
    priority: str
    owner: str
    source: str
    reporter: str
    detection: str
    labels: dict[str, str]
    components: list[str]
    provider: str
    source_id: str
    url: str
    declared_by: str
    held: Held | None
    merged_into: str
    absorbed: list[str]
    links: list[Link]
    assessment: Assessed | None
    times: Times
    lead: str
    roles: list[Role]
    escalation: Escalation
    streams: list[Stream]
    deadlines: list[Deadline]
    version: int
    as_of: Time | None


class Assessment(Shape):
    """What an assessment would make of an incident; nothing was done."""

    key: str
    severity: str
    impact: str
    urgency: str
    proposed: str
    changes: list[str]
    questions: list[str]


class Topic(Shape):
    """The topic line for the chat room of an incident."""

    key: str
    topic: str


class LogLine(Shape):
    """One line of the record."""

    key: str
    seq: int
    version: int
    at: Time
    recorded_at: Time
    due: Time | None
    late_s: float | None
    actor: str
    kind: str
    text: str
    data: dict[str, Any]


class Acted(Incident):
    """The incident after a command, and what the command did."""

    events: list[LogLine]
