"""The screen of one incident: opened from the board, kept up to date while it is open; `intents` gathers it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from warroom.tui.acts import Acts, Carry
from warroom.tui.link.probe import unfit
from warroom.tui.past import TimeTravel
from warroom.tui.past_keys import Travel
from warroom.tui.room import RoomScreen
from warroom.views import BoardView, IncidentLine, RecordPage

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp

RESTS: Final = 2
"""How many seconds the board stands before the screen of an incident is prepared: keys that follow come first."""


class RoomActs(Acts):
    """Opens the screen of an incident, and tells it what the feed finds."""

    def __init__(self, app: WarroomApp, carry: Carry) -> None:
        """For one app; no screen is open."""
        super().__init__(app, carry)
        self.screen: RoomScreen | None = None
        self.past: TimeTravel | None = None
        self._spare: RoomScreen | None = None
        self._seconds = 0  # since the board stands alone, or since the spare one was made
        self._old: list[RoomScreen] = []  # that were left, or prepared in vain: they are to be taken apart

    def prepare(self) -> None:
        """Have a screen at hand that is composed and has its styles, for the incident that is opened next: most of what
        opening one takes. It is used once, so nothing of one incident is left when another one is opened."""
        view = self.app.board.view
        if self._spare is None and view is not None and view.selected is not None and not unfit():
            self._spare, self._seconds = RoomScreen(view.selected, view, self.app.clock()), 0
            self.app._get_screen(self._spare)

    def restyle(self) -> None:
        """Colours or layout are others: what was prepared with the old ones is of no use."""
        if (spare := self._take()) is not None:
            self._old.append(spare)

    def _get_ready(self) -> None:
        """A second of the board has passed: one step towards a screen at hand, so that keys come in between."""
        self._seconds += 1
        if self._spare is None:
            if self._seconds >= RESTS:
                self.prepare()
        elif self._seconds <= 2:  # first all parts get their size, then what depends on that
            self._spare.lay_out_behind()
        for old in tuple(self._old):
            if old.composed:  # it may not be taken apart while it is being put together
                self._old.remove(old)
                self.app.uninstall_screen(old)
                old.remove()

    def _take(self) -> RoomScreen | None:
        spare, self._spare, self._seconds = self._spare, None, 0
        return spare

    def want_open(self, line: IncidentLine) -> None:
        """Show everything about the incident. While its detail is still being read there is nothing to open."""
        detail, view = self.detail(line), self.app.board.view
        if self.screen is not None or detail is None or view is None:
            return
        now = self.app.clock()
        self.screen = self._take()
        if self.screen is None:
            self.screen = RoomScreen(detail, view, now)
        else:
            self.screen.turn_to(detail, view, now)
        self.screen.starting = lambda: self.app.runtime.starting
        # Else Textual would take it apart, part by part, before the board behind it is drawn: that has time.
        self.app.install_screen(self.screen, f"room {id(self.screen)}")
        self.past = TimeTravel(self.app, self.screen, self.app.place.session, self.app.clock)
        self.app.feed.follow_room(line.key, detail.line.version)
        self.app.push_screen(self.screen, self._closed)

    def _closed(self, _: None) -> None:
        if self.screen is not None:
            self._old.append(self.screen)
        self.screen = self.past = None
        self.app.feed.leave_room()
        self._seconds = 0
        # The board was left as it was; it shows at once what has happened since.
        if self.app.board.view is not None:
            self.app.board.show(self.app.board.view, self.app.clock())

    def follow(self, view: BoardView) -> None:
        """The room moved on."""
        if self.screen is not None:
            mine = view.selected is not None and view.selected.line.key == self.screen.key
            self.screen.show(view, self.app.clock(), view.selected if mine else None)

    def read(self, pages: tuple[RecordPage, ...]) -> None:
        """Parts of a record were read."""
        if self.screen is not None:
            for page in pages:
                self.screen.show_record(page)

    def tick(self, now: datetime, read_at: datetime) -> bool:
        """A second has passed; False where no such screen is open."""
        if self.screen is None:
            self._get_ready()
            return False
        self.screen.tick(now, read_at=read_at)
        return True

    def travel(self, event: Travel) -> None:
        """The screen wants another moment."""
        if self.past is not None:
            self.past.travel(event)

    def older(self, event: RoomScreen.Older) -> None:
        """The screen wants what was before."""
        self.app.feed.older(event.key, event.before, event.most)
