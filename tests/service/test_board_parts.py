"""A board that is read in parts and kept: it is in the end, and after whatever happens, the board that is read anew."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from tests.bench.crowded import NOON, SERVICES, Begun, make_room
from tests.store.rooms import Hands
from tests.support.profile import examples
from warroom.domain.core import Command
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare, Merge, SetSeverity, SetStatus, Status
from warroom.domain.record import AddNote
from warroom.domain.roles import AssignRole
from warroom.rulebook.load import seed_rulebook
from warroom.service import looking
from warroom.service.looking import Looking
from warroom.service.session import Session
from warroom.store.history import History
from warroom.views import BoardView, IncidentLine

COUNT = 450


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room with more live incidents than are read at once; tests only read it, or a copy."""
    path = tmp_path_factory.mktemp("crowd") / "room.db"
    names = list(seed_rulebook().book.severities)
    make_room(path, [Begun(names[n % len(names)], NOON, SERVICES[n % 7]) for n in range(COUNT)])
    return path


def copy_of(crowd: Path, folder: Path) -> Path:
    """The same room, to be changed."""
    path = folder / "room.db"
    path.write_bytes(crowd.read_bytes())
    return path


def opened(path: Path, actor: str = "mina") -> Session:
    return Session(path, actor=actor, seed=seed_rulebook, clock=lambda: NOON)


def anew(session: Session) -> BoardView:
    """What one sees who never looked before."""
    session._looking, session._history = Looking(), History()
    return session.board()


def to_the_end(session: Session) -> list[BoardView]:
    """All views until everything is read."""
    views = [session.board(spend_s=1e-6)]
    while views[-1].unread:
        views.append(session.board(spend_s=1e-6))
        assert len(views) < 1_000
    return views


def followed(lines: dict[str, IncidentLine], view: BoardView) -> dict[str, IncidentLine]:
    """The lines of a view by what has changed, as a list follows it."""
    if view.changed is None:
        return {line.key: line for line in view.lines}
    return {key: line for key, line in {**lines, **view.changed}.items() if line is not None}


def test_a_large_room_is_read_in_parts_the_worst_first_and_nothing_is_missing(crowd: Path) -> None:
    with opened(crowd) as mina, opened(crowd, "eva") as eva:
        views = to_the_end(mina)
        first, last = views[0], views[-1]
        assert len(views) > 5 and 0 < len(first.lines) < COUNT and first.unread == COUNT - len(first.lines)
        assert {line.severity.rank for line in first.lines} == {1}
        whole = eva.board()
        assert sum(count for _, count in first.tally) == sum(count for _, count in whole.tally) == COUNT
        assert first.tally == whole.tally
        assert replace(last, actor="eva", read_at=whole.read_at) == replace(whole, engines=last.engines)
        lines: dict[str, IncidentLine] = {}
        for view in views:
            lines = followed(lines, view)
            assert lines == {line.key: line for line in view.lines}


def test_a_look_reads_the_rows_of_what_happened_and_no_others(crowd: Path, tmp_path: Path) -> None:
    with opened(copy_of(crowd, tmp_path)) as mina:
        mina.board()
        mina.execute(AddNote("seen"), "INC-7")
        asked: list[tuple[str, tuple[object, ...]]] = []
        engine = mina.database._engine
        assert engine is not None

        def heard(conn: object, cursor: object, statement: str, given: tuple[object, ...], *more: object) -> None:
            asked.append((statement, given))

        event.listen(engine, "before_cursor_execute", heard)
        view = mina.board()
        event.remove(engine, "before_cursor_execute", heard)
        assert view.changed is not None and list(view.changed) == ["INC-7"]
        rows = [given for statement, given in asked if "incident.room" in statement]
        assert sorted(given[1:] for given in rows) == [(0, looking.SWEPT, 0), (7,)]
        assert mina.board().changed == {}


