"""Which SQLite may write which file, and reading without the right to write."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from tests.store.db_support import (
    DRIVER,
    StartPeer,
    add,
    beside,
    die_while_writing,
    make_table,
    needs_fixed,
    notes,
    read_slowly,
    read_when_told,
    try_to_open,
)
from warroom.store import sqlite
from warroom.store.database import Database, DatabaseBusy, DatabaseReadOnly, DatabaseUnusable

pytest_plugins = ("tests.store.db_support",)


# The library and the journal -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 7), True),
        ((3, 45, 0), False),
        ((3, 50, 4), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_which_libraries_may_write_wal_files(version: tuple[int, int, int], fixed: bool) -> None:
    assert sqlite.library_is_fixed(version) is fixed


@needs_fixed
def test_a_fixed_library_makes_a_wal_file(database: Database) -> None:
    facts = database.facts()
    assert (facts.journal_mode, facts.synchronous, facts.fixed_library) == ("wal", "full", True)
    assert facts.driver == DRIVER.__name__


@pytest.mark.usefixtures("unfixed")
def test_an_unfixed_library_makes_a_file_with_a_rollback_journal(path: Path) -> None:
    with Database.open(path) as database:
        make_table(database)
        add(database, "one")
        facts = database.facts()
        assert (facts.journal_mode, facts.synchronous, facts.fixed_library) == ("persist", "full", False)
        assert "can lose commits in WAL mode" in facts.warnings[0]
        assert path.with_name("room.db-journal").exists()
        assert not path.with_name("room.db-wal").exists()


def test_a_file_is_never_converted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "library_is_fixed", lambda version: False)
        Database.open(path).close()
    monkeypatch.setattr(sqlite, "library_is_fixed", lambda version: True)
    with Database.open(path) as database:
        make_table(database)
        assert database.facts().journal_mode == "persist"


@needs_fixed
def test_an_unfixed_library_refuses_to_write_a_wal_file_but_reads_it(
    path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(database, "one")
    wal = path.with_name("room.db-wal")
    size = wal.stat().st_size
    monkeypatch.setattr(sqlite, "library_is_fixed", lambda version: False)
    monkeypatch.setattr(sqlite, "load_driver", lambda: sqlite3)  # whatever the interpreter brings
    with pytest.raises(DatabaseUnusable, match=r"WAL mode, and SQLite .* can lose commits.*pysqlite3"):
        Database.open(path)
    with Database.open(path, readonly=True) as reader:
        assert notes(reader) == ["one"]
        assert "only read here" in reader.facts().warnings[0]
    assert wal.stat().st_size == size, "looking must not checkpoint"


# Read-only -----------------------------------------------------------------------------------------------------------


def test_read_only_reads_and_never_writes(path: Path, database: Database) -> None:
    add(database, "one")
    with Database.open(path, readonly=True) as reader:
        assert notes(reader) == ["one"]
        with pytest.raises(DatabaseReadOnly, match="open for reading only"), reader.write():
            pass
        with pytest.raises(DatabaseReadOnly), reader.read() as c:
            c.execute(text("PRAGMA query_only = OFF"))
            c.execute(text("INSERT INTO note (words) VALUES ('two')"))
        add(database, "two")
        assert notes(reader) == ["one", "two"]


def test_read_only_makes_nothing(path: Path) -> None:
    choices: list[dict[str, Any]] = [{"readonly": True}, {"create": False}]
    for options in choices:
        with pytest.raises(DatabaseUnusable, match="there is no such file") as caught:
            Database.open(path, **options)
        assert caught.value.retry
    assert beside(path) == set()


@needs_fixed
def test_a_reader_without_any_right_to_write_follows_an_engine_that_comes_and_goes(
    public_directory: Path, peer: StartPeer
) -> None:
    path = public_directory / "room.db"
    with Database.open(path) as writer:
        make_table(writer)
        add(writer, "one")
    path.chmod(0o644)
    public_directory.chmod(0o555)
    reader = peer(read_when_told, path)
    assert reader.hear().startswith("DatabaseReadOnly False")
    assert reader.hear() == (1, True)  # nobody writes: the file is read as it stands
    public_directory.chmod(0o755)
    with Database.open(path) as writer:
        add(writer, "two")
        public_directory.chmod(0o555)
        for side in ("-wal", "-shm"):
            Path(f"{path}{side}").chmod(0o644)
        reader.say()
        assert reader.hear() == (2, False)  # somebody writes: locks and the log are used
        add(writer, "three")
        reader.say()
        assert reader.hear() == (3, False)


@needs_fixed
def test_an_immutable_reader_notices_that_the_file_moved_on(public_directory: Path, peer: StartPeer) -> None:
    path = public_directory / "room.db"
    with Database.open(path) as writer:
        make_table(writer)
    path.chmod(0o644)
    public_directory.chmod(0o555)
    reader = peer(read_slowly, path)
    assert reader.hear() == (0, True)
    public_directory.chmod(0o755)
    with Database.open(path) as writer:
        add(writer, "came and went")
    reader.say()
    assert reader.hear() == 1
    assert reader.hear() == 1
    with Database.open(path) as writer:
        add(writer, "while it reads")
    reader.say()
    assert reader.hear() == (DatabaseBusy, True, "somebody began to write while this was read")


@needs_fixed
def test_a_log_left_behind_that_cannot_be_read_says_that_no_engine_runs(
    public_directory: Path, peer: StartPeer
) -> None:
    path = public_directory / "room.db"
    with Database.open(path) as writer:
        make_table(writer)
    path.chmod(0o644)
    Path(f"{path}-wal").touch(mode=0o644)
    public_directory.chmod(0o555)
    heard = peer(try_to_open, path, {"readonly": True}).hear()
    assert heard.startswith("DatabaseUnusable True")
    assert "no engine is running" in heard


@pytest.mark.usefixtures("unfixed")
def test_a_commit_that_a_dead_writer_left_half_done_is_undone_by_the_next_writer(path: Path, peer: StartPeer) -> None:
    with Database.open(path) as writer:
        make_table(writer)
        with writer.write() as c:
            for number in range(500):
                c.execute(text("INSERT INTO note (words) VALUES (:w)"), {"w": f"{number}" + "x" * 500})
    reader = Database.open(path, readonly=True)
    other = peer(die_while_writing, path)
    assert other.hear() == "inside"
    other.kill()
    for attempt in (reader.read, lambda: Database.open(path, readonly=True)):
        with pytest.raises(DatabaseUnusable, match="no engine is running") as caught, attempt() as c:
            c.execute(text("SELECT count(*) FROM note"))  # type: ignore[union-attr]
        assert caught.value.retry
    with Database.open(path) as writer:
        assert not [words for words in notes(writer) if words.startswith("half")]
    assert len(notes(reader)) == 500
    reader.close()


def test_the_interpreters_own_driver_serves_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    assert sqlite.load_driver() is sqlite3
    monkeypatch.setitem(sys.modules, "pysqlite3", SimpleNamespace(sqlite_version="x"))
    assert sqlite.load_driver().sqlite_version == "x"
