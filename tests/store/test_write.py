"""The write path: whatever is asked for happens whole, once, in order and in every table; or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import Connection, delete, event, update

from tests.bench.crowded import NOON, due_together, make_room
from tests.store.crowd import crowd
from tests.store.histories import History, histories, rich, settle
from tests.store.rooms import Hands, dump, published, raw, room
from tests.support.books import BOOK, T0
from tests.support.profile import examples
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command, Refused, Stale
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.messages import outgoing
from warroom.domain.record import AddNote
from warroom.domain.roles import LEAD, AcceptRole, AssignRole
from warroom.domain.room import Room, due, evolve
from warroom.domain.watch import Post, Watch
from warroom.rulebook.load import seed_rulebook
from warroom.store import doctor, plan, replay, schema, write
from warroom.store import tables as t
from warroom.store.codec import to_us
from warroom.store.database import Database
from warroom.store.projection import children_of, incident_row, update_of
from warroom.store.queries import entry_of
from warroom.store.write import BATCH, Conflict, NoSuchIncident, Outcome, TickReport, Writer

# Whatever happens ----------------------------------------------------------------------------------------------------


def folded(database: Database) -> tuple[dict[int, Room], dict[str, set[tuple[Any, ...]]], set[str]]:
    """Rooms, rows of every projected table, and messages, by the events alone."""
    rooms: dict[int, Room] = {}
    rows: dict[str, set[tuple[Any, ...]]] = {name: set() for name in ("role", "page", "deadline", "comms_update")}
    messages: list[str] = []
    with database.read() as c:
        for row in replay.events(c):
            entry = entry_of(row)
            after = rooms[row.incident] = evolve(rooms.get(row.incident), entry)
            if (said := update_of(row.incident, row.version, entry)) is not None:
                rows["comms_update"].add(tuple(said.values()))
            book = write.load_book(c, after.incident.revision)
            messages += [
                f"{after.incident.key}/{after.version}/{n}" for n, _ in enumerate(outgoing(after, entry, book), 1)
            ]
        rows["incident"] = {
            tuple(incident_row(number, each, write.load_book(c, each.incident.revision)).values())
            for number, each in rooms.items()
        }
    for number, each in rooms.items():
        children = children_of(number, each)
        for name, kind in (("role", children.role), ("page", children.page), ("deadline", children.deadline)):
            rows[name] |= {tuple(row.values()) for row in kind.values()}
    assert len(messages) == len(set(messages)), "two messages share one key"
    return rooms, rows, set(messages)


def everything_agrees(database: Database) -> None:
    rooms, rows, messages = folded(database)
    found = dump(database)
    for name, expected in rows.items():
        assert Counter(found[name]) == Counter(expected), name
    # The deadlines are what is due, and nothing else is.
    armed = {(number, deadline.name, to_us(deadline.at)) for number, each in rooms.items() for deadline in due(each)}
    assert set(found["deadline"]) == armed
    assert sorted(row[0] for row in found["outbox"]) == sorted(messages)
    head, record = found["head"][0], found["event"]
    assert [row[0] for row in record] == list(range(1, len(record) + 1))
    if record:
        assert head[1:3] == (record[-1][0], record[-1][-1])
    assert head[3] == len(rooms)
    leads = [row for row in found["role"] if row[1] == LEAD]
    assert len(leads) == len({row[0] for row in leads}), "two rows for one incident manager"
    for number, each in rooms.items():
        holders = [row[2] for row in leads if row[0] == number and row[2]]
        assert holders == ([each.roles.holder(LEAD)] if each.roles.holder(LEAD) else [])
    assert [finding for finding in doctor.examine(database) if not finding.good] == []


@given(histories())
@examples(0.25)
def test_whatever_happens_every_table_says_what_the_record_says(
    tmp_path_factory: pytest.TempPathFactory, history: History
) -> None:
    path = tmp_path_factory.mktemp("room") / "room.db"
    with room(path, history.book) as (writer, _, hands):
        history.play(writer, hands)
        everything_agrees(writer.database)
        before = dump(writer.database)
        assert doctor.rebuild(writer.database) == before["head"][0][3]
        assert dump(writer.database) == before
        # What was built anew goes on like what was written step by step.
        hands.move(3600)
        settle(writer, hands)
        everything_agrees(writer.database)


def test_the_history_that_other_tests_rest_on_has_a_row_in_every_table(tmp_path: Path) -> None:
    history = rich()
    with room(tmp_path / "room.db") as (writer, _, hands):
        assert history.play(writer, hands) >= len(history.acts)
        everything_agrees(writer.database)
        counts = {name: len(rows) for name, rows in dump(writer.database).items()}
    assert counts.pop("presence") == 0
    assert all(counts.values()), counts
    assert counts["outbox"] > 5


def test_a_room_that_was_closed_goes_on_where_it_stood(tmp_path: Path) -> None:
    hands = Hands()
    with room(tmp_path / "room.db", clock=hands) as (writer, _, _):
        writer.execute(Declare("Checkout is down", "SEV1"), actor="mina", now=hands)
        expected = writer.next_due()
    with Database.open(tmp_path / "room.db") as database:
        again = Writer(database)
        assert again.next_due() == expected == T0 + timedelta(minutes=4)
        hands.now = T0 + timedelta(minutes=4)
        assert settle(again, hands) == 1
        everything_agrees(database)


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Writer, Hands]]:
    with room(tmp_path / "room.db") as (writer, _, hands):
        writer.execute(Declare("Checkout is down", "SEV1"), actor="mina", now=hands)
        yield writer, hands


def trace(writer: Writer) -> tuple[Any, ...]:
    """All rows, and what the file's own log shows: any commit that writes a page makes it longer."""
    path = writer.database.path
    assert path is not None
    sizes = [
        (side, p.stat().st_size, p.stat().st_mtime_ns) for side in ("", "-wal") if (p := Path(f"{path}{side}")).exists()
    ]
    return dump(writer.database), sizes


