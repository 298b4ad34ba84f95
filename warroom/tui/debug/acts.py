"""From the key to the screen: the facts are read in a thread, and shown when they are there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from warroom.tui.debug.facts import gather
from warroom.tui.debug.live import live_facts
from warroom.tui.debug.screen import DebugScreen
from warroom.tui.reading import read_in_thread

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp


def open_debug(app: WarroomApp) -> None:
    """Show what is known of this program, its terminal and its room."""

    def copy(text: str) -> None:
        from warroom.tui.outside.copying import CopyScreen, copied_words

        if why := app.voice.copy(text):
            app.push_screen(CopyScreen(text, why))
        else:
            app.notify(copied_words(text), markup=False)

    if isinstance(app.screen, DebugScreen):
        return
    screen = DebugScreen(copy)
    live = live_facts(app)
    app.push_screen(screen)
    read_in_thread(app, partial(gather, app.place.target, app.place.actor, live), screen.show, screen.trouble)
