"""The tables of the model registry."""

from alembic import op

from mlflow.sql.registry_tables import REGISTRY_TABLES

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make those that are not there yet, which is all unless an earlier attempt broke off."""
    for table in REGISTRY_TABLES:
        table.create(op.get_bind(), checkfirst=True)
