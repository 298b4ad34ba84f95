"""The card of a handover (R4): what is on it, where it comes from, and that nothing of others gets through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from tests.support.books import BOOK, COMMS, SCRIBE, T0, minutes
from tests.support.play import declared
from tests.support.profile import examples
from tests.support.stories import Story, play_script, stories
from warroom.domain.comms import PostUpdate
from warroom.domain.core import TEXT_LIMIT
from warroom.domain.escalation import Acknowledge, SnoozeEscalation
from warroom.domain.fatigue import FatigueRules, Limits
from warroom.domain.handover import MOST, card, sections, text
from warroom.domain.incident import Amend
from warroom.domain.people import JoinRoom
from warroom.domain.record_commands import AddExperiment, AddTask, AddTheory, AskDecision, MakeChange, SettleTheory
from warroom.domain.record_events import TheoryState
from warroom.domain.roles import LEAD, AssignRole, JoinRole, TickDuty

LEADS = replace(BOOK.roles[LEAD], deputies=1, duties=("take the lead", "plan the relief"))
RULES = replace(BOOK, fatigue=FatigueRules(in_role=Limits(minutes(20))), roles={**BOOK.roles, LEAD: LEADS})


def test_the_card_holds_all_that_the_next_one_has_to_know() -> None:
    play = declared(book=RULES)
    play.do(Acknowledge(), "ada")
    play.do(AssignRole(LEAD, "eva"))
    play.do(JoinRole(LEAD, "cy", deputy=True))
    play.do(TickDuty(LEAD, 1), "eva")
    play.do(Amend(impact="one card in three is refused", started_at=T0 - minutes(9)))
    play.do(AddTheory("the pool is full"), "bo")
    theory = play.there.version
    play.do(AddExperiment("count the connections", theory), "bo")
    play.do(AddTheory("a bad deploy"), "bo")
    play.do(SettleTheory(play.there.version, TheoryState.REFUTED, "nothing was deployed"), "bo")
    play.do(MakeChange("raised the limit", "to win time", "set it back"), "bo")
    play.do(AddTask("roll back", owner="bo", due=T0 + minutes(20)), "eva")
    play.do(AddTask("ask the bank"), "eva")
    play.do(AskDecision("tell the press?", due=T0 + minutes(40)), "eva")
    play.do(PostUpdate("internal", "We look into it"), "eva")
    play.now += minutes(25)
    made = card(play.there, play.book, play.now)
    assert text(made).splitlines() == [
        "INC-1 SEV1 Checkout is down",
        "Role: Incident manager, held by eva for 25m",
        "State: new for 25m at 10:25 UTC",
        "Impact: one card in three is refused",
        "Known:",
        "- not this: a bad deploy · bo",
        "- changed: raised the limit · bo",
        "Not known:",
        "- whether the pool is full (being tested: count the connections) · bo",
        "Running:",
        "- roll back · bo · LATE since 10:20",
        "- ask the bank · nobody",
        "To be decided:",
        "- tell the press? · by 10:40",
        "Next updates:",
        "- public update · LATE since 10:15",
        "- internal update · LATE since 10:20",
        "Next escalation:",
        "- major: level 2 is next, acknowledged by ada · by 10:21",
        "Risks:",
        "- no Communications manager · LATE since 10:08",
        "- the internal update is late by 5m",
        "- the public update is late by 10m",
        "- cy is tired: in the role incident-manager (deputy) 25m (limit 20m)",
        "- eva is tired: in the role incident-manager 25m (limit 20m)",
        "- 1 task has no owner",
        "In the room:",
        "- eva · Incident manager",
        "- cy · Incident manager (deputy)",
        "- ada",
        "Duties still open:",
        "- plan the relief",
    ]
    assert [name for name, items in sections(made) if items] == [
        *("known", "unknown", "running", "pending", "updates", "escalation", "risks", "duties", "people")
    ]


def test_each_role_has_its_own_card() -> None:
    play = declared(book=RULES)
    play.do(AssignRole(SCRIBE, "bo"))
    made = card(play.there, play.book, play.now, role=SCRIBE)
    assert (made.role_title, made.holder, made.duties) == ("Scribe", "bo", ())
    vacant = card(play.there, play.book, play.now, role=COMMS)
    assert text(vacant).splitlines()[1] == "Role: Communications manager"


def test_a_card_is_never_too_long_to_be_sent() -> None:
    play = declared(book=RULES)
    for count in range(60):
        play.do(JoinRoom(f"person-{count}"))
        play.do(AddTask(f"task {count} " + "x" * 150, owner=f"person-{count}"))
    written = text(card(play.there, play.book, play.now))
    assert f"- and {60 - MOST} more" in written
    assert len(written) < TEXT_LIMIT


@given(stories())
@examples()
def test_whatever_happens_there_is_a_card(story: Story) -> None:
    play = play_script(story.book, story.script)
    for role in (*story.book.roles, *play.there.roles.by_name):
        written = text(card(play.there, story.book, play.now + timedelta(hours=1), role=role))
        assert written.startswith("INC-1 ")
        assert len(written) < TEXT_LIMIT


def test_the_next_escalation_is_what_comes_first_and_what_it_does() -> None:
    def coming() -> str:
        return "; ".join(item.text for item in card(play.there, play.book, play.now).escalation)

    play = declared()
    seen = [coming()]
    for minute in (5, 10, 16, 23):
        play.until(minutes(minute))
        seen.append(coming())
    assert seen == [
        "major: level 1 is paged again",
        "major: level 2 is next",
        "major: level 3 is next",
        "major: level 1 is next",
        "major: level 1 is paged again",
    ]
    play.until(minutes(40))
    assert coming() == "major: the last resort is next"
    play.do(Acknowledge(), "ada")
    assert coming() == "major: the last resort is next, acknowledged by ada"
    play.do(SnoozeEscalation(minutes(30) + play.now, "waiting for the bank"), "ada")
    assert coming() == "major: the snooze ends, acknowledged by ada"
