"""Updates that somebody is writing (R10): kept outside the record while they are typed, so that nothing typed is lost.

One row per incident, author and audience. A row knows how often it was saved: whoever saves says which saving theirs
rests on, so that two terminals, or two people, never write over each other. A draft that is not touched for long goes.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from warroom.domain.core import Refused, Stale
from warroom.store import schema
from warroom.store import tables as t
from warroom.store.codec import from_us, to_us
from warroom.store.database import Database
from warroom.valueclass import dataclass
from warroom.words import tr

DRAFT, INCIDENT = t.table(t.DraftRow), t.table(t.IncidentRow)
FORGET = timedelta(days=30)
"""After how long a draft that nobody touched is thrown away."""

_ALL = (
    select(DRAFT, INCIDENT.c.key)
    .join_from(DRAFT, INCIDENT, DRAFT.c.incident == INCIDENT.c.id)
    .order_by(DRAFT.c.incident, DRAFT.c.started_at, DRAFT.c.id)
)
_OF = _ALL.where(DRAFT.c.incident == bindparam("n"))
_ONE = _ALL.where(DRAFT.c.id == bindparam("the_id"))
_NUMBER = select(INCIDENT.c.id).where(INCIDENT.c.key == bindparam("k"))


@dataclass(frozen=True, slots=True)
class Content:
    """What is written, and all that stands around it. `next` and `send` are as they were typed."""

    text: str = ""
    channels: tuple[str, ...] = ()
    template: str = ""
    subject: str = ""
    next: str = ""
    reviewer: str = ""
    send: str = ""
    corrects: int = 0
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft. `version` counts its savings; `id` and `started_at` together name it for good."""

    id: int
    key: str
    author: str
    audience: str
    version: int
    started_at: datetime
    saved_at: datetime
    content: Content


def of_incident(c: Connection, number: int) -> list[Draft]:
    """What is being written on one incident, the earliest begun first."""
    return [_draft(row) for row in c.execute(_OF, {"n": number})]


def everything(c: Connection) -> list[Draft]:
    """What is being written on any incident."""
    return [_draft(row) for row in c.execute(_ALL)]


def save(
    database: Database, key: str, author: str, audience: str, content: Content, now: datetime, base: Draft | None
) -> Draft:
    """Keep what is written; `base` is the draft that it goes on from, None for one that begins.

    Raises `Stale` where somebody has taken it over, it went out, or it is being written on another terminal too.
    """
    with database.write() as c:
        schema.may_write(c, database)
        c.execute(delete(DRAFT).where(DRAFT.c.saved_at < to_us(now - FORGET)))
        number = c.execute(_NUMBER, {"k": key}).scalar()
        if number is None:
            raise Refused(tr("there is no incident {key} here: see warroom list --all").format(key=key))
        values = {"text": content.text, "data": _data(content), "saved_at": to_us(now)}
        if base is None:
            mine = (DRAFT.c.incident == number) & (DRAFT.c.author == author) & (DRAFT.c.audience == audience)
            if c.execute(select(DRAFT.c.id).where(mine)).first() is not None:
                raise Stale(
                    tr("you are writing an {audience} update of {key} already, on another terminal").format(
                        audience=tr(audience), key=key
                    )
                )
            row = {
                "incident": number,
                "author": author,
                "audience": audience,
                "version": 1,
                "started_at": to_us(now),
                **values,
            }
            made = c.execute(insert(DRAFT), row).inserted_primary_key
            assert made is not None
            return Draft(int(made[0]), key, author, audience, 1, now, now, content)
        moved = c.execute(
            update(DRAFT)
            .where(_is(base), DRAFT.c.author == author, DRAFT.c.version == base.version)
            .values(version=base.version + 1, **values)
        )
        if moved.rowcount != 1:
            raise Stale(_why_lost(c, base, author))
        return replace(base, version=base.version + 1, saved_at=now, content=content)


def take(database: Database, wanted: Draft, who: str, now: datetime) -> Draft:
    """Go on with somebody else's draft in their place; one's own for the same audience is thrown away.

    Raises `Stale` where it is not as it was seen any more: nobody takes what they have not read.
    """
    with database.write() as c:
        schema.may_write(c, database)
        found = c.execute(_ONE, {"the_id": wanted.id}).first()
        if found is None or found.started_at != to_us(wanted.started_at):
            raise Stale(tr("that draft is gone: it went out, or was thrown away"))
        if found.author != wanted.author or found.version != wanted.version:
            raise Stale(
                tr("{author} has gone on writing since you looked: read it again, then take it over").format(
                    author=found.author
                )
            )
        own = (DRAFT.c.incident == found.incident) & (DRAFT.c.author == who) & (DRAFT.c.audience == found.audience)
        c.execute(delete(DRAFT).where(own & (DRAFT.c.id != wanted.id)))
        values = {"author": who, "version": wanted.version + 1, "saved_at": to_us(now)}
        c.execute(update(DRAFT).where(_is(wanted)).values(**values))
        return replace(wanted, author=who, version=wanted.version + 1, saved_at=now)


def drop(database: Database, gone: Draft) -> bool:
    """Throw a draft away: it went out, or nobody wants it. False where it had changed hands or gone meanwhile."""
    with database.write() as c:
        schema.may_write(c, database)
        return c.execute(delete(DRAFT).where(_is(gone), DRAFT.c.author == gone.author)).rowcount == 1


def _is(draft: Draft) -> Any:
    # A number may be given again once its draft is gone; the moment at which one began is its own.
    return (DRAFT.c.id == draft.id) & (DRAFT.c.started_at == to_us(draft.started_at))


def _why_lost(c: Connection, base: Draft, author: str) -> str:
    row = c.execute(select(DRAFT.c.author, DRAFT.c.version).where(_is(base))).first()
    if row is None:
        return tr("this draft is gone: it went out, or was thrown away, on another terminal")
    if row.author != author:
        return tr("{author} has taken this draft over: what you typed since is kept on your screen alone").format(
            author=row.author
        )
    return tr("you are writing this on another terminal too: close one of them, the later words stand there")


def _data(content: Content) -> str:
    around = asdict(content)
    del around["text"]
    return json.dumps(around, ensure_ascii=False)


def _draft(row: Any) -> Draft:
    return Draft(
        int(row.id),
        str(row.key),
        str(row.author),
        str(row.audience),
        int(row.version),
        from_us(row.started_at),
        from_us(row.saved_at),
        _content(str(row.text), row.data),
    )


def _content(text: str, data: Any) -> Content:
    """What stands around the text; of a damaged row at least the text."""
    try:
        around = json.loads(data)
        return Content(
            text=text,
            channels=tuple(map(str, around["channels"])),
            template=str(around["template"]),
            subject=str(around["subject"]),
            next=str(around["next"]),
            reviewer=str(around["reviewer"]),
            send=str(around["send"]),
            corrects=int(around["corrects"]),
            replaces=int(around["replaces"]),
        )
    except (ValueError, KeyError, TypeError):
        return Content(text=text)
