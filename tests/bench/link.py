"""What a board costs the line and the processor while everything on it ticks, beside curses and a Textual DataTable.

    python -m tests.bench.link --seconds 20 --where

In pseudo-terminals of 120 columns and 40 rows, one after the other: the board with 50 live incidents with two
countdowns each, all under ten minutes; a curses program that ticks the same rows; a Textual program that ticks them in
a DataTable. Then the board with the same countdowns all above ten minutes, and the board of a room in which nothing is
live. Prints one JSON object: bytes and CPU milliseconds per second of each, and the ratios. `--where` also says which
cells of the ticking board the bytes went to.
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
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

import pexpect

from tests.bench.crowded import SERVICES, Begun, make_room
from tests.support.screen import Terminal
from warroom.clock import REAL
from warroom.domain.escalation import Acknowledge
from warroom.domain.roles_commands import AssignRole

SIZE = (120, 40)
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


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one program, per second: bytes it wrote, and CPU milliseconds of the process with all its threads."""

    bytes_s: float
    cpu_ms_s: float


def worked_ns(pid: int) -> dict[str, int]:
    """Nanoseconds on a processor so far, by thread."""
    found: dict[str, int] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found[task.name] = int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue
    return found


def between(before: dict[str, int], after: dict[str, int]) -> float:
    """Milliseconds worked in between."""
    return sum(after[task] - before.get(task, 0) for task in after) / 1e6


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
    before, start = worked_ns(pid), time.monotonic()
    written = read_for(descriptor, seconds)
    took = time.monotonic() - start
    return Cost(round(len(written) / took, 1), round(between(before, worked_ns(pid)) / took, 1)), written


def board(room: Path, seconds: float, shown: str, settle: float = 4.0) -> tuple[Cost, Terminal, bytes]:
    """The board on a room: its cost, its terminal as it was before that, and what it wrote then."""
    with Terminal(["--db", str(room)], size=SIZE) as terminal:
        while b"\x1b[?1049h" not in terminal.raw:  # what stands there before is a picture of the last time
            terminal.read(0.1)
        terminal.wait_for(shown, 30)
        end = time.monotonic() + settle  # what is done once after the start is no part of it
        while time.monotonic() < end:
            terminal.read(0.1)
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
        found: dict[str, object] = {
            "rows_seen": rows,
            "figures_seen": len(re.findall(r"\b\d\d:\d\d\b(?!:)", terminal.text)),
            "board": [ours.bytes_s, ours.cpu_ms_s],
            "curses": [curses.bytes_s, curses.cpu_ms_s],
            "datatable": [table.bytes_s, table.cpu_ms_s],
            "of_curses": round(ours.bytes_s / curses.bytes_s, 2),
            "of_datatable": round(ours.bytes_s / table.bytes_s, 4),
        }
        if show_where:
            found["where"] = where(terminal, written)
        room = Path(folder) / "minutes.db"
        crowd(room, "SEV2", 60, acknowledged=True)
        minutes, terminal, written = board(room, max(seconds, 30), "INC-")
        found["above_ten_minutes"] = [minutes.bytes_s, minutes.cpu_ms_s]
        if show_where:
            found["minutes_where"] = where(terminal, written) if written else []
        room = Path(folder) / "empty.db"
        make_room(room, [])
        quiet, _, written = board(room, max(seconds, 30), "warroom")
        found["nothing_live"] = [quiet.bytes_s, quiet.cpu_ms_s]
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
