"""Schedules: hand-offs while the clocks change, layers, absences, overrides and limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.books import BOOK, utc
from tests.support.rotas import DAY, FEASTS, HOUR, RULES, daily, naive, schedule, turns, who
from warroom.domain.duty import NOTHING_BESIDES, Absence, Duty, Override
from warroom.domain.oncall import Holidays, PagingHours, Person, off_duty
from warroom.domain.policy import Target, TargetKind
from warroom.domain.schedule import (
    Combine,
    Limit,
    ScheduleSpec,
    beyond_limit,
    next_handoff,
    on_call,
    spans,
    words_of,
)
from warroom.domain.schedule_clock import WeekHours, instant
from warroom.domain.schedule_layers import Layer, Rotation, Shift, Shifts

# The clocks change ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        # Skipped: the first moment after the gap, whatever stood within it.
        ("Europe/Stockholm", "2024-03-31 02:00", "2024-03-31 01:00"),
        ("Europe/Stockholm", "2024-03-31 02:30", "2024-03-31 01:00"),
        ("Europe/Stockholm", "2024-03-31 02:59", "2024-03-31 01:00"),
        ("Europe/Stockholm", "2024-03-31 03:00", "2024-03-31 01:00"),
        ("America/Chicago", "2024-03-10 02:30", "2024-03-10 08:00"),
        ("Australia/Lord_Howe", "2024-10-06 02:15", "2024-10-05 15:30"),
        ("Australia/Lord_Howe", "2024-10-06 02:30", "2024-10-05 15:30"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),  # a whole day that never was
        # Twice: the first one.
        ("Europe/Stockholm", "2024-10-27 02:30", "2024-10-27 00:30"),
        ("America/Chicago", "2024-11-03 01:30", "2024-11-03 06:30"),
        ("Australia/Lord_Howe", "2024-04-07 01:45", "2024-04-06 14:45"),
        # Neither.
        ("Asia/Seoul", "2024-03-31 02:30", "2024-03-30 17:30"),
        ("Europe/Stockholm", "2024-10-27 03:00", "2024-10-27 02:00"),
        ("", "2024-10-27 03:00", "2024-10-27 03:00"),
    ],
)
def test_a_wall_clock_time_is_one_moment(zone: str, local: str, moment: str) -> None:
    assert instant(naive(local), zone) == utc(moment)


@pytest.mark.parametrize(
    ("zone", "start", "handoffs"),
    [
        # Daily at 02:30: at 03:00 on the night on which there is none; once on the night that has two.
        ("Europe/Stockholm", "2024-03-30 00:00", ["2024-03-30 01:30", "2024-03-31 01:00", "2024-04-01 00:30"]),
        ("Europe/Stockholm", "2024-10-26 00:00", ["2024-10-26 00:30", "2024-10-27 00:30", "2024-10-28 01:30"]),
        ("America/Chicago", "2024-03-09 00:00", ["2024-03-09 08:30", "2024-03-10 08:00", "2024-03-11 07:30"]),
        ("America/Chicago", "2024-11-02 00:00", ["2024-11-02 07:30", "2024-11-03 08:30", "2024-11-04 08:30"]),
        ("Asia/Seoul", "2024-03-30 00:00", ["2024-03-30 17:30", "2024-03-31 17:30", "2024-04-01 17:30"]),
        ("Australia/Lord_Howe", "2024-10-04 00:00", ["2024-10-04 16:00", "2024-10-05 15:30", "2024-10-06 15:30"]),
    ],
)
def test_a_daily_handoff_at_half_past_two(zone: str, start: str, handoffs: list[str]) -> None:
    spec = schedule(daily("ada", "bo", "cy", at="2024-01-01 02:30", zone=zone))
    found = spans(spec, utc(start), utc(start) + 3 * DAY, RULES)
    assert [span.start for span in found[1:]] == [utc(each) for each in handoffs][: len(found) - 1]
    assert len(found) == 4
    people = [span.people[0] for span in found]
    order = ["ada", "bo", "cy"]
    assert [order[(order.index(people[0]) + n) % 3] for n in range(4)] == people


def test_the_hour_that_comes_twice_is_one_shift() -> None:
    spec = schedule(daily("ada", "bo", at="2024-01-01 02:00", zone="Europe/Stockholm"))
    night = spans(spec, utc("2024-10-26 12:00"), utc("2024-10-28 12:00"), RULES)
    assert [(s.people, (s.end - s.start) / HOUR) for s in night] == [(("bo",), 12), (("ada",), 25), (("bo",), 11)]


def test_turns_of_an_hour_in_the_gap_are_nobodys() -> None:
    layer = Layer("hours", Rotation(turns("ada", "bo", "cy"), naive("2024-03-31 00:00"), HOUR), "Europe/Stockholm")
    found = spans(schedule(layer), utc("2024-03-30 23:00"), utc("2024-03-31 03:00"), RULES)
    # Midnight, one o'clock, then three o'clock: whose turn was at two has no turn.
    assert [(f"{s.start:%H:%M}", s.people[0]) for s in found] == [
        ("23:00", "ada"),
        ("00:00", "bo"),
        ("01:00", "ada"),
        ("02:00", "bo"),
    ]


def test_a_day_that_some_months_lack_is_their_last() -> None:
    layer = Layer("months", Rotation(turns("ada", "bo"), naive("2024-01-31 09:00"), months=1))
    found = spans(schedule(layer), utc("2024-01-31 09:00"), utc("2024-05-31 09:00"), RULES)
    assert [f"{s.start:%m-%d}" for s in found] == ["01-31", "02-29", "03-31", "04-30"]
    assert who(schedule(layer), "2023-12-31 08:00") == ("ada",)


def test_the_answer_does_not_depend_on_how_long_ago_the_turns_began() -> None:
    layer = Layer("old", Rotation(turns("ada", "bo"), naive("1971-01-01 09:00"), timedelta(minutes=15)))
    found = on_call(schedule(layer), utc("2024-03-13 10:05"), RULES)
    assert (found.since, found.until) == (utc("2024-03-13 10:00"), utc("2024-03-13 10:15"))


# Layers --------------------------------------------------------------------------------------------------------------

WEEKENDS = WeekHours.of([(4 * 1440 + 17 * 60, 7 * 1440 + 9 * 60)])
OFFICE_HOURS = WeekHours.of((day * 1440 + 9 * 60, day * 1440 + 17 * 60) for day in range(5))


@pytest.mark.parametrize(
    ("windows", "merged"),
    [
        ([(0, 1440), (1440, 2880)], ((0, 2880),)),
        ([(100, 200), (150, 300)], ((100, 300),)),
        ([(0, 60), (10_000, 10_080)], ((10_000, 10_140),)),
        ([(10_000, 10_200)], ((10_000, 10_200),)),
        ([(day * 1440, day * 1440 + 1440) for day in range(7)], ((0, 10_080),)),
        ([(60, 60 + 10_080)], ((0, 10_080),)),
        ([], ()),
    ],
)
def test_windows_of_a_week_are_joined(windows: list[tuple[int, int]], merged: tuple[tuple[int, int], ...]) -> None:
    assert WeekHours.of(windows).windows == merged


def test_the_first_layer_that_has_somebody_counts() -> None:
    spec = schedule(daily("ada", "bo", hours=WEEKENDS, name="ends"), daily("cy", name="rest"))
    assert who(spec, "2024-03-15 16:59") == ("cy",)
    assert who(spec, "2024-03-15 17:00") == ("ada",)
    assert who(spec, "2024-03-16 12:00") == ("bo",)
    assert who(spec, "2024-03-18 08:59") == who(spec, "2024-03-17 12:00") == ("ada",)
    assert who(spec, "2024-03-18 09:00") == ("cy",)


def test_all_layers_together_and_several_people_in_one_turn() -> None:
    spec = schedule(daily("ada+bo", "cy"), daily("bo", "dag", name="more"), combine=Combine.ALL)
    assert who(spec, "2024-01-01 10:00") == ("ada", "bo")
    assert who(spec, "2024-01-02 10:00") == ("cy", "dag")
    assert on_call(spec, utc("2024-01-02 10:00"), RULES).by == ("days", "more")


def test_follow_the_sun() -> None:
    def shift(zone: str, person: str) -> Layer:
        hours = WeekHours.of((day * 1440 + 8 * 60, day * 1440 + 20 * 60) for day in range(7))
        return daily(person, zone=zone, name=zone, hours=hours)

    spec = schedule(shift("Europe/Stockholm", "ada"), shift("America/Chicago", "bo"), shift("Asia/Seoul", "cy"))
    assert [who(spec, f"2024-03-13 {hour}:30")[0] for hour in ("01", "07", "18", "19", "23")] == [
        "cy",
        "ada",
        "ada",
        "bo",
        "bo",
    ]
    assert all(span.people for span in spans(spec, utc("2024-01-01 00:00"), utc("2025-01-01 00:00"), RULES))


def test_a_layer_begins_and_ends_and_its_follower_meets_it() -> None:
    old = daily("ada", name="old", until=naive("2024-03-13 09:00"))
    new = daily("bo", name="new", start=naive("2024-03-13 09:00"), until=naive("2024-03-20 09:00"))
    spec = schedule(old, new)
    assert [(s.people, s.by) for s in spans(spec, utc("2024-03-12 00:00"), utc("2024-03-21 00:00"), RULES)] == [
        (("ada",), ("old",)),
        (("bo",), ("new",)),
        ((), ()),
    ]
    assert on_call(spec, utc("2024-03-21 00:00"), RULES).until is None


def test_holidays_have_a_layer_of_their_own() -> None:
    spec = schedule(
        daily("cy", name="feasts", only_on="feasts", zone="Europe/Stockholm"),
        daily("ada", name="office", not_on="feasts", hours=OFFICE_HOURS, zone="Europe/Stockholm"),
        daily("bo", name="rest"),
    )
    assert who(spec, "2024-03-28 23:00") == ("cy",)  # midnight in Stockholm
    assert who(spec, "2024-03-28 22:59") == ("bo",)
    assert who(spec, "2024-03-29 10:00") == ("cy",)
    assert who(spec, "2025-12-25 10:00") == ("cy",)
    assert who(spec, "2024-04-02 10:00") == ("ada",)
    assert on_call(spec, utc("2024-04-02 10:00"), RULES).notes[0] == (
        "layer feasts: nobody until Wed 25 Dec 00:00 Europe/Stockholm: only on feasts"
    )


def test_fixed_shifts_overlap_and_leave_gaps() -> None:
    def shift(person: str, start: str, end: str) -> Shift:
        return Shift((person,), utc(f"2024-03-13 {start}"), utc(f"2024-03-13 {end}"))

    rota = Shifts((shift("bo", "10:00", "12:00"), shift("ada", "08:00", "11:00"), shift("cy", "13:00", "14:00")))
    spec = schedule(Layer("fixed", rota))
    found = spans(spec, utc("2024-03-13 07:00"), utc("2024-03-13 15:00"), RULES)
    assert [(f"{s.start:%H}", s.people) for s in found] == [
        ("07", ()),
        ("08", ("ada",)),
        ("10", ("ada", "bo")),
        ("11", ("bo",)),
        ("12", ()),
        ("13", ("cy",)),
        ("14", ()),
    ]
    assert on_call(schedule(Layer("none", Shifts(()))), utc("2024-03-13 07:00"), RULES).people == ()


# What people change --------------------------------------------------------------------------------------------------


def override(number: int, person: str, start: str, end: str, instead: str = "", schedule: str = "rota") -> Override:
    return Override(number, schedule, person, utc(start), utc(end), "mina", "wedding", instead)


def absence(person: str, start: str, end: str) -> Absence:
    return Absence(1, person, utc(start), utc(end), "mina", "vacation")


DAYTIME = ("2024-03-13 08:00", "2024-03-13 18:00")
ROTA = schedule(daily("ada", name="top"), daily("bo", name="below"), zone="Europe/Stockholm")


def test_an_override_beats_the_layers_and_the_later_one_counts() -> None:
    duty = Duty(overrides=(override(2, "dag", "2024-03-13 10:00", "2024-03-13 12:00"), override(1, "cy", *DAYTIME)))
    assert who(ROTA, "2024-03-13 09:00", duty) == ("cy",)
    assert who(ROTA, "2024-03-13 10:00", duty) == ("dag",)
    assert who(ROTA, "2024-03-13 12:00", duty) == ("cy",)
    assert who(ROTA, "2024-03-13 18:00", duty) == ("ada",)
    found = on_call(ROTA, utc("2024-03-13 10:00"), RULES, duty)
    assert found.why == "override 2 by mina: dag until Wed 13 Mar 13:00 Europe/Stockholm: wedding"
    assert (found.since, found.until, found.by) == (utc("2024-03-13 10:00"), utc("2024-03-13 12:00"), ("override",))
    other = Duty(overrides=(override(1, "cy", *DAYTIME, schedule="another"),))
    assert who(ROTA, "2024-03-13 09:00", other) == ("ada",)


def test_one_who_stands_in_does_so_only_for_the_one_they_stand_in_for() -> None:
    duty = Duty(overrides=(override(1, "cy", *DAYTIME, instead="ada"),))
    assert who(ROTA, "2024-03-13 09:00", duty) == ("cy",)
    assert who(schedule(daily("bo")), "2024-03-13 09:00", duty) == ("bo",)
    assert who(schedule(daily("bo+ada")), "2024-03-13 09:00", duty) == ("bo", "cy")
    assert (
        "cy instead of ada: override 1 by mina until Wed 13 Mar 19:00"
        in on_call(ROTA, utc("2024-03-13 09:00"), RULES, duty).why
    )


def test_who_took_a_duty_over_may_hand_it_on_and_the_later_word_counts() -> None:
    first = override(1, "cy", *DAYTIME, instead="ada")
    handed_on = Duty(overrides=(first, override(2, "dag", *DAYTIME, instead="cy")))
    assert who(ROTA, "2024-03-13 09:00", handed_on) == ("dag",)
    changed = Duty(overrides=(first, override(2, "dag", *DAYTIME, instead="ada")))
    assert who(ROTA, "2024-03-13 09:00", changed) == ("dag",)
    whole = Duty(overrides=(override(1, "cy", *DAYTIME), override(2, "dag", *DAYTIME, instead="cy")))
    assert who(ROTA, "2024-03-13 09:00", whole) == ("dag",)
    before = Duty(overrides=(override(1, "dag", *DAYTIME, instead="cy"), override(2, "cy", *DAYTIME)))
    assert who(ROTA, "2024-03-13 09:00", before) == ("cy",)


def test_somebody_absent_is_passed_over_for_the_layer_below() -> None:
    duty = Duty(absences=(absence("ada", *DAYTIME),))
    found = on_call(ROTA, utc("2024-03-13 09:00"), RULES, duty)
    assert found.people == ("bo",)
    assert found.passed == (("ada", "ada is absent until Wed 13 Mar 18:00 UTC: vacation"),)
    assert found.why.endswith("; ada is absent until Wed 13 Mar 18:00 UTC: vacation")
    assert (found.since, found.until) == tuple(map(utc, DAYTIME))
    both = Duty(absences=(*duty.absences, absence("bo", *DAYTIME)))
    nobody = on_call(ROTA, utc("2024-03-13 09:00"), RULES, both)
    assert nobody.people == () and nobody.why.startswith("nobody is on call for rota; ada is absent until")
    overridden = Duty(overrides=(override(1, "ada", *DAYTIME),), absences=duty.absences)
    assert who(ROTA, "2024-03-13 09:00", overridden) == ("bo",)
    assert who(schedule(daily("ada+cy")), "2024-03-13 09:00", duty) == ("cy",)


def test_the_words_say_whose_turn_it_is_and_until_when() -> None:
    spec = schedule(Layer("weekdays", Rotation(turns("ada", "bo"), naive("2024-03-11 09:00")), "Europe/Stockholm"))
    assert on_call(spec, utc("2024-03-11 12:00"), RULES).why == (
        "layer weekdays of rota: ada since Mon 11 Mar 09:00 until Tue 12 Mar 09:00 Europe/Stockholm"
    )


def test_the_next_handoff_is_the_next_time_somebody_else_has_it() -> None:
    spec = schedule(daily("ada", "ada", "bo"))
    after = next_handoff(spec, utc("2024-01-01 10:00"), RULES)
    assert after is not None and (after.at, after.people) == (utc("2024-01-03 09:00"), ("bo",))
    assert next_handoff(schedule(daily("ada")), utc("2024-01-01 10:00"), RULES) is None


# Limits --------------------------------------------------------------------------------------------------------------


def limited(**limit: object) -> ScheduleSpec:
    return schedule(daily("ada", "bo"), limit=Limit(**limit), backup=(Target(TargetKind.PERSON, "cy"),))  # type: ignore[arg-type]


def test_pages_within_a_time_are_counted() -> None:
    now = utc("2024-03-13 10:00")
    spec = limited(within=DAY, pages=3)
    duty = Duty(pages={"ada": (now - 30 * HOUR, now - 23 * HOUR, now - HOUR)})
    assert beyond_limit(spec, "ada", now, RULES, duty) == ""
    assert beyond_limit(spec, "ada", now, RULES, duty, [now]) == "ada was paged 3 times within 24h (the limit is 3)"
    assert beyond_limit(spec, "bo", now, RULES, duty, [now]) == ""
    assert beyond_limit(schedule(daily("ada")), "ada", now, RULES, duty, [now] * 99) == ""


def test_hours_on_call_within_a_time_are_counted() -> None:
    spec = limited(within=DAY, hours=12 * HOUR)
    turn = on_call(spec, utc("2024-03-13 10:00"), RULES)
    (person,), since = turn.people, turn.since
    assert since is not None
    assert beyond_limit(spec, person, since + 11 * HOUR, RULES, NOTHING_BESIDES) == ""
    words = f"{person} was on call 12h of the last 24h (the limit is 12h)"
    assert beyond_limit(spec, person, since + 12 * HOUR, RULES, NOTHING_BESIDES) == words


@pytest.mark.parametrize(("minutes", "words"), [(5, "5m"), (60, "1h"), (90, "1h30m"), (1440, "24h"), (0, "0h")])
def test_durations_in_words(minutes: int, words: str) -> None:
    assert words_of(timedelta(minutes=minutes)) == words


# Hours and holidays of people ----------------------------------------------------------------------------------------


def test_paging_hours_are_closed_on_holidays() -> None:
    hours = PagingHours(
        "Europe/Stockholm", (0, 1, 2, 3, 4), naive("2024-01-01 09:00").time(), naive("2024-01-01 17:00").time()
    )
    assert hours.next_open(utc("2024-03-29 10:00")) == utc("2024-03-29 10:00")
    assert hours.next_open(utc("2024-03-29 10:00"), FEASTS) == utc("2024-04-01 07:00")
    severity = replace(BOOK.severities["SEV3"], hours=replace(hours, holidays="feasts"))
    book = replace(RULES, severities={**BOOK.severities, "SEV3": severity})
    assert book.in_hours("SEV3", utc("2024-03-28 16:30")) == utc("2024-04-01 07:00")
    never = Holidays("never", {}, {(month, day): "closed" for month in range(1, 13) for day in range(1, 32)})
    assert hours.next_open(utc("2024-03-29 10:00"), never) == utc("2024-03-29 10:00")


def test_a_person_is_off_duty_by_their_own_clock_and_calendar() -> None:
    ada = Person("ada", zone="Asia/Seoul", hours=OFFICE_HOURS, holidays="feasts")
    assert off_duty(ada, RULES.holidays, utc("2024-03-13 01:00")) == ""
    late = off_duty(ada, RULES.holidays, utc("2024-03-13 08:00"))
    assert late == "ada is outside working hours until Thu 09:00 Asia/Seoul"
    assert off_duty(ada, RULES.holidays, utc("2024-03-29 01:00")) == "ada has a holiday: Good Friday"
    assert off_duty(Person("bo"), RULES.holidays, utc("2024-12-25 01:00")) == ""
