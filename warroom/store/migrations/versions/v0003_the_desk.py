"""On-call duty that people change while the room runs, whose turn it is, and what a message does at its receiver."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the desk and the turns, and to each message its action, dedup key, destination and bundle."""
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
    )
    op.execute("INSERT INTO desk (id, version, state) VALUES (1, 0, '{}')")
    op.create_table(
        "policy_turn",
        sa.Column("policy", sa.String(), primary_key=True),
        sa.Column("turns", sa.Integer(), nullable=False),
    )
    # Every escalation that began so far took its turn.
    op.execute(
        "INSERT INTO policy_turn (policy, turns) SELECT json_extract(data, '$.policy'), count(*) FROM event "
        "WHERE kind = 'escalation_planned' GROUP BY 1"
    )
    with op.batch_alter_table("outbox") as outbox:
        for name in ("action", "dedup", "destination", "bundle"):
            default = "message" if name == "action" else ""
            outbox.add_column(sa.Column(name, sa.String(), nullable=False, server_default=default))
    # What waits goes on by the way that it was meant for; a page counts with the others of its entry.
    op.execute("UPDATE outbox SET destination = CASE kind WHEN 'update' THEN 'channel:' || via ELSE via END")
    op.execute("UPDATE outbox SET dedup = rtrim(rtrim(id, '0123456789'), '/') WHERE kind = 'page'")
    held = sa.text("name LIKE 'hold:%'")
    op.create_index("deadline_held", "deadline", ["name"], sqlite_where=held, postgresql_where=held)
    op.create_index("outbox_recipient", "outbox", ["recipient", "created_at"])
    op.create_index("outbox_incident", "outbox", ["incident"])
    op.create_index("incident_declared", "incident", ["declared_at"])
