"""Updates that are not out yet: reviewed by a second person, scheduled, held, corrected; and what keeps them back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.books import BOOK, T0, minutes, seconds, targets
from tests.support.play import Play, declared
from warroom.domain.comms import Audience, PostUpdate, Standing, UpdatePosted
from warroom.domain.core import Entry, Stale
from warroom.domain.incident import SetSeverity, SetStatus, Status
from warroom.domain.messages import NOTICE, outgoing, pages_for
from warroom.domain.proposals import (
    MOST_OPEN,
    ApproveUpdate,
    CommentUpdate,
    HoldUpdate,
    ProposeUpdate,
    ReviewUnanswered,
    ScheduleUpdate,
    SendUpdate,
    UpdateHeld,
    UpdateProposed,
    WithdrawUpdate,
)
from warroom.domain.room import describe
from warroom.domain.update_rules import Must, Scope, UpdateRules

REVIEWED = replace(
    BOOK,
    updates=UpdateRules(
        reviewed=(Scope(Audience.EXTERNAL, ("SEV1",)),), ask=targets("team:backend"), answer_within=minutes(6)
    ),
)
TEXT = "Some customers cannot pay. Next update here by 10:30 UTC."


def play(severity: str = "SEV1") -> Play:
    return declared(severity, REVIEWED)


def proposed(p: Play, actor: str = "eva", **more: object) -> int:
    """Propose an update for the status page and give its number."""
    wish = ProposeUpdate(("public",), TEXT, "Checkout issue", **{"review": True, **more})  # type: ignore[arg-type]
    p.do(wish, actor)
    return p.there.comms.proposals[-1].id


def posts(p: Play) -> list[UpdatePosted]:
    return [entry.event for entry in p.entries if isinstance(entry.event, UpdatePosted)]


def standing(p: Play) -> Standing:
    (only,) = p.there.comms.proposals
    return only.standing


# Several channels, one update -----------------------------------------------------------------------------------------


def test_one_update_goes_to_several_channels_of_one_audience() -> None:
    p = declared()
    p.do(PostUpdate("internal", TEXT, also=("desk", "internal"), subject="name"))
    assert [post.channel for post in posts(p)] == ["internal", "desk"]
    assert {post.subject for post in posts(p)} == {"name"}
    assert posts(p)[0].was_due == T0 + minutes(10) and posts(p)[1].was_due is None
    assert "one text is for one audience" in p.refusal(PostUpdate("internal", TEXT, also=("public",)))
    assert "no channel 'nope'" in p.refusal(PostUpdate("internal", TEXT, also=("nope",)))


def test_what_was_seen_counts_all_its_channels() -> None:
    p = declared()
    p.do(PostUpdate("desk", "first"))
    stale = p.refusal(PostUpdate("internal", TEXT, also=("desk",), seen=0), kind=Stale)
    assert "somebody posted on internal or desk since you looked" in stale
    p.do(PostUpdate("internal", TEXT, also=("desk",), seen=1))


def test_what_the_rules_refuse_an_update_without_is_named() -> None:
    must = (Must(("impact", "cause"), Scope(Audience.EXTERNAL), refuse=True), Must(("next",), Scope(Audience.EXTERNAL)))
    p = declared(book=replace(BOOK, updates=UpdateRules(must=must)))
    refusal = p.refusal(PostUpdate("public", "Hello."))
    assert "what customers notice (impact); the root cause (cause)" in refusal
    assert "The impact on customers is not known yet." in refusal and "next" not in refusal
    p.do(PostUpdate("public", "Some customers cannot pay. The cause is not known yet."))
    p.do(PostUpdate("internal", "Hello."))
    assert "impact" in p.refusal(ProposeUpdate(("public",), "Hello.", review=True))


# Review --------------------------------------------------------------------------------------------------------------


def test_an_update_that_needs_a_second_person_is_refused_with_what_to_do() -> None:
    p = play()
    refusal = p.refusal(PostUpdate("public", TEXT), "eva")
    assert "an external update of a SEV1 needs a second person" in refusal and "--review PERSON" in refusal
    p.do(PostUpdate("internal", TEXT), "eva")
    play("SEV2").do(PostUpdate("public", TEXT), "eva")


def test_a_reviewed_update_goes_out_as_it_was_approved() -> None:
    p = play()
    number = proposed(p, reviewer="ada")
    event = p.entries[-1].event
    assert isinstance(event, UpdateProposed) and [page.to for page in event.pages] == ["ada"]
    assert standing(p) is Standing.REVIEW and p.deadlines()[f"review:{number}"] == minutes(6)
    assert f"you wrote #{number} yourself" in p.refusal(ApproveUpdate(number), "eva")
    assert "ada has not approved" in p.refusal(SendUpdate(number), "eva")
    p.do(CommentUpdate(number, "say which cards"), "bo")
    p.do(ApproveUpdate(number, "fine now"), "ada")
    assert standing(p) is Standing.APPROVED and f"review:{number}" not in p.deadlines()
    assert [(c.by, c.text) for c in p.there.comms.proposals[0].comments] == [
        ("bo", "say which cards"), ("ada", "fine now"),
    ]  # fmt: skip
    assert "approved already, by ada" in p.refusal(ApproveUpdate(number), "bo")
    p.do(SendUpdate(number), "eva")
    (post,) = posts(p)
    assert (post.text, post.subject, post.reviewer, post.author, post.proposal) == (
        TEXT, "Checkout issue", "ada", "", number,
    )  # fmt: skip
    assert p.there.comms.proposals == () and p.there.comms.said[-1].channel == "public"
    assert "reviewed by ada" in describe(post)
    assert "is out or withdrawn" in p.refusal(SendUpdate(number), "eva", kind=Stale)


def test_whoever_approves_can_send_it_and_its_author_stays_its_author() -> None:
    p = play()
    p.do(ApproveUpdate(proposed(p), send=True), "bo")
    (post,) = posts(p)
    assert (post.author, post.reviewer, p.entries[-1].actor) == ("eva", "bo", "bo")
    assert "written by eva; reviewed by bo" in describe(post)


def test_another_text_needs_another_approval() -> None:
    p = play()
    first = proposed(p)
    p.do(ApproveUpdate(first), "bo")
    p.do(ProposeUpdate(("public",), "All customers cannot pay.", review=True, replaces=first), "eva")
    (anew,) = p.there.comms.proposals
    assert anew.id != first and anew.standing is Standing.REVIEW and not anew.approved_by
    assert p.refusal(SendUpdate(first), "eva", kind=Stale)
    assert "not approved" in p.refusal(SendUpdate(anew.id), "eva")
    # And by a direct post of the same: the rules still want somebody else.
    assert "needs a second person" in p.refusal(
        PostUpdate("public", "All customers cannot pay.", replaces=anew.id), "eva"
    )


def test_who_is_asked_and_who_cannot_be() -> None:
    p = play()
    assert "nobody reviews their own" in p.refusal(ProposeUpdate(("public",), TEXT, reviewer="eva"), "eva")
    assert "nobody is called 'x'" in p.refusal(ProposeUpdate(("public",), TEXT, reviewer="x"), "eva")
    proposed(p, "bo")
    event = p.entries[-1].event
    assert isinstance(event, UpdateProposed)
    assert {page.to for page in event.pages} and "bo" not in {page.to for page in event.pages}
    alone = declared(book=replace(REVIEWED, updates=replace(REVIEWED.updates, ask=targets("role:scribe"))))
    number = proposed(alone)
    event = alone.entries[-1].event
    assert isinstance(event, UpdateProposed) and "nobody could be asked" in event.nobody
    assert f"review:{number}" not in alone.deadlines()
    # There is nobody to wait for: with a reason it may go out at once.
    assert "say why" in alone.refusal(SendUpdate(number), "eva")
    alone.do(SendUpdate(number, "nobody else is awake"), "eva")
    assert posts(alone)[0].unreviewed == "nobody else is awake"


def test_an_unanswered_review_is_said_loudly_and_may_be_overridden_with_a_reason() -> None:
    p = play()
    number = proposed(p, reviewer="ada")
    assert "has not approved" in p.refusal(SendUpdate(number, "in a hurry"), "eva")
    events = p.until(minutes(6))
    missed = next(event for event in events if isinstance(event, ReviewUnanswered))
    assert {page.to for page in missed.pages} == {"eva", "ada"}
    assert p.there.comms.proposals[0].unanswered and standing(p) is Standing.REVIEW
    assert "say why" in p.refusal(SendUpdate(number), "eva")
    p.do(SendUpdate(number, "ada does not answer"), "eva")
    assert posts(p)[0].unreviewed == "ada does not answer"
    assert "NOT REVIEWED: ada does not answer" in describe(posts(p)[0])


def test_a_late_review_still_counts() -> None:
    p = play()
    number = proposed(p)
    p.until(minutes(7))
    p.do(ApproveUpdate(number), "ada")
    p.do(SendUpdate(number), "eva")
    assert posts(p)[0].reviewer == "ada" and not posts(p)[0].unreviewed


def test_a_voluntary_review_needs_a_reason_to_be_passed_over() -> None:
    p = play("SEV2")
    number = proposed(p)
    assert "say why" in p.refusal(SendUpdate(number), "eva")
    p.do(SendUpdate(number, "it is burning"), "eva")


def test_withdrawing_and_commenting() -> None:
    p = play()
    number = proposed(p)
    assert "the comment is empty" in p.refusal(CommentUpdate(number, " "), "bo")
    p.do(WithdrawUpdate(number, "wrong incident"), "bo")
    assert p.there.comms.proposals == () and f"review:{number}" not in p.deadlines()
    assert "no update waits" in p.refusal(ApproveUpdate(number), "bo", kind=Stale)


def test_there_are_never_more_proposals_than_anybody_can_follow() -> None:
    p = play()
    numbers = [proposed(p) for _ in range(MOST_OPEN)]
    assert "wait already" in p.refusal(ProposeUpdate(("public",), TEXT, review=True), "eva")
    p.do(ProposeUpdate(("public",), TEXT, review=True, replaces=numbers[0]), "eva")
    for _ in range(20):
        p.do(CommentUpdate(numbers[1], "x" * 3000), "bo")
    assert len(p.there.comms.proposals) == MOST_OPEN
    assert sum(len(comment.text) for each in p.there.comms.proposals for comment in each.comments) < 3000


# Schedule and hold ---------------------------------------------------------------------------------------------------


def test_a_scheduled_update_goes_out_by_itself_in_its_authors_name() -> None:
    p = play("SEV2")
    number = proposed(p, review=False, send_at=T0 + minutes(12), next_at=T0 + minutes(40))
    assert standing(p) is Standing.SCHEDULED and p.deadlines()[f"send:{number}"] == minutes(12)
    p.until(minutes(12))
    (post,) = posts(p)
    assert (post.posted_at, post.author, post.due) == (T0 + minutes(12), "eva", T0 + minutes(40))
    assert p.entries[-1].actor == "engine" and p.there.comms.proposals == ()


def test_a_schedule_has_to_make_sense() -> None:
    p = play()
    wish = ProposeUpdate(("public",), TEXT, review=True, send_at=T0 - seconds(1))
    assert "has to lie in the future" in p.refusal(wish, "eva")
    late = ProposeUpdate(("public",), TEXT, review=True, send_at=T0 + minutes(30), next_at=T0 + minutes(20))
    assert "has to come after it has gone out" in p.refusal(late, "eva")
    unseen = ProposeUpdate(("public",), TEXT, send_at=T0 + minutes(30))
    assert "needs a second person before it can be scheduled" in p.refusal(unseen, "eva")


def test_a_scheduled_update_that_nobody_approved_is_held_and_said_so() -> None:
    p = play()
    number = proposed(p, send_at=T0 + minutes(5))
    events = p.until(minutes(5))
    held = next(event for event in events if isinstance(event, UpdateHeld))
    assert held.reason == "its time came and nobody had approved it" and "eva" in {page.to for page in held.pages}
    assert (
        standing(p) is Standing.HELD
        and posts(p) == []
        and not {f"send:{number}", f"review:{number}"} & set(p.deadlines())
    )


def test_an_approved_one_goes_out_when_its_time_comes() -> None:
    p = play()
    number = proposed(p, send_at=T0 + minutes(5))
    p.do(ApproveUpdate(number), "bo")
    assert standing(p) is Standing.SCHEDULED
    p.until(minutes(5))
    assert posts(p)[0].reviewer == "bo"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (SetSeverity("SEV2", "milder"), "the incident is SEV2 since it was written, not SEV1"),
        (SetStatus(Status.RESOLVED, "over"), "the incident is resolved since it was written"),
    ],
)
@pytest.mark.parametrize("scheduled", [True, False])
def test_what_was_approved_is_held_at_once_when_the_incident_has_become_another_one(
    change: SetSeverity | SetStatus, why: str, scheduled: bool
) -> None:
    p = play()
    number = proposed(p, send_at=T0 + minutes(5) if scheduled else None)
    p.do(ApproveUpdate(number), "bo")
    events = p.do(change)
    held = next(event for event in events if isinstance(event, UpdateHeld))
    assert held.reason == why and "eva" in {page.to for page in held.pages}
    (each,) = p.there.comms.proposals
    assert each.standing is Standing.HELD and not each.approved_by
    p.until(minutes(60))
    assert posts(p) == []


def test_a_scheduled_update_is_held_when_somebody_else_posts_there() -> None:
    p = play("SEV2")
    proposed(p, review=False, send_at=T0 + minutes(12))
    p.do(PostUpdate("public", "an update in between"), "bo")
    assert p.there.comms.proposals[0].held == "somebody posted on public since it was scheduled"
    number = p.there.comms.proposals[0].id
    assert p.refusal(SendUpdate(number), "eva", kind=Stale)
    p.do(SendUpdate(number, seen=1), "eva")
    assert len(posts(p)) == 2


def test_a_promise_that_is_past_keeps_it_back() -> None:
    p = play("SEV2")
    proposed(p, review=False, send_at=T0 + minutes(12), next_at=T0 + minutes(13))
    p.jump(minutes(20))  # nothing ran in between
    assert "the next update that it promises, 10:13 UTC, is past" in p.there.comms.proposals[0].held


def test_holding_by_hand_keeps_the_approval_and_the_schedule_can_be_set_again() -> None:
    p = play()
    number = proposed(p, send_at=T0 + minutes(5))
    p.do(ApproveUpdate(number), "bo")
    p.do(HoldUpdate(number, "wait for legal"), "bo")
    assert p.there.comms.proposals[0].approved_by == "bo" and standing(p) is Standing.HELD
    assert "held already" in p.refusal(HoldUpdate(number), "bo")
    p.until(minutes(6))
    assert posts(p) == []
    p.do(ScheduleUpdate(number, T0 + minutes(9)), "bo")
    p.until(minutes(9))
    assert posts(p)[0].reviewer == "bo"


def test_one_that_is_parked_waits_until_somebody_sends_it() -> None:
    p = play("SEV2")
    number = proposed(p, review=False)
    assert standing(p) is Standing.HELD and not {name for name in p.deadlines() if name.startswith("send")}
    p.do(SendUpdate(number), "bo")
    assert posts(p)[0].author == "eva"
    parked = play()
    number = proposed(parked, review=False)
    assert "ask somebody first" in parked.refusal(SendUpdate(number), "eva")
    parked.do(ApproveUpdate(number), "bo")
    parked.do(SendUpdate(number), "eva")


def test_a_closed_incident_takes_no_more_of_them() -> None:
    p = play()
    number = proposed(p)
    p.do(SetStatus(Status.RESOLVED, "over"))
    assert standing(p) is Standing.REVIEW  # whoever reviews it sees that it is over
    p.do(SetStatus(Status.CLOSED, "done"))
    assert p.there.comms.proposals[0].held == "INC-1 is closed" and p.deadlines() == {}
    assert "is closed" in p.refusal(ProposeUpdate(("public",), TEXT, review=True), "eva")
    assert p.refusal(ApproveUpdate(number), "bo")


# Correct -------------------------------------------------------------------------------------------------------------


def test_an_update_is_put_right_by_a_following_one_and_stays_as_it_was_said() -> None:
    p = declared()
    p.do(PostUpdate("public", "All cards fail."), "eva")
    wrong = p.there.comms.said[-1].version
    p.now += minutes(3)
    p.do(PostUpdate("public", "Only EU cards fail.", corrects=wrong, subject="Checkout issue"), "eva")
    first, second = posts(p)
    assert first.text == "All cards fail." and second.corrects == wrong
    assert f"puts #{wrong} right" in describe(second)
    entry = next(entry for entry in p.entries if entry.event is second)
    (message,) = [m for m in outgoing(p.there, entry, BOOK) if m.kind == "update"]
    assert message.subject == "Correction: Checkout issue"


def test_only_an_update_of_these_channels_can_be_put_right() -> None:
    p = declared()
    p.do(PostUpdate("public", "All cards fail."))
    wrong = p.there.comms.said[-1].version
    assert "put it right there" in p.refusal(PostUpdate("internal", "x", corrects=wrong))
    assert "entry 1 is no update that can be put right" in p.refusal(PostUpdate("public", "x", corrects=1))


# What goes out -------------------------------------------------------------------------------------------------------


def messages(p: Play, kind: type) -> list[str]:
    entry: Entry = next(entry for entry in reversed(p.entries) if isinstance(entry.event, kind))
    found = outgoing(p.there, entry, REVIEWED)
    assert {message.kind for message in found} == {NOTICE}
    return [f"{message.to}: {message.body}" for message in found]


def test_those_who_are_asked_get_a_notice_with_the_text_and_the_command() -> None:
    p = play()
    number = proposed(p, reviewer="ada")
    (word,) = messages(p, UpdateProposed)
    assert word.startswith("ada: eva asks you to review an update for public by 10:06 UTC:") and TEXT in word
    assert f"warroom review INC-1 {number} approve" in word
    assert pages_for("ada", p.entries[-1:]) and not pages_for("bo", p.entries[-1:])
    p.until(minutes(6))
    assert any(f"send --unreviewed WHY" in each for each in messages(p, ReviewUnanswered))  # noqa: F541
    p.do(ApproveUpdate(number), "bo")
    p.do(SetSeverity("SEV2", "milder"))
    assert any("does NOT go out" in each for each in messages(p, UpdateHeld))


def test_hostile_text_stays_text() -> None:
    p = play()
    hostile = "\x1b[31m{key} \u202e[[x]]\x00"
    p.do(ProposeUpdate(("public",), hostile, hostile, review=True), "eva")
    number = p.there.comms.proposals[0].id
    p.do(CommentUpdate(number, hostile), "bo")
    p.do(ApproveUpdate(number, hostile, send=True), "bo")
    for entry in p.entries:
        assert "\x1b" not in describe(entry.event) and "\x00" not in describe(entry.event)
    assert "{key}" in posts(p)[0].text
