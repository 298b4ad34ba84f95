"""People who cannot be paged, whom nobody pages, on whom too much rests; roles that nobody can fill (R4, R7, R13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from warroom.domain.book import Rulebook
from warroom.domain.policy import TargetKind
from warroom.rulebook.check_reach import Candidates
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.validate import Steps
from warroom.rulebook.values import some
from warroom.words import tr

MANY: Final = 5
"""Somebody on more on-call lists and schedules than this is a finding: a default of ours."""


def look(book: Rulebook) -> Iterator[Finding]:
    """What is doubtful about people, roles, teams and services."""
    candidates = Candidates(book)
    yield from _people(book, candidates)
    yield from _roles(book, candidates)
    yield from _teams(book)
    yield from _services(book)
    yield from _ways(book, candidates)


def _people(book: Rulebook, candidates: Candidates) -> Iterator[Finding]:
    asked = candidates.in_use
    for login, person in book.people.items():
        path: Steps = ("people", login)
        if not candidates.reachable(login):
            named = candidates.places(login)
            weight = Weight.WARNING if login in asked else Weight.NOTICE
            what = (
                tr("has no contact, and is named in {named}").format(named=", ".join(named[:3]))
                if named
                else tr("has no contact")
            )
            yield Finding(
                weight, "person-no-contact", path, what, tr("add contacts:, the preferred one first"), at_key=True
            )
        elif login not in asked:
            yield Finding(
                Weight.NOTICE,
                "person-never-paged",
                path,
                tr("is paged by nothing: no policy, role or reminder leads to them"),
                tr("put them on a list, a team or a level, or leave them here to be named by hand"),
                at_key=True,
            )
        if not person.zone and candidates.on_schedules(login):
            what = tr("is on the schedule {on_schedule} and has no zone: nobody knows their night").format(
                on_schedule=candidates.on_schedules(login)[0]
            )
            advice = tr("add zone:, such as Europe/Stockholm")
            yield Finding(Weight.NOTICE, "person-no-zone", path, what, advice, at_key=True)
        duties = candidates.duties(login)
        if len(duties) > MANY:
            yield Finding(
                Weight.NOTICE,
                "person-many-lists",
                path,
                tr("is on {count} on-call lists and schedules ({duties})").format(
                    count=len(duties), duties=", ".join(duties[:8])
                ),
                tr("share some of them out"),
                at_key=True,
            )


def _roles(book: Rulebook, candidates: Candidates) -> Iterator[Finding]:
    required = {need.role: severity.name for severity in book.severities.values() for need in severity.roles}
    for name, role in book.roles.items():
        path: Steps = ("roles", name)
        if name in required and not role.pool:
            yield Finding(
                Weight.WARNING,
                "role-no-pool",
                path,
                tr("is required by {required} and has no pool: nobody is asked to fill it").format(
                    required=required[name]
                ),
                tr("add pool: and whom to ask, such as a team or an on-call list"),
                at_key=True,
            )
        elif role.pool and not candidates.can_reach(role.pool):
            yield Finding(
                Weight.ERROR if name in required else Weight.WARNING,
                "role-nobody",
                (*path, "pool"),
                tr("can reach nobody who could fill it"),
                tr("name people who have contacts, or on-call lists or teams of them"),
            )
        loop = _circle(name, book)
        if loop and name in required:
            yield Finding(
                Weight.WARNING,
                "role-circle",
                (*path, "then"),
                tr("leads in a circle ({loop}): while they are vacant the last reminder reaches nobody").format(
                    loop=" → ".join(loop)
                ),
                tr("name level:next, a team or a person in one of them"),
            )


def _circle(start: str, book: Rulebook) -> tuple[str, ...]:
    """The roles along `then` from `start` back to it, where nothing but roles is named on the way."""
    way = [start]
    while True:
        then = book.role(way[-1]).then
        if len(then) != 1 or then[0].kind is not TargetKind.ROLE:
            return ()
        way.append(then[0].name)
        if way[-1] == start:
            return tuple(way)
        if way[-1] in way[:-1]:
            return ()


def _teams(book: Rulebook) -> Iterator[Finding]:
    for name, team in book.team_specs.items():
        if team.lead and team.lead not in team.members:
            what = tr("is led by {lead}, who is not among its members").format(lead=team.lead)
            advice = tr("add {lead} to members, where a page for the team is meant for them too").format(lead=team.lead)
            yield Finding(Weight.NOTICE, "team-lead-outside", ("teams", name, "lead"), what, advice)


def _ways(book: Rulebook, candidates: Candidates) -> Iterator[Finding]:
    """Contacts and chat rooms that pages are meant for and that nothing sends to."""
    if book.delivery is None:
        return
    if not book.delivery.ways and not book.delivery.rooms:
        what = tr("names no way: pages to people and chat rooms cannot go out, other systems alone are told")
        advice = tr("add ways:, such as chat, sms and mail")
        yield Finding(Weight.WARNING, "delivery-no-ways", ("delivery",), what, advice, at_key=True)
        return
    meant: dict[str, list[str]] = {}
    for login in sorted(candidates.in_use):
        person = book.people.get(login)
        lanes = [login] if login.startswith("#") else [each.via for each in person.contacts] if person else []
        for lane in lanes:
            if not candidates.sent(lane):
                meant.setdefault("chat" if lane.startswith("#") else lane, []).append(login)
    for way, who in meant.items():
        shown = some(who, 5)
        yield Finding(
            Weight.WARNING,
            "way-not-sent",
            ("delivery", "ways"),
            tr("has nothing for {way}, by which {shown} would be paged: such a page fails").format(
                way=way, shown=shown
            ),
            tr("add {way}: and its address, or take these contacts out").format(way=way),
            at_key=True,
        )


def _services(book: Rulebook) -> Iterator[Finding]:
    found: set[frozenset[str]] = set()
    for name in book.services:
        circle = _needs_itself(name, book)
        if circle and frozenset(circle) not in found:
            found.add(frozenset(circle))
            yield Finding(
                Weight.NOTICE,
                "service-circle",
                ("services", name, "dependencies"),
                tr("leads back to it: {circle}").format(circle=" → ".join(circle)),
                tr("take one of them out, unless they really cannot do without each other"),
            )


def _needs_itself(start: str, book: Rulebook) -> tuple[str, ...]:
    """The shortest way along dependencies from a service back to itself, () where there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        longer = []
        for way in ways:
            for need in book.service(way[-1]).dependencies:
                if need == start:
                    return (*way, start)
                if need not in seen:
                    seen.add(need)
                    longer.append((*way, need))
        ways = longer
    return ()
