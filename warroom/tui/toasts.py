"""Short words at the edge of the screen: where they stand, how many, and when they go.

They take the rows just above the bar of keys, over the whole width and at most two rows each, so that neither a
deadline of the list nor a key is ever hidden by them; three at a time, fewer where the screen is low. Whoever presses a
key has read what has stood there for a moment.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from textual.screen import ModalScreen
from textual.widgets._toast import ToastRack

from warroom.domain.text import cut
from warroom.words import mark, tr

if TYPE_CHECKING:
    from textual.app import App
    from textual.notifications import Notification

MOST: Final = 3
LOW_ROWS: Final = 20
"""A screen with fewer rows shows one at a time."""
ROWS: Final = 2
MOMENT_S: Final = 1.5
GRAVE_S: Final = 4.0
"""How long one has stood before a key takes it away, in seconds; one that says that somebody is paged longer."""

STALE: Final = mark("Old data")
STALE_S: Final = 5.0
"""From how many seconds without a look at the room on it is said that what is shown is old."""

CSS: Final = """
ToastRack { align: left bottom; margin-bottom: 1; overflow-y: hidden; max-height: 6; }
ToastHolder { align-horizontal: left; height: auto; width: 100%; }
Toast { width: 100%; max-width: 100%; max-height: 2; margin-top: 0; padding: 0 1; }
/* Where there may be no colour the shape of the edge tells how grave it is. */
App.-own-ground Toast.-warning { border-left: double $warning; }
App.-own-ground Toast.-error { border-left: thick $error; text-style: bold; }
ModalScreen ToastRack { margin-bottom: 0; max-height: 1; }
ModalScreen Toast { max-height: 1; }
"""


def shortened(message: str, title: str, width: int) -> str:
    """As much of a message as fits on the rows that it has; its title has one of them."""
    rows = ROWS - 1 if title else ROWS
    # A row may end at a word: what that leaves empty is not there for others.
    return cut(message, max(20, rows * (width - 3) - (rows - 1) * 12))


def told(app: App[Any], message: str, title: str) -> tuple[str, str]:
    """A message and its title as they are shown now. Over a form there is one row, in which both stand."""
    if not isinstance(app.screen_stack[-1] if app.screen_stack else None, ModalScreen):
        return shortened(message, title, app.size.width), title
    if title and title != tr(STALE):
        message, title = f"{title}: {message}", ""
    return cut(message, max(20, app.size.width - 3)), title


def make_room(app: App[Any], coming: Notification, most: int = MOST) -> bool:
    """One more is about to come: the oldest go, those that matter least first. Returns whether it may come: it may not
    where all that stand there matter more."""
    if app.size.height < LOW_ROWS or (app.screen_stack and app.screen.is_modal):
        most = 1  # over a form there is one row: what was said last
    known = list(app._notifications)
    if len(known) >= most and not _grave(coming) and all(map(_grave, known)):
        return False
    spare = sorted(known, key=lambda each: (each.severity == "error", each.raised_at))
    _drop(app, spare[: max(0, len(known) - most + 1)])
    return True


def _grave(each: Notification) -> bool:
    """Whether it may not give way to a lesser one; that the data is old is said again as long as it is so."""
    return each.severity == "error" and each.title != tr(STALE)


def seen(app: App[Any]) -> None:
    """A key was pressed: what has stood for a moment was read."""
    if not len(app._notifications):
        return
    now = time.time()
    read = (each for each in app._notifications if each.title != tr(STALE))
    _drop(app, [each for each in read if now - each.raised_at >= _due(each)])


def stale(app: App[Any], age_s: float, read_at: datetime, says_so: bool) -> None:
    """Say on a screen whose head does not say so itself (`says_so`) that the room has not been read for so long, and
    until when what is shown is right; take it back once it is read again."""
    standing = [each for each in app._notifications if each.title == tr(STALE)]
    if age_s < STALE_S or says_so:
        _drop(app, standing)
    elif not standing:
        words = tr("the room cannot be read; what is shown is as it was at {time} UTC")
        app.notify(
            words.format(time=f"{read_at:%H:%M:%S}"), title=tr(STALE), severity="error", timeout=86_400, markup=False
        )


def _due(each: Notification) -> float:
    return GRAVE_S if each.severity == "error" else MOMENT_S


def _drop(app: App[Any], gone: Iterable[Notification]) -> None:
    found = list(gone)
    for each in found:
        del app._notifications[each]
        for screen in app.screen_stack:  # each has its own picture of them
            screen.query(f"#{ToastRack._toast_id(each)}").remove()
    if found:
        app._refresh_notifications()
