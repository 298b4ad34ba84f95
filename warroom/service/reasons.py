"""Why somebody was paged, or not (R5, R7): read from the record, where every decision wrote down whom it passed over.

Only where the record has nothing of a person is it looked up whom the targets meant then, and what is still ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from warroom.domain.book import Rulebook
from warroom.domain.core import Entry, Event, Postponed
from warroom.domain.delivery import PageFailed
from warroom.domain.duty import NOTHING_BESIDES, Duty
from warroom.domain.escalation import (
    Acknowledged,
    CheckpointSettled,
    EscalationCalledOff,
    EscalationPlanned,
    EscalationResumed,
    EscalationStopped,
    EscalationSwitched,
    LevelPaged,
    LevelSkipped,
    PageDeclined,
    Snoozed,
    SnoozeEnded,
    StatusStalled,
    Unacknowledged,
)
from warroom.domain.kept_words import kept
from warroom.domain.policy import PageTo, Target, TargetKind
from warroom.domain.role_titles import titled
from warroom.domain.roles import RoleAssigned, RoleOffered, RoleVacated
from warroom.domain.room import Room, describe, evolve
from warroom.domain.rules import HoldKept, HoldLifted, RuleApplied
from warroom.domain.schedule import HORIZON, on_call, spans
from warroom.domain.status_words import DAY_MONTH_CLOCK, moment
from warroom.service.forecasting import (
    LOOK_AHEAD,
    Step,
    cause_of,
    forecast_line,
    level_of,
    level_words,
    nothing_ahead,
    pages_of,
    passed_lines,
    schedule_of,
    steps_ahead,
    what_of,
)
from warroom.service.viewing import severity_face
from warroom.store.codec import maybe_from
from warroom.valueclass import dataclass
from warroom.views import DeliveryLine, WhyLine, WhyState, WhyView
from warroom.words import mark, tr

_ANSWERS = (Acknowledged, Unacknowledged, PageDeclined, CheckpointSettled, RoleAssigned, RoleVacated)
"""What a person does about a page."""
_STOPS = (Acknowledged, Unacknowledged, CheckpointSettled, LevelSkipped)
"""What decides for everybody, though somebody did it, or it was found of a level."""
_SINCE = (
    *(EscalationPlanned, EscalationSwitched, EscalationStopped, EscalationCalledOff, EscalationResumed),
    *(Snoozed, SnoozeEnded, Postponed, RuleApplied, HoldKept, HoldLifted),
)
"""What decides, for everybody, whether and when pages go out."""
_FOR_ALL = (*_SINCE, *_STOPS)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the messages of one incident: rows of the outbox by entry, receiver and way."""

    rows: Mapping[tuple[int, str, str], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Any]) -> Sent:
        """The messages as they are found in the outbox. The number of their entry is in their id."""
        found: dict[tuple[int, str, str], Any] = {}
        for row in rows:
            version = row.id.split("/")[-2]
            if version.isdigit():
                found[int(version), row.recipient, row.via] = row
        return cls(found)

    def about(self, version: int, to: str, via: Iterable[str]) -> tuple[DeliveryLine, ...]:
        """What became of one person's messages of one entry."""
        return tuple(self._one(version, to, way) for way in via)

    def _one(self, version: int, to: str, via: str) -> DeliveryLine:
        row = self.rows.get((version, to, via))
        if row is None:
            return DeliveryLine(via, "")
        return DeliveryLine(via, row.state, row.tries, maybe_from(row.sent_at), row.error)


def why(
    room: Room,
    entries: Sequence[Entry],
    book: Rulebook,
    now: datetime,
    duty: Duty = NOTHING_BESIDES,
    *,
    person: str = "",
    sent: Sent | None = None,
) -> WhyView:
    """Every reason on the record, and the first step ahead that finds somebody; of `person` alone where one is named.

    `entries` are the whole record of the incident.
    """
    past = _Past(book, person, sent or Sent())
    with titled(book):
        for entry in entries:
            past.take(entry)
    lines = past.lines
    if person in book.people and not any(line.person == person for line in lines):
        lines = sorted([*lines, *past.elsewhere(duty)], key=lambda line: (line.at or now, line.version))
    lines += _ahead(room, book, duty, now, person)
    if person and not any(line.person == person for line in lines if line.state is not WhyState.NOT_FOUND):
        lines.append(_never(room, book, duty, now, person))
    incident = room.incident
    return WhyView(incident.key, incident.title, severity_face(incident.severity, book), now, person, tuple(lines))


