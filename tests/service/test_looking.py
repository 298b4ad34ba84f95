"""Looking again: what has not changed is neither read nor worked out again, and what is shown is always what a first
look would have found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from tests.store.rooms import Hands
from tests.support.books import T0
from warroom.domain.comms import PostUpdate
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare, SetSeverity
from warroom.domain.record import AddNote
from warroom.domain.roles import AssignRole
from warroom.rulebook.load import seed_rulebook
from warroom.service.drafting import keep
from warroom.service.keeping import Memory
from warroom.service.looking import Looking
from warroom.service.session import Session
from warroom.store.drafts import Content
from warroom.store.history import History
from warroom.views import BoardView


@contextmanager
def opened(path: Path, hands: Hands) -> Iterator[tuple[Session, Session]]:
    """Two people in one room, with one time."""
    with (
        Session(path, actor="mina", seed=seed_rulebook, clock=hands) as mina,
        Session(path, actor="eva", seed=seed_rulebook, clock=hands) as eva,
    ):
        mina.execute(Declare("Cards fail", "SEV1"))
        mina.execute(Declare("Export delayed", "SEV3"))
        yield mina, eva


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What a session asks of the database meanwhile."""
    asked: list[str] = []

    def heard(conn: Any, cursor: Any, statement: str, *more: Any) -> None:
        asked.append(statement)

    engine = session.database._engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def detail(view: BoardView) -> Any:
    assert view.selected is not None
    return view.selected


def test_a_look_after_which_nothing_was_written_reads_no_incident_and_makes_nothing_again(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", Hands()) as (mina, eva):
        eva.execute(PostUpdate("internal", "we look into it", None), "INC-1")
        before = mina.board("INC-1")
        memory = mina._looking.memory(1)
        made = memory.made
        with statements(mina) as asked:
            again = mina.board("INC-1")
        assert not [each for each in asked if "FROM incident" in each or "FROM event" in each]
        assert memory.made == made
        assert again.lines is before.lines and again.catalogue is before.catalogue
        one, other = detail(before), detail(again)
        assert other.timeline is one.timeline and other.record is one.record and other.outbox is one.outbox


def test_what_happens_to_one_incident_makes_nothing_of_the_others_again(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", Hands()) as (mina, eva):
        before = mina.board("INC-1")
        eva.execute(AddNote("seen in two regions"), "INC-2")
        again = mina.board("INC-1")
        assert again.lines[0] is before.lines[0] and again.lines[1].version > before.lines[1].version
        assert detail(again).timeline is detail(before).timeline and detail(again).record is detail(before).record
        eva.execute(PostUpdate("internal", "we look into it", None), "INC-1")
        lanes = {lane.channel: lane for lane in detail(again).timeline.lanes}
        new = {lane.channel: lane for lane in detail(mina.board("INC-1")).timeline.lanes}
        assert [name for name in new if new[name] is not lanes[name]] == ["internal"]


def test_what_became_of_a_message_and_what_is_being_written_are_seen_without_an_event(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", Hands()) as (mina, eva):
        before = mina.board("INC-1")
        with eva.database.write() as c:
            c.execute(text("UPDATE outbox SET state = 'failed' WHERE incident = 1"))
        keep(eva, "INC-1", "internal", Content("We know of it.", ("internal",), "", "", "", "eva", "", 0, 0), None)
        again = mina.board("INC-1")
        assert again.seq == before.seq
        assert {message.state for message in detail(again).outbox} == {"failed"} and again.failed_messages
        assert [draft.author for draft in detail(again).drafts] == ["eva"]


def test_a_row_that_was_made_anew_is_seen_though_nothing_happened(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", Hands()) as (mina, eva):
        with eva.database.read() as c:
            room = c.execute(text("SELECT room FROM incident WHERE id = 2")).scalar_one()
        with eva.database.write() as c:
            c.execute(text("UPDATE incident SET room = '{}' WHERE id = 2"))
        assert mina.board().damaged == ("INC-2",)
        with eva.database.write() as c:
            c.execute(text("UPDATE incident SET room = :room WHERE id = 2"), {"room": room})
        assert [line.key for line in mina.board().lines] == ["INC-1", "INC-2"]


Step = Callable[[Session, Hands], object]


def later(seconds: int) -> Step:
    """Time passes, and nobody keeps the timers."""
    return lambda _, hands: hands.move(seconds)


def engine(session: Session, _: Hands) -> None:
    """Whoever keeps the timers takes what is due."""
    while session.writer.tick(session.clock).steps:
        pass


def sent(session: Session, _: Hands) -> None:
    """What was to be sent has been."""
    with session.database.write() as c:
        c.execute(text("UPDATE outbox SET state = 'sent', tries = tries + 1 WHERE state = 'queued'"))


def carry(command: Any, key: str = "INC-1") -> Step:
    """Somebody does something, as far as it is allowed."""

    def step(session: Session, _: Hands) -> None:
        try:
            session.execute(command, key)
        except Exception as error:
            if type(error).__name__ not in ("Refused", "Stale"):
                raise

    return step


steps = st.lists(
    st.sampled_from(
        [
            *map(later, (1, 30, 61, 600, 4 * 3600)), engine, engine, sent,
            carry(PostUpdate("internal", "said", None)), carry(PostUpdate("internal", "said", None), "INC-2"),
            carry(SetSeverity("SEV2", "weighed again")), carry(Acknowledge(None)), carry(AddNote("a note")),
            carry(AssignRole("incident-manager", "mina")), carry(AddNote("a note"), "INC-2"),
        ]
    ),
    min_size=1, max_size=7,
)  # fmt: skip


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where rooms are made."""
    yield tmp_path_factory.mktemp("rooms")


@settings(max_examples=15, deadline=None)
@given(steps)
def test_every_later_look_finds_what_a_first_one_would(rooms: Path, taken: list[Step]) -> None:
    path, hands = rooms / f"{len(list(rooms.iterdir()))}.db", Hands()
    with opened(path, hands) as (mina, eva):
        for step in taken:
            step(eva, hands)
            for _ in range(2):
                looked = mina.board("INC-1")
            eva._looking, eva._history = Looking(), History()  # as one who never looked
            assert replace(looked, actor="eva") == eva.board("INC-1")


def test_a_value_is_kept_for_the_very_same_objects_and_up_to_its_end(tmp_path: Path) -> None:
    hands, memory = Hands(), Memory()
    basis = [1]

    def get(of: object, until: int | None = None) -> list[int]:
        end = None if until is None else T0 + timedelta(seconds=until)
        return memory.get("x", (of,), lambda before: [*(before or []), 0], now=hands(), until=end)

    first = get(basis)
    assert get(basis) is first
    assert get([1]) == [0, 0]  # equal, and another one
    timed = get(basis, until=10)
    assert get(basis, until=10) is timed
    hands.move(10)
    assert get(basis, until=10) is not timed
