"""What a screen, a table or a JSON line shows: frozen values made by the service, drawn by whoever looks.

Nothing here knows a database or a terminal. Every moment is an aware UTC datetime; a countdown is drawn as a function
of (moment - now), so a view stays right for as long as nothing happened and need not be made again every second.
Texts from outside have been cleaned before they come here and are cleaned again where they are drawn.

One module a topic; every name can be imported from here.
"""

from __future__ import annotations

from warroom.views.ahead import (
    ForecastLine,
    ForecastView,
    PageLine,
    PassedLine,
)
from warroom.views.board import (
    BoardView,
    Call,
    Catalogue,
    EngineLine,
    IncidentDetail,
)
from warroom.views.incidents import (
    IncidentLine,
    NextPage,
    PageState,
    RoleLine,
    SeverityFace,
    UpdateDue,
)
from warroom.views.ladder import (
    Fate,
    LadderView,
    LevelLine,
    LevelState,
    Question,
)
from warroom.views.oncall import (
    DeskKind,
    DeskLine,
    DutySpan,
    OnCallView,
    PersonLine,
    ScheduleLine,
)
from warroom.views.record import (
    Message,
    RecordLine,
)
from warroom.views.rulebook import (
    CadenceLine,
    FindingLine,
    FindingWeight,
    PolicyLine,
    RevisionLine,
    RulebookView,
    RuleLine,
    RungLine,
    SeverityLine,
    TargetLine,
)
from warroom.views.timeline import (
    Dot,
    Lane,
    Mark,
    Span,
    TimelineView,
)
from warroom.views.why import (
    DeliveryLine,
    WhyLine,
    WhyState,
    WhyView,
)

__all__ = [
    "BoardView",
    "CadenceLine",
    "Call",
    "Catalogue",
    "DeliveryLine",
    "DeskKind",
    "DeskLine",
    "Dot",
    "DutySpan",
    "EngineLine",
    "Fate",
    "FindingLine",
    "FindingWeight",
    "ForecastLine",
    "ForecastView",
    "IncidentDetail",
    "IncidentLine",
    "LadderView",
    "Lane",
    "LevelLine",
    "LevelState",
    "Mark",
    "Message",
    "NextPage",
    "OnCallView",
    "PageLine",
    "PageState",
    "PassedLine",
    "PersonLine",
    "PolicyLine",
    "Question",
    "RecordLine",
    "RevisionLine",
    "RoleLine",
    "RuleLine",
    "RulebookView",
    "RungLine",
    "ScheduleLine",
    "SeverityFace",
    "SeverityLine",
    "Span",
    "TargetLine",
    "TimelineView",
    "UpdateDue",
    "WhyLine",
    "WhyState",
    "WhyView",
]
