"""What holds of every timeline, whatever is in it: cells, dots, gaps, and that all its pictures say the same."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tui.fixtures import NOW, cards_detail, cards_line
from tests.tui.timelines import near, times, views
from warroom.domain import gaps
from warroom.domain.text import cell_width
from warroom.tui.clockface import length
from warroom.tui.pieces import Role, line_width, plain
from warroom.tui.timeline import (
    ASCII,
    UNICODE,
    Chart,
    Cursor,
    Lens,
    Sketch,
    Window,
    chart_of,
    dots_of,
    layout,
    picture,
    rows_of,
)
from warroom.tui.timeline import text as in_text
from warroom.tui.timeline.lanes import LaneDrawing
from warroom.tui.timeline.ranking import gap_rows
from warroom.tui.timeline.scale import SPANS, Scale, us
from warroom.tui.timeline.svg import svg
from warroom.views import Dot, Lane, TimelineView

glyph_sets = st.sampled_from([UNICODE, ASCII])


@st.composite
def windows(draw):
    """Any two moments, one before the other."""
    one, other = draw(times), draw(times)
    return Window.of(min(one, other), max(one, other))


@settings(max_examples=80, deadline=None)
@given(
    views, st.integers(20, 250), st.none() | st.integers(1, 30), glyph_sets, times, st.none() | windows(),
    st.booleans(), st.data(),
)  # fmt: skip
def test_every_row_is_exactly_as_wide_as_asked(view, width, height, glyphs, now, window, sawtooth, data) -> None:
    chart = Chart(view)
    cursor = None
    if any(track.dots for track in chart.tracks):
        lane = data.draw(st.sampled_from([i for i, track in enumerate(chart.tracks) if track.dots]))
        cursor = Cursor(lane, data.draw(st.integers(0, len(chart.tracks[lane].dots) - 1)))
    made = picture(
        chart, now, width, window or chart.whole(now, ahead=True), height=height, glyphs=glyphs, cursor=cursor,
        sawtooth=sawtooth,
    )  # fmt: skip
    assert [line_width(row) for row in made.rows] == [width] * len(made.rows)
    assert len(made.lanes) == len(made.rows)
    if height is not None:
        assert 1 <= len(made.rows) <= height
    for rows in (20, 3):
        listed, _ = gap_rows(chart.ranked(now), now, width, rows, glyphs=glyphs)
        assert [line_width(row) for row in listed] == [width] * len(listed)
        assert len(listed) <= rows


@settings(max_examples=60, deadline=None)
@given(views, st.integers(20, 250), times, st.none() | windows())
def test_every_dot_in_the_window_has_a_cell_that_opens_it(view, width, now, window) -> None:
    chart = Chart(view)
    whole = chart.whole(now)
    made = picture(chart, now, width, window or whole)
    scale = made.frame.scale
    for index, track in enumerate(chart.tracks):
        found = [dots_of(chart, index, cell, now, made.frame) for cell in range(made.frame.cells)]
        assert len({id(dot) for cell in found for dot in cell}) == sum(len(cell) for cell in found)  # each once
        if window is None:
            assert sum(len(cell) for cell in found) == len(track.dots)  # of the whole all are seen
        for place, dot in enumerate(track.dots):
            at = chart.shown_at(index, place, now)
            if at in scale.window:
                assert any(each is dot for each in found[scale.clamped(at)])


@settings(max_examples=80, deadline=None)
@given(views, times, st.integers(20, 250))
def test_how_many_rows_there_are_is_known_without_drawing_them(view, now, width) -> None:
    assert rows_of(view, width) == len(layout(view, now, width))


@given(views, times)
def test_silences_partition_the_time_of_a_channel(view, now) -> None:
    chart = Chart(view)
    for index, track in enumerate(chart.tracks):
        running = chart.running(index, now)
        line = [*track.ended, *([running] if running is not None else [])]
        closed = min((at for at in (track.lane.ended, view.end) if at is not None), default=None)
        said = [dot.at for dot in track.dots if closed is None or dot.at <= closed]
        assume(closed is None or closed >= track.lane.start)
        stop = closed if closed is not None else max([min(track.since, now), now])
        begin = min([track.lane.start, *said])
        assume(closed is not None or (begin <= now and all(at <= now for at in said)))
        assert sum((gap.length for gap in line), timedelta(0)) == stop - begin
        for one, other in pairwise(line):
            assert one.silence.end == other.silence.start
        exact = gaps.silences(track.lane.start, (dot.at for dot in track.dots), closed, now)
        ended = [each for each in exact if each.kind is not gaps.SilenceKind.RUNNING]
        assert [gap.silence for gap in track.all] == ended


@settings(max_examples=60, deadline=None)
@given(views, times)
def test_gaps_are_ranked_by_weight_and_the_longest_is_marked(view, now) -> None:
    chart = Chart(view)
    found = chart.ranked(now)
    keys = [(each.gap.weight, each.gap.length) for each in found]
    assert keys == sorted(keys, reverse=True)
    assert all(timedelta(0) <= each.gap.weight <= each.gap.length for each in found)
    assert all(timedelta(0) <= each.gap.late <= each.gap.length for each in found)
    marked = [each for each in found if each.longest]
    if all(gap.silence.end <= now for track in chart.tracks for gap in track.ended):
        assert len(marked) == bool(found)
        assert not marked or marked[0].gap.length == max(each.gap.length for each in found)


@settings(max_examples=40, deadline=None)
@given(views, times)
def test_text_and_svg_say_the_same_gaps(view, now) -> None:
    """(JSON is held against the same chart in tests/cli/test_timeline.py.)"""
    found = chart_of(view).ranked(now)[:8]
    text = [plain(line) for line in in_text.lines(cards_line(), view, now, 110, most=8)]
    root = ElementTree.fromstring(svg(cards_line(), view, now))
    drawn = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    rows = gap_rows(found, now, 110, 8)[0]
    for row in rows if found else ():
        assert plain(row) in text
        assert plain(row).rstrip() in drawn
    assert all(cell_width(line) <= 110 for line in text)
    plainly = in_text.lines(cards_line(), view, now, 90, glyphs=ASCII)
    assert all(plain(line).isascii() for line in plainly)
    block = in_text.code_block(in_text.lines(cards_line(), view, now, 90)).splitlines()
    assert set(block[0]) == {"`"}
    assert block[-1] == block[0]
    assert not any(block[0] in line for line in block[1:-1])


@settings(max_examples=40, deadline=None)
@given(views, times)
def test_an_svg_holds_nothing_that_acts(view, now) -> None:
    drawn = svg(cards_line(), view, now)
    root = ElementTree.fromstring(drawn)  # raises where it is not well-formed
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "text", "line", "path", "circle"}
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert all(named[name] for name in root.get("aria-labelledby", "").split())
    assert "://" not in drawn.replace("http://www.w3.org/2000/svg", "").partition("<text")[0]


@settings(max_examples=80, deadline=None)
@given(
    st.timedeltas(timedelta(minutes=3), timedelta(days=400)), st.sampled_from(SPANS), st.integers(0, 1000),
    st.integers(1, 5), st.integers(1, 5), st.booleans(),
)  # fmt: skip
def test_zooming_and_scrolling_there_and_back_again(length, span, place, steps, zooms, closer) -> None:
    whole = Window(NOW - length, NOW)
    assume(span < length)
    lens = Lens(span, whole.start + (length - span) * place / 1000)
    shown = lens.window(whole)
    assert shown.span == span
    there = lens.scrolled(steps, whole)
    if there.window(whole).start - shown.start == span / 8 * steps:  # not stopped by the end
        assert there.scrolled(-steps, whole).window(whole) == shown
    anchor = shown.start + span / 2
    zoomed = lens.zoomed(zooms if closer else -zooms, whole, anchor)
    back = zoomed.zoomed(-zooms if closer else zooms, whole, anchor).window(whole)
    reached = zoomed.span in SPANS and abs(SPANS.index(zoomed.span) - SPANS.index(span)) == zooms
    inside = zoomed.start is not None and zoomed.start > whole.start
    if reached and inside:
        assert abs(back.start - shown.start) <= timedelta(microseconds=2**zooms * 20)
        assert back.span == span
    assert zoomed.window(whole).start >= whole.start
    assert zoomed.window(whole).end <= whole.end


@given(st.integers(1, 400), st.timedeltas(timedelta(microseconds=1), timedelta(days=9000)), st.data())
def test_a_cell_and_its_moments_belong_together(cells, span, data) -> None:
    scale = Scale(Window(NOW, NOW + span), cells)
    at = NOW + data.draw(st.timedeltas(timedelta(0), span))
    cell = scale.cell(at)
    assert 0 <= cell < cells
    if at < scale.window.end:
        assert scale.bound_us(cell) <= us(at) < scale.bound_us(cell + 1)


def crowded(count: int) -> TimelineView:
    start = NOW - timedelta(days=59)
    half = timedelta(minutes=30)
    step = timedelta(days=59) / count
    said = tuple(Dot(start + step * n, "mina", f"update {n}", n) for n in range(count))
    return TimelineView(start, None, (Lane("public", "external", start, said, NOW, half),))


def drawing_s(view: TimelineView) -> float:
    """The best of some times to lay out a chart that is made."""
    chart = Chart(view)
    found = []
    for _ in range(5):
        begun = time.process_time()
        picture(chart, NOW, 120, chart.whole(NOW), sawtooth=True)
        found.append(time.process_time() - begun)
    return min(found)


def test_drawing_costs_as_much_as_there_are_cells_not_dots() -> None:
    few, many = drawing_s(crowded(200)), drawing_s(crowded(5000))
    assert many < 5 * few  # of dots there are 25 times as many


def test_states_are_asked_for_once_per_half_cell(monkeypatch) -> None:
    asked = []
    state = LaneDrawing.state
    monkeypatch.setattr(LaneDrawing, "state", lambda self, *given: asked.append(1) or state(self, *given))
    chart = Chart(crowded(5000))
    made = picture(chart, NOW, 120, chart.whole(NOW))
    assert len(asked) <= 2 * made.frame.cells


def test_five_thousand_dots_make_no_larger_a_picture_than_five_hundred() -> None:
    few, many = (len(svg(cards_line(), crowded(count), NOW)) for count in (500, 5000))
    assert many < 2 * few


@settings(max_examples=60, deadline=None)
@given(near, st.timedeltas(timedelta(minutes=-40), timedelta(minutes=40)))
def test_the_running_silence_is_late_exactly_from_when_it_was_due(said, due_in) -> None:
    due = NOW + due_in
    lane = Lane("public", "external", min(said, NOW), (Dot(min(said, NOW), "mina", ""),), due, timedelta(minutes=30))
    chart = Chart(TimelineView(lane.start, None, (lane,)))
    late = due <= NOW
    drawing = LaneDrawing(chart, 0, NOW, Scale(chart.whole(NOW), 60), UNICODE)
    running = chart.running(0, NOW)
    assert running is not None
    assert (drawing.state(us(NOW), running).value >= 6) is late
    assert (running.late > timedelta(0)) is (max(due, running.silence.start) < NOW)


def test_the_fixture_is_drawn_in_every_way() -> None:
    """The pictures of one known case name its largest gap."""
    view = cards_detail().timeline
    longest = chart_of(view).longest(NOW)
    assert longest is not None
    said = length(longest.gap.length)
    assert f"◂{said}▸" in "\n".join(plain(line) for line in in_text.lines(cards_line(), view, NOW, 120))
    assert f"<{said}>" in "\n".join(plain(line) for line in in_text.lines(cards_line(), view, NOW, 120, glyphs=ASCII))
    assert f"largest gap {said} public" in svg(cards_line(), view, NOW)


@settings(max_examples=60, deadline=None)
@given(views, st.integers(40, 200), near, st.lists(st.integers(0, 900), min_size=1, max_size=12), st.booleans())
def test_a_sketch_shows_by_the_second_what_counts_and_within_half_a_cell_where_it_lies(
    view, width, start, seconds, sawtooth
) -> None:
    chart, sketch, now, drawn = Chart(view), Sketch(), start, start
    for passed in (0, *seconds):
        now += timedelta(seconds=passed)
        window, before = chart.whole(now), sketch.drawn
        made = picture(chart, now, width, window, sawtooth=sawtooth, sketch=sketch)
        fresh = picture(chart, now, width, window, sawtooth=sawtooth)
        if sketch.drawn > before:
            drawn = now
            assert made == fresh
        assert made.lanes == fresh.lanes
        half = made.frame.window.span / (2 * made.frame.cells)
        assert now - drawn < half or now == drawn
        assert abs(made.frame.window.end - window.end) < half or made.frame.window == window
        # The figures follow every second, and so do the lengths that are written into the lines.
        for owner, row, wanted in zip(made.lanes, made.rows, fresh.rows, strict=True):
            figures = made.frame.left + made.frame.cells
            if owner is not None and cell_width(plain(row)) == len(plain(row)):
                assert plain(row)[figures:] == plain(wanted)[figures:]


def test_a_sketch_is_drawn_again_when_something_is_late_and_not_with_every_second() -> None:
    due = NOW + timedelta(minutes=5)
    lane = Lane("public", "external", NOW - timedelta(hours=3), (), due, timedelta(hours=3, minutes=5))
    chart, sketch = Chart(TimelineView(NOW - timedelta(hours=3), None, (lane,))), Sketch()
    drawn, looks = [], []
    for second in range(360):
        now = NOW + timedelta(seconds=second)
        before = sketch.drawn
        rows = picture(chart, now, 100, chart.whole(now), sketch=sketch).rows
        drawn += [second] if sketch.drawn > before else []
        looks.append(any(role is Role.LATE for row in rows for _, role in row))
    assert looks == [second >= 300 for second in range(360)]
    assert len(drawn) < 20 and 300 in drawn  # by the minute, by the half cell, and in the very second of the lateness
