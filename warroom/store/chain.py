"""The seal on the record: each event's hash covers the event and the hash before it (R11).

Changing, removing or inserting a row anywhere but at the very end breaks every hash after it. A cut-off tail shows
against the head row, and against any (number, hash) that was written down elsewhere.
"""

from __future__ import annotations

import hashlib

GENESIS = "0" * 64
"""The hash before the first event."""


def seal(
    before: str, seq: int, incident: int, version: int, kind: str, at: int, due: int | None, actor: str, data: str
) -> str:
    """The hash of one event, in hex. Fields are length-prefixed, so that no two rows can be read as one."""
    digest = hashlib.sha256(before.encode())
    for part in (seq, incident, version, kind, at, "" if due is None else due, actor, data):
        encoded = str(part).encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()
