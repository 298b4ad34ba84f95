"""What happened before a decision is asked of the database by its indexes, however much it was."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from tests.bench.crowded import NOON, Begun, make_room
from tests.store.rooms import Hands, room
from tests.support.books import BOOK
from warroom.domain.duty import Recent
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.matching import spaced
from warroom.domain.repeating import Earlier, kind_of
from warroom.store import besides, earlier
from warroom.store.codec import to_us
from warroom.store.database import Database
from warroom.store.write import Writer

HOUR = timedelta(hours=1)
SERVICES = ("web", "WEB", "payments  api", "Payments API", "mail")
TITLES = ("Down", "down", "Slow  again")


@pytest.fixture
def several(tmp_path: Path) -> Iterator[tuple[Writer, Hands]]:
    """Thirty incidents, a few minutes apart, of services and titles that are spelt differently."""
    chance = random.Random(5)
    with room(tmp_path / "room.db", BOOK) as (writer, _, hands):
        for number in range(30):
            hands.move(chance.choice((0, 60, 600)))
            declare = Declare(chance.choice(TITLES), "SEV4", chance.choice(SERVICES), labels={"n": str(number % 3)})
            writer.execute(declare, actor="mina", now=hands)
        writer.execute(SetStatus(Status.RESOLVED, "over"), key="INC-4", actor="mina", now=hands)
        yield writer, hands


def asked(c: Connection, hands: Hands, number: int) -> tuple[Earlier, tuple[Recent, ...]]:
    """What can be asked for the incident of that number, and all that a look at every row says."""
    found = besides.duty(c, number, hands()).recent
    assert isinstance(found, Earlier)
    return found, tuple(found)


@pytest.mark.parametrize("same", ["service", "title", "severity", "labels.n"])
@pytest.mark.parametrize("number", [0, 7, 30])
def test_the_index_answers_as_a_look_at_every_incident_does(
    several: tuple[Writer, Hands], same: str, number: int
) -> None:
    writer, hands = several
    with writer.database.read() as c:
        here, all_ = asked(c, hands, number)
        kinds = {kind_of(same, each) for each in all_} | {"nothing of the kind"}
        moments = sorted({each.declared_at for each in all_})
        for since, until in ((moments[0], moments[-1]), (moments[3], moments[9]), (moments[-1] + HOUR, hands() + HOUR)):
            for kind in kinds:
                wanted = [e.key for e in all_ if kind_of(same, e) == kind and since <= e.declared_at <= until]
                found = list(here.alike(same, frozenset({kind}), since, until))
                assert sorted(each.key for each in found) == sorted(wanted)
                assert [each.declared_at for each in found] == sorted(each.declared_at for each in found)
                assert here.times(same, frozenset({kind}), since, until) == len(wanted)
        assert here.named("INC-4") == (next(each for each in all_ if each.key == "INC-4"))
        assert here.named(f"INC-{number}") is None
        assert here.named("INC-99") is None


def test_what_was_decided_and_is_not_written_yet_counts(several: tuple[Writer, Hands]) -> None:
    writer, hands = several
    with writer.database.read() as c:
        stands = besides.Besides(c, hands())
        rows = {row.id: dict(row._mapping) for row in c.execute(besides.INCIDENT.select())}
        web = [n for n, row in rows.items() if spaced(row["service"]) == "web"]
        mail = next(n for n, row in rows.items() if row["service"] == "mail")
        stands.decided(rows[mail] | {"service": "Web"}, (), {})
        stands.decided(rows[web[0]] | {"live": False}, (), {})
        stands.decided(rows[1] | {"id": 99, "key": "INC-99", "service": "web"}, (), {})  # not declared yet
        here = stands.duty(web[1]).recent
        assert isinstance(here, Earlier)
        kinds, since = frozenset({"web"}), hands() - 24 * HOUR
        keys = [f"INC-{n}" for n in sorted({*web, mail} - {web[1]}, key=lambda n: (rows[n]["declared_at"], n))]
        found = list(here.alike("service", kinds, since, hands()))
        assert sorted(each.key for each in found) == sorted(keys)
        assert [each.declared_at for each in found] == sorted(each.declared_at for each in found)
        assert here.times("service", kinds, since, hands()) == len(keys)
        assert not next(each for each in found if each.key == f"INC-{web[0]}").live
        first = here.named(f"INC-{web[0]}")
        assert first is not None and not first.live


def test_of_a_storm_no_more_is_read_than_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, at = tmp_path / "storm.db", NOON - timedelta(minutes=5)
    make_room(path, (Begun("SEV3", at, f"service-{n % 3}") for n in range(600)))
    read: list[int] = []
    known = besides.Besides._known

    def counted(self: besides.Besides, row: Any) -> tuple[int, Recent]:
        read.append(row.id)
        return known(self, row)

    monkeypatch.setattr(besides.Besides, "_known", counted)
    with Database.open(path, login="tester", readonly=True) as database, database.read() as c:
        statements: list[str] = []
        event.listen(c, "before_cursor_execute", lambda *told: statements.append(told[2]))
        here = besides.duty(c, 1, NOON).recent
        assert isinstance(here, Earlier)
        kinds = frozenset({"service-1"})
        before = len(statements)
        assert here.times("service", kinds, NOON - HOUR, NOON) == 200
        assert len(statements) - before == 3 and not read
        oldest = next(here.alike("service", kinds, NOON - HOUR, NOON))
        assert oldest.service == "service-1" and len(read) == 1
        assert here.named("INC-600") is not None and len(read) == 2
        plan = c.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT count(*) FROM incident WHERE provider IS NULL AND service IN ('a') "
            "AND declared_at BETWEEN 1 AND 2"
        ).all()
        assert "COVERING INDEX incident_service" in str(plan)


def test_a_severity_is_set_in_a_storm_without_reading_the_storm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "storm.db"
    make_room(path, (Begun("SEV3", NOON, f"service-{n % 3}") for n in range(300)))
    read: list[int] = []
    known = besides.Besides._known

    def counted(self: besides.Besides, row: Any) -> tuple[int, Recent]:
        read.append(row.id)
        return known(self, row)

    monkeypatch.setattr(besides.Besides, "_known", counted)
    with Database.open(path, login="tester") as database:
        outcome = Writer(database).execute(SetSeverity("SEV2", "worse"), key="INC-7", actor="mina", now=lambda: NOON)
    assert outcome.room.incident.severity == "SEV2"
    assert len(read) <= earlier.FEW


def test_how_often_somebody_was_paged_is_asked_by_the_moment(tmp_path: Path) -> None:
    path = tmp_path / "storm.db"
    moments = [NOON - timedelta(seconds=n) for n in (90, 60, 60, 30, 30, 30)]
    make_room(path, (Begun("SEV3", moments[n % 6], "web") for n in range(300)))
    with Database.open(path, login="tester", readonly=True) as database, database.read() as c:
        (person, *_) = besides.Besides(c, NOON).paged()
        stands = besides.Besides(c, NOON)
        seen = tuple(stands.duty(0).pages[person])
        assert len(seen) >= 300
        statements: list[str] = []
        event.listen(c, "before_cursor_execute", lambda *told: statements.append(told[2]))
        duty = besides.duty(c, 1, NOON)
        before = len(statements)
        found = duty.paged_at(person, NOON - HOUR, NOON)
        assert found == tuple(sorted(set(seen))) and len(found) == 3
        assert len(statements) - before == 1 and "DISTINCT" in statements[-1]
        assert duty.paged_at(person, NOON - timedelta(seconds=60), NOON) == found[-1:]
        assert duty.paged_at(person, NOON - HOUR, NOON - timedelta(seconds=60)) == found[:2]
        assert duty.paged_at("nobody", NOON - HOUR, NOON) == ()
        plain = replace(duty, pages={person: seen})
        assert plain.paged_at(person, NOON - timedelta(seconds=60), NOON) == found[-1:]
        # A page that is not written yet counts, unless it is this incident's own.
        row = dict(c.execute(besides.INCIDENT.select().limit(1)).one()._mapping)
        for incident in (1, 2):
            at = to_us(NOON - timedelta(seconds=incident))
            stands.decided(row, [{"kind": "page", "recipient": person, "created_at": at, "incident": incident}], {})
        assert stands.duty(1).paged_at(person, NOON - HOUR, NOON) == (*found, NOON - timedelta(seconds=2))
