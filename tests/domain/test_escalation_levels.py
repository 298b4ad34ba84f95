"""What a level can do besides paging and waiting (R5): apply or not, take turns, warn, inform others; and what comes
after the last one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from tests.support.books import BOOK, LEAD, T0, ladder_only, level, minutes, seconds, targets, with_hours, with_severity
from tests.support.ladders import FIVE, lines, only, play_of
from tests.support.play import Play, declared
from warroom.domain.conditions import AtHour, Matches, Pattern
from warroom.domain.core import ENGINE, Command, Context
from warroom.domain.duty import Duty
from warroom.domain.escalation import (
    ACK,
    WARN,
    Acknowledge,
    Escalate,
    EscalationExhausted,
    EscalationPlanned,
    LevelAnnounced,
    LevelPaged,
    LevelSkipped,
    PagedBesides,
    Phase,
    Why,
)
from warroom.domain.incident import Declare
from warroom.domain.messages import outgoing
from warroom.domain.oncall import PagingHours
from warroom.domain.policy import Last, Level, Mode, PageTo, PassedOver, Policy
from warroom.domain.roles import AssignRole
from warroom.domain.room import Room, Tick, decide, describe, due, fold

# Conditions ----------------------------------------------------------------------------------------------------------


def test_a_level_that_does_not_apply_is_passed_at_once_and_the_reason_reads() -> None:
    sev2 = Matches("severity", (Pattern("SEV2"),))
    play = play_of(
        level("a", "person:dag", ack=FIVE), replace(level("b", "person:eva"), when=sev2), level("c", "person:bo")
    )
    events = play.until(FIVE)
    skipped, page = events
    assert isinstance(skipped, LevelSkipped)
    assert isinstance(page, LevelPaged)
    assert describe(skipped) == "L2 passed over: it is for severity SEV2"
    # What brought the level in is what ran out, and not that another one did not apply.
    assert (page.level, page.why) == (3, Why.ACK_TIMEOUT)


def test_a_condition_on_the_hour_is_asked_when_the_level_is_due() -> None:
    start, end = (T0 + minutes(4)).time(), (T0 + minutes(6)).time()
    at_six = AtHour(((start, end),))
    play = play_of(
        replace(level("a", "person:dag", ack=FIVE), when=at_six), level("b", "person:eva", ack=FIVE), cycles=2
    )
    play.until(minutes(30))
    assert lines(play) == [(0, 2, "eva"), (5, 1, "dag"), (10, 2, "eva")]


def test_a_policy_of_which_nothing_applies_is_an_alarm() -> None:
    never = Matches("severity", (Pattern("none"),))
    play = play_of(replace(level("a", "person:dag"), when=never), then=targets("person:eva"))
    assert play.there.escalation.phase is Phase.EXHAUSTED
    assert play.entries[-1].event == EscalationExhausted("own", Why.START, (PageTo("eva", "chat", "person:eva"),))


def test_a_level_that_a_person_names_is_paged_whatever_its_condition() -> None:
    never = Matches("severity", (Pattern("none"),))
    play = play_of(level("a", "person:dag"), replace(level("b", "person:eva"), when=never), level("c", "person:bo"))
    play.do(Escalate("now"))
    assert lines(play)[-1] == (0, 3, "bo")
    play.do(Escalate("now", level=2))
    assert lines(play)[-1] == (0, 2, "eva")


def test_a_level_that_cannot_apply_is_no_level_to_bring_in() -> None:
    never = Matches("severity", (Pattern("none"),))
    play = play_of(level("a", "person:dag"), replace(level("b", "person:eva"), when=never))
    assert "no level after this one" in play.refusal(Escalate("now"))


# In turn -------------------------------------------------------------------------------------------------------------

TURNS = replace(level("desk", "team:backend", "person:dag", "person:eva", ack=FIVE, repeat=2), mode=Mode.ROUND_ROBIN)


class Turning:
    """An incident under a policy whose turn is known."""

    def __init__(self, turn: int, *levels: Level, **policy: object) -> None:
        self.play = Play(ladder_only(Policy("own", levels or (TURNS,), **policy)))  # type: ignore[arg-type]
        self.duty = Duty(turns={"own": turn})
        self.do(Declare("It is down", "SEV1", key="INC-1"), "mina")

    def do(self, command: Command, actor: str) -> None:
        taken = decide(self.play.room, command, Context(self.play.now, actor, self.play.book, self.duty))
        self.play.entries += taken
        self.play.room = fold(taken, self.play.room)

    def until(self, when: timedelta) -> None:
        while (pending := due(self.play.there)) and pending[0].at <= T0 + when:
            self.play.now = pending[0].at
            self.do(Tick(), ENGINE)
        self.play.now = T0 + when


@pytest.mark.parametrize(("turn", "order"), [(0, "bo cy dag"), (1, "cy dag eva"), (3, "eva bo cy"), (6, "dag eva bo")])
def test_the_turn_goes_on_from_incident_to_incident_and_with_every_page(turn: int, order: str) -> None:
    turning = Turning(turn)
    turning.until(minutes(12))
    assert [who for _, _, who in lines(turning.play)] == order.split()
    plan = only((e.event for e in turning.play.entries), EscalationPlanned)
    assert plan.turn == turn


def test_the_turn_is_kept_where_it_began_whatever_others_do_meanwhile() -> None:
    turning = Turning(1)
    turning.duty = Duty(turns={"own": 40})
    turning.until(FIVE)
    assert [who for _, _, who in lines(turning.play)] == ["cy", "dag"]


def test_somebody_who_cannot_be_reached_loses_the_turn_to_the_next() -> None:
    spec = replace(level("desk", "person:ghost", "person:dag", ack=FIVE), mode=Mode.ROUND_ROBIN)
    turning = Turning(0, spec, cycles=2)
    assert lines(turning.play) == [(0, 1, "dag")]


def test_a_policy_without_turns_does_not_ask_for_any() -> None:
    class Never(dict[str, int]):
        def get(self, *_: object) -> int:  # type: ignore[override]
            raise AssertionError("the turns were looked up")

    book = ladder_only(Policy("own", (level("a", "person:dag"),)))
    decide(None, Declare("It is down", "SEV1", key="INC-1"), Context(T0, "mina", book, Duty(turns=Never())))


# Warnings ------------------------------------------------------------------------------------------------------------

WARNED = (
    level("a", "person:dag", ack=FIVE, repeat=1, resolve=minutes(30)),
    replace(level("b", "person:bo"), warn=minutes(2)),
)


def test_those_who_have_the_level_are_told_before_the_next_one_is_paged() -> None:
    play = play_of(*WARNED)
    play.do(AssignRole(LEAD, "eva"))
    # The page at five minutes is a repeat, for which nobody is warned.
    assert play.deadlines()[WARN] == minutes(28)
    play.until(FIVE)
    assert play.deadlines()[WARN] == minutes(8)
    (warning,) = play.until(minutes(8))
    assert warning == LevelAnnounced(
        2, 1, T0 + minutes(10), (PageTo("dag", "phone", "person:dag"), PageTo("eva", "chat", "person:eva"))
    )
    assert describe(warning) == "L2 is paged at 10:10:00 UTC; told dag by phone, eva by chat"
    (page,) = play.until(minutes(10))
    assert isinstance(page, LevelPaged)
    assert WARN not in play.deadlines()


def test_the_warning_follows_what_was_acknowledged() -> None:
    play = play_of(*WARNED)
    play.until(minutes(8))
    play.do(Acknowledge(), "dag")
    assert play.deadlines() == {"escalation:resolve": minutes(30), WARN: minutes(28)}
    (warning,) = play.until(minutes(28))
    assert isinstance(warning, LevelAnnounced)
    assert [page.to for page in warning.pages] == ["dag"]


def test_a_warning_that_is_longer_than_the_timer_comes_with_the_page_before() -> None:
    play = play_of(level("a", "person:dag", ack=minutes(1)), replace(level("b", "person:bo"), warn=minutes(9)))
    assert play.deadlines()[WARN] == timedelta(0)
    assert [type(e) for e in play.until(seconds(1))] == [LevelAnnounced]


def test_after_a_standstill_nobody_is_warned_of_what_comes_at_once() -> None:
    play = play_of(*WARNED)
    play.until(FIVE)
    play.now = T0 + minutes(200)
    warning, page = play.tick()
    assert warning == LevelAnnounced(2, 1, T0 + minutes(10), ())
    assert isinstance(page, LevelPaged)


def test_a_warning_waits_for_the_hours_like_everything_else() -> None:
    hours = PagingHours("UTC", (0, 1, 2, 3, 4), T0.time(), (T0 + minutes(9)).time())
    made = Policy(
        "office", (level("a", "person:dag", ack=minutes(12)), replace(level("b", "person:bo"), warn=minutes(2)))
    )
    book = with_severity("SEV3", replace(ladder_only(made), policies={"office": made}), hours=hours)
    play = declared("SEV3", with_hours(hours, book))
    tomorrow = timedelta(days=1)
    assert play.deadlines() == {ACK: tomorrow, WARN: tomorrow - minutes(2)}
    events = play.until(tomorrow)
    # It would have come at a minute at which nobody is disturbed; then the page itself is due.
    assert [e.kind for e in events] == ["postponed", "level_paged"]


# RACI ----------------------------------------------------------------------------------------------------------------


def test_a_level_names_who_answers_and_tells_others_who_need_do_nothing() -> None:
    made = replace(
        level("a", "person:dag", ack=FIVE, repeat=1),
        accountable=targets("person:eva", f"role:{LEAD}"),
        consulted=targets("person:bo", "person:dag"),
        informed=targets("channel:#leads", "team:backend"),
    )
    play = play_of(made, cycles=2)
    page = only((e.event for e in play.entries), LevelPaged)
    assert page.accountable == ("eva",)
    assert [each.to for each in page.consulted] == ["bo"]  # dag is paged already
    assert [each.to for each in page.informed] == ["#leads", "cy"]  # bo is consulted already
    assert describe(page) == (
        "L1 dag by phone (start); accountable eva; consulted bo by chat; informed #leads by chat, cy by mail"
    )
    assert play.there.escalation.history[-1].accountable == ("eva",)
    messages = [(m.kind, m.to) for m in outgoing(play.there, play.entries[-1], play.book)]
    assert messages == [("page", "dag"), ("notice", "bo"), ("notice", "#leads"), ("notice", "cy")]
    # Paged again, and again in the next cycle, only those who are responsible hear of it.
    assert [(e.consulted, e.informed) for e in play.until(minutes(15)) if isinstance(e, LevelPaged)] == [((), ())] * 3


# After the last level ------------------------------------------------------------------------------------------------


def test_another_policy_goes_on_and_the_last_resort_is_told() -> None:
    own = Policy("own", (level("a", "person:dag", ack=FIVE),), 1, targets("person:eva"), fallback="more")
    more = Policy("more", (level("x", "person:bo", ack=FIVE), level("y", "person:cy", ack=FIVE)), fallback="own")
    book = ladder_only(own)
    play = declared("SEV1", replace(book, policies={"own": own, "more": more}))
    besides, plan, page = play.until(FIVE)
    assert besides == PagedBesides((PageTo("eva", "chat", "person:eva"),), Why.FALLBACK, "policy own has ended")
    assert isinstance(plan, EscalationPlanned)
    assert (plan.policy, plan.why) == ("more", Why.FALLBACK)
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (1, Why.FALLBACK)
    play.until(minutes(60))
    # Each policy runs once: the second one does not lead back to the first.
    assert lines(play) == [(0, 1, "dag"), (5, 1, "bo"), (10, 2, "cy")]
    assert play.entries[-1].event == EscalationExhausted("more", Why.ACK_TIMEOUT)


def test_policies_that_lead_in_a_long_circle_and_reach_nobody_end_in_one_alarm() -> None:
    names = [f"p{n}" for n in range(400)]
    made = {
        name: Policy(name, (level("a", "team:empty"),), fallback=names[(n + 1) % 400]) for n, name in enumerate(names)
    }
    book = replace(ladder_only(made["p0"]), policies=made)
    play = declared("SEV1", book)
    assert [e.event.kind for e in play.entries].count("level_skipped") == 400
    assert play.there.escalation.phase is Phase.EXHAUSTED


def test_by_hand_one_goes_on_to_the_policy_after_this_one() -> None:
    own, more = Policy("own", (level("a", "person:dag"),), fallback="more"), Policy("more", (level("x", "person:bo"),))
    play = declared("SEV1", replace(ladder_only(own), policies={"own": own, "more": more}))
    play.do(Escalate("now"))
    assert (play.there.escalation.policy, play.there.escalation.level) == ("more", 1)
    assert "no level after this one" in play.refusal(Escalate("now"))


@pytest.mark.parametrize(
    ("every", "at"), [(minutes(7), (0, 5, 10, 17, 24, 31)), (None, (0, 5, 10, 15, 20, 25, 30, 35))]
)
def test_a_policy_that_stays_pages_its_last_level_on_and_on(every: timedelta | None, at: tuple[int, ...]) -> None:
    play = play_of(
        level("a", "person:dag", ack=FIVE), level("b", "person:bo", ack=FIVE), last=Last.STAY, stay_every=every
    )
    play.until(minutes(37))
    assert [minute for minute, _, _ in lines(play)] == list(at)
    assert {who for _, number, who in lines(play) if number == 2} == {"bo"}
    assert len(play.there.escalation.history) == 2  # however long it stays, it is one line of the ladder
    play.do(Acknowledge(), "bo")
    assert play.until(minutes(600)) == ()


def test_a_policy_that_stays_looks_again_whether_a_later_level_applies() -> None:
    later = AtHour((((T0 + minutes(14)).time(), (T0 + minutes(90)).time()),))
    play = play_of(
        level("a", "person:dag", ack=FIVE),
        replace(level("b", "person:bo", ack=FIVE), when=later),
        last=Last.STAY,
        stay_every=FIVE,
    )
    play.until(minutes(21))
    assert lines(play) == [(0, 1, "dag"), (5, 1, "dag"), (10, 1, "dag"), (15, 2, "bo"), (20, 2, "bo")]


def test_a_policy_that_stays_where_nobody_is_left_is_an_alarm() -> None:
    play = play_of(level("a", f"role:{LEAD}", ack=FIVE), last=Last.STAY, then=targets("person:eva"))
    assert play.there.escalation.phase is Phase.EXHAUSTED


# The record ----------------------------------------------------------------------------------------------------------


def test_a_page_says_who_was_passed_over_and_why() -> None:
    play = declared("SEV1", ladder_only(BOOK.policies["major"]))
    page = only((e.event for e in play.entries), LevelPaged)
    assert PassedOver("ghost", "oncall:payments", "ghost has no contact") in page.passed
    assert {each.to for each in page.passed} == {"ghost", "bo"}


def test_a_room_that_an_older_version_stored_goes_on() -> None:
    """The state as the first version wrote it, without any of the newer fields."""
    adapter = TypeAdapter(Room)
    play = declared("SEV1", ladder_only(BOOK.policies["major"]))
    play.now = T0 + minutes(2)
    play.do(Acknowledge(), "ada")
    kept = {
        *("phase", "policy", "cycle", "level", "repeat", "since", "start_at", "ack_due", "resolve_due", "acked_by"),
        *("acked_at", "snooze", "history", "earlier", "exhausted_at"),
    }
    stored = adapter.dump_python(play.there, mode="json")
    stored["escalation"] = {name: value for name, value in stored["escalation"].items() if name in kept}
    for paged in stored["escalation"]["history"]:
        del paged["times"], paged["accountable"]
    play.room = adapter.validate_python(stored)
    assert {d.name: d.at - T0 for d in due(play.there)} == {"escalation:resolve": minutes(21)}
    (page,) = play.until(minutes(21))
    assert isinstance(page, LevelPaged)
    assert (page.level, page.why) == (2, Why.RESOLVE_TIMEOUT)
