"""From what a person wants of an escalation to a command; `intents` does the same for the rest of an incident."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from warroom.domain.core import Command
from warroom.domain.escalation import (
    CallOff,
    Confirm,
    Decline,
    Refuse,
    Repage,
    Resume,
    TakeOver,
    Unacknowledge,
)
from warroom.domain.incident import Merge
from warroom.domain.moving import MoveToRules
from warroom.domain.rules import LiftHold
from warroom.tui import dialogs
from warroom.tui.reading import read_in_thread
from warroom.views import BoardView, ForecastView, IncidentDetail, IncidentLine, LadderView, WhyView

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp
    from warroom.tui.past import Then

Carry = Callable[[Command, str], Awaitable[str]]


class LadderActs:
    """Everything that a key on the board can start about the escalation of an incident."""

    def __init__(self, app: WarroomApp, carry: Carry) -> None:
        """`carry` carries out a command on an incident and gives "" when it was done, else why not."""
        self._app, self._carry = app, carry

    def act(self, line: IncidentLine, detail: IncidentDetail, people: tuple[str, ...]) -> None:
        """Ask what to do about the escalation that the person sees."""
        ladder = detail.ladder
        acts = dialogs.acts_on(ladder, self._app.place.actor, self._app.clock())
        if not acts:
            self._app.notify(f"{line.key} has no escalation to act on", markup=False)
            return

        async def carry(wish: dialogs.Wish) -> str:
            return await self._carry(command_of(wish, ladder), line.key)

        self._app.push_screen(dialogs.ActDialog(line, acts, people, check=carry))

    def merge(self, line: IncidentLine, view: BoardView) -> None:
        """Ask into which incident this one is merged."""
        others = [other for other in view.lines if other.key != line.key and not other.watched]
        if not others or line.watched:
            self._app.notify("there is no other incident that it could be a duplicate of", markup=False)
            return

        async def carry(merge: dialogs.MergeInto) -> str:
            return await self._carry(Merge(merge.into, merge.reason), line.key)

        self._app.push_screen(dialogs.MergeDialog(line, others, check=carry))

    def move(self, line: IncidentLine) -> None:
        """Show what would change under the rules in force, and ask."""
        read_in_thread(self._app, partial(self._difference, line.key), partial(self._ask_move, line), opens=True)

    def _difference(self, key: str) -> tuple[str, tuple[str, ...]]:
        with self._app.place.session() as session:
            return session.newer_rules(key)

    def _ask_move(self, line: IncidentLine, found: tuple[str, tuple[str, ...]]) -> None:
        revision, difference = found
        if not revision:
            self._app.notify(f"{line.key} runs under the rules in force", markup=False)
            return

        async def carry(revision: str) -> str:
            return await self._carry(MoveToRules(revision), line.key)

        self._app.push_screen(dialogs.MoveDialog(line, revision, difference, check=carry))

    def ahead(self, line: IncidentLine, then: Then | None = None) -> None:
        """Show what follows by itself, and why who was paged; `then` where it is the past that is looked at."""
        as_of = then.at.moment if then is not None else None

        def show(found: tuple[ForecastView, WhyView]) -> None:
            self._app.push_screen(dialogs.AheadScreen(*found, self._app.clock, as_of))

        read_in_thread(self._app, partial(self._ahead, line.key, then), show, opens=True)

    def _ahead(self, key: str, then: Then | None) -> tuple[ForecastView, WhyView]:
        if then is not None:
            at = then.at
            return then.past.forecast(at.version, at.moment), then.past.why(at.version, at.moment)
        with self._app.place.session() as session:
            return session.forecast(key), session.why(key)


def command_of(wish: dialogs.Wish, ladder: LadderView) -> Command:
    """The command for what was chosen, with what the person saw."""
    match wish.act:
        case "confirm":
            return Confirm(wish.reason, ladder.question.level if ladder.question else None)
        case "refuse":
            return Refuse(wish.reason, ladder.question.level if ladder.question else None)
        case "decline":
            return Decline(wish.person, wish.reason, ladder.level)
        case "takeover":
            return TakeOver(wish.reason, ladder.acked_by)
        case "unack":
            return Unacknowledge(wish.reason, ladder.acked_by)
        case "repage":
            return Repage(wish.reason, ladder.level)
        case "resume":
            return Resume(wish.reason)
        case "lift":
            return LiftHold(wish.reason)
        case _:
            return CallOff(wish.reason, ladder.level)
