"""Theories, tasks, decisions, changes and evidence (R11): their lives and clocks, and that their state stays small."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes
from tests.support.commands import random_text
from tests.support.play import Play, declared
from tests.support.profile import examples
from warroom.domain import record
from warroom.domain.core import Command, Refused, Stale
from warroom.domain.incident import SetStatus, Status
from warroom.domain.messages import NOTICE, addressed, outgoing, pages_for
from warroom.domain.policy import PageTo
from warroom.domain.record import (
    CHANGES,
    ENDED_TASKS,
    EVIDENCE,
    EXPERIMENTS,
    OPEN_TASKS,
    OPEN_THEORIES,
    PENDING,
    SETTLED_THEORIES,
    SHORT,
    NoteKind,
    RecordRules,
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
    PlanTask,
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
    TaskAdded,
    TheoryAdded,
)
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.room import describe, fold, short_kind
from warroom.store.codec import decode, decode_room, encode, encode_room


def number(play: Play) -> int:
    """The number of the entry written last."""
    return play.there.version


def begun(play: Play, command: Command) -> int:
    """Carry out a command that begins something, and give its number."""
    before = play.there.version
    play.do(command)
    return before + 1


def mere(play: Play) -> Play:
    """The same incident with nothing in it that falls due by itself."""
    play.do(SetStatus(Status.RESOLVED, "for the test"))
    return play


# Theories ------------------------------------------------------------------------------------------------------------


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


# Tasks ---------------------------------------------------------------------------------------------------------------


def test_a_task_is_taken_given_away_done_and_taken_up_again() -> None:
    play = declared()
    task = begun(play, AddTask("read the slow log", stream="#database"))
    assert play.there.record.task(task) == record.Task(task, "read the slow log", "mina", T0, stream="database")
    play.do(AssignTask(task, "bo", seen=""))
    assert "bo's now" in play.refusal(AssignTask(task, "eva", seen=""), kind=Stale)
    assert "bo's already" in play.refusal(AssignTask(task, "bo"))
    play.do(EndTask(task, "it was the index"))
    assert play.there.record.open_tasks == ()
    assert "was done at 10:00 UTC already" in play.refusal(EndTask(task), kind=Stale)
    play.do(AssignTask(task, "eva"))
    assert [t.owner for t in play.there.record.open_tasks] == ["eva"]
    assert "say why" in play.refusal(EndTask(task, dropped=True))
    play.do(EndTask(task, "not needed", dropped=True))
    assert play.there.record.task(task) == replace(play.there.record.tasks[0], dropped=True, done_at=T0)
    assert "no task #99" in play.refusal(EndTask(99))


def test_a_role_stands_for_its_holder() -> None:
    play = declared()
    assert "nobody holds the role" in play.refusal(AddTask("x", f"@{LEAD}"))
    play.do(AssignRole(LEAD, "bo"))
    play.do(AddTask("x", LEAD))
    assert play.there.record.tasks[0].owner == "bo"


def test_an_overdue_task_reminds_its_owner_and_then_the_incident_manager_too() -> None:
    play = declared()
    play.do(AssignRole(LEAD, "eva"))
    mere(play)
    task = begun(play, AddTask("read the slow log", "bo", play.now + minutes(10)))
    rules = BOOK.record
    reminders = [e for e in play.until(timedelta(hours=3)) if isinstance(e, Reminded)]
    assert [sorted({page.to for page in each.pages}) for each in reminders] == [["bo"], ["bo", "eva"], ["bo", "eva"]]
    assert [each.count for each in reminders] == [1, 2, 3]
    assert len(reminders) == rules.times
    times = [entry.at for entry in play.entries if isinstance(entry.event, Reminded)]
    assert times == [T0 + minutes(10) + n * rules.again for n in range(3)]
    assert f"task:{task}" not in play.deadlines()
    assert play.there.record.task(task).open  # type: ignore[union-attr]


def test_where_the_owner_cannot_be_reached_the_incident_manager_is_reminded_at_once() -> None:
    play = declared()
    play.do(AssignRole(LEAD, "eva"))
    mere(play)
    play.do(AddTask("read the log", "ghost", play.now + minutes(10)))
    play.do(AddTask("and the other", "", play.now + minutes(11)))
    first, second = (e for e in play.until(T0 + minutes(12)) if isinstance(e, Reminded))
    assert [page.to for page in first.pages] == ["eva"]
    assert [page.to for page in second.pages] == ["eva"]


def test_that_nobody_is_reminded_is_said() -> None:
    play = mere(declared())
    play.do(AddTask("read the log", "ghost", play.now + minutes(10)))
    (found,) = (e for e in play.until(T0 + minutes(11)) if isinstance(e, Reminded))
    assert not found.pages
    assert "NOBODY told" in describe(found)
    assert "vacant" in describe(found)


def test_a_late_task_that_is_given_to_another_is_brought_up_again() -> None:
    play = mere(declared())
    task = begun(play, AddTask("read the log", "bo", play.now + minutes(10)))
    play.until(T0 + timedelta(hours=2))
    assert f"task:{task}" not in play.deadlines()
    play.do(AssignTask(task, "eva"))
    assert play.there.record.task(task).remind_at == play.now + BOOK.record.again  # type: ignore[union-attr]


def test_another_time_begins_anew_and_none_ends_it() -> None:
    play = mere(declared())
    task = begun(play, AddTask("read the log", "bo", play.now + minutes(10)))
    assert play.deadlines()[f"task:{task}"] == minutes(10)
    play.do(PlanTask(task, play.now + minutes(30)))
    assert play.deadlines()[f"task:{task}"] == minutes(30)
    assert "already" in play.refusal(PlanTask(task, play.now + minutes(30)))
    play.do(PlanTask(task, None))
    assert f"task:{task}" not in play.deadlines()


def test_nothing_is_due_of_what_is_over() -> None:
    play = mere(declared())
    task = begun(play, AddTask("read the log", "bo", play.now + minutes(10)))
    asked = begun(play, AskDecision("fail over?", "bo", play.now + minutes(10)))
    play.do(SetStatus(Status.CLOSED, "done"))
    assert not {f"task:{task}", f"decision:{asked}"} & set(play.deadlines())
    assert "is closed" in play.refusal(AddTask("x", due=play.now + minutes(5)))
    assert "future" in declared().refusal(AddTask("x", due=T0))
    play.do(SetStatus(Status.INVESTIGATING, "again"))
    assert {f"task:{task}", f"decision:{asked}"} <= set(play.deadlines())


# Decisions, changes, evidence ----------------------------------------------------------------------------------------


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


# Words and messages --------------------------------------------------------------------------------------------------


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


# Bounds --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (AddTheory, OPEN_THEORIES),
        (AddTask, OPEN_TASKS),
        (AskDecision, PENDING),
    ],
)
def test_more_open_things_than_anybody_can_follow_are_refused(make: Callable[[str], Command], most: int) -> None:
    play = declared()
    for count in range(most):
        play.do(make(f"number {count}"))
    assert str(most) in play.refusal(make("one more"))


def test_what_is_over_is_forgotten_beyond_a_limit() -> None:
    play = declared()
    for count in range(ENDED_TASKS + 5):
        play.do(EndTask(begun(play, AddTask(f"task {count}"))))
    assert [task.text for task in play.there.record.tasks] == [f"task {n}" for n in range(5, ENDED_TASKS + 5)]
    for count in range(SETTLED_THEORIES + 5):
        play.do(SettleTheory(begun(play, AddTheory(f"theory {count}")), TheoryState.REFUTED))
    assert len(play.there.record.theories) == SETTLED_THEORIES
    for count in range(CHANGES + 5):
        play.do(MakeChange(f"change {count}"))
        play.do(AddEvidence(f"/tmp/{count}"))
    assert len(play.there.record.changes) == CHANGES
    assert len(play.there.record.evidence) == EVIDENCE
    theory = begun(play, AddTheory("tested often"))
    for count in range(EXPERIMENTS + 5):
        play.do(AddExperiment(f"test {count}", theory))
        play.do(AddResult("nothing"))
    assert len(play.there.record.theory(theory).experiments) == EXPERIMENTS  # type: ignore[union-attr]
    for count in range(EXPERIMENTS):
        play.do(AddExperiment(f"at once {count}", theory))
    assert "note their results first" in play.refusal(AddExperiment("x", theory))


def test_five_thousand_entries_leave_a_small_state() -> None:
    play = mere(declared())
    play.do(AddNote("the first"))
    small = len(encode_room(play.there))
    chance = Random(7)
    while play.there.version < 5_000:
        play.now += timedelta(seconds=1)
        play.entries.clear()  # the record is not looked at here
        with suppress(Refused):
            play.do(random_record_command(chance, play))
    assert len(encode_room(play.there)) < small + 200_000
    size = len(encode_room(play.there))
    for _ in range(500):
        play.do(AddNote("x" * 5_000))
    assert len(encode_room(play.there)) == size


# Properties ----------------------------------------------------------------------------------------------------------


def random_record_command(chance: Random, play: Play) -> Command:
    """Any command for the record; the numbers are mostly of something that is there."""
    kept = play.there.record

    def text() -> str:
        return random_text(chance) or "x"

    def one(*numbers: int) -> int:
        return chance.choice(numbers) if numbers and chance.random() < 0.9 else chance.randint(0, 40)

    def due() -> object:
        return play.now + minutes(chance.randint(1, 90)) if chance.random() < 0.5 else None

    def who() -> str:
        return chance.choice(("", "ada", "bo", "ghost", "@eva", "nobody-known", LEAD))

    theories = [theory.id for theory in kept.theories]
    tests = [test.id for _, test in kept.running]
    tasks = [task.id for task in kept.tasks]
    makers: tuple[Callable[[], Command], ...] = (
        lambda: AddNote(text(), chance.choice(list(NoteKind))),
        lambda: AddTheory(text()),
        lambda: AddExperiment(text(), one(*theories)),
        lambda: AddResult(text(), one(*tests), chance.choice(list(Verdict))),
        lambda: SettleTheory(one(*theories), chance.choice(list(TheoryState)), text()),
        lambda: AddTask(text(), who(), due(), chance.choice(("", "db", "#web"))),  # type: ignore[arg-type]
        lambda: AssignTask(one(*tasks), who()),
        lambda: PlanTask(one(*tasks), due()),  # type: ignore[arg-type]
        lambda: EndTask(one(*tasks), text(), chance.random() < 0.3),
        lambda: AskDecision(text(), who(), due()),  # type: ignore[arg-type]
        lambda: Decide(one(*(p.id for p in kept.pending)), text(), chance.random() < 0.2),
        lambda: MakeChange(text(), text(), text()),
        lambda: UndoChange(one(*(c.id for c in kept.changes))),
        lambda: AddEvidence(chance.choice(("/tmp/x", "https://x.example/y", text())), text(), one(*theories)),
    )
    return chance.choice(makers)()


def check_state(kept: record.Recorded, deadlines: set[str]) -> None:
    """What holds for every state of the record."""
    ids = [
        item.id for items in (kept.theories, kept.tasks, kept.pending, kept.changes, kept.evidence) for item in items
    ]
    tests = [test.id for theory in kept.theories for test in theory.experiments]
    assert len({*ids, *tests}) == len(ids) + len(tests)
    # A tree: every test stands under one theory that was there before it.
    assert all(test.id > theory.id for theory in kept.theories for test in theory.experiments)
    assert len(kept.open_theories) <= OPEN_THEORIES
    assert len(kept.theories) - len(kept.open_theories) <= SETTLED_THEORIES
    assert all(len(theory.experiments) <= EXPERIMENTS for theory in kept.theories)
    assert len(kept.open_tasks) <= OPEN_TASKS
    assert len(kept.tasks) - len(kept.open_tasks) <= ENDED_TASKS
    assert len(kept.pending) <= PENDING
    assert max(len(kept.changes), CHANGES) == CHANGES
    assert max(len(kept.evidence), EVIDENCE) == EVIDENCE
    for text in (item.text for item in (*kept.theories, *kept.tasks, *kept.pending, *kept.changes)):
        assert len(text) <= SHORT
        assert text.isprintable()
    # Every open task or decision with a time is waited for, unless everybody was reminded already.
    waiting = [("task", t) for t in kept.open_tasks] + [("decision", p) for p in kept.pending]
    armed = {f"{what}:{each.id}" for what, each in waiting if each.due and each.reminded < BOOK.record.times}
    assert {name for name in deadlines if name.partition(":")[0] in ("task", "decision")} >= armed
    assert all(each.remind_at is None for each in kept.tasks if not each.open)


@examples(0.5)
@given(st.integers(0, 2**32))
def test_whatever_is_written_the_state_is_sound_and_the_record_makes_it(seed: int) -> None:
    chance, play = Random(seed), declared()
    for _ in range(40):
        if chance.random() < 0.25:
            play.until(play.now + minutes(chance.randint(1, 20)))
        with suppress(Refused):
            play.do(random_record_command(chance, play), chance.choice(("mina", "bo", "eva")))
        check_state(play.there.record, set(play.deadlines()))
    # Any beginning of the record makes the room that was there then, and so does what was stored of it.
    place = chance.randint(1, len(play.entries))
    then = fold(play.entries[:place])
    assert then is not None
    assert fold(play.entries[place:], then) == play.there
    assert fold(play.entries) == play.there
    assert decode_room(encode_room(play.there)) == play.there
    for entry in play.entries:
        assert decode(entry.event.kind, encode(entry.event)) == entry.event
        assert describe(entry.event).strip()
        assert short_kind(entry.event).strip()


def test_how_often_one_is_reminded_stands_in_the_rules() -> None:
    play = mere(declared(book=replace(BOOK, record=RecordRules(minutes(3), 2))))
    play.do(AddTask("x", "bo", play.now + minutes(1)))
    assert [e.count for e in play.until(T0 + timedelta(hours=1)) if isinstance(e, Reminded)] == [1, 2]
    assert [e.at - T0 for e in play.entries if isinstance(e.event, Reminded)] == [minutes(1), minutes(4)]


def test_a_page_of_a_reminder_names_why_somebody_was_found() -> None:
    play = mere(declared())
    play.do(AddTask("x", "bo", play.now + minutes(1)))
    (found,) = (e for e in play.until(T0 + minutes(1)) if isinstance(e, Reminded))
    assert found.pages == (PageTo("bo", "chat", "person:bo"),)


def test_task_added_is_kept_in_short_but_written_in_full() -> None:
    play = declared()
    text = "long " * 200
    (event,) = play.do(AddTask(text))
    assert isinstance(event, TaskAdded)
    assert event.text == text.strip()
    assert len(play.there.record.tasks[0].text) <= SHORT
