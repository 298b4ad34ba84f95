"""How long until a change is on the screens of two terminals on one file, and what a quiet board costs.

    python -m tests.bench.two_terminals --changes 100

Two real boards run in pseudo-terminals, this process is the third hand on the file. Prints one JSON object:
milliseconds from the commit to the screen (median, 95th percentile, worst), and bytes and CPU milliseconds per second
of a board whose countdowns tick.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.support.screen import Terminal
from warroom.domain.incident import Amend, Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(changes: int, quiet_s: float) -> dict[str, object]:
    """Run both boards and take the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "room.db")
        with Session(path, actor="bench", seed=seed_rulebook) as session:
            keys = [session.execute(Declare(f"incident {n}", "SEV1")).key for n in range(10)]
            arguments = ["--db", path]
            with Terminal(arguments) as one, Terminal(arguments) as two:
                for terminal in (one, two):
                    terminal.wait_for("incident 9")
                took: list[float] = []
                for n in range(changes):
                    title = f"change number {n}."
                    session.execute(Amend(title=title), keys[n % len(keys)])
                    start = time.perf_counter()
                    waiting = [one, two]
                    while waiting:
                        for terminal in list(waiting):
                            terminal.read(0.002)
                            if title in terminal.text:
                                took.append((time.perf_counter() - start) * 1000)
                                waiting.remove(terminal)
                            elif time.perf_counter() - start > 10:
                                raise SystemExit(f"change {n} never came to the screen")
                before, cpu, start = len(one.raw), cpu_s(one.pid), time.monotonic()
                while time.monotonic() - start < quiet_s:
                    one.read(0.05)
                    two.read(0.0)
                seconds = time.monotonic() - start
                bytes_s, cpu_ms_s = (len(one.raw) - before) / seconds, (cpu_s(one.pid) - cpu) * 1000 / seconds
        took.sort()
        return {
            "changes": changes,
            "screens": 2,
            "median_ms": round(statistics.median(took), 1),
            "p95_ms": round(took[int(len(took) * 0.95) - 1], 1),
            "worst_ms": round(took[-1], 1),
            "ticking_rows": 10,
            "bytes_per_s": round(bytes_s),
            "cpu_ms_per_s": round(cpu_ms_s, 1),
        }


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--quiet", type=float, default=10.0, help="seconds over which a quiet board is measured")
    options = parser.parse_args()
    print(json.dumps(measure(options.changes, options.quiet)))


if __name__ == "__main__":
    main()
