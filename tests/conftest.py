"""What holds for every test."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from warroom.cli import logfile

# What the terminal of whoever runs the tests says of itself has no part in them: a test that wants a width, sets it.
for _name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "WARROOM_DB", "WARROOM_ACTOR"):
    os.environ.pop(_name, None)
# Nor has their settings file, or their language.
os.environ["XDG_CONFIG_HOME"] = str(Path(tempfile.gettempdir()) / f"warroom-no-settings-{os.getpid()}")
os.environ.pop("WARROOM_SETTINGS", None)


@pytest.fixture(autouse=True)
def the_log_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command that is run within a test sends the log to a file, for the whole process: not beyond that test."""
    monkeypatch.setattr(logfile, "_started", False)
    logger = logging.getLogger("warroom")
    before = logger.level, logger.propagate, list(logger.handlers)
    yield
    for handler in [each for each in logger.handlers if each not in before[2]]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(before[0])
    logger.propagate = before[1]
