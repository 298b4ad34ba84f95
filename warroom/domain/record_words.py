"""The record's own events in words (R11), as they are read at three in the morning: what it is first, then the rest."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Event
from warroom.domain.escalation import describe_pages
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
        return f"{said} ({', '.join(f'@{name}' for name in unknown)}: nobody here, not told)"
    return said


def _said(event: Event) -> str:
    match event:
        case ExperimentAdded():
            return f"{event.text} (tests #{event.theory} {_about(event.about)})"
        case ResultAdded():
            so = {Verdict.CONFIRMS: "confirms", Verdict.REFUTES: "refutes"}.get(event.verdict, "leaves open")
            return f"{event.text} ({so} #{event.theory} {_about(event.about)})"
        case TheorySettled():
            again = "open again: " if event.to is TheoryState.OPEN else ""
            return f"{again}#{event.theory} {_about(event.about)}" + _because(event.reason)
        case TaskAdded():
            return event.text + _in_brackets(_for(event.owner), _by(event.due), event.stream and f"#{event.stream}")
        case TaskAssigned():
            again = "open again, " if event.again else ""
            to = event.owner or "nobody"
            was = f" (was {event.before}'s)" if event.before and event.before != event.owner else ""
            return f"#{event.task} {_about(event.about)}: {again}{to}{was}"
        case TaskPlanned():
            when = _by(event.due) or "without a time"
            return f"#{event.task} {_about(event.about)}: {when}"
        case TaskEnded():
            return f"#{event.task} {_about(event.about)}" + _because(event.note)
        case DecisionAsked():
            whom = _for(event.whom or "incident manager")
            return event.text + _in_brackets(whom, _by(event.due))
        case Decided():
            if event.dropped:
                return f"not needed any more: {_about(event.about)}" + _because(event.text)
            return f"{event.text} (asked: {_about(event.about)})"
        case ChangeMade():
            why = f"; why: {event.why}" if event.why else ""
            return event.text + why + (f"; to undo: {event.undo}" if event.undo else "")
        case ChangeUndone():
            return f"#{event.change} {_about(event.about)}" + _because(event.note)
        case EvidenceAdded():
            theory = f" (on theory #{event.theory})" if event.theory else ""
            return event.where + (f" {event.text}" if event.text else "") + theory
        case Reminded():
            who = event.owner or ("nobody's" if event.what == Reminded.TASK else "incident manager")
            told = f"told {describe_pages(event.pages)}" if event.pages else f"NOBODY told: {event.nobody}"
            return f"{event.what} #{event.item} {_about(event.about)} ({who}) was due {event.since:%H:%M} UTC; {told}"
        case Noted() | TheoryAdded():
            return event.text
        case _:
            return ""


def _about(text: str) -> str:
    return f"“{text if len(text) <= ABOUT else text[: ABOUT - 1].rstrip() + '…'}”"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _for(who: str) -> str:
    return f"for {who}" if who else ""


def _by(due: datetime | None) -> str:
    return f"by {due:%a %H:%M} UTC" if due else ""


def _in_brackets(*parts: str) -> str:
    said = ", ".join(part for part in parts if part)
    return f" ({said})" if said else ""
