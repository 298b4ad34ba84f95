from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from warroom.domain.gaps import (
    Gap,
    Silence,
    SilenceKind,
    gaps_min,
    gaps_report,
    largest,
    max_gap_min,
    silences,
    weighed,
)

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def times(*minutes: float) -> list[datetime]:
    return [at(m) for m in minutes]


def found(
    start: float | None, posts: list[datetime], closed: float | None, now: float = 10_000
) -> list[tuple[str, float]]:
    result = silences(None if start is None else at(start), posts, None if closed is None else at(closed), at(now))
    return [(str(silence.kind), silence.minutes) for silence in result]


def test_each_kind_of_silence() -> None:
    assert found(0, times(12, 42, 43, 80), 80) == [
        ("start_to_first", 12),
        ("between", 30),
        ("between", 1),
        ("last_to_resolved", 37),
    ]


def test_an_open_incident_has_a_running_silence_last() -> None:
    assert found(0, times(5, 30), None, now=75) == [("start_to_first", 5), ("between", 25), ("running", 45)]
    assert found(0, [], None, now=75) == [("running", 75)]
    assert found(None, [], None) == []
    assert found(None, times(5), None, now=3) == [("running", 0)]  # clocks differ: never below zero


def test_without_a_known_start_nothing_is_said_about_the_time_before_the_first_post() -> None:
    assert found(None, times(12, 42), 80) == [("between", 30), ("last_to_resolved", 38)]


def test_only_the_closing_post() -> None:
    assert found(0, times(55), 55) == [("start_to_first", 55)]
    assert found(None, times(55), 55) == []


def test_closed_by_a_time_that_no_post_was_made_at() -> None:
    assert found(0, times(10, 20), 50) == [("start_to_first", 10), ("between", 10), ("last_to_resolved", 30)]


def test_closed_without_any_post() -> None:
    assert found(0, [], 50) == [("last_to_resolved", 50)]
    assert found(0, times(60), 50) == [("last_to_resolved", 50)]
    assert found(None, [], 50) == []


def test_posts_after_the_closing_one_are_ignored() -> None:
    assert found(0, times(10, 50, 51, 10_000), 50) == [("start_to_first", 10), ("last_to_resolved", 40)]


def test_posts_of_the_closing_moment_are_the_closing_post() -> None:
    assert found(None, times(0, 24, 24), 24) == [("last_to_resolved", 24)]


def test_ties_before_the_end_are_silences_of_no_length() -> None:
    assert found(None, times(0, 0, 7), 9) == [("between", 0), ("between", 7), ("last_to_resolved", 2)]


def test_a_first_post_before_the_start_is_no_silence() -> None:
    assert found(30, times(10, 40), 40) == [("start_to_first", 0), ("last_to_resolved", 30)]


def test_an_end_before_the_start_is_no_silence() -> None:
    assert found(50, [], 20) == [("last_to_resolved", 0)]


def test_fifty_nine_days() -> None:
    days = 59 * 24 * 60
    assert found(None, times(0, days), None, now=days) == [("between", days), ("running", 0)]


def test_other_zones_are_the_same_moments() -> None:
    oslo = timezone(timedelta(hours=2))
    assert found(0, [moment.astimezone(oslo) for moment in times(12, 42)], 42) == found(0, times(12, 42), 42)


def test_the_largest_is_the_earliest_of_equals() -> None:
    result = silences(at(0), times(5, 25, 45), at(50), at(99))
    assert largest(result) == Silence(SilenceKind.BETWEEN, at(5), at(25))
    assert largest(()) is None


def test_figures_have_two_decimals_and_leave_the_running_silence_out() -> None:
    result = silences(at(0), times(10.123456, 20), None, at(5000))
    assert gaps_min(result) == {"start_to_first": [10.12], "between": [9.88], "last_to_resolved": []}
    assert max_gap_min(result) == 10.12
    assert max_gap_min(silences(None, times(3), None, at(5000))) is None


