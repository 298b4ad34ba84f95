"""The escalation: from what a person wants to a command; `intents` gathers them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from warroom.domain.core import Command
from warroom.domain.escalation import (
    Acknowledge,
    CallOff,
    Confirm,
    Decline,
    Escalate,
    Refuse,
    Repage,
    Resume,
    SnoozeEscalation,
    TakeOver,
    Unacknowledge,
    Wake,
)
from warroom.domain.rules import LiftHold
from warroom.tui import dialogs
from warroom.tui.acts import NOTHING_DONE, Acts
from warroom.tui.reading import read_in_thread
from warroom.views import ForecastView, IncidentLine, LadderView, LevelLine, PageState, WhyView
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.tui.past import Then

MANY = 5
"""From how many on a level that is brought in by hand is asked about once more: nobody takes a page back."""


class LadderActs(Acts):
    """Everything that a key can start about the escalation of an incident (R5)."""

    def want_ack(self, line: IncidentLine) -> None:
        """Acknowledge. No form: at three in the morning one key is enough, and it can do no harm."""
        detail = self.detail(line)
        seen = None
        if detail is not None and line.page.state is not PageState.EXHAUSTED:
            seen = detail.ladder.level
        self.do(line, Acknowledge(seen))

    def want_snooze(self, line: IncidentLine) -> None:
        """Snooze it, or wake it where it is snoozed."""

        async def carry(snooze: dialogs.Snooze) -> str:
            return await self.carry(SnoozeEscalation(snooze.until, snooze.reason), line.key)

        async def wake(_: dialogs.Confirmed) -> str:
            return await self.carry(Wake(), line.key)

        if line.page.state is PageState.SNOOZED:
            detail = tr("{key} is snoozed: {reason}").format(key=line.key, reason=line.page.reason)
            self.ask(dialogs.ConfirmDialog(tr("Wake it now?"), detail, confirm_word=tr("wake"), check=wake))
        else:
            self.ask(dialogs.SnoozeDialog(line, self.app.clock, check=carry))

    def want_escalate(self, line: IncidentLine) -> None:
        """Bring in the next level, a named one, or a person."""
        detail = self.detail(line)
        if detail is None:
            return
        seen = detail.ladder.level

        async def carry(wish: dialogs.EscalateTo) -> str:
            if wish.person:
                return await self.carry(Escalate(wish.reason, wish.person), line.key)
            level = next((each for each in detail.ladder.levels if each.number == (wish.level or seen + 1)), None)
            if level is not None and len(level.targets) >= MANY and not await self._sure_to_page(line, level):
                return tr(NOTHING_DONE)
            return await self.carry(Escalate(wish.reason, seen=seen, level=wish.level), line.key)

        self.ask(dialogs.EscalateDialog(line, detail.ladder, self.catalogue.people, self.app.clock(), check=carry))

    async def _sure_to_page(self, line: IncidentLine, level: LevelLine) -> bool:
        return await self.sure(
            tr("Page {count} people?").format(count=len(level.targets)),
            (
                tr("{key}: level {number}, {label}, by {ways}").format(
                    key=line.key, number=level.number, label=level.label, ways=", ".join(level.via)
                ),
                ", ".join(level.targets),
                tr("A page cannot be called back."),
            ),
            tr("page them"),
        )

    def want_act(self, line: IncidentLine) -> None:
        """Ask what else to do about the escalation that the person sees."""
        detail = self.detail(line)
        if detail is None:
            return
        ladder = detail.ladder
        acts = dialogs.acts_on(ladder, self.me, self.app.clock())
        if not acts:
            self.say(tr("{key} has no escalation to act on").format(key=line.key))
            return

        async def carry(wish: dialogs.Wish) -> str:
            return await self.carry(command_of(wish, ladder), line.key)

        self.ask(dialogs.ActDialog(line, acts, self.catalogue.people, check=carry))

    def want_ahead(self, line: IncidentLine) -> None:
        """Show what follows by itself, and why who was paged, also where it is the past that is looked at."""
        then = self.then(line)
        as_of = then.at.moment if then is not None else None

        def show(found: tuple[ForecastView, WhyView]) -> None:
            self.ask(dialogs.AheadScreen(*found, self.app.clock, as_of))

        read_in_thread(self.app, partial(self._ahead, line.key, then), show, opens=True)

    def _ahead(self, key: str, then: Then | None) -> tuple[ForecastView, WhyView]:
        if then is not None:
            at = then.at
            return then.past.forecast(at.version, at.moment), then.past.why(at.version, at.moment)
        with self.app.place.session() as session:
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
