"""The record of one incident, and its messages on their way out."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.valueclass import dataclass


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line of the record. `late` is by how much a timer's step came after it fell due."""

    seq: int
    at: datetime
    actor: str
    kind: str
    text: str
    late: timedelta | None = None
    version: int = 0  # the entry's number within the incident


@dataclass(frozen=True, slots=True)
class Message:
    """One message on its way out, as the room shows it."""

    at: datetime
    to: str
    via: str
    state: str  # queued, sending, sent, failed, unknown
    tries: int
