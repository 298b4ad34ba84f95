"""A room may have a clock of its own: a demo or a drill runs faster, and everybody in it has to agree on the time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Three columns; empty in a room that runs on the machine's time, as every room did before."""
    with op.batch_alter_table("meta") as meta:
        meta.add_column(sa.Column("clock_real", sa.BigInteger(), nullable=True))
        meta.add_column(sa.Column("clock_room", sa.BigInteger(), nullable=True))
        meta.add_column(sa.Column("clock_speed", sa.Float(), nullable=True))
