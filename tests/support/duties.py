"""Rulebooks with schedules and everything else that a level may have, drawn by number; and what stands besides them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from random import Random

from tests.support.books import PEOPLE, T0, minutes, seconds, targets
from tests.support.random_books import random_book
from warroom.domain.book import Rulebook
from warroom.domain.conditions import AtHour, Matches, Pattern
from warroom.domain.duty import Absence, Duty, Override, Recent
from warroom.domain.policy import Ask, Last, Level, Mode, Otherwise, Policy
from warroom.domain.schedule import Combine, Limit, ScheduleSpec
from warroom.domain.schedule_clock import DAY, WeekHours
from warroom.domain.schedule_layers import Layer, Rotation

SCHEDULES = ("day", "night", "short")


def _schedule(name: str, chance: Random) -> ScheduleSpec:
    people = list(PEOPLE)

    def layer(number: int) -> Layer:
        turns = tuple(tuple(chance.sample(people, chance.choice((1, 1, 2)))) for _ in range(chance.randint(1, 3)))
        # Turns so short that some begin while an escalation runs.
        step = chance.choice((seconds(20), seconds(47), minutes(3), timedelta(days=1)))
        anchor = (T0 - timedelta(hours=chance.randint(0, 9))).replace(tzinfo=None)
        hours = WeekHours.of([(day * DAY + 600, day * DAY + 600 + chance.randint(1, 90)) for day in range(7)])
        zone = chance.choice(("", "Asia/Seoul", "Europe/Stockholm"))
        return Layer(f"layer{number}", Rotation(turns, anchor, step), zone, chance.choice((None, None, hours)))

    limit = Limit(timedelta(hours=chance.randint(1, 24)), pages=chance.randint(1, 4))
    return ScheduleSpec(
        name,
        tuple(layer(number) for number in range(chance.randint(1, 3))),
        combine=chance.choice(list(Combine)),
        backup=targets(*chance.sample(("person:dag", "oncall:payments", "oncall:night"), chance.randint(0, 2))),
        limit=chance.choice((None, limit)),
    )


def _level(level: Level, chance: Random) -> Level:
    def some(*of: str) -> tuple[str, ...]:
        return tuple(chance.sample(of, chance.randint(0, 1)))

    asked = Ask(targets("person:eva", "role:incident-manager"), seconds(chance.randint(1, 40)), Otherwise.PROCEED)
    at_hour = AtHour((((T0 + minutes(1)).time(), T0.time()),), "UTC")
    conditions = (None, None, Matches("severity", (Pattern("P1"),)), at_hour)
    return replace(
        level,
        targets=(*level.targets, *targets(*some(*(f"oncall:{name}" for name in SCHEDULES)), *some("team:backend"))),
        mode=chance.choice((Mode.ALL, Mode.ALL, Mode.ROUND_ROBIN)),
        warn=chance.choice((None, None, seconds(3))),
        when=chance.choice(conditions),
        informed=targets(*some("person:cy", "channel:#leads")),
        confirm=chance.choice((None, None, None, asked, replace(asked, otherwise=Otherwise.SKIP))),
    )


@lru_cache(maxsize=256)
def random_full_book(number: int) -> Rulebook:
    """The rulebook of that number of `random_book`, with schedules, limits, turns, checkpoints and fallbacks."""
    chance, book = Random(number), random_book(number)
    names = list(book.policies)

    def policy(given: Policy) -> Policy:
        return replace(
            given,
            levels=tuple(_level(level, chance) for level in given.levels),
            last=chance.choice((Last.END, Last.END, Last.STAY)),
            stay_every=seconds(chance.randint(5, 60)),
            fallback=chance.choice(("", "", *names)),
        )

    return replace(
        book,
        revision=f"full-{number}",
        policies={name: policy(given) for name, given in book.policies.items()},
        schedules={name: _schedule(name, chance) for name in SCHEDULES},
        severities={
            name: replace(
                spec,
                ack_lapses=chance.choice((None, seconds(chance.randint(10, 90)))),
                stalled=chance.choice(({}, {"new": seconds(chance.randint(10, 90))})),
            )
            for name, spec in book.severities.items()
        },
    )


def random_duty(number: int) -> Duty:
    """Overrides and absences that begin and end while an escalation runs, pages for other incidents, turns taken."""
    chance = Random(number)
    people = list(PEOPLE)

    def stretch() -> tuple[timedelta, timedelta]:
        begins = seconds(chance.randint(-600, 600))
        return begins, begins + seconds(chance.randint(1, 900))

    overrides, absences = [], []
    for count in range(chance.randint(0, 3)):
        begins, ends = stretch()
        instead = chance.choice(("", "", *people))
        overrides.append(
            Override(
                count + 1,
                chance.choice(SCHEDULES),
                chance.choice(people),
                T0 + begins,
                T0 + ends,
                instead_of=instead,
            )
        )
    for count in range(chance.randint(0, 2)):
        begins, ends = stretch()
        absences.append(Absence(count + 1, chance.choice(people), T0 + begins, T0 + ends))
    return Duty(
        tuple(overrides),
        tuple(absences),
        pages={who: tuple(T0 - minutes(m) for m in (30, 5)) for who in chance.sample(people, 2)},
        turns={name: chance.randint(0, 5) for name in ("p1", "p2", "p3")},
        recent=(Recent("INC-9", T0 - minutes(9), "P2", "checkout", "before", live=True),),
    )
