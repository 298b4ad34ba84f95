"""`warroom engine` as a process: it ends when told, and when it is stopped it holds nobody up."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bench.quick import quick_rules
from tests.bench.replay import verify
from tests.store.db_support import Child
from tests.store.rooms import dump
from tests.support import REPOSITORY
from warroom.clock import Clock
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.engine.engine import Engine
from warroom.service.session import Session
from warroom.store.gate import holder

RUN = """
import sys
from warroom.engine import headless
sys.exit(headless.run(sys.argv[1], login="jumper", actor="jumper"))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    """A room at ten times the speed, which everybody in it takes from the file."""
    start = datetime.now(UTC)
    with Session(path, actor="mina", seed=quick_rules, new_clock=Clock(start, start, 10.0)) as opened:
        yield opened


@pytest.fixture
def headless(path: Path, session: Session) -> Iterator[Child]:
    """The engine in a process of its own, as a shell starts a job, on a room that exists."""
    child = Child(RUN, path)
    until(lambda: session.board().engines)
    yield child
    child.end()


def until(condition: Callable[[], Any], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def steps(session: Session) -> int:
    return sum(row[5] is not None for row in dump(session.database, "event")["event"])


def test_it_keeps_the_timers_and_the_outbox_going_until_it_is_told_to_end(path: Path, session: Session) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", RUN, str(path)], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, process_group=0
    )
    try:
        session.execute(Declare("Checkout is down", "SEV1"))
        until(lambda: steps(session) >= 2 or child.poll() is not None)
        assert child.poll() is None, child.communicate()[1]
        (line,) = session.board().engines
        assert (line.pid, line.kind, line.alive, line.me) == (child.pid, "engine", True, False)
        until(lambda: Path(f"{path}.outbox.jsonl").exists())
        child.send_signal(signal.SIGTERM)
        _, said = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == 0
    assert said.splitlines()[0] == f"warroom engine: keeping the timers of {path} going"
    assert session.board().engines == ()
    assert holder(path.with_name("room.db.gate")) is None


NOISY = """
import logging, signal, sys
from warroom.engine import headless

class Interrupted(logging.Handler):
    depth = 0
    def emit(self, record):
        Interrupted.depth += 1
        print(f"logged at depth {Interrupted.depth}", record.getMessage(), flush=True)
        if Interrupted.depth == 1 and "ending" in record.getMessage():
            signal.raise_signal(signal.SIGTERM)
        Interrupted.depth -= 1

logging.getLogger("warroom.engine").addHandler(Interrupted())
logging.getLogger("warroom.engine").setLevel(logging.INFO)
sys.exit(headless.run(sys.argv[1], login="jumper", actor="jumper"))
"""


def test_a_second_signal_while_the_first_is_logged_writes_nothing_in_between(path: Path, session: Session) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", NOISY, str(path)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        until(lambda: session.board().engines or child.poll() is not None)
        child.send_signal(signal.SIGTERM)
        logged, said = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == 0, said
    assert [line for line in logged.splitlines() if "ending" in line] == ["logged at depth 1 ending on signal 15"]


def test_a_process_that_is_stopped_by_force_holds_up_nobody(path: Path, session: Session, headless: Child) -> None:
    """Outside of a transaction: nothing is due, so all that it does is to look."""
    headless.signal(signal.SIGSTOP)
    assert headless.stopped_by() == signal.SIGSTOP
    (line,) = session.board().engines
    assert (line.alive, line.note) == (False, "stopped")
    began = time.monotonic()
    for _ in range(5):
        session.execute(Declare("Checkout is down", "SEV1"))
    assert time.monotonic() - began < 5
    engine = Engine(lambda: Session(path, actor="mina", seed=quick_rules), "mina", "board", session.room_clock)
    engine.start()
    until(lambda: steps(session) >= 20)
    engine.stop()
    verdict = verify(path, quick_rules().book, session.clock().replace(year=2000))
    assert verdict.broken == []
    assert sorted(verdict.lateness)[len(verdict.lateness) // 2] / session.room_clock.speed < 1.0
    # Continued, it takes over what nobody else does now.
    headless.signal(signal.SIGCONT)
    count = steps(session)
    until(lambda: steps(session) > count + 5)
    assert session.board().engines[0].alive


def test_ctrl_z_lets_the_transaction_end_first(path: Path, session: Session, headless: Child) -> None:
    """It writes all the time; wherever the signal comes, nobody finds the room locked afterwards."""
    for _ in range(25):
        session.execute(Declare("Checkout is down", "SEV1"))
    until(lambda: steps(session) >= 10)
    for number in range(5):
        time.sleep(0.13)
        headless.signal(signal.SIGTSTP)
        assert headless.stopped_by() == signal.SIGTSTP
        assert holder(path.with_name("room.db.gate")) is None
        began = time.monotonic()
        session.execute(AddNote(f"while it rests, {number}"), "Q-1")
        assert time.monotonic() - began < 5
        count = steps(session)
        headless.signal(signal.SIGCONT)
        until(lambda: steps(session) > count)  # noqa: B023 - called within the round
    assert verify(path, quick_rules().book, session.clock().replace(year=2000)).broken == []
