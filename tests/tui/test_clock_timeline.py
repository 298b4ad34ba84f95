"""Clocks, board and gap timeline say the same at every instant: what is due when, what nears, what is late (R10)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.play import Play
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from warroom.domain.comms import UpdatePosted
from warroom.domain.core import Event, Refused
from warroom.domain.gaps import SilenceKind
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.room import fold
from warroom.service.clocks_view import clock_lines
from warroom.service.timeline_view import CHANGES, timeline
from warroom.service.viewing import update_due
from warroom.store.projection import update_of
from warroom.tui.clockface import update_face
from warroom.tui.clocks import due_face
from warroom.tui.pieces import Role
from warroom.tui.timeline.chart import chart_of
from warroom.tui.timeline.figures import running, tone
from warroom.views import ClockState, TimelineView

TONES = {ClockState.LATE: Role.LATE, ClockState.SOON: Role.SOON, ClockState.IN_TIME: Role.CALM}


def drawn(play: Play) -> TimelineView:
    """The timeline of an incident, from its record."""
    rows = [
        SimpleNamespace(**row)
        for version, entry in enumerate(play.entries, 1)
        if isinstance(entry.event, UpdatePosted) and (row := update_of(1, version, entry)) is not None
    ]
    return timeline(play.there, play.book, rows, [e for e in play.entries if isinstance(e.event, CHANGES)])


@examples(0.3)
@given(stories(longest=16))
def test_clock_board_and_timeline_agree(story: Story) -> None:
    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        if play.room is None or not play.there.incident.live:
            return
        room, book = play.there, play.book
        view = drawn(play)
        chart = chart_of(view)
        turns = [each for line in clock_lines(room, book, play.now) for each in (line.due, line.near_at) if each]
        for now in (
            play.now,
            *(at + by for at in turns for by in (-timedelta(seconds=1), timedelta(0)) if at > play.now),
        ):
            lines = {line.channel: line for line in clock_lines(room, book, now)}
            for index, lane in enumerate(view.lanes):
                line = lines[lane.channel]
                assert (lane.due, lane.near_at, lane.promised, lane.cadence) == (
                    line.due,
                    line.near_at,
                    line.promised,
                    line.cadence,
                )
                live = running(chart, index, now)
                if live is None or line.due is None:
                    continue
                assert (live.due, live.is_late) == (line.due, line.state(now) is ClockState.LATE)
                assert tone(live, now) is TONES[line.state(now)]
                # What has been counted of the silence is what the clock says of the last word.
                assert line.last_at is None or live.since == line.last_at
            first = update_due(room, book)
            if first.at is not None:
                line = lines[first.channel]
                assert line.due == first.at == min(each.due for each in lines.values() if each.due is not None)
                assert (update_face(first, now).figure, update_face(first, now).role) == (
                    due_face(line, now).text,
                    TONES[line.state(now)],
                )

    play_script(story.book, story.script, after_step=check)


def last_silences_agree(play: Play) -> int:
    """Once an incident is over the last silence of each channel was as late as its clock said up to that moment.
    Gives how many silences were compared."""
    end, compared = play.there.incident.resolved_at, 0
    if end is None or play.there.incident.watched:
        return 0
    before = fold([entry for entry in play.entries if entry.at < end])
    chart = chart_of(drawn(play))
    for track in chart.tracks:
        last = track.all[-1] if track.all else None
        if before is None or last is None or last.silence.kind is not SilenceKind.LAST_TO_RESOLVED:
            continue
        stream = before.comms.streams.get(track.lane.channel)
        if last.length <= timedelta(0) or stream is None:
            continue
        compared += 1
        assert (last.due, stream.last_at or last.silence.start) == (stream.due, last.silence.start)
        for ago in (timedelta(seconds=1), last.length / 2, last.length):
            now = end - ago
            clock = stream.due is not None and now >= stream.due
            assert (last.due is not None and now >= last.due) is clock
    return compared


@examples(1)
@given(stories(longest=20), st.integers(0, 7200))
def test_once_it_is_over_the_timeline_says_what_the_clocks_said(story: Story, ahead: int) -> None:
    play = play_script(story.book, story.script)
    if play.room is None:
        return
    if play.there.incident.live:
        play.now += timedelta(seconds=ahead)
        with suppress(Refused):
            play.do(SetStatus(Status.RESOLVED, "over"))
    # Of a moment in which an update went out and a clock was set no timeline could tell which came first.
    posts = {entry.at for entry in play.entries if isinstance(entry.event, UpdatePosted)}
    if not posts & {entry.at for entry in play.entries if isinstance(entry.event, CHANGES)}:
        last_silences_agree(play)


def test_a_clock_that_a_severity_set_anew_counts_when_it_is_over() -> None:
    play = Play()
    play.do(Declare("Checkout is down", "SEV3", "checkout", key="INC-1"))
    play.now += timedelta(minutes=10)
    play.do(SetSeverity("SEV1", "it is everybody"))
    due = {name: stream.due for name, stream in play.there.comms.streams.items()}
    play.now += timedelta(minutes=60)
    play.do(SetStatus(Status.RESOLVED, "over"))
    assert last_silences_agree(play) == len(due) > 0
    chart = chart_of(drawn(play))
    assert {track.lane.channel: track.all[-1].due for track in chart.tracks} == due
    assert all(track.all[-1].late > timedelta(0) for track in chart.tracks)
