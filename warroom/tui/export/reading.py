"""A view read from the room anew, for whoever has no screen that shows it, or needs it in the words of the source."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from warroom.tui.export import views
from warroom.tui.export.sheet import Export
from warroom.valueclass import dataclass
from warroom.views import CatchUpView, IncidentDetail, OnCallView, PastMark, PeopleView, PunctualityView, RecordLine

if TYPE_CHECKING:
    from warroom.service.session import Session

A_WEEK = timedelta(days=7)
AS_ASKED = "as asked"
"""Why a catch-up begins where it does, when somebody named a moment."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which view is wanted: its name, the incident ("" for the whole room), and when.

    `past`: the incident as it was then. `entries`: only these of its record. `shown` is what a screen shows, where that
    says from when until when, by what, or since when it looks.
    """

    what: str
    key: str
    now: datetime
    past: PastMark | None = None
    entries: frozenset[int] | None = None
    shown: OnCallView | PunctualityView | CatchUpView | None = None


def read(session: Session, wanted: Wanted) -> Export:
    """The view as the room has it, worded in the language in force. Raises `NoSuchIncident` and `DatabaseError`."""
    now, shown = wanted.now, wanted.shown
    match wanted.what:
        case "board":
            return views.board(session.board(), now)
        case "oncall":
            from warroom.service.duty_view import look

            start, end = (shown.start, shown.end) if isinstance(shown, OnCallView) else (now, now + A_WEEK)
            return views.oncall(look(session, start, end, None), now)
        case "punctuality":
            from warroom.service.punctuality import punctuality

            if isinstance(shown, PunctualityView):
                days = round((shown.now - shown.since) / timedelta(days=1))
                return views.punctuality(punctuality(session, days=days, by=shown.by, watched=shown.watched))
            return views.punctuality(punctuality(session))
        case "catchup":
            since = shown.since if isinstance(shown, CatchUpView) and shown.since_why == AS_ASKED else None
            if wanted.past is None:
                return views.catchup(session.catch_up(wanted.key, since))
            past = session.past(wanted.key)
            return views.catchup(past.catch_up(wanted.past.version, wanted.past.moment, since, who=session.actor))
        case "ahead":
            if wanted.past is None:
                return views.ahead(session.forecast(wanted.key), now)
            past = session.past(wanted.key)
            return views.ahead(past.forecast(wanted.past.version, wanted.past.moment), now)
    return _of_incident(session, wanted)


def _of_incident(session: Session, wanted: Wanted) -> Export:
    detail, record = _detail(session, wanted)
    now = wanted.now
    if wanted.entries is not None:
        record = [line for line in record if line.version in wanted.entries]
    match wanted.what:
        case "timeline":
            return views.timeline(detail, now)
        case "clocks":
            return views.clocks(detail.line, detail.clocks, now)
        case "work":
            return views.work(detail.line, detail.work, now)
        case "people":
            return views.people(detail.line, detail.people or PeopleView(), now)
        case "record":
            return views.record(detail.line, record, now)
    return views.room(detail, now, record)


def _detail(session: Session, wanted: Wanted) -> tuple[IncidentDetail, list[RecordLine]]:
    """The incident, and its record where the view has it."""
    whole = wanted.what in ("room", "record")
    if wanted.past is None:
        detail = session.detail(wanted.key, record=0)
        return detail, [line for line, _, _ in session.log(wanted.key)] if whole else []
    past = session.past(wanted.key)
    detail = past.at(wanted.past.version, wanted.past.moment, record=0)
    return detail, [line for line, _, _ in past.log(wanted.past.version)] if whole else []


def in_plain_words(found: Export, plain: Export) -> Export:
    """An export whose values are those of `plain`, the same view in the words of the source: for programs."""
    return replace(found, sheets=plain.sheets, data=plain.data)
