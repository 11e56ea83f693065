"""The tables of webhooks."""

from alembic import op

from mlflow.sql.webhook_tables import WEBHOOK_TABLES

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make those that are not there yet, which is all unless an earlier attempt broke off."""
    for table in WEBHOOK_TABLES:
        table.create(op.get_bind(), checkfirst=True)
