"""What a person does with a timeline: zoom, scroll, step from dot to dot, jump from gap to gap. No terminal here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from warroom.tui.timeline.chart import Chart, Ranked, chart_of
from warroom.tui.timeline.glyphs import UNICODE, Glyphs
from warroom.tui.timeline.layout import Cursor, Frame, Picture, Sketch, dots_of, picture
from warroom.tui.timeline.scale import Lens, Window, us
from warroom.tui.timeline.told import Told
from warroom.views import Dot, TimelineView


class Hand:
    """One person's look at one incident's timeline: through which lens, on which dot, at which gap.

    It is told the view (`show`), and stays on its dot and its gap when a newer one comes.
    """

    def __init__(self, view: TimelineView, glyphs: Glyphs = UNICODE) -> None:
        """All of `view`, no dot chosen."""
        self.chart: Chart = chart_of(view)
        self.glyphs = glyphs
        self.lens = Lens()
        self.cursor: Cursor | None = None
        self.sawtooth = False
        self.sketch = Sketch()
        self._gap: tuple[str, datetime] | None = None  # channel and start of the chosen gap

    # What is shown -------------------------------------------------------------------------------------------------

    def show(self, view: TimelineView) -> None:
        """Another view of the same incident."""
        if view is self.chart.view:
            return
        before = self.chosen
        self.chart = chart_of(view)
        self.cursor = self._find(*before) if before is not None else None

    @property
    def chosen(self) -> tuple[str, Dot] | None:
        """The channel and the dot that the cursor stands on."""
        if self.cursor is None:
            return None
        track = self.chart.tracks[self.cursor.lane]
        return track.lane.channel, track.dots[self.cursor.dot]

    def _find(self, channel: str, dot: Dot) -> Cursor | None:
        for index, track in enumerate(self.chart.tracks):
            if track.lane.channel != channel:
                continue
            for place in range(bisect_left(track.times, us(dot.at)), len(track.dots)):
                if track.dots[place] == dot or (dot.number and track.dots[place].number == dot.number):
                    return Cursor(index, place)
                if track.dots[place].at > dot.at:
                    break
        return None

    def whole(self, now: datetime) -> Window:
        """All that there is to see."""
        return self.chart.whole(now, ahead=True)

    def window(self, now: datetime) -> Window:
        """What is seen of it."""
        return self.lens.window(self.whole(now))

    def picture(self, now: datetime, width: int, height: int | None) -> Picture:
        """What is seen, laid out."""
        return picture(
            self.chart,
            now,
            width,
            self.window(now),
            height=height,
            glyphs=self.glyphs,
            cursor=self.cursor,
            sawtooth=self.sawtooth,
            sketch=self.sketch,
        )

    # Moving the window ---------------------------------------------------------------------------------------------

    def zoom(self, by: int, now: datetime, anchor: datetime | None = None) -> None:
        """In (`by` > 0) or out; `anchor`, else the dot of the cursor, stays where it is."""
        if anchor is None and self.cursor is not None:
            anchor = self.chart.shown_at(self.cursor.lane, self.cursor.dot, now)
        self.lens = self.lens.zoomed(by, self.whole(now), anchor)

    def scroll(self, by: int, now: datetime) -> None:
        """Later (`by` > 0) or earlier by eighths of the window."""
        self.lens = self.lens.scrolled(by, self.whole(now))

    def see_all(self) -> None:
        """The whole incident."""
        self.lens = Lens()

    def follow(self) -> None:
        """As close as before, at the end, and on with the time."""
        self.lens = self.lens.to_end()

    # From dot to dot -----------------------------------------------------------------------------------------------

    def step(self, by: int, now: datetime) -> None:
        """To the next dot (`by` > 0) or the one before on this channel; without a cursor to the latest dot in sight."""
        if self.cursor is None:
            self._first(now)
        else:
            last = len(self.chart.tracks[self.cursor.lane].dots) - 1
            self.cursor = Cursor(self.cursor.lane, min(max(self.cursor.dot + by, 0), last))
        self._keep_in_sight(now)

    def change_lane(self, by: int, now: datetime) -> None:
        """To the nearest dot of the next channel down (`by` > 0) or up that has any."""
        if self.cursor is None:
            self._first(now)
        else:
            at_us = self.chart.tracks[self.cursor.lane].times[self.cursor.dot]
            index = self.cursor.lane + by
            while 0 <= index < len(self.chart.tracks) and not self.chart.tracks[index].dots:
                index += by
            if 0 <= index < len(self.chart.tracks):
                self.cursor = self.nearest(index, at_us)
        self._keep_in_sight(now)

    def nearest(self, lane: int, at_us: int) -> Cursor | None:
        """The dot of a channel that is nearest to a moment; None where it has none."""
        times = self.chart.tracks[lane].times
        if not times:
            return None
        place = bisect_left(times, at_us)
        around = [each for each in (place - 1, place) if 0 <= each < len(times)]
        return Cursor(lane, min(around, key=lambda each: abs(times[each] - at_us)))

    def choose(self, lane: int, cell: int, now: datetime, frame: Frame) -> tuple[Told, ...]:
        """Put the cursor on what a cell of a picture shows, and give its dots; on the nearest dot where it has none."""
        found = dots_of(self.chart, lane, cell, now, frame)
        at_us = us(found[-1].at) if found else us(frame.scale.middle(min(max(cell, 0), frame.cells - 1)))
        self.cursor = self.nearest(lane, at_us)
        return self.told(found, lane)

    def told(self, dots: Sequence[Dot], lane: int) -> tuple[Told, ...]:
        """The dots of a lane, each with the silence that it ended."""
        return tuple(Told(dot, self.chart.before(lane, dot)) for dot in dots)

    def under(self, now: datetime, frame: Frame) -> tuple[Told, ...]:
        """The dots that stand in the cell of the cursor, that of the cursor first."""
        chosen = self.chosen
        if self.cursor is None or chosen is None:
            return ()
        cell = frame.scale.clamped(self.chart.shown_at(self.cursor.lane, self.cursor.dot, now))
        found = dots_of(self.chart, self.cursor.lane, cell, now, frame)
        return self.told((chosen[1], *(dot for dot in found if dot is not chosen[1])), self.cursor.lane)

    def _first(self, now: datetime) -> None:
        window = self.window(now)
        latest = [
            (self.chart.shown_at(index, place, now), -index, place)
            for index, track in enumerate(self.chart.tracks)
            if (place := bisect_left(track.times, us(window.end) + 1) - 1) >= 0
        ]
        if latest:
            _, index, place = max(latest)
            self.cursor = Cursor(-index, place)

    def _keep_in_sight(self, now: datetime) -> None:
        if self.cursor is not None:
            at = self.chart.shown_at(self.cursor.lane, self.cursor.dot, now)
            self.lens = self.lens.holding(at, at, self.whole(now))

    def leave_dot(self) -> None:
        """No cursor, no gap."""
        self.cursor = self._gap = None

    # From gap to gap -----------------------------------------------------------------------------------------------

    def gap(self, now: datetime) -> int | None:
        """The place of the chosen gap among the ranked ones; None where none is chosen."""
        if self._gap is None:
            return None
        for place, each in enumerate(self.chart.ranked(now)):
            if (each.channel, each.gap.silence.start) == self._gap:
                return place
        return None

    def jump(self, by: int, now: datetime) -> None:
        """To the largest gap, and from there through all of them, the gravest first."""
        found = self.chart.ranked(now)
        if not found:
            return
        here = self.gap(now)
        if here is None:
            self.jump_to(next((place for place, each in enumerate(found) if each.longest), 0), now)
        else:
            self.jump_to((here + by) % len(found), now)

    def jump_to(self, place: int, now: datetime) -> Ranked | None:
        """To the gap at this place of the ranking, with what is around it; None where there is none."""
        found = self.chart.ranked(now)
        if not 0 <= place < len(found):
            return None
        each = found[place]
        silence = each.gap.silence
        self._gap = each.channel, silence.start
        self.lens = Lens.on(silence.start, max(silence.end, silence.start + timedelta(minutes=1)), self.whole(now))
        self.cursor = self.nearest(each.lane, us(silence.start))
        return each
