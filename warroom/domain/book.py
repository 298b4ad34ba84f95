"""The rulebook as the domain sees it: plain values, looked up by name, immutable, named by the hash of their content.

Files, their schema and their errors are the business of `warroom.rulebook`; here everything is known to be sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from warroom.domain.comms import ChannelSpec, ReminderStep
from warroom.domain.core import Refused
from warroom.domain.incident import SeveritySpec
from warroom.domain.oncall import OnCallList, Person
from warroom.domain.policy import PageTo, Policy, Target, TargetKind
from warroom.domain.roles import RoleSpec

if TYPE_CHECKING:
    from warroom.domain.room import Room


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
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()

    def severity(self, name: str) -> SeveritySpec:
        """The severity of that name; raises `Refused` when this revision has none."""
        try:
            return self.severities[name]
        except KeyError:
            raise Refused(f"the rulebook in force ({self.revision}) has no severity {name}") from None

    def in_hours(self, severity: str, at: datetime) -> datetime:
        """`at`, or the next moment at which a page or reminder of this severity may go out (R2)."""
        hours = self.severity(severity).hours
        return at if hours is None else hours.next_open(at)

    def role(self, name: str) -> RoleSpec:
        """The role of that name; one that the rulebook does not know has no pool and no duties."""
        return self.roles.get(name) or RoleSpec(name, name.replace("-", " "))

    def severity_of_impact(self, impact: str) -> str:
        """The severity that a provider's word for impact means; the mildest when it means none."""
        for spec in self.severities.values():
            if impact.lower() in spec.impacts:
                return spec.name
        return max(self.severities.values(), key=lambda s: s.rank).name

    def find(self, targets: tuple[Target, ...], via: tuple[str, ...], room: Room) -> tuple[tuple[PageTo, ...], str]:
        """Who is to be paged for `targets`, by which channels; and, if nobody, why.

        `via` are the channels wanted; a person who has none of them is reached by the first one they have.
        Nobody is paged twice by the same channel in one step.
        """
        pages: dict[tuple[str, str], PageTo] = {}
        missing = []
        for target in targets:
            if target.kind is TargetKind.LEVEL:
                continue
            if target.kind is TargetKind.CHANNEL:
                pages.setdefault((target.name, "chat"), PageTo(target.name, "chat", str(target)))
                continue
            people, nobody = self._people(target, room)
            found = False
            for login in people:
                for channel in self._ways(login, via):
                    pages.setdefault((login, channel), PageTo(login, channel, str(target)))
                    found = True
                if found and target.kind is TargetKind.ONCALL:
                    break
            if not found:
                missing.append(nobody or f"{target}: {', '.join(people)} cannot be reached")
        return tuple(pages.values()), "; ".join(missing) or "it names nobody"

    def find_person(self, login: str, room: Room) -> tuple[tuple[PageTo, ...], str]:
        """How one person is paged, by their own order of channels; and, if they cannot be, why."""
        return self.find((Target(TargetKind.PERSON, login),), (), room)

    def _people(self, target: Target, room: Room) -> tuple[tuple[str, ...], str]:
        match target.kind:
            case TargetKind.PERSON:
                return (target.name,), ""
            case TargetKind.ONCALL:
                listed = self.oncall.get(target.name)
                people = listed.people if listed else ()
                return people, f"nobody is on call for {target.name}" if not people else ""
            case TargetKind.TEAM:
                people = self.teams.get(target.name, ())
                return people, f"team {target.name} has no members" if not people else ""
            case _:
                holder = room.roles.holder(target.name)
                return ((holder,), "") if holder else ((), f"{target.name} is vacant")

    def _ways(self, login: str, via: tuple[str, ...]) -> tuple[str, ...]:
        person = self.people.get(login)
        if person is None or not person.contacts:
            return ()
        has = [c.via for c in person.contacts]
        return tuple(v for v in via if v in has) or (has[0],)

    def address(self, to: str, via: str) -> str:
        """Where a person is reached by a channel; the name itself for a channel or somebody unknown."""
        person = self.people.get(to)
        for contact in person.contacts if person else ():
            if contact.via == via:
                return contact.address
        return to
