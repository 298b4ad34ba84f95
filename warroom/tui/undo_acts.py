"""Taking back what the person did at this screen, the latest first; `intents` gathers it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from warroom.domain.role_titles import titled
from warroom.domain.text import clean_line
from warroom.domain.undo import WAYS, head, in_short
from warroom.domain.undoing import TakeBack
from warroom.store.write import Outcome
from warroom.tui.actions.table import BY_ID
from warroom.tui.acts import Acts, Carry
from warroom.tui.commander import Result
from warroom.tui.reading import read_in_thread
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp

SAID_S = 4.0
"""How long it is said that an act can be taken back, in seconds."""
MOST = 50
"""How many acts are remembered."""


class UndoActs(Acts):
    """Remembers what was done at this screen, and takes it back."""

    def __init__(self, app: WarroomApp, carry: Carry) -> None:
        """For one app; nothing was done yet."""
        super().__init__(app, carry)
        self._acts: list[tuple[str, int]] = []  # key and number of the entry, the latest last

    def remember(self, result: Result) -> None:
        """A command was carried out: what can be taken back is remembered, and that is said."""
        outcome = result.outcome
        if not isinstance(outcome, Outcome) or isinstance(result.command, TakeBack):
            return
        found = head(outcome.entries)
        if found is None:
            return
        entry = outcome.entries[found]
        number = outcome.room.version - len(outcome.entries) + found + 1
        self._acts.append((outcome.key, number))
        del self._acts[:-MOST]
        if type(entry.event) in WAYS:
            keymap, action = self.app.board.keymap, BY_ID["board.undo"]
            undo = keymap.shown(action, keymap.keys(action))
            view = self.app.board.view
            with titled(dict(view.catalogue.roles) if view is not None else None):
                what = in_short(entry)
            text = tr("{key} {what} · {undo} undoes").format(key=outcome.key, what=what, undo=undo)
            self.app.notify(text, timeout=SAID_S, markup=False)

    def undo(self) -> None:
        """Take back the latest thing that was done here and is not taken back yet."""
        if not self._acts:
            self.say(tr("nothing was done at this screen that could be undone; warroom undo KEY looks at the record"))
            return
        key, number = self._acts[-1]
        if why := self.only_read(key).why:
            self.app.notify(why, severity="warning", markup=False)
            return
        read_in_thread(self.app, partial(self._way, key, number), partial(self._take, key), self._refused, opens=True)

    def _way(self, key: str, number: int) -> TakeBack:
        with self.app.place.session() as session:
            return session.way_back(key, number)

    def _refused(self, why: str) -> None:
        """It cannot be taken back: that is said once, and the next press is about what was done before it."""
        if self._acts:
            key, _ = self._acts.pop()
            why = f"{key}: {why}"
        self.app.notify(clean_line(why, 300), severity="warning", timeout=8, markup=False)

    def _take(self, key: str, command: TakeBack) -> None:
        async def carry() -> None:
            if why := await self.carry(command, key):
                self._refused(why)
                return
            self._acts[:] = [act for act in self._acts if act != (key, command.entry)]
            self.say(tr("{key}: taken back: {what}").format(key=key, what=command.about))

        self.app.run_worker(carry(), exit_on_error=False)
