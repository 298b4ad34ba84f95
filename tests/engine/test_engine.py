"""The engine: what falls due is taken at once, in order and once, whatever happens to the database or to others."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from tests.bench.quick import quick_rules
from tests.bench.replay import verify
from tests.store.rooms import Hands, dump
from tests.support.books import T0
from warroom.clock import Clock
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.engine import engine as module
from warroom.engine.engine import HOLD_S, POLL_S, Engine
from warroom.service.session import Session
from warroom.store import doctor, presence, schema, write
from warroom.store import tables as t
from warroom.store.codec import from_us
from warroom.store.database import DatabaseError
from warroom.store.write import Writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def session(path: Path, hands: Hands) -> Iterator[Session]:
    with Session(path, actor="mina", seed=quick_rules, clock=hands) as opened:
        yield opened


class Watch:
    """Time as the machine counts it, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def no_session() -> Session:
    raise AssertionError("this test hands its session over itself")


def engine_of(hands: Hands, watch: Callable[[], float] = time.monotonic, told: list[str] | None = None) -> Engine:
    tell = told.append if told is not None else lambda _: None
    return Engine(no_session, "mina", "board", hands, watch, tell)  # type: ignore[arg-type]


def steps(session: Session) -> list[tuple[int, datetime, datetime]]:
    """What timers did: incident, when it fell due, when it was taken."""
    rows = dump(session.database, "event")["event"]
    return [(row[1], from_us(row[5]), from_us(row[4])) for row in rows if row[5] is not None]


# One pass after the other --------------------------------------------------------------------------------------------


def test_with_nothing_to_do_it_looks_again_soon(session: Session, hands: Hands) -> None:
    engine = engine_of(hands)
    assert engine.pass_once(session) == POLL_S
    session.execute(Declare("Checkout is down", "SEV1"))
    assert engine.pass_once(session) == POLL_S
    hands.move(0.96)
    assert engine.pass_once(session) == pytest.approx(0.04)
    assert steps(session) == []


def test_what_falls_due_is_taken_at_once_and_then_what_follows_from_it(session: Session, hands: Hands) -> None:
    session.execute(Declare("Checkout is down", "SEV1"))
    engine = engine_of(hands)
    while hands.now < T0 + timedelta(seconds=30):
        wait = engine.pass_once(session)
        assert 0 <= wait <= POLL_S
        # As a thread would: it waits, or goes on at once when something was due.
        hands.move(wait)
    taken = steps(session)
    assert len(taken) > 25
    assert [due for _, due, _ in taken] == sorted(due for _, due, _ in taken)
    assert max(at - due for _, due, at in taken) <= timedelta(microseconds=1)
    assert verify(session.database.path, quick_rules().book, hands()).broken == []  # type: ignore[arg-type]


def test_after_a_stand_still_everybody_is_asked_once_and_gets_the_time_to_answer(
    session: Session, hands: Hands
) -> None:
    for _ in range(3):
        session.execute(Declare("Checkout is down", "SEV1"))
    hands.move(3600)
    engine = engine_of(hands)
    while engine.pass_once(session) == 0.0:
        pass
    taken = steps(session)
    assert {number for number, _, _ in taken} == {1, 2, 3}
    assert all(at == hands() for _, _, at in taken)
    assert session.writer.next_due() >= hands() + timedelta(seconds=1)  # type: ignore[operator]
    # No more than one round of every timer: no burst of an hour's pages.
    assert len(taken) <= 3 * 12
    assert engine._lag == hands() - (T0 + timedelta(seconds=1)) or engine._lag > timedelta(minutes=59)
    assert verify(session.database.path, quick_rules().book, hands()).broken == []  # type: ignore[arg-type]


def test_a_storm_is_taken_in_slices_and_a_person_comes_in_between(
    session: Session, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "SLICE_S", 0.0)
    for _ in range(5):
        session.execute(Declare("Checkout is down", "SEV1"))
    hands.move(1)
    engine = engine_of(hands)
    assert engine.pass_once(session) == 0.0
    assert len(steps(session)) == 1
    session.execute(Acknowledge(), "Q-5")
    while engine.pass_once(session) == 0.0:
        pass
    assert [number for number, _, _ in steps(session)] == [1, 2, 3, 4]


def test_two_engines_take_turns_and_never_the_same_step(session: Session, hands: Hands, path: Path) -> None:
    for number in range(6):
        hands.now = T0 + timedelta(milliseconds=100 * number)
        session.execute(Declare("Checkout is down", "SEV1"))
    with Session(path, actor="bo", seed=quick_rules, clock=hands) as other:
        engines = [(engine_of(hands), session), (engine_of(hands), other)]
        while hands.now < T0 + timedelta(seconds=8):
            for engine, its in engines:
                engine.pass_once(its)
            hands.move(0.05)
        # Both looked before either wrote: the second finds nothing left to do.
        later = lambda: hands() + timedelta(seconds=1)  # noqa: E731
        report = session.writer.tick(later)
        assert report.steps > 0
        while report.more:  # one pass has its time, however slow the machine is
            report = session.writer.tick(later)
        assert other.writer.tick(later).steps == 0
    verdict = verify(path, quick_rules().book, hands())
    assert verdict.broken == []
    assert verdict.steps > 40


