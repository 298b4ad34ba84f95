"""Incidents from their declaration on, drawn at random: scripts of commands and ticks, with a rulebook for each.

All times are whole seconds from `T0` on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random

from hypothesis import strategies as st

from tests.support.books import BOOK, T0, seconds
from tests.support.commands import ACTORS, random_command
from tests.support.play import Play
from tests.support.random_books import books
from warroom.domain.book import Rulebook
from warroom.domain.core import ENGINE, Command, Event, Refused
from warroom.domain.incident import Declare
from warroom.domain.room import Tick


@dataclass(frozen=True)
class Step:
    """One line of a script: `ahead` seconds after the line before, `actor` gives `command`."""

    ahead: int
    actor: str
    command: Command


Script = list[Step]


def random_script(
    number: int,
    book: Rulebook = BOOK,
    start: datetime = T0,
    *,
    length: int = 16,
    most: int = 20_000,
    ticks: bool = True,
) -> Script:
    """The script of that number: a shorter one is the beginning of a longer one. See `scripts`."""
    chance = Random(number)
    declare = Declare("Checkout is down", chance.choice(list(book.severities)), key="INC-1")
    play, steps = Play(book, start), [Step(0, "mina", declare)]
    play.do(declare)
    for _ in range(length):
        ahead = chance.randint(0, min(most, chance.choice((0, 30, 900, most))))
        play.now += seconds(ahead)
        if ticks and chance.random() < 0.35:
            steps.append(Step(ahead, ENGINE, Tick()))
            play.tick()
            continue
        # Most commands come from somebody who knows what is possible, so that an incident really moves.
        for _ in range(chance.choice((1, 4, 4, 4))):
            command, actor = random_command(chance, book, play.now, play.room), chance.choice(ACTORS)
            with suppress(Refused):
                play.do(command, actor)
                break
        steps.append(Step(ahead, actor, command))
    return steps


def scripts(
    book: Rulebook = BOOK,
    start: datetime = T0,
    *,
    longest: int = 24,
    most: int = 20_000,
    ticks: bool = True,
) -> st.SearchStrategy[Script]:
    """An incident from its declaration on: up to `longest` commands and ticks, the clock moving `most` seconds at most
    between two of them. With `ticks` False there are commands only.

    Made from a number rather than drawn piece by piece, which is twenty times as fast. A failing one is made shorter
    from its end, and by leaving out steps.
    """

    def script(number: int, length: int, without: set[int]) -> Script:
        made = random_script(number, book, start, length=length, most=most, ticks=ticks)
        return [step for index, step in enumerate(made) if index not in without or not index]

    return st.builds(script, st.integers(0, 2**32), _lengths(longest), _left_out(longest))


def _lengths(longest: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, longest), st.integers(longest // 2, longest))


def _left_out(longest: int) -> st.SearchStrategy[set[int]]:
    """Steps to leave out of a script: mostly none, so that a failing one can be made smaller."""
    return st.one_of(st.just(set()), st.sets(st.integers(1, longest), max_size=longest))


def play_script(
    book: Rulebook,
    script: Script,
    start: datetime = T0,
    after_step: Callable[[Play, Step, tuple[Event, ...]], None] | None = None,
) -> Play:
    """Give every command of a script, with no ticks but its own; refused ones are passed over."""
    play = Play(book, start)
    for step in script:
        play.now += seconds(step.ahead)
        events: tuple[Event, ...] = ()
        with suppress(Refused):
            events = play.do(step.command, step.actor)
        if after_step is not None:
            after_step(play, step, events)
    return play


@dataclass(frozen=True, repr=False)
class Story:
    """A rulebook with a script for it; shown by the rulebook's revision, which says how it was made."""

    book: Rulebook
    script: Script

    def __repr__(self) -> str:
        lines = "".join(f"\n    {step.ahead:>6} {step.actor}: {step.command!r}" for step in self.script)
        return f"Story({self.book.revision}{lines})"


def stories(
    of: st.SearchStrategy[Rulebook] | None = None, *, most: int = 200, longest: int = 24, ticks: bool = True
) -> st.SearchStrategy[Story]:
    """A rulebook with a script for it: one of `of`, else the everyday one or one with short timers; see `scripts`."""

    def story(book: Rulebook, number: int, length: int, without: set[int]) -> Story:
        far = 20_000 if book is BOOK else most
        made = random_script(number, book, length=length, most=far, ticks=ticks)
        return Story(book, [step for index, step in enumerate(made) if index not in without or not index])

    book = st.one_of(st.just(BOOK), books()) if of is None else of
    return st.builds(story, book, st.integers(0, 2**32), _lengths(longest), _left_out(longest))
