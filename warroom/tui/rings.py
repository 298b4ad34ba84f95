"""The person at this screen is paged: something to hear, as they want it, and what for, until it is read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from warroom.domain.text import clean_line, cut
from warroom.tui.actions.keycap import keycap
from warroom.views import Call
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp

SHOWN_S: Final = 20.0
"""How long it is shown that the person at this screen is paged, in seconds; of one incident not again meanwhile."""
CALL_CELLS: Final = 110
"""How many characters of it: two lines in the corner of the screen."""


_ANSWERS: Final = {
    "card": (mark("{key} shows the card"), "incident.handover", ""),
    "review": (mark("{key}, then {then}"), "incident.update", "composer.waiting"),
    "update": (mark("{key} writes it"), "incident.update", ""),
}
"""What answers a call, in words, and the actions whose keys do it."""


def _answer(what: str) -> str:
    if what not in _ANSWERS:
        return ""
    words, id, then = _ANSWERS[what]
    return ": " + tr(words).format(key=keycap(id), then=keycap(then, "composer") if then else "")


class Rings:
    """Says that somebody is paged."""

    def __init__(self, app: WarroomApp) -> None:
        """Nobody was yet."""
        self._app = app
        self._rung: dict[str, float] = {}

    def ring(self, call: Call) -> None:
        """Ring, and say for what."""
        app = self._app
        text = clean_line(f"{call.key} {cut(call.title, 30)}: {call.what}{_answer(call.answer)}", CALL_CELLS)
        title, grave = (tr("You are paged"), "error") if call.paged else (tr("For you"), "warning")
        app.voice.call(title, text)
        now = time.monotonic()
        if app.screen not in (app.board, app.intents.room.screen) or now - self._rung.get(call.key, -SHOWN_S) < SHOWN_S:
            return  # a form that is open, perhaps for this very page, is not hidden; nor do repeats pile up
        self._rung[call.key] = now
        app.notify(text, title=title, severity=grave, timeout=SHOWN_S, markup=False)
