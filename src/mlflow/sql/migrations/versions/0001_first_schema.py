"""The first schema.

An empty database gets the newest schema at once and never runs this; it is the root that later revisions name.
"""

from alembic import op

from mlflow.sql.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables that are not there yet."""
    metadata.create_all(op.get_bind())
