"""What makes up for what was said of an incident, and for what was done on its ladder (R11)."""

from __future__ import annotations

from typing import Any

from warroom.domain import (
    correcting,
    escalation,
    incident,
    ladder_events,
)
from warroom.domain.core import Command, Refused
from warroom.domain.incident import OVER, Status
from warroom.domain.status_words import status_word
from warroom.domain.undo_case import Case
from warroom.words import tr

# The incident --------------------------------------------------------------------------------------------------------


def severity(case: Case, event: incident.SeverityChanged) -> Command:
    if event.rule:
        raise Refused(tr("a rule ({rule}) set that severity: set another one by hand").format(rule=event.rule))
    now = case.room.incident.severity
    case.need(now == event.to, tr("the severity is {now}").format(now=now))
    return incident.SetSeverity(event.before, case.reason, event.to)


def status(case: Case, event: incident.StatusChanged) -> Command:
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


def cases(case: Case, event: incident.CasesCounted) -> Command:
    now = case.room.incident.facts.cases
    case.need(now == event.cases, tr("there are {now} support cases").format(now=now))
    if event.before is None:
        return incident.Amend(unknown=("cases",), reason=case.reason, seen={"cases": str(event.cases)})
    return incident.CountCases(total=event.before)


def amended(case: Case, event: incident.Amended) -> Command:
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


def acknowledged(case: Case, event: ladder_events.Acknowledged) -> Command:
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


def unacknowledged(case: Case, event: ladder_events.Unacknowledged) -> Command:
    state = case.room.escalation
    if event.before != case.entry.actor:
        raise Refused(tr("it was the acknowledgement of {before}: they acknowledge again").format(before=event.before))
    case.need(
        not state.acked_by and state.level == event.level,
        tr("{acked_by} has it").format(acked_by=state.acked_by or tr("level {level}").format(level=state.level)),
    )
    return escalation.Acknowledge(event.level)


def snoozed(case: Case, event: ladder_events.Snoozed) -> Command:
    now, was = case.room.escalation.snooze, case.before.escalation.snooze
    case.need(
        now is not None and now.until == event.until, tr("the snooze is another one") if now else tr("it was woken")
    )
    if was is not None:
        return escalation.SnoozeEscalation(was.until, was.reason)
    return escalation.Wake()


def woken(case: Case, event: ladder_events.SnoozeEnded) -> Command:
    was = case.before.escalation.snooze
    case.need(case.room.escalation.snooze is None, tr("it was snoozed again"))
    if was is None or was.until <= case.entry.at:
        raise Refused(tr("the snooze had come to its end by itself: snooze it again"))
    return escalation.SnoozeEscalation(was.until, was.reason)


def called_off(case: Case, event: ladder_events.EscalationCalledOff) -> Command:
    phase = case.room.escalation.phase
    case.need(phase is escalation.Phase.CALLED_OFF, tr("the escalation is {phase}").format(phase=tr(phase.value)))
    return escalation.Resume(case.reason)


def resumed(case: Case, event: ladder_events.EscalationResumed) -> Command:
    state = case.room.escalation
    running = state.phase in (escalation.Phase.WAITING, escalation.Phase.RUNNING) and not state.acked_by
    case.need(
        running,
        tr("{acked_by} has it").format(acked_by=state.acked_by)
        if state.acked_by
        else tr("the escalation is {phase}").format(phase=tr(state.phase.value)),
    )
    return escalation.CallOff(case.reason)
