"""Carrying out one command on one incident and telling what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from warroom.cli.narrate import happened
from warroom.cli.output import emit, say, tell
from warroom.cli.params import find_key
from warroom.cli.rooms import acting
from warroom.cli.settings import Settings
from warroom.domain.core import Command
from warroom.domain.messages import outgoing
from warroom.domain.room import due

if TYPE_CHECKING:
    from warroom.service.session import Session
    from warroom.store.write import Outcome


def perform(settings: Settings, key: str, command: Callable[[Session], Command]) -> None:
    """Carry out the command that `command` makes (it may ask the room what time it is) on the incident `key`."""
    with acting(settings) as session:
        outcome = session.execute(command(session), find_key(session, key))
        tell_outcome(settings, session, outcome)


def tell_outcome(settings: Settings, session: Session, outcome: Outcome) -> None:
    """The one line, or the one object, that says what happened; and a warning when nobody keeps the timers going."""
    now = session.clock()
    if settings.json:
        from warroom.cli import build

        emit(build.acted(outcome, now))
    else:
        say(happened(outcome, now))
    waits = bool(due(outcome.room)) or _sends(session, outcome)
    if waits and not any(engine.alive for engine in session.board().engines):
        tell(
            settings,
            "nobody keeps the timers of this room going: messages wait and deadlines pass unnoticed "
            "until somebody opens the board or runs warroom engine",
        )


def _sends(session: Session, outcome: Outcome) -> bool:
    book = session.book()
    return any(outgoing(outcome.room, entry, book) for entry in outcome.entries)
