"""The people in the room (R4): coming and going, by themselves and by hand, and what is remembered of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given

from tests.support.books import BOOK, SCRIBE, T0, minutes, seconds
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from warroom.domain.core import Command, Event
from warroom.domain.escalation import Acknowledge, Decline
from warroom.domain.incident import SetStatus, Status
from warroom.domain.people import MOST, STRETCHES, AwakeSaid, JoinRoom, LeaveRoom, PersonJoined, PersonLeft, SayAwake
from warroom.domain.record import AddNote
from warroom.domain.roles import LEAD, AcceptRole, AssignRole, LeaveRole, OfferRole
from warroom.domain.room import describe
from warroom.store.codec import encode_room


def test_who_joins_is_there_and_who_leaves_is_not() -> None:
    play = declared()
    assert play.do(JoinRoom(), "bo") == (PersonJoined("bo"),)
    assert play.do(JoinRoom("cy"), "bo") == (PersonJoined("cy"),)
    assert play.there.people.here() == ("bo", "cy")
    assert "bo is in the room already" in play.refusal(JoinRoom(), "bo")
    play.now += minutes(20)
    assert play.do(LeaveRoom(reason="dinner"), "bo") == (PersonLeft("bo", "dinner"),)
    bo = play.there.people.get("bo")
    assert (bo.joined_at, bo.left_at, bo.here) == (T0, T0 + minutes(20), False)
    assert "bo is not in the room" in play.refusal(LeaveRoom(), "bo")
    assert [describe(entry.event) for entry in play.entries[-3:]] == ["bo joined", "cy joined", "bo left: dinner"]


def test_taking_a_role_and_acknowledging_bring_somebody_in() -> None:
    play = declared()
    play.do(Acknowledge(), "ada")
    play.do(AssignRole(LEAD, "eva"), "ada")
    play.do(OfferRole(LEAD, "bo"), "eva")
    assert play.there.people.here() == ("ada", "eva")  # who is offered something is not there for that
    play.do(AcceptRole(LEAD), "bo")
    assert play.there.people.here() == ("ada", "bo", "eva")  # and who handed over has not left


def test_who_holds_a_role_hands_it_over_before_they_leave() -> None:
    play = declared()
    play.do(AssignRole(LEAD, "eva"))
    play.do(AssignRole(SCRIBE, "eva"))
    assert "eva is Incident manager and Scribe: hand over or step back" in play.refusal(LeaveRoom(), "eva")
    play.do(LeaveRole(LEAD), "eva")
    play.do(LeaveRole(SCRIBE), "eva")
    play.do(LeaveRoom(), "eva")
    assert play.there.people.here() == ()


def test_a_short_break_is_none() -> None:
    play = declared()
    play.do(JoinRoom(), "bo")
    play.now += minutes(60)
    play.do(LeaveRoom(), "bo")
    play.now += minutes(4)
    play.do(JoinRoom(), "bo")
    assert play.there.people.get("bo").joined_at == T0
    play.do(LeaveRoom(), "bo")
    play.now += minutes(6)
    play.do(JoinRoom(), "bo")
    assert play.there.people.get("bo").joined_at == T0 + minutes(70)


def test_the_room_is_empty_when_the_incident_is_over_and_holders_are_back_when_it_is_not() -> None:
    play = declared()
    play.do(AssignRole(LEAD, "eva"))
    play.do(JoinRoom(), "bo")
    play.now += minutes(30)
    play.do(SetStatus(Status.RESOLVED, "done"))
    assert play.there.people.here() == ()
    assert play.there.people.get("bo").left_at == T0 + minutes(30)
    assert "INC-1 is resolved" in play.refusal(JoinRoom(), "cy")
    play.do(AssignRole(SCRIBE, "cy"))  # for the review: nobody is on duty for that
    assert play.there.people.here() == ()
    play.now += minutes(30)
    play.do(SetStatus(Status.INVESTIGATING, "back"))
    assert play.there.people.here() == ("cy", "eva")


def test_who_does_something_was_seen() -> None:
    play = declared()
    play.do(JoinRoom(), "bo")
    play.now += minutes(5)
    play.do(AddNote("the queue grows"), "bo")
    play.do(AddNote("I am somewhere else"), "dag")
    assert play.there.people.get("bo").seen_at == T0 + minutes(5)
    assert "dag" not in play.there.people.by_login


def test_since_when_somebody_is_awake() -> None:
    play = declared()
    assert play.do(SayAwake(T0 - minutes(200)), "bo") == (AwakeSaid("bo", T0 - minutes(200)),)
    assert play.there.people.get("bo").awake_since == T0 - minutes(200)
    assert not play.there.people.get("bo").here


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (SayAwake(T0 + seconds(1)), "in the future"),
        (SayAwake(T0 - timedelta(days=5)), "when you got up last"),
    ],
)
def test_times_that_cannot_be(command: Command, says: str) -> None:
    assert says in declared().refusal(command)


def test_who_declined_a_page_is_known_until_they_come() -> None:
    play = declared()
    play.do(Decline(), "ada")
    assert play.there.people.get("ada").declined_at == T0
    play.do(JoinRoom(), "ada")
    assert play.there.people.get("ada").declined_at is None


def test_the_state_stays_small_however_many_come_and_go() -> None:
    play = declared()
    for count in range(40):
        play.do(JoinRoom(), "bo")
        play.now += minutes(10)
        play.do(LeaveRoom(), "bo")
        play.now += minutes(10 + count)
    assert len(play.there.people.get("bo").stretches) == STRETCHES
    for count in range(MOST + 20):
        play.do(JoinRoom(f"p{count}"))
        if count > 20:
            play.do(LeaveRoom(f"p{count}"))
    assert len(play.there.people.by_login) == MOST
    assert {f"p{count}" for count in range(20)} <= set(play.there.people.by_login)
    assert len(encode_room(play.there)) < 120_000


@given(stories())
@examples()
def test_every_holder_of_a_live_incident_is_in_its_room(story: Story) -> None:
    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        room = play.there
        for login, known in room.people.by_login.items():
            stays = known.stretches
            assert all(stay.end is not None for stay in stays[:-1]), login
            ends = [moment for stay in stays for moment in (stay.start, stay.end) if moment is not None]
            assert ends == sorted(ends), login
            assert known.here or known.tired_at is None, login
        if room.incident.live:
            holders = {person for state in room.roles.by_name.values() for person in state.people}
            assert holders <= set(room.people.here())
        else:
            assert room.people.here() == ()

    play_script(story.book, story.script, after_step=check)


def test_an_imported_incident_has_nobody_in_it() -> None:
    assert declared(book=BOOK).there.people.here() == ()
