"""What a screen, a table or a JSON line shows: frozen values made by the service, drawn by whoever looks.

Nothing here knows a database or a terminal. Every moment is an aware UTC datetime; a countdown is drawn as a function
of (moment - now), so a view stays right for as long as nothing happened and need not be made again every second.
Texts from outside have been cleaned before they come here and are cleaned again where they are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SeverityFace:
    """How a severity is shown: always glyph and word, and a colour looked up by `rank` (1 = worst)."""

    name: str
    glyph: str
    rank: int
    major: bool


class PageState(StrEnum):
    """What the escalation of one incident is doing, in one word."""

    NONE = "none"  # no escalation runs (imported, or no policy)
    DUE = "due"  # a page goes out at `at`
    WAITING = "waiting"  # first page waits for paging hours until `at`
    ACKED = "acked"  # acknowledged; at `at` it goes on all the same (resolve timeout, lapse), None if it does not
    ASKING = "asking"  # a level waits until `at` for somebody to confirm it
    SNOOZED = "snoozed"  # until `at`
    EXHAUSTED = "exhausted"  # nobody is left to page: an alarm
    STOPPED = "stopped"  # resolved or closed
    CALLED_OFF = "called off"  # somebody stopped it while the incident goes on


@dataclass(frozen=True, slots=True)
class NextPage:
    """The NEXT PAGE cell: e.g. DUE, "L3", 14:34:21. `since` starts the bar that runs towards `at`."""

    state: PageState
    label: str = ""
    at: datetime | None = None
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UpdateDue:
    """The UPDATE DUE cell: the channel whose silence runs out first. `at` None: nothing is promised."""

    channel: str = ""
    audience: str = ""
    at: datetime | None = None
    cadence: timedelta | None = None


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One row of the list of incidents."""

    key: str
    title: str
    severity: SeverityFace
    status: str
    lead: str  # incident manager, "" when vacant
    lead_due: datetime | None  # vacant: when the role must be filled
    page: NextPage
    update: UpdateDue
    alarm: str = ""  # "" or why this incident is alarming ("escalation exhausted", ...)
    watched: bool = False  # imported from a provider: counted, not paged
    version: int = 0


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of the incident. Vacant and required: `due` says by when it must be filled (late when passed)."""

    role: str
    title: str
    holder: str
    since: datetime | None
    due: datetime | None
    required: bool = False
    offered_to: str = ""
    offered_at: datetime | None = None


class LevelState(StrEnum):
    """Where a level of the ladder stands."""

    DONE = "done"  # paged, passed on
    CURRENT = "current"  # paged, its timers run
    NEXT = "next"  # the next to be paged
    LATER = "later"
    EMPTY = "empty"  # fell through: nobody to page


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the latest page to one person by one way: queued, sending, sent, failed, unknown, given up,
    bundled or acknowledged."""

    to: str
    via: str
    state: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A human checkpoint: level `level` is not paged before one of `asked` confirms; after `due` it is `otherwise`."""

    level: int
    asked: tuple[str, ...]
    due: datetime
    otherwise: str  # "paged all the same", "passed over"


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of the escalation policy and what became of it."""

    number: int
    label: str
    state: LevelState
    targets: tuple[str, ...] = ()  # who was paged ("mina", "#incident-major"), or would be
    via: tuple[str, ...] = ()  # "sms", "chat"
    paged_at: datetime | None = None
    repeat: int = 0  # how often it was paged again
    repeats: int = 0  # of how many
    acked_by: str = ""
    acked_at: datetime | None = None
    due: datetime | None = None  # when this level is (expected to be) paged
    note: str = ""  # "acknowledge timeout", "resolve timeout", "nobody on call", ...
    fates: tuple[Fate, ...] = ()  # how far each page has come
    declined: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderView:
    """The escalation panel of one incident."""

    policy: str = ""
    revision: str = ""
    cycle: int = 1
    cycles: int = 1
    next: NextPage = NextPage(PageState.NONE)
    levels: tuple[LevelLine, ...] = ()
    level: int = 0  # the level that was paged last, 0 before the first page
    then: str = ""  # what comes after the last level, in words
    then_at: datetime | None = None  # when that is, if nobody does anything
    acked_by: str = ""
    lapses_at: datetime | None = None  # when the acknowledgement counts no more, unless somebody does something
    asked: tuple[str, ...] = ()  # on whom the current page rests
    question: Question | None = None
    newer_rules: str = ""  # the revision in force, where the incident runs under another one


