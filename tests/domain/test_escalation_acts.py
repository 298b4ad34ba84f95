"""What people do on the ladder (R5): decline, take over, page again, call off, take back; also two at the same time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.books import LEAD, T0, ladder_only, level, minutes, seconds, targets, utc, with_severity
from tests.support.ladders import FIVE, lines, play_of, with_figures
from tests.support.play import declared
from warroom.domain.core import Command, Stale
from warroom.domain.escalation import (
    ACK,
    RESOLVE,
    SNOOZE,
    START,
    Acknowledge,
    Acknowledged,
    CallOff,
    Decline,
    Escalate,
    EscalationCalledOff,
    EscalationResumed,
    LevelPaged,
    PagedBesides,
    PageDeclined,
    Phase,
    Repage,
    Resume,
    SnoozeEscalation,
    TakeOver,
    Unacknowledge,
    Unacknowledged,
    Wake,
    Why,
)
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.policy import PageTo
from warroom.domain.roles import AssignRole
from warroom.domain.room import describe

ONE = level("a", "person:dag", ack=FIVE, repeat=1, resolve=minutes(40))
TWO = level("b", "person:bo", ack=minutes(6), resolve=minutes(50))
LISTED = level("a", "oncall:payments", ack=FIVE, repeat=1, resolve=minutes(40))  # ghost, ada, bo


# Declining -----------------------------------------------------------------------------------------------------------


def test_the_page_moves_on_at_once_to_who_is_next_on_the_list() -> None:
    play = play_of(LISTED, TWO)
    play.now = T0 + minutes(2)
    declined, page = play.do(Decline(reason="on a train"), "ada")
    assert declined == PageDeclined(1, 1, "ada", "on a train")
    assert describe(declined) == "L1: ada cannot take it: on a train"
    assert isinstance(page, LevelPaged)
    assert (page.level, page.repeat, page.why, page.pages[0].to) == (1, 0, Why.DECLINED, "bo")
    # Who is next has the whole time to answer; the time to fix it goes on.
    assert play.deadlines() == {ACK: minutes(7), RESOLVE: minutes(40)}
    assert any(each.why == "ada has declined" for each in page.passed)
    # Nor is ada paged again when the level is repeated.
    play.until(minutes(7))
    assert lines(play)[-1] == (7, 1, "bo")


def test_when_everybody_on_it_declined_the_next_level_is_paged() -> None:
    play = play_of(LISTED, TWO)
    play.do(Decline(), "ada")
    (_, page) = play.do(Decline(), "bo")
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (2, Why.DECLINED)


def test_others_who_were_paged_at_once_remain() -> None:
    play = play_of(level("a", "team:backend", "channel:#leads", ack=FIVE, repeat=1), TWO)
    assert play.do(Decline(), "bo") == (PageDeclined(1, 1, "bo"),)
    assert play.deadlines() == {ACK: FIVE}
    play.until(FIVE)
    assert lines(play)[-1] == (5, 1, "cy #leads")
    # A chat room alone is not who was to answer.
    (_, page) = play.do(Decline(), "cy")
    assert isinstance(page, LevelPaged)
    assert page.level == 2


def test_anybody_can_decline_for_somebody_by_name() -> None:
    play = play_of(LISTED, TWO)
    declined, _ = play.do(Decline("ada", "her phone is off"), "mina")
    assert declined == PageDeclined(1, 1, "ada", "her phone is off")
    assert play.entries[-2].actor == "mina"


@pytest.mark.parametrize(
    ("who", "says"),
    [("eva", "eva is not paged now: level 1 asks dag"), ("nobody-known", "nobody-known is not paged now")],
)
def test_who_is_not_paged_cannot_decline(who: str, says: str) -> None:
    assert says in play_of(ONE, TWO).refusal(Decline(), who)


def test_declining_what_was_acknowledged_is_refused() -> None:
    play = play_of(level("a", "team:backend", ack=FIVE))
    play.do(Acknowledge(), "cy")
    assert "cy has it" in play.refusal(Decline(), "bo")
    assert "take your acknowledgement back" in play.refusal(Decline(), "cy")


def test_declining_twice_is_refused_the_second_time() -> None:
    play = play_of(level("a", "team:backend", ack=FIVE))
    play.do(Decline(), "bo")
    assert "bo has declined level 1 already" in play.refusal(Decline(), "bo")


def test_a_click_on_an_older_page_does_not_decline_the_newer_one() -> None:
    play = play_of(ONE, level("b", "person:dag"))
    play.until(minutes(10))
    assert "level 2 was paged since you looked" in play.refusal(Decline(seen=1), "dag", kind=Stale)
    play.do(Decline(seen=2), "dag")


def test_in_the_next_cycle_who_declined_is_asked_again_only_when_nobody_else_is_left() -> None:
    play = play_of(replace(LISTED, repeat=0), cycles=2)
    play.do(Decline(), "ada")
    play.until(FIVE)
    assert lines(play) == [(0, 1, "ada"), (0, 1, "bo"), (5, 1, "bo")]
    alone = play_of(level("a", "person:dag", ack=FIVE), level("b", "person:eva", ack=FIVE), cycles=2)
    alone.do(Decline(), "dag")
    alone.until(FIVE)
    assert lines(alone) == [(0, 1, "dag"), (0, 2, "eva"), (5, 1, "dag")]


def test_nobody_is_asked_again_in_the_same_breath() -> None:
    play = play_of(level("a", "person:dag", ack=FIVE), level("b", "team:empty"), cycles=2, then=targets("person:eva"))
    play.do(Decline(), "dag")
    assert lines(play) == [(0, 1, "dag")]
    assert play.there.escalation.phase is Phase.EXHAUSTED


def test_the_last_of_all_declining_is_an_alarm() -> None:
    play = play_of(level("a", "person:dag"), then=targets("person:eva"))
    play.do(Decline(), "dag")
    assert play.there.escalation.phase is Phase.EXHAUSTED
    assert "the policy is exhausted" in play.refusal(Decline(), "eva")


def test_while_it_rests_a_decline_is_noted_and_the_next_page_goes_to_others() -> None:
    play = play_of(LISTED, TWO)
    play.do(SnoozeEscalation(T0 + minutes(30), "wait"))
    assert play.do(Decline(), "ada") == (PageDeclined(1, 1, "ada"),)
    play.until(minutes(35))
    assert lines(play)[-1] == (35, 1, "bo")


def test_somebody_paged_by_hand_can_decline_and_the_ladder_stays() -> None:
    play = play_of(ONE, TWO)
    play.do(Escalate("knows the cards", "eva"))
    assert play.do(Decline(reason="no idea"), "eva") == (PageDeclined(0, 1, "eva", "no idea"),)
    assert describe(PageDeclined(0, 1, "eva", "no idea")) == "paged by hand: eva cannot take it: no idea"
    assert play.deadlines() == {ACK: FIVE, RESOLVE: minutes(40)}


# Acknowledging, for others and by mistake ----------------------------------------------------------------------------


def test_one_takes_over_from_another() -> None:
    play = with_figures(ONE, TWO, ack_lapses=minutes(30))
    play.do(Acknowledge(), "dag")
    play.now = T0 + minutes(9)
    (event,) = play.do(TakeOver("dag is asleep", seen="dag"), "eva")
    assert event == Acknowledged(1, "eva", "dag", "dag is asleep")
    assert describe(event) == "L1 taken over from dag: dag is asleep"
    assert play.there.escalation.history[-1].acked_by == "eva"
    assert play.there.incident.acknowledged_at == T0
    assert "eva has it since you looked" in play.refusal(TakeOver(seen="dag"), "bo", kind=Stale)
    assert "eva has it already" in play.refusal(TakeOver(), "eva")


def test_taking_over_what_nobody_has_is_acknowledging() -> None:
    play = play_of(ONE)
    assert play.do(TakeOver(seen=""), "eva") == (Acknowledged(1, "eva"),)


def test_an_acknowledgement_that_is_taken_back_lets_the_timer_go_on() -> None:
    play = play_of(ONE, TWO)
    play.now = T0 + minutes(2)
    play.do(Acknowledge(), "dag")
    play.now = T0 + minutes(10)
    (event,) = play.do(Unacknowledge("wrong incident", seen="dag"), "dag")
    assert event == Unacknowledged(1, "dag", "wrong incident", first=True, ack_due=T0 + minutes(13))
    assert describe(event) == "the acknowledgement of dag was taken back: wrong incident"
    assert play.deadlines() == {ACK: minutes(13), RESOLVE: minutes(40)}
    assert play.there.incident.acknowledged_at is None
    assert [p.acked_by for p in play.there.escalation.history] == [""]
    assert "nobody has acknowledged" in play.refusal(Unacknowledge())
    assert "nobody has it since you looked" in play.refusal(Unacknowledge(seen="dag"), kind=Stale)


def test_at_least_a_minute_is_left() -> None:
    play = play_of(ONE, TWO)
    play.now = T0 + FIVE - seconds(1)
    play.do(Acknowledge(), "dag")
    play.do(Unacknowledge(), "dag")
    assert play.deadlines()[ACK] == FIVE + seconds(59)


def test_taking_back_what_was_taken_over_goes_back_to_the_timer_and_not_to_the_one_before() -> None:
    play = play_of(ONE, TWO)
    play.now = T0 + minutes(2)
    play.do(Acknowledge(), "dag")
    play.now = T0 + minutes(4)
    play.do(TakeOver(), "eva")
    (event,) = play.do(Unacknowledge(), "eva")
    assert isinstance(event, Unacknowledged)
    assert (event.first, event.ack_due) == (False, T0 + minutes(7))
    assert play.there.incident.acknowledged_at == T0 + minutes(2)


def test_taking_back_after_the_end_is_the_alarm_again() -> None:
    play = play_of(level("a", "person:dag", ack=FIVE))
    play.until(FIVE)
    play.now = T0 + minutes(9)
    play.do(Acknowledge(), "eva")
    play.do(Unacknowledge(), "eva")
    state = play.there.escalation
    assert (state.phase, state.exhausted_at, state.acked_by) == (Phase.EXHAUSTED, T0 + FIVE, "")


def test_taking_back_before_the_first_page_waits_for_the_hours_again() -> None:
    play = declared("SEV3", ladder_only(play_of(ONE).book.policies["office"]), at=utc("2024-03-16 12:00"))
    play.do(Acknowledge(), "bo")
    assert play.deadlines() == {}
    play.do(Unacknowledge(), "bo")
    assert play.there.escalation.phase is Phase.WAITING
    assert play.deadlines() == {START: utc("2024-03-18 08:00") - T0}


def test_taking_back_while_it_rests_leaves_both_timers_to_come_back() -> None:
    play = play_of(ONE, TWO)
    play.now = T0 + minutes(1)
    play.do(SnoozeEscalation(T0 + minutes(20), "wait"))
    play.do(Acknowledge(), "dag")
    play.do(Unacknowledge(), "dag")
    assert play.deadlines() == {SNOOZE: minutes(20)}
    play.until(minutes(20))
    assert play.deadlines() == {ACK: minutes(24), RESOLVE: minutes(59)}


# Paging again --------------------------------------------------------------------------------------------------------


def test_the_level_is_paged_again_now() -> None:
    play = play_of(ONE, TWO)
    play.do(Acknowledge(), "dag")
    play.now = T0 + minutes(3)
    (page,) = play.do(Repage("no answer on the phone", seen=1))
    assert isinstance(page, LevelPaged)
    assert (page.level, page.repeat, page.why) == (1, 0, Why.BY_HAND)
    assert play.deadlines() == {ACK: minutes(8), RESOLVE: minutes(40)}
    assert play.there.escalation.acked_by == ""


def test_two_who_page_again_at_the_same_time_page_once() -> None:
    play = play_of(ONE, TWO)
    play.now = T0 + minutes(3)
    play.do(Repage(), "eva")
    play.now += seconds(20)
    assert "was paged at 10:03:00 UTC: give them a minute" in play.refusal(Repage(), "bo")
    play.until(minutes(15))
    assert "level 2 was paged since you looked" in play.refusal(Repage(seen=1), kind=Stale)


def test_paging_again_after_the_end_begins_with_the_last_level() -> None:
    play = play_of(level("a", "person:dag", ack=FIVE, resolve=minutes(9)))
    play.until(minutes(20))
    play.do(Repage())
    assert play.there.escalation.phase is Phase.RUNNING
    assert play.deadlines() == {ACK: minutes(25), RESOLVE: minutes(29)}


def test_paging_nobody_again_is_refused_and_says_why() -> None:
    play = play_of(level("a", f"role:{LEAD}", ack=FIVE))
    assert f"nobody on level 1 can be paged: {LEAD} is vacant" in play.refusal(Repage())


def test_who_declined_is_paged_again_by_hand_when_nobody_else_is_left() -> None:
    play = play_of(level("a", "person:dag"), TWO)
    play.do(Decline(), "dag")
    play.do(Escalate("please", level=1))
    assert lines(play)[-1] == (0, 1, "dag")


# By hand -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whom", "pages"),
    [
        ("eva", [("eva", "chat")]),
        ("team:backend", [("bo", "chat"), ("cy", "mail")]),
        ("oncall:payments", [("ada", "sms")]),
        ("channel:#leads", [("#leads", "chat")]),
    ],
)
def test_anybody_and_any_target_can_be_paged_besides(whom: str, pages: list[tuple[str, str]]) -> None:
    play = play_of(ONE, TWO)
    (event,) = play.do(Escalate("help", whom))
    assert isinstance(event, PagedBesides)
    assert [(page.to, page.via) for page in event.pages] == pages


def test_one_way_can_be_named() -> None:
    play = play_of(ONE, TWO)
    (event,) = play.do(Escalate("help", "ada", via="mail"))
    assert event == PagedBesides((PageTo("ada", "mail", "person:ada"),), Why.BY_HAND, "help")
    assert "eva has no phone: page by chat" in play.refusal(Escalate("help", "eva", via="phone"))


@pytest.mark.parametrize("whom", ["team:nobody-knows", "level:next", "oncall:", ":"])
def test_what_means_nobody_is_refused(whom: str) -> None:
    assert "cannot be paged" in play_of(ONE).refusal(Escalate("help", whom))


# Calling off ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [Acknowledge(), SnoozeEscalation(T0 + minutes(30), "wait"), None])
def test_nothing_is_paged_after_it_was_called_off_while_the_incident_goes_on(before: Command | None) -> None:
    play = play_of(ONE, TWO)
    if before is not None:
        play.do(before, "dag")
    (event,) = play.do(CallOff("we are on it in the room", seen=1))
    assert event == EscalationCalledOff(1, "we are on it in the room")
    assert describe(event) == "at level 1: we are on it in the room"
    assert play.there.escalation.phase is Phase.CALLED_OFF
    assert play.until(minutes(500)) == ()
    assert play.there.incident.live
    for command in (Acknowledge(), TakeOver(), CallOff("again"), Unacknowledge()):
        assert "called off" in play.refusal(command, "eva"), command
    for command in (Escalate(), Escalate(level=2), Repage()):
        assert "resume it, or name a person" in play.refusal(command), command
    assert "no timer" in play.refusal(SnoozeEscalation(play.now + FIVE, "x"))
    assert "not snoozed" in play.refusal(Wake())
    play.do(Escalate("you know this", "eva"))
    assert play.there.escalation.phase is Phase.CALLED_OFF


def test_it_needs_a_reason_and_the_level_that_the_asker_saw() -> None:
    play = play_of(ONE, TWO)
    assert "say why" in play.refusal(CallOff())
    play.until(minutes(10))
    assert "level 2 was paged" in play.refusal(CallOff("known", seen=1), kind=Stale)


def test_what_was_called_off_begins_again_at_its_level() -> None:
    play = play_of(ONE, TWO)
    play.until(minutes(10))
    play.do(CallOff("known"))
    play.now = T0 + minutes(30)
    resumed, page = play.do(Resume("not known after all"))
    assert resumed == EscalationResumed(2, T0 + minutes(30), "not known after all")
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (2, Why.RESUMED)
    assert play.deadlines() == {ACK: minutes(36), RESOLVE: minutes(80)}
    assert "it is running" in play.refusal(Resume(), kind=Stale)


def test_resuming_waits_for_the_hours() -> None:
    play = declared("SEV3", ladder_only(play_of(ONE).book.policies["office"]), at=utc("2024-03-15 15:30"))
    play.do(CallOff("known"))
    play.now = utc("2024-03-16 12:00")
    (event,) = play.do(Resume())
    assert event == EscalationResumed(1, utc("2024-03-18 08:00"))
    assert play.there.escalation.phase is Phase.WAITING
    (page,) = play.until(utc("2024-03-18 08:00"))
    assert isinstance(page, LevelPaged)
    assert page.why is Why.RESUMED


def test_called_off_before_the_first_page_it_resumes_with_the_first() -> None:
    play = declared("SEV3", ladder_only(play_of(ONE).book.policies["office"]), at=utc("2024-03-16 12:00"))
    (event,) = play.do(CallOff("known"))
    assert describe(event) == "before any page: known"
    play.do(Resume())
    play.until(utc("2024-03-18 08:00"))
    assert [each.level for each in play.there.escalation.history] == [1]


def test_a_worse_severity_begins_all_the_same_and_a_milder_one_stays_called_off() -> None:
    book = with_severity("SEV2", play_of(ONE, TWO).book, policy="own")
    play = declared("SEV2", book)
    play.do(CallOff("known"))
    play.do(SetSeverity("SEV1", "worse"))
    assert play.there.escalation.phase is Phase.RUNNING
    play.do(CallOff("known"))
    play.do(SetSeverity("SEV2", "milder"))
    assert play.there.escalation.phase is Phase.CALLED_OFF
    assert play.deadlines() == {}
    play.do(SetSeverity("SEV4", "nothing"))
    assert play.there.escalation.phase is Phase.STOPPED


def test_resolving_and_reopening_begins_anew() -> None:
    play = play_of(ONE, TWO)
    play.do(CallOff("known"))
    play.do(SetStatus(Status.RESOLVED, "over"))
    assert play.there.escalation.phase is Phase.STOPPED
    play.do(SetStatus(Status.INVESTIGATING, "not over"))
    assert lines(play)[-1] == (0, 1, "dag")
    assert play.there.escalation.declined == ()


def test_called_off_levels_are_not_brought_in_by_anything_else() -> None:
    play = declared("SEV1")  # with roles and updates that fall due
    play.do(AssignRole(LEAD, "bo"))
    play.do(CallOff("known"))
    assert not any(isinstance(event, LevelPaged) for event in play.until(minutes(300)))
