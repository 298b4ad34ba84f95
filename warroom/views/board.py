"""The room as a whole: its incidents, the selected one in full, and the processes that keep its timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from warroom.valueclass import dataclass
from warroom.views.clocks import ClockLine
from warroom.views.composer import DraftLine, ProposalLine
from warroom.views.incident import FactsView, LinkLine
from warroom.views.incidents import IncidentLine, RoleLine, SeverityFace
from warroom.views.ladder import LadderView
from warroom.views.people import PeopleView
from warroom.views.record import Message, RecordLine
from warroom.views.room import PastMark
from warroom.views.timeline import TimelineView
from warroom.views.work import WorkView


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """Everything the lower half of the board shows of the selected incident."""

    line: IncidentLine
    facts: tuple[str, ...]  # "payments-api", "eu-west", ...: shown joined by a middle dot
    summary: str
    impact_started: datetime | None
    declared_at: datetime
    resolved_at: datetime | None
    roles: tuple[RoleLine, ...]
    ladder: LadderView
    timeline: TimelineView
    record: tuple[RecordLine, ...]  # newest last
    outbox: tuple[Message, ...] = ()
    clocks: tuple[ClockLine, ...] = ()  # of silence, one per channel
    work: WorkView | None = None  # theories, tasks, decisions, changes, evidence
    links: tuple[LinkLine, ...] = ()  # chat, call, documents, tickets; other incidents
    facts_of: FactsView | None = None  # all that is known, the times, what would be left open
    topic: str = ""  # the topic line of the chat room
    proposals: tuple[ProposalLine, ...] = ()  # updates under review, approved, scheduled or held
    drafts: tuple[DraftLine, ...] = ()  # updates that somebody is writing now
    people: PeopleView | None = None  # who is in the room, how tired, who could take over
    past: PastMark | None = None  # None: this is how it stands now


@dataclass(frozen=True, slots=True)
class Call:
    """The person at this screen was paged (`paged`), or asked for something: on which incident, what, in words, and
    what answers it ("card", "review", "update", "")."""

    key: str
    title: str
    what: str
    paged: bool = True
    answer: str = ""


@dataclass(frozen=True, slots=True)
class EngineLine:
    """One process that keeps the timers going on this file.

    `lag` is by how much its latest step came after it fell due; `seen_at` its latest sign of life.
    """

    name: str  # "mina@jump01"
    pid: int
    kind: str  # "board", "engine", ...
    seen_at: datetime
    lag: timedelta
    alive: bool
    me: bool = False
    note: str = ""  # "stopped", ...


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a person can choose from, by the rules in force; pairs are (name, title or audience).

    For declaring: `impact_words` and `tiers` with the severity that they mean, `service_tiers` by service, and what is
    `usual` where nothing is known.
    """

    severities: tuple[SeverityFace, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    people: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    impact_words: tuple[tuple[str, str], ...] = ()
    service_tiers: tuple[tuple[str, str], ...] = ()
    tiers: tuple[tuple[str, str], ...] = ()
    usual: str = ""


@dataclass(frozen=True, slots=True)
class BoardView:
    """One consistent look at the room: everything was read in one transaction at `read_at`."""

    room: str
    actor: str
    read_at: datetime
    seq: int
    lines: tuple[IncidentLine, ...]
    engines: tuple[EngineLine, ...] = ()
    selected: IncidentDetail | None = None
    failed_messages: int = 0
    unknown_messages: int = 0
    readonly: bool = False
    drill: bool = False
    catalogue: Catalogue = Catalogue()
    damaged: tuple[str, ...] = ()  # keys of incidents whose rows cannot be read
    unsent: tuple[str, ...] = ()  # messages that no running warroom sends, in words
    unread: int = 0  # incidents that are still to be read: the room is large, and the most urgent ones come first
    tally: tuple[tuple[SeverityFace, int], ...] = ()  # how many are live by severity, whether read yet or not
    changed: Mapping[str, IncidentLine | None] | None = field(default=None, compare=False)
    """The lines that are not those of the view that the same reader gave before, by key, None for one that is gone; or
    None where any may be another."""
