"""What rings at somebody's terminal: short, with what answers it, and called a page only where it is one."""

from __future__ import annotations

import pytest

from tests.support.books import T0, minutes
from warroom.domain.calls import Answer, call_of
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
    ("event", "words", "paged", "answer"),
    [
        (RoleOffered("tech-lead", "ana", CARD, T0), "mina offers you the role tech-lead", False, Answer.CARD),
        (
            UpdateProposed(("public",), Audience.EXTERNAL, "x" * 500, "SEV1", True, pages=ANA),
            "mina asks you to review an update for public",
            False,
            Answer.REVIEW,
        ),
        (
            UpdateApproved(7, "SEV1", True, "", ANA),
            "mina approved your update #7",
            False,
            Answer.REVIEW,
        ),
        (
            UpdateMissed("public", 1, ANA, False, T0 + minutes(5)),
            "the update on public is overdue",
            True,
            Answer.UPDATE,
        ),
        (TaskAdded("count the cases", owner="ana"), "mina gives you a task: count the cases", False, Answer.NONE),
        (LevelPaged(1, 1, 0, Why.START, ANA, None, None), "L1 ana by chat (start)", True, Answer.NONE),
    ],
)
def test_it_says_what_is_wanted_and_whether_it_is_a_page(event: Event, words: str, paged: bool, answer: Answer) -> None:
    assert call_of("ana", Entry(T0, "mina", event)) == (words, paged, answer)


def test_who_is_told_that_they_are_tired_is_not_paged() -> None:
    event = FatigueReached("ana", ("tech-lead",), "in the role 3h00", pages=ANA)
    assert call_of("ana", Entry(T0, "engine", event))[1] is False
