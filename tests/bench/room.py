"""How soon the screen of one incident with a very long record is open, and how it scrolls through all of it.

    python -m tests.bench.room --entries 5000

In one process, without a terminal to wait for: a bare Textual app is started, then the board on a room with one such
incident, its screen is opened by its key and the record is paged through to its beginning. Prints one JSON object:
milliseconds, how much of the bare app's start the opening takes, and the processor's time of it, which says more on a
machine that others use too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from textual.app import App
from textual.screen import Screen

from tests.bench.crowded import SERVICES, Begun, make_room
from warroom.clock import REAL
from warroom.domain.comms import Audience, PostUpdate
from warroom.domain.core import Command
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import SetSeverity
from warroom.domain.record import AddNote
from warroom.engine.runtime import Place
from warroom.tui import garbage
from warroom.tui.app import SETTLED_S, WarroomApp
from warroom.tui.room import RoomScreen
from warroom.tui.widgets.record_list import RecordList

SIZE = (120, 40)
OPEN_MS = 150
"""The screen has to be open within so many milliseconds."""
TEXT = "pool of the router is exhausted on node {n}; errors {p} % there, next look in ten minutes, jonas compares"


class Drawn(App[None]):
    """A bare app that knows when it was drawn."""

    drawn_at = 0.0

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        self.drawn_at = time.perf_counter()


class DrawnBoard(WarroomApp):
    """The program, which knows when it was drawn last and how much was sent."""

    drawn_at = 0.0

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        self.drawn_at = time.perf_counter()


def acts(entries: int, begin: datetime) -> Iterator[tuple[datetime, Command]]:
    """What people do in a long incident: notes mostly, an update now and then, a severity that is weighed again."""
    for n in range(entries):
        at = begin + timedelta(seconds=5 * n)
        if n == 3:
            yield at, Acknowledge(None)
        elif n % 500 == 250:
            yield at, SetSeverity("SEV2" if n % 1000 == 250 else "SEV1", "weighed again")
        elif n % 8 == 0:
            channel, audience = (("internal", Audience.INTERNAL), ("public", Audience.EXTERNAL))[n // 8 % 2]
            yield at, PostUpdate(channel, TEXT.format(n=n, p=n % 100), None, audience)
        else:
            yield at, AddNote(TEXT.format(n=n, p=n % 100))


def long_incident(path: Path, entries: int) -> None:
    """A room with one incident of at least so many entries."""
    begin = REAL().astimezone(UTC) - timedelta(seconds=5 * entries + 60)
    make_room(path, [Begun("SEV1", begin, SERVICES[0], tuple(acts(entries, begin)))])


async def drawn(app: Drawn | DrawnBoard, done: Callable[[], bool], seconds: float = 20.0) -> float:
    """When the app was drawn first with `done`, on the clock of `time.perf_counter`."""
    end = time.perf_counter() + seconds
    while True:
        if done() and app.drawn_at:
            return app.drawn_at
        if time.perf_counter() > end:
            raise SystemExit("it never came to the screen")
        await asyncio.sleep(0.0005)


async def bare_start() -> float:
    """Milliseconds from nothing to a drawn empty app."""
    began = time.perf_counter()
    app = Drawn()
    async with app.run_test(size=SIZE):
        return (await drawn(app, lambda: True) - began) * 1000


async def measure(path: Path) -> dict[str, Any]:
    """Open the screen of the incident and page through its record."""
    place = Place(str(path), "bench", "bench", readonly=True)
    with place.session() as session:
        clock, key = session.room_clock, session.board().lines[0].key
        first = session.board(key)
        reads = []
        for read in (lambda: session.board(key), lambda: session.record(key)):
            began = time.perf_counter()
            for _ in range(5):
                read()
            reads.append((time.perf_counter() - began) * 200)
    app = DrawnBoard(place, clock, first)
    app.call_when_shown(garbage.settle)  # as `run_board` does
    found: dict[str, Any] = {"state_read_ms": round(reads[0], 1), "record_page_read_ms": round(reads[1], 1)}
    try:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(SETTLED_S + 0.5)
            opened, worked = [], []
            for _ in range(5):
                app.drawn_at = 0.0
                began, cpu = time.perf_counter(), time.thread_time()
                app.board.action_intent("open")
                opened.append((await drawn(app, lambda: _filled(app)) - began) * 1000)
                worked.append((time.thread_time() - cpu) * 1000)
                await pilot.pause(0.3)
                if len(opened) < 5:
                    await pilot.press("escape")
                    await pilot.pause(0.3)
            found["open_ms"] = round(statistics.median(opened), 1)
            found["open_cpu_ms"] = round(statistics.median(worked), 1)
            found["open_worst_ms"] = round(max(opened), 1)
            found |= await scroll(app)
    finally:
        app.stop_threads()
    return found


def _filled(app: WarroomApp) -> bool:
    screen = app.screen
    return isinstance(screen, RoomScreen) and screen.is_mounted and bool(screen.query_one(RecordList).shown)


async def scroll(app: DrawnBoard) -> dict[str, Any]:
    """Page up to the very beginning."""
    record = app.screen.query_one(RecordList)
    record.focus()
    took, waited = [], 0.0
    began = time.perf_counter()
    while not record.complete or record.scroll_offset.y > 0:
        app.drawn_at, step, before = 0.0, time.perf_counter(), record.selected
        record.action_page(-1)
        await drawn(app, lambda: True)
        took.append((app.drawn_at - step) * 1000)
        if record.selected is before:  # at the top of what is read: the next page has not come yet
            took.pop()
            here = time.perf_counter()
            known = record.first
            while record.first == known and not record.complete:
                if time.perf_counter() - here > 20:
                    raise SystemExit("what was before never came")
                await asyncio.sleep(0.0005)
            waited = max(waited, (time.perf_counter() - here) * 1000)
    seconds = time.perf_counter() - began
    return {
        "entries": len(record.known),
        "pages": len(took),
        "page_ms": round(statistics.median(took), 1),
        "page_p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        "page_worst_ms": round(max(took), 1),
        "longest_wait_ms": round(waited, 1),
        "all_s": round(seconds, 2),
    }


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=5_000)
    parser.add_argument("--room", type=Path, help="use this file instead of making one")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.room or Path(folder) / "room.db"
        if not path.exists():
            long_incident(path, args.entries)
        bare = statistics.median(asyncio.run(bare_start()) for _ in range(5))
        found = asyncio.run(measure(path))
    found = {"bare_app_start_ms": round(bare, 1), **found}
    found["open_of_bare_start"] = round(found["open_ms"] / found["bare_app_start_ms"], 2)
    print(json.dumps(found))
    if found["open_ms"] > OPEN_MS:
        raise SystemExit(f"opening took {found['open_ms']} ms, more than {OPEN_MS}")


if __name__ == "__main__":
    main()
