"""A run's document is never older than what was committed before it was asked for."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, event

from mlflow.contract.caller import EVERYONE
from mlflow.contract.wire.answers import decode_run, encode_answer
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.sql.documents import Documents, store_documents
from mlflow.sql.store import SqlStore
from mlflow.sql.tables import run_docs, runs


@pytest.fixture
def experiment_id(sql_store: SqlStore) -> str:
    return sql_store.experiments.create_experiment(EVERYONE, f"documents {random.getrandbits(64)}")


@pytest.fixture
def statements(sql_store: SqlStore) -> Iterator[list[str]]:
    """The statements that are executed in this thread, so not those of the writer that keeps documents later."""
    executed: list[str] = []
    thread = threading.get_ident()

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if threading.get_ident() == thread:
            executed.append(statement)

    engine = sql_store.database._engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", note)
    yield executed
    event.remove(engine, "before_cursor_execute", note)


def make_run(sql_store: SqlStore, experiment_id: str, start_time: int = 0) -> str:
    run_id = sql_store.runs.create_run(EVERYONE, experiment_id, start_time=start_time).info.run_id
    metrics = [Metric("m", 1.0, 1, 0), Metric("nan", float("nan"), 1, 0)]
    sql_store.runs.log_batch(EVERYONE, run_id, metrics, [Param("p", "v")], [RunTag("t", "é")])
    return run_id


def test_document_is_what_the_wire_would_make_of_the_run(sql_store: SqlStore, experiment_id: str) -> None:
    run_id = make_run(sql_store, experiment_id)
    use = DatasetInput(Dataset("d", "1", "local", "s", schema="{}"), [InputTag("a", "b")])
    sql_store.inputs.log_inputs(EVERYONE, run_id, [use], [LoggedModelInput("m-1")])
    sql_store.inputs.log_outputs(EVERYONE, run_id, [LoggedModelOutput("m-2", 0)])
    body = sql_store.runs.get_run_json(EVERYONE, run_id)
    assert msgspec.json.decode(body) == msgspec.json.decode(
        encode_answer(sql_store.runs.get_run(EVERYONE, run_id), "run")
    )
    run = msgspec.json.decode(body)["run"]
    assert {"key": "nan", "value": "NaN", "timestamp": 1, "step": 0} in run["data"]["metrics"]
    assert run["info"]["run_uuid"] == run["info"]["run_id"] == run_id
    assert "end_time" not in run["info"]
    assert run["outputs"] == {"model_outputs": [{"model_id": "m-2", "step": 0}]}


def test_run_without_anything_has_empty_inputs_and_no_outputs(sql_store: SqlStore, experiment_id: str) -> None:
    run_id = sql_store.runs.create_run(EVERYONE, experiment_id).info.run_id
    run = msgspec.json.decode(sql_store.runs.get_run_json(EVERYONE, run_id))["run"]
    assert run["inputs"] == {}
    assert "outputs" not in run
    assert "metrics" not in run["data"]


def test_page_as_json_is_the_page_as_runs(sql_store: SqlStore, experiment_id: str) -> None:
    for number in range(3):
        make_run(sql_store, experiment_id, number)
    body = msgspec.json.decode(sql_store.runs.search_runs_json(EVERYONE, [experiment_id], max_results=2))
    page = sql_store.runs.search_runs(EVERYONE, [experiment_id], max_results=2)
    assert [run["info"]["run_id"] for run in body["runs"]] == [run.info.run_id for run in page]
    assert body["next_page_token"] == page.token
    assert sql_store.runs.search_runs_json(EVERYONE, []) == b"{}"


def test_every_change_of_a_run_makes_its_document_anew(sql_store: SqlStore, experiment_id: str) -> None:
    run_id = make_run(sql_store, experiment_id)
    changes = [
        lambda: sql_store.runs.log_parameter(EVERYONE, run_id, "p2", "v"),
        lambda: sql_store.runs.set_tag(EVERYONE, run_id, "t", "new"),
        lambda: sql_store.runs.delete_tag(EVERYONE, run_id, "t"),
        lambda: sql_store.runs.log_batch(EVERYONE, run_id, [Metric("m", 2.0, 2, 1)]),
        lambda: sql_store.runs.update_run(EVERYONE, run_id, "FINISHED", 5, "renamed"),
        lambda: sql_store.inputs.log_inputs(EVERYONE, run_id, [DatasetInput(Dataset("d", "1"))]),
        lambda: sql_store.inputs.log_outputs(EVERYONE, run_id, [LoggedModelOutput("m-1")]),
        lambda: sql_store.runs.tag_runs(EVERYONE, [run_id], {"bulk": "1"}),
        lambda: sql_store.runs.delete_runs(EVERYONE, [run_id]),
        lambda: sql_store.experiments.delete_experiment(EVERYONE, experiment_id),
        lambda: sql_store.experiments.restore_experiment(EVERYONE, experiment_id),
    ]
    seen = [sql_store.runs.get_run_json(EVERYONE, run_id)]
    for change in changes[:-2]:
        change()
        seen.append(sql_store.runs.get_run_json(EVERYONE, run_id))
    assert len(set(seen)) == len(seen)
    for change in changes[-2:]:
        change()
    assert sql_store.runs.get_run(EVERYONE, run_id).info.lifecycle_stage == "active"


def test_document_made_from_an_older_reading_does_not_count(sql_store: SqlStore, experiment_id: str) -> None:
    run_id = make_run(sql_store, experiment_id)
    documents = Documents(sql_store.database.keys)

    def number_of(connection: Connection) -> int:
        return connection.scalars(sa.select(runs.c.id).where(runs.c.run_id == run_id)).one()

    number = sql_store.database.read(number_of)
    sql_store.database.write(lambda connection: connection.execute(sa.delete(run_docs).where(run_docs.c.run == number)))
    sql_store.database.read(lambda connection: documents.read(connection, [number]))
    sql_store.runs.set_tag(EVERYONE, run_id, "t", "newer")
    sql_store.database.write(lambda connection: store_documents(connection, documents.made))
    assert decode_run(documents.made[0]["doc"]).data.tags["t"] == "é"
    assert sql_store.runs.get_run(EVERYONE, run_id).data.tags["t"] == "newer"


def test_readers_beside_writers_never_see_what_was_overwritten_before(sql_store: SqlStore, experiment_id: str) -> None:
    run_id = make_run(sql_store, experiment_id)
    written = [0]
    stop = threading.Event()

    def write() -> None:
        for number in range(1, 60):
            sql_store.runs.set_tag(EVERYONE, run_id, "n", str(number))
            written[0] = number
        stop.set()

    def read() -> int:
        reads = 0
        while not stop.is_set():
            floor = written[0]
            seen = sql_store.runs.get_run(EVERYONE, run_id).data.tags.get("n", "0")
            assert int(seen) >= floor
            reads += 1
        return reads

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        write()
        assert sum(reader.result() for reader in readers) > 0


@pytest.mark.parametrize("filter", ["", "metrics.m > 0 AND params.p = 'v' AND tags.t = 'é'"])
def test_page_costs_as_many_statements_for_many_runs_as_for_few(
    sql_store: SqlStore, experiment_id: str, statements: list[str], filter: str
) -> None:
    def count(max_results: int) -> int:
        statements.clear()
        assert (
            len(sql_store.runs.search_runs(EVERYONE, [experiment_id], filter, max_results=max_results)) == max_results
        )
        return len(statements)

    for number in range(30):
        make_run(sql_store, experiment_id, number)
    count(1)  # reads the keys and counts the runs, once
    few = count(3)
    assert count(29) == few
