"""Catch me up: what is said of a room to somebody who comes in, and what is new to somebody who comes back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.record import begun, random_record_command
from warroom.domain.assessment import AssessmentRules
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command, Refused
from warroom.domain.incident import Amend, Assess, SetSeverity, SetStatus, Status
from warroom.domain.people import JoinRoom, LeaveRoom, Presence, Stretch
from warroom.domain.record import NoteKind, TheoryState, Verdict
from warroom.domain.record_commands import (
    AddExperiment,
    AddNote,
    AddResult,
    AddTask,
    AddTheory,
    AskDecision,
    EndTask,
    MakeChange,
    SettleTheory,
    UndoChange,
)
from warroom.domain.roles import LEAD, AssignRole
from warroom.service.catching_up import catch_up, last_here
from warroom.service.changes_since import LISTED, MOST
from warroom.views import CatchUpView, Fact


def told(play: Play, since: datetime | None = None) -> CatchUpView:
    return catch_up(play.there, BOOK, play.entries, play.now, since=since)


def texts(facts: tuple[Fact, ...]) -> list[str]:
    return [fact.text for fact in facts]


def later(play: Play, count: float) -> datetime:
    """Let time pass without any timer; gives the moment before."""
    before = play.now
    play.now += minutes(count)
    return before


def test_a_room_in_which_nothing_was_done_says_what_nobody_knows() -> None:
    view = told(declared())
    assert texts(view.unknown)[0] == "the cause: nobody has a theory"
    assert "when it will be over" in texts(view.unknown)
    assert "when the impact began; what customers feel; how many customers it reaches" in texts(view.unknown)
    assert view.impact == view.known == view.tried == view.decided == view.running == ()
    lead = view.roles[0]
    assert (lead.mark, lead.due) == ("vacant", T0 + BOOK.severities["SEV1"].roles[0].within)
    assert {fact.due for fact in view.next} >= {lead.due}
    assert [fact.due for fact in view.next] == sorted(fact.due for fact in view.next if fact.due)
    assert view.since is None


def test_what_was_found_out_tried_and_decided_is_told() -> None:
    play = declared()
    play.do(Amend(impact="nobody can pay", external=4200, cases=12, started_at=T0 - minutes(5)))
    play.do(AssignRole(LEAD, "eva"))
    cable = begun(play, AddTheory("the cable"))
    play.do(SettleTheory(cable, TheoryState.REFUTED, "it is plugged in"))
    play.do(AddTheory("the pool."))
    play.do(AddExperiment("double it"))
    play.do(AddTask("read the log", "bo", T0 + minutes(10)))
    play.do(AddNote("roll back", NoteKind.DECISION))
    play.do(AskDecision("fail over?", "", T0 + minutes(5)))
    play.do(AddNote("errors fall", NoteKind.OBSERVATION))
    play.do(MakeChange("doubled the pool"))
    play.do(PostUpdate("public", "we look into it"))
    view = told(play)
    assert texts(view.impact) == ["nobody can pay", "4,200 customers affected, 12 support cases"]
    assert texts(view.known) == ["errors fall", "not so: the cable: it is plugged in"]
    assert texts(view.unknown) == [
        "the cause: one theory is open", "whether the pool. (being tested)", "when it will be over"
    ]  # fmt: skip
    assert texts(view.running)[0].startswith("testing: double it")
    assert (view.running[1].by, view.running[1].due) == ("bo", T0 + minutes(10))
    assert [(f.text, f.by) for f in view.decided] == [("to be decided: fail over?", "eva"), ("roll back", "mina")]
    assert texts(view.tried) == ["doubled the pool (in effect)"]
    assert next(fact for fact in view.said if fact.text.startswith("public")).by == "mina"
    assert texts(view.roles)[0].endswith(": eva")
    play.do(AddResult("it is that", verdict=Verdict.CONFIRMS))
    view = told(play)
    assert (view.known[0].text, view.known[0].mark) == ("the pool: it is that", "yes")
    assert not any("cause" in text for text in texts(view.unknown))


ASKED = replace(
    BOOK,
    assessment=AssessmentRules(
        impact={"all": "everybody", "some": "some of them"},
        urgency={"high": "now"},
        severity={"all": {"high": "SEV1"}, "some": {"high": "SEV2"}},
    ),
    questions=("What do customers see?", "Since when?"),
)


def test_every_way_in_which_somebody_says_what_the_impact_is_is_told() -> None:
    def impact(*commands: Command) -> tuple[list[str], list[str]]:
        play = declared(book=ASKED)
        for command in commands:
            play.do(command)
        view = catch_up(play.there, ASKED, play.entries, play.now)
        return texts(view.impact), texts(view.unknown)

    seen = "What do customers see? an empty cart"
    for commands, said in (
        ((Amend(impact="nobody can pay"),), "nobody can pay"),
        ((Amend(description="the cart is empty"),), "the cart is empty"),
        ((Amend(summary="the pool is full"),), "the pool is full"),
        ((Amend(external=5),), "5 customers affected"),
        ((Assess("all", "high"),), "all: everybody"),
        ((Assess(answers=(("What do customers see?", "an empty cart"),), to=""),), seen),
        ((PostUpdate("internal", "SEV1, new. Impact: nobody can pay.\nNow: - looking"),), "Impact: nobody can pay."),
        ((PostUpdate("public", "We know. Payments fail for some customers. Next: 10:30"),), "Payments fail for some"),
    ):
        assert impact(*commands)[0][:1] and impact(*commands)[0][0].startswith(said), commands
    # What was said in words is known from then on; how many it reaches is another question.
    felt = Assess(answers=(("What do customers see?", "an empty cart"),), to="")
    for command in (PostUpdate("internal", "Impact: nobody can pay."), felt, Amend(description="it is slow")):
        assert "what customers feel" not in " ".join(impact(command)[1]), command
    assert "what customers feel" in " ".join(impact(Assess("all", answers=(("Since when?", "noon"),), to=""))[1])
    # Nothing is made of what says nothing of it, or that it is not known.
    for text in ("We look into it.", "The impact on customers is not known yet. The cause is not known yet."):
        found, unknown = impact(PostUpdate("internal", text))
        assert found == [] and "what customers feel" in " ".join(unknown)


def test_the_latest_word_on_the_impact_counts_and_gives_way_to_what_is_on_the_incident() -> None:
    play = declared()
    play.do(PostUpdate("internal", "Impact: some cannot pay."))
    play.now += minutes(1)
    play.do(PostUpdate("public", "Payments fail."), "eva")
    play.now += minutes(1)
    play.do(PostUpdate("internal", "We go on looking."))
    (fact,) = told(play).impact
    assert (fact.text, fact.by, fact.at) == ("Payments fail.", "eva", T0 + minutes(1))
    play.do(Amend(impact="nobody can pay"))
    assert texts(told(play).impact) == ["nobody can pay"]


def test_a_severity_that_was_changed_says_why() -> None:
    play = declared("SEV2")
    play.do(SetSeverity("SEV1", "it is everybody"))
    assert told(play).why[0].text.endswith("was SEV2: it is everybody")


def test_who_comes_back_hears_what_is_different_and_not_what_came_and_went() -> None:
    play = declared("SEV2")
    play.do(AssignRole(LEAD, "eva"))
    left = later(play, 10)
    play.do(SetSeverity("SEV1", "worse"))
    play.do(SetSeverity("SEV2", "not worse"))
    play.do(SetStatus(Status.INVESTIGATING))
    play.do(SetStatus(Status.MITIGATING))
    play.do(AssignRole(LEAD, "bo", "relief"))
    play.do(AssignRole(LEAD, "eva", "back"))
    change = begun(play, MakeChange("doubled the pool"))
    play.do(UndoChange(change))
    play.do(EndTask(begun(play, AddTask("read the log"))))
    found = texts(told(play, left).changed)
    assert found[0] == "status new → mitigating"
    assert not any("severity" in text or "eva" in text for text in found)
    assert "undone: doubled the pool" in found
    assert not any(text.startswith(("changed:", "1 new task")) for text in found)
    assert "1 task done: read the log" in found


def test_the_weightiest_stands_first_and_many_of_one_sort_are_counted() -> None:
    play = declared("SEV2")
    left = later(play, 1)
    for number in range(LISTED + 4):
        play.do(AddNote(f"note {number}"))
        play.do(AddNote(f"decision {number}", NoteKind.DECISION))
        play.do(PostUpdate("public", f"word {number}"))
    theory = begun(play, AddTheory("the pool"))
    play.do(SettleTheory(theory, TheoryState.CONFIRMED))
    play.do(SetSeverity("SEV1", "worse"))
    found = texts(told(play, left).changed)
    assert found[0] == "severity SEV2 → SEV1: worse"
    assert found[1] == "theory confirmed: the pool"
    assert found[2] == f"decided: decision {LISTED + 3}"
    assert f"and {4} more decisions before" in found
    assert f"public was told ({LISTED + 4} updates): word {LISTED + 3}" in found
    assert f"{LISTED + 4} notes, the last: note {LISTED + 3}" in found


def test_nothing_new_is_nothing() -> None:
    play = declared()
    assert told(play, play.now).changed == ()


def test_since_when_somebody_does_not_know() -> None:
    hour = timedelta(hours=1)
    assert last_here(Presence(), T0) == (None, "")
    assert last_here(Presence((Stretch(T0, T0 + hour),)), T0 + 2 * hour) == (T0 + hour, "you left")
    back = Presence((Stretch(T0, T0 + hour), Stretch(T0 + 2 * hour)), seen_at=T0 + 2 * hour)
    assert last_here(back, T0 + 2 * hour + minutes(5)) == (T0 + hour, "you left")
    assert last_here(back, T0 + 4 * hour)[0] == T0 + 2 * hour  # back for long: what they do not know is newer
    assert last_here(Presence(seen_at=T0), T0 + hour) == (T0, "you were last seen")


def test_who_left_is_told_from_then_on() -> None:
    play = declared()
    play.do(JoinRoom(), "bo")
    later(play, 5)
    play.do(LeaveRoom(), "bo")
    left = later(play, 30)
    play.do(AddNote("it is the pool", NoteKind.DECISION))
    since, why = last_here(play.there.people.get("bo"), play.now)
    assert (since, why) == (left, "you left")
    assert texts(told(play, since).changed) == ["decided: it is the pool"]


@examples(0.4)
@given(st.integers(0, 2**32))
def test_whatever_happened_it_can_be_told(seed: int) -> None:
    chance = Random(seed)
    play = declared(chance.choice(("SEV1", "SEV2")))
    moments = [play.now]
    for _ in range(30):
        if chance.random() < 0.3:
            moments.append(later(play, chance.randint(1, 20)))
        with suppress(Refused):
            play.do(random_record_command(chance, play), chance.choice(("mina", "bo", "eva")))
    for since in (None, *moments):
        view = told(play, since)
        assert len(view.changed) <= MOST
        for _, facts in (*view.sections, ("changed", view.changed)):
            assert all(fact.text.strip() for fact in facts)
    # Who was here all along, or left just now, has missed nothing.
    assert told(play, play.now).changed == ()


def test_who_is_paged_after_the_last_level_is_said_in_words() -> None:
    play = declared()
    play.until(minutes(40))
    assert "the last resort is paged" in texts(told(play).next)
