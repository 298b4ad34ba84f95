"""How long from a key to the changed screen, on a board with very many live incidents while another process writes.

    python -m tests.bench.latency --incidents 10000 --writes 100

A room with so many live incidents is made by `tests.bench.crowded`, and its clock is set so that in the room it is a
little after the last of them was declared. The real program runs in a pseudo-terminal in a fresh process; another
process writes notes, acknowledgements, severities and titles of random incidents, so many decisions a second, through
the one write path. Keys are pressed at random moments: up and down, pages, ends, the panels' digits, a filter that is
typed, kept and cleared. What the program writes is taken down with the time at which it came and looked at only
afterwards, so that measuring takes nothing from the program: each key has a change of the screen that answers it (the
marker stands at another incident, the typed text stands in its line, ...), and the time is that of the bytes that made
it. An idle program made with Textual and nothing else, which counts key presses, is measured in the same way in the
same run, before and after, without the writer; `ratio` compares medians and 95th percentiles.

With `--idle SECONDS` the processor time is taken that the board needs while nobody writes and nobody types; `first` is
the time from the start of the process to the first rows, as a multiple of the bare program's. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pyte
from sqlalchemy import update

from tests.bench.crowded import NOON, SERVICES, Begun, make_room
from tests.support.screen import _SWALLOWED, KEYS, ROOT
from warroom.domain.core import Command
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Amend, SetSeverity
from warroom.domain.record_commands import AddNote
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store import tables as t
from warroom.store.codec import to_us
from warroom.store.database import Database

PAGES = {"pagedown": "\x1b[6~", "pageup": "\x1b[5~", **KEYS}
FIRST_S = 120
"""Over how many seconds before noon the incidents were declared: nothing of theirs is due for two minutes."""
APART = timedelta(minutes=5)
SETTLE_S = 4.0
LOST_S = 3.0
"""After so many seconds a key has had no answer."""
APART_S = (0.12, 0.45)
"""Between two keys lies a random time from here to there, in seconds."""

_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    BINDINGS = [("j", "more", "more")]
    count = 0
    def compose(self):
        yield Static("rows: 0", id="count")
    def action_more(self):
        self.count += 1
        self.query_one("#count", Static).update(f"rows: {self.count}")
Bare().run()
"""

Seen = Callable[[Sequence[str]], object]
"""What of a screen a key changes."""


