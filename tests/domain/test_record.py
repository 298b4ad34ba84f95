"""Theories, decisions, changes and evidence (R11): their lives and clocks, and that what is written stays readable."""

from __future__ import annotations

import pytest

from tests.support.books import BOOK, T0, minutes
from tests.support.play import declared
from tests.support.record import begun, mere, number
from warroom.domain import record
from warroom.domain.core import Stale
from warroom.domain.messages import NOTICE, addressed, outgoing, pages_for
from warroom.domain.record import (
    NoteKind,
    TheoryState,
    Verdict,
)
from warroom.domain.record_commands import (
    AddEvidence,
    AddExperiment,
    AddNote,
    AddResult,
    AddTask,
    AddTheory,
    AskDecision,
    AssignTask,
    Decide,
    EndTask,
    MakeChange,
    SettleTheory,
    UndoChange,
)
from warroom.domain.record_events import (
    ChangeMade,
    Decided,
    ExperimentAdded,
    Noted,
    Reminded,
    ResultAdded,
    TheoryAdded,
)
from warroom.domain.room import describe
from warroom.domain.short_kinds import short_kind
from warroom.store.codec import decode


def test_a_theory_is_tested_and_its_result_settles_it() -> None:
    play = declared()
    theory = begun(play, AddTheory("the pool is exhausted"))
    test = begun(play, AddExperiment("roll back one region"))
    (found,) = play.there.record.theories
    assert (found.id, found.state, found.by, found.at) == (theory, TheoryState.OPEN, "mina", T0)
    assert play.there.record.running == ((found, found.experiments[0]),)
    play.do(AddResult("errors went on", verdict=Verdict.REFUTES))
    (found,) = play.there.record.theories
    assert (found.state, found.reason, found.settled_at) == (TheoryState.REFUTED, "errors went on", T0)
    assert [(e.id, e.result, e.verdict) for e in found.experiments] == [(test, "errors went on", Verdict.REFUTES)]
    assert play.there.record.running == ()


def test_a_result_that_says_nothing_leaves_the_theory_open() -> None:
    play = declared()
    play.do(AddTheory("the cable"))
    play.do(AddExperiment("pull it"))
    play.do(AddResult("hard to say"))
    assert play.there.record.theories[0].state is TheoryState.OPEN
    assert play.there.record.running == ()


def test_a_theory_can_be_settled_by_hand_and_opened_again() -> None:
    play = declared()
    theory = begun(play, AddTheory("the cable"))
    play.do(SettleTheory(theory, TheoryState.CONFIRMED, "we saw it", TheoryState.OPEN))
    assert play.there.record.theories[0].reason == "we saw it"
    assert "is confirmed now" in play.refusal(
        SettleTheory(theory, TheoryState.REFUTED, seen=TheoryState.OPEN), kind=Stale
    )
    assert "already" in play.refusal(SettleTheory(theory, TheoryState.CONFIRMED))
    assert "open it again" in play.refusal(AddExperiment("pull it", theory))
    play.do(SettleTheory(theory, TheoryState.OPEN, "it was not"))
    assert (play.there.record.theories[0].state, play.there.record.theories[0].settled_at) == (TheoryState.OPEN, None)


def test_which_theory_is_meant_has_to_be_clear() -> None:
    play = declared()
    assert "no open theory" in play.refusal(AddExperiment("x"))
    assert "no experiment is running" in play.refusal(AddResult("x"))
    first, second = begun(play, AddTheory("one")), begun(play, AddTheory("two"))
    assert play.refusal(AddExperiment("x")).endswith(f"there is #{first}, #{second}")
    assert "no theory #99" in play.refusal(AddExperiment("x", 99))
    play.do(AddExperiment("x", second))
    assert play.there.record.theories[1].experiments[0].text == "x"
    play.do(AddResult("done", verdict=Verdict.CONFIRMS))
    assert "has a result already" in play.refusal(AddResult("again", number(play) - 1), kind=Stale)
    assert "say which" in play.refusal(AddResult("x", 1, Verdict.RUNNING))


def test_a_note_of_a_kind_with_a_life_of_its_own_begins_it() -> None:
    play = declared()
    assert play.do(AddNote("the cable", NoteKind.THEORY)) == (TheoryAdded("the cable"),)
    assert isinstance(play.do(AddNote("pull it", NoteKind.EXPERIMENT))[0], ExperimentAdded)
    (found,) = play.do(AddNote("nothing", NoteKind.RESULT))
    assert isinstance(found, ResultAdded)
    assert found.verdict is Verdict.OPEN
    assert play.do(AddNote("new cable", NoteKind.CHANGE)) == (ChangeMade("new cable"),)


def test_notes_of_older_records_are_read_and_change_nothing() -> None:
    old = decode("noted", '{"text":"the cable","note_kind":"theory"}')
    assert old == Noted("the cable", NoteKind.THEORY)
    assert record.evolve(record.Recorded(), old, T0, "bo", 7) == record.Recorded()
    assert (describe(old), short_kind(old)) == ("the cable", "theory")


