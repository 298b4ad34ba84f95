"""The record (R11): what people can write down.

Whatever has a life of its own (a theory, a task, a decision to be taken, a change) is named by the number of the entry
that began it, counted within its incident.
"""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Command
from warroom.domain.record_events import NoteKind, TheoryState, Verdict
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class RecordCommand(Command):
    """Something for the record."""


@dataclass(frozen=True, slots=True)
class AddNote(RecordCommand):
    """Write something down. A theory, an experiment, a result or a change is taken as one, in its simplest form."""

    blocks = ("text",)

    text: str
    note_kind: NoteKind = NoteKind.NOTE


@dataclass(frozen=True, slots=True)
class AddTheory(RecordCommand):
    """This may be the cause."""

    blocks = ("text",)

    text: str


@dataclass(frozen=True, slots=True)
class AddExperiment(RecordCommand):
    """Put a theory to the test. `theory` 0: the only one that is open."""

    blocks = ("text",)

    text: str
    theory: int = 0


@dataclass(frozen=True, slots=True)
class AddResult(RecordCommand):
    """What an experiment showed. `experiment` 0: the only one that runs. Unless OPEN the verdict settles the theory."""

    blocks = ("text",)

    text: str
    experiment: int = 0
    verdict: Verdict = Verdict.OPEN


@dataclass(frozen=True, slots=True)
class SettleTheory(RecordCommand):
    """Confirm or refute a theory, or open it again. `seen`: the state that the asker saw."""

    lines = ("reason",)

    theory: int
    to: TheoryState
    reason: str = ""
    seen: TheoryState | None = None


@dataclass(frozen=True, slots=True)
class AddTask(RecordCommand):
    """Something has to be done: by whom ("" for whoever takes it), by when, in which workstream."""

    names = ("owner", "stream")
    blocks = ("text",)

    text: str
    owner: str = ""
    due: datetime | None = None
    stream: str = ""


@dataclass(frozen=True, slots=True)
class AssignTask(RecordCommand):
    """Give a task to a person; "" gives it back. One that has ended is taken up again. `seen`: the owner then seen."""

    names = ("owner",)

    task: int
    owner: str
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class PlanTask(RecordCommand):
    """Set by when a task has to be done, None for no time."""

    task: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class EndTask(RecordCommand):
    """A task is done; or, with `dropped`, it is not needed any more, which wants a reason."""

    lines = ("note",)

    task: int
    note: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class AskDecision(RecordCommand):
    """Something has to be decided: by whom ("" for the incident manager), and by when."""

    names = ("whom",)
    blocks = ("text",)

    text: str
    whom: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decide(RecordCommand):
    """Take a decision that was asked for; or, with `dropped`, say that it is not needed any more."""

    blocks = ("text",)

    asked: int
    text: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class MakeChange(RecordCommand):
    """Something was changed in the world: why, how to undo it, and when if not now."""

    lines = ("why",)
    blocks = ("text", "undo")

    text: str
    why: str = ""
    undo: str = ""
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UndoChange(RecordCommand):
    """A change was taken back."""

    lines = ("note",)

    change: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddEvidence(RecordCommand):
    """Where something can be seen: an address or a path, which is kept and never opened; `text` says what it shows."""

    blocks = ("where", "text")

    where: str
    text: str = ""
    theory: int = 0
