"""How long the program takes to its first picture and to the first one with the room's data, beside a bare Textual app.

    python -m tests.bench.start --runs 9

Each run starts, one after the other in a pseudo-terminal of 120x40: Python alone, an `import sqlmodel`, a Textual app
with one widget, the board on a room with incidents, and (with pipes) `warroom --help` and `warroom ack`. What is
measured is the processor's time of the whole process up to the moment (its scheduler keeps books), and the clock on the
wall; of each the least of all runs, since everything else on the machine only adds. Prints one JSON object with the
milliseconds and the ratios, and fails when a ratio is above its goal.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ

from tests.support.screen import ROOT
from warroom.domain.incident import Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("first picture")
Bare().run()
"""
GOALS = {"first_picture": 1.3, "first_data": 2.2, "ack": 2.5}


def spent_ms(pid: int) -> float:
    """Milliseconds that all threads of a process have had a processor for."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e6


def until(arguments: Sequence[str], wanted: Sequence[bytes]) -> list[tuple[float, float]]:
    """Start a program in a terminal; (CPU, wall) milliseconds when each of `wanted` had been drawn, in order."""
    began = time.perf_counter()
    pid, descriptor = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        for name in ("COLUMNS", "LINES", "NO_COLOR", "SSH_CONNECTION", "SSH_TTY"):
            os.environ.pop(name, None)
        os.execv(sys.executable, [sys.executable, *arguments])
    ioctl(descriptor, TIOCSWINSZ, pack("HHHH", 40, 120, 0, 0))
    found: list[tuple[float, float]] = []
    seen = b""
    try:
        while len(found) < len(wanted):
            if not select.select([descriptor], [], [], 20)[0]:
                raise SystemExit(f"{wanted[len(found)]!r} never came: {seen[-2000:]!r}")
            seen += os.read(descriptor, 65536)
            while len(found) < len(wanted) and wanted[len(found)] in seen:
                found.append((spent_ms(pid), (time.perf_counter() - began) * 1000))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(descriptor)
    return found


def whole(arguments: Sequence[str]) -> tuple[float, float]:
    """(CPU, wall) milliseconds of a program from its start to its end."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return (used.ru_utime + used.ru_stime) * 1000, (time.perf_counter() - began) * 1000


def measure(runs: int, folder: Path) -> dict[str, dict[str, float]]:
    """The least of all runs, by what was measured."""
    path = str(folder / "room.db")
    with Session(path, actor="bench", seed=seed_rulebook) as session:
        keys = [session.execute(Declare(f"incident {n}", "SEV1")).key for n in range(10 + runs)]
    taken: dict[str, list[tuple[float, float]]] = {}

    def note(name: str, value: tuple[float, float]) -> None:
        taken.setdefault(name, []).append(value)

    for run in range(runs):
        note("python", whole(["-c", "pass"]))
        note("import_sqlmodel", whole(["-c", "import sqlmodel"]))
        note("help", whole(["-m", "warroom", "--help"]))
        note("ack", whole(["-m", "warroom", "--db", path, "ack", str(keys[run])]))
        note("bare", until(["-c", BARE], [b"first picture"])[0])
        # What is drawn first has the program's name in it, the data an incident's title.
        first, data, board = until(["-m", "warroom", "--db", path], [b"warroom", b"incident 9", b"Communications"])
        note("first_picture", first)
        note("first_data", data)
        note("whole_board", board)
    return {
        name: {"cpu_ms": round(min(cpu for cpu, _ in values)), "wall_ms": round(min(wall for _, wall in values))}
        for name, values in taken.items()
    }


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(args.runs, Path(folder))
    ratios = {
        kind: {
            name: round(found[name][kind] / found["import_sqlmodel" if name == "ack" else "bare"][kind], 2)
            for name in GOALS
        }
        for kind in ("cpu_ms", "wall_ms")
    }
    print(json.dumps({**found, "ratios": ratios}))
    missed = [name for name, goal in GOALS.items() if ratios["cpu_ms"][name] > goal]
    if missed:
        raise SystemExit(f"above the goal: {', '.join(f'{each} ({GOALS[each]})' for each in missed)}")


if __name__ == "__main__":
    main()
