"""Commands for an incident, drawn at random.

Most of what is named is in the rulebook, so that most commands mean something, and some of it is not. All times are
whole seconds. Texts are of any kind, control characters included.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.support.books import BOOK, T0, seconds
from warroom.domain.book import Rulebook
from warroom.domain.comms import Audience, PostUpdate, SkipUpdate
from warroom.domain.core import Command
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
from warroom.domain.incident import (
    Absorb,
    Amend,
    Assess,
    CountCases,
    Merge,
    SetSeverity,
    SetStatus,
    Status,
)
from warroom.domain.links import AddLink, FollowChild, Relate, Relation, RemoveLink, Unrelate
from warroom.domain.moving import MoveToRules
from warroom.domain.people import JoinRoom, LeaveRoom, SayAwake
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
    TickDuty,
)
from warroom.domain.room import Room
from warroom.domain.rules import LiftHold

T = TypeVar("T")


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
