"""Imported incidents: growing snapshots of what a provider published, watched and never paged for (R10, R12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes, with_severity
from tests.support.play import Play, declared
from tests.support.profile import examples
from warroom.domain.cadence import Cadence
from warroom.domain.comms import Audience, PostUpdate, StreamEnded, StreamOpened, UpdatePosted
from warroom.domain.core import Command, Event
from warroom.domain.escalation import Acknowledge, Escalate, Phase
from warroom.domain.incident import Amend, SetSeverity, SetStatus, SeverityChanged, Status, StatusChanged
from warroom.domain.record import AddNote
from warroom.domain.roles import LEAD, AssignRole, OfferRole
from warroom.domain.room import due
from warroom.domain.watch import Post, Watch

START = T0 - timedelta(hours=5)
POSTS = (
    Post("p1", START + minutes(10), "investigating", "We are looking into it."),
    Post("p2", START + minutes(40), "identified", "We found it."),
    Post("p3", START + minutes(95), "monitoring", "It looks well."),
    Post("p4", START + minutes(120), "resolved", "It is over."),
)


def snapshot(count: int, *, closed: bool = False, **changes: object) -> Watch:
    """What the provider shows after `count` posts."""
    seen = Watch(
        "acme",
        "abc123",
        "API errors",
        POSTS[:count],
        "major",
        START,
        POSTS[-1].at if closed else None,
        "https://status.acme.example/abc123",
        ("API", "Web"),
        "INC-9",
    )
    return replace(seen, **changes)  # type: ignore[arg-type]


def watched(count: int = 2, *, closed: bool = False) -> Play:
    play = Play()
    play.do(snapshot(count, closed=closed), "import")
    return play


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind for event in events]


def test_the_first_snapshot_takes_over_everything() -> None:
    play = Play()
    events = play.do(snapshot(2), "import")
    assert kinds(events) == ["watched", "stream_opened", "update_posted", "update_posted"]
    incident = play.there.incident
    assert (incident.key, incident.title, incident.severity) == ("INC-9", "API errors", "SEV2")
    assert (incident.provider, incident.source_id, incident.watched) == ("acme", "abc123", True)
    assert (incident.declared_at, incident.declared_by) == (START + minutes(10), "acme")
    assert (incident.status, incident.started_at) == (Status.INVESTIGATING, START)
    assert (incident.components, incident.impact) == (("API", "Web"), "major")
    stream = play.there.comms.streams["statuspage"]
    assert (stream.count, stream.opened_at, stream.last_at) == (2, START + minutes(10), START + minutes(40))
    assert (stream.audience, stream.every) == (Audience.EXTERNAL, minutes(30))
    # The silence that is running: shown, but nobody is reminded of it.
    assert (stream.due, stream.remind_at) == (START + minutes(70), None)


def test_a_provider_may_have_a_cadence_of_its_own() -> None:
    slow = replace(BOOK, watch_providers={"acme": minutes(60)})
    cadence = Cadence("statuspage", minutes(10), minutes(30))
    for book in (slow, with_severity("SEV2", book=slow, cadence=(cadence,))):
        play = Play(book)
        play.do(snapshot(2, provider="Acme"), "import")
        stream = play.there.comms.streams["statuspage"]
        assert (stream.every, stream.due) == (minutes(60), START + minutes(100))
    for other in (Play(slow), Play(BOOK)):
        other.do(snapshot(2, provider="other"), "import")
        assert other.there.comms.streams["statuspage"].every == minutes(30)


def test_posts_keep_their_own_times_and_order() -> None:
    play = Play()
    play.do(snapshot(0, posts=tuple(reversed(POSTS[:3]))), "import")
    posts = [e.event for e in play.entries if isinstance(e.event, UpdatePosted)]
    assert [(p.posted_at - START, p.source_id, p.phase) for p in posts] == [
        (minutes(10), "p1", "investigating"),
        (minutes(40), "p2", "identified"),
        (minutes(95), "p3", "monitoring"),
    ]
    assert {e.at for e in play.entries} == {T0}


def test_a_growing_snapshot_adds_only_what_is_new() -> None:
    play = watched(1)
    assert play.do(snapshot(1), "import") == ()
    play.now = T0 + minutes(5)
    (event,) = play.do(snapshot(3, posts=(POSTS[0], POSTS[2])), "import")
    assert isinstance(event, UpdatePosted)
    assert event.source_id == "p3"
    # One that the provider inserted later, before the last.
    (event,) = play.do(snapshot(3), "import")
    assert isinstance(event, UpdatePosted)
    assert event.source_id == "p2"
    stream = play.there.comms.streams["statuspage"]
    assert (stream.count, stream.last_at, stream.due) == (3, POSTS[2].at, POSTS[2].at + minutes(30))
    assert play.do(snapshot(3), "import") == ()


def test_a_shrinking_snapshot_takes_nothing_back() -> None:
    play = watched(3)
    assert play.do(snapshot(1), "import") == ()
    assert play.there.comms.streams["statuspage"].count == 3


def test_the_same_post_twice_in_one_snapshot_is_one() -> None:
    play = Play()
    events = play.do(snapshot(0, posts=(POSTS[0], POSTS[0], POSTS[1])), "import")
    assert kinds(events).count("update_posted") == 2


def test_the_same_post_under_another_id_is_not_taken_again() -> None:
    play = watched(2)
    other = tuple(replace(post, source_id=f"feed-{post.source_id}") for post in POSTS[:2])
    assert play.do(snapshot(0, posts=other), "import") == ()
    moved = replace(POSTS[0], source_id="p8", at=POSTS[0].at + minutes(1))
    assert kinds(play.do(snapshot(0, posts=(*POSTS[:2], moved)), "import")) == ["update_posted"]


def test_two_posts_of_one_moment_and_wording_are_two_and_stay_two() -> None:
    twin = replace(POSTS[0], source_id="p1b")
    play = Play()
    events = play.do(snapshot(0, posts=(POSTS[0], twin)), "import")
    assert kinds(events).count("update_posted") == 2
    assert play.do(snapshot(0, posts=(POSTS[0], twin)), "import") == ()


def test_closing() -> None:
    play = watched(2)
    play.now = T0 + minutes(1)
    events = play.do(snapshot(4, closed=True), "import")
    assert kinds(events) == ["update_posted", "update_posted", "status_changed", "stream_ended"]
    incident = play.there.incident
    assert (incident.status, incident.resolved_at, incident.closed_at) == (Status.CLOSED, POSTS[3].at, POSTS[3].at)
    assert play.there.comms.streams["statuspage"].due is None
    assert play.do(snapshot(4, closed=True), "import") == ()


def test_a_post_after_the_end_is_taken_and_starts_no_clock() -> None:
    play = watched(3, closed=True)
    late = Post("p9", T0, "postmortem", "What happened.")
    (event,) = play.do(snapshot(0, closed=True, posts=(*POSTS[:3], late)), "import")
    assert isinstance(event, UpdatePosted)
    assert event.due is None


def test_reopening_and_closing_again() -> None:
    play = watched(4, closed=True)
    again = Post("p5", T0 - minutes(3), "investigating", "It is back.")
    events = play.do(snapshot(0, posts=(*POSTS, again)), "import")
    assert kinds(events) == ["update_posted", "status_changed"]
    assert play.there.incident.live
    assert (play.there.incident.resolved_at, play.there.incident.closed_at) == (None, None)
    stream = play.there.comms.streams["statuspage"]
    assert (stream.due, stream.ended_at) == (T0 + minutes(27), None)
    events = play.do(snapshot(0, closed=True, posts=(*POSTS, again), closed_at=T0), "import")
    assert events == (
        StatusChanged(Status.INVESTIGATING, Status.CLOSED, "closed by the provider", T0),
        StreamEnded("statuspage"),
    )


def test_one_imported_after_its_end_has_its_silences_measured_too() -> None:
    play = watched(4, closed=True)
    assert kinds(tuple(e.event for e in play.entries)) == [
        "watched",
        "stream_opened",
        *["update_posted"] * 4,
        "status_changed",
        "stream_ended",
    ]
    stream = play.there.comms.streams["statuspage"]
    assert (stream.every, stream.opened_at, stream.due) == (minutes(30), START + minutes(10), None)


def test_the_cadence_comes_from_the_severity_where_it_has_one() -> None:
    book = with_severity("SEV2", cadence=(Cadence("statuspage", minutes(7), minutes(11)),))
    play = Play(book)
    play.do(snapshot(1), "import")
    assert StreamOpened("statuspage", Audience.EXTERNAL, None, minutes(11)) in [e.event for e in play.entries]


def test_without_posts_it_begins_with_its_import() -> None:
    play = Play()
    assert kinds(play.do(snapshot(0), "import")) == ["watched", "stream_opened"]
    assert play.there.incident.declared_at == START
    assert play.there.comms.streams["statuspage"].due is None
    play = Play()
    play.do(snapshot(0, started_at=None), "import")
    assert play.there.incident.declared_at == T0


def test_what_the_provider_changes_is_changed() -> None:
    play = watched(2)
    change = snapshot(2, title="API down", impact="critical", started_at=START - minutes(5))
    event, worse = play.do(change, "import")
    assert worse == SeverityChanged("SEV2", "SEV1", "acme calls it critical")
    assert event.kind == "amended"
    incident = play.there.incident
    assert (incident.title, incident.impact, incident.started_at) == ("API down", "critical", START - minutes(5))
    # What it does not say any more stays.
    assert play.do(snapshot(2, title="", impact="", started_at=None), "import") == ()


@given(st.lists(st.tuples(st.sets(st.integers(0, 3)), st.booleans()), max_size=6))
@examples()
def test_whatever_is_shown_in_between_the_end_is_the_same(shown: list[tuple[set[int], bool]]) -> None:
    play = Play()
    for posts, closed in shown:
        play.now += minutes(7)
        play.do(snapshot(0, posts=tuple(POSTS[n] for n in posts), closed=closed), "import")
        assert play.do(snapshot(0, posts=tuple(POSTS[n] for n in posts), closed=closed), "import") == ()
        assert play.there.incident.live is not closed
        assert due(play.there) == ()
    play.do(snapshot(4, closed=True), "import")
    assert play.do(snapshot(4, closed=True), "import") == ()
    taken = [e.event.source_id for e in play.entries if isinstance(e.event, UpdatePosted)]
    assert sorted(taken) == ["p1", "p2", "p3", "p4"]
    stream = play.there.comms.streams["statuspage"]
    assert (stream.count, stream.last_at, stream.due) == (4, POSTS[3].at, None)
    assert play.there.incident.closed_at == POSTS[3].at


@pytest.mark.parametrize(
    ("impact", "severity"),
    [("Critical", "SEV1"), ("minor", "SEV3"), ("none", "SEV4"), ("", "SEV4"), ("purple", "SEV4")],
)
def test_the_providers_word_for_impact_gives_the_severity(impact: str, severity: str) -> None:
    play = Play()
    play.do(snapshot(1, impact=impact), "import")
    assert play.there.incident.severity == severity


def test_a_title_that_is_missing_is_the_providers_id() -> None:
    play = Play()
    play.do(snapshot(1, title=" "), "import")
    assert play.there.incident.title == "abc123"


def test_texts_from_outside_are_cleaned() -> None:
    play = Play()
    post = Post("p\x1b[0m1", START, "\x1b[31mdown", "\x1b]0;x\x07We are\r\nlooking \u202einto it")
    play.do(snapshot(0, posts=(post,), components=("A\x1b[1mPI",), url="https://a\n.example"), "import")
    event = play.entries[-1].event
    assert isinstance(event, UpdatePosted)
    assert (event.source_id, event.phase, event.text) == ("p1", "down", "We are\nlooking into it")
    assert play.there.incident.components == ("API",)
    assert "\n" not in play.there.incident.url


@pytest.mark.parametrize(
    "bad",
    [
        {"provider": ""},
        {"source_id": ""},
        {"posts": (Post("", T0, "", "no id"),)},
        {"posts": (Post("\u200b", T0, "", "no visible id"),)},
    ],
)
def test_without_ids_nothing_can_be_told_apart(bad: dict[str, Any]) -> None:
    assert "an id" in Play().refusal(snapshot(1, **bad))


def test_a_snapshot_of_something_else_is_refused() -> None:
    assert "is not other of acme" in watched().refusal(snapshot(1, source_id="other"))
    assert "INC-1 is not abc123 of acme" in declared().refusal(snapshot(1))


def test_nothing_falls_due_for_what_is_watched() -> None:
    play = watched(2)
    assert due(play.there) == ()
    assert play.there.escalation.phase is Phase.NONE
    assert play.jump(timedelta(days=9)) == ()
    for command in (
        SetSeverity("SEV1", "it hits us"),
        AssignRole(LEAD, "eva"),
        PostUpdate("internal", "the provider is down"),
        PostUpdate("internal", "more at noon", next_at=play.now + minutes(5)),
        AddNote("called them"),
        Amend(service="api"),
        SetStatus(Status.MITIGATING),
        SetStatus(Status.RESOLVED, "we moved away"),
        SetStatus(Status.INVESTIGATING, "and back"),
    ):
        play.do(command)
        assert due(play.there) == (), command
    assert play.jump(timedelta(days=99)) == ()
    assert not any(e.event.kind in ("level_paged", "role_missed", "update_missed") for e in play.entries)


@pytest.mark.parametrize("command", [Acknowledge(), Escalate("now")])
def test_there_is_no_ladder_to_climb(command: Command) -> None:
    assert "no escalation runs" in watched().refusal(command)


def test_a_person_can_be_called_to_it_by_hand() -> None:
    assert kinds(watched().do(Escalate("it is our provider", "bo"))) == ["paged_besides"]


def test_an_own_update_leaves_the_providers_clock_alone() -> None:
    play = watched(2)
    play.do(PostUpdate("internal", "the provider is down"))
    assert play.there.comms.streams["internal"].due is None
    assert play.there.comms.streams["statuspage"].due == START + minutes(70)


def test_nobody_speaks_in_the_providers_place() -> None:
    play = watched(2)
    said = play.refusal(PostUpdate("statuspage", "we are sorry"))
    assert said == "statuspage is what acme says of INC-9: declare an incident of your own to speak there"


def test_what_a_provider_has_closed_takes_no_update_and_nobody_leads_it() -> None:
    play = watched(4, closed=True)
    said = "INC-9 is over at acme: declare an incident of your own"
    assert play.refusal(PostUpdate("internal", "the provider was down")).startswith(said)
    assert play.refusal(AssignRole(LEAD, "eva")).startswith(said)
    assert play.refusal(OfferRole(LEAD, "eva")).startswith(said)


def test_resolved_here_and_then_closed_there() -> None:
    play = watched(3)
    play.do(SetStatus(Status.RESOLVED, "we moved away"))
    events = play.do(snapshot(4, closed=True), "import")
    assert kinds(events) == ["update_posted", "status_changed", "stream_ended"]
    assert play.there.incident.status is Status.CLOSED
    assert BOOK.watch_channel.name == "statuspage"


def test_a_severity_set_by_hand_stays_whatever_the_provider_calls_it() -> None:
    play = watched()
    play.do(SetSeverity("SEV3", "we hardly use it"))
    play.do(snapshot(2, impact="critical"), "import")
    assert play.there.incident.severity == "SEV3"