def test_the_report_of_an_incident() -> None:
    closing = at(80.5) + timedelta(microseconds=1)
    assert gaps_report("acme", "x1", at(-5), [closing, *times(42, 0, 100)], closing) == {
        "provider": "acme",
        "source_id": "x1",
        "start": "2025-03-01T11:55:00+00:00",
        "first_update": "2025-03-01T12:00:00+00:00",
        "closed": "2025-03-01T13:20:30+00:00",
        "gaps_min": {"start_to_first": [5.0], "between": [42.0], "last_to_resolved": [38.5]},
        "max_gap_min": 42.0,
    }


def test_the_report_of_an_incident_without_posts() -> None:
    assert gaps_report("acme", "x1", None, [], None) == {
        "provider": "acme",
        "source_id": "x1",
        "start": None,
        "first_update": None,
        "closed": None,
        "gaps_min": {"start_to_first": [], "between": [], "last_to_resolved": []},
        "max_gap_min": None,
    }


moments = st.integers(0, 300).map(at)


@given(st.none() | moments, st.lists(moments, max_size=8), st.none() | moments, moments, st.randoms())
def test_silences_are_a_line_without_gaps_or_overlaps(
    start: datetime | None, posts: list[datetime], closed: datetime | None, now: datetime, random: object
) -> None:
    result = silences(start, posts, closed, now)
    assert all(silence.start <= silence.end for silence in result)
    for one, other in pairwise(result):
        # They join end to end, but for a first post before the start.
        assert one.end == other.start or (one.kind is SilenceKind.START_TO_FIRST and one.length == timedelta())
    assert silences(start, posts[::-1], closed, now) == result
    kinds = [silence.kind for silence in result]
    assert kinds.count(SilenceKind.RUNNING) == (closed is None and bool(posts or start))
    if result and closed is not None:
        assert result[-1].end in (closed, start)
    assert kinds == sorted(kinds, key=list(SilenceKind).index)


@given(st.lists(moments, min_size=1, max_size=8), st.integers(1, 500))
def test_a_post_after_the_end_changes_nothing(posts: list[datetime], later: int) -> None:
    closed = max(posts)
    late = closed + timedelta(minutes=later)
    assert silences(None, [*posts, late], closed, late) == silences(None, posts, closed, late)


def silence(first: float, last: float) -> Silence:
    return Silence(SilenceKind.BETWEEN, at(first), at(last))


def test_a_silence_weighs_by_the_severity_in_force_in_each_part_of_it() -> None:
    severities = [(at(0), 1), (at(30), 2), (at(50), 4), (at(90), 1)]
    assert weighed(silence(0, 30), severities) == timedelta(minutes=30)
    assert weighed(silence(30, 50), severities) == timedelta(minutes=10)
    assert weighed(silence(50, 90), severities) == timedelta(minutes=5)
    assert weighed(silence(20, 100), severities) == timedelta(minutes=10 + 10 + 5 + 10)
    assert weighed(silence(-20, -10), severities) == timedelta(minutes=10)  # before it was declared
    assert weighed(silence(5, 5), severities) == timedelta(0)
    assert weighed(silence(0, 60), []) == timedelta(minutes=60)


def test_what_lies_behind_the_promise_is_late() -> None:
    assert Gap(silence(0, 40), at(30), timedelta(0)).late == timedelta(minutes=10)
    assert Gap(silence(0, 40), at(50), timedelta(0)).late == timedelta(0)
    assert Gap(silence(0, 40), at(-5), timedelta(0)).late == timedelta(minutes=40)  # it was overdue from the start
    assert Gap(silence(0, 40), None, timedelta(0)).late == timedelta(0)
    assert Gap(silence(0, 40), at(30), timedelta(0)).allowed == timedelta(minutes=30)
    assert Gap(silence(0, 40), at(-5), timedelta(0)).allowed == timedelta(0)
