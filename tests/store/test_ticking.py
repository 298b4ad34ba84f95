"""Time on the write path: what fell due is taken in batches, and no incident that is broken holds up the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, update

from tests.bench.crowded import NOON, due_together, make_room
from tests.store.agreement import everything_agrees
from tests.store.rooms import Hands, dump, published, raw, room
from tests.support.books import BOOK, T0
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.rulebook.load import seed_rulebook
from warroom.store import plan, replay, revisions, schema, write
from warroom.store.codec import to_us
from warroom.store.database import Database
from warroom.store.write import BATCH, Conflict, TickReport, Writer

# One incident that is broken -----------------------------------------------------------------------------------------


def lose_the_rules(c: Connection) -> None:
    revision = c.execute(write.INCIDENT.select().where(write.INCIDENT.c.key == "INC-2")).one().revision
    revisions._books.pop(revision)
    c.execute(delete(revisions.RULEBOOK).where(revisions.RULEBOOK.c.revision == revision))


def garble_the_room(c: Connection) -> None:
    c.execute(update(write.INCIDENT).where(write.INCIDENT.c.key == "INC-2").values(room='{"incident": 5}'))


def turn_the_room_back(c: Connection) -> None:
    old = c.execute(write.INCIDENT.select().where(write.INCIDENT.c.key == "INC-2")).one()
    earlier = old.room.replace(f'"version":{old.version}', f'"version":{old.version - 1}')
    assert earlier != old.room
    c.execute(
        update(write.INCIDENT).where(write.INCIDENT.c.key == "INC-2").values(room=earlier, version=old.version - 1)
    )


def disarm_the_room(c: Connection) -> None:
    """A deadline remains of which the incident itself knows nothing."""
    c.execute(delete(write.INCIDENT).where(write.INCIDENT.c.key == "INC-2"))


BREAKAGES: dict[str, tuple[Callable[[Connection], None], str]] = {
    "rules": (lose_the_rules, "does not hold revision"),
    "state": (garble_the_room, "ValidationError"),
    "version": (turn_the_room_back, "its rows contradict each other"),
    "row": (disarm_the_room, "has a deadline and no row"),
}


@pytest.mark.parametrize("how", BREAKAGES)
def test_an_incident_that_cannot_be_moved_on_holds_up_no_other(tmp_path: Path, how: str) -> None:
    damage, words = BREAKAGES[how]
    with room(tmp_path / "room.db") as (writer, book, hands):
        (_, other), same = published(BOOK), schema.Rules(book.revision, "", book.room)
        for title, rules in (("first", same), ("broken", other), ("third", same)):
            writer.publish(rules, actor="tester", now=hands)
            writer.execute(Declare(title, "SEV1"), actor="mina", now=hands)
        with writer.database.write() as c:
            damage(c)
        before = dump(writer.database, "event")["event"]
        hands.move(300)
        report = writer.tick(hands)
        assert [number for number, _ in report.failed] == [2]
        assert words in report.failed[0][1]
        added = dump(writer.database, "event")["event"][len(before) :]
        assert {row[1] for row in added} == {1, 3}
        # Nobody is in the way any more, and what is broken is not forgotten.
        assert writer.tick(hands, frozenset({2})) == TickReport()
        assert writer.next_due(frozenset({2})) > hands()  # type: ignore[operator]
        assert writer.next_due() <= hands()  # type: ignore[operator]
        assert writer.tick(hands).failed[0][0] == 2


def test_a_deadline_that_is_none_of_the_incidents_own_is_named_and_not_obeyed(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    with writer.database.write() as c:
        c.execute(write.DEADLINE.insert(), {"incident": 1, "name": "update:desk", "due_at": to_us(T0)})
    before = dump(writer.database)
    report = writer.tick(hands)
    assert (report.steps, [number for number, _ in report.failed]) == (0, [1])
    assert "none of its own" in report.failed[0][1]
    assert dump(writer.database) == before


# Time ----------------------------------------------------------------------------------------------------------------


def test_the_oldest_come_first_a_hundred_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "SLICE_S", 60.0)
    with room(tmp_path / "room.db") as (writer, _, hands):
        for number in range(BATCH + 20):
            # The later ones fall due earlier.
            hands.now = T0 - timedelta(seconds=number / 10)
            writer.execute(Declare(f"number {number}", "SEV1"), actor="mina", now=hands)
        hands.now = T0 + timedelta(minutes=4)
        reports = [writer.tick(hands), writer.tick(hands), writer.tick(hands)]
        assert [(report.steps, report.more) for report in reports] == [(100, True), (20, False), (0, False)]
        assert reports[0].lag_s == (BATCH + 19) / 10
        with writer.database.read() as c:
            steps = [row for row in replay.events(c) if row.due is not None]
        assert [row.incident for row in steps] == [*range(BATCH + 20, 0, -1)]
        assert [row.due for row in steps] == sorted(row.due for row in steps)


def test_a_batch_ends_when_its_time_is_over(here: tuple[Writer, Hands], monkeypatch: pytest.MonkeyPatch) -> None:
    writer, hands = here
    for _ in range(4):
        writer.execute(Declare("another", "SEV1"), actor="mina", now=hands)
    monkeypatch.setattr(write, "SLICE_S", 0.0)
    hands.move(240)
    reports = [writer.tick(hands) for _ in range(6)]
    assert [(report.steps, report.more) for report in reports] == [(1, True)] * 4 + [(1, False), (0, False)]


def storm(path: Path, deadlines: int) -> Database:
    """A room under the rules that come with warroom, where so many deadlines are due at noon."""
    make_room(path, due_together(NOON, deadlines, seed_rulebook().book))
    return Database.open(path)


def test_what_is_due_together_is_decided_as_if_one_came_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each decision knows of the pages and turns of those before it, written or not: limits count on them."""
    monkeypatch.setattr(write, "SLICE_S", 60.0)
    many = []

    def one_by_one(c: Connection, plans: list[Any]) -> int:
        many.append(len(plans))
        if len(plans) > 1:
            raise Conflict("one at a time")
        return together(c, plans)

    together = plan.carry_out
    with storm(tmp_path / "one.db", 60) as one, storm(tmp_path / "other.db", 60) as other:
        first = Writer(one).tick(lambda: NOON)
        monkeypatch.setattr(plan, "carry_out", one_by_one)
        second = Writer(other).tick(lambda: NOON)
        assert many == [many[0], *[1] * many[0]]
        assert many[0] > 10
        assert first == second
        assert dump(one) == dump(other)
        everything_agrees(other)


