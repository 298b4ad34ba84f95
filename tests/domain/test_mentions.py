"""Who is spoken to in a text: exactly those behind an @, whatever stands around it (R11)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from warroom.domain.mentions import MOST, Mentions, mentioned

PEOPLE = ("mina", "jonas.b", "li", "min", "한국", "o'neil", "x-1")
HOLDERS = {"incident-manager": "mina", "tech-lead": ""}

FOUND = [
    ("@mina look", ("mina",), ()),
    ("hi @mina.", ("mina",), ()),
    ("(@mina, @li)", ("mina", "li"), ()),
    ("@mina's theory", ("mina",), ()),
    ("ask @jonas.b. Then @li", ("jonas.b", "li"), ()),
    ("@MINA", ("mina",), ()),
    ("@mina @mina @Mina", ("mina",), ()),
    ("@한국 확인", ("한국",), ()),
    ("@o'neil", ("o'neil",), ()),
    ("@x-1-2", ("x-1",), ()),
    ("@incident-manager", ("mina",), ()),
    ("@tech-lead", (), ("tech-lead",)),
    ("@nobody and @mina", ("mina",), ("nobody",)),
    ("root@mina", (), ()),
    ("a@mina.example", (), ()),
    ("https://x.example/@mina", (), ()),
    ("@@mina", (), ()),
    ("@mina@mastodon.example", (), ()),
    ("@ mina", (), ()),
    ("@", (), ()),
    ("@-mina", (), ()),
    ("@minasson", (), ("minasson",)),
    ("", (), ()),
]


@pytest.mark.parametrize(("text", "people", "unknown"), FOUND)
def test_mentions(text: str, people: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert mentioned(text, PEOPLE, HOLDERS) == Mentions(people, unknown)


WORDS = st.text(st.characters(exclude_characters="@", exclude_categories=("Cs",)), max_size=8)
EDGE = st.sampled_from((" ", ", ", "\n", "(", " (", '"', "; ", "! "))


@examples(3)
@given(st.lists(st.tuples(EDGE, st.sampled_from((*PEOPLE, "ghost", "somebody")), EDGE, WORDS), max_size=6))
def test_each_name_behind_an_at_is_found_once_and_nobody_else(parts: list[tuple[str, str, str, str]]) -> None:
    text = "".join(f"{before}@{name}{after}{words} " for before, name, after, words in parts)
    names = list(dict.fromkeys(name for _, name, _, _ in parts))
    found = mentioned(text, PEOPLE)
    assert found.people == tuple(name for name in names if name in PEOPLE)
    assert found.unknown == tuple(name for name in names if name not in PEOPLE)


@examples(3)
@given(st.text(max_size=200))
def test_any_text_gives_known_people_only(text: str) -> None:
    found = mentioned(text, PEOPLE, HOLDERS)
    assert set(found.people) <= set(PEOPLE)
    assert len(found.people) + len(found.unknown) <= text.count("@")


def test_a_flood_of_names_is_not_followed_to_its_end() -> None:
    found = mentioned(" ".join(f"@n{number}" for number in range(10_000)), PEOPLE)
    assert len(found.unknown) == MOST
    assert mentioned("@" + "a-" * 20_000, PEOPLE).people == ()
