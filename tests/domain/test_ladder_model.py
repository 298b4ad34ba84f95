"""The ladder against a second one, written as plainly as can be (`tests.support.plain_ladder`): who is paged when
has to be the same, for random policies and whatever people do; and what is forecast has to come to pass.

`Real` gives the policies and acts of a case to decide, evolve and due, and writes the same kind of log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any

import pytest

from tests.support.books import BOOK, T0, minutes
from tests.support.plain_ladder import Log, Plain, Refusal
from tests.support.plain_worlds import ACTS, HORIZON, MUTE, PEOPLE, World, random_world
from tests.support.play import Play
from warroom.domain.book import Rulebook
from warroom.domain.conditions import ALWAYS, AtHour, Not
from warroom.domain.core import ENGINE, Command, Context, Event, Refused
from warroom.domain.duty import Duty
from warroom.domain.escalation import (
    Acknowledge,
    AcknowledgementLapsed,
    CallOff,
    CheckpointAsked,
    Confirm,
    Decline,
    Escalate,
    EscalationExhausted,
    EscalationPlanned,
    LevelAnnounced,
    LevelPaged,
    LevelSkipped,
    PagedBesides,
    Refuse,
    Repage,
    Resume,
    SnoozeEscalation,
    StatusStalled,
    TakeOver,
    Unacknowledge,
    Wake,
    Why,
)
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.oncall import Contact, OnCallList, Person
from warroom.domain.policy import Ask, Last, Level, Mode, Otherwise, Policy, Target, TargetKind
from warroom.domain.record import AddNote
from warroom.domain.room import Tick, decide, due, fold, foresee

CASES = 3_000
PARTS = 6
"""Into how many tests the cases are cut, so that a failure is found sooner."""

# The real one --------------------------------------------------------------------------------------------------------


def book_of(world: World) -> Rulebook:
    """The same world as a rulebook."""
    lists: dict[str, tuple[str, ...]] = {}
    teams: dict[str, tuple[str, ...]] = {}

    def target(spec: dict[str, Any]) -> Target:
        name = f"t{len(lists) + len(teams)}"
        if spec["kind"] == "person":
            return Target(TargetKind.PERSON, spec["people"][0])
        (lists if spec["kind"] == "list" else teams)[name] = tuple(spec["people"])
        return Target(TargetKind.ONCALL if spec["kind"] == "list" else TargetKind.TEAM, name)

    def when(spec: dict[str, Any] | None) -> Any:
        if spec is None:
            return None
        if spec["kind"] == "window":
            span = ((T0 + minutes(spec["start"])).time(), (T0 + minutes(spec["end"])).time())
            return AtHour((span,))
        return ALWAYS if spec["kind"] == "always" else Not(ALWAYS)

    def length(count: int | None) -> timedelta | None:
        return None if count is None else minutes(count)

    def person(name: str) -> Target:
        return Target(TargetKind.PERSON, name)

    def ask(spec: dict[str, Any] | None) -> Ask | None:
        if spec is None:
            return None
        how = Otherwise.SKIP if spec["skip"] else Otherwise.PROCEED
        return Ask(tuple(map(person, spec["by"])), minutes(spec["within"]), how)

    def level(number: int, spec: dict[str, Any]) -> Level:
        return Level(
            f"level {number}",
            tuple(map(target, spec["targets"])),
            (),
            length(spec["ack"]),
            length(spec["resolve"]),
            spec["repeat"],
            length(spec["warn"]),
            Mode.ROUND_ROBIN if spec["turns"] else Mode.ALL,
            when(spec["when"]),
            confirm=ask(spec["confirm"]),
        )

    policies = {
        name: Policy(
            name,
            tuple(level(number, each) for number, each in enumerate(spec["levels"], 1)),
            spec["cycles"],
            tuple(map(person, spec["then"])),
            spec["fallback"],
            Last.STAY if spec["stay"] else Last.END,
            length(spec["stay_every"]),
        )
        for name, spec in world["policies"].items()
    }
    stalled = {status.value: minutes(world["stalled"]) for status in Status} if world["stalled"] else {}
    severity = replace(
        BOOK.severities["SEV1"],
        policy="one",
        cadence=(),
        roles=(),
        ack_lapses=length(world["lapses"]),
        stalled=stalled,
    )
    return replace(
        BOOK,
        severities={"SEV1": severity},
        policies=policies,
        people={
            **{name: Person(name, name, (Contact("chat", name),)) for name in PEOPLE},
            **{name: Person(name, name) for name in MUTE},
        },
        oncall={name: OnCallList(name, people) for name, people in lists.items()},
        teams=teams,
    )


STAGES = (Status.NEW, Status.TRIAGING, Status.INVESTIGATING, Status.MITIGATING)


class Real:
    """The engine's ladder, ticked exactly when something falls due."""

    def __init__(self, world: World) -> None:
        self.duty = Duty(turns=world["turns"])
        self.play = Play(book_of(world))
        self.minute, self.status = 0, 0
        self.do(Declare("It is down", "SEV1", key="INC-1"), "ann")
        self.tick()

    def do(self, command: Command, actor: str) -> None:
        play = self.play
        taken = decide(play.room, command, Context(play.now, actor, play.book, self.duty))
        play.entries += taken
        play.room = fold(taken, play.room)

    def tick(self) -> None:
        while (pending := due(self.play.there)) and pending[0].at <= self.play.now:
            self.do(Tick(), ENGINE)

    def pass_a_minute(self) -> None:
        self.minute += 1
        end = T0 + minutes(self.minute)
        pending = due(self.play.there)
        assert not pending or pending[0].at >= end
        self.play.now = end
        self.tick()

    def act(self, kind: str, who: str, number: int) -> None:
        makers = {
            "ack": lambda: Acknowledge(),
            "decline": lambda: Decline(reason="on a train"),
            "next": lambda: Escalate("now"),
            "to level": lambda: Escalate("now", level=number),
            "snooze": lambda: SnoozeEscalation(self.play.now + minutes(number * 3), "wait"),
            "wake": lambda: Wake(),
            "note": lambda: AddNote("looking"),
            "status": lambda: SetStatus(STAGES[(self.status + 1) % 4]),
            "take over": lambda: TakeOver(),
            "unack": lambda: Unacknowledge(),
            "again": lambda: Repage(),
            "call off": lambda: CallOff("known"),
            "resume": lambda: Resume(),
            "confirm": lambda: Confirm(),
            "refuse": lambda: Refuse("not now"),
        }
        command: Command = makers[kind]()
        self.do(command, who)
        self.status += kind == "status"
        self.tick()

    def log(self) -> Log:
        out: Log = []
        policy = ""
        for entry in self.play.entries:
            at = (entry.at - T0) // minutes(1)
            if isinstance(entry.event, EscalationPlanned):
                policy = entry.event.policy
            out += ((at, *line) for line in self.lines(entry.event, policy))
        return out

    @staticmethod
    def lines(event: Event, policy: str) -> Iterator[tuple[Any, ...]]:
        match event:
            case LevelPaged():
                yield "page", policy, event.level, event.cycle, tuple(sorted(p.to for p in event.pages))
            case LevelSkipped():
                yield "passed", policy, event.level, event.cycle
            case PagedBesides():
                assert event.why is Why.FALLBACK
                yield "besides", tuple(sorted(p.to for p in event.pages))
            case EscalationExhausted():
                yield "exhausted", policy, tuple(sorted(p.to for p in event.pages))
            case CheckpointAsked():
                yield "asked", event.level, tuple(sorted(p.to for p in event.pages))
            case AcknowledgementLapsed():
                yield "lapsed", event.by
            case StatusStalled():
                yield "stalled", event.escalated
            case LevelAnnounced():
                yield "announced", event.level


