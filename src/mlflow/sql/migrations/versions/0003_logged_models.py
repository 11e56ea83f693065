"""The tables of logged models.

`model_metrics` is laid out anew: until now there were no logged models, so that no database has a row in it.
"""

import sqlalchemy as sa
from alembic import op

from mlflow.sql.logged_model_tables import LOGGED_MODEL_TABLES

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Drop the older table, and make those that are not there yet."""
    inspector = sa.inspect(op.get_bind())
    there = inspector.has_table("model_metrics")
    if there and "model_id" in {column["name"] for column in inspector.get_columns("model_metrics")}:
        op.drop_table("model_metrics")
    for table in LOGGED_MODEL_TABLES:
        table.create(op.get_bind(), checkfirst=True)
