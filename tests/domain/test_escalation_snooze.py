"""The ladder while it is snoozed (R5): what is left of its timers, and what ends a snooze."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.books import (
    T0,
    minutes,
    seconds,
    utc,
)
from tests.support.ladders import LADDER, kinds, ladder
from tests.support.play import declared
from warroom.domain.escalation import (
    ACK,
    RESOLVE,
    SNOOZE,
    Acknowledge,
    LevelPaged,
    Phase,
    SnoozeEnded,
    SnoozeEscalation,
    Wake,
)
from warroom.domain.incident import SetStatus, Status


def test_a_snooze_freezes_what_is_left_of_both_timers() -> None:
    play = ladder()
    play.now = T0 + minutes(2)
    play.do(SnoozeEscalation(T0 + minutes(40), "the fix is on its way"), "ada")
    assert play.deadlines() == {SNOOZE: minutes(40)}
    snooze = play.there.escalation.snooze
    assert snooze is not None
    assert (snooze.by, snooze.reason) == ("ada", "the fix is on its way")
    assert play.until(minutes(40) - seconds(1)) == ()
    (event,) = play.until(minutes(40))
    assert event == SnoozeEnded(False, None, T0 + minutes(43), T0 + minutes(59))
    assert play.deadlines() == {ACK: minutes(43), RESOLVE: minutes(59)}


def test_waking_goes_on_at_once() -> None:
    play = ladder()
    play.now = T0 + minutes(2)
    play.do(SnoozeEscalation(T0 + minutes(40), "the fix is on its way"))
    play.now = T0 + minutes(10)
    (event,) = play.do(Wake())
    assert event == SnoozeEnded(True, None, T0 + minutes(13), T0 + minutes(29))
    assert "not snoozed" in play.refusal(Wake())
    assert kinds(play.until(minutes(13))) == ["level_paged"]


def test_a_second_snooze_moves_the_end_and_keeps_what_was_left() -> None:
    play = ladder()
    play.now = T0 + minutes(1)
    play.do(SnoozeEscalation(T0 + minutes(10), "one"))
    play.now = T0 + minutes(8)
    play.do(SnoozeEscalation(T0 + minutes(30), "two"))
    assert play.deadlines() == {SNOOZE: minutes(30)}
    play.until(minutes(30))
    assert play.deadlines() == {ACK: minutes(34), RESOLVE: minutes(50)}


def test_acknowledging_while_snoozed_leaves_only_the_resolve_timer_to_come_back() -> None:
    play = ladder()
    play.do(SnoozeEscalation(T0 + minutes(10), "wait"))
    play.now = T0 + minutes(4)
    play.do(Acknowledge())
    assert play.deadlines() == {SNOOZE: minutes(10)}
    play.until(minutes(10))
    assert play.deadlines() == {RESOLVE: minutes(31)}


def test_a_snooze_over_an_overdue_timer_does_not_lose_it() -> None:
    play = ladder()
    play.now = T0 + minutes(6)  # a minute after the timeout, before anything ticked
    play.do(SnoozeEscalation(T0 + minutes(20), "wait"))
    events = play.until(minutes(20))
    assert kinds(events) == ["snooze_ended", "level_paged"]
    assert events[0] == SnoozeEnded(False, None, T0 + minutes(20), T0 + minutes(35))


@pytest.mark.parametrize(
    ("until", "reason", "says"),
    [
        (minutes(0), "why", "future"),
        (minutes(-1), "why", "future"),
        (minutes(5), "", "say why"),
        (minutes(5), " \u202e ", "say why"),
        (timedelta(days=367), "why", "more than a year ahead"),
        (datetime.max.replace(tzinfo=UTC) - T0, "why", "more than a year ahead"),
    ],
)
def test_snoozes_that_are_refused(until: timedelta, reason: str, says: str) -> None:
    assert says in ladder().refusal(SnoozeEscalation(T0 + until, reason))


def test_resolving_while_snoozed_ends_it_all() -> None:
    play = ladder()
    play.do(SnoozeEscalation(T0 + minutes(10), "wait"))
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    assert play.there.escalation.phase is Phase.STOPPED
    assert play.there.escalation.snooze is None
    assert play.deadlines() == {}
    assert "not snoozed" in play.refusal(Wake())
    play.do(SetStatus(Status.INVESTIGATING, "it is back"))
    assert play.deadlines() == {ACK: minutes(5), RESOLVE: minutes(21)}


def test_a_snooze_that_ends_before_the_hours_does_not_move_the_first_page() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-15 18:00"))  # Friday evening: waits for Monday, 09:00 in Stockholm
    play.do(SnoozeEscalation(utc("2024-03-16 12:00"), "known"))
    play.until(utc("2024-03-18 08:00"))
    paged = [entry for entry in play.entries if isinstance(entry.event, LevelPaged)]
    assert [entry.at for entry in paged] == [utc("2024-03-18 08:00")]