def run(world: World, number: int) -> tuple[Log, set[str]]:
    """Both ladders through one case; they have to agree after every minute and on every refusal."""
    plain, real = Plain(world), Real(world)
    acts, seen = list(world["acts"]), set[str]()
    for minute in range(HORIZON):
        if minute:
            plain.pass_a_minute()
            real.pass_a_minute()
        while acts and acts[0][0] == minute:
            _, kind, who, count = acts.pop(0)
            who = plain.likely(kind, count) or who
            taken = []
            for ladder in (plain, real):
                try:
                    ladder.act(kind, who, count)
                    taken.append(True)
                except (Refusal, Refused):
                    taken.append(False)
            assert taken[0] == taken[1], f"world {number}, minute {minute}: {kind} by {who}: plain {taken[0]}"
            seen |= {f"did {kind}"} if taken[0] else set()
    log = real.log()
    for ours, theirs in zip(plain.log, log, strict=False):
        assert ours == theirs, f"world {number}: plain says {ours}, real says {theirs}"
    assert len(plain.log) == len(log), f"world {number}: {plain.log[len(log) :]} {log[len(plain.log) :]}"
    return log, seen | {str(line[1]) for line in log}


@pytest.mark.parametrize("part", range(PARTS))
def test_both_ladders_page_the_same_people_at_the_same_minutes(part: int) -> None:
    cases = range(part * CASES // PARTS, (part + 1) * CASES // PARTS)
    seen: set[str] = set()
    pages = 0
    for number in cases:
        log, kinds = run(random_world(number), number)
        seen |= kinds
        pages += sum(line[1] == "page" for line in log)
    assert pages > 5 * len(cases)
    # Each kind of thing really came to pass, so that nothing agrees only because it never happens.
    assert seen >= {f"did {kind}" for kind in ACTS}
    assert seen >= {"page", "passed", "besides", "exhausted", "asked", "lapsed", "stalled", "announced"}


# Forecast ------------------------------------------------------------------------------------------------------------

AHEAD = 40
"""How many entries are held against the forecast, which may go on forever where a policy stays."""


@pytest.mark.parametrize("late", [False, True])
def test_what_is_forecast_comes_to_pass(late: bool) -> None:
    entries = 0
    for number in range(10_000, 10_400):
        chance, world = Random(number), random_world(number)
        real, acts = Real(world), list(world["acts"])
        stop = chance.randint(0, 60)
        for minute in range(1, stop):
            # A late engine takes its steps only now and then.
            real.play.now = T0 + minutes(minute)
            if not late or chance.random() < 0.1:
                real.tick()
            while acts and acts[0][0] <= minute:
                _, kind, who, count = acts.pop(0)
                with suppress(Refused):
                    real.act(kind, who, count)
        real.tick()
        play = real.play
        foreseen = list(islice(foresee(play.there, play.book, real.duty), AHEAD))
        came = len(play.entries)
        while (pending := due(play.there)) and len(play.entries) - came < AHEAD:
            play.now = pending[0].at
            real.do(Tick(), ENGINE)
        assert foreseen == play.entries[came:][:AHEAD], f"world {number}"
        entries += len(foreseen)
    assert entries > 2_000


def test_an_engine_that_stood_still_pages_one_level_and_gives_it_its_time() -> None:
    """However late it comes, each step that was due is taken once, and nobody has less time than the policy gives."""
    for number in range(20_000, 20_300):
        world = random_world(number)
        real = Real(world)
        for hours in (1, 5, 50):
            before = len(real.play.entries)
            real.play.now += timedelta(hours=hours)
            real.tick()
            paged = [e for e in real.play.entries[before:] if isinstance(e.event, LevelPaged)]
            assert len(paged) <= 1, f"world {number}: {paged}"
            for entry in paged:
                policy = real.play.book.policies[real.play.there.escalation.policy]
                ack = policy.levels[entry.event.level - 1].ack_timeout
                if entry.event.why is Why.STAY:
                    ack = policy.stay_every or ack
                assert entry.event.ack_due == (None if ack is None else entry.at + ack)
            assert all(deadline.at > real.play.now for deadline in due(real.play.there))
