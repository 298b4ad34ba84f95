"""Doctor: whatever is changed behind the program's back is named, and every row can be made anew from the record."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.histories import rich
from tests.store.rooms import PROJECTED, TABLES, Dump, dump, raw, room
from tests.support.profile import examples
from warroom.store import doctor, revisions
from warroom.store import tables as t
from warroom.store.chain import GENESIS, seal
from warroom.store.database import Database
from warroom.store.doctor import Finding

EVENT_COLUMNS = ("incident", "version", "kind", "at", "due", "actor", "data")
IDENTITY = ("incident", "kind", "recipient", "via")
"""Of a message: what no other version of the program would say otherwise."""


class Patient:
    """A room in good health, of which each test gets a copy to damage."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with room(path) as (writer, _, hands):
            rich().play(writer, hands)
            self.rows = dump(writer.database)
        self.count = 0

    @property
    def events(self) -> int:
        return len(self.rows["event"])

    def copy(self) -> Path:
        self.count += 1
        for old in self.path.parent.glob(f"copy{self.count - 3}.db*"):
            old.unlink()
        # Never the same name twice: SQLite would mix the new file with the log of the old one.
        return shutil.copy(self.path, self.path.with_name(f"copy{self.count}.db"))

    def damaged(self, damage: Callable[[Any], object]) -> Path:
        """A copy to which `damage` was done by a program that knows nothing of warroom."""
        path = self.copy()
        connection = raw(path)
        damage(connection)
        connection.close()
        return path


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Patient:
    return Patient(tmp_path_factory.mktemp("doctor") / "room.db")


def findings(path: Path) -> dict[str, Finding]:
    """What doctor says of a file, by check; everything but the machine's own affairs."""
    with Database.open(path, readonly=True) as database:
        return {finding.check: finding for finding in doctor.examine(database) if finding.check != "advice"}


def bad(path: Path) -> dict[str, str]:
    return {check: finding.what for check, finding in findings(path).items() if not finding.good}


def rows_of(path: Path) -> Dump:
    with Database.open(path, readonly=True) as database:
        return dump(database)


def healed(path: Path) -> Dump:
    with Database.open(path) as database:
        doctor.rebuild(database)
        return dump(database)


def test_a_healthy_room_has_nothing_wrong(patient: Patient) -> None:
    found = findings(patient.path)
    assert [check for check, finding in found.items() if not finding.good] == []
    assert list(found) == [
        *("library", "permissions", "integrity", "schema", "record", "rules"),
        *("rows of incident", "rows of role", "rows of page", "rows of deadline", "rows of attendance"),
        *("rows of comms_update", "rows of policy_turn", "row of desk", "outbox"),
    ]
    assert found["record"].what.startswith(f"{patient.events} events, sealed")
    assert "queued" in found["outbox"].what


def test_a_new_room_has_nothing_wrong(tmp_path: Path) -> None:
    with room(tmp_path / "room.db") as (writer, _, _):
        found = doctor.examine(writer.database)
        assert [finding for finding in found if not finding.good] == []
        assert doctor.rebuild(writer.database) == 0


# The record ----------------------------------------------------------------------------------------------------------


def other(value: object) -> object:
    """Another value of the same kind."""
    if value is None:
        return 1
    return value + 1 if isinstance(value, int) else f"{value}x"


def edit(table: str, column: str, key: dict[str, Any], value: object) -> Callable[[Any], object]:
    where = " AND ".join(f"{name} = ?" for name in key)
    return lambda c: c.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *key.values()))


@given(st.data())
@examples(0.4)
def test_an_event_that_was_changed_is_named(patient: Patient, data: st.DataObject) -> None:
    seq = data.draw(st.integers(1, patient.events))
    column = data.draw(st.sampled_from((*EVENT_COLUMNS, "hash")))
    old = patient.rows["event"][seq - 1][("seq", *EVENT_COLUMNS, "hash").index(column)]
    # Anything at all may stand there afterwards, or next to nothing may have changed.
    value = data.draw(st.just(other(old)) | st.text(max_size=5).filter(lambda text: text != old))
    if column in ("incident", "version"):
        value = data.draw(st.integers(1000, 2000))
    path = patient.damaged(edit("event", column, {"seq": seq}, value))
    assert f"event {seq} " in bad(path)["record"]


@given(st.data())
@examples(0.25)
def test_an_event_that_was_taken_out_is_named(patient: Patient, data: st.DataObject) -> None:
    seq = data.draw(st.integers(1, patient.events - 1))
    path = patient.damaged(lambda c: c.execute("DELETE FROM event WHERE seq = ?", (seq,)))
    assert f"event {seq} is missing" in bad(path)["record"]


