"""Clocks, board and gap timeline say the same at every instant: what is due when, what nears, what is late (R10)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from hypothesis import given

from tests.support.play import Play
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from warroom.domain.comms import UpdatePosted, UpdateSkipped
from warroom.domain.core import Event
from warroom.domain.incident import SeverityChanged, StatusChanged
from warroom.service.clocks_view import clock_lines
from warroom.service.timeline_view import timeline
from warroom.service.viewing import update_due
from warroom.store.projection import update_of
from warroom.tui.clockface import update_face
from warroom.tui.clocks import due_face
from warroom.tui.pieces import Role
from warroom.tui.timeline.chart import chart_of
from warroom.tui.timeline.figures import running, tone
from warroom.views import ClockState

TONES = {ClockState.LATE: Role.LATE, ClockState.SOON: Role.SOON, ClockState.IN_TIME: Role.CALM}


@examples(0.3)
@given(stories(longest=16))
def test_clock_board_and_timeline_agree(story: Story) -> None:
    def check(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        if play.room is None or not play.there.incident.live:
            return
        room, book = play.there, play.book
        rows = [
            SimpleNamespace(**row)
            for version, entry in enumerate(play.entries, 1)
            if isinstance(entry.event, UpdatePosted) and (row := update_of(1, version, entry)) is not None
        ]
        changes = [e for e in play.entries if isinstance(e.event, StatusChanged | SeverityChanged | UpdateSkipped)]
        view = timeline(room, book, rows, changes)
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
