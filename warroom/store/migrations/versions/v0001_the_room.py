"""The first shape of the file: events and their head, and everything that is projected from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _moment(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _word(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "meta",
        sa.Column("id", sa.Integer(), primary_key=True),
        _number("schema_version"),
        _number("min_reader"),
        _number("min_writer"),
        _word("room"),
        _moment("created_at"),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), primary_key=True),
        _moment("seq"),
        _word("hash"),
        _number("incidents"),
        _word("rulebook"),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        _number("incident"),
        _number("version"),
        _word("kind"),
        _moment("at"),
        _moment("due", nullable=True),
        _word("actor"),
        _text("data"),
        _word("hash"),
        sa.UniqueConstraint("incident", "version", name="event_once"),
    )
    op.create_table(
        "rulebook",
        sa.Column("revision", sa.String(), primary_key=True),
        _text("content"),
        _moment("published_at"),
        _word("published_by"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        _text("title"),
        _word("severity"),
        _number("rank"),
        _word("status"),
        _flag("live"),
        _word("lead"),
        _word("service"),
        _word("provider", nullable=True),
        _word("source_id", nullable=True),
        _moment("declared_at"),
        _moment("started_at", nullable=True),
        _moment("resolved_at", nullable=True),
        _moment("closed_at", nullable=True),
        _number("version"),
        _word("revision"),
        _text("room"),
        sa.UniqueConstraint("provider", "source_id", name="incident_source"),
    )
    op.create_index("incident_live", "incident", ["live", "rank"])
    op.create_table(
        "role",
        sa.Column("incident", sa.Integer(), primary_key=True),
        sa.Column("role", sa.String(), primary_key=True),
        _word("holder"),
        _moment("since", nullable=True),
        _flag("required"),
        _moment("due", nullable=True),
        _word("offered_to"),
    )
    op.create_table(
        "page",
        sa.Column("incident", sa.Integer(), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        _number("level"),
        _number("cycle"),
        _number("repeat"),
        _moment("at"),
        _word("why"),
        _text("targets"),
        _word("acked_by"),
        _moment("acked_at", nullable=True),
        _text("nobody"),
    )
    op.create_table(
        "comms_update",
        sa.Column("incident", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        _word("channel"),
        _word("audience"),
        _moment("posted_at"),
        _moment("due", nullable=True),
        _word("posted_by"),
        _text("text"),
        _word("source_id"),
        _word("phase"),
    )
    op.create_table(
        "deadline",
        sa.Column("incident", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        _moment("due_at"),
    )
    op.create_index("deadline_due", "deadline", ["due_at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), primary_key=True),
        _number("incident"),
        _word("kind"),
        _word("recipient"),
        _word("via"),
        _word("address"),
        _text("subject"),
        _text("body"),
        _word("state"),
        _number("tries"),
        _moment("created_at"),
        _moment("next_at"),
        _word("claimed_by"),
        _moment("sent_at", nullable=True),
        _text("error"),
        _flag("maybe_twice"),
    )
    op.create_index("outbox_state", "outbox", ["state", "next_at"])
    op.create_table(
        "presence",
        sa.Column("id", sa.String(), primary_key=True),
        _word("login"),
        _word("host"),
        _number("pid"),
        _word("kind"),
        _moment("started_at"),
        _moment("seen_at"),
        _moment("lag_us"),
        _word("note"),
    )
