"""The silences of one incident on one channel, from nothing but times (R10).

Four kinds: from the start of the impact to the first post, from post to post, from the last post to the
resolution, and the one that is running while the incident is open. Everything here is arithmetic on aware
datetimes in UTC; `now` comes in from outside and matters to an open incident only.

What counts, and what does not:

* Posts need not be sorted. Several at the same moment are silences of no length between them.
* Posts after the closing one (post-mortems, corrections) are no part of the incident and are ignored.
* Posts at exactly the closing moment are the closing announcement, however many there are: many providers
  publish whole minutes, and "it works again" and "resolved" in one minute are one message. The silence before
  the resolution is the one that ended there, and no zero that hides it.
* A first post before the start (the start was corrected, or somebody warned ahead) is a silence of no length.
* An incident that was closed without any post was silent from its start to its end; that silence counts as
  last to resolved, since it is the resolution that ended it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypedDict

from warroom.valueclass import dataclass

__all__ = [
    "Gap",
    "GapsMin",
    "GapsReport",
    "Silence",
    "SilenceKind",
    "gaps_min",
    "gaps_report",
    "largest",
    "max_gap_min",
    "silences",
    "weighed",
]


class SilenceKind(StrEnum):
    """Where in an incident a silence lies."""

    START_TO_FIRST = "start_to_first"
    BETWEEN = "between"
    LAST_TO_RESOLVED = "last_to_resolved"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which nothing was said on a channel; `end` of a running one is the moment of asking."""

    kind: SilenceKind
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def minutes(self) -> float:
        """Length in minutes, not rounded."""
        return self.length / timedelta(minutes=1)


HALVED_BY_RANK = 2
"""How much less a silence weighs with every severity that is milder: an hour in SEV2 counts as half an hour in SEV1.
warroom's own choice; no handbook gives a figure."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence beside what was promised: `due` is when somebody should have spoken, None where nothing was promised.

    `weight`: its length as it counts among others, by the severity that was in force meanwhile.
    """

    silence: Silence
    due: datetime | None
    weight: timedelta

    @property
    def length(self) -> timedelta:
        return self.silence.length

    @property
    def late(self) -> timedelta:
        """How much of it lies behind `due`; zero where it was in order."""
        if self.due is None:
            return timedelta(0)
        return max(timedelta(0), self.silence.end - max(self.due, self.silence.start))

    @property
    def allowed(self) -> timedelta | None:
        """How long it might have lasted; None where nothing was promised."""
        return None if self.due is None else max(timedelta(0), self.due - self.silence.start)


def weighed(silence: Silence, severities: Sequence[tuple[datetime, int]]) -> timedelta:
    """How much a silence counts among others: its length, each part divided by `HALVED_BY_RANK` for every rank below 1.

    `severities`: from when on the incident was of which rank (1 is the worst), oldest first; what lies before the first
    counts as the first. Without any the length itself.
    """
    if not severities:
        return silence.length
    total = timedelta(0)
    since = silence.start
    for index, (_, rank) in enumerate(severities):
        until = severities[index + 1][0] if index + 1 < len(severities) else silence.end
        until = min(until, silence.end)
        if until > since:
            total += (until - since) / HALVED_BY_RANK ** min(max(rank - 1, 0), 16)
            since = until
    return total


class GapsMin(TypedDict):
    """Lengths of the ended silences in minutes with two decimals, oldest first."""

    start_to_first: list[float]
    between: list[float]
    last_to_resolved: list[float]


class GapsReport(TypedDict):
    """What `warroom gaps --json` prints of one incident, but for the key that the caller knows."""

    provider: str
    source_id: str
    start: str | None
    first_update: str | None
    closed: str | None
    gaps_min: GapsMin
    max_gap_min: float | None


def silences(
    start: datetime | None, posts: Iterable[datetime], closed: datetime | None, now: datetime
) -> tuple[Silence, ...]:
    """The silences of one channel, oldest first; the running one, if the incident is open, is the last.

    `start` is the start of the impact (None: unknown, then nothing is said about the time before the first
    post), `posts` are the times of the channel's posts in any order, `closed` is when the closing post was
    made (None: open). No length is ever negative.
    """
    heard = sorted(at for at in posts if closed is None or at <= closed)
    found: list[Silence] = []
    if heard and start is not None:
        found.append(_silence(SilenceKind.START_TO_FIRST, start, heard[0]))
    during = heard if closed is None else [at for at in heard if at < closed]
    found += [_silence(SilenceKind.BETWEEN, one, other) for one, other in pairwise(during)]
    since = during[-1] if during else start if not heard else None
    if since is not None:
        if closed is None:
            found.append(_silence(SilenceKind.RUNNING, since, now))
        else:
            found.append(_silence(SilenceKind.LAST_TO_RESOLVED, since, closed))
    return tuple(found)


def _silence(kind: SilenceKind, start: datetime, end: datetime) -> Silence:
    return Silence(kind, start, max(start, end))


def largest(found: Iterable[Silence]) -> Silence | None:
    """The longest silence, the earliest of several equal ones; None where there is none."""
    return max(found, key=lambda silence: silence.length, default=None)


def gaps_min(found: Iterable[Silence]) -> GapsMin:
    """The ended silences by kind, in minutes with two decimals; the running one has no length yet."""
    gaps = GapsMin(start_to_first=[], between=[], last_to_resolved=[])
    for silence in found:
        match silence.kind:
            case SilenceKind.START_TO_FIRST:
                gaps["start_to_first"].append(round(silence.minutes, 2))
            case SilenceKind.BETWEEN:
                gaps["between"].append(round(silence.minutes, 2))
            case SilenceKind.LAST_TO_RESOLVED:
                gaps["last_to_resolved"].append(round(silence.minutes, 2))
            case SilenceKind.RUNNING:
                pass
    return gaps


def max_gap_min(found: Iterable[Silence]) -> float | None:
    """The longest ended silence in minutes with two decimals; None where there is none."""
    longest = largest(silence for silence in found if silence.kind is not SilenceKind.RUNNING)
    return None if longest is None else round(longest.minutes, 2)


def gaps_report(
    provider: str,
    source_id: str,
    start: datetime | None,
    posts: Iterable[datetime],
    closed: datetime | None,
) -> GapsReport:
    """The ended silences of one imported incident as plain JSON values; times are ISO 8601 in UTC."""
    times = sorted(posts)
    # The running silence is left out of every figure, so that any moment does for `now`.
    found = silences(start, times, closed, now=datetime.max.replace(tzinfo=UTC))
    return GapsReport(
        provider=provider,
        source_id=source_id,
        start=_iso(start),
        first_update=_iso(times[0] if times else None),
        closed=_iso(closed),
        gaps_min=gaps_min(found),
        max_gap_min=max_gap_min(found),
    )


def _iso(at: datetime | None) -> str | None:
    """Whole milliseconds, the finest that any provider publishes; what is below them only keeps an order."""
    if at is None:
        return None
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000).isoformat()
