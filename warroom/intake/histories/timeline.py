"""What posts become, whatever the format: ordered, numbered, and with one of them the closing one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from warroom.domain.text import clean_line
from warroom.intake.history import HistoryIncident, HistoryUpdate, Phase
from warroom.valueclass import dataclass

_UNRESOLVED: Final = frozenset((Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING))

PHASES: Final = {
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "update": Phase.UPDATE,
    "resolved": Phase.RESOLVED,
    "postmortem": Phase.POSTMORTEM,
    "post-mortem": Phase.POSTMORTEM,
}
"""The statuses that Statuspage gives an incident's posts, in its API and, capitalised, in its feeds."""

MAINTENANCE: Final = frozenset(("scheduled", "in progress", "in_progress", "verifying", "completed"))
"""The statuses that Statuspage gives to scheduled maintenance, and to nothing else."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post on its way to a `HistoryUpdate`. `stamped` is the time that its id is made of, if not `at`."""

    at: datetime
    phase: Phase
    text: str
    source_id: str = ""
    stamped: datetime | None = None


def oldest_first(posts: Sequence[Post], *, newest_first: bool | None = None) -> list[Post]:
    """Posts by time; those of one moment in the order of the file.

    `newest_first` says which way the file runs; None: as its first and last post say.
    """
    if newest_first is None:
        newest_first = len(posts) > 1 and posts[0].at >= posts[-1].at
    return sorted(reversed(posts) if newest_first else posts, key=lambda post: post.at)


def closing_post(posts: Sequence[Post]) -> int | None:
    """Index of the post that closed the incident; None while it is open. `posts` are oldest first.

    It is the first "resolved" that no unresolved status follows at a later time. "Update" is what a feed calls
    a post that keeps the status before it, so that it re-opens nothing.
    """
    closing: int | None = None
    for index, post in enumerate(posts):
        if closing is None and post.phase is Phase.RESOLVED:
            closing = index
        elif closing is not None and post.phase in _UNRESOLVED and post.at > posts[closing].at:
            closing = None
    return closing


def numbered(incident_id: str, posts: Iterable[Post]) -> tuple[HistoryUpdate, ...]:
    """Posts, oldest first, with an id each: the provider's own, or the incident's id and the post's time.

    Of several at one moment the second has `#2` behind its time, the third `#3`. Neither text nor status is
    part of the id, since providers edit both afterwards; nor is the position in the file, since files grow.
    A provider's id that comes twice in one incident is the same post: the later one in time stays.
    """
    seen: dict[str, HistoryUpdate] = {}
    times: dict[datetime, int] = {}
    for post in posts:
        source_id = post.source_id
        if not source_id:
            stamp = post.stamped or post.at
            times[stamp] = ordinal = times.get(stamp, 0) + 1
            source_id = f"{incident_id}@{_iso(stamp)}" + (f"#{ordinal}" if ordinal > 1 else "")
        seen.pop(source_id, None)
        seen[source_id] = HistoryUpdate(source_id=source_id, at=post.at, phase=post.phase, text=post.text)
    return tuple(seen.values())


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def one_of_each(incidents: Iterable[HistoryIncident]) -> tuple[HistoryIncident, ...]:
    """Of an incident that comes several times (files put together, pages that overlap), the longest version.

    The order is that of the file; of versions of equal length the first stays.
    """
    best: dict[str, HistoryIncident] = {}
    for incident in incidents:
        known = best.get(incident.source_id)
        if known is None or len(incident.updates) > len(known.updates):
            best[incident.source_id] = incident
    return tuple(best.values())


def provider_of(host: str, fallback: str) -> str:
    """The short name of whoever runs a status page, from its host: "www.acmestatus.com" is "acme".

    "status" is dropped, as a label of its own or at either end of one. `fallback` is used where nothing is
    left, as with an address in place of a name.
    """
    labels = [label for label in host.lower().rstrip(".").split(".") if label]
    named = labels[:-1] if len(labels) > 1 and not labels[-1].isdigit() else []
    for label in named:
        name = re.sub(r"^status-|-?status(?:page)?$", "", label)
        if name and label not in ("www", "status", "statuspage"):
            return clean_line(name, 64)
    return clean_line(fallback, 64)
