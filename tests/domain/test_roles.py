"""Roles (R4): what is required and by when, assigning and taking them, leaving, added ones, duties."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.books import COMMS, SCRIBE, T0, minutes
from tests.support.led import led, roles_of
from warroom.domain.core import Stale
from warroom.domain.incident import SetSeverity
from warroom.domain.policy import PageTo, PassedOver
from warroom.domain.roles import (
    LEAD,
    AcceptRole,
    AddRole,
    AssignRole,
    DropRole,
    DutyTicked,
    EndOffer,
    LeaveRole,
    OfferRole,
    RoleAdded,
    RoleAssigned,
    RoleDropped,
    RoleMissed,
    RoleOfferEnded,
    RoleVacated,
    TickDuty,
)
from warroom.domain.room import describe

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
