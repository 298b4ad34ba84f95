"""The one place where a sequence is handed to the terminal."""

from __future__ import annotations

from typing import Any

from textual.app import App


def send(app: App[Any], sequence: str) -> bool:
    """Write a sequence between two pictures of the screen; False where there is no terminal to write it to."""
    driver = app._driver
    if not sequence or driver is None or app.is_headless:
        return False
    try:
        driver.write(sequence)
        driver.flush()
    except (AssertionError, OSError):  # not in application mode: stopped, or already taken down
        return False
    return True