@dataclass
class Typist:
    """A program in a pseudo-terminal; a thread takes down when each piece of its output came."""

    arguments: Sequence[str]
    size: tuple[int, int]
    environment: dict[str, str] = field(default_factory=dict)
    pieces: list[tuple[float, bytes]] = field(default_factory=list)
    pressed: list[tuple[float, str, Seen, str]] = field(default_factory=list)
    began: float = 0.0

    def __enter__(self) -> Typist:
        columns, rows = self.size
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **self.environment}
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            env.pop(name, None)
        self.began = time.perf_counter()
        self.child = pexpect.spawn(
            sys.executable, list(self.arguments), env=env, cwd=str(ROOT), dimensions=(rows, columns), timeout=10
        )
        self.child.delaybeforesend = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(force=True)
        self._reader.join(5)

    def _read(self) -> None:
        while True:
            try:
                select.select([self.child.child_fd], [], [])
                data = os.read(self.child.child_fd, 65536)
            except (OSError, ValueError):
                return
            if not data:
                return
            self.pieces.append((time.perf_counter(), data))

    @property
    def pid(self) -> int:
        """The program's process id."""
        return int(self.child.pid)

    def wait_for(self, what: bytes, seconds: float = 120.0) -> float:
        """Until the output holds `what`; how many seconds after the start of the program it did."""
        end = time.perf_counter() + seconds
        tail, looked = b"", 0
        while time.perf_counter() < end:
            while looked < len(self.pieces):
                at, data = self.pieces[looked]
                looked += 1
                tail = (tail + data)[-len(what) - len(data) :]
                if what in tail:
                    return at - self.began
            time.sleep(0.002)
        raise SystemExit(f"{what!r} never came: {b''.join(data for _, data in self.pieces)[-2000:]!r}")

    def press(self, key: str, seen: Seen, kind: str = "") -> None:
        """Press a key that changes what `seen` gives; `kind` is what the figures call it."""
        self.pressed.append((time.perf_counter(), key, seen, kind or key))
        os.write(self.child.child_fd, PAGES.get(key, key).encode())

    def times(self) -> dict[str, list[float]]:
        """Milliseconds from each key to the piece of output that showed its change, by kind; a key whose change did not
        come within `LOST_S` counts as infinite."""
        columns, rows = self.size
        screen = pyte.Screen(columns, rows)
        stream = pyte.ByteStream(screen)
        out: dict[str, list[float]] = {}
        pieces, at = list(self.pieces), 0

        def feed() -> float:
            nonlocal at
            when, data = pieces[at]
            at += 1
            # A sequence may be cut between two pieces: what is left of it goes to the next one.
            cut = data.rfind(b"\x1b")
            whole = re.match(rb"\x1b(\[[0-9;?<>=$ ]*[@-~]|[^\[\]]|\][^\x07]*\x07)", data[cut:]) if cut >= 0 else True
            if not whole and at < len(pieces):
                pieces[at] = pieces[at][0], data[cut:] + pieces[at][1]
                data = data[:cut]
            stream.feed(_SWALLOWED.sub(b"", data))
            return when

        for pressed, _, seen, kind in self.pressed:
            while at < len(pieces) and pieces[at][0] < pressed:
                feed()
            before = seen(screen.display)
            took = float("inf")
            # One that changed nothing (the marker stood there already) must not take the answers of those behind it.
            while at < len(pieces) and pieces[at][0] < pressed + LOST_S:
                when = feed()
                if seen(screen.display) != before:
                    took = (when - pressed) * 1e3
                    break
            out.setdefault(kind, []).append(took)
        return out


