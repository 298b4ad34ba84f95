"""Commands given to a room: by hand, one after the other (`Play`), or drawn at random (`commands`, `scripts`).

The strategies know the rulebook, so that most of what they draw names something real, and some of it does not. All
times are whole seconds from `T0` on. Texts are of any kind, control characters included.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, level, seconds, targets
from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence, ClockRules, ReminderStep
from warroom.domain.comms import Audience, PostUpdate, SkipUpdate
from warroom.domain.core import ENGINE, Command, Context, Entry, Event, Refused
from warroom.domain.delivery import ReportDelivery
from warroom.domain.escalation import (
    Acknowledge,
    CallOff,
    Confirm,
    Decline,
    Escalate,
    Refuse,
    Repage,
    Resume,
    SnoozeEscalation,
    TakeOver,
    Unacknowledge,
    Wake,
)
from warroom.domain.fatigue import FatigueRules, Limits
from warroom.domain.incident import (
    Absorb,
    Amend,
    Assess,
    CountCases,
    Declare,
    Merge,
    SetSeverity,
    SetStatus,
    SeveritySpec,
    Status,
)
from warroom.domain.links import AddLink, FollowChild, Relate, Relation, RemoveLink, Unrelate
from warroom.domain.moving import MoveToRules
from warroom.domain.oncall import PagingHours
from warroom.domain.people import JoinRoom, LeaveRoom, SayAwake
from warroom.domain.policy import Policy
from warroom.domain.proposals import (
    ApproveUpdate,
    CommentUpdate,
    HoldUpdate,
    ProposeUpdate,
    ScheduleUpdate,
    SendUpdate,
    WithdrawUpdate,
)
from warroom.domain.record import AddNote, NoteKind
from warroom.domain.record_commands import (
    AddEvidence,
    AddExperiment,
    AddResult,
    AddTask,
    AddTheory,
    AskDecision,
    AssignTask,
    Decide,
    EndTask,
    MakeChange,
    PlanTask,
    SettleTheory,
    UndoChange,
)
from warroom.domain.record_events import TheoryState, Verdict
from warroom.domain.roles import (
    LEAD,
    AcceptRole,
    AddRole,
    AssignRole,
    DropRole,
    EndOffer,
    JoinRole,
    LeaveRole,
    OfferRole,
    PlanHandover,
    ReadBack,
    RequiredRole,
    RoleSpec,
    TickDuty,
)
from warroom.domain.room import Room, Tick, decide, due, fold
from warroom.domain.rules import LiftHold

T = TypeVar("T")

EXAMPLES = int(os.environ.get("WARROOM_EXAMPLES", "90"))
"""How many examples a property is tried on; the same ones each time."""


def examples(share: float = 1.0) -> settings:
    """The profile of every property: bounded, the same each time, no clock."""
    return settings(
        max_examples=max(1, round(EXAMPLES * share)),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


# By hand -------------------------------------------------------------------------------------------------------------


@dataclass
class Play:
    """One incident under way in a test: the room, its record, and a clock that only the test moves."""

    book: Rulebook = BOOK
    now: datetime = T0
    room: Room | None = None
    entries: list[Entry] = field(default_factory=list)

    def do(self, command: Command, actor: str = "mina") -> tuple[Event, ...]:
        """Give a command now and return what came of it; a refusal goes through."""
        taken = decide(self.room, command, Context(self.now, actor, self.book))
        self.entries += taken
        self.room = fold(taken, self.room)
        return tuple(entry.event for entry in taken)

    def refusal(self, command: Command, actor: str = "mina", kind: type[Refused] = Refused) -> str:
        """The message with which a command is refused; the test fails if it is not, or by another kind."""
        try:
            taken = self.do(command, actor)
        except Refused as refused:
            assert type(refused) is kind, f"{type(refused).__name__}: {refused}"
            return str(refused)
        raise AssertionError(f"{command} was not refused but led to {taken}")

    def tick(self) -> tuple[Event, ...]:
        """Take every step that fell due by now."""
        return self.do(Tick(), ENGINE)

    def until(self, when: datetime | timedelta) -> tuple[Event, ...]:
        """Move the clock to a moment (a duration counts from `T0`), taking each step exactly when it falls due."""
        end = T0 + when if isinstance(when, timedelta) else when
        out: list[Event] = []
        while self.room is not None and (pending := due(self.room)) and pending[0].at <= end:
            self.now = max(self.now, pending[0].at)
            out += self.tick()
        self.now = max(self.now, end)
        return tuple(out)

    def jump(self, when: datetime | timedelta) -> tuple[Event, ...]:
        """Move the clock to a moment at once, as after a stand-still, and tick there until nothing is overdue."""
        self.now = T0 + when if isinstance(when, timedelta) else when
        out: list[Event] = []
        while events := self.tick():
            out += events
        return tuple(out)

    def deadlines(self) -> dict[str, timedelta]:
        """What falls due, as durations from `T0`."""
        return {deadline.name: deadline.at - T0 for deadline in due(self.there)}

    @property
    def there(self) -> Room:
        """The room, which has to exist by now."""
        assert self.room is not None
        return self.room


def declared(severity: str = "SEV1", book: Rulebook = BOOK, at: datetime = T0) -> Play:
    """An incident that was declared a moment ago."""
    play = Play(book, at)
    play.do(Declare("Checkout is down", severity, "checkout", key="INC-1"))
    return play


# At random -----------------------------------------------------------------------------------------------------------

ACTORS = ("ada", "bo", "eva", "mina", "nobody-known")
STREAMS = ("database", "eu", "", "  ")
HOSTILE = ("", "  ", "\x1b[31mred", "a\u202eb", "x" * 300, "kor: \ud55c\uad6d", "nul\x00", "two\nlines", "…", "{0} %s")


def random_text(chance: Random) -> str:
    """Text of any kind: mostly plain, sometimes empty, hostile or any code points at all."""
    kind = chance.random()
    if kind < 0.75:
        return chance.choice(("a reason", "db is back", "결제 오류"))
    if kind < 0.9:
        return chance.choice(HOSTILE)
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(0, 8)))


def open_numbers(room: Room | None) -> dict[str, tuple[int, ...]]:
    """The numbers of what is on a room's record to be worked on, by what it is, and of the updates that wait."""
    if room is None:
        return {}
    record = room.record
    experiments = [each for theory in record.theories for each in theory.experiments]
    found = {
        "task": record.tasks,
        "theory": record.theories,
        "experiment": experiments,
        "pending": record.pending,
        "change": record.changes,
        "update": room.comms.proposals,
    }
    return {what: tuple(each.id for each in things) for what, things in found.items()}


