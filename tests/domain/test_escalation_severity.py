"""The ladder when the severity changes (R2, R5): what is planned anew, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.books import (
    T0,
    level,
    minutes,
    utc,
    with_policy,
    with_severity,
)
from tests.support.ladders import LADDER, in_phase, kinds, paged
from tests.support.play import declared
from warroom.domain.escalation import (
    ACK,
    RESOLVE,
    SNOOZE,
    Acknowledge,
    Escalate,
    EscalationPlanned,
    EscalationStopped,
    EscalationSwitched,
    LevelPaged,
    Phase,
    SnoozeEscalation,
    Why,
)
from warroom.domain.incident import SetSeverity
from warroom.domain.policy import Policy
from warroom.domain.room import due

PHASES = ["waiting", "running", "acknowledged", "snoozed", "exhausted", "none", "stopped"]


@pytest.mark.parametrize("phase", PHASES)
def test_a_raised_severity_pages_its_first_level_at_once(phase: str) -> None:
    play = in_phase(phase, "SEV2")
    history = play.there.escalation.history
    events = play.do(SetSeverity("SEV1", "all customers"))
    assert kinds(events) == ["severity_changed", "escalation_planned", "level_paged"]
    plan, page = events[1:]
    assert isinstance(plan, EscalationPlanned)
    assert (plan.policy, plan.why) == ("major", Why.RAISED)
    assert isinstance(page, LevelPaged)
    assert (page.level, page.cycle) == (1, 1)
    state = play.there.escalation
    assert (state.phase, state.acked_by, state.snooze, state.exhausted_at) == (Phase.RUNNING, "", None, None)
    assert state.history[:-1] == history
    assert state.earlier == len(history)
    assert {d.name: d.at - play.now for d in due(play.there)} == {ACK: minutes(5), RESOLVE: minutes(21)}


def test_a_milder_severity_goes_on_where_the_ladder_stands() -> None:
    play = in_phase("running", "SEV1")
    play.until(minutes(11))  # L2 of major was paged a minute ago
    events = play.do(SetSeverity("SEV2", "only one region"))
    assert events[1:] == (EscalationSwitched("standard", 2, T0 + minutes(21), None),)
    assert play.deadlines() == {ACK: minutes(21)}
    assert len(paged(play)) == 3  # nobody was paged for it
    play.until(minutes(21))
    assert play.there.escalation.phase is Phase.EXHAUSTED


def test_a_milder_severity_keeps_the_acknowledgement() -> None:
    play = in_phase("acknowledged", "SEV1")
    play.do(SetSeverity("SEV2", "only one region"))
    assert play.there.escalation.acked_by == "ada"
    assert play.deadlines() == {RESOLVE: minutes(45)}
    assert "already acknowledged by ada" in play.refusal(Acknowledge())


def test_a_milder_severity_leaves_at_least_a_minute() -> None:
    one = level("one", "person:bo", ack=minutes(2), resolve=minutes(4))
    short = Policy("standard", (one, level("two", "person:dag")))
    play = declared("SEV1", with_policy(short, LADDER, "SEV2"))
    play.now = T0 + minutes(4)
    play.do(SetSeverity("SEV2", "milder"))
    assert play.deadlines() == {ACK: minutes(5), RESOLVE: minutes(5)}


def test_a_milder_severity_with_fewer_levels_stands_on_its_last() -> None:
    play = in_phase("running", "SEV1")
    play.until(minutes(17))  # L3 of major
    play.do(SetSeverity("SEV3", "a nuisance"))
    state = play.there.escalation
    assert (state.policy, state.level) == ("office", 1)
    assert play.deadlines() == {ACK: minutes(46), RESOLVE: minutes(256)}


def test_a_milder_severity_while_snoozed_stays_snoozed_with_the_new_timers() -> None:
    play = in_phase("snoozed", "SEV1")
    play.do(SetSeverity("SEV2", "milder"))
    assert play.deadlines() == {SNOOZE: minutes(55)}
    play.until(minutes(55))
    # Of ten and of forty-five minutes one had gone.
    assert play.deadlines() == {ACK: minutes(64), RESOLVE: minutes(99)}


def test_what_was_left_of_the_old_policys_timers_does_not_come_back() -> None:
    still = Policy("still", (level("one", "person:bo", ack=None, resolve=None),))
    play = declared("SEV1", with_policy(still, LADDER, "SEV2"))
    play.do(SnoozeEscalation(T0 + minutes(30), "wait"))
    play.do(SetSeverity("SEV2", "milder"))
    play.until(minutes(30))
    assert play.deadlines() == {}


def test_a_milder_severity_while_waiting_and_snoozed_stays_snoozed() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-16 12:00"))
    book = with_severity("SEV4", LADDER, policy="standard")
    play.book = book
    play.do(SnoozeEscalation(utc("2024-03-17 12:00"), "on Sunday"), "bo")
    events = play.do(SetSeverity("SEV4", "less than that"), "bo")
    assert kinds(events) == ["severity_changed", "escalation_planned", "snoozed"]
    assert [(d.name, d.at) for d in due(play.there)] == [(SNOOZE, utc("2024-03-17 12:00"))]
    events = play.until(utc("2024-03-17 12:00"))
    assert kinds(events) == ["snooze_ended", "level_paged"]


def test_a_milder_severity_while_waiting_plans_anew() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-16 12:00"))
    play.book = with_severity("SEV4", LADDER, policy="standard")
    assert kinds(play.do(SetSeverity("SEV4", "less"))) == ["severity_changed", "escalation_planned", "level_paged"]


def test_a_milder_severity_after_the_end_tries_the_policy_of_that_severity() -> None:
    play = in_phase("exhausted", "SEV1")
    events = play.do(SetSeverity("SEV2", "milder"))
    assert kinds(events) == ["severity_changed", "escalation_planned", "level_paged"]
    assert play.there.escalation.phase is Phase.RUNNING


def test_acknowledged_before_the_first_page_and_milder_is_no_page() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-16 12:00"))
    play.book = with_severity("SEV4", LADDER, policy="standard")
    play.do(Acknowledge(), "bo")
    play.do(SetSeverity("SEV4", "less"))
    assert play.there.escalation.level == 0
    assert due(play.there) == ()
    (page,) = play.do(Escalate("help"))
    assert isinstance(page, LevelPaged)
    assert page.level == 1


@pytest.mark.parametrize("phase", ["waiting", "running", "acknowledged", "snoozed", "exhausted"])
def test_a_severity_without_a_policy_stops_the_ladder(phase: str) -> None:
    play = in_phase(phase, "SEV1")
    events = play.do(SetSeverity("SEV4", "nothing of it"))
    assert events[1:] == (EscalationStopped("the severity has no policy"),)
    assert play.deadlines() == {}
    assert "no escalation runs" in play.refusal(Acknowledge())


@pytest.mark.parametrize("phase", ["none", "stopped"])
def test_where_no_policy_ran_a_milder_one_begins_too(phase: str) -> None:
    play = in_phase(phase, "SEV1")
    spec = replace(LADDER.severities["SEV4"], name="SEV5", rank=5, policy="standard")
    play.book = replace(LADDER, severities={**LADDER.severities, "SEV5": spec})
    assert kinds(play.do(SetSeverity("SEV5", "another look"))) == [
        "severity_changed",
        "escalation_planned",
        "level_paged",
    ]


def test_the_same_policy_under_a_milder_severity_keeps_its_place() -> None:
    play = declared("SEV1", with_severity("SEV2", LADDER, policy="major"))
    play.until(minutes(12))
    play.do(SetSeverity("SEV2", "milder"))
    assert play.deadlines() == {ACK: minutes(16), RESOLVE: minutes(42)}
    assert play.there.escalation.level == 2
