"""Pages really go out: a room, its outbox, and receivers that work, fail, stall, refuse and ask for a pause.

Time in the room is moved by hand; the receivers are real servers on loopback, so what is waited for is only that a
thread comes back.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.senders.servers import RESET, STALL, Answer, HttpReceiver, Mailbox, http_receiver, smtp_receiver
from tests.store.db_support import Child
from tests.store.rooms import Hands
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command
from warroom.domain.delivery import PageFailed, SendFailed
from warroom.domain.escalation import Acknowledge, Escalate, Phase, Why
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.room import Room
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.senders.secrets import Secrets
from warroom.senders.worker import Worker
from warroom.service.session import Session
from warroom.store import outbox, outbox_read
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

    def settle(self, seconds: float = 10.0) -> None:
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


@pytest.fixture
def chat() -> Iterator[HttpReceiver]:
    with http_receiver(Answer(200)) as made:
        yield made


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with smtp_receiver() as made:
        yield made


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


def test_a_page_goes_out_to_the_person_by_the_way_that_the_level_names(stage: Opener, chat: HttpReceiver) -> None:
    here = stage(ways(chat))
    here.declare()
    here.run()
    assert [got.path for got in chat.got] == ["/@ada"]
    assert chat.got[0].json["title"] == "INC-1 SEV1 Checkout is down"
    assert here.states() == [("ada", "chat", "sent")]
    assert here.room().delivery.lost == ()


def test_without_the_section_nothing_leaves_the_machine(stage: Opener) -> None:
    here = stage("")
    here.declare()
    got: list[str] = []
    here.worker.send = lambda message: got.append(message.id)
    here.run()
    assert len(got) == 1
    assert here.states() == [("ada", "chat", "sent")]


def test_a_refusal_pages_the_next_contact_at_once(stage: Opener, chat: HttpReceiver, mail: Mailbox) -> None:
    chat.answers = [Answer(404)]
    here = stage(ways(chat, mail))
    here.declare()
    here.run(2)
    assert here.states() == [("ada", "chat", "given up"), ("ada", "mail", "sent")]
    assert [letter.to for letter in mail.mails] == [["ada@example.org"]]
    (failed,) = here.events(PageFailed)
    assert (failed.to, failed.via, failed.error) == ("ada", "chat", "JSON answered 404")
    assert [(page.to, page.via) for page in failed.pages] == [("ada", "mail")]
    assert "did not go out" in mail.mails[0].content.replace("=\n", "")
    # Somebody of the level is reached: the ladder waits for them as planned.
    assert here.room().escalation.level == 1


def test_a_receiver_that_is_down_is_tried_again_with_back_off(stage: Opener, chat: HttpReceiver) -> None:
    chat.answers = [Answer(500), Answer(503), Answer(200)]
    here = stage(ways(chat))
    here.declare()
    here.run()
    first = here.messages()["INC-1/3/1"]
    assert (first.state, first.message.tries) == ("failed", 1)
    wait = (first.next_at - here.hands()).total_seconds()
    assert 0.5 <= wait <= 1.0
    here.run()
    assert len(chat.got) == 1
    here.later(1)
    here.run()
    second = here.messages()["INC-1/3/1"]
    assert (second.state, second.message.tries) == ("failed", 2)
    assert 2.5 <= (second.next_at - here.hands()).total_seconds() <= 5.0
    here.later(5)
    here.run()
    assert here.states() == [("ada", "chat", "sent")]
    assert len({got.headers["Idempotency-Key"] for got in chat.got}) == 1
    assert here.events(PageFailed) == []


def test_a_page_that_is_not_out_in_time_goes_to_the_next_contact_and_is_tried_on(
    stage: Opener, chat: HttpReceiver, mail: Mailbox
) -> None:
    chat.answers = [Answer(500)]
    here = stage(ways(chat, mail))
    here.declare()
    for _ in range(4):
        here.run()
        here.later(15)
    assert len(here.events(PageFailed)) == 1
    here.run()
    assert [letter.to for letter in mail.mails] == [["ada@example.org"]]
    chat.answers = [Answer(200)]
    here.later(400)
    here.run()
    assert here.states() == [("ada", "chat", "sent"), ("ada", "mail", "sent")]
    assert len(here.events(PageFailed)) == 1


def test_a_page_of_a_quarter_of_an_hour_ago_is_given_up(stage: Opener, chat: HttpReceiver, mail: Mailbox) -> None:
    chat.answers = [Answer(500)]
    here = stage(ways(chat, mail))
    here.declare()
    for _ in range(12):
        here.run()
        here.later(120)
    assert here.states()[0] == ("ada", "chat", "given up")
    assert len(here.events(PageFailed)) == 1


def test_whoever_asks_for_a_pause_gets_it_and_the_page_takes_another_way(
    stage: Opener, chat: HttpReceiver, mail: Mailbox
) -> None:
    chat.answers = [Answer(429, {"Retry-After": "20"}), Answer(429, {"Retry-After": "300"}), Answer(200)]
    here = stage(ways(chat, mail))
    here.declare()
    here.run()
    wait = here.messages()["INC-1/3/1"].next_at - here.hands()
    assert timedelta(seconds=20) <= wait <= timedelta(seconds=21)
    assert here.events(PageFailed) == []
    here.later(21)
    here.run(2)
    # 300 s are more than a page can wait.
    assert len(here.events(PageFailed)) == 1
    assert len(mail.mails) == 1


def test_when_nobody_of_a_level_can_be_reached_the_ladder_moves_on_at_once(stage: Opener, chat: HttpReceiver) -> None:
    chat.answers = [Answer(400), Answer(200)]
    here = stage(ways(chat))
    here.declare()
    here.run()
    assert here.states()[0] == ("ada", "chat", "given up")
    # Her mail and push have no address in the rules: they fail as well, and then nobody is left of level 1.
    here.run(4)
    failed = here.events(PageFailed)
    assert [(each.via, bool(each.pages)) for each in failed] == [("chat", True), ("mail", True), ("push", False)]
    assert failed[1].error == "the rules in force name no address for mail"
    assert failed[2].nobody == "nobody could be reached: ada by chat mail push"
    state = here.room().escalation
    assert (state.level, state.history[-1].why) == (2, Why.UNDELIVERED)
    assert chat.got[-1].path == "/@bo"
    assert here.hands() == state.since


def test_when_nobody_at_all_can_be_reached_the_policy_is_exhausted_loudly(stage: Opener, chat: HttpReceiver) -> None:
    chat.answers = [Answer(403)]
    here = stage(ways(chat))
    here.declare()
    here.run(8)
    assert here.room().escalation.phase is Phase.EXHAUSTED
    words = [line.text for line, _, _ in here.session.log("INC-1")]
    assert any("nobody could be reached" in each for each in words)


def test_a_receiver_that_never_answers_holds_up_nobody_else(stage: Opener, mail: Mailbox) -> None:
    with http_receiver(Answer(STALL)) as stalled:
        here = stage(ways(stalled, mail, "  bundle: { more_than: 1000, within: 1s }\n"))
        for number in range(12):
            here.declare("SEV1", f"stalled {number}")
        here.declare("SEV3", "for cy by mail")
        here.worker.pass_once(here.session)
        until = time.monotonic() + 5
        while ("cy", "mail", "sent") not in here.states() and time.monotonic() < until:
            here.worker._wake.wait(0.01)
            here.worker.pass_once(here.session)
        assert [letter.to for letter in mail.mails] == [["cy@example.org"]]
        # No more than a few wait there at once.
        assert len(stalled.got) <= 4
        here.later(16)  # longer than any try may take
        here.worker.pass_once(here.session)
        states = [each for each in here.messages().values() if each.state == "failed"]
        assert len(states) == 4
        assert {each.error for each in states} == {"no answer within 15 s"}
        # Nobody knows whether it got them.
        assert all(each.message.maybe_twice for each in states)


def test_a_dead_line_leaves_it_open_and_the_second_one_says_so(stage: Opener, chat: HttpReceiver) -> None:
    chat.answers = [Answer(RESET), Answer(200)]
    here = stage(ways(chat))
    here.declare()
    here.run()
    assert here.messages()["INC-1/3/1"].message.maybe_twice
    here.later(1)
    here.run()
    assert "Sent again: this may have reached you before." in chat.got[1].json["message"]
    assert chat.got[0].headers["Idempotency-Key"] == chat.got[1].headers["Idempotency-Key"]


def test_a_second_address_is_tried_when_the_first_one_fails(stage: Opener, chat: HttpReceiver) -> None:
    with http_receiver(Answer(500)) as broken:
        here = stage(
            f"""
