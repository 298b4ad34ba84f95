"""What a screen of incidents knows, gathered for `why`; for the screens, which know their views."""

from __future__ import annotations

from datetime import datetime

from warroom.tui.actions.why import Situation
from warroom.views import BoardView, IncidentDetail, IncidentLine


def intent_of(does: str) -> str:
    """The intent that a place of the table sends ("intent('ack')": "ack"); "" where it sends none."""
    return does[len("intent('") : -len("')")] if does.startswith("intent('") else ""


def of_detail(detail: IncidentDetail, me: str, now: datetime, *, readonly: bool) -> Situation:
    """The situation of somebody who looks at one incident, and knows of no other."""
    return Situation(me, readonly, detail.line, detail, 1, 1, 1, _acts(detail, me, now))


def _acts(detail: IncidentDetail | None, me: str, now: datetime) -> bool:
    """Whether there is anything to do about its escalation; while that is being read it is not known."""
    from warroom.tui.widgets.form_acts import acts_on

    return detail is None or bool(acts_on(detail.ladder, me, now))


def situation(view: BoardView, line: IncidentLine | None, detail: IncidentDetail | None, now: datetime) -> Situation:
    """The situation of somebody who looks at the incident of `line` in this view."""
    other = any(each for each in view.lines if not each.watched and (line is None or each.key != line.key))
    return Situation(
        me=view.actor,
        readonly=view.readonly,
        line=line,
        detail=detail,
        live=len(view.lines),
        others=int(other),
        people=len(view.catalogue.people),
        acts=_acts(detail, view.actor, now),
    )
