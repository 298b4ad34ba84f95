"""`warroom outbox`: what is on its way, what became of it, and whether a way is set up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.senders.servers import Answer, http_receiver, smtp_receiver
from tests.senders.staging import RULES
from tests.store.rooms import Hands
from warroom.cli.main import cli
from warroom.cli.settings import Settings
from warroom.cli.shapes import outbox as shapes
from warroom.domain.incident import Declare
from warroom.rulebook.load import read_rulebook
from warroom.service.session import Session
from warroom.store import outbox, settling
from warroom.store.outbox import SENT, Fate


class Desk:
    """A room in which two pages wait, and the command line on it."""

    def __init__(self, path: Path, delivery: str) -> None:
        self.path, self.hands = path, Hands()
        self.rules = read_rulebook({"rules.yaml": (RULES + delivery).encode()})
        with self.session() as session:
            session.execute(Declare("Checkout is down", "SEV1"))
            session.execute(Declare("A disk is full", "SEV3"))

    def session(self) -> Session:
        return Session(self.path, actor="mina", seed=lambda: self.rules, clock=self.hands)

    def settle(self, *fates: Fate) -> None:
        with self.session() as session:
            claimed = outbox.claim(session.database, "a", self.hands())
            settling.settle(session.database, "a", list(zip(claimed, fates, strict=True)), self.hands())

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, ["--db", str(self.path), *arguments], obj=Settings(clock=self.hands))

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        result = self(*arguments, "--json")
        return [json.loads(line) for line in result.stdout.splitlines()]


PLAIN = '\ndelivery:\n  ways:\n    chat: { to: ["json://x:${env:CHAT_KEY}@127.0.0.1:1/{address}"] }\n'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path / "room.db", PLAIN)


def test_messages_and_what_became_of_them_newest_first(desk: Desk) -> None:
    desk.settle(SENT, Fate("E-Mail: the server refused with 550", final=True))
    result = desk("outbox")
    assert result.exit_code == 0
    head, second, first = result.stdout.splitlines()
    assert head.split()[:6] == ["ID", "AT", "TO", "BY", "STATE", "TRIES"]
    assert second.split()[:5] == ["INC-2/3/1", "03-13", "10:00:00", "cy", "mail"]
    assert "given up" in second and "refused with 550" in second
    assert "sent" in first and "Checkout is down" in first
    assert [line for line in desk("outbox", "--failed").stdout.splitlines() if "INC-1/3/1" in line] == []
    assert len(desk("outbox", "--last", "1").stdout.splitlines()) == 2


def test_as_json(desk: Desk) -> None:
    desk.settle(SENT, Fate("silence", unsure=True))
    failed, sent = desk.json("outbox")
    assert list(failed) == list(shapes.OutboxMessage.model_fields)
    assert (failed["id"], failed["state"], failed["error"], failed["maybe_twice"]) == (
        "INC-2/3/1",
        "failed",
        "silence",
        True,
    )
    assert (sent["key"], sent["lane"], sent["to"], sent["next_at"]) == ("INC-1", "chat", "ada", None)
    assert sent["sent_at"] == "2024-03-13T10:00:00Z"
    assert desk.json("outbox", "--failed") == [failed]
    assert desk.json("--json", "outbox", "--failed") == [failed]


def test_what_nobody_sends_is_said(desk: Desk) -> None:
    desk.hands.now += timedelta(minutes=2)
    said = desk("outbox").stderr
    assert "chat: 1 message waits since 10:00 UTC; no running warroom has CHAT_KEY" in said
    assert "mail: 1 message waits since 10:00 UTC; no running warroom sends them" in said


def test_a_message_is_tried_anew(desk: Desk) -> None:
    desk.settle(SENT, Fate("no such mailbox", final=True))
    assert desk("outbox", "retry", "INC-2/3/1").stdout == "INC-2/3/1 was given up and is tried again now\n"
    assert desk.json("outbox")[0]["state"] == "queued"
    assert desk.json("outbox", "retry", "INC-2/3/1") == [{"id": "INC-2/3/1", "before": "queued"}]
    for key, words in (("INC-1/3/1", "is sent"), ("INC-9/9/9", "there is no message INC-9/9/9")):
        result = desk("outbox", "retry", key)
        assert result.exit_code == 1
        assert words in result.stderr


def test_an_empty_room_says_so(tmp_path: Path) -> None:
    rules = read_rulebook({"rules.yaml": RULES.encode()})
    with Session(tmp_path / "room.db", actor="mina", seed=lambda: rules):
        pass
    result = CliRunner().invoke(cli, ["--db", str(tmp_path / "room.db"), "outbox"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no message yet" in result.stderr


# Testing a way -------------------------------------------------------------------------------------------------------


def test_a_way_that_works(tmp_path: Path) -> None:
    with smtp_receiver() as mailbox, http_receiver(Answer(200)) as receiver:
        here = Desk(
            tmp_path / "room.db",
            f"""
delivery:
  ways:
    mail: {{ to: ["mailto://127.0.0.1:{mailbox.port}?from=w@example.org&to={{address}}"] }}
    chat: {{ to: ["json://127.0.0.1:{receiver.port}/{{address}}"] }}
  channels: {{ internal: {{ to: ["json://127.0.0.1:{receiver.port}/internal"] }} }}
  integrations: {{ pd: {{ kind: pagerduty, key: "env:PD_KEY", url: "{receiver.url}" }} }}
""",
        )
        result = here("outbox", "test", "mail", "me@example.org")
        assert (result.exit_code, result.stdout) == (0, "✔ mail to me@example.org: the receiver took it\n")
        assert mailbox.mails[0].to == ["me@example.org"]
        assert "warroom test" in mailbox.mails[0].content
        assert here("outbox", "test", "#leads").exit_code == 0
        assert receiver.got[-1].path == "/%23leads"
        assert here("outbox", "test", "channel:internal").exit_code == 0
        assert here.json("outbox", "test", "integration:pd") == [
            {"way": "integration:pd", "address": "", "good": False, "error": "PD_KEY is not set"}
        ]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PD_KEY", "0123456789")
            assert here("outbox", "test", "integration:pd").exit_code == 0
        assert [got.json["event_action"] for got in receiver.got[-2:]] == ["trigger", "resolve"]
        assert receiver.got[-1].json["dedup_key"] == receiver.got[-2].json["dedup_key"]
        # Nothing of it is in the room.
        assert {each["key"] for each in here.json("outbox")} == {"INC-1", "INC-2"}


def test_a_way_that_does_not_work_says_why(tmp_path: Path) -> None:
    with http_receiver(Answer(401)) as receiver:
        here = Desk(
            tmp_path / "room.db",
            f'\ndelivery:\n  ways: {{ chat: {{ to: ["json://127.0.0.1:{receiver.port}/{{address}}"] }} }}\n',
        )
        result = here("outbox", "test", "chat", "@me")
    assert (result.exit_code, result.stdout) == (1, "✗ chat to @me: JSON answered 401\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("chat", "@me"), 1, "✗ chat to @me: CHAT_KEY is not set"),
        (("sms", "+46"), 1, "the rules in force name nothing for sms; there is chat"),
        (("chat",), 2, "give the address that a test page goes to by chat"),
    ],
)
def test_what_cannot_be_tested(desk: Desk, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = desk("outbox", "test", *arguments)
    assert result.exit_code == code
    assert words in result.output


def test_without_the_section_there_is_nothing_to_test(tmp_path: Path) -> None:
    result = Desk(tmp_path / "room.db", "")("outbox", "test", "mail", "x@example.org")
    assert result.exit_code == 1
    assert "have no section delivery" in result.stderr
