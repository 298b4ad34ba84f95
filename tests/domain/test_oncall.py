"""Paging hours across days, weekends and changes of the clocks, and whom a target finds (R2, R5, R7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, OFFICE, T0, targets
from tests.support.play import declared
from tests.support.profile import examples
from warroom.domain.book import Rulebook
from warroom.domain.core import Context
from warroom.domain.oncall import Contact, PagingHours, Person
from warroom.domain.policy import PageTo
from warroom.domain.reach import Reach, reach
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.room import Room

WEEK = (0, 1, 2, 3, 4, 5, 6)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


# Hours ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2024-03-13 08:00", "2024-03-13 08:00"),
        ("2024-03-13 07:59", "2024-03-13 08:00"),
        ("2024-03-13 15:59", "2024-03-13 15:59"),
        ("2024-03-13 16:00", "2024-03-14 08:00"),
        ("2024-03-15 16:00", "2024-03-18 08:00"),
        ("2024-03-30 09:00", "2024-04-01 07:00"),
        ("2024-10-26 09:00", "2024-10-28 08:00"),
        ("2023-12-31 23:30", "2024-01-01 08:00"),
    ],
)
def test_office_hours_in_stockholm(at: str, opens: str) -> None:
    assert OFFICE.next_open(utc(at)) == utc(opens)


def test_one_open_day_a_week_is_found_from_the_minute_it_closed() -> None:
    sundays = PagingHours("UTC", (6,), time(10), time(11))
    assert sundays.next_open(utc("2024-03-10 11:00")) == utc("2024-03-17 10:00")
    assert sundays.next_open(utc("2024-03-10 10:59")) == utc("2024-03-10 10:59")


@pytest.mark.parametrize(
    ("zone", "start", "at", "opens"),
    [
        # 02:30 does not exist that night: it is the first moment after the gap, three o'clock by the new time.
        ("Europe/Stockholm", time(2, 30), "2024-03-30 23:00", "2024-03-31 01:00"),
        ("America/Chicago", time(2, 30), "2024-03-10 06:00", "2024-03-10 08:00"),
        ("Australia/Lord_Howe", time(2, 15), "2024-10-05 12:00", "2024-10-05 15:30"),
        # 02:30 comes twice; the first one counts, and the second one for whoever missed it by the clock.
        ("Europe/Stockholm", time(2, 30), "2024-10-26 22:00", "2024-10-27 00:30"),
        ("Europe/Stockholm", time(2, 30), "2024-10-27 01:15", "2024-10-27 01:30"),
        ("Australia/Lord_Howe", time(1, 45), "2024-04-06 15:05", "2024-04-06 15:15"),
    ],
)
def test_hours_that_open_while_the_clocks_change(zone: str, start: time, at: str, opens: str) -> None:
    hours = PagingHours(zone, WEEK, start, time(20))
    assert hours.next_open(utc(at)) == utc(opens)


ZONES = {
    "Europe/Stockholm": ("2024-03-29", "2024-10-25"),
    "America/Chicago": ("2024-03-08", "2024-11-01"),
    "Australia/Lord_Howe": ("2024-04-05", "2024-10-04"),
}


@given(
    st.sampled_from([(zone, day) for zone, days in ZONES.items() for day in days]),
    st.integers(0, 5 * 24 * 60),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(4 * 60, 22 * 60),
    st.integers(1, 119),
)
@examples()
def test_it_is_the_first_minute_that_the_clock_on_the_wall_allows(
    where: tuple[str, str], minute: int, days: set[int], start: int, length: int
) -> None:
    zone, day = where
    opens, closes = time(*divmod(start, 60)), time(*divmod(start + length, 60))
    hours = PagingHours(zone, tuple(sorted(days)), opens, closes)

    def is_open(moment: datetime) -> bool:
        local = moment.astimezone(ZoneInfo(zone))
        return local.weekday() in days and opens <= local.time() < closes

    at = utc(f"{day} 00:00") + minute * MINUTE
    found = hours.next_open(at)
    assert is_open(found)
    assert found >= at
    assert found.tzinfo is UTC
    # No minute before it is open: looked at every five minutes, and the last one closely.
    assert not any(is_open(at + step * 5 * MINUTE) for step in range(-(-(found - at) // (5 * MINUTE))))
    assert found == at or not is_open(found - MINUTE)


def test_a_moment_within_the_hours_stays_to_the_microsecond() -> None:
    at = T0 + timedelta(microseconds=1)
    assert OFFICE.next_open(at) is at


# Who is found --------------------------------------------------------------------------------------------------------


def found_by(room: Room, *names: str, via: tuple[str, ...] = (), book: Rulebook = BOOK) -> Reach:
    """What a level that names these would find now."""
    return reach(targets(*names), via, room, Context(T0, "dag", book))


def found(*names: str, via: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    play = declared("SEV4")
    pages = found_by(play.there, *names, via=via).pages
    return [(page.to, page.via) for page in pages]


@pytest.mark.parametrize(
    ("names", "via", "pages"),
    [
        (("person:ada",), (), [("ada", "sms")]),
        (("person:ada",), ("mail", "sms"), [("ada", "mail"), ("ada", "sms")]),
        (("person:ada",), ("phone",), [("ada", "sms")]),  # none of the channels wanted: their own first one
        (("person:ada",), ("phone", "chat"), [("ada", "chat")]),
        (("oncall:payments",), (), [("ada", "sms")]),  # the first one cannot be reached
        (("team:backend",), ("chat",), [("bo", "chat"), ("cy", "mail")]),
        (("team:backend", "person:bo"), ("chat",), [("bo", "chat"), ("cy", "mail")]),
        (("channel:#war",), ("sms",), [("#war", "chat")]),
        (("level:",), (), []),
        (("person:ghost",), (), []),
        (("person:who",), (), []),
        (("oncall:who",), (), []),
        (("team:who",), (), []),
        (("role:who",), (), []),
        ((), (), []),
    ],
)
def test_find(names: tuple[str, ...], via: tuple[str, ...], pages: list[tuple[str, str]]) -> None:
    assert found(*names, via=via) == pages


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("person:ghost", "person:ghost: ghost cannot be reached"),
        ("person:who", "person:who: who cannot be reached"),
        ("oncall:nobody", "nobody is on call for nobody"),
        ("oncall:who", "nobody is on call for who"),
        ("team:empty", "team empty has no members"),
        ("team:ghosts", "team:ghosts: ghost cannot be reached"),
        (f"role:{LEAD}", f"{LEAD} is vacant"),
        ("level:", "it names nobody"),
    ],
)
def test_why_nobody_is_found(name: str, why: str) -> None:
    found = found_by(declared("SEV4").there, name)
    assert (found.pages, found.nobody) == ((), why)


def test_a_role_is_whoever_holds_it() -> None:
    play = declared("SEV4")
    play.do(AssignRole(LEAD, "dag"))
    pages = found_by(play.there, f"role:{LEAD}", "person:dag", via=("sms",)).pages
    assert pages == (PageTo("dag", "sms", f"role:{LEAD}"),)


def test_find_person_and_address() -> None:
    room = declared("SEV4").there
    assert found_by(room, "person:dag").pages == (PageTo("dag", "phone", "person:dag"),)
    assert found_by(room, "person:ghost").pages == ()
    assert BOOK.address("dag", "sms") == "+46700000004"
    assert BOOK.address("dag", "fax") == "dag"
    assert BOOK.address("#war", "chat") == "#war"


def test_two_addresses_on_one_channel_are_one_page() -> None:
    twice = Person("tw", "Tw", (Contact("sms", "1"), Contact("sms", "2")))
    book = replace(BOOK, people={**BOOK.people, "tw": twice})
    pages = found_by(declared("SEV4").there, "person:tw", via=("sms",), book=book).pages
    assert [(p.to, p.via) for p in pages] == [("tw", "sms")]
    assert book.address("tw", "sms") == "1"
