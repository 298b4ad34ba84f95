"""The shape of the file: older ones are moved forward with a copy kept, newer and foreign ones are left alone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect, text, update

from tests.bench.quick import quick_rules
from tests.store.crowd import crowd
from tests.store.histories import rich, settle
from tests.store.rooms import Dump, Hands, dump, raw, room
from warroom.clock import REAL, Clock
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.service.session import Session
from warroom.store import doctor, migrate, schema
from warroom.store import tables as t
from warroom.store.database import Database, DatabaseError, DatabaseReadOnly
from warroom.store.schema import NotARoom, TooNew

META_1 = ("id", "schema_version", "min_reader", "min_writer", "room", "created_at")
"""The columns of `meta` in a file of schema 1."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


LATER = ("action", "dedup", "destination", "bundle")
"""The columns of a message that came with schema 3."""
CONDUCT = ("was_due", "reviewer", "corrects")
"""The columns of an update that came with schema 4."""


@pytest.fixture
def old(path: Path, tmp_path: Path) -> Dump:
    """A file of schema 1 at `path`, as that version of warroom left it, with a history in it; returns its rows."""
    with room(tmp_path / "source.db") as (writer, _, hands):
        rich().play(writer, hands)
        rows = dump(writer.database)
    rows["meta"] = [(1, 1, 1, 1, "warroom", 0)]
    # Rules that any program can read are in force; the incidents began under invented ones.
    quick = quick_rules()
    rows["rulebook"] = sorted([*rows["rulebook"], (quick.revision, quick.json, 0, "mina")])
    rows["head"] = [(*rows["head"][0][:-1], quick.revision)]
    # What later schemas added is not in such a file.
    columns = len(t.table(t.OutboxRow).c) - len(LATER)
    old = {name: found for name, found in rows.items() if name not in ("desk", "policy_turn", "draft", "attendance")}
    updates = [row[: -len(CONDUCT)] for row in rows["comms_update"]]
    make_old(path, {**old, "outbox": [row[:columns] for row in rows["outbox"]], "comms_update": updates})
    return rows  # with its tables made anew from the record when it is moved forward


def make_old(path: Path, rows: Dump) -> None:
    with Database.open(path) as database, database.write() as c:
        command.upgrade(migrate.config(c), "0001")
        for name, found in rows.items():
            for row in found:
                marks = ", ".join(f":v{n}" for n, _ in enumerate(row))
                c.execute(text(f"INSERT INTO {name} VALUES ({marks})"), {f"v{n}": value for n, value in enumerate(row)})


