"""PagerDuty, Opsgenie, Jira Service Management and Splunk On-Call get exactly what their descriptions ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.senders.letters import FACTS, PAGE, alert
from tests.senders.servers import Answer, HttpReceiver, http_receiver
from warroom.domain.routes import Integration, System
from warroom.senders import http, systems
from warroom.senders.secrets import Redactor
from warroom.store.outbox import Claimed, Fate

SECOND = timedelta(seconds=1)


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as made:
        yield made


def tell(receiver: HttpReceiver, system: System, message: Claimed, **more: Any) -> Fate:
    integration = Integration("pd", system, "env:KEY", receiver.url, **more)
    return http.post(systems.call_of(message, integration, "the/key"), SECOND, Redactor())


def test_an_alert_at_pagerduty_from_trigger_to_resolve(receiver: HttpReceiver) -> None:
    for action in ("trigger", "acknowledge", "resolve"):
        assert tell(receiver, System.PAGERDUTY, alert(action)) == Fate()
    assert [got.path for got in receiver.got] == ["/v2/enqueue"] * 3
    assert receiver.got[0].headers["Content-Type"] == "application/json"
    assert receiver.got[0].json == {
        "routing_key": "the/key",
        "event_action": "trigger",
        "dedup_key": "main-room:INC-7",
        "client": "warroom",
        "payload": {
            "summary": PAGE.subject,
            "source": "payments-api",
            "severity": "critical",
            "timestamp": "2024-03-13T10:00:00+00:00",
            "component": "payments-api",
            "group": "main room",
            "custom_details": {
                "incident": "INC-7",
                "severity": "SEV1",
                "state": FACTS["text"],
                "message": "INC-7/4/1",
            },
        },
    }
    assert receiver.got[1].json == {
        "routing_key": "the/key",
        "event_action": "acknowledge",
        "dedup_key": "main-room:INC-7",
    }
    assert receiver.got[2].json == receiver.got[1].json | {"event_action": "resolve"}


@pytest.mark.parametrize(
    ("system", "base"),
    [(System.OPSGENIE, "https://api.opsgenie.com"), (System.JSM, "https://api.atlassian.com/jsm/ops/integration")],
)
def test_an_alert_at_opsgenie_and_jira_service_management(receiver: HttpReceiver, system: System, base: str) -> None:
    for action in ("trigger", "acknowledge", "resolve"):
        assert tell(receiver, system, alert(action, service="")) == Fate()
    assert [got.path for got in receiver.got] == [
        "/v2/alerts",
        "/v2/alerts/main-room%3AINC-7/acknowledge?identifierType=alias",
        "/v2/alerts/main-room%3AINC-7/close?identifierType=alias",
    ]
    assert {got.headers["Authorization"] for got in receiver.got} == {"GenieKey the/key"}
    assert [got.json for got in receiver.got] == [
        {
            "message": PAGE.subject,
            "alias": "main-room:INC-7",
            "description": FACTS["text"],
            "details": {"incident": "INC-7", "severity": "SEV1", "message": "INC-7/4/1"},
            "source": "warroom",
            "priority": "P1",
        },
        {"user": "mina", "source": "warroom", "note": "acknowledged in warroom by mina"},
        {"user": "mina", "source": "warroom", "note": "resolved in warroom by mina"},
    ]
    made = systems.call_of(alert("trigger"), Integration("x", system, "env:KEY"), "k")
    assert made.url == f"{base}/v2/alerts"


def test_an_alert_at_splunk_on_call(receiver: HttpReceiver) -> None:
    for action in ("trigger", "acknowledge", "resolve"):
        assert tell(receiver, System.SPLUNK_ONCALL, alert(action), routing="team one") == Fate()
    assert [got.path for got in receiver.got] == ["/the%2Fkey/team%20one"] * 3
    assert [got.json["message_type"] for got in receiver.got] == ["CRITICAL", "ACKNOWLEDGEMENT", "RECOVERY"]
    assert receiver.got[0].json == {
        "message_type": "CRITICAL",
        "entity_id": "main-room:INC-7",
        "entity_display_name": PAGE.subject,
        "state_message": FACTS["text"],
        "monitoring_tool": "warroom",
    }
    assert receiver.got[1].json["ack_author"] == "mina"
    made = systems.call_of(alert("trigger"), Integration("x", System.SPLUNK_ONCALL, "env:KEY", routing="r"), "k")
    assert made.url == "https://alert.victorops.com/integrations/generic/20131114/alert/k/r"


@pytest.mark.parametrize(
    ("rank", "pagerduty", "splunk", "priority"),
    [
        (1, "critical", "CRITICAL", "P1"),
        (2, "error", "CRITICAL", "P2"),
        (3, "warning", "WARNING", "P3"),
        (4, "info", "INFO", "P4"),
        (9, "info", "INFO", "P5"),
    ],
)
def test_how_bad_it_is_in_the_words_of_each(rank: int, pagerduty: str, splunk: str, priority: str) -> None:
    message = alert("trigger", rank=rank)

    def said(system: System) -> Any:
        import json

        return json.loads(systems.call_of(message, Integration("x", system, "env:KEY"), "k").body)

    assert said(System.PAGERDUTY)["payload"]["severity"] == pagerduty
    assert said(System.SPLUNK_ONCALL)["message_type"] == splunk
    assert said(System.OPSGENIE)["priority"] == priority


def test_the_limits_of_the_receivers_are_kept_whatever_the_title(receiver: HttpReceiver) -> None:
    long = replace(alert("trigger", text="t" * 30_000, service="s" * 900), subject="x" * 2000, dedup="d" * 900)
    for system in System:
        assert tell(receiver, system, long, routing="r") == Fate()
    pagerduty, opsgenie, _, splunk = (got.json for got in receiver.got)
    assert len(pagerduty["payload"]["summary"]) == 1024
    assert len(pagerduty["dedup_key"]) == 255
    assert [len(opsgenie[name]) for name in ("message", "alias", "description", "entity")] == [130, 512, 15_000, 512]
    assert [len(splunk[name]) for name in ("entity_id", "state_message")] == [512, 20_480]


def test_a_second_try_has_the_same_key_and_says_so(receiver: HttpReceiver) -> None:
    tell(receiver, System.PAGERDUTY, alert("trigger"))
    tell(receiver, System.PAGERDUTY, replace(alert("trigger"), tries=2, maybe_twice=True))
    first, second = (got.json for got in receiver.got)
    assert first["dedup_key"] == second["dedup_key"]
    assert first["payload"]["custom_details"]["message"] == second["payload"]["custom_details"]["message"]
    assert "Sent again" in second["payload"]["custom_details"]["state"]


def test_what_pagerduty_says_about_a_refusal_is_passed_on() -> None:
    body = '{"status":"invalid event","message":"Event object is invalid","errors":["\'severity\' is missing"]}'
    with http_receiver(Answer(400, body=body)) as receiver:
        fate = tell(receiver, System.PAGERDUTY, alert("trigger"))
    assert fate == Fate("127.0.0.1 answered 400: Event object is invalid; 'severity' is missing", final=True)
