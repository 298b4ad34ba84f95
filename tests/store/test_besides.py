"""The desk in the database, and what a decision gets to know besides the rules: pages, turns, recent incidents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.store.rooms import Hands, dump, published, room
from tests.support.books import BOOK, T0, minutes
from warroom.domain.core import Refused
from warroom.domain.desk import AddAbsence, AddOverride, RequestSwap, RulesPublished, TakeSwap
from warroom.domain.escalation import Escalate
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.schedule import ScheduleSpec
from warroom.store import besides, doctor
from warroom.store.queries import room_name
from warroom.store.write import DESK_NUMBER, Writer

HOUR = timedelta(hours=1)
RULES = replace(BOOK, schedules={"primary": ScheduleSpec("primary", ())})


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Writer, Hands]]:
    with room(tmp_path / "room.db", RULES) as (writer, _, hands):
        yield writer, hands


def everything_agrees(writer: Writer) -> None:
    # The rules of these tests are invented: the room holds only their name.
    bad = [f for f in doctor.examine(writer.database) if not f.good and f.check != "rules"]
    assert bad == []


def test_what_is_done_at_the_desk_is_sealed_with_everything_else(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    writer.execute(Declare("Down", "SEV1"), actor="mina", now=hands)
    before = len(dump(writer.database, "event")["event"])
    outcome = writer.at_desk(AddOverride("primary", "bo", T0, T0 + HOUR), actor="ada", now=hands)
    assert outcome.seq == before + 1
    assert [o.person for o in outcome.desk.overrides] == ["bo"]
    with writer.database.read() as c:
        assert besides.desk(c) == outcome.desk
        assert besides.duty(c, 1, hands()).overrides == outcome.desk.overrides
    everything_agrees(writer)


def test_a_refused_command_leaves_the_desk_as_it_was(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    before = dump(writer.database)
    with pytest.raises(Refused):
        writer.at_desk(AddAbsence("nobody-we-know", T0, T0 + HOUR), actor="ada", now=hands)
    assert dump(writer.database) == before


def test_a_rebuilt_room_has_the_same_desk(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    writer.execute(Declare("Down", "SEV1"), actor="mina", now=hands)
    writer.at_desk(RequestSwap("primary", T0, T0 + HOUR, note="wedding"), actor="bo", now=hands)
    writer.at_desk(TakeSwap(1), actor="cy", now=hands)
    before = dump(writer.database)
    with writer.database.write() as c:
        c.execute(besides.DESK.update().values(version=7, state="{}"))
        c.execute(besides.TURN.delete())
    assert {f.check for f in doctor.examine(writer.database) if not f.good} == {"rows of policy_turn", "row of desk"}
    doctor.rebuild(writer.database)
    assert dump(writer.database) == before


def test_pages_are_those_for_other_incidents_and_counted_once_a_moment(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    writer.execute(Declare("One", "SEV1"), actor="mina", now=hands)
    hands.move(600)
    for number in (1, 2):
        if number == 2:
            writer.execute(Declare("Two", "SEV4"), actor="mina", now=hands)
        writer.execute(Escalate("help", "dag"), key=_key(writer, number), actor="mina", now=hands)
    with writer.database.read() as c:
        other = besides.duty(c, 2, hands())
        assert other.pages["dag"] == (T0 + minutes(10),)
        assert other.pages.get("nobody", ()) == ()
        own = besides.duty(c, 1, hands())
        assert own.pages["dag"] == (T0 + minutes(10),)
        later = besides.duty(c, 0, hands() + timedelta(days=8))
        assert later.pages["dag"] == ()
        assert set(other.pages) >= {"dag"}


def _key(writer: Writer, number: int) -> str:
    with writer.database.read() as c:
        return str(c.execute(besides.INCIDENT.select().where(besides.INCIDENT.c.id == number)).one().key)


def test_turns_count_the_escalations_of_each_policy(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    policy = BOOK.severities["SEV1"].policy
    with writer.database.read() as c:
        assert besides.duty(c, 0, hands()).turns.get(policy, 0) == 0
    for title in ("One", "Two"):
        writer.execute(Declare(title, "SEV1"), actor="mina", now=hands)
    with writer.database.read() as c:
        assert besides.duty(c, 0, hands()).turns[policy] == 2
        assert set(besides.duty(c, 0, hands()).turns) == {policy}
    everything_agrees(writer)


def test_recent_incidents_are_our_own_of_the_last_week_without_this_one(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    writer.execute(Declare("Old", "SEV1", "web"), actor="mina", now=hands)
    hands.move(8 * 86_400)
    writer.execute(Declare("New", "SEV1", "web", labels={"area": "cards"}), actor="mina", now=hands)
    writer.execute(Declare("This", "SEV1"), actor="mina", now=hands)
    writer.execute(SetStatus(Status.RESOLVED, "over"), key=_key(writer, 2), actor="mina", now=hands)
    with writer.database.read() as c:
        (found,) = besides.duty(c, 3, hands()).recent
        assert (found.title, found.service, found.live, found.labels) == ("New", "web", False, {"area": "cards"})


def test_publishing_is_on_the_record_and_only_when_something_changes(here: tuple[Writer, Hands]) -> None:
    writer, hands = here
    named, rules = published(replace(RULES, room="night shift"))
    first = writer.publish(rules, actor="ada", now=hands)
    assert isinstance(first.entries[0].event, RulesPublished)
    assert first.entries[0].event.revision == named.revision
    assert writer.publish(rules, actor="ada", now=hands).entries == ()
    assert writer.execute(Declare("Down", "SEV1"), actor="mina", now=hands).room.incident.revision == named.revision
    rows = [row for row in dump(writer.database, "event")["event"] if row[1] == DESK_NUMBER]
    assert json.loads(rows[-1][7])["revision"] == named.revision
    with writer.database.read() as c:
        assert room_name(c) == "night shift"


@pytest.mark.parametrize("latest_first", [False, True])
def test_labels_are_read_when_they_are_asked_for_and_each_once(
    here: tuple[Writer, Hands], monkeypatch: pytest.MonkeyPatch, latest_first: bool
) -> None:
    writer, hands = here
    monkeypatch.setattr(besides, "TOGETHER", 10)
    for number in range(25):
        hands.move(60)
        writer.execute(Declare("Down", "SEV4", labels={"n": str(number)}), actor="mina", now=hands)
    with writer.database.read() as c:
        asked: list[str] = []
        event.listen(c, "before_cursor_execute", lambda *told: asked.append(told[2]))
        recent = besides.duty(c, 0, hands()).recent
        assert len(recent) == 25
        before = len(asked)
        found = [each.labels.get("n") for each in (reversed(recent) if latest_first else recent)]
        assert found == [str(n) for n in range(25)][:: -1 if latest_first else 1]
        assert [each.labels["n"] for each in recent] == [str(n) for n in range(25)]
        assert len(asked) - before == 3


def test_the_labels_in_a_damaged_row_are_none() -> None:
    assert besides._labels('{"incident":{"labels":{"a":1}},"escalation":') == {"a": "1"}
    none = '{"incident": {"labels": null}}'
    for damaged in ("", "{}", '{"incident":', '{"incident":[]}', '{"incident":{"labels":[]}}', none):
        assert besides._labels(damaged) == {}
