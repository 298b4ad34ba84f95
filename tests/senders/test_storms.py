"""Many pages at once: bundled, throttled, and each still falls back by itself."""

from __future__ import annotations

from tests.senders.servers import Answer, HttpReceiver, Mailbox
from tests.senders.staging import Opener, ways
from warroom.domain.delivery import PageFailed


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
