"""Where messages go (R9), as the rulebook has it: by way, by chat room, by channel and to other incident systems.

No secret stands here, only where it is to be found: `env:NAME`, `file:PATH`, `cmd:COMMAND`, or `${env:NAME}` inside an
address. Whoever sends looks it up at the last moment (`warroom.senders.secrets`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import timedelta
from enum import StrEnum

from warroom.domain.conditions import ALWAYS, Condition
from warroom.valueclass import dataclass

PATIENCE = timedelta(seconds=60)
"""How long a page may take to go out before the person's next contact is tried."""
TIMEOUT = timedelta(seconds=8)
"""How long a receiver may take to answer."""


class System(StrEnum):
    """Incident systems that keep a state of their own: an alert is triggered, acknowledged and resolved there."""

    PAGERDUTY = "pagerduty"
    OPSGENIE = "opsgenie"
    JSM = "jsm"
    SPLUNK_ONCALL = "splunk-oncall"


@dataclass(frozen=True, slots=True)
class Route:
    """How messages of one lane go out: address templates, first the preferred, the others when it fails.

    `per_minute`: the most messages that one receiver gets in a minute. `sign`: where the key is found that webhooks are
    signed with.
    """

    to: tuple[str, ...]
    timeout: timedelta = TIMEOUT
    per_minute: int | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Integration:
    """Another incident system: which incidents it gets, and how it is reached.

    `key` says where its key is found, `url` is its base address ("" for the vendor's own). `routing` is Splunk
    On-Call's routing key. An incident is sent there whose severity is one of `severities` (all of them when empty) and
    for which `when` holds.
    """

    name: str
    system: System
    key: str
    url: str = ""
    routing: str = ""
    severities: tuple[str, ...] = ()
    when: Condition = ALWAYS
    timeout: timedelta = TIMEOUT
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Bundling:
    """When more than `most` pages for one receiver would go out within `within`, they go as one message."""

    most: int = 5
    within: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Delivery:
    """All of it. Every mapping is by name: ways ("sms"), chat rooms ("#incident-major"), channels ("internal")."""

    ways: Mapping[str, Route] = field(default_factory=dict)
    rooms: Mapping[str, Route] = field(default_factory=dict)
    channels: Mapping[str, Route] = field(default_factory=dict)
    integrations: Mapping[str, Integration] = field(default_factory=dict)
    bundling: Bundling | None = Bundling()
    patience: timedelta = PATIENCE

    def at(self, lane: str) -> Route | Integration | None:
        """What serves a lane; None where the rules name nothing for it."""
        kind, colon, name = lane.partition(":")
        if lane.startswith("#"):
            return self.rooms.get(lane) or self.ways.get("chat")
        if colon and kind == "channel":
            return self.channels.get(name)
        if colon and kind == "integration":
            return self.integrations.get(name)
        return self.ways.get(lane)

    def lanes(self) -> Iterator[tuple[str, Route | Integration]]:
        """Every lane that is named."""
        yield from self.ways.items()
        yield from self.rooms.items()
        for name, route in self.channels.items():
            yield channel_lane(name), route
        for name, integration in self.integrations.items():
            yield integration_lane(name), integration


def page_lane(to: str, via: str, rules: Delivery | None) -> str:
    """The lane of a page: that of the way, unless it goes to a chat room for which the rules name its own."""
    return to if rules is not None and via == "chat" and to in rules.rooms else via


def channel_lane(channel: str) -> str:
    """The lane of updates on a channel of communication."""
    return f"channel:{channel}"


def integration_lane(name: str) -> str:
    """The lane of another incident system."""
    return f"integration:{name}"


def lane_of(kind: str, via: str) -> str:
    """The lane of a message that an older program wrote, which named none."""
    return channel_lane(via) if kind == "update" else via


def lane_words(lane: str) -> str:
    """A lane as a person calls it: "sms", "#incident-major", "channel internal"."""
    return lane.replace(":", " ")
