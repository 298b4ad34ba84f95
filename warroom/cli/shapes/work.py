"""What `--json` prints of the record (R11): the work on an incident, and what catches somebody up. See `shapes`."""

from __future__ import annotations

from warroom.cli.shapes import Shape, Time


class Experiment(Shape):
    """A test of a theory."""

    id: int
    text: str
    by: str
    at: Time
    result: str
    verdict: str


class Theory(Shape):
    """What may be the cause of an incident."""

    id: int
    text: str
    by: str
    at: Time
    state: str
    reason: str
    settled_at: Time | None
    experiments: list[Experiment]


class Task(Shape):
    """Something to be done, or that was."""

    id: int
    text: str
    by: str
    at: Time
    owner: str
    due: Time | None
    stream: str
    state: str
    ended_at: Time | None
    reminded: int


class Pending(Shape):
    """A decision that has to be taken."""

    id: int
    text: str
    by: str
    at: Time
    whom: str
    due: Time | None


class ChangeMade(Shape):
    """Something that was changed in the world."""

    id: int
    text: str
    by: str
    at: Time
    why: str
    undo: str
    undone_at: Time | None


class Evidence(Shape):
    """Where something can be seen."""

    id: int
    where: str
    text: str
    by: str
    at: Time
    theory: int


class Work(Shape):
    """The work on one incident."""

    key: str
    theories: list[Theory]
    tasks: list[Task]
    pending: list[Pending]
    changes: list[ChangeMade]
    evidence: list[Evidence]


class Fact(Shape):
    """One thing worth knowing."""

    text: str
    by: str
    at: Time | None
    due: Time | None
    mark: str


class CatchUp(Shape):
    """The state of one incident for somebody who comes in, or comes back."""

    key: str
    title: str
    severity: str
    status: str
    status_since: Time
    live: bool
    began: Time
    read_at: Time
    impact: list[Fact]
    why: list[Fact]
    roles: list[Fact]
    known: list[Fact]
    unknown: list[Fact]
    tried: list[Fact]
    running: list[Fact]
    decided: list[Fact]
    next: list[Fact]
    said: list[Fact]
    here: list[Fact]
    since: Time | None
    since_why: str
    changed: list[Fact]
    more: int
