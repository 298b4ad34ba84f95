"""The work on an incident as a screen shows it: theories and their tests, tasks, decisions, changes, evidence (R11)."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.domain.core import Entry
from warroom.domain.record import Experiment, Noted, NoteKind, Recorded, Theory
from warroom.domain.room import Room
from warroom.views import ChangeLine, EvidenceLine, ExperimentLine, PendingLine, TaskLine, TheoryLine, WorkView

LEGACY = 10
"""How many theories of an older record are shown at most."""


def work_view(room: Room, entries: Iterable[Entry] = ()) -> WorkView:
    """What is open, and the latest of what is not.

    `entries` are the latest of the record: theories, experiments and results that an older program wrote as mere notes
    are taken from them, as far as they reach.
    """
    record: Recorded = room.record
    return WorkView(
        theories=(*_legacy(entries), *(_theory(theory) for theory in record.theories)),
        tasks=tuple(
            TaskLine(t.id, t.text, t.by, t.at, t.owner, t.due, t.stream, t.done_at, t.dropped, t.reminded)
            for t in record.tasks
        ),
        pending=tuple(PendingLine(p.id, p.text, p.by, p.at, p.whom, p.due) for p in record.pending),
        changes=tuple(ChangeLine(c.id, c.text, c.by, c.at, c.why, c.undo, c.undone_at) for c in record.changes),
        evidence=tuple(EvidenceLine(e.id, e.where, e.text, e.by, e.at, e.theory) for e in record.evidence),
    )


def _theory(theory: Theory) -> TheoryLine:
    tests = tuple(_experiment(each) for each in theory.experiments)
    return TheoryLine(
        theory.id,
        theory.text,
        theory.by,
        theory.at,
        theory.state.value,
        tests,
        theory.settled_at,
        theory.reason,
    )


def _experiment(experiment: Experiment) -> ExperimentLine:
    e = experiment
    return ExperimentLine(e.id, e.text, e.by, e.at, e.result, e.verdict.value)


def _legacy(entries: Iterable[Entry]) -> tuple[TheoryLine, ...]:
    """Theories of an older record; what was noted of experiments and results stands under the theory before it."""
    found: list[TheoryLine] = []
    for entry in entries:
        event = entry.event
        if not isinstance(event, Noted):
            continue
        if event.note_kind is NoteKind.THEORY:
            found.append(TheoryLine(0, event.text, entry.actor, entry.at))
        elif event.note_kind in (NoteKind.EXPERIMENT, NoteKind.RESULT) and found:
            found[-1] = _with(found[-1], event, entry)
    return tuple(found[-LEGACY:])


def _with(theory: TheoryLine, event: Noted, entry: Entry) -> TheoryLine:
    tests = theory.experiments
    if event.note_kind is NoteKind.RESULT and tests and not tests[-1].result:
        last = tests[-1]
        tests = (*tests[:-1], ExperimentLine(0, last.text, last.by, last.at, event.text, "open"))
    else:
        tests = (*tests, ExperimentLine(0, event.text, entry.actor, entry.at))
    return TheoryLine(0, theory.text, theory.by, theory.at, theory.state, tests)
