"""From what a person wants on the on-call screen to a command for the desk; `intents` does the same for incidents.

No rule of conduct lives here: whether something may be done is decided in the domain, and said in its words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from warroom.domain.core import Command
from warroom.domain.desk import (
    AddAbsence,
    AddOverride,
    EndAbsence,
    EndOverride,
    EndSwap,
    RequestSwap,
    TakeSwap,
)
from warroom.tui import dialogs
from warroom.tui.actions.keycap import keycap
from warroom.tui.oncall import OnCallScreen
from warroom.tui.oncall_when import spoken
from warroom.tui.pieces import clean
from warroom.views import DeskKind, DeskLine, OnCallView
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp

Carry = Callable[[Command], Awaitable[str]]


class OnCallActs:
    """Everything that a key on the on-call screen can start."""

    def __init__(self, app: WarroomApp, carry: Carry) -> None:
        """`carry` carries out a command and gives "" when it was done, else why not."""
        self._app, self._carry = app, carry
        self.screen: OnCallScreen | None = None
        self._view: OnCallView | None = None

    def open(self) -> None:
        """Show who is on call."""
        board = self._app.board.view
        room, readonly = (board.room, board.readonly) if board is not None else ("", self._app.place.readonly)
        self.screen = OnCallScreen(room, self._me, self._app.clock(), readonly=readonly)
        self._app.push_screen(self.screen, self._closed)

    def _closed(self, _: None) -> None:
        self.screen = None
        self._app.feed.show_shifts(None)

    def show(self, view: OnCallView) -> None:
        """The shifts that the screen asked for, or newer ones."""
        self._view = view
        if self.screen is not None:
            self.screen.show(view, self._app.clock())

    def tick(self, now: datetime) -> None:
        """A second has passed."""
        if self.screen is not None:
            self.screen.tick(now)

    def act(self, event: OnCallScreen.Wanted) -> None:
        """Start what is wanted, on what the person saw."""
        wanted = getattr(self, f"_want_{event.action}", None)
        if wanted is not None and self._view is not None:
            wanted(event, self._view)

    @property
    def _me(self) -> str:
        return self._app.place.actor

    def _say(self, text: str) -> None:
        self._app.notify(clean(text), markup=False, timeout=4)

    def _want_override(self, event: OnCallScreen.Wanted, view: OnCallView) -> None:
        async def carry(cover: dialogs.Cover) -> str:
            refusal = await self._carry(
                AddOverride(
                    cover.schedule, cover.person, cover.start, cover.end, cover.reason, instead_of=cover.instead_of
                )
            )
            if not refusal:
                when = spoken(cover.start, cover.end, self._app.clock())
                self._say(
                    tr("{person} is on call on {schedule} {when}; {key} takes it back").format(
                        key=keycap("oncall.end"), person=cover.person, schedule=cover.schedule, when=when
                    )
                )
            return refusal

        schedule = event.schedule.name if event.schedule is not None else ""
        clock = self._app.clock
        self._app.push_screen(dialogs.OverrideDialog(view, schedule, event.span, self._me, clock, check=carry))

    def _want_absence(self, event: OnCallScreen.Wanted, view: OnCallView) -> None:
        async def carry(away: dialogs.Away) -> str:
            refusal = await self._carry(AddAbsence(away.person, away.start, away.end, away.reason))
            if not refusal:
                self._say(
                    tr("{person} is absent {when}; {key} takes it back").format(
                        key=keycap("oncall.end"),
                        person=away.person,
                        when=spoken(away.start, away.end, self._app.clock()),
                    )
                )
            return refusal

        self._app.push_screen(dialogs.AbsenceDialog(view, self._me, self._app.clock, check=carry))

    def _want_swap(self, event: OnCallScreen.Wanted, view: OnCallView) -> None:
        async def carry(asked: dialogs.Asked) -> str:
            return await self._carry(
                RequestSwap(asked.schedule, asked.start, asked.end, asked.person, asked.to, asked.note)
            )

        schedule = event.schedule.name if event.schedule is not None else ""
        self._app.push_screen(dialogs.SwapDialog(view, schedule, event.span, self._me, self._app.clock, check=carry))

    def _want_take(self, event: OnCallScreen.Wanted, view: OnCallView) -> None:
        async def carry(taken: dialogs.Ended) -> str:
            return await self._carry(TakeSwap(taken.item.id))

        mine = [
            item
            for item in view.desk
            if item.kind is DeskKind.SWAP and item.person != self._me and item.other in ("", self._me)
        ]
        if not mine:
            self._say(tr("nobody asks you, or everybody, to take a shift"))
            return
        mine.sort(key=lambda item: (item.other != self._me, item.start))
        now = self._app.clock()
        self._app.push_screen(
            dialogs.ItemDialog(mine, self._me, now, taking=True, chosen=_known(event.item, mine), check=carry)
        )

    def _want_end(self, event: OnCallScreen.Wanted, view: OnCallView) -> None:
        async def carry(ended: dialogs.Ended) -> str:
            return await self._carry(_end(ended))

        if not view.desk:
            self._say(tr("there is no override, absence or swap to take back"))
            return
        now = self._app.clock()
        # The override that the cursor stands on is what somebody most likely means.
        under = event.span.override if event.span is not None else 0
        chosen = event.item or next((item for item in view.desk if under and item.id == under), None)
        self._app.push_screen(
            dialogs.ItemDialog(view.desk, self._me, now, taking=False, chosen=_known(chosen, view.desk), check=carry)
        )

    def _want_shift(self, event: OnCallScreen.Wanted, view: OnCallView) -> None:
        if event.schedule is not None:
            span = event.span or event.schedule.now
            self._app.push_screen(dialogs.ShiftScreen(view, event.schedule, span, self._app.clock()))

    def _want_desk(self, event: OnCallScreen.Wanted, view: OnCallView) -> None:
        self._app.push_screen(dialogs.DeskScreen(view, self._me, self._app.clock()))


def _known(item: DeskLine | None, items: list[DeskLine] | tuple[DeskLine, ...]) -> DeskLine | None:
    return item if item is not None and any(each.id == item.id for each in items) else None


def _end(ended: dialogs.Ended) -> Command:
    match ended.item.kind:
        case DeskKind.OVERRIDE:
            return EndOverride(ended.item.id, ended.reason)
        case DeskKind.ABSENCE:
            return EndAbsence(ended.item.id)
        case _:
            return EndSwap(ended.item.id)