delivery:
  ways:
    chat:
      to: ["json://127.0.0.1:{broken.port}", "json://127.0.0.1:{chat.port}"]
      timeout: 2s
"""
        )
        here.declare()
        here.run()
        assert (len(broken.got), len(chat.got)) == (1, 1)
    assert here.states() == [("ada", "chat", "sent")]


# Secrets -------------------------------------------------------------------------------------------------------------

SECRET = """
delivery:
  ways:
    chat: { to: ["json://user:${env:CHAT_TOKEN}@127.0.0.1:PORT/"], timeout: 2s }
"""


def test_who_lacks_the_secret_leaves_the_message_to_others(stage: Opener, chat: HttpReceiver) -> None:
    here = stage(SECRET.replace("PORT", str(chat.port)))
    here.declare()
    here.run(3)
    assert here.states() == [("ada", "chat", "queued")]
    assert here.messages()["INC-1/3/1"].message.tries == 0
    other = sender(here.hands, here.monotonic, {"CHAT_TOKEN": "hunter2-hunter2"})
    here.worker, lacking = other, here.worker
    here.run()
    assert here.states() == [("ada", "chat", "sent")]
    assert lacking.pass_once(here.session) == 0


def test_when_nobody_has_it_the_page_takes_another_way_and_it_is_said(
    stage: Opener, chat: HttpReceiver, mail: Mailbox
) -> None:
    from warroom.service.delivering import unsent

    text = SECRET.replace("PORT", str(chat.port))
    text += f'    mail: {{ to: ["mailto://127.0.0.1:{mail.port}?from=w@example.org&to={{address}}"] }}\n'
    here = stage(text)
    here.declare()
    here.run()
    here.later(30)
    here.run()
    assert here.events(PageFailed) == []
    here.later(31)
    here.run(2)
    (failed,) = here.events(PageFailed)
    assert failed.error == "no running warroom can send it: CHAT_TOKEN is not set"
    assert len(mail.mails) == 1
    here.later(5)
    here.run(3)
    assert len(here.events(PageFailed)) == 1
    queues = outbox_read.queues(here.session.database, here.hands())
    assert unsent(queues, here.session.book().delivery, here.hands()) == (
        "chat: 1 message waits since 10:00 UTC; no running warroom has CHAT_TOKEN",
    )


def test_what_waited_while_nothing_ran_is_tried_before_anybody_else_is_woken(
    stage: Opener, chat: HttpReceiver, mail: Mailbox
) -> None:
    here = stage(ways(chat, mail))
    here.declare()
    here.hands.move(7200)
    here.run()
    assert here.states() == [("ada", "chat", "sent")]
    assert here.events(PageFailed) == []


# Storms --------------------------------------------------------------------------------------------------------------


def test_a_storm_of_pages_becomes_a_few_messages(stage: Opener, mail: Mailbox, chat: HttpReceiver) -> None:
    here = stage(ways(chat, mail, "  bundle: { more_than: 3, within: 30s }\n"))
    for number in range(200):
        here.declare("SEV3", f"disk {number} is full")
    for _ in range(10):
        here.run()
        here.later(4)
    assert len(mail.mails) <= 4
    states = [each.state for each in here.messages().values()]
    assert set(states) == {"sent", "bundled"}
    assert len(states) == 200
    carried = [each for each in here.messages().values() if each.state == "bundled"]
    carriers = {each.bundle for each in carried}
    assert all(here.messages()[each].state == "sent" for each in carriers)
    assert all(each.sent_at is not None for each in carried)
    text = mail.mails[0].content.replace("=\n", "")
    assert "200 pages for you, of 200 incidents, in one message:" in text


def test_a_trickle_of_pages_is_held_and_then_bundled(stage: Opener, mail: Mailbox, chat: HttpReceiver) -> None:
    here = stage(ways(chat, mail, "  bundle: { more_than: 3, within: 30s }\n"))
    for number in range(10):
        here.declare("SEV3", f"disk {number} is full")
        here.run()
        here.later(1)
    assert len(mail.mails) == 3
    here.later(22)
    here.run()
    assert len(mail.mails) == 4
    assert "7 pages for you" in mail.mails[3].content
    assert {state for _, _, state in here.states()} == {"sent", "bundled"}


def test_a_bundle_that_fails_is_tried_again_whole_and_its_pages_fall_back_each(
    stage: Opener, chat: HttpReceiver
) -> None:
    here = stage(ways(chat, None, "  bundle: { more_than: 2, within: 30s }\n"))
    chat.answers = [Answer(503), Answer(400)]
    keys = [here.declare() for _ in range(5)]
    here.run()
    assert len(chat.got) == 1
    assert sorted(state for _, _, state in here.states()) == ["bundled"] * 4 + ["failed"]
    here.later(1)
    here.run()
    # The same pages under the same key.
    assert chat.got[0].headers["Idempotency-Key"] == chat.got[1].headers["Idempotency-Key"]
    assert chat.got[0].json["title"] == chat.got[1].json["title"]
    assert [state for _, via, state in here.states() if via == "chat"][:5] == ["given up"] * 5
    for key in keys:
        first = here.events(PageFailed, key)[0]
        assert (first.to, first.via) == ("ada", "chat")


def test_one_receiver_gets_no_more_in_a_minute_than_the_rules_say(stage: Opener, chat: HttpReceiver) -> None:
    here = stage(
        f"""