def random_command(chance: Random, book: Rulebook = BOOK, now: datetime = T0, room: Room | None = None) -> Command:
    """Any command for an incident that exists. Most of what it names is in the rulebook, or in `room`, some of it is
    not; times lie around `now`: some past, most ahead, a few years ahead."""
    open_now = open_numbers(room)

    def text() -> str:
        return random_text(chance)

    def one_of(*known: str) -> str:
        return chance.choice(known) if known and chance.random() < 0.93 else text()

    def who() -> str:
        return one_of(*book.people, *ACTORS)

    def role() -> str:
        return one_of(*book.roles) if chance.random() < 0.9 else f"{one_of(*book.roles)}/{chance.choice(STREAMS)}"

    def moment() -> datetime:
        most = chance.choice((90, 90, 7200, 7200, 90_000_000))
        return now + seconds(chance.randint(-30 if chance.random() < 0.2 else 1, most))

    def maybe(value: Callable[[], T], share: float = 0.3) -> T | None:
        return value() if chance.random() < share else None

    def seen() -> int | None:
        return maybe(lambda: chance.randint(0, 3), 0.2)

    def number(what: str = "update") -> int:
        known = open_now.get(what, ())
        return chance.choice(known) if known and chance.random() < 0.85 else chance.choice((0, chance.randint(1, 60)))

    def report() -> Command:
        kind = chance.choice(("page", "page", "page", "update", "alert", "notice"))
        message, ways = f"INC-1/{chance.randint(1, 12)}/{chance.randint(1, 3)}", ("sms", "chat", "mail", "phone")
        tried = tuple(chance.sample(ways, chance.randint(0, 3)))
        page = chance.randint(0, 12)
        return ReportDelivery(message, kind, who(), chance.choice(ways), text(), page, tried, chance.random() < 0.3)

    def amend_more() -> Command:
        times = ("detected_at", "declared_at", "acknowledged_at", "mitigated_at", "ended_at", "closed_at")
        given: dict[str, Any] = {name: moment() for name in times if chance.random() < 0.15}
        given |= {name: chance.randint(-1, 9) for name in ("internal", "external", "cases") if chance.random() < 0.3}
        lost = [name for name in ("started_at", "cases", "closed_at") if chance.random() < 0.1]
        return Amend(unknown=tuple(lost), description=maybe(text), products=maybe(lambda: (text(), text())), **given)

    def assess() -> Command:
        impact, urgency = one_of(*book.assessment.impact, ""), one_of(*book.assessment.urgency, "")
        to = maybe(lambda: one_of(*book.severities, ""), 0.7)
        return Assess(impact, urgency, ((text(), text()),), to, text())

    def written() -> Command:
        """Something for the record, mostly about what is there."""
        due = maybe(moment, 0.6)
        return chance.choice(
            (
                AddTask(text(), maybe(who, 0.7) or "", due, one_of("db", "")),
                AddTask(text(), who(), due),
                AskDecision(text(), maybe(who, 0.7) or "", due),
                AssignTask(number("task"), who()),
                PlanTask(number("task"), due),
                EndTask(number("task"), text(), chance.random() < 0.3),
                Decide(number("pending"), text(), chance.random() < 0.3),
                AddTheory(text()),
                AddExperiment(text(), number("theory")),
                AddExperiment(text(), number("theory")),
                AddResult(text(), number("experiment"), chance.choice(list(Verdict))),
                AddResult(text(), number("experiment"), chance.choice(list(Verdict))),
                AddResult(text(), number("experiment"), chance.choice(list(Verdict))),
                SettleTheory(number("theory"), chance.choice(list(TheoryState)), text()),
                MakeChange(text(), text(), text()),
                UndoChange(number("change"), text()),
                AddEvidence(one_of("https://x.example/1", "/var/log/x"), text()),
            )
        )

    def leave() -> Command:
        held = [] if room is None else [(name, who) for name, r in room.roles.by_name.items() for who in r.people]
        if held and chance.random() < 0.5:
            name, person = chance.choice(held)
            return LeaveRole(name, text(), person)
        return LeaveRole(role(), text(), maybe(who, 0.2) or "")

    status = (Status.RESOLVED, Status.CLOSED, *Status)
    makers: tuple[tuple[int, Callable[[], Command]], ...] = (
        (8, lambda: Acknowledge(seen())),
        (6, lambda: Escalate(text(), maybe(who) or "", seen(), maybe(lambda: chance.randint(0, 3)))),
        (6, lambda: SnoozeEscalation(moment(), text())),
        (4, lambda: Wake()),
        (3, lambda: TakeOver(text(), maybe(who, 0.1))),
        (5, lambda: Unacknowledge(text(), maybe(who, 0.1))),
        (6, lambda: Decline(maybe(who, 0.7) or "", text(), seen())),
        (3, lambda: Repage(text(), seen())),
        (3, lambda: CallOff(text(), seen())),
        (4, lambda: Resume(text())),
        (4, lambda: Confirm(text(), seen())),
        (3, lambda: Refuse(text(), seen())),
        (1, lambda: Merge(chance.choice(("INC-1", "INC-2")), text())),
        (1, lambda: Absorb(f"INC-{chance.randint(1, 3)}", text(), one_of(*book.severities))),
        (1, lambda: MoveToRules(one_of(book.revision))),
        (12, lambda: SetStatus(chance.choice(status), text(), maybe(lambda: chance.choice(status), 0.1))),
        (12, lambda: SetSeverity(one_of(*book.severities), text(), maybe(lambda: one_of(*book.severities), 0.1))),
        (
            12,
            lambda: PostUpdate(one_of(*book.channels), text(), maybe(moment), maybe(lambda: Audience.EXTERNAL), seen()),
        ),
        (5, lambda: SkipUpdate(one_of(*book.channels), text(), seen())),
        (4, lambda: PostUpdate(one_of(*book.channels), text(), also=(one_of(*book.channels),), corrects=number())),
        (
            6,
            lambda: ProposeUpdate(
                (one_of(*book.channels),),
                text(),
                text(),
                maybe(moment),
                review=chance.random() < 0.5,
                reviewer=maybe(who) or "",
                send_at=maybe(moment),
                replaces=number(),
            ),
        ),
        (4, lambda: ApproveUpdate(number(), text(), chance.random() < 0.5)),
        (2, lambda: CommentUpdate(number(), text())),
        (2, lambda: SendUpdate(number(), text(), seen())),
        (2, lambda: ScheduleUpdate(number(), moment())),
        (1, lambda: HoldUpdate(number(), text())),
        (1, lambda: WithdrawUpdate(number(), text())),
        (6, lambda: AssignRole(role(), who(), text(), maybe(who, 0.1))),
        (6, lambda: OfferRole(role(), chance.choice(ACTORS) if chance.random() < 0.8 else who(), text())),
        (6, lambda: AcceptRole(role(), text() if chance.random() < 0.3 else "", maybe(moment, 0.05))),
        (3, lambda: JoinRole(role(), maybe(who) or "", chance.random() < 0.5)),
        (2, lambda: ReadBack(role(), text())),
        (3, lambda: PlanHandover(role(), maybe(moment, 0.8), maybe(who) or "")),
        (2, lambda: AddRole(role(), maybe(lambda: seconds(chance.randint(-5, 900)), 0.6))),
        (1, lambda: DropRole(role())),
        (2, lambda: TickDuty(role(), chance.randint(-1, 3), chance.random() < 0.7)),
        (3, lambda: JoinRoom(maybe(who) or "")),
        (3, lambda: LeaveRoom(maybe(who) or "", text())),
        (2, lambda: SayAwake(now - seconds(chance.randint(-60, 400_000)), maybe(who) or "")),
        (3, lambda: EndOffer(role())),
        (4, leave),
        (2, lambda: AddNote(text(), chance.choice(list(NoteKind)))),
        (9, written),
        (2, lambda: Amend(maybe(text), maybe(text), maybe(text), maybe(moment), text())),
        (1, lambda: Amend(environment=maybe(text), labels={text(): text()}, reason=text())),
        (2, amend_more),
        (1, lambda: CountCases(chance.randint(-3, 5), maybe(lambda: chance.randint(-1, 20)))),
        (2, assess),
        (2, lambda: AddLink(one_of("chat", "call", "ticket"), one_of("#inc-1", "https://meet.example.org/1"))),
        (1, lambda: RemoveLink(one_of("chat", "call", "ticket"), maybe(text) or "")),
        (3, lambda: Relate(chance.choice(list(Relation)), f"INC-{chance.randint(1, 4)}", text(), text(), "new")),
        (1, lambda: Unrelate(f"INC-{chance.randint(1, 4)}", text())),
        (3, lambda: FollowChild(f"INC-{chance.randint(1, 4)}", chance.choice(list(Status)).value)),
        (1, lambda: LiftHold(text())),
        (3, report),
    )
    (make,) = chance.choices([maker for _, maker in makers], [weight for weight, _ in makers])
    return make()


