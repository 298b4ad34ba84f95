"""What check finds in schedules and calendars: gaps, people on two levels at once, days that have run out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rulebook.sound import LEVELS, NOW, SOUND, read
from warroom.rulebook.check import check
from warroom.rulebook.convert import Loaded
from warroom.rulebook.findings import Weight


def scheduled(layer: str, *, more: str = "", second: str = "[oncall:second], ack") -> Loaded:
    """The sound rulebook with a schedule of one layer in place of the list `first`, and maybe more of them."""
    text = SOUND.replace("  first: [mina]\n", "", 1).replace("[oncall:second], ack", second, 1)
    schedules = f"schedules:\n  first: {{zone: UTC, layers: {{week: {{{layer}}}}}}}\n{more}"
    return read(text.replace("teams:\n", schedules + "teams:\n", 1))


EVERY_HOUR = "people: [mina, bo], rotate: weekly, day: mon"
OFFICE = "people: [mina, bo], hours: [{days: [mon, tue, wed, thu, fri], start: '00:00', end: '00:00'}]"


def test_a_schedule_without_gaps_is_sound() -> None:
    assert check(scheduled(EVERY_HOUR).book, NOW) == ()


def test_a_gap_is_found_with_its_time_before_it_happens() -> None:
    (finding,) = check(scheduled(OFFICE).book, NOW)
    assert (finding.kind, finding.weight, finding.where) == ("schedule-gap", Weight.WARNING, "schedules.first")
    # From Monday noon on there are four weekends within 30 days.
    assert "from Sat 07 Mar 00:00 UTC for 2d, and 3 more times (8d of the next 30d)" in finding.what
    assert "falls to the next level at once" in finding.advice


def test_gaps_are_looked_for_as_far_as_is_asked() -> None:
    book = scheduled(OFFICE).book
    assert check(book, NOW, timedelta(days=4)) == ()
    (finding,) = check(book, NOW, timedelta(days=6))
    assert "for 1d12h (1d12h of the next 6d)" in finding.what
    (finding,) = check(book, NOW, timedelta(days=14))
    assert "and once more" in finding.what


def test_a_gap_with_a_backup_is_only_worth_a_look() -> None:
    rules = scheduled(OFFICE)
    text = rules.book.schedules["first"]
    (backup,) = rules.book.policies["urgent"].levels[1].targets
    covered = replace(rules.book, schedules={"first": replace(text, backup=(backup,))})
    (finding,) = check(covered, NOW)
    assert (finding.kind, finding.weight) == ("schedule-gap", Weight.NOTICE)


def test_a_schedule_that_ends_leaves_a_gap_that_does_not_end() -> None:
    (finding,) = check(scheduled(f"{EVERY_HOUR}, until: 2026-03-22").book, NOW)
    assert "from Sun 22 Mar 09:00 UTC for 10d3h (" in finding.what


def test_the_same_person_on_two_levels_at_once_is_found_with_the_time() -> None:
    other = "  other: {zone: UTC, layers: {week: {people: [bo, ana], rotate: weekly, day: mon}}}\n"
    apart = scheduled(EVERY_HOUR, more=other, second="[oncall:other, oncall:second], ack")
    assert check(apart.book, NOW) == ()
    (finding,) = check(
        scheduled(EVERY_HOUR, more=other.replace("[bo, ana]", "[ana, bo]"), second="[oncall:other], ack").book, NOW
    )
    assert (finding.kind, finding.where) == ("same-people", f"{LEVELS}.2.targets")
    assert "pages nobody but bo of the level before" in finding.what and "one dead phone silences both" in finding.what


def test_somebody_on_many_schedules_at_once_is_named() -> None:
    more = "".join(f"  s{n}: {{layers: {{only: {{people: [ana]}}}}}}\n" for n in range(3))
    (finding,) = check(
        scheduled(EVERY_HOUR, more=more, second="[oncall:s0, oncall:s1, oncall:s2, oncall:second], ack").book, NOW
    )
    assert (finding.kind, finding.where) == ("oncall-at-once", "people.ana")
    assert "3 schedules at once from Mon 02 Mar 12:00 UTC: s0, s1, s2" in finding.what


def test_somebody_on_many_lists_is_named() -> None:
    lists = "".join(f"  l{n}: [ana]\n" for n in range(5))
    text = SOUND.replace("oncall:\n", f"oncall:\n{lists}", 1)
    every = ", ".join(f"oncall:l{n}" for n in range(5))
    text = text.replace("[oncall:second], ack", f"[oncall:second, {every}], ack", 1)
    (finding,) = check(read(text).book, NOW)
    assert (finding.kind, finding.weight, finding.where) == ("person-many-lists", Weight.NOTICE, "people.ana")


def test_somebody_on_a_schedule_whose_night_nobody_knows_is_named() -> None:
    rules = scheduled(EVERY_HOUR)
    people = {**rules.book.people, "bo": replace(rules.book.people["bo"], zone="")}
    (finding,) = check(replace(rules.book, people=people), NOW)
    assert (finding.kind, finding.where) == ("person-no-zone", "people.bo") and "night" in finding.what


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ("{}", ["has no day in it"]),
        ('{"2025-12-25": Christmas}', ["has no day within the next year"]),
        ('{"2027-03-02": today in a year}', []),
        ('{"2026-03-02": today}', []),
        ('{"12-25": Christmas}', []),
    ],
)
def test_a_calendar_that_has_run_out_is_found(days: str, found: list[str]) -> None:
    rules = read(SOUND.replace("teams:\n", f"holidays: {{se: {days}}}\nteams:\n", 1))
    assert [finding.what for finding in check(rules.book, NOW)] == found
