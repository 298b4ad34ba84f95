"""Opening a room and carrying commands out in it; what is looked at for a screen is in `warroom.service.session`.

A command that somebody waits for opens a room, does one thing and ends: what screens need is not even imported here.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection

from warroom.clock import REAL, Clock
from warroom.domain.book import Rulebook
from warroom.domain.core import Command, Entry
from warroom.domain.desk import Desk
from warroom.domain.duty import Duty
from warroom.domain.room import Room
from warroom.service.people import engine_line
from warroom.store import besides, presence, queries, schema
from warroom.store.database import Database
from warroom.store.revisions import load_book
from warroom.store.write import DESK_NUMBER, Conflict, DeskOutcome, NoSuchIncident, Outcome, Writer
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.rulebook.convert import Loaded
    from warroom.views import EngineLine

TRIES = 5
"""How often a command is carried out again that lost a race for the same incident."""


class Acting:
    """One thread's access to one room, to act in it. Use it as a context manager."""

    def __init__(
        self,
        target: str | Path,
        *,
        actor: str,
        seed: Callable[[], Loaded],
        clock: Callable[[], datetime] | None = None,
        new_clock: Clock = REAL,
        readonly: bool = False,
        create: bool = True,
        login: str | None = None,
        traceless: bool = False,
    ) -> None:
        """Open the room at `target` (a path or a URL).

        `seed` gives the rules of a room that is made now, `new_clock` its clock; every later session takes the clock
        from the room. `clock` overrides it, for tests. `traceless` only reads, and makes no file at all.

        Raises `DatabaseError` in plain words when the file cannot be used, or may not be by this version.
        """
        self.actor, self.target = actor, target
        readonly = readonly or traceless
        self.database = Database.open(target, readonly=readonly, create=create, login=login, traceless=traceless)
        try:
            if readonly:
                found = schema.standing(self.database)
            else:

                def new_room() -> schema.Rules:
                    loaded = seed()
                    return schema.Rules(loaded.revision, loaded.json, loaded.book.room, new_clock)

                found = schema.prepare(self.database, new_room, login=actor, now=clock or new_clock)
        except BaseException:
            self.database.close()
            raise
        self.standing = found
        self.room_clock = found.clock
        self.clock: Callable[[], datetime] = clock or found.clock
        self.readonly = readonly or not found.writable
        # A file before schema 3 has no desk yet; where it may only be read, it stays like that.
        self._old = found.schema_version < 3
        self._before_conduct = found.schema_version < 4
        self._writer = Writer(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self.database.close()

    # Acting --------------------------------------------------------------------------------------------------------

    @property
    def writer(self) -> Writer:
        """The one write path; raises when this room may only be read."""
        if not self.standing.writable:
            raise schema.too_new_to_write(self.database, self.standing)
        return self._writer

    def execute(self, command: Command, key: str = "", *, actor: str | None = None) -> Outcome:
        """Carry out a command. Raises `Refused` with a message for the person, or `DatabaseError`; nothing was done."""
        for _ in range(TRIES - 1):
            try:
                return self.writer.execute(command, key=key, actor=actor or self.actor, now=self.clock)
            except Conflict:
                continue
        return self.writer.execute(command, key=key, actor=actor or self.actor, now=self.clock)

    def execute_all(self, commands: Iterable[Command]) -> list[Outcome]:
        """Carry out an import: all of it, or nothing."""
        return self.writer.execute_all(commands, actor=self.actor, now=self.clock)

    def at_desk(self, command: Command, *, actor: str | None = None) -> DeskOutcome:
        """Carry out a command that belongs to no incident (on-call duty). Raises as `execute` does."""
        for _ in range(TRIES - 1):
            try:
                return self.writer.at_desk(command, actor=actor or self.actor, now=self.clock)
            except Conflict:
                continue
        return self.writer.at_desk(command, actor=actor or self.actor, now=self.clock)

    def publish(self, loaded: Loaded) -> DeskOutcome:
        """Put a revision of the rules into the room and in force for incidents that begin from now on.

        It is on the record of the desk. What is in force already is not published again.
        """
        rules = schema.Rules(loaded.revision, loaded.json, loaded.book.room)
        return self.writer.publish(rules, actor=self.actor, now=self.clock)

    # Looking -------------------------------------------------------------------------------------------------------

    def seq(self) -> int:
        """The number of the latest event: moves when, and only when, something happened."""
        with self.database.read() as c:
            return queries.seq(c)

    def book(self) -> Rulebook:
        """The rules in force for new incidents."""
        with self.database.read() as c:
            return load_book(c, queries.rulebook_in_force(c))

    def revision(self, revision: str) -> Rulebook:
        """The rules of a revision that this room holds; raises `Refused` when it does not."""
        with self.database.read() as c:
            return load_book(c, revision)

    def desk(self) -> Desk:
        """Overrides, absences and swaps as they stand."""
        with self.database.read() as c:
            return Desk() if self._old else besides.desk(c)

    def duty(self) -> Duty:
        """What stands besides the rules, for questions about schedules: without pages, turns and recent incidents."""
        standing = self.desk()
        return Duty(standing.overrides, standing.absences, standing.swaps)

    def desk_log(self, *, most: int = 1_000) -> list[tuple[int, Entry]]:
        """The last entries of the desk, oldest first, each with its number in the record."""
        with self.database.read() as c:
            return [(seq, entry) for seq, _, entry in queries.latest(c, DESK_NUMBER, most)]

    def room(self, key: str) -> Room:
        """The state of one incident; raises `NoSuchIncident`."""
        with self.database.read() as c:
            return self._one(c, key)[1]

    def engines(self) -> tuple[EngineLine, ...]:
        """The processes that keep the timers going, as `board` has them."""
        real = REAL()
        with self.database.read() as c:
            return tuple(engine_line(row, real) for row in presence.present(c, real))

    def _one(self, c: Connection, key: str) -> tuple[int, Room]:
        found = queries.one(c, key)
        if found is None:
            raise NoSuchIncident(tr("there is no incident {key} here: see warroom list --all").format(key=key))
        return found


def login_name() -> str:
    """Who is at the keyboard: the login of this process, or its number where it has no name."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())


def host_name() -> str:
    """This machine's short name."""
    return socket.gethostname().partition(".")[0] or "localhost"