def commands(book: Rulebook = BOOK, now: datetime = T0) -> st.SearchStrategy[Command]:
    """Any command for an incident that exists; see `random_command`."""
    return st.integers(0, 2**32).map(lambda number: random_command(Random(number), book, now))


@dataclass(frozen=True)
class Step:
    """One line of a script: `ahead` seconds after the line before, `actor` gives `command`."""

    ahead: int
    actor: str
    command: Command


Script = list[Step]


def random_script(
    number: int,
    book: Rulebook = BOOK,
    start: datetime = T0,
    *,
    length: int = 16,
    most: int = 20_000,
    ticks: bool = True,
) -> Script:
    """The script of that number: a shorter one is the beginning of a longer one. See `scripts`."""
    chance = Random(number)
    declare = Declare("Checkout is down", chance.choice(list(book.severities)), key="INC-1")
    play, steps = Play(book, start), [Step(0, "mina", declare)]
    play.do(declare)
    for _ in range(length):
        ahead = chance.randint(0, min(most, chance.choice((0, 30, 900, most))))
        play.now += seconds(ahead)
        if ticks and chance.random() < 0.35:
            steps.append(Step(ahead, ENGINE, Tick()))
            play.tick()
            continue
        # Most commands come from somebody who knows what is possible, so that an incident really moves.
        for _ in range(chance.choice((1, 4, 4, 4))):
            command, actor = random_command(chance, book, play.now, play.room), chance.choice(ACTORS)
            with suppress(Refused):
                play.do(command, actor)
                break
        steps.append(Step(ahead, actor, command))
    return steps


