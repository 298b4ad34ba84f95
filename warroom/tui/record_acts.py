"""Notes, theories, tasks and evidence; catch me up: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from warroom.domain.record_commands import (
    AssignTask,
    Decide,
    EndTask,
    PlanTask,
    RecordCommand,
    SettleTheory,
    UndoChange,
)
from warroom.domain.record_events import TheoryState
from warroom.tui.acts import Acts
from warroom.tui.reading import read_in_thread
from warroom.tui.widgets.catchup import CatchUpScreen
from warroom.tui.widgets.form_note import Knows, LineDialog, NoteDialog, TimeDialog
from warroom.tui.widgets.work import WorkScreen
from warroom.tui.work import Item
from warroom.views import (
    CatchUpView,
    ChangeLine,
    ExperimentLine,
    IncidentLine,
    PendingLine,
    TaskLine,
    TheoryLine,
    WorkView,
)
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.tui.past import Then

_ADDS = {"theory": "? ", "task": "+ ", "decision": "! ", "change": "~ ", "evidence": "& ", "note": ""}
_SETTLES = {
    "confirm": (mark("Confirm it"), mark("confirm it")),
    "refute": (mark("Refute it"), mark("refute it")),
    "reopen": (mark("Open it again"), mark("open it again")),
}
"""What is asked to settle a theory: the title, and the word for doing it."""


class RecordActs(Acts):
    """Everything that a key can start about the record (R11)."""

    def want_note(self, line: IncidentLine) -> None:
        """Write one thing down."""
        self._write(line)

    def _write(self, line: IncidentLine, text: str = "") -> None:
        async def carry(command: RecordCommand) -> str:
            return await self.carry(command, line.key)

        self.ask(NoteDialog(line, self.app.clock, self._knows(line), text=text, check=carry))

    def _knows(self, line: IncidentLine) -> Knows:
        detail = self.detail(line)
        holders = {role: "" for role, _ in self.catalogue.roles}
        if detail is not None:
            holders |= {role.role: role.holder for role in detail.roles}
        people = (*self.catalogue.people, *filter(None, holders.values()))
        return Knows(people, holders, self._work(line) or WorkView())

    def _work(self, line: IncidentLine) -> WorkView | None:
        detail = self.detail(line)
        return detail.work if detail is not None else None

    # Catch me up -----------------------------------------------------------------------------------------------------

    def want_catchup(self, line: IncidentLine) -> None:
        """Show the state of the incident on one screen; to somebody who comes back first what is new."""
        then = self.then(line)
        as_of = then.at.moment if then is not None else None

        def show(view: CatchUpView) -> None:
            self.ask(CatchUpScreen(view, self.app.clock, as_of))

        read_in_thread(self.app, partial(self._catch_up, line.key, then), show)

    def _catch_up(self, key: str, then: Then | None) -> CatchUpView:
        if then is not None:
            return then.past.catch_up(then.at.version, then.at.moment, who=self.me)
        with self.app.place.session() as session:
            return session.catch_up(key)

    # Work ------------------------------------------------------------------------------------------------------------

    def want_work(self, line: IncidentLine) -> None:
        """Show the work on the incident, and act on it."""
        if self.detail(line) is not None:
            self.show(WorkScreen(line, lambda: self._work(line), self.clock(line), self.wish), line)

    def wish(self, screen: WorkScreen, act: str, item: Item | None) -> None:
        """Answer a key of the work screen: at once where that can do no harm, else with a question."""
        line = screen.line
        if self.refused(line):
            return
        if act in _ADDS:
            self._write(line, _ADDS[act])
        elif isinstance(item, TheoryLine) and item.id:
            self._theory(line, act, item)
        elif isinstance(item, ExperimentLine) and item.id and act == "result" and not item.verdict:
            self._write(line, f"= #{item.id} ")
        elif isinstance(item, TaskLine):
            self._task(line, act, item)
        elif isinstance(item, PendingLine):
            self._pending(line, act, item)
        elif isinstance(item, ChangeLine) and act == "undo" and item.undone_at is None:

            def undone(note: str) -> RecordCommand:
                return UndoChange(item.id, note)

            self._line(
                line, tr("Undone"), item.text, undone, word=tr("it is undone"), placeholder=tr("how, and what it did")
            )

    def _theory(self, line: IncidentLine, act: str, theory: TheoryLine) -> None:
        to = {"confirm": TheoryState.CONFIRMED, "refute": TheoryState.REFUTED, "reopen": TheoryState.OPEN}.get(act)
        if act == "test" and theory.state == "open":
            self._write(line, f"> #{theory.id} ")
        elif to is not None and to != theory.state:
            seen = TheoryState(theory.state)

            def settle(reason: str) -> RecordCommand:
                return SettleTheory(theory.id, to, reason, seen)

            heading, word = _SETTLES[act]
            self._line(line, tr(heading), theory.text, settle, word=tr(word), placeholder=tr("what shows it"))

    def _task(self, line: IncidentLine, act: str, task: TaskLine) -> None:
        if act == "take":
            self._do(line, AssignTask(task.id, self.me, task.owner))
        elif not task.open:
            return
        elif act == "done":
            self._do(line, EndTask(task.id))
        elif act == "assign":

            def assign(person: str) -> RecordCommand:
                return AssignTask(task.id, person, task.owner)

            people = self._knows(line).people
            self._line(
                line, tr("Give it to"), task.text, assign, word=tr("assign"), needed=tr("name a person"), known=people
            )
        elif act == "drop":

            def drop(reason: str) -> RecordCommand:
                return EndTask(task.id, reason, dropped=True)

            self._line(line, tr("Drop it"), task.text, drop, word=tr("drop"), needed=tr("say why it is not needed"))
        elif act == "plan":

            async def carry(due: datetime | None) -> str:
                return await self.carry(PlanTask(task.id, due), line.key)

            self.ask(TimeDialog(task.text, self.app.clock, check=carry))

    def _pending(self, line: IncidentLine, act: str, asked: PendingLine) -> None:
        if act == "done":
            self._write(line, f"! #{asked.id} ")
        elif act == "drop":

            def drop(reason: str) -> RecordCommand:
                return Decide(asked.id, reason, dropped=True)

            self._line(line, tr("Not needed any more"), asked.text, drop, word=tr("drop"), needed=tr("say why not"))

    def _do(self, line: IncidentLine, command: RecordCommand) -> None:
        self.do(line, command)

    def _line(
        self,
        line: IncidentLine,
        heading: str,
        detail: str,
        make: Callable[[str], RecordCommand],
        *,
        word: str,
        placeholder: str = "",
        needed: str = "",
        known: Sequence[str] = (),
    ) -> None:
        async def carry(typed: str) -> str:
            return await self.carry(make(typed), line.key)

        check: Callable[[str], Awaitable[str]] = carry
        self.ask(
            LineDialog(heading, detail, word=word, placeholder=placeholder, needed=needed, known=known, check=check)
        )
