"""Who keeps the timers going: rows of presence as people want to read them."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warroom.store import presence
from warroom.store.codec import from_us
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.views import EngineLine


def engine_line(row: Any, now: datetime) -> EngineLine:
    """One process. On this machine the kernel is asked whether it is there and runs; elsewhere its last word counts."""
    from warroom.views import EngineLine

    alive, note = presence.is_alive(row, now), str(row.note)
    if row.host == socket.gethostname().partition(".")[0]:
        state = _state(int(row.pid))
        if state is None or state in ("Z", "X"):
            alive, note = False, tr("ended")
        elif state in "Tt":
            alive, note = False, tr("stopped")
    return EngineLine(
        name=f"{row.login}@{row.host}",
        pid=int(row.pid),
        kind=str(row.kind),
        seen_at=from_us(row.seen_at),
        lag=timedelta(microseconds=row.lag_us),
        alive=alive,
        me=int(row.pid) == os.getpid(),
        note=note,
    )


def _state(pid: int) -> str | None:
    """The kernel's one-letter state of a process; None when it is not there, "" where the kernel does not tell."""
    if not Path("/proc/self/stat").exists():
        return ""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None
