"""What the gap timeline is made of, from the room itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.service.test_forecasting import opened
from tests.support.books import BOOK, T0, minutes
from warroom.domain.comms import PostUpdate, SkipUpdate
from warroom.domain.core import EVENTS
from warroom.domain.incident import Amend, Declare, SetSeverity
from warroom.domain.proposals import ProposeUpdate
from warroom.domain.watch import Post, Watch
from warroom.service.timeline_view import CHANGES
from warroom.store import queries
from warroom.views import MarkKind, Planned, Skip


def test_dots_carry_who_what_and_whether_in_time(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", BOOK) as (session, _, hands):
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        (first, *_) = session.detail("INC-1").timeline.lanes
        assert first.due is not None
        hands.now = first.due + minutes(3)
        session.execute(PostUpdate(first.channel, "we look into it", hands.now + minutes(25)), "INC-1", actor="ada")
        lane = next(each for each in session.detail("INC-1").timeline.lanes if each.channel == first.channel)
        (dot,) = lane.dots
        assert (dot.by, dot.text, dot.at) == ("ada", "we look into it", hands.now)
        assert (dot.was_due, dot.late, dot.due) == (first.due, minutes(3), hands.now + minutes(25))
        written = {version: entry.event.kind for _, entry, version in session.log("INC-1")}
        assert written[dot.number] == "update_posted"
        assert lane.promised


def test_silence_counts_from_the_impact_not_from_the_declaration(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", BOOK) as (session, _, _):
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        session.execute(Amend(started_at=T0 - minutes(40)), "INC-1")
        view = session.detail("INC-1").timeline
        assert view.start == T0 - minutes(40)
        assert {lane.start for lane in view.lanes} == {T0 - minutes(40)}


def test_what_is_written_and_what_was_skipped(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", BOOK) as (session, _, hands):
        session.execute(Declare("Checkout is down", "SEV1", "checkout"))
        lane = session.detail("INC-1").timeline.lanes[0]
        session.execute(ProposeUpdate((lane.channel,), "soon", send_at=T0 + minutes(5)), "INC-1", actor="ada")
        hands.now += timedelta(minutes=1)
        session.execute(SkipUpdate(lane.channel, "nothing new"), "INC-1", actor="bo")
        lane = session.detail("INC-1").timeline.lanes[0]
        assert lane.planned == (Planned(T0 + minutes(5), "ada", "soon"),)
        assert lane.skips == (Skip(T0 + minutes(1), "bo", "nothing new", T0 + minutes(11)),)


def test_severities_are_known_from_the_start(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", BOOK) as (session, _, hands):
        session.execute(Declare("Checkout is down", "SEV2", "checkout"))
        hands.now += minutes(10)
        session.execute(SetSeverity("SEV1", "worse"), "INC-1")
        view = session.detail("INC-1").timeline
        assert [(each.start, each.severity, each.rank) for each in view.severities] == [
            (T0, "SEV2", 2),
            (T0 + minutes(10), "SEV1", 1),
        ]
        assert [(mark.kind, mark.label) for mark in view.marks] == [(MarkKind.SEVERITY, "SEV1")]


def test_what_a_provider_posted_is_its_own(tmp_path: Path) -> None:
    with opened(tmp_path / "room.db", BOOK) as (session, _, _):
        posts = (
            Post("a", T0 - minutes(30), "identified", "we know"),
            Post("b", T0 - minutes(30), "identified", "more"),
        )
        session.execute(Watch("hub", "x1", "Slow", posts, started_at=T0 - minutes(60)))
        (lane,) = session.detail("INC-1").timeline.lanes
        assert [(dot.by, dot.was_due, dot.due) for dot in lane.dots] == [("hub", None, None)] * 2
        assert lane.start == T0 - minutes(60)


def test_everything_that_is_drawn_is_read() -> None:
    assert {event.kind for event in CHANGES} == set(queries.CHANGES)
    assert set(queries.CHANGES) <= set(EVENTS)