delivery:
  ways:
    chat: {{ to: ["json://127.0.0.1:{chat.port}"], per_minute: 4, timeout: 2s }}
  bundle: {{ more_than: 1000, within: 1s }}
"""
    )
    for _ in range(10):
        here.declare()
    here.run(3)
    assert len(chat.got) == 4
    here.later(59)
    here.run(2)
    assert len(chat.got) == 4
    here.later(2)
    here.run(2)
    assert len(chat.got) == 8


# Other systems and updates -------------------------------------------------------------------------------------------


def test_another_system_follows_the_incident_from_trigger_to_resolve(stage: Opener, chat: HttpReceiver) -> None:
    with http_receiver(Answer(202)) as pagerduty:
        here = stage(
            ways(chat)
            + f"""
  integrations:
    pd: {{ kind: pagerduty, key: "env:PD_KEY", url: "{pagerduty.url}", severities: [SEV1] }}
""",
            {"PD_KEY": "0123456789abcdef"},
        )
        here.declare()
        here.declare("SEV3", "of no interest there")
        here.run()
        here.do(Acknowledge())
        here.run()
        here.do(SetStatus(Status.RESOLVED, "rolled back"))
        here.run()
        said = [(got.json["event_action"], got.json["dedup_key"]) for got in pagerduty.got]
    assert said == [
        ("trigger", "main-room:INC-1"),
        ("acknowledge", "main-room:INC-1"),
        ("resolve", "main-room:INC-1"),
    ]


def test_the_words_to_another_system_keep_their_order_whatever_fails(stage: Opener, chat: HttpReceiver) -> None:
    """Resolved before triggered would leave the alert open there for good."""
    with http_receiver(Answer(500), Answer(500), Answer(202)) as pagerduty:
        here = stage(
            ways(chat)
            + f"""
  integrations:
    pd: {{ kind: pagerduty, key: "env:PD_KEY", url: "{pagerduty.url}" }}
