"""Who is found behind a target of a policy, and by which channels they are paged (R5, R7).

Everybody who was looked at and not paged is named with the reason, so that "why was I not paged?" has an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warroom.domain.policy import PageTo, Target, TargetKind

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.core import Context
    from warroom.domain.room import Room


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody (or, with `to` "", a target as a whole) who was not paged, and why."""

    to: str
    target: str
    why: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What became of some targets: the pages, and who was passed over."""

    pages: tuple[PageTo, ...]
    passed: tuple[PassedOver, ...] = ()

    @property
    def nobody(self) -> str:
        """Why nobody was found, in words."""
        return "; ".join(each.why for each in self.passed if not each.to) or "it names nobody"


def reach(targets: tuple[Target, ...], via: tuple[str, ...], room: Room, context: Context) -> Reach:
    """Who is to be paged for `targets`, by which channels.

    `via` are the channels wanted; a person who has none of them is reached by the first one they have. Nobody is
    paged twice by the same channel in one step.
    """
    book = context.book
    pages: dict[tuple[str, str], PageTo] = {}
    passed = []
    for target in targets:
        if target.kind is TargetKind.LEVEL:
            continue
        if target.kind is TargetKind.CHANNEL:
            pages.setdefault((target.name, "chat"), PageTo(target.name, "chat", str(target)))
            continue
        people, nobody = _people(target, room, book)
        found = False
        for login in people:
            ways = ways_to(login, via, book)
            if not ways:
                passed.append(PassedOver(login, str(target), f"{login} has no contact"))
            for channel in ways:
                pages.setdefault((login, channel), PageTo(login, channel, str(target)))
                found = True
            if found and target.kind is TargetKind.ONCALL:
                break
        if not found:
            passed.append(PassedOver("", str(target), nobody or f"{target}: {', '.join(people)} cannot be reached"))
    return Reach(tuple(pages.values()), tuple(passed))


def reach_person(login: str, room: Room, context: Context) -> Reach:
    """How one person is paged, by their own order of channels."""
    return reach((Target(TargetKind.PERSON, login),), (), room, context)


def _people(target: Target, room: Room, book: Rulebook) -> tuple[tuple[str, ...], str]:
    match target.kind:
        case TargetKind.PERSON:
            return (target.name,), ""
        case TargetKind.ONCALL:
            listed = book.oncall.get(target.name)
            people = listed.people if listed else ()
            return people, f"nobody is on call for {target.name}" if not people else ""
        case TargetKind.TEAM:
            people = book.teams.get(target.name, ())
            return people, f"team {target.name} has no members" if not people else ""
        case _:
            holder = room.roles.holder(target.name)
            return ((holder,), "") if holder else ((), f"{target.name} is vacant")


def ways_to(login: str, via: tuple[str, ...], book: Rulebook) -> tuple[str, ...]:
    """The channels by which a person is paged when `via` are wanted; none when they have no contact at all."""
    person = book.people.get(login)
    if person is None or not person.contacts:
        return ()
    has = [c.via for c in person.contacts]
    return tuple(v for v in via if v in has) or (has[0],)