def test_what_is_due_together_is_written_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statements of a tick are as many for thirty incidents as for six: their rows go in one call a table."""
    monkeypatch.setattr(write, "SLICE_S", 60.0)
    counts = []
    for deadlines in (10, 50):
        with storm(tmp_path / f"{deadlines}.db", deadlines) as database:
            assert database._engine is not None
            statements: list[str] = []
            event.listen(database._engine, "before_cursor_execute", lambda *a, to=statements: to.append(a[2]))
            assert Writer(database).tick(lambda: NOON).steps >= deadlines
            counts.append(Counter(statement.split()[0] for statement in statements))
    assert counts[0]["UPDATE"] == counts[1]["UPDATE"] > 2
    assert counts[0]["INSERT"] == counts[1]["INSERT"] > 1
    assert counts[1]["SELECT"] < 30


def test_time_is_read_under_the_lock(tmp_path: Path, here: tuple[Writer, Hands]) -> None:
    """So that times in the record are in the order of the record, however long somebody stood in line."""
    writer, _ = here
    other = raw(tmp_path / "room.db")

    def now() -> Any:
        with pytest.raises(Exception, match="locked"):
            other.execute("PRAGMA busy_timeout=0").execute("BEGIN IMMEDIATE")
        asked.append(1)
        return T0 + timedelta(seconds=1)

    asked: list[int] = []
    writer.execute(AddNote("words"), key="INC-1", actor="mina", now=now)
    writer.tick(now)
    assert len(asked) == 2
    other.close()