""",
            {"PD_KEY": "0123456789abcdef"},
        )
        here.declare()
        here.do(Acknowledge())
        here.do(SetStatus(Status.RESOLVED, "rolled back"))
        for _ in range(12):
            here.run()
            here.later(4)
        said = [got.json["event_action"] for got in pagerduty.got]
    assert said == ["trigger", "trigger", "trigger", "acknowledge", "resolve"]


def test_a_system_that_refuses_is_shown_and_nothing_escalates(stage: Opener, chat: HttpReceiver) -> None:
    with http_receiver(Answer(400)) as pagerduty:
        here = stage(
            ways(chat)
            + f"""
  integrations:
    pd: {{ kind: pagerduty, key: "env:PD_KEY", url: "{pagerduty.url}" }}
""",
            {"PD_KEY": "0123456789abcdef"},
        )
        here.declare()
        here.run(3)
    (failed,) = here.events(SendFailed)
    assert (failed.what, failed.to) == ("alert", "pd")
    assert here.room().escalation.level == 1


def test_an_update_goes_where_the_rules_name_an_address_and_a_failure_is_shown(
    stage: Opener, chat: HttpReceiver
) -> None:
    with http_receiver(Answer(200), Answer(400)) as channel:
        here = stage(
            ways(chat)
            + f"""
  channels:
    internal: {{ to: ["https://127.0.0.1:1/never", "json://127.0.0.1:{channel.port}"], timeout: 2s }}
