"""What the tests of the database layer share: other processes, and a small table to write to.

PYTEST_DONT_REWRITE: it is both imported and a plugin (for its fixtures), and pytest would warn of the order.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.forkserver
import os
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.support import REPOSITORY
from warroom.store import sqlite
from warroom.store.database import Database, DatabaseError

OTHER_USER = 65534
DRIVER = sqlite.load_driver()

CONTEXT = multiprocessing.get_context("forkserver")


class Child:
    """A Python program in a process group of its own, as a shell starts a job, so that stop signals stop it."""

    def __init__(self, code: str, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
        )
        self.pid = self.process.pid

    def hear(self, seconds: float = 60.0) -> str:
        """The next line that it prints, "" when there is none in time."""
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return ""
        line = b""
        while not line.endswith(b"\n") and (more := os.read(self.process.stdout.fileno(), 1)):
            line += more
        return line.decode().strip()

    def say(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def stopped_by(self, seconds: float = 60.0) -> int:
        """Wait until the process is stopped; the signal that stopped it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WUNTRACED | os.WNOHANG)
            if pid:
                assert os.WIFSTOPPED(status), f"it ended with status {status}"
                return os.WSTOPSIG(status)
            time.sleep(0.005)
        raise AssertionError("it did not stop")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


StartChild = Callable[..., Child]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database is, or will be."""
    return tmp_path / "room.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """One with a table, opened by alice."""
    with Database.open(path, login="alice") as opened:
        make_table(opened)
        yield opened


@pytest.fixture
def unfixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the SQLite at hand were one that loses commits in WAL mode."""
    monkeypatch.setattr(sqlite, "library_is_fixed", lambda version: False)


@pytest.fixture
def child() -> Iterator[StartChild]:
    """Start a `Child`; it is ended with the test."""
    children: list[Child] = []

    def begin(code: str, *arguments: object) -> Child:
        children.append(Child(code, *arguments))
        return children[-1]

    yield begin
    for each in children:
        each.end()


class Peer:
    """A function at work in another process: it says things (anything that pickles) and waits for a word."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self.pipe, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=work, args=(theirs, *arguments), daemon=True)
        self.process.start()
        theirs.close()
        assert self.process.pid is not None
        self.pid = self.process.pid

    def hear(self) -> Any:
        assert self.pipe.poll(20), "the other process says nothing"
        return self.pipe.recv()

    def say(self) -> None:
        self.pipe.send("go on")

    def kill(self) -> None:
        self.process.kill()
        self.process.join(20)

    def end(self) -> None:
        self.say()
        self.process.join(20)
        assert self.process.exitcode == 0


@pytest.fixture(scope="session")
def imports_are_done_once() -> None:
    """Start the process that all others are forked from, with everything imported that is slow to import."""
    multiprocessing.set_forkserver_preload([__name__, "warroom.store.sqlite"])
    multiprocessing.forkserver.ensure_running()


StartPeer = Callable[..., Peer]


@pytest.fixture
def peer(imports_are_done_once: None) -> Iterator[StartPeer]:
    """Start a `Peer`; it is ended with the test."""
    peers: list[Peer] = []

    def begin(work: Callable[..., None], *arguments: object) -> Peer:
        peers.append(Peer(work, *arguments))
        return peers[-1]

    yield begin
    for each in peers:
        each.kill()


def become_nobody() -> None:
    """Root may do everything everywhere: be somebody else, who may not."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(OTHER_USER)
        os.setuid(OTHER_USER)


def attempt(path: Path, **options: Any) -> Database | str:
    try:
        return Database.open(path, **options)
    except DatabaseError as error:
        return f"{type(error).__name__} {error.retry} {error}"


def count(database: Database) -> int:
    with database.read() as c:
        return int(c.execute(text("SELECT count(*) FROM note")).scalar_one())


