"""An index of versions by their source.

The column is the database's to fill, so servers of the release before can go on to add versions meanwhile.
"""

from mlflow.sql.migrations.steps import add_missing_column, create_missing_index
from mlflow.sql.registry_tables import model_versions

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the first characters of the source, and their index."""
    add_missing_column("model_versions", model_versions.c.source_head._copy())
    create_missing_index("model_versions_by_source", "model_versions", ["workspace", "source_head"])
