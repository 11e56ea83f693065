"""A tracking store in a SQL database."""

from __future__ import annotations

from mlflow.contract.gates import Gates
from mlflow.contract.store import TrackingStore, interfaces
from mlflow.sql.appends import Appends
from mlflow.sql.changes import SqlChanges
from mlflow.sql.columns import SqlColumns
from mlflow.sql.engine import Database, open_database
from mlflow.sql.experiments import LocationCheck, SqlExperiments, check_length
from mlflow.sql.fold import Fold
from mlflow.sql.inputs import SqlInputs
from mlflow.sql.journal_experiments import OfflineExperiments
from mlflow.sql.journals import SqlJournals
from mlflow.sql.kept_figures import KeptFigures
from mlflow.sql.logged_model_columns import SqlLoggedModelColumns
from mlflow.sql.logged_models import SqlLoggedModels
from mlflow.sql.metrics import SqlMetrics
from mlflow.sql.model_aliases import SqlModelAliases
from mlflow.sql.model_versions import SqlModelVersions
from mlflow.sql.promotions import Promotions
from mlflow.sql.registered_models import SqlRegisteredModels
from mlflow.sql.registry_history import SqlRegistryHistory
from mlflow.sql.run_tables import SqlRunTables
from mlflow.sql.runs import SqlRuns
from mlflow.sql.schema import prepare
from mlflow.sql.sealing import Sealer
from mlflow.sql.views import SqlViews
from mlflow.sql.webhook_courier import Courier
from mlflow.sql.webhooks import SqlWebhooks

__all__ = ["SqlStore", "open_store"]


class SqlStore:
    """The parts of a tracking store over one database.

    A server calls `tend`; the others leave that work to it, or to `close`.
    """

    def __init__(
        self,
        database: Database,
        artifact_root: str,
        check_location: LocationCheck | None = None,
        gates: Gates | None = None,
    ) -> None:
        self.database = database
        self.fold = Fold(database)
        kept = self.kept = KeptFigures(database, self.fold)
        self.experiments = SqlExperiments(database, artifact_root, check_location)
        self.appends = Appends(database)
        self.metrics = SqlMetrics(database, self.fold, self.appends)
        self.runs = SqlRuns(database, self.fold, self.appends)
        self.run_tables = SqlRunTables(database, self.fold, kept)
        self.inputs = SqlInputs(database)
        self.logged_models = SqlLoggedModels(database)
        self.logged_model_columns = SqlLoggedModelColumns(database)
        self.columns = SqlColumns(database, self.fold, kept)
        self.views = SqlViews(database)
        self.changes = SqlChanges(database)
        offline = OfflineExperiments(artifact_root, check_location or check_length)
        self.journals = SqlJournals(database, self.appends, offline)
        self.sealer = Sealer(database, self.fold)
        promotions = Promotions(database, gates)
        self.registered_models = SqlRegisteredModels(database, self.fold)
        self.model_versions = SqlModelVersions(database, promotions)
        self.model_aliases = SqlModelAliases(database, promotions)
        self.registry_history = SqlRegistryHistory(database)
        self.webhooks = SqlWebhooks(database)
        self.courier = Courier(database)
        self.store = promotions.store = TrackingStore(**{part: getattr(self, part) for part in interfaces()})

    def close(self) -> None:
        """Finish what was begun, seal what is over, and let go of all connections."""
        self.courier.close()
        self.sealer.close()
        self.kept.wait()
        self.database.close()

    def tend(self) -> None:
        """Look after the database in the background from now on: seal what is over, serve webhooks."""
        self.sealer.start()
        self.courier.start()


def open_store(
    uri: str,
    artifact_root: str,
    check_location: LocationCheck | None = None,
    threads: int = 40,
    gates: Gates | None = None,
) -> SqlStore:
    """Open a tracking store, making or migrating its tables first.

    Args:
        uri: as for `open_database`.
        artifact_root: below it new experiments keep their artifacts.
        check_location: answers the location to store for the one that a client gave to an experiment, or raises.
        threads: how many threads will call at once.
        gates: the checks that a version must pass before it takes an alias or a stage.
    """
    database = open_database(uri, threads)
    try:
        prepare(database, artifact_root)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, artifact_root, check_location, gates)
