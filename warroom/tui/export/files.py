"""Where an export goes: a name for it, and a file that only its owner can read and that replaces none unasked."""

from __future__ import annotations

import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from warroom.domain.text import clean_line


class FileThere(Exception):
    """There is a file of this name already."""


def proposed_name(subject: str, view: str, now: datetime, ending: str) -> str:
    """A name for a file: `subject` is the incident or the room, "warroom-INC-12-timeline-20260101T1200Z.md". A room
    that nobody has named is called warroom too, which is said once."""
    parts = [_plain(subject), _plain(view), now.astimezone(UTC).strftime("%Y%m%dT%H%MZ")]
    return "-".join(("warroom", *(part for part in parts if part and part != "warroom"))) + f".{ending}"


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", clean_line(text, 60)).strip("-")


def write_private(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write a file with mode 0600. Raises `FileThere` where there is one and it is not to be replaced, and `OSError`.

    A file that is replaced is the old one or the new one at any moment, never a part; a link is not followed.
    """
    if not replace:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        except FileExistsError:
            raise FileThere(str(path)) from None
        try:
            _fill(handle, data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return
    if path.is_dir():
        raise IsADirectoryError(21, "is a directory", str(path))
    beside = path.with_name(f".warroom-{secrets.token_hex(8)}")  # however long the name is: so it has room
    try:
        _fill(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _fill(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