def test_a_row_made_anew_without_an_event_is_found_by_the_sweep(crowd: Path, tmp_path: Path) -> None:
    with opened(copy_of(crowd, tmp_path)) as mina, opened(tmp_path / "room.db", "eva") as eva:
        mina.board()
        with eva.database.read() as c:
            other = c.execute(text("SELECT room FROM incident WHERE id = 4")).scalar_one()
        with eva.database.write() as c:
            c.execute(text("UPDATE incident SET room = :room WHERE id = 440"), {"room": other})
        for _ in range(COUNT // looking.SWEPT_IDLE + 1):
            with eva.database.write() as c:
                c.execute(text("UPDATE presence SET note = note"))
                c.execute(text("UPDATE outbox SET tries = tries + 1 WHERE id = (SELECT min(id) FROM outbox)"))
            lines = mina.board().lines
        assert lines == anew(eva).lines


ACTS: tuple[tuple[str, Command], ...] = (
    ("", Declare("one more", "SEV1")),
    *(
        (f"INC-{n}", command)
        for n in (1, 200, 449, COUNT + 1)
        for command in (
            SetSeverity("SEV3", "weighed again"),
            SetSeverity("SEV1", "weighed again"),
            Acknowledge(None),
            AssignRole("incident-manager", "mina"),
            AddNote("a note"),
            SetStatus(Status.RESOLVED),
            SetStatus(Status.CLOSED),
            SetStatus(Status.INVESTIGATING),
            Merge("INC-2"),
        )
    ),
)


@examples(0.1)
@given(
    st.lists(st.one_of(st.sampled_from(ACTS), st.sampled_from((0, 30, 600, 7_200))), min_size=1, max_size=8), st.data()
)
def test_whatever_happens_while_it_is_read_in_parts_the_end_is_the_same(
    crowd: Path, taken: list[tuple[str, Command] | int], data: st.DataObject
) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path, hands = copy_of(crowd, Path(folder)), Hands()
        hands.now = NOON
        with (
            Session(path, actor="mina", seed=seed_rulebook, clock=hands) as mina,
            Session(path, actor="eva", seed=seed_rulebook, clock=hands) as eva,
        ):
            lines: dict[str, IncidentLine] = {}
            for step in taken:
                if isinstance(step, int):
                    hands.move(step)
                    eva.writer.tick(eva.clock)
                else:
                    try:
                        eva.execute(step[1], step[0])
                    except Exception as error:
                        if type(error).__name__ not in ("Refused", "Stale", "NoSuchIncident"):
                            raise
                for _ in range(data.draw(st.integers(0, 2))):
                    view = mina.board(spend_s=1e-6)
                    lines = followed(lines, view)
                    assert lines == {line.key: line for line in view.lines}
            for view in to_the_end(mina):
                lines = followed(lines, view)
            whole = anew(eva)
            # How much waits to be sent is counted now and then only.
            assert replace(view, actor="eva", unsent=()) == replace(whole, read_at=view.read_at, unsent=())
            assert lines == {line.key: line for line in whole.lines}


_WRITER = """
import sys
from warroom.domain.record import AddNote
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from tests.bench.crowded import NOON
with Session(sys.argv[1], actor="eva", seed=seed_rulebook, clock=lambda: NOON) as session:
    for n in range(20):
        key = f"INC-{int(sys.argv[2]) + n * 20}"
        session.execute(AddNote(f"note {n}"), key)
print("[]")
"""


def test_what_several_processes_write_meanwhile_is_all_there(crowd: Path, tmp_path: Path) -> None:
    path = copy_of(crowd, tmp_path)
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(n + 1)], cwd=root, stdout=subprocess.PIPE, text=True
        )
        for n in range(2)
    ]
    with opened(path) as mina, opened(path, "olga") as olga:
        lines: dict[str, IncidentLine] = {}
        while any(writer.poll() is None for writer in writers):
            lines = followed(lines, mina.board(spend_s=0.001))
        for writer in writers:
            assert json.loads(writer.communicate()[0]) == [] and writer.returncode == 0
        for view in to_the_end(mina):
            lines = followed(lines, view)
        whole = olga.board()
        assert view.lines == whole.lines and view.seq == whole.seq and view.tally == whole.tally
        assert lines == {line.key: line for line in whole.lines}
