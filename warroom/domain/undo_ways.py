"""What makes up for each kind of entry of a record, or why nothing does and what to do instead (R11).

The ways of the incident and its ladder stand in `undo_incident`, those of roles and people in `undo_people`; here are
those of what was written down, and the tables. Which entry is meant: `undo`.
"""

from __future__ import annotations

from typing import Final

from warroom.domain import (
    comms,
    incident,
    ladder_events,
    links,
    people,
    proposals,
    record_events,
    roles,
    undo_incident,
    undo_people,
)
from warroom.domain import record_commands as record
from warroom.domain.core import Command, Event, Refused
from warroom.domain.record_events import TheoryState
from warroom.domain.rules import HoldLifted
from warroom.domain.undo_case import Case, Way
from warroom.words import mark, tr

# The record ----------------------------------------------------------------------------------------------------------


def _marked(case: Case, event: Event) -> None:
    """What was written stays readable, with a mark behind it: there is nothing besides to make up for."""


def _settled(case: Case, event: record_events.TheorySettled) -> Command:
    now, was = case.room.record.theory(event.theory), case.before.record.theory(event.theory)
    stands = now is not None and now.state is event.to and now.settled_at in (None, case.entry.at)
    case.need(
        stands,
        tr("theory #{theory} is {state}").format(theory=event.theory, state=tr(now.state.value) if now else tr("gone")),
    )
    return record.SettleTheory(event.theory, was.state if was else TheoryState.OPEN, case.reason, event.to)


def _result(case: Case, event: record_events.ResultAdded) -> Command:
    now, was = case.room.record.theory(event.theory), case.before.record.theory(event.theory)
    if was is None or now is None or now.settled_at != case.entry.at:
        raise Refused(tr("a result stays on the record: write another one that says what is wrong with it"))
    return record.SettleTheory(event.theory, was.state, case.reason, now.state)


def _task_added(case: Case, event: record_events.TaskAdded) -> Command:
    task = case.room.record.task(case.number)
    case.need(
        task is not None and task.open and task.owner == event.owner,
        tr("task #{number} has gone on").format(number=case.number),
    )
    return record.EndTask(case.number, case.reason, dropped=True)


def _task_assigned(case: Case, event: record_events.TaskAssigned) -> Command:
    now, was = case.room.record.task(event.task), case.before.record.task(event.task)
    case.need(
        now is not None and now.open and now.owner == event.owner,
        tr("task #{task} has gone on").format(task=event.task),
    )
    if event.again:
        return record.EndTask(event.task, case.reason, dropped=was is not None and was.dropped)
    return record.AssignTask(event.task, event.before, event.owner)


def _task_planned(case: Case, event: record_events.TaskPlanned) -> Command:
    now, was = case.room.record.task(event.task), case.before.record.task(event.task)
    case.need(
        now is not None and now.open and now.due == event.due, tr("task #{task} has gone on").format(task=event.task)
    )
    return record.PlanTask(event.task, was.due if was is not None else None)


def _task_ended(case: Case, event: record_events.TaskEnded) -> Command:
    now = case.room.record.task(event.task)
    case.need(
        now is not None and now.done_at == case.entry.at, tr("task #{task} was taken up again").format(task=event.task)
    )
    return record.AssignTask(event.task, now.owner if now is not None else "")


def _asked(case: Case, event: record_events.DecisionAsked) -> Command:
    waits = any(asked.id == case.number for asked in case.room.record.pending)
    case.need(waits, tr("what #{number} asked for was decided").format(number=case.number))
    return record.Decide(case.number, case.reason, dropped=True)


def _linked(case: Case, event: links.LinkAdded) -> Command:
    case.need(
        links.Link(event.link, event.to) in case.room.links.links,
        tr("{link} is another one").format(link=tr(event.link)),
    )
    return links.AddLink(event.link, event.before) if event.before else links.RemoveLink(event.link, event.to)


def _unlinked(case: Case, event: links.LinkRemoved) -> Command:
    taken = event.link in links.ONE_EACH and case.room.links.one(event.link)
    case.need(not taken, tr("there is another {link}").format(link=tr(event.link)))
    return links.AddLink(event.link, event.to)


def _related(case: Case, event: links.Related) -> Command:
    tie = case.room.links.tie(event.key)
    case.need(
        tie is not None and tie.relation is event.relation,
        tr("{key} is tied otherwise, or no more").format(key=event.key),
    )
    return links.Unrelate(event.key, case.reason)


