"""What rings at somebody's own terminal, in a line: they are paged, or asked for something, and which key answers."""

from __future__ import annotations

from warroom.domain.comms import UpdateMissed
from warroom.domain.core import Entry
from warroom.domain.delivery import PageFailed
from warroom.domain.escalation import CheckpointAsked, EscalationExhausted, LevelPaged, PagedBesides
from warroom.domain.messages import addressed
from warroom.domain.proposals import UpdateApproved, UpdateCommented, UpdateProposed
from warroom.domain.roles import RoleMissed, RoleOffered
from warroom.domain.room import describe

_PAGES = (LevelPaged, PagedBesides, PageFailed, CheckpointAsked, EscalationExhausted, RoleMissed, UpdateMissed)
"""Events that page people; by what else names somebody they are told or asked something."""


def call_of(login: str, entry: Entry) -> tuple[str, bool]:
    """What an entry that rings for `login` wants of them, in words, and whether they are paged by it."""
    event = entry.event
    match event:
        case RoleOffered():
            return f"{entry.actor} offers you the role {event.role}: h shows the card", False
        case UpdateProposed():
            where = ", ".join(event.channels)
            return f"{entry.actor} asks you to review an update for {where}: u, then f2", False
        case UpdateApproved():
            return f"{entry.actor} approved your update #{event.proposal}: u, then f2", False
        case UpdateCommented():
            return f"{entry.actor} on your update #{event.proposal}: {event.text}", False
        case UpdateMissed():
            return f"the update on {event.channel} is overdue: u writes it", True
        case _:
            told = addressed(entry).get(login)
            return told or describe(event), told is None and isinstance(event, _PAGES)
