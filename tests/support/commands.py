"""Commands given to a room: by hand, one after the other (`Play`), or drawn at random (`commands`, `scripts`).

The strategies know the rulebook, so that most of what they draw names something real, and some of it does not. All
times are whole seconds from `T0` on. Texts are of any kind, control characters included.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, level, seconds, targets
from warroom.domain.book import Rulebook
from warroom.domain.comms import Audience, Cadence, PostUpdate, ReminderStep
from warroom.domain.core import ENGINE, Command, Context, Entry, Event, Refused
from warroom.domain.escalation import Acknowledge, Escalate, SnoozeEscalation, Wake
from warroom.domain.incident import Amend, Declare, SetSeverity, SetStatus, SeveritySpec, Status
from warroom.domain.oncall import PagingHours
from warroom.domain.policy import Policy
from warroom.domain.record import AddNote, NoteKind
from warroom.domain.roles import AcceptRole, AssignRole, EndOffer, LeaveRole, OfferRole, RequiredRole, RoleSpec
from warroom.domain.room import Room, Tick, decide, due, fold

EXAMPLES = int(os.environ.get("WARROOM_EXAMPLES", "50"))
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
HOSTILE = ("", "  ", "\x1b[31mred", "a\u202eb", "x" * 300, "kor: \ud55c\uad6d", "nul\x00", "two\nlines", "…", "{0} %s")

Draft = Callable[[datetime], Command]
"""A command whose times are still to be counted from a moment."""


def texts() -> st.SearchStrategy[str]:
    """Text of any kind: mostly plain, sometimes empty, sometimes hostile."""
    return st.one_of(st.sampled_from(("a reason", "db is back", *HOSTILE)), st.text(max_size=12))


def _mostly(known: tuple[str, ...], text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(*[st.sampled_from(known)] * 4, text) if known else text


def _seen(what: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), st.none(), what)


def _moments() -> st.SearchStrategy[timedelta]:
    """Distances from now: some past, most ahead, some years ahead."""
    return st.one_of(
        st.integers(1, 90), st.integers(1, 7200), st.integers(-60, 0), st.integers(1, 90_000_000), st.just(86_400 * 366)
    ).map(seconds)


def _ahead(now: datetime, ahead: timedelta | None) -> datetime | None:
    return None if ahead is None else now + ahead


@cache
def _drafts(
    severities: tuple[str, ...], roles: tuple[str, ...], channels: tuple[str, ...], people: tuple[str, ...]
) -> st.SearchStrategy[Draft]:
    """Any command by the names of a rulebook; made once for all rulebooks that have the same names."""
    text = texts()
    who, role, channel = _mostly((*people, *ACTORS), text), _mostly(roles, text), _mostly(channels, text)
    moment, reason = _moments(), st.one_of(st.just("a reason"), text)

    def at_once(*made: st.SearchStrategy[Command]) -> st.SearchStrategy[Draft]:
        return st.one_of(*made).map(lambda command: lambda now: command)

    def snooze(ahead: timedelta, why: str) -> Draft:
        return lambda now: SnoozeEscalation(now + ahead, why)

    def post(name: str, body: str, ahead: timedelta | None, audience: Audience | None, seen: int | None) -> Draft:
        return lambda now: PostUpdate(name, body, _ahead(now, ahead), audience, seen)

    def amend(title: str | None, service: str | None, summary: str | None, ahead: timedelta | None) -> Draft:
        return lambda now: Amend(title, service, summary, _ahead(now, ahead), "it was otherwise")

    audience = st.one_of(st.none(), st.sampled_from(Audience))
    maybe = st.one_of(st.none(), text)
    return st.one_of(
        at_once(
            st.builds(Acknowledge, _seen(st.integers(0, 3))),
            st.builds(Escalate, text, st.one_of(st.just(""), st.just(""), who), _seen(st.integers(0, 3))),
            st.just(Wake()),
        ),
        st.builds(snooze, moment, reason),
        at_once(
            st.builds(SetStatus, st.sampled_from(Status), reason, _seen(st.sampled_from(Status))),
            st.builds(SetStatus, st.sampled_from((Status.RESOLVED, Status.CLOSED)), st.just("so it is")),
        ),
        at_once(st.builds(SetSeverity, _mostly(severities, text), reason, _seen(st.sampled_from(severities)))),
        st.builds(post, channel, reason, st.one_of(st.none(), moment), audience, _seen(st.integers(0, 2))),
        at_once(
            st.builds(AssignRole, role, who, reason, _seen(who)),
            st.builds(OfferRole, role, who, text),
            st.builds(AcceptRole, role),
            st.builds(EndOffer, role),
            st.builds(LeaveRole, role, text),
        ),
        at_once(st.builds(AddNote, text, st.sampled_from(NoteKind))),
        st.builds(amend, maybe, maybe, maybe, st.one_of(st.none(), moment)),
    )


def _drafts_of(book: Rulebook) -> st.SearchStrategy[Draft]:
    return _drafts(tuple(book.severities), tuple(book.roles), tuple(book.channels), tuple(book.people))


def commands(book: Rulebook = BOOK, now: datetime = T0) -> st.SearchStrategy[Command]:
    """Any command for an incident that exists; times lie around `now`."""
    return _drafts_of(book).map(lambda draft: draft(now))


@dataclass(frozen=True)
class Step:
    """One line of a script: `ahead` seconds after the line before, `actor` gives `command`."""

    ahead: int
    actor: str
    command: Command


Script = list[Step]


@cache
def _lines(
    names: tuple[tuple[str, ...], ...], longest: int, most: int, ticks: bool
) -> st.SearchStrategy[list[tuple[int, str, Draft | None]]]:
    ahead = st.one_of(st.just(0), st.integers(0, min(most, 30)), st.integers(0, min(most, 900)), st.integers(0, most))
    draft: st.SearchStrategy[Draft | None] = _drafts(*names)
    if ticks:
        draft = st.one_of(draft, st.none())
    return st.lists(st.tuples(ahead, st.sampled_from(ACTORS), draft), max_size=longest)


def scripts(
    book: Rulebook = BOOK,
    start: datetime = T0,
    *,
    longest: int = 16,
    most: int = 20_000,
    ticks: bool = True,
) -> st.SearchStrategy[Script]:
    """An incident from its declaration on: up to `longest` commands and ticks, the clock moving `most` seconds at most
    between two of them. With `ticks` False there are commands only."""
    names = (tuple(book.severities), tuple(book.roles), tuple(book.channels), tuple(book.people))

    def script(severity: str, lines: list[tuple[int, str, Draft | None]]) -> Script:
        now, steps = start, [Step(0, "mina", Declare("결제 오류: checkout is down", severity, key="INC-1"))]
        for ahead, actor, draft in lines:
            now += seconds(ahead)
            steps.append(Step(ahead, ENGINE, Tick()) if draft is None else Step(ahead, actor, draft(now)))
        return steps

    return st.builds(script, st.sampled_from(names[0]), _lines(names, longest, most, ticks))


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
        try:
            events = play.do(step.command, step.actor)
        except Refused:
            events = ()
        if after_step is not None:
            after_step(play, step, events)
    return play


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
            cadence=tuple(Cadence(name, delay(), delay(), maybe_delay()) for name in some(2, *BOOK.channels)),
            roles=tuple(RequiredRole(name, delay()) for name in some(2, *BOOK.roles)),
        )

    def role(name: str) -> RoleSpec:
        return RoleSpec(
            name, name, (), targets(*some(2, *REACHABLE, *UNREACHABLE)), delay(), chance.randint(1, 3), delay()
        )

    reminders, at = [], timedelta(0)
    for _ in range(chance.randint(0, 3)):
        to = targets(*some(2, "role:comms-manager", "role:incident-manager", "level", "person:ghost"))
        reminders.append(ReminderStep(at, to))
        at += delay()
    severities = [severity(rank) for rank in (1, 2, 3)]
    return replace(
        BOOK,
        revision=f"book-{number}",
        severities={spec.name: spec for spec in severities},
        policies={name: policy(name) for name in ("p1", "p2", "p3")},
        roles={name: role(name) for name in BOOK.roles},
        reminders=tuple(reminders),
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


def stories(*, ticks: bool = True, longest: int = 16) -> st.SearchStrategy[Story]:
    """A rulebook with a script for it: the everyday one, or an invented one with short timers."""
    everyday = scripts(ticks=ticks, longest=longest).map(lambda script: Story(BOOK, script))
    short = scripts(random_book(0), most=200, ticks=ticks, longest=longest)
    return st.one_of(everyday, st.tuples(books(), short).map(lambda made: Story(*made)))