def cpu_s(pid: int) -> float:
    """Processor time of a process and its threads so far, in seconds, by the scheduler's own account."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


# The room ----------------------------------------------------------------------------------------------------------


def begun(count: int) -> Iterator[Begun]:
    """So many incidents of every severity, declared within two minutes before noon."""
    names = list(seed_rulebook().book.severities)
    for number in range(count):
        yield Begun(
            names[number % len(names)],
            NOON - timedelta(seconds=number * 7 % FIRST_S),
            SERVICES[number % 5],
        )


def room_for(path: Path, count: int, kept: Path | None) -> float:
    """A room at `path`, made or copied from one that was `kept`; how many seconds making it took."""
    source = kept / f"live-{count}.db" if kept else path
    took = 0.0
    if not source.exists():
        start = time.perf_counter()
        make_room(source, begun(count))
        took = time.perf_counter() - start
    if source != path:
        shutil.copyfile(source, path)
    return took


def start_clock(path: Path) -> None:
    """From now on it is noon in the room. What was to be sent has been, and the incidents were declared one after the
    other, so far apart as `APART`: what a decision asks about the last day is answered from the rows of that day.
    (Their timers stand as if they had been declared just now: else the engine's work would be measured first.)"""
    with Database.open(path, login="bench") as database, database.write() as c:
        values = {"clock_real": to_us(datetime.now(UTC)), "clock_room": to_us(NOON), "clock_speed": 1.0}
        c.execute(update(t.table(t.MetaRow)).values(values))
        incident, outbox = t.table(t.IncidentRow), t.table(t.OutboxRow)
        apart = int(APART.total_seconds() * 1e6)
        c.execute(update(incident).values(declared_at=incident.c.declared_at - incident.c.id * apart))
        sent = {"state": "sent", "tries": 1, "sent_at": to_us(NOON)}
        c.execute(update(outbox).values(created_at=outbox.c.created_at - outbox.c.incident * apart, **sent))


def write_away(path: str, count: int, rate: float) -> None:
    """Write `rate` decisions a second about random ones of `count` incidents, until the standard input ends; prints how
    many and over how many seconds."""
    chance, done, refused = random.Random(7), 0, 0
    with Session(path, actor="eva", seed=seed_rulebook) as session:
        keys = [f"{session.book().prefix}-{number}" for number in range(1, count + 1)]
        print("ready", flush=True)
        start = time.perf_counter()
        while not select.select([sys.stdin], [], [], max(0.0, start + done / rate - time.perf_counter()))[0]:
            command: Command
            match chance.randrange(4):
                case 0:
                    command = AddNote(f"note number {done}")
                case 1:
                    command = Acknowledge()
                case 2:
                    command = SetSeverity(chance.choice(("SEV1", "SEV2", "SEV3")), "as it turned out")
                case _:
                    command = Amend(title=f"answers slowly, {done}")
            try:
                session.execute(command, chance.choice(keys))
            except Exception as error:  # counted and told
                refused += 1
                print(type(error).__name__, error, file=sys.stderr)
            done += 1
        print(json.dumps({"written": done - refused, "refused": refused, "seconds": time.perf_counter() - start}))


# Typing ------------------------------------------------------------------------------------------------------------


def marked(display: Sequence[str]) -> object:
    """The incident whose row has the marker of the selected one; None while no row has."""
    for line in display:
        if line.startswith("▌") and (found := re.search(r"INC-\d+", line)):
            return found[0]
    return None


def filter_line(display: Sequence[str]) -> object:
    """The line in which a filter is typed, None where it is not there."""
    return next((line.rstrip() for line in display[-3:] if line.startswith(" filter ")), None)


def panel(display: Sequence[str]) -> object:
    """The lower part of the screen, without figures that tick."""
    return tuple(re.sub(r"\d", "", line) for line in display[-12:])


def keys(rounds: int, chance: random.Random, *, tabs: bool) -> Iterator[tuple[str, Seen, str]]:
    """What is typed: never a key that changes nothing."""
    for _ in range(rounds):
        yield ("g", marked, "") if _ else ("G", marked, "warm")  # the first stands at the top already
        for _ in range(chance.randrange(3, 9)):
            yield chance.choice(("j", "j", "pagedown")), marked, ""
        yield "k", marked, ""
        yield "G", marked, ""
        yield "pageup", marked, ""
        for _ in range(chance.randrange(1, 4)):
            yield "k", marked, ""
        if tabs:
            for digit in "132":
                yield digit, panel, "digit"
        yield "/", filter_line, ""
        for letter in chance.choice(("sev2", "answers", "late", "service-3", "slowly -sev1")):
            yield letter, (lambda display: filter_line(display)), "typed"
        yield "enter", filter_line, ""
        yield "g", marked, "g, filtered"
        yield "j", marked, "j, filtered"
        yield "esc", lambda display: any(" match " in line for line in display[:4]), ""


def figures(times: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and worst of times in milliseconds."""
    ordered = sorted(times)
    last = len(ordered) - 1
    return {
        "n": len(ordered),
        "p50": round(ordered[round(last * 0.5)], 1),
        "p95": round(ordered[round(last * 0.95)], 1),
        "worst": round(ordered[-1], 1),
    }


def bare(size: tuple[int, int], presses: int, chance: random.Random) -> tuple[list[float], float]:
    """Times of the bare program, and after how long its first line stood."""
    with Typist(["-c", _BARE], size) as program:
        first = program.wait_for(b"rows: 0")
        time.sleep(1.0)
        for _ in range(presses):
            time.sleep(chance.uniform(*APART_S))
            program.press("j", lambda display: display[0].rstrip(), "j")
        time.sleep(0.5)
        return program.times()["j"], first


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All of it."""
    chance = random.Random(options.seed)
    columns, rows = map(int, options.size.split("x"))
    size = columns, rows
    path = folder / "room.db"
    made = room_for(path, options.incidents, options.kept)
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "CONFIG", "DATA", "CACHE")}
    homes |= {"HOME": str(folder)}
    alone, bare_first = bare(size, 20 if options.quick else 60, chance)
    start_clock(path)
    out: dict[str, Any] = {"incidents": options.incidents, "writes": options.writes, "size": options.size}
    out |= {"made_in_s": round(made, 1)}
    board = ["-m", "warroom", "--db", str(path), "--as", "mina", "board"]
    with Typist(board, size, homes) as program:
        first = program.wait_for(b"INC-")
        read = program.wait_for(options.until.encode()) if options.until else None
        if options.idle:
            time.sleep(SETTLE_S * 2)
            before, start = cpu_s(program.pid), time.perf_counter()
            time.sleep(options.idle)
            out["idle_cpu_ms_per_s"] = round((cpu_s(program.pid) - before) * 1e3 / (time.perf_counter() - start), 1)
        writer = None
        asked = ("--incidents", str(options.incidents), "--writes", str(options.writes))
        if options.writes:
            writer = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.latency", "--write", str(path), *asked],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert writer.stdout is not None
            writer.stdout.readline()
        time.sleep(SETTLE_S)
        cpu, start = cpu_s(program.pid), time.perf_counter()
        for key, seen, kind in keys(options.rounds, chance, tabs=size[1] < 32):
            time.sleep(chance.uniform(*APART_S))
            program.press(key, seen, kind)
        time.sleep(1.0)
        out["cpu_ms_per_s"] = round((cpu_s(program.pid) - cpu) * 1e3 / (time.perf_counter() - start), 1)
        status = Path(f"/proc/{program.pid}/status").read_text()
        out["rss_mb"] = round(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024)  # type: ignore[index]
        if writer is not None:
            said, _ = writer.communicate(input="end\n")
            told = json.loads(said)
            out["written_per_s"] = round(told["written"] / told["seconds"], 1)
            out["refused"] = told["refused"]
        times = program.times()
    again, _ = bare(size, 20 if options.quick else 60, chance)
    times.pop("warm", None)
    everything = [each for several in times.values() for each in several]
    out["first_s"], out["bare_first_s"] = round(first, 2), round(bare_first, 2)
    out["first_ratio"] = round(first / bare_first, 2)
    if read is not None:
        out["all_read_s"] = round(read, 2)
    out["keys"] = figures(everything)
    out["by_key"] = {kind: figures(several) for kind, several in sorted(times.items())}
    out["bare"] = figures([*alone, *again])
    out["ratio"] = {name: round(out["keys"][name] / out["bare"][name], 2) for name in ("p50", "p95")}
    out["board_median_ms"] = round(statistics.median(everything), 1)
    if options.keep_output:
        options.keep_output.write_bytes(b"".join(data for _, data in program.pieces))
    return out


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.latency", description="Keys on a crowded board.")
    parser.add_argument("--incidents", type=int, default=10_000, help="how many incidents are live (default 10000)")
    parser.add_argument("--writes", type=float, default=100, help="decisions a second that another process writes")
    parser.add_argument("--rounds", type=int, default=12, help="how often the same sort of things is typed")
    parser.add_argument("--size", default="120x40", help="columns x rows (default 120x40)")
    parser.add_argument("--idle", type=float, default=0.0, help="measure so many idle seconds first")
    parser.add_argument("--until", default="", help="measure when this text is there for the first time as well")
    parser.add_argument("--kept", type=Path, help="keep the rooms in this directory for the next time")
    parser.add_argument("--keep-output", type=Path, help="write all that the program wrote to this file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="less of the bare program")
    parser.add_argument("--write", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.write:
        write_away(options.write, options.incidents, options.writes)
        return 0
    with tempfile.TemporaryDirectory(prefix="latency-") as folder:
        result = measure(options, Path(folder))
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
