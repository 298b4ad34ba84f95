"""The filter's grammar: what it reads, what it lets through, what it says, and what it offers while one types."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui.fixtures import NOW, ago, many_lines
from warroom.tui.sieve.complete import complete
from warroom.tui.sieve.grammar import FIELDS, TRAITS, Filter, Term, format_filter, parse, seconds
from warroom.tui.sieve.match import Beyond, beyond, matches, unknown
from warroom.views import IncidentLine


def room() -> tuple[IncidentLine, ...]:
    """The invented room, with what the list's newer columns show."""
    more: dict[str, dict[str, object]] = {
        "INC-142": {"service": "payments-api", "team": "payments", "region": "eu-west", "environment": "production",
                    "roles": (("incident-manager", "mina"), ("tech-lead", "jonas"), ("communications", "")),
                    "acked_by": "mina", "opened_at": ago(41), "cases": 1240, "tasks_open": 2},
        "INC-141": {"service": "git", "team": "tools", "roles": (("incident-manager", "jonas"),),
                    "acked_by": "jonas", "opened_at": ago(20)},
        "INC-139": {"service": "export", "roles": (("incident-manager", ""),), "opened_at": ago(200)},
        "INC-138": {"service": "결제", "roles": (("incident-manager", "지민"), ("tech-lead/database", "li"))},
    }  # fmt: skip
    return tuple(replace(line, **more.get(line.key, {})) for line in many_lines())  # type: ignore[arg-type]


def found(query: str) -> list[str]:
    return [line.key.removeprefix("INC-") for line in room() if matches(line, parse(query), NOW)]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("sev:1", "142 138"),
        ("sev:SEV1", "142 138"),
        ("SEV:sev1", "142 138"),
        ("severity:1 late", "142"),
        ("sev:>=3", "139 135 134 99 98"),
        ("sev:<2", "142 138"),
        ("sev:2..3 vacant", "139 136"),
        ("sev:1,4", "142 138 99 98"),
        ("!sev:1,2,3", "99 98"),
        ("-sev:1 sev:<=2", "141 137 136"),
        ("role:mina", "142"),
        ("role:tech-lead", "142"),
        ("role:tech-lead/jonas", "142"),
        ("role:jonas", "142 141"),
        ("role:communications/none", "142"),
        ("role:none", "142 139 136 98"),
        ("role:tech-lead/database", "138"),
        ("role:tech-lead/li", "138"),
        ("role:지민", "138"),
        ("sev:1 role:mina !resolved pay", "142"),
        ("service:pay", "142"),
        ('service:"pay"', ""),
        ("service:none sev:2", "137 136"),
        ("team:tools,payments", "142 141"),
        ("env:prod", "142"),
        ("region:eu", "142"),
        ("key:INC-99,142", "142 99"),
        ("key:inc-9", ""),
        ("status:mit", "142 137 134"),
        ("status:new,triaging", "139 136 99"),
        ("ack:mina", "142"),
        ("ack:any", "142 141"),
        ("ack:none sev:1", "138"),
        ("age:>30m", "142 139"),
        ("age:10m..45m", "142 141"),
        ("age:<1h30", "142 141"),
        ("due:late", "142 136"),
        ("due:<5m", "142 139 138 137 136"),
        ("due:none", "98"),
        ("cases:>1000", "142"),
        ("cases:none sev:2", "141 137 136"),
        ("tasks:>0", "142"),
        ('"card payments"', "142"),
        ("card payments", "142"),
        ("payments card", "142"),
        ('!"card payments" sev:1', "138"),
        ('"late"', "98"),
        ("alarm", "138"),
        ("live closed", ""),
        ("결제", "138"),
        (unicodedata.normalize("NFD", "결제"), "138"),
        ("RÄKSMÖRGÅS".replace("K", "k"), "137"),
        (unicodedata.normalize("NFD", "räksmörgås"), "137"),
        ("nothing:here", ""),
        ("sev:", "142 141 139 138 137 136 135 134 99 98"),
        ("!", "142 141 139 138 137 136 135 134 99 98"),
    ],
)
def test_what_a_filter_lets_through(query: str, keys: str) -> None:
    assert found(query) == keys.split()


def test_an_unknown_field_or_value_is_said_with_its_place() -> None:
    assert [str(d) for d in parse("late srevice:pay").doubts] == ['at 6: no field "srevice"; did you mean service:?']
    assert str(parse("x:1").doubts[0]).startswith('at 1: no field "x"; there are sev, status')
    assert [d.at for d in parse("age:soon due:5 status:burning cases:many sev:>x").doubts] == [5, 14, 23, 37, 46]
    assert parse('http://pay.example "a:b" 12:30').doubts == ()
    wrong = unknown(parse("role:mina,mona service:none key:9999"), room(), NOW)
    assert [str(d) for d in wrong] == [
        "at 11: no incident here has role mona", "at 33: no incident here has key 9999"
    ]  # fmt: skip


