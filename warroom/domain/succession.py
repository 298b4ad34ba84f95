"""Who could take a role over, and how tired everybody is (R4): what is known of people put together for one incident.

The best successor is on call for the role, not tired, and has done it before; deputies stand by for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from warroom.domain.fatigue import A_DAY, Fatigue, Load, Stay, Tired, assess
from warroom.domain.oncall import off_duty_words
from warroom.domain.policy import Target, TargetKind
from warroom.domain.reach import Reach, reach
from warroom.domain.role_titles import titled
from warroom.domain.roles import LEAD, base_of
from warroom.domain.schedule import people_of
from warroom.valueclass import dataclass
from warroom.words import tr, trn

if TYPE_CHECKING:
    from warroom.domain.core import Context
    from warroom.domain.room import Room

MOST = 12
"""How many successors are named at the most."""


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody who could take a role over. `times`: how often they held it in other incidents; `holds`: roles that they
    have here already, `titles` what those are called. `off`: why they are not at work, "" where they are or are on call
    for it."""

    person: str
    deputy: bool = False
    on_call: bool = False
    here: bool = False
    times: int = 0
    tired: Tired = Tired.NO
    why_tired: str = ""
    holds: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    off: str = ""

    @property
    def words(self) -> str:
        """What speaks for them and against them."""
        return ", ".join(self._words()) or tr("in its pool")

    def _words(self) -> Iterator[str]:
        if self.deputy:
            yield tr("deputy")
        if self.on_call:
            yield tr("on call")
        if self.here:
            yield tr("in the room")
        if self.times:
            yield trn("has done it {times} time", "has done it {times} times", self.times).format(times=self.times)
        if self.holds:
            yield tr("is {titles}").format(titles=tr(" and ").join(self.titles or self.holds))
        if self.off:
            yield self.off
        yield f"{tr(self.tired.value)}: {self.why_tired}" if self.tired else tr("not tired")


class Standing:
    """What weighs on everybody in one incident at one moment, each asked for at most once."""

    def __init__(self, room: Room, context: Context) -> None:
        """For a room as it is at the moment of `context`."""
        self.room, self.context = room, context
        self._loads: dict[str, Load] = {}
        self._tired: dict[str, Fatigue] = {}

    def load(self, person: str) -> Load:
        """What weighs on somebody, in this incident and in others."""
        if person not in self._loads:
            self._loads[person] = self._load(person)
        return self._loads[person]

    def fatigue(self, person: str) -> Fatigue:
        """How tired somebody is by the rules of the incident."""
        if person not in self._tired:
            self._tired[person] = assess(self.load(person), self.context.book.fatigue, self.context.now)
        return self._tired[person]

    def _load(self, person: str) -> Load:
        room, now, book = self.room, self.context.now, self.context.book
        known, someone, duty = room.people.get(person), book.people.get(person), self.context.duty
        stays: list[Stay] = [(stay.start, stay.end) for stay in known.stretches]
        stays += duty.attended.get(person, ())
        zone = someone.zone if someone is not None else ""
        own = (paged.at for paged in room.escalation.history if any(page.to == person for page in paged.pages))
        times = {at for at in own if now - A_DAY < at <= now} | set(duty.paged_at(person, now - A_DAY, now))
        at_night = tuple(sorted(at for at in times if book.fatigue.night.covers(at, zone)))
        # Who stands by does not lead: no shorter limit of the role holds for them.
        held = {
            f"{name} (deputy)" if person in room.roles.get(name).deputies else name: since
            for name, since in room.roles.of(person).items()
        }
        return Load(held, known.joined_at if known.here else None, tuple(stays), known.awake_since, at_night)

    def successors(self, role: str) -> tuple[Successor, ...]:
        """Who could take a role over from whoever leads it, the best first; nobody who is absent or not to be
        reached."""
        room, context = self.room, self.context
        state, spec, now = room.roles.get(role), context.book.role(role), context.now
        found = reach(spec.pool, (), room, context)
        on_call = tuple(dict.fromkeys(page.to for page in found.pages if page.to in context.book.people))
        others = (login for target in spec.pool for login in _behind(target, context))
        candidates = dict.fromkeys((*state.deputies, *state.also, *on_call, *room.people.here(), *others))
        done = context.duty.held.get(base_of(role), {})
        out = []
        for person in candidates:
            if person == state.holder or context.duty.absent(person, now) is not None:
                continue
            tired = self.fatigue(person)
            with titled(context.book):
                weighs = tired.why(now)
            out.append(
                Successor(
                    person,
                    person in state.deputies,
                    person in on_call,
                    room.people.get(person).here,
                    int(done.get(person, 0)),
                    tired.level(now),
                    weighs,
                    (held := tuple(name for name in room.roles.of(person) if name != role)),
                    tuple(context.book.role(name).title for name in held),
                    "" if person in on_call or room.people.get(person).here else self._off(person),
                )
            )
        out.sort(key=_rank)
        return tuple(out[:MOST])

    def _off(self, person: str) -> str:
        """Why somebody is not at work, without their name."""
        book = self.context.book
        known = book.people.get(person)
        return off_duty_words(known, book.holidays, self.context.now) if known is not None else ""


