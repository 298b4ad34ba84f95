"""Assessing a severity: the table, what another one would change, what goes on the record, what is planned anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.books import BOOK, T0, minutes
from tests.support.play import declared
from warroom.domain.assessment import AssessmentRules, changes, propose
from warroom.domain.core import Stale
from warroom.domain.escalation import EscalationSwitched
from warroom.domain.incident import Assess, Assessed, SetStatus, SeverityChanged, Status
from warroom.domain.room import describe

RULES = AssessmentRules(
    {"all": "everybody", "some": "some of them"},
    {"high": "now", "low": "later"},
    {"all": {"high": "SEV1", "low": "SEV2"}, "some": {"high": "SEV2", "low": "SEV3"}},
)
TABLED = replace(BOOK, assessment=RULES)


@pytest.mark.parametrize(
    ("impact", "urgency", "severity"),
    [("all", "high", "SEV1"), ("SOME", "Low", "SEV3"), ("all", "", ""), ("none", "high", ""), ("", "", "")],
)
def test_impact_and_urgency_make_a_severity(impact: str, urgency: str, severity: str) -> None:
    assert propose(impact, urgency, RULES) == severity


def test_an_assessment_is_on_the_record_and_changes_the_plan() -> None:
    play = declared("SEV1", TABLED)
    events = play.do(Assess("some", "high", (("How many?", "about 4000"), ("Since when?", " "))))
    assert events[:2] == (
        Assessed("some", "high", "SEV2", (("How many?", "about 4000"),)),
        SeverityChanged("SEV1", "SEV2", "impact some, urgency high"),
    )
    assert any(isinstance(event, EscalationSwitched) for event in events)
    made = play.there.incident.assessment
    assert made is not None and (made.by, made.at, made.answers) == ("mina", T0, (("How many?", "about 4000"),))
    assert describe(events[0]) == "impact some, urgency high → SEV2; How many? about 4000"


def test_a_person_decides_whatever_the_table_says() -> None:
    play = declared("SEV1", TABLED)
    events = play.do(Assess("some", "low", to="SEV2", reason="the press is there"))
    assert events[1] == SeverityChanged("SEV1", "SEV2", "the press is there")
    assert play.do(Assess("some", "low", to="")) == (Assessed("some", "low", "SEV3"),)


def test_answers_alone_change_no_severity() -> None:
    play = declared()
    assert play.do(Assess(answers=(("How many?", "none"),), to="")) == (Assessed(answers=(("How many?", "none"),)),)
    assert "nothing was said" in play.refusal(Assess(to=""))
    assert "name impact and urgency" in play.refusal(Assess(answers=(("How many?", "none"),)))


def test_a_word_that_the_table_has_not_is_refused() -> None:
    play = declared("SEV1", TABLED)
    assert "there are all, some" in play.refusal(Assess("most", "high"))
    assert "has no table" in declared().refusal(Assess("all", "high"))
    play.refusal(Assess("all", "high", seen="SEV3"), kind=Stale)


def test_what_another_severity_would_change_is_said_before() -> None:
    play = declared("SEV1")
    said = changes(play.there, BOOK, "SEV2")
    assert "policy major becomes standard" in said
    assert "Incident manager is required within 12m (now 4m)" in said
    assert "Communications manager is not required any more" in said
    assert "internal: every 50m (now 20m)" in said
    assert "public: no update is due any more" in said
    assert changes(play.there, BOOK, "SEV1") == ()


def test_worse_says_who_is_missing_and_that_it_pages_again() -> None:
    from warroom.domain.escalation import Acknowledge

    play = declared("SEV2")
    play.do(Acknowledge())
    said = changes(play.there, BOOK, "SEV1")
    assert "it is worse: people are paged again" in said
    assert "Communications manager is required within 8m" in said
    assert "public: first update within 15m, then every 30m" in said
    assert "pages wait for working hours" in changes(play.there, BOOK, "SEV3")


def test_what_is_said_before_comes_true() -> None:
    """The roles and channels that are named are those that are required and timed afterwards."""
    for before in BOOK.severities:
        for to in BOOK.severities:
            if to == before:
                continue
            play = declared(before)
            play.now = T0 + minutes(1)
            said = changes(play.there, BOOK, to)
            play.do(Assess(answers=(("q", "a"),), to=to, reason="why"))
            required = {BOOK.role(r.role).title for r in BOOK.severities[to].roles}
            for line in said:
                if "is not required" in line:
                    assert line.removesuffix(" is not required any more") not in required
                elif "is required within" in line:
                    assert line.partition(" is required")[0] in required
            timed = {name for name, s in play.there.comms.streams.items() if s.due is not None}
            assert {line.partition(":")[0] for line in said if "first update" in line} <= timed
            assert not {line.partition(":")[0] for line in said if line.endswith("no update is due any more")} & timed


def test_a_resolved_incident_is_assessed_without_a_plan() -> None:
    play = declared("SEV1", TABLED)
    play.do(SetStatus(Status.RESOLVED, "done"))
    assert [event.kind for event in play.do(Assess("some", "low"))] == ["assessed", "severity_changed"]
