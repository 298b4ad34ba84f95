"""A reader that leaves nothing behind: whatever stands beside the file, and whatever it may write, it writes nothing.

The room is written and read in other processes: a process that has a database open must not read its file by hand.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.store.db_support import (
    DRIVER,
    OTHER_USER,
    StartPeer,
    add,
    become_nobody,
    die_while_writing,
    make_table,
    needs_fixed,
    notes,
)
from tests.support import REPOSITORY
from warroom.store import db_traceless, sqlite
from warroom.store.database import Database, DatabaseError, DatabaseReadOnly

pytest_plugins = ("tests.store.db_support",)


def footprint(directory: Path) -> dict[str, tuple[Any, ...]]:
    """Everything that a write would change: names, contents, times, modes; of the directory too."""
    found: dict[str, tuple[Any, ...]] = {".": (directory.stat().st_mtime_ns, directory.stat().st_mode)}
    for file in sorted(directory.iterdir()):
        status = file.stat()
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        found[file.name] = (content, status.st_mtime_ns, status.st_mode, status.st_ino)
    return found


# In other processes --------------------------------------------------------------------------------------------------


def write_when_told(pipe: Connection, path: Path, wal: bool = True) -> None:
    """A room with one note; then another one each time a word comes, and the end when it is "end"."""
    os.umask(0)
    if not wal:
        sqlite.library_is_fixed = lambda version: False
    with Database.open(path) as database:
        make_table(database)
        add(database, "0")
        for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), Path(f"{path}-journal")):
            if each.exists():
                each.chmod(0o666)
        number = 0
        while True:
            pipe.send(number)
            if pipe.recv() == "end":
                break
            number += 1
            add(database, str(number))
    pipe.send("ended")
    pipe.recv()


def look_when_told(pipe: Connection, path: Path, nobody: bool = False) -> None:
    """A traceless reader that stays: how many notes there are and whether nobody writes, or what is wrong."""
    if nobody:
        become_nobody()
    db_traceless.BUSY_TIMEOUT_S = 0.2
    database: Database | None = None
    while True:
        try:
            database = database or Database.open(path, traceless=True)
            pipe.send((len(notes(database)), database.facts().immutable))
        except DatabaseError as error:
            pipe.send((type(error).__name__, error.retry, str(error)))
        pipe.recv()


def hold_everything(pipe: Connection, path: Path) -> None:
    raw = DRIVER.connect(path, isolation_level=None)
    raw.execute("BEGIN EXCLUSIVE")
    pipe.send("inside")
    pipe.recv()
    raw.execute("ROLLBACK")
    raw.close()
    pipe.send("outside")
    pipe.recv()


def made(peer: StartPeer, path: Path, *, wal: bool = True) -> None:
    """A room that nobody has open."""
    writer = peer(write_when_told, path, wal)
    assert writer.hear() == 0
    writer.pipe.send("end")
    assert writer.hear() == "ended"


# Every way in which a room can lie there -----------------------------------------------------------------------------


@pytest.mark.parametrize("nobody", [False, True], ids=["may write", "may not"])
@pytest.mark.parametrize("wal", [pytest.param(True, marks=needs_fixed), False], ids=["wal", "persist"])
def test_a_room_that_nobody_has_open_is_read_as_it_stands(
    public_directory: Path, peer: StartPeer, wal: bool, nobody: bool
) -> None:
    path = public_directory / "room.db"
    made(peer, path, wal=wal)
    if nobody:
        path.chmod(0o444)
        public_directory.chmod(0o555)
    before = footprint(public_directory)
    reader = peer(look_when_told, path, nobody)
    assert reader.hear() == (1, wal)  # with a rollback journal there are locks, which need no right to write
    reader.say()
    assert reader.hear() == (1, wal)
    reader.kill()
    assert footprint(public_directory) == before


@needs_fixed
@pytest.mark.parametrize("nobody", [False, True], ids=["may write", "may not"])
def test_a_writer_that_comes_and_goes_is_followed(public_directory: Path, peer: StartPeer, nobody: bool) -> None:
    path = public_directory / "room.db"
    writer = peer(write_when_told, path)
    assert writer.hear() == 0
    if nobody:
        public_directory.chmod(0o555)
    before = footprint(public_directory)
    reader = peer(look_when_told, path, nobody)
    assert reader.hear() == (1, False)
    # SQLite's shared index has room for the marks of readers: where it may, even such a reader sets none.
    assert footprint(public_directory) == before
    writer.say()
    assert writer.hear() == 1
    reader.say()
    assert reader.hear() == (2, False)
    public_directory.chmod(0o755)
    writer.pipe.send("end")
    assert writer.hear() == "ended"
    after = footprint(public_directory)
    reader.say()
    assert reader.hear()[0] == 2
    reader.kill()
    assert footprint(public_directory) == after
    again = peer(look_when_told, path, nobody)  # what the writer left because somebody looked is whole
    assert again.hear()[0] == 2
    again.kill()
    assert footprint(public_directory) == after


@needs_fixed
def test_a_writer_that_appears_is_noticed(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    made(peer, path)
    reader = peer(look_when_told, path)
    assert reader.hear() == (1, True)
    path.rename(public_directory / "old.db")  # and in its place another file, with a writer
    writer = peer(write_when_told, path)
    assert writer.hear() == 0
    writer.say()
    assert writer.hear() == 1
    reader.say()
    assert reader.hear() == (2, False)


@needs_fixed
@pytest.mark.parametrize("nobody", [False, True], ids=["may write", "may not"])
def test_what_a_dead_writer_left_is_read_where_it_is_whole(
    public_directory: Path, peer: StartPeer, nobody: bool
) -> None:
    path = public_directory / "room.db"
    writer = peer(write_when_told, path)
    assert writer.hear() == 0
    writer.say()
    assert writer.hear() == 1
    writer.kill()
    before = footprint(public_directory)
    assert {"room.db-wal", "room.db-shm"} <= set(before)
    if nobody:
        public_directory.chmod(0o555)
        before = footprint(public_directory)
    reader = peer(look_when_told, path, nobody)
    assert reader.hear() == (2, False)
    reader.kill()
    assert footprint(public_directory) == before
    Path(f"{path}-shm").unlink()  # now only a writer can tell what of the log holds
    before = footprint(public_directory)
    reader = peer(look_when_told, path, nobody)
    kind, retry, words = reader.hear()
    assert (kind, retry) == ("DatabaseUnusable", True) and "no engine is running" in words
    assert footprint(public_directory) == before
    next_writer = peer(reopen, path)
    assert next_writer.hear() == 2
    reader.say()
    assert reader.hear() == (2, False)


def reopen(pipe: Connection, path: Path) -> None:
    os.umask(0)
    with Database.open(path) as database:
        for each in (Path(f"{path}-wal"), Path(f"{path}-shm")):
            each.chmod(0o666)
        pipe.send(len(notes(database)))
        pipe.recv()


def test_a_commit_left_half_done_is_left_to_the_next_writer(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    writer = peer(write_many, path)
    assert writer.hear() == "written"
    other = peer(die_while_writing, path)
    assert other.hear() == "inside"
    other.kill()
    before = footprint(public_directory)
    reader = peer(look_when_told, path)
    kind, retry, words = reader.hear()
    assert (kind, retry) == ("DatabaseUnusable", True) and "no engine is running" in words
    assert footprint(public_directory) == before


def write_many(pipe: Connection, path: Path) -> None:
    sqlite.library_is_fixed = lambda version: False
    with Database.open(path) as database:
        make_table(database)
        with database.write() as c:
            for number in range(500):
                c.execute(text("INSERT INTO note (words) VALUES (:w)"), {"w": f"{number}" + "x" * 500})
    pipe.send("written")
    pipe.recv()


def test_a_locked_room_is_said_soon_and_read_again_later(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    made(peer, path, wal=False)
    holder = peer(hold_everything, path)
    assert holder.hear() == "inside"
    reader = peer(look_when_told, path)
    kind, _, words = reader.hear()
    assert kind == "DatabaseBusy" and "waited" in words
    holder.say()
    assert holder.hear() == "outside"
    reader.say()
    assert reader.hear() == (1, False)


def test_a_room_that_is_gone_no_room_or_closed_to_us_is_said_and_looked_for_again(
    public_directory: Path, peer: StartPeer
) -> None:
    path, aside = public_directory / "room.db", public_directory / "aside.db"
    made(peer, path, wal=False)
    Path(f"{path}-journal").unlink()
    reader = peer(look_when_told, path, True)
    path.chmod(0o644)
    assert reader.hear() == (1, True)
    path.rename(aside)
    reader.say()
    assert reader.hear()[:2] == ("DatabaseUnusable", True)
    path.write_bytes(b"no database at all, but of some length" * 100)
    path.chmod(0o644)
    reader.say()
    kind, _, words = reader.hear()
    assert kind == "DatabaseUnusable" and "is not a database" in words
    path.unlink()
    aside.rename(path)
    path.chmod(0o000)
    reader.say()
    kind, _, words = reader.hear()
    assert os.geteuid() != 0 or (kind == "DatabaseUnusable" and "you may not read this file" in words)
    path.chmod(0o644)
    reader.say()
    assert reader.hear() == (1, True)


@needs_fixed
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file that another user may not read")
def test_a_log_that_may_not_be_read_is_named(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    writer = peer(write_when_told, path)
    assert writer.hear() == 0
    Path(f"{path}-wal").chmod(0o600)
    kind, retry, words = peer(look_when_told, path, True).hear()
    assert (kind, retry) == ("DatabaseUnusable", True) and "room.db-wal" in words and "may not read" in words
    assert OTHER_USER


# What it cannot do ---------------------------------------------------------------------------------------------------

FORBIDDEN = [
    "INSERT INTO note (words) VALUES ('x')",
    "UPDATE note SET words = 'x'",
    "DELETE FROM note",
    "CREATE TABLE other (a)",
    "CREATE TEMP TABLE other (a)",
    "DROP TABLE note",
    "ATTACH '{beside}' AS other",
    "VACUUM INTO '{beside}'",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "PRAGMA query_only=OFF",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA user_version=7",
    "PRAGMA temp_store_directory='/'",
    "SELECT load_extension('x')",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_nothing_but_reading_is_let_through(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "room.db"
    with Database.open(path) as writer:
        make_table(writer)
        add(writer, "one")
        with Database.open(path, traceless=True) as reader:
            assert reader.readonly and not [*tmp_path.glob("beside*")]
            assert reader._reader is not None
            raw = reader._reader.connection.driver_connection  # outside of any transaction, as VACUUM wants it
            denied = r"not authorized|authorization denied|readonly|no such function"
            with pytest.raises(DRIVER.Error, match=denied) as caught:
                raw.execute(statement.format(beside=tmp_path / "beside.db")).fetchall()
            assert "syntax" not in str(caught.value)
            assert notes(reader) == ["one"]
            with pytest.raises(DatabaseReadOnly), reader.write():
                pass
        assert not [*tmp_path.glob("beside*")]


CHANGING = re.compile(
    r"\b(?:pwrite64|pwritev|write|writev|ftruncate|truncate|fallocate|unlink|unlinkat|rename|renameat2?|mkdir|mkdirat"
    r"|link|linkat|symlink|chmod|fchmod|utimensat)\(.*?room\.db"
)

READS = """
import sys
from warroom.store.database import Database
from sqlalchemy import text
with Database.open(sys.argv[1], traceless=True) as database:
    for _ in range(3):
        with database.read() as c:
            print(c.execute(text("SELECT count(*) FROM note")).scalar_one())
