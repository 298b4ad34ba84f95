"""Rules and conditions in the files (R6): how they are written, what they mean, and what is said of slips."""

from __future__ import annotations

import json
from datetime import time, timedelta

import pytest

from tests.rulebook.small import SMALL
from warroom.domain.conditions import ALWAYS, Aged, All, AnyOf, AtHour, Matches, Not, OnDay, Op, Pattern, Repeats, Says
from warroom.domain.policy import Target, TargetKind
from warroom.domain.rules import Effects, GroupBy, Rule
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import read_over, read_rulebook, seed_rulebook
from warroom.rulebook.problems import RulebookError
from warroom.rulebook.schema import json_schema

FIRST = Target(TargetKind.ONCALL, "first")


def rules_of(text: str) -> tuple[Rule, ...]:
    """The rules that a file makes, in a small rulebook."""
    loaded = read_rulebook({"small.yaml": SMALL.encode(), "rules.yaml": text.encode()})
    assert from_json(loaded.json).book.rules == loaded.book.rules
    return loaded.book.rules


def rule(when: str, then: str = "{ raise: 1 }") -> Rule:
    """One rule by its condition and its effects, each in one line."""
    (only,) = rules_of(f"rules:\n  r:\n    when: {when}\n    then: {then}\n")
    return only


# What they mean ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("{}", ALWAYS),
        ("{ severity: SEV1 }", Matches("severity", (Pattern("SEV1"),))),
        ("{ severity: [SEV1, SEV2 or worse] }", Matches("severity", (Pattern("SEV1"), Pattern("SEV2", Op.WORSE)))),
        ("{ service: payments-* }", Matches("service", (Pattern("payments-*"),))),
        ("{ tier: '<= 2' }", Matches("tier", (Pattern("<= 2", Op.AT_MOST, 2),))),
        ("{ tier: 1 }", Matches("tier", (Pattern("1"),))),
        ("{ labels.env: prod }", Matches("labels.env", (Pattern("prod"),))),
        ("{ labels: { env: [prod, live] } }", Matches("labels.env", (Pattern("prod"), Pattern("live")))),
        ("{ text: [card, 'payment failed'] }", Says("text", ("card", "payment failed"))),
        ("{ hour: 22:00-06:00 }", AtHour(((time(22), time(6)),))),
        ("{ hour: 09:00-24:00, zone: Asia/Seoul }", AtHour(((time(9), time(0)),), "Asia/Seoul")),
        ("{ weekday: fri-mon }", OnDay((0, 4, 5, 6))),
        ("{ weekday: [sat, sun] }", OnDay((5, 6))),
        ("{ age: 30m }", Aged(Op.AT_LEAST, timedelta(minutes=30))),
        ("{ age: '< 1h30m' }", Aged(Op.LESS, timedelta(minutes=90))),
        ("{ repeats: {} }", Repeats("service", timedelta(hours=1), 2)),
        ("{ repeats: { same: labels.db, within: 7d, at_least: 3 } }", Repeats("labels.db", timedelta(days=7), 3)),
        ("{ not: { source: synthetic } }", Not(Matches("source", (Pattern("synthetic"),)))),
        (
            "{ any: [{ title: a }, { all: [{ title: b }] }] }",
            AnyOf((Says("title", ("a",)), All((Says("title", ("b",)),)))),
        ),
        ("{ owner: [ALL, all*] }", Matches("owner", (Pattern("ALL"), Pattern("all*")))),
    ],
)
def test_conditions(written: str, condition: object) -> None:
    assert rule(written).when == condition


def test_all_lines_of_a_condition_have_to_hold() -> None:
    when = rule("{ service: a, title: b, not: { status: closed }, weekday: mon, zone: Asia/Seoul }").when
    assert when == All(
        (
            Matches("service", (Pattern("a"),)),
            Says("title", ("b",)),
            OnDay((0,), "Asia/Seoul"),
            Not(Matches("status", (Pattern("closed"),))),
        )
    )


@pytest.mark.parametrize(
    ("written", "effects"),
    [
        ("{ severity: SEV2 }", Effects(severity="SEV2")),
        ("{ severity: SEV2 or worse }", Effects(severity="SEV2", at_least=True)),
        ("{ raise: 2 }", Effects(worse=2)),
        ("{ team: all, policy: urgent, priority: P1 }", Effects(owner="all", policy="urgent", priority="P1")),
        ("{ assign: { incident-manager: oncall:first } }", Effects(assign={"incident-manager": (FIRST,)})),
        ("{ offer: { incident-manager: [oncall:first] } }", Effects(offer={"incident-manager": (FIRST,)})),
        ("{ notify: oncall:first, via: [sms] }", Effects(notify=(FIRST,), via=("sms",))),
        ("{ labels: { env: prod }, confirm: money }", Effects(labels={"env": "prod"}, confirm="money")),
        ("{ suppress: a test }", Effects(suppress="a test")),
        ("{ suppress: a test, for: 4h }", Effects(suppress="a test", suppress_for=timedelta(hours=4))),
        ("{ group: {} }", Effects(group=GroupBy("service", timedelta(hours=1)))),
        (
            "{ group: { recheck: 10m } }",
            Effects(group=GroupBy("service", timedelta(hours=1), timedelta(minutes=10))),
        ),
        ("{ group: { same: title, within: 30m } }", Effects(group=GroupBy("title", timedelta(minutes=30)))),
        ("{ level: 3 }", Effects(level=3)),
    ],
)
def test_effects(written: str, effects: Effects) -> None:
    assert rule("{}", written).then == effects


