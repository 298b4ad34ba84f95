"""How punctual updates were (R10): every update that was due, and what became of it, from the record of an incident.

Each time that a clock of silence is set, somebody owes an update. It came in time, it came late, it was skipped with a
reason, it never came (the channel ended, or was timed anew after its time), or it is overdue now. One that was skipped
by the time it was due is neither punctual nor late; one that was late already stays late, whatever the reason. What was
moved or ended before its time was never owed. The hours at which nobody is disturbed move the time at which an update
is due, and count like any other once it has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from warroom.domain.comms import StreamEnded, StreamOpened, StreamTimed, UpdatePosted, UpdateSkipped
from warroom.domain.core import Entry
from warroom.domain.gaps import SilenceKind, silences
from warroom.domain.incident import Declared, SeverityChanged
from warroom.domain.watch import Watched
from warroom.valueclass import dataclass

KINDS = (
    "declared",
    "watched",
    "severity_changed",
    "stream_opened",
    "stream_timed",
    "stream_ended",
    "update_posted",
    "update_skipped",
)
"""The kinds of events that `owed` looks at; others make no difference to it."""


class Outcome(StrEnum):
    """What became of an update that was owed."""

    ON_TIME = "on time"
    LATE = "late"
    SKIPPED = "skipped"  # before it was late
    NEVER = "never"  # it was late already, and then its channel ended or was timed anew
    OVERDUE = "overdue"  # and is still


@dataclass(frozen=True, slots=True)
class Owed:
    """One update that was due at `due`; `settled` is when that was over, now where it is overdue still."""

    channel: str
    audience: str
    severity: str
    due: datetime
    settled: datetime
    outcome: Outcome

    @property
    def silent(self) -> timedelta:
        """How long it was overdue."""
        return max(self.settled - self.due, timedelta(0))

    @property
    def late(self) -> bool:
        """Whether it counts against those who owed it."""
        return self.outcome in (Outcome.LATE, Outcome.NEVER, Outcome.OVERDUE)


@dataclass(frozen=True, slots=True)
class _Clock:
    audience: str
    due: datetime | None


def owed(entries: Iterable[Entry], now: datetime) -> tuple[Owed, ...]:
    """Every update that was owed by the record of one of our own incidents, up to `now`, in the order in which that was
    settled; an update that is not due yet is none of them."""
    out: list[Owed] = []
    clocks: dict[str, _Clock] = {}
    severity = ""

    def settle(channel: str, at: datetime, outcome: Outcome, due: datetime | None = None) -> None:
        clock = clocks.get(channel)
        when = due or (clock.due if clock else None)
        if clock is not None and when is not None:
            out.append(Owed(channel, clock.audience, severity, when, at, outcome))

    def gave_up(channel: str, at: datetime) -> None:
        """Nobody waits for it any more, in vain if its time had passed."""
        clock = clocks.get(channel)
        if clock is not None and clock.due is not None and clock.due < at:
            settle(channel, at, Outcome.NEVER)

    for entry in entries:
        event, at = entry.event, entry.at
        match event:
            case Declared():
                severity = event.severity
            case SeverityChanged():
                severity = event.to
            case StreamOpened():
                clocks[event.channel] = _Clock(event.audience.value, event.due)
            case StreamTimed() if event.channel in clocks:
                if event.due != clocks[event.channel].due:
                    gave_up(event.channel, at)
                    clocks[event.channel] = replace(clocks[event.channel], due=event.due)
            case StreamEnded() if event.channel in clocks:
                gave_up(event.channel, at)
                clocks[event.channel] = replace(clocks[event.channel], due=None)
            case UpdateSkipped() if event.channel in clocks:
                late = at > event.was_due
                settle(event.channel, at, Outcome.LATE if late else Outcome.SKIPPED, event.was_due)
                clocks[event.channel] = replace(clocks[event.channel], due=event.due)
            case UpdatePosted():
                known = clocks.setdefault(event.channel, _Clock(event.audience.value, None))
                was_due = event.was_due or known.due
                if was_due is not None:
                    late = event.posted_at > was_due
                    settle(event.channel, event.posted_at, Outcome.LATE if late else Outcome.ON_TIME, was_due)
                clocks[event.channel] = replace(known, due=event.due)
    for channel, clock in clocks.items():
        if clock.due is not None and clock.due <= now:
            settle(channel, now, Outcome.OVERDUE)
    return tuple(out)


def owed_by_provider(
    entries: Iterable[Entry], every: timedelta, started: datetime | None, closed: datetime | None, now: datetime
) -> tuple[Owed, ...]:
    """The same of an imported incident, held against a cadence: its provider promised nothing, so that after each post
    (and after its start) the next one counts as due `every` later; a silence up to the resolution as one too."""
    severity, channel, audience = "", "", ""
    posts: list[datetime] = []
    for entry in entries:
        match entry.event:
            case Watched():
                severity = entry.event.severity
            case SeverityChanged():
                severity = entry.event.to
            case UpdatePosted():
                channel, audience = entry.event.channel, entry.event.audience.value
                posts.append(entry.event.posted_at)
    return tuple(_of_silences(posts, channel, audience, severity, every, started, closed, now))


def _of_silences(
    posts: Sequence[datetime],
    channel: str,
    audience: str,
    severity: str,
    every: timedelta,
    started: datetime | None,
    closed: datetime | None,
    now: datetime,
) -> Iterator[Owed]:
    for silence in silences(started, posts, closed, now):
        due = silence.start + every
        if silence.kind is SilenceKind.RUNNING:
            if due <= now:
                yield Owed(channel, audience, severity, due, now, Outcome.OVERDUE)
        else:
            outcome = Outcome.LATE if silence.length > every else Outcome.ON_TIME
            yield Owed(channel, audience, severity, due, silence.end, outcome)


@dataclass(frozen=True, slots=True)
class Tally:
    """How punctual the updates of some kind were.

    `silent` is how long they were overdue in all, late ones that were skipped until then; `running` the part of it that
    runs on. `late` counts those that are overdue now too (`overdue`).
    """

    on_time: int = 0
    late: int = 0
    skipped: int = 0
    overdue: int = 0
    silent: timedelta = timedelta(0)
    running: timedelta = timedelta(0)

    @property
    def counted(self) -> int:
        """How many had to be there in time."""
        return self.on_time + self.late

    @property
    def share(self) -> float | None:
        """The part of them that was, 0 to 1; None where there were none."""
        return self.on_time / self.counted if self.counted else None

    def allowed(self, target: int) -> float:
        """How many may be late if `target` percent are to be there in time: the budget."""
        return self.counted * (100 - target) / 100

    def left(self, target: int) -> float:
        """How many more may be late; below zero when the budget is overdrawn."""
        return self.allowed(target) - self.late


def tally(given: Iterable[Owed], since: datetime, now: datetime) -> Tally:
    """What was settled from `since` to `now`; of a silence that began before, only the part within counts."""
    on_time = late = skipped = overdue = 0
    silent = running = timedelta(0)
    for each in given:
        if not since < each.settled <= now:
            continue
        on_time += each.outcome is Outcome.ON_TIME
        late += each.late
        skipped += each.outcome is Outcome.SKIPPED
        length = max(each.settled - max(each.due, since), timedelta(0))
        silent += length
        if each.outcome is Outcome.OVERDUE:
            overdue += 1
            running += length
    return Tally(on_time, late, skipped, overdue, silent, running)
