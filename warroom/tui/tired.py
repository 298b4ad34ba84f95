"""How tired somebody is, in a word and its look (R4): amber and red are never told by colour alone."""

from __future__ import annotations

from datetime import datetime

from warroom.tui.horizon import changes_at
from warroom.tui.pieces import Role
from warroom.views import PersonHere, RoleLine
from warroom.words import mark, tr

TIRED, RED = mark("tired"), mark("RELIEF")
"""The words for amber and red, to be looked up."""


def tired_word(person: PersonHere, now: datetime) -> tuple[str, Role]:
    """How tired somebody is; "" for not."""
    return _word(person.amber_at, person.red_at, now) if person.here else ("", Role.MUTED)


def tired_role(role: RoleLine, now: datetime) -> tuple[str, Role]:
    """The same for the holder of a role."""
    return _word(role.amber_at, role.red_at, now) if role.holder else ("", Role.MUTED)


def _word(amber_at: datetime | None, red_at: datetime | None, now: datetime) -> tuple[str, Role]:
    changes_at(amber_at, now)
    changes_at(red_at, now)
    if red_at is not None and red_at <= now:
        return tr(RED), Role.LATE
    if amber_at is not None and amber_at <= now:
        return tr(TIRED), Role.SOON
    return "", Role.MUTED
