"""A sender that appends every message to a file, one JSON object a line: for rooms without other senders, and to read
along what would have gone out."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from warroom.store.outbox import Claimed


class FileSender:
    """Appends messages to `path`. A line is written with one write and flushed to the disk before it counts as sent."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, message: Claimed) -> None:
        """Send one message; raises OSError when the line could not be written whole."""
        line = {
            "id": message.id,
            "kind": message.kind,
            "to": message.to,
            "via": message.via,
            "address": message.address,
            "subject": message.subject,
            "body": message.body,
            "created_at": message.created_at.isoformat(),
            "sent_at": datetime.now(UTC).isoformat(),
            "try": message.tries,
            "maybe_twice": message.maybe_twice,
        }
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o660)
        try:
            written = os.write(handle, data)
            if written != len(data):
                raise OSError(f"only {written} of {len(data)} bytes could be written to {self.path}")
            os.fsync(handle)
        finally:
            os.close(handle)
