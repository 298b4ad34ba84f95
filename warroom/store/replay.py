"""The record of a room folded once more from its first event: what every table should say, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from typing import Any

from sqlalchemy import Connection, bindparam, select

from warroom.domain.book import Rulebook
from warroom.domain.core import Entry, Refused
from warroom.domain.desk import Desk, RulesPublished, evolve_desk
from warroom.domain.room import Room, evolve
from warroom.domain.text import clean_line
from warroom.rulebook.problems import RulebookError
from warroom.store.chain import GENESIS, seal
from warroom.store.codec import UnknownEvent
from warroom.store.projection import Row, messages_of, turns_of, update_of
from warroom.store.queries import entry_of
from warroom.store.revisions import load_book
from warroom.store.write import DESK_NUMBER, EVENT
from warroom.valueclass import dataclass
from warroom.words import tr

PAGE_OF_EVENTS = 2000
_FIXED = ("incident", "kind", "recipient", "via")
"""What a message is. Its words and its address are not among it: another version of this program may say them
otherwise of the same event, and a message keeps those that it was written with."""
_NEXT = select(EVENT).where(EVENT.c.seq > bindparam("after")).order_by(EVENT.c.seq).limit(PAGE_OF_EVENTS)


@dataclass(slots=True)
class Replay:
    """The room of every incident as the record has it, with what else is projected from single events.

    `messages` holds of each message a hash of what never changes in its row; `lost` the incidents whose rules are not
    there, so that not all of their rows can be told. `unreadable`: events that cannot be folded.
    """

    rooms: dict[int, Room] = field(default_factory=dict)
    books: dict[int, Rulebook] = field(default_factory=dict)
    updates: dict[tuple[int, int], Row] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    seq: int = 0
    hash: str = GENESIS
    newest: int = 0
    broken: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    lost: dict[int, str] = field(default_factory=dict)
    desk: Desk = field(default_factory=Desk)
    in_force: str = ""
    turns: Counter[str] = field(default_factory=Counter)


def events(c: Connection) -> Iterator[Any]:
    """All rows of the record in order, in pages, never by offset."""
    after = -(1 << 63)
    while rows := c.execute(_NEXT, {"after": after}).all():
        yield from rows
        after = rows[-1].seq


def replayed(c: Connection) -> Replay:
    """Fold the whole record. Raises `UnknownEvent` for an event that a newer program sealed."""
    out = Replay()
    for row in events(c):
        out.newest = max(out.newest, row.incident if isinstance(row.incident, int) else 0)
        if row.seq < 1:
            out.broken.append(tr("event {seq} stands before the first one").format(seq=row.seq))
            continue
        sealed = seal(out.hash, row.seq, row.incident, row.version, row.kind, row.at, row.due, row.actor, row.data)
        if row.seq != out.seq + 1:
            out.broken.append(tr("event {seq} is missing").format(seq=out.seq + 1))
        if sealed != row.hash:
            out.broken.append(
                tr("event {seq} (incident {incident}, {kind}) is not what was sealed").format(
                    seq=row.seq, incident=row.incident, kind=row.kind
                )
            )
        out.seq, out.hash = row.seq, row.hash
        if row.incident == DESK_NUMBER:
            _fold_desk(out, row)
            continue
        try:
            entry = entry_of(row)
            room = evolve(out.rooms.get(row.incident), entry)
        except UnknownEvent as error:
            if sealed == row.hash:
                raise
            out.unreadable.append(tr("event {seq} cannot be read: {why}").format(seq=row.seq, why=error))
        except Exception as error:  # whatever stands in a row that somebody changed
            why = clean_line(f"{type(error).__name__}: {error}", 200)
            out.unreadable.append(
                tr("event {seq} does not follow from those before it: {why}").format(seq=row.seq, why=why)
            )
        else:
            out.rooms[row.incident] = room
            if row.version != room.version:
                out.broken.append(
                    tr("event {seq} says version {version} of incident {incident}").format(
                        seq=row.seq, version=row.version, incident=row.incident
                    )
                )
            _project(c, out, row, entry, room)
    return out


def _fold_desk(out: Replay, row: Any) -> None:
    """One entry of the desk; what cannot be read is noted and left out."""
    try:
        entry = entry_of(row)
    except UnknownEvent:
        raise
    except Exception as error:  # whatever stands in a row that somebody changed
        why = clean_line(f"{type(error).__name__}: {error}", 200)
        out.unreadable.append(tr("event {seq} cannot be read: {why}").format(seq=row.seq, why=why))
        return
    out.desk = evolve_desk(out.desk, entry)
    if row.version != out.desk.version:
        out.broken.append(tr("event {seq} says version {version} of the desk").format(seq=row.seq, version=row.version))
    if isinstance(entry.event, RulesPublished):
        out.in_force = entry.event.revision


def _project(c: Connection, out: Replay, row: Any, entry: Entry, room: Room) -> None:
    number = row.incident
    out.turns.update(turns_of((entry,)))
    update = update_of(number, row.version, entry)
    if update is not None:
        out.updates[number, row.version] = update
    if number in out.lost:
        return
    try:
        book = out.books.get(number)
        if book is None or book.revision != room.incident.revision:
            book = out.books[number] = load_book(c, room.incident.revision)
        for message in messages_of(number, row.version, room, entry, book):
            out.messages[message["id"]] = content_of(message)
    except (Refused, RulebookError) as error:
        out.lost[number] = f"{room.incident.key}: {error}"


def content_of(row: Any) -> int:
    """A hash, of this process only, of what is never changed in the row of a message."""
    return hash(tuple(row[name] for name in _FIXED))
