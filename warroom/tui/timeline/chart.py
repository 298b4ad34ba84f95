"""A gap timeline made ready to be drawn: dots and silences in order, found by bisection.

Making it costs one pass over the dots; what is drawn from it afterwards, every second and at every zoom, costs as much
as there are cells. Everything follows from the view and `now`: the silences are those of `warroom.domain.gaps`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from itertools import zip_longest

from warroom.domain import gaps
from warroom.domain.gaps import Gap, Silence, SilenceKind
from warroom.tui.horizon import SECOND, changes_about, changes_at
from warroom.tui.timeline.scale import MIN_SPAN, Window, us
from warroom.valueclass import dataclass
from warroom.views import Dot, Lane, TimelineView

NOTHING = timedelta(0)
RANKED = 500
"""So many of the gaps are kept in order of their weight."""
AHEAD_SHARE, AFTER_SHARE = 3, 4
"""What is planned is shown up to a third of the incident's own length ahead, what was added after its end stretches the
axis by a quarter of it at most."""
_INSTANT = timedelta(microseconds=1)
_FAR_S = 1e9
_FOR_GOOD = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One gap among all of an incident: on which lane (by its place), and whether it is the longest of all."""

    gap: Gap
    lane: int
    channel: str
    audience: str
    severity: str = ""
    """The gravest severity that was in force meanwhile, "" where that is not known."""
    longest: bool = False

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.gap.silence.kind is SilenceKind.RUNNING


@dataclass(frozen=True, slots=True)
class Track:
    """One lane with its dots in order and the silences between them.

    `ended` are the silences that are over, oldest first, those of no length left out; `last` is the one since the last
    dot, up to the end of the lane or running on.
    """

    lane: Lane
    dots: tuple[Dot, ...]
    times: tuple[int, ...]  # microseconds of `dots`
    begin: datetime  # of the first silence
    all: tuple[Gap, ...]  # every silence that is over as the domain has them, those of no length too
    ended: tuple[Gap, ...]
    starts: tuple[int, ...]  # microseconds of `ended`
    ends: tuple[int, ...]
    since: datetime  # where a running silence began
    longest: timedelta  # of `ended`

    @classmethod
    def of(cls, lane: Lane, view: TimelineView) -> Track:
        """The track of a lane, but for the silence that is running."""
        dots = tuple(sorted(lane.dots, key=lambda dot: (dot.at, dot.number)))
        closed = _closed(lane, view)
        times = [dot.at for dot in dots]
        # What is running is left out here, so that any moment does for `now`.
        found = gaps.silences(lane.start, times, closed, now=lane.start)
        silences = tuple(each for each in found if each.kind is not SilenceKind.RUNNING)
        ranks = [(each.start, each.rank) for each in view.severities]
        every = tuple(
            Gap(each, due, gaps.weighed(each, ranks))
            for each, due in zip(silences, _dues(lane, dots, silences), strict=True)
        )
        ended = tuple(sorted((gap for gap in every if gap.length > NOTHING), key=lambda gap: gap.silence.start))
        since = dots[-1].at if dots else lane.start
        return cls(
            lane,
            dots,
            tuple(us(at) for at in times),
            min([lane.start, *times[:1]]),
            every,
            ended,
            tuple(us(gap.silence.start) for gap in ended),
            tuple(us(gap.silence.end) for gap in ended),
            since,
            max((gap.length for gap in ended), default=NOTHING),
        )

    def in_us(self, first: int, behind: int) -> tuple[int, int]:
        """The places of the dots from `first` up to, but not at, `behind` (microseconds)."""
        return bisect_left(self.times, first), bisect_left(self.times, behind)


def _closed(lane: Lane, view: TimelineView) -> datetime | None:
    """When the silences of a lane end: the earlier of its own end and the incident's."""
    return min((at for at in (lane.ended, view.end) if at is not None), default=None)


def _dues(lane: Lane, dots: tuple[Dot, ...], silences: tuple[Silence, ...]) -> Iterator[datetime | None]:
    """For each silence when somebody should have spoken: as the clock had it for the update that ended it, as the one
    before had promised, or by the cadence."""
    here = 0  # the dot with which the silence begins
    for silence in silences:
        starting: Dot | None = dots[here] if here < len(dots) else None
        ending: Dot | None = dots[here + 1] if here + 1 < len(dots) else None
        match silence.kind:
            case SilenceKind.START_TO_FIRST:
                starting, ending = None, dots[0]
            case SilenceKind.BETWEEN:
                here += 1
            case _:
                # What was said at the very end is the last word; what came later is no part of it.
                starting = starting if starting is not None and starting.at == silence.start else None
                ending = ending if ending is not None and ending.at == silence.end else None
        due = ending.was_due if ending is not None else None
        if due is None:
            # Without a word at its end: as the clock was set last, by the rules or by whoever let the update go.
            set_at = [*((each.at, each.due) for each in lane.timed), *((each.at, each.due) for each in lane.skips)]
            anew = [each for each in set_at if _within(each[0], silence, starting)]
            if anew:
                yield sorted(anew, key=lambda each: each[0])[-1][1]
                continue
        if due is None and starting is not None:
            due = starting.due
        if due is None and lane.cadence is not None:
            due = later(silence.start, lane.cadence)
        yield due


