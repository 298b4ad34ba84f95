"""The terminal's title: how many incidents are live, how grave, how many late. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from warroom.valueclass import dataclass
from warroom.views import BoardView, IncidentLine, PageState
from warroom.words import tr

MANY = 1_000
"""Of more incidents than this it is not counted at every change how many are late: no key waits for that."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title, and until when it stays right if nothing happens; None for ever."""

    words: str
    until: datetime | None = None


def title_of(view: BoardView, now: datetime) -> Title:
    """ "warroom: 3 live, 1 SEV1, 1 late": what is not over, the major severities by rank, and how many incidents wait
    longer than they should for an update, or for somebody to lead them. (A page that is due goes out by itself.)"""
    if len(view.lines) > MANY:
        major = [tr("{count} live").format(count=sum(count for _, count in view.tally))]
        major += [f"{count} {face.name}" for face, count in view.tally if face.major and count]
        return Title("warroom: " + ", ".join(major))
    lines = [line for line in view.lines if line.page.state is not PageState.STOPPED]
    if not lines:
        return Title("warroom: " + tr("nothing live"))
    said = [tr("{count} live").format(count=len(lines))]
    grave = Counter((line.severity.rank, line.severity.name) for line in lines if line.severity.major)
    said += [f"{count} {name}" for (_, name), count in sorted(grave.items())]
    if late := sum(any(at <= now for at in _dues(line)) for line in lines):
        said.append(tr("{count} late").format(count=late))
    ahead = min((at for at in _all_dues(lines) if at > now), default=None)
    return Title("warroom: " + ", ".join(said), ahead)


def _all_dues(lines: Iterable[IncidentLine]) -> Iterator[datetime]:
    for line in lines:
        yield from _dues(line)


def _dues(line: IncidentLine) -> Iterator[datetime]:
    """From when on something of an incident is late."""
    if line.lead_due is not None and not line.lead:
        yield line.lead_due
    if line.update.at is not None:
        yield line.update.at
