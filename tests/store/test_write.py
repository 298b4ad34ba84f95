"""The write path: whatever is asked for happens whole, once, in order and in every table; or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import event, update

from tests.store.agreement import everything_agrees
from tests.store.crowd import crowd
from tests.store.histories import History, histories, rich, settle
from tests.store.rooms import Hands, dump, room
from tests.support.books import T0
from tests.support.profile import examples
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command, Refused, Stale
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.record import AddNote
from warroom.domain.roles import LEAD, AcceptRole, AssignRole
from warroom.domain.watch import Post, Watch
from warroom.store import doctor, plan, schema
from warroom.store import tables as t
from warroom.store.database import Database
from warroom.store.write import Conflict, NoSuchIncident, Outcome, TickReport, Writer

# Whatever happens ----------------------------------------------------------------------------------------------------


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
