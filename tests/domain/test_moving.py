"""Moving a running incident to other rules, and merging one incident into another (R5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.books import BOOK, LEAD, MAJOR, T0, ladder_only, level, minutes, targets, utc, with_severity
from tests.support.ladders import FIVE, lines
from tests.support.play import Play, declared
from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Stale
from warroom.domain.escalation import (
    ACK,
    CONFIRM,
    RESOLVE,
    SNOOZE,
    START,
    Acknowledge,
    CallOff,
    Decline,
    LevelPaged,
    Phase,
    Resume,
    SnoozeEscalation,
)
from warroom.domain.incident import Absorb, Absorbed, Merge, Merged, RulesMoved, SetStatus, Status
from warroom.domain.moving import MoveToRules, rules_difference
from warroom.domain.policy import Ask, Last, Mode, Policy
from warroom.domain.roles import AcceptRole, AssignRole, OfferRole, RequiredRole
from warroom.domain.room import describe, due

OLD = ladder_only(MAJOR)


def new_rules(policy: Policy, book: Rulebook = OLD, **figures: object) -> Rulebook:
    """Another revision, in which SEV1 has this policy."""
    book = with_severity("SEV1", book, policy=policy.name, **figures)
    return replace(book, revision="rev-2", policies={**book.policies, policy.name: policy})


def moved(play: Play, book: Rulebook) -> tuple[str, ...]:
    """Move an incident, and return the kinds of what happened."""
    play.book = book
    return tuple(event.kind for event in play.do(MoveToRules(book.revision)))


SWAPPED = replace(
    MAJOR, levels=(MAJOR.levels[1], replace(MAJOR.levels[0], ack_timeout=minutes(8)), MAJOR.levels[2]), cycles=1
)


def test_it_goes_on_at_the_level_of_the_same_label_with_the_new_timers_from_the_last_page() -> None:
    play = declared("SEV1", OLD)
    play.until(minutes(2))
    book = new_rules(SWAPPED)
    assert moved(play, book) == ("rules_moved", "escalation_switched")
    assert play.there.incident.revision == "rev-2"
    assert play.entries[-2].event == RulesMoved("rev-1", "rev-2")
    assert describe(play.entries[-2].event) == "from revision rev-1 to rev-2"
    # "primary" was the first level, and is the second now; its eight minutes count from the page.
    assert play.there.escalation.level == 2
    assert play.deadlines() == {ACK: minutes(8), RESOLVE: minutes(21)}
    assert len(lines(play)) == 1
    play.until(minutes(16))
    assert [line[:2] for line in lines(play)] == [(0, 1), (8, 2), (16, 3)]


def test_the_move_alone_pages_nobody_though_everything_is_overdue_by_the_new_rules() -> None:
    play = declared("SEV1", OLD)
    play.do(AssignRole(LEAD, "bo"))
    play.until(minutes(15))
    assert play.there.escalation.level == 2
    short = replace(MAJOR, levels=tuple(replace(each, ack_timeout=minutes(1)) for each in MAJOR.levels))
    moved(play, new_rules(short))
    assert play.tick() == ()
    assert play.deadlines() == {ACK: minutes(16), RESOLVE: minutes(42)}


def test_repeats_and_cycle_go_on() -> None:
    play = declared("SEV1", OLD)
    play.until(minutes(28))
    state = play.there.escalation
    assert (state.cycle, state.level, state.repeat) == (2, 1, 1)
    moved(play, new_rules(MAJOR))
    state = play.there.escalation
    assert (state.cycle, state.level, state.repeat) == (2, 1, 1)
    play.until(minutes(33))
    assert lines(play)[-1][:2] == (33, 2)


def test_fewer_levels_and_another_name() -> None:
    play = declared("SEV1", OLD)
    play.until(minutes(20))
    assert play.there.escalation.level == 3
    moved(play, new_rules(Policy("short", (level("x", "person:dag", ack=minutes(9)),))))
    assert (play.there.escalation.policy, play.there.escalation.level) == ("short", 1)
    assert play.deadlines() == {ACK: minutes(25)}


def test_an_acknowledgement_a_snooze_and_a_decline_stay() -> None:
    play = declared("SEV1", OLD)
    play.do(Decline(), "ada")
    play.do(Acknowledge(), "bo")
    play.do(SnoozeEscalation(T0 + minutes(50), "wait"))
    moved(play, new_rules(SWAPPED))
    assert play.there.escalation.acked_by == "bo"
    assert play.deadlines() == {SNOOZE: minutes(50)}
    assert [(each.level, each.person) for each in play.there.escalation.declined] == [(2, "ada")]
    play.until(minutes(50))
    assert play.deadlines() == {RESOLVE: minutes(71)}


def test_what_waits_for_its_hours_goes_on_waiting() -> None:
    play = declared("SEV3", OLD, at=utc("2024-03-16 12:00"))
    book = replace(with_severity("SEV3", OLD, hours=None), revision="rev-2")
    moved(play, book)
    # It may page at any hour now, and still does not because of the move.
    assert play.deadlines() == {START: utc("2024-03-18 08:00") - T0}
    play.do(SnoozeEscalation(utc("2024-03-19 12:00"), "wait"))
    moved(play, replace(book, revision="rev-3"))
    play.until(utc("2024-03-19 12:00"))
    assert [p.level for p in play.there.escalation.history] == [1]


def test_what_was_called_off_stays_so_and_resumes_under_the_new_rules() -> None:
    play = declared("SEV1", OLD)
    play.do(CallOff("known"))
    moved(play, new_rules(SWAPPED))
    assert play.there.escalation.phase is Phase.CALLED_OFF
    assert play.deadlines() == {}
    play.do(Resume())
    assert play.there.escalation.level == 2


def test_the_alarm_at_the_end_stays_an_alarm() -> None:
    play = declared("SEV1", OLD)
    play.until(minutes(60))
    moved(play, new_rules(SWAPPED))
    assert play.there.escalation.phase is Phase.EXHAUSTED


def test_a_policy_that_comes_only_with_the_new_rules_begins_a_minute_later() -> None:
    play = declared("SEV4", OLD)
    book = replace(with_severity("SEV4", OLD, policy="standard"), revision="rev-2")
    assert moved(play, book) == ("rules_moved", "escalation_planned")
    assert play.deadlines() == {START: minutes(1)}
    moved(play, replace(with_severity("SEV4", OLD, policy=""), revision="rev-3"))
    assert play.there.escalation.phase is Phase.STOPPED


def test_a_question_before_the_first_page_is_asked_again_a_minute_later() -> None:
    ask = Ask(targets("person:eva"), minutes(10))
    own = Policy("own", (replace(level("a", "person:dag", ack=FIVE), confirm=ask),))
    book = new_rules(own)
    play = declared("SEV1", replace(book, revision="rev-1"))
    moved(play, book)
    assert play.deadlines() == {START: minutes(1)}
    play.until(minutes(1))
    assert play.deadlines() == {CONFIRM: minutes(11)}


def test_a_fallback_that_runs_goes_on() -> None:
    own = Policy("own", (level("a", "person:dag", ack=FIVE),), fallback="more")
    more = Policy("more", (level("x", "person:bo", ack=FIVE),))
    book = new_rules(own)
    book = replace(book, policies={**book.policies, "more": more})
    play = declared("SEV1", replace(book, revision="rev-1"))
    play.until(FIVE)
    moved(play, book)
    assert (play.there.escalation.policy, play.deadlines()) == ("more", {ACK: minutes(10)})
    play.until(minutes(10))
    assert play.there.escalation.phase is Phase.EXHAUSTED


def test_roles_and_channels_follow() -> None:
    play = declared("SEV1")
    cadence = (Cadence("internal", minutes(3), minutes(7)),)
    book = with_severity("SEV1", BOOK, cadence=cadence, roles=(RequiredRole("scribe", minutes(2)),))
    moved(play, replace(book, revision="rev-2"))
    assert {name: at for name, at in play.deadlines().items() if not name.startswith("escalation")} == {
        "role:scribe": minutes(2),
        "update:internal": minutes(3),
    }
    play.do(PostUpdate("internal", "Looking."))
    assert play.deadlines()["update:internal"] == minutes(7)


def test_moves_that_are_refused() -> None:
    play = declared("SEV1", OLD)
    assert "rev-1 already" in play.refusal(MoveToRules("rev-1"))
    assert "the rules at hand are revision rev-1, and not rev-9" in play.refusal(MoveToRules("rev-9"))
    play.book = replace(OLD, revision="rev-2", severities={"SEV2": OLD.severities["SEV2"]})
    assert "has no severity SEV1: change it to one of SEV2" in play.refusal(MoveToRules("rev-2"))
    play.book = OLD
    play.do(SetStatus(Status.RESOLVED, "over"))
    play.book = new_rules(MAJOR)
    assert "no rules run in it" in play.refusal(MoveToRules("rev-2"))


# The difference in words ---------------------------------------------------------------------------------------------


def test_no_difference_has_no_words() -> None:
    play = declared("SEV1", OLD)
    assert rules_difference(play.there, OLD, replace(OLD, revision="rev-2")) == ()


def test_every_difference_that_matters_here_is_told() -> None:
    play = declared("SEV1")
    first = replace(
        MAJOR.levels[0], targets=targets("oncall:managers"), ack_timeout=None, mode=Mode.ROUND_ROBIN, warn=minutes(2)
    )
    policy = replace(MAJOR, levels=(first, MAJOR.levels[2]), cycles=1, last=Last.STAY, fallback="standard")
    book = with_severity(
        "SEV1",
        replace(
            BOOK, policies={**BOOK.policies, "major": policy}, oncall={**BOOK.oncall, "managers": BOOK.oncall["nobody"]}
        ),
        cadence=(Cadence("internal", minutes(10), minutes(25)),),
        roles=(RequiredRole(LEAD, minutes(6)),),
        ack_lapses=minutes(30),
    )
    assert rules_difference(play.there, BOOK, book) == (
        "an acknowledgement lapses after never becomes 30m",
        "internal: an update every 20m becomes every 25m",
        "public is not timed any more",
        "incident-manager has to be filled within 4m becomes 6m",
        "comms-manager has to be filled within 8m becomes never",
        "L1 pages oncall:payments becomes oncall:managers",
        "L1 acknowledge timeout 5m becomes never",
        "L1 warned never becomes 2m",
        "L1 pages one in turn",
        "L2 backup becomes leadership",
        "L2 pages team:backend, role:incident-manager becomes person:dag, channel:#leads",
        "L2 acknowledge timeout 6m becomes 7m",
        "L2 resolve timeout 32m becomes 43m",
        "L3 leadership falls away",
        "cycles: 2 becomes 1",
        "after it policy none becomes standard",
        "its last level is paged on and on",
        "on-call list managers changes",
    )
    play.until(minutes(17))
    assert "the escalation goes on at level 2 (leadership)" in rules_difference(play.there, BOOK, book)
    assert rules_difference(play.there, BOOK, replace(BOOK, severities={})) == (
        "there is no severity SEV1 any more: the incident cannot be moved",
    )


# Merging -------------------------------------------------------------------------------------------------------------


def test_a_duplicate_is_closed_and_nothing_of_it_rings_any_more() -> None:
    play = declared("SEV1")
    play.do(OfferRole(LEAD, "eva"))
    play.do(PostUpdate("public", "Looking.", next_at=T0 + minutes(9)))
    events = play.do(Merge("INC-7", "the same cable"))
    assert events[0] == Merged("INC-7", "the same cable")
    assert describe(events[0]) == "a duplicate of INC-7: the same cable"
    there = play.there
    assert (there.incident.status, there.incident.merged_into) == (Status.CLOSED, "INC-7")
    assert there.incident.closed_at == T0
    assert there.escalation.phase is Phase.STOPPED
    assert due(there) == ()
    assert not any(state.required or state.offer for state in there.roles.by_name.values())
    assert not any(isinstance(event, LevelPaged) for event in play.until(timedelta(days=3)))


def test_the_other_one_learns_of_it_and_that_it_was_worse() -> None:
    play = declared("SEV2")
    before = play.there
    (event,) = play.do(Absorb("INC-9", "Checkout is slow", "SEV1", "the same cable"))
    assert event == Absorbed("INC-9", "Checkout is slow", "SEV1", worse=True, reason="the same cable")
    assert describe(event) == (
        "INC-9 Checkout is slow is this one; it was SEV1, which is worse than this one: the same cable"
    )
    assert play.there.incident == replace(before.incident, absorbed=("INC-9",))
    assert play.there.escalation == before.escalation
    (milder,) = play.do(Absorb("INC-10", "Slow", "SEV3"))
    assert milder == Absorbed("INC-10", "Slow", "SEV3")
    assert play.there.incident.absorbed == ("INC-9", "INC-10")


def test_merges_that_are_refused() -> None:
    play = declared()
    assert "name the other incident" in play.refusal(Merge("INC-1"))
    assert "name the other incident" in play.refusal(Merge(""))
    assert "into itself" in play.refusal(Absorb("INC-1"))
    play.do(Absorb("INC-9"))
    assert "INC-9 was merged into INC-1 already" in play.refusal(Absorb("INC-9"))
    play.do(Merge("INC-2"))
    assert "was merged into INC-2 already" in play.refusal(Merge("INC-3"))
    assert "was merged into INC-2: name that one" in play.refusal(Absorb("INC-5"))


def test_a_closed_incident_is_neither_merged_nor_merged_into() -> None:
    play = declared()
    play.do(SetStatus(Status.RESOLVED, "over"))
    play.do(SetStatus(Status.CLOSED, "reviewed"))
    assert "reopen it" in play.refusal(Merge("INC-2"))
    assert "reopen it" in play.refusal(Absorb("INC-2"))


def test_what_is_reopened_is_a_duplicate_no_more_and_begins_anew() -> None:
    play = declared()
    play.do(Merge("INC-2"))
    play.do(SetStatus(Status.INVESTIGATING, "something else after all"))
    assert play.there.incident.merged_into == ""
    assert lines(play)[-1] == (0, 1, "ada")
    play.do(Merge("INC-2"))


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.MITIGATING])
def test_one_that_is_not_closed_yet_can_be_merged(status: Status) -> None:
    play = declared()
    play.do(SetStatus(status, "so it is"))
    play.do(Merge("INC-2"))
    assert play.there.incident.status is Status.CLOSED


def test_nobody_can_accept_a_role_of_a_duplicate() -> None:
    play = declared()
    play.do(OfferRole(LEAD, "eva"))
    play.do(Merge("INC-2"))
    assert "not on offer" in play.refusal(AcceptRole(LEAD), "eva", kind=Stale)
