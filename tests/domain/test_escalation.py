"""The ladder (R5) by itself: who is paged when, to the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.books import (
    T0,
    level,
    minutes,
    seconds,
    target,
    targets,
)
from tests.support.ladders import LADDER, kinds, ladder, paged
from warroom.domain.core import Refused, Stale
from warroom.domain.escalation import (
    ACK,
    RESOLVE,
    Acknowledge,
    Acknowledged,
    Escalate,
    EscalationExhausted,
    LevelPaged,
    LevelSkipped,
    Phase,
    SnoozeEscalation,
    Why,
)
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.policy import PageTo, Policy
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.room import describe

# Timers --------------------------------------------------------------------------------------------------------------


def test_the_first_level_is_paged_at_once_with_both_timers() -> None:
    play = ladder()
    assert paged(play) == [(timedelta(0), 1, 1, 0, Why.START)]
    assert play.deadlines() == {ACK: minutes(5), RESOLVE: minutes(21)}
    first = next(e.event for e in play.entries if isinstance(e.event, LevelPaged))
    # The first on call cannot be reached; the next one is paged by the channels that the level wants and they have.
    assert first.pages == (
        PageTo("ada", "sms", "oncall:payments"),
        PageTo("ada", "chat", "oncall:payments"),
    )


def test_without_anybody_answering_the_whole_policy_runs_to_the_second() -> None:
    play = ladder()
    play.until(timedelta(hours=9))
    timeout = Why.ACK_TIMEOUT
    assert paged(play) == [
        (minutes(0), 1, 1, 0, Why.START),
        (minutes(5), 1, 1, 1, timeout),
        (minutes(10), 1, 2, 0, timeout),
        (minutes(16), 1, 3, 0, timeout),
        (minutes(23), 2, 1, 0, timeout),
        (minutes(28), 2, 1, 1, timeout),
        (minutes(33), 2, 2, 0, timeout),
        (minutes(39), 2, 3, 0, timeout),
    ]
    last = play.entries[-1]
    assert last.at == T0 + minutes(46)
    assert isinstance(last.event, EscalationExhausted)
    assert last.event.pages == (PageTo("#everyone", "chat", "channel:#everyone"), PageTo("eva", "chat", "person:eva"))
    assert play.there.escalation.phase is Phase.EXHAUSTED
    assert play.there.escalation.exhausted_at == T0 + minutes(46)
    assert play.deadlines() == {}
    assert all(entry.late in (None, timedelta(0)) for entry in play.entries)


@pytest.mark.parametrize(
    ("after", "new"),
    [
        (minutes(5) - seconds(1), []),
        (minutes(5), ["level_paged"]),
        (minutes(10) - seconds(1), ["level_paged"]),
        (minutes(10), ["level_paged", "level_paged"]),
    ],
)
def test_not_a_second_early(after: timedelta, new: list[str]) -> None:
    assert kinds(ladder().until(after)) == new


def test_a_repeat_pages_the_same_level_and_leaves_the_resolve_timer_alone() -> None:
    play = ladder()
    play.until(minutes(5))
    assert play.deadlines() == {ACK: minutes(10), RESOLVE: minutes(21)}
    history = play.there.escalation.history
    assert [(p.level, p.at - T0, p.repeat) for p in history] == [(1, minutes(0), 1)]


def test_acknowledging_stops_the_first_timer_and_not_the_second() -> None:
    play = ladder()
    play.now = T0 + minutes(2)
    assert play.do(Acknowledge(), "ada") == (Acknowledged(1, "ada"),)
    assert play.deadlines() == {RESOLVE: minutes(21)}
    assert play.there.incident.acknowledged_at == T0 + minutes(2)
    assert play.until(minutes(21) - seconds(1)) == ()
    (event,) = play.until(minutes(21))
    assert isinstance(event, LevelPaged)
    assert (event.level, event.why) == (2, Why.RESOLVE_TIMEOUT)
    # The new level has to answer for itself.
    assert play.there.escalation.acked_by == ""
    assert play.deadlines() == {ACK: minutes(27), RESOLVE: minutes(53)}
    assert play.there.incident.acknowledged_at == T0 + minutes(2)
    assert [p.acked_by for p in play.there.escalation.history] == ["ada", ""]


def test_a_level_without_timers_waits_for_people() -> None:
    play = ladder(Policy("still", (level("one", "person:dag"), level("two", "person:bo"))))
    assert play.deadlines() == {}
    play.until(timedelta(days=3))
    assert [p[2] for p in paged(play)] == [1]
    play.do(Escalate("no answer"))
    assert [p[2] for p in paged(play)] == [1, 2]


def test_both_timers_at_the_same_second_bring_in_one_level() -> None:
    first = level("one", "person:dag", ack=minutes(5), resolve=minutes(5), repeat=2)
    play = ladder(Policy("same", (first, level("two", "person:bo"))))
    play.until(minutes(5))
    assert [(p[2], p[3]) for p in paged(play)] == [(1, 0), (2, 0)]


def test_the_end_is_an_alarm_until_somebody_acknowledges() -> None:
    play = ladder()
    play.until(minutes(60))
    assert play.there.escalation.exhausted_at is not None
    play.do(Acknowledge(), "eva")
    state = play.there.escalation
    assert (state.phase, state.exhausted_at, state.acked_by) == (Phase.RUNNING, None, "eva")
    assert play.deadlines() == {}
    assert "already acknowledged by eva" in play.refusal(Acknowledge(), "bo")


# Levels without anybody ----------------------------------------------------------------------------------------------


def test_an_empty_level_falls_through_at_once_and_says_why() -> None:
    play = ladder(
        Policy(
            "gaps",
            (
                level("one", "oncall:nobody", "team:empty", ack=minutes(5)),
                level("two", "person:ghost", f"role:{LEAD}", ack=minutes(6)),
                level("three", "person:bo", ack=minutes(7)),
            ),
        )
    )
    ladder_events = [e.event for e in play.entries[1:]]
    assert kinds(ladder_events) == ["escalation_planned", "level_skipped", "level_skipped", "level_paged"]
    first, second, third = ladder_events[1:]
    assert isinstance(first, LevelSkipped)
    assert first.nobody == "nobody is on call for nobody; team empty has no members"
    assert first.why is Why.START
    assert isinstance(second, LevelSkipped)
    assert second.nobody == f"person:ghost: ghost cannot be reached; {LEAD} is vacant"
    assert isinstance(third, LevelPaged)
    assert (third.level, third.why) == (3, Why.NOBODY)
    assert {e.at for e in play.entries} == {T0}
    assert play.deadlines() == {ACK: minutes(7)}
    assert [p.nobody != "" for p in play.there.escalation.history] == [True, True, False]


def test_a_policy_that_reaches_nobody_is_exhausted_at_once() -> None:
    levels = (level("a", "oncall:nobody"), level("b", "team:ghosts"))
    play = ladder(Policy("void", levels, cycles=2, then=targets("person:eva")))
    assert kinds(e.event for e in play.entries[1:]) == [
        "escalation_planned",
        *["level_skipped"] * 4,
        "escalation_exhausted",
    ]
    last = play.entries[-1].event
    assert isinstance(last, EscalationExhausted)
    assert last.why is Why.NOBODY
    assert [p.to for p in last.pages] == ["eva"]
    assert play.there.escalation.phase is Phase.EXHAUSTED
    play.do(Acknowledge(), "eva")
    # Nobody was paged on the last level: no page of it was answered.
    assert {p.acked_by for p in play.there.escalation.history} == {""}


def test_an_empty_level_in_the_middle_costs_no_time() -> None:
    first, last = level("a", "person:dag", ack=minutes(5)), level("c", "person:bo", ack=minutes(5))
    play = ladder(Policy("hole", (first, level("b", "team:empty"), last), cycles=2))
    play.until(minutes(10))
    assert [(p[0], p[1], p[2], p[4]) for p in paged(play)] == [
        (minutes(0), 1, 1, Why.START),
        (minutes(5), 1, 3, Why.NOBODY),
        (minutes(10), 2, 1, Why.ACK_TIMEOUT),
    ]


def test_whoever_holds_the_role_when_the_level_is_paged_is_paged() -> None:
    play = ladder(Policy("lead", (level("a", "person:dag", ack=minutes(5), repeat=1), level("b", f"role:{LEAD}"))))
    play.now = T0 + minutes(7)
    play.tick()
    play.do(AssignRole(LEAD, "bo"))
    events = play.until(minutes(12))
    assert [e.pages[0] for e in events if isinstance(e, LevelPaged)] == [PageTo("bo", "chat", f"role:{LEAD}")]


def test_a_repeat_that_reaches_nobody_any_more_goes_on_to_the_next_level() -> None:
    play = ladder(
        Policy("gone", (level("a", f"role:{LEAD}", ack=minutes(5), repeat=3), level("b", "person:bo", ack=minutes(5)))),
        "SEV2",
    )
    play.do(AssignRole(LEAD, "dag"))
    play.do(SetSeverity("SEV1", "worse"))
    assert [(p[2], p[3]) for p in paged(play)][-1] == (1, 0)
    play.do(AssignRole(LEAD, "ghost", "dag fell ill"))
    events = play.until(minutes(5))
    assert kinds(events) == ["level_skipped", "level_paged"]
    assert [(p[0], p[2], p[3], p[4]) for p in paged(play)][-1] == (minutes(5), 2, 0, Why.NOBODY)


# Stand-still ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [1, 5, 100])
def test_after_a_standstill_one_level_is_paged_and_has_its_full_time(hours: int) -> None:
    play = ladder()
    play.jump(timedelta(hours=hours))
    assert [(p[2], p[3]) for p in paged(play)] == [(1, 0), (2, 0)]
    last = play.entries[-1]
    assert last.due == T0 + minutes(5)
    assert last.late == timedelta(hours=hours) - minutes(5)
    now = timedelta(hours=hours)
    assert play.deadlines() == {ACK: now + minutes(6), RESOLVE: now + minutes(32)}


def test_a_standstill_just_short_of_the_next_timeout_leaves_no_blink_of_an_eye() -> None:
    play = ladder(Policy("two", (level("a", "person:dag", ack=minutes(5)), level("b", "person:bo", ack=minutes(5)))))
    play.jump(minutes(10) - seconds(1))
    assert play.deadlines() == {ACK: minutes(15) - seconds(1)}


@pytest.mark.parametrize(("late", "due_at"), [(0, 600), (1, 600), (30, 600), (31, 631)])
def test_a_little_lateness_does_not_add_up(late: int, due_at: int) -> None:
    play = ladder()
    play.jump(minutes(5) + seconds(late))
    assert play.deadlines()[ACK] == seconds(due_at)


def test_the_end_of_a_snooze_that_nobody_was_there_for() -> None:
    play = ladder()
    play.now = T0 + minutes(3)
    play.do(SnoozeEscalation(T0 + minutes(10), "wait"))
    play.jump(timedelta(hours=4))
    assert play.deadlines() == {ACK: timedelta(hours=4) + minutes(2), RESOLVE: timedelta(hours=4) + minutes(18)}


# Others --------------------------------------------------------------------------------------------------------------


def test_a_book_without_the_policy_says_so_when_asked_by_hand() -> None:
    play = ladder()
    play.book = replace(LADDER, policies={})
    assert "no escalation policy runs" in play.refusal(Escalate())


def test_the_history_keeps_what_earlier_policies_did() -> None:
    play = ladder()
    play.do(Acknowledge(), "ada")
    play.do(SetStatus(Status.RESOLVED, "done"))
    play.do(SetStatus(Status.MITIGATING, "not done"))
    state = play.there.escalation
    assert [(p.level, p.acked_by) for p in state.history] == [(1, "ada"), (1, "")]
    assert state.earlier == 1


def test_a_target_reads_as_it_is_written() -> None:
    assert str(target("oncall:payments")) == "oncall:payments"


def test_levels_that_name_several_page_everybody_once_by_each_channel() -> None:
    play = ladder(Policy("all", (level("all", "team:backend", "person:bo", "person:dag", via=("mail",)),)))
    page = next(e.event for e in play.entries if isinstance(e.event, LevelPaged))
    assert [(p.to, p.via) for p in page.pages] == [("bo", "mail"), ("cy", "mail"), ("dag", "phone")]
    assert describe(page) == "L1 bo by mail, cy by mail, dag by phone (start)"


def test_refusals_are_refusals_and_not_stale() -> None:
    play = ladder()
    with pytest.raises(Refused) as caught:
        play.do(SnoozeEscalation(T0, "x"))
    assert not isinstance(caught.value, Stale)
