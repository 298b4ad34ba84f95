"""Reading what stands around an update, and keeping what somebody is writing, on one session."""

from __future__ import annotations

from warroom.service.composing import Composing
from warroom.service.session import Session
from warroom.service.viewing import record_lines
from warroom.store import drafts, queries
from warroom.store.drafts import Content, Draft
from warroom.store.revisions import load_book
from warroom.store.write import NoSuchIncident
from warroom.words import tr

SINCE_SCHEMA = 4
"""Since which schema a file holds drafts."""
LATELY = 120
"""How many of the last entries of the record are looked at for what people did since the last update."""


def composing(session: Session, key: str) -> Composing:
    """One look at the room for somebody who writes an update; raises `NoSuchIncident`."""
    with session.database.read() as c:
        found = queries.one(c, key)
        if found is None:
            raise NoSuchIncident(tr("there is no incident {key} here: see warroom list --all").format(key=key))
        number, room = found
        rows = queries.updates(c, number, old=session.standing.schema_version < SINCE_SCHEMA)
        book = load_book(c, room.incident.revision)
        lately = record_lines(queries.latest(c, number, LATELY), room.incident.provider, book)
        return Composing(room, book, rows, lately)


def drafts_of(session: Session, key: str = "") -> list[Draft]:
    """What is being written on an incident, or on any."""
    if session.standing.schema_version < SINCE_SCHEMA:
        return []
    with session.database.read() as c:
        if not key:
            return drafts.everything(c)
        found = queries.one(c, key)
        return [] if found is None else drafts.of_incident(c, found[0])


def keep(session: Session, key: str, audience: str, content: Content, base: Draft | None) -> Draft:
    """Keep what the person of this session is writing. Raises as `drafts.save` does."""
    _ = session.writer  # raises where this room may only be read
    return drafts.save(session.database, key, session.actor, audience, content, session.clock(), base)


def take_over(session: Session, wanted: Draft) -> Draft:
    """Go on with what somebody else is writing. Raises as `drafts.take` does."""
    _ = session.writer
    return drafts.take(session.database, wanted, session.actor, session.clock())


def throw_away(session: Session, gone: Draft) -> bool:
    """A draft is not needed any more."""
    _ = session.writer
    return drafts.drop(session.database, gone)
