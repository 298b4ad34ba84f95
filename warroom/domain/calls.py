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
from warroom.words import tr

_PAGES = (LevelPaged, PagedBesides, PageFailed, CheckpointAsked, EscalationExhausted, RoleMissed, UpdateMissed)
"""Events that page people; by what else names somebody they are told or asked something."""


def call_of(login: str, entry: Entry) -> tuple[str, bool]:
    """What an entry that rings for `login` wants of them, in words, and whether they are paged by it."""
    event = entry.event
    match event:
        case RoleOffered():
            return tr("{actor} offers you the role {role}: h shows the card").format(
                actor=entry.actor, role=event.role
            ), False
        case UpdateProposed():
            where = ", ".join(event.channels)
            return tr("{actor} asks you to review an update for {where}: u, then f2").format(
                actor=entry.actor, where=where
            ), False
        case UpdateApproved():
            return tr("{actor} approved your update #{proposal}: u, then f2").format(
                actor=entry.actor, proposal=event.proposal
            ), False
        case UpdateCommented():
            return tr("{actor} on your update #{proposal}: {text}").format(
                actor=entry.actor, proposal=event.proposal, text=event.text
            ), False
        case UpdateMissed():
            return tr("the update on {channel} is overdue: u writes it").format(channel=event.channel), True
        case _:
            told = addressed(entry).get(login)
            return told or describe(event), told is None and isinstance(event, _PAGES)
