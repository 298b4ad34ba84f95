"""Paging hours (R2): what waits for them, across weekends and the nights on which the clocks change."""

from __future__ import annotations

from datetime import time

import pytest

from tests.support.books import (
    BOOK,
    MAJOR,
    OFFICE,
    ladder_only,
    minutes,
    seconds,
    utc,
    with_hours,
    with_severity,
)
from tests.support.play import declared
from warroom.domain.escalation import (
    ACK,
    RESOLVE,
    SNOOZE,
    START,
    Acknowledge,
    Escalate,
    LevelPaged,
    Phase,
    SnoozeEscalation,
    Wake,
    Why,
)
from warroom.domain.incident import SetSeverity
from warroom.domain.oncall import PagingHours
from warroom.domain.room import describe, due

LADDER = ladder_only(MAJOR)
"""The policy `major` for SEV1, `standard` for SEV2, `office` for SEV3; neither roles nor channels have timers."""


STOCKHOLM = OFFICE
CHICAGO = PagingHours("America/Chicago", (0, 1, 2, 3, 4), time(9), time(17))
LORD_HOWE = PagingHours("Australia/Lord_Howe", (0, 1, 2, 3, 4, 6), time(8, 30), time(16))


@pytest.mark.parametrize(
    ("hours", "declared_at", "paged_at"),
    [
        (STOCKHOLM, "2024-03-13 08:00", "2024-03-13 08:00"),  # 09:00 sharp
        (STOCKHOLM, "2024-03-13 15:59", "2024-03-13 15:59"),  # 16:59
        (STOCKHOLM, "2024-03-13 16:00", "2024-03-14 08:00"),  # 17:00 is over
        (STOCKHOLM, "2024-03-13 07:59", "2024-03-13 08:00"),
        (STOCKHOLM, "2024-03-15 18:00", "2024-03-18 08:00"),  # Friday evening
        (STOCKHOLM, "2024-03-16 12:00", "2024-03-18 08:00"),  # Saturday
        (STOCKHOLM, "2024-03-29 17:00", "2024-04-01 07:00"),  # the clocks go forward on Sunday
        (STOCKHOLM, "2024-10-25 16:00", "2024-10-28 08:00"),  # and back
        (CHICAGO, "2024-03-08 23:30", "2024-03-11 14:00"),  # forward on Sunday the 10th
        (CHICAGO, "2024-11-01 22:00", "2024-11-04 15:00"),  # back on Sunday the 3rd
        # Half an hour only: forward on Sunday the 6th of October, back on Sunday the 7th of April, both open days.
        (LORD_HOWE, "2024-10-05 10:00", "2024-10-05 21:30"),
        (LORD_HOWE, "2024-04-06 10:00", "2024-04-06 22:00"),
        (LORD_HOWE, "2024-04-07 01:00", "2024-04-07 01:00"),
    ],
)
def test_a_minor_incident_waits_for_hours(hours: PagingHours, declared_at: str, paged_at: str) -> None:
    start = utc(declared_at)
    play = declared("SEV3", with_hours(hours, LADDER), at=start)
    at = utc(paged_at)
    state = play.there.escalation
    if at == start:
        assert state.phase is Phase.RUNNING
        return
    assert state.phase is Phase.WAITING
    assert [(d.name, d.at) for d in due(play.there)] == [(START, at)]
    assert play.until(at - seconds(1)) == ()
    (event,) = play.until(at)
    assert isinstance(event, LevelPaged)
    assert (event.level, event.why) == (1, Why.START)
    assert event.ack_due == at + minutes(30)


def test_timers_that_end_in_the_evening_go_on_in_the_morning() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-15 15:45"))
    assert [(d.name, d.at) for d in due(play.there)] == [
        (ACK, utc("2024-03-18 08:00")),
        (RESOLVE, utc("2024-03-18 08:00")),
    ]


def test_acknowledged_before_the_first_page_nobody_is_paged() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-16 12:00"))
    (event,) = play.do(Acknowledge(seen=0), "bo")
    assert describe(event) == "acknowledged before the first page"
    assert play.there.escalation.phase is Phase.RUNNING
    assert due(play.there) == ()
    assert play.there.incident.acknowledged_at == play.now
    # It can still be taken further by hand, from the first level on.
    (page,) = play.do(Escalate("I need help"))
    assert isinstance(page, LevelPaged)
    assert page.level == 1


def test_a_snooze_while_waiting_and_the_wake_before_the_hours() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-13 18:00"))
    play.do(SnoozeEscalation(utc("2024-03-13 20:00"), "not yet"))
    assert [d.name for d in due(play.there)] == [SNOOZE]
    play.do(Wake())
    assert [(d.name, d.at) for d in due(play.there)] == [(START, utc("2024-03-14 08:00"))]


def test_an_earlier_acknowledgement_is_not_written_over_by_one_before_the_first_page() -> None:
    play = declared("SEV2", with_severity("SEV1", LADDER, hours=OFFICE), at=utc("2024-03-13 18:00"))
    play.do(Acknowledge(), "ada")
    play.do(SetSeverity("SEV1", "worse"))
    assert play.there.escalation.phase is Phase.WAITING
    play.do(Acknowledge(), "bo")
    assert [(p.level, p.acked_by) for p in play.there.escalation.history] == [(1, "ada")]


# Quiet hours ---------------------------------------------------------------------------------------------------------


def test_what_fell_due_while_nothing_ran_does_not_wake_anybody_at_night() -> None:
    play = declared("SEV3", LADDER, at=utc("2024-03-15 15:10"))  # Friday, 16:10 in Stockholm: paged at once
    play.jump(utc("2024-03-16 02:00"))  # the acknowledge timeout ran out within the hours, and nobody was there to see
    assert [type(entry.event) for entry in play.entries].count(LevelPaged) == 1
    assert all(deadline.at >= utc("2024-03-18 08:00") for deadline in due(play.there))
    quiet = len(play.entries)
    play.until(utc("2024-03-18 08:00"))
    assert play.entries[quiet:]
    assert {entry.at for entry in play.entries[quiet:]} == {utc("2024-03-18 08:00")}


def test_reminders_of_a_worse_time_keep_quiet_once_it_is_milder() -> None:
    play = declared("SEV1", BOOK, at=utc("2024-03-15 22:00"))
    play.do(SetSeverity("SEV3", "a nuisance after all"))
    noisy = len(play.entries)
    play.until(utc("2024-03-18 07:59"))
    kinds = {entry.event.kind for entry in play.entries[noisy:]}
    assert not kinds & {"level_paged", "role_missed", "update_missed"}
