"""What rings at somebody's own terminal, in a line: they are paged, or asked for something, and what answers it."""

from __future__ import annotations

from enum import StrEnum

from warroom.domain.comms import UpdateMissed
from warroom.domain.core import Entry
from warroom.domain.delivery import PageFailed
from warroom.domain.escalation import CheckpointAsked, EscalationExhausted, LevelPaged, PagedBesides
from warroom.domain.messages import addressed
from warroom.domain.proposals import UpdateApproved, UpdateCommented, UpdateProposed
from warroom.domain.role_titles import role_title
from warroom.domain.roles import RoleMissed, RoleOffered
from warroom.domain.room import describe
from warroom.words import tr

_PAGES = (LevelPaged, PagedBesides, PageFailed, CheckpointAsked, EscalationExhausted, RoleMissed, UpdateMissed)
"""Events that page people; by what else names somebody they are told or asked something."""


class Answer(StrEnum):
    """What somebody does who answers a call."""

    CARD = "card"
    """Looks at the card of a role that is offered."""
    REVIEW = "review"
    """Looks at the updates that wait."""
    UPDATE = "update"
    """Writes the update."""
    NONE = ""


def call_of(login: str, entry: Entry) -> tuple[str, bool, Answer]:
    """What an entry that rings for `login` wants of them, in words, whether they are paged by it, and what answers."""
    event = entry.event
    match event:
        case RoleOffered():
            offer = tr("{actor} offers you the role {role}")
            return offer.format(actor=entry.actor, role=role_title(event.role)), False, Answer.CARD
        case UpdateProposed():
            where = ", ".join(event.channels)
            asked = tr("{actor} asks you to review an update for {where}")
            return asked.format(actor=entry.actor, where=where), False, Answer.REVIEW
        case UpdateApproved():
            good = tr("{actor} approved your update #{proposal}")
            return good.format(actor=entry.actor, proposal=event.proposal), False, Answer.REVIEW
        case UpdateCommented():
            return (
                tr("{actor} on your update #{proposal}: {text}").format(
                    actor=entry.actor, proposal=event.proposal, text=event.text
                ),
                False,
                Answer.NONE,
            )
        case UpdateMissed():
            return tr("the update on {channel} is overdue").format(channel=event.channel), True, Answer.UPDATE
        case _:
            told = addressed(entry).get(login)
            return told or describe(event), told is None and isinstance(event, _PAGES), Answer.NONE
