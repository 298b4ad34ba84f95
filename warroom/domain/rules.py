"""Rules (R6): what follows by itself from what an incident is, as the rulebook has it, and what came of it.

Rules are asked in order, when an incident is declared and when something about it changed, before its escalation
begins: severity, policy and level that they choose are those that the ladder starts with. Each fires at most once for
an incident, the first time that it would change something. They are asked in `warroom.domain.ruling`, and what is
doubtful about them is found in `warroom.domain.rulecheck`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from warroom.domain.conditions import ALWAYS, Condition
from warroom.domain.core import Command, Deadline, Event, happens
from warroom.domain.kept_words import kept
from warroom.domain.ladder_words import span
from warroom.domain.policy import Target
from warroom.domain.status_words import DAY_CLOCK, DAY_MONTH_CLOCK, moment
from warroom.valueclass import dataclass
from warroom.words import tr, trn

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.incident import Incident

CONFIRM, REQUIRED = "confirm", "required"
"""The label, and its value, of an incident that waits for a person to confirm the steps that are marked so."""

SUPPRESSED, GROUPED = "suppressed", "grouped"
"""The labels of an incident for which nobody is paged: by which rule, or because of which other incident."""

HOLD = "hold:"
"""How the deadline of a hold begins: "hold:suppressed", or "hold:INC-7" for one that was grouped with another."""

RECHECK = timedelta(minutes=5)
"""How soon after an incident joined another it is looked whether that one is over, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class GroupBy:
    """Join a live incident with the same service, title or label ("labels.NAME") that was declared within a time.

    `recheck`: how soon it is looked whether that one is over, so that people are paged after all; then at twice and
    four times that distance, and no further apart.
    """

    same: str = "service"
    within: timedelta = timedelta(hours=1)
    recheck: timedelta = RECHECK


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when nobody is paged for an incident, or when that is looked at anew.

    `key`: the incident that it was grouped with, "" where it was suppressed. `after`: how long it is suppressed, or how
    soon it was first looked at; `looks`: how often it was.
    """

    due: datetime
    rule: str
    after: timedelta
    key: str = ""
    looks: int = 0

    @property
    def name(self) -> str:
        """What its deadline is called."""
        return f"{HOLD}{self.key or SUPPRESSED}"

    @property
    def words(self) -> str:
        """Why nobody is paged, of one that is grouped; "" of one that is suppressed."""
        return grouped_words(self.key, self.rule) if self.key else ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What a rule does. "", 0 and empty: nothing of that kind.

    `severity` sets it, with `at_least` only where it is milder, and `worse` makes it that many severities worse.
    `assign` puts the first person found for the targets into a role, `offer` asks them to take it. `notify` pages
    besides the ladder. `confirm` and `suppress` are the reasons for asking a person, and for paging nobody (no longer
    than `suppress_for`; None: for good). `level` is where the ladder starts, 1 the first.
    """

    severity: str = ""
    at_least: bool = False
    worse: int = 0
    priority: str = ""
    policy: str = ""
    owner: str = ""
    assign: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    offer: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    notify: tuple[Target, ...] = ()
    via: tuple[str, ...] = ()
    confirm: str = ""
    suppress: str = ""
    group: GroupBy | None = None
    level: int = 0
    suppress_for: timedelta | None = None

    @property
    def nothing(self) -> bool:
        """Whether a rule with these only keeps others from being asked."""
        return self == Effects(via=self.via, suppress_for=self.suppress_for)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `stop`: when its condition holds, no rule after it is asked, whether or not it changed anything."""

    name: str
    when: Condition = ALWAYS
    then: Effects = Effects()
    stop: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class LiftHold(Command):
    """Page for an incident after all that a rule has suppressed, or grouped with another."""

    lines = ("reason",)

    reason: str = ""


@dataclass(frozen=True, slots=True)
class LookAtHold(Command):
    """Something happened to the incident that this one was grouped with: look now whether people are paged after all.
    Nothing follows where they are not."""


@happens("rule_applied")
@dataclass(frozen=True, slots=True)
class RuleApplied(Event):
    """A rule fired. `why`: the facts that matched. The other fields are what it changed, "" and empty where nothing;
    a changed severity has an event of its own, and so have roles and pages. `kept`: what it wanted and may not do.
    `until`: when a hold ends or is looked at, `after` how long that is; None where it has no end."""

    rule: str
    why: tuple[str, ...] = ()
    severity: str = ""
    priority: str = ""
    policy: str = ""
    owner: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    confirm: str = ""
    suppress: str = ""
    group: str = ""
    level: int = 0
    notify: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""
    until: datetime | None = None
    after: timedelta | None = None

    @property
    def hold(self) -> Hold | None:
        """When nobody is to be paged: until when, or when that is looked at. None where there is no end."""
        if self.until is None or self.after is None or not self.holds:
            return None
        return Hold(self.until, self.rule, self.after, "" if self.suppress else self.group)

    @property
    def holds(self) -> str:
        """Why nobody is to be paged, "" when the ladder may run."""
        if self.suppress:
            return f"suppressed by rule {self.rule}: {self.suppress}"
        return grouped_words(self.group, self.rule) if self.group else ""

    @property
    def all_labels(self) -> dict[str, str]:
        """The labels that follow: those that the rule sets, and those that say what became of the incident."""
        marks = {CONFIRM: REQUIRED if self.confirm else "", SUPPRESSED: self.rule if self.suppress else ""}
        marks[GROUPED] = self.group
        return {**self.labels, **{name: value for name, value in marks.items() if value}}


@happens("hold_lifted")
@dataclass(frozen=True, slots=True)
class HoldLifted(Event):
    """Somebody is paged after all for an incident that a rule has suppressed or grouped."""

    reason: str


@happens("hold_kept")
@dataclass(frozen=True, slots=True)
class HoldKept(Event):
    """The incident `key`, with which this one is grouped by now, is live: nobody is paged. It is looked at `until`."""

    key: str
    until: datetime
    look: int = 1


def grouped_words(key: str, rule: str) -> str:
    """Why nobody is paged for an incident that belongs to another one."""
    return f"grouped with {key} by rule {rule}"


def due(incident: Incident) -> tuple[Deadline, ...]:
    """When it is looked at whether people are paged after all for an incident that a rule holds back."""
    hold = incident.hold
    return () if hold is None or not incident.live else (Deadline(hold.due, hold.name),)


def policy_of(incident: Incident, book: Rulebook) -> str:
    """The name of the escalation policy in force: a rule's choice, else that of the service, else the severity's.

    A severity without a policy pages nobody, whatever the service; only a rule can choose one then. A name that the
    rulebook does not have is passed over. "" where nobody is paged.
    """
    general = book.severity(incident.severity).policy
    if incident.policy in book.policies:
        return incident.policy
    service = book.services.get(incident.service)
    if general and service is not None and service.policy in book.policies:
        return service.policy
    return general if general in book.policies else ""


def owner_of(incident: Incident, book: Rulebook) -> str:
    """The name of the team that owns an incident: a rule's choice, as long as that team has members, else the owner of
    its service. "" where nobody does."""
    return incident.owner if book.teams.get(incident.owner) else book.service(incident.service).owner


def describe(event: Event) -> str:
    """An event of this topic in the words of the record; "" for other topics."""
    match event:
        case RuleApplied():
            done = "; ".join(effects_in_words(event))
            why = f" ({', '.join(map(kept, event.why))})" if event.why else ""
            return f"{event.rule}: {done}{why}"
        case HoldLifted():
            return tr("paging after all: {reason}").format(reason=kept(event.reason))
        case HoldKept():
            how = (
                tr("still with {key}, nobody is paged; looked at again at {until} UTC")
                if event.look
                else tr("now with {key}, nobody is paged; looked at again at {until} UTC")
            )
            return how.format(key=event.key, until=moment(event.until, DAY_CLOCK))
        case _:
            return ""


def effects_in_words(event: RuleApplied) -> list[str]:
    """What a rule changed, each in a few words."""
    said = (
        (event.severity, tr("severity {severity}").format(severity=event.severity)),
        (event.priority, tr("priority {priority}").format(priority=event.priority)),
        (event.policy, tr("policy {policy}").format(policy=event.policy)),
        (event.owner, tr("team {owner}").format(owner=event.owner)),
        (event.level, tr("starts at level {level}").format(level=event.level)),
        (
            event.labels,
            tr("labels {labels}").format(labels=", ".join(f"{name}={value}" for name, value in event.labels.items())),
        ),
        (event.roles, ", ".join(f"{role.replace('-', ' ')} {person}" for role, person in event.roles.items())),
        (event.notify, tr("tells {notify}").format(notify=", ".join(event.notify))),
        (event.confirm, tr("a person has to confirm: {confirm}").format(confirm=event.confirm)),
        (event.suppress, tr("nobody is paged{until}: {suppress}").format(until=_until(event), suppress=event.suppress)),
        (event.group, tr("grouped with {group}, nobody is paged").format(group=event.group)),
        (event.kept, kept(event.kept)),
    )
    return [words for given, words in said if given]


def _until(event: RuleApplied) -> str:
    return tr(" until {until} UTC").format(until=moment(event.until, DAY_MONTH_CLOCK)) if event.until else ""


def does(then: Effects) -> tuple[str, ...]:
    """What a rule is for, each effect in a few words."""
    said: list[tuple[object, str]] = [
        (
            then.severity,
            tr("severity {severity}").format(severity=then.severity) + (tr(" or worse") if then.at_least else ""),
        ),
        (
            then.worse,
            trn("{worse} severity worse", "{worse} severities worse", then.worse).format(worse=then.worse),
        ),
        (then.priority, tr("priority {priority}").format(priority=then.priority)),
        (then.policy, tr("policy {policy}").format(policy=then.policy)),
        (then.owner, tr("team {owner}").format(owner=then.owner)),
        (then.level, tr("start at level {level}").format(level=then.level)),
        *(
            (True, tr("assign {role} to {any}").format(role=role, any=_any(targets)))
            for role, targets in then.assign.items()
        ),
        *(
            (True, tr("offer {role} to {any}").format(role=role, any=_any(targets)))
            for role, targets in then.offer.items()
        ),
        *((True, tr("label {name}={value}").format(name=name, value=value)) for name, value in then.labels.items()),
        (
            then.notify,
            tr("tell {notify}").format(notify=", ".join(map(str, then.notify)))
            + (tr(" by {via}").format(via=" ".join(then.via)) if then.via else ""),
        ),
        (then.confirm, tr("ask a person to confirm: {confirm}").format(confirm=then.confirm)),
        (
            then.suppress,
            tr("page nobody{how_long}: {suppress}").format(how_long=_for(then.suppress_for), suppress=then.suppress),
        ),
        (then.group, tr("join a live incident of the same {same}").format(same=then.group.same) if then.group else ""),
    ]
    return tuple(words for given, words in said if given)


def _for(length: timedelta | None) -> str:
    return "" if length is None else tr(" for {span}").format(span=span(length))


def _any(targets: tuple[Target, ...]) -> str:
    return tr(" or ").join(map(str, targets))