def test_rules_keep_their_order_and_may_end_with_the_first_that_holds() -> None:
    text = "rules:\n  z: { then: { raise: 1 } }\n  a: { stop: true }\n  m: { then: { raise: 1 }, stop: false }\n"
    assert [(r.name, r.stop) for r in rules_of(text)] == [("z", False), ("a", True), ("m", False)]
    first = "rule_defaults: { mode: first }\n" + text
    assert [(r.name, r.stop) for r in rules_of(first)] == [("z", True), ("a", True), ("m", False)]


def test_how_soon_a_group_is_looked_at_may_be_said_once_for_all_rules() -> None:
    text = "rule_defaults: { recheck: 2m }\nrules:\n  a: { then: { group: {} } }\n"
    text += "  b: { then: { group: { recheck: 20m } } }\n"
    groups = [r.then.group for r in rules_of(text)]
    assert [each and each.recheck for each in groups] == [timedelta(minutes=2), timedelta(minutes=20)]


# Slips ---------------------------------------------------------------------------------------------------------------

SLIPS = [  # « marks the place that the problem has to name
    ("{ «sevrity: SEV1 }", 'rules.r.when.sevrity: "sevrity" is nothing that can be asked for', "mean severity?"),
    ("{ «label.env: x }", 'rules.r.when.label.env: "label.env" is nothing that can be asked', "ask for one of"),
    ("{ severity: «SEV9 }", 'rules.r.when.severity: "SEV9" names no severity', "SEV"),
    ("{ severity: [SEV1, «SEV9 or worse] }", 'rules.r.when.severity.2: "SEV9 or worse" names no severity', "SEV"),
    ("{ severity: «'>= 2' }", 'rules.r.when.severity: ">= 2" is not how severities are compared', "or worse"),
    ("{ owner: «al }", 'rules.r.when.owner: "al" names no team', "did you mean all?"),
    ("{ status: «trriaging }", 'rules.r.when.status: "trriaging" is not a stage', "did you mean triaging?"),
    ("{ hour: «9-17 }", 'rules.r.when.hour: "9-17" is not a time of day', "09:00"),
    ("{ hour: «09:00 }", 'rules.r.when.hour: "09:00" is not a span of hours', "22:00-06:00"),
    ("{ hour: «09:00-09:00 }", 'rules.r.when.hour: "09:00-09:00" begins when it ends', "00:00-24:00"),
    ("{ weekday: «mon-frday }", 'rules.r.when.weekday: "mon-frday" is not a day', "did you mean fri?"),
    ("{ title: x, zone: «Asia/Seoul }", 'rules.r.when.zone: "Asia/Seoul" is the zone of nothing', "add hour"),
    ("{ hour: 09:00-17:00, zone: «Asia/Soul }", 'rules.r.when.zone: "Asia/Soul" is not a time zone', "Asia/Seoul?"),
    ("{ age: «soon }", 'rules.r.when.age: "soon" is not a duration', "1h30m"),
    ("{ tier: «'> high' }", 'rules.r.when.tier: "> high" is not a comparison', ">= 3"),
    ("{ text: «'***' }", 'rules.r.when.text: "***" holds no word', "write a word"),
    ("{ text: «'a*b' }", 'rules.r.when.text: "a*b" has a * in the middle', "beginning or end"),
    ("{ text: «[] }", "rules.r.when.text: has nothing in it", "add"),
    ("{ «text: }", "rules.r.when.text: is empty", "take the line out"),
    ("{ «text: { a: b } }", "rules.r.when.text: is a group of lines where a list belongs", "write"),
    ("{ any: «[] }", "rules.r.when.any: has nothing in it", "add"),
    ("{ any: [{ «titel: x }] }", 'rules.r.when.any.1.titel: "titel" is nothing', "did you mean title?"),
    ("{ not: { not: { «hours: x } } }", 'rules.r.when.not.not.hours: "hours" is nothing', "did you mean hour?"),
    ("{ repeats: { same: «servce } }", 'rules.r.when.repeats.same: "servce" cannot be told', "mean service?"),
    ("{ repeats: { within: «8d } }", 'rules.r.when.repeats.within: "8d" is longer than is looked back', "7d"),
    ("{ repeats: { at_least: «1 } }", 'rules.r.when.repeats.at_least: "1" is out of bounds', "from 2"),
]


@pytest.mark.parametrize(("written", "said", "advice"), SLIPS)
def test_slips_in_conditions_are_told_where_they_stand(written: str, said: str, advice: str) -> None:
    line = f"    when: {written}"
    text = f"rules:\n  r:\n{line.replace('«', '')}\n    then: {{ raise: 1 }}\n"
    with pytest.raises(RulebookError) as caught:
        rules_of(text)
    (problem,) = caught.value.problems
    assert f"rules.yaml:3:{line.index('«') + 1}: {said}" in str(problem)
    assert advice in str(problem)


