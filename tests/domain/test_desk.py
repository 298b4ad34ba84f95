"""The desk (R7): overrides, absences and swaps, by tables; in whatever order of commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes
from tests.support.profile import examples
from warroom.domain.book import Rulebook
from warroom.domain.core import Command, Context, Entry, Refused, Stale
from warroom.domain.desk import (
    KEPT,
    AddAbsence,
    AddOverride,
    Desk,
    EndAbsence,
    EndOverride,
    EndSwap,
    OverrideAdded,
    RequestSwap,
    SwapEnded,
    TakeSwap,
    decide_desk,
    evolve_desk,
)
from warroom.domain.desk_words import describe_desk
from warroom.domain.duty import Duty
from warroom.domain.schedule import ScheduleSpec

HOUR = timedelta(hours=1)


def book_with(*schedules: str) -> Rulebook:
    return replace(BOOK, schedules={name: ScheduleSpec(name, ()) for name in schedules})


RULES = book_with("primary", "backup")


class Desks:
    """A desk that is being used: each command at its time, by somebody."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.entries: list[Entry] = []

    def do(self, command: Command, *, by: str = "ada", at: datetime = T0) -> tuple[Entry, ...]:
        entries = decide_desk(self.desk, command, Context(at, by, RULES))
        for entry in entries:
            self.desk = evolve_desk(self.desk, entry)
        self.entries += entries
        return entries


def test_an_override_names_who_is_on_call_and_until_when() -> None:
    desks = Desks()
    desks.do(AddOverride("primary", "bo", T0 + HOUR, T0 + 2 * HOUR, "dentist"))
    (override,) = desks.desk.overrides
    assert (override.person, override.start, override.end, override.by) == ("bo", T0 + HOUR, T0 + 2 * HOUR, "ada")
    assert describe_desk(desks.entries[0].event) == (
        "primary: bo, Wed 2024-03-13 11:00 to Wed 2024-03-13 12:00 UTC: dentist"
    )


def test_an_override_that_began_earlier_begins_now() -> None:
    desks = Desks()
    desks.do(AddOverride("primary", "bo", T0 - HOUR, T0 + HOUR))
    assert desks.desk.overrides[0].start == T0


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (AddOverride("primry", "bo", T0, T0 + HOUR), "no schedule 'primry'; the schedules are primary, backup"),
        (AddOverride("payments", "bo", T0, T0 + HOUR), "payments is a list"),
        (AddOverride("primary", "", T0, T0 + HOUR), "name a person"),
        (AddOverride("primary", "who", T0, T0 + HOUR), "no 'who' among the people"),
        (AddOverride("primary", "bo", T0 + HOUR, T0), "has to end after it begins"),
        (AddOverride("primary", "bo", T0 - 2 * HOUR, T0 - HOUR), "has to end in the future"),
        (AddOverride("primary", "bo", T0, T0 + timedelta(days=400)), "more than a year"),
        (AddOverride("primary", "bo", T0, T0 + HOUR, instead_of="bo"), "cannot stand in for themselves"),
        (AddAbsence("who", T0, T0 + HOUR), "no 'who' among the people"),
        (AddAbsence("bo", T0, T0), "has to end after it begins"),
        (RequestSwap("primary", T0, T0 + HOUR, to="ada"), "ada has that duty already"),
        (RequestSwap("nowhere", T0, T0 + HOUR), "no schedule 'nowhere'"),
        (EndOverride(7), "there is no override 7"),
        (EndAbsence(7), "there is no absence 7"),
        (TakeSwap(7), "there is no swap 7"),
        (EndSwap(7), "there is no swap 7"),
    ],
)
def test_what_makes_no_sense_is_refused(command: Command, why: str) -> None:
    with pytest.raises(Refused, match=why):
        decide_desk(Desk(), command, Context(T0, "ada", RULES))


def test_an_override_can_be_taken_back() -> None:
    desks = Desks()
    desks.do(AddOverride("primary", "bo", T0 + HOUR, T0 + 2 * HOUR))
    desks.do(AddOverride("primary", "cy", T0, T0 + 2 * HOUR))
    desks.do(EndOverride(1), at=T0 + minutes(5))
    assert [o.id for o in desks.desk.overrides] == [2]
    desks.do(EndOverride(2), at=T0 + minutes(10))
    assert desks.desk.overrides[0].end == T0 + minutes(10)
    with pytest.raises(Stale):
        desks.do(EndOverride(2), at=T0 + minutes(11))


def test_an_absence_ends_early() -> None:
    desks = Desks()
    desks.do(AddAbsence("", T0, T0 + 5 * HOUR, "ill"), by="cy")
    duty = Duty(absences=desks.desk.absences)
    assert duty.absent("cy", T0 + HOUR) is not None
    assert duty.absent("cy", T0 + 5 * HOUR) is None
    assert duty.absent("bo", T0 + HOUR) is None
    (ended,) = desks.do(EndAbsence(1), at=T0 + HOUR)
    assert Duty(absences=desks.desk.absences).absent("cy", T0 + HOUR) is None
    assert describe_desk(ended.event) == "absence 1 is over"


