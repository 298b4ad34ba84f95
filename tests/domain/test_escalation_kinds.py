"""Every kind of escalation that teams speak of can be written down as a policy (R5), alone and together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.support.books import BOOK, LEAD, T0, ladder_only, level, minutes, targets
from tests.support.play import Play
from warroom.domain.book import Rulebook
from warroom.domain.catalogue import ServiceSpec
from warroom.domain.conditions import All, AtHour, Condition, Matches, Op, Pattern, Repeats
from warroom.domain.core import Context
from warroom.domain.duty import Duty, Recent
from warroom.domain.escalation import LevelPaged
from warroom.domain.incident import Declare
from warroom.domain.oncall import Contact, Person
from warroom.domain.policy import Level, Policy
from warroom.domain.roles import AssignRole
from warroom.domain.room import Tick, decide, due, fold


def fact(field: str, *values: str) -> Condition:
    return Matches(field, tuple(Pattern(value) for value in values))


def only(when: Condition, made: Level) -> Level:
    return replace(made, when=when)


CHAIN = {
    "ada": Person("ada", "Ada", (Contact("chat", "@ada"),), manager="bo"),
    "bo": Person("bo", "Bo", (Contact("chat", "@bo"),), manager="dag"),
}
SERVICES = {
    "checkout": ServiceSpec("checkout", owner="backend", oncall="payments", labels={"segment": "retail"}),
    "ledger": ServiceSpec("ledger", owner="backend", oncall="managers", labels={"segment": "banks"}),
}


@dataclass(frozen=True)
class Kind:
    """A policy, an incident, and who has to be paged after how many minutes if nobody answers."""

    name: str
    levels: tuple[Level, ...]
    paged: tuple[tuple[int, str], ...]
    declare: Declare = Declare("It is down", "SEV1", "checkout", key="INC-1")  # noqa: RUF009
    book: Callable[[Rulebook], Rulebook] = lambda book: book
    duty: Duty = Duty()  # noqa: RUF009
    hour: float = 10


FIVE = minutes(5)
KINDS = (
    Kind(
        "hierarchical, up the chain of managers",
        (
            level("engineer", "person:ada", ack=FIVE),
            level("their manager", "manager:paged", ack=FIVE),
            level("and theirs", "manager:paged", ack=FIVE),
        ),
        ((0, "ada"), (5, "bo"), (10, "dag")),
    ),
    Kind(
        "functional, across to the team that owns the service",
        (level("service desk", "person:eva", ack=FIVE), level("owners", "service:owner", ack=FIVE)),
        ((0, "eva"), (5, "bo cy")),
    ),
    Kind(
        "functional, to whoever is on call for the service",
        (level("on call", "service:oncall", ack=FIVE),),
        ((0, "eva"),),
        declare=Declare("It is down", "SEV1", "ledger", key="INC-1"),
    ),
    Kind(
        "time-based, by how long nobody has fixed it",
        (level("one", "person:ada", resolve=minutes(20)), level("two", "person:bo", resolve=minutes(30))),
        ((0, "ada"), (20, "bo")),
    ),
    Kind(
        "time-based, by the hour of the day",
        (
            only(
                AtHour(((T0.replace(hour=9).time(), T0.replace(hour=17).time()),)), level("day", "person:ada", ack=FIVE)
            ),
            level("night", "person:bo", ack=FIVE),
        ),
        ((0, "bo"),),
        hour=20,
    ),
    Kind(
        "impact-based, by severity",
        (
            level("one", "person:ada", ack=FIVE),
            only(Matches("severity", (Pattern("SEV1", Op.WORSE),)), level("leadership", "person:dag", ack=FIVE)),
            level("three", "person:bo", ack=FIVE),
        ),
        ((0, "ada"), (5, "bo")),
        declare=Declare("It is slow", "SEV2", key="INC-1"),
    ),
    Kind(
        "impact-based, by what customers feel",
        (only(fact("impact", "all customers*"), level("crisis", "person:dag", ack=FIVE)), level("one", "person:ada")),
        ((0, "dag"), (5, "ada")),
        declare=Declare("It is down", "SEV1", impact="all customers in Europe", key="INC-1"),
    ),
    Kind(
        "parallel, several at once by several ways",
        (level("everybody", "person:ada", "team:backend", "channel:#leads", via=("chat", "mail"), ack=FIVE),),
        ((0, "#leads ada bo cy"),),
    ),
    Kind(
        "contextual, by the customer segment of the service",
        (
            only(fact("labels.segment", "banks"), level("key accounts", "person:eva", ack=FIVE)),
            level("on call", "person:ada", ack=FIVE),
        ),
        ((0, "eva"), (5, "ada")),
        declare=Declare("It is down", "SEV1", "ledger", key="INC-1"),
    ),
    Kind(
        "contextual, by the owner",
        (only(fact("owner", "backend"), level("backend", "person:cy")), level("others", "person:ada")),
        ((0, "cy"),),
    ),
    Kind(
        "metadata-based, by source and label",
        (
            only(
                All((fact("source", "prometheus*"), fact("labels.zone", "eu-*"))),
                level("europe", "person:bo", ack=FIVE),
            ),
            level("others", "person:ada", ack=FIVE),
        ),
        ((0, "bo"), (5, "ada")),
        declare=Declare("It is down", "SEV1", labels={"zone": "eu-west"}, source="prometheus-1", key="INC-1"),
    ),
    Kind(
        "metadata-based, by how often it happened before",
        (
            only(Repeats("service", minutes(60), 3), level("problem manager", "person:eva", ack=FIVE)),
            level("on call", "person:ada", ack=FIVE),
        ),
        ((0, "eva"), (5, "ada")),
        duty=Duty(
            recent=tuple(Recent(f"INC-{n}", T0 - minutes(n), "SEV2", "checkout", "again", False) for n in (30, 20))
        ),
    ),
    Kind(
        "combined: by severity, then the owners in parallel with the lead, then up, waiting for nobody",
        (
            only(fact("severity", "SEV3"), level("minor", "person:cy")),
            level("one", "person:ada", ack=FIVE, repeat=1, resolve=minutes(30)),
            level("two", "service:owner", f"role:{LEAD}", ack=FIVE, resolve=minutes(30)),
            only(fact("labels.segment", "banks"), level("banks", "person:eva")),
            level("up", "manager:lead", ack=FIVE),
        ),
        ((0, "ada"), (5, "ada"), (10, "ada bo cy"), (15, "bo")),
    ),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_who_is_paged_when(kind: Kind) -> None:
    book = ladder_only(Policy("kinds", kind.levels))
    severities = {name: replace(spec, policy="kinds") for name, spec in book.severities.items()}
    book = kind.book(replace(book, severities=severities, services=SERVICES, people={**BOOK.people, **CHAIN}))
    start = T0 + minutes((kind.hour - 10) * 60)
    play = Play(book, start)

    def do(command: object, actor: str) -> None:
        taken = decide(play.room, command, Context(play.now, actor, book, kind.duty))  # type: ignore[arg-type]
        play.entries += taken
        play.room = fold(taken, play.room)

    do(kind.declare, "mina")
    do(AssignRole(LEAD, "ada"), "mina")
    while (pending := due(play.there)) and pending[0].at <= start + minutes(60):
        play.now = pending[0].at
        do(Tick(), "engine")
    paged = [
        ((entry.at - start) / minutes(1), " ".join(sorted({page.to for page in entry.event.pages})))
        for entry in play.entries
        if isinstance(entry.event, LevelPaged)
    ]
    assert paged == list(kind.paged)


def test_targets_of_the_examples_are_read_as_they_are_written() -> None:
    assert [str(each) for each in targets("service:owner", "manager:paged")] == ["service:owner", "manager:paged"]
