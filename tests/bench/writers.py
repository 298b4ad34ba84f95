"""Many processes that write one database as fast as they can: who waits, and whether anything is lost.

    python -m tests.bench.writers --processes 16 --seconds 10

prints one JSON object with the same figures for three ways of writing:

* `warroom`: `Database.write` as the program uses it (gate, then BEGIN IMMEDIATE);
* `without_gate`: the same without the gate, so that SQLite's own busy wait decides who is next;
* `sqlalchemy_default`: an engine as `create_engine` makes it, with nothing added.

Every commit is a read-modify-write of one counter in Python, with a row in a log; a lost update is a commit that the
counter does not show. A wait is the time from asking for a transaction until the counter may be read, in seconds.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from warroom.store import sqlite
from warroom.store.database import Database, DatabaseError

KINDS = ("warroom", "without_gate", "sqlalchemy_default")

_READ = text("SELECT value FROM counter")
_WRITE = text("UPDATE counter SET value = :value")
_LOG = text("INSERT INTO log (writer, value) VALUES (:writer, :value)")


@dataclass(frozen=True, slots=True)
class Result:
    """Figures of one run; all times in seconds."""

    kind: str
    processes: int
    seconds: float
    commits: int
    commits_per_process_min: int
    commits_per_process_max: int
    wait_p50_s: float
    wait_p99_s: float
    longest_wait_s: float
    lost_updates: int
    errors: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one writer did."""

    commits: int
    waits: list[float]
    errors: dict[str, int]


class _NoGate:
    """Stands in for the gate and lets everybody in."""

    on_wait = None

    def __init__(self, path: Path, **_: object) -> None:
        self.path = path

    def hold(self, timeout_s: float = 0) -> AbstractContextManager[None]:
        return nullcontext()

    def acquire(self, timeout_s: float = 0) -> None:
        pass

    def release(self) -> None:
        pass

    def close(self) -> None:
        pass


def _default_engine(file: Path) -> Engine:
    return create_engine(f"sqlite:///{file}", module=sqlite.load_driver())


def _writer(kind: str, file: Path, number: int, seconds: float, start: Any, results: Any) -> None:
    waits: list[float] = []
    errors: Counter[str] = Counter()
    commits = 0
    if kind == "without_gate":
        sqlite.Gate = _NoGate  # type: ignore[assignment,attr-defined]
    opened: Any = _default_engine(file) if kind == "sqlalchemy_default" else Database.open(file, create=False)
    begin = opened.begin if isinstance(opened, Engine) else opened.write
    start.wait()
    end = time.perf_counter() + seconds
    while (asked := time.perf_counter()) < end:
        try:
            with begin() as connection:
                value = connection.execute(_READ).scalar_one()
                waits.append(time.perf_counter() - asked)
                connection.execute(_WRITE, {"value": value + 1})
                connection.execute(_LOG, {"writer": number, "value": value + 1})
            commits += 1
        except (DatabaseError, SQLAlchemyError) as error:
            cause = getattr(error, "orig", None) or error
            errors[f"{type(cause).__name__}: {cause}"[:100]] += 1
    start.wait()  # nobody's leaving may disturb the others' last waits
    results.put(_Share(commits, waits, dict(errors)))
    opened.dispose() if isinstance(opened, Engine) else opened.close()


def prepare(file: Path) -> None:
    """Make a database with a counter at 0 and an empty log."""
    with Database.open(file) as database, database.write() as connection:
        _tables(connection)


def _tables(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE counter (value INTEGER NOT NULL)"))
    connection.execute(text("CREATE TABLE log (id INTEGER PRIMARY KEY, writer INTEGER, value INTEGER)"))
    connection.execute(text("INSERT INTO counter VALUES (0)"))


def measure(kind: str, directory: Path, processes: int, seconds: float) -> Result:
    """Let `processes` writers of one `kind` work for `seconds` on a new database in `directory`."""
    file = directory / f"{kind}.db"
    prepare(file)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["warroom.store.database", "warroom.store.sqlite"])  # slow to import: once is enough
    start, results = context.Barrier(processes), context.Queue()
    writers = [
        context.Process(target=_writer, args=(kind, file, number, seconds, start, results), daemon=True)
        for number in range(processes)
    ]
    for writer in writers:
        writer.start()
    shares: list[_Share] = [results.get(timeout=seconds + 60) for _ in writers]
    for writer in writers:
        writer.join(30)
    with Database.open(file, readonly=True) as database, database.read() as connection:
        value = connection.execute(_READ).scalar_one()
    waits = sorted(wait for share in shares for wait in share.waits) or [0.0]
    commits = [share.commits for share in shares]
    return Result(
        kind=kind,
        processes=processes,
        seconds=seconds,
        commits=sum(commits),
        commits_per_process_min=min(commits),
        commits_per_process_max=max(commits),
        wait_p50_s=round(waits[len(waits) // 2], 5),
        wait_p99_s=round(waits[int(len(waits) * 0.99)], 5),
        longest_wait_s=round(waits[-1], 5),
        lost_updates=sum(commits) - value,
        errors=dict(sum((Counter(share.errors) for share in shares), Counter())),
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.writers", description="Many writers, one database.")
    parser.add_argument("--processes", type=int, default=16, help="how many writers (default 16)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each kind writes (default 10)")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind; may be given again")
    parser.add_argument("--directory", type=Path, help="where to put the databases (default: a temporary directory)")
    options = parser.parse_args(arguments)
    if options.processes < 1 or options.seconds <= 0:
        parser.error("--processes and --seconds must be greater than 0")
    with tempfile.TemporaryDirectory(prefix="writers-", dir=options.directory) as directory:
        runs = [measure(kind, Path(directory), options.processes, options.seconds) for kind in options.kind or KINDS]
    library = sqlite.load_driver()
    head = {"driver": library.__name__, "sqlite": library.sqlite_version}
    print(json.dumps(head | {run.kind: asdict(run) for run in runs}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
