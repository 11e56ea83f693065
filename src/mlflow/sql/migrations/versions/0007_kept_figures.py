"""The table of figures of large experiments."""

from alembic import op

from mlflow.sql.figure_tables import FIGURE_TABLES

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make it unless it is there, as after an attempt that broke off."""
    for table in FIGURE_TABLES:
        table.create(op.get_bind(), checkfirst=True)
