"""Fixtures of what goes out: the room with its sender (`stage`), and receivers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.senders.servers import Answer, HttpReceiver, Mailbox, http_receiver, smtp_receiver
from tests.senders.staging import RULES, Opener, Stage, sender
from tests.store.rooms import Hands
from warroom.rulebook.load import read_rulebook
from warroom.service.session import Session


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Opener]:
    with ExitStack() as stack:

        def opened(delivery: str, environment: dict[str, str] | None = None) -> Stage:
            rules = read_rulebook({"rules.yaml": (RULES + delivery).encode()})
            hands, monotonic = Hands(), [0.0]
            session = stack.enter_context(Session(tmp_path / "room.db", actor="mina", seed=lambda: rules, clock=hands))
            worker = sender(hands, monotonic, environment or {})
            return Stage(session, hands, worker, monotonic)

        yield opened


@pytest.fixture
def chat() -> Iterator[HttpReceiver]:
    with http_receiver(Answer(200)) as made:
        yield made


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with smtp_receiver() as made:
        yield made
