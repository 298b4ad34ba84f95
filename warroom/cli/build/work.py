"""From the work on an incident, and from what catches somebody up, to the shapes of `--json`."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.cli.shapes import work as shapes
from warroom.views import CatchUpView, Fact, TaskLine, TheoryLine, WorkView


def work(key: str, view: WorkView) -> shapes.Work:
    """The work on the incident `key`."""
    return shapes.Work(
        key=key,
        theories=[_theory(each) for each in view.theories],
        tasks=[task(each) for _, found in view.streams() for each in found],
        pending=[shapes.Pending(id=p.id, text=p.text, by=p.by, at=p.at, whom=p.whom, due=p.due) for p in view.pending],
        changes=[
            shapes.ChangeMade(id=c.id, text=c.text, by=c.by, at=c.at, why=c.why, undo=c.undo, undone_at=c.undone_at)
            for c in view.changes
        ],
        evidence=[
            shapes.Evidence(id=e.id, where=e.where, text=e.text, by=e.by, at=e.at, theory=e.theory)
            for e in view.evidence
        ],
    )


def task(line: TaskLine) -> shapes.Task:
    """One task."""
    state = "open" if line.open else "dropped" if line.dropped else "done"
    return shapes.Task(
        id=line.id,
        text=line.text,
        by=line.by,
        at=line.at,
        owner=line.owner,
        due=line.due,
        stream=line.stream,
        state=state,
        ended_at=line.done_at,
        reminded=line.reminded,
    )


def _theory(line: TheoryLine) -> shapes.Theory:
    return shapes.Theory(
        id=line.id,
        text=line.text,
        by=line.by,
        at=line.at,
        state=line.state,
        reason=line.reason,
        settled_at=line.settled_at,
        experiments=[
            shapes.Experiment(id=e.id, text=e.text, by=e.by, at=e.at, result=e.result, verdict=e.verdict)
            for e in line.experiments
        ],
    )


def catch_up(view: CatchUpView) -> shapes.CatchUp:
    """The state of an incident, and what is new."""
    return shapes.CatchUp(
        key=view.key,
        title=view.title,
        severity=view.severity.name,
        status=view.status,
        status_since=view.status_since,
        live=view.live,
        began=view.began,
        read_at=view.read_at,
        impact=_facts(view.impact),
        why=_facts(view.why),
        roles=_facts(view.roles),
        known=_facts(view.known),
        unknown=_facts(view.unknown),
        tried=_facts(view.tried),
        running=_facts(view.running),
        decided=_facts(view.decided),
        next=_facts(view.next),
        said=_facts(view.said),
        here=_facts(view.here),
        since=view.since,
        since_why=view.since_why,
        changed=_facts(view.changed),
        more=view.more,
    )


def _facts(facts: Iterable[Fact]) -> list[shapes.Fact]:
    return [shapes.Fact(text=f.text, by=f.by, at=f.at, due=f.due, mark=f.mark) for f in facts]