def test_what_is_over_is_asked_from_the_store_only_where_the_filter_names_it() -> None:
    assert beyond(parse("late sev:1 !closed !key:INC-3")) == Beyond()
    assert beyond(parse("closed pay")) == Beyond(over=True) == beyond(parse("status:closed"))
    assert beyond(parse("watched")) == Beyond(watched=True)
    assert beyond(parse("key:INC-12,7")) == Beyond(keys=("INC-12", "7"))


@pytest.mark.parametrize(
    ("text", "figure"),
    [("30m", 1800), ("2", 120), ("1h30", 5400), ("1d12h", 129_600), ("45s", 45), ("", None), ("x", None), ("٣m", None)],
)
def test_a_span(text: str, figure: float | None) -> None:
    assert seconds(text) == figure


# Properties ----------------------------------------------------------------------------------------------------------

_bits = st.sampled_from(
    ["sev", "role", "age", ":", "!", "-", ",", '"', "\\", " ", "\t", ">", "<=", "..", "30m", "1", "late", "mina",
     "결제", "//", "“", "none", "x", "\u3000", "\x1b", "status", "SEV1"]
)  # fmt: skip
texts = st.lists(_bits | st.text(max_size=3), max_size=12).map("".join)
queries = st.sampled_from([*(f"{name}:1" for name in FIELDS), *TRAITS, "pay", '"card pay"', "role:mina,li"]) | texts


@examples(2)
@given(texts)
def test_reading_never_fails_and_what_is_written_is_read_back(text: str) -> None:
    once = parse(text)
    assert parse(format_filter(once)) == once
    assert all(1 <= doubt.at <= len(text) for doubt in once.doubts)
    for line in room()[:3]:
        matches(line, once, NOW)
    unknown(once, room(), NOW)


@examples(2)
@given(queries)
def test_not_is_the_complement(text: str) -> None:
    for term in parse(text).terms:
        if term.complete:
            turned = Term(not term.negated, term.field, term.values)
            again = parse(format_filter(Filter((turned,)))).terms
            assert again == (turned,)
            for line in room():
                assert matches(line, Filter((term,)), NOW) is not matches(line, Filter(again), NOW)


@examples()
@given(queries, queries)
def test_another_term_never_widens(one: str, more: str) -> None:
    first = Filter(parse(one).terms)
    both = Filter((*first.terms, *parse(more).terms))
    for line in room():
        assert matches(line, first, NOW) or not matches(line, both, NOW)


@examples()
@given(texts, st.integers(-3, 40))
def test_whatever_is_offered_can_be_taken(text: str, cursor: int) -> None:
    offered = complete(text, cursor, room())
    for candidate in offered.candidates:
        taken, at = offered.taken(text, candidate)
        assert 0 <= at <= len(taken)
        assert candidate.text in taken
        ghost = offered.ghost(text, candidate)
        assert not ghost or ghost.startswith(text)


# While one types -----------------------------------------------------------------------------------------------------


def offered(text: str, cursor: int | None = None) -> list[str]:
    completion = complete(text, len(text) if cursor is None else cursor, room())
    return [each.text if each.count is None else f"{each.text} {each.count}" for each in completion.candidates]


def test_first_the_fields_then_their_values_with_how_often_they_occur() -> None:
    assert offered("")[:3] == ["sev:", "status:", "role:"]
    assert offered("se") == ["sev:", "service:"]
    assert offered("sev:") == ["SEV1 2", "SEV2 3", "SEV3 3", "SEV4 2"]
    assert offered("sev:1,") == offered("sev:")
    assert offered("!role:jo")[0] == "jonas 2"
    assert offered("pay")[0] == "service:payments-api 1"
    assert offered("late du") == ["due:"]
    assert offered("due:l") == ["late"]
    assert offered("service:git") == []  # nothing is left to be offered
    assert offered('"se') == []


def test_a_candidate_takes_the_place_of_what_is_typed() -> None:
    done = complete("late se pay", 7, room())
    assert done.taken("late se pay", done.candidates[1]) == ("late service: pay", 13)
    done = complete("late ro", 7, room())
    assert done.taken("late ro", done.candidates[0]) == ("late role:", 10)
    done = complete("role:mi", 7, room())
    assert done.taken("role:mi", done.candidates[0]) == ("role:mina ", 10)
    assert done.ghost("role:mi") == "role:mina"


def test_an_age_passes_with_time() -> None:
    line = replace(room()[1], opened_at=NOW)
    assert not matches(line, parse("age:>=10m"), NOW)
    assert matches(line, parse("age:>=10m"), NOW + timedelta(minutes=10))
