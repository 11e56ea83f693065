import csv
import io
import math
import resource
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mlflow.entities import Metric, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient
from mlflow.transfer.run_table import write_history_table, write_run_table
from mlflow.transfer.store_origin import Choice, StoreOrigin
from tests.transfer.runs import STEPS, Family, make_family


@pytest.fixture
def uri(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def family(uri: str) -> Family:
    return make_family(uri)


def origin(uri: str) -> StoreOrigin:
    return StoreOrigin(Choice(experiments=["sweep"], view=ViewType.ALL), uri)


def test_runs_in_csv_have_a_column_a_metric_param_and_tag(uri: str, family: Family, tmp_path: Path) -> None:
    assert write_run_table(tmp_path / "runs.csv", "csv", origin(uri).runs) == 3
    with (tmp_path / "runs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["run_id"] for row in rows] == list(family[1:])
    parent = rows[0]
    assert (parent["params.text"], parent["params.empty"], parent["tags.note"]) == ('one\n"two", 日本', "", "häh\n2")
    assert (float(parent["metrics.loss"]), parent["metrics.a key/deep"]) == (1 / STEPS, "-2.5")
    assert (parent["start_time"], parent["status"]) == ("2023-11-14T22:13:20.000+00:00", "FAILED")
    assert (rows[1]["end_time"], rows[1]["params.lr"], rows[2]["lifecycle_stage"]) == ("", "", "deleted")


def test_runs_in_parquet_are_typed(uri: str, family: Family, tmp_path: Path) -> None:
    write_run_table(tmp_path / "runs.parquet", "parquet", origin(uri).runs)
    table = pq.read_table(tmp_path / "runs.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    assert types["start_time"] == "timestamp[ms, tz=UTC]"
    assert (types["metrics.loss"], types["params.lr"], types["tags.note"]) == ("double", "string", "string")
    assert table.column("metrics.loss").to_pylist() == [1 / STEPS, 3.0, None]
    assert table.column("params.lr").to_pylist() == ["0.1", None, None]


def test_points_in_csv_and_parquet_are_those_logged(uri: str, family: Family, tmp_path: Path) -> None:
    expected = [(family.parent, "a key/deep", -3, -2.5)]
    expected += [(family.parent, "loss", step, 1 / (step + 1)) for step in range(STEPS)]
    text = io.StringIO()
    assert write_history_table(text, "csv", origin(uri).runs()) == STEPS + 4
    rows = list(csv.DictReader(io.StringIO(text.getvalue())))
    got = [(row["run_id"], row["key"], int(row["step"]), float(row["value"])) for row in rows]
    assert got[: STEPS + 1] == expected
    assert math.isnan(got[STEPS + 1][3])
    write_history_table(tmp_path / "points.parquet", "parquet", origin(uri).runs())
    table = pq.read_table(tmp_path / "points.parquet")
    assert list(zip(*(table.column(i).to_pylist() for i in (0, 1, 2, 4)), strict=True))[: STEPS + 1] == expected


def test_no_runs_make_a_table_without_rows(uri: str, tmp_path: Path) -> None:
    MlflowClient(uri).create_experiment("sweep")
    assert write_run_table(tmp_path / "runs.csv", "csv", origin(uri).runs) == 0
    assert (tmp_path / "runs.csv").read_text().startswith("run_id,experiment_id,")


def test_a_table_that_fails_half_way_leaves_what_was_there(uri: str, family: Family, tmp_path: Path) -> None:
    out = tmp_path / "runs.csv"
    out.write_text("older")

    def runs() -> object:
        yield from origin(uri).runs()
        raise MlflowException("The store is gone.")

    with pytest.raises(MlflowException, match="gone"):
        write_history_table(out, "csv", runs())  # type: ignore[arg-type]  # a generator of runs
    assert out.read_text() == "older"
    assert not list(tmp_path.glob("*.tmp"))


def test_parquet_is_not_written_to_a_stream(uri: str, family: Family) -> None:
    with pytest.raises(MlflowException, match="file"):
        write_history_table(io.StringIO(), "parquet", origin(uri).runs())


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_long_history_is_written_without_holding_many(kind: str, uri: str, tmp_path: Path) -> None:
    client = MlflowClient(uri)
    experiment = client.create_experiment("sweep")
    for _ in range(4):
        run = client.create_run(experiment).info.run_id
        for key in range(10):
            client.log_batch(run, [Metric(f"m{key}", float(i), i, i) for i in range(10_000)])
    for _ in origin(uri).runs():
        pass
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert write_history_table(tmp_path / "points", kind, origin(uri).runs()) == 400_000  # type: ignore[arg-type]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 60 << 10  # KiB; pyarrow itself among it
