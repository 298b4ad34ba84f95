"""From what a person wants to a command: the key's intent opens a form where one is needed, the form's result becomes a
command that carries what the person saw, and the answer comes back into the form or as a message.

What is wanted of an incident is answered by a method `want_ACTION` of one of the `Acts`, a class for each topic.

No rule of conduct lives here: whether something may be done is decided in the domain, and said in its words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from warroom.clock import REAL
from warroom.domain.core import Command
from warroom.domain.text import clean_line
from warroom.store.write import Outcome
from warroom.tui import dialogs
from warroom.tui.acts import Acts
from warroom.tui.clock_acts import ClockActs
from warroom.tui.commander import Result
from warroom.tui.composer_acts import ComposerActs
from warroom.tui.incident_acts import IncidentActs
from warroom.tui.ladder_acts import LadderActs
from warroom.tui.reads import CHANGES
from warroom.tui.record_acts import RecordActs
from warroom.tui.role_acts import RoleActs
from warroom.tui.room_acts import RoomActs
from warroom.tui.timeline_acts import TimelineActs
from warroom.tui.undo_acts import UndoActs
from warroom.views import BoardView, IncidentLine

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp


class Intents:
    """Everything that a key on the board can start."""

    def __init__(self, app: WarroomApp) -> None:
        """For one app; `follow` keeps it up to date."""
        self._app = app
        self._view: BoardView | None = None
        self._waiting: dict[int, asyncio.Future[Result]] = {}
        self._to_select = ""
        self.room, self.incident = RoomActs(app, self.carried), IncidentActs(app, self.carried)
        self.composer, self.clocks = ComposerActs(app, self.carried), ClockActs(app, self.carried)
        self.undo = UndoActs(app, self.carried)
        self._parts: tuple[Acts, ...] = (
            self.room,
            self.incident,
            self.composer,
            self.clocks,
            *(part(app, self.carried) for part in (LadderActs, RoleActs, TimelineActs, RecordActs)),
        )
        self._of_room: dict[str, Callable[[], None]] = {
            "declare": self.incident.declare,
            "engines": self._engines,
            "oncall": lambda: self._app.oncall.open(),
            "punctuality": self.clocks.punctuality,
            "quit": self._quit,
            "rulebook": self._rulebook,
            "theme": lambda: self._app.looks.choose(),
            "undo": self.undo.undo,
        }

    def follow(self, view: BoardView) -> None:
        """The room moved on. Processes sign in the machine's own time, whatever the room's clock says."""
        self._view = view
        top = self._app.screen
        if isinstance(top, dialogs.EngineScreen):
            top.show(view.engines, REAL(), starting=self._app.runtime.starting)
        if self._to_select and any(line.key == self._to_select for line in view.lines):
            self._app.board.select(self._to_select)
            self._to_select = ""

    # Carrying out --------------------------------------------------------------------------------------------------

    def act(self, action: str, line: IncidentLine | None) -> None:
        """Start what the intent names; `line` is the incident as the person saw it. Where it may only be looked at,
        what would change it is refused."""
        if line is not None and action in CHANGES and self.room.refused(line):
            return
        of_room = self._of_room.get(action)
        if of_room is not None:
            of_room()
            return
        for part in self._parts:
            wanted = getattr(part, f"want_{action}", None)
            if wanted is not None and line is not None:
                wanted(line)
                return

    def done(self, result: Result) -> None:
        """A command was carried out or refused."""
        self.undo.remember(result)
        waiting = self._waiting.pop(result.ticket, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(result)
        elif result.refusal:
            self._app.notify(clean_line(result.refusal, 300), severity="warning", timeout=8, markup=False)

    async def carried(self, command: Command, key: str = "") -> str:
        """Carry out a command and wait for it; "" when it was done, else why not. Nothing is changed where only reading
        is allowed, whatever form asks for it."""
        if why := self.room.only_read(key).why:
            return why
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        # The answer comes by the loop, and so after this.
        self._waiting[self._app.commander.execute(command, key)] = future
        result = await future
        if isinstance(result.outcome, Outcome) and not key:
            self._to_select = result.outcome.key
        return result.refusal

    # What belongs to no incident -----------------------------------------------------------------------------------

    def _quit(self) -> None:
        self._app.exit(0)

    def _engines(self) -> None:
        if self._view is not None:
            self._app.push_screen(dialogs.EngineScreen(self._view.engines, REAL(), starting=self._app.runtime.starting))

    def _rulebook(self) -> None:
        self._app.rulebook.open(self._view.room if self._view is not None else "")