def scripts(
    book: Rulebook = BOOK,
    start: datetime = T0,
    *,
    longest: int = 24,
    most: int = 20_000,
    ticks: bool = True,
) -> st.SearchStrategy[Script]:
    """An incident from its declaration on: up to `longest` commands and ticks, the clock moving `most` seconds at most
    between two of them. With `ticks` False there are commands only.

    Made from a number rather than drawn piece by piece, which is twenty times as fast. A failing one is made shorter
    from its end, and by leaving out steps.
    """

    def script(number: int, length: int, without: set[int]) -> Script:
        made = random_script(number, book, start, length=length, most=most, ticks=ticks)
        return [step for index, step in enumerate(made) if index not in without or not index]

    return st.builds(script, st.integers(0, 2**32), _lengths(longest), _left_out(longest))


def _lengths(longest: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, longest), st.integers(longest // 2, longest))


def _left_out(longest: int) -> st.SearchStrategy[set[int]]:
    """Steps to leave out of a script: mostly none, so that a failing one can be made smaller."""
    return st.one_of(st.just(set()), st.sets(st.integers(1, longest), max_size=longest))


def play_script(
    book: Rulebook,
    script: Script,
    start: datetime = T0,
    after_step: Callable[[Play, Step, tuple[Event, ...]], None] | None = None,
) -> Play:
    """Give every command of a script, with no ticks but its own; refused ones are passed over."""
    play = Play(book, start)
    for step in script:
        play.now += seconds(step.ahead)
        events: tuple[Event, ...] = ()
        with suppress(Refused):
            events = play.do(step.command, step.actor)
        if after_step is not None:
            after_step(play, step, events)
    return play


OPEN_STAGES = ("new", "triaging", "investigating", "mitigating")
REACHABLE = ("oncall:payments", "team:backend", "person:dag", "channel:#leads")
UNREACHABLE = ("oncall:nobody", "team:empty", "team:ghosts", "person:ghost", "role:scribe", "role:incident-manager")


@lru_cache(maxsize=256)
def random_book(number: int, longest: int = 60) -> Rulebook:
    """The invented rulebook of that number: three severities P1 to P3, any of which may lack a policy, channels or
    roles; levels and pools that may reach nobody; all timers between one and `longest` seconds."""
    chance = Random(number)

    def delay() -> timedelta:
        return seconds(chance.randint(1, longest))

    def maybe_delay() -> timedelta | None:
        return delay() if chance.random() < 0.7 else None

    def some(most: int, *of: str) -> list[str]:
        return chance.sample(of, chance.randint(0, most))

    def policy(name: str) -> Policy:
        levels = tuple(
            level(
                f"level {count}",
                *some(2, *REACHABLE, *UNREACHABLE),
                ack=maybe_delay(),
                resolve=maybe_delay(),
                repeat=chance.choice((0, 0, 1, 2)),
                via=chance.choice(((), ("sms",), ("mail", "chat"))),
            )
            for count in range(1, chance.randint(1, 3) + 1)
        )
        return Policy(name, levels, chance.randint(1, 2), targets(*some(1, *REACHABLE)))

    def cadence(name: str) -> Cadence:
        stages = {status: delay() for status in some(2, *OPEN_STAGES)}
        return Cadence(name, delay(), delay(), maybe_delay(), stages, maybe_delay())

    def severity(rank: int) -> SeveritySpec:
        # The hours open within the first minutes: what waits for them is awaited within the test.
        hours = PagingHours("UTC", (0, 1, 2, 3, 4), time(10, chance.randint(0, 2)), time(10, 59))
        return SeveritySpec(
            f"P{rank}",
            rank,
            str(rank),
            f"priority {rank}",
            rank == 1,
            policy=chance.choice(("p1", "p2", "p3", f"p{rank}", "")),
            hours=chance.choice((None, None, hours)),
            cadence=tuple(cadence(name) for name in some(2, *BOOK.channels)),
            roles=tuple(RequiredRole(name, delay()) for name in some(2, *BOOK.roles)),
        )

    def role(name: str) -> RoleSpec:
        pool = targets(*some(2, *REACHABLE, *UNREACHABLE))
        then = targets(*some(1, "level", "role:incident-manager", "person:bo"))
        duties = tuple(f"duty {count} of {name}" for count in range(1, number % 3 + 1))
        seats = number // 3 % 3
        return RoleSpec(
            name, name, duties, pool, delay(), chance.randint(1, 3), delay(), then, 1 + seats, seats, number % 2 == 0
        )

    def limits() -> Limits:
        return Limits(maybe_delay(), maybe_delay())

    reminders = [
        ReminderStep(None, targets(*some(2, "role:comms-manager", "person:bo", "person:ghost")), percent)
        for percent in sorted(chance.sample((50, 80, 90), chance.choice((0, 1, 1, 2))))
    ]
    at = timedelta(0)
    for _ in range(chance.randint(0, 3)):
        to = targets(*some(2, "role:comms-manager", "role:incident-manager", "level", "person:ghost"))
        percent = chance.choice((None, 100, 120, 150))
        reminders.append(ReminderStep(at if percent is None else None, to, percent, chance.choice((0, 0, 2, 3))))
        at += delay()
    severities = [severity(rank) for rank in (1, 2, 3)]
    return replace(
        BOOK,
        revision=f"book-{number}",
        severities={spec.name: spec for spec in severities},
        policies={name: policy(name) for name in ("p1", "p2", "p3")},
        roles={name: role(name) for name in BOOK.roles},
        reminders=tuple(reminders),
        fatigue=FatigueRules(
            limits(), {LEAD: limits()} if number % 2 else {}, limits(), limits(), Limits(None, delay() * 900), span=3
        )
        if number % 3
        else FatigueRules(),
        clocks=ClockRules(delay() * 2, chance.choice((0, 1, 1, 2)), 95),
    )


def books() -> st.SearchStrategy[Rulebook]:
    """Rulebooks with short timers; one that fails is named by its revision."""
    return st.integers(0, 4000).map(random_book)


@dataclass(frozen=True, repr=False)
class Story:
    """A rulebook with a script for it; shown by the rulebook's revision, which says how it was made."""

    book: Rulebook
    script: Script

    def __repr__(self) -> str:
        lines = "".join(f"\n    {step.ahead:>6} {step.actor}: {step.command!r}" for step in self.script)
        return f"Story({self.book.revision}{lines})"


def stories(
    of: st.SearchStrategy[Rulebook] | None = None, *, most: int = 200, longest: int = 24, ticks: bool = True
) -> st.SearchStrategy[Story]:
    """A rulebook with a script for it: one of `of`, else the everyday one or one with short timers; see `scripts`."""

    def story(book: Rulebook, number: int, length: int, without: set[int]) -> Story:
        far = 20_000 if book is BOOK else most
        made = random_script(number, book, length=length, most=far, ticks=ticks)
        return Story(book, [step for index, step in enumerate(made) if index not in without or not index])

    book = st.one_of(st.just(BOOK), books()) if of is None else of
    return st.builds(story, book, st.integers(0, 2**32), _lengths(longest), _left_out(longest))
