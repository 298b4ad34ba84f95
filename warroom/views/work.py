"""What is believed, done, to be decided, changed and seen in one incident (R11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class ExperimentLine:
    """A test of a theory; `verdict` is "" while it runs, else "confirms", "refutes" or "open". `id` 0: a line of an
    older record, with no life of its own."""

    id: int
    text: str
    by: str
    at: datetime
    result: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class TheoryLine:
    """What may be the cause; `state` is "open", "confirmed" or "refuted". `id` 0: a line of an older record."""

    id: int
    text: str
    by: str
    at: datetime
    state: str = "open"
    experiments: tuple[ExperimentLine, ...] = ()
    settled_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """Something to be done, or that was: `done_at` is when it ended, `dropped` whether it was given up then."""

    id: int
    text: str
    by: str
    at: datetime
    owner: str = ""
    due: datetime | None = None
    stream: str = ""
    done_at: datetime | None = None
    dropped: bool = False
    reminded: int = 0

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None


@dataclass(frozen=True, slots=True)
class PendingLine:
    """A decision that has to be taken, by `whom` ("" for the incident manager)."""

    id: int
    text: str
    by: str
    at: datetime
    whom: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Something that was changed in the world, and how to undo it."""

    id: int
    text: str
    by: str
    at: datetime
    why: str = ""
    undo: str = ""
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """Where something can be seen."""

    id: int
    where: str
    text: str
    by: str
    at: datetime
    theory: int = 0


@dataclass(frozen=True, slots=True)
class WorkView:
    """The work on one incident: what is open first, then the latest of what is not, each in the order of its begin."""

    theories: tuple[TheoryLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    pending: tuple[PendingLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()

    @property
    def open_tasks(self) -> tuple[TaskLine, ...]:
        """Those still to be done."""
        return tuple(task for task in self.tasks if task.open)

    @property
    def open_theories(self) -> tuple[TheoryLine, ...]:
        """Those neither confirmed nor refuted."""
        return tuple(theory for theory in self.theories if theory.state == "open")

    def streams(self) -> Iterator[tuple[str, tuple[TaskLine, ...]]]:
        """Tasks by workstream, "" for those of none first; in each the open ones first, the soonest due in front."""
        for stream in sorted({task.stream for task in self.tasks}):
            own = [task for task in self.tasks if task.stream == stream]
            still = sorted((t for t in own if t.open), key=lambda t: (t.due is None, t.due or t.at, t.id))
            ended = sorted((t for t in own if not t.open), key=lambda t: (t.done_at or t.at, t.id), reverse=True)
            yield stream, (*still, *ended)

    def late(self, now: datetime) -> int:
        """How many tasks and decisions are overdue."""
        times = (*(task.due for task in self.open_tasks), *(asked.due for asked in self.pending))
        return sum(at is not None and at <= now for at in times)

    @property
    def empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.theories or self.tasks or self.pending or self.changes or self.evidence)
