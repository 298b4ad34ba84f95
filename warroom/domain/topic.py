"""The topic line of an incident's chat room (R10): all that a newcomer needs, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from warroom.domain.links import CALL, CHAT, DOCUMENT, TICKET
from warroom.domain.text import clean_line

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room

LIMIT: Final = 250
"""The longest topic that Slack and most other chat systems take, in characters."""

_BETWEEN: Final = " · "
_LEAST_TITLE: Final = 40


def topic(room: Room, book: Rulebook, limit: int = LIMIT) -> str:
    """Key, severity, title, stage, who holds which role, and the links, in at most `limit` characters of one line.

    Where that is too long, what comes last goes first; a link is whole or not there, since half of one leads nowhere.
    """
    incident = room.incident
    head = f"{incident.key} {incident.severity}"
    title = clean_line(incident.title, max(_LEAST_TITLE, limit // 2))
    roles = [
        f"{book.role(name).title.lower()} {room.roles.by_name[name].holder}"
        for name in dict.fromkeys((*book.roles, *room.roles.by_name))
        if name in room.roles.by_name and room.roles.by_name[name].holder
    ]
    links = [f"{kind} {to}" for kind in (CHAT, CALL, DOCUMENT, TICKET) if (to := room.links.one(kind))]
    line = _joined(head, title, incident.status.value)
    # The chat room is where this is read, and the call where it is decided: before the third role.
    for part in (*roles[:2], *links[:2], *roles[2:], *links[2:]):
        longer = clean_line(f"{line}{_BETWEEN}{part}", 4 * limit)
        if len(longer) <= limit:
            line = longer
    return clean_line(line, limit)


def _joined(head: str, title: str, status: str) -> str:
    return clean_line(_BETWEEN.join((head, title, status)), 4 * LIMIT)
