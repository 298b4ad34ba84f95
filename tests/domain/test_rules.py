"""Rules (R6): what they do, when, once, and never against a person; and what is found doubtful about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, COMMS, T0, minutes, targets
from tests.support.commands import ACTORS, commands
from tests.support.play import Play
from tests.support.profile import examples
from warroom.domain.book import Rulebook
from warroom.domain.catalogue import ServiceSpec
from warroom.domain.conditions import ALWAYS, Matches, Not, Op, Pattern, Says
from warroom.domain.conditions import Repeats as Again
from warroom.domain.core import Context, Event, Refused
from warroom.domain.duty import Duty, Recent
from warroom.domain.escalation import (
    Acknowledge,
    EscalationPlanned,
    EscalationStopped,
    LevelPaged,
    PagedBesides,
    Phase,
    Why,
)
from warroom.domain.incident import OVER, Amend, Declare, SetSeverity, SetStatus, SeverityChanged, Status
from warroom.domain.messages import outgoing
from warroom.domain.roles import LEAD, RoleAssigned, RoleOffered
from warroom.domain.room import decide, describe, due, fold
from warroom.domain.rulecheck import rule_findings
from warroom.domain.rules import (
    Effects,
    GroupBy,
    HoldLifted,
    LiftHold,
    Rule,
    RuleApplied,
    policy_of,
)

SERVICES = MappingProxyType({"checkout": ServiceSpec("checkout"), "web": ServiceSpec("web")})


def asks(name: str, *texts: str, op: Op = Op.IS) -> Matches:
    """A question for some values."""
    return Matches(name, tuple(Pattern(text, op) for text in texts))


def book_of(*rules: Rule, **changed: object) -> Rulebook:
    """The everyday rulebook with rules."""
    return replace(BOOK, rules=rules, **changed)  # type: ignore[arg-type]


def declared(book: Rulebook, severity: str = "SEV3", **more: object) -> tuple[Play, tuple[Event, ...]]:
    """An incident that was declared a moment ago, and what came of it. SEV3 may page at this hour."""
    play = Play(book)
    told = {"service": "checkout", "key": "INC-1", **more}
    return play, play.do(Declare("Checkout is down", severity, **told))  # type: ignore[arg-type]


def only(events: tuple[Event, ...], kind: type[Event]) -> list[Event]:
    """The events of one kind."""
    return [event for event in events if type(event) is kind]


# Effects -------------------------------------------------------------------------------------------------------------


def test_what_rules_choose_is_what_the_ladder_starts_with() -> None:
    rule = Rule("urgent", asks("labels.env", "prod"), Effects(severity="SEV1", level=2, priority="P1"))
    play, events = declared(book_of(rule), labels={"env": "prod"})
    kinds = [event.kind for event in events]
    assert kinds[:5] == ["declared", "rule_applied", "severity_changed", "escalation_planned", "level_paged"]
    assert events[1] == RuleApplied("urgent", ("labels.env prod",), severity="SEV1", priority="P1", level=2)
    (changed,) = only(events, SeverityChanged)
    assert changed == SeverityChanged("SEV3", "SEV1", "rule urgent: labels.env prod", rule="urgent")
    (paged,) = only(events, LevelPaged)
    assert isinstance(paged, LevelPaged)
    assert (paged.level, play.there.escalation.policy) == (2, "major")
    assert play.there.incident.priority == "P1"
    assert describe(events[1]) == "urgent: severity SEV1; priority P1; starts at level 2 (labels.env prod)"


def test_a_rule_that_does_not_hold_leaves_no_trace() -> None:
    rule = Rule("urgent", asks("labels.env", "prod"), Effects(severity="SEV1"))
    _, events = declared(book_of(rule), labels={"env": "test"})
    assert not only(events, RuleApplied)
    assert [event.kind for event in events] == [event.kind for event in declared(BOOK)[1]]


@pytest.mark.parametrize(
    ("then", "severity", "expected"),
    [
        (Effects(severity="SEV2", at_least=True), "SEV3", "SEV2"),
        (Effects(severity="SEV2", at_least=True), "SEV2", "SEV2"),
        (Effects(severity="SEV2", at_least=True), "SEV1", "SEV1"),
        (Effects(severity="SEV1"), "SEV4", "SEV1"),
        (Effects(worse=1), "SEV3", "SEV2"),
        (Effects(worse=2), "SEV3", "SEV1"),
        (Effects(worse=9), "SEV3", "SEV1"),
        (Effects(worse=1), "SEV1", "SEV1"),
        # A person declared it: no rule makes it milder.
        (Effects(severity="SEV4"), "SEV2", "SEV2"),
    ],
)
def test_severities(then: Effects, severity: str, expected: str) -> None:
    play, _ = declared(book_of(Rule("r", ALWAYS, then)), severity)
    assert play.there.incident.severity == expected


def test_what_a_machine_reported_may_be_made_milder_and_it_is_told_where_it_may_not() -> None:
    book = book_of(Rule("calm", ALWAYS, Effects(severity="SEV4")))
    play, _ = declared(book, "SEV1", source="synthetic")
    assert play.there.incident.severity == "SEV4"
    play, events = declared(book, "SEV1")
    assert only(events, RuleApplied) == [RuleApplied("calm", kept="severity stays SEV1, which mina declared")]


def test_a_severity_that_a_person_has_set_stays() -> None:
    play, _ = declared(book_of(Rule("worse", asks("labels.worse", "*"), Effects(worse=1))))
    play.do(SetSeverity("SEV2", "looked at it"))
    (event,) = only(play.do(Amend(labels={"worse": "yes"})), RuleApplied)
    assert isinstance(event, RuleApplied)
    assert event.kept == "severity stays SEV2, which was set by hand"
    assert play.there.incident.severity == "SEV2"


def test_policy_and_owner_and_labels_are_the_incidents() -> None:
    then = Effects(policy="major", owner="backend", labels={"money": "yes", "env": "prod"}, confirm="money is at stake")
    play, events = declared(book_of(Rule("money", ALWAYS, then)), labels={"env": "prod"})
    incident = play.there.incident
    assert (incident.policy, incident.owner) == ("major", "backend")
    assert incident.labels == {"env": "prod", "money": "yes", "confirm": "required"}
    (event,) = only(events, RuleApplied)
    assert isinstance(event, RuleApplied)
    assert event.labels == {"money": "yes"}
    (planned,) = only(events, EscalationPlanned)
    assert isinstance(planned, EscalationPlanned)
    assert planned.policy == "major"


def test_the_policy_is_the_rules_then_the_services_then_the_severitys() -> None:
    services = MappingProxyType({"checkout": ServiceSpec("checkout", policy="standard"), "odd": ServiceSpec("odd")})
    book = book_of(services=services)
    incident = declared(book, "SEV1")[0].there.incident
    assert policy_of(incident, book) == "standard"
    assert policy_of(replace(incident, service="odd"), book) == "major"
    assert policy_of(replace(incident, service="unheard of"), book) == "major"
    assert policy_of(replace(incident, policy="office"), book) == "office"
    assert policy_of(replace(incident, policy="gone"), book) == "standard"
    assert policy_of(replace(incident, severity="SEV4"), book) == ""
    assert policy_of(replace(incident, severity="SEV4", policy="major"), book) == "major"


def test_roles_are_assigned_and_offered_to_the_first_who_is_found() -> None:
    then = Effects(
        assign={LEAD: targets("person:ghost", "person:bo", "person:cy")},
        offer={COMMS: targets("person:eva")},
    )
    play, events = declared(book_of(Rule("staff", ALWAYS, then)), "SEV1")
    assert only(events, RoleAssigned) == [RoleAssigned(LEAD, "bo", reason="rule staff")]
    (offered,) = only(events, RoleOffered)
    assert isinstance(offered, RoleOffered)
    assert (offered.to, offered.note) == ("eva", "rule staff")
    assert play.there.roles.holder(LEAD) == "bo"
    # The role stays required, and is late in its time if nobody takes it.
    assert play.there.roles.get(COMMS).due is not None


def test_whom_a_rule_tells_is_paged_besides() -> None:
    rule = Rule("seniors", ALWAYS, Effects(notify=targets("person:dag", "channel:#leads"), via=("sms",)), about="look")
    play, events = declared(book_of(rule))
    (told,) = only(events, PagedBesides)
    assert isinstance(told, PagedBesides)
    place = next(n for n, entry in enumerate(play.entries) if entry.event is told)
    there = fold(play.entries[: place + 1])
    assert there is not None
    first, *_ = outgoing(there, play.entries[place], play.book)
    assert first.body.splitlines()[0] == "You are paged by rule seniors: look."
    assert [(page.to, page.via) for page in told.pages] == [("dag", "sms"), ("#leads", "chat")]
    assert (told.why, told.reason) == (Why.RULE, "rule seniors: look")
    assert describe(told) == "dag by sms, #leads by chat (by rule seniors: look)"


# Order, and once -----------------------------------------------------------------------------------------------------


def test_each_rule_is_asked_about_what_those_before_it_made_and_stops_those_after_it() -> None:
    rules = (
        Rule("a", ALWAYS, Effects(labels={"x": "1"})),
        Rule("b", asks("labels.x", "1"), Effects(severity="SEV2"), stop=True),
        Rule("c", ALWAYS, Effects(severity="SEV1")),
    )
    play, events = declared(book_of(*rules))
    assert [event.rule for event in only(events, RuleApplied)] == ["a", "b"]  # type: ignore[attr-defined]
    assert play.there.incident.rules_applied == ("a", "b")
    # It stops them the next time too, although it has fired.
    assert not only(play.do(Amend(title="Worse")), RuleApplied)


def test_a_rule_without_effects_only_stops() -> None:
    play, events = declared(book_of(Rule("leave", ALWAYS, stop=True), Rule("c", ALWAYS, Effects(worse=1))))
    assert not only(events, RuleApplied)
    assert play.there.incident.rules_applied == ()


def test_a_correction_asks_the_rules_again_and_the_ladder_follows() -> None:
    play, _ = declared(book_of(Rule("prod", asks("environment", "prod"), Effects(severity="SEV1"))), "SEV2")
    play.do(Acknowledge())
    assert not only(play.do(Amend(title="Checkout is slow")), RuleApplied)
    events = play.do(Amend(environment="prod"))
    assert [event.kind for event in events][:4] == ["amended", "rule_applied", "severity_changed", "escalation_planned"]
    assert play.there.escalation.policy == "major"
    assert not only(play.do(Amend(environment="production")), RuleApplied)
    assert not only(play.do(Amend(environment="prod")), RuleApplied)


def test_a_severity_set_by_hand_asks_the_rules_too() -> None:
    rule = Rule("tell", asks("severity", "SEV1"), Effects(notify=targets("person:dag")))
    play, events = declared(book_of(rule), "SEV2")
    assert not only(events, PagedBesides)
    assert len(only(play.do(SetSeverity("SEV1", "all down")), PagedBesides)) == 1
    play.do(SetSeverity("SEV2", "not all"))
    assert not only(play.do(SetSeverity("SEV1", "all again")), PagedBesides)


def test_rules_are_not_asked_once_it_is_over() -> None:
    play, _ = declared(book_of(Rule("prod", asks("environment", "prod"), Effects(severity="SEV1"))), "SEV2")
    play.do(SetStatus(Status.RESOLVED, "fixed"))
    assert not only(play.do(Amend(environment="prod")), RuleApplied)


# Nobody paged --------------------------------------------------------------------------------------------------------

QUIET = Rule("quiet", asks("source", "synthetic"), Effects(suppress="a test"))
TELL = Rule("tell", ALWAYS, Effects(notify=targets("person:dag")))


def test_a_suppressed_incident_disturbs_nobody_and_says_why() -> None:
    play, events = declared(book_of(TELL, QUIET), "SEV1", source="synthetic")
    assert not only(events, LevelPaged)
    assert not only(events, PagedBesides)
    assert only(events, EscalationStopped) == [EscalationStopped("suppressed by rule quiet: a test")]
    assert play.there.incident.held == "suppressed by rule quiet: a test"
    assert play.there.incident.labels["suppressed"] == "quiet"
    assert due(play.there) == ()
    assert play.there.escalation.phase is Phase.STOPPED


def test_somebody_can_have_people_paged_after_all() -> None:
    play, _ = declared(book_of(QUIET), "SEV1", source="synthetic")
    assert "say why" in play.refusal(LiftHold())
    events = play.do(LiftHold("it is real"))
    assert events[0] == HoldLifted("it is real")
    assert only(events, LevelPaged)
    assert "suppressed" not in play.there.incident.labels
    assert "not held back" in play.refusal(LiftHold("again"))
    # The rule has fired: it does not hold it back once more.
    play.do(Amend(title="Still down"))
    assert play.there.incident.held == ""


def test_a_person_who_makes_it_worse_has_people_paged_and_one_who_makes_it_milder_has_not() -> None:
    play, _ = declared(book_of(QUIET), "SEV3", source="synthetic")
    assert not only(play.do(SetSeverity("SEV4", "nothing")), LevelPaged)
    assert due(play.there) == ()
    events = play.do(SetSeverity("SEV1", "it is real"))
    assert only(events, HoldLifted)
    assert only(events, LevelPaged)
    assert play.there.roles.get(LEAD).required


def test_a_hold_that_comes_later_ends_what_was_going_on() -> None:
    play, events = declared(book_of(Rule("quiet", asks("labels.test", "*"), Effects(suppress="a test"))), "SEV1")
    assert only(events, LevelPaged)
    play.do(Amend(labels={"test": "1"}))
    assert due(play.there) == ()
    assert play.there.escalation.phase is Phase.STOPPED


def recent(key: str, ago: float = 5, severity: str = "SEV2", **about: object) -> Recent:
    """Another incident of the checkout."""
    told = {"service": "checkout", "title": "x", "live": True, **about}
    return Recent(key, T0 - minutes(ago), severity, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lately", "joined"),
    [
        ((recent("INC-7"),), "INC-7"),
        ((recent("INC-7"), recent("INC-8", 1)), "INC-7"),
        ((recent("INC-7", severity="SEV1"),), "INC-7"),
        ((), ""),
        ((recent("INC-7", live=False),), ""),
        ((recent("INC-7", 31),), ""),
        ((recent("INC-7", service="web"),), ""),
        # One that is milder, or that nobody is paged for, would leave this one to nobody.
        ((recent("INC-7", severity="SEV3"),), ""),
        ((recent("INC-7", severity="gone"),), ""),
        ((recent("INC-7", labels={"suppressed": "quiet"}),), ""),
        ((recent("INC-7", labels={"grouped": "INC-3"}), recent("INC-8", 1)), "INC-8"),
    ],
)
def test_an_incident_joins_one_that_people_are_paged_for(lately: tuple[Recent, ...], joined: str) -> None:
    book = book_of(Rule("storm", ALWAYS, Effects(group=GroupBy("service", minutes(30)))))
    command = Declare("Checkout again", "SEV2", "checkout", key="INC-9")
    taken = decide(None, command, Context(T0, "mina", book, Duty(recent=lately)))
    room = fold(taken)
    assert room is not None
    assert room.incident.labels.get("grouped", "") == joined
    assert bool(room.incident.held) is bool(joined)
    assert any(isinstance(entry.event, LevelPaged) for entry in taken) is not bool(joined)


def test_the_same_again_within_an_hour_is_worse() -> None:
    rule = Rule("again", Again("service", minutes(60)), Effects(worse=1))
    context = Context(T0, "mina", book_of(rule), Duty(recent=(recent("INC-7", 59),)))
    room = fold(decide(None, Declare("Checkout again", "SEV2", "checkout", key="INC-9"), context))
    assert room is not None
    assert room.incident.severity == "SEV1"


# Properties ----------------------------------------------------------------------------------------------------------

CONDITIONS = st.sampled_from(
    (
        ALWAYS,
        *(asks("severity", name) for name in BOOK.severities),
        asks("severity", "SEV2", op=Op.WORSE),
        asks("labels.x", "1"),
        Not(asks("labels.x", "1")),
        asks("service", "*"),
        asks("status", "new", "triaging"),
        Says("text", ("db", "결제", "down")),
        Again("service", minutes(60)),
    )
)
EFFECTS = st.builds(
    Effects,
    severity=st.sampled_from(("", "", *BOOK.severities, "gone")),
    at_least=st.booleans(),
    worse=st.integers(0, 2),
    policy=st.sampled_from(("", "", *BOOK.policies, "gone")),
    owner=st.sampled_from(("", "backend")),
    assign=st.sampled_from(({}, {}, {LEAD: targets("person:bo")})),
    offer=st.sampled_from(({}, {}, {COMMS: targets("team:backend")})),
    labels=st.sampled_from(({}, {"x": "1"}, {"x": "2"})),
    notify=st.sampled_from(((), targets("person:dag"))),
    suppress=st.sampled_from(("", "", "", "a test")),
    group=st.sampled_from((None, None, GroupBy("service", minutes(30)))),
    level=st.integers(0, 4),
)
RULES = st.lists(st.tuples(CONDITIONS, EFFECTS, st.booleans()), max_size=5).map(
    lambda found: tuple(Rule(f"r{n}", when, then, stop) for n, (when, then, stop) in enumerate(found))
)


@given(RULES, st.sampled_from(tuple(BOOK.severities)), st.sampled_from(("", "synthetic")), st.data())
@examples(1.5)
def test_each_rule_fires_once_and_never_against_a_person(
    rules: tuple[Rule, ...], severity: str, source: str, data: st.DataObject
) -> None:
    book = book_of(*rules)
    ranks = {name: spec.rank for name, spec in book.severities.items()}
    duty = Duty(recent=(recent("INC-7"), recent("INC-8", 1)))
    command: object = Declare("db is down", severity, "checkout", key="INC-1", source=source)
    room, entries, by_hand, now = None, [], False, T0
    for _ in range(data.draw(st.integers(1, 6))):
        context = Context(now, data.draw(st.sampled_from(ACTORS)), book, duty)
        before = room
        try:
            taken = decide(room, command, context)  # type: ignore[arg-type]
            assert decide(room, command, context) == taken  # type: ignore[arg-type]
        except Refused:
            taken = ()
        entries += taken
        room = fold(taken, room)
        assert room is not None
        for entry in taken:
            if isinstance(entry.event, SeverityChanged) and entry.event.rule:
                assert not by_hand
                assert source or ranks[entry.event.to] < ranks[entry.event.before]
            by_hand |= isinstance(entry.event, SeverityChanged) and not entry.event.rule
        if room.incident.held and before is not None and before.incident.held:
            assert not any(isinstance(entry.event, LevelPaged) for entry in taken)
        if room.incident.status in OVER:
            assert before is None or before.incident.rules_applied == room.incident.rules_applied
        labels = st.builds(Amend, labels=st.sampled_from(({"x": "1"}, {"x": "2"}, {"x": ""})))
        command = data.draw(st.one_of(commands(book, now), labels))
        now += minutes(1)
    fired = Counter(entry.event.rule for entry in entries if isinstance(entry.event, RuleApplied))
    assert set(fired.values()) <= {1}
    assert room.incident.rules_applied == tuple(fired)


@given(RULES)
@examples()
def test_any_rules_can_be_looked_at_for_doubts(rules: tuple[Rule, ...]) -> None:
    for name, what, advice in rule_findings(book_of(*rules, services=SERVICES)):
        assert name in {rule.name for rule in rules}
        assert what
        assert advice
