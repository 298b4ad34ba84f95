"""A room whose messages really go out: rules, one sender process, and what tests ask of both.

Time in the room is moved by hand; the receivers are real servers on loopback, so what is waited for is only that a
thread comes back.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.senders.servers import HttpReceiver, Mailbox
from tests.store.rooms import Hands
from warroom.domain.core import Command
from warroom.domain.incident import Declare
from warroom.domain.room import Room
from warroom.senders.secrets import Secrets
from warroom.senders.worker import Worker
from warroom.service.session import Session
from warroom.store import outbox_read
from warroom.store.outbox_read import Kept

RULES = """
room: { name: main room, prefix: INC }
severities:
  SEV1: { rank: 1, glyph: "!", title: critical, major: true, policy: urgent }
  SEV3: { rank: 3, glyph: "-", title: minor, major: false, policy: calm }
role_defaults: { remind_every: 5m, remind_times: 3, offer_lapses: 10m }
roles: { incident-manager: { title: incident manager } }
policies:
  urgent:
    levels:
      - { label: primary, targets: ["person:ada"], via: [chat], ack_timeout: 10m }
      - { label: backup, targets: ["person:bo"], via: [chat], ack_timeout: 10m }
  calm:
    levels:
      - { label: all, targets: ["person:cy"], ack_timeout: 10m }
people:
  ada: { name: Ada, contacts: { chat: "@ada", mail: ada@example.org, push: "ada-topic" } }
  bo: { name: Bo, contacts: { chat: "@bo" } }
  cy: { name: Cy, contacts: { mail: cy@example.org } }
chat_rooms: { "#leads": leads }
channels: { internal: { title: internal, audience: internal }, public: { title: public, audience: external } }
reminders: []
watch: { channel: public, cadence: 30m }
"""


@dataclass
class Stage:
    """A room with its receivers and one sender process."""

    session: Session
    hands: Hands
    worker: Worker
    monotonic: list[float] = field(default_factory=lambda: [0.0])

    def declare(self, severity: str = "SEV1", title: str = "Checkout is down") -> str:
        return self.session.execute(Declare(title, severity)).key

    def do(self, command: Command, key: str = "INC-1", actor: str = "ada") -> None:
        self.session.execute(command, key, actor=actor)

    def room(self, key: str = "INC-1") -> Room:
        return self.session.room(key)

    def messages(self) -> dict[str, Kept]:
        return {each.message.id: each for each in reversed(outbox_read.listing(self.session.database))}

    def states(self) -> list[tuple[str, str, str]]:
        found = sorted(self.messages().values(), key=lambda each: (each.message.created_at, each.message.id))
        return [(each.message.to, each.message.via, each.state) for each in found]

    def events(self, kind: type[Any], key: str = "INC-1") -> list[Any]:
        return [entry.event for _, entry, _ in self.session.log(key) if isinstance(entry.event, kind)]

    def run(self, passes: int = 1) -> None:
        """Let the sender work until nothing is under way."""
        for _ in range(passes):
            self.worker.pass_once(self.session)
            self.settle()

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until every try has come back, and let what became of it be written down."""
        until = time.monotonic() + seconds
        lanes = self.worker._lanes
        while lanes is not None and not lanes.idle:
            assert time.monotonic() < until, "a try did not come back"
            self.worker._wake.wait(0.01)
            self.worker._wake.clear()
            self.worker.pass_once(self.session)
        self.worker.pass_once(self.session)

    def later(self, seconds: float) -> None:
        """Time passes, for the room and for the process."""
        self.hands.move(seconds)
        self.monotonic[0] += seconds


Opener = Callable[..., Stage]


def sender(hands: Hands, monotonic: list[float], environment: dict[str, str]) -> Worker:
    """One process that sends."""

    def never(_: object) -> None:
        raise AssertionError("everything goes by the rules")

    def no_session() -> Session:
        raise AssertionError("this test hands its session over itself")

    return Worker(
        no_session,
        never,
        hands,
        monotonic=lambda: monotonic[0],
        secrets=Secrets(environment=environment),
        chance=random.Random(7),
    )


def ways(chat: HttpReceiver, mail: Mailbox | None = None, more: str = "") -> str:
    text = f"""
delivery:
  ways:
    chat: {{ to: ["json://127.0.0.1:{chat.port}/{{address}}"], timeout: 2s }}
"""
    if mail is not None:
        text += f"""
    mail: {{ to: ["mailto://127.0.0.1:{mail.port}?from=w@example.org&to={{address}}"], timeout: 2s }}
"""
    return text + more
