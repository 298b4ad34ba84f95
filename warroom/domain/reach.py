"""Who is found behind a target of a policy, and by which channels they are paged (R5, R7).

Everybody who was looked at and not paged is named with the reason, so that "why was I not paged?" has an answer.
Somebody who is absent or has no contact is never paged. Somebody outside working hours (where the page can wait) or
over the limit of a schedule is passed over as long as another one is found: no rule leads into silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from warroom.domain.chatrooms import Word, room_for
from warroom.domain.oncall import off_duty
from warroom.domain.policy import PageTo, PassedOver, Target, TargetKind
from warroom.domain.rules import owner_of
from warroom.domain.schedule import ScheduleSpec, absent_words, beyond_limit, on_call
from warroom.valueclass import dataclass
from warroom.words import plain

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.core import Context
    from warroom.domain.room import Room


@dataclass(frozen=True, slots=True)
class Reach:
    """What became of some targets: the pages, and who was passed over."""

    pages: tuple[PageTo, ...]
    passed: tuple[PassedOver, ...] = ()

    @property
    def nobody(self) -> str:
        """Why nobody was found, in words."""
        return "; ".join(each.why for each in self.passed if not each.to) or "it names nobody"


def reach(
    targets: tuple[Target, ...],
    via: tuple[str, ...],
    room: Room,
    context: Context,
    *,
    turn: int | None = None,
    avoid: frozenset[str] = frozenset(),
    by_hand: bool = False,
) -> Reach:
    """Who is to be paged for `targets`, by which channels.

    `via` are the channels wanted; a person who has none of them is reached by the first one they have. Nobody is
    paged twice by the same channel in one step. With `turn` (round robin, counted from 0) one person alone is paged:
    the one whose turn it is, or the next who can be reached; chat rooms are paged besides. Those in `avoid` have
    declined: they are passed over. `by_hand`: somebody asks for just these people, so that a person who is named is
    paged although they are absent.
    """
    search = _Search(via, room, context, avoid, by_hand)
    with plain():  # why somebody is passed over is kept
        if turn is None:
            for target in targets:
                search.all_of(target)
        else:
            search.one_of(targets, turn)
    return Reach(tuple(search.pages.values()), tuple(dict.fromkeys(search.passed)))


def ways_to(login: str, via: tuple[str, ...], book: Rulebook) -> tuple[str, ...]:
    """The channels by which a person is paged when `via` are wanted; none when they have no contact at all."""
    person = book.people.get(login)
    if person is None or not person.contacts:
        return ()
    has = [c.via for c in person.contacts]
    return tuple(v for v in via if v in has) or (has[0],)


@dataclass(frozen=True, slots=True)
class _Group:
    """The people behind a target. `one`: the first who can be reached, else all of them. `waits`: those who are off
    duty come last. `nobody`: why there are none."""

    people: tuple[str, ...] = ()
    one: bool = False
    waits: bool = False
    nobody: str = ""


class _Search:
    """One search under way: the pages found so far, and who was passed over."""

    def __init__(
        self, via: tuple[str, ...], room: Room, context: Context, avoid: frozenset[str], by_hand: bool
    ) -> None:
        self.via, self.room, self.context, self.book = via, room, context, context.book
        self.avoid, self.by_hand = avoid, by_hand
        severity = self.book.severities.get(room.incident.severity)
        self.urgent = severity is None or severity.major
        self.pages: dict[tuple[str, str], PageTo] = {}
        self.passed: list[PassedOver] = []

    def all_of(self, target: Target) -> None:
        """Page whoever a target means."""
        if self._chat(target):
            return
        before = len(self.passed)
        people = self._people(target, target, frozenset())
        self._page(target, people)
        if not people:
            self._say_nobody(target, self.passed[before:])

    def one_of(self, targets: Iterable[Target], turn: int) -> None:
        """Page one of all the people whom the targets mean."""
        wanted = [target for target in targets if not self._chat(target)]
        seats: dict[str, tuple[Target, str]] = {}
        for target in wanted:
            spec = self._schedule(target)
            group = self._group(target) if spec is None else _Group(self._duty_of(spec, target)[0])
            for login in group.people:
                seats.setdefault(login, (target, self._later(login, group, spec)))
        if seats:
            first = turn % len(seats)
            row = list(seats.items())
            found = self._next_in(row[first:] + row[:first])
            if found:
                return
        for target in wanted:  # nobody among them: whoever stands behind them
            if not self.pages:
                self.all_of(target)

    def _next_in(self, row: list[tuple[str, tuple[Target, str]]]) -> bool:
        """Page the first in a row of candidates who can be reached; those who are better spared only if nobody else."""
        free = [(login, target, later) for login, (target, later) in row if not self._cannot(login, target)]
        chosen = next((each for each in free if not each[2]), free[0] if free else None)
        if chosen is None:
            return False
        for login, target, later in free:
            if login != chosen[0]:
                why = later or f"not the turn of {login}: it is that of {chosen[0]}"
                self.passed.append(PassedOver(login, str(target), why))
        self._page(chosen[1], (chosen[0],))
        return True

    # One target ----------------------------------------------------------------------------------------------------

    def _chat(self, target: Target) -> bool:
        """Whether a target is no person's; a chat room is paged."""
        if target.kind is TargetKind.CHANNEL:
            self.pages.setdefault((target.name, "chat"), PageTo(target.name, "chat", str(target)))
        elif target.kind is TargetKind.ROOM:
            self._chat_of_stage(target)
        return target.kind in (TargetKind.CHANNEL, TargetKind.ROOM, TargetKind.LEVEL)

    def _chat_of_stage(self, target: Target) -> None:
        """The chat room in which the incident is worked on now, under its own name."""
        incident = self.room.incident
        name = room_for(incident.status.value, Word.PAGE, self.book, incident.severity)
        if name:
            self._chat(Target(TargetKind.CHANNEL, name))
        else:
            self.passed.append(PassedOver("", str(target), f"no chat room for the stage {incident.status}"))

    def _page(self, target: Target, people: Iterable[str]) -> None:
        for login in people:
            for channel in ways_to(login, self.via, self.book):
                self.pages.setdefault((login, channel), PageTo(login, channel, str(target)))

    def _say_nobody(self, target: Target, passed: Iterable[PassedOver]) -> None:
        """Say of a target as a whole that it finds nobody, if that was not said yet."""
        if any(not each.to for each in passed):
            return
        people = dict.fromkeys(each.to for each in passed)
        whys = dict.fromkeys(each.why for each in passed if not each.why.endswith("has no contact"))
        why = "; ".join(whys) or f"{', '.join(people) or 'nobody'} cannot be reached"
        self.passed.append(PassedOver("", str(target), f"{target}: {why}"))

    def _people(self, target: Target, named: Target, seen: frozenset[str]) -> tuple[str, ...]:
        """Whom to page for `target`, which stands behind what the policy has `named`; `seen`: schedules on the way."""
        spec = self._schedule(target)
        if spec is not None:
            return self._on_schedule(spec, named, seen)
        group = self._group(target)
        if group.nobody:
            self.passed.append(PassedOver("", str(named), group.nobody))
        able = [login for login in group.people if not self._cannot(login, named)]
        later = {login: self._later(login, group, None) for login in able}
        ready = [login for login in able if not later[login]] or able
        chosen = ready[:1] if group.one else ready
        for login in able:
            if login not in chosen:
                why = later[login] or f"on call after {chosen[0]}, who was reached"
                self.passed.append(PassedOver(login, str(named), why))
        return tuple(chosen)

    def _on_schedule(self, spec: ScheduleSpec, named: Target, seen: frozenset[str]) -> tuple[str, ...]:
        people, why = self._duty_of(spec, named)
        able = [login for login in people if not self._cannot(login, named)]
        spent = {login: reason for login in able if (reason := self._spent(login, spec))}
        ready = tuple(login for login in able if login not in spent)
        seen |= {spec.name}
        before = len(self.passed)
        for target in () if ready else spec.backup:
            if target.kind is TargetKind.ONCALL and target.name in seen:
                continue
            ready = self._people(target, named, seen)
            if ready:
                break
        if ready:
            # What was said of a backup that found nobody does not hold for the target as a whole.
            self.passed[before:] = [each for each in self.passed[before:] if each.to]
            self.passed += [PassedOver(login, str(named), why) for login, why in spent.items() if login not in ready]
        elif not able and not people:
            self.passed.append(PassedOver("", str(named), why))
        return ready or tuple(able)

    def _duty_of(self, spec: ScheduleSpec, named: Target) -> tuple[tuple[str, ...], str]:
        """Who is on call on a schedule now, and why; who would have been is noted."""
        now = on_call(spec, self.context.now, self.book, self.context.duty)
        self.passed += [PassedOver(login, str(named), why) for login, why in now.passed]
        return now.people, now.why

    def _schedule(self, target: Target) -> ScheduleSpec | None:
        """The schedule that a target means, if it is one."""
        if target.kind is TargetKind.SERVICE and target.name == "oncall":
            return self.book.schedules.get(self._service_oncall())
        return self.book.schedules.get(target.name) if target.kind is TargetKind.ONCALL else None

    def _group(self, target: Target) -> _Group:
        match target.kind:
            case TargetKind.PERSON:
                return _Group((target.name,))
            case TargetKind.ONCALL:
                return self._list(target.name)
            case TargetKind.TEAM:
                return self._team(target.name)
            case TargetKind.SERVICE:
                return self._of_service(target.name)
            case TargetKind.MANAGER:
                return self._managers(target.name)
            case _:
                holder = self.room.roles.holder(target.name)
                return _Group((holder,)) if holder else _Group(nobody=f"{target.name} is vacant")

    def _list(self, name: str) -> _Group:
        listed = self.book.oncall.get(name)
        if listed is None or not listed.people:
            return _Group(nobody=f"nobody is on call for {name}")
        return _Group(listed.people, one=True, waits=True)

    def _team(self, name: str) -> _Group:
        people = self.book.teams.get(name, ())
        return _Group(people, waits=True) if people else _Group(nobody=f"team {name} has no members")

    def _of_service(self, what: str) -> _Group:
        service, owner = self.room.incident.service, owner_of(self.room.incident, self.book)
        if not service and not owner:
            return _Group(nobody="the incident names no service")
        if what == "oncall":
            name = self._service_oncall()
            whom = service or f"team {owner}"
            return self._list(name) if name else _Group(nobody=f"the rulebook has nobody on call for {whom}")
        return self._team(owner) if owner else _Group(nobody=f"the rulebook has no owner of {service}")

    def _service_oncall(self) -> str:
        """Who is on call for the incident's service: its own schedule or list, else that of the team that owns it."""
        own = self.book.service(self.room.incident.service).oncall
        return own or self.book.team(owner_of(self.room.incident, self.book)).oncall

    def _managers(self, of: str) -> _Group:
        from warroom.domain.roles import LEAD  # roles know pages, and pages know who was passed over

        if of == "lead":
            lead = self.room.roles.holder(LEAD)
            people: tuple[str, ...] = (lead,) if lead else ()
            none = f"{LEAD} is vacant"
        else:
            history = self.room.escalation.history
            paged = ([p.to for p in each.pages if p.to in self.book.people] for each in reversed(history))
            people = tuple(dict.fromkeys(next((each for each in paged if each), ())))
            none = "nobody was paged yet who could have a manager"
        known = [self.book.people[login] for login in people if login in self.book.people]
        managers = tuple(dict.fromkeys(person.manager for person in known if person.manager))
        if managers:
            return _Group(managers)
        return _Group(nobody=f"{', '.join(people)}: no manager in the rulebook" if people else none)

    # One person ----------------------------------------------------------------------------------------------------

    def _cannot(self, login: str, named: Target) -> bool:
        """Whether somebody cannot be paged at all; it is noted."""
        absence = self.context.duty.absent(login, self.context.now)
        if absence is not None and not (self.by_hand and named.kind is TargetKind.PERSON):
            self.passed.append(PassedOver(login, str(named), absent_words(absence)))
        elif login in self.avoid:
            self.passed.append(PassedOver(login, str(named), f"{login} has declined"))
        elif not ways_to(login, (), self.book):
            self.passed.append(PassedOver(login, str(named), f"{login} has no contact"))
        else:
            return False
        return True

    def _later(self, login: str, group: _Group, spec: ScheduleSpec | None) -> str:
        """Why somebody is better spared as long as there is somebody else; "" if there is no reason."""
        if spec is not None:
            return self._spent(login, spec)
        person = self.book.people.get(login)
        if person is None or not group.waits or self.urgent:
            return ""
        return off_duty(person, self.book.holidays, self.context.now)

    def _spent(self, login: str, spec: ScheduleSpec) -> str:
        own = [
            each.at
            for each in self.room.escalation.history
            for _ in range(each.times)
            if any(page.to == login for page in each.pages)
        ]
        return beyond_limit(spec, login, self.context.now, self.book, self.context.duty, own)
