"""What is forecast is what happens: the same entries at the same moments, if nobody does anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import T0, minutes, seconds
from tests.support.duties import random_duty, random_full_book
from tests.support.play import declared
from tests.support.profile import examples
from tests.support.stories import play_script, random_script
from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, Context, Entry
from warroom.domain.duty import Duty
from warroom.domain.escalation import LevelPaged
from warroom.domain.room import Room, Tick, decide, due, fold, foresee

STEPS = 60
numbers = st.integers(0, 2**32)


def room_of(book: Rulebook, number: int) -> tuple[Room, datetime]:
    """A room in which this and that has happened, and what time it is there."""
    chance = Random(number)
    play = play_script(book, random_script(number, book, length=chance.randint(0, 10), most=200))
    return play.there, play.now


def lived(room: Room, book: Rulebook, duty: Duty, now: datetime, number: int, count: int = STEPS) -> list[Entry]:
    """What an engine writes that looks now and again, and whenever something falls due."""
    chance, out = Random(number), list[Entry]()
    while len(out) < count and (pending := due(room)):
        while (idle := now + seconds(chance.randint(1, 4000))) < pending[0].at and chance.random() < 0.5:
            now = idle
            assert decide(room, Tick(), Context(now, ENGINE, book, duty)) == ()
        now = max(now, pending[0].at)
        taken = decide(room, Tick(), Context(now, ENGINE, book, duty))
        out += taken
        room = fold(taken, room) or room
    return out


@given(st.integers(0, 3000), numbers, numbers)
@examples(1.5)
def test_what_is_forecast_is_what_the_engine_writes(of: int, story: int, besides: int) -> None:
    book, duty = random_full_book(of), random_duty(besides)
    room, now = room_of(book, story)
    wrote = lived(room, book, duty, now, besides)
    assert list(islice(foresee(room, book, duty, now), len(wrote))) == wrote


@given(st.integers(0, 3000), numbers, numbers)
@examples()
def test_a_forecast_made_later_says_the_same(of: int, story: int, besides: int) -> None:
    book, duty = random_full_book(of), random_duty(besides)
    room, now = room_of(book, story)
    ahead = list(islice(foresee(room, book, duty, now), STEPS))
    # Between decisions only: those of one moment belong together.
    cuts = [n for n in range(1, len(ahead)) if ahead[n].at > ahead[n - 1].at]
    for cut in Random(besides).sample(cuts, min(3, len(cuts))):
        later = fold(ahead[:cut], room)
        assert later is not None
        again = list(islice(foresee(later, book, duty, ahead[cut - 1].at), STEPS - cut))
        assert again == ahead[cut:]


@given(st.integers(0, 3000), numbers, st.integers(0, 7200))
@examples()
def test_what_is_overdue_is_forecast_for_now(of: int, story: int, late: int) -> None:
    """After a stand-still the engine writes at the moment it looks again, and all that follows rests on that."""
    book = random_full_book(of)
    room, then = room_of(book, story)
    now = then + seconds(late)
    ahead = list(islice(foresee(room, book, start=now), STEPS))
    assert all(entry.at >= now for entry in ahead)
    taken = decide(room, Tick(), Context(now, ENGINE, book))
    assert tuple(ahead[: len(taken)]) == taken[:STEPS]


def test_overdue_steps_are_counted_from_when_they_are_taken() -> None:
    play = declared()
    on_time = [e for e in islice(foresee(play.there, play.book), 40) if isinstance(e.event, LevelPaged)]
    late = [
        e for e in islice(foresee(play.there, play.book, start=T0 + minutes(7)), 40) if isinstance(e.event, LevelPaged)
    ]
    assert on_time[0].at == T0 + minutes(5)
    # Due at 10:05, taken at 10:07: whoever is asked then gets the whole time to answer.
    assert late[0].at == T0 + minutes(7)
    assert late[1].at - late[0].at == timedelta(minutes=5)


def test_the_random_rulebooks_have_all_that_a_forecast_may_meet() -> None:
    kinds = set[str]()
    for number in range(150):
        book, duty = random_full_book(number), random_duty(number)
        room, now = room_of(book, number)
        kinds |= {entry.event.kind for entry in islice(foresee(room, book, duty, now), STEPS)}
    assert kinds >= {
        *("level_paged", "level_skipped", "level_announced", "escalation_exhausted", "escalation_planned"),
        *("checkpoint_asked", "checkpoint_settled", "acknowledgement_lapsed", "status_stalled", "snooze_ended"),
        *("role_missed", "role_offer_ended", "update_missed", "postponed"),
    }
