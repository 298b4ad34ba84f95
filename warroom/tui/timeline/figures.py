"""What the gap timeline says in figures: how long a silence lasts, when the next word is due, which was the longest."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.tui.aligned import at_right
from warroom.tui.clockface import NEAR_SHARE, age, countdown, is_late, lasting, length
from warroom.tui.horizon import changes_at
from warroom.tui.pieces import Line, Piece, Role, clean
from warroom.tui.timeline.chart import Chart, chart_of
from warroom.valueclass import dataclass
from warroom.views import TimelineView
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class Running:
    """The silence of one lane that is running now."""

    since: datetime
    due: datetime | None  # when the next update falls due: promised, or by cadence
    late_by: timedelta  # how long it has been overdue; zero or less when it is not
    near: datetime | None = None  # from when on the next update counts as near

    @property
    def is_late(self) -> bool:
        """Whether the next update is overdue."""
        return self.due is not None and self.late_by >= timedelta(0)


def running(chart: Chart, index: int, now: datetime) -> Running | None:
    """The running silence of a lane, or None when nothing is timed there any more."""
    gap = chart.running(index, now)
    if gap is None:
        return None
    if gap.due is None:
        return Running(gap.silence.start, None, timedelta(0))
    near = chart.view.lanes[index].near_at or gap.silence.start + (gap.due - gap.silence.start) * NEAR_SHARE
    return Running(gap.silence.start, gap.due, now - gap.due, near)


def headline(view: TimelineView, now: datetime) -> str:
    """The largest silence in words: "largest gap 34m public", with "running" when it has not ended; may be empty."""
    longest = chart_of(view).longest(now)
    if longest is None:
        return ""
    words = tr("largest gap {length} {channel}, running") if longest.running else tr("largest gap {length} {channel}")
    begun = longest.gap.silence.start
    lasts = lasting(begun, now) if longest.running else length(longest.gap.length)
    return words.format(length=lasts, channel=clean(longest.channel))


def flag(view: TimelineView, now: datetime) -> tuple[str, Role] | None:
    """The update that falls due first, in a few characters: ("LATE 04:12", LATE); None when nothing is promised."""
    chart = chart_of(view)
    live = [silence for index in range(len(chart.tracks)) if (silence := running(chart, index, now)) is not None]
    due = [(silence.due, silence) for silence in live if silence.due is not None]
    if not due:
        return None
    at, first = min(due, key=lambda pair: pair[0])
    return countdown(at, now), tone(first, now)


def tone(live: Running, now: datetime) -> Role:
    """The role of a running silence's figures."""
    if live.due is None:
        return Role.MUTED
    changes_at(live.near, now)
    changes_at(live.due, now)
    if live.is_late:
        return Role.LATE
    return Role.SOON if live.near is not None and now >= live.near else Role.CALM


def columns(chart: Chart, index: int, now: datetime, run: int, due: int) -> Line:
    """The columns at the right of a lane: how long the silence has lasted (`run` cells), and when the next update falls
    due (`due` cells); 0 leaves a column out."""
    if not due:
        return ()
    lane = chart.view.lanes[index]
    live = running(chart, index, now)
    if live is None:
        return _over(chart, index, now, run, due)
    look = tone(live, now)
    row: list[Piece] = [(" ", Role.TEXT)]
    if run:
        row = [(f"{at_right(age(live.since, now), run)}  ", Role.MUTED if look is Role.CALM else look)]
    if live.due is None:
        text = ""
    elif is_late(live.due, now):
        text = countdown(live.due, now)
    elif due > 12:
        text = tr("promised in {time}") if lane.promised else tr("next due in {time}")
    else:
        text = tr("in {time}")
    if live.due is not None:
        text = text.format(time=countdown(live.due, now))
    return (*row, (text, look))


def _over(chart: Chart, index: int, now: datetime, run: int, due: int) -> Line:
    """Where nothing runs any more: when the last word is due, else the longest silence that there was."""
    blank: Piece = (" " * (run + 2 if run else 1), Role.TEXT)
    last = chart.view.lanes[index].due
    if last is not None:
        late = is_late(last, now)
        words = tr("last word in {time}") if due > 12 else tr("in {time}")
        text = countdown(last, now) if late else words.format(time=countdown(last, now))
        return (blank, (text, Role.LATE if late else Role.CALM))
    longest = chart.tracks[index].longest
    words = tr("longest {length}") if due > 12 else tr("max {length}")
    return (blank, (words.format(length=length(longest)), Role.MUTED))
