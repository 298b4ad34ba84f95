"""What a key, or a click, asks for: the message of it, and what of the table of actions is about one incident."""

from __future__ import annotations

from textual.message import Message

from warroom.tui.actions.incident import ABOUT_INCIDENT, OF_INCIDENT, READS
from warroom.views import IncidentLine

__all__ = ["ABOUT_INCIDENT", "INCIDENT_KEYS", "READS", "Intent"]

INCIDENT_KEYS = OF_INCIDENT
"""The actions that are about one incident."""


class Intent(Message):
    """The person wants something done.

    `action` is the name of an intent: the last part of the id of an action about an incident ("ack"), or of one that
    the screen has besides. `line` is the incident as the person saw it, so that a stale wish can be told from a fresh
    one; None where it is about no incident.
    """

    def __init__(self, action: str, line: IncidentLine | None) -> None:
        super().__init__()
        self.action = action
        self.line = line

    @property
    def key(self) -> str | None:
        """The key of the incident it is about."""
        return self.line.key if self.line is not None else None
