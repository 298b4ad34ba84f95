"""What is forecast through the database is what the engine then writes there; and every page has its reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.store.rooms import Hands, published, room
from tests.support.books import BOOK, T0, ladder_only, level, minutes, seconds, targets
from tests.support.commands import random_command
from tests.support.duties import SCHEDULES, random_full_book
from warroom.domain.book import Rulebook
from warroom.domain.core import Refused
from warroom.domain.delivery import ReportDelivery
from warroom.domain.desk import AddAbsence, AddOverride
from warroom.domain.escalation import Acknowledge, Decline, Escalate, SnoozeEscalation
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.policy import Policy
from warroom.domain.roles import AssignRole
from warroom.domain.schedule import ScheduleSpec
from warroom.domain.schedule_layers import Layer, Rotation
from warroom.domain.watch import Watch
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.store.write import Writer
from warroom.views import ForecastLine, WhyState

STEPS = 40


def no_seed() -> Loaded:
    """The room is there already."""
    raise AssertionError("the room was made anew")


@contextmanager
def opened(path: Path, book: Rulebook) -> Iterator[tuple[Session, Writer, Hands]]:
    """A session on a room of its own, and the write path that moves its timers."""
    with room(path, book) as (writer, _, hands), Session(path, actor="mina", seed=no_seed, clock=hands) as session:
        yield session, writer, hands


def shown(line: ForecastLine) -> tuple[object, ...]:
    """What of a forecast can be held against an entry."""
    pages = {(each.to, via) for each in line.pages for via in each.via}
    told = {(each.to, via) for each in line.told for via in each.via}
    return line.at, line.kind, line.level, pages | told


@pytest.mark.parametrize("seed", range(3))
def test_the_engine_writes_into_the_database_what_was_forecast(tmp_path: Path, seed: int) -> None:
    """Random rules, overrides and absences; other incidents have paged the same people before, and rest now."""
    steps = 0
    with opened(tmp_path / "room.db", BOOK) as (session, writer, hands):
        for number in range(seed * 12, seed * 12 + 12):
            chance = Random(number)
            book, rules = published(random_full_book(number))
            writer.publish(rules, actor="tester", now=hands)
            for _ in range(2):
                start = hands.now + seconds(chance.randint(1, 500))
                person, schedule = chance.choice(list(book.people)), chance.choice(SCHEDULES)
                command = chance.choice(
                    (
                        AddOverride(schedule, person, start, start + minutes(5)),
                        AddAbsence(person, start, start + minutes(5)),
                    )
                )
                with suppress(Refused):
                    session.at_desk(command)
            made = session.execute(Declare("Checkout is down", chance.choice(list(book.severities))))
            for _ in range(chance.randint(0, 6)):
                hands.move(chance.randint(0, 40))
                with suppress(Refused):
                    session.execute(random_command(chance, book, hands.now), made.key)
            known = len(session.log(made.key))
            expected = session.forecast(made.key, steps=STEPS).lines
            others = frozenset(range(1, made.number))
            while (due := writer.next_due(others)) is not None and len(session.log(made.key)) - known < STEPS:
                hands.now = max(hands.now, due)
                writer.tick(hands, others)
            wrote = [entry for _, entry, _ in session.log(made.key)[known:]]
            assert [(line.at, line.kind) for line in expected] == [(e.at, e.event.kind) for e in wrote][:STEPS]
            for line, entry in zip(expected, wrote, strict=False):
                event = entry.event
                given = {
                    (page.to, page.via)
                    for name in ("pages", "consulted", "informed")
                    for page in getattr(event, name, ())
                }
                assert shown(line) == (entry.at, event.kind, getattr(event, "level", 0), given)
            steps += len(expected)
    assert steps > 60


# What a forecast says ------------------------------------------------------------------------------------------------

TURNS = Layer("week", Rotation((("ada",), ("bo",)), T0.replace(tzinfo=None) - timedelta(days=1), timedelta(days=2)))
DUTY = ScheduleSpec("duty", (TURNS,), backup=targets("person:dag"))
LADDER = Policy(
    "ladder",
    (
        level("first line", "oncall:duty", ack=minutes(5), repeat=1, via=("chat",)),
        level("second line", "team:backend", "oncall:nobody", ack=minutes(10)),
    ),
    then=targets("channel:#everyone"),
)
RULES = replace(ladder_only(LADDER), schedules={"duty": DUTY})


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Session, Writer, Hands]]:
    with opened(tmp_path / "room.db", RULES) as found:
        found[0].execute(Declare("Checkout is down", "SEV1"))
        yield found


def test_a_forecast_says_when_what_whom_how_and_why(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    view = session.forecast("INC-1")
    assert (view.key, view.read_at, view.whole, view.nothing) == ("INC-1", T0, True, "")
    again, second, end = view.lines
    assert (again.at, again.kind, again.level, again.cycle, again.repeat) == (T0 + minutes(5), "level_paged", 1, 1, 1)
    assert (again.what, again.cause) == ("level 1 of 2, first line, repeat 1 of 1", "acknowledge timeout")
    (page,) = again.pages
    assert (page.to, page.via, page.target) == ("ada", ("chat",), "oncall:duty")
    assert page.because == "layer week of duty: ada since Tue 12 Mar 10:00 until Thu 14 Mar 10:00 UTC"
    assert second.at == T0 + minutes(10)
    assert [(p.to, p.via, p.because) for p in second.pages] == [
        ("bo", ("chat",), "member of team backend"),
        ("cy", ("mail",), "member of team backend"),
    ]
    assert [(p.to, p.target, p.why) for p in second.passed] == [
        ("", "oncall:nobody", "nobody is on call for nobody"),
    ]
    assert (end.kind, end.what) == ("escalation_exhausted", "policy ladder is exhausted: nobody is left to page")
    assert [p.to for p in end.pages] == ["#everyone"]


def test_a_forecast_knows_of_absences_and_overrides_that_are_to_come(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    session.at_desk(AddAbsence("ada", T0 + minutes(1), T0 + minutes(60), "dentist"))
    again, *_ = session.forecast("INC-1").lines
    assert [(p.to, p.because.split(":")[0]) for p in again.pages] == [("dag", "backup of duty")]
    assert [(p.to, p.target, p.why.split(" until")[0]) for p in again.passed] == [
        ("ada", "oncall:duty", "ada is absent"),
    ]
    session.at_desk(AddOverride("duty", "eva", T0 + minutes(1), T0 + minutes(60)))
    again, *_ = session.forecast("INC-1").lines
    assert [p.to for p in again.pages] == ["eva"]
    assert again.pages[0].because.startswith("override ")


def test_a_forecast_ends_where_it_was_asked_to(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    view = session.forecast("INC-1", steps=2)
    assert (len(view.lines), view.whole) == (2, False)
    assert session.forecast("INC-1", steps=3).whole


def test_only_pages_leaves_out_steps_that_reach_nobody_and_pass_over_nobody(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", RULES) as (session, _, _):
        session.execute(Declare("Checkout is down", "SEV1"))
        session.execute(SnoozeEscalation(T0 + minutes(30), "lunch"), "INC-1")
        assert session.forecast("INC-1").lines[0].kind == "snooze_ended"
        pages = session.forecast("INC-1", pages_only=True).lines
        assert [line.kind for line in pages] == ["level_paged", "level_paged", "escalation_exhausted"]


def test_what_is_overdue_comes_now(told: tuple[Session, Writer, Hands]) -> None:
    session, _, hands = told
    hands.move(8 * 60)
    view = session.forecast("INC-1")
    assert [line.at - T0 for line in view.lines] == [minutes(8), minutes(13), minutes(23)]


def test_where_nothing_follows_the_forecast_says_why(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", RULES) as (session, writer, hands):
        session.execute(Declare("Acknowledged", "SEV1"))
        session.execute(Acknowledge(), "INC-1", actor="ada")
        session.execute(Declare("Over", "SEV1"))
        session.execute(SetStatus(Status.RESOLVED, "fixed"), "INC-2")
        session.execute(Declare("To be watched", "SEV4"))
        session.execute(Declare("Exhausted", "SEV1"))
        session.execute(Watch("github", "g1", "Theirs", ()))
        for _ in range(9):
            hands.move(700)
            writer.tick(hands)
        nothing = {key: session.forecast(key).nothing for key in ("INC-1", "INC-2", "INC-3", "INC-4", "INC-5")}
        assert nothing == {
            "INC-1": "acknowledged by ada, and no timer that is left pages anybody",
            "INC-2": "INC-2 is resolved: nobody is paged for it any more",
            "INC-3": "severity SEV4 has no escalation policy: nobody is paged by itself",
            "INC-4": "policy ladder is exhausted: nobody is left to page",
            "INC-5": "INC-5 was imported from github: it is watched, and nobody is paged for it",
        }


# Why -----------------------------------------------------------------------------------------------------------------


def states(session: Session, person: str, key: str = "INC-1") -> list[tuple[str, str]]:
    """The states of the lines on a person, without what concerns everybody."""
    lines = session.why(key, person).lines
    return [(line.state.value, line.what) for line in lines if line.state is not WhyState.SINCE]


def test_why_somebody_was_paged_and_what_became_of_it(told: tuple[Session, Writer, Hands]) -> None:
    session, writer, hands = told
    hands.move(300)
    writer.tick(hands)
    lines = [line for line in session.why("INC-1", "ada").lines if line.person == "ada"]
    assert [(line.state, line.at, line.level, line.repeat, line.cause, line.target) for line in lines] == [
        (WhyState.PAGED, T0, 1, 0, "start", "oncall:duty"),
        (WhyState.PAGED, T0 + minutes(5), 1, 1, "acknowledge timeout", "oncall:duty"),
    ]
    assert [(d.via, d.state, d.tries) for line in lines for d in line.deliveries] == [("chat", "queued", 0)] * 2
    record = {version: entry.event.kind for _, entry, version in session.log("INC-1")}
    assert {record[line.version] for line in lines} == {"level_paged"}


def test_why_somebody_was_passed_over_comes_from_the_record(told: tuple[Session, Writer, Hands]) -> None:
    session, writer, hands = told
    session.at_desk(AddAbsence("ada", T0 + minutes(1), T0 + minutes(8), "dentist"))
    hands.move(300)
    writer.tick(hands)
    hands.move(3600)  # the absence is over by now; what was written down stands
    passed = [line for line in session.why("INC-1", "ada").lines if line.state is WhyState.PASSED]
    assert [(line.level, line.repeat, line.target) for line in passed] == [(1, 1, "oncall:duty")]
    assert "ada is absent until" in passed[0].why and "dentist" in passed[0].why


def test_why_somebody_was_never_looked_at(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    elsewhere, ahead = (line for line in session.why("INC-1", "cy").lines if line.person == "cy")
    assert elsewhere.state is WhyState.NOT_FOUND
    assert elsewhere.why == ("oncall:duty: layer week of duty: ada since Tue 12 Mar 10:00 until Thu 14 Mar 10:00 UTC")
    assert (ahead.state, ahead.at, ahead.level) == (WhyState.AHEAD, T0 + minutes(10), 2)
    assert ahead.why == "paged: member of team backend"


def test_why_nothing_will_ever_find_somebody(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    *_, never = session.why("INC-1", "eva").lines
    assert (never.state, never.at) == (WhyState.NEVER, None)
    assert never.why == "no step that follows finds them; on the list managers"
    *_, unknown = session.why("INC-1", "evva").lines
    assert "knows nobody called evva; did you mean eva?" in unknown.why


def test_somebody_who_acknowledged_declined_or_took_a_role_has_answered(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", RULES) as (session, _, _):
        session.execute(Declare("Checkout is down", "SEV1"))
        session.execute(Decline(reason="on a train"), "INC-1", actor="ada")
        assert states(session, "ada")[:2] == [
            ("paged", "level 1 of 2, first line"),
            ("answered", "L1: ada cannot take it: on a train"),
        ]
        session.execute(AssignRole("incident-manager", "eva"), "INC-1")
        assert ("answered", "Incident manager: eva") in states(session, "eva")
        (page,) = [line for line in session.why("INC-1", "dag").lines if line.state is WhyState.PAGED]
        assert (page.level, page.cause) == (1, "page declined")
        session.execute(Acknowledge(), "INC-1", actor="dag")
        # Who is not paged any more because of it can see so.
        assert ("answered", "L1 acknowledged") in states(session, "cy")


def test_a_page_that_did_not_go_out_says_so_and_what_went_out_instead(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    (page,) = [line for line in session.why("INC-1", "ada").lines if line.state is WhyState.PAGED]
    report = ReportDelivery(
        f"INC-1/{page.version}/1", "page", "ada", "chat", "no such room", page=page.version, tried=("chat",)
    )
    session.execute(report, "INC-1", actor="sender")
    _, instead = [line for line in session.why("INC-1", "ada").lines if line.state is WhyState.PAGED]
    assert (instead.what, instead.why) == ("paged again", "by chat it did not go out: no such room")
    assert [d.via for d in instead.deliveries] == ["sms"]


def test_whoever_is_paged_by_hand_can_see_by_whom_it_was_wanted(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    session.execute(Escalate("knows the ledger", "eva"), "INC-1")
    (line,) = [each for each in session.why("INC-1", "eva").lines if each.state is WhyState.PAGED]
    assert (line.what, line.cause) == ("paged besides the ladder: knows the ledger", "by hand")


def test_without_a_person_everybody_is_there_and_each_level_once_ahead(told: tuple[Session, Writer, Hands]) -> None:
    session, _, _ = told
    lines = session.why("INC-1").lines
    assert [(line.state.value, line.person, line.level) for line in lines if line.state is not WhyState.SINCE] == [
        ("paged", "ada", 1),
        ("ahead", "ada", 1),
        ("ahead", "bo", 2),
        ("ahead", "cy", 2),
        ("ahead", "", 2),
        ("ahead", "#everyone", 0),
    ]
    times = [line.at for line in lines if line.at is not None]
    assert times == sorted(times)


def test_why_works_on_the_rules_that_travel_with_warroom(tmp_path: Path) -> None:
    with Session(tmp_path / "room.db", actor="mina", seed=seed_rulebook) as session:
        for severity in ("SEV1", "SEV2", "SEV3"):
            key = session.execute(Declare("Checkout is down", severity, "payments-api")).key
            for person in ("", *session.book().people):
                view = session.why(key, person)
                assert view.lines
                assert not person or any(line.person == person for line in view.lines), (key, person)
            assert session.forecast(key).lines
