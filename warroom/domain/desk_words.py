"""What happened on the desk (R7), in the words of its record."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Event
from warroom.domain.desk import (
    AbsenceAdded,
    AbsenceEnded,
    OverrideAdded,
    OverrideEnded,
    RulesPublished,
    SwapEnded,
    SwapRequested,
)
from warroom.domain.kept_words import kept
from warroom.domain.status_words import DAY_DATE_CLOCK, moment
from warroom.words import tr


def describe_desk(event: Event) -> str:
    """An event of the desk in the words of the record; "" for other topics."""
    match event:
        case OverrideAdded(override):
            instead = (
                tr(" instead of {instead_of}").format(instead_of=override.instead_of) if override.instead_of else ""
            )
            why = f": {kept(override.reason)}" if override.reason else ""
            return f"{override.schedule}: {override.person}{instead}, {_when(override.start, override.end)}{why}"
        case OverrideEnded():
            return tr("override {id} ended").format(id=event.id) + (f": {event.reason}" if event.reason else "")
        case AbsenceAdded(absence):
            why = f": {absence.reason}" if absence.reason else ""
            return tr("{person} is absent, {when}{why}").format(
                person=absence.person, when=_when(absence.start, absence.end), why=why
            )
        case AbsenceEnded():
            over = tr("absence {id} is over") if event.begun else tr("absence {id} was taken back")
            return over.format(id=event.id)
        case SwapRequested(swap):
            asked = swap.to or tr("anybody")
            note = f": {swap.note}" if swap.note else ""
            return tr("{person} asks {asked} to take {schedule}, {when}{note}").format(
                person=swap.person, asked=asked, schedule=swap.schedule, when=_when(swap.start, swap.end), note=note
            )
        case SwapEnded():
            return tr("swap {id} was {how}").format(id=event.id, how=tr(event.how))
        case RulesPublished():
            return tr("revision {revision} of the rules is in force").format(revision=event.revision) + (
                tr(", {before} before").format(before=event.before) if event.before else ""
            )
        case _:
            return ""


def _when(start: datetime, end: datetime) -> str:
    begins, ends = moment(start, DAY_DATE_CLOCK), moment(end, DAY_DATE_CLOCK)
    return tr("{begins} to {ends} UTC").format(begins=begins, ends=ends)
