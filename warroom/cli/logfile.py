"""The log of what went wrong inside warroom: one rotating file of this user, never the terminal."""

from __future__ import annotations

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_BYTES = 1_000_000
KEPT = 3

_started = False


def log_path() -> Path:
    """Where the log is."""
    from platformdirs import user_log_path

    return user_log_path("warroom", appauthor=False) / "warroom.log"


def start_log() -> Path:
    """Send everything that warroom's modules log to the file, and nothing of it to the terminal.

    Raises OSError when the file cannot be written.
    """
    global _started
    path = log_path()
    if not _started:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", errors="replace")
        form = logging.Formatter("%(asctime)sZ %(process)d %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        form.converter = time.gmtime
        handler.setFormatter(form)
        logger = logging.getLogger("warroom")
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        _started = True
    return path
