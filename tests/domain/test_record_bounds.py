"""A record (R11) stays bounded and sound, whatever is written into it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, minutes
from tests.support.play import declared
from tests.support.profile import examples
from tests.support.record import begun, mere, random_record_command
from warroom.domain import record
from warroom.domain.core import Command, Refused
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
    TheoryState,
)
from warroom.domain.record_commands import (
    AddEvidence,
    AddExperiment,
    AddNote,
    AddResult,
    AddTask,
    AddTheory,
    AskDecision,
    EndTask,
    MakeChange,
    SettleTheory,
)
from warroom.domain.room import describe, fold
from warroom.domain.short_kinds import short_kind
from warroom.store.codec import decode, decode_room, encode, encode_room


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
