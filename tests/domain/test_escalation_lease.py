"""What keeps an acknowledgement alive, and a status that does not change (R5)."""

from __future__ import annotations

import pytest

from tests.support.books import BOOK, LEAD, T0, ladder_only, level, minutes, with_severity
from tests.support.ladders import FIVE, lines, with_figures
from tests.support.play import Play, declared
from warroom.domain.core import ENGINE, Command
from warroom.domain.escalation import (
    LAPSE,
    STALLED,
    Acknowledge,
    AcknowledgementLapsed,
    Escalate,
    LevelPaged,
    Phase,
    SnoozeEscalation,
    StatusStalled,
    TakeOver,
    Wake,
    Why,
)
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.oncall import PagingHours
from warroom.domain.policy import Level, PageTo
from warroom.domain.record import AddNote
from warroom.domain.roles import AssignRole
from warroom.domain.room import describe

# Leases --------------------------------------------------------------------------------------------------------------


USUAL = (level("a", "person:dag", ack=FIVE, resolve=minutes(90)), level("b", "person:bo"))


def leased(*levels: Level, **figures: object) -> Play:
    return with_figures(*(levels or USUAL), **figures)


def test_an_acknowledgement_lapses_when_nobody_does_anything() -> None:
    play = leased(ack_lapses=minutes(30))
    play.now = T0 + minutes(2)
    play.do(Acknowledge(), "eva")
    assert play.deadlines()[LAPSE] == minutes(32)
    lapsed, page = play.until(minutes(32))
    assert lapsed == AcknowledgementLapsed(1, "eva", minutes(30), (PageTo("eva", "chat", "person:eva"),))
    assert describe(lapsed) == "L1: the acknowledgement of eva lapsed, no activity for 30m; told eva by chat"
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why, page.ack_due) == (1, Why.LAPSED, T0 + minutes(37))
    # The time to fix it goes on.
    assert page.resolve_due == T0 + minutes(90)
    assert play.there.escalation.acked_by == ""
    play.do(Acknowledge(), "dag")
    assert play.deadlines()[LAPSE] == minutes(62)


def test_whoever_is_paged_again_gets_no_second_word() -> None:
    play = leased(ack_lapses=minutes(30))
    play.do(Acknowledge(), "dag")
    lapsed, _ = play.until(minutes(30))
    assert lapsed == AcknowledgementLapsed(1, "dag", minutes(30))


@pytest.mark.parametrize(
    "act",
    [AddNote("looking"), SetStatus(Status.TRIAGING), AssignRole(LEAD, "bo"), TakeOver(), Escalate("help", "cy")],
    ids=lambda act: type(act).__name__,
)
def test_whatever_anybody_does_keeps_it_alive(act: Command) -> None:
    play = leased(ack_lapses=minutes(30))
    play.do(Acknowledge(), "dag")
    play.now = T0 + minutes(20)
    play.do(act, "mina")
    assert play.deadlines()[LAPSE] == minutes(50)


def test_what_time_does_keeps_nothing_alive() -> None:
    book = with_severity("SEV1", BOOK, ack_lapses=minutes(9))
    play = declared("SEV1", book)
    play.do(Acknowledge(), "ada")
    play.until(minutes(8))
    assert any(entry.actor == ENGINE for entry in play.entries)  # a reminder went out
    assert play.deadlines()[LAPSE] == minutes(9)


def test_a_snooze_holds_the_lease_and_it_begins_anew_after_it() -> None:
    play = leased(ack_lapses=minutes(30))
    play.do(Acknowledge(), "dag")
    play.do(SnoozeEscalation(T0 + minutes(80), "asleep"))
    play.until(minutes(80))
    assert play.deadlines()[LAPSE] == minutes(110)


def test_one_acknowledged_before_the_first_page_lapses_into_the_first_page() -> None:
    hours = PagingHours("UTC", (0, 1, 2, 3, 4), (T0 + minutes(60)).time(), (T0 + minutes(300)).time())
    book = with_severity("SEV3", ladder_only(BOOK.policies["office"]), hours=hours, ack_lapses=minutes(90))
    play = declared("SEV3", book)
    play.do(Acknowledge(), "bo")
    lapsed, page = play.until(minutes(90))
    assert isinstance(lapsed, AcknowledgementLapsed)
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (1, Why.LAPSED)


def test_an_acknowledgement_after_the_end_lapses_into_the_last_level() -> None:
    play = leased(level("a", "person:dag", ack=FIVE), ack_lapses=minutes(30))
    play.until(FIVE)
    assert play.there.escalation.phase is Phase.EXHAUSTED
    play.do(Acknowledge(), "eva")
    play.until(minutes(60))
    assert lines(play) == [(0, 1, "dag"), (35, 1, "dag")]
    assert play.there.escalation.phase is Phase.EXHAUSTED


# Status unchanged ----------------------------------------------------------------------------------------------------

STUCK = {"new": minutes(10), "investigating": minutes(60)}


def test_a_status_that_does_not_change_brings_in_the_next_level() -> None:
    play = leased(stalled=STUCK)
    assert STALLED not in play.deadlines()  # the ladder moves by itself: somebody is asked already
    play.now = T0 + minutes(3)
    play.do(Acknowledge(), "dag")
    assert play.deadlines()[STALLED] == minutes(13)
    stalled, page = play.until(minutes(13))
    assert stalled == StatusStalled("new", T0, escalated=True)
    assert describe(stalled) == "new since 2024-03-13 10:00 UTC; the next level comes in"
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (2, Why.STALLED)
    play.do(Acknowledge(), "bo")
    # No level is left: those who have it are told, again and again.
    again = play.until(minutes(33))
    assert again == (
        StatusStalled("new", T0, False, T0 + minutes(33), (PageTo("bo", "chat", "person:bo"),)),
        StatusStalled("new", T0, False, T0 + minutes(43), (PageTo("bo", "chat", "person:bo"),)),
    )


def test_a_status_that_moves_on_has_its_own_figure_or_none() -> None:
    play = leased(stalled=STUCK)
    play.do(Acknowledge(), "dag")
    play.now = T0 + minutes(9)
    play.do(SetStatus(Status.TRIAGING))
    assert STALLED not in play.deadlines()
    play.do(SetStatus(Status.INVESTIGATING))
    assert play.deadlines()[STALLED] == minutes(69)
    play.do(SetStatus(Status.RESOLVED, "over"))
    assert play.deadlines() == {}


def test_a_milder_severity_brings_its_own_figures() -> None:
    play = leased(stalled=STUCK, ack_lapses=minutes(30))
    play.do(Acknowledge(), "dag")
    play.do(SetSeverity("SEV2", "milder"))
    assert {STALLED, LAPSE} & set(play.deadlines()) == set()


def test_a_rest_that_is_woken_begins_both_anew() -> None:
    play = leased(stalled=STUCK)
    play.do(Acknowledge(), "dag")
    play.do(SnoozeEscalation(T0 + minutes(50), "wait"))
    play.now = T0 + minutes(5)
    play.do(Wake())
    assert play.deadlines()[STALLED] == minutes(15)
