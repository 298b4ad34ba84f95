"""What severities and rules ask of roles (R4): sooner, again, the next level, several holders, deputies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.support.books import BOOK, COMMS, OFFICE, SCRIBE, T0, minutes, targets, with_severity
from tests.support.led import QUIET, led, roles_of
from tests.support.play import Play, declared
from warroom.domain.book import Rulebook
from warroom.domain.escalation import Acknowledge, LevelPaged, Why
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.roles import (
    LEAD,
    AcceptRole,
    AssignRole,
    JoinRole,
    LeaveRole,
    OfferRole,
    RequiredRole,
    RoleAssigned,
    RoleJoined,
    RoleLeft,
    RoleMissed,
    RoleNoLongerRequired,
    RoleOfferEnded,
    RoleRequired,
)

# Severity and status -------------------------------------------------------------------------------------------------


def test_a_severity_that_asks_for_less_lets_the_rest_go() -> None:
    play = roles_of()
    events = play.do(SetSeverity("SEV2", "milder"))
    assert RoleNoLongerRequired(COMMS) in events
    # The lead keeps the time that they had; it has been asked for already.
    assert play.deadlines() == {f"role:{LEAD}": minutes(4)}


def test_a_worse_severity_asks_for_a_vacant_role_sooner() -> None:
    play = roles_of("SEV2")
    play.now = T0 + minutes(2)
    events = play.do(SetSeverity("SEV1", "worse"))
    assert RoleRequired(LEAD, T0 + minutes(6)) in events
    assert play.deadlines() == {f"role:{LEAD}": minutes(6), f"role:{COMMS}": minutes(10)}


def test_a_worse_severity_does_not_put_off_what_is_asked_for() -> None:
    play = roles_of("SEV2")
    play.now = T0 + minutes(10)
    events = play.do(SetSeverity("SEV1", "worse"))
    assert not any(isinstance(e, RoleRequired) and e.role == LEAD for e in events)
    assert play.deadlines()[f"role:{LEAD}"] == minutes(12)


def test_a_worse_severity_reminds_again_of_a_role_that_stayed_vacant() -> None:
    play = roles_of("SEV2")
    play.until(timedelta(hours=1))
    assert play.deadlines() == {}
    play.do(SetSeverity("SEV1", "worse"))
    state = play.there.roles.get(LEAD)
    assert (state.remind_at, state.misses) == (T0 + minutes(64), 0)
    assert state.due == T0 + minutes(12)  # late since then, whatever was asked later


def test_a_role_that_waited_for_the_office_does_not_wait_when_it_gets_worse() -> None:
    book = with_severity("SEV3", QUIET, roles=(RequiredRole(LEAD, minutes(30)),))
    saturday = datetime(2024, 3, 16, 12, 0, tzinfo=UTC)
    play = declared("SEV3", book, at=saturday)
    assert play.there.roles.get(LEAD).due == datetime(2024, 3, 18, 8, 30, tzinfo=UTC)
    play.do(SetSeverity("SEV1", "it spreads"))
    assert play.there.roles.get(LEAD).due == saturday + minutes(4)
    assert OFFICE.next_open(saturday) > saturday


def test_who_holds_a_role_keeps_it_through_severities_and_reopening() -> None:
    play = led()
    play.do(SetSeverity("SEV3", "milder"))
    assert play.there.roles.holder(LEAD) == "eva"
    play.do(SetSeverity("SEV1", "worse"))
    assert f"role:{LEAD}" not in play.deadlines()
    play.do(SetStatus(Status.RESOLVED, "done"))
    play.do(SetStatus(Status.INVESTIGATING, "back"))
    assert play.there.roles.holder(LEAD) == "eva"
    assert play.deadlines() == {f"role:{COMMS}": minutes(8)}


def test_resolving_releases_roles_and_withdraws_offers() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo"), "eva")
    events = play.do(SetStatus(Status.RESOLVED, "done"))
    assert RoleOfferEnded(LEAD, "bo", "withdrawn") in events
    assert {e.role for e in events if isinstance(e, RoleNoLongerRequired)} == {LEAD, COMMS}
    assert play.deadlines() == {}
    assert play.there.roles.holder(LEAD) == "eva"


def test_a_pool_may_name_several_and_who_is_in_it_twice_is_paged_once() -> None:
    spec = replace(QUIET.roles[LEAD], pool=targets("person:eva", "oncall:managers", "team:backend"))
    book = replace(QUIET, roles={**QUIET.roles, LEAD: spec})
    play = declared("SEV2", book)
    (event,) = play.until(minutes(12))
    assert isinstance(event, RoleMissed)
    assert [(p.to, p.via) for p in event.pages] == [("eva", "chat"), ("bo", "chat"), ("cy", "mail")]


def _with_then(*to: str) -> Rulebook:
    lead = replace(BOOK.roles[LEAD], then=targets(*to))
    return replace(BOOK, roles={**BOOK.roles, LEAD: lead})


def test_after_the_last_reminder_of_a_vacant_role_the_next_level_is_brought_in() -> None:
    play = declared("SEV1", _with_then("level"))
    play.do(Acknowledge(), "ada")
    before = play.there.escalation.level
    play.until(T0 + minutes(10))
    last = [entry.event for entry in play.entries if isinstance(entry.event, RoleMissed) and entry.event.role == LEAD][
        -1
    ]
    assert (last.miss, last.escalated, last.again_at) == (3, True, None)
    brought = [e.event for e in play.entries if isinstance(e.event, LevelPaged) and e.event.why is Why.ROLE]
    assert [event.level for event in brought] == [before + 1]


def test_no_level_is_brought_in_for_a_role_while_one_is_asked_already() -> None:
    play = declared("SEV1", _with_then("level"))
    play.until(T0 + minutes(10))
    assert not [e for e in play.entries if isinstance(e.event, LevelPaged) and e.event.why is Why.ROLE]


def test_after_the_last_reminder_somebody_else_may_be_told() -> None:
    play = declared("SEV1", _with_then("person:bo"))
    play.until(T0 + minutes(10))
    missed = [e.event for e in play.entries if isinstance(e.event, RoleMissed) and e.event.role == LEAD]
    assert [("bo" in {page.to for page in event.pages}) for event in missed] == [False, False, True]


# Several holders and deputies ----------------------------------------------------------------------------------------


def crowded(**fields: object) -> Rulebook:
    """Rules in which the scribe's role has room for more."""
    spec = replace(QUIET.roles[SCRIBE], **{"holders": 2, "deputies": 1, **fields})  # type: ignore[arg-type]
    return replace(QUIET, roles={**QUIET.roles, SCRIBE: spec, LEAD: replace(QUIET.roles[LEAD], deputies=1, holders=3)})


