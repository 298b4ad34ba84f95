"""What a board costs the line and the processor while everything on it ticks, beside curses and other Textual programs.

    python -m tests.bench.link --seconds 20 --where

In pseudo-terminals of 120 columns and 40 rows, one after the other: the board with 50 live incidents with two
countdowns each, all under ten minutes; a curses program that ticks the same rows; a Textual program that ticks them in
a DataTable; a bare Textual program that shows one word and does nothing. Then the board with the same countdowns all
above ten minutes, and the board of a room in which nothing is live. Prints one JSON object: bytes and CPU milliseconds
per second of each, how often a second a thread of it woke up, and the ratios. `--where` also says which cells of the
ticking board the bytes went to.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, timedelta
from pathlib import Path

import pexpect

from tests.bench.crowded import SERVICES, Begun, make_room
from tests.support.screen import Terminal
from warroom.clock import REAL
from warroom.domain.escalation import Acknowledge
from warroom.domain.roles_commands import AssignRole

SIZE = (120, 40)
START_MS, START_MOST_S = 60.0, 60.0
"""Whoever has worked more than so many milliseconds in a second is still starting, for so many seconds at most."""
INCIDENTS = 50

CURSES = """
import curses, sys, time
ends = [tuple(map(float, row.split(","))) for row in sys.argv[1:]]
def left(at):
    s = max(0, round(at - time.time()))
    return f"{s // 60:02d}:{s % 60:02d}"
def main(screen):
    curses.curs_set(0)
    curses.start_color()
    curses.use_default_colors()
    curses.init_pair(1, curses.COLOR_YELLOW, -1)
    while True:
        screen.addstr(0, 100, time.strftime("%H:%M:%S"))
        for y, (page, update) in enumerate(ends, 2):
            screen.addstr(y, 1, f"SEV1  INC-{y:<4} service-{y} answers slowly        investigating  mina")
            screen.addstr(y, 75, f"L1   {left(page)}", curses.color_pair(1))
            screen.addstr(y, 95, f"internal {left(update)}")
        screen.refresh()
        time.sleep(1 - time.time() % 1)
curses.wrapper(main)
"""

TABLE = """
import sys, time
from textual.app import App
from textual.widgets import DataTable, Static
ends = [tuple(map(float, row.split(","))) for row in sys.argv[1:]]
def left(at):
    s = max(0, round(at - time.time()))
    return f"{s // 60:02d}:{s % 60:02d}"
class Table(App):
    def compose(self):
        yield Static(id="clock")
        yield DataTable()
    def on_mount(self):
        table = self.query_one(DataTable)
        for name in ("sev", "key", "title", "status", "lead", "page", "update"):
            table.add_column(name, key=name)
        for y, _ in enumerate(ends):
            table.add_row("SEV1", f"INC-{y}", f"service-{y} answers slowly", "investigating", "mina", "L1 00:00",
                          "internal 00:00", key=str(y))
        self.tick()
    def tick(self):
        self.query_one("#clock").update(time.strftime("%H:%M:%S"))
        table = self.query_one(DataTable)
        for y, (page, update) in enumerate(ends):
            table.update_cell(str(y), "page", f"L1 {left(page)}")
            table.update_cell(str(y), "update", f"internal {left(update)}")
        self.set_timer(1 - time.time() % 1, self.tick)
Table().run()
"""


BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("nothing")
Bare().run()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one program, per second: bytes it wrote, CPU milliseconds of the process with all its threads, and how often
    one of them went to sleep, which is how often one woke up."""

    bytes_s: float
    cpu_ms_s: float
    wakes_s: float

    def of(self, other: Cost) -> float:
        """The CPU time beside that of another program."""
        return round(self.cpu_ms_s / max(other.cpu_ms_s, 0.01), 2)


def worked(pid: int) -> dict[str, tuple[int, int]]:
    """Nanoseconds on a processor so far and voluntary switches, by thread."""
    found: dict[str, tuple[int, int]] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            spent = int((task / "schedstat").read_text().split()[0])
            slept = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.MULTILINE)
        except OSError:
            continue
        found[task.name] = spent, int(slept[1]) if slept else 0
    return found


