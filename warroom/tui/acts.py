"""What the parts of `intents` share: the app, how a command is carried out, and what the person sees of an incident."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from warroom.domain.core import Command
from warroom.tui.reads import OnlyRead, only_read
from warroom.tui.widgets.confirm import Confirm
from warroom.tui.widgets.tight import TightModalScreen
from warroom.views import Catalogue, IncidentDetail, IncidentLine
from warroom.words import mark

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp
    from warroom.tui.past import Then

NOTHING_DONE = mark("nothing was done; what you entered still stands here")
"""What a form says whose result was not confirmed."""

Carry = Callable[[Command, str], Awaitable[str]]
"""Carries out a command on an incident and gives "" when it was done, else why not."""


class Acts:
    """The intents of one topic: for each a method `want_ACTION(line)`, which opens a form or a screen."""

    def __init__(self, app: WarroomApp, carry: Carry) -> None:
        """For one app."""
        self.app, self.carry = app, carry

    @property
    def catalogue(self) -> Catalogue:
        """What can be chosen from, by the rules in force."""
        view = self.app.board.view
        return view.catalogue if view is not None else Catalogue()

    @property
    def me(self) -> str:
        """The login of the person at this screen."""
        return self.app.place.actor

    def detail(self, line: IncidentLine) -> IncidentDetail | None:
        """All that is known on this screen of the incident; None while it is being read."""
        return self.app.detail_of(line.key)

    def then(self, line: IncidentLine) -> Then | None:
        """Where in the past of the incident the person is who looks at it; None in the present."""
        return self._then(line.key)

    def _then(self, key: str) -> Then | None:
        room = self.app.intents.room
        shown = room.screen is not None and room.screen.key == key
        return room.past.then if shown and room.past is not None else None

    def clock(self, line: IncidentLine) -> Callable[[], datetime]:
        """The time by which the person sees the incident: of the moment of the past, which stands still, or the
        room's."""
        then = self.then(line)
        if then is None:
            return self.app.clock
        moment = then.at.moment
        return lambda: moment

    def only_read(self, key: str) -> OnlyRead:
        """Whether an incident ("": the room) may only be looked at from where the person is, and why."""
        then, view = self._then(key), self.app.board.view
        readonly = self.app.place.readonly or (view is not None and view.readonly)
        return only_read(key, readonly=readonly, moment=then.at.moment if then is not None else None)

    def refused(self, line: IncidentLine) -> bool:
        """Whether nothing can be changed from where the person is; says why."""
        why = self.only_read(line.key).why
        if why:
            self.app.notify(why, severity="warning", markup=False)
        return bool(why)

    def do(self, line: IncidentLine, command: Command) -> None:
        """Carry out a command that needs no form; what is wrong with it is said."""
        if not self.refused(line):
            self.app.commander.execute(command, line.key)

    def show(self, screen: TightModalScreen[Any], line: IncidentLine) -> None:
        """Open what can be read where nothing may be changed, marked as such there."""
        screen.only_read = self.only_read(line.key)
        self.ask(screen)

    def ask(self, dialog: Screen[Any]) -> None:
        """Open a form or a screen."""
        self.app.push_screen(dialog)

    async def sure(self, question: str, happens: Sequence[str], do: str) -> bool:
        """Whether the person wants what nothing takes back; to be awaited where a form tries its result."""
        return bool(await self.app.push_screen_wait(Confirm(question, happens, do)))

    def say(self, text: str) -> None:
        """Tell the person something that needs no answer."""
        self.app.notify(text, markup=False)