def test_an_absence_that_has_not_begun_is_taken_back() -> None:
    desks = Desks()
    desks.do(AddAbsence("", T0 + HOUR, T0 + 5 * HOUR), by="cy")
    (ended,) = desks.do(EndAbsence(1), at=T0)
    assert Duty(absences=desks.desk.absences).absent("cy", T0 + 2 * HOUR) is None
    assert describe_desk(ended.event) == "absence 1 was taken back"


def test_a_swap_that_is_taken_is_an_override_in_place_of_the_one_who_asked() -> None:
    desks = Desks()
    desks.do(RequestSwap("primary", T0 + HOUR, T0 + 3 * HOUR, note="wedding"), by="bo")
    ended, added = desks.do(TakeSwap(1), by="cy", at=T0 + 2 * HOUR)
    assert ended.event == SwapEnded(1, "taken")
    assert isinstance(added.event, OverrideAdded)
    override = added.event.override
    assert (override.person, override.instead_of) == ("cy", "bo")
    assert override.start == T0 + 2 * HOUR
    assert added.event.swap == 1
    assert desks.desk.swaps == ()


@pytest.mark.parametrize(
    ("to", "by", "error"),
    [("cy", "dag", "asked cy"), ("", "bo", "own duty"), ("", "who", "no 'who' among")],
)
def test_who_may_take_a_swap(to: str, by: str, error: str) -> None:
    desks = Desks()
    desks.do(RequestSwap("primary", T0, T0 + HOUR, to=to), by="bo")
    with pytest.raises(Refused, match=error):
        desks.do(TakeSwap(1), by=by)


def test_a_swap_is_declined_by_the_one_asked_and_withdrawn_by_the_one_who_asked() -> None:
    for by, how in (("cy", "declined"), ("bo", "withdrawn")):
        desks = Desks()
        desks.do(RequestSwap("primary", T0, T0 + HOUR, to="cy"), by="bo")
        (entry,) = desks.do(EndSwap(1), by=by)
        assert entry.event == SwapEnded(1, how)
    desks = Desks()
    desks.do(RequestSwap("primary", T0, T0 + HOUR, to="cy"), by="bo")
    with pytest.raises(Refused, match="between bo and cy"):
        desks.do(EndSwap(1), by="dag")


def test_a_swap_whose_time_is_over_cannot_be_taken() -> None:
    desks = Desks()
    desks.do(RequestSwap("primary", T0, T0 + HOUR), by="bo")
    with pytest.raises(Stale):
        desks.do(TakeSwap(1), by="cy", at=T0 + HOUR)


def test_what_was_over_long_ago_is_forgotten() -> None:
    desks = Desks()
    desks.do(AddOverride("primary", "bo", T0, T0 + HOUR))
    desks.do(AddAbsence("bo", T0, T0 + HOUR))
    desks.do(AddAbsence("cy", T0, T0 + HOUR), at=T0)
    later = T0 + KEPT + 2 * HOUR
    desks.do(AddOverride("primary", "bo", later, later + HOUR), at=later)
    assert [o.id for o in desks.desk.overrides] == [4]
    assert desks.desk.absences == ()


people = st.sampled_from(["ada", "bo", "cy", ""])
times = st.integers(-5, 30).map(lambda h: T0 + h * HOUR)
commands = st.one_of(
    st.builds(AddOverride, st.sampled_from(["primary", "backup", "x"]), people, times, times),
    st.builds(AddAbsence, people, times, times),
    st.builds(RequestSwap, st.just("primary"), times, times, people, people),
    st.builds(TakeSwap, st.integers(1, 6)),
    st.builds(EndSwap, st.integers(1, 6)),
    st.builds(EndOverride, st.integers(1, 6)),
    st.builds(EndAbsence, st.integers(1, 6)),
)


@examples(2)
@given(st.lists(st.tuples(commands, people, st.integers(0, 60)), max_size=15))
def test_ids_are_never_used_twice_and_nothing_lasts_backwards(steps: list[tuple[Command, str, int]]) -> None:
    desks, at = Desks(), T0
    seen: list[int] = []
    for command, by, wait in steps:
        at += minutes(wait)
        try:
            desks.do(command, by=by or "dag", at=at)
        except Refused:
            continue
    for entry in desks.entries:
        for name in ("override", "absence", "swap"):
            made = getattr(entry.event, name, None)
            if made is not None and not isinstance(made, int):
                seen.append(made.id)
    assert len(seen) == len(set(seen))
    folded = Desk()
    for entry in desks.entries:
        folded = evolve_desk(folded, entry)
    assert folded == desks.desk
    assert all(item.end > item.start for item in (*folded.overrides, *folded.absences, *folded.swaps))
