"""Other systems follow an incident, and updates go where the rules name an address."""

from __future__ import annotations

from tests.senders.servers import Answer, HttpReceiver, http_receiver
from tests.senders.staging import Opener, ways
from warroom.domain.comms import PostUpdate
from warroom.domain.delivery import SendFailed
from warroom.domain.escalation import Acknowledge, Escalate
from warroom.domain.incident import SetStatus, Status
from warroom.store import outbox


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