def test_a_decision_that_is_asked_for_is_reminded_of_until_it_is_taken() -> None:
    play = mere(declared())
    asked = begun(play, AskDecision("fail over?", "bo", play.now + minutes(10)))
    (found,) = (e for e in play.until(T0 + minutes(11)) if isinstance(e, Reminded))
    assert (found.what, found.item, found.owner) == ("decision", asked, "bo")
    assert play.do(Decide(asked, "yes")) == (Decided("yes", asked, "fail over?"),)
    assert play.there.record.pending == ()
    assert f"no decision #{asked} waits" in play.refusal(Decide(asked, "no"), kind=Stale)


def test_a_decision_can_turn_out_not_to_be_needed() -> None:
    play = declared()
    asked = begun(play, AskDecision("fail over?"))
    assert "why" in play.refusal(Decide(asked, dropped=True))
    (found,) = play.do(Decide(asked, "it came back", dropped=True))
    assert describe(found) == "not needed any more: “fail over?”: it came back"


def test_a_change_is_made_and_undone() -> None:
    play = declared()
    change = begun(play, MakeChange("new pool size", "it was full", "size 20", T0 - minutes(5)))
    assert play.there.record.change(change) == record.Change(
        change, "new pool size", "mina", T0 - minutes(5), "it was full", "size 20"
    )
    assert "still to come" in play.refusal(MakeChange("x", happened_at=T0 + minutes(1)))
    play.do(UndoChange(change, "no better"))
    assert play.there.record.changes[0].undone_at == T0
    assert "undone at 10:00" in play.refusal(UndoChange(change), kind=Stale)
    assert "no change #99" in play.refusal(UndoChange(99))


@pytest.mark.parametrize(
    "where",
    ["https://graphs.example/x?a=1#b", "HTTP://x.example", "/var/log/x.log", "./dump", "C:\\dump.txt", "notes.txt"],
)
def test_evidence_is_an_address_or_a_path(where: str) -> None:
    play = declared()
    play.do(AddEvidence(where, "what it shows"))
    assert [(e.where, e.text) for e in play.there.record.evidence] == [(where, "what it shows")]


@pytest.mark.parametrize("where", ["", "  ", "javascript:alert(1)", "file:///etc/passwd", "http://", "ssh://x", "a\nb"])
def test_what_is_neither_is_refused(where: str) -> None:
    declared().refusal(AddEvidence(where))


def test_who_is_mentioned_is_told_and_who_is_nobody_is_named() -> None:
    play = declared()
    (event,) = play.do(AddNote("@ada and @bo, see @nobody-known; mail x@y.example"), "bo")
    assert event == Noted(
        "@ada and @bo, see @nobody-known; mail x@y.example", NoteKind.NOTE, ("ada", "bo"), ("nobody-known",)
    )
    assert "@nobody-known: nobody here, not told" in describe(event)
    entry = play.entries[-1]
    assert list(addressed(entry)) == ["ada"]  # whoever wrote it needs no word
    (message,) = outgoing(play.there, entry, BOOK)
    assert (message.kind, message.to, message.via, message.address) == (NOTICE, "ada", "chat", "@ada")
    assert "bo mentions you" in message.body
    assert pages_for("ada", [entry]) == (entry,)
    assert pages_for("bo", [entry]) == ()


def test_who_gets_something_to_do_is_told() -> None:
    play = declared()
    play.do(AddTask("read the log", "cy", T0 + minutes(10)))
    (message,) = outgoing(play.there, play.entries[-1], BOOK)
    assert (message.to, message.via, message.kind) == ("cy", "mail", NOTICE)
    assert "gives you a task, by Wed 10:10 UTC: read the log" in message.body
    play.do(AskDecision("fail over?", "bo"))
    assert "asks you to decide: fail over?" in outgoing(play.there, play.entries[-1], BOOK)[0].body
    task = begun(play, AddTask("x"))
    play.do(AssignTask(task, "mina"))
    assert outgoing(play.there, play.entries[-1], BOOK) == ()  # taken by themselves


def test_a_reminder_is_a_page_that_says_what_to_type() -> None:
    play = mere(declared())
    task = begun(play, AddTask("read the log", "bo", play.now + minutes(10)))
    play.until(T0 + minutes(10))
    (message,) = outgoing(play.there, play.entries[-1], BOOK)
    assert (message.kind, message.to) == ("page", "bo")
    assert f"warroom task INC-1 done {task}" in message.body
    assert pages_for("bo", play.entries[-1:]) == tuple(play.entries[-1:])


def test_what_a_record_says_is_one_readable_line_each() -> None:
    play = declared()
    play.do(AddTheory("the cable"))
    assert describe(play.do(AddExperiment("pull it"))[0]).startswith("pull it (tests #")
    (result,) = play.do(AddResult("still down", verdict=Verdict.REFUTES))
    assert (short_kind(result), "refutes #" in describe(result)) == ("refuted", True)
    (task,) = play.do(AddTask("read the log", "bo", T0 + minutes(10), "db"))
    assert describe(task) == "read the log (for bo, by Wed 10:10 UTC, #db)"
    number_ = number(play)
    (ended,) = play.do(EndTask(number_, "found"))
    assert (short_kind(ended), describe(ended)) == ("done", f"#{number_} “read the log”: found")
    long = begun(play, AddTask("x" * 300))
    (ended,) = play.do(EndTask(long))
    assert len(describe(ended)) < 80
