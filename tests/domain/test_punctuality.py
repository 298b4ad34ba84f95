"""What became of every update that was owed, and the budget for late ones (R10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.books import BOOK, T0, minutes, with_severity
from tests.support.play import Play, declared
from warroom.domain.cadence import Cadence
from warroom.domain.comms import Audience, PostUpdate, SkipUpdate, StreamOpened, UpdatePosted
from warroom.domain.core import Entry
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.punctuality import KINDS, Outcome, Owed, owed, owed_by_provider, tally
from warroom.domain.watch import Watched

ONE = with_severity(
    "SEV1",
    replace(BOOK, reminders=()),
    policy="",
    roles=(),
    cadence=(Cadence("internal", minutes(10), minutes(20), minutes(30)),),
)


def play() -> Play:
    return declared("SEV1", ONE)


def say(given: Play, at: float, **more: object) -> None:
    given.now = T0 + minutes(at)
    given.do(PostUpdate("internal", "we are on it", **more), "bo")  # type: ignore[arg-type]


def found(given: Play, now: float) -> list[tuple[str, float, float]]:
    """Outcome, when it was due and how long it was overdue, in minutes."""
    minute = timedelta(minutes=1)
    return [
        (each.outcome.value, (each.due - T0) / minute, each.silent / minute)
        for each in owed(given.entries, T0 + minutes(now))
    ]


def test_updates_in_time_and_late() -> None:
    given = play()
    say(given, 10)  # at the very moment
    say(given, 29)
    say(given, 52)
    assert found(given, 60) == [("on time", 10, 0), ("on time", 30, 0), ("late", 49, 3)]


def test_what_is_not_due_yet_is_owed_by_nobody_and_what_is_overdue_runs_on() -> None:
    given = play()
    assert found(given, 9.9) == []
    assert found(given, 10) == [("overdue", 10, 0)]
    assert found(given, 40) == [("overdue", 10, 30)]


@pytest.mark.parametrize(
    ("at", "outcome", "overdue"), [(15, "skipped", 0), (20, "skipped", 0), (20.1, "late", 0.1), (25, "late", 5)]
)
def test_an_update_skipped_in_time_counts_apart_and_one_that_was_late_already_is_late(
    at: float, outcome: str, overdue: float
) -> None:
    given = play()
    say(given, 0)
    given.now = T0 + minutes(at)
    given.do(SkipUpdate("internal", "the vendor calls back"))
    skipped = (outcome, 20, pytest.approx(overdue))
    assert found(given, at + 5) == [("on time", 10, 0), skipped]
    assert found(given, at + 25) == [("on time", 10, 0), skipped, ("overdue", at + 20, 5)]


def test_skipping_a_late_update_does_not_make_a_record_look_better() -> None:
    given = play()
    say(given, 0)
    given.now = T0 + minutes(25)
    before = tally(owed(given.entries, given.now), T0, given.now)
    given.do(SkipUpdate("internal", "the vendor calls back"))
    after = tally(owed(given.entries, given.now), T0, given.now)
    assert (after.share, after.late, after.silent) == (before.share, before.late, before.silent)


def test_a_deadline_that_is_moved_before_its_time_was_never_owed() -> None:
    given = play()
    given.do(SetSeverity("SEV2", "milder"))  # the first word moves from minute 10 to 20
    assert found(given, 15) == []
    say(given, 15)
    assert found(given, 16) == [("on time", 20, 0)]


def test_one_that_is_moved_after_its_time_never_came() -> None:
    given = play()
    given.now = T0 + minutes(14)
    given.do(SetSeverity("SEV2", "milder"))
    say(given, 18)
    assert found(given, 19) == [("never", 10, 4), ("on time", 20, 0)]


@pytest.mark.parametrize(("at", "outcome"), [(8, []), (14, [("never", 10, 4)])])
def test_what_ends_unsaid(at: int, outcome: list[tuple[str, float, float]]) -> None:
    given = declared("SEV1", with_severity("SEV1", ONE, cadence=(Cadence("internal", minutes(10), minutes(20)),)))
    given.now = T0 + minutes(at)
    given.do(SetStatus(Status.RESOLVED, "rolled back"))
    assert found(given, 60) == outcome


def test_the_last_word_is_owed_too() -> None:
    given = play()
    say(given, 5)
    given.now = T0 + minutes(6)
    given.do(SetStatus(Status.RESOLVED, "rolled back"))
    say(given, 40)
    assert found(given, 60) == [("on time", 10, 0), ("late", 36, 4)]


def test_a_word_that_nobody_waits_for_is_not_counted() -> None:
    given = play()
    given.do(PostUpdate("desk", "a courtesy"))
    assert found(given, 1) == []


def test_each_counts_with_the_severity_in_force_when_it_was_settled() -> None:
    given = play()
    say(given, 5)
    given.do(SetSeverity("SEV2", "milder"))
    say(given, 12)
    assert [each.severity for each in owed(given.entries, T0 + minutes(60))] == ["SEV1", "SEV2"]
    asked = [entry for entry in given.entries if entry.event.kind in KINDS]
    assert owed(asked, T0 + minutes(60)) == owed(given.entries, T0 + minutes(60))


def test_a_record_of_an_older_program_counts_the_same() -> None:
    given = play()
    say(given, 12)
    old = [
        replace(entry, event=replace(entry.event, was_due=None)) if isinstance(entry.event, UpdatePosted) else entry
        for entry in given.entries
    ]
    assert owed(old, given.now) == owed(given.entries, given.now)


# Imported incidents --------------------------------------------------------------------------------------------------


def post(at: float) -> Entry:
    event = UpdatePosted("public", Audience.EXTERNAL, "we look", T0 + minutes(at), None, source_id=str(at))
    return Entry(T0, "import", event)


WATCHED = (
    Entry(T0, "import", Watched("INC-1", "t", "SEV2", "rev-1", "github", "x", T0)),
    Entry(T0, "import", StreamOpened("public", Audience.EXTERNAL, None, minutes(30))),
)


@pytest.mark.parametrize(
    ("posts", "closed", "outcomes"),
    [
        ((10, 40, 71), 100, [("on time", 0), ("on time", 0), ("late", 1), ("on time", 0)]),
        ((71, 10, 40, 40), 100, [("on time", 0), ("on time", 0), ("on time", 0), ("late", 1), ("on time", 0)]),
        ((), 90, [("late", 60)]),
        ((10,), None, [("on time", 0), ("overdue", 80)]),
        ((100,), None, [("late", 70)]),
    ],
)
def test_a_providers_silences_are_held_against_the_cadence(
    posts: tuple[int, ...], closed: int | None, outcomes: list[tuple[str, float]]
) -> None:
    end = None if closed is None else T0 + minutes(closed)
    entries = (*WATCHED, *map(post, posts))
    found = owed_by_provider(entries, minutes(30), T0, end, T0 + minutes(120))
    assert [(each.outcome.value, each.silent / timedelta(minutes=1)) for each in found] == outcomes
    assert {each.severity for each in found} <= {"SEV2"}


# Counting ------------------------------------------------------------------------------------------------------------


def one(outcome: Outcome, due: float, settled: float) -> Owed:
    return Owed("internal", "internal", "SEV1", T0 + minutes(due), T0 + minutes(settled), outcome)


def test_the_budget_is_what_the_target_leaves() -> None:
    given = [one(Outcome.ON_TIME, n + 1, n) for n in range(1, 38)] + [
        one(Outcome.LATE, 40, 45),
        one(Outcome.NEVER, 50, 52),
    ]
    given += [one(Outcome.OVERDUE, 55, 60), one(Outcome.SKIPPED, 50, 51)]
    found = tally(given, T0, T0 + minutes(60))
    assert (found.on_time, found.late, found.skipped, found.overdue, found.counted) == (37, 3, 1, 1, 40)
    assert found.share == pytest.approx(0.925)
    assert (found.allowed(95), found.left(95)) == (pytest.approx(2), pytest.approx(-1))
    assert (found.allowed(90), found.left(90)) == (pytest.approx(4), pytest.approx(1))
    assert (found.allowed(100), found.left(100)) == (0, -3)
    assert (found.silent, found.running) == (minutes(5 + 2 + 5 + 1), minutes(5))


def test_only_what_was_settled_in_the_window_counts_and_of_a_silence_the_part_within() -> None:
    given = [one(Outcome.ON_TIME, -5, -6), one(Outcome.LATE, -30, 5), one(Outcome.LATE, -30, 0)]
    found = tally(given, T0, T0 + minutes(60))
    assert (found.counted, found.late, found.silent) == (1, 1, minutes(5))


def test_nothing_was_due() -> None:
    found = tally([], T0, datetime.max.replace(tzinfo=T0.tzinfo))
    assert (found.share, found.allowed(95), found.left(95)) == (None, 0, 0)
