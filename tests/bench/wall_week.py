"""A week in the life of a wallboard, in minutes: does it grow?

    python -m tests.bench.wall_week --cycles 20000

The real app runs without a terminal on a real file, with a clock of its own that moves on by a part of a week with each
cycle: look at the room, draw. Meanwhile another session declares incidents, moves them to another stage and severity,
acknowledges and resolves them; pages and screens turn; the terminal changes its size, down to 20x5 and back; the file
vanishes, comes back, is replaced by another one; the clock jumps by hours, as after a suspended night. Resident memory,
the objects that Python keeps an eye on, and file handles are sampled; `mib_a_week` is the slope of the resident memory
over the cycles after the first fifth, by least squares. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.geometry import Region, Size

from warroom.clock import Clock
from warroom.domain.core import Refused
from warroom.domain.incident_commands import Declare, SetSeverity, SetStatus
from warroom.domain.incident_state import Status
from warroom.domain.ladder_commands import Acknowledge
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.wall.app import WallApp, Wanted

BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SIZES = ((120, 40), (20, 5), (80, 24), (200, 60), (60, 20))
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Time:
    """The clock of the simulation: for the room, and for how long things take."""

    moved: timedelta = timedelta(0)

    def room(self) -> datetime:
        return BEGIN + self.moved

    def monotonic(self) -> float:
        return 1000.0 + self.moved.total_seconds()


@dataclass(slots=True)
class Sample:
    """What the process held after so many cycles."""

    cycle: int
    resident_kib: int
    handles: int
    objects: int


@dataclass(slots=True)
class Found:
    """What came of a week."""

    samples: list[Sample] = field(default_factory=list)
    drawn: int = 0
    troubles: int = 0
    events: int = 0

    def slope_kib(self) -> float:
        """KiB of resident memory more per week, over all but the first fifth."""
        later = self.samples[len(self.samples) // 5 :]
        xs = [each.cycle / self.samples[-1].cycle for each in later]
        ys = [each.resident_kib for each in later]
        mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
        spread = sum((x - mean_x) ** 2 for x in xs)
        return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def sample(cycle: int) -> Sample:
    """What this process holds now."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE // 1024
    # Regions are kept by Textual, in tables that fill up to some thousands and grow no more.
    objects = sum(not isinstance(each, Region) for each in gc.get_objects())
    return Sample(cycle, resident, len(os.listdir("/proc/self/fd")), objects)  # noqa: PTH208


class Trouble:
    """Somebody works in the room, on so many incidents in all: what grows with the record is not what is asked."""

    def __init__(self, session: Session, chance: random.Random, most: int = 30) -> None:
        self.session, self.chance, self.most, self.declared = session, chance, most, 0

    def act(self) -> None:
        """One command."""
        try:
            if self.declared < self.most and self.chance.random() < 0.5:
                self.declared += 1
                self.session.execute(Declare(f"Trouble {self.declared}", f"SEV{self.chance.randint(1, 4)}"))
            elif lines := self.session.lines():
                line, what = self.chance.choice(lines), self.chance.random()
                if what < 0.3:
                    self.session.execute(Acknowledge(), line.key)
                elif what < 0.4 and len(lines) > 15:
                    self.session.execute(SetStatus(Status.RESOLVED, reason="it is over"), line.key)
                elif what < 0.7:
                    self.session.execute(SetSeverity(f"SEV{self.chance.randint(1, 4)}", "it moves"), line.key)
                else:
                    stage = self.chance.choice((Status.INVESTIGATING, Status.MITIGATING))
                    self.session.execute(SetStatus(stage), line.key)
        except Refused:
            pass  # a command that does not fit just then is no matter


async def week(cycles: int, folder: Path, samples: int = 40, seed: int = 1) -> Found:
    """Live through a week in so many cycles; the room lies in `folder`."""
    chance, time, found = random.Random(seed), Time(), Found()
    path, aside, other = folder / "room.db", folder / "aside.db", folder / "other.db"

    def opened(target: Path, **more: Any) -> Session:
        return Session(target, actor="mina", seed=seed_rulebook, clock=time.room, new_clock=Clock(), **more)

    with opened(other) as session:
        session.execute(Declare("In the other file", "SEV1"))
    writer = opened(path)
    work = Trouble(writer, chance)
    app = WallApp(
        lambda: opened(path, traceless=True, create=False),
        Wanted(("board", "oncall", "insight"), 20),
        clock=time.room,
        monotonic=time.monotonic,
    )
    setattr(app.looker, "start", lambda: None)  # noqa: B010 - its steps are made here, one by one
    setattr(app, "_next_tick", lambda: None)  # noqa: B010
    every = max(1, cycles // samples)
    step = WEEK / cycles
    async with app.run_test(size=SIZES[0]) as pilot:
        for cycle in range(1, cycles + 1):
            time.moved += step
            if cycle % 25 in (1, 2) and not aside.exists():
                work.act()
                found.events += 1
            if cycle % 50 == 0:
                await pilot.resize_terminal(*SIZES[cycle // 50 % len(SIZES)])
            gone = cycle % 100 in range(50, 54)
            if gone and path.exists() and not aside.exists():
                path.rename(aside)
                if cycle % 200 > 100:
                    shutil.copyfile(other, path)
            elif not gone and aside.exists():
                aside.replace(path)
            if cycle % 1000 == 999:
                time.moved += timedelta(hours=9)  # the machine slept
            app.looker.step()
            found.troubles += bool(app.looker.latest[1])
            app.tick()
            await pilot.pause(0)
            found.drawn += 1
            if cycle % every == 0:
                found.samples.append(sample(cycle))
        assert app.wall.size == Size(*SIZES[cycles // 50 % len(SIZES)])
    app.looker.close()
    writer.close()
    return found


def main(argv: list[str] | None = None) -> None:
    """Run it and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    measure: Callable[[Path], Any] = lambda folder: week(args.cycles, folder, seed=args.seed)  # noqa: E731
    with tempfile.TemporaryDirectory(prefix="warroom-wall-") as folder:
        found = asyncio.run(measure(Path(folder)))
    later = found.samples[len(found.samples) // 5 :]
    print(
        json.dumps(
            {
                "cycles": args.cycles,
                "pictures": found.drawn,
                "events": found.events,
                "cycles_with_trouble": found.troubles,
                "resident_mib": [round(later[0].resident_kib / 1024, 1), round(later[-1].resident_kib / 1024, 1)],
                "mib_a_week": round(found.slope_kib() / 1024, 2),
                "objects": [later[0].objects, later[-1].objects],
                "handles": sorted({each.handles for each in later}),
            }
        )
    )


if __name__ == "__main__":
    main()
