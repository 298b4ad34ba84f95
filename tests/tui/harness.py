"""A small app that shows the board with an invented room and a clock of its own.

python -m tests.tui.harness --view full
python -m tests.tui.harness --view crowd --rows 50 --theme nord
python -m tests.tui.harness --size 80x24            # draw once at that size, as text, and leave
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from textual import on
from textual.app import App
from textual.screen import Screen

from tests.tui import fixtures
from tests.tui.known import ASSESSMENT, FACTS, WORDS
from warroom.tui import dialogs
from warroom.tui.board import BoardScreen
from warroom.tui.keys import Intent
from warroom.views import BoardView, IncidentDetail, IncidentLine

VIEWS: dict[str, Callable[[], BoardView]] = {
    "small": fixtures.small_view,
    "full": fixtures.full_view,
    "empty": fixtures.empty_view,
    "crowd": fixtures.crowd_view,
}


def detail_for(line: IncidentLine) -> IncidentDetail:
    """The sample detail as if it were of this incident."""
    return replace(fixtures.cards_detail(), line=line)


class BoardApp(App[None]):
    """The board on a room that never changes; remembers what it was asked for."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, view: BoardView, clock: Callable[[], datetime] = lambda: fixtures.NOW, *, ticking: bool = False
    ) -> None:
        # Without colour Textual turns the theme into greys, unless it is told to keep to the terminal's colours.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.view = view
        self.clock = clock
        self.ticking = ticking
        self.asked: list[tuple[str, str | None]] = []
        self.chosen: list[str | None] = []
        self.results: list[object] = []
        self.board = BoardScreen(view, clock())

    def on_mount(self) -> None:
        self.push_screen(self.board)
        if self.ticking:
            self._arm()

    def _arm(self) -> None:
        """Wake at the next whole second of the clock."""
        self.set_timer(1 - self.clock().microsecond / 1e6 + 0.002, self._tick)

    def _tick(self) -> None:
        now = self.clock().replace(microsecond=0)
        self.board.tick(now, read_at=now)
        self._arm()

    @on(BoardScreen.Selected)
    def _selected(self, event: BoardScreen.Selected) -> None:
        self.chosen.append(event.key)
        line = next((line for line in self.view.lines if line.key == event.key), None)
        if line is not None:
            self.view = replace(self.view, selected=detail_for(line))
            self.board.show(self.view, self.clock())

    @on(Intent)
    def _intent(self, event: Intent) -> None:
        self.asked.append((event.action, event.key))
        if event.action == "quit":
            self.exit()
        elif (dialog := self.dialog(event.action)) is not None:
            self.push_screen(dialog, self.results.append)

    def dialog(self, action: str) -> Screen[Any] | None:
        """The form for an intent, filled from the invented room."""
        detail = self.view.selected or fixtures.cards_detail()
        line, people = detail.line, fixtures.PEOPLE
        faces = (fixtures.SEV1, fixtures.SEV2, fixtures.SEV3, fixtures.SEV4)
        now = self.clock()
        match action:
            case "declare":
                return dialogs.DeclareDialog(faces, WORDS, self.clock)
            case "status":
                return dialogs.StatusDialog(line, fixtures.STATUSES, FACTS, self.clock)
            case "severity":
                return dialogs.SeverityDialog(line, faces, ASSESSMENT)
            case "roles":
                return dialogs.RoleDialog(line, detail.roles, people, now, me="ana")
            case "note":
                return dialogs.NoteDialog(line, self.clock)
            case "snooze":
                return dialogs.SnoozeDialog(line, self.clock)
            case "escalate":
                return dialogs.EscalateDialog(line, detail.ladder, people, now)
            case "reopen":
                return dialogs.ReopenDialog(line)
            case "engines":
                return dialogs.EngineScreen(self.view.engines, now)
        return None


def moving_clock(start: datetime = fixtures.NOW) -> Callable[[], datetime]:
    """A clock that runs on from `start`."""
    begun = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - begun)


async def _draw(app: BoardApp, size: tuple[int, int]) -> str:
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.3)
        return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def main() -> None:
    """Run the harness."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--view", choices=sorted(VIEWS), default="full")
    parser.add_argument("--rows", type=int, default=50, help="incidents of the crowd")
    parser.add_argument("--theme", default="textual-dark")
    parser.add_argument("--freeze", action="store_true", help="stop the clock")
    parser.add_argument("--size", help="COLSxROWS: print one drawing of that size instead of running")
    args = parser.parse_args()
    view = fixtures.crowd_view(args.rows) if args.view == "crowd" else VIEWS[args.view]()
    clock = (lambda: fixtures.NOW) if args.freeze or args.size else moving_clock()
    app = BoardApp(view, clock, ticking=not args.freeze and not args.size)
    app.theme = args.theme
    if args.size:
        columns, rows = (int(part) for part in args.size.split("x"))
        print(asyncio.run(_draw(app, (columns, rows))))
    else:
        app.run()


if __name__ == "__main__":
    main()
