"""How long until a change that one process makes is in the view that another process shows?

    python -m tests.bench.propagation --changes 100

Two real processes on one file: this one makes changes, the other one follows the room as a board does
(`warroom.tui.feed.Feed`, without a terminal). Prints one JSON object; all times in milliseconds. `from_key` counts
from the moment the command is given, `from_commit` from when it has been written.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.bench.quick import quick_rules
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.service.session import Session
from warroom.tui.feed import Feed


def follow(path: Path, focused: bool, parents: Connection, pipe: Connection) -> None:
    """Tell of every view that holds something new, with the moment: the clock is the machine's, and shared."""
    parents.close()  # so that the end of the other process is noticed
    fresh = threading.Event()
    feed = Feed(lambda: Session(path, actor="bo", seed=quick_rules), fresh.set)
    feed.focus(focused)
    feed.select("Q-1")
    feed.start()
    try:
        while True:
            fresh.wait()
            fresh.clear()
            news = feed.take()
            if news is not None and news.view is not None and news.view.selected is not None:
                newest = news.view.selected.record[-1].text
                pipe.send((time.monotonic(), news.view.seq, newest))
    except (BrokenPipeError, ConnectionResetError):
        return  # nobody listens any more
    finally:
        feed.stop()


def measure(path: Path, changes: int, focused: bool) -> dict[str, Any]:
    """Make `changes` changes and wait for each of them to arrive."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    other = context.Process(target=follow, args=(path, focused, ours, theirs), daemon=True)
    other.start()  # before this process opens the database or has a thread
    theirs.close()
    from_key, from_commit = [], []
    chance = random.Random(1)
    try:
        with Session(path, actor="mina", seed=quick_rules) as session:
            session.execute(Declare("Checkout is down", "SEV2"))
            _await(ours, session.seq(), None)
            for number in range(changes):
                # At any phase of the other one's looking.
                time.sleep(chance.uniform(0.05, 0.35))
                text = f"change {number}"
                asked = time.monotonic()
                seq = session.execute(AddNote(text), "Q-1").seq
                written = time.monotonic()
                arrived = _await(ours, seq, text)
                from_key.append(arrived - asked)
                from_commit.append(max(arrived - written, 0.0))
    finally:
        ours.close()
        other.kill()
        other.join(10)
    return {"changes": changes, "from_key_ms": _spread(from_key), "from_commit_ms": _spread(from_commit)}


def _await(pipe: Connection, seq: int, text: str | None) -> float:
    end = time.monotonic() + 10
    while pipe.poll(max(0.0, end - time.monotonic())):
        at, seen, newest = pipe.recv()
        if seen >= seq and text in (None, newest):
            return float(at)
    raise RuntimeError(f"event {seq} did not arrive within 10 seconds")


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    picks = {"median": ordered[len(ordered) // 2], "p95": ordered[round((len(ordered) - 1) * 0.95)], "max": ordered[-1]}
    return {name: round(value * 1000, 1) for name, value in picks.items()}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.propagation", description="From one to the other.")
    parser.add_argument("--changes", type=int, default=100, help="how many changes are made (default 100)")
    parser.add_argument("--unfocused", action="store_true", help="follow as a board without the terminal's focus does")
    parser.add_argument("--directory", type=Path, help="where to put the room (default: a temporary directory)")
    options = parser.parse_args(arguments)
    if options.changes < 1:
        parser.error("--changes must be greater than 0")
    with tempfile.TemporaryDirectory(prefix="propagation-", dir=options.directory) as directory:
        result = measure(Path(directory) / "room.db", options.changes, not options.unfocused)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
