"""An incident in which only roles have timers: there is no ladder and no channel."""

from __future__ import annotations

from dataclasses import replace

from tests.support.books import BOOK
from tests.support.play import Play, declared
from warroom.domain.roles import (
    LEAD,
    AssignRole,
)

# No ladder, no channels: only roles have timers here.
QUIET = replace(BOOK, severities={name: replace(spec, policy="", cadence=()) for name, spec in BOOK.severities.items()})


def roles_of(severity: str = "SEV1") -> Play:
    return declared(severity, QUIET)


def led(by: str = "eva") -> Play:
    play = roles_of()
    play.do(AssignRole(LEAD, by))
    return play
