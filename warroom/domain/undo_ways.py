"""What makes up for each kind of entry of a record, or why nothing does and what to do instead (R11).

Each way looks at how things stood before the entry and how they stand now, and refuses where somebody has changed the
same since. Which entry is meant: `undo`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from warroom.domain import (
    comms,
    correcting,
    escalation,
    incident,
    ladder_events,
    links,
    people,
    proposals,
    record_events,
    roles,
)
from warroom.domain import record_commands as record
from warroom.domain.core import Command, Entry, Event, Refused, Stale
from warroom.domain.incident import OVER, Status
from warroom.domain.record_events import TheoryState
from warroom.domain.roles import base_of
from warroom.domain.rules import HoldLifted
from warroom.domain.status_words import status_word
from warroom.domain.text import clean_line
from warroom.valueclass import dataclass
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room


@dataclass(frozen=True, slots=True)
class Case:
    """An entry that is to be taken back: the room before it and now, the rules, and why it is done, for the record."""

    number: int
    entry: Entry
    before: Room
    room: Room
    book: Rulebook

    @property
    def reason(self) -> str:
        """What stands on the record as the reason of what makes up for it."""
        return f"undo of #{self.number}"

    def need(self, same: bool, now: str) -> None:
        """Refuse where somebody has changed the same since; `now` says how it stands."""
        if not same:
            raise Stale(tr("{now} since: there is nothing to undo any more, change it as it stands").format(now=now))


Way = Callable[[Case, Any], "Command | None"]

# The incident --------------------------------------------------------------------------------------------------------


def _severity(case: Case, event: incident.SeverityChanged) -> Command:
    if event.rule:
        raise Refused(tr("a rule ({rule}) set that severity: set another one by hand").format(rule=event.rule))
    now = case.room.incident.severity
    case.need(now == event.to, tr("the severity is {now}").format(now=now))
    return incident.SetSeverity(event.before, case.reason, event.to)


def _status(case: Case, event: incident.StatusChanged) -> Command:
    i = case.room.incident
    case.need(
        i.status is event.to and i.status_since == (event.happened_at or case.entry.at),
        tr("{key} is {status}").format(key=i.key, status=status_word(i.status)),
    )
    if i.merged_into:
        raise Refused(
            tr("{key} was merged into {merged_into}: reopen it if it is an incident of its own").format(
                key=i.key, merged_into=i.merged_into
            )
        )
    if event.to is Status.CLOSED:
        raise Refused(tr("{key} is closed: reopen it if it is not over").format(key=i.key))
    if event.before is Status.CLOSED:
        raise Refused(tr("{key} had been closed before: resolve it and close it again").format(key=i.key))
    if event.to in OVER and event.before is Status.NEW:
        raise Refused(
            tr("{key} was new, and what is opened again is not: reopen it with the stage that it is in").format(
                key=i.key
            )
        )
    return incident.SetStatus(event.before, case.reason, event.to)


def _cases(case: Case, event: incident.CasesCounted) -> Command:
    now = case.room.incident.facts.cases
    case.need(now == event.cases, tr("there are {now} support cases").format(now=now))
    if event.before is None:
        return incident.Amend(unknown=("cases",), reason=case.reason, seen={"cases": str(event.cases)})
    return incident.CountCases(total=event.before)


def _amended(case: Case, event: incident.Amended) -> Command:
    names = [name for name in (*incident.OWN, *incident.BESIDES) if getattr(event, name) is not None]
    given: dict[str, Any] = {}
    unknown, seen = [], {}
    for name in (*names, *event.unknown):
        now, was = correcting.known(case.room.incident, name), correcting.known(case.before.incident, name)
        said = getattr(event, name) if name in names else None
        case.need(
            now == said,
            tr("{field} is {value}").format(
                field=incident.field_word(name), value=correcting.as_text(now) or tr("unknown")
            ),
        )
        seen[name] = correcting.as_text(now)
        if was is None:
            unknown.append(name)
        else:
            given[name] = was
    marks = None
    if event.labels is not None:
        here, was_here = case.room.incident.labels, case.before.incident.labels
        for name, value in event.labels.items():
            case.need(
                here.get(name, "") == value,
                tr("the label {name} is {here}").format(name=name, here=here.get(name) or tr("not there")),
            )
        marks = {name: was_here.get(name, "") for name in event.labels}
    return incident.Amend(reason=case.reason, labels=marks, unknown=tuple(unknown), seen=seen, **given)


# The ladder ----------------------------------------------------------------------------------------------------------


def _acknowledged(case: Case, event: ladder_events.Acknowledged) -> Command:
    state = case.room.escalation
    has = tr("{acked_by} has it").format(acked_by=state.acked_by) if state.acked_by else tr("nobody has it any more")
    case.need(state.acked_by == event.by and state.acked_at == case.entry.at, has)
    if event.taken_from:
        raise Refused(
            tr("it was taken over from {taken_from}: they take it over again, or acknowledge it").format(
                taken_from=event.taken_from
            )
        )
    return escalation.Unacknowledge(case.reason, event.by)


def _unacknowledged(case: Case, event: ladder_events.Unacknowledged) -> Command:
    state = case.room.escalation
    if event.before != case.entry.actor:
        raise Refused(tr("it was the acknowledgement of {before}: they acknowledge again").format(before=event.before))
    case.need(
        not state.acked_by and state.level == event.level,
        tr("{acked_by} has it").format(acked_by=state.acked_by or tr("level {level}").format(level=state.level)),
    )
    return escalation.Acknowledge(event.level)


def _snoozed(case: Case, event: ladder_events.Snoozed) -> Command:
    now, was = case.room.escalation.snooze, case.before.escalation.snooze
    case.need(
        now is not None and now.until == event.until, tr("the snooze is another one") if now else tr("it was woken")
    )
    if was is not None:
        return escalation.SnoozeEscalation(was.until, was.reason)
    return escalation.Wake()


def _woken(case: Case, event: ladder_events.SnoozeEnded) -> Command:
    was = case.before.escalation.snooze
    case.need(case.room.escalation.snooze is None, tr("it was snoozed again"))
    if was is None or was.until <= case.entry.at:
        raise Refused(tr("the snooze had come to its end by itself: snooze it again"))
    return escalation.SnoozeEscalation(was.until, was.reason)


def _called_off(case: Case, event: ladder_events.EscalationCalledOff) -> Command:
    phase = case.room.escalation.phase
    case.need(phase is escalation.Phase.CALLED_OFF, tr("the escalation is {phase}").format(phase=tr(phase.value)))
    return escalation.Resume(case.reason)


def _resumed(case: Case, event: ladder_events.EscalationResumed) -> Command:
    state = case.room.escalation
    running = state.phase in (escalation.Phase.WAITING, escalation.Phase.RUNNING) and not state.acked_by
    case.need(
        running,
        tr("{acked_by} has it").format(acked_by=state.acked_by)
        if state.acked_by
        else tr("the escalation is {phase}").format(phase=tr(state.phase.value)),
    )
    return escalation.CallOff(case.reason)


# Roles ---------------------------------------------------------------------------------------------------------------


def _assigned(case: Case, event: roles.RoleAssigned) -> Command:
    state = case.room.roles.get(event.role)
    case.need(
        state.holder == event.person,
        tr("{role} is held by {holder}").format(role=event.role, holder=state.holder or tr("nobody")),
    )
    if event.before:
        return roles.AssignRole(event.role, event.before, case.reason, event.person)
    if state.also:
        raise Refused(
            tr("{also} holds {role} too by now: change it in the roles").format(
                also=", ".join(state.also), role=event.role
            )
        )
    return roles.LeaveRole(event.role, case.reason, event.person)


def _vacated(case: Case, event: roles.RoleVacated) -> Command:
    holder = case.room.roles.get(event.role).holder
    case.need(not holder, tr("{role} is held by {holder}").format(role=event.role, holder=holder))
    return roles.AssignRole(event.role, event.before, case.reason, "")


def _joined(case: Case, event: roles.RoleJoined) -> Command:
    state = case.room.roles.get(event.role)
    case.need(
        event.person in (*state.also, *state.deputies),
        tr("{person} has left {role} or leads it").format(person=event.person, role=event.role),
    )
    return roles.LeaveRole(event.role, case.reason, event.person)


def _left(case: Case, event: roles.RoleLeft) -> Command:
    deputy = event.person in case.before.roles.get(event.role).deputies
    case.need(
        event.person not in case.room.roles.get(event.role).people,
        tr("{person} is in {role} again").format(person=event.person, role=event.role),
    )
    return roles.JoinRole(event.role, event.person, deputy)


def _offered(case: Case, event: roles.RoleOffered) -> Command:
    offer = case.room.roles.get(event.role).offer
    case.need(
        offer is not None and offer.at == case.entry.at,
        tr("the offer of {role} to {to} has ended").format(role=event.role, to=event.to),
    )
    return roles.EndOffer(event.role)


def _offer_ended(case: Case, event: roles.RoleOfferEnded) -> Command:
    if event.how != "withdrawn":
        raise Refused(
            tr("the offer was {how}: whoever leads {role} offers it again").format(how=tr(event.how), role=event.role)
        )
    was, state = case.before.roles.get(event.role).offer, case.room.roles.get(event.role)
    case.need(
        state.offer is None and state.holder != event.to,
        tr("{role} was offered or given to somebody").format(role=event.role),
    )
    return roles.OfferRole(event.role, event.to, was.note if was is not None else "", state.holder)


def _added(case: Case, event: roles.RoleAdded) -> Command:
    holder = case.room.roles.get(event.role).holder
    case.need(not holder, tr("{role} is held by {holder}").format(role=event.role, holder=holder))
    return roles.DropRole(event.role)


def _dropped(case: Case, event: roles.RoleDropped) -> Command:
    case.need(not case.room.roles.get(event.role).added, tr("{role} was asked for again").format(role=event.role))
    return roles.AddRole(event.role)


def _planned(case: Case, event: roles.HandoverPlanned) -> Command:
    now, was = case.room.roles.get(event.role).planned, case.before.roles.get(event.role).planned
    case.need(
        (now.at if now else None) == event.at, tr("the handover of {role} is planned anew").format(role=event.role)
    )
    return roles.PlanHandover(event.role, was.at if was else None, was.to if was else "")


def _ticked(case: Case, event: roles.DutyTicked) -> Command:
    duties = case.book.role(base_of(event.role)).duties
    done = case.room.roles.get(event.role).ticked(event.duty) is not None
    case.need(
        event.duty in duties and done is event.done,
        tr("“{duty}” stands otherwise").format(duty=clean_line(event.duty, 60)),
    )
    return roles.TickDuty(event.role, duties.index(event.duty) + 1, not event.done, event.duty)


def _entered(case: Case, event: people.PersonJoined) -> Command:
    case.need(case.room.people.get(event.person).here, tr("{person} has left").format(person=event.person))
    return people.LeaveRoom(event.person, case.reason)


def _gone(case: Case, event: people.PersonLeft) -> Command:
    case.need(not case.room.people.get(event.person).here, tr("{person} has come back").format(person=event.person))
    return people.JoinRoom(event.person)


def _awake(case: Case, event: people.AwakeSaid) -> Command:
    was, now = case.before.people.get(event.person).awake_since, case.room.people.get(event.person).awake_since
    case.need(now == event.since, tr("{person} said something else").format(person=event.person))
    if was is None:
        raise Refused(
            tr("since when {person} has been awake was not known before: say it anew").format(person=event.person)
        )
    return people.SayAwake(was, event.person)


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
    incident.SeverityChanged: _severity,
    incident.StatusChanged: _status,
    incident.CasesCounted: _cases,
    incident.Amended: _amended,
    ladder_events.Acknowledged: _acknowledged,
    ladder_events.Unacknowledged: _unacknowledged,
    ladder_events.Snoozed: _snoozed,
    ladder_events.SnoozeEnded: _woken,
    ladder_events.EscalationCalledOff: _called_off,
    ladder_events.EscalationResumed: _resumed,
    roles.RoleAssigned: _assigned,
    roles.RoleVacated: _vacated,
    roles.RoleJoined: _joined,
    roles.RoleLeft: _left,
    roles.RoleOffered: _offered,
    roles.RoleOfferEnded: _offer_ended,
    roles.RoleAdded: _added,
    roles.RoleDropped: _dropped,
    roles.HandoverPlanned: _planned,
    roles.DutyTicked: _ticked,
    people.PersonJoined: _entered,
    people.PersonLeft: _gone,
    people.AwakeSaid: _awake,
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
