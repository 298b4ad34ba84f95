"""From moments to cells and back: a window on the incident's time, the lens that a person moves it with, the ticks.

All arithmetic is in whole microseconds, so that a cell and its moments belong to each other exactly: `Scale.bound(i)`
is the first microsecond of cell `i`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from warroom.domain.status_words import MONTHS
from warroom.domain.text import cell_width
from warroom.tui.clockface import clock, day
from warroom.valueclass import dataclass
from warroom.words import tr

MIN_SPAN = timedelta(minutes=10)
"""A running incident's axis is at least this long, so that its first minute does not fill the width."""

_US = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS_S = (
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 7, 14, 30, 60, 120, 365, 730, 1825, 3650, 36_500, 365_000)),
)
SPANS = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(_MINUTE * n for n in (2, 5, 10, 15, 30)),
        *(_HOUR * n for n in (1, 2, 3, 6, 12)),
        *(_DAY * n for n in (1, 2, 4, 7, 14, 30, 60, 120, 365, 730, 1460, 3650, 7300, 36_500)),
    )
)
"""The lengths of a window that zooming steps through; beyond the last one that fits comes the whole incident."""
STEPS_ACROSS = 8
"""So many steps of scrolling are one window."""


def us(at: datetime) -> int:
    """Microseconds since the epoch."""
    return (at - _EPOCH) // _US


def moment(at_us: int) -> datetime:
    """The moment of that many microseconds since the epoch, within the calendar."""
    return min(max(_EPOCH + timedelta(microseconds=at_us), _FIRST), _LAST)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of time that is shown, `start` <= t <= `end`; never without length."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, start: datetime, end: datetime) -> Window:
        """From `start` to `end`, a microsecond long at least."""
        if end <= start:
            start, end = (start, start + _US) if start < _LAST else (_LAST - _US, _LAST)
        return cls(start, end)

    @property
    def span(self) -> timedelta:
        """Its length."""
        return self.end - self.start

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at <= self.end