@given(st.data())
@examples(0.25)
def test_two_events_that_changed_places_are_named(patient: Patient, data: st.DataObject) -> None:
    one, two = sorted(data.draw(st.lists(st.integers(1, patient.events), min_size=2, max_size=2, unique=True)))

    def swap(c: Any) -> None:
        for old, new in ((one, -one), (two, one), (-one, two)):
            c.execute("UPDATE event SET seq = ? WHERE seq = ?", (new, old))

    assert f"event {one} " in bad(patient.damaged(swap))["record"]


@given(st.data())
@examples(0.25)
def test_an_event_that_was_slipped_in_is_named(patient: Patient, data: st.DataObject) -> None:
    seq = data.draw(st.integers(1, patient.events))
    source = data.draw(st.integers(1, patient.events))
    columns = ", ".join((*EVENT_COLUMNS, "hash"))

    def slip_in(c: Any) -> None:
        c.execute("UPDATE event SET seq = -seq - 1 WHERE seq >= ?", (seq,))
        c.execute("UPDATE event SET seq = -seq WHERE seq < 0")
        moved = source + 1 if source >= seq else source
        c.execute(
            f"INSERT INTO event (seq, {columns}) SELECT ?, {columns.replace('version', 'version + 5000')} "
            "FROM event WHERE seq = ?",
            (seq, moved),
        )

    assert f"event {seq} " in bad(patient.damaged(slip_in))["record"]


@pytest.mark.parametrize("count", [1, 2, 7])
def test_an_end_that_was_cut_off_is_named(patient: Patient, count: int) -> None:
    last = patient.events - count
    path = patient.damaged(lambda c: c.execute("DELETE FROM event WHERE seq > ?", (last,)))
    wrong = bad(path)["record"]
    assert f"the record ends at event {last}, its head says {patient.events}: its end was cut off" in wrong


def test_an_end_that_was_cut_off_with_care_still_shows_in_the_rows(patient: Patient) -> None:
    last = patient.events - 3

    def cut(c: Any) -> None:
        c.execute("DELETE FROM event WHERE seq > ?", (last,))
        c.execute("UPDATE head SET seq = ?, hash = (SELECT hash FROM event WHERE seq = ?)", (last, last))

    wrong = bad(patient.damaged(cut))
    assert "record" not in wrong
    assert "differs in" in wrong["rows of incident"]


def test_events_put_behind_the_end_are_named_though_they_are_sealed(patient: Patient) -> None:
    last = patient.rows["event"][-1]
    row = {name: last[index + 1] for index, name in enumerate(EVENT_COLUMNS)}
    row |= {"version": row["version"] + 1, "kind": "noted", "data": '{"text":"never said","note_kind":"note"}'}
    row["due"] = None
    seq = last[0] + 1

    def add(c: Any) -> None:
        values = (seq, *row.values(), seal(last[-1], seq, **row))
        c.execute(f"INSERT INTO event VALUES ({', '.join('?' * len(values))})", values)

    wrong = bad(patient.damaged(add))
    assert "something was put behind it" in wrong["record"]
    assert "rows of incident" in wrong


def test_a_number_within_the_incident_that_does_not_fit_is_named_though_it_is_sealed(patient: Patient) -> None:
    last = patient.rows["event"][-1]
    row = dict(zip(EVENT_COLUMNS, last[1:-1], strict=True)) | {"version": last[2] + 7}
    sealed = seal(patient.rows["event"][-2][-1], last[0], **row)

    def renumber(c: Any) -> None:
        c.execute("UPDATE event SET version = ?, hash = ? WHERE seq = ?", (row["version"], sealed, last[0]))
        c.execute("UPDATE head SET hash = ?", (sealed,))

    wrong = bad(patient.damaged(renumber))
    assert wrong["record"] == f"event {last[0]} says version {row['version']} of incident {row['incident']}"


def test_an_event_before_the_first_is_named(patient: Patient) -> None:
    columns = ", ".join((*EVENT_COLUMNS, "hash")).replace("version", "version + 5000")
    path = patient.damaged(lambda c: c.execute(f"INSERT INTO event SELECT -4, {columns} FROM event WHERE seq = 2"))
    assert bad(path) == {"record": "event -4 stands before the first one"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("hash = '" + "1" * 64 + "'", "the seal of the last event"),
        ("seq = seq + 1", "its end was cut off"),
        ("incidents = incidents + 1", "the latest incident is number 3, the head says 4"),
        ("incidents = 1", "the latest incident is number 3, the head says 1"),
    ],
)
def test_a_head_that_was_changed_is_named(patient: Patient, change: str, words: str) -> None:
    assert words in bad(patient.damaged(lambda c: c.execute(f"UPDATE head SET {change}")))["record"]