def writing() -> Play:
    play = declared("SEV1", crowded())
    play.do(AssignRole(SCRIBE, "bo"))
    return play


def test_several_may_hold_a_role_where_the_rules_allow_it() -> None:
    play = writing()
    assert play.do(JoinRole(SCRIBE), "cy") == (RoleJoined(SCRIBE, "cy", False),)
    assert play.do(JoinRole(SCRIBE, "ada", deputy=True), "cy") == (RoleJoined(SCRIBE, "ada", True),)
    state = play.there.roles.get(SCRIBE)
    assert (state.holder, state.also, state.deputies, state.people) == ("bo", ("cy",), ("ada",), ("bo", "cy", "ada"))
    assert "2 of 2 holders" in play.refusal(JoinRole(SCRIBE, "dag"))
    assert "1 of 1 deputies" in play.refusal(JoinRole(SCRIBE, "dag", deputy=True))
    assert "cy is Scribe already" in play.refusal(JoinRole(SCRIBE, "cy"))
    assert "ada stands by as Scribe already" in play.refusal(JoinRole(SCRIBE, "ada"))


def test_there_is_exactly_one_incident_manager_whatever_the_rules_say() -> None:
    play = declared("SEV1", crowded())
    assert "is vacant: assign it" in play.refusal(JoinRole(LEAD, "eva"))
    play.do(AssignRole(LEAD, "eva"))
    assert "exactly one Incident manager" in play.refusal(JoinRole(LEAD, "bo"))
    assert "exactly one Incident manager" in play.refusal(AssignRole(f"{LEAD}/database", "bo"))
    play.do(JoinRole(LEAD, "bo", deputy=True))
    assert (play.there.roles.holder(LEAD), play.there.roles.get(LEAD).also) == ("eva", ())


def test_who_holds_a_role_too_moves_up_and_a_deputy_is_asked() -> None:
    play = writing()
    play.do(JoinRole(SCRIBE), "cy")
    play.do(JoinRole(SCRIBE, "ada", deputy=True))
    assert play.do(LeaveRole(SCRIBE, "home"), "bo") == (
        RoleAssigned(SCRIBE, "cy", "bo", reason="bo stepped back: home"),
    )
    assert play.there.roles.get(SCRIBE).deputies == ("ada",)
    assert play.do(LeaveRole(SCRIBE, person="ada"), "ada") == (RoleLeft(SCRIBE, "ada"),)
    assert "dag does not hold Scribe" in play.refusal(LeaveRole(SCRIBE, person="dag"))
    lead = declared("SEV1", crowded())
    lead.do(AssignRole(LEAD, "bo"))
    lead.do(JoinRole(LEAD, "ada", deputy=True))
    lead.do(LeaveRole(LEAD))
    (missed,) = [e for e in lead.until(minutes(4)) if isinstance(e, RoleMissed) and e.role == LEAD]
    assert [(page.to, page.target) for page in missed.pages] == [("ada", "person:ada"), ("eva", "oncall:managers")]


def test_a_deputy_who_takes_over_stands_by_no_longer() -> None:
    play = declared("SEV1", crowded())
    play.do(AssignRole(LEAD, "eva"))
    play.do(JoinRole(LEAD, "bo", deputy=True))
    play.do(OfferRole(LEAD, "bo"), "eva")
    play.do(AcceptRole(LEAD), "bo")
    state = play.there.roles.get(LEAD)
    assert (state.holder, state.people) == ("bo", ("bo",))
