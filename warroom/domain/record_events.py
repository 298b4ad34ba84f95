"""The record (R11): what is on it because of what people write down (`record_commands`), and what falls due of that.

Whatever has a life of its own (a theory, a task, a decision to be taken, a change, a piece of evidence) is known by the
number of the entry that began it, counted within its incident. `about` repeats its words in short, so that a line of
the record can be read without looking anything up. `mentions` are the people who are told, `unknown` the names behind
an @ that nobody here goes by.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from warroom.domain.core import Event, happens
from warroom.domain.policy import PageTo, PassedOver
from warroom.valueclass import dataclass


class NoteKind(StrEnum):
    """What a line of the record is. The last four have commands of their own, with a life behind them; as the kind of
    a note they stand in older records."""

    NOTE = "note"
    OBSERVATION = "observation"
    DECISION = "decision"
    CHANGE = "change"
    THEORY = "theory"
    EXPERIMENT = "experiment"
    RESULT = "result"


class TheoryState(StrEnum):
    """What is held of a theory."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"


class Verdict(StrEnum):
    """What an experiment says about its theory; RUNNING while it has no result."""

    RUNNING = ""
    CONFIRMS = "confirms"
    REFUTES = "refutes"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Written(Event):
    """An event with words of a person in it."""

    text: str


@happens("noted")
@dataclass(frozen=True, slots=True)
class Noted(Written):
    """Somebody wrote something down."""

    note_kind: NoteKind = NoteKind.NOTE
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("theory_added")
@dataclass(frozen=True, slots=True)
class TheoryAdded(Written):
    """Somebody has an idea of the cause."""

    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("experiment_added")
@dataclass(frozen=True, slots=True)
class ExperimentAdded(Written):
    """A theory is put to the test."""

    theory: int
    about: str
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("result_added")
@dataclass(frozen=True, slots=True)
class ResultAdded(Written):
    """An experiment has a result; a verdict other than OPEN settles its theory."""

    theory: int
    experiment: int
    about: str
    verdict: Verdict
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("theory_settled")
@dataclass(frozen=True, slots=True)
class TheorySettled(Event):
    """A theory was confirmed, refuted, or opened again."""

    theory: int
    about: str
    to: TheoryState
    reason: str = ""


@happens("task_added")
@dataclass(frozen=True, slots=True)
class TaskAdded(Written):
    """Something has to be done."""

    owner: str = ""
    due: datetime | None = None
    stream: str = ""
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("task_assigned")
@dataclass(frozen=True, slots=True)
class TaskAssigned(Event):
    """A task has another owner, "" for nobody; `again`: it had been ended, and is open again. `remind_at`: when the
    owner is reminded of it next."""

    task: int
    about: str
    owner: str
    before: str = ""
    again: bool = False
    remind_at: datetime | None = None


@happens("task_planned")
@dataclass(frozen=True, slots=True)
class TaskPlanned(Event):
    """A task has another time."""

    task: int
    about: str
    due: datetime | None


@happens("task_ended")
@dataclass(frozen=True, slots=True)
class TaskEnded(Event):
    """A task is done, or not needed any more."""

    task: int
    about: str
    note: str = ""
    dropped: bool = False


@happens("decision_asked")
@dataclass(frozen=True, slots=True)
class DecisionAsked(Written):
    """Something has to be decided."""

    whom: str = ""
    due: datetime | None = None
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("decided")
@dataclass(frozen=True, slots=True)
class Decided(Written):
    """What had been asked for was decided, or is not needed any more."""

    asked: int
    about: str
    dropped: bool = False
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("change_made")
@dataclass(frozen=True, slots=True)
class ChangeMade(Written):
    """Something was changed in the world; `happened_at` is set where it was not now."""

    why: str = ""
    undo: str = ""
    happened_at: datetime | None = None
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("change_undone")
@dataclass(frozen=True, slots=True)
class ChangeUndone(Event):
    """A change was taken back."""

    change: int
    about: str
    note: str = ""


@happens("evidence_added")
@dataclass(frozen=True, slots=True)
class EvidenceAdded(Written):
    """Where something can be seen."""

    where: str
    theory: int = 0
    mentions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@happens("reminded")
@dataclass(frozen=True, slots=True)
class Reminded(Event):
    """A task or a decision (`what`) is overdue since `since`: `pages` went out, or `nobody` says why not.

    `again_at` None: no further reminder. `passed` were looked at and not reached.
    """

    TASK: ClassVar[str] = "task"
    DECISION: ClassVar[str] = "decision"

    what: str
    item: int
    about: str
    owner: str
    since: datetime
    count: int
    pages: tuple[PageTo, ...]
    nobody: str = ""
    again_at: datetime | None = None
    passed: tuple[PassedOver, ...] = ()


BEGINS = (TheoryAdded, ExperimentAdded, TaskAdded, DecisionAsked, ChangeMade, EvidenceAdded)
"""Events that begin something which is known by the number of its entry."""
