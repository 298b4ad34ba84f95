"""Human checkpoints (R5): what is asked of whom, what the answers do, and that a question is never where all stops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.books import LEAD, T0, ladder_only, level, minutes, target, targets
from tests.support.ladders import FIVE, lines, play_of
from tests.support.play import Play, declared
from warroom.domain.conditions import Matches, Pattern
from warroom.domain.core import Stale
from warroom.domain.escalation import (
    ACK,
    CONFIRM,
    RESOLVE,
    SNOOZE,
    Acknowledge,
    CheckpointAsked,
    CheckpointSettled,
    Confirm,
    Escalate,
    LevelPaged,
    LevelSkipped,
    Phase,
    Refuse,
    Settled,
    SnoozeEscalation,
    Unacknowledge,
    Wake,
    Why,
)
from warroom.domain.incident import Amend, Declare, SetSeverity
from warroom.domain.messages import outgoing
from warroom.domain.policy import Ask, Level, Otherwise, PageTo, Policy
from warroom.domain.room import describe

ONE = level("a", "person:dag", ack=FIVE, resolve=minutes(30))
REGULATED = replace(
    level("b", "person:bo", ack=minutes(6), resolve=minutes(50)),
    confirm=Ask(targets("person:eva", "person:cy"), minutes(10), Otherwise.PROCEED),
)
THREE = level("c", "person:ada", ack=minutes(7))


def asked(*, otherwise: Otherwise = Otherwise.PROCEED, by: tuple[str, ...] = ("person:eva",)) -> Play:
    """An incident at five minutes: nobody acknowledged, and the second level waits for a word."""
    ask = Ask(targets(*by), minutes(10), otherwise)
    play = play_of(ONE, replace(REGULATED, confirm=ask), THREE)
    play.until(FIVE)
    return play


def test_the_level_waits_for_an_answer_and_nothing_else_rings_meanwhile() -> None:
    play = play_of(ONE, REGULATED, THREE)
    (event,) = play.until(FIVE)
    pages = (PageTo("eva", "chat", "person:eva"), PageTo("cy", "mail", "person:cy"))
    assert event == CheckpointAsked(2, 1, Why.ACK_TIMEOUT, pages, T0 + minutes(15), Otherwise.PROCEED)
    assert describe(event) == (
        "L2 needs a confirmation, by 10:15 UTC, else proceed; asked eva by chat, cy by mail (acknowledge timeout)"
    )
    assert play.deadlines() == {CONFIRM: minutes(15)}
    assert lines(play) == [(0, 1, "dag")]
    (first, _) = outgoing(play.there, play.entries[-1], play.book)
    assert first.kind == "page"
    assert "warroom confirm INC-1" in first.body
    assert "warroom refuse INC-1" in first.body


def test_confirming_pages_the_level_at_once_and_for_the_rest_of_the_escalation() -> None:
    play = play_of(ONE, REGULATED, cycles=2)
    play.until(FIVE)
    play.now = T0 + minutes(7)
    settled, page = play.do(Confirm("checked with the bank", seen=2), "cy")
    assert settled == CheckpointSettled(2, 1, Settled.CONFIRMED, True, "checked with the bank")
    assert describe(settled) == "L2: confirmed: checked with the bank"
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (2, Why.ACK_TIMEOUT)
    assert play.deadlines() == {ACK: minutes(13), RESOLVE: minutes(57)}
    play.until(minutes(40))
    assert lines(play) == [(0, 1, "dag"), (7, 2, "bo"), (13, 1, "dag"), (18, 2, "bo")]


def test_refusing_passes_the_level_over() -> None:
    play = asked()
    settled, skipped, page = play.do(Refuse("not without a lawyer"), "eva")
    assert settled == CheckpointSettled(2, 1, Settled.REFUSED, False, "not without a lawyer")
    assert describe(skipped) == "L2 passed over: eva refused it: not without a lawyer"
    assert isinstance(page, LevelPaged)
    assert page.level == 3


@pytest.mark.parametrize(("otherwise", "number"), [(Otherwise.PROCEED, 2), (Otherwise.SKIP, 3)])
def test_without_an_answer_in_time_the_fallback_applies(otherwise: Otherwise, number: int) -> None:
    play = asked(otherwise=otherwise)
    events = play.until(minutes(15))
    assert isinstance(events[0], CheckpointSettled)
    assert events[0].how is Settled.TIMEOUT
    assert describe(events[0]).startswith("L2: no answer in time; it is p")
    assert lines(play)[-1][:2] == (15, number)


@pytest.mark.parametrize(("otherwise", "number"), [(Otherwise.PROCEED, 2), (Otherwise.SKIP, 3)])
def test_where_nobody_can_be_asked_it_applies_at_once(otherwise: Otherwise, number: int) -> None:
    play = asked(otherwise=otherwise, by=("person:ghost", f"role:{LEAD}"))
    settled = next(e.event for e in play.entries if isinstance(e.event, CheckpointSettled))
    assert settled.how is Settled.NOBODY
    assert f"{LEAD} is vacant" in settled.reason
    assert lines(play)[-1][:2] == (5, number)


def test_the_last_level_refused_is_an_alarm_and_no_silence() -> None:
    play = play_of(ONE, REGULATED)
    play.until(FIVE)
    play.do(Refuse("no"), "eva")
    assert play.there.escalation.phase is Phase.EXHAUSTED


def test_only_those_who_were_asked_may_answer_and_only_once() -> None:
    play = asked()
    assert "eva were asked to confirm level 2, and not bo" in play.refusal(Confirm(), "bo")
    assert "say why" in play.refusal(Refuse(), "eva")
    assert "the question is about level 2 now" in play.refusal(Confirm(seen=1), "eva", kind=Stale)
    play.do(Confirm(), "eva")
    assert "nothing waits" in play.refusal(Confirm(), "eva", kind=Stale)
    assert "nothing waits" in play.refusal(Refuse("no"), "eva", kind=Stale)


def test_where_a_room_was_asked_anybody_may_answer() -> None:
    play = asked(by=("channel:#leads",))
    play.do(Confirm(), "bo")
    assert lines(play)[-1] == (5, 2, "bo")


def test_acknowledging_makes_the_question_needless() -> None:
    play = asked()
    play.do(Acknowledge(), "dag")
    assert play.deadlines() == {RESOLVE: minutes(30)}
    play.until(minutes(30))
    # The time to fix it is over: now the level is wanted anyway, and the question comes back.
    assert play.deadlines() == {CONFIRM: minutes(40)}


def test_taking_that_back_asks_again_a_minute_later() -> None:
    play = asked()
    play.do(Acknowledge(), "dag")
    play.do(Unacknowledge(), "dag")
    assert play.deadlines()[ACK] == minutes(6)
    (event,) = play.until(minutes(6))
    assert isinstance(event, CheckpointAsked)


def test_a_level_that_a_person_brings_in_is_confirmed_by_that() -> None:
    play = asked()
    (page,) = play.do(Escalate("I say so"))
    assert isinstance(page, LevelPaged)
    assert page.level == 2
    fresh = play_of(ONE, REGULATED)
    fresh.do(Escalate("I say so"))
    assert lines(fresh)[-1] == (0, 2, "bo")


def test_a_question_rests_with_the_ladder() -> None:
    play = asked()
    play.now = T0 + minutes(7)
    play.do(SnoozeEscalation(T0 + minutes(60), "wait"))
    assert play.deadlines() == {SNOOZE: minutes(60)}
    play.now = T0 + minutes(20)
    play.do(Wake())
    assert play.deadlines() == {CONFIRM: minutes(28)}


@pytest.mark.parametrize(("label", "asks"), [("required", True), ("", False)])
def test_only_what_is_marked_is_asked_about(label: str, asks: bool) -> None:
    marked = replace(ONE, confirm=REGULATED.confirm, confirm_when=Matches("labels.confirm", (Pattern("required"),)))
    play = Play(ladder_only(Policy("own", (marked, THREE))))
    play.do(Declare("It is down", "SEV1", labels={"confirm": label} if label else {}, key="INC-1"))
    assert (play.there.escalation.checkpoint is not None) is asks
    assert play.there.escalation.phase is Phase.RUNNING
    if asks:
        assert play.there.escalation.level == 0
        play.do(Amend(title="It is really down"))
        play.until(minutes(10))
        assert lines(play) == [(10, 1, "dag")]


def test_a_worse_severity_begins_anew_and_a_milder_one_asks_again_when_it_is_time() -> None:
    play = asked()
    play.do(SetSeverity("SEV2", "milder"))
    assert play.there.escalation.checkpoint is None
    assert play.deadlines() == {ACK: minutes(10), RESOLVE: minutes(45)}
    play = asked()
    play.book = replace(
        play.book,
        severities={**play.book.severities, "SEV0": replace(play.book.severities["SEV1"], name="SEV0", rank=0)},
    )
    play.do(SetSeverity("SEV0", "worse"))
    assert lines(play)[-1] == (5, 1, "dag")


def test_a_milder_severity_while_the_first_page_waits_pages_by_the_new_policy() -> None:
    first: Level = replace(ONE, confirm=REGULATED.confirm)
    play = play_of(first)
    assert lines(play) == []
    play.do(SetSeverity("SEV2", "milder"))
    assert lines(play) == [(0, 1, "ada")]


def test_the_target_of_a_question_may_be_anything_that_can_be_paged() -> None:
    play = declared("SEV1", ladder_only(Policy("own", (replace(ONE, confirm=Ask((target("team:backend"),), FIVE)),))))
    play.do(Confirm(), "cy")
    assert lines(play) == [(0, 1, "dag")]
    assert not any(isinstance(e.event, LevelSkipped) for e in play.entries)
