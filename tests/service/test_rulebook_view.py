"""The rulebook as the screen gets it: who would be paged now, when, and what the rules did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.test_forecasting import opened
from tests.store.rooms import Hands, published
from tests.support.books import BOOK, T0, ladder_only, level, minutes, seconds, targets
from warroom.domain.book import Rulebook
from warroom.domain.catalogue import ServiceSpec
from warroom.domain.conditions import Matches, Pattern
from warroom.domain.desk import AddAbsence
from warroom.domain.escalation import LevelPaged
from warroom.domain.incident import Declare
from warroom.domain.policy import Ask, Last, Mode, Otherwise, Policy
from warroom.domain.rules import Effects, Rule
from warroom.service.rulebook_view import look
from warroom.service.session import Session
from warroom.store.write import Writer
from warroom.views import FindingWeight, PolicyLine, RulebookView, RungLine

SEOUL = Matches("region", (Pattern("seoul"),))
EXTRA = (
    Policy(
        "kinds",
        (
            replace(level("turns", "team:backend", ack=minutes(5)), mode=Mode.ROUND_ROBIN),
            replace(level("seoul", "role:incident-manager", ack=minutes(5)), when=SEOUL),
            replace(
                level("asked", "manager:paged", "service:owner", "oncall:payments", ack=minutes(5)),
                confirm=Ask(targets("person:ada"), minutes(4), Otherwise.SKIP),
            ),
            level("nobody", "person:ghost"),
        ),
        fallback="stays",
    ),
    Policy("stays", (level("only", "person:dag", ack=minutes(9)),), last=Last.STAY, stay_every=minutes(20), cycles=2),
)
RULES = (
    Rule("label", Matches("source", (Pattern("probe"),)), Effects(labels={"a": "b"}), about="from a probe"),
    Rule("never", Matches("source", (Pattern("nothing"),)), Effects(policy="kinds"), stop=True),
)
BIG = replace(
    BOOK,
    policies={**BOOK.policies, **{policy.name: policy for policy in EXTRA}},
    services={"tills": ServiceSpec("tills", policy="kinds")},
    rules=RULES,
)


@contextmanager
def room(tmp_path: Path, book: Rulebook = BIG) -> Iterator[tuple[Session, Writer, Hands]]:
    with opened(tmp_path / "room.db", book) as found:
        yield found


@pytest.fixture
def view(tmp_path: Path) -> Iterator[RulebookView]:
    with room(tmp_path) as (session, _, _):
        yield look(session)


def policy(view: RulebookView, name: str) -> PolicyLine:
    return next(each for each in view.policies if each.name == name)


def people(rung: RungLine) -> list[tuple[str, tuple[str, ...]]]:
    return [(page.to, page.via) for target in rung.targets for page in target.found]


def test_a_ladder_says_when_each_level_is_paged_as_the_engine_then_does(tmp_path: Path) -> None:
    """For a ladder alone, about which nothing else is known, what is shown is what the engine writes."""
    with room(tmp_path, ladder_only(BOOK.policies["major"])) as (session, writer, hands):
        line = policy(look(session), session.book().severity("SEV1").policy)
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        while (due := writer.next_due()) is not None and due < T0 + minutes(120):
            hands.now = max(hands.now, due)
            writer.tick(hands)
        events = [(entry.event, entry.at - T0) for _, entry, _ in session.log("INC-1")]
        paged = [(e.level, at) for e, at in events if isinstance(e, LevelPaged) and e.cycle == 1 and not e.repeat]
        assert paged == [(rung.number, rung.at) for rung in line.levels]
        assert [at for event, at in events if event.kind == "escalation_exhausted"] == [line.then_at]


def test_a_level_names_who_that_would_be_now_and_why(view: RulebookView) -> None:
    first, backup, _ = policy(view, "major").levels
    (target,) = first.targets
    assert people(first)[0][1] == ("sms", "chat")
    assert target.found[0].because.startswith("number ")
    # Whoever holds a role is known for an incident alone: it is said, and counts as nobody's absence.
    assert [each.depends for each in backup.targets] == ["", "whoever is Incident manager"]
    assert not backup.unreached


def test_who_is_away_is_passed_over_with_the_reason(tmp_path: Path) -> None:
    with room(tmp_path) as (session, _, _):
        assert people(policy(look(session), "standard").levels[1]) == [("dag", ("phone",))]
        session.at_desk(AddAbsence("dag", T0, T0 + minutes(600), "ill"))
        (rung,) = policy(look(session), "standard").levels[1:]
        assert (rung.unreached, rung.targets[0].found) == (True, ())
        assert "dag" in rung.targets[0].nobody
        assert [each.to for each in rung.targets[0].passed] == ["dag"]
        assert rung.skipped


def test_conditions_questions_and_turns_are_said_in_words(view: RulebookView) -> None:
    line = policy(view, "kinds")
    turns, seoul, asked, nobody = line.levels
    assert line.used_by == ("service tills", "rule never")
    assert (turns.in_turn, len(people(turns))) == (True, 1)
    assert {each.why for each in turns.targets[0].passed} == {f"in turn after {people(turns)[0][0]}"}
    assert (seoul.when, seoul.at) == ("region seoul", None)
    assert asked.confirm == "person:ada confirms within 4m, else it is passed over"
    assert [each.depends for each in asked.targets] == [
        "the managers of those paged last",
        "the team that owns the incident's service",
        "",
    ]
    assert (nobody.unreached, nobody.skipped != "") == (True, True)
    assert line.then == "policy stays goes on"
    stays = policy(view, "stays")
    assert stays.used_by == ("after policy kinds",)
    assert (
        stays.then
        == "all of it again, 2 times in all; then the last level again every 20m, until somebody acknowledges"
    )


def test_rules_are_counted_over_the_last_days(tmp_path: Path) -> None:
    with room(tmp_path) as (session, _, hands):
        session.execute(Declare("Long ago", "SEV2", "tills", source="probe"))
        hands.move(8 * 24 * 3600)
        for title in ("One", "Two"):
            session.execute(Declare(title, "SEV2", "tills", source="probe"))
        session.execute(Declare("Three", "SEV2", "tills"))
        view = look(session)
        assert [(rule.name, rule.fired, rule.stop) for rule in view.rules] == [("label", 2, False), ("never", 0, True)]
        assert (view.counted, view.over) == (3, timedelta(days=7))
        assert view.rules[0].when == "source probe"
        assert view.rules[0].then == ("label a=b",)


def test_severities_say_their_hours_and_whether_it_is_time(tmp_path: Path) -> None:
    with room(tmp_path) as (session, _, hands):
        lines = {line.face.name: line for line in look(session).severities}
        assert (lines["SEV1"].hours, lines["SEV1"].opens_at) == ("", None)
        assert lines["SEV1"].roles[0] == ("Incident manager", minutes(4))
        assert [each.channel for each in lines["SEV1"].cadence] == ["internal", "public"]
        hours = next(line for line in lines.values() if line.hours)
        assert hours.hours == "Mon-Fri 09:00-17:00 Europe/Stockholm"
        assert hours.opens_at is None  # 11:00 in Stockholm
        hands.now = T0 + timedelta(hours=8)
        closed = next(line for line in look(session).severities if line.hours)
        assert closed.opens_at == T0.replace(hour=8) + timedelta(days=1)


def test_findings_come_gravest_first_and_are_kept_while_the_rules_stay(tmp_path: Path) -> None:
    with room(tmp_path) as (session, writer, hands):
        first = look(session)
        weights = [list(FindingWeight).index(each.weight) for each in first.findings]
        assert weights
        assert weights == sorted(weights)
        assert any("ghost" in each.where or "ghost" in each.what for each in first.findings)
        hands.move(60)
        again = look(session, first)
        assert (again.findings, again.checked_at) == (first.findings, first.checked_at)
        hands.move(3600)
        assert look(session, again).checked_at == hands.now
        book, rules = published(BOOK)
        writer.publish(rules, actor="tester", now=hands)
        assert look(session, again).revision == book.revision


def test_revisions_say_what_runs_on_which(tmp_path: Path) -> None:
    with room(tmp_path) as (session, writer, hands):
        session.execute(Declare("Begun before", "SEV2", "tills"))
        assert look(session).elsewhere == 0
        hands.move(60)
        book, rules = published(BOOK)
        writer.publish(rules, actor="tester", now=hands)
        view = look(session)
        newest, oldest = view.revisions
        assert (newest.revision, newest.by, newest.in_force, newest.live) == (book.revision, "tester", True, 0)
        assert (oldest.in_force, oldest.live) == (False, 1)
        assert (view.in_force, view.elsewhere) == (newest, 1)


def test_looking_at_it_changes_nothing(tmp_path: Path) -> None:
    with room(tmp_path) as (session, _, hands):
        session.execute(Declare("Running", "SEV1", "tills"))
        seq, forecast = session.seq(), session.forecast("INC-1").lines
        look(session)
        hands.now += seconds(0)
        assert (session.seq(), session.forecast("INC-1").lines) == (seq, forecast)
