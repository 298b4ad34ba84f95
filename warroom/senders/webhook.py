"""A webhook: the message as JSON, its idempotency key in a header, and signed where the rulebook names a key.

The signature is "t=SECONDS,v1=HEX": HMAC-SHA256 over the seconds since the epoch, a dot and the body, so that neither
can be changed or used again later. A receiver computes the same and compares in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from warroom.senders.http import Call
from warroom.senders.wording import body_of, subject_of
from warroom.store.outbox import Claimed

ID_HEADER, KEY_HEADER, SIGNATURE_HEADER = "X-Warroom-Id", "Idempotency-Key", "X-Warroom-Signature"


def call_of(message: Claimed, url: str, *, key: str = "", seconds: int = 0) -> Call:
    """The request for one message; with `key` it is signed at `seconds` since the epoch."""
    body = json.dumps(content_of(message), ensure_ascii=False).encode("utf-8", "replace")
    headers = {"Content-Type": "application/json", ID_HEADER: ascii_id(message.id), KEY_HEADER: ascii_id(message.id)}
    if key:
        headers[SIGNATURE_HEADER] = f"t={seconds},v1={signature(key, seconds, body)}"
    return Call(url, body, headers)


def signature(key: str, seconds: int, body: bytes) -> str:
    """The hexadecimal signature of a body."""
    return hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def content_of(message: Claimed) -> dict[str, Any]:
    """The message as an object. `bundled` are the ids of the others that it carries."""
    return {
        "id": message.id,
        "kind": message.kind,
        "key": message.key,
        "to": message.to,
        "via": message.via,
        "subject": subject_of(message),
        "body": body_of(message),
        "created_at": message.created_at.isoformat(),
        "try": message.tries,
        "maybe_twice": message.maybe_twice,
        "bundled": [each.id for each in message.bundle],
    }


def ascii_id(key: str) -> str:
    """An id as it may stand in a header."""
    return key.encode("ascii", "replace").decode()
