"""The rulebook in force, to be read: policies as ladders, rules, severities, what is doubtful, and its revisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from warroom.valueclass import dataclass
from warroom.views.ahead import PageLine, PassedLine
from warroom.views.incidents import SeverityFace


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Somebody whom a level names, and who that would be now.

    `found` are paged, `passed` were looked at and not. `depends` says in words whom it means where that is known for an
    incident alone. `nobody`: why nobody would be paged, "" where somebody would, or where it depends.
    """

    target: str  # "oncall:primary"
    found: tuple[PageLine, ...] = ()
    passed: tuple[PassedLine, ...] = ()
    depends: str = ""
    nobody: str = ""


@dataclass(frozen=True, slots=True)
class RungLine:
    """One level of a policy.

    `at` is how long after the first page it is paged if nobody does anything, None where it would not be: `skipped`
    says why. `repeat`: how often it is paged again. `in_turn`: one of its people at a time. `when`, `confirm`: the
    condition that it has, and who has to confirm it, in words.
    """

    number: int
    label: str
    targets: tuple[TargetLine, ...]
    via: tuple[str, ...] = ()  # empty: each person's own order
    at: timedelta | None = None
    skipped: str = ""
    ack_timeout: timedelta | None = None
    resolve_timeout: timedelta | None = None
    repeat: int = 0
    warn: timedelta | None = None
    in_turn: bool = False
    when: str = ""
    confirm: str = ""
    accountable: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()

    @property
    def unreached(self) -> bool:
        """Whether nobody at all would be paged now, whatever the incident is."""
        return bool(self.targets) and all(target.nobody for target in self.targets)


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One escalation policy. `used_by`: what leads to it, in words. `then`: what comes after the last level, and
    `then_at` how long after the first page; `last` are those who are paged then."""

    name: str
    used_by: tuple[str, ...]
    levels: tuple[RungLine, ...]
    cycles: int = 1
    then: str = ""
    then_at: timedelta | None = None
    last: tuple[TargetLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule. `fired`: how many of the incidents of the last days it has changed something about."""

    name: str
    about: str
    when: str
    then: tuple[str, ...]
    stop: bool = False
    fired: int = 0


@dataclass(frozen=True, slots=True)
class CadenceLine:
    """What a severity promises a channel: a first word within `first`, one `every`, a last one within `final`. By
    status another longest silence may hold, and in a long incident `long`, where the update says when the next one
    comes."""

    channel: str
    audience: str
    first: timedelta
    every: timedelta
    final: timedelta | None = None
    by_status: tuple[tuple[str, timedelta], ...] = ()
    long: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SeverityLine:
    """One severity. `hours`: when it may page, in words, "" for any hour; `opens_at` when that is next, None for now.
    `roles` have to be filled within a time. `stalled`: how long a status may stay the same."""

    face: SeverityFace
    title: str
    policy: str
    hours: str = ""
    opens_at: datetime | None = None
    cadence: tuple[CadenceLine, ...] = ()
    roles: tuple[tuple[str, timedelta], ...] = ()
    ack_lapses: timedelta | None = None
    stalled: tuple[tuple[str, timedelta], ...] = ()
    impacts: tuple[str, ...] = ()


class FindingWeight(StrEnum):
    """How grave a finding is, the gravest first."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing that is doubtful about the rules: where, what, and what to do about it."""

    weight: FindingWeight
    where: str
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One time at which a revision was put in force. `live`: how many running incidents go by it."""

    revision: str
    at: datetime
    by: str
    live: int = 0
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class RulebookView:
    """The rules in force at `read_at`. `basis`: their revision, and the number of the room's latest event.

    `checked_at` is when the findings were found. `counted`: of how many incidents of how many days (`over`) rules were
    counted. `revisions` is newest first.
    """

    read_at: datetime
    basis: tuple[str, int]
    policies: tuple[PolicyLine, ...] = ()
    rules: tuple[RuleLine, ...] = ()
    severities: tuple[SeverityLine, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    revisions: tuple[RevisionLine, ...] = ()
    checked_at: datetime | None = None
    counted: int = 0
    over: timedelta = timedelta(0)

    @property
    def revision(self) -> str:
        """The revision in force."""
        return self.basis[0]

    @property
    def in_force(self) -> RevisionLine | None:
        """Since when it is, and by whom."""
        return next((line for line in self.revisions if line.in_force), None)

    @property
    def elsewhere(self) -> int:
        """How many running incidents go by other revisions."""
        return sum({line.revision: line.live for line in self.revisions if line.revision != self.revision}.values())