@pytest.mark.parametrize(
    ("command", "kind", "words"),
    [
        (AssignRole("no-such-role", "eva"), Refused, "there is no role"),
        (AcceptRole(LEAD), Stale, "not on offer"),
        (Acknowledge(seen=3), Stale, "level 1 was paged since you looked"),
        (SetStatus(Status.CLOSED), Refused, "resolve it before you close it"),
        (SetSeverity("SEV2", "why", seen="SEV3"), Stale, "since you looked"),
        (PostUpdate("public", "words", seen=5), Stale, "somebody posted"),
        (AddNote("  "), Refused, "empty"),
        (Declare("", "SEV1"), Refused, "needs a title"),
        (Declare("title", "SEV9"), Refused, "no severity"),
    ],
)
def test_what_is_refused_leaves_no_trace(
    here: tuple[Writer, Hands], command: Command, kind: type[Refused], words: str
) -> None:
    writer, hands = here
    before = trace(writer)
    with pytest.raises(Refused, match=words) as caught:
        writer.execute(command, key="INC-1", actor="mina", now=hands)
    assert type(caught.value) is kind
    assert trace(writer) == before


def test_an_incident_that_is_not_there_is_named(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    before = trace(writer)
    with pytest.raises(NoSuchIncident, match="there is no incident INC-7 here"):
        writer.execute(Acknowledge(), key="INC-7", actor="mina", now=hands)
    assert trace(writer) == before


def test_of_two_who_saw_the_same_only_one_is_right(here: tuple[Writer, Hands]) -> None:
    """Both looked at a vacant role; the second is told who was quicker, and nothing is overwritten."""
    writer, hands = here
    writer.execute(AssignRole(LEAD, "eva", seen=""), key="INC-1", actor="eva", now=hands)
    with pytest.raises(Stale, match="held by eva now"):
        writer.execute(AssignRole(LEAD, "bo", seen=""), key="INC-1", actor="bo", now=hands)
    everything_agrees(writer.database)


def test_an_import_is_taken_whole_or_not_at_all(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    post = Post("p1", T0, "investigating", "errors")
    good = [Watch("cloud", f"id-{n}", "Errors", (post,)) for n in range(3)]
    before = trace(writer)
    with pytest.raises(Refused, match="no incident"):
        writer.execute_all([*good, AddNote("needs a key")], actor="importer", now=hands)
    assert trace(writer) == before
    outcomes = writer.execute_all([*good, *good], actor="importer", now=hands)
    assert [outcome.key for outcome in outcomes] == ["INC-2", "INC-3", "INC-4"] * 2
    assert [bool(outcome.entries) for outcome in outcomes] == [True] * 3 + [False] * 3
    everything_agrees(writer.database)
    before = trace(writer)
    writer.execute_all(good, actor="importer", now=hands)
    assert trace(writer)[0] == before[0]


# What goes wrong in the middle ---------------------------------------------------------------------------------------


class PowerCut(Exception):
    """What the tests let happen before a statement."""


def failing_at(database: Database, count: int) -> Callable[[], None]:
    """Let the `count`-th statement from now on fail; returns how to end that."""
    seen = 0

    def cut(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == count:
            raise PowerCut

    assert database._engine is not None
    event.listen(database._engine, "before_cursor_execute", cut)
    engine = database._engine
    return lambda: event.remove(engine, "before_cursor_execute", cut)


@pytest.mark.parametrize("what", ["declare", "command", "tick", "import"])
def test_an_error_at_any_statement_leaves_nothing_behind(here: tuple[Writer, Hands], what: str) -> None:
    writer, hands = here
    post = Post("p1", T0, "investigating", "errors")

    def act() -> object:
        match what:
            case "declare":
                return writer.execute(Declare("Another", "SEV1"), actor="mina", now=hands)
            case "command":
                return writer.execute(SetStatus(Status.RESOLVED, "over"), key="INC-1", actor="mina", now=hands)
            case "import":
                return writer.execute_all([Watch("c", f"{n}", "E", (post,)) for n in range(2)], actor="i", now=hands)
            case _:
                return writer.tick(lambda: T0 + timedelta(minutes=5))

    before = dump(writer.database)
    for count in range(1, 100):
        undo = failing_at(writer.database, count)
        try:
            result = act()
        except PowerCut:
            assert dump(writer.database) == before, f"statement {count}"
            continue
        finally:
            undo()
        break
    assert count > 6
    assert isinstance(result, Outcome | TickReport | list)
    assert dump(writer.database) != before
    everything_agrees(writer.database)


def test_a_write_that_rests_on_an_old_version_is_undone(
    here: tuple[Writer, Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a database where two may write at once, somebody is quicker between our look and our write."""
    writer, hands = here

    def late(*arguments: Any) -> Any:
        made = real(*arguments)
        return replace(made, before=replace(made.before, version=made.before.version - 1))

    real = plan.plan
    before = dump(writer.database)
    monkeypatch.setattr(plan, "plan", late)
    with pytest.raises(Conflict, match="INC-1 changed while it was being written"):
        writer.execute(AddNote("late"), key="INC-1", actor="mina", now=hands)
    assert dump(writer.database) == before


# One incident that is broken -----------------------------------------------------------------------------------------


def lose_the_rules(c: Connection) -> None:
    revision = c.execute(write.INCIDENT.select().where(write.INCIDENT.c.key == "INC-2")).one().revision
    write._books.pop(revision)
    c.execute(delete(write.RULEBOOK).where(write.RULEBOOK.c.revision == revision))


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


# A file that has moved on --------------------------------------------------------------------------------------------


def test_a_program_that_stays_open_while_another_upgrades_the_file_stops_writing(
    here: tuple[Writer, Hands],
) -> None:
    writer, hands = here
    with writer.database.write() as c:
        c.execute(update(schema.META).values(schema_version=9, min_writer=t.SCHEMA_VERSION + 1))
    before = trace(writer)
    for attempt in (
        lambda: writer.execute(AddNote("words"), key="INC-1", actor="mina", now=hands),
        lambda: writer.execute_all([Declare("x", "SEV1")], actor="mina", now=hands),
        lambda: writer.tick(lambda: T0 + timedelta(hours=1)),
    ):
        with pytest.raises(schema.TooNew, match="please upgrade"):
            attempt()
    assert trace(writer) == before


# Several processes ---------------------------------------------------------------------------------------------------


def test_eight_processes_on_the_same_incidents_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "room.db"
    shares = crowd("work", path, 8, 40)
    assert len(shares) == 8
    with Database.open(path) as database:
        everything_agrees(database)
        found = dump(database)
    versions: dict[int, list[int]] = {}
    for row in found["event"]:
        versions.setdefault(row[1], []).append(row[2])
    for each in versions.values():
        assert each == list(range(1, len(each) + 1))
    # Whatever a process was told that it did stands in the record under its name and number, and nothing else does.
    promised = Counter((key, version, actor) for actor, share in shares.items() for key, version in share["done"])
    assert max(promised.values()) == 1
    keys = {row[0]: row[1] for row in found["incident"]}
    noted = {(keys[row[1]], row[2], row[6]) for row in found["event"] if row[3] in ("noted", "role_assigned")}
    assert noted == set(promised)
    # They all went for the same role again and again, each with what it had seen: most of them were too late.
    stale = sum(share["stale"] for share in shares.values())
    assert stale > 8
    assert sum(share["stale"] + len(share["done"]) for share in shares.values()) == 8 * 40
