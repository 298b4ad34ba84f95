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
from warroom.views.catchup import CatchUpView, Fact
from warroom.views.clocks import (
    ClockLine,
    ClockState,
    PunctualityRow,
    PunctualityView,
)
from warroom.views.composer import (
    ChannelLine,
    CommentLine,
    ComposerView,
    DraftLine,
    ProposalLine,
    SaidLine,
)
from warroom.views.incident import (
    AssessmentView,
    FactLine,
    FactsView,
    LinkLine,
    TimeLine,
)
from warroom.views.incidents import (
    DutyLine,
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
    PagedLine,
    PersonLine,
    ScheduleLine,
)
from warroom.views.people import (
    CardView,
    PeopleView,
    PersonHere,
    SpanLine,
    SuccessionLine,
    SuccessorLine,
)
from warroom.views.record import (
    Message,
    RecordLine,
)
from warroom.views.room import (
    PastAxis,
    PastMark,
    RecordPage,
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
    MarkKind,
    Planned,
    Skip,
    Span,
    Stretch,
    Timed,
    TimelineView,
)
from warroom.views.why import (
    DeliveryLine,
    WhyLine,
    WhyState,
    WhyView,
)
from warroom.views.work import (
    ChangeLine,
    EvidenceLine,
    ExperimentLine,
    PendingLine,
    TaskLine,
    TheoryLine,
    WorkView,
)

__all__ = [
    "AssessmentView",
    "BoardView",
    "CadenceLine",
    "Call",
    "CardView",
    "Catalogue",
    "CatchUpView",
    "ChangeLine",
    "ChannelLine",
    "ClockLine",
    "ClockState",
    "CommentLine",
    "ComposerView",
    "DeliveryLine",
    "DeskKind",
    "DeskLine",
    "Dot",
    "DraftLine",
    "DutyLine",
    "DutySpan",
    "EngineLine",
    "EvidenceLine",
    "ExperimentLine",
    "Fact",
    "FactLine",
    "FactsView",
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
    "LinkLine",
    "Mark",
    "MarkKind",
    "Message",
    "NextPage",
    "OnCallView",
    "PageLine",
    "PageState",
    "PagedLine",
    "PassedLine",
    "PastAxis",
    "PastMark",
    "PendingLine",
    "PeopleView",
    "PersonHere",
    "PersonLine",
    "Planned",
    "PolicyLine",
    "ProposalLine",
    "PunctualityRow",
    "PunctualityView",
    "Question",
    "RecordLine",
    "RecordPage",
    "RevisionLine",
    "RoleLine",
    "RuleLine",
    "RulebookView",
    "RungLine",
    "SaidLine",
    "ScheduleLine",
    "SeverityFace",
    "SeverityLine",
    "Skip",
    "Span",
    "SpanLine",
    "Stretch",
    "SuccessionLine",
    "SuccessorLine",
    "TargetLine",
    "TaskLine",
    "TheoryLine",
    "TimeLine",
    "Timed",
    "TimelineView",
    "UpdateDue",
    "WhyLine",
    "WhyState",
    "WhyView",
    "WorkView",
]
