"""Conditions (R5, R6): what they ask, when they hold, and that they answer whatever they are asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes, utc
from tests.support.play import Play
from tests.support.profile import examples
from warroom.domain.asked import needed, questions, severities_of
from warroom.domain.catalogue import ServiceSpec
from warroom.domain.conditions import (
    ALWAYS,
    TEXTS,
    VALUES,
    Aged,
    All,
    AnyOf,
    AtHour,
    Condition,
    Facts,
    Matches,
    Not,
    OnDay,
    Op,
    Pattern,
    Repeats,
    Says,
    evidence,
    facts_of,
    holds,
    words,
)
from warroom.domain.core import Context
from warroom.domain.duty import Duty, Recent
from warroom.domain.incident import Declare, Incident, Status
from warroom.domain.matching import glob, number_in, says, spaced
from warroom.domain.repeating import repeats

INCIDENT = Incident(
    key="INC-1",
    title="Card payment fails in the shop",
    severity="SEV2",
    status=Status.TRIAGING,
    declared_at=T0,
    declared_by="mina",
    revision="r",
    status_since=T0,
    summary="Since the release",
    service="payments-api",
    labels={"env": "prod", "customers": "120 of 900"},
)
SERVICE = ServiceSpec("payments-api", owner="payments", tier="tier 1", region="eu-west", labels={"domain": "money"})
CATALOGUE = replace(BOOK, services=MappingProxyType({"payments-api": SERVICE}))


def facts(incident: Incident = INCIDENT, *, at: datetime = T0, recent: tuple[Recent, ...] = ()) -> Facts:
    """What is known of an incident under a rulebook with one service."""
    return facts_of(incident, Context(at, "mina", CATALOGUE, Duty(recent=recent)))


def one_of(name: str, *texts: str) -> Matches:
    """A question for plain values and patterns."""
    return Matches(name, tuple(Pattern(text) for text in texts))


# Patterns and words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("payments-*", "payments-api", True),
        ("payments-*", "payments", False),
        ("PAYMENTS-*", "payments-API", True),
        ("*", "", True),
        ("", "", True),
        ("", "x", False),
        ("a*b*c", "aXbXc", True),
        ("a*b*c", "aXcXb", False),
        ("*-api", "payments-api", True),
        ("ab*ba", "aba", False),
        ("a**a", "aa", True),
        ("eu.west", "euxwest", False),
        ("결제-*", "결제-서버", True),
    ],
)
def test_patterns(pattern: str, value: str, expected: bool) -> None:
    assert glob(pattern, value) is expected


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("The card was declined", "card", True),
        ("The CARD was declined", "Card", True),
        ("A discard", "card", False),
        ("cardboard", "card", False),
        ("cardboard", "card*", True),
        ("discard", "*card", True),
        ("pay-card, later", "card", True),
        ("payment \n  failed again", "payment failed", True),
        ("payments failed", "payment failed", False),
        ("db01 is slow", "db", False),
        ("card2card card", "card", True),
        ("Überlastung", "überlastung", True),
        ("STRASSE gesperrt", "straße", True),
        # Korean: particles follow the word, and Latin words take them too; a word has to begin where it is looked for.
        ("카드 결제가 되지 않습니다", "결제", True),
        ("카드결제 오류", "결제", False),
        ("카드결제 오류", "*결제", True),
        ("API가 응답하지 않음", "api", True),
        ("결제API 장애", "api", True),
        ("결제 오류입니다", "결제 오류", True),
        # No blanks between words.
        ("无法完成支付请求", "支付", True),
        ("カード決済が失敗", "決済", True),
        ("ระบบชำระเงินล่ม", "ชำระเงิน", True),
        ("anything", "", False),
        ("anything", "*", False),
    ],
)
def test_words(text: str, phrase: str, expected: bool) -> None:
    assert says(spaced(text), phrase) is expected


@pytest.mark.parametrize(
    ("text", "number"),
    [("tier 1", 1), ("P2", 2), ("-3", -3), ("eu-west-1", 1), ("0.25 s", 0.25), ("none", None), ("", None)],
)
def test_numbers(text: str, number: float | None) -> None:
    assert number_in(text) == number


def test_hostile_texts_take_no_time_worth_speaking_of() -> None:
    assert not says("a" * 20_000, "a" * 100 + "b")
    assert not glob("*a" * 100 + "b", "a" * 20_000)


# Facts and questions -------------------------------------------------------------------------------------------------


def test_what_the_incident_does_not_carry_comes_from_its_labels_and_then_from_its_service() -> None:
    known = facts()
    assert known.values["owner"] == ("payments",)
    assert known.values["tier"] == ("tier 1",)
    assert known.values["region"] == ("eu-west",)
    assert known.values["environment"] == ("prod",)
    assert known.values["reporter"] == ("mina",)
    assert known.labels == {"env": "prod", "customers": "120 of 900", "domain": "money"}
    assert "source" not in known.values
    own = facts(replace(INCIDENT, region="us-1", owner="platform", environment="staging", source="grafana"))
    assert [own.values[name] for name in ("region", "owner", "environment", "source")] == [
        ("us-1",),
        ("platform",),
        ("staging",),
        ("grafana",),
    ]


def test_the_components_of_an_imported_incident_are_its_services() -> None:
    imported = replace(INCIDENT, provider="github", service="", components=("Actions", "Pages"))
    known = facts(imported)
    assert holds(one_of("service", "pages"), known)
    assert holds(one_of("source", "github"), known)
    assert holds(Says("text", ("actions",)), known)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (ALWAYS, True),
        (AnyOf(), False),
        (one_of("severity", "SEV1", "sev2"), True),
        (one_of("severity", "SEV*"), True),
        (Matches("severity", (Pattern("SEV2", Op.WORSE),)), True),
        (Matches("severity", (Pattern("SEV1", Op.WORSE),)), False),
        (Matches("severity", (Pattern("SEV1", Op.MILDER),)), True),
        (Matches("severity", (Pattern("SEV3", Op.MILDER),)), False),
        (Matches("severity", (Pattern("SEV9", Op.WORSE),)), False),
        (one_of("service", "pay*", "web"), True),
        (one_of("source", "*"), False),
        (Not(one_of("source", "*")), True),
        (one_of("labels.env", "prod", "live"), True),
        (one_of("labels.nothing", "*"), False),
        (Matches("labels.customers", (Pattern("", Op.MORE, 100),)), True),
        (Matches("labels.customers", (Pattern("", Op.LESS, 100),)), False),
        (Matches("tier", (Pattern("", Op.AT_MOST, 1),)), True),
        (Matches("tier", (Pattern("", Op.AT_LEAST, 2),)), False),
        (one_of("status", "triaging"), True),
        (Says("title", ("card payment",)), True),
        (Says("title", ("release",)), False),
        (Says("summary", ("release",)), True),
        (Says("text", ("nothing", "release")), True),
        (All((one_of("service", "pay*"), Says("text", ("card",)))), True),
        (All((one_of("service", "pay*"), Says("text", ("cards",)))), False),
        (AnyOf((one_of("service", "web"), Says("text", ("card",)))), True),
    ],
)
def test_questions(condition: Condition, expected: bool) -> None:
    assert holds(condition, facts()) is expected


@pytest.mark.parametrize(
    ("at", "spans", "zone", "expected"),
    [
        ("2024-03-13 23:30", ((time(22), time(6)),), "UTC", True),
        ("2024-03-13 05:59", ((time(22), time(6)),), "UTC", True),
        ("2024-03-13 06:00", ((time(22), time(6)),), "UTC", False),
        ("2024-03-13 21:59", ((time(22), time(6)),), "UTC", False),
        ("2024-03-13 13:30", ((time(22), time(6)),), "Asia/Seoul", True),
        ("2024-03-13 12:00", ((time(9), time(12)), (time(13), time(17))), "UTC", False),
        ("2024-03-13 13:00", ((time(9), time(12)), (time(13), time(17))), "UTC", True),
        ("2024-03-13 00:00", ((time(0), time(0)),), "UTC", True),
        # The clocks of Stockholm went forward on the 31st: 07:30 UTC is 09:30 there afterwards and 08:30 before.
        ("2024-03-30 07:30", ((time(9), time(17)),), "Europe/Stockholm", False),
        ("2024-03-31 07:30", ((time(9), time(17)),), "Europe/Stockholm", True),
    ],
)
def test_hours(at: str, spans: tuple[tuple[time, time], ...], zone: str, expected: bool) -> None:
    assert holds(AtHour(spans, zone), facts(at=utc(at))) is expected


def test_days_are_those_of_the_zone() -> None:
    friday_night = utc("2024-03-15 20:00")  # Saturday morning in Seoul
    assert holds(OnDay((4,)), facts(at=friday_night))
    assert not holds(OnDay((4,), "Asia/Seoul"), facts(at=friday_night))
    assert holds(OnDay((5,), "Asia/Seoul"), facts(at=friday_night))


def test_the_age_counts_from_the_impact_where_it_is_known() -> None:
    asked = Aged(Op.AT_LEAST, minutes(30))
    assert not holds(asked, facts(at=T0 + minutes(29)))
    assert holds(asked, facts(at=T0 + minutes(30)))
    assert holds(asked, facts(replace(INCIDENT, started_at=T0 - minutes(30))))
    assert holds(Aged(Op.LESS, minutes(30)), facts(at=T0 - minutes(5)))


def before(key: str, ago: float, **about: object) -> Recent:
    """Another incident, declared `ago` minutes before T0."""
    told = {"severity": "SEV3", "service": "payments-api", "title": "x", "live": True, **about}
    return Recent(key, T0 - minutes(ago), **told)  # type: ignore[arg-type]


def test_repeats_count_this_one_and_others_of_the_same_kind_within_the_time() -> None:
    lately = (before("A", 61), before("B", 60), before("C", 5, service="web"), before("D", 0), before("D", 0))
    known = facts(recent=lately)
    assert [each.key for each in repeats("service", minutes(60), known)] == ["B", "D"]
    assert holds(Repeats("service", minutes(60), 3), known)
    assert not holds(Repeats("service", minutes(60), 4), known)
    assert not holds(Repeats("service", minutes(60), 1), facts())
    assert not holds(Repeats("service", minutes(60)), facts(replace(INCIDENT, service=""), recent=(before("A", 1),)))


def test_repeats_of_a_label_or_a_title() -> None:
    lately = (
        before("A", 1, service="", labels={"env": "PROD"}),
        before("B", 1, title="Card  payment fails IN the shop"),
    )
    for same, keys in (("labels.env", ["A"]), ("title", ["B"]), ("severity", [])):
        assert [each.key for each in repeats(same, minutes(5), facts(recent=lately))] == keys


def test_what_matched_is_told_and_what_is_not_so_is_not() -> None:
    condition = All((one_of("service", "pay*"), Says("text", ("x", "card payment")), Not(one_of("source", "test"))))
    assert evidence(condition, facts()) == ("service payments-api", "the text says “card payment”")
    assert evidence(All((condition, Says("text", ("never",)))), facts()) is None


def test_a_condition_can_be_read_aloud() -> None:
    condition = All(
        (
            one_of("severity", "SEV1", "SEV2"),
            AnyOf((one_of("service", "payments-*"), Says("text", ("card", "payment failed")))),
            AtHour(((time(22), time(6)),), "Asia/Seoul"),
            OnDay((5, 6)),
            Aged(Op.MORE, timedelta(minutes=90)),
            Repeats("labels.env", timedelta(hours=1), 3),
            Not(one_of("source", "synthetic")),
        )
    )
    assert words(condition) == (
        "severity SEV1 or SEV2, (service payments-* or the text says card or “payment failed”), "
        "22:00-06:00 Asia/Seoul, sat or sun UTC, age > 1h30m, same env 3 times within 1h, not (source synthetic)"
    )
    assert words(ALWAYS) == "always"


def test_which_questions_are_asked_and_which_have_to_be_answered_with_yes() -> None:
    one, two, three = one_of("service", "a"), one_of("region", "b"), one_of("tier", "1")
    condition = All((one, AnyOf((two, three)), Not(three), AnyOf((All((two,)),))))
    assert questions(condition) == (one, two, three, three, two)
    assert needed(condition) == (one, two)
    assert severities_of(All((Matches("severity", (Pattern("SEV2", Op.WORSE),)),)), BOOK) == ("SEV1", "SEV2")


# Properties ----------------------------------------------------------------------------------------------------------

TEXT = st.text(max_size=12) | st.sampled_from(("", "*", "prod", "SEV1", "결제", "tier 1", "a*b"))
PATTERN = st.builds(Pattern, TEXT, st.sampled_from(Op), st.floats(allow_nan=True))
ZONES = st.sampled_from(("UTC", "Asia/Seoul", "Europe/Stockholm", "nowhere", "../etc"))
QUESTION: st.SearchStrategy[Condition] = st.one_of(
    st.builds(
        Matches, st.sampled_from((*VALUES, "labels.a", "labels.", "x")), st.lists(PATTERN, max_size=3).map(tuple)
    ),
    st.builds(Says, st.sampled_from((*TEXTS, "x")), st.lists(TEXT, max_size=3).map(tuple)),
    st.builds(AtHour, st.lists(st.tuples(st.times(), st.times()), max_size=2).map(tuple), ZONES),
    st.builds(OnDay, st.lists(st.integers(0, 6), max_size=3).map(tuple), ZONES),
    st.builds(Aged, st.sampled_from(Op), st.timedeltas()),
    st.builds(Repeats, st.sampled_from(("service", "title", "labels.a", "x")), st.timedeltas(), st.integers(0, 5)),
)
CONDITION: st.SearchStrategy[Condition] = st.recursive(
    QUESTION,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
MOMENT = st.datetimes(timezones=st.just(UTC))
RECENT = st.builds(
    Recent,
    TEXT,
    MOMENT,
    TEXT,
    TEXT,
    TEXT,
    st.booleans(),
    st.dictionaries(st.just("a"), TEXT, max_size=1),
)
FACTS = st.builds(
    Facts,
    MOMENT,
    MOMENT,
    st.dictionaries(st.sampled_from(VALUES), st.lists(TEXT, min_size=1, max_size=2).map(tuple), max_size=4),
    st.dictionaries(st.just("a"), TEXT, max_size=1),
    st.dictionaries(st.sampled_from(TEXTS), TEXT.map(spaced), max_size=3),
    st.dictionaries(st.sampled_from(("SEV1", "SEV2")), st.integers(1, 9), max_size=2),
    st.lists(RECENT, max_size=3).map(tuple),
)


@given(CONDITION, FACTS)
@examples(3)
def test_every_condition_is_answered_and_has_words(condition: Condition, known: Facts) -> None:
    assert holds(condition, known) is (evidence(condition, known) is not None)
    assert words(condition)
    assert holds(Not(condition), known) is not holds(condition, known)


@given(st.lists(CONDITION, max_size=3).map(tuple), FACTS)
@examples(2)
def test_de_morgan(parts: tuple[Condition, ...], known: Facts) -> None:
    assert holds(Not(AnyOf(parts)), known) is holds(All(tuple(map(Not, parts))), known)
    assert holds(Not(All(parts)), known) is holds(AnyOf(tuple(map(Not, parts))), known)


@given(CONDITION, FACTS)
@examples(2)
def test_what_has_to_be_so_is_so_where_the_whole_holds(condition: Condition, known: Facts) -> None:
    if holds(condition, known):
        assert all(holds(part, known) for part in needed(condition))


@pytest.mark.parametrize(
    ("field", "value"), [("products", "Cards"), ("category", "availability"), ("type", "dns"), ("cluster", "c1")]
)
def test_what_is_known_besides_can_be_asked_for(field: str, value: str) -> None:
    play = Play()
    given: dict[str, Any] = {field: ("Tills", value) if field == "products" else value}
    play.do(Declare("x", "SEV1", key="INC-1", **given))
    facts = facts_of(play.there.incident, Context(T0, "mina", BOOK))
    assert holds(Matches(field, (Pattern(value.upper()),)), facts)
    assert not holds(Matches(field, (Pattern("other"),)), facts)
