"""Carrying out one command on one incident and telling what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from warroom.cli.narrate import happened
from warroom.cli.output import emit, say, tell
from warroom.cli.params import find_key
from warroom.cli.rooms import performing
from warroom.cli.settings import Settings
from warroom.domain.core import Command
from warroom.domain.messages import outgoing
from warroom.domain.role_titles import titled
from warroom.domain.room import due
from warroom.store.db_errors import DatabaseError
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.service.acting import Acting
    from warroom.store.write import Outcome

NO_ENGINE = mark(
    "nobody keeps the timers of this room going: messages wait, and deadlines pass unnoticed, "
    "until somebody opens the board or runs warroom engine"
)


def perform(settings: Settings, key: str, command: Callable[[Acting], Command], whom: str = "") -> None:
    """Carry out the command that `command` makes (it may ask the room what time it is) on the incident `key`. It is
    said where `whom`, whom it is about, cannot be reached."""
    with performing(settings) as session:
        carry_out(settings, session, find_key(session, key), command(session), whom)


def carry_out(settings: Settings, session: Acting, key: str, command: Command, whom: str = "") -> None:
    """`perform` in a room that is open already; `key` is the incident's as the room writes it."""
    outcome = session.execute(command, key)
    tell_outcome(settings, session, outcome)
    if whom and whom not in session.book().people:
        tell(settings, tr("{person} is not in the rulebook: no message reaches them").format(person=whom))


def tell_outcome(settings: Settings, session: Acting, outcome: Outcome) -> None:
    """The one line, or the one object, that says what happened; and a warning when nobody keeps the timers going."""
    now = session.clock()
    if settings.json:
        from warroom.cli.build import incident as build

        emit(build.acted(outcome, now))
    else:
        with titled(session.revision(outcome.room.incident.revision)):
            said = happened(outcome, now)
        say(said)
    # What was asked for is done; that nobody could be asked about the engine is no reason to call it failed.
    with suppress(DatabaseError):
        if _waits(session, outcome) and not any(engine.alive for engine in session.engines()):
            tell(settings, tr(NO_ENGINE))


def _waits(session: Acting, outcome: Outcome) -> bool:
    """Whether anything is left to somebody who keeps the timers going: a deadline, or a message to be sent."""
    book = session.book()
    return bool(due(outcome.room)) or any(outgoing(outcome.room, entry, book) for entry in outcome.entries)
