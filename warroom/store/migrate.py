"""Moving an older file forward. Imported only when a file is behind, since the library behind it is slow to load."""

from __future__ import annotations

from contextlib import suppress

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, update

from warroom.store import doctor, schema
from warroom.store import tables as t
from warroom.store.database import Database


def config(connection: Connection) -> Config:
    """The migration library's settings: the package's own folder, and a connection that holds the lock."""
    made = Config()
    made.set_main_option("script_location", str(schema.migrations()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def migrate(database: Database) -> None:
    """Bring the file to this program's schema, under the lock and in one transaction, after a copy was kept.

    The copy stands beside the file as `NAME.before-schema-N`. When anything fails, nothing has changed.
    """
    if schema.standing(database).schema_version >= t.SCHEMA_VERSION:
        return
    with database.write() as c:
        if c.execute(select(schema.META.c.schema_version)).scalar_one() >= t.SCHEMA_VERSION:
            return  # another process was quicker; what it kept must not be replaced by a copy of the new file
        database.backup(f"before-schema-{t.SCHEMA_VERSION}")
        command.upgrade(config(c), schema.revision_id(t.SCHEMA_VERSION))
        # A newer program remembers more of the same events. Where the record cannot be folded the rows stay as they
        # are, and warroom doctor says so.
        with suppress(ValueError):
            doctor.remake(c, without_rules=True)
        c.execute(
            update(schema.META).values(
                schema_version=t.SCHEMA_VERSION, min_reader=t.MIN_READER, min_writer=t.MIN_WRITER
            )
        )
