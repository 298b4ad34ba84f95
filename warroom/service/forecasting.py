"""Who will be paged when if nobody does anything (R5): the engine's own decisions, the clock put forward, in words.

Nothing is worked out a second time here. `foresee` yields the entries that the engine would write; this module says of
each when it comes, what it is, whom it finds behind which target and why them, and who is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from warroom.domain.book import Rulebook
from warroom.domain.clocks import reminders
from warroom.domain.comms import UpdateMissed, UpdateWarned
from warroom.domain.core import Entry, Event, Postponed
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import (
    AcknowledgementLapsed,
    CheckpointAsked,
    EscalationExhausted,
    EscalationPlanned,
    EscalationSwitched,
    LevelAnnounced,
    LevelPaged,
    LevelSkipped,
    PagedBesides,
    Phase,
    StatusStalled,
)
from warroom.domain.kept_words import kept
from warroom.domain.policy import PageTo, PassedOver, TargetKind
from warroom.domain.reach import Reach
from warroom.domain.record_events import Reminded
from warroom.domain.role_titles import titled
from warroom.domain.roles import RoleMissed, RoleOffered
from warroom.domain.room import Room, describe, evolve, foresee
from warroom.domain.rules import HoldKept, owner_of
from warroom.domain.schedule import ScheduleSpec, on_call
from warroom.domain.status_words import DAY_MONTH_CLOCK, deadline_word, moment, status_word
from warroom.service.viewing import severity_face
from warroom.valueclass import dataclass
from warroom.views import ForecastLine, ForecastView, PageLine, PassedLine
from warroom.words import tr

STEPS = 24
"""How many steps are shown where nobody says how many."""
LOOK_AHEAD = 500
"""How many entries are looked through at most for the steps that are wanted: a ladder whose last level is paged on and
on never comes to an end by itself."""

_NOTHING_SAID = Reach(()).nobody


@dataclass(frozen=True, slots=True)
class Step:
    """An entry that will follow, the policy that its level belongs to, and the room as it was before."""

    entry: Entry
    policy: str
    room: Room


def steps_ahead(room: Room, book: Rulebook, duty: Duty, now: datetime) -> Iterator[Step]:
    """What will follow by itself from `now` on, one entry after the other.

    Of the looks at a hold that find nothing new, one after the other, only the first is told.
    """
    yield from islice(_steps(room, book, duty, now), LOOK_AHEAD)


def _steps(room: Room, book: Rulebook, duty: Duty, now: datetime) -> Iterator[Step]:
    policy, held = room.escalation.policy, False
    for entry in foresee(room, book, duty, now):
        if isinstance(entry.event, EscalationPlanned | EscalationSwitched):
            policy = entry.event.policy
        if not (held and isinstance(entry.event, HoldKept)):
            yield Step(entry, policy, room)
        held = isinstance(entry.event, HoldKept)
        room = evolve(room, entry)


def forecast(
    room: Room,
    book: Rulebook,
    now: datetime,
    duty: Duty = NOTHING_BESIDES,
    *,
    steps: int = STEPS,
    pages_only: bool = False,
) -> ForecastView:
    """The next `steps` steps on an incident; with `pages_only` those alone at which somebody is paged, or the ladder
    finds nobody. What is overdue already comes at `now`."""
    lines: list[ForecastLine] = []
    whole, seen = True, 0
    for step in steps_ahead(room, book, duty, now):
        seen += 1
        with titled(book):
            line = forecast_line(step, book, duty)
        if pages_only and not (line.pages or isinstance(step.entry.event, LevelSkipped | EscalationExhausted)):
            continue
        if len(lines) == steps:
            whole = False
            break
        lines.append(line)
    return ForecastView(
        room.incident.key,
        room.incident.title,
        severity_face(room.incident.severity, book),
        now,
        tuple(lines),
        whole and seen < LOOK_AHEAD,
        "" if lines else nothing_ahead(room, pages_only=pages_only and seen > 0),
    )


def nothing_ahead(room: Room, *, pages_only: bool = False) -> str:
    """Why no step follows by itself."""
    incident, state = room.incident, room.escalation
    if incident.watched:
        return tr("{key} was imported from {provider}: it is watched, and nobody is paged for it").format(
            key=incident.key, provider=incident.provider
        )
    if not incident.live:
        return tr("{key} is {status}: nobody is paged for it any more").format(
            key=incident.key, status=status_word(incident.status)
        )
    if incident.held:
        return tr("nobody is paged for {key}: {held}").format(key=incident.key, held=kept(incident.held))
    match state.phase:
        case Phase.EXHAUSTED:
            return tr("policy {policy} is exhausted: nobody is left to page").format(policy=state.policy)
        case Phase.CALLED_OFF:
            return tr("the escalation was called off: nobody is paged until it is resumed")
        case Phase.NONE:
            return tr("severity {severity} has no escalation policy: nobody is paged by itself").format(
                severity=incident.severity
            )
    if state.acked_by:
        return tr("acknowledged by {acked_by}, and no timer that is left pages anybody").format(acked_by=state.acked_by)
    return tr("nobody is paged any more") if pages_only else tr("no timer runs")


def forecast_line(step: Step, book: Rulebook, duty: Duty) -> ForecastLine:
    """One step in words."""
    entry, event, room = step.entry, step.entry.event, step.room
    pages, told = pages_of(event)

    def lines(given: Iterable[PageTo]) -> tuple[PageLine, ...]:
        return tuple(page_lines(given, entry.at, room, book, duty))

    return ForecastLine(
        at=entry.at,
        kind=event.kind,
        what=what_of(event, step.policy, book),
        cause=cause_of(event),
        policy=step.policy if level_of(event) or isinstance(event, EscalationExhausted | EscalationPlanned) else "",
        level=level_of(event),
        cycle=getattr(event, "cycle", 0) if level_of(event) else 0,
        repeat=getattr(event, "repeat", 0) if isinstance(event, LevelPaged) else 0,
        role=event.role if isinstance(event, RoleMissed) else "",
        channel=event.channel if isinstance(event, UpdateMissed | UpdateWarned) else "",
        pages=lines(pages),
        told=lines(told),
        passed=tuple(passed_lines(event)),
    )


def pages_of(event: Event) -> tuple[tuple[PageTo, ...], tuple[PageTo, ...]]:
    """The pages that an event sends out; and those who are told by it and asked for nothing."""
    pages: tuple[PageTo, ...] = getattr(event, "pages", ())
    told: tuple[PageTo, ...] = (*getattr(event, "consulted", ()), *getattr(event, "informed", ()))
    if isinstance(event, LevelAnnounced | AcknowledgementLapsed | StatusStalled | UpdateWarned):
        return (), (*pages, *told)
    return pages, told


def passed_lines(event: Event) -> Iterator[PassedLine]:
    """Whom an event has passed over. What is said of a target as a whole, and where no list was kept of it of the
    level as a whole, has no person."""
    passed: tuple[PassedOver, ...] = getattr(event, "passed", ())
    for each in passed:
        yield PassedLine(each.to, each.target, kept(each.why))
    nobody: str = getattr(event, "nobody", "")
    said = any(not each.to and each.why in nobody for each in passed)
    if nobody and not said and (nobody != _NOTHING_SAID or not getattr(event, "pages", ())):
        yield PassedLine("", "", kept(nobody))


def page_lines(pages: Iterable[PageTo], at: datetime, room: Room, book: Rulebook, duty: Duty) -> Iterator[PageLine]:
    """Pages by person, each with why the target means them."""
    ways: dict[tuple[str, str], list[str]] = {}
    for page in pages:
        ways.setdefault((page.to, page.target), []).append(page.via)
    for (to, target), via in ways.items():
        yield PageLine(to, tuple(via), target, because(to, target, at, room, book, duty))


def because(person: str, target: str, at: datetime, room: Room, book: Rulebook, duty: Duty) -> str:
    """Why `target` means `person` at `at`; "" where the target says it itself."""
    kind, _, name = target.partition(":")
    spec = schedule_of(target, room, book)
    if spec is not None:
        found = on_call(spec, at, book, duty)
        return (
            found.why if person in found.people else tr("backup of {name}: {why}").format(name=spec.name, why=found.why)
        )
    match kind:
        case TargetKind.ONCALL if name in book.oncall:
            people = book.oncall[name].people
            place = people.index(person) + 1 if person in people else 0
            return (
                tr("number {place} of the list {name}").format(place=place, name=name)
                if place
                else tr("backup of {name}").format(name=name)
            )
        case TargetKind.TEAM:
            return tr("member of team {name}").format(name=name)
        case TargetKind.ROLE:
            return f"{book.role(name).title}"
        case TargetKind.SERVICE:
            service = room.incident.service
            owner = owner_of(room.incident, book)
            chosen = owner if owner == room.incident.owner else ""
            owned = (
                tr("team {chosen}, which a rule chose").format(chosen=chosen)
                if chosen
                else tr("team that owns {service}").format(service=service)
            )
            return (
                owned
                if name == "owner"
                else tr("on call for {service}").format(service=service or tr("team {owner}").format(owner=owner))
            )
        case TargetKind.MANAGER:
            return tr("manager of the incident manager") if name == "lead" else tr("manager of those paged before")
    return ""


def schedule_of(target: str, room: Room, book: Rulebook) -> ScheduleSpec | None:
    """The schedule that a target means, if it is one."""
    kind, _, name = target.partition(":")
    if kind == TargetKind.SERVICE and name == "oncall":
        own = book.service(room.incident.service).oncall
        return book.schedules.get(own or book.team(owner_of(room.incident, book)).oncall)
    return book.schedules.get(name) if kind == TargetKind.ONCALL else None


# Words ---------------------------------------------------------------------------------------------------------------


def level_of(event: Event) -> int:
    """The level of the ladder that an event is about, 0 for none."""
    return int(getattr(event, "level", 0))


def cause_of(event: Event) -> str:
    """What brought a step about, in a few words."""
    why = getattr(event, "why", None)
    if isinstance(why, str):
        return tr(str(why))
    match event:
        case RoleMissed():
            return tr("role vacant")
        case UpdateMissed():
            return tr("update overdue")
        case UpdateWarned():
            return tr("update nears")
        case Reminded():
            return tr("{what} overdue").format(what=tr(event.what))
        case StatusStalled():
            return tr("status unchanged")
    return ""


def what_of(event: Event, policy: str, book: Rulebook) -> str:
    """A step in words, without the people whom it pages."""
    match event:
        case LevelPaged():
            times = event.repeats or repeats_of(policy, event.level, book)
            again = (
                tr(", repeat {repeat}").format(repeat=event.repeat)
                + (tr(" of {times}").format(times=times) if times else "")
                if event.repeat
                else ""
            )
            return level_words(policy, event.level, event.cycle, book) + again
        case LevelSkipped():
            return tr("{level}: passed over").format(level=level_words(policy, event.level, event.cycle, book))
        case LevelAnnounced() if event.level:
            return tr("{level}: announced for {at:%H:%M:%S} UTC").format(
                level=level_words(policy, event.level, event.cycle, book), at=event.at
            )
        case LevelAnnounced():
            return tr("the end of policy {policy} is announced for {at:%H:%M:%S} UTC").format(
                policy=policy, at=event.at
            )
        case CheckpointAsked():
            then = tr("by {due:%H:%M} UTC, else {otherwise}").format(due=event.due, otherwise=tr(event.otherwise))
            return tr("{level}: needs a confirmation {then}").format(
                level=level_words(policy, event.level, event.cycle, book), then=then
            )
        case AcknowledgementLapsed():
            return tr("the acknowledgement of {by} lapses").format(by=event.by)
        case EscalationExhausted():
            return tr("policy {policy} is exhausted: nobody is left to page").format(policy=event.policy)
        case StatusStalled():
            then = tr("the next level comes in") if event.escalated else tr("no level is left")
            return tr("still {status}: {then}").format(status=status_word(event.status), then=then)
        case RoleMissed():
            spec = book.role(event.role)
            then = tr("; the next level comes in") if event.escalated else ""
            return tr("{title} still vacant, reminder {miss} of {remind_times}{then}").format(
                title=spec.title, miss=event.miss, remind_times=spec.remind_times, then=then
            )
        case RoleOffered():
            return tr("the role {title} is offered to {to}").format(title=book.role(event.role).title, to=event.to)
        case UpdateMissed():
            then = tr("; the next level comes in") if event.escalated else ""
            return tr("update on {channel} overdue, step {miss} of {count}{then}").format(
                channel=event.channel, miss=event.miss, count=len(reminders(book)), then=then
            )
        case UpdateWarned():
            return tr("the update on {channel} nears: due at {due:%H:%M} UTC").format(
                channel=event.channel, due=event.due
            )
        case Reminded():
            owner = event.owner or tr("nobody")
            return tr("{what} #{item} of {owner} overdue, reminder {count} of {times}").format(
                what=tr(event.what), item=event.item, owner=owner, count=event.count, times=book.record.times
            )
        case PagedBesides():
            return tr("paged besides the ladder{what}").format(what=f": {kept(event.reason)}" if event.reason else "")
        case HoldKept():
            return tr(
                "still grouped with {key}, nobody is paged; looked at again and again until that one is over"
            ).format(key=event.key)
        case Postponed():
            return tr("{name} waits for paging hours until {to} UTC").format(
                name=deadline_word(event.name), to=moment(event.to, DAY_MONTH_CLOCK)
            )
    return describe(event)


def level_words(policy: str, level: int, cycle: int, book: Rulebook) -> str:
    """ "level 2 of 3, backup", and from the second cycle on which one it is."""
    spec = book.policies.get(policy)
    if spec is None or not 0 < level <= len(spec.levels):
        return tr("level {level}").format(level=level)
    around = tr(", cycle {cycle} of {cycles}").format(cycle=cycle, cycles=spec.cycles) if cycle > 1 else ""
    return tr("level {level} of {count}, {label}{around}").format(
        level=level, count=len(spec.levels), label=spec.levels[level - 1].label, around=around
    )


def repeats_of(policy: str, level: int, book: Rulebook) -> int:
    """How often a level is paged again."""
    spec = book.policies.get(policy)
    return spec.levels[level - 1].repeat if spec is not None and 0 < level <= len(spec.levels) else 0