class _Past:
    """The record being read: the reasons in it, and the steps of the ladder with the room as each found it."""

    def __init__(self, book: Rulebook, person: str, sent: Sent) -> None:
        self.book, self.person, self.sent = book, person, sent
        self.lines: list[WhyLine] = []
        self.levels: list[tuple[Entry, LevelPaged, str, Room]] = []
        self.room: Room | None = None
        self.before: Event | None = None
        self.policy = ""

    def take(self, entry: Entry) -> None:
        """One more entry, in order."""
        before, event = self.room, entry.event
        self.room = evolve(before, entry)
        if isinstance(event, EscalationPlanned | EscalationSwitched):
            self.policy = event.policy
        if isinstance(event, LevelPaged) and before is not None:
            self.levels.append((entry, event, self.policy, before))
        new = [line for line in self._lines(entry) if not self.person or self._wanted(line, event)]
        if new and isinstance(event, HoldKept) and isinstance(self.before, HoldKept):
            self.lines[-len(new) :] = new  # of several looks that found nothing new the latest one is told
        else:
            self.lines += new
        self.before = event

    def _wanted(self, line: WhyLine, event: Event) -> bool:
        """Whether a line is the person's, or says of everybody whether and when pages go out."""
        if line.person == self.person:
            return True
        return (isinstance(event, _STOPS) and line.state is WhyState.ANSWERED) or (
            isinstance(event, _FOR_ALL) and not line.person
        )

    def _lines(self, entry: Entry) -> Iterator[WhyLine]:
        event, book = entry.event, self.book
        line = self._line(entry)
        pages, told = pages_of(event)
        for to, target, via in by_person(pages):
            if isinstance(event, PageFailed):
                where = replace(
                    line,
                    what=tr("paged again"),
                    cause="",
                    why=tr("by {via} it did not go out: {error}").format(via=event.via, error=event.error),
                )
            else:
                where = line
            yield self._delivered(where, WhyState.PAGED, to, target, via)
        for to, target, via in by_person(told):
            yield self._delivered(line, WhyState.TOLD, to, target, via)
        if isinstance(event, RoleOffered):
            yield self._delivered(line, WhyState.TOLD, event.to, "", self._ways(event.to))
        for each in passed_lines(event) if not isinstance(event, PageFailed) else ():
            yield replace(line, state=WhyState.PASSED, person=each.to, target=each.target, why=each.why)
        if isinstance(event, PageFailed) and not pages:
            words = kept(event.nobody) or tr("by {via} it did not go out: {error}").format(
                via=event.via, error=event.error
            )
            yield replace(line, state=WhyState.PASSED, person=event.to, what=tr("not paged again"), why=words)
        if isinstance(event, _ANSWERS):
            yield replace(line, state=WhyState.ANSWERED, person=_who(entry), what=describe(event), cause="")
        if isinstance(event, _SINCE):
            yield replace(line, what=self._since(event, entry.at), cause="")
        if isinstance(event, StatusStalled) and not pages and book:
            yield replace(line, why=describe(event))

    def _line(self, entry: Entry) -> WhyLine:
        event = entry.event
        assert self.room is not None
        level = level_of(event)
        return WhyLine(
            entry.at,
            WhyState.SINCE,
            "",
            what_of(event, self.policy, self.book),
            cause=cause_of(event),
            level=level,
            cycle=getattr(event, "cycle", 0) if level else 0,
            repeat=event.repeat if isinstance(event, LevelPaged) else 0,
            version=self.room.version,
        )

    def _since(self, event: Event, at: datetime) -> str:
        match event:
            case EscalationPlanned():
                waits = self.room is not None and self.room.escalation.start_at == event.start_at > at
                return describe(event) + (
                    tr("; its first page waits until {start_at} UTC").format(
                        start_at=moment(event.start_at, DAY_MONTH_CLOCK)
                    )
                    if waits
                    else ""
                )
            case EscalationStopped():
                return tr("nobody is paged any more: {reason}").format(reason=kept(event.reason))
            case RuleApplied():
                return tr("rule {words}").format(words=describe(event))
            case Snoozed():
                return tr("snoozed {words}").format(words=describe(event))
            case Postponed():
                return what_of(event, self.policy, self.book)
        return describe(event)

    def _delivered(self, line: WhyLine, state: WhyState, to: str, target: str, via: tuple[str, ...]) -> WhyLine:
        return replace(line, state=state, person=to, target=target, deliveries=self.sent.about(line.version, to, via))

    def _ways(self, person: str) -> tuple[str, ...]:
        found = self.book.people.get(person)
        return (found.contacts[0].via,) if found and found.contacts else ()

    def elsewhere(self, duty: Duty) -> Iterator[WhyLine]:
        """Whom the levels that were paged meant instead of the person, each level once for each cycle."""
        for entry, event, policy, before in self.levels:
            spec = self.book.policies.get(policy)
            if event.repeat or spec is None or not 0 < event.level <= len(spec.levels):
                continue
            found = {
                target: ", ".join(dict.fromkeys(p.to for p in event.pages if p.target == str(target)))
                for target in spec.levels[event.level - 1].targets
            }
            reasons = [
                instead(self.person, target, who, entry.at, before, self.book, duty) for target, who in found.items()
            ]
            yield WhyLine(
                entry.at,
                WhyState.NOT_FOUND,
                self.person,
                level_words(policy, event.level, event.cycle, self.book),
                why="; ".join(each for each in reasons if each),
                cause=cause_of(event),
                level=event.level,
                cycle=event.cycle,
                version=before.version + 1,
            )


