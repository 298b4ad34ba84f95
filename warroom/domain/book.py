"""The rulebook as the domain sees it: plain values, looked up by name, immutable, named by the hash of their content.

Files, their schema and their errors are the business of `warroom.rulebook`; here everything is known to be sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from warroom.domain.assessment import AssessmentRules
from warroom.domain.cadence import ClockRules, ReminderStep
from warroom.domain.catalogue import ServiceSpec, TeamSpec
from warroom.domain.chatrooms import RoomSpec
from warroom.domain.comms import ChannelSpec
from warroom.domain.core import Refused
from warroom.domain.fatigue import FatigueRules
from warroom.domain.incident import SeveritySpec
from warroom.domain.oncall import NO_HOLIDAYS, Holidays, OnCallList, Person
from warroom.domain.policy import Policy
from warroom.domain.record import RecordRules
from warroom.domain.roles import RoleSpec
from warroom.domain.routes import Delivery
from warroom.domain.rules import Rule
from warroom.domain.schedule import ScheduleSpec
from warroom.domain.templates import Template, UpdateTemplate
from warroom.domain.update_rules import UpdateRules
from warroom.valueclass import dataclass
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One revision of a team's rules. Every mapping is by name, in the order of the files."""

    revision: str
    prefix: str
    severities: Mapping[str, SeveritySpec]
    roles: Mapping[str, RoleSpec]
    policies: Mapping[str, Policy]
    people: Mapping[str, Person]
    oncall: Mapping[str, OnCallList]
    teams: Mapping[str, tuple[str, ...]]
    channels: Mapping[str, ChannelSpec]
    reminders: tuple[ReminderStep, ...]
    watch_channel: ChannelSpec
    watch_cadence: timedelta
    room: str = "warroom"
    services: Mapping[str, ServiceSpec] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    team_specs: Mapping[str, TeamSpec] = field(default_factory=dict)
    schedules: Mapping[str, ScheduleSpec] = field(default_factory=dict)
    holidays: Mapping[str, Holidays] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    update_templates: tuple[UpdateTemplate, ...] = ()
    updates: UpdateRules = field(default_factory=UpdateRules)
    delivery: Delivery | None = None
    rules: tuple[Rule, ...] = ()
    rooms: tuple[RoomSpec, ...] = ()
    assessment: AssessmentRules = field(default_factory=AssessmentRules)
    clocks: ClockRules = field(default_factory=ClockRules)
    record: RecordRules = field(default_factory=RecordRules)
    fatigue: FatigueRules = field(default_factory=FatigueRules)
    watch_providers: Mapping[str, timedelta] = field(default_factory=dict)  # by name in small letters

    def severity(self, name: str) -> SeveritySpec:
        """The severity of that name; raises `Refused` when this revision has none."""
        try:
            return self.severities[name]
        except KeyError:
            raise Refused(
                tr("the rulebook in force ({revision}) has no severity {name}").format(
                    revision=self.revision, name=name
                )
            ) from None

    def in_hours(self, severity: str, at: datetime) -> datetime:
        """`at`, or the next moment at which a page or reminder of this severity may go out (R2)."""
        hours = self.severity(severity).hours
        return at if hours is None else hours.next_open(at, self.holidays.get(hours.holidays, NO_HOLIDAYS))

    def role(self, name: str) -> RoleSpec:
        """The role of that name, also of one workstream (tech-lead/database); one that the rulebook does not know has
        no pool and no duties."""
        known = self.roles.get(name)
        if known is not None:
            return known
        base, _, label = name.partition("/")
        if label and base in self.roles:
            return replace(self.roles[base], role=name, title=f"{self.roles[base].title} {label}")
        return RoleSpec(name, name.replace("-", " "))

    def service(self, name: str) -> ServiceSpec:
        """What is known of a service; of one that the rulebook does not list, nothing but its name."""
        return self.services.get(name) or ServiceSpec(name)

    def team(self, name: str) -> TeamSpec:
        """What is known of a team; one that the rulebook does not list has no members."""
        return self.team_specs.get(name) or TeamSpec(name, self.teams.get(name, ()))

    def severity_of_impact(self, impact: str) -> str:
        """The severity that a provider's word for impact means; the mildest when it means none."""
        for spec in self.severities.values():
            if impact.lower() in spec.impacts:
                return spec.name
        return max(self.severities.values(), key=lambda s: s.rank).name

    def watched_silence(self, provider: str, severity: str) -> timedelta:
        """The longest silence of a provider's incident that is in order (R10): by the cadence that the provider itself
        keeps, by the severity's for the channel, or by the one for all."""
        own = self.watch_providers.get(provider.casefold())
        if own is not None:
            return own
        channel = self.watch_channel.name
        return next(
            (each.every for each in self.severity(severity).cadence if each.channel == channel), self.watch_cadence
        )

    def address(self, to: str, via: str) -> str:
        """Where a person is reached by a channel; the name itself for a channel or somebody unknown."""
        person = self.people.get(to)
        for contact in person.contacts if person else ():
            if contact.via == via:
                return contact.address
        return to
