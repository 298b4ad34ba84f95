"""The clocks of silence (R10): by what they run, who is told before and after an update is due, and skipping one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.books import BOOK, COMMS, T0, level, minutes, targets, with_policy, with_severity
from tests.support.play import Play, declared
from warroom.domain.cadence import Cadence, ClockRules, ReminderStep
from warroom.domain.clocks import Proposed, near_at, near_percent, proposed_next, reminder_times
from warroom.domain.comms import (
    PostUpdate,
    SkipUpdate,
    Stream,
    StreamTimed,
    UpdateMissed,
    UpdatePosted,
    UpdateSkipped,
    UpdateWarned,
)
from warroom.domain.core import Event, Stale
from warroom.domain.escalation import Acknowledge, LevelPaged
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.messages import NOTICE, outgoing
from warroom.domain.policy import PageTo, Policy
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.room import describe
from warroom.domain.short_kinds import short_kind

STEPS = (
    ReminderStep(None, targets(f"role:{COMMS}"), 80),
    ReminderStep(None, targets(f"role:{COMMS}"), 100),
    ReminderStep(None, targets(f"role:{LEAD}"), 120),
    ReminderStep(None, targets("level"), 150, 2),
)
"""As the default rules have them."""

CADENCE = (
    Cadence("internal", minutes(10), minutes(20), minutes(30), {"mitigating": minutes(40)}, minutes(60)),
    Cadence("public", minutes(15), minutes(30)),
)
STILL = Policy("still", (level("one", "person:dag"), level("two", "person:cy"), level("three", "person:cy")))
"""A ladder that moves only when it is pushed."""

QUIET = with_policy(STILL, with_severity("SEV1", replace(BOOK, reminders=STEPS), roles=(), cadence=CADENCE))


def room(book=QUIET, *, manned: bool = True) -> Play:  # type: ignore[no-untyped-def]
    """An acknowledged SEV1 in which only clocks run."""
    play = declared("SEV1", book)
    play.do(Acknowledge(), "dag")
    if manned:
        play.do(AssignRole(COMMS, "bo"))
        play.do(AssignRole(LEAD, "eva"))
    return play


def of(kind: type[Event], events: Iterable[Event], channel: str = "internal") -> list[Any]:
    """The events of a kind that are about a channel."""
    return [event for event in events if isinstance(event, kind) and getattr(event, "channel", "") == channel]


def say(play: Play, channel: str = "internal", **given: object) -> tuple[Event, ...]:
    return play.do(PostUpdate(channel, "we are on it", **given), "bo")  # type: ignore[arg-type]


def internal(play: Play) -> Stream:
    return play.there.comms.streams["internal"]


# Steps ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "streak", "at"),
    [
        (ReminderStep(minutes(0), ()), 0, 20),
        (ReminderStep(minutes(5), ()), 0, 25),
        (ReminderStep(None, (), 80), 0, 16),
        (ReminderStep(None, (), 100), 0, 20),
        (ReminderStep(None, (), 150), 0, 30),
        (ReminderStep(None, (), None, 1), 0, 20),
        (ReminderStep(None, (), None, 2), 0, 40),
        (ReminderStep(None, (), None, 2), 1, 20),
        (ReminderStep(None, (), None, 3), 1, 40),
        (ReminderStep(None, (), None, 3), 7, 20),
        (ReminderStep(None, (), 150, 2), 0, 30),
        (ReminderStep(None, (), 150, 2), 1, 20),
        (ReminderStep(minutes(3), (), 150, 2), 0, 23),
    ],
)
def test_when_a_step_comes(step: ReminderStep, streak: int, at: int) -> None:
    assert step.moment(T0, T0 + minutes(20), streak) == T0 + minutes(at)


def test_steps_go_in_the_order_of_the_rules_even_where_their_times_do_not() -> None:
    steps = (ReminderStep(minutes(0), ()), ReminderStep(minutes(15), ()), ReminderStep(None, (), 120))
    stream = replace(internal(room()), due=T0 + minutes(20), since=T0)
    times = reminder_times(replace(QUIET, reminders=steps), stream)
    assert [at - T0 for at in times] == [minutes(20), minutes(35), minutes(35)]


def test_an_update_nears_then_is_late_then_escalates() -> None:
    play = room()
    say(play, "public", next_at=T0 + timedelta(hours=9))
    say(play)
    assert play.deadlines()["update:internal"] == minutes(16)
    (warned,) = of(UpdateWarned, play.until(minutes(16)))
    assert warned == UpdateWarned(
        "internal", T0 + minutes(20), 1, (PageTo("bo", "chat", f"role:{COMMS}"),), T0 + minutes(20)
    )
    events = of(UpdateMissed, play.until(minutes(24)))
    told = [(event.channel, [p.to for p in event.pages], event.again_at) for event in events]
    assert told == [
        ("internal", ["bo"], T0 + minutes(24)),
        ("internal", ["eva"], T0 + minutes(30)),
    ]
    events = play.until(minutes(30))
    last = of(UpdateMissed, events)[-1]
    assert (last.miss, last.escalated, last.again_at) == (3, True, None)
    assert any(isinstance(event, LevelPaged) for event in events)
    assert internal(play).due == T0 + minutes(20)


def test_the_second_miss_in_a_row_escalates_as_soon_as_those_before_it_were_reminded() -> None:
    play = room()
    say(play, "public", next_at=T0 + timedelta(hours=9))
    say(play)
    play.until(minutes(21))
    say(play)  # a minute late
    assert (internal(play).streak, internal(play).missed(play.now)) == (1, 1)
    events = of(UpdateMissed, play.until(minutes(46)))
    # At 100 %, at 120 %, and at once with it the level that 150 % of a first miss would have brought in.
    assert [(e.miss, e.escalated) for e in events] == [(1, False), (2, False), (3, True)]
    assert {e.at for e in play.entries if e.event in events[1:]} == {T0 + minutes(45)}


def test_a_punctual_update_ends_a_streak() -> None:
    play = room()
    say(play)
    play.until(minutes(22))
    say(play)
    play.now += minutes(1)
    say(play)
    assert internal(play).streak == 0


def test_a_warning_is_a_notice_that_asks_for_nothing() -> None:
    play = room()
    say(play)
    play.until(minutes(16))
    entry = next(entry for entry in play.entries if of(UpdateWarned, [entry.event]))
    (message,) = outgoing(play.there, entry, QUIET)
    assert (message.kind, message.to) == (NOTICE, "bo")
    assert message.body.startswith("The next update on internal is due at 10:20 UTC.")
    assert describe(entry.event) == "internal due 10:20 UTC; told: bo by chat"
    assert short_kind(entry.event) == "soon"


def test_a_warning_falls_through_to_whoever_is_reminded_next() -> None:
    play = room(manned=False)
    play.do(AssignRole(LEAD, "eva"))
    say(play)
    (warned,) = of(UpdateWarned, play.until(minutes(16)))
    assert [page.to for page in warned.pages] == ["eva"]
    # And the steps of an overdue update are all still to come.
    assert internal(play).misses == 0


def test_a_warning_that_nobody_hears_says_so_and_the_reminders_come() -> None:
    play = room(manned=False)
    say(play)
    (warned,) = of(UpdateWarned, play.until(minutes(16)))
    assert (warned.pages, warned.again_at) == ((), T0 + minutes(20))
    assert f"{COMMS} is vacant" in warned.nobody and f"{LEAD} is vacant" in warned.nobody
    assert of(UpdateMissed, play.until(minutes(20)))


def test_several_warnings_come_one_after_the_other() -> None:
    play = room(replace(QUIET, reminders=(ReminderStep(None, targets("person:eva"), 50), *STEPS)))
    say(play)
    events = of(UpdateWarned, play.until(minutes(19)))
    assert [(e.step, [p.to for p in e.pages]) for e in events] == [(1, ["eva"]), (2, ["bo"])]
    assert near_percent(play.book) == 50


def test_after_a_standstill_nobody_is_warned_of_what_is_late_already() -> None:
    play = room()
    say(play)
    events = play.jump(timedelta(hours=3))
    assert not of(UpdateWarned, events)
    assert [e.miss for e in of(UpdateMissed, events) if e.channel == "internal"] == [1]


def test_rules_that_leave_time_after_it_is_due_note_that_it_is_late_and_wait() -> None:
    play = room(replace(QUIET, reminders=(ReminderStep(None, targets("person:eva"), 150),)))
    say(play)
    events = of(UpdateMissed, play.until(minutes(30)))
    assert [(e.miss, [p.to for p in e.pages]) for e in events] == [(0, []), (1, ["eva"])]


def test_the_last_reminder_that_finds_anybody_comes_again_and_again_while_the_incident_lasts() -> None:
    book = replace(QUIET, clocks=ClockRules(again=minutes(45)))
    play = room(with_policy(Policy("two", STILL.levels[:2]), book))
    say(play, "public", next_at=T0 + timedelta(hours=9))
    say(play)
    play.until(minutes(30))  # level two was brought in: no level is left
    events = of(UpdateMissed, play.until(minutes(130)))
    assert [(e.miss, [p.to for p in e.pages], e.escalated) for e in events] == [(3, ["eva"], False)] * 2
    assert [entry.at for entry in play.entries if entry.event in events] == [T0 + minutes(75), T0 + minutes(120)]
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    play.until(timedelta(hours=20))
    assert not play.deadlines()  # a last word that is missing is reminded of by each step once


def test_without_that_figure_the_last_step_is_the_last() -> None:
    play = room()
    say(play)
    play.until(timedelta(hours=9))
    assert "update:internal" not in play.deadlines()
    assert internal(play).due == T0 + minutes(20)


def test_a_warning_that_would_come_at_night_is_left_out() -> None:
    play = declared("SEV3", replace(BOOK, reminders=STEPS), at=datetime(2024, 3, 15, 14, 50, tzinfo=UTC))
    stream = internal(play)
    assert stream.due == datetime(2024, 3, 18, 8, 0, tzinfo=UTC)  # Monday, when the hours begin
    assert stream.remind_at == stream.due


def test_without_warnings_in_the_rules_an_update_nears_at_80_percent() -> None:
    play = declared("SEV1", BOOK)
    assert near_at(internal(play), BOOK) == T0 + minutes(8)
    assert play.deadlines()["update:internal"] == minutes(10)
    assert near_at(replace(internal(play), due=None), BOOK) is None


# The matrix ----------------------------------------------------------------------------------------------------------


def test_a_status_with_a_figure_of_its_own_times_the_channel_anew() -> None:
    play = room()
    play.now = T0 + minutes(5)
    say(play)
    play.now = T0 + minutes(10)
    events = play.do(SetStatus(Status.MITIGATING))
    assert of(StreamTimed, events) == [
        StreamTimed("internal", T0 + minutes(45), minutes(40), T0 + minutes(37))  # counted from the last word
    ]
    assert internal(play).every == minutes(40)
    play.now = T0 + minutes(20)
    play.do(SetStatus(Status.INVESTIGATING))
    assert internal(play).due == T0 + minutes(25)
    say(play)
    assert internal(play).due == T0 + minutes(40)


def test_a_status_without_a_figure_changes_nothing() -> None:
    play = room()
    assert not of(StreamTimed, play.do(SetStatus(Status.TRIAGING)))


def test_a_first_word_keeps_its_time_whatever_the_status() -> None:
    play = room()
    play.do(SetStatus(Status.MITIGATING))
    assert internal(play).due == T0 + minutes(10)


def test_a_promise_outlives_a_change_of_status() -> None:
    play = room()
    say(play, next_at=T0 + minutes(33))
    play.do(SetStatus(Status.MITIGATING))
    assert (internal(play).due, internal(play).every, internal(play).promised) == (T0 + minutes(33), minutes(40), True)


def test_what_is_late_stays_late_where_the_new_status_is_no_milder() -> None:
    play = room()
    play.do(SetStatus(Status.MITIGATING))
    say(play)
    play.now = T0 + minutes(30)
    play.do(SetStatus(Status.INVESTIGATING))  # 20 minutes are over since minute 20
    assert internal(play).due == T0 + minutes(30)
    play.until(minutes(31))
    play.do(SetStatus(Status.TRIAGING))
    assert internal(play).due == T0 + minutes(30)


BY_HOUR = [
    # status, hours since the declaration, proposed in minutes, by cadence in minutes, announced
    (Status.INVESTIGATING, 0, 20, 20, False),
    (Status.INVESTIGATING, 1.99, 20, 20, False),
    (Status.INVESTIGATING, 2, 60, 20, True),
    (Status.MITIGATING, 0, 40, 40, False),
    (Status.MITIGATING, 3, 60, 40, True),
]


@pytest.mark.parametrize(("status", "hours", "at", "cadence", "announce"), BY_HOUR)
def test_the_next_update_is_proposed_by_the_matrix(
    status: Status, hours: float, at: int, cadence: int, announce: bool
) -> None:
    play = room()
    play.do(SetStatus(status))
    now = T0 + timedelta(hours=hours)
    found = proposed_next(play.there, play.book, "internal", now)
    assert found is not None
    assert (found.at, "if announced" in found.source) == (now + minutes(at), announce)
    # Only what is announced is relaxed: without a time of its own the update is followed by the cadence.
    play.now = now
    (posted,) = of(UpdatePosted, say(play))
    assert posted.due == now + minutes(cadence)
    (posted,) = of(UpdatePosted, say(play, next_at=found.at))
    assert (posted.due, posted.promised) == (found.at, True)


def test_where_a_proposal_comes_from_is_said() -> None:
    play = room()
    found = proposed_next(play.there, play.book, "public", T0)
    assert found == Proposed(T0 + minutes(30), minutes(30), "SEV1")
    play.do(SetStatus(Status.MITIGATING))
    assert proposed_next(play.there, play.book, "internal", T0).source == "SEV1 mitigating"  # type: ignore[union-attr]
    late = proposed_next(play.there, play.book, "internal", T0 + timedelta(hours=2))
    assert late is not None and late.source == "long incident, 1h if announced"


def test_nothing_is_proposed_where_nobody_waits() -> None:
    play = room()
    assert proposed_next(play.there, play.book, "desk", T0) is None
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    assert proposed_next(play.there, play.book, "internal", T0) is None


def test_a_proposal_keeps_to_the_hours_of_the_severity() -> None:
    friday = datetime(2024, 3, 15, 15, 0, tzinfo=UTC)
    play = declared("SEV3", BOOK, at=friday)
    found = proposed_next(play.there, BOOK, "internal", friday)
    assert found is not None and found.at == datetime(2024, 3, 18, 8, 0, tzinfo=UTC)


# Skipping ------------------------------------------------------------------------------------------------------------


def test_skipping_an_update_begins_its_clock_anew() -> None:
    play = room()
    say(play)
    play.until(minutes(17))
    (event,) = play.do(SkipUpdate("internal", "the vendor calls back"), "bo")
    assert event == UpdateSkipped(
        "internal", "the vendor calls back", T0 + minutes(20), T0 + minutes(37), minutes(20), T0 + minutes(33)
    )
    stream = internal(play)
    assert (stream.due, stream.remind_at, stream.begun) == (T0 + minutes(37), T0 + minutes(33), T0 + minutes(17))
    assert (stream.skips, stream.skipped, stream.warned, stream.misses) == (1, 1, 0, 0)
    assert stream.last_at == T0  # nobody has said anything
    assert describe(event) == "internal: the vendor calls back; next due 10:37 UTC"
    assert short_kind(event) == "skipped"
    # Whoever is to write it is told of it anew, and reminded when it is late.
    assert [e.due for e in of(UpdateWarned, play.until(minutes(34))) if e.channel == "internal"] == [T0 + minutes(37)]


def test_one_in_a_row_by_default_and_none_where_the_rules_say_so() -> None:
    play = room()
    say(play)
    play.do(SkipUpdate("internal", "one"))
    assert "was skipped already: post one" in play.refusal(SkipUpdate("internal", "two"))
    say(play)
    play.do(SkipUpdate("internal", "one of the next"))
    play.book = replace(QUIET, clocks=ClockRules(skips=2))
    play.do(SkipUpdate("internal", "two"))
    assert "was skipped 2 times in a row already" in play.refusal(SkipUpdate("internal", "three"))
    play.book = replace(QUIET, clocks=ClockRules(skips=0))
    assert "no update may be skipped here" in play.refusal(SkipUpdate("public", "one"))


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (SkipUpdate("internal", ""), "say why"),
        (SkipUpdate("internal", " \n "), "say why"),
        (SkipUpdate("desk", "why"), "no update is due on 'desk'; timed are internal, public"),
        (SkipUpdate("fax", "why"), "no update is due on 'fax'"),
    ],
)
def test_what_cannot_be_skipped(command: SkipUpdate, says: str) -> None:
    assert says in room().refusal(command)


def test_nobody_skips_what_somebody_else_has_just_posted_or_skipped() -> None:
    play = room()
    say(play)
    say(play)
    assert "somebody posted or skipped" in play.refusal(SkipUpdate("internal", "why", seen=1), kind=Stale)
    play.do(SkipUpdate("internal", "why", seen=2))
    assert "somebody posted or skipped" in play.refusal(SkipUpdate("internal", "why", seen=2), kind=Stale)


def test_a_first_word_that_is_skipped_gets_the_time_of_a_first_word() -> None:
    play = room()
    play.now = T0 + minutes(6)
    play.do(SkipUpdate("internal", "nothing is known yet"))
    assert internal(play).due == T0 + minutes(16)


def test_a_last_word_that_is_skipped_gets_the_time_of_a_last_word() -> None:
    play = room()
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    play.now = T0 + minutes(6)
    play.do(SkipUpdate("internal", "figures are missing"))
    assert internal(play).due == T0 + minutes(36)


def test_a_promise_without_a_cadence_ends_when_it_is_skipped() -> None:
    play = room()
    say(play, "desk", next_at=T0 + minutes(30))
    events = play.do(SkipUpdate("desk", "the customer knows"))
    assert [event.kind for event in events] == ["update_skipped", "stream_ended"]
    assert "update:desk" not in play.deadlines()


def test_a_skip_keeps_its_clock_when_severity_or_status_change() -> None:
    play = room()
    say(play)
    play.now = T0 + minutes(10)
    play.do(SkipUpdate("internal", "the vendor calls back"))
    play.do(SetStatus(Status.MITIGATING))
    assert internal(play).due == T0 + minutes(50)
    play.do(SetSeverity("SEV2", "milder"))
    assert internal(play).due == T0 + minutes(60)
    assert internal(play).begun == T0 + minutes(10)


def test_an_overdue_update_can_be_skipped_and_stops_the_reminders() -> None:
    play = room()
    say(play)
    play.until(minutes(21))
    play.do(SkipUpdate("internal", "the vendor calls back"))
    assert play.deadlines()["update:internal"] == minutes(37)
    assert not of(UpdateMissed, play.until(minutes(36)))
