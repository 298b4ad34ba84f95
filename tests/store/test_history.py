"""What is kept of an incident's updates and changes is what reading all of it anew gives; only what is new is read."""

from __future__ import annotations

from pathlib import Path

from warroom.domain.comms import PostUpdate
from warroom.domain.incident import Declare, SetSeverity, SeverityChanged
from warroom.domain.record import AddNote
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store import queries
from warroom.store.history import KEPT, History, Told


def told(session: Session, history: History, key: str = "INC-1", generation: int = 0) -> Told:
    with session.database.read() as c:
        found = queries.one(c, key)
        assert found is not None
        number, room = found
        mine = history.told(c, number, room.version, generation=generation)
        whole = History().told(c, number, room.version, generation=generation)
        assert mine.updates == whole.updates == queries.updates(c, number)
        assert mine.changes == whole.changes == queries.changes(c, number)
        return mine


def test_it_follows_the_record(tmp_path: Path) -> None:
    history = History()
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("Cards fail", "SEV1"))
        assert not told(session, history).updates
        for n in range(5):
            session.execute(PostUpdate("internal", f"update {n}", None), "INC-1")
            session.execute(AddNote("a note"), "INC-1")
            assert [row.text for row in told(session, history).updates] == [f"update {m}" for m in range(n + 1)]
        before = told(session, history)
        given = before.updates, list(before.updates)
        session.execute(SetSeverity("SEV2", "not as bad"), "INC-1")
        session.execute(PostUpdate("internal", "the last", None), "INC-1")
        after = told(session, history)
        assert [entry.event.to for entry in after.changes if isinstance(entry.event, SeverityChanged)] == ["SEV2"]
        assert given[0] == given[1]  # what was given away before is not changed behind anybody's back


def test_nothing_is_read_twice_and_another_file_is_read_anew(tmp_path: Path) -> None:
    history = History()
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("Cards fail", "SEV1"))
        session.execute(PostUpdate("internal", "an update", None), "INC-1")
        first = told(session, history)
        assert told(session, history) is first
        assert told(session, history, generation=1) is not first


def test_only_a_few_incidents_are_kept(tmp_path: Path) -> None:
    history = History()
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        keys = [session.execute(Declare(f"incident {n}", "SEV3")).key for n in range(KEPT + 3)]
        for key in keys:
            told(session, history, key)
    assert len(history._told) == KEPT


def test_of_many_messages_all_pages_and_what_failed_are_read(tmp_path: Path) -> None:
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        session.execute(Declare("Cards fail", "SEV1"))
        for n in range(12):
            session.execute(PostUpdate("public", f"update {n}", None), "INC-1")
        with session.database.read() as c:
            every = queries.messages(c, 1)
            few = queries.messages(c, 1, most=3)
    pages = {row.id for row in every if row.kind == "page"}
    others = [row.id for row in every if row.kind != "page"]
    assert pages and len(others) > 3, "nothing to leave out"
    latest = {row.id for row in sorted(every, key=lambda row: (row.created_at, row.id))[-3:]}
    assert {row.id for row in few} == pages | latest
    assert [row.id for row in few] == [row.id for row in every if row.id in pages | latest]
