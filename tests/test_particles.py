"""Korean particles behind names are the ones that fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from warroom import language
from warroom.particles import settled
from warroom.words import tr


@pytest.fixture
def korean() -> Iterator[None]:
    language.use("ko")
    yield
    language.use("en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("지민이(가)", "지민이"),
        ("유나이(가)", "유나가"),
        ("서울을(를)", "서울을"),
        ("서울(으)로", "서울로"),
        ("부산(으)로", "부산으로"),
        ("결제은(는)", "결제는"),
        ("당직과(와)", "당직과"),
        ("유나와(과)", "유나와"),
        ("유나(이)라는", "유나라는"),
        ("지민(이)라는", "지민이라는"),
        ("INC-12을(를)", "INC-12를"),
        ("INC-10을(를)", "INC-10을"),
        ("SEV1(으)로", "SEV1로"),
        ("SEV3(으)로", "SEV3으로"),
        ("sven이(가)", "sven이"),
        ("mina이(가)", "mina가"),
        ("payments이(가)", "payments가"),
        ("email(으)로", "email로"),
        ("URL을(를)", "URL을"),
        ("'지민'을(를)", "'지민'을"),
        ("backup이(가)", "backup이(가)"),
        ("role은(는)", "role은(는)"),
        ("ctrl+s을(를)", "ctrl+s를"),
        ("r(으)로", "r로"),
        ("n을(를)", "n을"),
        ("(08:00 UTC)이(가)", "(08:00 UTC)이(가)"),
        ("مينا이(가)", "مينا이(가)"),
        ("이(가)", "이(가)"),
        ("", ""),
    ],
)
def test_the_one_that_fits_or_both(text: str, said: str) -> None:
    assert settled(text) == said


def test_a_translation_settles_them_when_its_parts_are_filled_in(korean: None) -> None:
    text = "has no {lead}"
    assert "이(가)" in tr(text)
    assert "이(가)" not in tr(text).format(lead="지민")
    assert "지민이" in tr(text).format(lead="지민")
    assert "유나가" in tr(text).format(lead="유나")


@given(st.text(), st.sampled_from(("이(가)", "은(는)", "을(를)", "(으)로", "(이)라", "과(와)")))
@examples()
def test_nothing_but_a_particle_is_changed(text: str, particle: str) -> None:
    done = settled(f"{text}{particle} {text}")
    assert done.endswith(f" {text}") or "(" in text
    assert settled(done) == done
