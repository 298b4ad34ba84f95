"""How long from a key to the drawn screen, on a board with very many live incidents while another process writes.

    python -m tests.bench.keys --incidents 10000 --writes 100 --seconds 25

The program runs in this process without a terminal, on a room made by `tests.bench.latency`; a process of its own
writes decisions about random incidents through the one write path. Once the whole room is read, `j` is pressed again
and again, the next one only when the one before was answered: the time is from the key until a picture was drawn in
which another incident is selected. Prints one JSON object: milliseconds, and how many decisions were written meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from textual.events import Key
from textual.screen import Screen

from tests.bench.latency import room_for, start_clock
from tests.support.screen import ROOT
from warroom.engine.runtime import Place
from warroom.tui import garbage
from warroom.tui.app import WarroomApp
from warroom.tui.widgets.incidents import IncidentList

APART_S = 0.15
GOAL_MS = 40


class Drawn(WarroomApp):
    """The program, which knows when it was drawn last."""

    drawn_at = 0.0

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        self.drawn_at = time.perf_counter()


async def press(app: Drawn, seconds: float) -> list[float]:
    """Milliseconds of every key that was pressed within so many seconds."""
    took: list[float] = []
    async with app.run_test(size=(120, 40)):
        end = time.perf_counter() + 60
        while app.board.view is None or app.board.view.unread:
            if time.perf_counter() > end:
                raise SystemExit("the room is not read after a minute")
            await asyncio.sleep(0.1)
        await asyncio.sleep(2)
        incidents = app.board.query_one(IncidentList)
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            before, app.drawn_at = incidents.selected, 0.0
            app.post_message(Key("j", "j"))
            while incidents.selected == before or not app.drawn_at:
                if time.perf_counter() - began > 10:
                    raise SystemExit("a key was not answered in ten seconds")
                await asyncio.sleep(0.001)
            took.append((app.drawn_at - began) * 1000)
            await asyncio.sleep(APART_S)
    return took


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--writes", type=int, default=100, help="decisions a second that are asked for")
    parser.add_argument("--seconds", type=float, default=25)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "room.db"
        room_for(path, args.incidents, None)
        start_clock(path)
        place = Place(str(path), "ana", "ana")
        with place.session() as session:
            app = Drawn(place, session.room_clock, session.board(spend_s=0.0))
        app.call_when_shown(garbage.settle)
        writes = [*("-m", "tests.bench.latency"), "--incidents", str(args.incidents), "--writes", str(args.writes)]
        writer = subprocess.Popen(
            [sys.executable, *writes, "--write", str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        try:
            took = asyncio.run(press(app, args.seconds))
        finally:
            app.stop_threads()
            out, _ = writer.communicate(b"")
    p95 = statistics.quantiles(took, n=20)[-1]
    figures = {"keys": len(took), "p50": statistics.median(took), "p95": p95, "worst": max(took)}
    print(json.dumps({name: round(value, 1) for name, value in figures.items()} | {"writer": json.loads(out)}))
    if p95 > GOAL_MS:
        raise SystemExit(f"p95 is {p95:.1f} ms, above {GOAL_MS}")


if __name__ == "__main__":
    main()
