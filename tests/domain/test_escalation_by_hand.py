"""The ladder moved by people (R5): to the next level, or to a named one, and what is refused."""

from __future__ import annotations

import pytest

from tests.support.books import (
    T0,
    level,
    minutes,
    seconds,
    utc,
)
from tests.support.ladders import LADDER, in_phase, kinds, ladder, paged
from tests.support.play import declared
from warroom.domain.core import Stale
from warroom.domain.escalation import (
    ACK,
    RESOLVE,
    Acknowledge,
    Escalate,
    LevelPaged,
    PagedBesides,
    Phase,
    SnoozeEscalation,
    Wake,
    Why,
)
from warroom.domain.policy import PageTo, Policy
from warroom.domain.room import describe, due


def test_escalating_by_hand_brings_in_the_next_level_now() -> None:
    play = ladder()
    play.now = T0 + seconds(70)
    (event,) = play.do(Escalate("it is the database", seen=1))
    assert isinstance(event, LevelPaged)
    assert (event.level, event.why) == (2, Why.BY_HAND)
    assert play.deadlines() == {ACK: minutes(6) + seconds(70), RESOLVE: minutes(32) + seconds(70)}


def test_escalating_by_hand_goes_through_the_cycles_and_ends_with_a_refusal() -> None:
    play = ladder()
    for _ in range(5):
        play.do(Escalate())
    assert [(p[1], p[2]) for p in paged(play)] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]
    assert "there is no level after this one in major" in play.refusal(Escalate())
    assert play.there.escalation.phase is Phase.RUNNING


def test_escalating_after_the_end_is_refused_and_a_person_can_still_be_paged() -> None:
    play = ladder()
    play.until(minutes(60))
    assert "name a person" in play.refusal(Escalate())
    (event,) = play.do(Escalate("knows the card network", "dag"))
    assert event == PagedBesides((PageTo("dag", "phone", "person:dag"),), Why.BY_HAND, "knows the card network")
    assert play.there.escalation.phase is Phase.EXHAUSTED
    assert describe(event) == "dag by phone (by hand): knows the card network"


@pytest.mark.parametrize("who", ["nobody-known", "ghost", "ADA", "\x1b[31mada\x1b[0m; rm"])
def test_a_person_who_cannot_be_reached_is_refused_with_their_name(who: str) -> None:
    play = ladder()
    message = play.refusal(Escalate("please", who))
    assert "cannot be paged" in message
    assert message.startswith(who.replace("\x1b[31m", "").replace("\x1b[0m", ""))


def test_escalating_while_snoozed_ends_the_snooze() -> None:
    play = ladder()
    play.do(SnoozeEscalation(T0 + minutes(50), "deploy is rolling back"))
    play.now = T0 + minutes(3)
    play.do(Escalate())
    assert play.there.escalation.snooze is None
    assert play.deadlines() == {ACK: minutes(9), RESOLVE: minutes(35)}


def test_escalating_while_waiting_pages_the_first_level_at_any_hour() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-16 12:00"))
    assert play.there.escalation.phase is Phase.WAITING
    (event,) = play.do(Escalate("cannot wait"))
    assert isinstance(event, LevelPaged)
    assert (event.level, event.why) == (1, Why.BY_HAND)
    # The page went out by hand; the time to answer counts in office hours all the same.
    assert event.ack_due == utc("2024-03-18 08:00")


def test_a_command_for_a_level_that_has_passed_is_stale() -> None:
    play = ladder()
    play.until(minutes(10))
    room = play.room
    assert "level 2 was paged since you looked" in play.refusal(Acknowledge(seen=1), kind=Stale)
    assert "level 2 was paged since you looked" in play.refusal(Escalate(seen=1), kind=Stale)
    assert play.room == room
    play.do(Acknowledge(seen=2))


def test_without_a_policy_there_is_nothing_to_acknowledge_or_escalate() -> None:
    play = declared("SEV4", LADDER)
    assert play.there.escalation.phase is Phase.NONE
    assert play.deadlines() == {}
    assert "no escalation runs" in play.refusal(Acknowledge())
    assert "no escalation runs" in play.refusal(Escalate())
    assert "no timer" in play.refusal(SnoozeEscalation(T0 + minutes(5), "why not"))
    assert "not snoozed" in play.refusal(Wake())
    assert kinds(play.do(Escalate(person="bo"))) == ["paged_besides"]


# To a named level ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["running", "acknowledged", "snoozed", "exhausted"])
@pytest.mark.parametrize("to", [1, 2, 3])
def test_any_level_can_be_paged_by_hand_and_the_ladder_goes_on_from_there(phase: str, to: int) -> None:
    play = in_phase(phase, "SEV1")
    cycle = play.there.escalation.cycle
    (event,) = play.do(Escalate("leadership has to know", level=to))
    assert isinstance(event, LevelPaged)
    assert (event.level, event.cycle, event.repeat, event.why) == (to, cycle, 0, Why.BY_HAND)
    state = play.there.escalation
    assert (state.phase, state.acked_by, state.snooze, state.exhausted_at) == (Phase.RUNNING, "", None, None)
    ack, resolve = {1: (5, 21), 2: (6, 32), 3: (7, 43)}[to]
    assert {d.name: d.at - play.now for d in due(play.there)} == {ACK: minutes(ack), RESOLVE: minutes(resolve)}


def test_a_waiting_incident_can_be_taken_to_a_level_at_once() -> None:
    play = in_phase("waiting", "SEV3")
    (event,) = play.do(Escalate("cannot wait", level=1))
    assert isinstance(event, LevelPaged)
    assert due(play.there)[0].name == ACK


@pytest.mark.parametrize("level_", [0, -1, 4, 99])
def test_a_level_that_the_policy_does_not_have_is_refused(level_: int) -> None:
    assert f"levels 1 to 3, and no level {level_}" in ladder().refusal(Escalate("x", level=level_))


def test_a_named_level_on_which_nobody_can_be_reached_falls_through() -> None:
    levels = (level("a", "person:dag"), level("b", "team:empty"), level("c", "person:bo"))
    play = ladder(Policy("hole", levels))
    assert kinds(play.do(Escalate("x", level=2))) == ["level_skipped", "level_paged"]
    assert play.there.escalation.level == 3


def test_a_named_level_rests_on_what_the_asker_saw() -> None:
    play = ladder()
    assert "level 1 was paged since you looked" in play.refusal(Escalate("x", seen=2, level=3), kind=Stale)
