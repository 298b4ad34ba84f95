"""Until when the parts of the opened screens hold: they never change before."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.support.profile import examples
from tests.tui import fixtures as f
from tests.tui import test_catchup, test_clocks, test_people, test_work
from tests.tui.duty import VIEW as DUTY
from tests.tui.test_horizon import assert_holds, details, moments
from warroom.tui import catchup, clocks, oncall_ahead, oncall_desk, oncall_grid, oncall_words, people, room_panels, work
from warroom.tui.oncall_grid import Faces, Scale
from warroom.tui.past_bar import words as past_words
from warroom.tui.timeline import UNICODE
from warroom.tui.timeline.hand import Hand
from warroom.tui.timeline.ranking import gap_rows
from warroom.views import PastMark

CLOCKS = (test_clocks.PUBLIC, test_clocks.LATE, test_clocks.NONE)


@examples(2)
@given(which=st.integers(0, 10_000), now=moments, share=st.floats(0, 1), width=st.sampled_from((40, 74, 118)))
def test_parts_stay_until_they_say_they_change(which: int, now: datetime, share: float, width: int) -> None:
    found = details()
    detail = found[which % len(found)]
    assert_holds(lambda now: clocks.clock_rows(CLOCKS, now, width, 0), now, share)
    assert_holds(lambda now: room_panels.clocks(detail, now, width, 9), now, share)
    assert_holds(lambda now: [room_panels.flag(name, detail, now) for name in ("work", "clocks", "roles")], now, share)
    assert_holds(lambda now: room_panels.about(detail, now, width), now, share)
    assert_holds(lambda now: work.sheet(work.items(test_work.VIEW), now, width, 1), now, share)
    assert_holds(lambda now: work.work(test_work.VIEW, now, width, 6), now, share)
    assert_holds(lambda now: people.sheet(test_people.VIEW, now, width, 0), now, share)
    assert_holds(lambda now: people.head(test_people.VIEW, now, width), now, share)
    assert_holds(lambda now: catchup.state(test_catchup.VIEW, now, width, 20), now, share)
    assert_holds(lambda now: catchup.changed(test_catchup.VIEW, now, width, 20), now, share)
    mark = PastMark(f.ago(40), 3, 9, f.ago(40), "note", "the pool is full", "ana")
    assert_holds(lambda now: past_words(mark, now, 2, width), max(now, mark.moment), share)


@examples(2)
@given(now=moments, share=st.floats(0, 1), width=st.sampled_from((60, 100, 160)), cells=st.sampled_from((1, 4, 24)))
def test_shifts_stay_until_they_say_they_change(now: datetime, share: float, width: int, cells: int) -> None:
    faces = Faces.of(DUTY)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    scale = Scale.fitting(width, start, cells)
    assert_holds(lambda now: oncall_grid.axis(scale, now, now), now, share)
    for line in DUTY.schedules:
        assert_holds(lambda now, line=line: oncall_grid.bar(line, scale, faces, now, now), now, share)  # type: ignore[misc]
        columns = oncall_words.Columns.of(DUTY, now)
        assert_holds(
            lambda now, line=line, columns=columns: oncall_words.standing(line, faces, now, width, columns),  # type: ignore[misc]
            now,
            share,
        )
    assert_holds(lambda now: oncall_ahead.below(DUTY, faces, "mina", now, width, 20), now, share)
    assert_holds(lambda now: oncall_desk.rows(DUTY, "mina", now, width, 20), now, share)


@examples(3)
@given(
    which=st.integers(0, 10_000),
    now=moments,
    share=st.floats(0, 1),
    zooms=st.lists(st.sampled_from((1, 1, -1, 0)), max_size=4),
    sawtooth=st.booleans(),
)
def test_gaps_stay_until_they_say_they_change(
    which: int, now: datetime, share: float, zooms: list[int], sawtooth: bool
) -> None:
    found = details()
    view = found[which % len(found)].timeline
    now = max(now, view.start)
    hand = Hand(view)
    hand.sawtooth = sawtooth
    for by in zooms:
        hand.zoom(by, now) if by else hand.scroll(-1, now)
    for width in (70, 130):
        assert_holds(lambda now, w=width: gap_rows(hand.chart.ranked(now), now, w, 9, glyphs=UNICODE), now, share)  # type: ignore[misc]
    assert_holds(lambda now: hand.picture(now, 96, 14).rows, now, share)
