"""Rules that run away, can never hold, or hide what they should not: what is found about them before they are used."""

from __future__ import annotations

import pytest

from tests.domain.test_rules import SERVICES, TELL, asks, book_of
from tests.support.books import minutes, targets
from warroom.domain.conditions import ALWAYS, All, AnyOf, AtHour, Condition, Not, OnDay, Op, Says
from warroom.domain.roles import LEAD
from warroom.domain.rulecheck import rule_findings
from warroom.domain.rules import (
    Effects,
    Rule,
    does,
)


def when(*parts: Condition) -> All:
    """Several questions at once."""
    return All(parts)


@pytest.mark.parametrize(
    ("rules", "name", "what"),
    [
        (
            [Rule("r", when(asks("region", "eu"), asks("region", "us")), Effects(worse=1))],
            "r",
            "can never hold: region",
        ),
        (
            [Rule("r", when(asks("severity", "SEV1"), asks("severity", "SEV3", op=Op.MILDER)), TELL.then)],
            "r",
            "severity",
        ),
        ([Rule("r", when(asks("region", "eu"), Not(asks("region", "e*"))), Effects(worse=1))], "r", "it excludes what"),
        ([Rule("r", when(OnDay((1,)), OnDay((2,))), Effects(worse=1))], "r", "two days at once"),
        (
            [Rule("r", when(asks("service", "chekout"), asks("tier", "1")), Effects(worse=1))],
            "r",
            "none of this rulebook",
        ),
        (
            [Rule("all", ALWAYS, TELL.then, stop=True), Rule("r", Says("text", ("x",)), TELL.then)],
            "r",
            "is never asked",
        ),
        (
            [
                Rule("eu", asks("region", "eu"), TELL.then, stop=True),
                Rule("r", when(asks("region", "eu"), Says("text", ("x",))), TELL.then),
            ],
            "r",
            "is never asked: eu holds",
        ),
        (
            [
                Rule("r", asks("severity", "SEV3"), Effects(severity="SEV2")),
                Rule("s", asks("severity", "SEV2"), Effects(severity="SEV3")),
            ],
            "r",
            "and s undo each other",
        ),
        ([Rule("r", ALWAYS, Effects(severity="SEV1"))], "r", "makes every incident SEV1"),
        (
            [Rule("r", asks("severity", "SEV4", op=Op.WORSE), Effects(severity="SEV1"))],
            "r",
            "makes every incident SEV1",
        ),
        ([Rule("r", AnyOf((asks("service", "*"), OnDay((1,)))), Effects(suppress="x"))], "r", "nobody is ever paged"),
        (
            [Rule("r", ALWAYS, Effects(suppress="x", suppress_for=minutes(60)))],
            "r",
            "every incident: nobody is paged for 1h",
        ),
        (
            [Rule("r", when(asks("severity", "SEV2", op=Op.WORSE), asks("tier", "3")), Effects(suppress="x"))],
            "r",
            "suppresses SEV1 and SEV2 for good",
        ),
        ([Rule("r", asks("source", "test"), Effects(suppress="x"))], "r", "for good: nobody is paged"),
        ([Rule("r", ALWAYS, Effects(worse=1))], "r", "makes every incident worse"),
        ([Rule("r", asks("severity", "SEV1"), Effects(worse=1))], "r", "raises beyond SEV1"),
        ([Rule("r", asks("severity", "SEV2"), Effects(worse=2))], "r", "there is room for 1"),
        ([Rule("r", asks("tier", "1"), Effects(level=4))], "r", "begins at level 4"),
        ([Rule("r", asks("tier", "1"), Effects(suppress="x", notify=targets("person:dag")))], "r", "nobody is told"),
        ([Rule("r", asks("tier", "1"), Effects(offer={LEAD: targets("channel:#leads")}))], "r", "cannot hold it"),
    ],
)
def test_what_is_doubtful_is_found(rules: list[Rule], name: str, what: str) -> None:
    found = rule_findings(book_of(*rules, services=SERVICES))
    assert any(rule == name and what in said and advice for rule, said, advice in found), found


def test_what_is_sound_is_left_alone() -> None:
    rules = (
        Rule("a", when(asks("region", "eu*"), asks("region", "*-1"), asks("service", "check*")), Effects(worse=1)),
        Rule("b", asks("severity", "SEV3"), Effects(severity="SEV2"), stop=True),
        Rule("c", when(asks("severity", "SEV2"), asks("region", "us")), Effects(severity="SEV1")),
        Rule("d", when(asks("severity", "SEV3"), asks("tier", "1")), Effects(worse=1)),
        Rule(
            "e",
            when(OnDay((5, 6)), Not(asks("source", "test"))),
            Effects(suppress="weekend", suppress_for=minutes(240)),
        ),
        Rule("f", ALWAYS, Effects(labels={"seen": "yes"}, level=2)),
        Rule("g", asks("severity", "SEV3"), Effects(suppress="minor")),
    )
    assert rule_findings(book_of(*rules, services=SERVICES)) == []


def test_hours_that_never_meet_are_found_and_those_past_midnight_are_not() -> None:
    from datetime import time

    night, morning, noon = (AtHour(((time(a), time(b)),)) for a, b in ((22, 6), (5, 9), (12, 13)))
    apart = book_of(Rule("r", when(night, noon), Effects(worse=1)))
    assert any("two hours" in what for _, what, _ in rule_findings(apart))
    assert rule_findings(book_of(Rule("r", when(night, morning), Effects(worse=1)))) == []


def test_effects_can_be_read_aloud() -> None:
    then = Effects(
        severity="SEV2",
        at_least=True,
        worse=2,
        notify=targets("person:dag"),
        via=("sms",),
        suppress="a test",
        suppress_for=minutes(90),
    )
    assert does(then) == (
        "severity SEV2 or worse",
        "2 severities worse",
        "tell person:dag by sms",
        "page nobody for 1h30m: a test",
    )