def try_to_open(pipe: Connection, path: Path, *options: dict[str, bool]) -> None:
    become_nobody()
    for each in options:
        pipe.send(str(attempt(path, **each)))
    pipe.recv()


def read_when_told(pipe: Connection, path: Path) -> None:
    become_nobody()
    pipe.send(attempt(path))
    with Database.open(path, readonly=True) as database:
        while True:
            pipe.send((count(database), database.facts().immutable))
            pipe.recv()


def read_slowly(pipe: Connection, path: Path) -> None:
    become_nobody()
    with Database.open(path, readonly=True) as database:
        pipe.send((count(database), database.facts().immutable))
        pipe.recv()
        pipe.send(count(database))
        try:
            with database.read() as c:
                pipe.send(c.execute(text("SELECT count(*) FROM note")).scalar_one())
                pipe.recv()
        except DatabaseError as error:
            pipe.send((type(error), error.retry, error.what))
        pipe.recv()


def stay_inside(pipe: Connection, path: Path) -> None:
    with Database.open(path).write() as c:
        c.execute(text("INSERT INTO note (words) VALUES ('half')"))
        pipe.send("inside")
        pipe.recv()


def die_while_writing(pipe: Connection, path: Path) -> None:
    """Leave a journal behind that has to be undone: more was changed than the cache holds."""
    raw = DRIVER.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode=PERSIST")
    raw.execute("PRAGMA cache_size=5")
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("UPDATE note SET words = 'half' || id")
    pipe.send("inside")
    pipe.recv()


def write_past_the_gate(pipe: Connection, path: Path) -> None:
    raw = DRIVER.connect(path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    pipe.send("inside")
    pipe.recv()
    raw.close()


def create_and_write(pipe: Connection, path: Path) -> None:
    pipe.send("ready")
    pipe.recv()
    with Database.open(path) as database, database.write() as c:
        c.execute(text("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, words TEXT)"))
        c.execute(text("INSERT INTO note (words) VALUES ('x')"))
    pipe.recv()


def watch_what_is_opened(pipe: Connection, path: Path) -> None:
    Database.open(path).close()
    opened: list[str] = []
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
    with Database.open(path) as database:
        make_table(database)
        add(database, "one")
        notes(database)
        database.facts()
        database.backup("copy")
        with Database.open(path, readonly=True) as reader:
            reader.facts()
    pipe.send({name for name in opened if name.startswith(str(path))})
    pipe.recv()


def write_under_a_size_limit(pipe: Connection, path: Path) -> None:
    with Database.open(path) as database:
        make_table(database)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
        for _ in range(2):
            try:
                with database.write() as c:
                    c.execute(text("INSERT INTO note (words) VALUES ('first half')"))
                    c.execute(text("INSERT INTO note (words) VALUES (:words)"), {"words": "x" * 3_000_000})
                pipe.send(("written", count(database)))
            except DatabaseError as error:
                pipe.send((type(error), error.what, error.retry, count(database)))
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    pipe.recv()


def add(database: Database, words: str) -> None:
    with database.write() as c:
        c.execute(text("INSERT INTO note (words) VALUES (:words)"), {"words": words})


def notes(database: Database) -> list[str]:
    with database.read() as c:
        return [str(row.words) for row in c.execute(text("SELECT words FROM note ORDER BY id"))]


def make_table(database: Database) -> None:
    with database.write() as c:
        c.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE)"))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def beside(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()}


@pytest.fixture
def public_directory() -> Iterator[Path]:
    """A directory that other users can reach (pytest's own are closed to them)."""
    directory = Path(tempfile.mkdtemp(prefix="warroom-test-"))
    directory.chmod(0o755)
    yield directory
    directory.chmod(0o755)
    shutil.rmtree(directory)


needs_fixed = pytest.mark.skipif(
    not sqlite.library_is_fixed(DRIVER.sqlite_version_info),
    reason=f"SQLite {DRIVER.sqlite_version} may not write WAL files: install pysqlite3",
)
