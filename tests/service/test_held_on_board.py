"""What the board shows of an incident that a rule holds back, from the room itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.service.test_forecasting import opened
from tests.support.books import BOOK, T0, minutes
from warroom.domain.conditions import Matches, Pattern
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.rules import Effects, GroupBy, LiftHold, Rule
from warroom.views import NextPage, PageState

RULES = replace(
    BOOK,
    rules=(
        Rule("storm", Matches("source", (Pattern("prometheus"),)), Effects(group=GroupBy("service"))),
        Rule("quiet", Matches("source", (Pattern("test"),)), Effects(suppress="a test", suppress_for=minutes(240))),
        Rule("never", Matches("source", (Pattern("noise"),)), Effects(suppress="noise")),
    ),
)


def test_a_grouped_incident_is_held_until_it_is_lifted(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", RULES) as (session, _, _):
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        session.execute(Declare("No sales", "SEV2", "checkout", source="prometheus"))
        ladder = session.detail("INC-2").ladder
        held = NextPage(PageState.HELD, "INC-1", T0 + minutes(5), reason="grouped with INC-1 by rule storm")
        assert (ladder.next, session.lines()[1].page) == (held, held)
        # The ladder that would begin is there, and no level of it has a time.
        assert ladder.policy
        assert [level.due for level in ladder.levels] == [None] * len(ladder.levels)
        session.execute(LiftHold("it is another one"), "INC-2")
        assert session.detail("INC-2").ladder.next.state is not PageState.HELD


def test_a_suppressed_incident_counts_down_to_its_first_page(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", RULES) as (session, writer, hands):
        session.execute(Declare("A test", "SEV1", "checkout", source="test"))
        ladder = session.detail("INC-1").ladder
        end = T0 + timedelta(hours=4)
        assert ladder.next == NextPage(PageState.HELD, "", end, reason="suppressed by rule quiet: a test")
        assert ladder.levels[0].due == end
        hands.now = end
        writer.tick(hands)
        assert session.detail("INC-1").ladder.next.state is PageState.DUE


def test_what_is_suppressed_for_good_has_no_end_and_what_is_over_is_not_held(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", RULES) as (session, _, _):
        session.execute(Declare("Noise", "SEV2", "checkout", source="noise"))
        assert session.lines()[0].page == NextPage(PageState.HELD, reason="suppressed by rule never: noise")
        session.execute(SetStatus(Status.RESOLVED, "nothing"), "INC-1")
        assert session.detail("INC-1").ladder.next.state is PageState.STOPPED
