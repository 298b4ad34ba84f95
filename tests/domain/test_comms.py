"""Communications (R10): when the next word is due on each channel, and who is reminded of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.books import (
    BOOK,
    COMMS,
    T0,
    level,
    minutes,
    seconds,
    targets,
    with_policy,
    with_severity,
)
from tests.support.play import Play, declared
from warroom.domain.cadence import Cadence, ReminderStep
from warroom.domain.comms import (
    Audience,
    PostUpdate,
    StreamEnded,
    StreamOpened,
    StreamTimed,
    UpdateMissed,
    UpdatePosted,
)
from warroom.domain.core import Event, Stale
from warroom.domain.escalation import Acknowledge, CallOff, EscalationExhausted, LevelPaged, SnoozeEscalation, Why
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.policy import PageTo, Policy
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.room import describe

# No roles and no ladder: only channels have timers here.
QUIET = replace(BOOK, severities={name: replace(spec, policy="", roles=()) for name, spec in BOOK.severities.items()})

STILL = Policy("still", (level("one", "person:dag"), level("two", "person:bo"), level("three", "person:cy")))
"""A ladder that moves only when it is pushed."""


def channels(severity: str = "SEV1") -> Play:
    return declared(severity, QUIET)


def say(play: Play, channel: str = "internal", **given: object) -> tuple[Event, ...]:
    return play.do(PostUpdate(channel, "we are on it", **given), "bo")  # type: ignore[arg-type]


def missed(events: Iterable[Event]) -> list[UpdateMissed]:
    return [event for event in events if isinstance(event, UpdateMissed)]


# When ----------------------------------------------------------------------------------------------------------------


def test_each_channel_has_a_first_word_in_its_time() -> None:
    play = channels()
    assert play.deadlines() == {"update:internal": minutes(10), "update:public": minutes(15)}
    opened = [e.event for e in play.entries if isinstance(e.event, StreamOpened)]
    assert opened[1] == StreamOpened("public", Audience.EXTERNAL, T0 + minutes(15), minutes(30))


def test_then_one_every_so_often() -> None:
    play = channels()
    play.now = T0 + minutes(4)
    (event,) = say(play)
    assert event == UpdatePosted(
        "internal", Audience.INTERNAL, "we are on it", play.now, T0 + minutes(24), was_due=T0 + minutes(10)
    )
    assert play.deadlines() == {"update:internal": minutes(24), "update:public": minutes(15)}
    stream = play.there.comms.streams["internal"]
    assert (stream.count, stream.last_at, stream.promised) == (1, T0 + minutes(4), False)


def test_a_promise_counts_instead_of_the_cadence_and_only_once() -> None:
    play = channels()
    say(play, next_at=T0 + minutes(90))
    assert play.deadlines()["update:internal"] == minutes(90)
    assert play.there.comms.streams["internal"].promised
    play.now = T0 + minutes(80)
    say(play)
    assert play.deadlines()["update:internal"] == minutes(100)
    assert not play.there.comms.streams["internal"].promised


def test_an_update_on_a_channel_without_a_cadence_starts_no_clock() -> None:
    play = channels()
    say(play, "desk")
    assert "update:desk" not in play.deadlines()
    assert play.there.comms.streams["desk"].count == 1
    say(play, "desk", next_at=T0 + minutes(5))
    assert play.deadlines()["update:desk"] == minutes(5)
    say(play, "desk")
    assert "update:desk" not in play.deadlines()


def test_an_audience_can_be_named() -> None:
    (event,) = say(channels(), "desk", audience=Audience.EXTERNAL)
    assert isinstance(event, UpdatePosted)
    assert event.audience is Audience.EXTERNAL


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (PostUpdate("fax", "hello"), "there is no channel 'fax'; the channels are internal, public, desk"),
        (PostUpdate("", "hello"), "there is no channel"),
        (PostUpdate("internal", ""), "needs a text"),
        (PostUpdate("internal", "\x1b[2J \n\n"), "needs a text"),
        (PostUpdate("internal", "hello", next_at=T0), "in the future"),
        (PostUpdate("internal", "hello", next_at=T0 - seconds(1)), "in the future"),
        (PostUpdate("internal", "hello", next_at=T0 + timedelta(days=400)), "more than a year ahead"),
        (PostUpdate("internal", "hello", next_at=datetime.max.replace(tzinfo=UTC)), "more than a year ahead"),
    ],
)
def test_updates_that_are_refused(command: PostUpdate, says: str) -> None:
    assert says in channels().refusal(command)


def test_two_people_do_not_post_over_each_other() -> None:
    play = channels()
    say(play, seen=0)
    assert "somebody posted on internal" in play.refusal(PostUpdate("internal", "mine", seen=0), kind=Stale)
    say(play, seen=1)
    say(play, "desk", seen=0)


# Reminders -----------------------------------------------------------------------------------------------------------


def test_reminders_go_step_by_step() -> None:
    play = channels("SEV2")
    play.do(AssignRole(COMMS, "bo"))
    play.do(AssignRole(LEAD, "eva"))
    assert play.until(minutes(20) - seconds(1)) == ()
    assert missed(play.until(minutes(20))) == [
        UpdateMissed("internal", 1, (PageTo("bo", "chat", f"role:{COMMS}"),), False, T0 + minutes(25))
    ]
    assert missed(play.until(minutes(25))) == [
        UpdateMissed("internal", 2, (PageTo("eva", "chat", f"role:{LEAD}"),), False, T0 + minutes(31))
    ]
    # The update is late since it was due, not since the last reminder.
    assert play.there.comms.streams["internal"].due == T0 + minutes(20)
    (last,) = missed(play.until(minutes(31)))
    assert (last.miss, last.pages, last.escalated, last.again_at) == (3, (), False, None)
    assert last.nobody == "there is no escalation"
    assert play.deadlines() == {}
    assert play.there.comms.streams["internal"].due == T0 + minutes(20)


def test_posting_stops_the_reminders() -> None:
    play = channels("SEV2")
    play.do(AssignRole(COMMS, "bo"))
    play.until(minutes(22))
    say(play)
    stream = play.there.comms.streams["internal"]
    assert (stream.misses, stream.due) == (0, T0 + minutes(72))
    assert play.deadlines() == {"update:internal": minutes(72)}


def test_a_step_whose_role_is_vacant_falls_through_to_the_next_person() -> None:
    play = channels("SEV2")
    play.do(AssignRole(LEAD, "eva"))
    (event,) = missed(play.until(minutes(20)))
    assert (event.miss, [p.to for p in event.pages]) == (2, ["eva"])
    # The level keeps its own time: eleven minutes after the update was due.
    assert event.again_at == T0 + minutes(31)


def test_with_nobody_to_remind_it_says_so_and_waits_for_the_level() -> None:
    play = channels("SEV2")
    (event,) = missed(play.until(minutes(20)))
    assert (event.miss, event.pages, event.again_at) == (2, (), T0 + minutes(31))
    assert event.nobody == f"{COMMS} is vacant; {LEAD} is vacant"
    assert describe(event) == f"internal overdue; {COMMS} is vacant; {LEAD} is vacant"


def overdue_with_ladder(policy: Policy = STILL) -> Play:
    book = with_severity("SEV1", BOOK, roles=(), cadence=(Cadence("internal", minutes(10), minutes(20)),))
    return declared("SEV1", with_policy(policy, book))


def test_the_last_step_brings_in_the_next_level() -> None:
    play = overdue_with_ladder()
    play.do(Acknowledge(), "dag")
    events = play.until(minutes(21))
    assert [event.escalated for event in missed(events)] == [False, True]
    page = events[-1]
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (2, Why.UPDATE)
    assert play.there.escalation.acked_by == ""
    assert {e.due for e in play.entries[-2:]} == {T0 + minutes(21)}


@pytest.mark.parametrize(
    ("why_not", "words"),
    [
        ("unanswered", "the ladder moves by itself"),
        ("snoozed", "the escalation is snoozed"),
        ("called off", "the escalation was called off"),
        ("at the end", "no level is left"),
    ],
)
def test_the_last_step_leaves_the_ladder_alone_and_says_why(why_not: str, words: str) -> None:
    play = overdue_with_ladder(Policy("one", (level("one", "person:dag"),)) if why_not == "at the end" else STILL)
    if why_not != "unanswered":
        play.do(Acknowledge(), "dag")
    if why_not == "snoozed":
        play.do(SnoozeEscalation(T0 + minutes(60), "the vendor calls back"))
    if why_not == "called off":
        play.do(CallOff("the vendor has it"))
    events = play.until(minutes(21))
    last = missed(events)[-1]
    assert (last.escalated, last.again_at) == (False, None)
    assert last.nobody == words
    assert not any(isinstance(e, LevelPaged | EscalationExhausted) for e in events)


def test_without_reminders_in_the_book_an_overdue_update_is_noted_once() -> None:
    play = declared("SEV2", replace(QUIET, reminders=()))
    (event,) = play.until(timedelta(days=1))
    assert event == UpdateMissed("internal", 0, (), False, None)
    assert describe(event) == "internal overdue; late"


def test_a_step_may_name_people_and_the_level_at_once() -> None:
    steps = (ReminderStep(minutes(0), targets("person:eva", "level")),)
    play = overdue_with_ladder()
    play.book = replace(play.book, reminders=steps)
    play.do(Acknowledge(), "dag")
    events = play.until(minutes(10))
    (event,) = missed(events)
    assert ([p.to for p in event.pages], event.escalated) == (["eva"], True)
    assert isinstance(events[-1], LevelPaged)


def test_after_a_standstill_one_reminder_goes_out_and_the_next_has_its_time() -> None:
    play = channels("SEV2")
    play.do(AssignRole(COMMS, "bo"))
    play.do(AssignRole(LEAD, "eva"))
    events = play.jump(timedelta(hours=10))
    assert [(e.miss, [p.to for p in e.pages]) for e in missed(events)] == [(1, ["bo"])]
    assert play.entries[-1].late == timedelta(hours=10) - minutes(20)
    assert play.deadlines() == {"update:internal": timedelta(hours=10) + minutes(5)}


# Severity ------------------------------------------------------------------------------------------------------------


def test_a_changed_severity_times_the_channels_from_the_last_update() -> None:
    play = channels("SEV2")
    play.now = T0 + minutes(5)
    say(play)
    play.now = T0 + minutes(10)
    events = play.do(SetSeverity("SEV1", "worse"))
    assert StreamTimed("internal", T0 + minutes(25), minutes(20)) in events
    assert play.deadlines() == {"update:internal": minutes(25), "update:public": minutes(25)}


def test_before_the_first_update_it_counts_from_the_opening() -> None:
    play = channels("SEV2")
    play.now = T0 + minutes(3)
    play.do(SetSeverity("SEV1", "worse"))
    assert play.deadlines()["update:internal"] == minutes(10)


def test_what_is_late_by_the_new_cadence_is_late_from_now_on() -> None:
    play = channels("SEV2")
    play.now = T0 + minutes(17)
    play.do(SetSeverity("SEV1", "worse"))
    assert play.deadlines()["update:internal"] == minutes(17)
    assert play.there.comms.streams["internal"].due == T0 + minutes(17)


def test_what_was_late_before_stays_late_and_nobody_is_reminded_twice() -> None:
    play = channels("SEV2")
    play.do(AssignRole(COMMS, "bo"))
    play.do(AssignRole(LEAD, "eva"))
    play.until(minutes(22))
    play.do(SetSeverity("SEV1", "worse"))
    stream = play.there.comms.streams["internal"]
    assert (stream.due, stream.misses, stream.every) == (T0 + minutes(20), 1, minutes(20))
    assert [(e.miss, [p.to for p in e.pages]) for e in missed(play.until(minutes(25)))] == [(2, ["eva"])]


def test_a_milder_cadence_can_make_a_late_update_timely() -> None:
    play = channels("SEV1")
    play.until(minutes(12))
    play.do(SetSeverity("SEV2", "milder"))
    stream = play.there.comms.streams["internal"]
    assert (stream.due, stream.misses) == (T0 + minutes(20), 0)
    assert play.deadlines() == {"update:internal": minutes(20)}


def test_a_channel_that_is_not_asked_for_any_more_ends_and_does_not_start_again() -> None:
    play = channels("SEV1")
    say(play, "public")
    events = play.do(SetSeverity("SEV2", "milder"))
    assert StreamEnded("public") in events
    assert "update:public" not in play.deadlines()
    say(play, "public")  # a courtesy: nobody counts on another one
    assert "update:public" not in play.deadlines()
    play.do(SetSeverity("SEV1", "worse"))
    assert play.deadlines()["update:public"] == minutes(30)


@pytest.mark.parametrize("to", [["SEV2"], ["SEV2", "SEV1"], ["SEV3", "SEV2", "SEV4", "SEV1", "SEV2"]])
def test_a_promise_outlives_every_change_of_severity(to: list[str]) -> None:
    play = channels("SEV1")
    say(play, "public", next_at=T0 + minutes(200))
    say(play, "internal", next_at=T0 + minutes(210))
    for severity in to:
        play.do(SetSeverity(severity, "another look"))
    assert play.deadlines() == {"update:public": minutes(200), "update:internal": minutes(210)}
    # Once it is kept, the cadence of the severity in force counts again.
    say(play, "public")
    assert play.deadlines().get("update:public") == (minutes(30) if to[-1] == "SEV1" else None)


def test_an_overdue_promise_goes_on_where_its_reminders_are() -> None:
    play = channels("SEV1")
    play.do(AssignRole(COMMS, "bo"))
    play.do(AssignRole(LEAD, "eva"))
    say(play, "internal", next_at=T0 + minutes(5))
    play.until(minutes(6))
    play.do(SetSeverity("SEV2", "milder"))
    assert play.deadlines()["update:internal"] == minutes(10)
    assert play.there.comms.streams["internal"].misses == 1


def test_a_minor_incident_is_quiet_at_night() -> None:
    play = declared("SEV3", QUIET, at=datetime(2024, 3, 15, 15, 0, tzinfo=UTC))
    assert play.there.comms.streams["internal"].due == datetime(2024, 3, 18, 8, 0, tzinfo=UTC)


# The end -------------------------------------------------------------------------------------------------------------


def test_the_resolution_asks_for_a_last_word() -> None:
    play = channels("SEV1")
    say(play, "internal")
    play.now = T0 + minutes(5)
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    assert play.deadlines() == {"update:internal": minutes(38), "update:public": minutes(71)}
    events = say(play, "internal")
    assert [event.kind for event in events] == ["update_posted", "stream_ended"]
    assert play.deadlines() == {"update:public": minutes(71)}


def test_the_last_word_is_nagged_about_but_pages_no_level() -> None:
    play = overdue_with_ladder()
    play.book = with_severity("SEV1", play.book, cadence=(Cadence("internal", minutes(10), minutes(20), minutes(5)),))
    play.do(Acknowledge())
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    events = play.until(timedelta(hours=2))
    assert [(e.miss, e.escalated) for e in missed(events)] == [(2, False), (3, False)]
    assert not any(isinstance(e, LevelPaged) for e in events)


def test_without_a_last_word_the_clocks_stop_at_the_resolution() -> None:
    play = channels("SEV2")
    events = play.do(SetStatus(Status.RESOLVED, "rolled back"))
    assert StreamEnded("internal") in events
    assert play.deadlines() == {}


def test_a_promise_after_the_resolution_counts_until_the_incident_is_closed() -> None:
    play = channels("SEV2")
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    say(play, next_at=T0 + timedelta(days=1))
    assert play.deadlines() == {"update:internal": timedelta(days=1)}
    play.do(SetStatus(Status.CLOSED, "reviewed"))
    assert play.deadlines() == {}
    assert "is closed" in play.refusal(PostUpdate("internal", "soon", next_at=T0 + minutes(5)))
    play.do(PostUpdate("internal", "not soon", corrects=play.there.comms.said[-1].version))
    assert play.deadlines() == {}


def test_a_closed_incident_takes_no_update_but_one_that_puts_right_what_was_said() -> None:
    play = declared("SEV3")
    play.do(PostUpdate("internal", "all of them are back"))
    wrong = play.there.comms.said[-1].version
    play.do(SetStatus(Status.RESOLVED, "over"))
    play.do(PostUpdate("internal", "it is over"))  # the last word
    play.do(SetStatus(Status.CLOSED, "reviewed"))
    said = "INC-1 is closed: reopen it before you write an update"
    assert play.refusal(PostUpdate("internal", "one more thing")) == said
    assert play.refusal(PostUpdate("public", "one more thing")) == said
    (event,) = play.do(PostUpdate("internal", "half of them are back", corrects=wrong))[:1]
    assert isinstance(event, UpdatePosted) and event.corrects == wrong and event.due is None
    play.do(SetStatus(Status.INVESTIGATING, "it is back"))
    play.do(PostUpdate("internal", "it is back"))


def test_reopening_starts_the_clocks_from_the_last_word() -> None:
    play = channels("SEV2")
    say(play)
    play.now = T0 + minutes(10)
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    play.do(SetStatus(Status.INVESTIGATING, "it is back"))
    assert play.deadlines() == {"update:internal": minutes(50)}
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    play.now = T0 + timedelta(days=2)
    play.do(SetStatus(Status.INVESTIGATING, "it is back again"))
    assert play.deadlines() == {"update:internal": timedelta(days=2)}
    assert play.there.comms.streams["internal"].ended_at is None