def newer(c: Any) -> None:
    """What a later version of warroom might write."""
    seq, incident, version, _, at, _, actor, *_, before = c.execute("SELECT * FROM event ORDER BY seq DESC").fetchone()
    row = {"incident": incident, "version": version + 1, "kind": "unborn", "at": at, "due": None, "actor": actor}
    row["data"] = "{}"
    sealed = seal(before, seq + 1, **row)
    c.execute("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?)", (seq + 1, *row.values(), sealed))
    c.execute("UPDATE head SET seq = ?, hash = ?", (seq + 1, sealed))


def test_an_event_of_a_newer_program_is_no_damage_but_asks_for_an_upgrade(patient: Patient) -> None:
    path = patient.damaged(newer)
    assert list(bad(path)) == ["record"]
    assert "does not know: upgrade it" in bad(path)["record"]
    before = rows_of(path)
    with Database.open(path) as database, pytest.raises(ValueError, match="upgrade"):
        doctor.rebuild(database)
    assert rows_of(path) == before


def test_findings_are_spelled_out_up_to_a_number_and_counted_beyond(patient: Patient) -> None:
    path = patient.damaged(lambda c: c.execute("UPDATE event SET actor = 'mallory'"))
    assert bad(path)["record"].count("is not what was sealed") == doctor.SHOWN
    assert f"and {patient.events - doctor.SHOWN} more" in bad(path)["record"]


def test_the_seal_covers_every_field_and_where_it_ends() -> None:
    base = {"seq": 1, "incident": 2, "version": 3, "kind": "noted", "at": 4, "due": 5, "actor": "ada", "data": "{}"}
    seals = {seal(GENESIS, **base), seal("1" * 64, **base)}
    for name, value in base.items():
        seals.add(seal(GENESIS, **{**base, name: other(value)}))
    seals.add(seal(GENESIS, **{**base, "due": None}))
    seals.add(seal(GENESIS, **{**base, "kind": "note", "at": "d4"}))
    seals.add(seal(GENESIS, **{**base, "actor": "ada{", "data": "}"}))
    seals.add(seal(GENESIS, **{**base, "actor": "\udcff"}))
    assert len(seals) == 2 + len(base) + 4


# Rows ----------------------------------------------------------------------------------------------------------------


@given(st.data())
@examples(0.25)
def test_a_row_that_was_changed_added_or_lost_is_named_and_made_anew(patient: Patient, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(PROJECTED))
    table = next(t.table(model) for model in TABLES if model.__tablename__ == name)
    columns = [column.name for column in table.columns]
    row = dict(zip(columns, data.draw(st.sampled_from(patient.rows[name])), strict=True))
    key = {column.name: row[column.name] for column in table.primary_key.columns}
    how = data.draw(st.sampled_from(("change", "change", "delete", "add")))

    def damage(c: Any) -> None:
        if how == "delete":
            c.execute(f"DELETE FROM {name} WHERE " + " AND ".join(f"{k} = ?" for k in key), tuple(key.values()))
        elif how == "add":
            extra = {**row, **{k: other(other(value)) for k, value in key.items()}}
            if name == "incident":
                extra |= {"id": 999, "key": "INC-999", "provider": None, "source_id": None}
            marks = ", ".join("?" * len(extra))
            c.execute(f"INSERT INTO {name} VALUES ({marks})", tuple(extra.values()))
        else:
            column = data.draw(st.sampled_from(columns))
            value = not row[column] if isinstance(row[column], bool) else other(row[column])
            if column in key and isinstance(row[column], int):
                value = 999  # a number that no other row has
            edit(name, column, key, value)(c)

    path = patient.damaged(damage)
    wrong = bad(path)
    assert list(wrong) == [f"rows of {name}"]
    assert "run warroom doctor --rebuild" in wrong[f"rows of {name}"]
    assert healed(path) == patient.rows
    assert bad(path) == {}


def test_all_rows_at_once_are_made_anew(patient: Patient) -> None:
    def empty(c: Any) -> None:
        for name in PROJECTED:
            c.execute(f"DELETE FROM {name}")

    path = patient.damaged(empty)
    emptied = ("incident", "role", "page", "deadline", "attendance", "comms_update")
    assert list(bad(path)) == [f"rows of {name}" for name in emptied]
    assert healed(path) == patient.rows


def test_what_cannot_be_folded_is_not_made_anew(patient: Patient) -> None:
    path = patient.damaged(lambda c: c.execute("UPDATE event SET data = '{' WHERE seq = 4"))
    before = rows_of(path)
    with Database.open(path) as database, pytest.raises(ValueError, match="event 4 does not follow"):
        doctor.rebuild(database)
    assert rows_of(path) == before


