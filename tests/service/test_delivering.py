"""Did it reach them? Told from the rows of the outbox and from who answered."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tests.support.books import T0
from warroom.domain.escalation import Escalation, Paged, Why
from warroom.domain.routes import Delivery, Integration, Route, System
from warroom.service.delivering import NOBODY_AFTER, Reached, delivery_of, needed, unsent
from warroom.store.codec import to_us

MINUTE = timedelta(minutes=1)


def row(key: str, to: str, via: str, state: str, at: timedelta = timedelta(0), **more: Any) -> Any:
    usual = {"kind": "page", "tries": 1, "sent_at": None, "error": ""}
    made = {**usual, "id": key, "recipient": to, "via": via, "state": state, "created_at": to_us(T0 + at), **more}
    return SimpleNamespace(**made)


def test_the_latest_page_by_each_way_says_how_far_it_came() -> None:
    rows = [
        row("INC-1/9/1", "ada", "sms", "sent", sent_at=to_us(T0 + MINUTE)),
        row("INC-1/10/1", "ada", "sms", "failed", error="answered 503", tries=3),
        row("INC-1/9/2", "ada", "chat", "bundled"),
        row("INC-1/9/3", "bo", "mail", "given up", error="answered 400"),
        row("INC-1/9/4", "public", "public", "sent", kind="update"),
    ]
    found = delivery_of(rows, Escalation())
    assert [(each.to, each.via, each.state.value) for each in found] == [
        ("ada", "sms", "failed"),
        ("ada", "chat", "bundled"),
        ("bo", "mail", "given up"),
    ]
    assert (found[0].message, found[0].error, found[0].tries, found[0].sent_at) == (
        "INC-1/10/1",
        "answered 503",
        3,
        None,
    )


def test_whoever_answered_after_it_has_it() -> None:
    rows = [
        row("INC-1/3/1", "ada", "sms", "sent"),
        row("INC-1/3/2", "bo", "sms", "sent"),
        row("INC-1/9/1", "ada", "mail", "queued", 5 * MINUTE),
    ]
    history = (Paged(1, 1, T0, Why.START, acked_by="ada", acked_at=T0 + MINUTE),)
    states = [each.state for each in delivery_of(rows, Escalation(history=history))]
    assert states == [Reached.ACKNOWLEDGED, Reached.SENT, Reached.QUEUED]
    now = Escalation(acked_by="ada", acked_at=T0 + 6 * MINUTE)
    assert delivery_of(rows, now)[2].state is Reached.ACKNOWLEDGED


def test_every_state_of_the_outbox_has_a_name() -> None:
    for state in ("queued", "sending", "sent", "failed", "unknown", "given up", "bundled"):
        assert delivery_of([row("INC-1/3/1", "ada", "sms", state)], Escalation())[0].state.value == state


def test_a_lane_that_nobody_serves_says_what_is_lacking() -> None:
    rules = Delivery(
        ways={"sms": Route(("twilio://${env:SID}:${env:TOKEN}@x",), sign="env:SIGN"), "mail": Route(("mailto://x",))},
        integrations={"pd": Integration("pd", System.PAGERDUTY, "file:/etc/warroom/pd")},
    )
    queues = {lane: (count, T0) for lane, count in (("sms", 3), ("mail", 1), ("integration:pd", 1), ("push", 1))}
    now = T0 + NOBODY_AFTER
    assert unsent(queues, rules, now) == (
        "integration pd: 1 message waits since 10:00 UTC; no running warroom has file:/etc/warroom/pd",
        "mail: 1 message waits since 10:00 UTC; no running warroom sends them",
        "push: 1 message waits since 10:00 UTC; no running warroom sends them",
        "sms: 3 messages wait since 10:00 UTC; no running warroom has SID, TOKEN, SIGN",
    )
    assert unsent(queues, rules, now - timedelta(seconds=1)) == ()
    assert unsent(queues, rules, now, pace=2.0) == ()  # in a room whose time runs fast nobody is slower for it
    assert unsent({"sms": (1, T0)}, None, now) == (
        "sms: 1 message waits since 10:00 UTC; no running warroom sends them",
    )
    assert needed(rules.ways["mail"]) == ()
