"""A webhook carries its idempotency key and can be checked by whoever shares the key."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Any

from tests.senders.letters import PAGE
from tests.support import REPOSITORY
from warroom.senders import webhook


def test_the_message_as_json_with_its_key_in_a_header() -> None:
    call = webhook.call_of(PAGE, "https://hooks.example.org/x")
    assert call.url == "https://hooks.example.org/x"
    assert call.headers == {
        "Content-Type": "application/json",
        "X-Warroom-Id": "INC-7/3/1",
        "Idempotency-Key": "INC-7/3/1",
    }
    assert json.loads(call.body) == {
        "id": "INC-7/3/1",
        "kind": "page",
        "key": "INC-7",
        "to": "ada",
        "via": "webhook",
        "subject": PAGE.subject,
        "body": PAGE.body,
        "created_at": "2024-03-13T10:00:00+00:00",
        "try": 1,
        "maybe_twice": False,
        "bundled": [],
    }
    assert "결제".encode() in call.body


def test_the_signature_covers_time_and_body() -> None:
    call = webhook.call_of(PAGE, "https://x", key="the key", seconds=1_710_324_000)
    expected = hmac.new(b"the key", b"1710324000." + call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Warroom-Signature"] == f"t=1710324000,v1={expected}"
    later = webhook.call_of(PAGE, "https://x", key="the key", seconds=1_710_324_001)
    other = webhook.call_of(replace(PAGE, body="changed"), "https://x", key="the key", seconds=1_710_324_000)
    signatures = {each.headers["X-Warroom-Signature"].partition("v1=")[2] for each in (call, later, other)}
    assert len(signatures) == 3


def test_the_second_try_has_the_same_key_and_says_that_it_is_one() -> None:
    again = webhook.call_of(replace(PAGE, tries=2, maybe_twice=True), "https://x")
    assert again.headers["Idempotency-Key"] == PAGE.id
    content = json.loads(again.body)
    assert content["maybe_twice"] is True
    assert content["body"].endswith("Sent again: this may have reached you before.")


def test_a_bundle_lists_what_it_carries_and_counts() -> None:
    others = tuple(
        replace(PAGE, id=f"INC-{n}/3/1", incident=n, subject=f"INC-{n} SEV2 search is slow") for n in (8, 8, 9)
    )
    content = webhook.content_of(replace(PAGE, bundle=others))
    assert content["bundled"] == ["INC-8/3/1", "INC-8/3/1", "INC-9/3/1"]
    assert content["subject"] == f"4 pages: {PAGE.subject} and others"
    assert content["body"].splitlines() == [
        "4 pages for you, of 3 incidents, in one message:",
        PAGE.subject,
        "INC-8 SEV2 search is slow (2 times)",
        "INC-9 SEV2 search is slow",
        "Acknowledge: warroom ack KEY",
    ]
    many = tuple(replace(PAGE, incident=n, subject=f"INC-{n}") for n in range(100, 150))
    assert "and 36 more: warroom list" in webhook.content_of(replace(PAGE, bundle=many))["body"]


def test_the_check_in_the_documentation_takes_what_is_sent_and_nothing_else() -> None:
    text = (REPOSITORY / "docs" / "delivery.md").read_text()
    code = text.partition("```python\n")[2].partition("```")[0]
    scope: dict[str, Any] = {}
    exec(code, scope)
    call = webhook.call_of(PAGE, "https://x", key="the key", seconds=int(time.time()))
    header = call.headers["X-Warroom-Signature"]
    assert scope["genuine"](b"the key", header, call.body)
    assert not scope["genuine"](b"the key", header, call.body + b" ")
    assert not scope["genuine"](b"another", header, call.body)
    old = webhook.call_of(PAGE, "https://x", key="the key", seconds=int(time.time()) - 3600)
    assert not scope["genuine"](b"the key", old.headers["X-Warroom-Signature"], old.body)
