"""Who types goes ahead, for a moment at most; in the database only where nobody waits for who gives way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from warroom.courtesy import MOST_S, Courtesy
from warroom.store.database import Database

FAR_S = 20.0


class Time:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Waits(threading.Event):
    """An event that says for how long it would be waited, and waits for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.asked.append(round(timeout, 6))
        return self.is_set()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def courtesy(time: Time, waits: Waits) -> Courtesy:
    made = Courtesy(time)
    waits.set()
    made._free = waits
    return made


def test_nobody_waits_while_no_key_is_answered(courtesy: Courtesy, waits: Waits) -> None:
    courtesy.give_way()
    courtesy.begin()
    courtesy.end()
    courtesy.give_way()
    assert waits.asked == []


def test_it_is_waited_for_what_is_left_of_a_moment(courtesy: Courtesy, time: Time, waits: Waits) -> None:
    courtesy.begin()
    courtesy.give_way()
    time.now = MOST_S / 2
    courtesy.begin()  # another key does not make it longer
    courtesy.give_way()
    time.now = MOST_S
    courtesy.give_way()
    assert waits.asked == [MOST_S, MOST_S / 2]


def test_of_keys_that_never_end_only_every_other_moment_is_theirs(courtesy: Courtesy, time: Time, waits: Waits) -> None:
    free = 0.0
    for millisecond in range(1000):
        time.now = millisecond / 1000
        courtesy.begin()
        before = len(waits.asked)
        courtesy.give_way()
        free += 0.001 if len(waits.asked) == before else 0.0
    assert 0.45 <= free <= 0.55


def test_the_end_lets_those_who_wait_go_on() -> None:
    courtesy, gone, stands = Courtesy(lambda: 0.0), threading.Event(), threading.Event()
    courtesy.begin()

    def work() -> None:
        stands.set()
        courtesy.give_way()
        gone.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert stands.wait(FAR_S)
    courtesy.end()
    assert gone.wait(FAR_S)
    thread.join(FAR_S)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path / "room.db") as opened:
        with opened.write() as c:
            c.execute(text("CREATE TABLE note (words TEXT)"))
        yield opened


def test_a_database_gives_way_before_it_writes_and_before_each_statement_that_it_reads(database: Database) -> None:
    inside = list[bool]()
    database.give_way(lambda: inside.append(database._writing and database._writer.in_transaction()))  # type: ignore[union-attr]
    with database.read() as c:
        c.execute(text("SELECT 1"))
        c.execute(text("SELECT 2"))
    assert inside == [False, False]
    with database.write() as c:
        assert inside == [False] * 3  # before the lock, that others wait for
        for words in ("one", "two"):
            c.execute(text("INSERT INTO note VALUES (:words)"), {"words": words})
    assert inside == [False] * 3


def test_it_gives_way_as_well_when_the_file_was_replaced(tmp_path: Path, database: Database) -> None:
    with Database.open(tmp_path / "other.db") as other, other.write() as c:
        c.execute(text("CREATE TABLE note (words TEXT)"))
    times = list[int]()
    database.give_way(lambda: times.append(1))
    (tmp_path / "other.db").replace(tmp_path / "room.db")
    for rest in ("-wal", "-shm"):
        (tmp_path / f"other.db{rest}").unlink(missing_ok=True)
        (tmp_path / f"room.db{rest}").unlink(missing_ok=True)
    with database.read() as c:
        c.execute(text("SELECT count(*) FROM note"))
    assert database.generation == 1 and times == [1]
