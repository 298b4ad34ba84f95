"""Whatever the schedule, its times fit together, and whoever is absent or stood in for is not on call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import utc
from tests.support.profile import examples
from tests.support.rotas import DAY, HANDED_ON, HOUR, RULES, WEEK, naive, schedule
from warroom.domain.duty import Absence, Duty, Override
from warroom.domain.schedule import (
    Combine,
    ScheduleSpec,
    on_call,
    spans,
)
from warroom.domain.schedule_clock import WeekHours, instant
from warroom.domain.schedule_layers import Layer, Rotation, Shift, Shifts

LOGINS = ("ada", "bo", "cy", "dag")
_moments = st.integers(0, 800 * 48).map(lambda n: utc("2024-01-01 00:00") + n * timedelta(minutes=30))
_people = st.lists(st.lists(st.sampled_from(LOGINS), max_size=2, unique=True).map(tuple), min_size=1, max_size=4)
_windows = st.lists(
    st.tuples(st.integers(0, 335), st.integers(1, 200)).map(lambda w: (w[0] * 30, (w[0] + w[1]) * 30)), max_size=3
)


@st.composite
def _layers(draw: st.DrawFn) -> Layer:
    zone = draw(st.sampled_from(sorted(HANDED_ON)))
    anchor = naive("2023-12-30 00:00") + timedelta(minutes=15 * draw(st.integers(0, 4000)))
    if draw(st.integers(0, 4)) == 0:
        shifts = draw(st.lists(st.tuples(_moments, st.integers(1, 400), _people), max_size=6))
        rota: Rotation | Shifts = Shifts(tuple(Shift(p[0], at, at + n * HOUR) for at, n, p in shifts))
    else:
        step = draw(st.sampled_from([HOUR, 8 * HOUR, DAY, 3 * DAY, WEEK]))
        rota = Rotation(tuple(draw(_people)), anchor, step, draw(st.sampled_from([0, 0, 0, 1, 2])))
    windows = draw(_windows)
    start = draw(st.none() | st.just(anchor + 5 * DAY))
    return Layer(
        f"l{draw(st.integers(0, 999))}",
        rota,
        zone,
        WeekHours.of(windows) if windows else None,
        start,
        draw(st.none() | st.just(anchor + 300 * DAY)),
        draw(st.sampled_from(["", "", "", "feasts"])),
        draw(st.sampled_from(["", "", "", "feasts"])),
    )


_specs = st.builds(
    schedule, _layers(), _layers(), combine=st.sampled_from(Combine), zone=st.sampled_from(sorted(HANDED_ON))
)
_overrides = st.lists(
    st.tuples(st.sampled_from(LOGINS), _moments, st.integers(1, 900), st.sampled_from(["", *LOGINS])), max_size=4
).map(
    lambda found: tuple(
        Override(n, "rota", person, at, at + length * HOUR, instead_of=instead if instead != person else "")
        for n, (person, at, length, instead) in enumerate(found, 1)
    )
)
_absences = st.lists(st.tuples(st.sampled_from(LOGINS), _moments, st.integers(1, 900)), max_size=4).map(
    lambda found: tuple(Absence(n, person, at, at + hours * HOUR) for n, (person, at, hours) in enumerate(found, 1))
)
_duties = st.builds(Duty, overrides=_overrides, absences=_absences)


@given(_specs, _moments, _duties, st.data())
@examples()
def test_spans_tile_the_time_and_agree_with_every_single_answer(
    spec: ScheduleSpec, start: datetime, duty: Duty, data: st.DataObject
) -> None:
    end = start + 12 * DAY
    found = spans(spec, start, end, RULES, duty)
    assert found[0].start == start and found[-1].end == end
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(span.start < span.end for span in found)
    assert all(span.start.tzinfo is UTC and span.end.tzinfo is UTC for span in found)
    for _ in range(6):
        at = start + data.draw(st.integers(0, 12 * 1440 - 1)) * timedelta(minutes=1)
        (span,) = (span for span in found if span.start <= at < span.end)
        answer = on_call(spec, at, RULES, duty)
        assert answer.people == span.people
        assert answer.since is None or answer.since <= at
        assert answer.until is None or answer.until > at
        # What it says of the time around it holds.
        for edge in (answer.since, answer.until and answer.until - timedelta(microseconds=1)):
            if edge is not None:
                assert on_call(spec, edge, RULES, duty).people == answer.people


@given(_specs, _moments, _duties)
@examples()
def test_nobody_is_on_call_who_is_absent_and_nobody_twice(spec: ScheduleSpec, at: datetime, duty: Duty) -> None:
    found = on_call(spec, at, RULES, duty)
    assert all(duty.absent(person, at) is None for person in found.people)
    assert len(set(found.people)) == len(found.people)
    assert not {person for person, _ in found.passed} & set(found.people)
    assert found.why


@given(_specs, _moments, _duties, st.sampled_from(LOGINS), st.integers(0, 200))
@examples()
def test_during_an_override_it_is_exactly_that_person(
    spec: ScheduleSpec, at: datetime, duty: Duty, person: str, ago: int
) -> None:
    last = Override(99, "rota", person, at - ago * HOUR, at + HOUR)
    now = replace(duty, overrides=(*duty.overrides, last))
    expected = (person,) if duty.absent(person, at) is None else None
    found = on_call(spec, at, RULES, now)
    assert expected is None or found.people == expected
    # When it is over, it is as if it had never been.
    later = at + HOUR
    assert on_call(spec, later, RULES, now).people == on_call(spec, later, RULES, duty).people


@given(st.sampled_from(sorted(HANDED_ON)), st.integers(0, 1440 * 730))
@examples(3)
def test_moments_never_run_backwards_and_show_what_was_asked_for(zone: str, minute: int) -> None:
    local = naive("2024-01-01 00:00") + timedelta(minutes=minute)
    at = instant(local, zone)
    assert instant(local + timedelta(minutes=1), zone) >= at
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    # Either the clocks show it, or they have just skipped it.
    assert shown == local or (
        shown > local and (at - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) < local
    )
