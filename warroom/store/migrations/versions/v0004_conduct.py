"""What people say to others while they work: drafts that survive a crash; when an update was due, and what it mends."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the drafts, and to each update when it had been due, who reviewed it and which one it corrects."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.UniqueConstraint("incident", "author", "audience", name="draft_once"),
    )
    op.create_table(
        "attendance",
        sa.Column("incident", sa.Integer(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("since", sa.BigInteger(), primary_key=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
    )
    op.create_index("attendance_person", "attendance", ["person", "until"])
    op.create_index("role_holder", "role", ["role", "holder"])
    with op.batch_alter_table("comms_update") as updates:
        updates.add_column(sa.Column("was_due", sa.BigInteger(), nullable=True))
        updates.add_column(sa.Column("reviewer", sa.String(), nullable=False, server_default=""))
        updates.add_column(sa.Column("corrects", sa.Integer(), nullable=True))
