"""The topic line: what is in it, and that it is always one safe line within its cap."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, COMMS
from tests.support.commands import HOSTILE
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.stories import play_script, scripts
from warroom.domain.incident import Amend, Declare
from warroom.domain.links import AddLink
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.topic import LIMIT, topic


def test_all_that_a_newcomer_needs_in_one_line() -> None:
    play = declared()
    play.do(AssignRole(LEAD, "mina"))
    play.do(AssignRole(COMMS, "eva"))
    play.do(AddLink("chat", "#inc-1"))
    play.do(AddLink("call", "https://meet.example.org/1"))
    play.do(AddLink("ticket", "JIRA-1"))
    assert topic(play.there, BOOK) == (
        "INC-1 SEV1 · Checkout is down · new · incident manager mina · communications manager eva · chat #inc-1 · "
        "call https://meet.example.org/1 · ticket JIRA-1"
    )


def test_an_address_is_whole_or_not_there() -> None:
    play = declared()
    address = "https://docs.example.org/" + "x" * 200
    play.do(AddLink("document", address))
    play.do(AddLink("chat", "#inc-1"))
    play.do(Amend(title="a title " * 20))
    line = topic(play.there, BOOK)
    assert address not in line and "docs.example.org" not in line and "chat #inc-1" in line
    assert len(line) <= LIMIT


@examples()
@given(scripts(longest=12), st.integers(80, LIMIT))
def test_it_is_one_safe_line_within_its_cap(script: list, limit: int) -> None:  # type: ignore[type-arg]
    play = play_script(BOOK, script)
    _safe(topic(play.there, BOOK, limit), limit)


@examples()
@given(st.one_of(st.text(max_size=400), st.sampled_from(HOSTILE)), st.text(max_size=300))
def test_no_title_and_no_link_breaks_it(title: str, link: str) -> None:
    play = Play()
    play.do(Declare("x" + title, "SEV1", key="INC-1"))
    for kind in ("chat", "call", "document", "ticket"):
        try:
            play.do(AddLink(kind, link))
        except Exception as refused:
            assert type(refused).__name__ == "Refused"
    _safe(topic(play.there, BOOK), LIMIT)


def _safe(line: str, limit: int) -> None:
    assert 0 < len(line) <= limit
    assert "\n" not in line and not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
