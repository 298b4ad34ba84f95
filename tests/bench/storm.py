"""Ten thousand deadlines at once: how fast are they taken, how late does that make them, and how long does a person
wait who acknowledges meanwhile?

    python -m tests.bench.storm --due 10000

The incidents are declared under the rules that come with warroom, so long ago that their first deadlines all fall due
at the same moment. Copies of that room are worked on:

* `store`: one writer drains it through `Writer.tick`, as an engine does;
* `raw`: the very same writes once more (the same rows with the same values, in the same transactions, with the same
  settings of the same driver), from tuples that stand ready, without SQLAlchemy, and with nothing to read or decide.
  `ratio` is how many times longer the store took; `ratio_row_by_row` when the driver is called once for each row
  (`raw_rows`), and not once for all rows of a statement. The files have to be the same afterwards;
* `person`: drained once more while another process acknowledges one incident after the other.

Prints one JSON object. Ratios are of wall time and of processor time, by the fastest of the rounds; the other figures
of several rounds are medians.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.bench.crowded import NOON, due_together, make_room, running, spread
from warroom.domain.core import Refused
from warroom.domain.escalation import Acknowledge
from warroom.rulebook.load import seed_rulebook
from warroom.store import codec, queries, sqlite
from warroom.store.database import Database
from warroom.store.write import Writer

Transaction = list[tuple[str, Any, bool]]
"""Statements with their parameters, and whether there is a list of these."""


@dataclass(slots=True)
class Drain:
    """What draining a room took. All times in seconds; `transactions` is what was written."""

    wall: float = 0.0
    cpu: float = 0.0
    steps: int = 0
    ticks: list[float] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)


def drain(path: Path, clock: Callable[[], datetime], *, keep: bool = False) -> Drain:
    """Take everything that is due in the room at `path`; `keep` what was written."""
    out = Drain()
    with Database.open(path, login="engine") as database:
        writer = Writer(database)
        # What a process does once, and not in a storm: its first read, and reading the rules.
        writer.next_due()
        with database.read() as c:
            writer.book(c, queries.rulebook_in_force(c))
        if keep:
            _listen(database, out.transactions)
        wall, cpu = time.perf_counter(), time.process_time()
        while (first := writer.next_due()) is not None and first <= clock():
            began = time.perf_counter()
            report = writer.tick(clock)
            out.ticks.append(time.perf_counter() - began)
            out.steps += report.steps
            if report.failed or not report.steps:
                raise RuntimeError(f"a step was not taken: {report}")
        out.wall, out.cpu = time.perf_counter() - wall, time.process_time() - cpu
    return out


def _listen(database: Database, transactions: list[Transaction]) -> None:
    current: Transaction = []

    def executed(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not statement.lstrip().startswith("SELECT"):
            current.append((statement, parameters, many))

    def committed(_c: Any) -> None:
        if current:
            transactions.append(list(current))
            current.clear()

    engine = database._engine
    assert engine is not None
    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)


def write_raw(path: Path, transactions: list[Transaction], *, rows: bool = False) -> tuple[float, float]:
    """The same writes with the driver alone, all rows of a statement in one call, or `rows` one call for each; returns
    wall and processor time in seconds."""
    connection = sqlite.load_driver().connect(str(path), isolation_level=None)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA journal_size_limit={sqlite.JOURNAL_LIMIT_BYTES}").fetchone()
    wall, cpu = time.perf_counter(), time.process_time()
    for transaction in transactions:
        connection.execute("BEGIN IMMEDIATE")
        for statement, parameters, many in transaction:
            if not many:
                connection.execute(statement, parameters)
            elif not rows:
                connection.executemany(statement, parameters)
            else:
                for each in parameters:
                    connection.execute(statement, each)
        connection.execute("COMMIT")
    took = time.perf_counter() - wall, time.process_time() - cpu
    connection.close()
    return took


def contents(path: Path) -> dict[str, list[Any]]:
    """Every row of every table of a file that nobody has open."""
    connection = sqlite.load_driver().connect(f"file:{path}?mode=ro", uri=True)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}
    connection.close()
    return found


# A person meanwhile --------------------------------------------------------------------------------------------------


def acknowledge(path: Path, keys: list[str], start: datetime, began: float, ends: Any, waits: Any) -> None:
    """Acknowledge one incident after the other until told to end; tell how long each of them took, in seconds."""
    chance, clock, took = random.Random(1), running(start, began, time.monotonic), []
    with Database.open(path, login="person") as database:
        writer = Writer(database)
        waits.send("ready")
        for key in chance.sample(keys, len(keys)):
            if ends.poll(chance.uniform(0, 0.04)):
                break
            asked = time.perf_counter()
            with suppress(Refused):
                writer.execute(Acknowledge(), key=key, actor="ada", now=clock)
            took.append(time.perf_counter() - asked)
    waits.send(took)


def with_a_person(path: Path, incidents: int) -> dict[str, Any]:
    """Drain the room while somebody acknowledges; returns the figures."""
    context = multiprocessing.get_context("fork")
    ends, tell = context.Pipe(duplex=False)
    waits, theirs = context.Pipe(duplex=False)
    began = time.monotonic()
    keys = [f"{seed_rulebook().book.prefix}-{number}" for number in range(1, incidents + 1)]
    person = context.Process(target=acknowledge, args=(path, keys, NOON, began, ends, theirs), daemon=True)
    person.start()
    try:
        assert waits.recv() == "ready"
        clock = running(NOON, time.monotonic(), time.monotonic)
        taken = drain(path, clock)
        tell.send("end")
        took = waits.recv() if waits.poll(30) else []
    finally:
        person.kill()
        person.join(10)
    with Database.open(path, readonly=True) as database, database.read() as c:
        asked = "SELECT (at - due) / 1e6 FROM event WHERE due IS NOT NULL ORDER BY seq"
        late = [row[0] for row in c.exec_driver_sql(asked)]
    return {
        "wall_s": round(taken.wall, 2),
        "acknowledged": len(took),
        "acknowledge_wait_ms": spread(took),
        "tick_ms": spread(taken.ticks),
        "lateness_s": spread(late, unit=1, digits=3),
    }


# The run -------------------------------------------------------------------------------------------------------------


def measure(directory: Path, deadlines: int, rounds: int) -> dict[str, Any]:
    """Make the room and drain its copies `rounds` times; returns the figures."""
    codec.warm()
    first = directory / "first.db"
    incidents = make_room(first, due_together(NOON, deadlines, seed_rulebook().book))
    runs = [_round(directory, first) for _ in range(rounds)]
    taken = runs[0]["store"]
    person = directory / "person.db"
    shutil.copy(first, person)
    library = sqlite.load_driver()
    return {
        "driver": library.__name__,
        "sqlite": library.sqlite_version,
        "deadlines": deadlines,
        "incidents": incidents,
        "steps": taken.steps,
        "transactions": len(taken.transactions),
        "rows_written": sum(len(p) if many else 1 for each in taken.transactions for _, p, many in each),
        "same_file": all(each["same"] for each in runs),
        "ratio": _ratio(runs, "raw", lambda drained: drained.wall),
        "ratio_cpu": _ratio(runs, "raw", lambda drained: drained.cpu),
        "ratio_row_by_row": _ratio(runs, "raw_rows", lambda drained: drained.wall),
        "ratio_row_by_row_cpu": _ratio(runs, "raw_rows", lambda drained: drained.cpu),
        **{name: _figures([each[name] for each in runs], deadlines) for name in ("store", "raw", "raw_rows")},
        "tick_ms": spread(tick for each in runs for tick in each["store"].ticks),
        "person": with_a_person(person, incidents),
    }


def _round(directory: Path, first: Path) -> dict[str, Any]:
    """Drain one copy of the first room, and write what that wrote into two others."""
    paths = {name: directory / f"{name}.db" for name in ("store", "raw", "raw_rows")}
    for path in paths.values():
        shutil.copy(first, path)
    taken = drain(paths["store"], running(NOON, time.monotonic(), time.monotonic), keep=True)
    raw = Drain(*write_raw(paths["raw"], taken.transactions))
    rows = Drain(*write_raw(paths["raw_rows"], taken.transactions, rows=True))
    same = contents(paths["store"]) == contents(paths["raw"]) == contents(paths["raw_rows"])
    for path in paths.values():
        path.unlink()
    return {"store": taken, "raw": raw, "raw_rows": rows, "same": same}


def _ratio(runs: list[dict[str, Any]], raw: str, of: Callable[[Drain], float]) -> float:
    """By the fastest round of each: those that the rest of the machine disturbed least."""
    return round(min(of(each["store"]) for each in runs) / min(of(each[raw]) for each in runs), 2)


def _figures(drained: list[Drain], deadlines: int) -> dict[str, float]:
    wall = statistics.median(each.wall for each in drained)
    return {
        "wall_s": round(wall, 3),
        "cpu_s": round(statistics.median(each.cpu for each in drained), 3),
        "deadlines_per_s": round(deadlines / wall),
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.storm", description="Everything falls due at once.")
    parser.add_argument("--due", type=int, default=10_000, help="how many deadlines are due (default 10000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often store and raw take turns (default 3)")
    parser.add_argument("--directory", type=Path, help="where to put the rooms (default: a temporary directory)")
    options = parser.parse_args(arguments)
    if min(options.due, options.rounds) < 1:
        parser.error("every number has to be greater than 0")
    with tempfile.TemporaryDirectory(prefix="storm-", dir=options.directory) as directory:
        result = measure(Path(directory), options.due, options.rounds)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0 if result["same_file"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
