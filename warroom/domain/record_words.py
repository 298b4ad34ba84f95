"""The record's own events in words (R11), as they are read at three in the morning: what it is first, then the rest."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Event
from warroom.domain.escalation import describe_pages
from warroom.domain.kept_words import kept
from warroom.domain.record_events import (
    ChangeMade,
    ChangeUndone,
    Decided,
    DecisionAsked,
    EvidenceAdded,
    ExperimentAdded,
    Noted,
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
    Written,
)
from warroom.domain.status_words import DAY_CLOCK, moment
from warroom.words import tr

ABOUT = 60
"""How much of what an entry is about is repeated in it, in characters."""
SHORT_KINDS = {
    "theory_added": "theory",
    "experiment_added": "experiment",
    "result_added": "result",
    "task_added": "task",
    "task_assigned": "task",
    "task_planned": "task",
    "task_ended": "done",
    "decision_asked": "decide?",
    "decided": "decision",
    "change_made": "change",
    "change_undone": "undone",
    "evidence_added": "evidence",
    "reminded": "reminder",
}


def short_kind(event: Event) -> str:
    """An event's kind in one word for a list; "" for other topics."""
    match event:
        case Noted():
            return event.note_kind.value
        case TheorySettled():
            return "theory" if event.to is TheoryState.OPEN else event.to.value
        case ResultAdded(verdict=Verdict.CONFIRMS):
            return "confirmed"
        case ResultAdded(verdict=Verdict.REFUTES):
            return "refuted"
        case TaskEnded(dropped=True):
            return "dropped"
        case _:
            return SHORT_KINDS.get(event.kind, "")


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    said = _said(event)
    unknown: tuple[str, ...] = getattr(event, "unknown", ()) if isinstance(event, Written) else ()
    if said and unknown:
        return tr("{said} ({what}: nobody here, not told)").format(
            said=said, what=", ".join(f"@{name}" for name in unknown)
        )
    return said


def _said(event: Event) -> str:
    match event:
        case ExperimentAdded():
            return tr("{text} (tests #{theory} {about})").format(
                text=event.text, theory=event.theory, about=_about(event.about)
            )
        case ResultAdded():
            so = {Verdict.CONFIRMS: tr("confirms"), Verdict.REFUTES: tr("refutes")}.get(
                event.verdict, tr("leaves open")
            )
            return f"{event.text} ({so} #{event.theory} {_about(event.about)})"
        case TheorySettled():
            again = tr("open again: ") if event.to is TheoryState.OPEN else ""
            return f"{again}#{event.theory} {_about(event.about)}" + _because(event.reason)
        case TaskAdded():
            return event.text + _in_brackets(_for(event.owner), _by(event.due), event.stream and f"#{event.stream}")
        case TaskAssigned():
            again = tr("open again, ") if event.again else ""
            to = event.owner or tr("nobody")
            was = (
                tr(" (was {before}'s)").format(before=event.before)
                if event.before and event.before != event.owner
                else ""
            )
            return f"#{event.task} {_about(event.about)}: {again}{to}{was}"
        case TaskPlanned():
            when = _by(event.due) or tr("without a time")
            return f"#{event.task} {_about(event.about)}: {when}"
        case TaskEnded():
            return f"#{event.task} {_about(event.about)}" + _because(event.note)
        case DecisionAsked():
            whom = _for(event.whom or tr("incident manager"))
            return event.text + _in_brackets(whom, _by(event.due))
        case Decided():
            if event.dropped:
                return tr("not needed any more: {about}").format(about=_about(event.about)) + _because(event.text)
            return tr("{text} (asked: {about})").format(text=event.text, about=_about(event.about))
        case ChangeMade():
            why = tr("; why: {why}").format(why=event.why) if event.why else ""
            return event.text + why + (tr("; to undo: {undo}").format(undo=event.undo) if event.undo else "")
        case ChangeUndone():
            return f"#{event.change} {_about(event.about)}" + _because(event.note)
        case EvidenceAdded():
            theory = tr(" (on theory #{theory})").format(theory=event.theory) if event.theory else ""
            return event.where + (f" {event.text}" if event.text else "") + theory
        case Reminded():
            who = event.owner or (tr("nobody's") if event.what == Reminded.TASK else tr("incident manager"))
            told = (
                tr("told {pages}").format(pages=describe_pages(event.pages))
                if event.pages
                else tr("NOBODY told: {nobody}").format(nobody=kept(event.nobody))
            )
            return tr("{what} #{item} {about} ({who}) was due {since:%H:%M} UTC; {told}").format(
                what=tr(event.what), item=event.item, about=_about(event.about), who=who, since=event.since, told=told
            )
        case Noted() | TheoryAdded():
            return event.text
        case _:
            return ""


def _about(text: str) -> str:
    return f"“{text if len(text) <= ABOUT else text[: ABOUT - 1].rstrip() + '…'}”"


def _because(reason: str) -> str:
    return f": {kept(reason)}" if reason else ""


def _for(who: str) -> str:
    return tr("for {who}").format(who=who) if who else ""


def _by(due: datetime | None) -> str:
    return tr("by {due} UTC").format(due=moment(due, DAY_CLOCK)) if due else ""


def _in_brackets(*parts: str) -> str:
    said = ", ".join(part for part in parts if part)
    return f" ({said})" if said else ""
