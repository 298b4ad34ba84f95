"""The rules of one room through time: which revisions it holds, which is in force, and what runs on which."""

from __future__ import annotations

from datetime import datetime

from warroom.domain.core import Refused
from warroom.domain.desk import RulesPublished
from warroom.domain.text import quote_plain
from warroom.rulebook.convert import Loaded, from_json
from warroom.service.session import Session
from warroom.store import queries, revisions
from warroom.valueclass import dataclass
from warroom.words import tr

IN_FORCE = "inforce"
"""What people call the revision that is in force."""


@dataclass(frozen=True, slots=True)
class Published:
    """A revision was put in force: when, by whom, and which one was before it ("" for the room's first)."""

    revision: str
    at: datetime
    by: str
    before: str
    in_force: bool = False


def in_force(session: Session) -> str:
    """The name of the revision that is in force."""
    with session.database.read() as c:
        return queries.rulebook_in_force(c)


def history(session: Session) -> tuple[Published, ...]:
    """Every time a revision was put in force, oldest first; the last one is in force."""
    with session.database.read() as c:
        held, now = revisions.stored(c), queries.rulebook_in_force(c)
    out: list[Published] = []
    for _, entry in session.desk_log(most=100_000):
        if isinstance(entry.event, RulesPublished):
            out.append(Published(entry.event.revision, entry.at, entry.actor, entry.event.before))
    # The one that the room began with, and those that were published before that was put on record.
    recorded = {each.revision for each in out}
    early, before = [], ""
    for each in held:
        if each.revision not in recorded:
            early.append(Published(each.revision, each.at, each.by, before))
            before = each.revision
    found = sorted([*early, *out], key=lambda p: p.at)
    last = max((n for n, p in enumerate(found) if p.revision == now), default=-1)
    return tuple(Published(p.revision, p.at, p.by, p.before, in_force=n == last) for n, p in enumerate(found))


def held(session: Session, revision: str) -> bool:
    """Whether the room holds a revision of exactly this name."""
    with session.database.read() as c:
        return revisions.content(c, revision) is not None


def find(session: Session, name: str) -> Loaded:
    """The revision that somebody means: "inforce", a whole name, or the beginning of one.

    Raises `Refused` when there is none, or more than one.
    """
    with session.database.read() as c:
        held = [each.revision for each in revisions.stored(c)]
        wanted = name.strip().lower()
        if wanted == IN_FORCE:
            wanted = queries.rulebook_in_force(c)
        found = [each for each in held if each.startswith(wanted)] if wanted else []
        if len(found) != 1:
            which = (
                tr("{count} of them begin with it").format(count=len(found))
                if found
                else tr("see warroom rulebook log")
            )
            raise Refused(
                tr("this room holds no revision {name} of the rules: {which}").format(
                    name=quote_plain(name), which=which
                )
            )
        text = revisions.content(c, found[0])
    assert text is not None
    return from_json(text)


def running(session: Session) -> dict[str, int]:
    """How many incidents of our own are live, by the revision that they run on."""
    with session.database.read() as c:
        return revisions.running(c)
