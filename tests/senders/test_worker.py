"""The thread that sends: nothing is lost or silently doubled, whatever a receiver, the database or a signal does."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.bench.quick import quick_rules
from tests.store.db_support import Child
from tests.store.rooms import Hands, dump
from warroom.clock import Clock
from warroom.domain.incident import Declare
from warroom.senders import worker as module
from warroom.senders.file import FileSender
from warroom.senders.worker import Worker
from warroom.service.session import Session
from warroom.store import outbox, schema
from warroom.store import tables as t
from warroom.store.database import DatabaseError
from warroom.store.outbox import Claimed

LEASE_S = outbox.LEASE.total_seconds()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def session(path: Path, hands: Hands) -> Iterator[Session]:
    """A room in which two pages wait."""
    with Session(path, actor="mina", seed=quick_rules, clock=hands) as opened:
        opened.execute(Declare("Checkout is down", "SEV1"))
        yield opened


def states(session: Session) -> dict[str, tuple[str, int, str]]:
    return {row[0]: (row[8], row[9], row[14]) for row in dump(session.database, "outbox")["outbox"]}


def no_session() -> Session:
    raise AssertionError("this test hands its session over itself")


def test_one_pass_sends_what_waits(session: Session, hands: Hands) -> None:
    got: list[Claimed] = []
    worker = Worker(no_session, got.append, hands)
    assert worker.pass_once(session) == 2
    assert [message.to for message in got] == ["ada", "#level1"]
    assert set(states(session).values()) == {("sent", 1, "")}
    assert worker.pass_once(session) == 0


def test_a_failure_is_that_messages_alone_and_says_why(session: Session, hands: Hands) -> None:
    def fussy(message: Claimed) -> None:
        if message.to == "ada":
            raise ConnectionError("the gateway is down")

    worker = Worker(no_session, fussy, hands)
    assert worker.pass_once(session) == 2
    assert sorted(states(session).values()) == [
        ("failed", 1, "ConnectionError: the gateway is down"),
        ("sent", 1, ""),
    ]
    assert worker.pass_once(session) == 0
    hands.move(1)
    assert worker.pass_once(session) == 1


def test_with_a_slow_receiver_the_rest_is_given_back_before_its_lease_runs_out(session: Session, hands: Hands) -> None:
    """Else others would take them to be lost, and send them as well."""
    elapsed = [0.0]

    def slow(_: Claimed) -> None:
        elapsed[0] += LEASE_S / 2 + 1

    session.execute(Declare("another", "SEV1"))
    worker = Worker(no_session, slow, hands, monotonic=lambda: elapsed[0])
    sent = [worker.pass_once(session) for _ in range(5)]
    assert sent == [1, 1, 1, 1, 0]
    assert set(states(session).values()) == {("sent", 1, "")}


def test_who_is_to_stop_finishes_the_message_under_way_and_gives_back_the_rest(session: Session, hands: Hands) -> None:
    worker = Worker(no_session, lambda _: worker.stop(), hands)
    assert worker.pass_once(session) == 1
    assert sorted(states(session).values()) == [("queued", 0, ""), ("sent", 1, "")]


def test_a_room_whose_time_runs_faster_does_not_send_twice(path: Path) -> None:
    """At sixty times the speed, thirty seconds of the room's time are half a second."""
    clock = Clock(datetime.now(UTC), datetime(2024, 3, 13, tzinfo=UTC), 60.0)
    with Session(path, actor="mina", seed=quick_rules, new_clock=clock) as session:
        session.execute(Declare("Checkout is down", "SEV1"))
        claimed: list[str] = []

        def look(message: Claimed) -> None:
            claimed.append(message.id)
            due = outbox.next_at(session.database)
            assert due is not None
            assert clock.seconds_until(due) > LEASE_S - 10

        Worker(no_session, look, clock).pass_once(session)
        assert len(claimed) == 2
        assert set(states(session).values()) == {("sent", 1, "")}


# The thread ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_S", 0.005)
    monkeypatch.setattr(module, "RETRY_S", 0.005)


