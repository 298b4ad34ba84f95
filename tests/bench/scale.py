"""One hundred thousand open incidents in one file: what does that cost the engine?

    python -m tests.bench.scale --open 100000

Two rooms are made under the rules that come with warroom, one with so many open incidents and one with `--beside` of
them. In both ten have something due in every second. The same ticks are then taken in both in turn, so that whatever
else the machine does troubles them alike. `ratio` is how many times longer a tick took in the large room, by the
median of wall time and of processor time; `next_due` is the look at the clock that an idle engine takes ten times a
second; `declare` and `acknowledge` are what a person does meanwhile. With `--board` the board is read once as well: it
shows everything that is live, so its cost grows with what is shown.

Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.crowded import NOON, few_due_among_many, make_room
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store import codec, doctor, sqlite, write
from warroom.store.database import Database
from warroom.store.write import Writer

FEW = 10
"""How many incidents have something due in each tick."""


@dataclass(slots=True)
class Times:
    """How long something took, each time: wall time and processor time in seconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def of(self, what: Callable[[], Any]) -> Any:
        """Do it once, and note how long it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = what()
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)
        return result

    def middle(self) -> dict[str, float]:
        """The medians, in milliseconds."""
        return {
            "wall_ms": round(statistics.median(self.wall) * 1e3, 3),
            "cpu_ms": round(statistics.median(self.cpu) * 1e3, 3),
        }


@dataclass(slots=True)
class Measured:
    """One room that is open for measuring."""

    writer: Writer
    incidents: int
    times: dict[str, Times] = field(default_factory=dict)

    def look(self, now: datetime) -> None:
        """Everything that is measured, once."""
        due = self._time("next_due", self.writer.next_due)
        if due is None or due > now:
            raise RuntimeError(f"nothing is due at {now}")
        report = self._time("tick", lambda: self.writer.tick(lambda: now))
        if report.failed or report.steps < FEW:
            raise RuntimeError(f"a tick did not do what it should: {report}")
        declared = self._time("declare", lambda: self._execute(Declare("one more", "SEV1"), "", now))
        self._time("acknowledge", lambda: self._execute(Acknowledge(), declared.key, now))

    def _execute(self, command: Any, key: str, now: datetime) -> Any:
        return self.writer.execute(command, key=key, actor="ada", now=lambda: now)

    def _time(self, name: str, what: Callable[[], Any]) -> Any:
        return self.times.setdefault(name, Times()).of(what)


def measure(directory: Path, many: int, beside: int, ticks: int, *, board: bool, check: bool) -> dict[str, Any]:
    """Make both rooms and take `ticks` ticks in each; returns the figures."""
    codec.warm()
    write.SLICE_S = 60.0  # a tick is measured whole, however busy the machine is
    book = seed_rulebook().book
    paths = {"large": directory / "large.db", "small": directory / "small.db"}
    made, rooms = {}, {}
    for name, count in (("large", many), ("small", beside)):
        began = time.perf_counter()
        make_room(paths[name], few_due_among_many(count, FEW, ticks + 1, book))
        made[name] = round(time.perf_counter() - began, 1)
    for name, count in (("large", many), ("small", beside)):
        rooms[name] = Measured(Writer(Database.open(paths[name], login="engine")), count)
    for second in range(ticks + 1):
        order = list(rooms.values()) if second % 2 else list(rooms.values())[::-1]
        for room in order:
            room.look(NOON + timedelta(seconds=second))
        if not second:  # the first time prepares statements and reads the rules
            for room in order:
                room.times.clear()
    wrong = []
    for room in rooms.values():
        if check:
            wrong += [f"{f.check}: {f.what}" for f in doctor.examine(room.writer.database) if not f.good]
        room.writer.database.close()
    library = sqlite.load_driver()
    result = {
        "driver": library.__name__,
        "sqlite": library.sqlite_version,
        "open": many,
        "beside": beside,
        "due_each_tick": FEW,
        "ticks": ticks,
        "file_mb": {name: round(path.stat().st_size / 1e6, 1) for name, path in paths.items()},
        "made_in_s": made,
        **{name: _compare(rooms["large"].times[name], rooms["small"].times[name]) for name in rooms["large"].times},
    }
    if check:
        result["doctor"] = wrong or "everything agrees"
    if board:
        result["board"] = {name: _board(path) for name, path in paths.items()}
    return result


def _compare(large: Times, small: Times) -> dict[str, Any]:
    return {
        "ratio": round(statistics.median(large.wall) / statistics.median(small.wall), 2),
        "ratio_cpu": round(statistics.median(large.cpu) / statistics.median(small.cpu), 2),
        "large": large.middle(),
        "small": small.middle(),
    }


def _board(path: Path) -> dict[str, float]:
    """How long it takes to read the board, for the first time and once more."""
    with Session(path, actor="mina", seed=seed_rulebook, clock=lambda: NOON) as session:
        first, again = Times(), Times()
        view = first.of(session.board)
        again.of(session.board)
    return {
        "lines": len(view.lines),
        "first_s": round(first.wall[0], 2),
        "again_s": round(again.wall[0], 2),
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description="Very many open incidents.")
    parser.add_argument("--open", type=int, default=100_000, help="how many incidents are open (default 100000)")
    parser.add_argument("--beside", type=int, default=1_000, help="how many in the room beside it (default 1000)")
    parser.add_argument("--ticks", type=int, default=80, help="how many ticks are measured (default 80)")
    parser.add_argument("--board", action="store_true", help="read the board as well")
    parser.add_argument("--check", action="store_true", help="let doctor look at both rooms as well")
    parser.add_argument("--directory", type=Path, help="where to put the rooms (default: a temporary directory)")
    options = parser.parse_args(arguments)
    if min(options.open, options.beside, options.ticks) < 1:
        parser.error("every number has to be greater than 0")
    if min(options.open, options.beside) < FEW * (options.ticks + 1):
        parser.error(f"every tick has {FEW} incidents of its own: open more of them, or measure fewer ticks")
    with tempfile.TemporaryDirectory(prefix="scale-", dir=options.directory) as directory:
        result = measure(
            Path(directory), options.open, options.beside, options.ticks, board=options.board, check=options.check
        )
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 1 if isinstance(result.get("doctor"), list) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
