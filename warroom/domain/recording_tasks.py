"""Tasks of an incident (R11): what follows from each command for them, and from an overdue one."""

from __future__ import annotations

from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.policy import Target, TargetKind
from warroom.domain.record import (
    OPEN_TASKS,
    Pending,
    Task,
    deadline_of,
)
from warroom.domain.record_commands import (
    AddTask,
    AssignTask,
    EndTask,
    PlanTask,
)
from warroom.domain.record_events import (
    Reminded,
    TaskAdded,
    TaskAssigned,
    TaskEnded,
    TaskPlanned,
)
from warroom.domain.recording_words import in_time, known, somebody, words_of
from warroom.domain.roles import LEAD
from warroom.words import tr

# Tasks ---------------------------------------------------------------------------------------------------------------


def add(d: Decision, command: AddTask) -> None:
    """Somebody, or nobody yet, has something to do."""
    said = words_of(d, command.text, "task")
    if len(d.room.record.open_tasks) >= OPEN_TASKS:
        raise Refused(
            tr("there are {open_tasks} open tasks: finish or drop some before you add another").format(
                open_tasks=OPEN_TASKS
            )
        )
    owner = somebody(d, command.owner, "task")
    in_time(d, command.due, "task")
    d.record(TaskAdded(command.text, owner, command.due, command.stream.lstrip("#"), said.people, said.unknown))


def assign(d: Decision, command: AssignTask) -> None:
    """A task goes to somebody else; one that was over is open again."""
    task = _task_of(d, command.task)
    owner = somebody(d, command.owner, "task")
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


def plan(d: Decision, command: PlanTask) -> None:
    """A task is due at another time, or at none."""
    task = _open_task(d, command.task)
    if command.due == task.due:
        raise Refused(tr("task #{id} has that time already").format(id=task.id))
    in_time(d, command.due, "task")
    d.record(TaskPlanned(task.id, task.text, command.due))


def end(d: Decision, command: EndTask) -> None:
    """A task is done, or dropped for a reason."""
    task = _open_task(d, command.task)
    if command.dropped and not command.note:
        raise Refused(tr("say why: a reason is needed to drop a task"))
    d.record(TaskEnded(task.id, task.text, command.note, command.dropped))


def _task_of(d: Decision, number: int) -> Task:
    found = d.room.record.task(number)
    if found is None:
        raise Refused(
            tr("there is no task #{number}{known}").format(
                number=number, known=known(task.id for task in d.room.record.open_tasks)
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
