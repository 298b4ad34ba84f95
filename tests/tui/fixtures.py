"""Invented rooms for the screens: small and large, calm and burning, with titles in many writings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from warroom.views import (
    BoardView,
    Dot,
    EngineLine,
    IncidentDetail,
    IncidentLine,
    LadderView,
    Lane,
    LevelLine,
    LevelState,
    Mark,
    Message,
    NextPage,
    PageState,
    RecordLine,
    RoleLine,
    SeverityFace,
    Span,
    TimelineView,
    UpdateDue,
)

NOW = datetime(2026, 3, 10, 14, 32, 7, tzinfo=UTC)  # a Tuesday

SEV1 = SeverityFace("SEV1", "◆", 1, True)
SEV2 = SeverityFace("SEV2", "▲", 2, True)
SEV3 = SeverityFace("SEV3", "●", 3, False)
SEV4 = SeverityFace("SEV4", "▪", 4, False)
SEV5 = SeverityFace("SEV5", "·", 5, False)


PEOPLE = ("ana", "eva", "jonas", "li", "maria", "mina", "noa", "sven", "tom", "åsa", "지민")
SERVICES = ("payments-api", "payments-web", "git", "search", "export")
STATUSES = ("new", "triaging", "investigating", "mitigating", "resolved")
QUESTIONS = (
    "What do customers see, and how many of them?",
    "Since when, and how many support cases?",
    "Is security, data loss or social media involved?",
    "Did it begin with a change or a deploy?",
)


def ago(minutes: float = 0, seconds: float = 0) -> datetime:
    """That long before NOW."""
    return NOW - timedelta(minutes=minutes, seconds=seconds)


def update_due(channel: str, at: datetime, cadence: timedelta | None) -> UpdateDue:
    """An update due at `at`, near in the last fifth of its cadence."""
    return UpdateDue(channel, at, None if cadence is None else at - cadence / 5)


def ahead(minutes: float = 0, seconds: float = 0) -> datetime:
    """That long after NOW."""
    return NOW + timedelta(minutes=minutes, seconds=seconds)


def cards_line() -> IncidentLine:
    """The incident that burns: the next level in 02:14, the public overdue by 04:12."""
    return IncidentLine(
        "INC-142", "EU card payments failing", SEV1, "mitigating", "mina", None,
        NextPage(PageState.DUE, "L3", ahead(2, 14), ago(27, 46), "resolve timeout"),
        update_due("public", ago(4, 12), timedelta(minutes=30)),
        version=17,
    )  # fmt: skip


def git_line() -> IncidentLine:
    """Acknowledged, the next update in eleven minutes."""
    return IncidentLine(
        "INC-141", "Git push slow for some", SEV2, "investigating", "jonas", None,
        NextPage(PageState.ACKED, "L1"), update_due("intern", ahead(11, 20), timedelta(minutes=30)),
        version=9,
    )  # fmt: skip


def export_line() -> IncidentLine:
    """Waits for paging hours; its lead is still to be found."""
    return IncidentLine(
        "INC-139", "Export delayed", SEV3, "triaging", "", ahead(3, 5),
        NextPage(PageState.WAITING, "L1", datetime(2026, 3, 16, 9, 0, tzinfo=UTC)), UpdateDue(), version=3,
    )  # fmt: skip


def many_lines() -> tuple[IncidentLine, ...]:
    """Every state of every cell, and titles that break careless screens."""
    due = PageState.DUE
    half = timedelta(minutes=30)
    return (
        cards_line(),
        git_line(),
        export_line(),
        IncidentLine(
            "INC-138", "결제 승인 지연 — 서울 리전에서 카드 결제가 실패합니다", SEV1, "investigating", "지민", None,
            NextPage(PageState.EXHAUSTED), update_due("public", ahead(1, 40), half),
            alarm="escalation exhausted",
        ),
        IncidentLine(
            "INC-137", "Räksmörgåsar försvinner ur varukorgen på ön Åland", SEV2, "mitigating", "åsa", None,
            NextPage(PageState.SNOOZED, "L2", ahead(25)), update_due("intern", ahead(4, 59), half),
        ),
        IncidentLine(
            "INC-136", "🔥 Checkout 500s 👩‍💻 since deploy [b]8812[/b]", SEV2, "new", "", ago(2),
            NextPage(due, "L1", ago(0, 40), ago(5, 40)), update_due("#incident-critical", ago(62), half),
        ),
        IncidentLine(
            "INC-135", "שגיאות כניסה באפליקציה abc مرحبا بالعالم", SEV3, "investigating", "noa", None,
            NextPage(due, "L2", ahead(47)), update_due("intern", ahead(26), half),
        ),
        IncidentLine(
            "INC-134", "Search index two hours stale", SEV3, "mitigating", "carol", None,
            NextPage(PageState.ACKED, "L1", ahead(22)), update_due("support", ahead(190), None),
        ),
        IncidentLine(
            "INC-99", "Certificate of api.example.org expires in three days", SEV4, "triaging", "dan", None,
            NextPage(PageState.WAITING, "L1", datetime(2026, 3, 11, 9, 0, tzinfo=UTC)), UpdateDue(),
        ),
        IncidentLine(
            "INC-98", "Provider: elevated latency in ap-south", SEV4, "investigating", "", None,
            NextPage(PageState.NONE), UpdateDue(), watched=True,
        ),
    )  # fmt: skip


LEVELS = (
    LevelLine(
        1, "primary on-call", LevelState.DONE, ("jonas",), ("sms", "chat"), ago(40), 1, 2, "mina", ago(39)
    ),
    LevelLine(
        2, "backup + senior", LevelState.CURRENT, ("li", "sven"), ("sms", "chat", "mail"), ago(26), 0, 2, "li", ago(23)
    ),
    LevelLine(3, "managers", LevelState.NEXT, ("maria", "tom"), ("phone", "sms"), due=ahead(2, 14)),
    LevelLine(4, "leadership", LevelState.LATER, ("cto",), ("phone",), due=ahead(32, 14)),
)  # fmt: skip


def cards_detail() -> IncidentDetail:
    """All of the burning incident."""
    half = timedelta(minutes=30)
    start = ago(41)
    public = Lane("public", "external", start, (Dot(ago(34, 12), "mina", "We are looking into it"),), ago(4, 12), half)
    intern = Lane(
        "intern", "internal", start,
        tuple(Dot(ago(m), "jonas", "update") for m in (36, 30, 21, 20.6, 7)), ahead(3, 10), timedelta(minutes=20),
        promised=True,
    )  # fmt: skip
    support = Lane("support", "internal", ago(38), (Dot(ago(31), "eva", "told the desk"),), None, None)
    chat = Lane(
        "chat",
        "internal",
        ago(38),
        tuple(Dot(ago(m), "li", "") for m in (37, 35, 15, 12)),
        ahead(3),
        timedelta(minutes=15),
    )
    return IncidentDetail(
        cards_line(),
        ("payments-api", "eu-west", "all EU customers"),
        "Card payments of all EU customers fail with a time-out since 13:51.",
        start, ago(40), None,
        (
            RoleLine("im", "incident manager", "mina", ago(41), None, True),
            RoleLine("tl", "tech lead", "jonas", ago(38), None, True),
            RoleLine("comms", "communications", "", None, ago(2), True),
            RoleLine("support", "support lead", "eva", ago(20), None, True),
            RoleLine("scribe", "scribe", "li", ago(250), None, False, "mina", ago(1)),
            RoleLine("social", "social media", "", None, None),
            RoleLine("problem", "problem manager", "", None, None),
        ),
        LadderView(
            "payments-critical", "3f2a", 1, 2,
            NextPage(PageState.DUE, "L3", ahead(2, 14), ago(27, 46), "resolve timeout"),
            LEVELS,
            2, "#incident-major", ahead(62, 14),
        ),
        TimelineView(
            start, None, (intern, public, chat, support),
            (Mark(ago(40), "SEV2"), Mark(ago(26), "SEV1"), Mark(ago(9), "mitigating")),
            Span(ago(20.6), ago(7)), "intern",
        ),
        (
            told(1, 101, ago(41), "engine", "declared", "by alert from monitoring: card_auth_errors > 20 %"),
            told(2, 102, ago(40), "engine", "paged", "jonas by sms, chat (L1)"),
            told(3, 103, ago(39), "mina", "acked", "L1 acknowledged"),
            told(4, 110, ago(26), "mina", "severity", "SEV2 > SEV1: all EU customers affected, 1,240 support cases"),
            told(5, 111, ago(26), "engine", "paged", "li, sven by sms, chat, mail (L2)", timedelta(seconds=42)),
            told(6, 115, ago(7), "jonas", "update", "intern: rollback of eu-west-1 has begun, errors falling"),
            told(7, 116, ago(3), "engine", "paged", "li by sms (L2, repeat 1 of 2)"),
            told(8, 117, ago(1), "jonas", "theory", "커넥션 풀 exhausted by deploy 8812; roll back [red]now[/red]"),
        ),
        (Message(ago(3), "li", "sms", "failed", 3), Message(ago(3), "sven", "chat", "sent", 1)),
    )  # fmt: skip


def told(version: int, seq: int, at: datetime, *rest: Any) -> RecordLine:
    """A line of the record, with its number within the incident."""
    return RecordLine(seq, at, *rest, version=version)


def engines() -> tuple[EngineLine, ...]:
    """Two that are alive and one that is gone."""
    return (
        EngineLine("mina@jump01", 4711, "board", ago(0, 0.4), timedelta(milliseconds=21), True, True),
        EngineLine("warroom@infra2", 812, "engine", ago(0, 0.9), timedelta(milliseconds=340), True),
        EngineLine("jonas@jump02", 990, "board", ago(12), timedelta(seconds=1), False, note="stopped"),
    )


def small_view() -> BoardView:
    """The room of the sketch: three live incidents, the worst selected."""
    return BoardView("prod", "ana", NOW, 117, (cards_line(), git_line(), export_line()), engines(), cards_detail())


def full_view() -> BoardView:
    """Ten incidents in every state."""
    return replace(small_view(), lines=many_lines(), failed_messages=2)


def empty_view() -> BoardView:
    """A calm room."""
    return replace(small_view(), lines=(), selected=None)


def crowd_view(count: int = 50) -> BoardView:
    """`count` incidents whose countdowns all show seconds: the worst case for a slow link."""
    lines = tuple(
        IncidentLine(
            f"INC-{200 + n}", f"Synthetic trouble number {n}", (SEV1, SEV2, SEV3, SEV4)[n % 4], "investigating",
            "mina", None,
            NextPage(PageState.DUE, f"L{1 + n % 3}", ahead(9, 59 - n), ago(5)),
            UpdateDue(("public", "intern")[n % 2], ahead(8, 50 - n), ahead(2, 50 - n)),
        )
        for n in range(count)
    )  # fmt: skip
    return replace(small_view(), lines=lines)
