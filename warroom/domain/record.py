"""The record (R11) as a state: which theories are held, what is being done, what has to be decided, what was changed.

Only what is open, and the latest of what is not, is kept here; the whole history stands in the record itself. Texts are
kept as one short line. What is decided about it stands in `recording`, its commands and events in
`record_commands` and `record_events`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from warroom.domain.core import Deadline, Event, Postponed
from warroom.domain.record_commands import AddNote, RecordCommand
from warroom.domain.record_events import (
    ChangeMade,
    ChangeUndone,
    Decided,
    DecisionAsked,
    EvidenceAdded,
    ExperimentAdded,
    Noted,
    NoteKind,
    Reminded,
    ResultAdded,
    TaskAdded,
    TaskAssigned,
    TaskEnded,
    TaskPlanned,
    TheoryAdded,
    TheorySettled,
    TheoryState,
    Verdict,
    Written,
)
from warroom.domain.text import clean_line
from warroom.valueclass import dataclass

__all__ = ["AddNote", "NoteKind", "Noted", "RecordCommand", "TheoryState", "Verdict", "Written"]

OPEN_THEORIES, SETTLED_THEORIES, EXPERIMENTS = 30, 10, 10
OPEN_TASKS, ENDED_TASKS = 100, 20
PENDING, CHANGES, EVIDENCE = 30, 30, 30
"""How many of each are kept in the state. More open ones than that nobody can follow: they are refused."""
SHORT = 200
"""How much of a text is kept in the state, in characters."""

Item = TypeVar("Item", "Theory", "Experiment", "Task", "Pending", "Change", "Evidence")
Due = TypeVar("Due", "Task", "Pending")


@dataclass(frozen=True, slots=True)
class RecordRules:
    """How overdue tasks and decisions are brought to mind: at once to the owner, then `again` apart to the owner and
    the incident manager, `times` times in all."""

    again: timedelta = timedelta(minutes=15)
    times: int = 3


@dataclass(frozen=True, slots=True)
class Experiment:
    """A test of a theory. `result` is "" while it runs."""

    id: int
    text: str
    by: str
    at: datetime
    result: str = ""
    verdict: Verdict = Verdict.RUNNING


@dataclass(frozen=True, slots=True)
class Theory:
    """What may be the cause. `settled_at` and `reason`: when and why it was confirmed or refuted."""

    id: int
    text: str
    by: str
    at: datetime
    state: TheoryState = TheoryState.OPEN
    experiments: tuple[Experiment, ...] = ()
    settled_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done. `done_at` is when it ended, `dropped` whether it was given up then; `remind_at`: when its
    owner is reminded next, `reminded` how often that was done."""

    id: int
    text: str
    by: str
    at: datetime
    owner: str = ""
    due: datetime | None = None
    stream: str = ""
    done_at: datetime | None = None
    dropped: bool = False
    remind_at: datetime | None = None
    reminded: int = 0

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision that has to be taken; `whom` "" stands for the incident manager."""

    id: int
    text: str
    by: str
    at: datetime
    whom: str = ""
    due: datetime | None = None
    remind_at: datetime | None = None
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed at `at`, and may have been taken back since."""

    id: int
    text: str
    by: str
    at: datetime
    why: str = ""
    undo: str = ""
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something can be seen."""

    id: int
    where: str
    text: str
    by: str
    at: datetime
    theory: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is open on the record of one incident, and the latest of what is not, each in the order of its beginning."""

    theories: tuple[Theory, ...] = ()
    tasks: tuple[Task, ...] = ()
    pending: tuple[Pending, ...] = ()
    changes: tuple[Change, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def open_theories(self) -> tuple[Theory, ...]:
        """Those neither confirmed nor refuted."""
        return tuple(theory for theory in self.theories if theory.state is TheoryState.OPEN)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """Those still to be done."""
        return tuple(task for task in self.tasks if task.open)

    @property
    def running(self) -> tuple[tuple[Theory, Experiment], ...]:
        """Experiments without a result, each with its theory."""
        return tuple((t, e) for t in self.theories for e in t.experiments if e.verdict is Verdict.RUNNING)

    def theory(self, number: int) -> Theory | None:
        """The theory of that number; None where it is not kept (any more)."""
        return _find(self.theories, number)

    def task(self, number: int) -> Task | None:
        """The task of that number; None where it is not kept (any more)."""
        return _find(self.tasks, number)

    def asked(self, number: int) -> Pending | None:
        """The decision of that number; None where it was taken, or there is none."""
        return _find(self.pending, number)

    def change(self, number: int) -> Change | None:
        """The change of that number; None where it is not kept (any more)."""
        return _find(self.changes, number)

    def experiment(self, number: int) -> tuple[Theory, Experiment] | None:
        """The experiment of that number with its theory; None where it is not kept (any more)."""
        return next(((t, e) for t in self.theories for e in t.experiments if e.id == number), None)


def _find(items: Iterable[Item], number: int) -> Item | None:
    return next((item for item in items if item.id == number), None)


def short(text: str) -> str:
    """A text as it is kept in the state: one line, and not too long."""
    return clean_line(text, SHORT)


# Evolve --------------------------------------------------------------------------------------------------------------


_OWN = frozenset(
    (
        *(TheoryAdded, ExperimentAdded, ResultAdded, TheorySettled, TaskAdded, TaskAssigned, TaskPlanned, TaskEnded),
        *(DecisionAsked, Decided, ChangeMade, ChangeUndone, EvidenceAdded, Reminded, Postponed),
    )
)


def evolve(record: Recorded, event: Event, at: datetime, actor: str, version: int) -> Recorded:
    """What is open after `event`, the entry number `version`; events of other topics leave it as it is."""
    if type(event) not in _OWN:
        return record
    match event:
        case TheoryAdded():
            return _theories(record, (*record.theories, Theory(version, short(event.text), actor, at)))
        case ExperimentAdded():
            made = Experiment(version, short(event.text), actor, at)
            return _in_theory(record, event.theory, lambda t: replace(t, experiments=_room_for(t.experiments, made)))
        case ResultAdded():
            return _in_theory(record, event.theory, lambda theory: _result(theory, event, at))
        case TheorySettled():
            return _in_theory(record, event.theory, lambda theory: _settled(theory, event.to, event.reason, at))
        case TaskAdded():
            task = Task(version, short(event.text), actor, at, event.owner, event.due, event.stream)
            return _tasks(record, (*record.tasks, replace(task, remind_at=event.due)))
        case TaskAssigned() | TaskPlanned() | TaskEnded():
            changed = (_task(task, event, at) if task.id == event.task else task for task in record.tasks)
            return _tasks(record, tuple(changed))
        case DecisionAsked():
            asked = Pending(version, short(event.text), actor, at, event.whom, event.due, event.due)
            return replace(record, pending=(*record.pending, asked))
        case Decided():
            return replace(record, pending=tuple(p for p in record.pending if p.id != event.asked))
        case ChangeMade():
            made_at = event.happened_at or at
            change = Change(version, short(event.text), actor, made_at, short(event.why), short(event.undo))
            return replace(record, changes=(*record.changes, change)[-CHANGES:])
        case ChangeUndone():
            undone = (replace(c, undone_at=at) if c.id == event.change else c for c in record.changes)
            return replace(record, changes=tuple(undone))
        case EvidenceAdded():
            seen = Evidence(version, short(event.where), short(event.text), actor, at, event.theory)
            return replace(record, evidence=(*record.evidence, seen)[-EVIDENCE:])
        case Reminded():
            return _reminded(record, event.what, event.item, event.again_at, event.count)
        case Postponed(name, to) if (found := deadline_of(name)) is not None:
            return _reminded(record, *found, to)
        case _:
            return record


def _theories(record: Recorded, theories: tuple[Theory, ...]) -> Recorded:
    settled = [theory.id for theory in theories if theory.state is not TheoryState.OPEN]
    gone = set(settled[: max(0, len(settled) - SETTLED_THEORIES)])
    return replace(record, theories=tuple(theory for theory in theories if theory.id not in gone))


def _in_theory(record: Recorded, number: int, change: Callable[[Theory], Theory]) -> Recorded:
    return _theories(record, tuple(change(t) if t.id == number else t for t in record.theories))


def _room_for(experiments: tuple[Experiment, ...], made: Experiment) -> tuple[Experiment, ...]:
    """With one more experiment; the oldest one with a result gives way where there are too many."""
    ended = [each.id for each in experiments if each.verdict is not Verdict.RUNNING]
    gone = set(ended[:1]) if len(experiments) >= EXPERIMENTS else set()
    return (*(each for each in experiments if each.id not in gone), made)


def _result(theory: Theory, event: ResultAdded, at: datetime) -> Theory:
    experiments = tuple(
        replace(each, result=short(event.text), verdict=event.verdict) if each.id == event.experiment else each
        for each in theory.experiments
    )
    theory = replace(theory, experiments=experiments)
    settles = {Verdict.CONFIRMS: TheoryState.CONFIRMED, Verdict.REFUTES: TheoryState.REFUTED}.get(event.verdict)
    return theory if settles is None else _settled(theory, settles, event.text, at)


def _settled(theory: Theory, to: TheoryState, reason: str, at: datetime) -> Theory:
    opened = to is TheoryState.OPEN
    return replace(theory, state=to, settled_at=None if opened else at, reason="" if opened else short(reason))


def _tasks(record: Recorded, tasks: tuple[Task, ...]) -> Recorded:
    ended = sorted((task.done_at, task.id) for task in tasks if task.done_at is not None)
    gone = {number for _, number in ended[: max(0, len(ended) - ENDED_TASKS)]}
    return replace(record, tasks=tuple(task for task in tasks if task.id not in gone))


def _task(task: Task, event: TaskAssigned | TaskPlanned | TaskEnded, at: datetime) -> Task:
    match event:
        case TaskEnded():
            return replace(task, done_at=at, dropped=event.dropped, remind_at=None)
        case TaskPlanned():
            return replace(task, due=event.due, remind_at=event.due, reminded=0)
        case _:
            reminded = 0 if event.owner != task.owner or event.again else task.reminded
            owned = replace(task, owner=event.owner, remind_at=event.remind_at, reminded=reminded)
            return replace(owned, done_at=None, dropped=False)


def _reminded(record: Recorded, what: str, number: int, at: datetime | None, count: int | None = None) -> Recorded:
    if what == Reminded.TASK:
        tasks = (_later(task, at, count) if task.id == number else task for task in record.tasks)
        return replace(record, tasks=tuple(tasks))
    pending = (_later(asked, at, count) if asked.id == number else asked for asked in record.pending)
    return replace(record, pending=tuple(pending))


def _later(item: Due, at: datetime | None, count: int | None) -> Due:
    return replace(item, remind_at=at, reminded=item.reminded if count is None else count)


# Due -----------------------------------------------------------------------------------------------------------------


def due(record: Recorded) -> tuple[Deadline, ...]:
    """Tasks and decisions whose time comes, and reminders of those that are overdue."""
    return tuple(
        Deadline(item.remind_at, f"{what}:{item.id}")
        for what, items in ((Reminded.TASK, record.tasks), (Reminded.DECISION, record.pending))
        for item in items
        if item.remind_at is not None
    )


def deadline_of(name: str) -> tuple[str, int] | None:
    """What a deadline's name of this topic means, such as ("task", 12); None for other topics."""
    what, _, number = name.partition(":")
    return (what, int(number)) if what in (Reminded.TASK, Reminded.DECISION) and number.isdigit() else None
