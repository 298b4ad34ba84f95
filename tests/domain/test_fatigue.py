"""Fatigue (R4): what weighs on somebody, from when on it is too much, and what is said about it, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, COMMS, SCRIBE, T0, minutes
from tests.support.play import Play, declared
from tests.support.profile import examples
from warroom.domain.core import Context
from warroom.domain.duty import Absence, Duty
from warroom.domain.fatigue import (
    FatigueRules,
    Limits,
    Load,
    Night,
    Stay,
    Tired,
    assess,
    merged,
    reached,
    span,
    worked,
)
from warroom.domain.incident import SetStatus, Status
from warroom.domain.messages import outgoing
from warroom.domain.oncall import OnCallList
from warroom.domain.people import FatigueReached, FatigueTimed, JoinRoom, LeaveRoom, SayAwake
from warroom.domain.policy import Target, TargetKind
from warroom.domain.record_commands import AddTask
from warroom.domain.roles import LEAD, AcceptRole, AssignRole, JoinRole, LeaveRole, OfferRole
from warroom.domain.room import Tick, decide, describe, fold
from warroom.domain.schedule_clock import WeekHours
from warroom.domain.succession import Standing, span_of_control

HOUR = timedelta(hours=1)
RULES = FatigueRules(
    in_role=Limits(4 * HOUR),
    roles={LEAD: Limits(minutes(60), minutes(180))},
    day=Limits(6 * HOUR, 8 * HOUR),
    awake=Limits(14 * HOUR, 17 * HOUR),
    night=Night(time(22), time(7), 1, 3),
    span=3,
)
QUIET = {name: replace(spec, policy="", cadence=(), roles=()) for name, spec in BOOK.severities.items()}
LEADS = replace(BOOK.roles[LEAD], deputies=1)
WATCHED = replace(BOOK, fatigue=RULES, severities=QUIET, roles={**BOOK.roles, LEAD: LEADS})


# What weighs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "held", "level"),
    [
        (LEAD, minutes(0), Tired.NO),
        (LEAD, minutes(59), Tired.NO),
        (LEAD, minutes(60), Tired.AMBER),
        (LEAD, minutes(179), Tired.AMBER),
        (LEAD, minutes(180), Tired.RED),
        (SCRIBE, minutes(239), Tired.NO),
        (SCRIBE, minutes(240), Tired.AMBER),
        (SCRIBE, 7 * HOUR, Tired.AMBER),
        (f"{SCRIBE}/eu", minutes(240), Tired.AMBER),
        (f"{LEAD} (deputy)", minutes(200), Tired.NO),
    ],
)
def test_how_long_somebody_may_hold_a_role(role: str, held: timedelta, level: Tired) -> None:
    tired = assess(Load({role: T0 - held}), RULES, T0)
    assert tired.level(T0) is level
    assert bool(tired.why(T0)) is bool(level)


@pytest.mark.parametrize(
    ("awake", "level"),
    [(13, Tired.NO), (14, Tired.AMBER), (17, Tired.RED), (30, Tired.RED)],
)
def test_how_long_somebody_may_be_awake(awake: int, level: Tired) -> None:
    assert assess(Load(awake_since=T0 - awake * HOUR), RULES, T0).level(T0) is level


@pytest.mark.parametrize(
    ("stays", "now_h", "total_h", "level"),
    [
        ([(0, None)], 5, 5, Tired.NO),
        ([(0, None)], 6, 6, Tired.AMBER),
        ([(0, None)], 8, 8, Tired.RED),
        ([(0, 3), (2, 4), (3, None)], 5, 5, Tired.NO),  # two rooms at once are worked in once
        ([(0, 4), (10, None)], 14, 8, Tired.RED),
        ([(0, 7), (30, None)], 31, 1, Tired.NO),  # what is older than a day is forgotten
        ([(0, 7)], 8, 7, Tired.AMBER),
        ([(0, None)], 40, 24, Tired.RED),
    ],
)
def test_how_long_somebody_may_be_on_duty_within_a_day(
    stays: list[tuple[int, int | None]], now_h: int, total_h: int, level: Tired
) -> None:
    now = T0 + now_h * HOUR
    load = Load(stays=tuple((T0 + a * HOUR, None if b is None else T0 + b * HOUR) for a, b in stays))
    assert worked(load.stays, now) == total_h * HOUR
    assert assess(load, RULES, now).level(now) is level


def test_pages_at_night_count_by_the_clock_of_the_person() -> None:
    night = Night(time(22), time(7))
    at = datetime.fromisoformat("2024-03-13T20:30:00+00:00")
    assert not night.covers(at, "")
    assert not night.covers(at, "Europe/Stockholm")  # 21:30
    assert night.covers(at, "Asia/Seoul")  # 05:30
    assert Night(time(1), time(5)).covers(datetime.fromisoformat("2024-03-13T03:00:00+00:00"), "")
    times = tuple(T0 - minutes(10 * count) for count in (3, 2, 1))
    assert [assess(Load(night_pages=times[:n]), RULES, T0).level(T0) for n in range(4)] == [
        Tired.NO,
        Tired.AMBER,
        Tired.AMBER,
        Tired.RED,
    ]


def test_what_weighs_most_is_named() -> None:
    tired = assess(Load({LEAD: T0 - 4 * HOUR}, awake_since=T0 - 15 * HOUR), RULES, T0)
    assert tired.why(T0) == f"in the role {LEAD} 4h00 (limit 3h00)"
    assert (tired.amber_at, tired.red_at) == (T0 - 3 * HOUR, T0 - HOUR)


def test_without_limits_nobody_is_tired() -> None:
    load = Load({LEAD: T0 - 99 * HOUR}, T0 - 99 * HOUR, ((T0 - 99 * HOUR, None),), T0 - 99 * HOUR, (T0,) * 9)
    tired = assess(load, FatigueRules(), T0)
    assert (tired.level(T0), tired.amber_at, tired.red_at, tired.weights) == (Tired.NO, None, None, ())
    assert not FatigueRules()
    assert RULES


@pytest.mark.parametrize(
    ("length", "words"),
    [(minutes(0), "0m"), (minutes(59), "59m"), (HOUR, "1h00"), (minutes(185), "3h05"), (2317 * HOUR, "96d")],
)
def test_lengths_in_words(length: timedelta, words: str) -> None:
    assert span(length) == words


MINUTES = st.integers(0, 4000)
STAYS = st.lists(st.tuples(MINUTES, st.one_of(st.none(), st.integers(0, 900))), max_size=6)


def stays_of(drawn: list[tuple[int, int | None]], now: datetime) -> tuple[Stay, ...]:
    out: list[Stay] = []
    for ago, length in drawn:
        start = now - minutes(ago)
        out.append((start, None if length is None else min(now, start + minutes(length))))
    return tuple(out)


@given(STAYS)
@examples()
def test_a_day_of_duty_is_what_counting_minutes_gives(drawn: list[tuple[int, int | None]]) -> None:
    stays = stays_of(drawn, T0)

    def on_duty(minute: int) -> bool:
        at = T0 - minutes(minute)
        return any(start <= at < (end or T0) for start, end in stays)

    assert worked(stays, T0) == minutes(sum(on_duty(minute) for minute in range(1, 24 * 60 + 1)))
    stretches = merged(stays, T0)
    assert all(a[1] < b[0] for a, b in pairwise(stretches))


@given(STAYS, st.integers(1, 24 * 60))
@examples()
def test_when_a_limit_is_reached_it_is_reached_and_not_before(drawn: list[tuple[int, int | None]], limit: int) -> None:
    stays, most = stays_of(drawn, T0), minutes(limit)
    at = reached(stays, most, T0)
    goes_on = any(end is None for _, end in stays)
    if worked(stays, T0) >= most:
        assert at == T0
    elif not goes_on:
        assert at is None
    else:
        assert at is not None
        assert worked(stays, at) == most
        assert worked(stays, at - minutes(1)) < most


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2000))
@examples()
def test_nobody_gets_less_tired_by_going_on(role: int, awake: int, later: int) -> None:
    load = Load({LEAD: T0 - minutes(role)}, T0 - minutes(role), ((T0 - minutes(role), None),), T0 - minutes(awake))
    order = [Tired.NO, Tired.AMBER, Tired.RED]
    now, then = assess(load, RULES, T0), assess(load, RULES, T0 + minutes(later))
    assert order.index(now.level(T0)) <= order.index(then.level(T0 + minutes(later)))
    # What was foretold comes true, when it was foretold.
    for at, level in ((now.amber_at, Tired.AMBER), (now.red_at, Tired.RED)):
        if at is not None and at >= T0:
            assert order.index(assess(load, RULES, at).level(at)) >= order.index(level)
    if now.red_at is not None and now.red_at > T0:
        before = now.red_at - minutes(1)
        assert before < T0 or assess(load, RULES, before).level(before) is not Tired.RED


# Said once, loudly ---------------------------------------------------------------------------------------------------


def led(by: str = "eva") -> Play:
    play = declared("SEV1", WATCHED)
    play.do(AssignRole(LEAD, by))
    return play


def said(play: Play) -> list[FatigueReached]:
    return [entry.event for entry in play.entries if isinstance(entry.event, FatigueReached)]


def test_red_is_said_once_to_who_is_tired_and_to_the_incident_manager() -> None:
    play = led()
    play.do(AssignRole(SCRIBE, "bo"))
    assert play.deadlines() == {"fatigue:eva": 3 * HOUR, "fatigue:bo": 8 * HOUR}
    play.do(JoinRole(LEAD, "ada", deputy=True))
    play.until(3 * HOUR)
    (event,) = said(play)
    assert (event.person, event.roles, event.why) == ("eva", (LEAD,), f"in the role {LEAD} 3h00 (limit 3h00)")
    assert event.successors == ("ada", "bo")  # the deputy first
    assert [page.to for page in event.pages] == ["eva"]
    assert describe(event).startswith(f"eva needs relief: in the role {LEAD} 3h00 (limit 3h00); ada, bo could take")
    (entry,) = [e for e in play.entries if isinstance(e.event, FatigueReached)]
    (message,) = outgoing(play.there, entry, play.book)
    assert (message.kind, message.to) == ("notice", "eva")
    assert "warroom handover INC-1 incident-manager --to ada" in message.body
    play.until(7 * HOUR)
    assert len(said(play)) == 1
    play.until(8 * HOUR)
    assert {each.person for each in said(play)} == {"eva", "bo", "ada"}
    assert [page.to for page in said(play)[1].pages] == [said(play)[1].person, "eva"]


def test_nobody_is_tired_under_rules_that_name_no_limit() -> None:
    play = declared("SEV1", replace(WATCHED, fatigue=FatigueRules()))
    play.do(AssignRole(LEAD, "eva"))
    assert play.deadlines() == {}
    assert not any(isinstance(entry.event, FatigueTimed) for entry in play.entries)


def test_handing_over_in_time_leaves_nothing_to_say() -> None:
    play = led()
    play.until(2 * HOUR)
    play.do(OfferRole(LEAD, "bo"), "eva")
    play.do(AcceptRole(LEAD), "bo")
    # Only the day counts for her from now on, and his hours in the role begin now.
    assert play.deadlines() == {"fatigue:eva": 8 * HOUR, "fatigue:bo": 5 * HOUR}
    play.do(LeaveRoom(), "eva")
    assert play.deadlines() == {"fatigue:bo": 5 * HOUR}


def test_who_took_a_rest_can_be_tired_anew() -> None:
    play = led()
    play.until(3 * HOUR)
    play.do(AssignRole(LEAD, "bo", "eva needs a break"))
    assert play.deadlines()["fatigue:eva"] == 8 * HOUR
    play.do(LeaveRoom("eva"))
    play.now += HOUR
    play.do(AssignRole(LEAD, "eva", "back again"))
    assert play.deadlines()["fatigue:eva"] == 7 * HOUR
    play.until(7 * HOUR)
    assert [event.person for event in said(play)].count("eva") == 2


def test_somebody_who_has_been_awake_for_long_is_said_to_be_at_once() -> None:
    play = led()
    play.do(SayAwake(T0 - 18 * HOUR), "eva")
    assert play.deadlines() == {"fatigue:eva": timedelta(0)}
    play.tick()
    (event,) = said(play)
    assert event.why == "awake 18h00 (limit 17h00)"


def test_what_is_worked_in_other_incidents_counts() -> None:
    play = led()
    elsewhere = Duty(attended={"bo": ((T0 - 7 * HOUR, None),)})
    context = Context(T0, "bo", WATCHED, elsewhere)
    taken = decide(play.room, AssignRole(SCRIBE, "bo"), context)
    assert [e.event for e in taken if isinstance(e.event, FatigueTimed)] == [FatigueTimed("bo", T0 + HOUR)]
    # When the time has come and it is not so any more (he had left there), it is looked at anew.
    room = fold(taken, play.room)
    rested = Duty(attended={"bo": ((T0 - 7 * HOUR, T0 - HOUR),)})
    again = decide(room, Tick(), Context(T0 + HOUR, "engine", WATCHED, rested))
    assert [e.event for e in again] == [FatigueTimed("bo", T0 + 2 * HOUR)]


def test_it_ends_with_the_incident() -> None:
    play = led()
    play.do(SetStatus(Status.RESOLVED, "done"))
    assert play.deadlines() == {}
    play.now += 5 * HOUR
    play.do(SetStatus(Status.INVESTIGATING, "back"))
    # She holds the role all the while, and is in the room again.
    assert play.there.people.get("eva").here
    assert play.deadlines() == {"fatigue:eva": 5 * HOUR}


# Who could take over -------------------------------------------------------------------------------------------------


def could(play: Play, duty: Duty, role: str = LEAD) -> list[tuple[str, str]]:
    found = Standing(play.there, Context(play.now, "", play.book, duty)).successors(role)
    return [(each.person, each.words) for each in found]


def test_the_best_successor_is_on_call_not_tired_and_has_done_it_before() -> None:
    play = declared("SEV1", WATCHED)
    play.do(AssignRole(LEAD, "dag"))
    for person in ("bo", "cy", "ada"):
        play.do(JoinRoom(), person)
    play.do(SayAwake(T0 - 20 * HOUR), "cy")
    assert could(play, Duty(held={LEAD: {"bo": 2}})) == [
        ("eva", "on call, not tired"),
        ("bo", "in the room, has done it 2 times, not tired"),
        ("ada", "in the room, not tired"),
        ("cy", "in the room, red: awake 20h00 (limit 17h00)"),
    ]
    away = Duty(absences=(Absence(1, "eva", T0 - HOUR, T0 + HOUR),))
    assert [person for person, _ in could(play, away)] == ["ada", "bo", "cy"]
    play.do(JoinRole(LEAD, "bo", deputy=True))
    assert could(play, Duty())[0] == ("bo", "deputy, in the room, not tired")


def test_whoever_is_not_at_work_comes_behind_whoever_is_in_the_room() -> None:
    """The first of the list is on call for it; the second one is at home in the evening."""
    evening = WeekHours.of([(day * 24 * 60 + 18 * 60, day * 24 * 60 + 22 * 60) for day in range(7)])
    people = {**BOOK.people, "ada": replace(BOOK.people["ada"], hours=evening)}
    pool = (Target(TargetKind.ONCALL, "both"),)
    lists = {**BOOK.oncall, "both": OnCallList("both", ("eva", "ada"))}
    roles = {**WATCHED.roles, SCRIBE: replace(BOOK.roles[SCRIBE], pool=pool)}
    play = declared("SEV1", replace(WATCHED, people=people, oncall=lists, roles=roles))
    play.do(AssignRole(LEAD, "dag"))
    play.do(AssignRole(SCRIBE, "eva"))
    play.do(AssignRole(COMMS, "bo"))
    found = could(play, Duty(), SCRIBE)
    assert [person for person, _ in found] == ["bo", "ada", "dag"]
    assert dict(found)["ada"] == "outside working hours until Wed 18:00 UTC, not tired"
    # At work, who has nothing else to do goes before who has.
    play.now += 9 * HOUR
    assert could(play, Duty(), SCRIBE)[0] == ("ada", "not tired")


# Span of control -----------------------------------------------------------------------------------------------------


def reports(play: Play) -> tuple[int, bool, tuple[tuple[str, tuple[str, ...]], ...]]:
    span_ = span_of_control(play.there, Context(play.now, "", play.book))
    assert span_ is not None
    return span_.count, span_.over, span_.streams


def test_more_people_than_the_rules_want_should_be_split() -> None:
    play = led()
    for person in ("ada", "bo", "cy"):
        play.do(JoinRoom(), person)
    assert reports(play) == (3, False, ())
    play.do(AddTask("look at the locks", owner="dag", stream="database"))
    play.do(AddTask("look at the queue", owner="bo", stream="database"))
    assert reports(play) == (4, True, (("database", ("dag", "bo")),))
    # With a lead of its own the workstream reports to that one.
    play.do(AssignRole(f"{SCRIBE}/database", "bo"))
    assert reports(play) == (3, False, ())
    # A deputy stands beside the incident manager, and not below.
    play.do(JoinRole(LEAD, "cy", deputy=True))
    assert reports(play) == (2, False, ())


def test_without_a_figure_nobody_counts() -> None:
    play = declared("SEV1", BOOK)
    assert span_of_control(play.there, Context(play.now, "", play.book)) is None


def test_who_steps_back_stays_in_the_room_and_only_the_day_counts() -> None:
    play = led()
    play.do(LeaveRole(LEAD), "eva")
    assert play.there.people.get("eva").here
    assert play.deadlines() == {"fatigue:eva": 8 * HOUR}
