"""What a provider's published incident history becomes before the room knows about it.

Readers (one module per format beside this one) turn bytes into these values; nothing here touches a database, a
clock or a room. All times are aware UTC datetimes; all texts are already cleaned (`warroom.domain.text`).
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from warroom.valueclass import dataclass


class HistoryFormat(StrEnum):
    """The formats that `warroom import FORMAT FILE...` understands."""

    GITHUB_ATOM = "github-atom"
    GCP = "gcp"
    AWS = "aws"
    STATUSPAGE = "statuspage"


class Phase(StrEnum):
    """What a public post says about the incident's stage, in the words all formats share."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    UPDATE = "update"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"


@dataclass(frozen=True, slots=True)
class HistoryUpdate:
    """One public post. `source_id` is stable across repeated imports of growing files."""

    source_id: str
    at: datetime
    phase: Phase
    text: str


@dataclass(frozen=True, slots=True)
class HistoryIncident:
    """One incident of a provider, with its public posts oldest first.

    `start` is the published start of the impact, None where the format does not give one (then there is no
    start-to-first silence). `closed` is when the closing post was made, or the published end where no post
    follows that; None while it is open. Posts after it (post-mortems) are among the updates. `impact` is the
    provider's own word ("critical", "major", "minor", "none", ...), empty when unknown.
    """

    provider: str
    source_id: str
    title: str
    impact: str
    start: datetime | None
    closed: datetime | None
    url: str = ""
    components: tuple[str, ...] = ()
    updates: tuple[HistoryUpdate, ...] = field(default=())


class HistoryError(Exception):
    """The file is not what it was said to be. The message names the file, the place and what to do."""