@dataclass(frozen=True, slots=True)
class Scale:
    """A window laid over a number of cells."""

    window: Window
    cells: int

    def cell(self, at: datetime) -> int:
        """The cell of a moment: below 0 before the window, `cells` or more behind it; its very end is in the last."""
        window = self.window
        if at == window.end:
            return self.cells - 1
        return ((at - window.start) // _US) * self.cells // (window.span // _US)

    def clamped(self, at: datetime) -> int:
        """The cell of a moment, or the first or last one where it lies outside."""
        return min(max(self.cell(at), 0), self.cells - 1)

    def bound_us(self, cell: int) -> int:
        """The first microsecond of a cell."""
        return us(self.window.start) - (-cell * (self.window.span // _US) // self.cells)

    @property
    def bounds_us(self) -> tuple[int, ...]:
        """The first microsecond of every cell, and of the one behind the last."""
        return _bounds_us(us(self.window.start), self.window.span // _US, self.cells)

    def middle(self, cell: int) -> datetime:
        """The moment in the middle of a cell."""
        return moment((self.bound_us(cell) + self.bound_us(cell + 1)) // 2)

    def finer(self, by: int) -> Scale:
        """The same window over `by` times as many cells."""
        return Scale(self.window, self.cells * by)


@lru_cache(maxsize=8)
def _bounds_us(start: int, span: int, cells: int) -> tuple[int, ...]:
    return tuple(start - (-cell * span // cells) for cell in range(cells + 1))


@dataclass(frozen=True, slots=True)
class Lens:
    """What a person has chosen to see: the whole (`span` None), or a length of time from `start` on.

    Without a `start` it follows the end of the whole: now, while the incident runs.
    """

    span: timedelta | None = None
    start: datetime | None = None

    @property
    def follows(self) -> bool:
        """Whether it moves on with the time."""
        return self.start is None

    def window(self, whole: Window) -> Window:
        """What of the whole is shown."""
        if self.span is None or self.span >= whole.span:
            return whole
        if self.start is None:
            return Window(whole.end - self.span, whole.end)
        start = min(max(self.start, whole.start), whole.end - self.span)
        return Window(start, start + self.span)

    def zoomed(self, by: int, whole: Window, anchor: datetime | None = None) -> Lens:
        """In (`by` > 0) or out by so many steps; `anchor` stays where it is on the screen, without one what follows the
        time goes on to, and else the middle stays."""
        lens = self
        for _ in range(abs(by)):
            lens = lens._zoomed_once(by > 0, whole, anchor)
        return lens

    def _zoomed_once(self, closer: bool, whole: Window, anchor: datetime | None) -> Lens:
        shown = self.window(whole)
        if closer:
            span = next((each for each in reversed(SPANS) if each < shown.span), shown.span)
        else:
            span = next((each for each in SPANS if each > shown.span), whole.span)
        if span >= whole.span:
            return Lens()
        if anchor is None and self.start is None:
            return Lens(span)
        held = anchor if anchor is not None and anchor in shown else shown.start + shown.span / 2
        left = ((held - shown.start) // _US) * (span // _US) // (shown.span // _US)
        return Lens(span)._at(held - left * _US, whole)

    def scrolled(self, by: int, whole: Window) -> Lens:
        """Later (`by` > 0) or earlier by so many steps of an eighth of the window; at the end it follows again."""
        if self.span is None or self.span >= whole.span:
            return self
        return self._at(self.window(whole).start + self.span / STEPS_ACROSS * by, whole)

    def _at(self, start: datetime, whole: Window) -> Lens:
        assert self.span is not None
        if start >= whole.end - self.span:
            return Lens(self.span)
        return Lens(self.span, max(start, whole.start))

    def to_end(self) -> Lens:
        """The same length, at the end of the whole, following it."""
        return Lens(self.span)

    def holding(self, start: datetime, end: datetime, whole: Window) -> Lens:
        """Moved, if need be, so that all from `start` to `end` can be seen; zoomed out where it does not fit."""
        shown = self.window(whole)
        if start in shown and end in shown:
            return self
        lens = self
        while lens.span is not None and lens.span < min((end - start) * 5 / 4, whole.span):
            lens = lens.zoomed(-1, whole)
        if lens.span is None or lens.span >= whole.span:
            return Lens()
        return lens._at(start + (end - start) / 2 - lens.span / 2, whole)

    @classmethod
    def on(cls, start: datetime, end: datetime, whole: Window) -> Lens:
        """The closest look that shows all from `start` to `end` with what is around."""
        span = next((each for each in SPANS if each >= (end - start) * 3 / 2), None)
        if span is None or span >= whole.span:
            return cls()
        return cls(span)._at(start + (end - start) / 2 - span / 2, whole)


def ticks(scale: Scale, apart: int = 12) -> list[tuple[datetime, str]]:
    """Round moments in the window with their labels, on average at least `apart` cells from each other; each label is
    centred over its cell, with two cells between one and the next."""
    window, cells = scale.window, scale.cells
    span_s = (window.span // _US) / 1e6
    years = span_s > 300 * _DAY
    room = max(1, cells // apart)
    step = next((step for step in _STEPS_S if span_s / step <= room), _STEPS_S[-1])
    if step >= _DAY and span_s / step < 1:
        step = max(_DAY, *(s for s in _STEPS_S if s <= span_s))
    size = step * 1_000_000
    begin, until = us(window.start), us(window.end)
    found: list[tuple[datetime, str]] = []
    taken = -1
    for at_us in range(-(-begin // size) * size, until + 1, size):
        at = moment(at_us)
        if years:
            text = tr("{month} {year}").format(month=tr(MONTHS[at.astimezone(UTC).month - 1]), year=at.year)
        elif step >= _DAY or at_us % (_DAY * 1_000_000) == 0:
            text = day(at)
        else:
            text = clock(at)
        left, wide = label_at(scale, at, text), cell_width(text)
        if left <= taken or left + wide > cells + 1:
            continue
        found.append((at, text))
        taken = left + wide + 1
    return found


def label_at(scale: Scale, at: datetime, text: str) -> int:
    """Where the label of a tick begins, counted from the cell of the fork, which stands before the first of time."""
    return 1 + scale.clamped(at) - cell_width(text) // 2
