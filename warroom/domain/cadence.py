"""How often people are to be told, who is reminded of it when, and what holds for every clock of silence (R10): as the
rulebook has it. What clocks there are and what follows from them is the business of `comms` and `clocks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from warroom.domain.policy import Target
from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class Cadence:
    """A severity's promise for one channel: first word within `first`, then one every `every`, a last one within
    `final` of the resolution (None: no clock for it).

    `by_status`: the longest silence in a status in place of `every`. `long`: the longest silence in a long incident,
    for an update that says itself when the next one comes (None: as always).
    """

    channel: str
    first: timedelta
    every: timedelta
    final: timedelta | None = None
    by_status: Mapping[str, timedelta] = field(default_factory=dict)
    long: timedelta | None = None

    def within(self, status: str) -> timedelta:
        """The longest silence that is in order while the incident is in a status."""
        return self.by_status.get(status, self.every)


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """Who is told that an update nears, or is overdue. When, is said in at least one of three ways, of which the one
    that comes first counts:

    `after` the update was due; when `percent` of the time up to it have passed (80: it nears, 100: it is due, 150: half
    of that time over); or at the `misses`-th update in a row that is not there in time, where a silence that lasts
    another whole time counts as one more (0: that does not matter).
    """

    after: timedelta | None
    to: tuple[Target, ...]
    percent: int | None = None
    misses: int = 0

    @property
    def warns(self) -> bool:
        """Whether it comes before the update is due, and so asks for nothing yet."""
        return self.percent is not None and self.percent < 100

    def moment(self, start: datetime, due: datetime, streak: int = 0) -> datetime:
        """When it comes, for an update that is due at `due` after a silence that counts from `start` and `streak`
        updates in a row that were late."""
        planned = max(due - start, timedelta(0))
        times = [] if self.after is None else [due + self.after]
        if self.percent is not None:
            times.append(share_of(start, due, self.percent))
        if self.misses:
            times.append(due + planned * max(0, self.misses - 1 - streak))
        return min(times, default=due)


def share_of(start: datetime, due: datetime, percent: int) -> datetime:
    """The moment at which `percent` of the time from `start` to `due` have passed, to the second."""
    planned = max(due - start, timedelta(0))
    if percent >= 100:
        return due + _whole_seconds(planned * (percent - 100) / 100)
    return start + _whole_seconds(planned * percent / 100)


def _whole_seconds(length: timedelta) -> timedelta:
    return timedelta(seconds=length // timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class ClockRules:
    """What holds for every clock of silence. After `long_after` an incident is a long one (2 h is what PagerDuty's
    documentation publishes); so many updates on a channel may be skipped in a row; and `target` percent of all are to
    be there in time. `again`: how long after the last reminder of an overdue update it comes again and again (None: it
    does not)."""

    long_after: timedelta = timedelta(hours=2)
    skips: int = 1
    target: int = 95
    again: timedelta | None = None
