"""Roles (R4): filling, taking, handing over, and what happens while a required one is vacant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from tests.support.books import BOOK, COMMS, OFFICE, SCRIBE, T0, minutes, seconds, targets, with_severity
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from warroom.domain.book import Rulebook
from warroom.domain.core import Command, Event, Stale
from warroom.domain.escalation import Acknowledge, LevelPaged, Why
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.messages import outgoing
from warroom.domain.policy import PageTo, PassedOver
from warroom.domain.roles import (
    LEAD,
    AcceptRole,
    AddRole,
    AssignRole,
    DropRole,
    DutyTicked,
    EndOffer,
    HandoverDue,
    HandoverPlanned,
    JoinRole,
    Lapse,
    LeaveRole,
    OfferRole,
    PlanHandover,
    ReadBack,
    RequiredRole,
    RoleAdded,
    RoleAssigned,
    RoleDropped,
    RoleJoined,
    RoleLeft,
    RoleMissed,
    RoleNoLongerRequired,
    RoleOffered,
    RoleOfferEnded,
    RoleReadBack,
    RoleRequired,
    RoleVacated,
    TickDuty,
)
from warroom.domain.room import describe

# No ladder, no channels: only roles have timers here.
QUIET = replace(BOOK, severities={name: replace(spec, policy="", cadence=()) for name, spec in BOOK.severities.items()})


def roles_of(severity: str = "SEV1") -> Play:
    return declared(severity, QUIET)


def led(by: str = "eva") -> Play:
    play = roles_of()
    play.do(AssignRole(LEAD, by))
    return play


# Required ------------------------------------------------------------------------------------------------------------


def test_a_severity_asks_for_its_roles_each_in_its_time() -> None:
    assert roles_of().deadlines() == {f"role:{LEAD}": minutes(4), f"role:{COMMS}": minutes(8)}
    assert roles_of("SEV2").deadlines() == {f"role:{LEAD}": minutes(12)}
    assert roles_of("SEV3").deadlines() == {}


def test_a_vacant_role_reminds_its_pool_a_limited_number_of_times() -> None:
    play = roles_of()
    play.until(timedelta(days=2))
    missed = [(e.at - T0, e.event) for e in play.entries if isinstance(e.event, RoleMissed) and e.event.role == LEAD]
    pool = (PageTo("eva", "chat", "oncall:managers"),)
    assert missed == [
        (minutes(4), RoleMissed(LEAD, 1, pool, "it names nobody", T0 + minutes(7))),
        (minutes(7), RoleMissed(LEAD, 2, pool, "it names nobody", T0 + minutes(10))),
        (minutes(10), RoleMissed(LEAD, 3, pool, "it names nobody", None)),
    ]
    state = play.there.roles.get(LEAD)
    # It stays on the board as late since when it had to be filled.
    assert (state.required, state.due, state.remind_at, state.misses) == (True, T0 + minutes(4), None, 3)
    assert play.deadlines() == {}


def test_a_pool_in_which_nobody_can_be_reached_is_on_the_record() -> None:
    play = roles_of()
    play.until(minutes(8))
    last = play.entries[-1].event
    passed = (PassedOver("", f"role:{LEAD}", f"{LEAD} is vacant"),)
    assert last == RoleMissed(COMMS, 1, (), f"{LEAD} is vacant", T0 + minutes(17), passed=passed)
    assert describe(last) == f"{COMMS} still vacant; {LEAD} is vacant"


def test_filling_a_role_stops_its_reminders() -> None:
    play = roles_of()
    play.until(minutes(5))
    play.do(AssignRole(LEAD, "bo"))
    assert play.deadlines() == {f"role:{COMMS}": minutes(8)}
    state = play.there.roles.get(LEAD)
    assert (state.holder, state.since, state.required, state.due) == ("bo", play.now, True, None)


def test_reminders_after_a_standstill_come_one_at_a_time() -> None:
    play = roles_of()
    events = play.jump(timedelta(hours=6))
    assert [e.miss for e in events if isinstance(e, RoleMissed)] == [1, 1]
    assert play.deadlines() == {
        f"role:{LEAD}": timedelta(hours=6) + minutes(3),
        f"role:{COMMS}": timedelta(hours=6) + minutes(9),
    }
    assert play.entries[-1].late == timedelta(hours=6) - minutes(8)


# Assign --------------------------------------------------------------------------------------------------------------


def test_taking_a_role_from_somebody_needs_a_reason() -> None:
    play = led()
    message = play.refusal(AssignRole(LEAD, "bo"))
    assert "eva is Incident manager" in message
    assert "offer a handover" in message
    assert play.do(AssignRole(LEAD, "bo", "eva lost her line")) == (
        RoleAssigned(LEAD, "bo", "eva", False, "eva lost her line"),
    )
    assert play.there.roles.holder(LEAD) == "bo"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (AssignRole("chef", "bo"), "there is no role 'chef'"),
        (AssignRole(LEAD, ""), "name the person"),
        (AssignRole(LEAD, "\u200b"), "name the person"),
        (AssignRole(LEAD, "eva"), "eva is Incident manager already"),
        (AssignRole(LEAD, "eva", "again"), "already"),
        (OfferRole("chef", "bo"), "there is no role"),
        (OfferRole(LEAD, ""), "name the person"),
        (OfferRole(LEAD, "eva"), "already"),
        (OfferRole(LEAD, "mina"), "take it with a reason"),  # by mina herself
        (LeaveRole(SCRIBE), "vacant already"),
        (LeaveRole("chef"), "there is no role"),
        (AcceptRole("chef"), "there is no role"),
        (EndOffer("chef"), "there is no role"),
    ],
)
def test_what_is_refused(command: AssignRole, says: str) -> None:
    assert says in led().refusal(command)


def test_assigning_a_role_that_changed_hands_is_stale() -> None:
    play = led()
    assert "is held by eva now" in play.refusal(AssignRole(LEAD, "bo", "why", seen="dag"), kind=Stale)
    assert "is held by eva now" in play.refusal(AssignRole(LEAD, "bo", seen=""), kind=Stale)
    play.do(AssignRole(LEAD, "bo", "why", seen="eva"))
    play.do(AssignRole(SCRIBE, "cy", seen=""))
    assert "is held by nobody now" in play.refusal(AssignRole(COMMS, "bo", seen="cy"), kind=Stale)


def test_one_person_can_hold_several_roles() -> None:
    play = led()
    play.do(AssignRole(COMMS, "eva"))
    assert [play.there.roles.holder(r) for r in (LEAD, COMMS)] == ["eva", "eva"]


def test_whoever_is_unknown_can_hold_a_role_too() -> None:
    play = roles_of()
    play.do(AssignRole(LEAD, "somebody-from-next-door"))
    assert play.there.roles.holder(LEAD) == "somebody-from-next-door"


# Handover ------------------------------------------------------------------------------------------------------------


def test_the_old_holder_stands_until_the_new_one_accepts() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo", "db is failing over;\nnext: watch the queue"), "eva")
    offer = play.there.roles.get(LEAD).offer
    assert offer is not None
    assert (offer.to, offer.by, offer.note) == ("bo", "eva", "db is failing over;\nnext: watch the queue")
    assert play.there.roles.holder(LEAD) == "eva"
    assert play.deadlines()[f"offer:{LEAD}"] == minutes(10)
    play.now = T0 + minutes(9)
    assert play.do(AcceptRole(LEAD), "bo") == (RoleAssigned(LEAD, "bo", "eva", handed_over=True),)
    state = play.there.roles.get(LEAD)
    assert (state.holder, state.since, state.offer) == ("bo", T0 + minutes(9), None)


def test_only_the_one_it_was_offered_to_can_accept() -> None:
    play = led()
    assert "not on offer" in play.refusal(AcceptRole(LEAD), "bo", kind=Stale)
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert "was offered to bo, not to cy" in play.refusal(AcceptRole(LEAD), "cy")


def test_an_offer_lapses_and_the_holder_stays() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert not any(isinstance(e, RoleOfferEnded) for e in play.until(minutes(10) - seconds(1)))
    (ended,) = [e for e in play.until(minutes(10)) if isinstance(e, RoleOfferEnded)]
    # Loudly: who offered it hears of it, and the pool, of which nobody else is reachable here.
    assert ended == RoleOfferEnded(LEAD, "bo", "lapsed", "eva", (PageTo("eva", "chat", "person:eva"),))
    assert "bo did not take it, the offer lapsed; told eva by chat" in describe(ended)
    assert play.there.roles.get(LEAD).lapsed == Lapse("bo", "eva", T0 + minutes(10))
    assert play.there.roles.holder(LEAD) == "eva"
    assert "not on offer" in play.refusal(AcceptRole(LEAD), "bo", kind=Stale)


def test_an_offer_can_be_accepted_as_long_as_nobody_noted_that_it_lapsed() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo"), "eva")
    play.now = T0 + minutes(11)
    play.do(AcceptRole(LEAD), "bo")
    assert play.there.roles.holder(LEAD) == "bo"
    assert f"offer:{LEAD}" not in play.deadlines()


@pytest.mark.parametrize(("actor", "how"), [("bo", "declined"), ("eva", "withdrawn"), ("mina", "withdrawn")])
def test_declining_and_withdrawing(actor: str, how: str) -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert play.do(EndOffer(LEAD), actor) == (RoleOfferEnded(LEAD, "bo", how),)
    assert play.there.roles.holder(LEAD) == "eva"
    assert "not on offer" in play.refusal(EndOffer(LEAD), actor, kind=Stale)


def test_a_newer_offer_replaces_the_older_one() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo"), "eva")
    play.now = T0 + minutes(3)
    events = play.do(OfferRole(LEAD, "cy", "you know it better"), "eva")
    assert events == (
        RoleOfferEnded(LEAD, "bo", "withdrawn"),
        RoleOffered(LEAD, "cy", "you know it better", T0 + minutes(13)),
    )
    assert "was offered to cy" in play.refusal(AcceptRole(LEAD), "bo")


def test_nobody_can_take_a_held_role_by_offering_it_to_themselves() -> None:
    play = led()
    assert "ask them to offer it to you" in play.refusal(OfferRole(LEAD, "mina"), "mina")
    # A vacant one harms nobody.
    play.do(OfferRole(COMMS, "mina"), "mina")
    assert play.do(AcceptRole(COMMS), "mina") == (RoleAssigned(COMMS, "mina", "", handed_over=False),)


def test_assigning_during_an_offer_takes_the_offer_off_the_table() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert play.do(AssignRole(LEAD, "cy", "bo does not answer")) == (
        RoleOfferEnded(LEAD, "bo", "withdrawn"),
        RoleAssigned(LEAD, "cy", "eva", False, "bo does not answer"),
    )
    assert play.there.roles.get(LEAD).offer is None


def test_assigning_to_whom_it_was_offered_is_no_withdrawal() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert play.do(AssignRole(LEAD, "bo", "he said yes on the call")) == (
        RoleAssigned(LEAD, "bo", "eva", False, "he said yes on the call"),
    )
    assert play.deadlines() == {f"role:{COMMS}": minutes(8)}


# Leave ---------------------------------------------------------------------------------------------------------------


def test_stepping_back_starts_the_countdown_anew() -> None:
    play = led()
    play.until(minutes(3))
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert play.do(LeaveRole(LEAD, "end of my shift"), "eva") == (
        RoleOfferEnded(LEAD, "bo", "withdrawn"),
        RoleVacated(LEAD, "eva", "end of my shift", T0 + minutes(7)),
    )
    assert play.deadlines()[f"role:{LEAD}"] == minutes(7)
    assert play.there.roles.holder(LEAD) == ""


def test_leaving_a_role_that_is_not_required_starts_nothing() -> None:
    play = roles_of("SEV3")
    play.do(AssignRole(SCRIBE, "cy"))
    assert play.do(LeaveRole(SCRIBE), "cy") == (RoleVacated(SCRIBE, "cy", "", None),)
    assert play.deadlines() == {}


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


def test_a_handover_after_the_resolution_ends_with_the_incident() -> None:
    play = led()
    play.do(SetStatus(Status.RESOLVED, "done"))
    play.do(OfferRole(SCRIBE, "bo"), "eva")
    assert play.deadlines() == {f"offer:{SCRIBE}": minutes(10)}
    events = play.do(SetStatus(Status.CLOSED, "reviewed"))
    assert RoleOfferEnded(SCRIBE, "bo", "withdrawn") in events
    assert play.deadlines() == {}
    assert "is closed" in play.refusal(OfferRole(SCRIBE, "bo"), "eva")


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


# Added roles ---------------------------------------------------------------------------------------------------------


def test_a_role_that_nobody_required_can_be_added_and_counts_down() -> None:
    play = roles_of("SEV3")
    assert play.do(AddRole(SCRIBE, minutes(6))) == (RoleAdded(SCRIBE, T0 + minutes(6)),)
    assert play.deadlines() == {f"role:{SCRIBE}": minutes(6)}
    assert "asked for already" in play.refusal(AddRole(SCRIBE))
    # What somebody asked for stays asked for when the severity changes.
    play.do(SetSeverity("SEV4", "milder"))
    assert play.there.roles.get(SCRIBE).required
    assert play.do(DropRole(SCRIBE)) == (RoleDropped(SCRIBE),)
    assert (play.deadlines(), play.there.roles.by_name) == ({}, {})
    assert "was not added" in play.refusal(DropRole(SCRIBE))


def test_a_second_workstream_has_the_same_role_under_a_label() -> None:
    play = roles_of("SEV3")
    assert play.do(AssignRole(f"{SCRIBE}/database", "cy")) == (
        RoleAdded(f"{SCRIBE}/database"),
        RoleAssigned(f"{SCRIBE}/database", "cy"),
    )
    play.do(AssignRole(SCRIBE, "bo"))
    held = play.there.roles
    assert (held.holder(SCRIBE), held.holder(f"{SCRIBE}/database")) == ("bo", "cy")
    assert play.book.role(f"{SCRIBE}/database").title == "Scribe database"
    assert "cy holds it: they step back first" in play.refusal(DropRole(f"{SCRIBE}/database"))
    assert "write the label" in play.refusal(AddRole(f"{SCRIBE}/"))
    assert "there is no role 'chef/eu'" in play.refusal(AddRole("chef/eu"))


def test_what_the_severity_asks_for_cannot_be_dropped() -> None:
    play = roles_of("SEV3")
    play.do(AddRole(LEAD))
    play.do(SetSeverity("SEV1", "worse"))
    assert "SEV1 asks for" in play.refusal(DropRole(LEAD))


def test_no_more_roles_are_added_than_anybody_can_lead() -> None:
    play = roles_of("SEV3")
    for count in range(24):
        play.do(AddRole(f"{SCRIBE}/{count}"))
    assert "24 roles were added" in play.refusal(AddRole(f"{SCRIBE}/more"))
    assert "24 roles were added" in play.refusal(AssignRole(f"{SCRIBE}/more", "bo"))


# Duties --------------------------------------------------------------------------------------------------------------


def test_duties_are_ticked_off_by_whom_and_when() -> None:
    play = led()
    play.now += minutes(2)
    assert play.do(TickDuty(LEAD, 1, seen="take the lead"), "bo") == (DutyTicked(LEAD, "take the lead"),)
    tick = play.there.roles.get(LEAD).ticked("take the lead")
    assert tick is not None
    assert (tick.by, tick.at) == ("bo", T0 + minutes(2))
    assert "bo ticked it off at 10:02" in play.refusal(TickDuty(LEAD, 1))
    assert play.do(TickDuty(LEAD, 1, done=False)) == (DutyTicked(LEAD, "take the lead", False),)
    assert "not ticked off" in play.refusal(TickDuty(LEAD, 1, done=False))
    assert "there is no 2" in play.refusal(TickDuty(LEAD, 2))
    assert "no duties" in play.refusal(TickDuty(SCRIBE, 1))
    assert "another one now" in play.refusal(TickDuty(LEAD, 1, seen="something else"), kind=Stale)


def test_ticks_survive_a_handover() -> None:
    play = led()
    play.do(TickDuty(LEAD, 1))
    play.do(AssignRole(LEAD, "bo", "eva has to go"))
    assert play.there.roles.get(LEAD).ticked("take the lead") is not None


# Reading back, planning ----------------------------------------------------------------------------------------------

CAREFUL = replace(QUIET, roles={**QUIET.roles, LEAD: replace(QUIET.roles[LEAD], read_back=True)})


def test_who_takes_over_reads_back_first_where_the_rules_want_it() -> None:
    play = declared("SEV1", CAREFUL)
    play.do(AssignRole(LEAD, "eva"))
    play.do(OfferRole(LEAD, "bo", "the queue grows"), "eva")
    assert "read it back first" in play.refusal(AcceptRole(LEAD), "bo")
    assert play.there.roles.holder(LEAD) == "eva"
    assert play.do(ReadBack(LEAD, "I watch the queue"), "bo") == (RoleReadBack(LEAD, "bo", "I watch the queue"),)
    assert "was offered to bo" in play.refusal(ReadBack(LEAD, "me too"), "cy")
    assert play.do(AcceptRole(LEAD), "bo") == (RoleAssigned(LEAD, "bo", "eva", True),)
    play.do(OfferRole(LEAD, "cy"), "bo")
    assert play.do(AcceptRole(LEAD, "clear"), "cy") == (
        RoleReadBack(LEAD, "cy", "clear"),
        RoleAssigned(LEAD, "cy", "bo", True),
    )


def test_a_vacant_role_has_nothing_to_read_back() -> None:
    play = declared("SEV1", CAREFUL)
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert play.do(AcceptRole(LEAD), "bo") == (RoleAssigned(LEAD, "bo"),)


def test_another_card_than_the_one_that_was_read_is_stale() -> None:
    play = led()
    play.do(OfferRole(LEAD, "bo", "one"), "eva")
    read = play.there.roles.get(LEAD).offer
    assert read is not None
    play.now += minutes(1)
    play.do(OfferRole(LEAD, "bo", "another"), "eva")
    assert "offered anew" in play.refusal(AcceptRole(LEAD, seen=read.at), "bo", kind=Stale)
    assert "is held by eva now" in play.refusal(OfferRole(LEAD, "cy", seen="dag"), kind=Stale)


def test_a_handover_that_was_planned_reminds_at_its_time() -> None:
    play = led()
    at = T0 + minutes(30)
    assert play.do(PlanHandover(LEAD, at, "bo"), "eva") == (HandoverPlanned(LEAD, at, "bo"),)
    assert play.deadlines()[f"handover:{LEAD}"] == minutes(30)
    due = [e for e in play.until(at) if isinstance(e, HandoverDue)]
    pages = (PageTo("eva", "chat", "person:eva"), PageTo("bo", "chat", "person:bo"))
    assert due == [HandoverDue(LEAD, "bo", pages)]
    assert play.there.roles.holder(LEAD) == "eva"
    assert f"handover:{LEAD}" not in play.deadlines()
    (entry,) = [e for e in play.entries if isinstance(e.event, HandoverDue)]
    sent = outgoing(play.there, entry, play.book)
    assert [(m.kind, m.to) for m in sent] == [("notice", "eva"), ("notice", "bo")]
    assert "warroom handover INC-1 incident-manager --to bo" in sent[0].body


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (PlanHandover(LEAD, T0 - minutes(1)), "in the future"),
        (PlanHandover(LEAD, None), "no handover"),
        (PlanHandover(SCRIBE, T0 + minutes(9)), "is vacant"),
        (PlanHandover(LEAD, T0 + minutes(9), "eva"), "already"),
        (PlanHandover("chef", T0 + minutes(9)), "there is no role"),
    ],
)
def test_plans_that_make_no_sense(command: Command, says: str) -> None:
    assert says in led().refusal(command)


def test_a_plan_ends_with_the_offer_the_handover_and_the_incident() -> None:
    for end in (OfferRole(LEAD, "bo"), AssignRole(LEAD, "bo", "now"), LeaveRole(LEAD), SetStatus(Status.RESOLVED, "x")):
        play = led()
        play.do(PlanHandover(LEAD, T0 + minutes(30)), "eva")
        play.do(end, "eva")
        assert f"handover:{LEAD}" not in play.deadlines(), end
    play = led()
    play.do(PlanHandover(LEAD, T0 + minutes(30)), "eva")
    assert play.do(PlanHandover(LEAD, None)) == (HandoverPlanned(LEAD, None),)
    assert play.deadlines() == {f"role:{COMMS}": minutes(8)}


# Whatever happens ----------------------------------------------------------------------------------------------------


@given(stories())
@examples(2)
def test_at_any_moment_there_is_one_incident_manager_at_most_and_an_offer_changes_nothing(story: Story) -> None:
    """Read from the record alone: who leads changes by being assigned, accepting or stepping back, and not else."""

    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        lead = ""
        offered: dict[str, str] = {}
        for entry in play.entries:
            match entry.event:
                case RoleOffered():
                    offered[entry.event.role] = entry.event.to
                case RoleOfferEnded():
                    offered.pop(entry.event.role, None)
                case RoleAssigned():
                    if entry.event.handed_over:
                        assert offered.get(entry.event.role) == entry.event.person == entry.actor
                    offered.pop(entry.event.role, None)
                    if entry.event.role == LEAD:
                        assert entry.event.before in ("", lead)
                        lead = entry.event.person
                case RoleVacated() if entry.event.role == LEAD:
                    assert entry.event.before == lead
                    lead = ""
        held = play.there.roles
        assert held.holder(LEAD) == lead
        assert held.get(LEAD).also == ()
        assert [name for name in held.by_name if name.startswith(f"{LEAD}/")] == []
        for name, state in held.by_name.items():
            spec = play.book.role(name)
            assert len(state.also) < max(spec.holders, 1) or not state.also
            assert len(state.deputies) <= spec.deputies
            assert len(set(state.people)) == len(state.people)

    play_script(story.book, story.script, after_step=check)
