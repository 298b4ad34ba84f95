"""Who is there: rows that tell people, and that nothing rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.store.rooms import dump, room
from warroom.store import presence, schema
from warroom.store import tables as t
from warroom.store.codec import from_us, to_us
from warroom.store.database import Database

NOW = datetime(2024, 3, 13, 10, 0, tzinfo=UTC)


def row(identity: str, at: datetime = NOW, **values: Any) -> dict[str, Any]:
    base = {"login": "ada", "host": "jump01", "pid": 4711, "kind": "board", "lag_us": 0, "note": ""}
    return {"id": identity, **base, "started_at": to_us(at), "seen_at": to_us(at), **values}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with room(tmp_path / "room.db") as (writer, _, _):
        yield writer.database


def ids(database: Database, now: datetime) -> list[str]:
    with database.read() as c:
        return [found.id for found in presence.present(c, now)]


def test_a_process_comes_stays_and_goes(database: Database) -> None:
    presence.arrive(database, row("a"))
    later = NOW + timedelta(seconds=5)
    lag = timedelta(milliseconds=21)
    assert presence.beat(database, "a", now=later, lag=lag, note="one incident cannot be moved on")
    with database.read() as c:
        (found,) = presence.present(c, later)
    assert (from_us(found.started_at), from_us(found.seen_at), found.lag_us) == (NOW, later, 21_000)
    assert found.note == "one incident cannot be moved on"
    presence.leave(database, "a")
    assert ids(database, later) == []


def test_one_that_was_not_taken_out_is_replaced_when_it_comes_back(database: Database) -> None:
    presence.arrive(database, row("a"))
    presence.arrive(database, row("b"))
    presence.arrive(database, row("a", NOW + timedelta(seconds=40), note="the disk was full"))
    assert ids(database, NOW) == ["b", "a"]
    assert len(dump(database, "presence")["presence"]) == 2


def test_three_missed_beats_are_taken_for_death(database: Database) -> None:
    presence.arrive(database, row("a"))
    with database.read() as c:
        (found,) = presence.present(c, NOW)
    for seconds, alive in ((0, True), (15, True), (16, False), (3600, False)):
        assert presence.is_alive(found, NOW + timedelta(seconds=seconds)) is alive
    assert 3 * presence.BEAT < presence.GONE


def test_who_was_not_seen_for_long_is_not_shown_and_later_forgotten(database: Database) -> None:
    presence.arrive(database, row("a"))
    assert ids(database, NOW + timedelta(minutes=10)) == ["a"]
    assert ids(database, NOW + timedelta(minutes=10, seconds=1)) == []
    presence.arrive(database, row("b", NOW + presence.FORGET))
    assert len(dump(database, "presence")["presence"]) == 2
    presence.arrive(database, row("c", NOW + presence.FORGET + timedelta(seconds=1)))
    assert [found[0] for found in dump(database, "presence")["presence"]] == ["b", "c"]
    assert not presence.beat(database, "a", now=NOW, lag=timedelta(0), note="")


def test_presence_is_no_part_of_the_record(database: Database) -> None:
    before = dump(database, "event", "head")
    presence.arrive(database, row("a"))
    presence.beat(database, "a", now=NOW, lag=timedelta(0), note="")
    assert dump(database, "event", "head") == before


def test_nobody_enters_a_newer_programs_file(database: Database) -> None:
    with database.write() as c:
        c.execute(update(schema.META).values(min_writer=t.SCHEMA_VERSION + 1))
    with pytest.raises(schema.TooNew, match="please upgrade"):
        presence.arrive(database, row("a"))
    assert ids(database, NOW) == []
