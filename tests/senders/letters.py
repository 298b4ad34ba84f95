"""Messages for the tests of the senders."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from warroom.store.outbox import Claimed

T0 = datetime(2024, 3, 13, 10, 0, tzinfo=UTC)

PAGE = Claimed(
    id="INC-7/3/1",
    incident=7,
    kind="page",
    to="ada",
    via="webhook",
    address="",
    subject="INC-7 SEV1 Checkout is down 결제",
    body="You are paged on level 1 (start).\nAcknowledge: warroom ack INC-7",
    created_at=T0,
    tries=1,
    maybe_twice=False,
    dedup="INC-7/3",
    lane="webhook",
)

FACTS: dict[str, Any] = {
    "severity": "SEV1",
    "rank": 1,
    "title": "Checkout is down 결제",
    "service": "payments-api",
    "room": "main room",
    "key": "INC-7",
    "by": "mina",
    "declared_at": "2024-03-13T10:00:00+00:00",
    "text": "Status new\nAcknowledge: warroom ack INC-7",
}


def alert(action: str, **facts: Any) -> Claimed:
    """A word to another incident system."""
    return replace(
        PAGE,
        id={"trigger": "INC-7/4/1", "acknowledge": "INC-7/6/1", "resolve": "INC-7/9/1"}[action],
        kind="alert",
        to="pd",
        via="pagerduty",
        body=json.dumps({**FACTS, **facts}),
        action=action,
        dedup="main-room:INC-7",
        lane="integration:pd",
    )
