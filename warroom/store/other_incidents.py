"""Finding an incident by its key within a write, and what a command on one incident writes on others (R1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from warroom.domain.book import Rulebook
from warroom.domain.core import Command, Context, Entry, Refused
from warroom.domain.other_incidents import commands_for_others, filled, other_key
from warroom.domain.room import Room, decision
from warroom.store import besides
from warroom.store import plan as plans
from warroom.store.codec import decode_room
from warroom.store.plan import INCIDENT, Plan
from warroom.words import tr

_BY_KEY = select(INCIDENT.c.id, INCIDENT.c.room).where(INCIDENT.c.key == bindparam("k")).with_for_update()


class NoSuchIncident(Refused):
    """There is no incident of that key in this room."""


def locked(c: Connection, key: str) -> tuple[int, Room]:
    """The incident of that key, locked until the transaction ends; raises `NoSuchIncident`."""
    found = c.execute(_BY_KEY, {"k": key}).first()
    if found is None:
        raise NoSuchIncident(tr("there is no incident {key} here: see warroom list --all").format(key=key))
    return int(found.id), decode_room(found.room)


def completed(c: Connection, command: Command) -> Command:
    """The command with what another incident adds to it, where it names one."""
    key = other_key(command)
    return filled(command, locked(c, key)[1]) if key else command


def plans_for_others(
    c: Connection,
    command: Command,
    rooms: tuple[Room | None, Room],
    actor: str,
    now: datetime,
    book_of: Callable[[str], Rulebook],
) -> list[Plan]:
    """What a command does to other incidents, all of which is written with it or not at all; `rooms` are its own before
    and after. One plan for each incident, in the order of their numbers."""
    numbers: dict[str, int] = {}
    found: dict[int, tuple[Room, Rulebook, list[tuple[Entry, Room]]]] = {}
    for key, other in commands_for_others(command, *rooms):
        if key not in numbers:
            number, room = locked(c, key)
            numbers[key] = number
            found[number] = (room, book_of(room.incident.revision), [])
        number = numbers[key]
        room, book, steps = found[number]
        context = Context(now, actor, book, besides.duty(c, number, now))
        decided = decision(steps[-1][1] if steps else room, other, context)
        steps += zip(decided.entries, decided.rooms, strict=True)
    return [plans.plan(number, room, steps, book) for number, (room, book, steps) in sorted(found.items()) if steps]
