"""In a storm every decision asks how many incidents of its service came before it: an index counts them."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the index."""
    op.create_index("incident_service", "incident", ["service", "declared_at", "provider"])