def by_person(pages: Iterable[PageTo]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Pages as (to, target, ways)."""
    ways: dict[tuple[str, str], list[str]] = {}
    for page in pages:
        ways.setdefault((page.to, page.target), []).append(page.via)
    for (to, target), via in ways.items():
        yield to, target, tuple(via)


def _who(entry: Entry) -> str:
    match entry.event:
        case Acknowledged(by=by):
            return by
        case PageDeclined(person=person) | RoleAssigned(person=person):
            return person
        case RoleVacated(before=before):
            return before
    return entry.actor


def instead(person: str, target: Target, found: str, at: datetime, room: Room, book: Rulebook, duty: Duty) -> str:
    """Why `target` did not mean `person` at `at`, when it found `found`."""
    spec = schedule_of(str(target), room, book)
    if spec is not None:
        return f"{target}: {on_call(spec, at, book, duty).why}"
    who = found or tr("nobody")
    match target.kind:
        case TargetKind.ONCALL:
            people = book.oncall[target.name].people if target.name in book.oncall else ()
            return f"{target}: {who}" + (
                "" if person in people else tr("; {person} is not on that list").format(person=person)
            )
        case TargetKind.TEAM:
            return (
                tr("{target}: {person} is not in that team").format(target=target, person=person)
                if person not in book.teams.get(target.name, ())
                else ""
            )
        case TargetKind.ROLE:
            holder, title = room.roles.holder(target.name), book.role(target.name).title
            return (
                tr("{target}: held by {holder} then").format(target=title, holder=holder)
                if holder
                else tr("{target}: vacant then").format(target=title)
            )
        case _:
            return f"{target}: {who}"


PAGED, OVER = mark("paged"), mark("passed over")


def _ahead(room: Room, book: Rulebook, duty: Duty, now: datetime, person: str) -> Iterator[WhyLine]:
    """The first step ahead that pages each person, and the first at which they are passed over before that."""
    done: set[tuple[str, str]] = set()
    for step in steps_ahead(room, book, duty, now):
        with titled(book):
            line = forecast_line(step, book, duty)
        found = [(each.to, each.target, each.because, PAGED) for each in line.pages]
        found += [(each.to, each.target, each.why, OVER) for each in line.passed]
        for to, target, words, verb in found:
            if person in ("", to) and not {(to, verb), (to, PAGED)} & done:
                done.add((to, verb))
                yield _line_ahead(step, line.what, to, target, words, verb)
        if person and (person, PAGED) in done:
            return


def _line_ahead(step: Step, what: str, to: str, target: str, words: str, verb: str) -> WhyLine:
    event = step.entry.event
    level = level_of(event)
    return WhyLine(
        step.entry.at,
        WhyState.AHEAD,
        to,
        what,
        why=f"{tr(verb)}: {words}" if words else tr(verb),
        target=target,
        cause=cause_of(event),
        level=level,
        cycle=getattr(event, "cycle", 0) if level else 0,
        repeat=event.repeat if isinstance(event, LevelPaged) else 0,
    )


def _never(room: Room, book: Rulebook, duty: Duty, now: datetime, person: str) -> WhyLine:
    """That nothing finds a person, and why not."""
    if person not in book.people and not any(p.to == person for each in room.escalation.history for p in each.pages):
        from warroom.rulebook.values import nearest

        close = nearest(person, book.people)
        meant = tr("; did you mean {close}?").format(close=close) if close else ""
        words = tr("the rulebook of this incident ({revision}) knows nobody called {person}{meant}").format(
            revision=room.incident.revision, person=person, meant=meant
        )
        return WhyLine(None, WhyState.NEVER, person, tr("no page"), words)
    ahead = sum(1 for _ in steps_ahead(room, book, duty, now))
    words = nothing_ahead(room) if not ahead else tr("no step that follows finds them")
    if ahead == LOOK_AHEAD:
        words = tr("none of the next {look_ahead} steps finds them").format(look_ahead=LOOK_AHEAD)
    named = ", ".join(_naming(room, book, duty, now, person))
    tail = f"; {named}" if named else tr("; no target of the policy, a role or a reminder names them")
    return WhyLine(None, WhyState.NEVER, person, tr("no page"), words + tail)


def _naming(room: Room, book: Rulebook, duty: Duty, now: datetime, person: str) -> Iterator[str]:
    """Where the rulebook names a person: lists and teams, the levels of the policy, and their next turn of each
    schedule."""
    policy = book.policies.get(room.escalation.policy)
    for schedule, spec in book.schedules.items():
        for span in spans(spec, now, now + HORIZON, book, duty):
            if person in span.people:
                if span.start <= now:
                    yield tr("on call on {schedule} now").format(schedule=schedule)
                else:
                    start = moment(span.start, DAY_MONTH_CLOCK)
                    yield tr("on call on {schedule} from {start} UTC on").format(schedule=schedule, start=start)
                break
    for name, listed in book.oncall.items():
        if person in listed.people:
            yield tr("on the list {name}").format(name=name)
    for name, members in book.teams.items():
        if person in members:
            yield tr("in team {name}").format(name=name)
    for number, level in enumerate(policy.levels if policy else (), 1):
        if Target(TargetKind.PERSON, person) in level.targets:
            yield tr("named on level {number} of {policy}").format(number=number, policy=room.escalation.policy)
