"""The table of saved views."""

from alembic import op

from mlflow.sql.view_tables import VIEW_TABLES

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make those that are not there yet, which is all unless an earlier attempt broke off."""
    for table in VIEW_TABLES:
        table.create(op.get_bind(), checkfirst=True)
