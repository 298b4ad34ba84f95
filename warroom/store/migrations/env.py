"""How migrations run: on the connection that warroom hands over, in its transaction."""

from alembic import context

from warroom.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.WarroomTable.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