class Receiver:
    """Counts what comes, and says when there is as much as wanted."""

    def __init__(self, wanted: int) -> None:
        self.got: list[Claimed] = []
        self.wanted = wanted
        self.enough = threading.Event()

    def __call__(self, message: Claimed) -> None:
        self.got.append(message)
        if len(self.got) >= self.wanted:
            self.enough.set()


def opener(path: Path, hands: Hands) -> Callable[[], Session]:
    return lambda: Session(path, actor="mina", seed=quick_rules, clock=hands)


def test_the_thread_sends_what_comes_and_ends_when_told(
    path: Path, session: Session, hands: Hands, hurried: None
) -> None:
    receiver = Receiver(4)
    worker = Worker(opener(path, hands), receiver, hands)
    worker.start()
    session.execute(Declare("another", "SEV1"))
    assert receiver.enough.wait(60)
    worker.stop()
    assert worker._thread is not None
    assert not worker._thread.is_alive()
    assert {state for state, _, _ in states(session).values()} == {"sent"}


@pytest.mark.parametrize("error", [DatabaseError("waited 30 s for bob", retry=True), RuntimeError("a mistake")])
def test_the_thread_survives_what_goes_wrong(
    path: Path, session: Session, hands: Hands, hurried: None, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    words = str(error) if isinstance(error, DatabaseError) else f"RuntimeError: {error}"
    tries = 0

    def sometimes() -> Session:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise error
        return opener(path, hands)()

    receiver = Receiver(2)
    worker = Worker(sometimes, receiver, hands)
    worker.start()
    assert receiver.enough.wait(60)
    worker.stop()
    assert tries == 4
    # It came three times in a row, and stands in the log once.
    assert [record.getMessage() for record in caplog.records].count(f"the outbox waits: {words}") == 1


def test_nothing_goes_out_of_a_newer_programs_room(session: Session, path: Path, hands: Hands) -> None:
    with session.database.write() as c:
        c.execute(update(schema.META).values(schema_version=9, min_writer=t.SCHEMA_VERSION + 1))
    got: list[Claimed] = []
    worker = Worker(no_session, got.append, hands)
    with pytest.raises(schema.TooNew, match="please upgrade"):
        worker.pass_once(session)
    with opener(path, hands)() as later, pytest.raises(schema.TooNew, match="please upgrade"):
        worker.pass_once(later)
    assert got == []
    assert set(states(session).values()) == {("queued", 0, "")}


# Death ---------------------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from tests.bench.quick import quick_rules
from warroom.senders.file import FileSender
from warroom.senders.worker import Worker
from warroom.service.session import Session

write = FileSender(Path(sys.argv[2]))

def send(message):
    if sys.argv[3] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    write(message)
    os.kill(os.getpid(), signal.SIGKILL)

with Session(sys.argv[1], actor="mina", seed=quick_rules) as session:
    Worker(lambda: session, send).pass_once(session)
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_dies_between_sending_and_writing_it_down_leaves_a_message_that_is_sent_again(
    path: Path, tmp_path: Path, when: str
) -> None:
    file = tmp_path / "outbox.jsonl"
    hands = Hands(datetime.now(UTC))
    with Session(path, actor="mina", seed=quick_rules, clock=hands) as session:
        session.execute(Declare("Checkout is down", "SEV1"))
        child = Child(KILLED, path, file, when)
        child.process.communicate(timeout=30)
        assert child.process.returncode == -signal.SIGKILL
        assert set(states(session).values()) == {("sending", 1, "")}

        worker = Worker(no_session, FileSender(file), hands)
        hands.now = datetime.now(UTC)
        assert worker.pass_once(session) == 0  # the lease holds: whoever has it may still be sending
        hands.move(LEASE_S)
        assert worker.pass_once(session) == 0
        assert session.board().unknown_messages == 2
        hands.move(1)
        assert worker.pass_once(session) == 2
        assert session.board().unknown_messages == 0
        assert {state for state, _, _ in states(session).values()} == {"sent"}
        lines = [json.loads(line) for line in file.read_text().splitlines()]
    first = [] if when == "before" else [("Q-1/3/1", False, 1)]
    told = [(line["id"], line["maybe_twice"], line["try"]) for line in lines]
    assert told == [*first, ("Q-1/3/1", True, 2), ("Q-1/3/2", True, 2)]