@dataclass(frozen=True, slots=True)
class Dot:
    """One use of a channel."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """One silence, from and to."""

    start: datetime
    end: datetime
    running: bool = False

    @property
    def length(self) -> timedelta:
        """How long nobody was told anything."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel of the gap timeline: a line that forks from the incident's axis, a dot per use.

    `due` is when the next update falls due (None: nothing promised), `cadence` the longest silence that is in
    order; parts of a silence past the cadence are late. `ended` is when the lane stopped being timed.
    """

    channel: str
    audience: str
    start: datetime
    dots: tuple[Dot, ...]
    due: datetime | None
    cadence: timedelta | None
    ended: datetime | None = None
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of severity or status, drawn on the axis."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The gap timeline of one incident. `largest` is the longest silence that has ended, with its channel."""

    start: datetime
    end: datetime | None
    lanes: tuple[Lane, ...] = ()
    marks: tuple[Mark, ...] = ()
    largest: Span | None = None
    largest_channel: str = ""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line of the record. `late` is by how much a timer's step came after it fell due."""

    seq: int
    at: datetime
    actor: str
    kind: str
    text: str
    late: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message on its way out, as the room shows it."""

    at: datetime
    to: str
    via: str
    state: str  # queued, sending, sent, failed, unknown
    tries: int


@dataclass(frozen=True, slots=True)
class PageLine:
    """One person (or chat room) of a step: by which ways, behind which target, and why that target means them."""

    to: str
    via: tuple[str, ...]
    target: str = ""  # "oncall:primary"
    because: str = ""  # "on call on primary since Mon 09:00", ...


@dataclass(frozen=True, slots=True)
class PassedLine:
    """Somebody who was looked at and not paged, or with `to` "" a target behind which nobody was found; and why."""

    to: str
    target: str
    why: str


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One step that follows by itself if nobody does anything.

    `kind` is the kind of the event that it will be on the record. `what` says it in words, without the people; `cause`
    is what brings it about ("acknowledge timeout"). `level`, `cycle` and `repeat` are 0 where it is none of the ladder.
    `told` hear of it and are asked for nothing.
    """

    at: datetime
    kind: str
    what: str
    cause: str = ""
    policy: str = ""
    level: int = 0
    cycle: int = 0
    repeat: int = 0
    role: str = ""
    channel: str = ""
    pages: tuple[PageLine, ...] = ()
    told: tuple[PageLine, ...] = ()
    passed: tuple[PassedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ForecastView:
    """What follows by itself on one incident, the earliest first. `whole`: nothing comes after the last line; `nothing`
    says why there is no line at all."""

    key: str
    title: str
    severity: SeverityFace
    read_at: datetime
    lines: tuple[ForecastLine, ...] = ()
    whole: bool = True
    nothing: str = ""


class WhyState(StrEnum):
    """What a step meant for a person."""

    PAGED = "paged"
    TOLD = "told"  # heard of it, was asked for nothing
    PASSED = "passed over"  # looked at, and not paged
    ANSWERED = "answered"  # acknowledged, declined, ...
    SINCE = "since"  # nobody in particular: what holds from here on (a rule, a snooze, paging hours)
    NOT_FOUND = "not found"  # the step was taken, and its targets meant others
    AHEAD = "ahead"  # would be paged, or passed over, if nobody does anything
    NEVER = "never"  # no step finds them, neither one that was taken nor one that follows


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """What became of one message of a page; `state` "" for one that has none (any more)."""

    via: str
    state: str  # "queued", "sending", "sent", "failed", ...
    tries: int = 0
    sent_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One reason why a person was paged or not. `version` is the entry's number in the incident's record, 0 for what is
    not on it (yet). `person` "": nobody in particular. `at` None: at no time."""

    at: datetime | None
    state: WhyState
    person: str
    what: str  # the step in words
    why: str = ""  # the reason in words
    target: str = ""
    cause: str = ""
    level: int = 0
    cycle: int = 0
    repeat: int = 0
    version: int = 0
    deliveries: tuple[DeliveryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyView:
    """Who was paged on one incident and who was not, and why, the earliest first. With `person` only what is theirs."""

    key: str
    title: str
    severity: SeverityFace
    read_at: datetime
    person: str
    lines: tuple[WhyLine, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Call:
    """The person at this screen was paged, or offered a role: on which incident, and by what, in words."""

    key: str
    title: str
    what: str


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
    """What a person can choose from, by the rules in force; pairs are (name, title or audience)."""

    severities: tuple[SeverityFace, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    people: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    channels: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()


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


# On call (R7) --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DutySpan:
    """One shift on a schedule: `people` have it from `start` until `end`; a gap in coverage where there are none.

    `start` and `end` None: longer ago, or further ahead, than was looked. `override` is the number of the override
    that it comes from, 0 for none.
    """

    start: datetime | None
    end: datetime | None
    people: tuple[str, ...]
    why: str = ""
    override: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One schedule: who is on call `now`, what comes `next` (None: nothing else for weeks), and every shift and gap of
    the window that was asked for. `backup`: who is tried when nobody is on call."""

    name: str
    title: str
    zone: str
    now: DutySpan
    next: DutySpan | None
    spans: tuple[DutySpan, ...]
    backup: tuple[str, ...] = ()


class DeskKind(StrEnum):
    """What people can put on the desk."""

    OVERRIDE = "override"
    ABSENCE = "absence"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One override, absence or open swap that is not over. `other`: whom an override replaces, or who is asked to swap;
    "" for whoever it is, or anybody."""

    kind: DeskKind
    id: int
    schedule: str
    person: str
    start: datetime
    end: datetime
    other: str = ""
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of the rulebook: contacts are (channel, address), the preferred first; `zone` "" where it is unknown."""

    login: str
    name: str
    zone: str
    contacts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OnCallView:
    """Everything about on-call duty at `read_at`; the shifts of every schedule from `start` until `end`.

    `lists` are those who are on call at all hours, by name. `gaps` are (schedule, gap) of the days ahead, the earliest
    first, also where the window does not show them. `stale_at`: from then on somebody else may be on call. `basis`: the
    revision of the rules and the version of the desk that it was made from.
    """

    read_at: datetime
    basis: tuple[str, int]
    start: datetime
    end: datetime
    schedules: tuple[ScheduleLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    desk: tuple[DeskLine, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gaps: tuple[tuple[str, DutySpan], ...] = ()
    stale_at: datetime | None = None
