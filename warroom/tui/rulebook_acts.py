"""Keeps the rulebook's screen up to date while it is open: read when it is opened, when something happened, and now and
then, since time alone changes who is on call."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from warroom.service.rulebook_view import look
from warroom.tui.reading import read_in_thread
from warroom.tui.rulebook import RulebookScreen
from warroom.views import BoardView, RulebookView

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp

AGAIN_S, ANYHOW_S = 2.0, 30.0
"""How soon it is read again after something happened, and at the latest although nothing did, in seconds."""
SHARE = 0.1
"""How much of the time is spent on reading at most: what takes long in a large rulebook comes less often."""


class RulebookActs:
    """The rulebook's screen and what it shows."""

    def __init__(self, app: WarroomApp) -> None:
        """For one app; nothing is read before somebody looks."""
        self._app = app
        self._screen: RulebookScreen | None = None
        self._view: RulebookView | None = None
        self._seq = -1  # the room's latest event, as far as the board knows
        self._read_at = float("-inf")
        self._reading = False
        self._took = 0.0

    def open(self, room: str) -> None:
        """Show the rules in force."""
        if self._screen is None:
            self._screen = RulebookScreen(room, self._app.place.actor, self._app.clock(), self._view)
            self._app.push_screen(self._screen, self._closed)
            self._read()

    def _closed(self, _: None) -> None:
        self._screen = None

    def follow(self, board: BoardView) -> None:
        """The room moved on."""
        self._seq = board.seq

    def tick(self, now: datetime) -> None:
        """A second has passed."""
        if self._screen is None:
            return
        self._screen.tick(now)
        age = monotonic() - self._read_at
        moved = self._view is None or self._view.basis[1] < self._seq
        if age >= max(AGAIN_S if moved else ANYHOW_S, self._took / SHARE):
            self._read()

    def _read(self) -> None:
        if not self._reading:
            self._reading, self._read_at = True, monotonic()
            read_in_thread(self._app, self._look, self._show, self._failed)

    def _look(self) -> RulebookView:
        begun = monotonic()
        with self._app.place.session() as session:
            found = look(session, self._view)
        self._took = monotonic() - begun
        return found

    def _show(self, view: RulebookView) -> None:
        self._reading, self._view = False, view
        if self._screen is not None:
            self._screen.show(view, self._app.clock())

    def _failed(self, why: str) -> None:
        self._reading = False
        if self._screen is not None:
            self._screen.trouble(why)
