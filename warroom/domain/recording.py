"""Writing things down (R11): what follows from each command for the record. Tasks stand in `recording_tasks`, and what
falls due by itself.
"""

from __future__ import annotations

import re

from warroom.domain import recording_tasks
from warroom.domain.core import TEXT_LIMIT, Decision, Refused, Stale
from warroom.domain.record import (
    EXPERIMENTS,
    OPEN_THEORIES,
    PENDING,
    Experiment,
    Theory,
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
    RecordCommand,
    SettleTheory,
    UndoChange,
)
from warroom.domain.record_events import (
    ChangeMade,
    ChangeUndone,
    Decided,
    DecisionAsked,
    EvidenceAdded,
    ExperimentAdded,
    Noted,
    NoteKind,
    ResultAdded,
    TheoryAdded,
    TheorySettled,
    TheoryState,
    Verdict,
)
from warroom.domain.recording_words import in_time, known, somebody, spoken_to, words_of
from warroom.words import tr, trn

_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def carry_out(d: Decision, command: RecordCommand) -> None:
    """Do what a command for the record asks for; possible in any stage of the incident."""
    match command:
        case AddNote():
            note(d, command)
        case AddTheory():
            _theory(d, command)
        case AddExperiment():
            _experiment(d, command)
        case AddResult():
            _result(d, command)
        case SettleTheory():
            _settle(d, command)
        case AddTask():
            recording_tasks.add(d, command)
        case AssignTask():
            recording_tasks.assign(d, command)
        case PlanTask():
            recording_tasks.plan(d, command)
        case EndTask():
            recording_tasks.end(d, command)
        case AskDecision():
            _ask(d, command)
        case Decide():
            _decide(d, command)
        case MakeChange():
            _change(d, command)
        case UndoChange():
            _undo(d, command)
        case AddEvidence():
            _evidence(d, command)
        case _:
            raise Refused(tr("{name} is not something that can be asked for").format(name=type(command).__name__))


def note(d: Decision, command: AddNote) -> None:
    """Add a line to the record. What has a life of its own begins it here, in its simplest form."""
    match command.note_kind:
        case NoteKind.THEORY:
            _theory(d, AddTheory(command.text))
        case NoteKind.EXPERIMENT:
            _experiment(d, AddExperiment(command.text))
        case NoteKind.RESULT:
            _result(d, AddResult(command.text))
        case NoteKind.CHANGE:
            _change(d, MakeChange(command.text))
        case _:
            said = words_of(d, command.text, "note")
            d.record(Noted(command.text, command.note_kind, said.people, said.unknown))


# Theories ------------------------------------------------------------------------------------------------------------


def _theory(d: Decision, command: AddTheory) -> None:
    said = words_of(d, command.text, "theory")
    if len(d.room.record.open_theories) >= OPEN_THEORIES:
        raise Refused(
            tr("there are {open_theories} open theories: confirm or refute some before you add another").format(
                open_theories=OPEN_THEORIES
            )
        )
    d.record(TheoryAdded(command.text, said.people, said.unknown))


def _experiment(d: Decision, command: AddExperiment) -> None:
    said = words_of(d, command.text, "experiment")
    theory = _theory_of(d, command.theory)
    if theory.state is not TheoryState.OPEN:
        raise Refused(
            tr("theory #{id} is {state}: open it again before you test it").format(id=theory.id, state=tr(theory.state))
        )
    if len([each for each in theory.experiments if each.verdict is Verdict.RUNNING]) >= EXPERIMENTS:
        raise Refused(
            tr("{experiments} experiments run on theory #{id}: note their results first").format(
                experiments=EXPERIMENTS, id=theory.id
            )
        )
    d.record(ExperimentAdded(command.text, theory.id, theory.text, said.people, said.unknown))


def _result(d: Decision, command: AddResult) -> None:
    said = words_of(d, command.text, "result")
    if command.verdict is Verdict.RUNNING:
        raise Refused(tr("a result confirms the theory, refutes it, or leaves it open: say which"))
    theory, experiment = _experiment_of(d, command.experiment)
    if experiment.verdict is not Verdict.RUNNING:
        raise Stale(
            tr("experiment #{id} has a result already: {result}").format(id=experiment.id, result=experiment.result)
        )
    event = ResultAdded(command.text, theory.id, experiment.id, theory.text, command.verdict, said.people, said.unknown)
    d.record(event)