"""


def traced(path: Path, output: Path) -> list[str]:
    """The system calls of a reader that name the room."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    calls = "openat,open,creat,write,writev,pwrite64,pwritev,%file,ftruncate,fallocate,fchmod,fchown,close"
    done = subprocess.run(
        [strace, "-f", "-y", "-qq", "-e", f"trace={calls}", "-o", str(output), sys.executable, "-c", READS, str(path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0 and done.stdout.split() == ["1"] * 3, done.stderr
    return [line for line in output.read_text(encoding="utf-8", errors="replace").splitlines() if "room.db" in line]


@needs_fixed
@pytest.mark.parametrize("writer_there", [False, True])
def test_by_its_system_calls_it_changes_nothing(
    public_directory: Path, tmp_path: Path, peer: StartPeer, writer_there: bool
) -> None:
    path = public_directory / "room.db"
    if writer_there:
        assert peer(write_when_told, path).hear() == 0
    else:
        made(peer, path)
    before = footprint(public_directory)
    lines = traced(path, tmp_path / "trace")
    assert any("openat(" in line and "O_RDONLY" in line for line in lines)
    # (Run by root, SQLite gives a log that is there already to the owner of the database, with fchown.)
    assert not [line for line in lines if CHANGING.search(line)]
    # Only a log that is there already is ever opened for more than reading, and then nothing is written to it.
    wide = [line for line in lines if re.search(r"O_RDWR|O_WRONLY|O_CREAT", line)]
    assert not [line for line in wide if "room.db-wal" not in line or not writer_there]
    assert footprint(public_directory) == before
