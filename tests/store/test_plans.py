"""How the statements of the hot path find their rows: through an index, however many incidents there are.

The statements are taken from the program at work, so that a new one is looked at like the others. Their cost is counted
in steps of SQLite's own machine, which are the same on a busy computer as on an idle one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.bench.crowded import NOON, few_due_among_many, make_room
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command
from warroom.domain.escalation import Acknowledge, Escalate
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.record import AddNote
from warroom.domain.roles import AssignRole, OfferRole
from warroom.domain.watch import Post, Watch
from warroom.rulebook.load import seed_rulebook
from warroom.service import drafting
from warroom.service.session import Session
from warroom.store import besides, drafts, outbox, outbox_read, presence, queries, settling, write
from warroom.store.database import Database

BIG = ("event", "incident", "deadline", "outbox", "page", "role", "comms_update", "attendance")
"""Tables that grow with the incidents."""
FEW = 5
WEEKS = timedelta(weeks=3) // timedelta(microseconds=1)
SMALL, LARGE = 100, 1_000
SCAN = re.compile(rf"^SCAN ({'|'.join(BIG)})\b")


KNOWN = (
    "WHERE outbox.recipient = ? AND outbox.bundle = ?",  # no index leads from a message to those that it carries
)
"""Statements that do walk through a table, and why."""


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Two rooms, by how many incidents are open in them; SQLite knows how full their tables are."""
    out = {}
    for count in (SMALL, LARGE):
        path = tmp_path_factory.mktemp("rooms") / f"{count}.db"
        make_room(path, few_due_among_many(count, FEW, 4, seed_rulebook().book))
        with Database.open(path) as database, database.write() as c:
            # As it is in life: most of them have been open for long, and what had to go out did so.
            table = outbox.OUTBOX
            old = {"created_at": table.c.created_at - WEEKS, "state": "sent"}
            c.execute(table.update().where(table.c.incident > SMALL // 2).values(old))
            table = besides.INCIDENT
            old = {"declared_at": table.c.declared_at - WEEKS}
            c.execute(table.update().where(table.c.id > SMALL // 2).values(old))
            c.exec_driver_sql("ANALYZE")
        out[count] = path
    return out


@dataclass
class Seen:
    """What a database was asked."""

    statements: dict[str, Any] = field(default_factory=dict)

    def take(self, _c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().split()[0] in ("SELECT", "UPDATE", "DELETE"):
            self.statements.setdefault(statement, parameters[0] if many else parameters)


@contextmanager
def watched(database: Database) -> Iterator[Seen]:
    """Note every statement that goes to the database meanwhile."""
    seen, engine = Seen(), database._engine
    assert engine is not None
    event.listen(engine, "before_cursor_execute", seen.take)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", seen.take)


def scans(database: Database, seen: Seen) -> list[str]:
    """Statements that walk through the whole of a big table, from what they read on, and what SQLite says of that."""
    out = []
    with database.read() as c:
        for statement, parameters in seen.statements.items():
            lines = [row[3] for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            found = [line for line in lines if SCAN.match(line)]
            out += [f"{line}: {statement[max(statement.find('FROM'), 0) :]}" for line in found]
    return out


def commands() -> list[tuple[str, Command]]:
    """What people do, one thing of each kind, by the key of the incident."""
    post = Post("p1", NOON, "investigating", "errors")
    return [
        ("", Declare("Checkout is down", "SEV1", "checkout", labels={"area": "cards"})),
        ("", Watch("cloud", "abc", "Errors", (post,))),
        ("", Watch("cloud", "abc", "More errors", (post,))),
        ("INC-30", Acknowledge()),
        ("INC-31", Escalate("more hands")),
        ("INC-32", AddNote("disk at 100 %")),
        ("INC-33", AssignRole("incident-manager", "mina")),
        ("INC-33", OfferRole("incident-manager", "ana", "the disk is full")),
        ("INC-33", PostUpdate("internal", "We are looking into it.", NOON + timedelta(hours=1))),
        ("INC-33", SetSeverity("SEV2", "only one region")),
        ("INC-33", SetStatus(Status.RESOLVED, "over")),
    ]


def everything_at_work(session: Session) -> None:
    """Everything that is done again and again while incidents are under way, once each."""
    writer, database = session.writer, session.database
    writer.next_due()
    writer.next_due(frozenset({1, 2}))
    writer.tick(session.clock)
    writer.tick(session.clock, frozenset({1, 2}))
    for key, command in commands():
        writer.execute(command, key=key, actor="ada", now=session.clock)
    outbox.next_at(database)
    taken = outbox.claim(database, "sender", NOON)
    assert taken
    outbox_read.overdue(database, NOON - timedelta(minutes=1))
    outbox_read.of_page(database, taken[0])
    settling.settle(database, "sender", [(message, outbox.SENT) for message in taken[1:]], NOON, untried=taken[:1])
    session.seq()
    session.detail("INC-33")
    session.log("INC-33")
    session.record("INC-33")
    session.catch_up("INC-33")
    session.past("INC-33")
    kept = drafting.keep(session, "INC-33", "internal", drafts.Content("We are", ("internal",)), None)
    drafting.take_over(session, kept)
    drafting.composing(session, "INC-33")
    with database.read() as c:
        duty = besides.duty(c, 7, NOON)
        assert duty.pages["jonas"] is not None
        assert len(duty.recent)
        assert all(each.labels is not None for each in duty.recent[:3])
        queries.trouble(c)
        presence.present(c, NOON)


@pytest.mark.parametrize("count", [SMALL, LARGE])  # both, so that both have lived through the same
def test_the_hot_path_scans_no_table_that_grows(rooms: dict[int, Path], count: int) -> None:
    with Session(rooms[count], actor="mina", seed=seed_rulebook, clock=lambda: NOON) as session:
        with watched(session.database) as seen:
            everything_at_work(session)
        assert len(seen.statements) > 30
        found = scans(session.database, seen) if count == LARGE else []  # a few rows may well be walked through
    assert [each for each in found if not any(known in each for known in KNOWN)] == []


def steps(session: Session, what: Callable[[], object]) -> int:
    """How many steps of SQLite's machine something takes."""
    count = 0

    def one() -> int:
        nonlocal count
        count += 1
        return 0

    database = session.database
    connections: list[Any] = []
    for each in (database._reader, database._writer):
        assert each is not None
        connections.append(each.connection.driver_connection)
    for connection in connections:
        connection.set_progress_handler(one, 1)
    try:
        what()
    finally:
        for connection in connections:
            connection.set_progress_handler(None, 1)
    return count


def latest_page(session: Session) -> None:
    with session.database.read() as c:
        assert next(reversed(besides.duty(c, 7, NOON).pages["jonas"])) <= NOON


def due_steps(session: Session) -> None:
    assert session.writer.tick(session.clock).steps >= FEW


WORK: dict[str, Callable[[Session], object]] = {
    "next due": lambda session: session.writer.next_due(),
    "next due but for some": lambda session: session.writer.next_due(frozenset({1, 2, 3})),
    "tick": due_steps,
    "acknowledge": lambda session: session.execute(Acknowledge(), "INC-40"),
    "declare": lambda session: session.execute(Declare("Checkout is down", "SEV3", "checkout")),
    "next message": lambda session: outbox.next_at(session.database),
    "follow": lambda session: session.seq(),
    "log": lambda session: session.log("INC-40"),
    "latest page": latest_page,
}


def test_the_cost_of_each_piece_of_work_is_the_same_among_ten_times_as_many(
    rooms: dict[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "SLICE_S", 60.0)
    took: dict[int, dict[str, int]] = {}
    for count, path in rooms.items():
        clock = lambda: NOON + timedelta(seconds=1)  # noqa: E731
        with Session(path, actor="mina", seed=seed_rulebook, clock=clock) as session:
            session.writer.tick(lambda: NOON)  # what the other test may have done already
            took[count] = {name: steps(session, lambda what=what: what(session)) for name, what in WORK.items()}
    assert min(took[SMALL].values()) > 3
    grown = {name: (took[SMALL][name], n) for name, n in took[LARGE].items() if n > took[SMALL][name] * 1.2 + 20}
    assert grown == {}
