"""What rings at somebody's terminal: short, with the key that answers, and called a page only where it is one."""

from __future__ import annotations

import pytest

from tests.support.books import T0, minutes
from warroom.domain.calls import call_of
from warroom.domain.comms import Audience, UpdateMissed
from warroom.domain.core import Entry, Event
from warroom.domain.escalation import LevelPaged, Why
from warroom.domain.people import FatigueReached
from warroom.domain.policy import PageTo
from warroom.domain.proposals import UpdateApproved, UpdateProposed
from warroom.domain.record_events import TaskAdded
from warroom.domain.roles import RoleOffered

ANA = (PageTo("ana", "chat", "person:ana"),)
CARD = "INC-1 SEV1 Cards fail\nKnown:\n" + "- a long card\n" * 50


@pytest.mark.parametrize(
    ("event", "words", "paged"),
    [
        (RoleOffered("tech-lead", "ana", CARD, T0), "mina offers you the role tech-lead: h shows the card", False),
        (
            UpdateProposed(("public",), Audience.EXTERNAL, "x" * 500, "SEV1", True, pages=ANA),
            "mina asks you to review an update for public: u, then f2",
            False,
        ),
        (
            UpdateApproved(7, "SEV1", True, "", ANA),
            "mina approved your update #7: u, then f2",
            False,
        ),
        (
            UpdateMissed("public", 1, ANA, False, T0 + minutes(5)),
            "the update on public is overdue: u writes it",
            True,
        ),
        (TaskAdded("count the cases", owner="ana"), "mina gives you a task: count the cases", False),
        (LevelPaged(1, 1, 0, Why.START, ANA, None, None), "L1 ana by chat (start)", True),
    ],
)
def test_it_says_what_is_wanted_and_whether_it_is_a_page(event: Event, words: str, paged: bool) -> None:
    assert call_of("ana", Entry(T0, "mina", event)) == (words, paged)


def test_who_is_told_that_they_are_tired_is_not_paged() -> None:
    event = FatigueReached("ana", ("tech-lead",), "in the role 3h00", pages=ANA)
    assert call_of("ana", Entry(T0, "engine", event))[1] is False
