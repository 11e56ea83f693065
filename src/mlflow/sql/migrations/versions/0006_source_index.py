"""An index of versions by their source.

The column is the database's to fill, so servers of the release before can go on to add versions meanwhile.
"""

import sqlalchemy as sa
from alembic import op

from mlflow.sql.migrations.steps import add_missing_column, create_missing_index
from mlflow.sql.registry_tables import SOURCE_HEAD_OF, model_versions

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the first characters of the source, and their index."""
    stored = op.get_bind().dialect.name != "sqlite"  # which adds no column whose values would have to be written
    head = sa.Column("source_head", model_versions.c.source_head.type, sa.Computed(SOURCE_HEAD_OF, persisted=stored))
    add_missing_column("model_versions", head)
    create_missing_index("model_versions_by_source", "model_versions", ["workspace", "source_head"])
