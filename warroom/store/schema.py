"""The shape of the file: made once, moved forward by migrations, and refused when it is newer than the program.

`meta` names the schema and the oldest programs that may read and write it, as numbers of schemas: a program of schema
N writes a file whose `min_writer` is N or less, reads one whose `min_reader` is N or less, and else says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Inspector, insert, inspect, select, text

from warroom.clock import REAL, Clock
from warroom.store import tables as t
from warroom.store.chain import GENESIS
from warroom.store.codec import from_us, to_us
from warroom.store.database import Database, DatabaseError
from warroom.valueclass import dataclass
from warroom.words import tr

META, HEAD, RULEBOOK, DESK = (t.table(m) for m in (t.MetaRow, t.HeadRow, t.RulebookRow, t.DeskRow))

_BASE = select(META.c.schema_version, META.c.min_reader, META.c.min_writer, META.c.room)
_WRITERS = select(META.c.schema_version, META.c.min_writer)
_CLOCK = select(META.c.clock_real, META.c.clock_room, META.c.clock_speed)
"""Since schema 2; whatever else is read of `meta` has been there from the beginning."""


class NotARoom(DatabaseError):
    """The database holds something else than a war room."""


class TooNew(DatabaseError):
    """A newer warroom made this file, and this one may not do with it what was asked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a file says of itself. `writable` is False when a newer program has to be used for writing; `clock` is the
    room's own time."""

    schema_version: int
    room: str
    writable: bool
    clock: Clock = REAL


@dataclass(frozen=True, slots=True)
class Rules:
    """What a new room begins with: rules (revision and content), its name, and its clock if not the machine's."""

    revision: str
    content: str
    room: str
    clock: Clock = REAL


def prepare(database: Database, new_room: Callable[[], Rules], *, login: str, now: Callable[[], datetime]) -> Standing:
    """Make sure that the file has this program's schema: create it, migrate it forward, or leave it as it is.

    `new_room` is asked only when there is no room yet.
    Raises `TooNew` when the file may not even be read, `NotARoom` when it holds other tables.
    """
    if database.readonly:
        return standing(database)
    with database.read() as c:
        names = set(inspect(c).get_table_names())
    if not names:
        rules = new_room()
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
        look = inspect(c)
        names = set(look.get_table_names())
        if not _is_room(look, names):
            text = (
                tr("{file} holds other tables ({tables}): it is not a war room; name another file with --db")
                if names
                else tr("{file} is empty: it is not a war room; name another file with --db")
            )
            raise NotARoom(text.format(file=database.where, tables=", ".join(sorted(names)[:5])))
        row = c.execute(_BASE).one()
        clock = c.execute(_CLOCK).one() if row.schema_version >= 2 else None
    if row.min_reader > t.SCHEMA_VERSION:
        raise TooNew(
            tr(
                "{file} was written by a newer warroom (schema {version}; this program knows {known} and "
                "needs {min_reader} to read it): please upgrade warroom"
            ).format(file=database.where, version=row.schema_version, known=t.SCHEMA_VERSION, min_reader=row.min_reader)
        )
    own = REAL
    if clock is not None and clock.clock_real is not None:
        own = Clock(from_us(clock.clock_real), from_us(clock.clock_room), float(clock.clock_speed))
    return Standing(int(row.schema_version), str(row.room), int(row.min_writer) <= t.SCHEMA_VERSION, own)


def _is_room(look: Inspector, names: set[str]) -> bool:
    """Whether the tables are ours; `meta` is a name that other programs use too."""
    if not {"meta", "head", "event", "incident"} <= names:
        return False
    return {c.name for c in _BASE.selected_columns} <= {column["name"] for column in look.get_columns("meta")}


def may_write(c: Connection, database: Database) -> None:
    """Refuse inside a write when a newer program has moved the file forward since it was opened here.

    A board stays open for weeks, and meanwhile somebody upgrades. Raises `TooNew`.
    """
    row = c.execute(_WRITERS).one()
    if row.min_writer > t.SCHEMA_VERSION:
        raise too_new_to_write(database, Standing(int(row.schema_version), "", writable=False))


def too_new_to_write(database: Database, found: Standing) -> TooNew:
    """The refusal to write a newer file, in words."""
    return TooNew(
        tr(
            "{file} belongs to a newer warroom (schema {version}; this program writes {known}): it "
            "is shown read-only, please upgrade warroom to change anything"
        ).format(file=database.where, version=found.schema_version, known=t.SCHEMA_VERSION)
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
            "clock_real": None if rules.clock is REAL else to_us(rules.clock.real),
            "clock_room": None if rules.clock is REAL else to_us(rules.clock.room),
            "clock_speed": None if rules.clock is REAL else rules.clock.speed,
        },
    )
    publish(c, rules, login, now)
    c.execute(insert(DESK), {"id": 1, "version": 0, "state": "{}"})
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


def revision_id(schema_version: int) -> str:
    """The migration that leads to a schema: its number, four digits."""
    return f"{schema_version:04d}"


def migrations() -> Path:
    """Where the migrations stand in the package."""
    return Path(__file__).parent / "migrations"
