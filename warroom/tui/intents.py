"""From what a person wants to a command: the key's intent opens a form where one is needed, the form's result becomes a
command that carries what the person saw, and the answer comes back into the form or as a message.

No rule of conduct lives here: whether something may be done is decided in the domain, and said in its words.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from warroom.domain.core import Command
from warroom.domain.escalation import Acknowledge, Escalate, SnoozeEscalation, Wake
from warroom.domain.incident import SetStatus, Status
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
from warroom.views import BoardView, Catalogue, IncidentDetail, IncidentLine, PageState

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
        self._ladder = LadderActs(app, self.carried)
        self.room, self.incident = RoomActs(app, self.carried), IncidentActs(app, self.carried)
        self.composer, self.clocks = ComposerActs(app, self.carried), ClockActs(app, self.carried)
        self._parts: tuple[Acts, ...] = (
            self.room,
            self.incident,
            self.composer,
            self.clocks,
            *(part(app, self.carried) for part in (RoleActs, TimelineActs, RecordActs)),
        )

    def follow(self, view: BoardView) -> None:
        """The room moved on."""
        self._view = view
        top = self._app.screen
        if isinstance(top, dialogs.EngineScreen):
            top.show(view.engines, self._app.clock())
        if any(line.key == self._to_select for line in view.lines):
            self._app.board.select(self._to_select)
            self._to_select = ""

    @property
    def _catalogue(self) -> Catalogue:
        return self._view.catalogue if self._view is not None else Catalogue()

    # Carrying out --------------------------------------------------------------------------------------------------

    def act(self, action: str, line: IncidentLine | None) -> None:
        """Start what the intent names; `line` is the incident as the person saw it. Where it may only be looked at,
        what would change it is refused."""
        if line is not None and action in CHANGES and self.room.refused(line):
            return
        for part in self._parts:
            wanted = getattr(part, f"want_{action}", None)
            if wanted is not None and line is not None:
                wanted(line)
                return
        wanted = getattr(self, f"_want_{action}", None)
        if wanted is None:
            return
        if action in ("declare", "engines", "oncall", "rulebook", "punctuality", "quit"):
            wanted()
        elif line is not None:
            wanted(line)

    def done(self, result: Result) -> None:
        """A command was carried out or refused."""
        waiting = self._waiting.pop(id(result.command), None)
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
        self._waiting[id(command)] = future
        self._app.commander.execute(command, key)
        result = await future
        if isinstance(result.outcome, Outcome) and not key:
            self._to_select = result.outcome.key
        return result.refusal

    def _ask(self, dialog: Screen[Any]) -> None:
        self._app.push_screen(dialog)

    def _detail(self, line: IncidentLine) -> IncidentDetail | None:
        return self._app.detail_of(line.key)

    # What a key starts ---------------------------------------------------------------------------------------------

    def _want_quit(self) -> None:
        self._app.exit(0)

    def _want_engines(self) -> None:
        if self._view is not None:
            self._ask(dialogs.EngineScreen(self._view.engines, self._app.clock()))

    def _want_punctuality(self) -> None:
        self.clocks.punctuality()

    def _want_oncall(self) -> None:
        self._app.oncall.open()

    def _want_rulebook(self) -> None:
        self._app.rulebook.open(self._view.room if self._view is not None else "")

    def _want_ack(self, line: IncidentLine) -> None:
        """No form: at three in the morning one key is enough, and it can do no harm."""
        detail = self._detail(line)
        seen = None
        if detail is not None and line.page.state is not PageState.EXHAUSTED:
            seen = detail.ladder.level
        self._app.commander.execute(Acknowledge(seen), line.key)

    def _want_snooze(self, line: IncidentLine) -> None:
        async def carry(snooze: dialogs.Snooze) -> str:
            return await self.carried(SnoozeEscalation(snooze.until, snooze.reason), line.key)

        async def wake(_: dialogs.Confirmed) -> str:
            return await self.carried(Wake(), line.key)

        if line.page.state is PageState.SNOOZED:
            detail = f"{line.key} is snoozed: {line.page.reason}"
            self._ask(dialogs.ConfirmDialog("Wake it now?", detail, confirm_word="wake", check=wake))
        else:
            self._ask(dialogs.SnoozeDialog(line, self._app.clock, check=carry))

    def _want_escalate(self, line: IncidentLine) -> None:
        detail = self._detail(line)
        if detail is None:
            return
        seen = detail.ladder.level

        async def carry(wish: dialogs.EscalateTo) -> str:
            if wish.person:
                return await self.carried(Escalate(wish.reason, wish.person), line.key)
            return await self.carried(Escalate(wish.reason, seen=seen, level=wish.level), line.key)

        self._ask(dialogs.EscalateDialog(line, detail.ladder, self._catalogue.people, self._app.clock(), check=carry))

    def _want_act(self, line: IncidentLine) -> None:
        detail = self._detail(line)
        if detail is not None:
            self._ladder.act(line, detail, self._catalogue.people)

    def _want_ahead(self, line: IncidentLine) -> None:
        self._ladder.ahead(line, self.room.then(line))

    def _want_merge(self, line: IncidentLine) -> None:
        if self._view is not None:
            self._ladder.merge(line, self._view)

    def _want_move(self, line: IncidentLine) -> None:
        self._ladder.move(line)

    def _want_declare(self) -> None:
        self.incident.declare()

    def _want_reopen(self, line: IncidentLine) -> None:
        async def carry(confirmed: dialogs.Confirmed) -> str:
            command = SetStatus(Status.INVESTIGATING, confirmed.reason, Status(line.status))
            return await self.carried(command, line.key)

        if line.status in (Status.RESOLVED, Status.CLOSED):
            self._ask(dialogs.ReopenDialog(line, check=carry))
        else:
            self._app.notify(f"{line.key} is {line.status}: there is nothing to reopen", markup=False)