# Trouble -------------------------------------------------------------------------------------------------------------


def break_one(session: Session) -> Callable[[], None]:
    """Let the state of the second of three incidents be unreadable; returns how to mend it."""
    for _ in range(3):
        session.execute(Declare("Checkout is down", "SEV1"))
    is_second = write.INCIDENT.c.id == 2
    with session.database.write() as c:
        good = c.execute(write.INCIDENT.select().where(is_second)).one().room
        c.execute(update(write.INCIDENT).where(is_second).values(room="{}"))

    def mend() -> None:
        with session.database.write() as c:
            c.execute(update(write.INCIDENT).where(is_second).values(room=good))

    return mend


def test_one_incident_that_cannot_be_moved_on_is_left_alone_for_a_while_and_told_of_once(
    session: Session, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = break_one(session)
    told: list[str] = []
    watch = Watch()
    engine = engine_of(hands, watch, told)
    ticks: list[int] = []
    tick = Writer.tick
    monkeypatch.setattr(Writer, "tick", lambda *arguments: ticks.append(1) or tick(*arguments))  # type: ignore[func-returns-value]
    hands.move(1)
    assert engine.pass_once(session) == 0.0
    assert {number for number, _, _ in steps(session)} == {1, 3}
    assert len(told) == 1
    assert told[0].startswith("one incident cannot be moved on: ValidationError")
    # It is overdue all the time, and yet nobody stands in line for the lock because of it.
    for _ in range(20):
        assert engine.pass_once(session) > 0
    assert len(ticks) == 1
    watch.seconds += HOLD_S + 1
    engine.pass_once(session)
    assert (len(ticks), len(told)) == (2, 1)
    mend()
    engine.pass_once(session)
    assert len(ticks) == 2
    watch.seconds += HOLD_S + 1
    assert engine.pass_once(session) == 0.0
    assert {number for number, _, _ in steps(session)} == {1, 2, 3}


def test_what_is_wrong_stands_where_people_look_who_is_there(session: Session, hands: Hands) -> None:
    mend = break_one(session)
    watch = Watch()
    engine = engine_of(hands, watch)
    engine._arrive(session)
    hands.move(1)
    for _ in range(3):
        engine.pass_once(session)
    watch.seconds += presence.BEAT.total_seconds()
    engine.pass_once(session)
    assert "one incident cannot be moved on" in note(session)
    mend()
    watch.seconds += HOLD_S + 1
    engine.pass_once(session)
    watch.seconds += presence.BEAT.total_seconds()
    engine.pass_once(session)
    assert note(session) == ""


def test_beats_come_every_few_seconds_and_bring_a_swept_row_back(session: Session, hands: Hands) -> None:
    watch = Watch()
    engine = engine_of(hands, watch)
    engine._arrive(session)
    before = dump(session.database, "presence")["presence"]
    assert engine.pass_once(session) == POLL_S
    assert dump(session.database, "presence")["presence"] == before
    with session.database.write() as c:
        c.execute(delete(presence.PRESENCE))
    watch.seconds += presence.BEAT.total_seconds()
    engine.pass_once(session)
    (row,) = dump(session.database, "presence")["presence"]
    assert row[0] == before[0][0] == engine.identity


def note(session: Session) -> str:
    """What the one process that is there says of itself."""
    (row,) = dump(session.database, "presence")["presence"]
    return str(row[-1])


# The thread ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_S", 0.005)
    monkeypatch.setattr(module, "RETRY_S", 0.005)


def until(condition: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait for what another thread does and nothing announces."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


@pytest.fixture
def lively(path: Path) -> Iterator[Session]:
    """A room at twenty times the speed, with one incident: something falls due every few milliseconds."""
    start = datetime.now(UTC)
    with Session(path, actor="mina", seed=quick_rules, new_clock=Clock(start, start, 20.0)) as session:
        session.execute(Declare("Checkout is down", "SEV1"))
        yield session


def threaded(session: Session, **options: Any) -> Engine:
    def again() -> Session:
        return Session(session.target, actor="mina", seed=quick_rules)

    return Engine(again, "mina", "board", session.room_clock, **options)


def test_the_thread_arrives_works_and_leaves(lively: Session, hurried: None) -> None:
    engine = threaded(lively)
    engine.start()
    until(lambda: steps(lively))
    (line,) = lively.board().engines
    assert (line.name.partition("@")[0], line.pid, line.kind) == ("mina", os.getpid(), "board")
    assert line.alive
    assert line.me
    engine.stop()
    assert engine._thread is not None
    assert not engine._thread.is_alive()
    assert lively.board().engines == ()


def test_engines_in_a_room_with_another_time_are_alive(path: Path, hurried: None) -> None:
    """A drill plays in another year, or sixty times as fast; its engines are here and now."""
    clock = Clock(datetime.now(UTC), datetime(2020, 1, 1, tzinfo=UTC), 60.0)
    with Session(path, actor="mina", seed=quick_rules, new_clock=clock) as session:
        engine = threaded(session)
        engine.start()
        until(lambda: session.board().engines, 4.0)  # before the first beat
        time.sleep(0.4)  # 24 seconds of the room's time: longer than a process may be silent
        assert [line.alive for line in session.board().engines] == [True]
        assert abs(datetime.now(UTC) - session.board().engines[0].seen_at) < timedelta(minutes=1)
        engine.stop()


def test_several_engines_at_once(lively: Session, path: Path) -> None:
    for _ in range(3):
        lively.execute(Declare("Checkout is down", "SEV1"))
    engines = [threaded(lively) for _ in range(3)]
    for engine in engines:
        engine.start()
    for number in range(20):
        lively.execute(AddNote(f"in between {number}"), f"Q-{number % 4 + 1}")
        time.sleep(0.05)
    for engine in engines:
        engine.stop()
    end = lively.clock()
    while lively.writer.tick(lambda: end).steps:
        pass
    assert [finding for finding in doctor.examine(lively.database) if not finding.good] == []
    verdict = verify(path, quick_rules().book, end)
    assert verdict.broken == []
    assert verdict.steps > 60


TROUBLE = [DatabaseError("waited 30 s for bob, pid 4711, stopped", retry=True), RuntimeError("a mistake of ours")]


@pytest.mark.parametrize("error", TROUBLE, ids=["database", "mistake"])
@pytest.mark.parametrize("where", ["open", "next_due", "tick"])
def test_the_thread_survives_what_goes_wrong_and_goes_on(
    lively: Session, hurried: None, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
) -> None:
    """When the database cannot be used, the engine cannot even say goodbye there; it comes back all the same."""
    told: list[str] = []
    fails = [2]

    def sometimes(what: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if fails[0]:
                fails[0] -= 1
                raise error
            return what(*arguments, **options)

        return call

    def leave(*arguments: Any) -> None:
        if fails[0]:
            raise DatabaseError("still not")
        left(*arguments)

    left = presence.leave
    monkeypatch.setattr(presence, "leave", leave)
    engine = threaded(lively, on_trouble=told.append)
    if where == "open":
        engine.open_session = sometimes(engine.open_session)
    else:
        monkeypatch.setattr(Writer, where, sometimes(getattr(Writer, where)))
    engine.start()
    until(lambda: steps(lively))
    assert [line.alive for line in lively.board().engines] == [True]
    engine.stop()
    assert lively.board().engines == ()
    assert fails == [0]
    assert len(told) == 2, "told once what is wrong, and once that it is over"
    assert str(error) in told[0]
    assert told[1] == ""


def test_a_listener_that_fails_does_not_stop_the_timers(lively: Session, hurried: None) -> None:
    def deaf(_: str) -> None:
        raise BrokenPipeError

    tries: list[int] = []

    def sometimes() -> Session:
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseError("the disk is full")
        return again()

    engine = threaded(lively, on_trouble=deaf)
    again, engine.open_session = engine.open_session, sometimes
    engine.start()
    until(lambda: steps(lively))
    engine.stop()


def upgraded(session: Session) -> None:
    """Another process moves the file to a schema of the future."""
    with session.database.write() as c:
        c.execute(update(schema.META).values(schema_version=9, min_writer=t.SCHEMA_VERSION + 1))


def test_in_a_newer_programs_room_it_takes_no_step_and_leaves_no_trace(lively: Session, hurried: None) -> None:
    upgraded(lively)
    told: list[str] = []
    before = dump(lively.database)
    engine = threaded(lively, on_trouble=told.append)
    engine.start()
    until(lambda: told)
    time.sleep(0.1)
    engine.stop()
    assert dump(lively.database) == before
    assert len(told) == 1
    assert "please upgrade" in told[0]


def test_an_upgrade_by_somebody_else_is_noticed_while_it_runs(lively: Session, hurried: None) -> None:
    told: list[str] = []
    engine = threaded(lively, on_trouble=told.append)
    engine.start()
    until(lambda: steps(lively))
    upgraded(lively)
    count = len(steps(lively))
    until(lambda: told)
    time.sleep(0.1)
    engine.stop()
    assert len(steps(lively)) == count
    assert "please upgrade" in told[0]


def test_what_is_due_next_is_read_again_only_when_something_was_committed(
    session: Session, path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    own = Writer.next_due

    def counted(writer: Writer, skip: frozenset[int] = frozenset()) -> datetime | None:
        read.append(1)
        return own(writer, skip)

    monkeypatch.setattr(Writer, "next_due", counted)
    engine = engine_of(hands, Watch())
    engine._arrive(session)
    for _ in range(5):
        assert engine.pass_once(session) == POLL_S
    assert len(read) == 1
    with Session(path, actor="eva", seed=quick_rules, clock=hands) as other:
        other.execute(Declare("begun by another process", "SEV1"))
    hands.move(2)
    assert engine.pass_once(session) == 0.0
    assert len(read) == 2