def _unrelated(case: Case, event: links.Unrelated) -> Command:
    case.need(case.room.links.tie(event.key) is None, tr("{key} was tied again").format(key=event.key))
    return links.Relate(event.relation, event.key, case.reason)


WAYS: Final[dict[type[Event], Way]] = {
    incident.SeverityChanged: undo_incident.severity,
    incident.StatusChanged: undo_incident.status,
    incident.CasesCounted: undo_incident.cases,
    incident.Amended: undo_incident.amended,
    ladder_events.Acknowledged: undo_incident.acknowledged,
    ladder_events.Unacknowledged: undo_incident.unacknowledged,
    ladder_events.Snoozed: undo_incident.snoozed,
    ladder_events.SnoozeEnded: undo_incident.woken,
    ladder_events.EscalationCalledOff: undo_incident.called_off,
    ladder_events.EscalationResumed: undo_incident.resumed,
    roles.RoleAssigned: undo_people.assigned,
    roles.RoleVacated: undo_people.vacated,
    roles.RoleJoined: undo_people.joined,
    roles.RoleLeft: undo_people.left,
    roles.RoleOffered: undo_people.offered,
    roles.RoleOfferEnded: undo_people.offer_ended,
    roles.RoleAdded: undo_people.added,
    roles.RoleDropped: undo_people.dropped,
    roles.HandoverPlanned: undo_people.planned,
    roles.DutyTicked: undo_people.ticked,
    people.PersonJoined: undo_people.entered,
    people.PersonLeft: undo_people.gone,
    people.AwakeSaid: undo_people.awake,
    record_events.Noted: _marked,
    record_events.EvidenceAdded: _marked,
    record_events.TheorySettled: _settled,
    record_events.ResultAdded: _result,
    record_events.TaskAdded: _task_added,
    record_events.TaskAssigned: _task_assigned,
    record_events.TaskPlanned: _task_planned,
    record_events.TaskEnded: _task_ended,
    record_events.DecisionAsked: _asked,
    links.LinkAdded: _linked,
    links.LinkRemoved: _unlinked,
    links.Related: _related,
    links.Unrelated: _unrelated,
}
"""By kind of entry, what makes up for it."""

_PAGED = mark("people were paged, and have heard it: tell them, or call the escalation off")
NEVER: Final[dict[type[Event], str]] = {
    incident.Declared: mark(
        "an incident that was declared stays on the record: resolve it, or merge it into another one"
    ),
    incident.Merged: mark("a merged incident is closed: reopen it if it is one of its own"),
    incident.Assessed: mark("what was answered stays on the record: assess it again"),
    incident.RulesMoved: mark("it runs under the other rules by now: move it again where those are in force"),
    HoldLifted: _PAGED,
    ladder_events.LevelPaged: _PAGED,
    ladder_events.PagedBesides: _PAGED,
    ladder_events.LevelSkipped: _PAGED,
    ladder_events.PageDeclined: mark("the page has moved on: take it over if you can after all"),
    ladder_events.CheckpointSettled: mark(
        "the question was answered, and the ladder has moved on: call it off or page"
    ),
    roles.RoleReadBack: mark("what was read back stays on the record: read it back again"),
    record_events.TheoryAdded: mark("a theory stays on the record: refute it, or say in a note what was meant"),
    record_events.ExperimentAdded: mark(
        "an experiment stays on the record: give it a result that says what came of it"
    ),
    record_events.Decided: mark("a decision stays on the record: write down the one that replaces it"),
    record_events.ChangeMade: mark("a change in the world is not undone from here: undo it there, and record that"),
    record_events.ChangeUndone: mark("that a change was taken back stays on the record: record the change again"),
    comms.UpdatePosted: mark("an update that went out cannot be called back: put it right with a correction"),
    comms.UpdateSkipped: mark("a skipped update has begun its clock anew: post an update"),
    proposals.UpdateProposed: mark("a proposed update is withdrawn where it waits for review"),
    proposals.UpdateCommented: mark("a comment stays with its update: add another one"),
    proposals.UpdateApproved: mark("an approved update is held or withdrawn where it waits"),
    proposals.UpdateWithdrawn: mark("a withdrawn update is proposed anew"),
    proposals.UpdateHeld: mark("an update that is held is sent or withdrawn where it waits"),
    proposals.UpdateScheduled: mark("a scheduled update is held or withdrawn where it waits"),
}
"""By kind of entry, why nothing makes up for it and what to do instead."""