EFFECT_SLIPS = [
    ("{ severity: SEV2 or milder }", "is not what a severity can be set to", "SEV2 or worse"),
    ("{ severity: SEV3 or worse }", "names no severity", "SEV"),
    ("{ policy: urgnt }", "names no policy", "did you mean urgent?"),
    ("{ team: none }", "names no team", "all"),
    ("{ assign: { scribe: oncall:first } }", "names no role", "incident-manager"),
    ("{ notify: oncall:frist }", "names no on-call list", "did you mean first?"),
    ("{ notify: mina }", "does not say what it names", "write person:mina"),
    ("{ via: [sms] }", "tells nobody", "add notify"),
    ("{ for: 4h }", "is the time of nothing", "add suppress"),
    ("{ suppress: a test, for: soon }", "is not a duration", "1h30m"),
    ("{ suppress: a test, fo: 4h }", "is not known here", "did you mean for?"),
    ("{ rais: 1 }", "is not known here", "did you mean raise?"),
    ("{ raise: 0 }", "is out of bounds", "from 1"),
    ("{ group: { recheck: 10s } }", "is out of bounds", "from 1m to 1d"),
    ("{ group: { recheck: 2d } }", "is out of bounds", "from 1m to 1d"),
    ("{ group: { within: 30d } }", "is longer than is looked back", "7d"),
    ("{ sevrity: SEV1 }", "is not known here", "did you mean severity?"),
    ("{}", "does nothing", "add then:"),
    (
        "{ assign: { incident-manager: oncall:first }, offer: { incident-manager: oncall:first } }",
        "is assigned already",
        "one of the two",
    ),
]


@pytest.mark.parametrize(("written", "said", "advice"), EFFECT_SLIPS)
def test_slips_in_effects_are_told(written: str, said: str, advice: str) -> None:
    with pytest.raises(RulebookError) as caught:
        rule("{}", written)
    (problem,) = caught.value.problems
    assert problem.line is not None
    assert said in problem.message
    assert advice in problem.advice


def test_other_slips() -> None:
    for text, said in (
        ("rules:\n  r: { stop: maybe }\n", "neither true nor false"),
        ("rules:\n  a b: { stop: true }\n", "is not a name"),
        ("rules:\n  a: { stop: true }\n  A: { stop: true }\n", "is the same as the rule a"),
        ("rule_defaults: { mode: last }\n", "is not a way to go through rules"),
        ("rules: []\n", "is a list where a group of lines belongs"),
    ):
        with pytest.raises(RulebookError) as caught:
            rules_of(text)
        assert said in str(caught.value)


def test_everything_wrong_is_told_at_once() -> None:
    text = (
        "rules:\n  a: { when: { titel: x, hour: 9 }, then: { policy: x } }\n  b: { when: { text: '*' }, stop: true }\n"
    )
    with pytest.raises(RulebookError) as caught:
        rules_of(text)
    assert len(caught.value.problems) == 4


# What is stored, the schema, the defaults ----------------------------------------------------------------------------


def test_a_rulebook_without_rules_is_stored_as_before_and_read_back() -> None:
    loaded = read_rulebook({"small.yaml": SMALL.encode()})
    content = json.loads(loaded.json)
    assert (content["rules"], loaded.book.rules) == ({}, ())
    del content["rules"], content["rule_defaults"]
    assert from_json(json.dumps(content)).book.rules == ()


def test_the_schema_for_editors_knows_the_fields_of_a_condition() -> None:
    when = json_schema()["$defs"]["When"]
    assert when["additionalProperties"] is False
    assert {"severity", "text", "any", "all", "not", "hour", "repeats"} <= set(when["properties"])
    assert "not_" not in when["properties"]
    assert list(when["patternProperties"]) == ["^labels\\..+$"]
    assert "raise" in json_schema()["$defs"]["EffectsPart"]["properties"]


def test_the_default_rules_are_sound() -> None:
    from warroom.domain.rulecheck import rule_findings

    book = seed_rulebook().book
    assert [rule.name for rule in book.rules] == [
        "production-customers",
        "security-words",
        "payments-senior",
        "same-again",
    ]
    assert rule_findings(book) == []


# A part of a rulebook ------------------------------------------------------------------------------------------------


def test_a_file_with_nothing_but_rules_stands_in_for_those_of_a_rulebook() -> None:
    base = read_rulebook({"small.yaml": SMALL.encode(), "r.yaml": b"rules: { old: { stop: true } }\n"})
    tried = read_over({"new.yaml": b"rules: { new: { then: { policy: urgent } } }\n"}, base.json, "new.yaml")
    assert [rule.name for rule in tried.book.rules] == ["new"]
    assert tried.book.people == base.book.people
    with pytest.raises(RulebookError) as caught:
        read_over({"new.yaml": b"rules: { new: { then: { policy: urgnt } } }\n"}, base.json, "new.yaml")
    assert "new.yaml:1:33" in str(caught.value)
