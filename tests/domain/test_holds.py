"""Nobody paged, but never for good by oversight (R6): holds end, and what was grouped is looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes, seconds
from tests.support.commands import random_command
from tests.support.duties import random_duty, random_full_book
from tests.support.profile import examples
from warroom.domain.book import Rulebook
from warroom.domain.conditions import ALWAYS
from warroom.domain.core import ENGINE, Command, Context, Entry, Event, Refused
from warroom.domain.duty import LOOK_BACK, Duty, Recent
from warroom.domain.escalation import Escalate, EscalationPlanned, EscalationStopped, LevelPaged
from warroom.domain.incident import Amend, Declare, SetSeverity, SetStatus, Status
from warroom.domain.roles import LEAD
from warroom.domain.room import Room, Tick, decide, describe, due, fold, foresee
from warroom.domain.rules import Effects, GroupBy, HoldKept, HoldLifted, LiftHold, LookAtHold, Rule, RuleApplied

GROUP = Rule("storm", ALWAYS, Effects(group=GroupBy("service", minutes(30))))
BRIEFLY = Rule("quiet", ALWAYS, Effects(suppress="a test", suppress_for=timedelta(hours=4)))
LOST = "INC-7 is none of the incidents of the last 7d"
PARENT = Recent("INC-7", T0 - minutes(5), "SEV2", "checkout", "Checkout is down", live=True)


@dataclass
class Held:
    """An incident under a rule, what else happened lately, and a clock that only the test moves."""

    rule: Rule = GROUP
    recent: tuple[Recent, ...] = (PARENT,)
    book: Rulebook = BOOK
    now: datetime = T0
    room: Room | None = None
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = replace(self.book, rules=(self.rule,))

    def do(self, command: Command, actor: str = "mina") -> tuple[Event, ...]:
        """Give a command now."""
        taken = decide(self.room, command, Context(self.now, actor, self.book, Duty(recent=self.recent)))
        self.entries += taken
        self.room = fold(taken, self.room)
        return tuple(entry.event for entry in taken)

    def declare(self, severity: str = "SEV2") -> Held:
        """Declare it; it is held."""
        self.do(Declare("Checkout again", severity, "checkout", key="INC-9"))
        assert self.there.incident.held
        return self

    def at(self, when: timedelta) -> tuple[Event, ...]:
        """Let the engine look at a moment."""
        self.now = T0 + when
        return self.do(Tick(), ENGINE)

    @property
    def there(self) -> Room:
        """The room."""
        assert self.room is not None
        return self.room

    def armed(self) -> dict[str, timedelta]:
        """What falls due, from `T0` on."""
        return {deadline.name: deadline.at - T0 for deadline in due(self.there)}


def kinds(events: Sequence[Event]) -> list[str]:
    """What happened, by kind."""
    return [event.kind for event in events]


# Grouped -------------------------------------------------------------------------------------------------------------


def test_what_joined_a_live_incident_is_looked_at_at_growing_distances_and_seldom() -> None:
    held = Held().declare()
    assert held.armed() == {"hold:INC-7": minutes(5)}
    for at, next_at in ((5, 15), (15, 35), (35, 55), (55, 75)):
        (event,) = held.at(minutes(at))
        assert isinstance(event, HoldKept)
        assert held.armed() == {"hold:INC-7": minutes(next_at)}
        assert held.there.incident.held
    assert describe(event) == "still with INC-7, nobody is paged; looked at again at Wed 11:15 UTC"
    assert held.at(minutes(74)) == ()


def test_how_soon_it_is_looked_is_for_the_rules_to_say() -> None:
    held = Held(replace(GROUP, then=Effects(group=GroupBy("service", recheck=minutes(1))))).declare()
    looks = [minutes(1)]
    while len(looks) < 5:
        assert kinds(held.at(looks[-1])) == ["hold_kept"]
        looks.append(held.armed()["hold:INC-7"])
    assert looks == [minutes(each) for each in (1, 3, 7, 11, 15)]


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ((replace(PARENT, live=False),), "INC-7 is over"),
        ((), LOST),
        ((replace(PARENT, key="INC-77", service="other"),), LOST),
        (
            (replace(PARENT, declared_at=T0 + minutes(5) - LOOK_BACK - seconds(1)),),
            LOST,
        ),
        ((replace(PARENT, labels={"suppressed": "quiet"}),), "nobody is paged for INC-7 either"),
        ((replace(PARENT, labels={"grouped": "INC-3"}),), "nobody is paged for INC-7 either"),
        ((replace(PARENT, severity="SEV3"),), "INC-7 is milder (SEV3)"),
        ((replace(PARENT, severity="gone"),), "INC-7 is milder (gone)"),
    ],
)
def test_people_are_paged_when_the_other_one_is_no_reason_any_more(now: tuple[Recent, ...], why: str) -> None:
    held = Held().declare()
    held.recent = now
    events = held.at(minutes(5))
    assert events[0] == HoldLifted(why)
    (entry,) = (entry for entry in held.entries if isinstance(entry.event, HoldLifted))
    assert (entry.actor, entry.due) == (ENGINE, T0 + minutes(5))
    # All else is as if it were declared now.
    new = decide(None, Declare("Checkout again", "SEV2", "checkout", key="INC-9"), Context(T0, "mina", BOOK))
    assert kinds(events)[1:] == kinds([entry.event for entry in new])[1:]
    assert any(isinstance(event, LevelPaged) and event.pages for event in events)
    assert held.there.roles.get(LEAD).required
    incident = held.there.incident
    assert (incident.held, incident.hold, "grouped" in incident.labels) == ("", None, False)
    assert not any(name.startswith("hold:") for name in held.armed())


@pytest.mark.parametrize(
    ("other", "joins"),
    [
        (replace(PARENT, key="INC-77"), True),
        (replace(PARENT, key="INC-77", declared_at=T0 + minutes(2)), True),  # of the same storm, and later
        (replace(PARENT, key="INC-77", declared_at=T0 - minutes(30)), True),
        (replace(PARENT, key="INC-77", declared_at=T0 - minutes(31)), False),  # did not come at the same time
        (replace(PARENT, key="INC-77", severity="SEV3"), False),
        (replace(PARENT, key="INC-77", live=False), False),
        (replace(PARENT, key="INC-77", labels={"grouped": "INC-7"}), False),
    ],
)
def test_it_joins_another_of_the_same_storm_rather_than_page(other: Recent, joins: bool) -> None:
    held = Held().declare()
    held.recent = tuple(sorted((replace(PARENT, live=False), other), key=lambda each: each.declared_at))
    assert kinds(held.at(minutes(5)))[0] == ("hold_kept" if joins else "hold_lifted")
    incident = held.there.incident
    if joins:
        assert (incident.held, incident.labels["grouped"]) == ("grouped with INC-77 by rule storm", "INC-77")
        assert set(held.armed()) == {"hold:INC-77"}


def test_looking_early_changes_nothing_while_the_other_one_is_live() -> None:
    held = Held().declare()
    before = held.armed()
    assert not held.do(LookAtHold())
    assert held.armed() == before


def test_one_that_was_declared_exactly_a_week_ago_is_still_known() -> None:
    held = Held().declare()
    held.recent = (replace(PARENT, declared_at=T0 + minutes(5) - LOOK_BACK),)
    assert kinds(held.at(minutes(5))) == ["hold_kept"]


def test_a_hold_is_never_taken_up_again_once_it_is_over() -> None:
    held = Held().declare()
    held.recent = ()
    held.at(minutes(5))
    held.recent = (PARENT,)
    assert "rule_applied" not in kinds(held.do(Amend(title="Still down")))
    assert held.there.incident.held == ""


def test_looking_needs_no_paging_hours_but_pages_do() -> None:
    """SEV3 pages in office hours alone: the look comes in time, and the first page waits."""
    at_night = T0.replace(day=1, month=1, hour=23, minute=50)
    assert BOOK.in_hours("SEV3", at_night) > at_night + minutes(5)
    held = Held(recent=(replace(PARENT, declared_at=at_night),), now=at_night).declare("SEV3")
    held.recent, held.now = (), at_night + minutes(5)
    events = held.do(Tick(), ENGINE)
    assert kinds(events)[:2] == ["hold_lifted", "escalation_planned"]
    assert not any(isinstance(event, LevelPaged) for event in events)
    (planned,) = (event for event in events if isinstance(event, EscalationPlanned))
    assert planned.start_at == BOOK.in_hours("SEV3", held.now)


def test_nothing_is_looked_at_once_it_is_over_and_at_once_when_it_is_opened_again() -> None:
    held = Held().declare()
    held.do(SetStatus(Status.RESOLVED, "it went away"))
    assert held.armed() == {}
    held.now = T0 + minutes(40)
    held.do(SetStatus(Status.INVESTIGATING, "it is back"))
    assert held.armed() == {"hold:INC-7": minutes(5)}
    assert kinds(held.at(minutes(40))) == ["hold_kept"]
    assert held.armed() == {"hold:INC-7": minutes(50)}  # late: counted from now


@pytest.mark.parametrize("command", [LiftHold("it is another one"), SetSeverity("SEV1", "all is down")])
def test_what_a_person_lifts_is_not_looked_at_any_more(command: Command) -> None:
    held = Held().declare()
    assert "hold_lifted" in kinds(held.do(command))
    assert not any(name.startswith("hold:") for name in held.armed())


# Suppressed ----------------------------------------------------------------------------------------------------------


def test_a_suppressed_incident_is_paged_for_when_its_time_is_over() -> None:
    held = Held(BRIEFLY).declare("SEV1")
    assert held.armed() == {"hold:suppressed": timedelta(hours=4)}
    (applied,) = (entry.event for entry in held.entries if isinstance(entry.event, RuleApplied))
    assert describe(applied) == "quiet: nobody is paged until Wed 13 Mar 14:00 UTC: a test"
    events = held.at(timedelta(hours=4))
    assert events[0] == HoldLifted("rule quiet suppresses for 4h at the most")
    assert any(isinstance(event, LevelPaged) for event in events)
    assert "suppressed" not in held.there.incident.labels


def test_one_that_is_suppressed_for_good_waits_for_a_person() -> None:
    held = Held(replace(BRIEFLY, then=Effects(suppress="a test"))).declare("SEV1")
    assert (held.armed(), held.there.incident.hold) == ({}, None)


def test_what_is_suppressed_and_grouped_by_one_rule_is_suppressed() -> None:
    both = Effects(suppress="a test", suppress_for=minutes(7), group=GroupBy("service"))
    held = Held(Rule("both", ALWAYS, both)).declare()
    assert held.armed() == {"hold:suppressed": minutes(7)}


# Ahead of time -------------------------------------------------------------------------------------------------------


def lived(room: Room, context: Context, count: int) -> list[Entry]:
    """What an engine writes that looks whenever something falls due."""
    out, now = list[Entry](), context.now
    while len(out) < count and (pending := due(room)):
        now = max(now, pending[0].at)
        taken = decide(room, Tick(), replace(context, now=now, actor=ENGINE))
        out += taken
        room = fold(taken, room) or room
    return out


@given(st.integers(0, 3000), st.integers(0, 2**32))
@examples()
def test_what_is_forecast_of_a_hold_is_what_the_engine_writes(of: int, number: int) -> None:
    chance = Random(number)
    then = chance.choice(
        (
            Effects(group=GroupBy("service", recheck=seconds(chance.randint(60, 90_000)))),
            Effects(suppress="a test", suppress_for=seconds(chance.randint(1, 90_000))),
        )
    )
    duty = random_duty(number)
    parent = Recent("INC-7", T0 - minutes(chance.randint(0, 60)), "P1", "checkout", "x", live=True)
    book = replace(random_full_book(of), rules=(Rule("hold", ALWAYS, then),))
    context = Context(T0, "mina", book, replace(duty, recent=(parent,)))
    room = fold(decide(None, Declare("Again", "P2", "checkout", key="INC-9"), context))
    assert room is not None
    assert room.incident.hold is not None
    for _ in range(chance.randint(0, 3)):
        try:
            room = fold(decide(room, random_command(chance, book), context), room) or room
        except Refused:
            continue
    left = replace(parent, live=chance.random() < 0.7, severity=chance.choice(("P1", "P1", "P3")))
    context = replace(context, duty=replace(duty, recent=chance.choice(((left,), (left,), ()))))
    wrote = lived(room, context, 60)
    assert list(islice(foresee(room, book, context.duty, T0), len(wrote))) == wrote


def test_a_forecast_ends_with_a_page_whatever_becomes_of_the_other_one() -> None:
    held = Held().declare()
    ahead = list(islice(foresee(held.there, held.book, Duty(recent=held.recent), T0), 600))
    looks = [entry for entry in ahead if isinstance(entry.event, HoldKept)]
    lifted = next(entry for entry in ahead if isinstance(entry.event, HoldLifted))
    assert timedelta(0) < lifted.at - (PARENT.declared_at + LOOK_BACK) <= minutes(20)
    assert len(looks) == pytest.approx(LOOK_BACK / minutes(20), rel=0.01)
    after = ahead[ahead.index(lifted) :]
    assert any(isinstance(entry.event, LevelPaged) for entry in after)
    assert not any(isinstance(entry.event, EscalationStopped) for entry in after)


def test_who_escalates_what_is_held_is_told_what_holds_it() -> None:
    with pytest.raises(Refused, match="grouped with INC-7 by rule storm"):
        Held().declare().do(Escalate("now"))
