"""Incidents that a rule holds back, through the database: looked at in time, forecast, and explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.test_forecasting import opened
from tests.store.rooms import Hands
from tests.support.books import BOOK, T0, minutes
from warroom.domain.conditions import Matches, Pattern
from warroom.domain.incident import Declare, Merge, SetStatus, Status
from warroom.domain.rules import Effects, GroupBy, Rule
from warroom.service.session import Session
from warroom.store import doctor
from warroom.store.write import Writer
from warroom.views import WhyState

MACHINE, TEST = Matches("source", (Pattern("prometheus"),)), Matches("source", (Pattern("synthetic"),))
RULES = replace(
    BOOK,
    rules=(
        Rule("storm", MACHINE, Effects(group=GroupBy("service"))),
        Rule("quiet", TEST, Effects(suppress="a test", suppress_for=timedelta(hours=4))),
    ),
)
Here = tuple[Session, Writer, Hands]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    """A room in which INC-1 is live, and INC-2 joined it a moment ago."""
    with opened(tmp_path / "room.db", RULES) as found:
        session = found[0]
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        joined = session.execute(Declare("No sales", "SEV2", "checkout", source="prometheus"))
        assert joined.room.incident.held == "grouped with INC-1 by rule storm"
        yield found


def live(here: Here, key: str, minutes_more: int) -> list[str]:
    """Let the engine look each half minute; what it wrote of an incident."""
    session, writer, hands = here
    before = len(session.log(key))
    for _ in range(2 * minutes_more):
        hands.move(30)
        while writer.tick(hands).steps:
            pass
    return [entry.event.kind for _, entry, _ in session.log(key)[before:]]


def test_it_is_paged_for_at_once_when_somebody_resolves_the_other_one(here: Here) -> None:
    session, _, _ = here
    assert live(here, "INC-2", 6) == ["hold_kept"]
    before = len(session.log("INC-2"))
    outcome = session.execute(SetStatus(Status.RESOLVED, "fixed"), "INC-1")
    assert outcome.entries[0].event.kind == "status_changed"
    wrote = [entry.event.kind for _, entry, _ in session.log("INC-2")[before:]]
    assert wrote[:3] == ["hold_lifted", "escalation_planned", "level_paged"]
    assert session.room("INC-2").incident.held == ""
    assert any(message.to == "ada" for message in session.detail("INC-2").outbox)
    assert all(check.good for check in doctor.examine(session.database))


def test_of_a_storm_one_incident_pages_and_the_others_join_it(here: Here) -> None:
    session, _, hands = here
    for number in range(3, 9):
        hands.move(20)
        session.execute(Declare(f"No sales {number}", "SEV2", "checkout", source="prometheus"))
    session.execute(SetStatus(Status.RESOLVED, "fixed"), "INC-1")
    assert session.room("INC-2").incident.held == ""
    for number in range(3, 9):
        incident = session.room(f"INC-{number}").incident
        assert incident.held == "grouped with INC-2 by rule storm"
        assert incident.labels["grouped"] == "INC-2"
        assert session.log(f"INC-{number}")[-1][0].text.startswith("now with INC-2")
    # And so on, until the last one has been paged for.
    for number in range(2, 9):
        session.execute(SetStatus(Status.RESOLVED, "fixed"), f"INC-{number}")
    assert all(check.good for check in doctor.examine(session.database))


def test_an_hour_of_waiting_leaves_a_handful_of_lines(here: Here) -> None:
    assert live(here, "INC-2", 60) == ["hold_kept"] * 4


def test_what_joined_a_duplicate_is_looked_at_too(here: Here) -> None:
    session, _, _ = here
    session.execute(Declare("All is down", "SEV1", "web"))
    session.execute(Merge("INC-3"), "INC-1")
    assert "level_paged" in [entry.event.kind for _, entry, _ in session.log("INC-2")]
    (lifted,) = [line for line, entry, _ in session.log("INC-2") if entry.event.kind == "hold_lifted"]
    assert lifted.text == "paging after all: INC-1 is over"


def test_the_forecast_of_a_hold_is_short_and_what_the_engine_writes(here: Here) -> None:
    session, writer, hands = here
    first, lifted, *_ = session.forecast("INC-2").lines
    assert (first.at, first.kind) == (T0 + minutes(5), "hold_kept")
    assert first.what == ("still grouped with INC-1, nobody is paged; looked at again and again until that one is over")
    assert lifted.kind == "hold_lifted"
    assert timedelta(days=7) < lifted.at - T0 <= timedelta(days=7, minutes=20)
    session.execute(Declare("A probe fails", "SEV2", "web", source="synthetic"))
    known, others = len(session.log("INC-3")), frozenset({1, 2})
    expected = session.forecast("INC-3", steps=20).lines
    while (due := writer.next_due(others)) is not None and len(session.log("INC-3")) - known < 20:
        hands.now = max(hands.now, due)
        writer.tick(hands, others)
    wrote = [entry for _, entry, _ in session.log("INC-3")[known:]]
    assert [(line.at, line.kind) for line in expected] == [(e.at, e.event.kind) for e in wrote][:20]
    assert [line.kind for line in expected][:3] == ["hold_lifted", "escalation_planned", "level_paged"]


def test_why_says_what_holds_it_back_and_who_is_paged_then(here: Here) -> None:
    session, _, _ = here
    live(here, "INC-2", 40)
    lines = session.why("INC-2").lines
    said = [line.what for line in lines if line.state is WhyState.SINCE]
    assert said[0].startswith("rule storm: grouped with INC-1, nobody is paged (source prometheus)")
    # Of several looks that found nothing new the latest one is told.
    assert [each for each in said if each.startswith("still with INC-1")] == [
        "still with INC-1, nobody is paged; looked at again at Wed 10:55 UTC"
    ]
    ahead = [line for line in lines if line.state is WhyState.AHEAD]
    assert ahead
    assert ahead[0].person == "ada"
    assert all(line.at is not None and line.at - T0 >= timedelta(days=7) for line in ahead)
    assert any(line.person == "ada" for line in session.why("INC-2", "ada").lines)


def test_a_suppressed_incident_tells_when_people_are_paged(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", RULES) as found:
        session, writer, hands = found
        session.execute(Declare("A test", "SEV1", "checkout", source="synthetic"))
        first, *_ = session.forecast("INC-1").lines
        assert (first.at, first.kind) == (T0 + timedelta(hours=4), "hold_lifted")
        assert first.what == "paging after all: rule quiet suppresses for 4h at the most"
        pages = session.forecast("INC-1", pages_only=True).lines
        assert pages[0].at == T0 + timedelta(hours=4)
        since = [line.what for line in session.why("INC-1").lines if line.state is WhyState.SINCE]
        assert "rule quiet: nobody is paged until Wed 13 Mar 14:00 UTC: a test (source synthetic)" in since
        hands.now = T0 + timedelta(hours=4)
        writer.tick(hands)
        assert session.room("INC-1").escalation.level == 1