def _rank(one: Successor) -> tuple[object, ...]:
    level = {Tired.NO: 0, Tired.AMBER: 1, Tired.RED: 2}[one.tired]
    # Who leads the incident is the last to be asked to do something else besides.
    ready = not one.deputy, not one.on_call, bool(one.off), not one.times, bool(one.holds), not one.here
    return (level, LEAD in one.holds, *ready)


def _behind(target: Target, context: Context) -> tuple[str, ...]:
    """Everybody who can be reached on a list, on a schedule or in a team."""
    book = context.book
    match target.kind:
        case TargetKind.ONCALL if target.name in book.schedules:
            found = people_of(book.schedules[target.name])
        case TargetKind.ONCALL:
            listed = book.oncall.get(target.name)
            found = listed.people if listed is not None else ()
        case TargetKind.TEAM:
            found = book.teams.get(target.name, ())
        case _:
            found = ()
    return tuple(person for person in found if person in book.people and book.people[person].contacts)


@dataclass(frozen=True, slots=True)
class Span:
    """How many people report to the incident manager, and how many should; `streams` are workstreams without a lead of
    their own, with those who work in them."""

    count: int
    most: int
    people: tuple[str, ...]
    streams: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def over(self) -> bool:
        """Whether the work should be split."""
        return self.count > self.most


def span_of_control(room: Room, context: Context) -> Span | None:
    """Who reports to the incident manager: everybody in the room, every holder and every owner of an open task, but for
    those who work in a workstream that has a lead of its own. None where the rules name no figure."""
    most = context.book.fatigue.span
    lead = room.roles.holder(LEAD)
    if most is None or not room.incident.live:
        return None
    led = {name.partition("/")[2]: state.holder for name, state in room.roles.by_name.items() if "/" in name}
    streams: dict[str, dict[str, None]] = {}
    for task in room.record.tasks:
        if task.open and task.owner:
            streams.setdefault(task.stream, {})[task.owner] = None
    below = {owner for stream, owners in streams.items() if led.get(stream) for owner in owners if owner != led[stream]}
    deputies = {person for state in room.roles.by_name.values() for person in state.deputies}
    holders = {person for state in room.roles.by_name.values() for person in (state.holder, *state.also) if person}
    owners = {owner for each in streams.values() for owner in each}
    # A deputy of the incident manager carries the load with them, and does not add to it.
    apart = (below | deputies) - holders | {lead}
    people = tuple(sorted({*room.people.here(), *holders, *owners} - apart))
    alone = tuple((name, tuple(who)) for name, who in streams.items() if name and not led.get(name))
    return Span(len(people), most, people, tuple(sorted(alone, key=lambda each: (-len(each[1]), each[0]))))


def told(people: Iterable[str], room: Room, context: Context) -> Reach:
    """By which ways these people hear of something."""
    targets = tuple(Target(TargetKind.PERSON, person) for person in dict.fromkeys(people) if person)
    return reach(targets, (), room, context, by_hand=True)
