"""Reading for a screen in a thread of its own: the screen never waits for the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App

from warroom.domain.core import Refused
from warroom.domain.text import clean_line
from warroom.store.db_errors import DatabaseError
from warroom.tui.widgets.tight import TightModalScreen, TightScreen
from warroom.words import tr

Found = TypeVar("Found")

log = logging.getLogger("warroom.reading")

SLOW_S = 1.0
"""From when on it is said that it is being read, in seconds."""
READ_S = 5.0


def read_in_thread(
    app: App[Any],
    read: Callable[[], Found],
    then: Callable[[Found], None],
    failed: Callable[[str], None] | None = None,
    *,
    opens: bool = False,
) -> None:
    """Let `read` run in a thread, then `then` on the screen's loop with what it found.

    Where it cannot be read, `failed` gets the reason in plain words; without one the person is told. `opens`: a key
    asked for it and `then` opens a screen with it, so that the keys typed meanwhile wait for that (`KeyLine`).
    """
    holder = app.screen if opens else None
    slow = app.set_timer(SLOW_S, lambda: app.notify(tr("still reading the room"), timeout=READ_S, markup=False))
    if isinstance(holder, TightScreen | TightModalScreen):
        holder.reading += 1

    def done(tell: Callable[[Any], None], what: object) -> None:
        slow.stop()
        try:
            tell(what)
        finally:
            if isinstance(holder, TightScreen | TightModalScreen):
                holder.reading -= 1

    def run() -> None:
        try:
            found = read()
        except (Refused, DatabaseError) as error:
            app.call_from_thread(done, failed or say, clean_line(str(error), 300))
            return
        except Exception as error:  # never a screen that waits for good, and says nothing
            log.exception("reading for a screen failed")
            app.call_from_thread(done, failed or say, clean_line(f"unexpected: {error!r}", 300))
            return
        app.call_from_thread(done, then, found)

    def say(text: str) -> None:
        app.notify(text, severity="warning", markup=False)

    app.run_worker(run, thread=True, exit_on_error=False)
