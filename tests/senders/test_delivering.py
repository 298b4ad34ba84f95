"""Pages really go out: receivers that work, fail, stall, refuse and ask for a pause; and how the sender ends."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.senders.servers import RESET, STALL, Answer, HttpReceiver, Mailbox, http_receiver
from tests.senders.staging import RULES, Opener, Stage, sender, ways
from tests.store.db_support import Child
from tests.store.rooms import Hands
from warroom.domain.delivery import PageFailed
from warroom.domain.escalation import Phase, Why
from warroom.domain.incident import Declare
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.senders.secrets import Secrets
from warroom.senders.worker import Worker
from warroom.service.session import Session
from warroom.store import outbox, outbox_read, settling


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
        until = time.monotonic() + 60
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
    settle, fails = settling.settle, [True]

    def flaky(*arguments: Any, **more: Any) -> None:
        if fails.pop() if fails else False:
            raise RuntimeError("the disk is full")
        settle(*arguments, **more)

    monkeypatch.setattr(settling, "settle", flaky)
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
        until = time.monotonic() + 60
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
        until = time.monotonic() + 60
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