def _within(at: datetime, silence: Silence, starting: Dot | None) -> bool:
    """Whether a clock was set while a silence lasted. With the end of the incident every clock is set or ended: that
    is none of the silence before."""
    return (starting is None or starting.at < at) and at < silence.end


def later(at: datetime, by: timedelta) -> datetime | None:
    """`at + by`, or None where that is beyond the calendar."""
    try:
        return at + by
    except OverflowError:
        return None


class Chart:
    """The timeline of one view, ready to be drawn at any moment, through any window."""

    def __init__(self, view: TimelineView) -> None:
        """For one view; it is not changed, and may be kept for as long as the view is shown."""
        self.view = view
        self.tracks = tuple(Track.of(lane, view) for lane in view.lanes)
        every = [(index, gap) for index, track in enumerate(self.tracks) for gap in track.ended]
        self._ended = [self._ranked(*each) for each in nlargest(RANKED, every, key=lambda each: _by_weight(each[1]))]
        longest = max(every, key=lambda each: _by_length(each[1]), default=None)
        self._longest = self._ranked(*longest) if longest is not None else None
        self._runs: tuple[datetime, tuple[Gap | None, ...]] | None = None
        self._latest = max((track.dots[-1].at for track in self.tracks if track.dots), default=view.start)

    def _ranked(self, index: int, gap: Gap) -> Ranked:
        lane = self.view.lanes[index]
        return Ranked(gap, index, lane.channel, lane.audience, self._gravest(gap.silence))

    def _gravest(self, silence: Silence) -> str:
        found = self.view.severities
        during = [
            each
            for each, after in zip_longest(found, found[1:])
            if each.start < silence.end and (after is None or after.start > silence.start)
        ]
        return min(during or found[:1], key=lambda each: each.rank).severity if found else ""

    # Silences ------------------------------------------------------------------------------------------------------

    def running(self, index: int, now: datetime) -> Gap | None:
        """The silence of a lane that is running, or None where nothing is timed there any more."""
        if self._runs is None or self._runs[0] != now:  # asked again and again for one picture
            self._runs = now, tuple(self._running(track, now) for track in self.tracks)
        return self._runs[1][index]

    def _running(self, track: Track, now: datetime) -> Gap | None:
        if track.lane.ended is not None or self.view.end is not None:
            return None
        silence = Silence(SilenceKind.RUNNING, min(track.since, now), now)
        ranks = [(each.start, each.rank) for each in self.view.severities]
        return Gap(silence, track.lane.due, gaps.weighed(silence, ranks))

    def ranked(self, now: datetime) -> tuple[Ranked, ...]:
        """All gaps, the gravest first: weighed by severity, then the longer, then the earlier; the running ones too.

        Of very many those that weigh most.
        """
        live = [(index, gap) for index in range(len(self.tracks)) if (gap := self.running(index, now)) is not None]
        found = [each for each in self._ended if each.gap.silence.end <= now]
        found += [self._ranked(index, gap) for index, gap in live if gap.length > NOTHING]
        self._until(live, now)
        longest = self.longest(now)
        return tuple(
            replace(each, longest=longest is not None and each.gap == longest.gap and each.lane == longest.lane)
            for each in sorted(found, key=lambda each: _by_weight(each.gap), reverse=True)
        )

    def _until(self, live: Sequence[tuple[int, Gap]], now: datetime) -> None:
        """Say when other gaps are ranked, or the same in another order. Those that run all weigh more at one pace: they
        overtake some that have ended, and never each other."""
        ranks = [each for each in self.view.severities if each.start <= now] or self.view.severities[:1]
        pace = gaps.weighed(
            Silence(SilenceKind.RUNNING, now, now + SECOND), [(each.start, each.rank) for each in ranks]
        )
        for severity in self.view.severities:
            changes_at(severity.start, now)
        for each in self._ended:
            changes_at(each.gap.silence.end, now)
        for index, gap in live:
            changes_at(later(self.tracks[index].since, _INSTANT), now)
            heavier = [each.gap.weight for each in self._ended if each.gap.weight >= gap.weight]
            if heavier:
                changes_about(later(now, min((min(heavier) - gap.weight) / pace, _FAR_S) * SECOND), now)

    def longest(self, now: datetime) -> Ranked | None:
        """The longest silence of all, of several the earliest; the running ones count."""
        found = [self._longest] if self._longest is not None else []
        for index in range(len(self.tracks)):
            gap = self.running(index, now)
            if gap is not None and gap.length > NOTHING:
                found.append(self._ranked(index, gap))
        longest = max(found, key=lambda each: _by_length(each.gap), default=None)
        if longest is None or not longest.running:  # until one that runs is longer
            least = (longest.gap.length if longest is not None else NOTHING) + _INSTANT
            for index, track in enumerate(self.tracks):
                if self.running(index, now) is not None:
                    changes_at(later(track.since, least), now)
        return longest

    def worst(self, now: datetime) -> int | None:
        """The lane whose running silence is most overdue."""
        late = [
            (now - gap.due, -index)
            for index in range(len(self.tracks))
            if (gap := self.running(index, now)) is not None and gap.due is not None and now >= gap.due
        ]
        return -max(late)[1] if late else None

    def gap_at(self, index: int, at_us: int, running: Gap | None) -> Gap | None:
        """The silence of a lane that a moment lies in, `running` among them; None outside of all."""
        track = self.tracks[index]
        place = bisect_right(track.starts, at_us) - 1
        if place >= 0 and at_us < track.ends[place]:
            return track.ended[place]
        return (
            running if running is not None and us(running.silence.start) <= at_us <= us(running.silence.end) else None
        )

    def before(self, index: int, dot: Dot) -> Gap | None:
        """The silence that a dot ended; None where it had no length, or the dot came after the end."""
        track = self.tracks[index]
        place = bisect_left(track.ends, us(dot.at))
        return track.ended[place] if place < len(track.ends) and track.ends[place] == us(dot.at) else None

    def planned(self, index: int, now: datetime) -> tuple[datetime, ...]:
        """What is ahead of now on a lane: when the next word is due, and what is written and waits for its time."""
        lane = self.view.lanes[index]
        changes_at(lane.due, now)
        for each in lane.planned:
            changes_at(each.at, now)
        due = (lane.due,) if lane.due is not None and lane.due > now else ()
        return tuple(sorted((*due, *(each.at for each in lane.planned if each.at > now))))

    # Time ----------------------------------------------------------------------------------------------------------

    def whole(self, now: datetime, *, ahead: bool = False) -> Window:
        """From the start to now, or to the end and what was said after it; with what is planned `ahead`, if wanted."""
        view = self.view
        last = max(now, later(view.start, MIN_SPAN) or now) if view.end is None else min(now, self.latest_shown())
        last = max(last, view.end or last)
        if ahead:
            planned = [at for index in range(len(self.tracks)) for at in self.planned(index, now)[:1]]
            room = max(last - view.start, MIN_SPAN) / AHEAD_SHARE
            near = [at for at in planned if last < at <= (later(last, room) or last)]
            last = max([last, *near])
        return Window.of(view.start, last)

    def latest_shown(self) -> datetime:
        """Of an incident that is over the latest moment on the axis: what was said after the end stretches it by a
        quarter at most, and stands at its end where it came later still. While one runs there is no such moment."""
        end = self.view.end
        if end is None:
            return _FOR_GOOD
        timed = [lane.ended for lane in self.view.lanes if lane.ended is not None]
        room = max(end - self.view.start, MIN_SPAN) / AFTER_SHARE
        return max(end, min(max([self._latest, *timed]), later(end, room) or end))

    def shown_at(self, index: int, dot: int, now: datetime) -> datetime:
        """Where a dot stands on the axis: between the start and now, whatever the clocks of others said."""
        return max(self.view.start, min(self.tracks[index].dots[dot].at, now, self.latest_shown()))

    def timed(self, index: int, now: datetime) -> tuple[datetime, datetime]:
        """From when to when the silences of a lane count; in order whatever the clocks of others said."""
        track = self.tracks[index]
        stop = min([now, *(at for at in (track.lane.ended, self.view.end) if at is not None)])
        return min(track.lane.start, stop), stop


def _by_weight(gap: Gap) -> tuple[timedelta, timedelta, float]:
    return gap.weight, gap.length, -us(gap.silence.start)


def _by_length(gap: Gap) -> tuple[timedelta, float]:
    return gap.length, -us(gap.silence.start)


_lately: tuple[Chart, ...] = ()


def chart_of(view: TimelineView) -> Chart:
    """The chart of a view; the last few are kept, since a screen draws the same view every second."""
    global _lately
    for known in _lately:
        if known.view is view:
            return known
    made = Chart(view)
    _lately = (made, *_lately[:7])
    return made
