"""What `--json` prints of what follows by itself on an incident, and why it did. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class Found(Shape):
    """Somebody whom a step finds."""

    to: str
    via: list[str]
    target: str
    because: str


class PassedOver(Shape):
    """Somebody whom a step passes over."""

    to: str
    target: str
    why: str


class ForecastLine(Shape):
    """One step that follows by itself."""

    key: str
    step: int
    at: Time
    in_s: float
    kind: str
    what: str
    cause: str
    policy: str
    level: int
    cycle: int
    repeat: int
    role: str
    channel: str
    pages: list[Found]
    told: list[Found]
    passed: list[PassedOver]


class Delivery(Shape):
    """What became of one message."""

    via: str
    state: str
    tries: int
    sent_at: Time | None
    error: str


class WhyLine(Shape):
    """One reason why somebody was paged, or not."""

    key: str
    version: int
    at: Time | None
    state: str
    person: str
    what: str
    why: str
    target: str
    cause: str
    level: int
    cycle: int
    repeat: int
    deliveries: list[Delivery]
