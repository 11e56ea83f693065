"""Delta tables, read by delta-rs."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mlflow
from mlflow.data.delta_tables import DeltaReaderMissing
from mlflow.data.sources import DeltaDatasetSource
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist

pytestmark = pytest.mark.skipif(find_spec("pyspark") is not None, reason="Spark is asked first where it is installed")

FIRST = pd.DataFrame({"acidity": [7.5, 7.25], "quality": [5, 6], "kind": ["red", None]})
SECOND = pd.DataFrame({"acidity": [8.0], "quality": [7], "kind": ["white"]})


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A table of two versions."""
    deltalake = pytest.importorskip("deltalake", reason="deltalake is not installed")
    for frame in (FIRST, SECOND):
        deltalake.write_deltalake(tmp_path / "wine", frame, mode="append")
    return str(tmp_path / "wine")


def test_table_is_a_dataset_of_its_latest_version(table: str) -> None:
    told = mlflow.data.load_delta(table, targets="quality", name="wine").to_dict()
    assert told["source_type"] == "delta_table"
    assert json.loads(told["source"]) == {"path": table, "delta_table_version": 1}
    assert json.loads(told["profile"]) == {"num_rows": 3, "num_elements": 9}
    columns = [(column["name"], column["type"]) for column in json.loads(told["schema"])["mlflow_colspec"]]
    assert columns == [("acidity", "double"), ("quality", "long"), ("kind", "string")]


def test_version_of_a_table_has_the_digest_of_its_rows(table: str) -> None:
    dataset: Any = mlflow.data.load_delta(table, version="0")
    assert dataset.source.to_dict() == {"path": table, "delta_table_version": 0}
    assert dataset.digest == mlflow.data.from_pandas(FIRST).digest
    assert dataset.df.acidity.tolist() == [7.5, 7.25]


def test_recorded_table_is_read_again_at_its_version(table: str) -> None:
    recorded = mlflow.data.load_delta(table, version=0)._to_mlflow_entity()
    assert len(mlflow.data.get_source(recorded).load()) == 2
    assert len(DeltaDatasetSource(table).load()) == 3


def test_missing_tables_and_versions_are_named(table: str, tmp_path: Path) -> None:
    with pytest.raises(ResourceDoesNotExist, match=r"no version '2'\. Its latest is '1'"):
        mlflow.data.load_delta(table, version=2)
    with pytest.raises(ResourceDoesNotExist, match=r"no Delta table in '.*nowhere'"):
        mlflow.data.load_delta(str(tmp_path / "nowhere"))
    with pytest.raises(InvalidParameterValue, match="Version 'last' is no number"):
        mlflow.data.load_delta(table, version="last")


def test_damaged_table_says_what_is_wrong(table: str) -> None:
    for file in Path(table).glob("*.parquet"):
        file.unlink()
    with pytest.raises(InvalidParameterValue, match="cannot be read: "):
        mlflow.data.load_delta(table)


def test_table_by_name_needs_the_jar_of_spark() -> None:
    with pytest.raises(DeltaReaderMissing, match=r"'main\.wine' .* spark\.jars\.packages=io\.delta:delta-spark"):
        mlflow.data.load_delta(table_name="main.wine")


def test_table_without_a_reader_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlflow.data.delta_tables.find_spec", lambda name: None)
    with pytest.raises(DeltaReaderMissing, match=r"'somewhere' .* pip install 'mlflow\[delta\]'"):
        mlflow.data.load_delta("somewhere")
