"""A sender that appends every message to a file, one JSON object a line: for rooms without other senders, and to read
along what would have gone out."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from warroom.store.db_files import make_file
from warroom.store.outbox import Claimed

LOCK_WAIT_S = 5.0
"""How long the file may be locked by another process before sending counts as failed, in seconds."""


class FileSender:
    """Appends messages to `path`. A line is written with one write and flushed to the disk before it counts as sent.

    A process that is killed in the middle of a line leaves half of it: that message was not sent and comes again. The
    next line begins on a line of its own all the same.
    """

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
        handle = self._open()
        try:
            self._append(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
        try:
            return os.open(self.path, flags)
        except FileNotFoundError:
            # Whoever shares the database shares this file, whatever the umask.
            with suppress(FileExistsError):
                make_file(self.path)
            return os.open(self.path, flags)

    def _append(self, handle: int, data: bytes) -> None:
        """Write one line under a lock, which goes with its process."""
        end = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                data = b"\n" + data
            written = os.write(handle, data)
            if written != len(data):
                raise OSError(f"only {written} of {len(data)} bytes could be written to {self.path}")
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
