"""A role changes hands (R4): offers, reading back, planned handovers, and one incident manager at any moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests.support.books import COMMS, SCRIBE, T0, minutes, seconds
from tests.support.led import QUIET, led
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from warroom.domain.core import Command, Event, Stale
from warroom.domain.incident import SetStatus, Status
from warroom.domain.messages import outgoing
from warroom.domain.policy import PageTo
from warroom.domain.roles import (
    LEAD,
    AcceptRole,
    AssignRole,
    EndOffer,
    HandoverDue,
    HandoverPlanned,
    JoinRole,
    Lapse,
    LeaveRole,
    OfferRole,
    PlanHandover,
    ReadBack,
    RoleAssigned,
    RoleOffered,
    RoleOfferEnded,
    RoleReadBack,
    RoleVacated,
)
from warroom.domain.room import describe

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


def test_a_handover_after_the_resolution_ends_with_the_incident() -> None:
    play = led()
    play.do(SetStatus(Status.RESOLVED, "done"))
    play.do(OfferRole(SCRIBE, "bo"), "eva")
    assert play.deadlines() == {f"offer:{SCRIBE}": minutes(10)}
    events = play.do(SetStatus(Status.CLOSED, "reviewed"))
    assert RoleOfferEnded(SCRIBE, "bo", "withdrawn") in events
    assert play.deadlines() == {}
    said = "INC-1 is closed: reopen it before somebody takes a role in it"
    assert play.refusal(OfferRole(SCRIBE, "bo"), "eva") == said
    assert play.refusal(AssignRole(SCRIBE, "bo"), "eva") == said
    assert play.refusal(AssignRole(LEAD, "bo", "takes over"), "eva") == said
    assert play.refusal(JoinRole(LEAD, "bo", deputy=True), "eva") == said
    play.do(LeaveRole(LEAD, "it is over"), "eva")  # stepping back is always possible
    play.do(SetStatus(Status.INVESTIGATING, "it is back"))
    play.do(AssignRole(SCRIBE, "bo"), "eva")


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
