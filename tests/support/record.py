"""Things in a record (R11) that have a life of their own: begun in an incident, and commands for them at random."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.books import minutes
from tests.support.commands import random_text
from tests.support.play import Play
from warroom.domain.core import Command
from warroom.domain.incident import SetStatus, Status
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
    PlanTask,
    SettleTheory,
    UndoChange,
)
from warroom.domain.roles import LEAD


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