def between(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> tuple[float, int]:
    """Milliseconds worked in between, and how often a thread went to sleep."""
    spent = [(now[0] - then[0], now[1] - then[1]) for task, now in after.items() for then in [before.get(task, (0, 0))]]
    return sum(ns for ns, _ in spent) / 1e6, sum(count for _, count in spent)


def read_for(descriptor: int, seconds: float) -> bytes:
    """All that is written to a pseudo-terminal in that time."""
    got, end = bytearray(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([descriptor], [], [], left)[0]:
            try:
                got += os.read(descriptor, 1 << 16)
            except OSError:
                break
    return bytes(got)


def cost(pid: int, descriptor: int, seconds: float) -> tuple[Cost, bytes]:
    """What a running program costs over so many seconds, and what it wrote."""
    before, start = worked(pid), time.monotonic()
    written = read_for(descriptor, seconds)
    took = time.monotonic() - start
    spent_ms, slept = between(before, worked(pid))
    return Cost(round(len(written) / took, 1), round(spent_ms / took, 2), round(slept / took, 1)), written


def calm(terminal: Terminal, settle: int = 4) -> None:
    """Wait until what is done once is done; on a busy machine it takes its time."""
    begun, quiet = time.monotonic(), 0
    while time.monotonic() < begun + START_MOST_S and quiet < settle:
        before, end = worked(terminal.pid), time.monotonic() + 1.0
        while time.monotonic() < end:
            terminal.read(0.1)
        quiet = quiet + 1 if between(before, worked(terminal.pid))[0] < START_MS else 0


def board(room: Path, seconds: float, shown: str, settle: int = 4) -> tuple[Cost, Terminal, bytes]:
    """The board on a room: its cost, its terminal as it was before that, and what it wrote then."""
    with Terminal(["--db", str(room)], size=SIZE) as terminal:
        while b"\x1b[?1049h" not in terminal.raw:  # what stands there before is a picture of the last time
            terminal.read(0.1)
        terminal.wait_for(shown, 30)
        calm(terminal, settle)  # what is done once after the start is no part of it
        found, written = cost(terminal.pid, terminal.child.child_fd, seconds)
        return found, terminal, written


def other(program: str, rows: Sequence[tuple[float, float]], seconds: float) -> Cost:
    """The same of another program, which gets the moments its rows count down to."""
    arguments = ["-c", program, *(f"{page},{update}" for page, update in rows)]
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "TEXTUAL_FPS", "TEXTUAL_ANIMATIONS"):
        env.pop(name, None)
    child = pexpect.spawn(sys.executable, arguments, env=env, dimensions=(SIZE[1], SIZE[0]))
    try:
        read_for(child.child_fd, 4.0)
        return cost(child.pid, child.child_fd, seconds)[0]
    finally:
        child.close(force=True)


def crowd(room: Path, severity: str, spread_s: float, *, acknowledged: bool) -> list[tuple[float, float]]:
    """A room whose incidents began within the last `spread_s` seconds; gives the moments they count down to."""
    now = REAL().astimezone(UTC)
    begun = []
    for n in range(INCIDENTS):
        at = now - timedelta(seconds=5 + n * spread_s / INCIDENTS)
        acts = [(at, AssignRole("incident-manager", "mina"))]
        soon = at + timedelta(seconds=1)
        begun.append(
            Begun(severity, at, SERVICES[n % len(SERVICES)], (*acts, *([(soon, Acknowledge(None))] * acknowledged)))
        )
    make_room(room, begun)
    return [((each.at + timedelta(minutes=5)).timestamp(),) * 2 for each in begun]


def where(terminal: Terminal, written: bytes) -> list[str]:
    """Which cells the bytes of a stretch went to: columns and rows, and what stood there."""
    bytes_of: Counter[tuple[int, int]] = Counter()
    tokens = re.findall(rb"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.|.", written, re.DOTALL)
    screen, waiting = terminal.screen, 0
    for token in tokens:
        waiting += len(token)
        if token[:1] >= b" " and token[:1] != b"\x7f":
            bytes_of[screen.cursor.y, screen.cursor.x] += waiting
            waiting = 0
        terminal._stream.feed(token)
    by_column: Counter[int] = Counter()
    rows: dict[int, set[int]] = {}
    for (y, x), count in bytes_of.items():
        by_column[x] += count
        rows.setdefault(x, set()).add(y)
    lines = terminal.text.splitlines()
    found = []
    for x, count in by_column.most_common(16):
        y = max(rows[x], key=lambda row, x=x: bytes_of[row, x])  # type: ignore[misc]
        around = lines[y][max(0, x - 12) : x + 4] if y < len(lines) else ""
        found.append(f"{count / len(written):4.0%} column {x + 1:>3}, {len(rows[x]):>2} rows, as row {y + 1}: {around}")
    return found


def measure(seconds: float, *, show_where: bool) -> dict[str, object]:
    """Run them all."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "ticking.db"
        ends = crowd(room, "SEV1", 150, acknowledged=False)
        ours, terminal, written = board(room, seconds, "INC-")
        rows = len(set(re.findall(r"INC-\d+", terminal.text)))
        seen = sorted(ends)[:rows]
        curses = other(CURSES, seen, seconds)
        table = other(TABLE, seen, seconds)
        bare = other(BARE, (), seconds)
        found: dict[str, object] = {
            "rows_seen": rows,
            "figures_seen": len(re.findall(r"\b\d\d:\d\d\b(?!:)", terminal.text)),
            "each": "bytes, CPU ms and wake-ups per second",
            "board": astuple(ours),
            "curses": astuple(curses),
            "datatable": astuple(table),
            "bare_textual": astuple(bare),
            "of_curses": round(ours.bytes_s / curses.bytes_s, 2),
            "of_datatable": round(ours.bytes_s / table.bytes_s, 4),
            "cpu": {"of_curses": ours.of(curses), "of_datatable": ours.of(table), "of_bare_textual": ours.of(bare)},
        }
        if show_where:
            found["where"] = where(terminal, written)
        room = Path(folder) / "minutes.db"
        crowd(room, "SEV2", 60, acknowledged=True)
        minutes, terminal, written = board(room, max(seconds, 30), "INC-")
        found["above_ten_minutes"] = astuple(minutes)
        found["above_ten_minutes_cpu_of_bare_textual"] = minutes.of(bare)
        if show_where:
            found["minutes_where"] = where(terminal, written) if written else []
        room = Path(folder) / "empty.db"
        make_room(room, [])
        quiet, _, written = board(room, max(seconds, 30), "warroom")
        found["nothing_live"] = astuple(quiet)
        found["nothing_live_cpu_of_bare_textual"] = quiet.of(bare)
        found["nothing_live_writes"] = [f"{written[:200]!r}"] if written else []
        return found


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each is measured")
    parser.add_argument("--runs", type=int, default=1, help="how often all of it is done; the medians are printed too")
    parser.add_argument("--where", action="store_true", help="say which cells the bytes went to")
    options = parser.parse_args()
    shares = []
    for _ in range(options.runs):
        found = measure(options.seconds, show_where=options.where)
        shares.append(found["of_curses"])
        print(json.dumps(found, indent=1, ensure_ascii=False))
    if options.runs > 1:
        print(json.dumps({"of_curses": statistics.median(map(float, map(str, shares)))}))


if __name__ == "__main__":
    main()
