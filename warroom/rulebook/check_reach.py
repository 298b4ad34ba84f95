"""Who could be found behind a target, whatever the incident, the hour and the holder of a role: what the checks ask.

The answer at the moment of a page is `warroom.domain.reach`; here nothing is known but the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import TypeVar

from warroom.domain.book import Rulebook
from warroom.domain.policy import Target, TargetKind
from warroom.domain.schedule import people_of

Kind = TypeVar("Kind")


class Candidates:
    """The people and chat rooms behind the targets of one rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def everybody(self, target: Target) -> tuple[str, ...]:
        """Every login that a target could ever lead to; a chat room as it is written, with its #."""
        return tuple(dict.fromkeys(self._everybody(target, frozenset())))

    def _everybody(self, target: Target, seen: frozenset[Target]) -> Iterable[str]:
        book, seen = self.book, seen | {target}
        match target.kind:
            case TargetKind.PERSON | TargetKind.CHANNEL:
                return (target.name,)
            case TargetKind.ONCALL:
                return self.on_call(target.name)
            case TargetKind.TEAM:
                return book.teams.get(target.name, ())
            case TargetKind.ROLE:
                # Anybody may hold a role; whom the rules would put there is known.
                pool = book.role(target.name).pool
                return (login for each in pool if each not in seen for login in self._everybody(each, seen))
            case TargetKind.SERVICE:
                if target.name == "oncall":
                    return (login for spec in book.services.values() for login in self.on_call(spec.oncall))
                return (login for spec in book.services.values() for login in book.team(spec.owner).members)
            case TargetKind.MANAGER:
                return self.managers
            case TargetKind.ROOM:
                return tuple(spec.name for spec in book.rooms if not spec.for_updates)
            case _:
                return ()

    def on_call(self, name: str) -> tuple[str, ...]:
        """Everybody on an on-call list or a schedule of that name."""
        listed = self.book.oncall.get(name)
        if listed is not None:
            return listed.people
        schedule = self.book.schedules.get(name)
        return people_of(schedule) if schedule is not None else ()

    @cached_property
    def managers(self) -> tuple[str, ...]:
        """Everybody who is somebody's manager."""
        return tuple(dict.fromkeys(person.manager for person in self.book.people.values() if person.manager))

    def reachable(self, login: str) -> bool:
        """Whether there is any way to reach them: a contact, and somebody who sends by it."""
        if login.startswith("#"):
            return self.sent(login)
        person = self.book.people.get(login)
        return person is not None and any(self.sent(contact.via) for contact in person.contacts)

    def sent(self, lane: str) -> bool:
        """Whether pages by a way, or to a chat room, are sent by anything; all are where the rules do not say how."""
        delivery = self.book.delivery
        return delivery is None or not (delivery.ways or delivery.rooms) or delivery.at(lane) is not None

    def can_reach(self, targets: Iterable[Target]) -> bool:
        """Whether anybody at all could be paged for these."""
        return any(self.reachable(login) for target in targets for login in self.everybody(target))

    def usual(self, targets: Iterable[Target]) -> frozenset[str]:
        """Who is paged when everybody can be reached: of an on-call list the first one, of a team all. Whom a role, a
        service or a schedule leads to depends on the moment: nobody is counted for those."""
        found: set[str] = set()
        for target in targets:
            if self.depends((target,)):
                continue
            people = [login for login in self.everybody(target) if self.reachable(login)]
            found.update(people[:1] if target.kind is TargetKind.ONCALL else people)
        return frozenset(found)

    def depends(self, targets: Iterable[Target]) -> bool:
        """Whether any of these leads to somebody else at another moment or for another incident."""
        return any(
            target.kind not in (TargetKind.PERSON, TargetKind.TEAM, TargetKind.CHANNEL, TargetKind.ONCALL)
            or (target.kind is TargetKind.ONCALL and target.name not in self.book.oncall)
            for target in targets
        )

    def can_reach_for(self, target: Target, service: str) -> bool:
        """Whether `service:owner` or `service:oncall` leads to anybody for an incident of that service."""
        spec = self.book.service(service)
        people = self.on_call(spec.oncall) if target.name == "oncall" else self.book.team(spec.owner).members
        return any(self.reachable(login) for login in people)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Every target that stands anywhere in the rules."""
        return tuple(dict.fromkeys(_targets_in(self.book)))

    @cached_property
    def in_use(self) -> frozenset[str]:
        """Every login that some target leads to."""
        return frozenset(login for target in self.targets for login in self.everybody(target))

    @cached_property
    def lists_in_use(self) -> frozenset[str]:
        """The on-call lists and schedules that something names."""
        named = {target.name for target in self.targets if target.kind is TargetKind.ONCALL}
        named.update(spec.oncall for spec in self.book.services.values())
        named.update(team.oncall for team in self.book.team_specs.values())
        return frozenset(named)

    @cached_property
    def policies_in_use(self) -> frozenset[str]:
        """The policies that a severity, a service or a rule names."""
        named = {spec.policy for spec in self.book.severities.values()}
        named.update(spec.policy for spec in self.book.services.values())
        named.update(policy.fallback for policy in self.book.policies.values())
        named.update(text for rule in self.book.rules for text in _texts_in(rule) if text in self.book.policies)
        return frozenset(named)

    def on_schedules(self, login: str) -> tuple[str, ...]:
        """The schedules that somebody has turns on."""
        return tuple(self._schedules.get(login, ()))

    def duties(self, login: str) -> tuple[str, ...]:
        """The on-call lists and schedules that somebody is on."""
        return (*self._lists.get(login, ()), *self.on_schedules(login))

    def places(self, login: str) -> tuple[str, ...]:
        """Where somebody is named, in words: lists, schedules, teams, policies, roles."""
        return (*(f"oncall:{name}" for name in self.duties(login)), *self._named.get(login, ()))

    @cached_property
    def _lists(self) -> Mapping[str, list[str]]:
        return _turned((name, each.people) for name, each in self.book.oncall.items())

    @cached_property
    def _schedules(self) -> Mapping[str, list[str]]:
        return _turned((name, people_of(spec)) for name, spec in self.book.schedules.items())

    @cached_property
    def _named(self) -> Mapping[str, list[str]]:
        book = self.book
        named = [(f"team:{name}", members) for name, members in book.teams.items()]
        for group in (book.policies, book.roles):
            for name, each in group.items():
                people = dict.fromkeys(t.name for t in _targets_in(each) if t.kind is TargetKind.PERSON)
                named.append((name, tuple(people)))
        return _turned(named)


def _turned(groups: Iterable[tuple[str, tuple[str, ...]]]) -> Mapping[str, list[str]]:
    """Groups by name, the other way round: by member, the groups that they are in."""
    out: dict[str, list[str]] = {}
    for name, members in groups:
        for member in members:
            out.setdefault(member, []).append(name)
    return out


def _targets_in(value: object) -> Iterator[Target]:
    """Every target within a value of the domain, however deep."""
    yield from _within(value, Target)


def _texts_in(value: object) -> Iterator[str]:
    yield from _within(value, str)


def _within(value: object, kind: type[Kind]) -> Iterator[Kind]:
    if isinstance(value, kind):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _within(getattr(value, each.name), kind)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _within(item, kind)
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from _within(item, kind)
