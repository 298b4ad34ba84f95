"""Runs the board in this terminal, from what stands in it before to what it is left as."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from warroom.engine.runtime import Place
from warroom.preferences.values import DEFAULTS, Preferences
from warroom.tui import garbage, waiting
from warroom.tui.app import WarroomApp
from warroom.tui.guard import Guard
from warroom.tui.sieve.sorting import urgent

if TYPE_CHECKING:
    from warroom.tui.glimpse import Glimpse


def run_board(place: Place, own: Preferences = DEFAULTS, picture: Glimpse | None = None) -> int:
    """Show the board until the person leaves, or the terminal or a signal ends it; returns the exit status.

    `picture` is what stands in the terminal until everything is read, and hands it over then.
    """
    with waiting.said(place.target), place.session() as session:
        clock = session.room_clock
        first = session.board(spend_s=0.0)
        if first.lines:
            first = session.board(urgent(first.lines, clock())[0].key, spend_s=0.0)
        readonly = session.readonly
    if readonly:
        place = replace(place, readonly=True)
    # An exported size would be believed over the terminal's own, and no change of it would ever be seen.
    # One of Unicode would have widths of characters looked up in tables that are not those of `cell_width`.
    for name in ("COLUMNS", "LINES", "UNICODE_VERSION"):
        os.environ.pop(name, None)
    app = WarroomApp(place, clock, first, own)
    app.call_when_shown(garbage.settle)
    app.left_as = picture.attributes if picture is not None else None
    guard = Guard(
        app.leave,
        restore=app.voice.take_back,
        attributes=app.left_as,
        taken=lambda: app._driver is not None,
    )
    guard.install()
    if picture is not None:
        picture.hand_over(lambda: app._driver is not None)
    try:
        result = app.run(mouse=own.mouse)
    finally:
        if app._driver is not None:
            guard.given_back()
        app.stop_threads()
        guard.restore()
        guard.done()
    return app.return_code or result or 0
