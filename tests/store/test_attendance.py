"""Who was in which room for how long (R4): rows that other incidents' decisions ask about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.rooms import Hands, dump, room
from tests.support.books import BOOK, SCRIBE, T0
from warroom.domain.core import Entry
from warroom.domain.fatigue import FatigueRules, Limits
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.people import FatigueReached, FatigueTimed, JoinRoom, LeaveRoom
from warroom.domain.roles import LEAD, AssignRole
from warroom.store import besides, doctor
from warroom.store.codec import to_us
from warroom.store.queries import latest
from warroom.store.write import Writer

HOUR = timedelta(hours=1)
RULES = replace(BOOK, fatigue=FatigueRules(in_role=Limits(4 * HOUR), day=Limits(6 * HOUR, 8 * HOUR)))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Writer, Hands]]:
    with room(tmp_path / "room.db", RULES) as (writer, _, hands):
        for title in ("One", "Two"):
            writer.execute(Declare(title, "SEV4"), actor="mina", now=hands)
        yield writer, hands


def first(writer: Writer, number: int) -> str:
    with writer.database.read() as c:
        return str(c.execute(besides.INCIDENT.select().where(besides.INCIDENT.c.id == number)).one().key)


def everything_agrees(writer: Writer) -> None:
    # The rules of these tests are invented: the room holds only their name.
    assert [f for f in doctor.examine(writer.database) if not f.good and f.check != "rules"] == []


def test_each_stay_is_a_row_that_ends_when_somebody_leaves(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    one = first(writer, 1)
    writer.execute(JoinRoom(), key=one, actor="bo", now=hands)
    writer.execute(AssignRole(LEAD, "eva"), key=one, actor="bo", now=hands)
    hands.move(3600)
    writer.execute(LeaveRoom(), key=one, actor="bo", now=hands)
    hands.move(3600)
    writer.execute(JoinRoom(), key=one, actor="bo", now=hands)
    at = [to_us(T0 + count * HOUR) for count in range(3)]
    assert dump(writer.database, "attendance")["attendance"] == [
        (1, "bo", at[0], at[1]),
        (1, "bo", at[2], None),
        (1, "eva", at[0], None),
    ]
    everything_agrees(writer)
    writer.execute(SetStatus(Status.RESOLVED, "over"), key=one, actor="eva", now=hands)
    assert [row[3] is None for row in dump(writer.database, "attendance")["attendance"]] == [False] * 3
    everything_agrees(writer)


def test_other_incidents_know_of_the_last_day_and_of_who_held_a_role(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    one, two = first(writer, 1), first(writer, 2)
    writer.execute(AssignRole(LEAD, "eva"), key=one, actor="bo", now=hands)
    writer.execute(JoinRoom(), key=one, actor="bo", now=hands)
    hands.move(3600)
    writer.execute(LeaveRoom(), key=one, actor="bo", now=hands)
    writer.execute(JoinRoom(), key=two, actor="bo", now=hands)
    with writer.database.read() as c:
        other = besides.duty(c, 2, hands())
        assert other.attended["bo"] == ((T0, T0 + HOUR),)
        assert other.attended["eva"] == ((T0, None),)
        assert other.attended.get("nobody", ()) == ()
        assert other.held[LEAD] == {"eva": 1}
        assert other.held[SCRIBE] == {}
        # Of the incident itself its own state knows.
        assert besides.duty(c, 1, hands()).attended["eva"] == ()
        assert besides.duty(c, 1, hands()).held[LEAD] == {}
        # What ended more than a day ago is not looked at.
        assert besides.duty(c, 2, hands() + timedelta(hours=25)).attended["bo"] == ()


def test_hours_in_one_incident_count_in_another(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    one, two = first(writer, 1), first(writer, 2)
    writer.execute(JoinRoom(), key=one, actor="bo", now=hands)
    hands.move(7 * 3600)
    done = writer.execute(AssignRole(SCRIBE, "bo"), key=two, actor="mina", now=hands)
    assert [e.event for e in done.entries if isinstance(e.event, FatigueTimed)] == [FatigueTimed("bo", T0 + 8 * HOUR)]
    hands.move(3600)
    writer.tick(hands)
    (event,) = [entry.event for entry in (_entries(writer, 2)) if isinstance(entry.event, FatigueReached)]
    assert event.why == "on duty 8h00 in 24h (limit 8h00)"
    everything_agrees(writer)


def _entries(writer: Writer, number: int) -> list[Entry]:
    with writer.database.read() as c:
        return [entry for _, _, entry in latest(c, number, 1000)]


def test_lost_rows_are_found_and_made_anew(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    writer.execute(JoinRoom(), key=first(writer, 1), actor="bo", now=hands)
    hands.move(60)
    before = dump(writer.database)
    with writer.database.write() as c:
        c.execute(besides.ATTENDANCE.delete())
    assert {f.check for f in doctor.examine(writer.database) if not f.good} - {"rules"} == {"rows of attendance"}
    doctor.rebuild(writer.database)
    assert dump(writer.database) == before
