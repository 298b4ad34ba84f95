"""Rulebooks invented at random: short timers, policies and roles that may be missing or reach nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from functools import lru_cache
from random import Random

from hypothesis import strategies as st

from tests.support.books import BOOK, level, seconds, targets
from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence, ClockRules, ReminderStep
from warroom.domain.fatigue import FatigueRules, Limits
from warroom.domain.incident import (
    SeveritySpec,
)
from warroom.domain.oncall import PagingHours
from warroom.domain.policy import Policy
from warroom.domain.roles import (
    LEAD,
    RequiredRole,
    RoleSpec,
)

OPEN_STAGES = ("new", "triaging", "investigating", "mitigating")
REACHABLE = ("oncall:payments", "team:backend", "person:dag", "channel:#leads")
UNREACHABLE = ("oncall:nobody", "team:empty", "team:ghosts", "person:ghost", "role:scribe", "role:incident-manager")


@lru_cache(maxsize=256)
def random_book(number: int, longest: int = 60) -> Rulebook:
    """The invented rulebook of that number: three severities P1 to P3, any of which may lack a policy, channels or
    roles; levels and pools that may reach nobody; all timers between one and `longest` seconds."""
    chance = Random(number)

    def delay() -> timedelta:
        return seconds(chance.randint(1, longest))

    def maybe_delay() -> timedelta | None:
        return delay() if chance.random() < 0.7 else None

    def some(most: int, *of: str) -> list[str]:
        return chance.sample(of, chance.randint(0, most))

    def policy(name: str) -> Policy:
        levels = tuple(
            level(
                f"level {count}",
                *some(2, *REACHABLE, *UNREACHABLE),
                ack=maybe_delay(),
                resolve=maybe_delay(),
                repeat=chance.choice((0, 0, 1, 2)),
                via=chance.choice(((), ("sms",), ("mail", "chat"))),
            )
            for count in range(1, chance.randint(1, 3) + 1)
        )
        return Policy(name, levels, chance.randint(1, 2), targets(*some(1, *REACHABLE)))

    def cadence(name: str) -> Cadence:
        stages = {status: delay() for status in some(2, *OPEN_STAGES)}
        return Cadence(name, delay(), delay(), maybe_delay(), stages, maybe_delay())

    def severity(rank: int) -> SeveritySpec:
        # The hours open within the first minutes: what waits for them is awaited within the test.
        hours = PagingHours("UTC", (0, 1, 2, 3, 4), time(10, chance.randint(0, 2)), time(10, 59))
        return SeveritySpec(
            f"P{rank}",
            rank,
            str(rank),
            f"priority {rank}",
            rank == 1,
            policy=chance.choice(("p1", "p2", "p3", f"p{rank}", "")),
            hours=chance.choice((None, None, hours)),
            cadence=tuple(cadence(name) for name in some(2, *BOOK.channels)),
            roles=tuple(RequiredRole(name, delay()) for name in some(2, *BOOK.roles)),
        )

    def role(name: str) -> RoleSpec:
        pool = targets(*some(2, *REACHABLE, *UNREACHABLE))
        then = targets(*some(1, "level", "role:incident-manager", "person:bo"))
        duties = tuple(f"duty {count} of {name}" for count in range(1, number % 3 + 1))
        seats = number // 3 % 3
        return RoleSpec(
            name, name, duties, pool, delay(), chance.randint(1, 3), delay(), then, 1 + seats, seats, number % 2 == 0
        )

    def limits() -> Limits:
        return Limits(maybe_delay(), maybe_delay())

    reminders = [
        ReminderStep(None, targets(*some(2, "role:comms-manager", "person:bo", "person:ghost")), percent)
        for percent in sorted(chance.sample((50, 80, 90), chance.choice((0, 1, 1, 2))))
    ]
    at = timedelta(0)
    for _ in range(chance.randint(0, 3)):
        to = targets(*some(2, "role:comms-manager", "role:incident-manager", "level", "person:ghost"))
        percent = chance.choice((None, 100, 120, 150))
        reminders.append(ReminderStep(at if percent is None else None, to, percent, chance.choice((0, 0, 2, 3))))
        at += delay()
    severities = [severity(rank) for rank in (1, 2, 3)]
    return replace(
        BOOK,
        revision=f"book-{number}",
        severities={spec.name: spec for spec in severities},
        policies={name: policy(name) for name in ("p1", "p2", "p3")},
        roles={name: role(name) for name in BOOK.roles},
        reminders=tuple(reminders),
        fatigue=FatigueRules(
            limits(), {LEAD: limits()} if number % 2 else {}, limits(), limits(), Limits(None, delay() * 900), span=3
        )
        if number % 3
        else FatigueRules(),
        clocks=ClockRules(delay() * 2, chance.choice((0, 1, 1, 2)), 95),
    )


def books() -> st.SearchStrategy[Rulebook]:
    """Rulebooks with short timers; one that fails is named by its revision."""
    return st.integers(0, 4000).map(random_book)
