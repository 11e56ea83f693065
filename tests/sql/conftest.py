"""``sql_store`` and its ``store``: one a backend for the whole session; its tests keep to experiments of their own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from mlflow.contract.store import TrackingStore
from mlflow.sql.store import SqlStore, open_store
from tests.fixtures.databases import BACKENDS

pytest.register_assert_rewrite("mlflow.testing")


@pytest.fixture(scope="session", params=BACKENDS)
def sql_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    if request.param == "sqlite":
        uri = f"sqlite:///{tmp_path_factory.mktemp('sql') / 'store.db'}"
    else:
        server = request.getfixturevalue(f"{request.param}_server")
        database = f"suite_{uuid4().hex[:12]}"
        server.execute(f"CREATE DATABASE {database}")
        uri = server.uri(database)
    store = open_store(uri, "mlflow-artifacts:/")
    yield store
    store.close()


@pytest.fixture
def store(sql_store: SqlStore) -> TrackingStore:
    return sql_store.store
