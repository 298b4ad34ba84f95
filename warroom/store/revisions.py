"""What the database holds of the rules: every revision that was ever put into it, and what runs on which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from warroom.domain.book import Rulebook
from warroom.domain.core import Refused
from warroom.rulebook.convert import from_json
from warroom.store import tables as t
from warroom.store.codec import from_us
from warroom.valueclass import dataclass
from warroom.words import tr

RULEBOOK, INCIDENT = t.table(t.RulebookRow), t.table(t.IncidentRow)

_ALL = select(RULEBOOK.c.revision, RULEBOOK.c.published_at, RULEBOOK.c.published_by).order_by(
    RULEBOOK.c.published_at, RULEBOOK.c.revision
)
_CONTENT = select(RULEBOOK.c.content).where(RULEBOOK.c.revision == bindparam("revision"))
_RUNNING = (
    select(INCIDENT.c.revision, func.count())
    .where(INCIDENT.c.live, INCIDENT.c.provider.is_(None))
    .group_by(INCIDENT.c.revision)
)


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """One revision: its name, when it first came into the database, and by whom."""

    revision: str
    at: datetime
    by: str


def stored(c: Connection) -> tuple[StoredRevision, ...]:
    """Every revision, the oldest first."""
    return tuple(StoredRevision(row.revision, from_us(row.published_at), row.published_by) for row in c.execute(_ALL))


def content(c: Connection, revision: str) -> str | None:
    """The text of a revision; None when it is not held."""
    found = c.execute(_CONTENT, {"revision": revision}).scalar()
    return None if found is None else str(found)


def running(c: Connection) -> dict[str, int]:
    """How many incidents of our own are live, by the revision that they run on."""
    return {str(revision): int(count) for revision, count in c.execute(_RUNNING)}


def load_book(c: Connection, revision: str) -> Rulebook:
    """The rules of a revision; raises `Refused` when the database does not hold it."""
    book = _books.get(revision)
    if book is None:
        found = content(c, revision)
        if found is None:
            raise Refused(
                tr("this room does not hold revision {revision} of the rules: run warroom doctor").format(
                    revision=revision
                )
            )
        book = _books[revision] = from_json(found).book
    return book


_books: dict[str, Rulebook] = {}
"""Revisions are immutable and named by their content, so that they may be kept for as long as the process lives."""
