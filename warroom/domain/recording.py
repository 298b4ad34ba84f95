"""Writing things down (R11): what follows from each command for the record, and from an overdue task or decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from warroom.domain.core import TEXT_LIMIT, Decision, Refused, Stale
from warroom.domain.mentions import Mentions, mentioned
from warroom.domain.policy import Target, TargetKind
from warroom.domain.record import (
    EXPERIMENTS,
    OPEN_TASKS,
    OPEN_THEORIES,
    PENDING,
    Experiment,
    Pending,
    Task,
    Theory,
    deadline_of,
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
)
from warroom.domain.roles import LEAD
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
            _task(d, command)
        case AssignTask():
            _assign(d, command)
        case PlanTask():
            _plan(d, command)
        case EndTask():
            _end(d, command)
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
            said = _words(d, command.text, "note")
            d.record(Noted(command.text, command.note_kind, said.people, said.unknown))


def _words(d: Decision, text: str, what: str) -> Mentions:
    """Whom a text speaks to; refuses an empty one."""
    if not text:
        raise Refused(tr("there is nothing to note: the text of the {what} is empty").format(what=tr(what)))
    return spoken_to(d, text)


def spoken_to(d: Decision, text: str) -> Mentions:
    """Whom a text speaks to: people of the rulebook, who was in this room, and holders of roles."""
    roles = {role: d.room.roles.holder(role) for role in (*d.book.roles, *d.room.roles.by_name)}
    return mentioned(text, {*d.book.people, *d.room.people.by_login, *filter(None, roles.values())}, roles)


# Theories ------------------------------------------------------------------------------------------------------------


def _theory(d: Decision, command: AddTheory) -> None:
    said = _words(d, command.text, "theory")
    if len(d.room.record.open_theories) >= OPEN_THEORIES:
        raise Refused(
            tr("there are {open_theories} open theories: confirm or refute some before you add another").format(
                open_theories=OPEN_THEORIES
            )
        )
    d.record(TheoryAdded(command.text, said.people, said.unknown))


def _experiment(d: Decision, command: AddExperiment) -> None:
    said = _words(d, command.text, "experiment")
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
    said = _words(d, command.text, "result")
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
                    number=number, known=_known(theory.id for theory in d.room.record.theories)
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
                have=have, known=_known(theory.id for theory in open_ones)
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
                    number=number, known=_known((each.id for _, each in running))
                )
            )
        return found
    if len(running) != 1:
        count = len(running)
        have = trn("{count} experiment is running", "{count} experiments are running", count).format(count=count)
        have = have if count else tr("no experiment is running")
        raise Refused(
            tr("{have}: say which one by its number{known}").format(
                have=have, known=_known((each.id for _, each in running))
            )
        )
    return running[0]


def _known(numbers: Iterable[int]) -> str:
    """The numbers there are, for a refusal."""
    shown = ", ".join(f"#{number}" for number in list(numbers)[-12:])
    return tr("; there is {shown}").format(shown=shown) if shown else ""


# Tasks ---------------------------------------------------------------------------------------------------------------


def _task(d: Decision, command: AddTask) -> None:
    said = _words(d, command.text, "task")
    if len(d.room.record.open_tasks) >= OPEN_TASKS:
        raise Refused(
            tr("there are {open_tasks} open tasks: finish or drop some before you add another").format(
                open_tasks=OPEN_TASKS
            )
        )
    owner = _somebody(d, command.owner, "task")
    _in_time(d, command.due, "task")
    d.record(TaskAdded(command.text, owner, command.due, command.stream.lstrip("#"), said.people, said.unknown))


def _assign(d: Decision, command: AssignTask) -> None:
    task = _task_of(d, command.task)
    owner = _somebody(d, command.owner, "task")
    if command.seen is not None and command.seen != task.owner:
        raise Stale(
            tr("task #{id} is {owned} now; look again before you change it").format(id=task.id, owned=_owned(task))
        )
    if task.open and owner == task.owner:
        raise Refused(tr("task #{id} is {owned} already").format(id=task.id, owned=_owned(task)))
    if not task.open and len(d.room.record.open_tasks) >= OPEN_TASKS:
        raise Refused(
            tr("there are {open_tasks} open tasks: finish or drop some before you open another").format(
                open_tasks=OPEN_TASKS
            )
        )
    remind_at = task.remind_at
    if task.due is not None and remind_at is None:
        # It is late and everybody had been reminded: whoever has it now gets a while before it is brought up again.
        remind_at = task.due if task.due > d.now else d.now + d.book.record.again
    d.record(TaskAssigned(task.id, task.text, owner, task.owner, not task.open, remind_at))


def _plan(d: Decision, command: PlanTask) -> None:
    task = _open_task(d, command.task)
    if command.due == task.due:
        raise Refused(tr("task #{id} has that time already").format(id=task.id))
    _in_time(d, command.due, "task")
    d.record(TaskPlanned(task.id, task.text, command.due))


def _end(d: Decision, command: EndTask) -> None:
    task = _open_task(d, command.task)
    if command.dropped and not command.note:
        raise Refused(tr("say why: a reason is needed to drop a task"))
    d.record(TaskEnded(task.id, task.text, command.note, command.dropped))


def _task_of(d: Decision, number: int) -> Task:
    found = d.room.record.task(number)
    if found is None:
        raise Refused(
            tr("there is no task #{number}{known}").format(
                number=number, known=_known(task.id for task in d.room.record.open_tasks)
            )
        )
    return found


def _open_task(d: Decision, number: int) -> Task:
    task = _task_of(d, number)
    if task.done_at is not None:
        raise Stale(
            (
                tr("task #{id} was dropped at {done_at:%H:%M} UTC already")
                if task.dropped
                else tr("task #{id} was done at {done_at:%H:%M} UTC already")
            ).format(id=task.id, done_at=task.done_at)
        )
    return task


def _owned(task: Task) -> str:
    return tr("{owner}'s").format(owner=task.owner) if task.owner else tr("nobody's")


def _somebody(d: Decision, who: str, what: str) -> str:
    """The person of that name; a role stands for its holder."""
    if not who:
        return ""
    name = who.removeprefix("@")
    said = spoken_to(d, f"@{name}")
    if said.people:
        return said.people[0]
    if name in d.book.roles:
        raise Refused(
            tr("nobody holds the role {name}: name a person for the {what}, or leave it to whoever takes it").format(
                name=name, what=tr(what)
            )
        )
    return name  # somebody at this room whom the rulebook does not know


def _in_time(d: Decision, due: datetime | None, what: str) -> None:
    incident = d.room.incident
    if due is None:
        return
    if incident.watched:
        raise Refused(
            tr("{key} is only watched, and no clock runs in it: leave the time of the {what} out").format(
                key=incident.key, what=tr(what)
            )
        )
    if incident.closed_at is not None:
        raise Refused(
            tr("{key} is closed, and no clock runs in it: leave the time of the {what} out, or reopen it").format(
                key=incident.key, what=tr(what)
            )
        )
    d.ahead(due, tr("the time of the {what}").format(what=tr(what)))


# Decisions, changes, evidence ----------------------------------------------------------------------------------------


def _ask(d: Decision, command: AskDecision) -> None:
    said = _words(d, command.text, "decision")
    if len(d.room.record.pending) >= PENDING:
        raise Refused(
            tr("{pending} decisions wait: take some of them before you ask for another").format(pending=PENDING)
        )
    whom = _somebody(d, command.whom, "decision")
    _in_time(d, command.due, "decision")
    d.record(DecisionAsked(command.text, whom, command.due, said.people, said.unknown))


def _decide(d: Decision, command: Decide) -> None:
    asked = d.room.record.asked(command.asked)
    if asked is None:
        pending = [each.id for each in d.room.record.pending]
        raise Stale(
            tr("no decision #{asked} waits (any more){known}").format(asked=command.asked, known=_known(pending))
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
    said = _words(d, command.text, "change")
    if command.happened_at is not None and command.happened_at > d.now:
        raise Refused(tr("a change that is still to come is a task: write it down when it was made"))
    event = ChangeMade(command.text, command.why, command.undo, command.happened_at, said.people, said.unknown)
    d.record(event)


def _undo(d: Decision, command: UndoChange) -> None:
    change = d.room.record.change(command.change)
    if change is None:
        there = [each.id for each in d.room.record.changes if each.undone_at is None]
        raise Refused(
            tr("there is no change #{change} among the latest{known}").format(
                change=command.change, known=_known(there)
            )
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


# Time ----------------------------------------------------------------------------------------------------------------


def fire(d: Decision, name: str) -> None:
    """A task or a decision is overdue: its owner is reminded, then the incident manager besides. Whoever cannot be
    reached is stood in for at once by the incident manager; that nobody can be is said."""
    found = deadline_of(name)
    item: Task | Pending | None = None
    if found is not None:
        what, number = found
        item = d.room.record.task(number) if what == Reminded.TASK else d.room.record.asked(number)
    if found is None or item is None or item.due is None:
        return
    owner = item.owner if isinstance(item, Task) else item.whom
    count = item.reminded + 1
    rules = d.book.record
    first = (Target(TargetKind.PERSON, owner),) if owner else ()
    lead = Target(TargetKind.ROLE, LEAD)
    reached = d.reach((*first, lead) if count > 1 or not first else first)
    if not reached.pages and count == 1 and first:
        reached = d.reach((*first, lead))
    again_at = None if count >= rules.times else d.in_hours(d.after(rules.again))
    nobody = "" if reached.pages else reached.nobody
    event = Reminded(
        found[0], item.id, item.text, owner, item.due, count, reached.pages, nobody, again_at, reached.passed
    )
    d.record(event)
