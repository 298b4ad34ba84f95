"""Taking back what one did: what makes up for it, what never does, and when somebody else was quicker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import T0, minutes, seconds
from tests.support.commands import random_command
from tests.support.play import Play, declared
from tests.support.profile import examples
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command, Refused, Stale
from warroom.domain.escalation import Acknowledge, CallOff, Phase, Resume, SnoozeEscalation, TakeOver, Wake
from warroom.domain.incident import Amend, Assess, CountCases, Merge, SetSeverity, SetStatus, Status
from warroom.domain.links import AddLink, Relate, Relation, RemoveLink
from warroom.domain.people import JoinRoom
from warroom.domain.record import AddNote
from warroom.domain.record_commands import AddTask, AddTheory, AssignTask, EndTask, MakeChange, SettleTheory
from warroom.domain.record_events import TheoryState
from warroom.domain.roles import AddRole, AssignRole, EndOffer, LeaveRole, OfferRole, TickDuty
from warroom.domain.room import Room, describe
from warroom.domain.short_kinds import short_kind
from warroom.domain.undo import NEVER, WAYS, acts, way_back
from warroom.domain.undoing import TakenBack

IM = "incident-manager"


def lived(*before: Command) -> Play:
    """An incident whose first level was paged, and what mina did then, a minute apart."""
    play = declared()
    play.until(minutes(1))
    for command in before:
        play.do(command, "mina")
        play.now += seconds(20)
    return play


def undo(play: Play, actor: str = "mina", entry: int = 0) -> None:
    play.now += seconds(5)
    play.do(way_back(play.entries, play.book, actor, entry), actor)


def concerned(room: Room) -> tuple[Any, ...]:
    """What the acts of the table below change: holders, not since when; texts and times that were said."""
    i, e, r = room.incident, room.escalation, room.record
    return (
        (i.severity, i.status, i.title, i.service, i.impact, dict(i.labels), i.facts, i.started_at),
        (e.acked_by, e.phase, e.snooze.until if e.snooze else None),
        {n: (s.holder, s.also, s.deputies, s.offer.to if s.offer else "") for n, s in room.roles.by_name.items()
         if s.holder or s.others or s.offer},
        {n: s.added for n, s in room.roles.by_name.items() if s.added},
        {n: {t.duty for t in s.done} for n, s in room.roles.by_name.items() if s.done},
        [(t.id, t.state) for t in r.theories],
        [(t.id, t.owner, t.due, t.dropped) for t in r.tasks if t.open],
        (frozenset(room.links.links), frozenset((t.relation, t.key) for t in room.links.ties)),
    )  # fmt: skip


PAIRS: list[tuple[str, tuple[Command, ...], Command]] = [
    ("acknowledge", (), Acknowledge()),
    ("severity", (), SetSeverity("SEV2", "fewer customers")),
    ("status", (), SetStatus(Status.INVESTIGATING)),
    ("resolve", (SetStatus(Status.MITIGATING),), SetStatus(Status.RESOLVED, "over")),
    ("reopen", (SetStatus(Status.MITIGATING), SetStatus(Status.RESOLVED, "over")),
     SetStatus(Status.INVESTIGATING, "not over")),
    ("assign", (), AssignRole(IM, "mina")),
    ("assign from another", (AssignRole(IM, "li"),), AssignRole(IM, "mina", "li is away")),
    ("leave a role", (AssignRole(IM, "mina"),), LeaveRole(IM, "off")),
    ("offer", (AssignRole(IM, "mina"),), OfferRole(IM, "li", "card")),
    ("withdraw", (AssignRole(IM, "mina"), OfferRole(IM, "li", "card")), EndOffer(IM)),
    ("ask for a role", (), AddRole("scribe/database")),
    ("snooze", (Acknowledge(),), SnoozeEscalation(T0 + minutes(60), "waiting")),
    ("snooze again", (SnoozeEscalation(T0 + minutes(60), "waiting"),), SnoozeEscalation(T0 + minutes(90), "longer")),
    ("wake", (SnoozeEscalation(T0 + minutes(60), "waiting"),), Wake()),
    ("settle", (AddTheory("pool exhausted"),), SettleTheory(0, TheoryState.REFUTED, "no")),
    ("task", (), AddTask("look", "mina")),
    ("link", (), AddLink("chat", "#inc-1")),
    ("another link", (AddLink("chat", "#inc-1"),), AddLink("chat", "#inc-2")),
    ("unlink", (AddLink("ticket", "T-1"),), RemoveLink("ticket")),
    ("relate", (), Relate(Relation.RELATED, "INC-9", title="x")),
    ("cases", (CountCases(total=3),), CountCases(more=2)),
    ("first cases", (), CountCases(total=3)),
    ("amend", (), Amend(title="Checkout is slow", impact="all", labels={"region": "eu"})),
    ("note", (), AddNote("wrong room, sorry")),
]  # fmt: skip


@pytest.mark.parametrize(("before", "act"), [pair[1:] for pair in PAIRS], ids=[pair[0] for pair in PAIRS])
def test_undoing_brings_back_what_was(before: tuple[Command, ...], act: Command) -> None:
    play = lived(*before)
    was, number = concerned(play.there), len(play.entries)
    play.do(act, "mina")
    done = len(play.entries)
    undo(play)
    assert concerned(play.there) == was
    mark = play.entries[-1].event
    assert isinstance(mark, TakenBack)
    assert number < mark.entry <= done
    assert mark.first == done + 1
    assert describe(mark).startswith(f"undo of #{mark.entry}: ")
    assert short_kind(mark) == "undone"


def test_one_after_the_other_is_taken_back_and_what_makes_up_for_it_is_no_act() -> None:
    play = lived(Acknowledge(), SetStatus(Status.TRIAGING), AssignRole(IM, "mina"))
    for left in (2, 1, 0):
        undo(play)
        assert len(list(acts(play.entries, "mina"))) == left + 1  # and that it was declared
    assert (play.there.incident.status, play.there.escalation.acked_by) == (Status.NEW, "")
    with pytest.raises(Refused, match=r"#1 declared .* stays on the record"):
        way_back(play.entries, play.book, "mina")
    with pytest.raises(Refused, match="nothing here that li did"):
        way_back(play.entries, play.book, "li")


def test_only_ones_own_acts_are_taken_back() -> None:
    play = lived(SetStatus(Status.TRIAGING))
    play.do(SetSeverity("SEV2", "fewer"), "li")
    undo(play, "mina")
    assert (play.there.incident.status, play.there.incident.severity) == (Status.NEW, "SEV2")


def _sev3(play: Play) -> None:
    play.do(SetSeverity("SEV3", "even fewer"), "li")


MOVED: list[tuple[Command, Callable[[Play], Any], str]] = [
    (SetSeverity("SEV2", "fewer"), _sev3, "the severity is SEV3 since"),
    (SetStatus(Status.TRIAGING), lambda p: p.do(SetStatus(Status.MITIGATING), "li"), "INC-1 is mitigating since"),
    (Acknowledge(), lambda p: p.do(TakeOver("mine"), "li"), "li has it since"),
    (AssignRole(IM, "mina"), lambda p: p.do(AssignRole(IM, "li", "me"), "li"), "incident-manager is held by li"),
    (SnoozeEscalation(T0 + minutes(60), "later"), lambda p: p.do(Wake(), "li"), "it was woken since"),
    (AddTask("look"), lambda p: p.do(EndTask(len(p.entries)), "li"), "has gone on since"),
    (AddLink("chat", "#a"), lambda p: p.do(AddLink("chat", "#b"), "li"), "chat is another one since"),
    (Amend(title="New"), lambda p: p.do(Amend(title="Newer"), "li"), "title is Newer since"),
]


@pytest.mark.parametrize(("act", "moved", "said"), MOVED, ids=[type(each[0]).__name__ for each in MOVED])
def test_what_somebody_has_changed_since_stays(act: Command, moved: Callable[[Play], Any], said: str) -> None:
    play = lived()
    play.do(act, "mina")
    play.now += seconds(9)
    moved(play)
    with pytest.raises(Stale, match=said):
        way_back(play.entries, play.book, "mina")


@pytest.mark.parametrize(
    ("act", "instead"),
    [
        (PostUpdate("public", "We look into it", T0 + minutes(40)), "put it right with a correction"),
        (MakeChange("rolled back"), "undo it there, and record that"),
        (AddTheory("pool exhausted"), "refute it, or say in a note"),
        (Merge("INC-9", "the same"), "reopen it if it is one of its own"),
        (SetStatus(Status.RESOLVED, "over"), "reopen it with the stage"),
    ],
)
def test_what_cannot_be_taken_back_says_what_to_do_instead(act: Command, instead: str) -> None:
    play = lived()
    play.do(act, "mina")
    with pytest.raises(Refused, match=instead):
        way_back(play.entries, play.book, "mina")


def test_called_off_and_resumed() -> None:
    play = lived(CallOff("a false alarm"))
    undo(play)
    assert play.there.escalation.phase is not Phase.CALLED_OFF
    play = lived(CallOff("a false alarm"), Resume("no, real"))
    undo(play)
    assert play.there.escalation.phase is Phase.CALLED_OFF


def test_an_entry_that_is_named_is_taken_back_once() -> None:
    play = lived(AddNote("one"), AddNote("two"))
    first = list(acts(play.entries, "mina"))[1]
    undo(play, entry=first)
    assert describe(play.entries[-1].event) == f"undo of #{first}: note one"
    with pytest.raises(Stale, match="taken back already"):
        way_back(play.entries, play.book, "mina", first)


def test_duties_tasks_and_people() -> None:
    play = lived(AssignRole(IM, "mina"))
    spec = play.book.role(IM)
    if spec.duties:
        play.do(TickDuty(IM, 1), "mina")
        undo(play)
        assert not play.there.roles.get(IM).done
    play.do(AddTask("look", "li"), "mina")
    task = len([e for e in play.entries if e.event.kind == "task_added"]) and play.there.record.tasks[-1].id
    play.now += seconds(3)
    play.do(AssignTask(task, "mina"), "mina")
    undo(play)
    assert play.there.record.tasks[-1].owner == "li"
    play.do(EndTask(task), "mina")
    undo(play)
    assert play.there.record.tasks[-1].open
    play.now += seconds(3)
    play.do(JoinRoom(), "jonas")
    undo(play, "jonas")
    assert not play.there.people.get("jonas").here


def test_an_assessment_that_set_the_severity_gives_it_back() -> None:
    play = lived()
    play.do(Assess(to="SEV3", answers=(("How many?", "few"),), reason="few"), "mina")
    undo(play)
    assert play.there.incident.severity == "SEV1"


def test_no_kind_is_both() -> None:
    assert not set(WAYS) & set(NEVER)


@examples(2)
@given(st.integers(0, 100_000))
def test_whatever_was_done_is_undone_or_refused_in_words(number: int) -> None:
    chance = Random(number)
    play = declared(chance.choice(("SEV1", "SEV2", "SEV3")))
    for _ in range(chance.randint(0, 12)):
        play.until(play.now + timedelta(seconds=chance.randint(1, 400)))
        was = concerned(play.there)
        try:
            done = play.do(random_command(chance, play.book, play.now, play.room), chance.choice(("ada", "mina")))
        except Refused:
            continue
        play.now += seconds(1)
        before = len(play.entries) - len(done)
        actor = play.entries[-1].actor if done else "mina"
        try:
            command = way_back(play.entries, play.book, actor)
            if command.entry <= before:
                continue  # it was no act, such as one that nothing followed from
            again = play.do(command, actor)
        except Refused as refused:
            assert str(refused)
            continue
        assert isinstance(again[-1], TakenBack)
        if len(done) == 1:
            assert concerned(play.there) == was, (command, done)
