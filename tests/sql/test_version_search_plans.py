"""Versions are found by their source or run from an index, on every database."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, event

from mlflow.contract.caller import EVERYONE
from mlflow.sql.registry_tables import model_versions
from mlflow.sql.store import SqlStore, open_store

ROWS = 3000
FAR = "s3://bucket/" + "folder/" * 40
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN ", "mysql": "EXPLAIN "}


@pytest.fixture
def store(store_uri: str) -> Iterator[SqlStore]:
    """Many versions of one model, each of a run and a source of its own."""
    store = open_store(store_uri, "/artifacts")
    model = store.store.registered_models.create_registered_model(EVERYONE, "m")

    def fill(connection: Connection) -> None:
        about = {"model": 1, "workspace": "default", "name": model.name, "stage": "None", "status": "READY"}
        rows = [
            about
            | {"version": number, "creation_time": number, "last_updated_time": number, "run_id": f"run-{number}"}
            | {"source": f"models:/m-{number}", "storage_location": f"s3://bucket/{number}"}
            for number in range(1, ROWS)
        ]
        rows += [rows[0] | {"version": ROWS + end, "source": f"{FAR}{end}"} for end in range(2)]
        connection.execute(sa.insert(model_versions), rows)

    store.database.write(fill)
    if store.database.kind != "sqlite":
        statement = "ANALYZE model_versions" if store.database.kind == "postgresql" else "ANALYZE TABLE model_versions"
        store.database.write(lambda connection: connection.execute(sa.text(statement)))
    yield store
    store.close()


def plan(store: SqlStore, filter: str) -> str:
    """How the database says that it finds versions for a filter."""
    executed: list[tuple[str, object]] = []

    def note(_c: object, _k: object, statement: str, parameters: object, *_: object) -> None:
        if " LIMIT " in statement.replace("\n", " "):
            executed.append((statement, parameters))

    engine = store.database._engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", note)
    found = store.store.model_versions.search_model_versions(EVERYONE, filter)
    event.remove(engine, "before_cursor_execute", note)
    assert len(found) == 1
    [(statement, parameters)] = executed

    def explain(connection: Connection) -> str:
        rows = connection.exec_driver_sql(EXPLAIN[connection.dialect.name] + statement, parameters)
        return "\n".join(str(tuple(row)) for row in rows)

    return str(store.database.read(explain))


@pytest.mark.parametrize(
    ("filter", "index"),
    [
        ("source_path = 'models:/m-77'", "model_versions_by_source"),
        ("source_path IN ('models:/m-77', 'models:/m-0')", "model_versions_by_source"),
        (f"source_path = '{FAR}1'", "model_versions_by_source"),
        ("run_id = 'run-77'", "model_versions_by_run"),
    ],
    ids=["source", "one of sources", "long source", "run"],
)
def test_version_is_found_from_an_index(store: SqlStore, filter: str, index: str) -> None:
    assert index in plan(store, filter)