def test_an_error_while_rows_are_made_anew_leaves_the_old_ones(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(*_: object) -> object:
        raise MemoryError

    path = patient.damaged(lambda c: c.execute("DELETE FROM role"))
    before = rows_of(path)
    monkeypatch.setattr(doctor, "children_of", half)
    with Database.open(path) as database, pytest.raises(MemoryError):
        doctor.rebuild(database)
    assert rows_of(path) == before


# Messages and rules --------------------------------------------------------------------------------------------------


@given(st.data())
@examples(0.25)
def test_a_message_that_was_changed_added_or_lost_is_named(patient: Patient, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(patient.rows["outbox"]) - 1))
    key = patient.rows["outbox"][index][0]
    how = data.draw(st.sampled_from(("change", "delete", "add")))
    match how:
        case "delete":
            path = patient.damaged(lambda c: c.execute("DELETE FROM outbox WHERE id = ?", (key,)))
            words = f"message {key} is missing"
        case "add":
            path = patient.damaged(lambda c: c.execute("UPDATE outbox SET id = 'INC-1/9/9' WHERE id = ?", (key,)))
            words = f"message INC-1/9/9 has no event; message {key} is missing"
        case _:
            place = data.draw(st.integers(1, len(IDENTITY)))
            value = other(patient.rows["outbox"][index][place])
            path = patient.damaged(edit("outbox", IDENTITY[place - 1], {"id": key}, value))
            words = f"message {key} is not what was decided"
    assert bad(path) == {"outbox": words}


def test_what_became_of_a_message_is_no_damage(patient: Patient) -> None:
    sent = "UPDATE outbox SET state = 'sent', tries = 3, sent_at = 5, maybe_twice = 1, error = 'x', claimed_by = 'me'"
    assert bad(patient.damaged(lambda c: c.execute(sent))) == {}


def test_the_words_of_a_message_may_be_those_of_another_version(patient: Patient) -> None:
    words = "UPDATE outbox SET subject = 'earlier words', body = 'more of them', address = 'an older one'"
    assert bad(patient.damaged(lambda c: c.execute(words))) == {}


@pytest.fixture
def forgetful() -> Iterator[None]:
    """Revisions that were read before are not remembered: as in a program that has just started."""
    kept = dict(revisions._books)
    revisions._books.clear()
    yield
    revisions._books.update(kept)


def test_rules_that_were_changed_are_named(patient: Patient) -> None:
    path = patient.damaged(lambda c: c.execute("UPDATE rulebook SET content = '{}'"))
    assert "is not what was published under that name" in bad(path)["rules"]


def test_rules_that_are_lost_are_named_by_who_needs_them(patient: Patient, forgetful: None) -> None:
    path = patient.damaged(lambda c: c.execute("DELETE FROM rulebook"))
    wrong = bad(path)
    assert list(wrong) == ["rules"]
    assert "INC-2: this room does not hold revision" in wrong["rules"]
    assert "is in force, and not there" in wrong["rules"]
    with Database.open(path) as database, pytest.raises(ValueError, match="INC-1: this room does not hold revision"):
        doctor.rebuild(database)


def test_rules_that_cannot_be_read_are_named(patient: Patient, forgetful: None) -> None:
    path = patient.damaged(lambda c: c.execute("UPDATE rulebook SET content = content || ' '"))
    assert "stored revision" in bad(path)["rules"]


# The file ------------------------------------------------------------------------------------------------------------


def test_pages_that_belong_to_nothing_are_named(patient: Patient) -> None:
    def orphan(c: Any) -> None:
        c.execute("PRAGMA writable_schema=ON")
        c.execute("DELETE FROM sqlite_master WHERE name = 'deadline_due'")

    wrong = bad(patient.damaged(orphan))
    assert list(wrong) == ["integrity"]
    assert "never used" in wrong["integrity"]


def test_a_ruined_page_is_reported_and_not_a_crash(patient: Patient) -> None:
    path = patient.copy()
    connection = raw(path)
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    wrong = bad(path)
    assert "integrity" in wrong
    assert "is damaged" in wrong["record"]


def test_doctor_reads_only(patient: Patient) -> None:
    path = patient.copy()
    content = path.read_bytes()
    assert bad(path) == {}
    assert path.read_bytes() == content


def test_a_room_that_lives_on_stays_healthy(patient: Patient) -> None:
    path = patient.copy()
    with room(path) as (writer, _, hands):
        hands.move(86_400)
        while writer.tick(hands).steps:
            pass
        assert len(dump(writer.database, "event")["event"]) > patient.events
    assert bad(path) == {}
