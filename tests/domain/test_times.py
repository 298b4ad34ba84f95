"""The times of an incident: their order, what nobody said, and that a correction moves no timer."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import T0, minutes
from tests.support.play import Play, declared
from tests.support.profile import examples
from warroom.domain.core import Stale
from warroom.domain.correcting import FORGETTABLE, as_text, known
from warroom.domain.incident import Amend, CountCases, SetStatus, Status, StatusChanged
from warroom.domain.room import describe
from warroom.domain.times import CHAINS, ORDER, missing, out_of_order, times_of

MOMENTS = st.one_of(st.none(), st.integers(0, 600).map(lambda n: T0 + minutes(n)))


@examples(3)
@given(st.fixed_dictionaries({name: MOMENTS for name, _ in ORDER}))
def test_nothing_is_said_exactly_where_every_chain_is_in_order(times: dict[str, datetime | None]) -> None:
    known = [[at for at in (times[name] for name in chain) if at is not None] for chain in CHAINS]
    in_order = all(a <= b for chain in known for a, b in pairwise(chain))
    assert (out_of_order(times) == ()) is in_order
    assert set(missing(times)) == {name for name in missing({}) if times[name] is None}


def test_it_may_be_over_before_anybody_declares_it() -> None:
    over = {"started_at": T0, "mitigated_at": T0 + minutes(5), "ended_at": T0 + minutes(6)}
    assert out_of_order({**over, "declared_at": T0 + minutes(60), "acknowledged_at": T0 + minutes(61)}) == ()


def test_what_cannot_be_true_is_said_in_words() -> None:
    (said,) = out_of_order({"started_at": T0, "detected_at": T0 - minutes(1)})
    assert said == "detected (2024-03-13 09:59 UTC) lies before impact started (2024-03-13 10:00 UTC)"


def test_each_time_is_kept_apart_and_can_be_corrected() -> None:
    play = declared()
    play.now = T0 + minutes(50)
    play.do(SetStatus(Status.RESOLVED, "done"))
    play.do(SetStatus(Status.CLOSED, "reviewed"))
    wanted = {name: T0 + minutes(n) for n, (name, _) in enumerate(ORDER)}
    deadlines = play.deadlines()
    (event,) = play.do(Amend(reason="logs", **wanted))
    assert times_of(play.there.incident) == wanted
    assert play.deadlines() == deadlines, "a correction moved a timer"
    words = describe(event)
    assert all(word in words for _, word in ORDER) and words.endswith("corrected: logs")


@pytest.mark.parametrize("name", [name for name, _ in ORDER])
def test_no_time_lies_in_the_future(name: str) -> None:
    play = declared()
    assert "future" in (said := play.refusal(Amend(**{name: T0 + minutes(1)}))) or "not yet" in said


def test_what_is_not_over_has_no_end() -> None:
    play = declared()
    assert "resolve it" in play.refusal(Amend(ended_at=T0))
    assert "not closed" in play.refusal(Amend(closed_at=T0))


@pytest.mark.parametrize("name", FORGETTABLE)
def test_what_nobody_knows_after_all_is_unknown_again(name: str) -> None:
    play = declared()
    play.do(Amend(**{name: 3 if name in ("internal", "external", "cases") else T0}))
    assert known(play.there.incident, name) is not None
    (event,) = play.do(Amend(unknown=(name,)))
    assert known(play.there.incident, name) is None
    assert "unknown after all" in describe(event)
    assert "nothing to change" in play.refusal(Amend(unknown=(name,)))


def test_that_it_was_declared_is_known() -> None:
    assert "cannot be unknown" in declared().refusal(Amend(unknown=("declared_at",)))


def test_who_resolves_it_says_when_and_what_is_in_disorder_is_on_the_record() -> None:
    play = declared()
    play.now = T0 + minutes(60)
    events = play.do(
        SetStatus(
            Status.RESOLVED,
            "rolled back",
            started_at=T0 + minutes(30),
            detected_at=T0 + minutes(20),
            mitigated_at=T0 + minutes(40),
            ended_at=T0 + minutes(50),
        )
    )
    i = play.there.incident
    assert (i.started_at, i.facts.detected_at) == (T0 + minutes(30), T0 + minutes(20))
    assert (i.mitigated_at, i.resolved_at) == (T0 + minutes(40), T0 + minutes(50))
    (change,) = [event for event in events if isinstance(event, StatusChanged)]
    assert not change.left_open and change.doubts == (
        "detected (2024-03-13 10:20 UTC) lies before impact started (2024-03-13 10:30 UTC)",
        "declared (2024-03-13 10:00 UTC) lies before detected (2024-03-13 10:20 UTC)",
    )
    assert "the impact ended 2024-03-13 10:50 UTC" in describe(change)


def test_the_end_lies_in_the_past() -> None:
    play = declared()
    assert "in the past" in play.refusal(SetStatus(Status.RESOLVED, "x", ended_at=T0 + minutes(1)))
    assert play.there.incident.live


def test_a_field_that_somebody_else_changed_is_not_overwritten() -> None:
    play = declared()
    seen = {"region": "", "service": "checkout"}
    play.do(Amend(region="eu"))
    assert "region is eu since you looked" in play.refusal(Amend(region="us", seen=seen), kind=Stale)
    play.do(Amend(service="web", seen=seen))
    assert (play.there.incident.region, play.there.incident.service) == ("eu", "web")


def test_cases_are_counted_up_and_told() -> None:
    play = Play()
    play = declared()
    for command, total in ((CountCases(3), 3), (CountCases(4), 7), (CountCases(total=2), 2), (CountCases(-2), 0)):
        play.do(command)
        assert play.there.incident.facts.cases == total
    assert "already" in play.refusal(CountCases(total=0))
    assert "a number from 0" in play.refusal(CountCases(-1))
    assert as_text(None) == "" and as_text(("a", "b")) == "a, b"
