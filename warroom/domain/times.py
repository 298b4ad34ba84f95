"""The times of an incident that are kept apart (R1), the order that they should stand in, and those that nobody said.

Nothing here refuses anything: a time that cannot be true is pointed out, and whoever knows better leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Final

from warroom.domain.incident_state import Incident
from warroom.words import mark, tr

ORDER: Final = (
    ("started_at", mark("impact started")),
    ("detected_at", mark("detected")),
    ("declared_at", mark("declared")),
    ("acknowledged_at", mark("acknowledged")),
    ("mitigated_at", mark("mitigated")),
    ("ended_at", mark("impact ended")),
    ("closed_at", mark("closed")),
)
"""The times by their field in `Amend`, in the order in which they happen, and what each is called."""

CHAINS: Final = (
    ("started_at", "detected_at", "mitigated_at", "ended_at", "closed_at"),
    ("detected_at", "declared_at", "acknowledged_at", "closed_at"),
)
"""What cannot happen before what: to the customers, and among those who work on it. An incident may well be declared,
or acknowledged, after it was mitigated."""

ASKED: Final = ("started_at", "detected_at", "mitigated_at", "ended_at")
"""The times that only a person can know: asked for when an incident is resolved."""

Times = Mapping[str, datetime | None]


def times_of(incident: Incident) -> dict[str, datetime | None]:
    """The times of an incident by their field in `Amend`, None for what nobody knows."""
    return {
        "started_at": incident.started_at,
        "detected_at": incident.facts.detected_at,
        "declared_at": incident.declared_at,
        "acknowledged_at": incident.acknowledged_at,
        "mitigated_at": incident.mitigated_at,
        "ended_at": incident.resolved_at,
        "closed_at": incident.closed_at,
    }


def out_of_order(times: Times) -> tuple[str, ...]:
    """What is wrong with the order of the times that are known, in words; empty where each chain is in order."""
    words = dict(ORDER)
    found = []
    for chain in CHAINS:
        known = [(words[name], at) for name in chain if (at := times.get(name)) is not None]
        found += [
            tr("{later} ({at:%Y-%m-%d %H:%M} UTC) lies before {earlier} ({before:%Y-%m-%d %H:%M} UTC)").format(
                later=tr(later), at=at, earlier=tr(earlier), before=before
            )
            for (earlier, before), (later, at) in pairwise(known)
            if at < before
        ]
    return tuple(found)


def missing(times: Times, names: tuple[str, ...] = ASKED) -> tuple[str, ...]:
    """The fields of those times that nobody has said, of the ones that a person has to say."""
    return tuple(name for name in names if times.get(name) is None)