def rows_of_old(path: Path) -> Dump:
    connection = raw(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: [tuple(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in sorted(names)}
    connection.close()
    return found


def opened(path: Path, **options: Any) -> Session:
    return Session(path, actor="mina", seed=quick_rules, **options)


# Forward -------------------------------------------------------------------------------------------------------------


def test_an_older_file_is_moved_forward_and_a_copy_is_kept(path: Path, old: Dump) -> None:
    before = rows_of_old(path)
    with opened(path) as session:
        assert session.standing == schema.Standing(t.SCHEMA_VERSION, "warroom", True, REAL)
        found = dump(session.database)
        assert {**found, "meta": []} == {**old, "meta": []}
        assert found["meta"] == [(1, t.SCHEMA_VERSION, t.MIN_READER, t.MIN_WRITER, "warroom", 0, None, None, None)]
        assert [finding for finding in doctor.examine(session.database) if not finding.good] == []
        # Life goes on in it.
        assert session.execute(AddNote("after the upgrade"), "INC-1").entries
        session.writer.tick(session.clock)
        assert [finding for finding in doctor.examine(session.database) if not finding.good] == []
    copy = path.with_name(f"room.db.before-schema-{t.SCHEMA_VERSION}")
    assert rows_of_old(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o660
    assert before["alembic_version"] == [("0001",)]
    assert rows_of_old(path)["alembic_version"] == [(schema.revision_id(t.SCHEMA_VERSION),)]


def test_a_file_that_was_moved_forward_is_not_moved_again(path: Path, old: Dump) -> None:
    opened(path).close()
    copy = path.with_name(f"room.db.before-schema-{t.SCHEMA_VERSION}")
    copy.unlink()
    with opened(path) as session:
        migrate.migrate(session.database)
    assert not copy.exists()


def test_several_programs_open_an_older_file_at_once(path: Path, old: Dump) -> None:
    before = rows_of_old(path)
    answers = crowd("open", path, 4).values()
    assert [answer["schema"] for answer in answers] == [t.SCHEMA_VERSION] * 4
    assert sorted(answer["key"] for answer in answers) == ["Q-4", "Q-5", "Q-6", "Q-7"]
    assert rows_of_old(path.with_name(f"room.db.before-schema-{t.SCHEMA_VERSION}")) == before
    with opened(path) as session:
        assert [finding for finding in doctor.examine(session.database) if not finding.good] == []


def test_who_comes_second_does_not_replace_the_copy_by_one_of_the_new_file(
    path: Path, old: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_of_old(path)
    with Database.open(path) as late:
        seen = schema.standing(late)
        opened(path).close()
        # It looked before the other one was done.
        monkeypatch.setattr(schema, "standing", lambda _: seen)
        migrate.migrate(late)
    assert rows_of_old(path.with_name(f"room.db.before-schema-{t.SCHEMA_VERSION}")) == before


def test_nobody_writes_between_the_copy_and_the_upgrade(path: Path, old: Dump, monkeypatch: pytest.MonkeyPatch) -> None:
    def backup(self: Database, name: str) -> Path:
        other = raw(path)
        with pytest.raises(Exception, match="locked"):
            other.execute("PRAGMA busy_timeout=0").execute("BEGIN IMMEDIATE")
        other.close()
        return made(self, name)

    made = Database.backup
    monkeypatch.setattr(Database, "backup", backup)
    opened(path).close()


@pytest.mark.parametrize("when", ["copy", "upgrade", "after"])
def test_an_upgrade_that_fails_changes_nothing(
    path: Path, old: Dump, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def fail(*arguments: Any) -> None:
        if when == "after":
            upgrade(*arguments)
        raise OSError("the power went")

    upgrade = command.upgrade
    if when == "copy":
        monkeypatch.setattr(Database, "backup", fail)
    else:
        monkeypatch.setattr(command, "upgrade", fail)
    before = rows_of_old(path)
    with pytest.raises(OSError, match="the power went"):
        opened(path)
    assert rows_of_old(path) == before
    monkeypatch.undo()
    with opened(path) as session:
        assert session.standing.schema_version == t.SCHEMA_VERSION


def test_an_older_file_that_may_only_be_read_is_shown_as_it_is(path: Path, old: Dump) -> None:
    before = rows_of_old(path)
    with opened(path, readonly=True) as session:
        assert session.standing.schema_version == 1
        assert [line.key for line in session.lines()] == ["INC-1", "INC-3"]
        assert session.board("INC-1").selected is not None
        with pytest.raises(DatabaseError):
            session.execute(Acknowledge(), "INC-1")
    assert rows_of_old(path) == before


def test_doctor_checks_of_an_older_file_what_is_there_and_says_how_it_is_moved(path: Path, old: Dump) -> None:
    before = rows_of_old(path)
    with Database.open(path, readonly=True) as database:
        found = {finding.check: finding for finding in doctor.examine(database)}
    assert [finding for finding in found.values() if not finding.good] == []
    assert found["schema"].what.startswith(f"schema 1, this program knows {t.SCHEMA_VERSION}: open the room once")
    assert "a copy is kept" in found["schema"].what
    assert found["record"].what.startswith(f"{len(old['event'])} events, sealed")
    assert "rules" in found and "rows of policy_turn" not in found and "outbox" not in found
    with Database.open(path) as database, pytest.raises(ValueError, match=r"schema 1, .*: open the room once"):
        doctor.rebuild(database)
    assert rows_of_old(path) == before


def test_doctor_finds_damage_in_the_record_of_an_older_file(path: Path, old: Dump) -> None:
    with Database.open(path) as database, database.write() as c:
        c.execute(text("UPDATE event SET actor = 'mallory' WHERE seq = 3"))
    with Database.open(path, readonly=True) as database:
        wrong = {finding.check: finding.what for finding in doctor.examine(database) if not finding.good}
    assert list(wrong) == ["record"] and "event 3 " in wrong["record"]


def test_a_message_that_an_older_program_worded_otherwise_is_no_damage(path: Path, old: Dump) -> None:
    with Database.open(path) as database, database.write() as c:
        c.execute(text("UPDATE outbox SET subject = 'earlier words', body = 'more of them'"))
    with opened(path) as session:
        assert [finding for finding in doctor.examine(session.database) if not finding.good] == []


# Models and migrations -----------------------------------------------------------------------------------------------


@pytest.fixture(params=["made", "migrated"])
def current(request: pytest.FixtureRequest, path: Path) -> Iterator[Connection]:
    """A file of this program's schema, made at once or step by step."""
    if request.param == "made":
        opened(path).close()
    with Database.open(path) as database, database.write() as c:
        if request.param == "migrated":
            command.upgrade(migrate.config(c), "head")
        yield c


def test_the_tables_are_those_that_the_models_declare(current: Connection) -> None:
    command.check(migrate.config(current))
    # What the library does not compare: keys, and what may be empty.
    look = inspect(current)
    for model in t.WarroomTable.metadata.tables.values():
        columns = {column["name"]: column for column in look.get_columns(model.name)}
        assert list(columns) == [column.name for column in model.columns]
        for column in model.columns:
            assert columns[column.name]["nullable"] == column.nullable, f"{model.name}.{column.name}"
            assert str(columns[column.name]["type"]) == str(column.type.compile(current.dialect))
        assert look.get_pk_constraint(model.name)["constrained_columns"] == [c.name for c in model.primary_key.columns]
        assert {index["name"] for index in look.get_indexes(model.name)} >= {index.name for index in model.indexes}
    unique = {tuple(each["column_names"]) for each in look.get_unique_constraints("incident")}
    assert unique == {("provider", "source_id"), ("key",)}
    assert {tuple(each["column_names"]) for each in look.get_unique_constraints("event")} == {("incident", "version")}


def test_a_model_without_its_migration_would_be_noticed(current: Connection) -> None:
    current.execute(text("DROP INDEX deadline_due"))
    with pytest.raises(CommandError, match="deadline_due"):
        command.check(migrate.config(current))


def test_every_schema_has_its_migration(path: Path) -> None:
    with Database.open(path) as database, database.read() as c:
        scripts = ScriptDirectory.from_config(migrate.config(c))
    assert scripts.get_heads() == [schema.revision_id(t.SCHEMA_VERSION)]
    assert len(list(scripts.walk_revisions())) == t.SCHEMA_VERSION
    assert t.MIN_READER <= t.MIN_WRITER <= t.SCHEMA_VERSION


# Newer ---------------------------------------------------------------------------------------------------------------


def made_by_a_later_version(path: Path, **numbers: int) -> Dump:
    with opened(path) as session:
        session.execute(Declare("Checkout is down", "SEV1"))
        with session.database.write() as c:
            c.execute(text("ALTER TABLE incident ADD COLUMN mood VARCHAR DEFAULT 'calm'"))
            c.execute(update(schema.META).values(schema_version=t.SCHEMA_VERSION + 3, **numbers))
        return dump(session.database)


def test_a_newer_file_that_may_be_read_is_shown_and_not_written(path: Path) -> None:
    before = made_by_a_later_version(path, min_writer=t.SCHEMA_VERSION + 1)
    with opened(path) as session:
        assert session.readonly
        assert not session.standing.writable
        board = session.board("Q-1")
        assert board.readonly
        assert [line.title for line in board.lines] == ["Checkout is down"]
        assert board.selected is not None
        for attempt in (
            lambda: session.execute(Acknowledge(), "Q-1"),
            lambda: session.execute_all([Declare("x", "SEV1")]),
            lambda: session.publish(quick_rules(ack="2s")),
            lambda: session.writer.tick(session.clock),
        ):
            with pytest.raises(TooNew, match=r"it is shown read-only, please upgrade warroom"):
                attempt()
        assert dump(session.database) == before


def test_a_newer_file_that_this_program_may_write_is_written_and_stays_newer(path: Path) -> None:
    before = made_by_a_later_version(path, min_writer=t.SCHEMA_VERSION)
    with opened(path) as session:
        assert not session.readonly
        session.execute(Acknowledge(), "Q-1")
        after = dump(session.database)
    assert after["meta"] == before["meta"]
    assert len(after["event"]) == len(before["event"]) + 1


def test_a_newer_file_that_may_not_be_read_is_refused(path: Path) -> None:
    before = made_by_a_later_version(path, min_writer=t.SCHEMA_VERSION + 1, min_reader=t.SCHEMA_VERSION + 1)
    for readonly in (False, True):
        with pytest.raises(TooNew, match=r"was written by a newer warroom .* please upgrade warroom"):
            opened(path, readonly=readonly)
    with Database.open(path) as database:
        assert dump(database) == before


# Foreign -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tables",
    [
        ("CREATE TABLE addresses (name TEXT)",),
        ("CREATE TABLE meta (key TEXT, value TEXT)", "CREATE TABLE incident (id INTEGER)"),
        tuple(f"CREATE TABLE {name} (id INTEGER)" for name in ("meta", "head", "event", "incident")),
    ],
)
@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("readonly", [False, True])
def test_another_programs_file_is_refused_and_untouched(
    path: Path, tables: tuple[str, ...], journal: str, readonly: bool
) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode={journal}")
    for statement in tables:
        connection.execute(statement)
    connection.commit()
    connection.close()
    before = path.read_bytes()
    os.utime(path, ns=(5, 5))
    with pytest.raises(NotARoom, match=r"holds other tables .*: it is not a war room; name another file with --db"):
        opened(path, readonly=readonly)
    assert path.stat().st_mtime_ns == 5
    assert path.read_bytes() == before


def test_a_database_without_tables_becomes_a_room_only_when_it_may_be_written(path: Path) -> None:
    Database.open(path).close()
    with pytest.raises(NotARoom, match="is empty: it is not a war room"):
        opened(path, readonly=True)
    with opened(path) as session:
        assert session.standing.room == "quick"


# New -----------------------------------------------------------------------------------------------------------------


def test_several_programs_make_one_room(path: Path) -> None:
    answers = crowd("open", path, 6).values()
    assert sorted(answer["key"] for answer in answers) == [f"Q-{number}" for number in range(1, 7)]
    with Database.open(path) as database:
        found = dump(database)
        assert len(found["meta"]) == len(found["head"]) == len(found["rulebook"]) == 1
        assert [finding for finding in doctor.examine(database) if not finding.good] == []


def test_the_rules_are_asked_for_only_by_who_makes_the_room(path: Path) -> None:
    opened(path).close()

    def never() -> Any:
        raise AssertionError("there is a room already")

    with Session(path, actor="mina", seed=never) as session:
        assert session.book().prefix == "Q"


def test_a_room_that_could_not_be_made_leaves_no_half_of_one(path: Path) -> None:
    def broken() -> Any:
        raise ValueError("these rules make no sense")

    with pytest.raises(ValueError, match="make no sense"):
        Session(path, actor="mina", seed=broken)
    with opened(path) as session:
        assert session.seq() == 0


def test_the_clock_of_a_room_is_everybodys(path: Path) -> None:
    clock = Clock(datetime(2024, 3, 13, tzinfo=UTC), datetime(2020, 1, 1, 0, 0, 0, 1, tzinfo=UTC), 2.5)
    opened(path, new_clock=clock).close()
    with opened(path, new_clock=REAL) as session:
        assert session.room_clock == session.clock == clock
    with opened(path, readonly=True) as session:
        assert session.room_clock == clock


def test_rules_published_again_are_stored_once_and_running_incidents_keep_theirs(path: Path) -> None:
    first, second = quick_rules(), quick_rules(ack="2s")
    with opened(path) as session:
        session.execute(Declare("under the first", "SEV1"))
        for loaded in (second, second, first, second):
            session.publish(loaded)
        session.execute(Declare("under the second", "SEV1"))
        revisions = [row[0] for row in dump(session.database)["rulebook"]]
        assert sorted(revisions) == sorted((first.revision, second.revision))
        assert session.room("Q-1").incident.revision == first.revision
        assert session.room("Q-2").incident.revision == second.revision
        assert session.book().revision == second.revision
        later = Hands(session.clock() + timedelta(seconds=2))
        assert settle(session.writer, later) >= 3
        assert [finding for finding in doctor.examine(session.database) if not finding.good] == []


def test_a_read_only_room_is_never_written(path: Path) -> None:
    opened(path).close()
    with opened(path, readonly=True) as session, pytest.raises(DatabaseReadOnly):
        session.execute(Declare("x", "SEV1"))