def _settle(d: Decision, command: SettleTheory) -> None:
    theory = _theory_of(d, command.theory)
    if command.seen is not None and command.seen is not theory.state:
        raise Stale(
            tr("theory #{id} is {state} now; look again before you change it").format(
                id=theory.id, state=tr(theory.state)
            )
        )
    if theory.state is command.to:
        raise Refused(tr("theory #{id} is {state} already").format(id=theory.id, state=tr(theory.state)))
    if command.to is TheoryState.OPEN and len(d.room.record.open_theories) >= OPEN_THEORIES:
        raise Refused(
            tr("there are {open_theories} open theories: confirm or refute some before you open another").format(
                open_theories=OPEN_THEORIES
            )
        )
    d.record(TheorySettled(theory.id, theory.text, command.to, command.reason))


def _theory_of(d: Decision, number: int) -> Theory:
    if number:
        found = d.room.record.theory(number)
        if found is None:
            raise Refused(
                tr("there is no theory #{number}{known}").format(
                    number=number, known=known(theory.id for theory in d.room.record.theories)
                )
            )
        return found
    open_ones = d.room.record.open_theories
    if len(open_ones) != 1:
        count = len(open_ones)
        have = trn("{count} theory is open", "{count} theories are open", count).format(count=count)
        have = have if count else tr("there is no open theory")
        raise Refused(
            tr("{have}: say which one by its number{known}").format(
                have=have, known=known(theory.id for theory in open_ones)
            )
        )
    return open_ones[0]


def _experiment_of(d: Decision, number: int) -> tuple[Theory, Experiment]:
    running = d.room.record.running
    if number:
        found = d.room.record.experiment(number)
        if found is None:
            raise Refused(
                tr("there is no experiment #{number}{known}").format(
                    number=number, known=known((each.id for _, each in running))
                )
            )
        return found
    if len(running) != 1:
        count = len(running)
        have = trn("{count} experiment is running", "{count} experiments are running", count).format(count=count)
        have = have if count else tr("no experiment is running")
        raise Refused(
            tr("{have}: say which one by its number{known}").format(
                have=have, known=known((each.id for _, each in running))
            )
        )
    return running[0]


# Decisions, changes, evidence ----------------------------------------------------------------------------------------


def _ask(d: Decision, command: AskDecision) -> None:
    said = words_of(d, command.text, "decision")
    if len(d.room.record.pending) >= PENDING:
        raise Refused(
            tr("{pending} decisions wait: take some of them before you ask for another").format(pending=PENDING)
        )
    whom = somebody(d, command.whom, "decision")
    in_time(d, command.due, "decision")
    d.record(DecisionAsked(command.text, whom, command.due, said.people, said.unknown))


def _decide(d: Decision, command: Decide) -> None:
    asked = d.room.record.asked(command.asked)
    if asked is None:
        pending = [each.id for each in d.room.record.pending]
        raise Stale(
            tr("no decision #{asked} waits (any more){known}").format(asked=command.asked, known=known(pending))
        )
    if not command.text:
        raise Refused(
            tr("the text is empty: say why it is not needed any more")
            if command.dropped
            else tr("the text is empty: say what was decided")
        )
    said = spoken_to(d, command.text)
    d.record(Decided(command.text, asked.id, asked.text, command.dropped, said.people, said.unknown))


def _change(d: Decision, command: MakeChange) -> None:
    said = words_of(d, command.text, "change")
    if command.happened_at is not None and command.happened_at > d.now:
        raise Refused(tr("a change that is still to come is a task: write it down when it was made"))
    event = ChangeMade(command.text, command.why, command.undo, command.happened_at, said.people, said.unknown)
    d.record(event)


def _undo(d: Decision, command: UndoChange) -> None:
    change = d.room.record.change(command.change)
    if change is None:
        there = [each.id for each in d.room.record.changes if each.undone_at is None]
        raise Refused(
            tr("there is no change #{change} among the latest{known}").format(change=command.change, known=known(there))
        )
    if change.undone_at is not None:
        raise Stale(
            tr("change #{id} was undone at {undone_at:%H:%M} UTC already").format(
                id=change.id, undone_at=change.undone_at
            )
        )
    d.record(ChangeUndone(change.id, change.text, command.note))


def _evidence(d: Decision, command: AddEvidence) -> None:
    where = command.where.strip()
    if not where:
        raise Refused(tr("say where it can be seen: an address (https://...) or a path"))
    if len(where) > TEXT_LIMIT or "\n" in where:
        raise Refused(tr("an address or a path stands on one line"))
    if _SCHEME.match(where) and not _DRIVE.match(where) and not _ADDRESS.fullmatch(where):
        raise Refused(tr("evidence is an address that begins with http:// or https://, or a path"))
    theory = _theory_of(d, command.theory).id if command.theory else 0
    said = spoken_to(d, command.text)
    d.record(EvidenceAdded(command.text, where, theory, said.people, said.unknown))
