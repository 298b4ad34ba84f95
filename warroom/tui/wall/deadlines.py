"""What counts down on a wallboard: what falls due on which incident, what is live, and how much of it. Pure.

Nearest is the deadline that is late for the longest, else the one that comes next, of our own incidents; those of other
people's systems that are only watched count where nothing else is live.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from warroom.tui.pieces import clean
from warroom.tui.sieve.sorting import urgent
from warroom.valueclass import dataclass
from warroom.views import IncidentLine, PageState, SeverityFace
from warroom.views.wall import WallView
from warroom.words import mark, tr

Chooser = Callable[[IncidentLine, datetime], bool]
"""Whether an incident is shown, by the filter in force."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that falls due on an incident, in words."""

    at: datetime
    line: IncidentLine
    what: str


_PAGES = {
    PageState.DUE: mark("next page {label}"),
    PageState.WAITING: mark("first page {label}"),
    PageState.ACKED: mark("resolve timeout {label}"),
    PageState.ASKING: mark("{label} waits for a yes"),
    PageState.SNOOZED: mark("snooze ends {label}"),
    PageState.HELD: mark("held back until"),
}


def deadlines(line: IncidentLine) -> list[Deadline]:
    """Everything that an incident counts down to."""
    found = []
    if line.page.at is not None:
        words = tr("escalation ends") if line.page.ends else tr(_PAGES.get(line.page.state, "next page {label}"))
        found.append(Deadline(line.page.at, line, words.format(label=clean(line.page.label)).strip()))
    if line.update.at is not None:
        found.append(Deadline(line.update.at, line, tr("{channel} update").format(channel=clean(line.update.channel))))
    if not line.lead and line.lead_due is not None:
        found.append(Deadline(line.lead_due, line, tr("lead to be found")))
    return found


def live(view: WallView, now: datetime, chosen: Chooser | None = None) -> tuple[IncidentLine, ...]:
    """What is live and passes the filter, in the order of the list on the board, major incidents first."""
    lines = [line for line in view.board.lines if line.page.state is not PageState.STOPPED]
    if chosen is not None:
        lines = [line for line in lines if chosen(line, now)]
    return tuple(sorted(urgent(lines, now), key=lambda line: not line.severity.major))


def nearest(lines: Sequence[IncidentLine]) -> Deadline | None:
    """The earliest deadline of all; of incidents that are only watched where there is no other."""
    own = [each for line in lines if not line.watched for each in deadlines(line)]
    return min(own or [each for line in lines for each in deadlines(line)], key=lambda each: each.at, default=None)


def following(lines: Sequence[IncidentLine], now: datetime) -> Deadline | None:
    """What falls due next of what is not late yet."""
    own = [each for line in lines if not line.watched for each in deadlines(line) if each.at > now]
    return min(own, key=lambda each: each.at, default=None)


def counts(lines: Sequence[IncidentLine]) -> list[tuple[SeverityFace, int]]:
    """How many are live of each severity, the worst first."""
    found: Counter[SeverityFace] = Counter(line.severity for line in lines)
    return sorted(found.items(), key=lambda each: (each[0].rank, each[0].name))
