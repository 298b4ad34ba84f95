"""The screen of one incident: opened from the board, kept up to date while it is open; `intents` gathers it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from warroom.tui.acts import Acts, Carry
from warroom.tui.past import TimeTravel
from warroom.tui.past_keys import Travel
from warroom.tui.room import RoomScreen
from warroom.views import BoardView, IncidentLine, RecordPage

if TYPE_CHECKING:
    from warroom.tui.app import WarroomApp


class RoomActs(Acts):
    """Opens the screen of an incident, and tells it what the feed finds."""

    def __init__(self, app: WarroomApp, carry: Carry) -> None:
        """For one app; no screen is open."""
        super().__init__(app, carry)
        self.screen: RoomScreen | None = None
        self.past: TimeTravel | None = None

    def want_open(self, line: IncidentLine) -> None:
        """Show everything about the incident. While its detail is still being read there is nothing to open."""
        detail, view = self.detail(line), self.app.board.view
        if self.screen is not None or detail is None or view is None:
            return
        self.screen = RoomScreen(detail, view, self.app.clock())
        self.past = TimeTravel(self.app, self.screen, self.app.place.session, self.app.clock)
        self.app.feed.follow_room(line.key, detail.line.version)
        self.app.push_screen(self.screen, self._closed)

    def _closed(self, _: None) -> None:
        self.screen = self.past = None
        self.app.feed.leave_room()
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
