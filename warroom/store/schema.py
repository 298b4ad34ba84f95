"""The shape of the file: made once, moved forward by migrations, and refused when it is newer than the program.

`meta` names the schema and the oldest programs that may read and write it, as numbers of schemas: a program of schema
N writes a file whose `min_writer` is N or less, reads one whose `min_reader` is N or less, and else says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, text, update

from warroom.store import tables as t
from warroom.store.chain import GENESIS
from warroom.store.codec import to_us
from warroom.store.database import Database, DatabaseError

META, HEAD, RULEBOOK = t.table(t.MetaRow), t.table(t.HeadRow), t.table(t.RulebookRow)


class NotARoom(DatabaseError):
    """The database holds something else than a war room."""


class TooNew(DatabaseError):
    """A newer warroom made this file, and this one may not do with it what was asked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a file says of itself. `writable` is False when a newer program has to be used for writing."""

    schema_version: int
    room: str
    writable: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that a new room begins with: revision, content, and the name of the room."""

    revision: str
    content: str
    room: str


def prepare(database: Database, rules: Rules, *, login: str, now: Callable[[], datetime]) -> Standing:
    """Make sure that the file has this program's schema: create it, migrate it forward, or leave it as it is.

    Raises `TooNew` when the file may not even be read, `NotARoom` when it holds other tables.
    """
    if database.readonly:
        return standing(database)
    with database.read() as c:
        names = set(inspect(c).get_table_names())
    if not names:
        with database.write() as c:
            # Somebody else may have made it between the look and the lock.
            if not inspect(c).get_table_names():
                _create(c, rules, login, now())
        return standing(database)
    found = standing(database)
    if found.writable and found.schema_version < t.SCHEMA_VERSION:
        from warroom.store.migrate import migrate

        migrate(database)
        found = standing(database)
    return found


def standing(database: Database) -> Standing:
    """What the file says of itself; raises `TooNew` or `NotARoom`."""
    with database.read() as c:
        names = set(inspect(c).get_table_names())
        if "meta" not in names:
            what = "is empty" if not names else f"holds other tables ({', '.join(sorted(names)[:5])})"
            raise NotARoom(f"{database.where} {what}: it is not a war room; name another file with --db")
        row = c.execute(select(META)).one()
    if row.min_reader > t.SCHEMA_VERSION:
        raise TooNew(
            f"{database.where} was written by a newer warroom (schema {row.schema_version}; this program knows "
            f"{t.SCHEMA_VERSION} and needs {row.min_reader} to read it): please upgrade warroom"
        )
    return Standing(int(row.schema_version), str(row.room), int(row.min_writer) <= t.SCHEMA_VERSION)


def too_new_to_write(database: Database, found: Standing) -> TooNew:
    """The refusal to write a newer file, in words."""
    return TooNew(
        f"{database.where} belongs to a newer warroom (schema {found.schema_version}; this program writes "
        f"{t.SCHEMA_VERSION}): it is shown read-only, please upgrade warroom to change anything"
    )


def _create(c: Connection, rules: Rules, login: str, now: datetime) -> None:
    t.WarroomTable.metadata.create_all(c)
    c.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    c.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": revision_id(t.SCHEMA_VERSION)})
    c.execute(
        insert(META),
        {
            "id": 1,
            "schema_version": t.SCHEMA_VERSION,
            "min_reader": t.MIN_READER,
            "min_writer": t.MIN_WRITER,
            "room": rules.room,
            "created_at": to_us(now),
        },
    )
    publish(c, rules, login, now)
    c.execute(insert(HEAD), {"id": 1, "seq": 0, "hash": GENESIS, "incidents": 0, "rulebook": rules.revision})


def publish(c: Connection, rules: Rules, login: str, now: datetime) -> None:
    """Store a revision of the rules; storing the same one again changes nothing."""
    if c.execute(select(RULEBOOK.c.revision).where(RULEBOOK.c.revision == rules.revision)).first() is None:
        c.execute(
            insert(RULEBOOK),
            {
                "revision": rules.revision,
                "content": rules.content,
                "published_at": to_us(now),
                "published_by": login,
            },
        )


def put_in_force(c: Connection, revision: str) -> None:
    """Let new incidents begin under this revision; running ones keep theirs."""
    c.execute(update(HEAD).values(rulebook=revision))


def revision_id(schema_version: int) -> str:
    """The migration that leads to a schema: its number, four digits."""
    return f"{schema_version:04d}"


def migrations() -> Path:
    """Where the migrations stand in the package."""
    return Path(__file__).parent / "migrations"