""".replace('"https://127.0.0.1:1/never", ', "")
        )
        here.declare()
        here.do(PostUpdate("internal", "We are looking at it."))
        here.do(PostUpdate("public", "We are looking at it."))
        here.run()
        assert [got.json["message"] for got in channel.got] == ["We are looking at it."]
        here.do(PostUpdate("internal", "Still looking."))
        here.run(3)
    (failed,) = here.events(SendFailed)
    assert (failed.what, failed.to, failed.error) == ("update", "internal", "JSON answered 400")
    assert [(to, state) for to, via, state in here.states() if via == "internal"] == [
        ("internal", "sent"),
        ("internal", "given up"),
    ]


def test_pages_go_before_updates(stage: Opener, chat: HttpReceiver) -> None:
    here = stage(ways(chat) + f'  channels:\n    internal: {{ to: ["json://127.0.0.1:{chat.port}/update"] }}\n')
    here.declare()
    for number in range(30):
        here.do(PostUpdate("internal", f"update {number}"))
    here.hands.move(1)
    here.do(Escalate("more hands", seen=1))
    taken = outbox.claim(here.session.database, "somebody", here.hands())
    assert [message.kind for message in taken[:2]] == ["page", "page"]
    assert {message.kind for message in taken[2:]} == {"update"}


# The end -------------------------------------------------------------------------------------------------------------


def test_new_rules_are_followed_as_soon_as_they_are_in_force(stage: Opener, chat: HttpReceiver) -> None:
    with http_receiver(Answer(503)) as wrong:
        here = stage(ways(wrong))
        here.declare()
        here.run()
        better: Loaded = read_rulebook({"rules.yaml": (RULES + ways(chat)).encode()})
        here.session.publish(better)
        here.later(1)
        here.run()
    assert here.states() == [("ada", "chat", "sent")]


def test_a_database_that_fails_between_sending_and_writing_it_down_sends_nothing_twice(
    stage: Opener, chat: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = stage(ways(chat))
    here.declare()
    settle, fails = outbox.settle, [True]

    def flaky(*arguments: Any, **more: Any) -> None:
        if fails.pop() if fails else False:
            raise RuntimeError("the disk is full")
        settle(*arguments, **more)

    monkeypatch.setattr(outbox, "settle", flaky)
    with pytest.raises(RuntimeError, match="disk is full"):
        here.run()
    here.run()
    assert here.states() == [("ada", "chat", "sent")]
    assert len(chat.got) == 1


def test_the_thread_sends_by_the_rules_and_ends_when_told(tmp_path: Path, chat: HttpReceiver) -> None:
    rules = read_rulebook({"rules.yaml": (RULES + ways(chat)).encode()})
    path = tmp_path / "room.db"

    def opened() -> Session:
        return Session(path, actor="mina", seed=lambda: rules)

    with opened() as session:
        session.execute(Declare("Checkout is down", "SEV1"))
        worker = Worker(opened, lambda _: None, secrets=Secrets(environment={}))
        worker.start()
        until = time.monotonic() + 10
        while not any(each.state == "sent" for each in outbox_read.listing(session.database)):
            assert time.monotonic() < until
            chat.release.wait(0.01)
        worker.stop()
    assert worker._thread is not None
    assert not worker._thread.is_alive()
    assert len(chat.got) == 1
    assert chat.got[0].json["title"] == "INC-1 SEV1 Checkout is down"


KILLED = """
import sys
from warroom.senders.secrets import Secrets
from warroom.senders.worker import Worker
from warroom.service.session import Session
from warroom.rulebook.load import seed_rulebook

def opened():
    return Session(sys.argv[1], actor="mina", seed=seed_rulebook)

worker = Worker(opened, lambda _: None, secrets=Secrets(environment={}))
worker.run()
"""


def test_who_is_killed_in_the_middle_of_sending_leaves_a_page_that_goes_out_again_and_says_so(
    tmp_path: Path, chat: HttpReceiver
) -> None:
    chat.answers = [Answer(STALL), Answer(200)]
    rules = read_rulebook({"rules.yaml": (RULES + ways(chat)).encode()})
    hands = Hands(datetime.now(UTC))
    with Session(tmp_path / "room.db", actor="mina", seed=lambda: rules, clock=hands) as session:
        here = Stage(session, hands, sender(hands, [0.0], {}))
        here.declare()
        child = Child(KILLED, tmp_path / "room.db")
        until = time.monotonic() + 30
        while not chat.got:
            assert time.monotonic() < until, "the other process has sent nothing"
            chat.release.wait(0.01)
        child.process.kill()
        child.process.communicate(timeout=30)
        assert here.states() == [("ada", "chat", "sending")]
        here.hands.now = datetime.now(UTC) + outbox.LEASE
        here.run()
        assert here.states() == [("ada", "chat", "unknown")]
        here.later(1)
        here.run()
        assert here.states() == [("ada", "chat", "sent")]
        # Nobody else was woken because of it: it is out within a minute.
        assert here.events(PageFailed) == []
    first, second = chat.got
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == "INC-1/3/1"
    assert "Sent again" not in first.json["message"]
    assert "Sent again: this may have reached you before." in second.json["message"]
